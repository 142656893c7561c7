use crate::app::message::effect::Call;
use crate::wire::{
    CallClass, Endpoint, InvitationId, ReactivateUser, RevokeAccess, RevokeInvitation, UserId,
};

/// One change of a person's access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccessChange {
    Revoke(UserId),
    Reactivate(UserId),
    RevokeInvitation(InvitationId),
}

impl AccessChange {
    /// What it does: "revoke access".
    pub fn label(self) -> &'static str {
        match self {
            Self::Revoke(_) => "revoke access",
            Self::Reactivate(_) => "reactivate",
            Self::RevokeInvitation(_) => "revoke invitation",
        }
    }

    pub(in crate::app) fn call(self) -> Call {
        match self {
            Self::Revoke(user_id) => Call::RevokeAccess(RevokeAccess { user_id }),
            Self::Reactivate(user_id) => Call::ReactivateUser(ReactivateUser { user_id }),
            Self::RevokeInvitation(id) => Call::RevokeInvitation(RevokeInvitation {
                invitation_id: Some(id),
                user_id: None,
            }),
        }
    }

    pub(in crate::app) fn class(self) -> CallClass {
        match self {
            Self::Revoke(_) => RevokeAccess::INFO.class,
            Self::Reactivate(_) => ReactivateUser::INFO.class,
            Self::RevokeInvitation(_) => RevokeInvitation::INFO.class,
        }
    }

    /// Whose access: two changes of the same must not be under way at once.
    pub fn is_about(self, other: Self) -> bool {
        match (self, other) {
            (
                Self::Revoke(user) | Self::Reactivate(user),
                Self::Revoke(other) | Self::Reactivate(other),
            ) => user == other,
            (Self::RevokeInvitation(id), Self::RevokeInvitation(other)) => id == other,
            (
                Self::Revoke(_) | Self::Reactivate(_) | Self::RevokeInvitation(_),
                Self::Revoke(_) | Self::Reactivate(_) | Self::RevokeInvitation(_),
            ) => false,
        }
    }
}
