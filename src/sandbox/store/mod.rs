//! The sandbox's data: SQLite keeps it, and an index in memory finds it.
//!
//! A change is committed to the database before memory and the answer show it. Users and invitations are
//! served from memory. Of studies only the index is in memory; their records are read from the database and
//! written directly as JSON.

mod database;
mod index;
mod json;
mod ledger;
mod people;
mod selection;
mod studies;

use std::collections::HashMap;
use std::path::Path;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

pub use database::OpenError;
pub use index::StudyFilter;
pub use ledger::{LedgerEntry, WritingCall};
pub use people::{InviteError, Member, invited_user, is_expired, is_pending};
pub use studies::{Creator, NewStudy, StudyRecord, severity_code};

use crate::wire::{ApiKeyReference, CustomerId, CustomerReference, Invitation, UserId};
use index::StudyIndex;
use json::References;

/// The database failed. This is not a rule of the API.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("The sandbox's database failed: {0}.")]
    Database(#[from] rusqlite::Error),
    #[error("The sandbox's database holds a record that cannot be read: {0}.")]
    Record(#[from] serde_json::Error),
}

/// Everything that a new sandbox starts with, except its studies.
#[derive(Debug)]
pub struct InitialData {
    pub clinic_id: String,
    pub api_keys: Vec<ApiKeyReference>,
    pub customers: Vec<CustomerReference>,
    pub users: Vec<Member>,
    pub invitations: Vec<Invitation>,
}

#[derive(Debug)]
pub struct SandboxStore {
    db: Connection,
    clinic_id: String,
    /// The last one is the key that callers present.
    api_keys: Vec<ApiKeyReference>,
    customers: Vec<CustomerReference>,
    users: Vec<Member>,
    user_positions: HashMap<UserId, u32>,
    invitations: Vec<Invitation>,
    index: StudyIndex,
    references: References,
    origin: Option<WritingCall>,
}

impl SandboxStore {
    /// Opens the database at `path`, or one in memory. A new one is filled with `clinic` and `studies`
    /// in one transaction, so that a database is either seeded or empty.
    pub fn open<S>(
        path: Option<&Path>,
        seed: impl FnOnce() -> (InitialData, S),
    ) -> Result<Self, OpenError>
    where
        S: Iterator<Item = NewStudy>,
    {
        let mut db = database::open(path)?;
        if database::is_fresh(&db)? {
            let (clinic, studies) = seed();
            let tx = db.transaction()?;
            database::create(&tx)?;
            clinic.write(&tx)?;
            studies::write_all(&tx, studies)?;
            database::index(&tx)?;
            tx.commit()?;
        }
        Ok(Self::load(db)?)
    }

    fn load(db: Connection) -> Result<Self, StoreError> {
        json::prepare(&db)?;
        ledger::prepare(&db)?;
        let clinic = InitialData::read(&db)?;
        let references = References {
            users: References::of(clinic.users.iter().map(Member::reference))?,
            customers: References::of(clinic.customers.iter())?,
            api_keys: References::of(clinic.api_keys.iter())?,
        };
        let index = studies::read_index(&db)?;
        let user_positions = clinic
            .users
            .iter()
            .zip(0..)
            .map(|(member, position)| (member.user.user_id, position))
            .collect();
        Ok(Self {
            db,
            clinic_id: clinic.clinic_id,
            api_keys: clinic.api_keys,
            customers: clinic.customers,
            users: clinic.users,
            user_positions,
            invitations: clinic.invitations,
            index,
            references,
            origin: None,
        })
    }

    pub fn clinic_id(&self) -> &str {
        &self.clinic_id
    }

    /// Returns the id of the key that callers present.
    pub fn api_key_id(&self) -> Option<&str> {
        self.api_keys.last().map(|key| key.api_key_id.as_str())
    }

    pub fn customer_position(&self, id: &CustomerId) -> Option<u32> {
        let found = self
            .customers
            .iter()
            .position(|customer| customer.express_customer_id == *id)?;
        u32::try_from(found).ok()
    }

    /// Returns 16 bytes that nobody can guess, for keys, tokens and new ids: SQLite's generator is seeded by
    /// the operating system.
    pub fn random_bytes(&self) -> Result<[u8; 16], StoreError> {
        Ok(self
            .db
            .query_row("SELECT randomblob(16)", [], |row| row.get(0))?)
    }
}

impl InitialData {
    fn write(&self, db: &Connection) -> Result<(), StoreError> {
        db.execute(
            "INSERT INTO meta VALUES ('clinic_id', ?1), ('seeded', 'yes')",
            [&self.clinic_id],
        )?;
        for (key, position) in self.api_keys.iter().zip(0i64..) {
            db.execute(
                "INSERT INTO api_keys VALUES (?1, ?2, ?3)",
                params![position, key.api_key_id, key.description],
            )?;
        }
        for (customer, position) in self.customers.iter().zip(0i64..) {
            let id = customer.express_customer_id.to_string();
            db.execute(
                "INSERT INTO customers VALUES (?1, ?2, ?3)",
                params![position, id, customer.express_customer_name],
            )?;
        }
        for (member, position) in self.users.iter().zip(0..) {
            people::write_user(db, position, member)?;
        }
        for (invitation, position) in self.invitations.iter().zip(0..) {
            people::write_invitation(db, position, invitation)?;
        }
        Ok(())
    }

    fn read(db: &Connection) -> Result<Self, StoreError> {
        let clinic_id = db.query_row(
            "SELECT value FROM meta WHERE key = 'clinic_id'",
            [],
            |row| row.get(0),
        )?;
        let mut keys =
            db.prepare("SELECT api_key_id, description FROM api_keys ORDER BY position")?;
        let api_keys = keys
            .query_map([], |row| {
                Ok(ApiKeyReference {
                    api_key_id: row.get(0)?,
                    description: row.get(1)?,
                    is_viewer_enabled: Some(true),
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(Self {
            clinic_id,
            api_keys,
            customers: read_customers(db)?,
            users: people::read_users(db)?,
            invitations: people::read_invitations(db)?,
        })
    }
}

fn read_customers(db: &Connection) -> Result<Vec<CustomerReference>, StoreError> {
    let mut query = db.prepare("SELECT customer_id, name FROM customers ORDER BY position")?;
    let customers = query
        .query_map([], |row| {
            let id: String = row.get(0)?;
            let id = id.parse().map_err(|error| {
                rusqlite::Error::FromSqlConversionFailure(
                    0,
                    rusqlite::types::Type::Text,
                    Box::new(error) as Box<crate::wire::InvalidId>,
                )
            })?;
            Ok(CustomerReference {
                express_customer_id: id,
                express_customer_name: row.get(1)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(customers)
}

fn millis(time: DateTime<Utc>) -> i64 {
    time.timestamp_millis()
}

fn time(millis: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(millis)
}
