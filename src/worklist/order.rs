//! The order of need, and the others that a list can be put into.

use std::cmp::Reverse;

use super::store::NO_TIME;
use super::{Slot, Store, StudyView, Targets, Urgency, severity_rank};

/// What decides the order of a list.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum SortKey {
    /// Open before the rest, late first, then the gravest, then the oldest.
    #[default]
    Need,
    /// The oldest first; reversed, the newest.
    Age,
    Severity,
    Description,
    /// Unassigned first.
    Assignee,
    Customer,
    /// The last touched first.
    Updated,
}

/// An order of a list. Where it says nothing about two studies the need decides, and then the id.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sort {
    pub key: SortKey,
    pub reversed: bool,
}

/// The words of each order in a file. `newest` is the one order with a name for its reverse.
const WORDS: &[(SortKey, &[&str])] = &[
    (SortKey::Need, &["late", "severity", "age"]),
    (SortKey::Age, &["oldest"]),
    (SortKey::Severity, &["severity"]),
    (SortKey::Description, &["description"]),
    (SortKey::Assignee, &["assignee"]),
    (SortKey::Customer, &["customer"]),
    (SortKey::Updated, &["updated"]),
];

impl Sort {
    pub const NEWEST: Self = Self {
        key: SortKey::Age,
        reversed: true,
    };

    pub fn by(key: SortKey) -> Self {
        Self {
            key,
            reversed: false,
        }
    }

    /// This order after it was chosen again: the other way round.
    pub fn reverse(self) -> Self {
        Self {
            reversed: !self.reversed,
            ..self
        }
    }

    /// As it stands in a file: `-` before a word turns it round.
    pub fn words(self) -> Vec<String> {
        if self == Self::NEWEST {
            return vec!["newest".into()];
        }
        let sign = if self.reversed { "-" } else { "" };
        WORDS
            .iter()
            .filter(|(key, _)| *key == self.key)
            .flat_map(|(_, words)| words.iter().map(|word| format!("{sign}{word}")))
            .collect()
    }

    /// The order that these words of a file mean, if they mean one.
    pub fn of_words<'a>(words: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let words: Vec<&str> = words.into_iter().collect();
        match words.as_slice() {
            ["newest"] => return Some(Self::NEWEST),
            ["-newest"] => return Some(Self::by(SortKey::Age)),
            _ => {}
        }
        WORDS.iter().find_map(|(key, _)| {
            [Self::by(*key), Self::by(*key).reverse()]
                .into_iter()
                .find(|sort| {
                    sort.words() == words || (*sort == Self::NEWEST && words == ["-oldest"])
                })
        })
    }

    /// Every word that an order in a file can hold.
    pub fn all_words() -> impl Iterator<Item = &'static str> {
        let words = WORDS.iter().flat_map(|(_, words)| words.iter().copied());
        words.chain(["newest"])
    }
}

/// Open before the rest, late first, then the gravest, then the oldest; the id decides a tie.
///
/// A study whose age is unknown counts as the oldest: it might be.
pub fn sort(store: &Store, slots: &mut [Slot], now: i64, targets: &Targets) {
    sort_by(store, slots, Sort::default(), now, targets);
}

/// Puts studies into an order. Each study's place depends on nothing but the studies.
pub fn sort_by(store: &Store, slots: &mut [Slot], sort: Sort, now: i64, targets: &Targets) {
    let need = |study: StudyView<'_>| need(study, now, targets);
    match sort.key {
        SortKey::Need => put(store, slots, sort.reversed, need, |_| ()),
        SortKey::Age => put(store, slots, sort.reversed, age, need),
        SortKey::Severity => put(store, slots, sort.reversed, severity, need),
        SortKey::Description => put(store, slots, sort.reversed, description, need),
        SortKey::Assignee => put(store, slots, sort.reversed, assignee, need),
        SortKey::Customer => put(store, slots, sort.reversed, customer, need),
        SortKey::Updated => put(store, slots, sort.reversed, updated, need),
    }
}

/// Only the chosen order turns round: among equals the need and the id keep their direction.
fn put<'a, K: Ord, T: Ord>(
    store: &'a Store,
    slots: &mut [Slot],
    reversed: bool,
    key: impl Fn(StudyView<'a>) -> K,
    tie: impl Fn(StudyView<'a>) -> T,
) {
    if reversed {
        slots.sort_by_cached_key(|slot| {
            let study = store.get(*slot);
            (Reverse(key(study)), tie(study), study.id())
        });
    } else {
        slots.sort_by_cached_key(|slot| {
            let study = store.get(*slot);
            (key(study), tie(study), study.id())
        });
    }
}

fn need(study: StudyView<'_>, now: i64, targets: &Targets) -> impl Ord + use<> {
    (
        Reverse(study.is_open()),
        Reverse(targets.urgency(study, now) == Urgency::Late),
        severity_rank(study.severity()),
        age(study),
    )
}

fn age(study: StudyView<'_>) -> i64 {
    study.created_at().unwrap_or(NO_TIME)
}

fn severity(study: StudyView<'_>) -> u8 {
    severity_rank(study.severity())
}

fn updated(study: StudyView<'_>) -> Reverse<i64> {
    Reverse(study.updated_at().unwrap_or(NO_TIME))
}

fn description<'a>(study: StudyView<'a>) -> &'a str {
    let facts = study.facts();
    study.store.texts().folded(facts.description).trim_start()
}

/// Their searched text begins with the name, in lower case.
fn assignee<'a>(study: StudyView<'a>) -> Option<&'a str> {
    let known = study.known_assignee()?;
    Some(study.store.texts().folded(known.search))
}

/// Studies without a customer come last.
fn customer<'a>(study: StudyView<'a>) -> (bool, &'a str) {
    match study.known_customer() {
        Some(known) => (false, study.store.texts().folded(known.search)),
        None => (true, ""),
    }
}
