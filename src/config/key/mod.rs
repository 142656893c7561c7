//! Where the API key comes from, and why it may not be used.

mod command;
mod file;
#[cfg(feature = "keyring")]
mod keyring;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

pub use command::{CommandFault, hide_variables};
pub use file::FileFault;
#[cfg(feature = "keyring")]
pub use keyring::KeyringFault;

use super::KEY_VARIABLE;
use crate::text::{clean, clean_path};

/// How long a program may take to give a key.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest key, in bytes.
const LONGEST: usize = 4096;

/// Where to get a key. Only [`KeySource::read`] gets it.
#[derive(Clone)]
pub enum KeySource {
    /// No source is set.
    Nowhere,
    /// The value of `AVARA_API_KEY`.
    Environment(SecretString),
    /// A program and its arguments; its output is the key.
    Command(Vec<String>),
    File(PathBuf),
    /// An entry of the system's store, by its user name.
    Keyring(String),
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeySource({self})")
    }
}

/// For messages about the key. Arguments may be secret and are left out.
impl fmt::Display for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nowhere | Self::Environment(_) => f.write_str(KEY_VARIABLE),
            Self::Command(words) => {
                write!(
                    f,
                    "the program {}",
                    clean(words.first().map_or("", String::as_str))
                )
            }
            Self::File(path) => write!(f, "the file {}", clean_path(path)),
            Self::Keyring(user) => write!(f, "the keyring's entry {}", clean(user)),
        }
    }
}

/// Why there is no usable key. None of the messages contains a part of a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("{0}")]
    Missing(Missing),
    #[error(
        "{source_name} cannot be used: it holds a space, a line break or another character that \
         is in no key; copy the key again"
    )]
    Unfit { source_name: String },
    #[error(
        "the key of the profile “{profile}” is for {origin} and is not sent to another server, \
         which {BASE_URL} names; unset {BASE_URL}{or_else}",
        BASE_URL = super::BASE_URL_VARIABLE
    )]
    OtherOrigin {
        profile: String,
        origin: String,
        or_else: &'static str,
    },
    #[error("the key file {}: {fault}", clean_path(path))]
    File { path: PathBuf, fault: FileFault },
    #[cfg(feature = "keyring")]
    #[error("the keyring, asked for {user}, {fault}")]
    Keyring { user: String, fault: KeyringFault },
    #[error(
        "this build has no keyring; use api_key_command, for example with secret-tool, or build \
         with the feature \"keyring\""
    )]
    NoKeyring,
    #[error("the program {}, which provides the key, {fault}", clean(program))]
    Command {
        program: String,
        fault: CommandFault,
    },
}

/// No key was given. The message says how to give one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no API key; set {KEY_VARIABLE} to the key of your clinic, or name its place in a \
     profile of the configuration file, or try `avara-tui --demo`"
)]
pub struct Missing;

impl KeySource {
    /// Fetches the key. A program may take up to ten seconds, so call this before the terminal is taken over.
    pub fn read(&self) -> Result<Option<SecretString>, KeyError> {
        let text = match self {
            Self::Nowhere => return Ok(None),
            Self::Environment(key) => return Ok(Some(key.clone())),
            Self::File(path) => file::read(path).map_err(|fault| KeyError::File {
                path: path.clone(),
                fault,
            })?,
            Self::Command(words) => {
                command::run(words, PATIENCE).map_err(|fault| KeyError::Command {
                    program: words.first().cloned().unwrap_or_default(),
                    fault,
                })?
            }
            Self::Keyring(user) => keyring_key(user)?,
        };
        check_key(&text, &self.to_string()).map(Some)
    }
}

#[cfg(feature = "keyring")]
fn keyring_key(user: &str) -> Result<Secret, KeyError> {
    keyring::read(user, PATIENCE).map_err(|fault| KeyError::Keyring {
        user: user.to_owned(),
        fault,
    })
}

#[cfg(not(feature = "keyring"))]
fn keyring_key(_: &str) -> Result<Secret, KeyError> {
    Err(KeyError::NoKeyring)
}

/// Reads a key: one word of printable ASCII. White space and a byte order mark around it are dropped.
pub fn check_key(text: &str, source_name: &str) -> Result<SecretString, KeyError> {
    let key = text.trim_start_matches('\u{feff}').trim();
    let is_fit =
        !key.is_empty() && key.len() <= LONGEST && key.bytes().all(|byte| byte.is_ascii_graphic());
    if is_fit {
        Ok(key.to_owned().into())
    } else {
        Err(KeyError::Unfit {
            source_name: source_name.to_owned(),
        })
    }
}

/// The bytes of a key, which are wiped when dropped.
type Secret = Zeroizing<String>;

fn secret_text(bytes: Zeroizing<Vec<u8>>) -> Option<Secret> {
    std::str::from_utf8(&bytes)
        .ok()
        .map(|text| Zeroizing::new(text.to_owned()))
}
