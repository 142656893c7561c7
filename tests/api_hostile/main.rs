//! The client against servers that do everything wrong. The counts are of requests that arrived.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "../common/mod.rs"]
mod common;

mod answers;
mod trouble;
mod walks;

use avara_tui::api::Client;
use avara_tui::wire::*;

pub const STUDY: &str = r#"{"studyId":"stu_1234567890abcdef1234567890abcdef","studyInstanceUid":"1.2",
    "studyDescription":"CT","severity":"stat","studyViewerStatus":"incomplete","isCancelled":false}"#;

pub fn study_id() -> StudyId {
    "stu_1234567890abcdef1234567890abcdef".parse().unwrap()
}

pub fn user_id() -> UserId {
    UserId::from_bytes([1; 16])
}

pub fn read() -> GetStudy {
    GetStudy {
        study_id: study_id(),
    }
}

pub fn write() -> UpdateStudy {
    UpdateStudy {
        severity: Some(Severity::High),
        ..UpdateStudy::of(study_id())
    }
}

pub async fn failure<E: Endpoint + Sync>(client: &Client, call: &E) -> Failure {
    match client.call(call).await {
        Ok(_) => panic!("{} succeeded", E::INFO.name),
        Err(failure) => failure,
    }
}

/// What every endpoint comes back with, in the order of the reference; each by a client of its own, for
/// the reads of one client share what they may repeat.
pub async fn all_failures(client: impl Fn() -> Client) -> Vec<(EndpointInfo, Failure)> {
    let mut failures = Vec::new();
    macro_rules! call {
        ($($type:ident: $call:expr),+ $(,)?) => {
            $(failures.push(($type::INFO, failure::<$type>(&client(), &$call).await));)+
        };
    }
    let selector = || StudySelector::from(study_id());
    let invitation_id = InvitationId::from_bytes([2; 16]);
    let uid: DicomUid = "1.2".parse().unwrap();
    call!(
        CreateStudy: CreateStudy {
            study_instance_uid: uid.clone(), study_description: "CT".into(),
            severity: Severity::Stat, assigned_to: None, express_customer_id: None,
            metadata: Metadata::new(),
        },
        ListStudies: ListStudies::default(),
        GetStudy: read(),
        UpdateStudy: write(),
        CancelStudy: CancelStudy(selector()),
        UncancelStudy: UncancelStudy(selector()),
        RerouteUrl: RerouteUrl(selector()),
        GetStudyByUid: GetStudyByUid { study_instance_uid: uid.clone() },
        InviteUser: InviteUser {
            email: "a@example.org".into(), first_name: "A".into(), last_name: "B".into(),
            middle_name: None, suffix1: None, suffix2: None, phone_number: None,
            clinic_role: ClinicRole::Radiologist, level: UserLevel::Member,
            can_manage_studies: false, has_dashboard_access: false,
        },
        ListUsers: ListUsers::default(),
        GetUser: GetUser { user_id: user_id() },
        UpdateUser: UpdateUser::of(user_id()),
        RevokeAccess: RevokeAccess { user_id: user_id() },
        ReactivateUser: ReactivateUser { user_id: user_id() },
        ListInvitations: ListInvitations::default(),
        GetInvitation: GetInvitation { invitation_id },
        UpdateInvitation: UpdateInvitation::of(invitation_id),
        RevokeInvitation: RevokeInvitation {
            invitation_id: Some(invitation_id), user_id: None,
        },
    );
    assert_eq!(
        failures.iter().map(|(info, _)| *info).collect::<Vec<_>>(),
        ENDPOINTS
    );
    failures
}
