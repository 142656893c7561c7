//! The journal of changes: before a write goes out its intent is on disk, after it the outcome.
//!
//! A file of JSON lines, `journal.jsonl` in the platform's directory for state, mode 0600. It is only ever
//! added to, by several processes at once if need be, and each line carries a digest of itself and of the
//! line before: [`verify()`] finds what was changed. It holds ids and names of fields; no name of a person,
//! no text, no address, no key. `docs/reliability.md` says what it proves and what it does not.

mod entry;
mod file;
mod keep;
mod open;
mod request;
mod verify;

pub use entry::{Entry, Event, Found, Outcome};
pub use file::{JournalError, usual_path};
pub use keep::Journal;
pub use open::{Unresolved, entries, unresolved};
pub use verify::{Bad, Report, verify};

#[cfg(test)]
mod tests;
