//! Finds the studies of a page at any depth: one bit set per attribute value.
//!
//! The API pages by offset, so a page needs "the next 100 matches after the first N". A [`Selection`]
//! knows in which block of studies the Nth match is; within the block the sets are intersected a
//! word of studies at a time. A page costs the same wherever it is, and a write flips bits and moves counts.

use std::collections::HashMap;

use fixedbitset::{Block, FixedBitSet};

use super::selection::{BLOCK_WORDS, Selection, WORD};
use crate::wire::Match;

/// What the index knows of a study.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attributes<'a> {
    pub severity: u8,
    pub complete: bool,
    pub cancelled: bool,
    pub assignee: Option<u32>,
    pub customer: Option<u32>,
    pub description: &'a str,
}

/// A filter of `studies.list`, users and customers by position.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StudyFilter {
    pub severity: Option<u8>,
    pub complete: Option<bool>,
    pub cancelled: Option<bool>,
    pub assignee: Match<u32>,
    pub customer: Match<u32>,
    /// Contained in the description, in any case.
    pub contains: Option<String>,
}

impl StudyFilter {
    /// Returns the same filter with its text in lower case.
    fn lowered(&self) -> Self {
        Self {
            contains: self.contains.as_deref().map(str::to_lowercase),
            ..self.clone()
        }
    }

    /// Whether a study matches a lowered filter. `text` is its description in lower case.
    fn matches(&self, study: &Attributes, text: &str) -> bool {
        self.severity.is_none_or(|it| it == study.severity)
            && self.complete.is_none_or(|it| it == study.complete)
            && self.cancelled.is_none_or(|it| it == study.cancelled)
            && is_met(&self.assignee, study.assignee)
            && is_met(&self.customer, study.customer)
            && self.contains.as_deref().is_none_or(|it| text.contains(it))
    }
}

fn is_met(wanted: &Match<u32>, value: Option<u32>) -> bool {
    match wanted {
        Match::Any => true,
        Match::Empty => value.is_none(),
        Match::Is(position) => value == Some(*position),
    }
}

/// Texts searched for recently, each with its matches. Kept up to date by every write.
const REMEMBERED_SEARCHES: usize = 8;
/// Filters paged through recently, each with its counts. A client that reads many parts at a time has one for
/// each.
const REMEMBERED_SELECTIONS: usize = 512;

#[derive(Debug, Default)]
pub struct StudyIndex {
    len: u32,
    severity: [FixedBitSet; 3],
    complete: FixedBitSet,
    cancelled: FixedBitSet,
    assignee: HashMap<Option<u32>, FixedBitSet>,
    customer: HashMap<Option<u32>, FixedBitSet>,
    /// Descriptions repeat: each distinct one is kept once, in lower case.
    descriptions: Vec<Box<str>>,
    numbered: HashMap<Box<str>, u32>,
    description: Vec<u32>,
    searches: Vec<(String, FixedBitSet)>,
    selections: Vec<Selection>,
    /// Words looked at by [`Self::page`] so far.
    #[cfg(test)]
    looked_at: u64,
}

impl StudyIndex {
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Adds the study at position `len`.
    pub fn push(&mut self, study: &Attributes) {
        let position = self.len;
        self.len += 1;
        self.description.push(0);
        self.put(position, study, true);
    }

    pub fn replace(&mut self, position: u32, old: &Attributes, new: &Attributes) {
        self.put(position, old, false);
        self.put(position, new, true);
    }

    fn put(&mut self, position: u32, study: &Attributes, value: bool) {
        if let Some(bits) = self.severity.get_mut(usize::from(study.severity)) {
            put(bits, position, value);
        }
        put(&mut self.complete, position, value && study.complete);
        put(&mut self.cancelled, position, value && study.cancelled);
        let assignee = self.assignee.entry(study.assignee).or_default();
        put(assignee, position, value);
        let customer = self.customer.entry(study.customer).or_default();
        put(customer, position, value);
        let text = study.description.to_lowercase();
        for selection in &mut self.selections {
            if selection.filter.matches(study, &text) {
                selection.count(position, value);
            }
        }
        if value {
            for (search, matches) in &mut self.searches {
                put(matches, position, text.contains(search.as_str()));
            }
            self.description[position as usize] = self.number(text);
        }
    }

    fn number(&mut self, text: String) -> u32 {
        if let Some(number) = self.numbered.get(text.as_str()) {
            return *number;
        }
        let number = self.descriptions.len() as u32;
        let text: Box<str> = text.into();
        self.descriptions.push(text.clone());
        self.numbered.insert(text, number);
        number
    }

    /// Returns the positions of up to `limit` matches after the first `offset`, and whether more follow.
    pub fn page(&mut self, filter: &StudyFilter, offset: u64, limit: usize) -> (Vec<u32>, bool) {
        let filter = filter.lowered();
        if let Some(text) = &filter.contains {
            self.search(text);
        }
        let selection = self.selection(&filter);
        let planes = self.planes(&filter);
        let mut skip = offset;
        let mut found = Vec::with_capacity(limit);
        let mut looked_at = 0;
        let mut more = false;
        'blocks: for (block, count) in self.selections[selection].blocks() {
            if skip >= u64::from(count) {
                skip -= u64::from(count);
                continue;
            }
            for index in self.words(block) {
                looked_at += 1;
                let mut word = self.matching(&planes, index);
                let count = u64::from(word.count_ones());
                if skip >= count {
                    skip -= count;
                    continue;
                }
                while word != 0 {
                    let position = index * WORD + word.trailing_zeros();
                    word &= word - 1;
                    if skip > 0 {
                        skip -= 1;
                    } else if found.len() == limit {
                        more = true;
                        break 'blocks;
                    } else {
                        found.push(position);
                    }
                }
            }
        }
        self.note_cost(looked_at);
        (found, more)
    }

    #[cfg(test)]
    fn note_cost(&mut self, words: u64) {
        self.looked_at += words;
    }

    #[cfg(not(test))]
    fn note_cost(&self, _words: u64) {}

    /// Returns where the counts of a lowered filter are. Makes them if they are missing.
    fn selection(&mut self, filter: &StudyFilter) -> usize {
        let known = self.selections.iter().position(|it| it.filter == *filter);
        if let Some(known) = known {
            return known;
        }
        let planes = self.planes(filter);
        let words = self.len.div_ceil(WORD);
        let counts = (0..words).map(|index| self.matching(&planes, index).count_ones());
        let selection = Selection::new(filter.clone(), counts);
        if self.selections.len() == REMEMBERED_SELECTIONS {
            self.selections.remove(0);
        }
        self.selections.push(selection);
        self.selections.len() - 1
    }

    /// Returns the words of a block.
    fn words(&self, block: u32) -> std::ops::Range<u32> {
        let first = block * BLOCK_WORDS;
        first..(first + BLOCK_WORDS).min(self.len.div_ceil(WORD))
    }

    fn matching(&self, planes: &[Plane], index: u32) -> Block {
        planes
            .iter()
            .fold(self.existing(index), |word, plane| word & plane.word(index))
    }

    fn existing(&self, index: u32) -> Block {
        match self.len - index * WORD {
            rest @ 0..WORD => (1 << rest) - 1,
            _ => Block::MAX,
        }
    }

    fn planes<'a>(&'a self, filter: &'a StudyFilter) -> Vec<Plane<'a>> {
        let mut planes = Vec::new();
        if let Some(severity) = filter.severity {
            planes.push(Plane::of(self.severity.get(usize::from(severity))));
        }
        let flags = [
            (&self.complete, filter.complete),
            (&self.cancelled, filter.cancelled),
        ];
        for (bits, wanted) in flags {
            if let Some(wanted) = wanted {
                planes.push(Plane {
                    bits: Some(bits),
                    inverted: !wanted,
                });
            }
        }
        let references = [
            (&self.assignee, &filter.assignee),
            (&self.customer, &filter.customer),
        ];
        for (map, wanted) in references {
            match wanted {
                Match::Any => {}
                Match::Empty => planes.push(Plane::of(map.get(&None))),
                Match::Is(position) => planes.push(Plane::of(map.get(&Some(*position)))),
            }
        }
        if let Some(text) = &filter.contains {
            let search = self.searches.iter().find(|(search, _)| search == text);
            planes.push(Plane::of(search.map(|(_, matches)| matches)));
        }
        planes
    }

    /// Makes sure that the matches of `text` are among the searches remembered.
    fn search(&mut self, text: &str) {
        if self.searches.iter().any(|(search, _)| search == text) {
            return;
        }
        let matching: Vec<bool> = self
            .descriptions
            .iter()
            .map(|description| description.contains(text))
            .collect();
        let mut matches = FixedBitSet::with_capacity(self.description.len());
        for (position, number) in self.description.iter().enumerate() {
            if matching[*number as usize] {
                matches.insert(position);
            }
        }
        if self.searches.len() == REMEMBERED_SEARCHES {
            self.searches.remove(0);
        }
        self.searches.push((text.to_owned(), matches));
    }
}

fn put(bits: &mut FixedBitSet, position: u32, value: bool) {
    let position = position as usize;
    bits.grow(position + 1);
    bits.set(position, value);
}

/// One condition of a filter. Without bits, nothing meets it.
struct Plane<'a> {
    bits: Option<&'a FixedBitSet>,
    inverted: bool,
}

impl<'a> Plane<'a> {
    fn of(bits: Option<&'a FixedBitSet>) -> Self {
        Self {
            bits,
            inverted: false,
        }
    }

    fn word(&self, index: u32) -> Block {
        let words = self.bits.map_or(&[][..], FixedBitSet::as_slice);
        // Positions behind the last one that was put are in no set.
        let word = words.get(index as usize).copied().unwrap_or_default();
        if self.inverted { !word } else { word }
    }
}

#[cfg(test)]
mod tests;
