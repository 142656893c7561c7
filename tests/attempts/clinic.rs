//! A sandbox for one kind of write, with a record for each case to write to.

use std::time::Duration;

use avara_tui::api::{Client, Connection};
use avara_tui::sandbox::{Options, Sandbox};
use avara_tui::wire::*;
use serde_json::Value;

use crate::mixed::Network;

/// The eleven calls that change something, or hand out what lets somebody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Write {
    Create,
    EditStudy,
    Cancel,
    Uncancel,
    Link,
    Invite,
    EditUser,
    RevokeAccess,
    Reactivate,
    EditInvitation,
    RevokeInvitation,
}

impl Write {
    pub const ALL: [Self; 11] = [
        Self::Create,
        Self::EditStudy,
        Self::Cancel,
        Self::Uncancel,
        Self::Link,
        Self::Invite,
        Self::EditUser,
        Self::RevokeAccess,
        Self::Reactivate,
        Self::EditInvitation,
        Self::RevokeInvitation,
    ];

    pub fn info(self) -> EndpointInfo {
        match self {
            Self::Create => CreateStudy::INFO,
            Self::EditStudy => UpdateStudy::INFO,
            Self::Cancel => CancelStudy::INFO,
            Self::Uncancel => UncancelStudy::INFO,
            Self::Link => RerouteUrl::INFO,
            Self::Invite => InviteUser::INFO,
            Self::EditUser => UpdateUser::INFO,
            Self::RevokeAccess => RevokeAccess::INFO,
            Self::Reactivate => ReactivateUser::INFO,
            Self::EditInvitation => UpdateInvitation::INFO,
            Self::RevokeInvitation => RevokeInvitation::INFO,
        }
    }

    pub fn class(self) -> CallClass {
        self.info().class
    }

    /// The others are answered with `success`, or with a link.
    pub fn answers_with_a_record(self) -> bool {
        matches!(
            self,
            Self::Create | Self::EditStudy | Self::Invite | Self::EditUser | Self::EditInvitation
        )
    }
}

/// What a case writes to, and a word that no other case has.
#[derive(Debug, Clone)]
pub struct Target {
    pub word: String,
    pub number: usize,
    pub study: Option<StudyId>,
    pub user: UserId,
    pub invitation: Option<InvitationId>,
}

pub struct Clinic {
    pub write: Write,
    pub sandbox: Sandbox,
    pub client: Client,
    /// Where answers can be mixed up on their way.
    pub network: Option<Network>,
    cases: usize,
    /// Entries of the ledger from before the case.
    before: usize,
}

impl Clinic {
    pub fn open(write: Write) -> Self {
        let sandbox = Sandbox::start(Options {
            empty: true,
            ..Options::default()
        })
        .unwrap();
        let client = Client::new(Connection {
            base_url: sandbox.base_url().parse().unwrap(),
            key: sandbox.api_key().into(),
        })
        .unwrap()
        .with_backoff(Duration::from_millis(2));
        Self {
            write,
            sandbox,
            client,
            network: None,
            cases: 0,
            before: 0,
        }
    }

    /// The same behind a network that can mix answers up.
    pub fn mixed(write: Write) -> Self {
        let mut clinic = Self::open(write);
        let network = Network::before(&clinic.sandbox.base_url());
        clinic.client = Client::new(Connection {
            base_url: network.base_url.parse().unwrap(),
            key: clinic.sandbox.api_key().into(),
        })
        .unwrap()
        .with_backoff(Duration::from_millis(2));
        clinic.network = Some(network);
        clinic
    }

    /// Makes what the next case writes to.
    pub async fn prepare(&mut self) -> Target {
        self.cases += 1;
        let number = self.cases;
        let users = self.client.call(&ListUsers::default()).await.unwrap().value;
        let mut target = Target {
            word: format!("case{number}"),
            number,
            study: None,
            user: users.items[0].user_id,
            invitation: None,
        };
        match self.write {
            Write::EditStudy | Write::Cancel | Write::Uncancel | Write::Link => {
                let id = self.make_study(&target).await;
                target.study = Some(id);
                if self.write == Write::Uncancel {
                    self.ask(&CancelStudy(id.into())).await;
                }
            }
            Write::RevokeAccess => {
                let user_id = target.user;
                self.ask(&ReactivateUser { user_id }).await;
            }
            Write::Reactivate => {
                let user_id = target.user;
                self.ask(&RevokeAccess { user_id }).await;
            }
            Write::EditInvitation | Write::RevokeInvitation => {
                target.invitation = Some(self.make_invitation(&target).await);
            }
            Write::Create | Write::Invite | Write::EditUser => {}
        }
        self.before = self.sandbox.ledger().unwrap().len();
        target
    }

    async fn ask<E: Endpoint + Sync>(&self, request: &E) {
        self.client.call(request).await.unwrap();
    }

    async fn make_study(&self, target: &Target) -> StudyId {
        let request = CreateStudy {
            study_instance_uid: format!("2.25.{}", 1000 + target.number).parse().unwrap(),
            study_description: target.word.clone(),
            severity: Severity::Normal,
            assigned_to: None,
            express_customer_id: None,
            metadata: Metadata::default(),
        };
        self.client.call(&request).await.unwrap().value.study_id
    }

    async fn make_invitation(&self, target: &Target) -> InvitationId {
        let request = InviteUser {
            email: format!("{}@example.org", target.word),
            profile: Profile {
                first_name: "Noa".into(),
                last_name: target.word.clone(),
                middle_name: None,
                suffix1: None,
                suffix2: None,
                phone_number: None,
                clinic_role: "Radiologist".into(),
                level: UserLevel::Member,
                can_manage_studies: false,
                has_dashboard_access: false,
            },
        };
        let user_id = self.client.call(&request).await.unwrap().value.user_id;
        let list = ListInvitations {
            user_id: Some(user_id),
            ..ListInvitations::default()
        };
        self.client.call(&list).await.unwrap().value.items[0].invitation_id
    }

    /// How often the server changed something for the case. A repetition that finds the record as it was to
    /// be may be in the ledger, and changes nothing.
    pub fn applied(&self) -> usize {
        let info = self.write.info();
        let start = info.path.split('{').next().unwrap();
        let is_whole = start.len() == info.path.len();
        self.sandbox
            .ledger()
            .unwrap()
            .iter()
            .skip(self.before)
            .filter(|entry| {
                entry.before.is_none() || settled(&entry.before) != settled(&entry.after)
            })
            .filter(|entry| entry.method == info.method.to_string())
            .filter(|entry| {
                if is_whole {
                    entry.path == start
                } else {
                    entry.path.starts_with(start)
                }
            })
            .count()
    }

    /// Leaves no study or invitation for the next case to mistake for its own.
    pub async fn tidy_up(&self, target: &Target) {
        if let Some(id) = target.study {
            let done = UpdateStudy {
                study_viewer_status: Some(StudyViewerStatus::Complete),
                ..UpdateStudy::of(id)
            };
            // It may be so already.
            let _ = self.client.call(&UncancelStudy(id.into())).await;
            let _ = self.client.call(&done).await;
        }
        if let Some(id) = target.invitation {
            let request = RevokeInvitation {
                invitation_id: Some(id),
                user_id: None,
            };
            let _ = self.client.call(&request).await;
        }
    }
}

/// A record without the time of its last change.
fn settled(record: &Option<Value>) -> Option<Value> {
    let mut record = record.clone();
    if let Some(fields) = record.as_mut().and_then(Value::as_object_mut) {
        fields.remove("updatedAt");
    }
    record
}
