//! The journal on disk: who may read it, and how a line is written completely or not at all.

use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::entry::{Entry, GENESIS, Parts, is_torn};
use super::place::{self, PlaceFault};
use crate::files;
use crate::text::clean_path;

/// This many bytes at the end of the file are read to find its last line, which has a few hundred.
const TAIL: u64 = 64 << 10;
/// The largest journal that is read whole: some 300,000 changes. Adding to it and starting the program read
/// only its end.
const LARGEST: u64 = 256 << 20;
/// How long another process may hold the file. The message names it too.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often the lock is tried.
const STEP: Duration = Duration::from_millis(10);

/// Why the journal cannot be written. Then nothing is changed.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error("there is no directory for it: neither XDG_STATE_HOME nor HOME is set")]
    NoPlace,
    #[error("{}: {fault}", clean_path(path))]
    Place { path: PathBuf, fault: PlaceFault },
    #[error(
        "{}: its last line is damaged; `avara-tui journal verify` tells more, and once it is moved away a new one is begun",
        clean_path(path)
    )]
    Damaged { path: PathBuf },
    #[error(
        "{}: another program has held it for 5 s; end that program, or try again",
        clean_path(path)
    )]
    Held { path: PathBuf },
}

/// Returns where the platform keeps such a file: `~/.local/state/avara-tui/journal.jsonl`, or below
/// `XDG_STATE_HOME`.
pub fn usual_path() -> Option<PathBuf> {
    use etcetera::BaseStrategy;
    let base = etcetera::choose_base_strategy().ok()?;
    let state = base.state_dir().unwrap_or_else(|| base.data_dir());
    Some(state.join("avara-tui").join("journal.jsonl"))
}

/// Adds the entry that `make` builds from its number. It is on disk when this returns.
pub(super) fn append(path: &Path, make: impl FnOnce(u64) -> Entry) -> Result<(), JournalError> {
    let file = place::open_to_append(path).map_err(|fault| JournalError::Place {
        path: path.to_owned(),
        fault,
    })?;
    append_to(path, file, patience(), make)
}

/// Adds to an open file. `path` is for messages. While another process writes, `wait` says after each
/// attempt whether to try again.
pub(super) fn append_to(
    path: &Path,
    mut file: File,
    wait: impl FnMut() -> bool,
    make: impl FnOnce(u64) -> Entry,
) -> Result<(), JournalError> {
    let failed = |error| JournalError::Place {
        path: path.to_owned(),
        fault: PlaceFault::Io(error),
    };
    // The lock goes with the file.
    let is_ours = lock(&file, wait).map_err(failed)?;
    if !is_ours {
        return Err(JournalError::Held {
            path: path.to_owned(),
        });
    }
    let end = End::of(&mut file).map_err(failed)?;
    let End {
        seq,
        hash,
        length,
        torn,
        has_end,
    } = end.ok_or_else(|| JournalError::Damaged {
        path: path.to_owned(),
    })?;
    let mut entry = make(seq + 1);
    if torn > 0 {
        file.set_len(length).map_err(failed)?;
        entry.torn = Some(torn);
    }
    let (line, _) = entry.line(&hash).map_err(|error| failed(error.into()))?;
    let lead = if has_end { "" } else { "\n" };
    let text = format!("{lead}{line}\n");
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_data());
    written.map_err(|error| {
        // Half a line is of no use. If it cannot be removed now, the next entry removes it.
        let _ = file.set_len(length);
        failed(error)
    })
}

/// Whether the file could be locked before `wait` gave up.
fn lock(file: &File, mut wait: impl FnMut() -> bool) -> io::Result<bool> {
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) => {}
        }
        if !wait() {
            return Ok(false);
        }
    }
}

/// Returns a wait for the lock of another process. A write takes it for some milliseconds, so a process that
/// holds it longer has stopped.
fn patience() -> impl FnMut() -> bool {
    let mut left = PATIENCE.as_millis() / STEP.as_millis();
    move || {
        thread::sleep(STEP);
        left = left.saturating_sub(1);
        left > 0
    }
}

/// The end of the file.
struct End {
    seq: u64,
    hash: String,
    /// The length of what is in order.
    length: u64,
    /// The bytes after that, of a line that a crash cut off.
    torn: u64,
    /// Whether the last line has its line end.
    has_end: bool,
}

impl End {
    /// Returns `None` if the last line is damaged.
    fn of(file: &mut File) -> io::Result<Option<Self>> {
        let size = file.metadata()?.len();
        let from = size.saturating_sub(TAIL);
        file.seek(SeekFrom::Start(from))?;
        let mut tail = Vec::new();
        // Something that is not a file may have no end.
        file.take(size - from).read_to_end(&mut tail)?;
        Ok(Self::in_tail(&tail, size))
    }

    fn in_tail(tail: &[u8], size: u64) -> Option<Self> {
        let begun = tail
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let (before, rest) = tail.split_at(begun);
        if let Some(end) = Self::after(rest, size, false) {
            return Some(end);
        }
        let length = size - rest.len() as u64;
        let last = before.strip_suffix(b"\n").unwrap_or(before);
        let line = last
            .rsplit(|byte| *byte == b'\n')
            .next()
            .unwrap_or_default();
        let end = match line {
            [] if length == 0 => Self {
                seq: 0,
                hash: GENESIS.into(),
                length: 0,
                torn: 0,
                has_end: true,
            },
            line => Self::after(line, length, true)?,
        };
        (rest.is_empty() || is_torn(rest, end.seq + 1)).then_some(Self {
            torn: rest.len() as u64,
            ..end
        })
    }

    fn after(line: &[u8], length: u64, has_end: bool) -> Option<Self> {
        let parts = Parts::of(line)?;
        Some(Self {
            seq: parts.entry()?.seq,
            hash: parts.hash.to_owned(),
            length,
            torn: 0,
            has_end,
        })
    }
}

/// Returns the end of the journal, from somewhere in a line. What an earlier run left open is not far back.
pub(super) fn read_end(path: &Path, length: u64) -> Result<Vec<u8>, JournalError> {
    let read = || {
        let mut file = place::open_to_read(path)?;
        let size = file.metadata()?.len();
        file.seek(SeekFrom::Start(size.saturating_sub(length)))?;
        let mut bytes = Vec::new();
        file.take(length).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().or_else(|fault| absent_or(path, fault))
}

/// Returns the whole journal, or nothing if there is none yet.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, JournalError> {
    let read = || Ok(files::read_open(&place::open_to_read(path)?, LARGEST)?);
    read().or_else(|fault| absent_or(path, fault))
}

fn absent_or(path: &Path, fault: PlaceFault) -> Result<Vec<u8>, JournalError> {
    match fault {
        PlaceFault::Io(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        fault => Err(JournalError::Place {
            path: path.to_owned(),
            fault,
        }),
    }
}
