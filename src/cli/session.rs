//! What every verb needs: a client, and who is asking.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::Client;
use crate::config::{KeyError, Missing, Settings};
use crate::journal::{self, Journal};
use crate::runtime::connect;
use crate::text::clean;
use crate::wire::{ListUsers, MAX_PAGE, User, UserId};
use crate::worklist::Targets;

use super::Problem;
use super::passes::{Taken, passes};
use super::people::confirmed;
use super::render::person;

#[derive(Debug)]
pub struct Session {
    pub client: Client,
    pub journal: Arc<Journal>,
    me: Option<String>,
    pub read_only: bool,
    pub targets: Targets,
}

/// The most people that an error lists.
const MAX_CANDIDATES: usize = 20;

impl Session {
    pub fn open(settings: Settings) -> Result<Self, Problem> {
        let journal = Arc::new(Journal::new(
            journal::usual_path(),
            settings.base_url.authority(),
        ));
        let client = connect(&settings)?.ok_or(KeyError::Missing(Missing))?;
        Ok(Self {
            client: client.with_witness(journal.clone()),
            journal,
            me: settings.me,
            read_only: settings.read_only,
            targets: settings.file.targets,
        })
    }

    /// The operator's own id, asked for by e-mail if need be.
    pub async fn me(&self) -> Result<UserId, Problem> {
        match &self.me {
            Some(me) => Ok(self.named(me).await?.id()),
            None => Err(Problem::Usage(
                "nobody has said who \"me\" is; use --me, AVARA_ME or the profile".into(),
            )),
        }
    }

    /// The one person that `who` names: `me`, a `usr_` id, or part of a name or an e-mail address.
    /// Somebody who was looked up is read by their id as well, for only the id is sent.
    pub async fn person(&self, who: &str) -> Result<UserId, Problem> {
        let who = match (who, &self.me) {
            ("me", Some(me)) => me,
            ("me", None) => return self.me().await,
            _ => who,
        };
        match self.named(who).await? {
            Known::Id(id) => Ok(id),
            Known::Listed(user) => Ok(confirmed(&user, self).await?.user_id),
        }
    }

    async fn named(&self, who: &str) -> Result<Known, Problem> {
        if let Ok(id) = who.parse() {
            return Ok(Known::Id(id));
        }
        let users = self.users().await?;
        let wanted = who.trim().to_lowercase();
        let fitting = |test: &dyn Fn(&str) -> bool| -> Vec<&User> {
            let fits = |user: &&User| names(user).iter().any(|name| test(name));
            users.values().filter(fits).collect()
        };
        let exact = fitting(&|name| name == wanted);
        let found = match exact.is_empty() {
            true => fitting(&|name| name.contains(&wanted)),
            false => exact,
        };
        match found.as_slice() {
            [user] => Ok(Known::Listed(Box::new((*user).clone()))),
            [] => Err(Problem::Usage(format!(
                "no user is called “{}”",
                clean(who)
            ))),
            several => Err(Problem::Usage(ambiguous(who, several))),
        }
    }

    /// Every user, once: paging by offset may give one twice.
    pub async fn users(&self) -> Result<BTreeMap<UserId, User>, Problem> {
        self.users_of(ListUsers::default()).await
    }

    /// The users that a list gives.
    pub async fn users_of(&self, list: ListUsers) -> Result<BTreeMap<UserId, User>, Problem> {
        let request = ListUsers {
            limit: Some(MAX_PAGE),
            ..list
        };
        let mut users = BTreeMap::new();
        passes(&self.client, &request, |answer| {
            let before = users.len();
            let items = answer.value.items.into_iter();
            users.extend(items.map(|user| (user.user_id, user)));
            Ok(Taken::New(users.len() - before))
        })
        .await?;
        Ok(users)
    }
}

/// How somebody was named.
enum Known {
    /// By their id.
    Id(UserId),
    /// By what a list shows of them.
    Listed(Box<User>),
}

impl Known {
    fn id(&self) -> UserId {
        match self {
            Self::Id(id) => *id,
            Self::Listed(user) => user.user_id,
        }
    }
}

/// What a person may be called, in lower case.
fn names(user: &User) -> [String; 3] {
    let (first, last) = (user.first_name.trim(), user.last_name.trim());
    [
        format!("{first} {last}").to_lowercase(),
        format!("{last}, {first}").to_lowercase(),
        user.email.to_lowercase(),
    ]
}

fn ambiguous(who: &str, users: &[&User]) -> String {
    let mut text = format!("“{}” can mean {} users:", clean(who), users.len());
    for user in users.iter().take(MAX_CANDIDATES) {
        let described = person(Some(&user.first_name), Some(&user.last_name), &user.email);
        text.push_str(&format!("\n  {}  {described}", user.user_id));
    }
    if users.len() > MAX_CANDIDATES {
        text.push_str("\n  …");
    }
    text
}
