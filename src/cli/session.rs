//! What every verb needs: a client, and who the user is.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::api::Client;
use crate::api::retry::Patience;
use crate::config::{KeyError, Missing, Settings};
use crate::journal::{self, Journal};
use crate::runtime::connect;
use crate::text::clean;
use crate::wire::{ListUsers, User, UserId};
use crate::worklist::Targets;

use super::Problem;
use super::out::note_while_waiting;
use super::people::{confirmed, named, read_users};
use super::render::person_of;

#[derive(Debug)]
pub struct Session {
    pub client: Client,
    pub journal: Arc<Journal>,
    me: Option<String>,
    pub read_only: bool,
    pub targets: Targets,
}

impl Session {
    /// Returns a session whose calls fail after this many seconds each.
    pub fn open(settings: Settings, timeout: u64) -> Result<Self, Problem> {
        let journal = Arc::new(Journal::new(
            journal::usual_path(),
            settings.base_url.authority(),
        ));
        let client = connect(&settings)?.ok_or(KeyError::Missing(Missing))?;
        Ok(Self {
            client: client
                .with_patience(patience(&settings, timeout))
                .with_recorder(journal.clone()),
            journal,
            me: settings.me,
            read_only: settings.read_only,
            targets: settings.file.targets,
        })
    }

    /// Returns the user's own id, looked up by e-mail if needed.
    pub async fn me(&self) -> Result<UserId, Problem> {
        Ok(self.known(self.own_name()?).await?.id())
    }

    fn own_name(&self) -> Result<&str, Problem> {
        self.me.as_deref().ok_or_else(|| {
            Problem::Usage("\"me\" is not set; use --me, AVARA_ME or the profile".into())
        })
    }

    /// Returns the id of the person that `who` names; see [`Self::somebody`].
    pub async fn person(&self, who: &str) -> Result<UserId, Problem> {
        Ok(self.somebody(who).await?.id)
    }

    /// Returns the person that `who` names: `me`, a `usr_` id, a whole e-mail address, or part of a name.
    /// Somebody who was looked up is read by their id as well, because only the id is sent.
    pub async fn somebody(&self, who: &str) -> Result<Somebody, Problem> {
        let is_me = who.trim().eq_ignore_ascii_case("me");
        let who = if is_me { self.own_name()? } else { who };
        match self.known(who).await? {
            Known::Id(id) => Ok(Somebody {
                id,
                words: id.to_string(),
            }),
            Known::Listed(listed) => {
                let user = confirmed(&listed, self).await?;
                Ok(Somebody {
                    id: user.user_id,
                    words: person_of(&user.profile, &user.email),
                })
            }
        }
    }

    async fn known(&self, who: &str) -> Result<Known, Problem> {
        let who = who.trim();
        if who.is_empty() {
            return Err(Problem::Usage(
                "an empty name means nobody; give a name, an e-mail address or a user id (usr_…)"
                    .into(),
            ));
        }
        match who.parse() {
            Ok(id) => Ok(Known::Id(id)),
            Err(_) => Ok(Known::Listed(Box::new(named(who, self).await?))),
        }
    }

    /// Returns every readable user once: paging by offset may give one twice.
    pub async fn users(&self) -> Result<BTreeMap<UserId, User>, Problem> {
        Ok(read_users(ListUsers::default(), self).await?.readable)
    }
}

/// Returns how long a call may take. The first one that takes long is told of.
fn patience(settings: &Settings, timeout: u64) -> Patience {
    let host = clean(settings.base_url.authority()).into_owned();
    let is_told = AtomicBool::new(false);
    Patience::new(Duration::from_secs(timeout), move || {
        if !is_told.swap(true, Ordering::Relaxed) {
            note_while_waiting(&format!(
                "avara-tui: still waiting for {host} (gives up after {timeout} s)"
            ));
        }
    })
}

/// Somebody who was named.
#[derive(Debug)]
pub struct Somebody {
    pub id: UserId,
    /// What messages call them, cleaned: the id, if only that was given.
    pub words: String,
}

/// How somebody was named.
enum Known {
    /// By their id.
    Id(UserId),
    /// By a record of a list.
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
