//! The journal of changes: the intent of a write is on disk before it goes out, and the outcome after it.
//!
//! A file of JSON lines, `journal.jsonl` in the platform's directory for state, mode 0600. Lines are only
//! ever added, if need be by several processes at once, and each has a digest of itself and of the line
//! before, so that [`verify()`] finds what was changed. It has ids and names of fields, but no name of a
//! person, no text, no address and no key. `docs/reliability.md` says what it proves and what it does not.

mod entry;
mod file;
mod keep;
mod open;
mod place;
mod request;
mod verify;

pub use entry::{Entry, Event, LoggedFinding, LoggedOutcome};
pub use file::{JournalError, usual_path};
pub use keep::Journal;
pub use open::{OpenAttempt, entries, unresolved};
pub use place::PlaceFault;
pub use verify::{Bad, Report, verify};

#[cfg(test)]
mod tests;
