//! What a filter found, updated instead of searched again.
//!
//! Each letter that is typed narrows what the letter before has found, and a poll changes only a few studies
//! of a list.

use crate::wire::UserId;
use crate::worklist::needle::Needle;
use crate::worklist::{Changes, SlotSet, Store};

use super::terms::{Owner, Term, Test, Value, Who};
use super::{Filter, FilterContext};

/// With more than one in this many studies changed, looking at all of them at once is faster.
const FEW: usize = 16;

/// The studies of a [`Store`] that match a filter.
#[derive(Clone, Debug, Default)]
pub struct FilteredStudies {
    studies: SlotSet,
    /// The filter they were found for; `None` at first.
    asked: Option<(Filter, Option<UserId>)>,
}

impl FilteredStudies {
    /// Finds what matches `filter` in a store in which only `changes` differ from the last time.
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

/// A filter compared with the one before it.
enum Relation {
    Same,
    Part,
    Other,
}

impl Filter {
    /// Whether every study that matches this filter surely matches the other too.
    fn is_part_of(&self, other: &Self, store: &Store) -> bool {
        self.names_state() == other.names_state()
            && other
                .terms
                .iter()
                .all(|asked| self.terms.iter().any(|term| implies(term, asked, store)))
    }
}

/// Whether the second term holds for every study for which the first holds.
fn implies(term: &Term, asked: &Term, store: &Store) -> bool {
    if term.is_negated == asked.is_negated && (&term.key, &term.value) == (&asked.key, &asked.value)
    {
        return true;
    }
    if term.is_negated || asked.is_negated {
        return false;
    }
    match (&term.test, &asked.test) {
        // A word can be the whole name of a state, which a part of it is not.
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

/// Whether each of the new alternatives narrows one of the old ones.
fn each_in<T>(new: &[T], old: &[T], is_part: impl Fn(&T, &T) -> bool) -> bool {
    new.iter().all(|a| old.iter().any(|b| is_part(a, b)))
}

/// Whether a text with the first needle also has the second one.
fn holds(needle: &Needle, part: &Needle) -> bool {
    needle.folded().contains(part.folded())
}

fn names_state(needle: &Needle, store: &Store) -> bool {
    let is_it = |name: &str| name.eq_ignore_ascii_case(needle.folded());
    is_it("cancelled")
        || store.severities().iter().any(|it| is_it(it.as_str()))
        || store.statuses().iter().any(|it| is_it(it.as_str()))
}
