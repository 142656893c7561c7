//! Every study that is loaded, in about 200 bytes each.
//!
//! Text that repeats (descriptions, people, customers, metadata keys) is kept once; the UID and the
//! metadata values of a study lie in one line-separated record of an arena. All text is cleaned on
//! the way in, so whatever a view gives can be drawn.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use crate::text::clean;
use crate::wire::{self, CustomerId, Severity, StudyId, StudyViewerStatus, UserId};

use super::arena::{Arena, Span};
use super::people::{Creator, Customer, Known, Person};
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
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What an [`Store::upsert`] did.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Upsert {
    /// The study was not in the store, or had been removed.
    Inserted(Slot),
    /// Something that the store keeps of the study differs now.
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

/// No time: smaller than every time, so that an unknown age sorts as the oldest.
pub(super) const NO_TIME: i64 = i64::MIN;

/// What is kept of a study beside its own text.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) id: StudyId,
    pub(super) created: i64,
    pub(super) updated: i64,
    pub(super) cancelled: i64,
    pub(super) description: TextId,
    pub(super) assignee: u32,
    pub(super) customer: u32,
    pub(super) creator: u32,
    pub(super) keys: u32,
    pub(super) severity: u32,
    pub(super) status: u32,
    pub(super) is_cancelled: bool,
    /// Of the study's own text.
    pub(super) is_ascii: bool,
}

#[derive(Copy, Clone, Debug)]
pub(super) struct Row {
    pub(super) facts: Facts,
    /// The UID and the metadata values, a line each.
    pub(super) text: Span,
    listed: bool,
}

/// Stands for a slot that this store never gave out.
static NOWHERE: Row = Row {
    facts: Facts {
        id: StudyId::from_bytes([0; 16]),
        created: NO_TIME,
        updated: NO_TIME,
        cancelled: NO_TIME,
        description: TextId::ABSENT,
        assignee: NONE,
        customer: NONE,
        creator: NONE,
        keys: NONE,
        severity: NONE,
        status: NONE,
        is_cancelled: false,
        is_ascii: true,
    },
    text: Span::EMPTY,
    listed: false,
};

/// The studies that are loaded, by id and by slot.
///
/// Memory is given back by [`clear`](Self::clear) only: removed studies and text that no study uses
/// any more are kept, some 200 bytes a study.
#[derive(Default, Clone, Debug)]
pub struct Store {
    rows: Vec<Row>,
    index: HashMap<StudyId, Slot>,
    listed: usize,
    own_text: Arena,
    texts: Texts,
    people: Interner<Known<Person>>,
    customers: Interner<Known<Customer>>,
    creators: Interner<Creator>,
    key_lists: Interner<Box<[TextId]>>,
    severities: Interner<Severity>,
    statuses: Interner<StudyViewerStatus>,
    latest_people: BTreeMap<UserId, u32>,
    latest_customers: BTreeMap<CustomerId, u32>,
    meta_keys: BTreeSet<TextId>,
}

impl Store {
    /// Takes in what the server says about a study, and tells whether it is news.
    pub fn upsert(&mut self, study: &wire::Study) -> Upsert {
        let text = own_text(study);
        let facts = self.facts(study, text.is_ascii());
        let Some(&slot) = self.index.get(&study.study_id) else {
            return Upsert::Inserted(self.insert(facts, &text));
        };
        let Some(row) = self.rows.get_mut(slot.index()) else {
            return Upsert::Same(slot);
        };
        let was_listed = std::mem::replace(&mut row.listed, true);
        let is_same = row.facts == facts && self.own_text.get(row.text) == text;
        row.facts = facts;
        if !is_same {
            self.own_text.release(row.text);
            row.text = self.own_text.push(&text);
            self.tidy();
        }
        if !was_listed {
            self.listed += 1;
            return Upsert::Inserted(slot);
        }
        if is_same {
            Upsert::Same(slot)
        } else {
            Upsert::Changed(slot)
        }
    }

    fn insert(&mut self, facts: Facts, text: &str) -> Slot {
        let slot = Slot(u32::try_from(self.rows.len()).unwrap_or(NONE));
        if self.rows.len() == self.rows.capacity() {
            self.rows.reserve_exact((self.rows.len() / 4).max(64));
        }
        self.rows.push(Row {
            facts,
            text: self.own_text.push(text),
            listed: true,
        });
        self.index.insert(facts.id, slot);
        self.listed += 1;
        slot
    }

    fn tidy(&mut self) {
        if self.own_text.is_wasteful() {
            self.own_text
                .rebuild(self.rows.iter_mut().map(|row| &mut row.text));
        }
    }

    fn facts(&mut self, study: &wire::Study, is_ascii: bool) -> Facts {
        Facts {
            id: study.study_id,
            created: millis(study.created_at),
            updated: millis(study.updated_at),
            cancelled: millis(study.cancelled_at),
            description: self.texts.intern(&study.study_description),
            assignee: self.assignee(study),
            customer: self.customer(study),
            creator: self.creator(study),
            keys: self.keys(study),
            severity: self.severity(&study.severity),
            status: self.status(&study.study_viewer_status),
            is_cancelled: study.is_cancelled,
            is_ascii,
        }
    }

    fn assignee(&mut self, study: &wire::Study) -> u32 {
        let Some(user) = &study.assigned_to else {
            return NONE;
        };
        let place = self
            .people
            .intern(Known::<Person>::new(user, &mut self.texts));
        self.latest_people.insert(user.user_id, place);
        place
    }

    fn customer(&mut self, study: &wire::Study) -> u32 {
        let Some(customer) = &study.customer else {
            return NONE;
        };
        let place = self
            .customers
            .intern(Known::<Customer>::new(customer, &mut self.texts));
        self.latest_customers
            .insert(customer.express_customer_id, place);
        place
    }

    fn creator(&mut self, study: &wire::Study) -> u32 {
        let user = study.created_by_user.as_ref();
        let key = study.created_by_api_key.as_ref();
        Creator::new(user, key, &mut self.texts).map_or(NONE, |it| self.creators.intern(it))
    }

    fn keys(&mut self, study: &wire::Study) -> u32 {
        if study.metadata.is_empty() {
            return NONE;
        }
        let keys: Box<[TextId]> = study
            .metadata
            .keys()
            .map(|key| self.texts.intern(key))
            .collect();
        self.meta_keys.extend(keys.iter().copied());
        self.key_lists.intern(keys)
    }

    fn severity(&mut self, severity: &Severity) -> u32 {
        let severity = match severity {
            Severity::Other(text) => Severity::Other(clean(text).into()),
            known => known.clone(),
        };
        self.severities.intern(severity)
    }

    fn status(&mut self, status: &StudyViewerStatus) -> u32 {
        let status = match status {
            StudyViewerStatus::Other(text) => StudyViewerStatus::Other(clean(text).into()),
            known => known.clone(),
        };
        self.statuses.intern(status)
    }

    /// Takes a study off the list; tells whether it was on it.
    pub fn remove(&mut self, id: StudyId) -> bool {
        let Some(row) = self
            .index
            .get(&id)
            .and_then(|slot| self.rows.get_mut(slot.index()))
        else {
            return false;
        };
        let was_listed = std::mem::replace(&mut row.listed, false);
        self.listed -= usize::from(was_listed);
        was_listed
    }

    pub fn len(&self) -> usize {
        self.listed
    }

    pub fn is_empty(&self) -> bool {
        self.listed == 0
    }

    /// Forgets everything, people and keys too.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The slot of a study that is listed.
    pub fn slot(&self, id: StudyId) -> Option<Slot> {
        self.index
            .get(&id)
            .copied()
            .filter(|slot| self.is_listed(*slot))
    }

    /// Whether the slot's study is on the list now: inserted and not removed.
    pub fn is_listed(&self, slot: Slot) -> bool {
        self.rows.get(slot.index()).is_some_and(|row| row.listed)
    }

    /// The study of a slot; the last known state of one that was removed; a blank study for a slot
    /// from before a [`clear`](Self::clear).
    pub fn get(&self, slot: Slot) -> StudyView<'_> {
        StudyView {
            store: self,
            row: self.rows.get(slot.index()).unwrap_or(&NOWHERE),
        }
    }

    pub fn find(&self, id: StudyId) -> Option<StudyView<'_>> {
        self.slot(id).map(|slot| self.get(slot))
    }

    /// The listed studies, in the order of their first arrival.
    pub fn slots(&self) -> impl Iterator<Item = Slot> + '_ {
        (0..)
            .map(Slot)
            .zip(&self.rows)
            .filter_map(|(slot, row)| row.listed.then_some(slot))
    }

    /// Everybody a study was ever assigned to here, as last named, by id.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.latest_people
            .values()
            .filter_map(|place| self.people.get(*place))
            .map(|known| &known.record)
    }

    /// Every customer a study ever belonged to here, as last named, by id.
    pub fn customers(&self) -> impl Iterator<Item = &Customer> {
        self.latest_customers
            .values()
            .filter_map(|place| self.customers.get(*place))
            .map(|known| &known.record)
    }

    /// Every metadata key a study ever had here, in the order of first sight.
    pub fn meta_keys(&self) -> impl Iterator<Item = &str> {
        self.meta_keys.iter().map(|key| self.texts.shown(*key))
    }

    /// The listed study with exactly this UID. Looks at every study.
    pub fn find_uid(&self, uid: &str) -> Option<Slot> {
        self.slots().find(|slot| self.get(*slot).uid() == uid)
    }

    pub(super) fn own_text(&self) -> &Arena {
        &self.own_text
    }

    pub(super) fn texts(&self) -> &Texts {
        &self.texts
    }

    pub(super) fn known_person(&self, place: u32) -> Option<&Known<Person>> {
        self.people.get(place)
    }

    pub(super) fn known_customer(&self, place: u32) -> Option<&Known<Customer>> {
        self.customers.get(place)
    }

    pub(super) fn known_creator(&self, place: u32) -> Option<&Creator> {
        self.creators.get(place)
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

/// Cleaning leaves no line break, so a line is one value.
fn own_text(study: &wire::Study) -> Cow<'_, str> {
    let uid = clean(study.study_instance_uid.as_str());
    if study.metadata.is_empty() {
        return uid;
    }
    let mut text = uid.into_owned();
    for value in study.metadata.values() {
        text.push('\n');
        text.push_str(&clean(value));
    }
    Cow::Owned(text)
}
