//! On which screens an action applies.

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
            Screen::Worklist => Self::WORKLIST,
            Screen::Users => Self::USERS,
            Screen::Invitations => Self::INVITATIONS,
        };
        self.0 & place.0 != 0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    Worklist,
    Users,
    Invitations,
}
