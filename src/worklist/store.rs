//! Every study that is loaded, in about 200 bytes each.
//!
//! There is a column for each fact that is asked of many studies at once. Text that repeats (descriptions,
//! people, customers, metadata keys) is kept once; UIDs and metadata values are in an arena each. All text is
//! cleaned on the way in, so everything that a view returns can be drawn.
//!
//! One file, because columns, texts and changes are only right together: every write touches all of them.

mod room;

pub use room::{Full, Room};

use std::collections::{BTreeMap, BTreeSet};
use std::hash::BuildHasher;

use chrono::{DateTime, Utc};
use fixedbitset::FixedBitSet;
use hashbrown::{DefaultHashBuilder, HashTable};

use crate::text::clean;
use crate::wire::{self, CustomerId, Severity, StudyId, StudyViewerStatus, UserId};

use super::arena::{Arena, grow};
use super::bits::Sift;
use super::people::{Creator, Customer, Known, Person, References};
use super::severity_rank;
use super::texts::{Interner, NONE, TextId, Texts};
use super::view::StudyView;

/// The place of a study in its [`Store`].
///
/// A slot belongs to one study id until [`Store::clear`]: it is never given to another study. A
/// removed study keeps its slot (a view of it shows what was last known) and gets it back when it
/// returns. After a `clear`, drop every slot.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Slot(u32);

impl Slot {
    pub(super) fn of(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(NONE))
    }

    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A set of slots, one bit for each.
#[derive(Clone, Debug, Default)]
pub struct SlotSet(FixedBitSet);

impl SlotSet {
    pub fn contains(&self, slot: Slot) -> bool {
        self.0.contains(slot.index())
    }

    pub fn insert(&mut self, slot: Slot) {
        self.0.grow_and_insert(slot.index());
    }

    pub(super) fn put(&mut self, slot: Slot, is_in: bool) {
        self.0.mark(slot.index(), is_in);
    }

    pub fn len(&self) -> usize {
        self.0.count_ones(..)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_clear()
    }

    pub(super) fn bits_mut(&mut self) -> &mut FixedBitSet {
        &mut self.0
    }
}

impl From<FixedBitSet> for SlotSet {
    fn from(bits: FixedBitSet) -> Self {
        Self(bits)
    }
}

impl FromIterator<Slot> for SlotSet {
    fn from_iter<I: IntoIterator<Item = Slot>>(slots: I) -> Self {
        let mut set = Self::default();
        slots.into_iter().for_each(|slot| set.insert(slot));
        set
    }
}

/// What [`Store::upsert`] did.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Upsert {
    /// The study was not in the store, or had been removed.
    Inserted(Slot),
    /// Something that the store keeps of the study has changed.
    Changed(Slot),
    Same(Slot),
}

impl Upsert {
    pub fn slot(self) -> Slot {
        match self {
            Self::Inserted(slot) | Self::Changed(slot) | Self::Same(slot) => slot,
        }
    }
}

/// An unknown time: smaller than every time, so that it sorts as the oldest.
pub(super) const NO_TIME: i64 = i64::MIN;

/// What a filter looks at most often: everything about a study that is a number.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) description: TextId,
    pub(super) assignee: u32,
    pub(super) customer: u32,
    pub(super) creator: u32,
    pub(super) keys: u32,
    pub(super) severity: u32,
    pub(super) status: u32,
    /// As [`severity_rank`] gives it.
    pub(super) rank: u8,
    pub(super) is_incomplete: bool,
    pub(super) is_cancelled: bool,
}

impl Facts {
    /// Whether there is work to do: incomplete and not cancelled.
    pub(super) fn is_open(&self) -> bool {
        self.is_incomplete && !self.is_cancelled
    }
}

/// Unix milliseconds.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Times {
    pub(super) created: i64,
    pub(super) updated: i64,
    pub(super) cancelled: i64,
}

/// They stand for a slot that this store never gave out.
static NO_FACTS: Facts = Facts {
    description: TextId::ABSENT,
    assignee: NONE,
    customer: NONE,
    creator: NONE,
    keys: NONE,
    severity: NONE,
    status: NONE,
    rank: 2,
    is_incomplete: false,
    is_cancelled: false,
};
static NO_TIMES: Times = Times {
    created: NO_TIME,
    updated: NO_TIME,
    cancelled: NO_TIME,
};

/// The studies that are loaded, by id and by slot.
///
/// Only [`clear`](Self::clear) frees memory: removed studies and text that is no longer used are kept, some
/// 200 bytes a study.
#[derive(Default, Clone, Debug)]
pub struct Store {
    ids: Vec<StudyId>,
    facts: Vec<Facts>,
    times: Vec<Times>,
    uids: Arena,
    /// The metadata values of a study, a line each.
    values: Arena,
    index: HashTable<Slot>,
    hasher: DefaultHashBuilder,
    listed: FixedBitSet,
    /// Open studies, listed or not.
    open: FixedBitSet,
    /// How many of those there are.
    open_count: usize,
    count: usize,
    room: Room,
    texts: Texts,
    people: References<Known<Person>, wire::UserReference>,
    customers: References<Known<Customer>, wire::CustomerReference>,
    creators: References<Creator, (Option<wire::UserReference>, Option<wire::ApiKeyReference>)>,
    key_lists: Interner<Box<[TextId]>>,
    severities: Interner<Severity>,
    statuses: Interner<StudyViewerStatus>,
    latest_people: BTreeMap<UserId, u32>,
    latest_customers: BTreeMap<CustomerId, u32>,
    meta_keys: BTreeSet<TextId>,
    /// Slots whose study arrived, left or changed since the last [`take_changes`](Self::take_changes).
    changes: Changes,
    /// Reused from study to study, so that an update of a known study allocates nothing.
    line: String,
    key_line: Vec<TextId>,
}

/// Which slots changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changes {
    /// So many that listing them is not worth it.
    Many,
    /// Some may be listed more than once.
    Few(Vec<Slot>),
}

impl Default for Changes {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl Changes {
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Few(slots) if slots.is_empty())
    }

    fn note(&mut self, slot: Slot, count: usize) {
        if let Self::Few(slots) = self {
            if slots.len() > 64 + count / 2 {
                *self = Self::Many
            } else {
                slots.push(slot)
            }
        }
    }
}

impl Store {
    /// Takes in what the server says about a study. Returns what that changed.
    pub fn upsert(&mut self, study: &wire::Study) -> Upsert {
        let facts = self.read_facts(study);
        let times = Times {
            created: millis(study.created_at),
            updated: millis(study.updated_at),
            cancelled: millis(study.cancelled_at),
        };
        let uid = clean(study.study_instance_uid.as_str());
        let mut line = std::mem::take(&mut self.line);
        write_values(&mut line, study);
        let outcome = match self.any_slot(study.study_id) {
            None => Upsert::Inserted(self.insert(study.study_id, facts, times, (&uid, &line))),
            Some(slot) => self.replace(slot, facts, times, (&uid, &line)),
        };
        self.line = line;
        if !matches!(outcome, Upsert::Same(_)) {
            self.changes.note(outcome.slot(), self.ids.len());
        }
        outcome
    }

    fn replace(&mut self, slot: Slot, facts: Facts, times: Times, own: (&str, &str)) -> Upsert {
        let at = slot.index();
        let (uid, values) = own;
        let (same_uid, same_values) = (self.uids.get(at) == uid, self.values.get(at) == values);
        let is_same = self.facts[at] == facts && self.times[at] == times && same_uid && same_values;
        self.facts[at] = facts;
        self.times[at] = times;
        self.set_open(at, facts.is_open());
        if !same_uid {
            self.uids.put(at, uid);
        }
        if !same_values {
            self.values.put(at, values);
        }
        if !self.listed.contains(at) {
            self.listed.grow_and_insert(at);
            self.count += 1;
            return Upsert::Inserted(slot);
        }
        if is_same {
            Upsert::Same(slot)
        } else {
            Upsert::Changed(slot)
        }
    }

    fn insert(&mut self, id: StudyId, facts: Facts, times: Times, own: (&str, &str)) -> Slot {
        let slot = Slot::of(self.ids.len());
        grow(&mut self.ids);
        grow(&mut self.facts);
        grow(&mut self.times);
        self.ids.push(id);
        self.facts.push(facts);
        self.times.push(times);
        self.uids.push(own.0);
        self.values.push(own.1);
        let (ids, hasher) = (&self.ids, &self.hasher);
        self.index.insert_unique(hasher.hash_one(id), slot, |slot| {
            hasher.hash_one(ids[slot.index()])
        });
        self.listed.grow_and_insert(slot.index());
        self.set_open(slot.index(), facts.is_open());
        self.count += 1;
        slot
    }

    fn set_open(&mut self, at: usize, is_open: bool) {
        self.open_count += usize::from(is_open);
        self.open_count -= usize::from(self.open.contains(at));
        self.open.mark(at, is_open);
    }

    /// Returns the slot of a study, listed or not.
    fn any_slot(&self, id: StudyId) -> Option<Slot> {
        let is_it = |slot: &Slot| self.ids[slot.index()] == id;
        self.index.find(self.hasher.hash_one(id), is_it).copied()
    }

    fn read_facts(&mut self, study: &wire::Study) -> Facts {
        Facts {
            description: self.texts.intern(&study.study_description),
            assignee: self.assignee(study),
            customer: self.customer(study),
            creator: self.creator(study),
            keys: self.keys(study),
            severity: self.severity(&study.severity),
            status: self.status(&study.study_viewer_status),
            rank: severity_rank(&study.severity),
            is_incomplete: study.study_viewer_status == StudyViewerStatus::Incomplete,
            is_cancelled: study.is_cancelled,
        }
    }

    fn assignee(&mut self, study: &wire::Study) -> u32 {
        let Some(user) = &study.assigned_to else {
            return NONE;
        };
        let texts = &mut self.texts;
        let make = |user: &wire::UserReference| Known::<Person>::new(user, texts);
        let key = (user.user_id, &user.first_name, &user.last_name);
        let place = self
            .people
            .place(&key, |it| it == user, || user.clone(), make);
        self.latest_people.insert(user.user_id, place);
        place
    }

    fn customer(&mut self, study: &wire::Study) -> u32 {
        let Some(customer) = &study.customer else {
            return NONE;
        };
        let (id, texts) = (customer.express_customer_id, &mut self.texts);
        let make = |it: &wire::CustomerReference| Known::<Customer>::new(it, texts);
        let key = (id, &customer.express_customer_name);
        let place = self
            .customers
            .place(&key, |it| it == customer, || customer.clone(), make);
        self.latest_customers.insert(id, place);
        place
    }

    fn creator(&mut self, study: &wire::Study) -> u32 {
        let user = study.created_by_user.as_ref();
        let by = study.created_by_api_key.as_ref();
        if user.is_none() && by.is_none() {
            return NONE;
        }
        let texts = &mut self.texts;
        let key = (
            user.map(|it| (it.user_id, &it.first_name, &it.last_name)),
            by.map(|it| (&it.api_key_id, &it.description)),
        );
        self.creators.place(
            &key,
            |it| it.0.as_ref() == user && it.1.as_ref() == by,
            || (user.cloned(), by.cloned()),
            |it| Creator::new(it.0.as_ref(), it.1.as_ref(), texts),
        )
    }

    fn keys(&mut self, study: &wire::Study) -> u32 {
        if study.metadata.is_empty() {
            return NONE;
        }
        self.key_line.clear();
        for key in study.metadata.keys() {
            self.key_line.push(self.texts.intern(key));
        }
        let keys = self.key_line.as_slice();
        match self.key_lists.place(&keys, |other| **other == *keys) {
            Some(place) => place,
            None => {
                self.meta_keys.extend(keys);
                self.key_lists.add(&keys, keys.into())
            }
        }
    }

    fn severity(&mut self, severity: &Severity) -> u32 {
        let text = clean(severity.as_str());
        let is_it =
            |other: &Severity| other.as_str() == &*text && other.is_known() == severity.is_known();
        let make = || match severity {
            Severity::Other(_) => Severity::Other((&*text).into()),
            known => known.clone(),
        };
        match self.severities.place(&text, is_it) {
            Some(place) => place,
            None => self.severities.add(&text, make()),
        }
    }

    fn status(&mut self, status: &StudyViewerStatus) -> u32 {
        let text = clean(status.as_str());
        let is_it = |other: &StudyViewerStatus| {
            other.as_str() == &*text && other.is_known() == status.is_known()
        };
        let make = || match status {
            StudyViewerStatus::Other(_) => StudyViewerStatus::Other((&*text).into()),
            known => known.clone(),
        };
        match self.statuses.place(&text, is_it) {
            Some(place) => place,
            None => self.statuses.add(&text, make()),
        }
    }

    /// Takes a study off the list. Returns whether it was on it.
    pub fn remove(&mut self, id: StudyId) -> bool {
        let Some(slot) = self.slot(id) else {
            return false;
        };
        self.listed.mark(slot.index(), false);
        self.count -= 1;
        self.changes.note(slot, self.ids.len());
        true
    }

    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Forgets everything, including people and keys.
    pub fn clear(&mut self) {
        *self = Self {
            changes: Changes::Many,
            room: self.room,
            ..Self::default()
        };
    }

    /// Returns what has changed since the last call.
    pub fn take_changes(&mut self) -> Changes {
        std::mem::take(&mut self.changes)
    }

    /// Returns the slot of a study that is listed.
    pub fn slot(&self, id: StudyId) -> Option<Slot> {
        self.any_slot(id).filter(|slot| self.is_listed(*slot))
    }

    /// Whether the slot's study is on the list now.
    pub fn is_listed(&self, slot: Slot) -> bool {
        self.listed.contains(slot.index())
    }

    /// Returns the listed studies that are open.
    pub(super) fn open_slots(&self) -> impl Iterator<Item = Slot> {
        let mut open = self.listed.clone();
        open.intersect_with(&self.open);
        (0..self.ids.len())
            .filter(move |at| open.contains(*at))
            .map(Slot::of)
    }

    /// Returns the study of a slot: its last known state if it was removed, a blank study for a slot from
    /// before a [`clear`](Self::clear).
    pub fn get(&self, slot: Slot) -> StudyView<'_> {
        StudyView {
            store: self,
            slot,
            facts: self.facts(slot),
        }
    }

    pub fn find(&self, id: StudyId) -> Option<StudyView<'_>> {
        self.slot(id).map(|slot| self.get(slot))
    }

    /// Returns the listed studies, in the order of their first arrival.
    pub fn slots(&self) -> impl Iterator<Item = Slot> + '_ {
        self.listed.ones().map(Slot::of)
    }

    /// Returns everybody a study was ever assigned to here, as last named, by id.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.latest_people
            .values()
            .filter_map(|place| self.known_person(*place))
            .map(|known| &known.record)
    }

    /// Returns every customer a study ever belonged to here, as last named, by id.
    pub fn customers(&self) -> impl Iterator<Item = &Customer> {
        self.latest_customers
            .values()
            .filter_map(|place| self.known_customer(*place))
            .map(|known| &known.record)
    }

    /// Returns every metadata key a study ever had here, in the order in which they first came.
    pub fn meta_keys(&self) -> impl Iterator<Item = &str> {
        self.meta_keys.iter().map(|key| self.texts.shown(*key))
    }

    /// Returns the listed study with exactly this UID. Looks at every study.
    pub fn find_uid(&self, uid: &str) -> Option<Slot> {
        self.slots().find(|slot| self.uids.get(slot.index()) == uid)
    }

    pub(super) fn id(&self, slot: Slot) -> StudyId {
        let blank = StudyId::from_bytes([0; 16]);
        self.ids.get(slot.index()).copied().unwrap_or(blank)
    }

    pub(super) fn facts(&self, slot: Slot) -> &Facts {
        self.facts.get(slot.index()).unwrap_or(&NO_FACTS)
    }

    pub(super) fn times(&self, slot: Slot) -> &Times {
        self.times.get(slot.index()).unwrap_or(&NO_TIMES)
    }

    /// Returns all facts, by slot.
    pub(super) fn all_facts(&self) -> &[Facts] {
        &self.facts
    }

    pub(super) fn listed(&self) -> &FixedBitSet {
        &self.listed
    }

    pub(super) fn open(&self) -> &FixedBitSet {
        &self.open
    }

    pub(super) fn uids(&self) -> &Arena {
        &self.uids
    }

    pub(super) fn values(&self) -> &Arena {
        &self.values
    }

    /// Returns how many slots were given out.
    pub(super) fn slot_count(&self) -> usize {
        self.ids.len()
    }

    pub(super) fn texts(&self) -> &Texts {
        &self.texts
    }

    pub(super) fn known_people(&self) -> &[Known<Person>] {
        self.people.items()
    }

    pub(super) fn known_customers(&self) -> &[Known<Customer>] {
        self.customers.items()
    }

    pub(super) fn known_creators(&self) -> &[Creator] {
        self.creators.items()
    }

    pub(super) fn key_lists(&self) -> &[Box<[TextId]>] {
        self.key_lists.items()
    }

    pub(super) fn severities(&self) -> &[Severity] {
        self.severities.items()
    }

    pub(super) fn statuses(&self) -> &[StudyViewerStatus] {
        self.statuses.items()
    }

    pub(super) fn known_person(&self, place: u32) -> Option<&Known<Person>> {
        self.people.items().get(place as usize)
    }

    pub(super) fn known_customer(&self, place: u32) -> Option<&Known<Customer>> {
        self.customers.items().get(place as usize)
    }

    pub(super) fn known_creator(&self, place: u32) -> Option<&Creator> {
        self.creators.items().get(place as usize)
    }

    pub(super) fn key_list(&self, place: u32) -> &[TextId] {
        self.key_lists.get(place).map_or(&[], |keys| keys)
    }

    pub(super) fn severity_at(&self, place: u32) -> &Severity {
        self.severities.get(place).unwrap_or(&Severity::Normal)
    }

    pub(super) fn status_at(&self, place: u32) -> &StudyViewerStatus {
        self.statuses
            .get(place)
            .unwrap_or(&StudyViewerStatus::Complete)
    }
}

fn millis(time: Option<DateTime<Utc>>) -> i64 {
    time.map_or(NO_TIME, |time| time.timestamp_millis())
}

/// Cleaned text has no line breaks, so each line is one value.
fn write_values(line: &mut String, study: &wire::Study) {
    line.clear();
    for (nth, value) in study.metadata.values().enumerate() {
        if nth > 0 {
            line.push('\n');
        }
        line.push_str(&clean(value));
    }
}
