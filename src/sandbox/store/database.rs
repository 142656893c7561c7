//! The database file: how it is recognised, who may read it, and how it survives a crash.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::StoreError;
use crate::text::{clean, clean_path};

/// Marks a file as a sandbox's database: "Avar" in the header's application id.
const APPLICATION_ID: i32 = 0x4176_6172;
/// Raised whenever `schema.sql` changes.
const SCHEMA_VERSION: i32 = 1;

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(
        "The database {} cannot be opened: {}.",
        clean_path(path),
        clean(reason)
    )]
    Unusable { path: PathBuf, reason: String },
    #[error(
        "The database {} is not a sandbox's database. It was left as it is.",
        clean_path(path)
    )]
    Foreign { path: PathBuf },
    #[error(
        "The database {} has schema version {found}, and this program needs version {SCHEMA_VERSION}. \
         Use another file or the program that made it.",
        clean_path(path)
    )]
    Version { path: PathBuf, found: i32 },
    #[error("The database {} is in use by another program.", clean_path(path))]
    InUse { path: PathBuf },
    #[error(transparent)]
    SandboxStore(#[from] StoreError),
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        Self::SandboxStore(error.into())
    }
}

/// Opens the file at `path`, or a database in memory. An existing file is checked before anything in it is
/// changed.
pub fn open(path: Option<&Path>) -> Result<Connection, OpenError> {
    let Some(path) = path else {
        return Ok(Connection::open_in_memory()?);
    };
    make_private(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags).map_err(|error| explain(path, error))?;
    check(path, &db)?;
    protect(&db).map_err(|error| explain(path, error))?;
    Ok(db)
}

/// Creates a missing file so that only its owner can read it. SQLite gives its journal the same mode.
fn make_private(path: &Path) -> Result<(), OpenError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(OpenError::Unusable {
            path: path.into(),
            reason: error.to_string(),
        }),
    }
}

fn check(path: &Path, db: &Connection) -> Result<(), OpenError> {
    let read = |sql| db.query_row(sql, [], |row| row.get::<_, i32>(0));
    let look = || {
        db.busy_timeout(Duration::ZERO)?;
        Ok((
            read("PRAGMA application_id")?,
            read("PRAGMA user_version")?,
            read("SELECT count(*) FROM sqlite_master")?,
        ))
    };
    match look().map_err(|error| explain(path, error))? {
        (APPLICATION_ID, SCHEMA_VERSION, _) | (0, 0, 0) => Ok(()),
        (APPLICATION_ID, found, _) => Err(OpenError::Version {
            path: path.into(),
            found,
        }),
        _ => Err(OpenError::Foreign { path: path.into() }),
    }
}

/// Makes a commit final: with `synchronous=FULL` the log is on disk before the caller gets an answer. The
/// exclusive lock keeps a second sandbox from writing behind the index of this one.
fn protect(db: &Connection) -> rusqlite::Result<()> {
    db.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    let _: String = db.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.execute_batch("BEGIN IMMEDIATE; COMMIT")
}

fn explain(path: &Path, error: rusqlite::Error) -> OpenError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => OpenError::Foreign { path },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => OpenError::InUse { path },
        _ => OpenError::Unusable {
            path,
            reason: error.to_string(),
        },
    }
}

pub fn is_fresh(db: &Connection) -> rusqlite::Result<bool> {
    db.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'meta')",
        [],
        |row| row.get(0),
    )
}

pub fn create(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(include_str!("../../../assets/sandbox/schema.sql"))?;
    db.pragma_update(None, "application_id", APPLICATION_ID)?;
    db.pragma_update(None, "user_version", SCHEMA_VERSION)
}

/// Made after the first studies are in: building an index once is much faster than growing it.
pub fn index(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(
        "CREATE UNIQUE INDEX study_by_id ON studies (study_id);
         CREATE UNIQUE INDEX study_by_uid ON studies (uid);",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(path: &Path) -> String {
        open(Some(path)).unwrap_err().to_string()
    }

    #[test]
    fn a_foreign_file_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let text = dir.path().join("notes.txt");
        let content = "not a database, though long enough to look like a header of one".repeat(20);
        std::fs::write(&text, &content).unwrap();
        assert!(message(&text).contains("is not a sandbox's database"));
        assert_eq!(std::fs::read_to_string(&text).unwrap(), content);

        let other = dir.path().join("other.db");
        let db = Connection::open(&other).unwrap();
        db.execute_batch("CREATE TABLE t (x)").unwrap();
        drop(db);
        let before = std::fs::read(&other).unwrap();
        assert!(message(&other).contains("is not a sandbox's database"));
        assert_eq!(std::fs::read(&other).unwrap(), before);
    }

    #[test]
    fn another_schema_version_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("old.db");
        let db = open(Some(&path)).unwrap();
        create(&db).unwrap();
        db.pragma_update(None, "user_version", 99).unwrap();
        drop(db);
        assert!(message(&path).contains("has schema version 99, and this program needs version 1"));
    }

    #[test]
    fn a_database_has_one_user_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("sandbox.db");
        let db = open(Some(&path)).unwrap();
        assert!(message(&path).contains("is in use by another program"));
        drop(db);
        assert!(open(Some(&path)).is_ok());
    }

    #[test]
    fn what_cannot_be_a_file_is_said_plainly() {
        let dir = tempfile::tempdir().unwrap();
        assert!(message(dir.path()).contains("cannot be opened"));
        assert!(message(&dir.path().join("missing/sandbox.db")).contains("cannot be opened"));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_a_new_database() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("sandbox.db");
        let db = open(Some(&path)).unwrap();
        create(&db).unwrap();
        for entry in std::fs::read_dir(dir.path()).unwrap() {
            let mode = entry.unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
