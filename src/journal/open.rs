//! Attempts whose end is unknown.

use chrono::DateTime;

use super::entry::{Entry, Event, Outcome, Parts};
use crate::settle::{Field, Intent};

/// An attempt without an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unresolved {
    pub intent: Intent,
    pub host: String,
    pub pid: u32,
}

/// Returns the attempts of a journal that have no clear end, oldest first. Lines that cannot be read are
/// skipped; what follows them still counts.
pub fn unresolved(bytes: &[u8]) -> Vec<Unresolved> {
    let mut open: Vec<Unresolved> = Vec::new();
    for entry in entries(bytes) {
        let is_it = |it: &Unresolved| it.intent.operation == entry.operation;
        match &entry.event {
            Event::Intent {
                action,
                targets,
                fields,
            } => open.push(Unresolved {
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
                outcome: Outcome::Unknown,
            } => {}
            Event::Outcome { .. } | Event::Settled { .. } => open.retain(|it| !is_it(it)),
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

fn field(text: &str) -> Field {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (text, None),
    };
    let name = name.to_owned();
    Field { name, value }
}
