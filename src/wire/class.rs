//! What a call does, and so what may be done when nobody knows whether it took effect.
//!
//! One table for the client, the program, the command line and the documentation: each endpoint has a class
//! ([`super::ENDPOINTS`]) and each class has a [`OnUnknown`]. The table in `docs/reliability.md` is generated
//! from it.

/// What a call does, as far as it matters for sending it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallClass {
    /// Changes nothing.
    Read,
    /// Puts a record into a state that can be read back.
    SetState,
    /// Puts a record into a state that the API cannot show.
    SetStateUnverifiable,
    /// Makes a study, which can be found by its UID.
    Create,
    /// Makes an invitation, which can be found by its address, and sends a real e-mail.
    Invite,
    /// Mints a credential.
    Token,
}

/// What is done after a failure that leaves the effect of a call unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OnUnknown {
    /// It is sent again without asking, a few times.
    Repeat,
    /// The record is read and compared; it is sent once more only if it shows that nothing happened.
    ReadBack,
    /// It is sent once more, because the result is the same. It stays unconfirmed until the server says that
    /// it succeeded.
    SendOnceMore,
    /// The program looks for what it would have made, for a minute. It is never sent again without asking.
    LookFor,
    /// Nothing. Only a person can ask for it again.
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

    pub const fn on_unknown(self) -> OnUnknown {
        match self {
            Self::Read => OnUnknown::Repeat,
            Self::SetState => OnUnknown::ReadBack,
            Self::SetStateUnverifiable => OnUnknown::SendOnceMore,
            Self::Create | Self::Invite => OnUnknown::LookFor,
            Self::Token => OnUnknown::Leave,
        }
    }

    /// Whether it changes a record. A credential is not a record.
    pub const fn is_write(self) -> bool {
        match self {
            Self::Read | Self::Token => false,
            Self::SetState | Self::SetStateUnverifiable | Self::Create | Self::Invite => true,
        }
    }
}
