//! Studies as the API's JSON, straight from the columns of the database.
//!
//! A page of 100 studies is 75 KB. One statement reads its rows, and the JSON of what they refer to is ready.
//! Nothing is kept per study that could differ from its columns.

use std::rc::Rc;

use chrono::{DateTime, Datelike, Timelike, Utc};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Row};
use serde::Serialize;

use super::{SandboxStore, StoreError, time};
use crate::wire::{Severity, StudyId, StudyViewerStatus};

/// The studies at the positions of an array, in its order.
const ROWS: &str = "
    SELECT study_id, uid, description, severity, complete, cancelled_at, assignee, customer,
           created_by_user, created_by_key, created_at, updated_at, metadata
    FROM rarray(?1) AS wanted CROSS JOIN studies ON studies.position = wanted.value";

/// About the size of a study, in bytes.
const USUAL_SIZE: usize = 1000;

/// Users, customers and keys as a study shows them, by position.
#[derive(Debug, Default)]
pub struct References {
    pub users: Vec<Box<str>>,
    pub customers: Vec<Box<str>>,
    pub api_keys: Vec<Box<str>>,
}

impl References {
    pub fn of<T: Serialize>(records: impl Iterator<Item = T>) -> Result<Vec<Box<str>>, StoreError> {
        records.map(|record| text_of(&record)).collect()
    }
}

pub fn text_of(record: &impl Serialize) -> Result<Box<str>, StoreError> {
    Ok(serde_json::to_string(record)?.into())
}

/// Lets statements take an array of positions.
pub fn prepare(db: &Connection) -> rusqlite::Result<()> {
    rusqlite::vtab::array::load_module(db)
}

impl SandboxStore {
    /// Returns the studies at `positions` as the members of a JSON array, without its brackets.
    pub fn studies_json(&self, positions: &[u32]) -> Result<Vec<u8>, StoreError> {
        let mut out = Vec::with_capacity(positions.len() * USUAL_SIZE);
        let wanted: Vec<Value> = positions.iter().map(|it| Value::from(*it)).collect();
        let mut statement = self.db.prepare_cached(ROWS)?;
        let mut rows = statement.query([Rc::new(wanted)])?;
        while let Some(row) = rows.next()? {
            if !out.is_empty() {
                out.push(b',');
            }
            self.write_study(row, &mut out)?;
        }
        Ok(out)
    }

    fn write_study(&self, row: &Row, out: &mut Vec<u8>) -> Result<(), StoreError> {
        let severity = Severity::KNOWN.get(usize::from(row.get::<_, u8>(3)?));
        let status = if row.get(4)? {
            StudyViewerStatus::Complete
        } else {
            StudyViewerStatus::Incomplete
        };
        let cancelled_at: Option<i64> = row.get(5)?;
        let references = &self.references;
        put(out, "{\"studyId\":\"");
        write_hex(out, StudyId::PREFIX, &row.get::<_, [u8; 16]>(0)?);
        put(out, "\",\"studyInstanceUid\":");
        write_text(out, row.get_ref(1)?)?;
        put(out, ",\"studyDescription\":");
        write_text(out, row.get_ref(2)?)?;
        put(out, ",\"severity\":\"");
        put(out, severity.unwrap_or(&Severity::Normal).as_str());
        put(out, "\",\"studyViewerStatus\":\"");
        put(out, status.as_str());
        put(out, "\",\"isCancelled\":");
        put(
            out,
            if cancelled_at.is_some() {
                "true"
            } else {
                "false"
            },
        );
        for (name, column, texts) in [
            (",\"assignedTo\":", 6, &references.users),
            (",\"expressCustomer\":", 7, &references.customers),
            (",\"createdByUser\":", 8, &references.users),
            (",\"createdByApiKey\":", 9, &references.api_keys),
        ] {
            put(out, name);
            let position: Option<u32> = row.get(column)?;
            let text = position.and_then(|at| texts.get(at as usize));
            put(out, text.map_or("null", |it| it));
        }
        put(out, ",\"createdAt\":");
        write_time(out, Some(row.get(10)?));
        put(out, ",\"updatedAt\":");
        write_time(out, Some(row.get(11)?));
        put(out, ",\"cancelledAt\":");
        write_time(out, cancelled_at);
        put(out, ",\"metadata\":");
        out.extend_from_slice(row.get_ref(12)?.as_bytes().map_err(rusqlite::Error::from)?);
        out.push(b'}');
        Ok(())
    }
}

fn put(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

fn write_text(out: &mut Vec<u8>, value: ValueRef) -> Result<(), StoreError> {
    let text = value.as_str().map_err(rusqlite::Error::from)?;
    Ok(serde_json::to_writer(out, text)?)
}

fn write_hex(out: &mut Vec<u8>, prefix: &str, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    put(out, prefix);
    for byte in bytes {
        out.push(DIGITS[usize::from(byte >> 4)]);
        out.push(DIGITS[usize::from(byte & 15)]);
    }
}

/// Writes RFC 3339 with milliseconds and `Z`, as the API does. chrono's own formatting would take a third of
/// a page's time.
fn write_time(out: &mut Vec<u8>, millis: Option<i64>) {
    let Some(time) = millis.and_then(time) else {
        return put(out, "null");
    };
    let Ok(year @ 0..=9999) = u32::try_from(time.year()) else {
        let text = time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        return put(out, &format!("\"{text}\""));
    };
    out.push(b'"');
    for (number, width, end) in parts(&time, year) {
        for place in (0..width).rev() {
            out.push(b'0' + (number / 10u32.pow(place) % 10) as u8);
        }
        out.push(end);
    }
    out.push(b'"');
}

/// Returns the numbers of a timestamp, with their widths and what follows each.
fn parts(time: &DateTime<Utc>, year: u32) -> [(u32, u32, u8); 7] {
    [
        (year, 4, b'-'),
        (time.month(), 2, b'-'),
        (time.day(), 2, b'T'),
        (time.hour(), 2, b':'),
        (time.minute(), 2, b':'),
        (time.second(), 2, b'.'),
        (time.timestamp_subsec_millis(), 3, b'Z'),
    ]
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rusqlite::StatementStatus;

    use super::*;
    use crate::sandbox::generator::{self, Catalogue, Mix, Studies};
    use crate::sandbox::store::StudyFilter;

    fn now() -> DateTime<Utc> {
        "2026-03-04T17:00:00Z".parse().unwrap()
    }

    fn store(studies: u32) -> SandboxStore {
        let catalogue = Arc::new(Catalogue::load().unwrap());
        SandboxStore::open(None, || {
            (
                generator::clinic(&catalogue, 1, now(), false),
                Studies::before(catalogue, 1, now(), studies, Mix::Days),
            )
        })
        .unwrap()
    }

    fn assert_same(store: &SandboxStore) {
        let positions: Vec<u32> = (0..store.study_count()).collect();
        let written = String::from_utf8(store.studies_json(&positions).unwrap()).unwrap();
        let presented: Vec<String> = positions
            .iter()
            .map(|at| store.present(store.study(*at).unwrap()).unwrap())
            .map(|study| serde_json::to_string(&study).unwrap())
            .collect();
        assert_eq!(written, presented.join(","));
    }

    #[test]
    fn a_list_and_a_single_study_are_the_same_bytes() {
        let mut store = store(2000);
        assert_same(&store);
        // What is written by hand is what is changed: text to escape, times of all sizes, a new name.
        for (at, millis) in [0, 1, -1, 253_402_300_799_999, 253_402_300_800_000, i64::MIN]
            .into_iter()
            .enumerate()
        {
            let mut record = store.study(at as u32).unwrap();
            record.description = "\"\\\u{8}\u{1b}[31m\u{202e}\n\u{1f9b4}".into();
            record.cancelled_at = Some(millis);
            let old = store.study(at as u32).unwrap();
            store.save_study(&old, record, now()).unwrap();
        }
        let mut member = store.users()[0].clone();
        member.user.profile.last_name = "O\"Brien".into();
        store.save_member(0, member).unwrap();
        assert_same(&store);
    }

    #[test]
    fn positions_come_in_the_order_that_was_asked_for() {
        let store = store(50);
        let one = |at| store.studies_json(&[at]).unwrap();
        let all = [one(40), one(3), one(17)].join(&b","[..]);
        assert_eq!(store.studies_json(&[40, 3, 17]).unwrap(), all);
        assert_eq!(store.studies_json(&[]).unwrap(), b"");
    }

    /// Virtual machine steps of SQLite for one page, and how many runs of a statement it took.
    fn cost(store: &mut SandboxStore, filter: &StudyFilter, offset: u64) -> (i32, i32) {
        let (positions, _) = store.find_studies(filter, offset, 100);
        assert_eq!(positions.len(), 100);
        let counters = |store: &SandboxStore| {
            let statement = store.db.prepare_cached(ROWS).unwrap();
            let full_scan = statement.get_status(StatementStatus::FullscanStep);
            assert_eq!(full_scan, 0, "a page reads rows that it does not show");
            (
                statement.get_status(StatementStatus::VmStep),
                statement.get_status(StatementStatus::Run),
            )
        };
        let before = counters(store);
        store.studies_json(&positions).unwrap();
        let after = counters(store);
        (after.0 - before.0, after.1 - before.1)
    }

    #[test]
    fn a_page_costs_the_same_at_any_depth_and_with_any_filter() {
        let mut store = store(12_000);
        let all = StudyFilter::default();
        let first = cost(&mut store, &all, 0);
        assert_eq!(first.1, 1, "one statement a page");
        let filtered = StudyFilter {
            complete: Some(true),
            contains: Some("ct".into()),
            ..StudyFilter::default()
        };
        for (filter, offset) in [
            (&all, 6000),
            (&all, 11_900),
            (&filtered, 0),
            (&filtered, 2000),
        ] {
            assert_eq!(
                cost(&mut store, filter, offset),
                first,
                "{filter:?} at {offset}"
            );
        }
    }
}
