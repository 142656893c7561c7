//! How many open studies each person has.

use std::collections::HashMap;

use crate::wire::UserId;

use super::{Store, severity_rank};

/// The open studies of one person.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Load {
    pub open: u32,
    /// STAT, and every severity that this program does not know.
    pub stat: u32,
    /// The age of the oldest open study whose age is known.
    pub oldest_ms: Option<i64>,
}

/// Returns the load of everybody who has an open study. People without one are absent.
pub fn workload(store: &Store, now: i64) -> HashMap<UserId, Load> {
    let mut loads: HashMap<UserId, Load> = HashMap::new();
    for study in store.slots().map(|slot| store.get(slot)) {
        let Some(person) = study.assignee().filter(|_| study.is_open()) else {
            continue;
        };
        let load = loads.entry(person.id).or_default();
        load.open += 1;
        load.stat += u32::from(severity_rank(study.severity()) == 0);
        load.oldest_ms = load.oldest_ms.max(study.age_ms(now));
    }
    loads
}
