//! How old studies are, and how old they may become.

use std::fmt;

use crate::wire::Severity;

use super::store::NO_TIME;
use super::{Slot, Store, StudyView};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A site's turnaround targets, in milliseconds from a study's creation.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Targets {
    pub stat: i64,
    pub high: i64,
    pub normal: i64,
}

impl Default for Targets {
    fn default() -> Self {
        Self {
            stat: HOUR,
            high: 4 * HOUR,
            normal: DAY,
        }
    }
}

/// How close a study is to its target.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    Fine,
    /// Half of the target has passed.
    Warning,
    /// Older than the target.
    Late,
}

impl Targets {
    /// A severity that this program does not know might be the gravest: it has the STAT target.
    pub fn target_ms(&self, severity: &Severity) -> i64 {
        match severity {
            Severity::Stat | Severity::Other(_) => self.stat,
            Severity::High => self.high,
            Severity::Normal => self.normal,
        }
    }

    /// Returns the target of a [`severity_rank`].
    pub(super) fn of_rank(&self, rank: u8) -> i64 {
        match rank {
            0 => self.stat,
            1 => self.high,
            _ => self.normal,
        }
    }

    /// Returns how close a study is to its target. A study that is not open, or whose age is unknown, is
    /// always fine.
    pub fn urgency(&self, study: StudyView<'_>, now: i64) -> Urgency {
        let Some(age) = study.age_ms(now).filter(|_| study.is_open()) else {
            return Urgency::Fine;
        };
        let target = self.of_rank(study.facts().rank);
        if age > target {
            Urgency::Late
        } else if age >= target / 2 {
            Urgency::Warning
        } else {
            Urgency::Fine
        }
    }
}

/// Returns the last moment at which an open study is not late yet; `None` if it never is.
pub(super) fn late_after(store: &Store, targets: &Targets, slot: Slot) -> Option<i64> {
    let facts = store.facts(slot);
    let created = store.times(slot).created;
    (facts.is_open() && created != NO_TIME)
        .then(|| created.saturating_add(targets.of_rank(facts.rank)))
}

/// Returns 0 for STAT and for unknown severities, 1 for high, 2 for normal.
pub fn severity_rank(severity: &Severity) -> u8 {
    match severity {
        Severity::Stat | Severity::Other(_) => 0,
        Severity::High => 1,
        Severity::Normal => 2,
    }
}

/// An age in milliseconds, shown in at most 6 columns: `7m`, `1h05`, `2d03h`, `120d`.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Age(pub i64);

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A clock that is behind the server's makes a new study look as if it came from the future.
        let minutes = self.0.max(0) / MINUTE;
        let (hours, days) = (minutes / 60, minutes / (24 * 60));
        let text = if hours == 0 {
            format!("{minutes}m")
        } else if days == 0 {
            format!("{hours}h{:02}", minutes % 60)
        } else if days < 100 {
            format!("{days}d{:02}h", hours % 24)
        } else {
            format!("{}d", days.min(99_999))
        };
        f.pad(&text)
    }
}
