//! The order of need.

use std::cmp::Reverse;

use super::store::NO_TIME;
use super::{Slot, Store, StudyView, Targets, Urgency, severity_rank};

/// Open before the rest, late first, then the gravest, then the oldest; the id decides a tie.
///
/// A study whose age is unknown counts as the oldest: it might be.
pub fn sort(store: &Store, slots: &mut [Slot], now: i64, targets: &Targets) {
    slots.sort_by_cached_key(|slot| key(store.get(*slot), now, targets));
}

fn key(study: StudyView<'_>, now: i64, targets: &Targets) -> impl Ord + use<> {
    (
        Reverse(study.is_open()),
        Reverse(targets.urgency(study, now) == Urgency::Late),
        severity_rank(study.severity()),
        study.created_at().unwrap_or(NO_TIME),
        study.id(),
    )
}
