use crate::app::edit::change::Field;
use crate::app::message::access_change::AccessChange;
use crate::wire::StudyId;

/// What happens to the open studies of a user who loses access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rehome {
    Reassign,
    Unassign,
    Leave,
}

/// Something that waits for a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unresolved {
    Conflict(StudyId, Field),
    Failed(StudyId, Field),
    Access(AccessChange),
    /// Every conflict, or every failure, that is listed.
    AllConflicts,
    AllFailed,
}

/// What is done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The server's value stays.
    KeepTheirs,
    /// The change is sent after all, if the server still has what was shown as theirs.
    ApplyMine,
    TryAgain,
    Dismiss,
    GoThere,
}
