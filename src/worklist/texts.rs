//! Text and records that many studies share, kept once.

use std::hash::{BuildHasher, Hash};

use fixedbitset::FixedBitSet;
use hashbrown::{DefaultHashBuilder, HashTable};

use crate::text::clean;

use super::arena::Arena;
use super::fold::fold;
use super::needle::Needle;

/// A text in the dictionary.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct TextId(u32);

impl TextId {
    pub(super) const ABSENT: Self = Self(u32::MAX);

    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The dictionary. It only grows: a day's descriptions, names and keys repeat, so it stays small.
#[derive(Default, Clone, Debug)]
pub(super) struct Texts {
    shown: Arena,
    folded: Arena,
    count: u32,
    index: HashTable<TextId>,
    hasher: DefaultHashBuilder,
}

impl Texts {
    /// Cleans a text from outside and keeps it. Returns its id.
    pub(super) fn intern(&mut self, raw: &str) -> TextId {
        self.intern_cleaned(&clean(raw))
    }

    /// Keeps a text that is made of cleaned ones. Returns its id.
    pub(super) fn intern_cleaned(&mut self, text: &str) -> TextId {
        let (shown, hasher) = (&self.shown, &self.hasher);
        let hash = hasher.hash_one(text);
        let same = |id: &TextId| shown.get(id.index()) == text;
        if let Some(id) = self.index.find(hash, same) {
            return *id;
        }
        let id = TextId(self.count);
        self.count = self.count.saturating_add(1);
        let hash_of = |id: &TextId| hasher.hash_one(shown.get(id.index()));
        self.index.insert_unique(hash, id, hash_of);
        self.shown.push(text);
        self.folded.push(&fold(text));
        id
    }

    pub(super) fn shown(&self, id: TextId) -> &str {
        self.shown.get(id.index())
    }

    pub(super) fn folded(&self, id: TextId) -> &str {
        self.folded.get(id.index())
    }

    pub(super) fn holds(&self, id: TextId, needle: &Needle) -> bool {
        needle.is_in(self.folded(id), false)
    }

    /// Adds all texts that contain the needle, by [`TextId::index`].
    pub(super) fn search(&self, needle: &Needle, found: &mut FixedBitSet) {
        self.folded.search(needle, found);
    }

    pub(super) fn len(&self) -> usize {
        self.count as usize
    }
}

/// Records kept once each, named by their place.
#[derive(Clone, Debug)]
pub(super) struct Interner<T> {
    items: Vec<T>,
    /// The hash of each, and its place.
    index: HashTable<(u64, u32)>,
    hasher: DefaultHashBuilder,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            index: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }
}

/// The place of a record that is absent.
pub(super) const NONE: u32 = u32::MAX;

impl<T> Interner<T> {
    /// Returns the place of the record with this key that `is` it, if there is one.
    pub(super) fn place(&self, key: &impl Hash, is: impl Fn(&T) -> bool) -> Option<u32> {
        let is_it = |(_, place): &(u64, u32)| self.get(*place).is_some_and(&is);
        let hash = self.hasher.hash_one(key);
        self.index.find(hash, is_it).map(|(_, place)| *place)
    }

    /// Adds a record that is not there yet. Equal records must have equal keys.
    pub(super) fn add(&mut self, key: &impl Hash, item: T) -> u32 {
        let place = u32::try_from(self.items.len()).unwrap_or(NONE);
        let hash = self.hasher.hash_one(key);
        self.index
            .insert_unique(hash, (hash, place), |(hash, _)| *hash);
        self.items.push(item);
        place
    }

    pub(super) fn get(&self, place: u32) -> Option<&T> {
        self.items.get(place as usize)
    }

    pub(super) fn items(&self) -> &[T] {
        &self.items
    }
}

impl<T: Eq + Hash> Interner<T> {
    pub(super) fn intern(&mut self, item: T) -> u32 {
        match self.place(&item, |other| *other == item) {
            Some(place) => place,
            None => {
                let hash = self.hasher.hash_one(&item);
                self.index
                    .insert_unique(hash, (hash, self.items.len() as u32), |(hash, _)| *hash);
                self.items.push(item);
                self.items.len() as u32 - 1
            }
        }
    }
}
