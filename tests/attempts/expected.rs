//! The one table of how each case ends.

use avara_tui::sandbox::Fault;
use avara_tui::wire::CallClass;

use crate::Case;
use crate::clinic::Write;

/// What the screen says of a write in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    Done,
    NotDone,
    /// Nobody knows: a person decides.
    Unconfirmed,
    /// No viewer link came. Whether the server made one is of no account: it is not kept.
    NoLink,
    /// None of these. Never expected.
    Something,
}

/// How a case ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    pub said: Said,
    /// How often the server changed something for it.
    pub applied: usize,
    /// How many requests carried it, those before the fault included.
    pub requests: usize,
}

/// What a fault comes to, for the client that sent the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A clear refusal: nothing was done.
    Refused,
    /// Nothing was done, and nobody can tell.
    Lost,
    /// It was done, and nobody can tell.
    Silent,
    /// It was done, and the answer is a conflict.
    Conflict,
    /// It is done some time after the request was given up.
    Late,
}

fn kind(fault: Fault, write: Write) -> Kind {
    match fault {
        // Where a record is due, this is an answer that cannot be read.
        Fault::Unsuccessful if write.answers_with_a_record() => Kind::Lost,
        Fault::Refuse
        | Fault::TooMany(_)
        | Fault::Unsuccessful
        | Fault::Unauthorized
        | Fault::Forbidden => Kind::Refused,
        Fault::TlsAbort
        | Fault::ResetMidRequest
        | Fault::ResetBeforeApply
        | Fault::ErrorBeforeApply
        | Fault::Html => Kind::Lost,
        Fault::ResetAfterApply
        | Fault::CutStatusLine
        | Fault::CutHeaders
        | Fault::CutBody
        | Fault::DelayAfterApply
        | Fault::ErrorAfterApply => Kind::Silent,
        Fault::ConflictAfterApply => Kind::Conflict,
        Fault::LateApply => Kind::Late,
    }
}

/// The table: what is said, how often it was done, and how many requests that took.
///
/// A write that sets a state is repeated once by the program, so its second request is that repetition,
/// and its third a person's. All others are repeated by a person alone, but for those that cannot be
/// verified, which are repeated once too.
pub fn expected(case: Case) -> Ending {
    use CallClass::*;
    use Kind::*;
    let n = case.attempt;
    let (said, applied, requests) = match (case.write.class(), kind(case.fault, case.write), n) {
        // A read proves that nothing was done.
        (SetState, Refused, _) => (Said::NotDone, 0, n),
        // Repeated by the program, once.
        (SetState, Lost, 1 | 3) => (Said::Done, 1, n + 1),
        (SetState, Lost, _) => (Said::NotDone, 0, n),
        // A read shows that it was done.
        (SetState, Silent | Conflict, _) => (Said::Done, 1, n),
        // The repetition does it; the late one changes nothing more.
        (SetState, Late, 1 | 3) => (Said::Done, 1, n + 1),
        // A read showed that nothing had been done yet.
        (SetState, Late, _) => (Said::Unconfirmed, 1, n),

        (SetStateUnverifiable, Refused, 1 | 3) => (Said::NotDone, 0, n),
        // The request before may have been carried out, and no read tells.
        (SetStateUnverifiable, Refused | Lost, 2) => (Said::Unconfirmed, 0, n),
        (SetStateUnverifiable, Silent | Late, 2) => (Said::Unconfirmed, 1, n),
        (SetStateUnverifiable, Conflict, _) => (Said::Unconfirmed, 1, n),
        (SetStateUnverifiable, Lost | Silent | Late, _) => (Said::Done, 1, n + 1),
        (SetStateUnverifiable, Refused, _) => (Said::Unconfirmed, 0, n),

        (Create | Invite, Refused, _) => (Said::NotDone, 0, n),
        (Create | Invite, Lost, _) => (Said::Unconfirmed, 0, n),
        (Create | Invite, Silent | Conflict | Late, _) => (Said::Done, 1, n),

        (Token, Refused | Lost, _) => (Said::NoLink, 0, n),
        (Token, Silent | Conflict | Late, _) => (Said::NoLink, 1, n),
        (Read, ..) => (Said::Something, 0, 0),
    };
    Ending {
        said,
        applied,
        requests,
    }
}

/// What is said agrees with what the server did, and nothing was done twice.
pub fn is_honest(ending: Ending) -> bool {
    match (ending.said, ending.applied) {
        (Said::Done, applied) => applied == 1,
        (Said::NotDone, applied) => applied == 0,
        (Said::Unconfirmed, applied) => applied <= 1,
        // Each request may have made a link; none was used.
        (Said::NoLink, applied) => applied <= ending.requests,
        (Said::Something, _) => false,
    }
}
