//! Keeping the journal while the program runs.

use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, SecondsFormat, Utc};

use super::entry::{Entry, Event, LoggedFinding, LoggedOutcome};
use super::file::{self, JournalError};
use super::open::{OpenAttempt, unresolved};
use super::request;
use crate::api::WriteRecorder;
use crate::resolve::{self, Intent};
use crate::wire::{self, EndpointInfo, Failure};

/// How long an attempt of a running process is left alone: it may not be over, or the process may be looking
/// for it.
const UNDER_WAY: i64 = 5 * 60_000;
/// How many bytes from the end are searched for changes of an earlier run: about ten thousand changes.
const BACK: u64 = 8 << 20;

/// A journal, and the attempts of this process in it.
#[derive(Debug)]
pub struct Journal {
    path: Option<PathBuf>,
    host: String,
    user: String,
    /// Attempts of this process that have not ended well or clearly.
    open: Mutex<Vec<Intent>>,
    /// Attempts of others that are being looked into.
    inherited: Mutex<Vec<Intent>>,
}

impl Journal {
    /// Reads and writes nothing yet. Without a path every write is refused.
    pub fn new(path: Option<PathBuf>, host: &str) -> Self {
        Self {
            path,
            host: host.to_owned(),
            user: user(),
            open: Mutex::default(),
            inherited: Mutex::default(),
        }
    }

    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Returns all of it, or nothing if there is none yet.
    pub fn read(&self) -> Result<Vec<u8>, JournalError> {
        file::read(self.path.as_deref().ok_or(JournalError::NoPlace)?)
    }

    /// Returns the attempts at this host that no running process works on. From now on this process does.
    pub fn inherit(&self) -> Result<Vec<Intent>, JournalError> {
        let now = now().timestamp_millis();
        let left = |it: &OpenAttempt| {
            let is_busy = is_running(it.pid) && now - it.intent.at < UNDER_WAY;
            it.host == self.host && !is_busy
        };
        let path = self.path.as_deref().ok_or(JournalError::NoPlace)?;
        let found = unresolved(&file::read_end(path, BACK)?);
        let intents: Vec<Intent> = found.into_iter().filter(left).map(|it| it.intent).collect();
        lock(&self.inherited).clone_from(&intents);
        Ok(intents)
    }

    /// Notes what is now known of attempts whose effect was unknown: of one, by its operation, or of all of
    /// this process about an id, a UID or an address.
    pub fn resolve(&self, target: &str, found: resolve::Found) {
        let mut resolved = Vec::new();
        lock(&self.inherited).retain(|intent| {
            let is_it = intent.operation == target;
            resolved.extend(is_it.then(|| intent.operation.clone()));
            !is_it
        });
        lock(&self.open).retain(|intent| {
            let is_it = intent.is_about(target);
            resolved.extend(is_it.then(|| intent.operation.clone()));
            !is_it
        });
        for operation in resolved {
            let found = LoggedFinding::from(found);
            // If it cannot be written, the attempt stays open and is looked into at the next start.
            let _ = self.append(&operation, Event::Resolved { found });
        }
    }

    fn append(&self, operation: &str, event: Event) -> Result<(), JournalError> {
        let path = self.path.as_deref().ok_or(JournalError::NoPlace)?;
        file::append(path, |seq| Entry {
            seq,
            time: now().to_rfc3339_opts(SecondsFormat::Millis, true),
            torn: None,
            user: self.user.clone(),
            pid: std::process::id(),
            host: self.host.clone(),
            operation: operation.to_owned(),
            event,
        })
    }
}

impl WriteRecorder for Journal {
    fn before(
        &self,
        info: &EndpointInfo,
        path_values: Vec<String>,
        body: &[u8],
    ) -> Result<String, String> {
        let operation = format!("{:016x}", RandomState::new().hash_one(std::process::id()));
        let event = request::intent(&operation, info, path_values, body);
        self.append(&operation, event)
            .map_err(|error| error.to_string())?;
        Ok(operation)
    }

    fn after(
        &self,
        operation: &str,
        info: &EndpointInfo,
        path_values: Vec<String>,
        body: &[u8],
        failure: Option<&Failure>,
    ) {
        let outcome = match failure.map(Failure::outcome) {
            None => LoggedOutcome::Done,
            Some(wire::Outcome::NotApplied) => LoggedOutcome::Refused,
            Some(wire::Outcome::Unknown) => LoggedOutcome::Unknown,
        };
        if outcome == LoggedOutcome::Unknown
            && let Event::Intent {
                action, targets, ..
            } = request::intent(operation, info, path_values, body)
        {
            lock(&self.open).push(Intent {
                operation: operation.to_owned(),
                action,
                at: 0,
                targets,
                fields: Vec::new(),
            });
        }
        // If it cannot be written, the attempt stays open and is looked into at the next start.
        let _ = self.append(operation, Event::Outcome { outcome });
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the user of the operating system. The name is what the environment says; the number cannot be
/// wrong.
fn user() -> String {
    let name = ["USER", "LOGNAME", "USERNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok())
        .unwrap_or_default();
    let name: String = name
        .chars()
        .filter(|c| c.is_alphanumeric())
        .take(32)
        .collect();
    format!("{name}/{}", number())
}

#[cfg(unix)]
fn number() -> String {
    rustix::process::getuid().as_raw().to_string()
}

#[cfg(not(unix))]
fn number() -> String {
    String::new()
}

#[cfg(unix)]
fn is_running(pid: u32) -> bool {
    let pid = i32::try_from(pid)
        .ok()
        .and_then(rustix::process::Pid::from_raw);
    pid.is_some_and(|pid| {
        let asked = rustix::process::test_kill_process(pid);
        // A process of another user is running too.
        asked.is_ok() || asked == Err(rustix::io::Errno::PERM)
    })
}

#[cfg(not(unix))]
fn is_running(_: u32) -> bool {
    false
}

#[expect(
    clippy::disallowed_methods,
    reason = "a journal says when something was done"
)]
fn now() -> DateTime<Utc> {
    Utc::now()
}
