//! Applies a filter to all studies at once.
//!
//! A needle is looked for once in each text that studies share; which studies have such a text is
//! then a look into a table. The studies' own texts are searched at a stretch. What is cheap is asked
//! first, and only of the studies that are left.

use crate::wire::StudyViewerStatus;
use crate::worklist::bits::Bits;
use crate::worklist::needle::Needle;
use crate::worklist::store::Facts;
use crate::worklist::texts::TextId;
use crate::worklist::{Slot, Store};

use super::eval::Scene;
use super::hex::HexNeedle;
use super::terms::{Owner, State, Term, Test, Value, Who};
use super::{Filter, FilterContext};

/// With more than one in this many studies left, searching all texts at a stretch is the faster way.
const SPARSE: usize = 6;

impl Filter {
    /// The listed studies that match, in the order of [`Store::slots`]. They are those that
    /// [`matches`](Self::matches) says, found much faster.
    pub fn select(&self, store: &Store, context: &FilterContext<'_>) -> Vec<Slot> {
        let names_state = self.names_state();
        let (dear, cheap): (Vec<&Term>, Vec<&Term>) = self
            .terms
            .iter()
            .filter(|term| !is_always(term))
            .partition(|term| looks_into_texts(&term.test));
        let cheap: Vec<_> = cheap
            .into_iter()
            .map(|term| Cheap::new(term, store))
            .collect();
        let mut slots: Vec<Slot> = Vec::with_capacity(store.len());
        if cheap.is_empty() && names_state {
            slots.extend(store.slots());
        } else {
            slots.extend(store.slots().filter(|slot| {
                let facts = store.facts(*slot);
                (names_state || facts.is_open())
                    && cheap
                        .iter()
                        .all(|it| it.holds(*slot, facts, store, context))
            }));
        }
        for term in dear {
            let mut dear = Dear::new(&term.test, store, slots.len() > store.slot_count() / SPARSE);
            slots.retain(|slot| dear.holds(*slot, store, context) != term.is_negated);
        }
        slots
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

/// Which records of a kind are asked for, by place, and whether having none is.
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

/// A term that the facts of a study decide.
struct Cheap<'a> {
    is_negated: bool,
    ask: Ask<'a>,
}

enum Ask<'a> {
    Severity(Table),
    Assignee(Table),
    Customer(Table),
    Creator(Table),
    Description(Bits),
    Other(&'a Test),
}

impl<'a> Cheap<'a> {
    fn new(term: &'a Term, store: &Store) -> Self {
        Self {
            is_negated: term.is_negated,
            ask: Ask::new(&term.test, store),
        }
    }

    fn holds(&self, slot: Slot, facts: &Facts, store: &Store, context: &FilterContext<'_>) -> bool {
        let holds = match &self.ask {
            Ask::Severity(table) => table.has(facts.severity),
            Ask::Assignee(table) => table.has(facts.assignee),
            Ask::Customer(table) => table.has(facts.customer),
            Ask::Creator(table) => table.has(facts.creator),
            Ask::Description(texts) => texts.has(facts.description.index()),
            Ask::Other(test) => {
                let study = store.get(slot);
                Scene { study, context }.holds(test)
            }
        };
        holds != self.is_negated
    }
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
                    Who::Nobody | Who::Me | Who::Id(_) => None,
                });
                let texts = found(named, store);
                let is_id = |id| {
                    list.iter()
                        .any(|who| matches!(who, Who::Id(it) if *it == id))
                };
                let nobody = list.iter().any(|who| matches!(who, Who::Nobody));
                Self::Assignee(Table::of(
                    store.known_people(),
                    |it| has(&texts, it.search) || is_id(it.record.id),
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
            other => Self::Other(other),
        }
    }
}

fn has(texts: &Bits, id: TextId) -> bool {
    texts.has(id.index())
}

/// The shared texts that hold one of the needles.
fn found<'n>(needles: impl Iterator<Item = &'n Needle>, store: &Store) -> Bits {
    let mut all = Bits::with_room(store.texts().len());
    needles.for_each(|needle| store.texts().search(needle, &mut all));
    all
}

/// A term that looks into the texts of a study.
enum Dear<'a> {
    Word(Box<Word<'a>>),
    Uid(Own<'a>),
    Id(Vec<HexNeedle>),
    /// Which key lists have the key; where a value can be; the term itself.
    Meta(Table, Option<Bits>, &'a Test),
    Other(&'a Test),
}

impl<'a> Dear<'a> {
    fn new(test: &'a Test, store: &Store, at_a_stretch: bool) -> Self {
        match test {
            Test::Word(needles) => Self::Word(Box::new(Word::new(needles, store, at_a_stretch))),
            Test::Uid(needles) => Self::Uid(Own::new(needles, at_a_stretch, |needle, found| {
                store.uids().search(needle, found);
            })),
            Test::Id(needles) => Self::Id(needles.iter().map(HexNeedle::new).collect()),
            Test::Meta(key, values) => {
                let has_key =
                    |keys: &Box<[TextId]>| keys.iter().any(|it| store.texts().folded(*it) == key);
                let table = Table::of(store.key_lists(), has_key, false);
                let needles: Option<Vec<&Needle>> = values
                    .iter()
                    .map(|value| match value {
                        Value::Holds(needle) => Some(needle),
                        Value::Present => None,
                    })
                    .collect();
                let places = needles.filter(|_| at_a_stretch).map(|needles| {
                    let mut found = Bits::with_room(store.slot_count());
                    needles
                        .iter()
                        .for_each(|needle| store.values().search(needle, &mut found));
                    found
                });
                Self::Meta(table, places, test)
            }
            other => Self::Other(other),
        }
    }

    fn holds(&mut self, slot: Slot, store: &Store, context: &FilterContext<'_>) -> bool {
        let study = store.get(slot);
        let scene = Scene { study, context };
        match self {
            Self::Word(word) => word.holds(slot, store),
            Self::Uid(own) => own.holds(slot, |needle| study.uid_holds(needle)),
            Self::Id(needles) => needles.iter().any(|needle| needle.is_in(study.id())),
            Self::Meta(table, places, test) => {
                table.has(study.facts().keys)
                    && places
                        .as_ref()
                        .is_none_or(|places| places.has(slot.index()))
                    && scene.holds(test)
            }
            Self::Other(test) => scene.holds(test),
        }
    }
}

/// Needles that are looked for in the studies' own texts: in all of them before, or in each as asked.
enum Own<'a> {
    Found(Bits),
    Ask(&'a [Needle]),
}

impl<'a> Own<'a> {
    fn new(needles: &'a [Needle], at_a_stretch: bool, search: impl Fn(&Needle, &mut Bits)) -> Self {
        if !at_a_stretch {
            return Self::Ask(needles);
        }
        let mut found = Bits::default();
        needles.iter().for_each(|needle| search(needle, &mut found));
        Self::Found(found)
    }

    fn holds(&self, slot: Slot, is_in: impl Fn(&Needle) -> bool) -> bool {
        match self {
            Self::Found(found) => found.has(slot.index()),
            Self::Ask(needles) => needles.iter().any(is_in),
        }
    }
}

/// Free words, any of which may stand in any field.
struct Word<'a> {
    descriptions: Bits,
    people: Table,
    customers: Table,
    creators: Table,
    severities: Table,
    statuses: Table,
    cancelled: bool,
    own: Own<'a>,
    ids: Vec<HexNeedle>,
}

impl<'a> Word<'a> {
    fn new(needles: &'a [Needle], store: &Store, at_a_stretch: bool) -> Self {
        let texts = found(needles.iter(), store);
        let is_said = |name: &str| {
            needles
                .iter()
                .any(|needle| name.eq_ignore_ascii_case(needle.folded()))
        };
        let search = |needle: &Needle, found: &mut Bits| {
            store.uids().search(needle, found);
            store.values().search(needle, found);
        };
        let ids = needles.iter().map(HexNeedle::new);
        Self {
            people: Table::of(store.known_people(), |it| has(&texts, it.search), false),
            customers: Table::of(store.known_customers(), |it| has(&texts, it.search), false),
            creators: Table::of(store.known_creators(), |it| has(&texts, it.search), false),
            severities: Table::of(store.severities(), |it| is_said(it.as_str()), false),
            statuses: Table::of(
                store.statuses(),
                |it: &StudyViewerStatus| is_said(it.as_str()),
                false,
            ),
            // A study that is cancelled is called so by no field.
            cancelled: needles.iter().any(|needle| needle.folded() == "cancelled"),
            own: Own::new(needles, at_a_stretch, search),
            ids: ids.filter(|it| *it != HexNeedle::Never).collect(),
            descriptions: texts,
        }
    }

    fn holds(&self, slot: Slot, store: &Store) -> bool {
        let facts = store.facts(slot);
        has(&self.descriptions, facts.description)
            || self.people.has(facts.assignee)
            || self.customers.has(facts.customer)
            || self.creators.has(facts.creator)
            || self.severities.has(facts.severity)
            || self.statuses.has(facts.status)
            || (self.cancelled && facts.is_cancelled)
            || self.own.holds(slot, |needle| {
                let study = store.get(slot);
                study.uid_holds(needle) || study.values_hold(needle)
            })
            || self.ids.iter().any(|needle| needle.is_in(store.id(slot)))
    }
}
