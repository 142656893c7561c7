//! The profiles of the file: one for each clinic that somebody works for.

use std::collections::BTreeMap;
use std::path::PathBuf;

use toml_edit::{Item, TableLike};
use url::{Host, Url};

use crate::config::check_who;
use crate::wire::check_base_url;
use crate::worklist::nearest;

use super::reader::{Reader, Wrong};

const LONGEST_NAME: usize = 24;
const MOST_ARGUMENTS: usize = 64;

/// A clinic: where its server is, and where its key comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClinicProfile {
    /// If absent, the vendor's address.
    pub base_url: Option<Url>,
    pub key: Option<ProfileKey>,
    pub me: Option<String>,
    /// The hosts that viewer links may lead to, instead of the default ones.
    pub viewer_hosts: Option<Vec<String>>,
    /// A file of certificates to trust in addition to the system's, as it is written in the file.
    pub ca_bundle: Option<PathBuf>,
}

/// Where the key of a profile is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileKey {
    /// A program and its arguments: its output is the key.
    Command(Vec<String>),
    /// As it is written in the file.
    File(PathBuf),
    /// The user name of an entry in the system's store.
    Keyring(String),
}

pub(super) type Profiles = BTreeMap<String, ClinicProfile>;

const SETTINGS: [&str; 7] = [
    "base_url",
    "api_key_file",
    "api_key_command",
    "api_key_keyring",
    "me",
    "viewer_hosts",
    "ca_bundle",
];

impl Reader<'_> {
    pub(super) fn profiles(&self, root: &dyn TableLike) -> Result<Profiles, Wrong> {
        let Some(table) = self.table(root, "profiles")? else {
            return Ok(Profiles::new());
        };
        let mut profiles = Profiles::new();
        for (name, item) in table.iter() {
            self.check_name(table, name)?;
            let Some(settings) = item.as_table_like() else {
                let message = format!("a profile is a table that begins with [profiles.{name}]");
                return Err(self.wrong_key(table, name, message));
            };
            profiles.insert(name.to_owned(), self.profile(settings)?);
        }
        Ok(profiles)
    }

    fn check_name(&self, table: &dyn TableLike, name: &str) -> Result<(), Wrong> {
        check_profile_name(name).map_err(|message| self.wrong_key(table, name, message))
    }

    fn profile(&self, table: &dyn TableLike) -> Result<ClinicProfile, Wrong> {
        self.no_secret(table)?;
        self.known(table, &SETTINGS, "setting of a profile")?;
        let read = |name: &str| table.get(name);
        Ok(ClinicProfile {
            base_url: read("base_url")
                .map(|item| self.base_url(item))
                .transpose()?,
            key: self.key(table)?,
            me: read("me").map(|item| self.me(item)).transpose()?,
            viewer_hosts: read("viewer_hosts")
                .map(|item| self.hosts(item))
                .transpose()?,
            ca_bundle: read("ca_bundle")
                .map(|item| self.line_of_text(item, "ca_bundle").map(PathBuf::from))
                .transpose()?,
        })
    }

    fn no_secret(&self, table: &dyn TableLike) -> Result<(), Wrong> {
        for name in ["api_key", "key", "token", "password"] {
            if table.contains_key(name) {
                let message = format!(
                    "“{name}”: a key does not stand in this file; keep it in a file of its own \
                     (api_key_file) or let a program give it (api_key_command)"
                );
                return Err(self.wrong_key(table, name, message));
            }
        }
        Ok(())
    }

    /// Tells somebody who put a profile's settings at the top of the file where they belong.
    pub(super) fn no_profile_settings(&self, root: &dyn TableLike) -> Result<(), Wrong> {
        self.no_secret(root)?;
        let Some(name) = SETTINGS.into_iter().find(|name| root.contains_key(name)) else {
            return Ok(());
        };
        let message =
            format!("“{name}” is a setting of a profile; put it below a line [profiles.main]");
        Err(self.wrong_key(root, name, message))
    }

    fn base_url(&self, item: &Item) -> Result<Url, Wrong> {
        let text = self.line_of_text(item, "base_url")?;
        check_base_url(text)
            .map_err(|error| self.wrong(item, format!("base_url cannot be used: {error}")))
    }

    fn me(&self, item: &Item) -> Result<String, Wrong> {
        let who = self.line_of_text(item, "me")?;
        check_who(who).map_err(|rule| self.wrong(item, format!("me must be {rule}")))?;
        Ok(who.to_owned())
    }

    fn key(&self, table: &dyn TableLike) -> Result<Option<ProfileKey>, Wrong> {
        let places = ["api_key_command", "api_key_file", "api_key_keyring"];
        let mut given = places
            .into_iter()
            .filter_map(|place| Some((place, table.get(place)?)));
        let Some((place, item)) = given.next() else {
            return Ok(None);
        };
        if let Some((other, _)) = given.next() {
            let message =
                format!("a profile has one place for its key: {place} or {other}, not both");
            return Err(self.wrong_key(table, other, message));
        }
        Ok(Some(match place {
            "api_key_command" => self.command(item)?,
            "api_key_file" => ProfileKey::File(self.line_of_text(item, place)?.into()),
            _ => ProfileKey::Keyring(self.line_of_text(item, place)?.to_owned()),
        }))
    }

    fn command(&self, item: &Item) -> Result<ProfileKey, Wrong> {
        let such_as = "[\"secret-tool\", \"lookup\", \"service\", \"avara\"]";
        let words = self.words(item, "api_key_command", such_as)?;
        let fault = match words.first() {
            None => Some("is empty: it begins with the program to run"),
            Some(program) if program.trim().is_empty() => Some("begins with the program to run"),
            _ if words.len() > MOST_ARGUMENTS => Some("has at most 64 words"),
            _ if words.iter().any(|word| word.contains('\0')) => {
                Some("holds a character that no command line may hold")
            }
            _ => None,
        };
        if let Some(fault) = fault {
            return Err(self.wrong(item, format!("api_key_command {fault}")));
        }
        let words = words.into_iter().map(str::to_owned).collect();
        Ok(ProfileKey::Command(words))
    }

    fn hosts(&self, item: &Item) -> Result<Vec<String>, Wrong> {
        let such_as = "[\"viewer.example.org\", \".example.org\"]";
        let words = self.words(item, "viewer_hosts", such_as)?;
        if words.is_empty() {
            let message = "viewer_hosts is empty, so no link could be opened; leave the line out \
                           for the usual hosts";
            return Err(self.wrong(item, message));
        }
        let check = |word: &str| {
            viewer_host(word).ok_or_else(|| {
                let message = format!(
                    "“{word}” is not a host name; write viewer.example.org, or .example.org for all \
                     names below it"
                );
                self.wrong(item, message)
            })
        };
        words.into_iter().map(check).collect()
    }

    /// Reads the profile in use if none is asked for.
    pub(super) fn default_profile(
        &self,
        root: &dyn TableLike,
        profiles: &Profiles,
    ) -> Result<Option<String>, Wrong> {
        let Some(item) = root.get("default_profile") else {
            return match profiles.len() {
                0 | 1 => Ok(profiles.keys().next().cloned()),
                _ => {
                    let message = "there are several profiles; say with default_profile which one \
                                   is in use when none is asked for";
                    Err(self.wrong_key(root, "profiles", message))
                }
            };
        };
        let name = self.line_of_text(item, "default_profile")?;
        if profiles.contains_key(name) {
            return Ok(Some(name.to_owned()));
        }
        Err(self.wrong(item, no_profile(name, profiles)))
    }
}

/// Checks the name of a profile. It is short and plain, because it is typed and shown in the header.
pub fn check_profile_name(name: &str) -> Result<(), &'static str> {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
    if name.trim().is_empty() {
        Err("a profile needs a name")
    } else if name.chars().count() > LONGEST_NAME {
        Err("a profile's name has at most 24 characters")
    } else if name.trim() != name || !name.chars().all(is_plain) {
        Err("a profile's name is made of letters, digits, spaces and - _ .")
    } else {
        Ok(())
    }
}

/// Returns a message that there is no such profile, and which there are.
pub(in crate::config) fn no_profile(name: &str, profiles: &Profiles) -> String {
    let near = nearest(name, profiles.keys().map(String::as_str));
    let names: Vec<&str> = profiles.keys().map(String::as_str).collect();
    let rest = match (near, names.is_empty()) {
        (Some(near), _) => format!("did you mean “{near}”?"),
        (None, true) => "the file has no profiles".into(),
        (None, false) => format!("there are {}", names.join(", ")),
    };
    format!("no profile is called “{name}”; {rest}")
}

/// Whether a text is a host name, perhaps with a dot before it, which stands for every name below it.
fn viewer_host(word: &str) -> Option<String> {
    let (dot, name) = match word.strip_prefix('.') {
        Some(name) => (".", name),
        None => ("", word),
    };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    // A suffix of one label, such as ".org", would let nearly everything in.
    let is_narrow = dot.is_empty() || name.contains('.');
    let labels = name.split('.').all(|label| !label.is_empty());
    if !is_narrow || !labels || !name.chars().all(is_plain) {
        return None;
    }
    match Host::parse(name).ok()? {
        Host::Domain(name) => Some(format!("{dot}{name}")),
        Host::Ipv4(_) | Host::Ipv6(_) => None,
    }
}
