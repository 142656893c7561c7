//! What a test call found: the people of a clinic, or which part of the setup is wrong.

use crate::app::message::secret::Secret;
use crate::wire::{Failure, UserId};

/// The part of a setup that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Address,
    Network,
    Tls,
    Key,
    Permission,
    Server,
}

impl Part {
    /// The part that made a call fail like this.
    pub fn of(failure: &Failure) -> Self {
        match (failure, failure.status()) {
            (_, Some(401)) => Self::Key,
            (_, Some(403)) => Self::Permission,
            (_, Some(404 | 405)) | (Failure::Redirected { .. } | Failure::Unreadable { .. }, _) => {
                Self::Address
            }
            (Failure::Unreachable { reason } | Failure::Interrupted { reason }, _) => {
                Self::of_reason(reason)
            }
            (Failure::TimedOut, _) => Self::Network,
            _ => Self::Server,
        }
    }

    fn of_reason(reason: &str) -> Self {
        let reason = reason.to_ascii_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| reason.contains(word));
        if has(&["certificate", "tls", "handshake", "corrupt message"]) {
            Self::Tls
        } else if has(&["was not found", "connection refused", "not http"]) {
            Self::Address
        } else {
            Self::Network
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Address => "The address",
            Self::Network => "The network",
            Self::Tls => "The secure connection (TLS)",
            Self::Key => "The key",
            Self::Permission => "The permission",
            Self::Server => "The server",
        }
    }

    /// What to do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Address => "check the address with the person who gave you the key",
            Self::Network => "check the network, or ask for your site's proxy (HTTPS_PROXY)",
            Self::Tls => {
                "a proxy at your site may be in between; set ca_bundle in a profile to its \
                 certificates"
            }
            Self::Key => "copy the key again, or ask for a new one",
            Self::Permission => "ask an administrator for a key that may list studies",
            Self::Server => "try again shortly",
        }
    }
}

/// A test call: where to, and with which key.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyTrial {
    /// Which one of this session it is; an answer to an earlier one changes nothing.
    pub number: u32,
    pub address: String,
    pub key: Secret,
}

/// A user who may be the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub id: UserId,
    pub name: String,
    pub email: String,
}

/// What a test call found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialFound {
    /// All users; `None` if the key may not list them.
    pub people: Option<Vec<Candidate>>,
}

/// Why a test call failed, in words for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupFault {
    pub part: Part,
    pub sentence: String,
}

impl From<Failure> for SetupFault {
    fn from(failure: Failure) -> Self {
        Self {
            part: Part::of(&failure),
            sentence: failure.sentence(),
        }
    }
}

/// Where the key is to be kept.
#[derive(Debug, Clone, PartialEq)]
pub enum Keep {
    /// In a file beside the settings that only its owner can read.
    File,
    /// Where it is already: this program gives it.
    Command(Vec<String>),
    /// Nowhere: it is set in the environment at each start.
    Environment,
}

/// What to save.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    pub profile: String,
    pub address: String,
    pub me: Option<UserId>,
    pub key: Secret,
    pub keep: Keep,
}
