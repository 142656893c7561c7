//! Whether a journal is as it was written.

use super::entry::{Entry, GENESIS, Parts, is_torn};

/// What a check has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How many lines from the first on are in order.
    pub entries: u64,
    /// The digest of the last of them. Somebody who notes it down can tell later that nothing before it was
    /// cut off.
    pub head: String,
    /// Whether the file ends in a line that a crash cut off, which is no sign of tampering.
    pub torn: bool,
    pub bad: Option<Bad>,
    /// Whether the digest that was asked for is that of one of these lines.
    pub has_head: Option<bool>,
}

/// The first line that is not as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bad {
    /// The number that it has or should have.
    pub seq: u64,
}

/// Checks a journal from its first line. `head` is a digest that must be in it.
pub fn verify(bytes: &[u8], head: Option<&str>) -> Report {
    verify_as(bytes, head, Chain::Checked)
}

/// Whether the digests count. A verifier that skips them is the defect that its test must catch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chain {
    Checked,
    #[cfg(test)]
    Skipped,
}

pub(super) fn verify_as(bytes: &[u8], head: Option<&str>, chain: Chain) -> Report {
    let mut report = Report {
        entries: 0,
        head: GENESIS.into(),
        torn: false,
        bad: None,
        has_head: head.map(|head| head == GENESIS),
    };
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let next = report.entries + 1;
        let (content, is_ended) = match line.strip_suffix(b"\n") {
            Some(content) => (content, true),
            None => (line, false),
        };
        match good(content, next, &report.head, chain) {
            Some(hash) => {
                report.entries = next;
                report.head = hash;
                if head.is_some_and(|head| head.eq_ignore_ascii_case(&report.head)) {
                    report.has_head = Some(true);
                }
            }
            None if !is_ended && is_torn(content, next) => report.torn = true,
            None => {
                report.bad = Some(Bad { seq: next });
                break;
            }
        }
    }
    report
}

/// Returns the digest of a line that is in order.
fn good(line: &[u8], seq: u64, previous: &str, chain: Chain) -> Option<String> {
    let parts = Parts::of(line)?;
    let entry: Entry = parts.entry()?;
    let is_chained = chain != Chain::Checked || parts.is_chained_to(previous);
    (entry.seq == seq && is_chained).then(|| parts.hash.to_owned())
}
