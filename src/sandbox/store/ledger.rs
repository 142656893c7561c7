//! Every effect that a call had, in the order in which they were applied: what was really done, whatever the
//! caller was told.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};
use serde::Serialize;
use serde_json::Value;

use super::{SandboxStore, StoreError, millis, time};
use crate::wire::StudyId;

/// An effect of a write. It is recorded in the transaction that makes it.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerEntry {
    /// Counts from 1.
    pub sequence: i64,
    pub at: DateTime<Utc>,
    /// The name that the caller gave its operation, in the header `x-avara-operation`.
    pub operation: Option<String>,
    pub method: String,
    /// The path of the request, without its query.
    pub path: String,
    /// The id of the record.
    pub target: String,
    /// The record before; `None` if there was none, or nothing of it shows.
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// The call that is writing now. The clinic's own life has none, and is not recorded.
#[derive(Debug, Clone)]
pub struct WritingCall {
    pub operation: Option<String>,
    pub method: String,
    pub path: String,
    pub at: DateTime<Utc>,
}

/// A record before and after, as JSON.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub before: Option<String>,
    pub after: Option<String>,
}

impl Change {
    /// Returns what changes about a record, if that is recorded.
    pub fn of<T: Serialize>(
        origin: Option<&WritingCall>,
        before: Option<&T>,
        after: Option<&T>,
    ) -> Result<Self, StoreError> {
        if origin.is_none() {
            return Ok(Self::default());
        }
        Ok(Self {
            before: before.map(serde_json::to_string).transpose()?,
            after: after.map(serde_json::to_string).transpose()?,
        })
    }
}

/// Adds a ledger to databases from before there was one.
pub(super) fn prepare(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(
        "CREATE TABLE IF NOT EXISTS ledger (
             sequence  INTEGER PRIMARY KEY AUTOINCREMENT,
             at        INTEGER NOT NULL,
             operation TEXT,
             method    TEXT NOT NULL,
             path      TEXT NOT NULL,
             target    TEXT NOT NULL,
             before    TEXT,
             after     TEXT
         ) STRICT",
    )
}

/// Records an effect of the current call, if there is one.
pub(super) fn note(
    db: &Connection,
    origin: Option<&WritingCall>,
    target: &str,
    change: &Change,
) -> Result<(), StoreError> {
    let Some(origin) = origin else {
        return Ok(());
    };
    db.prepare_cached(
        "INSERT INTO ledger (at, operation, method, path, target, before, after)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        millis(origin.at),
        origin.operation,
        origin.method,
        origin.path,
        target,
        change.before,
        change.after,
    ])?;
    Ok(())
}

impl SandboxStore {
    /// Attributes the following writes to a call, or to none.
    pub fn attribute(&mut self, origin: Option<WritingCall>) {
        self.origin = origin;
    }

    /// Records that a credential for a study was made, which changes nothing that shows.
    pub fn note_link(&self, id: &StudyId) -> Result<(), StoreError> {
        let change = Change::default();
        note(&self.db, self.origin.as_ref(), &id.to_string(), &change)
    }

    pub fn ledger(&self) -> Result<Vec<LedgerEntry>, StoreError> {
        let mut query = self.db.prepare(
            "SELECT sequence, at, operation, method, path, target, before, after
             FROM ledger ORDER BY sequence",
        )?;
        let mut rows = query.query([])?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            let record = |column: usize| -> Result<Option<Value>, StoreError> {
                let text: Option<String> = row.get(column)?;
                Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
            };
            entries.push(LedgerEntry {
                sequence: row.get(0)?,
                at: time(row.get(1)?).unwrap_or_default(),
                operation: row.get(2)?,
                method: row.get(3)?,
                path: row.get(4)?,
                target: row.get(5)?,
                before: record(6)?,
                after: record(7)?,
            });
        }
        Ok(entries)
    }
}
