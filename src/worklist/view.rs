//! One study of the store, read in place.

use std::fmt;

use crate::wire::{Severity, StudyId, StudyViewerStatus};

use super::fold::fold;
use super::needle::Needle;
use super::people::{Creator, Customer, Known, Person};
use super::store::{Facts, NO_TIME, Slot, Store};

/// A study as the store holds it. All text is cleaned and can be drawn.
#[derive(Copy, Clone)]
pub struct StudyView<'a> {
    pub(super) store: &'a Store,
    pub(super) slot: Slot,
    pub(super) facts: &'a Facts,
}

impl<'a> StudyView<'a> {
    pub fn id(&self) -> StudyId {
        self.store.id(self.slot)
    }

    /// The Study Instance UID as the server sent it; it may break the rules of DICOM.
    pub fn uid(&self) -> &'a str {
        self.store.uids().get(self.slot.index())
    }

    pub fn description(&self) -> &'a str {
        self.store.texts().shown(self.facts.description)
    }

    pub fn severity(&self) -> &'a Severity {
        self.store.severity_at(self.facts.severity)
    }

    pub fn status(&self) -> &'a StudyViewerStatus {
        self.store.status_at(self.facts.status)
    }

    pub fn is_cancelled(&self) -> bool {
        self.facts.is_cancelled
    }

    /// Whether there is work to do: incomplete and not cancelled.
    pub fn is_open(&self) -> bool {
        self.facts.is_open()
    }

    pub fn assignee(&self) -> Option<&'a Person> {
        self.known_assignee().map(|known| &known.record)
    }

    pub fn customer(&self) -> Option<&'a Customer> {
        self.known_customer().map(|known| &known.record)
    }

    /// In Unix milliseconds.
    pub fn created_at(&self) -> Option<i64> {
        known_time(self.store.times(self.slot).created)
    }

    /// In Unix milliseconds.
    pub fn updated_at(&self) -> Option<i64> {
        known_time(self.store.times(self.slot).updated)
    }

    /// In Unix milliseconds.
    pub fn cancelled_at(&self) -> Option<i64> {
        known_time(self.store.times(self.slot).cancelled)
    }

    /// Returns the person who entered the study, or the description of the key that did.
    pub fn created_by(&self) -> Option<&'a str> {
        let creator = self.known_creator()?;
        Some(self.store.texts().shown(creator.shown))
    }

    /// Returns keys and values, in the order of the keys.
    pub fn metadata(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let texts = self.store.texts();
        let keys = self.store.key_list(self.facts.keys).iter();
        keys.map(|key| texts.shown(*key)).zip(self.values())
    }

    /// Returns the value of a metadata key: of the key as written, or else of the first that differs only in
    /// case.
    pub fn meta(&self, key: &str) -> Option<&'a str> {
        self.metadata()
            .find(|(name, _)| *name == key)
            .map(|(_, value)| value)
            .or_else(|| self.meta_folded(&fold(key)).next())
    }

    /// Returns the milliseconds since the study was created; negative if the clock is behind the server's.
    pub fn age_ms(&self, now: i64) -> Option<i64> {
        Some(now.saturating_sub(self.created_at()?))
    }

    /// Returns the values of every key that equals `key` in lower case.
    pub(super) fn meta_folded<'k>(
        &self,
        key: &'k str,
    ) -> impl Iterator<Item = &'a str> + use<'a, 'k> {
        let texts = self.store.texts();
        let keys = self.store.key_list(self.facts.keys).iter();
        keys.zip(self.values())
            .filter(move |(name, _)| texts.folded(**name) == key)
            .map(|(_, value)| value)
    }

    fn values(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.store.values().get(self.slot.index()).split('\n')
    }

    pub(super) fn uid_holds(&self, needle: &Needle) -> bool {
        self.store.uids().holds(self.slot.index(), needle)
    }

    /// Whether one of the metadata values contains it.
    pub(super) fn values_hold(&self, needle: &Needle) -> bool {
        self.store.values().holds(self.slot.index(), needle)
    }

    pub(super) fn has_wide_values(&self) -> bool {
        self.store.values().is_wide(self.slot.index())
    }

    pub(super) fn facts(&self) -> &'a Facts {
        self.facts
    }

    pub(super) fn known_assignee(&self) -> Option<&'a Known<Person>> {
        self.store.known_person(self.facts.assignee)
    }

    pub(super) fn known_customer(&self) -> Option<&'a Known<Customer>> {
        self.store.known_customer(self.facts.customer)
    }

    pub(super) fn known_creator(&self) -> Option<&'a Creator> {
        self.store.known_creator(self.facts.creator)
    }
}

impl fmt::Debug for StudyView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StudyView")
            .field("id", &self.id())
            .field("description", &self.description())
            .field("severity", self.severity())
            .field("status", self.status())
            .field("is_cancelled", &self.is_cancelled())
            .finish_non_exhaustive()
    }
}

fn known_time(time: i64) -> Option<i64> {
    (time != NO_TIME).then_some(time)
}
