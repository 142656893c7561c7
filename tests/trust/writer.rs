//! A writer that uses every call that writes. All writers change the descriptions of the same two hundred
//! studies and the names of the same users. States with only two values are changed in records of the
//! writer's own, because there its change and that of another writer cannot be told apart.

use std::time::Duration;

use avara_tui::api::{Client, Connection};
use avara_tui::cli::{Resolved, resolve};
use avara_tui::resolve::{Seen, Shows, Touches};
use avara_tui::wire::*;

use super::network::Network;

/// How long a request may take. A late answer comes later.
pub const TIMEOUT: Duration = Duration::from_millis(400);
/// How long what would be made is looked for.
const WAIT: Duration = Duration::from_secs(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Habit {
    Ours,
    /// Whatever failed is sent again, twice.
    Blind,
}

/// What the program says of a write in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    Done,
    Refused,
    Unconfirmed,
}

pub struct Work {
    pub writer: usize,
    pub writers: usize,
    pub writes: usize,
    pub network: Network,
    /// The server without the network before it.
    pub clean_url: String,
    pub key: String,
    pub habit: Habit,
    pub seed: u64,
}

/// The first number of a sequence.
pub fn random(seed: u64) -> u64 {
    fastrand::Rng::with_seed(seed).u64(..)
}

impl Work {
    pub fn run(&self) -> Vec<(String, Claim)> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(self.all())
    }

    async fn all(&self) -> Vec<(String, Claim)> {
        let mut desk = self.desk().await;
        let mut claims = Vec::new();
        for number in 0..self.writes {
            let draw = random(self.seed ^ ((self.writer * 1_000_000 + number) as u64));
            let word = format!("w{}n{number}", self.writer);
            let client = self.client(&self.network.base_url(&word));
            let client = client.with_timeout(TIMEOUT);
            let pick = (draw / 20) as usize;
            let claim = match draw % 20 {
                0 => self.create(&client, number).await,
                1 => self.invite(&client, &word).await,
                2 => {
                    self.link(&client, desk.studies[pick % desk.studies.len()])
                        .await
                }
                3 | 4 => {
                    let own = desk.own_studies[pick % desk.own_studies.len()];
                    self.cancel_or_not(&client, own).await
                }
                5 | 6 => self.revoke_or_not(&client, &mut desk, pick).await,
                7 => {
                    self.name_user(&client, desk.users[pick % desk.users.len()], &word)
                        .await
                }
                8 => {
                    let own = desk.invitations[pick % desk.invitations.len()];
                    self.name_invited(&client, own, &word).await
                }
                9 => self.revoke_invitation(&client, &desk, &word).await,
                _ => {
                    let study = desk.studies[pick % desk.studies.len()];
                    self.describe(&client, study, &word).await
                }
            };
            claims.push((word, claim));
        }
        claims
    }

    fn client(&self, base_url: &str) -> Client {
        Client::new(Connection {
            base_url: base_url.parse().unwrap(),
            key: self.key.clone().into(),
        })
        .unwrap()
        .with_backoff(Duration::from_millis(2))
    }

    fn owns(&self, id: [u8; 16]) -> bool {
        usize::from(id[15]) % self.writers == self.writer
    }

    async fn desk(&self) -> Desk {
        let clean = self.client(&self.clean_url);
        let studies = studies(&clean).await;
        let users = ListUsers {
            limit: Some(MAX_PAGE),
            invited_source: Some(InvitedSource::Dashboard),
            ..ListUsers::default()
        };
        let users = clean.call(&users).await.unwrap().value.items;
        let users: Vec<UserId> = users.iter().map(|user| user.user_id).collect();
        let mut invitations = Vec::new();
        for number in 0..3 {
            invitations.push(invite_first(&clean, &format!("p{}n{number}", self.writer)).await);
        }
        let own_users = users.iter().filter(|id| self.owns(*id.as_bytes()));
        let own_studies = studies.iter().filter(|id| self.owns(*id.as_bytes()));
        Desk {
            own_users: own_users.map(|id| (*id, false)).collect(),
            own_studies: own_studies.copied().collect(),
            clean,
            studies,
            users,
            invitations,
        }
    }

    /// Sends, and looks where it must; or sends again blindly.
    async fn send<E: Endpoint + Sync, R>(
        &self,
        request: &E,
        client: &Client,
        look: impl AsyncFnMut() -> (Option<R>, Seen),
    ) -> Claim {
        match self.habit {
            Habit::Ours => match resolve(request, WAIT, client, |_| {}, look).await {
                Resolved::Answered(_) | Resolved::Found(..) => Claim::Done,
                Resolved::Refused(_) => Claim::Refused,
                Resolved::Conflict(..) | Resolved::Unconfirmed(_) => Claim::Unconfirmed,
            },
            Habit::Blind => {
                for _ in 0..3 {
                    if client.call(request).await.is_ok() {
                        return Claim::Done;
                    }
                }
                Claim::Refused
            }
        }
    }

    async fn describe(&self, client: &Client, study_id: StudyId, word: &str) -> Claim {
        let get = GetStudy { study_id };
        let Ok(before) = client.call(&get).await else {
            // What cannot be read is not changed.
            return Claim::Refused;
        };
        let request = UpdateStudy {
            study_description: Some(word.to_owned()),
            ..UpdateStudy::of(study_id)
        };
        let look = async || look(client, &get, &request, &before.value).await;
        self.send(&request, client, look).await
    }

    async fn create(&self, client: &Client, number: usize) -> Claim {
        let uid: DicomUid = format!("2.25.78.{}.{number}", self.writer + 1)
            .parse()
            .unwrap();
        let request = CreateStudy {
            study_instance_uid: uid.clone(),
            study_description: "CT of nobody".into(),
            severity: Severity::Normal,
            assigned_to: None,
            express_customer_id: None,
            metadata: Metadata::new(),
        };
        let get = GetStudyByUid {
            study_instance_uid: uid.clone(),
        };
        let look = async || match client.call(&get).await {
            Ok(answer) => (Some(answer.value), Seen::Wanted),
            Err(failure) => (None, Seen::unread(&failure)),
        };
        self.send(&request, client, look).await
    }

    async fn invite(&self, client: &Client, word: &str) -> Claim {
        let email = format!("{word}@example.org");
        let request = invitation(&email);
        let look = async || {
            let mut list = ListInvitations {
                status: vec![InvitationStatus::Sent],
                limit: Some(MAX_PAGE),
                ..ListInvitations::default()
            };
            loop {
                let page = match client.call(&list).await {
                    Ok(answer) => answer.value,
                    Err(_) => return (None, Seen::Unread),
                };
                let next = page.next().map(str::to_owned);
                if let Some(it) = page.items.into_iter().find(|it| it.email == email) {
                    return (Some(it), Seen::Wanted);
                }
                match next {
                    Some(cursor) => list.cursor = Some(cursor),
                    None => return (None, Seen::Missing),
                }
            }
        };
        self.send(&request, client, look).await
    }

    async fn link(&self, client: &Client, id: StudyId) -> Claim {
        let look = async || (None::<()>, Seen::Unread);
        self.send(&RerouteUrl(id.into()), client, look).await
    }

    /// Cancels one of the writer's own studies, or restores it.
    async fn cancel_or_not(&self, client: &Client, study_id: StudyId) -> Claim {
        let get = GetStudy { study_id };
        let Ok(before) = client.call(&get).await else {
            return Claim::Refused;
        };
        let before = before.value;
        if before.is_cancelled {
            let request = UncancelStudy(study_id.into());
            let look = async || look(client, &get, &request, &before).await;
            self.send(&request, client, look).await
        } else {
            let request = CancelStudy(study_id.into());
            let look = async || look(client, &get, &request, &before).await;
            self.send(&request, client, look).await
        }
    }

    /// Revokes the access of one of the writer's own users, or restores it.
    async fn revoke_or_not(&self, client: &Client, desk: &mut Desk, pick: usize) -> Claim {
        let at = pick % desk.own_users.len();
        let (user_id, is_revoked) = desk.own_users[at];
        let look = async || (None::<()>, Seen::Unread);
        let claim = if is_revoked {
            self.send(&ReactivateUser { user_id }, client, look).await
        } else {
            self.send(&RevokeAccess { user_id }, client, look).await
        };
        desk.own_users[at].1 = match claim {
            Claim::Done => !is_revoked,
            Claim::Refused => is_revoked,
            Claim::Unconfirmed => {
                // Nobody can see what became of it, so the writer starts over.
                desk.clean.call(&ReactivateUser { user_id }).await.unwrap();
                false
            }
        };
        claim
    }

    async fn name_user(&self, client: &Client, user_id: UserId, word: &str) -> Claim {
        let get = GetUser { user_id };
        let Ok(before) = client.call(&get).await else {
            return Claim::Refused;
        };
        let request = UpdateUser {
            user_id,
            profile: ProfilePatch {
                suffix1: Patch::Set(word.to_owned()),
                ..ProfilePatch::default()
            },
        };
        let look = async || look(client, &get, &request, &before.value).await;
        self.send(&request, client, look).await
    }

    async fn name_invited(&self, client: &Client, id: InvitationId, word: &str) -> Claim {
        let get = GetInvitation { invitation_id: id };
        let Ok(before) = client.call(&get).await else {
            return Claim::Refused;
        };
        let request = UpdateInvitation {
            invitation_id: id,
            profile: ProfilePatch {
                suffix1: Patch::Set(word.to_owned()),
                ..ProfilePatch::default()
            },
        };
        let look = async || look(client, &get, &request, &before.value).await;
        self.send(&request, client, look).await
    }

    /// Revokes an invitation that was sent for the purpose.
    async fn revoke_invitation(&self, client: &Client, desk: &Desk, word: &str) -> Claim {
        let id = invite_first(&desk.clean, &format!("r{word}")).await;
        let get = GetInvitation { invitation_id: id };
        let look = async || match client.call(&get).await {
            Ok(answer) => {
                let seen = match answer.value.status {
                    InvitationStatus::Revoked => Seen::Wanted,
                    InvitationStatus::Sent => Seen::Unchanged,
                    _ => Seen::Otherwise,
                };
                (Some(answer.value), seen)
            }
            Err(failure) => (None, Seen::unread(&failure)),
        };
        let request = RevokeInvitation {
            invitation_id: Some(id),
            user_id: None,
        };
        self.send(&request, client, look).await
    }
}

/// A look at the record that a change was to change.
async fn look<G, W>(
    client: &Client,
    get: &G,
    write: &W,
    before: &G::Response,
) -> (Option<G::Response>, Seen)
where
    G: Endpoint<Response: Shows<W>>,
    W: Touches<G::Response>,
{
    match client.call(get).await {
        Ok(answer) => {
            let seen = Seen::of(write, before, &answer.value);
            (Some(answer.value), seen)
        }
        Err(failure) => (None, Seen::unread(&failure)),
    }
}

/// The records that a writer works on.
struct Desk {
    /// The server without the network before it.
    clean: Client,
    studies: Vec<StudyId>,
    users: Vec<UserId>,
    own_studies: Vec<StudyId>,
    /// And whether their access is revoked.
    own_users: Vec<(UserId, bool)>,
    /// The writer's own pending invitations.
    invitations: Vec<InvitationId>,
}

fn invitation(email: &str) -> InviteUser {
    InviteUser {
        email: email.to_owned(),
        profile: Profile {
            first_name: "No".into(),
            last_name: "Body".into(),
            middle_name: None,
            suffix1: None,
            suffix2: None,
            phone_number: None,
            clinic_role: ClinicRole::Radiologist,
            level: UserLevel::Member,
            can_manage_studies: false,
            has_dashboard_access: false,
        },
    }
}

async fn invite_first(clean: &Client, word: &str) -> InvitationId {
    let request = invitation(&format!("{word}@example.org"));
    let user_id = clean.call(&request).await.unwrap().value.user_id;
    let list = ListInvitations {
        user_id: Some(user_id),
        ..ListInvitations::default()
    };
    clean.call(&list).await.unwrap().value.items[0].invitation_id
}

async fn studies(clean: &Client) -> Vec<StudyId> {
    let mut request = ListStudies {
        limit: Some(MAX_PAGE),
        ..ListStudies::default()
    };
    let mut studies = Vec::new();
    loop {
        let page = clean.call(&request).await.unwrap().value;
        studies.extend(page.items.iter().map(|study| study.study_id));
        match page.next() {
            Some(cursor) => request.cursor = Some(cursor.to_owned()),
            None => return studies,
        }
    }
}
