//! Settings, and where each comes from: a flag, the environment, the file or the default, in this order.

mod file;
mod save;

use std::ffi::OsString;
use std::fmt;

use secrecy::SecretString;
use url::Url;

use crate::wire::{BaseUrlError, DEFAULT_BASE_URL, UserId, check_base_url, rules};

pub use file::{ConfigFile, EXAMPLE, FileError, usual_path};
pub use save::save_view;

/// The variables that are read, named as in the vendor's clients.
pub const KEY_VARIABLE: &str = "AVARA_API_KEY";
pub const BASE_URL_VARIABLE: &str = "AVARA_BASE_URL";
pub const ME_VARIABLE: &str = "AVARA_ME";

/// What the command line says. No flag takes a key: other users of the computer can read arguments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags {
    pub me: Option<String>,
    pub read_only: bool,
}

#[derive(Clone)]
pub struct Settings {
    pub base_url: Url,
    /// Absent: nobody has given one yet.
    pub key: Option<SecretString>,
    /// Where the key comes from, or would have to: fit for a message about it.
    pub key_source: String,
    /// The operator: an e-mail address or a `usr_` id. The API itself cannot tell.
    pub me: Option<String>,
    pub read_only: bool,
    /// What the configuration file says.
    pub file: ConfigFile,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("base_url", &self.base_url.as_str())
            .field("has_key", &self.key.is_some())
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
    #[error(
        "{KEY_VARIABLE} cannot be used: it holds a space, a line break or another character that \
         is in no key; copy the key again"
    )]
    Key,
    #[error("{origin} must be an e-mail address or a user id (usr_ and 32 hex digits)")]
    Me { origin: &'static str },
    #[error("{variable} is not readable text")]
    NotText { variable: &'static str },
    #[error(transparent)]
    File(#[from] FileError),
}

impl Settings {
    /// Reads the settings from the flags and from `environment`, which looks a variable up.
    pub fn resolve(
        flags: Flags,
        environment: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, SettingsError> {
        let variable = |name| text_of(name, environment(name));
        let base_url = match variable(BASE_URL_VARIABLE)? {
            // A script that failed to fill it must not end up at the vendor's production address.
            None if environment(BASE_URL_VARIABLE).is_some() => {
                return Err(SettingsError::EmptyBaseUrl);
            }
            address => check_base_url(address.as_deref().unwrap_or(DEFAULT_BASE_URL))
                .map_err(SettingsError::BaseUrl)?,
        };
        let key = variable(KEY_VARIABLE)?.map(check_key).transpose()?;
        let me = match trimmed(flags.me.unwrap_or_default()) {
            Some(me) => Some(check_me(me, "--me")?),
            None => variable(ME_VARIABLE)?
                .map(|me| check_me(me, ME_VARIABLE))
                .transpose()?,
        };
        Ok(Self {
            base_url,
            key,
            key_source: KEY_VARIABLE.into(),
            me,
            read_only: flags.read_only,
            file: ConfigFile::default(),
        })
    }
}

/// The variable's text without space around it; a blank one counts as absent.
fn text_of(
    variable: &'static str,
    value: Option<OsString>,
) -> Result<Option<String>, SettingsError> {
    let value = value.map(OsString::into_string).transpose();
    let value = value.map_err(|_| SettingsError::NotText { variable })?;
    Ok(value.and_then(trimmed))
}

fn trimmed(text: String) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn check_key(key: String) -> Result<SecretString, SettingsError> {
    if key.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(key.into())
    } else {
        Err(SettingsError::Key)
    }
}

fn check_me(me: String, origin: &'static str) -> Result<String, SettingsError> {
    if me.parse::<UserId>().is_ok() || rules::check_email(&me).is_ok() {
        Ok(me)
    } else {
        Err(SettingsError::Me { origin })
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn resolve(me: Option<&str>, variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let flags = Flags {
            me: me.map(str::to_owned),
            read_only: true,
        };
        Settings::resolve(flags, |name| {
            let found = variables.iter().find(|(variable, _)| *variable == name)?;
            Some(found.1.into())
        })
    }

    #[test]
    fn without_anything_said_the_vendors_address_is_used_and_no_key() {
        let settings = resolve(None, &[]).unwrap();
        assert_eq!(settings.base_url.as_str(), "https://api.avarasoftware.com/");
        assert!(settings.key.is_none());
        assert_eq!(settings.key_source, "AVARA_API_KEY");
        assert_eq!(settings.me, None);
        assert!(settings.read_only);
        for blank in ["", " ", "\n"] {
            let blanks = [("AVARA_API_KEY", blank), ("AVARA_ME", blank)];
            let settings = resolve(None, &blanks).unwrap();
            assert!(settings.key.is_none() && settings.me.is_none());
        }
    }

    #[test]
    fn an_address_that_is_set_but_empty_does_not_mean_the_vendors() {
        for blank in ["", " ", "\r\n"] {
            let error = resolve(None, &[("AVARA_BASE_URL", blank)]).unwrap_err();
            assert_eq!(
                error.to_string(),
                "AVARA_BASE_URL is set but empty; unset it or give an address",
                "{blank:?}"
            );
        }
    }

    #[test]
    fn a_key_is_trimmed_at_its_ends_and_refused_with_anything_odd_inside() {
        let key = |text| resolve(None, &[("AVARA_API_KEY", text)]).map(|settings| settings.key);
        let trimmed = key(" 2f6c-key \r\n").unwrap().unwrap();
        assert_eq!(trimmed.expose_secret(), "2f6c-key");
        for text in [
            "two words",
            "line\nbreak",
            "tab\tkey",
            "nul\0",
            "kéy",
            "zero\u{200b}width",
        ] {
            let error = key(text).unwrap_err();
            assert_eq!(error, SettingsError::Key, "{text:?}");
            assert!(!error.to_string().contains(text));
        }
    }

    #[test]
    fn a_flag_wins_over_the_environment() {
        let variables = [("AVARA_ME", "env@example.org")];
        let me = |flag| resolve(flag, &variables).unwrap().me;
        assert_eq!(me(None).as_deref(), Some("env@example.org"));
        assert_eq!(
            me(Some("flag@example.org")).as_deref(),
            Some("flag@example.org")
        );
        let id = "usr_1234567890abcdef1234567890abcdef";
        assert_eq!(me(Some(id)).as_deref(), Some(id));
    }

    #[test]
    fn a_wrong_setting_is_named_by_its_source() {
        let message = |me, variables: &[_]| resolve(me, variables).unwrap_err().to_string();
        assert!(message(Some("kim"), &[]).starts_with("--me must be"));
        assert!(message(None, &[("AVARA_ME", "kim")]).starts_with("AVARA_ME must be"));
        assert_eq!(
            message(None, &[("AVARA_BASE_URL", "ftp://example.org")]),
            "AVARA_BASE_URL cannot be used: it must begin with https://"
        );
    }

    #[test]
    fn the_key_shows_in_no_debug_output() {
        let settings = resolve(None, &[("AVARA_API_KEY", "canary")]).unwrap();
        assert!(!format!("{settings:?}").contains("canary"));
    }
}
