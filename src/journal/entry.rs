//! One line of the journal, and the digest that chains it to the one before.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What comes before the digest of a line, which is its last field.
const MARK: &str = ",\"hash\":\"";
/// Hex digits of a digest.
const DIGITS: usize = 64;
/// The digest that the first line is chained to.
pub(super) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// From 1, without a gap.
    pub seq: u64,
    /// RFC 3339, UTC, milliseconds.
    pub time: String,
    /// The bytes of a line before this one that a crash cut off and that were removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub torn: Option<u64>,
    /// The user of the operating system: name and number.
    pub user: String,
    /// The process that wrote it.
    pub pid: u32,
    /// The host of the API, with its port if there is one.
    pub host: String,
    /// The attempt: sixteen hex digits, chosen at random.
    pub operation: String,
    #[serde(flatten)]
    pub event: Event,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The attempt is about to be made.
    Intent {
        /// The endpoint, as the vendor's clients name it.
        action: String,
        targets: Vec<String>,
        /// `name`, or `name=value` if the value is one of few or an id.
        fields: Vec<String>,
    },
    /// The attempt has ended.
    Outcome { outcome: LoggedOutcome },
    /// What is known of an attempt whose effect was unknown.
    #[serde(rename = "settled")]
    Resolved { found: LoggedFinding },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoggedOutcome {
    Done,
    Refused,
    Unknown,
}

/// What a read has shown, or that the user was told that no read can show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoggedFinding {
    Done,
    NotDone,
    Otherwise,
    Told,
}

impl From<crate::resolve::Found> for LoggedFinding {
    fn from(found: crate::resolve::Found) -> Self {
        match found {
            crate::resolve::Found::Done => Self::Done,
            crate::resolve::Found::NotDone => Self::NotDone,
            crate::resolve::Found::Otherwise => Self::Otherwise,
            crate::resolve::Found::Told => Self::Told,
        }
    }
}

impl Entry {
    /// Returns the line without its end, chained to the digest of the line before, and its own digest.
    pub(super) fn line(&self, previous: &str) -> serde_json::Result<(String, String)> {
        let mut line = serde_json::to_string(self)?;
        // The digest replaces the closing brace.
        line.pop();
        let hash = digest(previous, &line);
        line.push_str(MARK);
        line.push_str(&hash);
        line.push_str("\"}");
        Ok((line, hash))
    }
}

/// A parsed line.
pub(super) struct Parts<'a> {
    pub body: &'a str,
    pub hash: &'a str,
}

impl<'a> Parts<'a> {
    /// Returns `None` unless the line is built exactly as [`Entry::line`] builds one.
    pub(super) fn of(line: &'a [u8]) -> Option<Self> {
        let line = std::str::from_utf8(line).ok()?.strip_suffix("\"}")?;
        let at = line.len().checked_sub(DIGITS)?;
        let (head, hash) = (line.get(..at)?, line.get(at..)?);
        let body = head.strip_suffix(MARK)?;
        Some(Self { body, hash })
    }

    /// Returns the entry, whatever its digest says.
    pub(super) fn entry(&self) -> Option<Entry> {
        serde_json::from_str(&format!("{}}}", self.body)).ok()
    }

    pub(super) fn is_chained_to(&self, previous: &str) -> bool {
        digest(previous, self.body) == self.hash
    }
}

/// Whether these bytes can be the beginning of a line that a crash cut off.
pub(super) fn is_torn(tail: &[u8], next: u64) -> bool {
    let begin = format!("{{\"seq\":{next},");
    let begin = begin.as_bytes();
    let shared = begin.len().min(tail.len());
    let whole = tail
        .windows(MARK.len())
        .position(|it| it == MARK.as_bytes());
    let is_whole = whole.is_some_and(|at| tail.len() >= at + MARK.len() + DIGITS + 2);
    tail[..shared] == begin[..shared] && !is_whole
}

fn digest(previous: &str, body: &str) -> String {
    let mut sha = Sha256::new();
    sha.update(previous.as_bytes());
    sha.update(body.as_bytes());
    let mut hex = String::with_capacity(DIGITS);
    for byte in sha.finalize() {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
