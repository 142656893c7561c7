//! Text and records that many studies share, kept once.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;

use crate::text::clean;

/// Lower case, character by character, so that a part of a word folds as it does within the whole.
///
/// That rules out `str::to_lowercase`, which looks at the neighbours of a Greek sigma, and asks for
/// one form of the small sigma.
pub(super) fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Cow::Owned(text.to_ascii_lowercase());
        }
        return Cow::Borrowed(text);
    }
    let folded: String = text
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ς' { 'σ' } else { c })
        .collect();
    if folded == text {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(folded)
    }
}

/// A text in the dictionary.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct TextId(u32);

impl TextId {
    pub(super) const ABSENT: Self = Self(u32::MAX);

    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

#[derive(Clone, Debug)]
struct Text {
    shown: Box<str>,
    /// Absent where it equals `shown`.
    folded: Option<Box<str>>,
}

/// The dictionary. It only grows: a day's descriptions, names and keys repeat, so it stays small.
#[derive(Default, Clone, Debug)]
pub(super) struct Texts {
    items: Vec<Text>,
    index: HashMap<Box<str>, TextId>,
}

impl Texts {
    /// Cleans a text from outside and keeps it.
    pub(super) fn intern(&mut self, raw: &str) -> TextId {
        self.intern_cleaned(&clean(raw))
    }

    /// Keeps a text that consists of cleaned ones.
    pub(super) fn intern_cleaned(&mut self, text: &str) -> TextId {
        if let Some(id) = self.index.get(text) {
            return *id;
        }
        let id = TextId(u32::try_from(self.items.len()).unwrap_or(u32::MAX));
        let folded = match fold(text) {
            Cow::Borrowed(_) => None,
            Cow::Owned(folded) => Some(folded.into()),
        };
        self.items.push(Text {
            shown: text.into(),
            folded,
        });
        self.index.insert(text.into(), id);
        id
    }

    pub(super) fn shown(&self, id: TextId) -> &str {
        self.items.get(id.index()).map_or("", |text| &text.shown)
    }

    pub(super) fn folded(&self, id: TextId) -> &str {
        self.items
            .get(id.index())
            .map_or("", |text| text.folded.as_deref().unwrap_or(&text.shown))
    }

    /// Every text in lower case, in the order of [`TextId::index`].
    pub(super) fn all_folded(&self) -> impl Iterator<Item = &str> {
        self.items
            .iter()
            .map(|text| text.folded.as_deref().unwrap_or(&text.shown))
    }
}

/// Records kept once each, named by their place.
#[derive(Clone, Debug)]
pub(super) struct Interner<T> {
    items: Vec<T>,
    index: HashMap<T, u32>,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            index: HashMap::new(),
        }
    }
}

/// The place of a record that is absent.
pub(super) const NONE: u32 = u32::MAX;

impl<T: Clone + Eq + Hash> Interner<T> {
    pub(super) fn intern(&mut self, item: T) -> u32 {
        if let Some(place) = self.index.get(&item) {
            return *place;
        }
        let place = u32::try_from(self.items.len()).unwrap_or(NONE);
        self.items.push(item.clone());
        self.index.insert(item, place);
        place
    }

    pub(super) fn get(&self, place: u32) -> Option<&T> {
        self.items.get(place as usize)
    }
}
