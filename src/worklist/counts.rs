//! The numbers in the header.

use super::texts::NONE;
use super::{Store, Targets, Urgency};

/// Counts over the open studies of a store.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub open: usize,
    /// STAT, and every severity that this program does not know.
    pub stat_open: usize,
    /// The age of the oldest of `stat_open` whose age is known.
    pub oldest_stat_ms: Option<i64>,
    pub unassigned: usize,
    pub late: usize,
}

pub fn counts(store: &Store, targets: &Targets, now: i64) -> Counts {
    let mut counts = Counts::default();
    for study in store.open_slots().map(|slot| store.get(slot)) {
        counts.open += 1;
        counts.unassigned += usize::from(study.facts().assignee == NONE);
        counts.late += usize::from(targets.urgency(study, now) == Urgency::Late);
        if study.facts().rank == 0 {
            counts.stat_open += 1;
            counts.oldest_stat_ms = counts.oldest_stat_ms.max(study.age_ms(now));
        }
    }
    counts
}
