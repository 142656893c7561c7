//! On which screens an action applies.

use super::{Action, Screen};
use crate::app::Kernel;

/// A set of screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Places(u8);

impl Places {
    pub const WORKLIST: Self = Self(1);
    pub const USERS: Self = Self(2);
    pub const INVITATIONS: Self = Self(4);
    pub const EVERYWHERE: Self = Self(7);

    pub fn has(self, screen: Screen) -> bool {
        let place = match screen {
            Screen::FirstRun => return false,
            Screen::Worklist => Self::WORKLIST,
            Screen::Users => Self::USERS,
            Screen::Invitations => Self::INVITATIONS,
        };
        self.0 & place.0 != 0
    }
}

impl Kernel {
    /// Where to go for an action that does not apply here.
    pub fn elsewhere(&self, on: Places) -> String {
        let (place, way) = if on.has(Screen::Worklist) {
            ("worklist", Action::GoWorklist)
        } else if on.has(Screen::Users) {
            ("users", Action::GoUsers)
        } else {
            ("invitations", Action::GoInvitations)
        };
        format!("for the {place}; {} goes there", self.key(way))
    }
}
