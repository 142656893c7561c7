//! The work of the first run: a test call with the typed key, and saving what was set up.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use secrecy::ExposeSecret;

use crate::api::walk::{Walk, WalkError};
use crate::api::{Client, Connection, Site};
use crate::app::message::setup::{Candidate, Keep, KeyTrial, Part, Setup, SetupFault, TrialFound};
use crate::config::{
    ConfigFile, Flags, KEY_VARIABLE, KeySource, NewKey, NewProfile, Settings, add_profile,
};
use crate::text::clean;
use crate::wire::{Failure, ListStudies, ListUsers, MAX_PAGE, User, UserId, check_base_url};

/// At most this many pages of users are read.
const PAGES: u32 = 20;

/// What the first run is given, and what it leaves for the start after it.
#[derive(Debug, Clone, Default)]
pub struct SetUp {
    pub site: Site,
    pub read_only: bool,
    /// The settings of what was set up.
    pub done: Arc<Mutex<Option<Settings>>>,
}

impl SetUp {
    pub(super) fn take(&self) -> Option<Settings> {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.take()
    }
}

/// Asks for the users and for a study: reads only.
pub(super) async fn try_out(trial: &KeyTrial, site: Site) -> Result<TrialFound, SetupFault> {
    let base_url = check_base_url(&trial.address).map_err(|error| SetupFault {
        part: Part::Address,
        sentence: error.to_string(),
    })?;
    let key = trial.key.inner().clone();
    let client =
        Client::for_site(Connection { base_url, key }, site).map_err(|error| SetupFault {
            part: Part::Server,
            sentence: error.to_string(),
        })?;
    let people = match people(&client).await {
        Ok(people) => Some(people),
        // A key that may only read studies is good too.
        Err(failure) if failure.status() == Some(403) => None,
        Err(failure) => return Err(failure.into()),
    };
    let one = ListStudies {
        limit: Some(1),
        ..ListStudies::default()
    };
    client.call(&one).await?;
    Ok(TrialFound { people })
}

async fn people(client: &Client) -> Result<Vec<Candidate>, Failure> {
    let mut people: BTreeMap<UserId, Candidate> = BTreeMap::new();
    let mut request = ListUsers {
        limit: Some(1),
        ..ListUsers::default()
    };
    // One user is enough to know whether the key is good. The others are read so that the user can choose who
    // they are.
    client.call(&request).await?;
    request.limit = Some(MAX_PAGE);
    let mut walk = Walk::new(client, request).with_max_pages(PAGES);
    while let Some(page) = walk.next().await {
        let users = match page {
            Ok(answer) => answer.value.items,
            Err(WalkError::Failed(failure)) => return Err(failure),
            // What came before is good, and enough to choose from.
            Err(WalkError::Doubtful(_)) => break,
        };
        people.extend(users.iter().map(|user| (user.user_id, candidate(user))));
    }
    let mut people: Vec<Candidate> = people.into_values().collect();
    people.sort_by_cached_key(|person| (person.name.to_lowercase(), person.id));
    Ok(people)
}

fn candidate(user: &User) -> Candidate {
    let name = format!(
        "{}, {}",
        user.profile.last_name.trim(),
        user.profile.first_name.trim()
    );
    Candidate {
        id: user.user_id,
        name: clean(name.trim_matches([',', ' '])).into_owned(),
        email: clean(&user.email).into_owned(),
    }
}

/// Saves the profile, and its key if that was asked for, and leaves the settings for the next start.
pub(super) fn keep(setup: &Setup, path: Option<PathBuf>, set_up: &SetUp) -> Result<(), String> {
    let key = match &setup.keep {
        Keep::File => NewKey::File(setup.key.inner().clone()),
        Keep::Environment => NewKey::Nowhere,
        Keep::Command(words) => {
            check_command(words, setup)?;
            NewKey::Command(words.clone())
        }
    };
    let profile = NewProfile {
        name: setup.profile.clone(),
        base_url: setup.address.clone(),
        me: setup.me.map(|id| id.to_string()),
        key,
    };
    add_profile(path.as_deref(), &profile)?;
    let settings = settings(setup, path, set_up.read_only)?;
    let mut done = set_up.done.lock().unwrap_or_else(PoisonError::into_inner);
    *done = Some(settings);
    Ok(())
}

/// Checks that the program gives the key that the server accepted.
fn check_command(words: &[String], setup: &Setup) -> Result<(), String> {
    let given = KeySource::Command(words.to_vec()).read();
    let given = given.map_err(|error| error.to_string())?;
    let wanted = setup.key.inner().expose_secret();
    if given.is_some_and(|key| key.expose_secret() == wanted) {
        Ok(())
    } else {
        Err("the program prints a different key from the one that was tested".into())
    }
}

/// Returns the settings as the next start would find them, with the key itself if it is not kept anywhere.
fn settings(setup: &Setup, path: Option<PathBuf>, read_only: bool) -> Result<Settings, String> {
    let file = ConfigFile::read(path).map_err(|error| error.to_string())?;
    let flags = Flags {
        profile: Some(setup.profile.clone()),
        me: None,
        read_only,
    };
    let environment = |name: &str| {
        let is_kept_nowhere = setup.keep == Keep::Environment && name == KEY_VARIABLE;
        is_kept_nowhere.then(|| OsString::from(setup.key.inner().expose_secret()))
    };
    Settings::resolve(&flags, file, environment).map_err(|error| error.to_string())
}
