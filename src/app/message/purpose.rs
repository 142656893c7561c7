use crate::app::message::access_change::AccessChange;
use crate::sync::ChainRef;
use crate::wire::{InvitationId, StudyId, UserId};

/// Why a call was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallPurpose {
    /// A page of a walk.
    Walk(ChainRef),
    /// A study left a walk's set: read it to learn why.
    Verify(StudyId),
    /// A page of the users.
    People,
    /// One user whose e-mail was typed.
    PersonByEmail,
    /// A user whose detail is looked at.
    User(UserId),
    /// A page of the invitations.
    Invitations,
    /// An invitation whose detail is looked at.
    Invitation(InvitationId),
    /// A person's access changes.
    Access(AccessChange),
    /// Read the invitation to see whether it was revoked.
    RecheckInvitation(InvitationId),
    /// Read the invitation before its revocation is tried again.
    CheckInvitation(InvitationId),
    /// The pending invitations of a user whose access was revoked.
    InvitationsOf(UserId),
    /// Read this study before it is changed, to see whether it may be.
    Check(StudyId),
    /// A change of this study.
    Change(StudyId),
    /// A change ended without the study's record: read it to see whether the change was applied.
    Recheck(StudyId),
    /// A viewer link for this study.
    Link(StudyId),
    /// A viewer link for this study, to be copied.
    CopyLink(StudyId),
    /// The study that is being looked up.
    LookUp,
    /// A record that a change of an earlier run was about, by that change's number.
    EarlierChange(usize),
    /// A form asks; its ticket tells which.
    Form(FormStep),
}

/// Why a form made a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormStep {
    /// The record to edit.
    Read,
    /// Whether a UID that was just typed is taken.
    Peek,
    /// Whether the new record is there already, or the record to edit has changed.
    Check,
    Send,
    /// The write ended without a clear answer: look whether it took effect.
    Recheck,
}
