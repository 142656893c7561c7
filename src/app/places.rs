//! On which screens an action applies.

use super::Screen;

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

    /// Where to go for an action that does not apply here.
    pub(super) fn elsewhere(self) -> &'static str {
        if self.has(Screen::Worklist) {
            "for the worklist; g w goes there"
        } else if self.has(Screen::Users) {
            "for the users; g p goes there"
        } else {
            "for the invitations; g i goes there"
        }
    }
}
