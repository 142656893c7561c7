//! What a call does to the world, and therefore what may be done when nobody knows whether it did it.
//!
//! One table that the client, the program, the command line and the documentation share: each endpoint
//! has a class ([`super::ENDPOINTS`]), each class a [`Recourse`]. `docs/reliability.md` is written from it.

/// What a call does, as far as its repetition goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallClass {
    /// Changes nothing.
    Read,
    /// Puts a record into a state that can be read back.
    SetState,
    /// Puts a record into a state that the API cannot show.
    SetStateUnverifiable,
    /// Makes a study, which its UID finds.
    Create,
    /// Makes an invitation and sends a real e-mail; the address finds it.
    Invite,
    /// Mints a credential.
    Token,
}

/// What is done after a failure that leaves the effect of a call unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Recourse {
    /// Sent again by itself, a few times.
    Repeat,
    /// The record is read and compared; it is sent once more only if it shows that nothing happened.
    ReadBack,
    /// Sent once more, for the end is the same; unconfirmed until the server says that it succeeded.
    SendOnceMore,
    /// What it would have made is looked for, for a minute; it is never sent again by itself.
    LookFor,
    /// Nothing: only a person asks again.
    Leave,
}

impl CallClass {
    pub const ALL: [Self; 6] = [
        Self::Read,
        Self::SetState,
        Self::SetStateUnverifiable,
        Self::Create,
        Self::Invite,
        Self::Token,
    ];

    pub const fn recourse(self) -> Recourse {
        match self {
            Self::Read => Recourse::Repeat,
            Self::SetState => Recourse::ReadBack,
            Self::SetStateUnverifiable => Recourse::SendOnceMore,
            Self::Create | Self::Invite => Recourse::LookFor,
            Self::Token => Recourse::Leave,
        }
    }

    /// Whether it changes a record. A minted credential is none.
    pub const fn is_write(self) -> bool {
        match self {
            Self::Read | Self::Token => false,
            Self::SetState | Self::SetStateUnverifiable | Self::Create | Self::Invite => true,
        }
    }
}
