//! Applies a filter to all studies at once.
//!
//! A needle is searched once in each text that studies share; a table then says which studies have such a
//! text. The studies' own texts are searched in one go. Cheap terms come first, and later ones look only at
//! the studies that are left.

use fixedbitset::FixedBitSet;

use crate::wire::StudyViewerStatus;
use crate::worklist::arena::Arena;
use crate::worklist::bits::Sift;
use crate::worklist::needle::Needle;
use crate::worklist::store::Facts;
use crate::worklist::texts::TextId;
use crate::worklist::{Person, Slot, Store, has_address, late_after};

use super::eval::Scene;
use super::hex::HexNeedle;
use super::terms::{Owner, State, Term, Test, Value, Who};
use super::{Filter, FilterContext};

/// With more than one in this many studies left, searching all texts in one go is faster.
const SPARSE: usize = 6;

impl Filter {
    /// Returns the listed studies that match, in the order of [`Store::slots`]. They are the same that
    /// [`matches`](Self::matches) accepts, found much faster.
    pub fn select(&self, store: &Store, context: &FilterContext<'_>) -> Vec<Slot> {
        let left = self.apply(store, context);
        let mut slots = Vec::with_capacity(left.count_ones(..));
        slots.extend(left.ones().map(Slot::of));
        slots
    }

    /// Returns the listed studies that match.
    pub(super) fn apply(&self, store: &Store, context: &FilterContext<'_>) -> FixedBitSet {
        let mut left = store.listed().clone();
        if !self.names_state() {
            left.intersect_with(store.open());
        }
        self.leave(&mut left, store, context);
        left
    }

    /// Keeps the studies for which every term holds.
    pub(super) fn leave(&self, left: &mut FixedBitSet, store: &Store, context: &FilterContext<'_>) {
        let (dear, cheap): (Vec<&Term>, Vec<&Term>) = self
            .terms
            .iter()
            .filter(|term| !is_always(term))
            .partition(|term| looks_into_texts(&term.test));
        for term in cheap {
            Ask::new(&term.test, store).apply(left, term.is_negated, store, context);
        }
        for term in dear {
            search(left, term, store);
        }
    }
}

fn is_always(term: &Term) -> bool {
    matches!(&term.test, Test::Is(states) if states.contains(&State::Any)) && !term.is_negated
}

fn looks_into_texts(test: &Test) -> bool {
    match test {
        Test::Meta(..) | Test::Uid(_) | Test::Id(_) | Test::Word(_) => true,
        Test::Is(_)
        | Test::Severity(_)
        | Test::Assignee(_)
        | Test::Customer(_)
        | Test::Description(_)
        | Test::Age(_)
        | Test::Updated(_)
        | Test::Late(_)
        | Test::By(_) => false,
    }
}

/// Which records of a kind are asked for, by place, and whether studies without one are.
struct Table {
    holds: Vec<bool>,
    absent: bool,
}

impl Table {
    fn of<T>(records: &[T], is_asked: impl Fn(&T) -> bool, absent: bool) -> Self {
        Self {
            holds: records.iter().map(is_asked).collect(),
            absent,
        }
    }

    fn has(&self, place: u32) -> bool {
        self.holds
            .get(place as usize)
            .copied()
            .unwrap_or(self.absent)
    }
}

/// A term that depends only on the facts of a study.
enum Ask<'a> {
    Severity(Table),
    Assignee(Table),
    Customer(Table),
    Creator(Table),
    Description(FixedBitSet),
    State(&'a [State]),
    Late(&'a [bool]),
    Other(&'a Test),
}

impl<'a> Ask<'a> {
    fn new(test: &'a Test, store: &Store) -> Self {
        match test {
            Test::Severity(list) => {
                Self::Severity(Table::of(store.severities(), |it| list.contains(it), false))
            }
            Test::Description(needles) => Self::Description(found(needles.iter(), store)),
            Test::By(needles) => {
                let texts = found(needles.iter(), store);
                Self::Creator(Table::of(
                    store.known_creators(),
                    |it| has(&texts, it.search),
                    false,
                ))
            }
            Test::Assignee(list) if !list.iter().any(|who| matches!(who, Who::Me)) => {
                let named = list.iter().filter_map(|who| match who {
                    Who::Named(needle) => Some(needle),
                    Who::Nobody | Who::Me | Who::Id(_) | Who::Address(_) => None,
                });
                let texts = found(named, store);
                let is_meant = |person: &Person| {
                    list.iter().any(|who| match who {
                        Who::Id(id) => *id == person.id,
                        Who::Address(asked) => has_address(&person.email, asked),
                        Who::Nobody | Who::Me | Who::Named(_) => false,
                    })
                };
                let nobody = list.iter().any(|who| matches!(who, Who::Nobody));
                Self::Assignee(Table::of(
                    store.known_people(),
                    |it| has(&texts, it.search) || is_meant(&it.record),
                    nobody,
                ))
            }
            Test::Customer(list) => {
                let named = list.iter().filter_map(|owner| match owner {
                    Owner::Named(needle) => Some(needle),
                    Owner::Nobody | Owner::Id(_) => None,
                });
                let texts = found(named, store);
                let is_id = |id| {
                    list.iter()
                        .any(|it| matches!(it, Owner::Id(it) if *it == id))
                };
                let nobody = list.iter().any(|owner| matches!(owner, Owner::Nobody));
                Self::Customer(Table::of(
                    store.known_customers(),
                    |it| has(&texts, it.search) || is_id(it.record.id),
                    nobody,
                ))
            }
            Test::Is(states) => Self::State(states),
            Test::Late(answers) => Self::Late(answers),
            other => Self::Other(other),
        }
    }

    fn apply(
        &self,
        left: &mut FixedBitSet,
        is_negated: bool,
        store: &Store,
        context: &FilterContext<'_>,
    ) {
        let facts = store.all_facts();
        let mut keep = |holds: &dyn Fn(&Facts) -> bool| {
            left.keep(|at| holds(&facts[at]) != is_negated);
        };
        match self {
            Self::Severity(table) => keep(&|it| table.has(it.severity)),
            Self::Assignee(table) => keep(&|it| table.has(it.assignee)),
            Self::Customer(table) => keep(&|it| table.has(it.customer)),
            Self::Creator(table) => keep(&|it| table.has(it.creator)),
            Self::Description(texts) => keep(&|it| has(texts, it.description)),
            Self::State(states) => keep(&|it| states.iter().any(|state| is_in(it, *state, store))),
            Self::Late(answers) => left.keep(|at| {
                let slot = Slot::of(at);
                let is_late = late_after(store, context.targets, slot)
                    .is_some_and(|moment| moment < context.now);
                answers.contains(&is_late) != is_negated
            }),
            Self::Other(test) => left.keep(|at| {
                let study = store.get(Slot::of(at));
                Scene { study, context }.holds(test) != is_negated
            }),
        }
    }
}

fn is_in(facts: &Facts, state: State, store: &Store) -> bool {
    match state {
        State::Open => facts.is_open(),
        State::Complete => *store.status_at(facts.status) == StudyViewerStatus::Complete,
        State::Cancelled => facts.is_cancelled,
        State::Any => true,
    }
}

fn has(texts: &FixedBitSet, id: TextId) -> bool {
    texts.contains(id.index())
}

/// Returns the shared texts that contain one of the needles.
fn found<'n>(needles: impl Iterator<Item = &'n Needle>, store: &Store) -> FixedBitSet {
    let mut all = FixedBitSet::with_capacity(store.texts().len());
    needles.for_each(|needle| store.texts().search(needle, &mut all));
    all
}

/// Keeps the studies for which a term about texts holds.
fn search(left: &mut FixedBitSet, term: &Term, store: &Store) {
    let is_negated = term.is_negated;
    match &term.test {
        Test::Word(needles) => {
            let mut without = left.clone();
            take_out_words(&mut without, needles, store);
            leave_found(left, &without, is_negated);
        }
        Test::Uid(needles) => {
            let mut without = left.clone();
            take_out(&mut without, store.uids(), needles, store);
            leave_found(left, &without, is_negated);
        }
        Test::Id(needles) => {
            let ids: Vec<HexNeedle> = needles.iter().map(HexNeedle::new).collect();
            left.keep(|at| {
                let id = store.id(Slot::of(at));
                ids.iter().any(|needle| needle.is_in(id)) != is_negated
            });
        }
        Test::Meta(key, values) => {
            let found = found_values(values, is_dense(left, store), store);
            let places = places_of(key, store);
            left.keep(|at| {
                let may_hold = found.as_ref().is_none_or(|found| found.contains(at));
                let holds = || holds_value(at, &places, values, store);
                (may_hold && holds()) != is_negated
            });
        }
        Test::Is(_)
        | Test::Severity(_)
        | Test::Assignee(_)
        | Test::Customer(_)
        | Test::Description(_)
        | Test::Age(_)
        | Test::Updated(_)
        | Test::Late(_)
        | Test::By(_) => {}
    }
}

/// Leaves the studies in which something was found, or the others; given those without it.
fn leave_found(left: &mut FixedBitSet, without: &FixedBitSet, is_negated: bool) {
    if is_negated {
        left.intersect_with(without);
    } else {
        left.difference_with(without);
    }
}

/// Returns where the values of a key are, for each list of keys.
fn places_of(key: &str, store: &Store) -> Vec<Vec<usize>> {
    let is_key = |id: &TextId| store.texts().folded(*id) == key;
    store
        .key_lists()
        .iter()
        .map(|keys| (0..keys.len()).filter(|nth| is_key(&keys[*nth])).collect())
        .collect()
}

/// Returns the studies with a metadata value that contains one of the needles, if that can be said for all.
fn found_values(values: &[Value], is_dense: bool, store: &Store) -> Option<FixedBitSet> {
    let mut found = FixedBitSet::default();
    for value in values {
        match value {
            Value::Holds(needle) if is_dense => store.values().search(needle, &mut found),
            Value::Holds(_) | Value::Present => return None,
        }
    }
    Some(found)
}

fn holds_value(at: usize, places: &[Vec<usize>], values: &[Value], store: &Store) -> bool {
    let keys = store.facts(Slot::of(at)).keys;
    let Some(places) = places.get(keys as usize).filter(|it| !it.is_empty()) else {
        return false;
    };
    let is_wide = store.values().is_wide(at);
    let is_asked = |text: &str| {
        values.iter().any(|value| match value {
            Value::Present => true,
            Value::Holds(needle) => needle.is_in(text, is_wide),
        })
    };
    let lines = store.values().get(at).split('\n').enumerate();
    lines
        .filter(|(nth, _)| places.contains(nth))
        .any(|(_, text)| is_asked(text))
}

/// Takes out the studies that contain one of the needles in any field. Fast fields come first, so that a word
/// that nearly all studies have costs little more than one that none has.
fn take_out_words(left: &mut FixedBitSet, needles: &[Needle], store: &Store) {
    let ids: Vec<HexNeedle> = needles
        .iter()
        .map(HexNeedle::new)
        .filter(|it| *it != HexNeedle::Never)
        .collect();
    if ids.contains(&HexNeedle::Always) {
        return left.clear();
    }
    let facts = store.all_facts();
    let word = Word::new(needles, store);
    if !word.is_nowhere() {
        if is_dense(left, store) {
            let mut found = FixedBitSet::default();
            found.add_where(facts, |facts| word.holds(facts));
            left.difference_with(&found);
        } else {
            left.keep(|at| !word.holds(&facts[at]))
        }
    }
    take_out(left, store.uids(), needles, store);
    if !ids.is_empty() {
        left.keep(|at| {
            let id = store.id(Slot::of(at));
            !ids.iter().any(|needle| needle.is_in(id))
        });
    }
    take_out(left, store.values(), needles, store);
}

/// Takes out the studies whose own text contains one of the needles.
fn take_out(left: &mut FixedBitSet, texts: &Arena, needles: &[Needle], store: &Store) {
    for needle in needles.iter().filter(|it| texts.may_hold(it)) {
        if is_dense(left, store) {
            let mut found = FixedBitSet::default();
            texts.search(needle, &mut found);
            left.difference_with(&found);
        } else {
            left.keep(|at| !texts.holds(at, needle))
        }
    }
}

/// Whether so many studies are left that searching all texts in one go is faster.
fn is_dense(left: &FixedBitSet, store: &Store) -> bool {
    left.count_ones(..) > store.slot_count() / SPARSE
}

/// Which record of a kind a study has.
type PlaceOf = fn(&Facts) -> u32;

/// Free words, any of which may be in any of the fields that studies share.
struct Word {
    descriptions: FixedBitSet,
    /// For the assignee, the customer, the creator, the severity and the status; only those with a match.
    tables: Vec<(PlaceOf, Table)>,
    is_description: bool,
    cancelled: bool,
}

impl Word {
    fn new(needles: &[Needle], store: &Store) -> Self {
        let descriptions = found(needles.iter(), store);
        let is_said = |name: &str| {
            let is_it = |needle: &Needle| name.eq_ignore_ascii_case(needle.folded());
            needles.iter().any(is_it)
        };
        let named = |id: TextId| has(&descriptions, id);
        let mut tables: Vec<(PlaceOf, Table)> = vec![
            (
                |it| it.assignee,
                Table::of(store.known_people(), |it| named(it.search), false),
            ),
            (
                |it| it.customer,
                Table::of(store.known_customers(), |it| named(it.search), false),
            ),
            (
                |it| it.creator,
                Table::of(store.known_creators(), |it| named(it.search), false),
            ),
            (
                |it| it.severity,
                Table::of(store.severities(), |it| is_said(it.as_str()), false),
            ),
            (
                |it| it.status,
                Table::of(store.statuses(), |it| is_said(it.as_str()), false),
            ),
        ];
        tables.retain(|(_, table)| table.holds.contains(&true));
        Self {
            is_description: !descriptions.is_clear(),
            descriptions,
            tables,
            // No field of a cancelled study has the word.
            cancelled: needles.iter().any(|needle| needle.folded() == "cancelled"),
        }
    }

    fn is_nowhere(&self) -> bool {
        !self.is_description && self.tables.is_empty() && !self.cancelled
    }

    fn holds(&self, facts: &Facts) -> bool {
        has(&self.descriptions, facts.description)
            || self
                .tables
                .iter()
                .any(|(place, table)| table.has(place(facts)))
            || (self.cancelled && facts.is_cancelled)
    }
}
