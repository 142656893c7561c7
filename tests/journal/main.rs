//! The journal and real processes: killed at any moment, and several at once.

#![cfg(all(unix, feature = "sandbox"))]
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod child;
mod kill;
mod several;

use std::path::PathBuf;

use avara_tui::api::{Client, Connection};
use avara_tui::journal::Journal;
use avara_tui::wire::{CreateStudy, DicomUid, Metadata, Severity};

/// What a child process is to do, and where.
#[derive(Debug, Clone)]
pub struct Order {
    pub task: &'static str,
    pub base_url: String,
    pub key: String,
    pub journal: PathBuf,
    pub number: usize,
}

pub fn journal(order: &Order) -> Journal {
    Journal::new(Some(order.journal.clone()), &order.base_url)
}

pub fn client(base_url: &str, key: &str) -> Client {
    Client::new(Connection {
        base_url: base_url.parse().unwrap(),
        key: key.to_owned().into(),
    })
    .unwrap()
}

/// A study that no other process and no other round makes.
pub fn creation(number: usize, round: usize) -> CreateStudy {
    let uid: DicomUid = format!("2.25.77.{}.{round}", number + 1).parse().unwrap();
    CreateStudy {
        study_instance_uid: uid,
        study_description: "CT of nobody".into(),
        severity: Severity::Normal,
        assigned_to: None,
        express_customer_id: None,
        metadata: Metadata::new(),
    }
}
