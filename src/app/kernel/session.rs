//! Who works where, and what is allowed: fixed at the start, except for the read-only switch.

use crate::app::action::Action;
use crate::app::kernel::Kernel;
use crate::sync::Pace;
use crate::wire::UserId;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// The in-process sandbox of `--demo`.
    Demo,
    /// A server on this machine.
    Local,
    Production,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadOnly {
    Off,
    /// Switched on with a key; the same key switches it off.
    On,
    /// Asked for at the start; no key switches it off.
    Forced,
}

#[derive(Debug, Clone)]
pub struct Session {
    pub place: Environment,
    /// The server's host, shown in the header.
    pub host: String,
    /// Where the API key came from, named when it is refused.
    pub key_source: String,
    pub read_only: ReadOnly,
    /// The operator as given at the start: an e-mail or an id. The API has no "who am I".
    pub me_wanted: Option<String>,
    /// The operator, once found among the users.
    pub me: Option<UserId>,
    /// The demo's server was made to fail.
    pub has_outage: bool,
    pub refresh: Pace,
    /// Locks the screen after this long without a key, in milliseconds.
    pub lock_after: Option<i64>,
    /// What a hidden screen goes on with.
    pub watch: Watch,
    /// The workstation's offset from UTC, in seconds, for showing times.
    pub utc_offset: i32,
}

impl Kernel {
    /// Why no change may be made now, if none may.
    pub fn read_only_reason(&self) -> Option<String> {
        match self.session.read_only {
            ReadOnly::Off => None,
            ReadOnly::On => {
                let key = self.key(Action::ToggleReadOnly);
                Some(format!("Read-only is on; {key} switches it off"))
            }
            ReadOnly::Forced => Some("Read-only: the program was started with --read-only".into()),
        }
    }
}

/// What a hidden screen goes on with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Watch {
    /// Reads the open STAT studies, shows how many there are, and rings for a new one.
    #[default]
    Counts,
    /// Reads nothing and forgets the API key.
    Off,
}

impl Watch {
    pub const ALL: [Self; 2] = [Self::Counts, Self::Off];

    /// Its name in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Counts => "counts",
            Self::Off => "off",
        }
    }
}

pub(in crate::app) fn clock(at: i64, utc_offset: i32) -> String {
    let seconds = at.div_euclid(1000) + i64::from(utc_offset);
    let minutes = seconds.div_euclid(60).rem_euclid(24 * 60);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
