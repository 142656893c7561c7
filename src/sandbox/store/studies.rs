//! Studies: rows of the database, found through the index.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::index::{Attributes, StudyFilter, StudyIndex};
use super::ledger::{self, Change};
use super::{Member, SandboxStore, StoreError, millis, time};
use crate::wire::{DicomUid, ReceivedUid, Severity, Study, StudyId, StudyViewerStatus};

/// Who made a study, by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Creator {
    User(u32),
    ApiKey(u32),
}

/// A study before it has a place in the list.
#[derive(Debug, Clone)]
pub struct NewStudy {
    pub study_id: StudyId,
    pub uid: String,
    pub description: String,
    pub severity: Severity,
    pub complete: bool,
    pub cancelled_at: Option<DateTime<Utc>>,
    pub assignee: Option<u32>,
    pub customer: Option<u32>,
    pub creator: Creator,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// A JSON object of text values.
    pub metadata: String,
}

/// A study as the database holds it, users and customers by position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudyRecord {
    pub position: u32,
    pub study_id: StudyId,
    pub uid: String,
    pub description: String,
    pub severity: u8,
    pub complete: bool,
    pub cancelled_at: Option<i64>,
    pub assignee: Option<u32>,
    pub customer: Option<u32>,
    pub created_by_user: Option<u32>,
    pub created_by_key: Option<u32>,
    pub created_at: i64,
    pub updated_at: i64,
    pub metadata: String,
}

impl StudyRecord {
    fn attributes(&self) -> Attributes<'_> {
        Attributes {
            severity: self.severity,
            complete: self.complete,
            cancelled: self.cancelled_at.is_some(),
            assignee: self.assignee,
            customer: self.customer,
            description: &self.description,
        }
    }

    fn read(row: &Row) -> rusqlite::Result<Self> {
        Ok(Self {
            position: row.get(0)?,
            study_id: StudyId::from_bytes(row.get(1)?),
            uid: row.get(2)?,
            description: row.get(3)?,
            severity: row.get(4)?,
            complete: row.get(5)?,
            cancelled_at: row.get(6)?,
            assignee: row.get(7)?,
            customer: row.get(8)?,
            created_by_user: row.get(9)?,
            created_by_key: row.get(10)?,
            created_at: row.get(11)?,
            updated_at: row.get(12)?,
            metadata: row.get(13)?,
        })
    }

    fn write(&self, db: &Connection) -> rusqlite::Result<()> {
        db.prepare_cached(
            "INSERT INTO studies VALUES
             (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        )?
        .execute(params![
            self.position,
            self.study_id.as_bytes(),
            self.uid,
            self.description,
            self.severity,
            self.complete,
            self.cancelled_at,
            self.assignee,
            self.customer,
            self.created_by_user,
            self.created_by_key,
            self.created_at,
            self.updated_at,
            self.metadata,
        ])?;
        Ok(())
    }
}

impl NewStudy {
    fn at(self, position: u32) -> StudyRecord {
        let (created_by_user, created_by_key) = match self.creator {
            Creator::User(position) => (Some(position), None),
            Creator::ApiKey(position) => (None, Some(position)),
        };
        StudyRecord {
            position,
            study_id: self.study_id,
            uid: self.uid,
            description: self.description,
            severity: severity_code(&self.severity),
            complete: self.complete,
            cancelled_at: self.cancelled_at.map(millis),
            assignee: self.assignee,
            customer: self.customer,
            created_by_user,
            created_by_key,
            created_at: millis(self.created_at),
            updated_at: millis(self.updated_at),
            metadata: self.metadata,
        }
    }
}

/// Returns the place of a severity in the order of the reference.
pub fn severity_code(severity: &Severity) -> u8 {
    (0..)
        .zip(Severity::KNOWN)
        .find_map(|(code, known)| (known == severity).then_some(code))
        .unwrap_or(0)
}

impl SandboxStore {
    pub fn study_count(&self) -> u32 {
        self.index.len()
    }

    /// Returns the creator of what comes in through the API.
    pub fn caller(&self) -> Creator {
        Creator::ApiKey(self.api_keys.len().saturating_sub(1) as u32)
    }

    pub fn study(&self, position: u32) -> Result<StudyRecord, StoreError> {
        Ok(self
            .db
            .prepare_cached("SELECT * FROM studies WHERE position = ?1")?
            .query_row([position], StudyRecord::read)?)
    }

    pub fn study_by_id(&self, id: &StudyId) -> Result<Option<StudyRecord>, StoreError> {
        Ok(self
            .db
            .prepare_cached("SELECT * FROM studies WHERE study_id = ?1")?
            .query_row([id.as_bytes()], StudyRecord::read)
            .optional()?)
    }

    pub fn study_by_uid(&self, uid: &str) -> Result<Option<StudyRecord>, StoreError> {
        Ok(self
            .db
            .prepare_cached("SELECT * FROM studies WHERE uid = ?1")?
            .query_row([uid], StudyRecord::read)
            .optional()?)
    }

    /// Returns the positions of a page of studies, and whether more follow.
    pub fn find_studies(
        &mut self,
        filter: &StudyFilter,
        offset: u64,
        limit: usize,
    ) -> (Vec<u32>, bool) {
        self.index.page(filter, offset, limit)
    }

    pub fn add_study(&mut self, study: NewStudy) -> Result<StudyRecord, StoreError> {
        let record = study.at(self.index.len());
        let change = self.change(None, &record)?;
        let tx = self.db.transaction()?;
        record.write(&tx)?;
        ledger::note(
            &tx,
            self.origin.as_ref(),
            &record.study_id.to_string(),
            &change,
        )?;
        tx.commit()?;
        self.index.push(&record.attributes());
        Ok(record)
    }

    /// Writes a changed study. `updatedAt` always moves on, so that it shows every change.
    pub fn save_study(
        &mut self,
        old: &StudyRecord,
        mut new: StudyRecord,
        now: DateTime<Utc>,
    ) -> Result<StudyRecord, StoreError> {
        new.updated_at = millis(now).max(old.updated_at + 1);
        let change = self.change(Some(old), &new)?;
        let tx = self.db.transaction()?;
        tx.prepare_cached(
            "UPDATE studies SET description = ?2, severity = ?3, complete = ?4,
                 cancelled_at = ?5, assignee = ?6, updated_at = ?7, metadata = ?8
                 WHERE position = ?1",
        )?
        .execute(params![
            new.position,
            new.description,
            new.severity,
            new.complete,
            new.cancelled_at,
            new.assignee,
            new.updated_at,
            new.metadata,
        ])?;
        ledger::note(
            &tx,
            self.origin.as_ref(),
            &new.study_id.to_string(),
            &change,
        )?;
        tx.commit()?;
        self.index
            .replace(new.position, &old.attributes(), &new.attributes());
        Ok(new)
    }

    fn change(
        &self,
        before: Option<&StudyRecord>,
        after: &StudyRecord,
    ) -> Result<Change, StoreError> {
        if self.origin.is_none() {
            return Ok(Change::default());
        }
        let before = before.map(|it| self.present(it.clone())).transpose()?;
        let after = self.present(after.clone())?;
        Change::of(self.origin.as_ref(), before.as_ref(), Some(&after))
    }

    /// Returns the study as the API shows it.
    pub fn present(&self, record: StudyRecord) -> Result<Study, StoreError> {
        let user = |position: Option<u32>| {
            position
                .and_then(|at| self.member(at))
                .map(Member::reference)
        };
        let customer = record
            .customer
            .and_then(|at| self.customers.get(at as usize));
        let key = record
            .created_by_key
            .and_then(|at| self.api_keys.get(at as usize));
        let severity = Severity::KNOWN.get(usize::from(record.severity));
        Ok(Study {
            study_id: record.study_id,
            study_instance_uid: match record.uid.parse::<DicomUid>() {
                Ok(uid) => ReceivedUid::Valid(uid),
                Err(_) => ReceivedUid::Malformed(record.uid.into()),
            },
            study_description: record.description,
            severity: severity.cloned().unwrap_or(Severity::Normal),
            study_viewer_status: if record.complete {
                StudyViewerStatus::Complete
            } else {
                StudyViewerStatus::Incomplete
            },
            is_cancelled: record.cancelled_at.is_some(),
            assigned_to: user(record.assignee),
            customer: customer.cloned(),
            created_by_user: user(record.created_by_user),
            created_by_api_key: key.cloned(),
            created_at: time(record.created_at),
            updated_at: time(record.updated_at),
            cancelled_at: record.cancelled_at.and_then(time),
            metadata: serde_json::from_str(&record.metadata)?,
        })
    }
}

pub(super) fn write_all(
    db: &Connection,
    studies: impl Iterator<Item = NewStudy>,
) -> Result<(), StoreError> {
    for (study, position) in studies.zip(0..) {
        study.at(position).write(db)?;
    }
    Ok(())
}

pub(super) fn read_index(db: &Connection) -> Result<StudyIndex, StoreError> {
    let mut query = db.prepare(
        "SELECT severity, complete, cancelled_at IS NOT NULL, assignee, customer, description
         FROM studies ORDER BY position",
    )?;
    let mut rows = query.query([])?;
    let mut index = StudyIndex::default();
    while let Some(row) = rows.next()? {
        let description: String = row.get(5)?;
        index.push(&Attributes {
            severity: row.get(0)?,
            complete: row.get(1)?,
            cancelled: row.get(2)?,
            assignee: row.get(3)?,
            customer: row.get(4)?,
            description: &description,
        });
    }
    Ok(index)
}
