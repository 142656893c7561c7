//! What a filter found, brought up to date instead of looked for anew.
//!
//! Who types a filter asks, letter by letter, for a part of what the letter before left; and of a list
//! that a poll brings up to date only a few studies differ.

use crate::wire::UserId;
use crate::worklist::needle::Needle;
use crate::worklist::{Changes, SlotSet, Store};

use super::terms::{Owner, Term, Test, Value, Who};
use super::{Filter, FilterContext};

/// With more than one in so many studies changed, looking at all of them at once is the faster way.
const FEW: usize = 16;

/// The studies of a [`Store`] that a filter asks for.
#[derive(Clone, Debug, Default)]
pub struct Found {
    studies: SlotSet,
    /// For whom they were found; nothing if they were not yet.
    asked: Option<(Filter, Option<UserId>)>,
}

impl Found {
    /// Makes it what `filter` finds in a store of which only `changes` differ from what they were the
    /// last time.
    pub fn refresh(
        &mut self,
        filter: &Filter,
        store: &Store,
        context: &FilterContext<'_>,
        changes: &Changes,
    ) {
        match (changes, self.relation(filter, store, context)) {
            (Changes::Few(changed), Relation::Same) if changed.len() < store.slot_count() / FEW => {
                for slot in changed {
                    let is_found =
                        store.is_listed(*slot) && filter.matches(store.get(*slot), context);
                    self.studies.put(*slot, is_found);
                }
            }
            (Changes::Few(changed), Relation::Part) if changed.is_empty() => {
                filter.leave(self.studies.bits_mut(), store, context);
            }
            _ => self.studies = filter.apply(store, context).into(),
        }
        self.asked = Some((filter.clone(), context.me));
    }

    pub fn studies(&self) -> &SlotSet {
        &self.studies
    }

    pub fn count(&self) -> usize {
        self.studies.len()
    }

    fn relation(&self, filter: &Filter, store: &Store, context: &FilterContext<'_>) -> Relation {
        match &self.asked {
            Some((asked, me)) if *me == context.me && !asked.needs_now() => {
                if asked == filter {
                    Relation::Same
                } else if filter.is_part_of(asked, store) {
                    Relation::Part
                } else {
                    Relation::Other
                }
            }
            _ => Relation::Other,
        }
    }
}

/// What a filter asks for, beside what was asked before.
enum Relation {
    Same,
    Part,
    Other,
}

impl Filter {
    /// Whether every study that this one asks for is surely one that the other asks for too.
    fn is_part_of(&self, other: &Self, store: &Store) -> bool {
        self.names_state() == other.names_state()
            && other
                .terms
                .iter()
                .all(|asked| self.terms.iter().any(|term| implies(term, asked, store)))
    }
}

/// Whether the first term holds of no study of which the second does not.
fn implies(term: &Term, asked: &Term, store: &Store) -> bool {
    if term.is_negated == asked.is_negated && (&term.key, &term.value) == (&asked.key, &asked.value)
    {
        return true;
    }
    if term.is_negated || asked.is_negated {
        return false;
    }
    match (&term.test, &asked.test) {
        // A word can be the whole name of a state, which no part of it is.
        (Test::Word(new), Test::Word(old)) => {
            each_in(new, old, holds) && !new.iter().any(|it| names_state(it, store))
        }
        (Test::Description(new), Test::Description(old))
        | (Test::Uid(new), Test::Uid(old))
        | (Test::Id(new), Test::Id(old))
        | (Test::By(new), Test::By(old)) => each_in(new, old, holds),
        (Test::Meta(key, new), Test::Meta(same, old)) if key == same => {
            each_in(new, old, |a, b| match (a, b) {
                (_, Value::Present) => true,
                (Value::Holds(a), Value::Holds(b)) => holds(a, b),
                (Value::Present, Value::Holds(_)) => false,
            })
        }
        (Test::Assignee(new), Test::Assignee(old)) => each_in(new, old, |a, b| match (a, b) {
            (Who::Named(a), Who::Named(b)) => holds(a, b),
            _ => false,
        }),
        (Test::Customer(new), Test::Customer(old)) => each_in(new, old, |a, b| match (a, b) {
            (Owner::Named(a), Owner::Named(b)) => holds(a, b),
            _ => false,
        }),
        _ => false,
    }
}

/// Each of the new alternatives asks for a part of what one of the old ones does.
fn each_in<T>(new: &[T], old: &[T], is_part: impl Fn(&T, &T) -> bool) -> bool {
    new.iter().all(|a| old.iter().any(|b| is_part(a, b)))
}

/// A text that holds the first needle holds the second one.
fn holds(needle: &Needle, part: &Needle) -> bool {
    needle.folded().contains(part.folded())
}

fn names_state(needle: &Needle, store: &Store) -> bool {
    let is_it = |name: &str| name.eq_ignore_ascii_case(needle.folded());
    is_it("cancelled")
        || store.severities().iter().any(|it| is_it(it.as_str()))
        || store.statuses().iter().any(|it| is_it(it.as_str()))
}
