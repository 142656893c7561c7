//! Attempts whose end is unknown.

use chrono::DateTime;

use super::entry::{Entry, Event, LoggedOutcome, Parts};
use crate::resolve::{Intent, SentField};

/// An attempt without an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAttempt {
    pub intent: Intent,
    pub host: String,
    pub pid: u32,
}

/// Returns the attempts of a journal that have no clear end, oldest first. Lines that cannot be read are
/// skipped; what follows them still counts.
pub fn unresolved(bytes: &[u8]) -> Vec<OpenAttempt> {
    let mut open: Vec<OpenAttempt> = Vec::new();
    for entry in entries(bytes) {
        let is_it = |it: &OpenAttempt| it.intent.operation == entry.operation;
        match &entry.event {
            Event::Intent {
                action,
                targets,
                fields,
            } => open.push(OpenAttempt {
                intent: Intent {
                    operation: entry.operation.clone(),
                    action: action.clone(),
                    at: DateTime::parse_from_rfc3339(&entry.time)
                        .map_or(0, |time| time.timestamp_millis()),
                    targets: targets.clone(),
                    fields: fields.iter().map(|text| field(text)).collect(),
                },
                host: entry.host.clone(),
                pid: entry.pid,
            }),
            Event::Outcome {
                outcome: LoggedOutcome::Unknown,
            } => {}
            Event::Outcome { .. } | Event::Resolved { .. } => open.retain(|it| !is_it(it)),
        }
    }
    open
}

/// Returns the lines that can be read, whatever their digests say.
pub fn entries(bytes: &[u8]) -> impl Iterator<Item = Entry> + '_ {
    bytes
        .split(|byte| *byte == b'\n')
        .filter_map(|line| Parts::of(line)?.entry())
}

fn field(text: &str) -> SentField {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (text, None),
    };
    let name = name.to_owned();
    SentField { name, value }
}
