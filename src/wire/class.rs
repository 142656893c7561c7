//! What a call does, and so what may be done when nobody knows whether it took effect.
//!
//! One table for the client, the program, the command line and the documentation: each endpoint has a class
//! ([`super::ENDPOINTS`]) and each class has a [`Recourse`]. The table in `docs/reliability.md` is generated
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
pub enum Recourse {
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

    pub const fn recourse(self) -> Recourse {
        match self {
            Self::Read => Recourse::Repeat,
            Self::SetState => Recourse::ReadBack,
            Self::SetStateUnverifiable => Recourse::SendOnceMore,
            Self::Create | Self::Invite => Recourse::LookFor,
            Self::Token => Recourse::Leave,
        }
    }

    /// Whether it changes a record. A credential is not a record.
    pub const fn is_write(self) -> bool {
        match self {
            Self::Read | Self::Token => false,
            Self::SetState | Self::SetStateUnverifiable | Self::Create | Self::Invite => true,
        }
    }

    /// Returns its name in the documentation.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::SetState => "set state",
            Self::SetStateUnverifiable => "set state, unverifiable",
            Self::Create => "create",
            Self::Invite => "invite",
            Self::Token => "token",
        }
    }

    /// Returns how often the program sends it again without asking, in words for the documentation.
    pub const fn repeated(self) -> &'static str {
        match self.recourse() {
            Recourse::Repeat => "up to three attempts, within a budget",
            Recourse::ReadBack => "once, if the record is unchanged",
            Recourse::SendOnceMore => "once",
            Recourse::LookFor | Recourse::Leave => "never",
        }
    }

    /// Returns what is done after a failure that leaves its effect unknown, in words for the documentation.
    pub const fn afterwards(self) -> &'static str {
        match self {
            Self::Read => "The read is repeated.",
            Self::SetState => {
                "The record is read and compared. As wanted: done. As before: sent once more. \
                 Anything else: the conflict is shown."
            }
            Self::SetStateUnverifiable => {
                "It is sent once more, because the result is the same. It counts as unconfirmed until \
                 the server answers `success: true`."
            }
            Self::Create => {
                "The UID is looked for at once and after 1, 2, 4, 8, 16, 30 and 60 seconds. Found as \
                 wanted: done. Found otherwise: the conflict is shown. Not found: a person decides."
            }
            Self::Invite => {
                "The address is looked for among users and pending invitations at once and after 1, \
                 2, 4, 8, 16, 30 and 60 seconds. Found as wanted: done. Found otherwise: the conflict \
                 is shown. Not found: a person decides."
            }
            Self::Token => "Nothing. A person can ask for another one; none is kept.",
        }
    }
}
