//! How a command ends.

use std::io;

use crate::api::walk::WalkError;
use crate::api::{ClientError, viewer_url::UnsafeUrl};
use crate::config::{FileError, KeyError, SettingsError};
use crate::runtime::ConnectError;
use crate::text::clean;
use crate::wire::{Doubt, Failure};

/// The exit codes of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Done,
    Error,
    /// The arguments or the settings cannot be used.
    Usage,
    /// Some of several failed, or some records could not be read.
    Partly,
    /// The key was refused or lacks a permission.
    Auth,
    /// A signal of this number ended it.
    Signal(i32),
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        let code = match exit {
            Exit::Done => 0,
            Exit::Error => 1,
            Exit::Usage => 2,
            Exit::Partly => 3,
            Exit::Auth => 4,
            // This is how shells report it.
            Exit::Signal(number) => 128 + u8::try_from(number & 0x7f).unwrap_or(0),
        };
        code.into()
    }
}

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    #[error("{0}")]
    Usage(String),
    #[error("{0}")]
    Settings(#[from] SettingsError),
    #[error("{}; {}", told(.0), .0.advice())]
    Failed(Failure),
    #[error("the list could not be read to its end: {0}")]
    Paging(#[from] Doubt),
    #[error("{0}")]
    Client(#[from] ClientError),
    #[error("the viewer was not opened: {0}")]
    UnsafeUrl(#[from] UnsafeUrl),
    #[error("{0}")]
    Other(String),
    /// The reader of the output is gone, which is no reason for a message.
    #[error("nobody reads the output")]
    PipeClosed,
}

/// Returns what happened, cleaned and without the full stop that servers like to send, so that words can
/// follow.
pub fn told(failure: &Failure) -> String {
    clean(&failure.sentence()).trim_end_matches('.').to_owned()
}

impl Problem {
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) | Self::Settings(_) | Self::Client(_) => Exit::Usage,
            Self::Failed(failure) if failure.is_auth() => Exit::Auth,
            Self::Failed(_) | Self::Paging(_) | Self::UnsafeUrl(_) | Self::Other(_) => Exit::Error,
            Self::PipeClosed => Exit::Done,
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<FileError> for Problem {
    fn from(error: FileError) -> Self {
        Self::Settings(error.into())
    }
}

impl From<KeyError> for Problem {
    fn from(error: KeyError) -> Self {
        Self::Settings(error.into())
    }
}

impl From<ConnectError> for Problem {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Settings(error) => Self::Settings(error),
            ConnectError::Client(error) => Self::Client(error),
        }
    }
}

impl From<WalkError> for Problem {
    fn from(error: WalkError) -> Self {
        match error {
            WalkError::Failed(failure) => Self::Failed(failure),
            WalkError::Doubtful(doubt) => Self::Paging(doubt),
        }
    }
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::PipeClosed,
            _ => Self::Other(format!("the output cannot be written: {error}")),
        }
    }
}
