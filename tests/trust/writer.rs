//! One who writes: changes of the same two hundred studies, new studies, invitations.

use std::time::Duration;

use avara_tui::api::{Client, Connection};
use avara_tui::cli::{Settled, settle};
use avara_tui::settle::Seen;
use avara_tui::wire::*;

/// How long a request may take. A late answer comes later.
pub const TIMEOUT: Duration = Duration::from_millis(400);
/// How long what would be made is looked for.
const WAIT: Duration = Duration::from_secs(2);

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

#[derive(Debug)]
pub struct Work {
    pub writer: usize,
    pub writes: usize,
    pub base_url: String,
    /// The server without the network before it.
    pub clean_url: String,
    pub key: String,
    pub habit: Habit,
    pub seed: u64,
}

/// SplitMix64's mixing.
pub fn random(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// What tells a write from every other: the UID, the address, or the description that it brings.
pub fn mark_in(path: &str, body: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    for name in ["studyInstanceUid", "email", "studyDescription"] {
        if let Some(text) = value[name].as_str() {
            return text.to_owned();
        }
    }
    format!("{path} {}", value["userId"])
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
        let client = self.client(&self.base_url);
        let studies = self.studies().await;
        let mut claims = Vec::new();
        for number in 0..self.writes {
            let draw = random(self.seed ^ ((self.writer * 1_000_000 + number) as u64));
            let word = format!("w{}n{number}", self.writer);
            claims.push(match draw % 20 {
                0 => self.create(&client, number).await,
                1 => self.invite(&client, &word).await,
                _ => {
                    let study = studies[(draw / 20) as usize % studies.len()];
                    self.describe(&client, study, &word).await
                }
            });
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
        .with_timeout(TIMEOUT)
    }

    async fn studies(&self) -> Vec<StudyId> {
        let client = self.client(&self.clean_url);
        let mut request = ListStudies {
            limit: Some(MAX_PAGE),
            ..ListStudies::default()
        };
        let mut studies = Vec::new();
        loop {
            let page = client.call(&request).await.unwrap().value;
            studies.extend(page.items.iter().map(|study| study.study_id));
            match page.next() {
                Some(cursor) => request.cursor = Some(cursor.to_owned()),
                None => return studies,
            }
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
            Habit::Ours => match settle(request, WAIT, client, |_| {}, look).await {
                Settled::Answered(_) | Settled::Found(..) => Claim::Done,
                Settled::Refused(_) => Claim::Refused,
                Settled::Conflict(..) | Settled::Unconfirmed(_) => Claim::Unconfirmed,
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

    async fn describe(&self, client: &Client, study_id: StudyId, word: &str) -> (String, Claim) {
        let get = GetStudy { study_id };
        let Ok(before) = client.call(&get).await else {
            // What cannot be read is not changed.
            return (word.to_owned(), Claim::Refused);
        };
        let before = before.value.study_description;
        let request = UpdateStudy {
            study_description: Some(word.to_owned()),
            ..UpdateStudy::of(study_id)
        };
        let look = async || match client.call(&get).await {
            Ok(answer) => {
                let now = answer.value.study_description.clone();
                let field = (before.clone(), word.to_owned(), now);
                (Some(answer.value), Seen::of([field]))
            }
            Err(failure) => (None, Seen::unread(&failure)),
        };
        (word.to_owned(), self.send(&request, client, look).await)
    }

    async fn create(&self, client: &Client, number: usize) -> (String, Claim) {
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
        (
            uid.as_str().to_owned(),
            self.send(&request, client, look).await,
        )
    }

    async fn invite(&self, client: &Client, word: &str) -> (String, Claim) {
        let email = format!("{word}@example.org");
        let request = InviteUser {
            email: email.clone(),
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
        };
        let look = async || {
            let mut list = ListInvitations {
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
        (email.clone(), self.send(&request, client, look).await)
    }
}
