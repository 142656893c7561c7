//! The settings in force, put together from flags, environment, file and defaults.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use secrecy::SecretString;
use url::Url;

use crate::files::{self, Links};
use crate::text::{clean, clean_path};
use crate::wire::{BaseUrlError, DEFAULT_BASE_URL, check_base_url};

use super::file::{ClinicProfile, ConfigFile, FileError, ProfileKey, no_profile};
use super::key::{KeyError, KeySource, check_key};
use super::{BASE_URL_VARIABLE, KEY_VARIABLE, ME_VARIABLE, check_who};

/// The largest file of certificates. The system's own bundles have a quarter of a megabyte.
const LARGEST_BUNDLE: u64 = 4 << 20;

/// What the command line says. No flag takes a key, because other users of the computer can read arguments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags {
    pub profile: Option<String>,
    pub me: Option<String>,
    pub read_only: bool,
}

/// Where a setting comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    Flag(&'static str),
    Variable(&'static str),
    /// A line of the file.
    File(usize),
    #[default]
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) | Self::Variable(name) => f.write_str(name),
            Self::File(line) => write!(f, "file:{line}"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// The source of each setting that can have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Origins {
    pub profile: Origin,
    pub base_url: Origin,
    pub key: Origin,
    pub me: Origin,
    pub read_only: Origin,
}

#[derive(Clone)]
pub struct Settings {
    /// The profile in use, if the file has any.
    pub profile: Option<String>,
    pub base_url: Url,
    /// The operator: an e-mail address or a `usr_` id. The API itself cannot tell.
    pub me: Option<String>,
    pub read_only: bool,
    /// The hosts that viewer links may lead to, instead of the default ones.
    pub viewer_hosts: Option<Vec<String>>,
    /// A file of certificates to trust in addition to the system's.
    pub ca_bundle: Option<PathBuf>,
    /// What the configuration file says.
    pub file: ConfigFile,
    pub origins: Origins,
    key: KeySource,
    /// Why the key must not go to `base_url`.
    misdirected: Option<KeyError>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("profile", &self.profile)
            .field("base_url", &self.base_url.as_str())
            .field("key", &self.key)
            .field("me", &self.me)
            .field("read_only", &self.read_only)
            .finish_non_exhaustive()
    }
}

/// A setting that cannot be used. Values that may be secret are not repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    #[error("{BASE_URL_VARIABLE} cannot be used: {0}")]
    BaseUrl(BaseUrlError),
    #[error("{BASE_URL_VARIABLE} is set but empty; unset it or give an address")]
    EmptyBaseUrl,
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("{origin} must be {rule}")]
    Me {
        origin: &'static str,
        rule: &'static str,
    },
    #[error("{variable} is not readable text")]
    NotText { variable: &'static str },
    #[error("--profile: {}", clean(.0))]
    NoProfile(String),
    #[error(
        "the certificates of ca_bundle, {}, cannot be used: {reason}",
        clean_path(path)
    )]
    CaBundle { path: PathBuf, reason: String },
    #[error(transparent)]
    File(#[from] FileError),
}

/// The profile in use.
struct Chosen<'a> {
    name: &'a str,
    profile: &'a ClinicProfile,
    /// Whether it was asked for by name. Then it goes before the environment.
    is_asked_for: bool,
}

impl Settings {
    /// Puts the settings together. `environment` looks up a variable. The key is not fetched yet.
    ///
    /// The key and the `me` of a profile that `--profile` names go before the environment: a key left over in
    /// a shell belongs to another clinic.
    pub fn resolve(
        flags: &Flags,
        file: ConfigFile,
        environment: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, SettingsError> {
        let variable = |name| text_of(name, environment(name));
        // A script that failed to set it must not end up at the vendor's production address.
        let given_url = variable(BASE_URL_VARIABLE)?;
        if given_url.is_none() && environment(BASE_URL_VARIABLE).is_some() {
            return Err(SettingsError::EmptyBaseUrl);
        }
        let given_key = variable(KEY_VARIABLE)?
            .map(|key| check_key(&key, KEY_VARIABLE))
            .transpose()?;
        let given_me = variable(ME_VARIABLE)?;

        let chosen = choose(flags, &file)?;
        let (base_url, url_origin) = base_url(given_url.as_deref(), chosen.as_ref(), &file)?;
        let (key, key_origin) = key(given_key, chosen.as_ref(), &file);
        let misdirected = misdirected(&key, chosen.as_ref(), &base_url)?;
        let (me, me_origin) = me(flags.me.as_deref(), given_me, chosen.as_ref(), &file)?;
        let profile = chosen.as_ref().map(|chosen| chosen.profile);
        let ca_bundle = profile.and_then(|profile| profile.ca_bundle.as_deref());
        Ok(Self {
            base_url,
            me,
            read_only: flags.read_only,
            viewer_hosts: profile.and_then(|profile| profile.viewer_hosts.clone()),
            ca_bundle: ca_bundle.map(|path| file.place_of(path)),
            origins: Origins {
                profile: profile_origin(chosen.as_ref(), &file),
                base_url: url_origin,
                key: key_origin,
                me: me_origin,
                read_only: if flags.read_only {
                    Origin::Flag("--read-only")
                } else {
                    Origin::Default
                },
            },
            profile: chosen.map(|chosen| chosen.name.to_owned()),
            key,
            misdirected,
            file,
        })
    }

    /// Fetches the key from its source, unless it belongs to another server.
    pub fn read_key(&self) -> Result<Option<SecretString>, KeyError> {
        match &self.misdirected {
            Some(error) => Err(error.clone()),
            None => self.key.read(),
        }
    }

    pub fn key_source(&self) -> &KeySource {
        &self.key
    }

    /// Returns why the key is not even fetched, if so.
    pub fn misdirected(&self) -> Option<&KeyError> {
        self.misdirected.as_ref()
    }

    /// Returns the certificates to trust in addition to the system's, as they are in their file.
    pub fn read_ca_bundle(&self) -> Result<Option<Vec<u8>>, SettingsError> {
        let read = |path: &PathBuf| {
            files::read(path, LARGEST_BUNDLE, Links::Follow).map_err(|error| {
                SettingsError::CaBundle {
                    path: path.clone(),
                    reason: error.to_string(),
                }
            })
        };
        self.ca_bundle.as_ref().map(read).transpose()
    }
}

fn choose<'a>(flags: &'a Flags, file: &'a ConfigFile) -> Result<Option<Chosen<'a>>, SettingsError> {
    let Some(name) = flags.profile.as_ref().or(file.default_profile.as_ref()) else {
        return Ok(None);
    };
    let Some(profile) = file.profiles.get(name) else {
        return Err(SettingsError::NoProfile(no_profile(name, &file.profiles)));
    };
    Ok(Some(Chosen {
        name,
        profile,
        is_asked_for: flags.profile.is_some(),
    }))
}

/// Returns where a setting of the profile is.
fn line_in(chosen: &Chosen<'_>, file: &ConfigFile, setting: &str) -> Origin {
    let line = file.line_of(&format!("profiles.{}.{setting}", chosen.name));
    line.map_or(Origin::Default, Origin::File)
}

fn profile_origin(chosen: Option<&Chosen<'_>>, file: &ConfigFile) -> Origin {
    let Some(chosen) = chosen else {
        return Origin::Default;
    };
    if chosen.is_asked_for {
        return Origin::Flag("--profile");
    }
    let own = || file.line_of(&format!("profiles.{}", chosen.name));
    let line = file.line_of("default_profile").or_else(own);
    line.map_or(Origin::Default, Origin::File)
}

fn base_url(
    given: Option<&str>,
    chosen: Option<&Chosen<'_>>,
    file: &ConfigFile,
) -> Result<(Url, Origin), SettingsError> {
    if let Some(text) = given {
        let url = check_base_url(text).map_err(SettingsError::BaseUrl)?;
        return Ok((url, Origin::Variable(BASE_URL_VARIABLE)));
    }
    let of_profile = chosen.and_then(|chosen| {
        let url = chosen.profile.base_url.clone()?;
        Some((url, line_in(chosen, file, "base_url")))
    });
    match of_profile {
        Some(found) => Ok(found),
        None => Ok((vendor()?, Origin::Default)),
    }
}

fn vendor() -> Result<Url, SettingsError> {
    check_base_url(DEFAULT_BASE_URL).map_err(SettingsError::BaseUrl)
}

fn key(
    given: Option<SecretString>,
    chosen: Option<&Chosen<'_>>,
    file: &ConfigFile,
) -> (KeySource, Origin) {
    let of_profile = chosen.and_then(|chosen| {
        Some(match chosen.profile.key.as_ref()? {
            ProfileKey::Command(words) => (
                KeySource::Command(words.clone()),
                line_in(chosen, file, "api_key_command"),
            ),
            ProfileKey::Keyring(user) => (
                KeySource::Keyring(user.clone()),
                line_in(chosen, file, "api_key_keyring"),
            ),
            ProfileKey::File(path) => (
                KeySource::File(file.place_of(path)),
                line_in(chosen, file, "api_key_file"),
            ),
        })
    });
    let given = given.map(|key| {
        let origin = Origin::Variable(KEY_VARIABLE);
        (KeySource::Environment(key), origin)
    });
    let found = if chosen.is_some_and(|chosen| chosen.is_asked_for) {
        of_profile.or(given)
    } else {
        given.or(of_profile)
    };
    found.unwrap_or((KeySource::Nowhere, Origin::Default))
}

/// Checks that the key of a profile goes only to the server of that profile.
fn misdirected(
    key: &KeySource,
    chosen: Option<&Chosen<'_>>,
    base_url: &Url,
) -> Result<Option<KeyError>, SettingsError> {
    let Some(chosen) = chosen else {
        return Ok(None);
    };
    match key {
        KeySource::Command(_) | KeySource::File(_) | KeySource::Keyring(_) => {}
        KeySource::Nowhere | KeySource::Environment(_) => return Ok(None),
    }
    let own = match &chosen.profile.base_url {
        Some(url) => url.clone(),
        None => vendor()?,
    };
    if own.origin() == base_url.origin() {
        return Ok(None);
    }
    Ok(Some(KeyError::OtherOrigin {
        profile: chosen.name.to_owned(),
        origin: own.origin().ascii_serialization(),
        or_else: if chosen.is_asked_for {
            ", or choose another profile"
        } else {
            ", or set AVARA_API_KEY to the key of that server"
        },
    }))
}

fn me(
    flag: Option<&str>,
    given: Option<String>,
    chosen: Option<&Chosen<'_>>,
    file: &ConfigFile,
) -> Result<(Option<String>, Origin), SettingsError> {
    let checked = |me: String, origin: &'static str| match check_who(&me) {
        Ok(()) => Ok(Some(me)),
        Err(rule) => Err(SettingsError::Me { origin, rule }),
    };
    if let Some(me) = flag.and_then(trimmed) {
        return Ok((checked(me, "--me")?, Origin::Flag("--me")));
    }
    let of_profile = chosen.and_then(|chosen| {
        let me = chosen.profile.me.clone()?;
        Some((Some(me), line_in(chosen, file, "me")))
    });
    let is_asked_for = chosen.is_some_and(|chosen| chosen.is_asked_for);
    match (given, of_profile) {
        (_, Some(found)) if is_asked_for => Ok(found),
        (Some(me), _) => Ok((checked(me, ME_VARIABLE)?, Origin::Variable(ME_VARIABLE))),
        (None, Some(found)) => Ok(found),
        (None, None) => Ok((None, Origin::Default)),
    }
}

/// Returns the variable's text without space around it. A blank one counts as absent.
fn text_of(
    variable: &'static str,
    value: Option<OsString>,
) -> Result<Option<String>, SettingsError> {
    let value = value.map(OsString::into_string).transpose();
    let value = value.map_err(|_| SettingsError::NotText { variable })?;
    Ok(value.and_then(|text| trimmed(&text)))
}

fn trimmed(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
