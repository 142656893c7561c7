//! What all changes have in common: whether they may be made, what would be sent, and how they ended.

use super::exit::told;
use super::render::printable;
use super::session::Session;
use super::{Exit, Out, Problem};
use crate::wire::{Endpoint, Failure};

/// After this many failures in a row the rest is not tried, because it would fail too.
const MAX_FAILURES_IN_A_ROW: usize = 5;

/// How the change of one record ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Done,
    Failed,
    /// Not changed, because the record is no longer as it was. That says nothing about the others.
    Overtaken,
    /// The key itself was refused, so no other record will succeed.
    Refused,
}

impl Ended {
    pub fn of(failure: &Failure) -> Self {
        if failure.is_auth() {
            Self::Refused
        } else {
            Self::Failed
        }
    }

    /// Returns the exit code of a command that changes nothing else.
    pub fn exit(self) -> Exit {
        match self {
            Self::Done => Exit::Done,
            Self::Failed | Self::Overtaken => Exit::Error,
            Self::Refused => Exit::Auth,
        }
    }
}

/// Refuses a change in read-only mode, before anything is looked up for it.
pub fn check_allowed(session: &Session, dry_run: bool) -> Result<(), Problem> {
    if session.read_only && !dry_run {
        return Err(Problem::Usage(
            "nothing was changed: --read-only refuses every change".into(),
        ));
    }
    Ok(())
}

/// Returns what would be sent: method, path and JSON.
pub fn preview<E: Endpoint>(request: &E) -> String {
    let body = request.body().and_then(Result::ok).unwrap_or_default();
    let body = printable(&String::from_utf8_lossy(&body));
    format!("{} {} {body}\n", E::INFO.method, request.path())
}

/// Says why nothing was changed.
pub fn not_changed(name: &impl std::fmt::Display, failure: &Failure, out: &mut Out) -> Ended {
    out.note(&format!(
        "{name}: not changed. {}; {}",
        told(failure),
        failure.advice()
    ));
    Ended::of(failure)
}

/// Changes one record after the other, and stops when going on is of no use.
pub async fn each<T>(
    names: &[T],
    out: &mut Out,
    mut one: impl AsyncFnMut(&T, &mut Out) -> Result<Ended, Problem>,
) -> Result<Exit, Problem> {
    let (mut done, mut refused, mut in_a_row) = (0, false, 0);
    for (number, name) in names.iter().enumerate() {
        match one(name, out).await? {
            Ended::Done => (done, in_a_row) = (done + 1, 0),
            Ended::Overtaken => in_a_row = 0,
            Ended::Failed => in_a_row += 1,
            Ended::Refused => refused = true,
        }
        let left = names.len() - number - 1;
        if left > 0 && (refused || in_a_row == MAX_FAILURES_IN_A_ROW) {
            out.note(&format!("avara-tui: stopped; {left} more were not tried"));
            break;
        }
    }
    Ok(match (done, refused) {
        _ if done == names.len() => Exit::Done,
        (0, true) => Exit::Auth,
        (0, false) => Exit::Error,
        _ => Exit::Partly,
    })
}
