//! `journal`: the changes made from this computer, and whether that record is as it was written.

use clap::Subcommand;
use serde_json::{Value, json};

use super::render::printable;
use super::{Exit, Out, Problem};
use crate::journal::{
    self, Entry, Event, Journal, JournalError, LoggedFinding, LoggedOutcome, entries, verify,
};
use crate::text::clean;

pub const EXAMPLES: &str = "\
Examples:
  avara-tui journal show --open
  avara-tui journal verify --head 5f0c...

The journal contains ids and field names, no personal names and no text.";

const SHOW_EXAMPLES: &str = "\
Examples:
  avara-tui journal show
  avara-tui journal show --open
  avara-tui journal show --json | jq .";

const VERIFY_EXAMPLES: &str = "\
Examples:
  avara-tui journal verify
  avara-tui journal verify --head 5f0c...";

#[derive(Debug, Clone, Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum JournalCommand {
    /// List the changes that were made from this computer
    #[command(after_help = SHOW_EXAMPLES)]
    Show {
        /// Only changes with an unknown outcome
        #[arg(long)]
        open: bool,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Check that the journal has not been altered
    #[command(after_help = VERIFY_EXAMPLES)]
    Verify {
        /// A digest printed by an earlier check, to detect lines cut off at the end
        #[arg(long, value_name = "DIGEST")]
        head: Option<String>,
    },
}

impl From<JournalError> for Problem {
    fn from(error: JournalError) -> Self {
        Self::Other(format!("the journal of changes cannot be read: {error}"))
    }
}

pub fn run(command: &JournalCommand, out: &mut Out) -> Result<Exit, Problem> {
    let bytes = Journal::new(journal::usual_path(), "").read()?;
    match command {
        JournalCommand::Show { open, json } => show(&bytes, *open, *json, out),
        JournalCommand::Verify { head } => check(&bytes, head.as_deref(), out),
    }
}

fn check(bytes: &[u8], head: Option<&str>, out: &mut Out) -> Result<Exit, Problem> {
    let report = verify(bytes, head);
    if report.torn {
        out.note("the last line was cut off by a crash, which is no sign of tampering");
    }
    if let Some(bad) = report.bad {
        return Err(Problem::Other(format!(
            "the journal was altered: line {} is the first that does not match",
            bad.seq
        )));
    }
    if report.has_head == Some(false) {
        return Err(Problem::Other(format!(
            "the journal was cut off: its {} lines are in order, but the digest is not among them",
            report.entries
        )));
    }
    let lines = match report.entries {
        1 => "1 line is".to_owned(),
        many => format!("{many} lines are"),
    };
    out.note(&format!(
        "{lines} as written; note the digest down to tell later that none was cut off"
    ));
    out.data(&format!("{}\n", report.head))?;
    Ok(Exit::Done)
}

/// An attempt and what became of it.
struct Attempt {
    intent: Entry,
    outcome: Option<LoggedOutcome>,
    found: Option<LoggedFinding>,
}

impl Attempt {
    fn is_open(&self) -> bool {
        self.found.is_none() && matches!(self.outcome, None | Some(LoggedOutcome::Unknown))
    }

    fn state(&self) -> &'static str {
        match (self.found, self.outcome) {
            (Some(LoggedFinding::Done), _) => "found done",
            (Some(LoggedFinding::NotDone), _) => "found not done",
            (Some(LoggedFinding::Otherwise), _) => "found otherwise",
            (Some(LoggedFinding::Told), _) => "unconfirmed",
            (None, Some(LoggedOutcome::Done)) => "done",
            (None, Some(LoggedOutcome::Refused)) => "refused",
            (None, Some(LoggedOutcome::Unknown)) => "open",
            (None, None) => "open, no answer",
        }
    }
}

fn show(bytes: &[u8], open: bool, as_json: bool, out: &mut Out) -> Result<Exit, Problem> {
    let attempts: Vec<Attempt> = attempts(bytes)
        .into_iter()
        .filter(|attempt| !open || attempt.is_open())
        .collect();
    if as_json {
        let values: Vec<Value> = attempts.iter().map(value).collect();
        let text = serde_json::to_string_pretty(&values)
            .map_err(|error| Problem::Other(error.to_string()))?;
        for line in text.lines() {
            out.data(&format!("{}\n", printable(line)))?;
        }
        return Ok(Exit::Done);
    }
    for attempt in &attempts {
        out.data(&line(attempt))?;
    }
    if attempts.is_empty() {
        out.note(if open {
            "every change has a known end"
        } else {
            "nothing was changed from this computer yet"
        });
    }
    Ok(Exit::Done)
}

fn attempts(bytes: &[u8]) -> Vec<Attempt> {
    let mut attempts: Vec<Attempt> = Vec::new();
    for entry in entries(bytes) {
        let known = attempts
            .iter_mut()
            .rev()
            .find(|attempt| attempt.intent.operation == entry.operation);
        match (&entry.event, known) {
            (Event::Intent { .. }, _) => attempts.push(Attempt {
                intent: entry,
                outcome: None,
                found: None,
            }),
            (Event::Outcome { outcome }, Some(attempt)) => attempt.outcome = Some(*outcome),
            (Event::Resolved { found }, Some(attempt)) => attempt.found = Some(*found),
            (Event::Outcome { .. } | Event::Resolved { .. }, None) => {}
        }
    }
    attempts
}

fn line(attempt: &Attempt) -> String {
    let entry = &attempt.intent;
    let Event::Intent {
        action,
        targets,
        fields,
    } = &entry.event
    else {
        return String::new();
    };
    let text = format!(
        "{}  {:<15}  {action}  {}  {}  {} at {}",
        entry.time,
        attempt.state(),
        targets.join(" "),
        fields.join(" "),
        entry.user,
        entry.host
    );
    format!("{}\n", clean(&text))
}

fn value(attempt: &Attempt) -> Value {
    let entry = &attempt.intent;
    let Event::Intent {
        action,
        targets,
        fields,
    } = &entry.event
    else {
        return Value::Null;
    };
    json!({
        "seq": entry.seq, "time": entry.time, "user": entry.user, "host": entry.host,
        "operation": entry.operation, "action": action, "targets": targets, "fields": fields,
        "outcome": attempt.outcome, "found": attempt.found, "open": attempt.is_open(),
    })
}
