//! What the server really did, by the names that the writers gave their writes.

use std::collections::{BTreeMap, BTreeSet};

use avara_tui::sandbox::{LedgerEntry, Sandbox};
use serde_json::Value;

use super::writer::Claim;

pub struct Ledger {
    /// Only what changed something, oldest first.
    entries: Vec<LedgerEntry>,
    /// The places in `entries` of each write.
    by_name: BTreeMap<String, Vec<usize>>,
}

impl Ledger {
    pub fn of(clinic: &Sandbox) -> Self {
        let mut entries = clinic.ledger().unwrap();
        entries.retain(|it| it.before.is_none() || settled(&it.before) != settled(&it.after));
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, entry) in entries.iter().enumerate() {
            let name = entry.operation.clone().unwrap_or_default();
            by_name.entry(name).or_default().push(at);
        }
        Self { entries, by_name }
    }

    fn places(&self, name: &str) -> &[usize] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// How often a write changed something.
    pub fn times(&self, name: &str) -> usize {
        self.places(name).len()
    }

    /// Whether a write took back, by being done again, what another had made of the record meanwhile.
    pub fn is_rolled_back_by(&self, name: &str) -> bool {
        self.places(name).windows(2).any(|pair| {
            let target = &self.entries[pair[0]].target;
            self.entries[pair[0] + 1..pair[1]]
                .iter()
                .any(|between| between.target == *target)
        })
    }

    /// How often each call changed something.
    pub fn calls(&self) -> BTreeMap<String, usize> {
        let mut calls = BTreeMap::new();
        for entry in &self.entries {
            let last = entry.path.rsplit('/').next().unwrap_or_default();
            // The ids of a PATCH are of no interest.
            let path = match entry.method.as_str() {
                "PATCH" => entry.path.trim_end_matches(last),
                _ => &entry.path,
            };
            *calls.entry(format!("{} {path}", entry.method)).or_default() += 1;
        }
        calls
    }

    pub fn asked_by_nobody(&self, claims: &[(String, Claim)]) -> usize {
        let names: BTreeSet<&str> = claims.iter().map(|(name, _)| name.as_str()).collect();
        // What is written without a name is there to have something to write to.
        let is_known = |name: &str| name.is_empty() || names.contains(name);
        let strange = self.by_name.iter().filter(|(name, _)| !is_known(name));
        strange.map(|(_, places)| places.len()).sum()
    }
}

/// A record without the time of its last change.
fn settled(record: &Option<Value>) -> Option<Value> {
    let mut record = record.clone();
    if let Some(fields) = record.as_mut().and_then(Value::as_object_mut) {
        fields.remove("updatedAt");
    }
    record
}
