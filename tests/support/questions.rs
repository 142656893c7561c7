//! Each endpoint as a question with a right answer, and the wrong answers that name another record.

#![allow(
    dead_code,
    clippy::allow_attributes,
    clippy::unwrap_used,
    reason = "each test file uses its own part, and a helper that fails fails its test"
)]

use std::future::Future;
use std::pin::Pin;

use avara_tui::api::Client;
use avara_tui::wire::*;
use serde_json::{Value, json};

type Outcome = Result<(), Failure>;
type Calling = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// A request to one endpoint, and what a server answers to it.
pub struct Question {
    pub info: EndpointInfo,
    /// What the answer must carry.
    pub names: Names,
    pub answer: Value,
    pub call: Box<dyn Fn(Client) -> Calling + Send + Sync>,
}

impl Question {
    fn of<E: Endpoint + Clone + Send>(request: E, answer: &Value) -> Self {
        Self {
            info: E::INFO,
            names: request.names(),
            answer: answer.clone(),
            call: Box::new(move |client| {
                let request = request.clone();
                Box::pin(async move { client.call(&request).await.map(|_| ()) })
            }),
        }
    }

    /// The right answer with one name after the other that is somebody else's, or missing.
    pub fn wrong_answers(&self) -> Vec<(Identifier, Value)> {
        let wrong = |identifier: Identifier, other: Value| {
            let mut answer = self.answer.clone();
            answer[identifier.field()] = other;
            (identifier, answer)
        };
        let names = self.names.iter();
        names
            .flat_map(|(identifier, _)| {
                let others = [json!(other(*identifier)), Value::Null];
                others.map(|other| wrong(*identifier, other))
            })
            .collect()
    }
}

/// The name of some other record.
pub fn other(identifier: Identifier) -> String {
    match identifier {
        Identifier::StudyId => StudyId::from_bytes([0xee; 16]).to_string(),
        Identifier::StudyUid => "1.2.999".into(),
        Identifier::UserId => UserId::from_bytes([0xee; 16]).to_string(),
        Identifier::InvitationId => InvitationId::from_bytes([0xee; 16]).to_string(),
        Identifier::Email => "other@example.org".into(),
    }
}

pub const UID: &str = "1.2";
pub const EMAIL: &str = "a@example.org";

pub fn study_id() -> StudyId {
    StudyId::from_bytes([1; 16])
}

pub fn user_id() -> UserId {
    UserId::from_bytes([2; 16])
}

pub fn invitation_id() -> InvitationId {
    InvitationId::from_bytes([3; 16])
}

pub fn study() -> Value {
    json!({
        "studyId": study_id(), "studyInstanceUid": UID, "studyDescription": "CT",
        "severity": "stat", "studyViewerStatus": "incomplete", "isCancelled": false,
    })
}

pub fn user() -> Value {
    json!({
        "userId": user_id(), "email": EMAIL, "firstName": "A", "lastName": "B",
        "clinicRole": "Radiologist", "level": "member", "canManageStudies": false,
        "hasDashboardAccess": false, "invitedSource": "api",
    })
}

pub fn invitation() -> Value {
    let mut invitation = user();
    invitation["invitationId"] = json!(invitation_id());
    invitation["status"] = json!("sent");
    invitation
}

fn page(kind: &str, record: &Value) -> Value {
    json!({ kind: [record], "hasMore": false })
}

/// All endpoints, in the order of the reference.
pub fn questions() -> Vec<Question> {
    let (study, user, invitation) = (study(), user(), invitation());
    let (study_id, user_id, invitation_id) = (study_id(), user_id(), invitation_id());
    let selector = || StudySelector::from(study_id);
    let uid: DicomUid = UID.parse().unwrap();
    let yes = json!({"success": true});
    vec![
        Question::of(
            CreateStudy {
                study_instance_uid: uid.clone(),
                study_description: "CT".into(),
                severity: Severity::Stat,
                assigned_to: None,
                express_customer_id: None,
                metadata: Metadata::new(),
            },
            &study,
        ),
        Question::of(ListStudies::default(), &page("studies", &study)),
        Question::of(GetStudy { study_id }, &study),
        Question::of(
            UpdateStudy {
                severity: Some(Severity::Stat),
                ..UpdateStudy::of(study_id)
            },
            &study,
        ),
        Question::of(CancelStudy(selector()), &yes),
        Question::of(UncancelStudy(selector()), &yes),
        Question::of(
            RerouteUrl(selector()),
            &json!({"url": "https://viewer.avarasoftware.com/x"}),
        ),
        Question::of(
            GetStudyByUid {
                study_instance_uid: uid,
            },
            &study,
        ),
        Question::of(
            InviteUser {
                email: EMAIL.into(),
                profile: Profile {
                    first_name: "A".into(),
                    last_name: "B".into(),
                    middle_name: None,
                    suffix1: None,
                    suffix2: None,
                    phone_number: None,
                    clinic_role: ClinicRole::Radiologist,
                    level: UserLevel::Member,
                    can_manage_studies: false,
                    has_dashboard_access: false,
                },
            },
            &user,
        ),
        Question::of(ListUsers::default(), &page("users", &user)),
        Question::of(GetUser { user_id }, &user),
        Question::of(UpdateUser::of(user_id), &user),
        Question::of(RevokeAccess { user_id }, &yes),
        Question::of(ReactivateUser { user_id }, &yes),
        Question::of(
            ListInvitations::default(),
            &page("invitations", &invitation),
        ),
        Question::of(GetInvitation { invitation_id }, &invitation),
        Question::of(UpdateInvitation::of(invitation_id), &invitation),
        Question::of(
            RevokeInvitation {
                invitation_id: Some(invitation_id),
                user_id: None,
            },
            &yes,
        ),
    ]
}
