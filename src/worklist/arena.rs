//! Texts by number, in one growing buffer that can be searched in one go.

use std::collections::BTreeSet;

use fixedbitset::FixedBitSet;

use super::fold::fold;
use super::needle::Needle;

/// How many bytes may be dead before a rebuild is worth its time.
const TOLERATED: usize = 1 << 16;

/// Where a text lies in the buffer, its line break included. An arena holds up to 4 GiB; a text
/// beyond that is kept as an empty one.
#[derive(Copy, Clone, Debug)]
struct Span {
    start: u32,
    len: u32,
}

impl Span {
    fn start(self) -> usize {
        self.start as usize
    }

    fn end(self) -> usize {
        self.start as usize + self.len as usize
    }
}

/// Each text ends in a line break, which no needle contains, so a match never runs over two texts.
#[derive(Default, Clone, Debug)]
pub(super) struct Arena {
    text: String,
    spans: Vec<Span>,
    dead: usize,
    /// Texts with letters outside of ASCII, which need full case folding.
    wide: BTreeSet<u32>,
    /// The bytes that occur, in lower case. A needle with another byte matches nothing.
    seen: FixedBitSet,
}

impl Arena {
    /// Keeps a text under the next number.
    pub(super) fn push(&mut self, text: &str) {
        self.put(self.spans.len(), text);
    }

    /// Replaces the text of a number, or keeps it under the next number.
    pub(super) fn put(&mut self, at: usize, text: &str) {
        let span = self.append(text);
        match self.spans.get_mut(at) {
            Some(place) => {
                // At least one, because the texts no longer count as in order as soon as a byte is dead.
                self.dead += (place.len as usize).max(1);
                *place = span;
            }
            None => {
                grow(&mut self.spans);
                self.spans.push(span);
            }
        }
        self.note(at, text);
        if self.dead > TOLERATED && self.dead > self.text.len() / 2 {
            self.rebuild();
        }
    }

    fn append(&mut self, text: &str) -> Span {
        let len = text.len() + usize::from(!text.is_empty());
        let start = u32::try_from(self.text.len());
        let (Ok(start), Ok(_)) = (start, u32::try_from(self.text.len() + len)) else {
            // From here on the texts are no longer in order.
            self.dead += 1;
            return Span { start: 0, len: 0 };
        };
        // Growing by a quarter wastes less than doubling, and 100,000 studies still move it only ~40 times.
        if self.text.capacity() - self.text.len() < len {
            self.text.reserve_exact(len.max(self.text.len() / 4));
        }
        if len > 0 {
            self.text.push_str(text);
            self.text.push('\n');
        }
        Span {
            start,
            len: len as u32,
        }
    }

    fn note(&mut self, at: usize, text: &str) {
        for byte in text.bytes() {
            self.seen
                .grow_and_insert(usize::from(byte.to_ascii_lowercase()));
        }
        let number = u32::try_from(at).unwrap_or(u32::MAX);
        if text.is_ascii() || *fold(text) == *text.to_ascii_lowercase() {
            if !self.wide.is_empty() {
                self.wide.remove(&number);
            }
        } else {
            self.wide.insert(number);
        }
    }

    /// Returns the text of a number; empty for a number that was never given.
    pub(super) fn get(&self, at: usize) -> &str {
        let span = self.spans.get(at).copied();
        span.and_then(|span| self.text.get(span.start()..span.end().saturating_sub(1)))
            .unwrap_or_default()
    }

    pub(super) fn is_wide(&self, at: usize) -> bool {
        !self.wide.is_empty() && self.wide.contains(&(at as u32))
    }

    /// Whether the text of a number contains the needle, in any case.
    pub(super) fn holds(&self, at: usize, needle: &Needle) -> bool {
        if self.is_wide(at) {
            needle.is_in(self.get(at), true)
        } else {
            needle.find(self.bytes(at), 0).is_some()
        }
    }

    /// Returns the bytes of a text, without the cost of checking where its characters begin and end.
    fn bytes(&self, at: usize) -> &[u8] {
        let span = self.spans.get(at).copied();
        span.and_then(|span| {
            let text = self.text.as_bytes();
            text.get(span.start()..span.end().saturating_sub(1))
        })
        .unwrap_or_default()
    }

    /// Whether any text can contain the needle. No UID has a letter, for example.
    pub(super) fn may_hold(&self, needle: &Needle) -> bool {
        !self.wide.is_empty() || self.has_bytes_of(needle)
    }

    fn has_bytes_of(&self, needle: &Needle) -> bool {
        let seen = |byte: u8| self.seen.contains(usize::from(byte));
        needle.folded().bytes().all(seen)
    }

    /// Adds the numbers of all texts that contain the needle, in any case.
    pub(super) fn search(&self, needle: &Needle, found: &mut FixedBitSet) {
        if self.has_bytes_of(needle) {
            let mut from = 0;
            while from < self.spans.len() {
                from = self.search_run(from, needle, found);
            }
        }
        for at in self.wide.iter().map(|at| *at as usize) {
            if !found.contains(at) && self.holds(at, needle) {
                found.grow_and_insert(at);
            }
        }
    }

    /// Searches the texts in order from a number on, in one go. Returns the number after them.
    fn search_run(&self, first: usize, needle: &Needle, found: &mut FixedBitSet) -> usize {
        let spans = &self.spans[first..];
        let mut last = match self.dead {
            // Nothing was ever replaced, so all are in order.
            0 => spans.len(),
            _ => 1,
        };
        while last < spans.len() && spans[last].start() == spans[last - 1].end() {
            last += 1;
        }
        let run = &self.text.as_bytes()[spans[0].start()..spans[last - 1].end()];
        let base = spans[0].start();
        let (mut from, mut at) = (0, 0);
        while let Some(hit) = needle.find(run, from) {
            at += spans[at..last].partition_point_near(|span| span.end() - base <= hit);
            found.grow_and_insert(first + at);
            from = spans[at].end() - base;
        }
        first + last
    }

    /// Returns the bytes in use, dead ones included.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// Lays the texts out again, in the order of their numbers.
    fn rebuild(&mut self) {
        let mut kept = Self {
            wide: std::mem::take(&mut self.wide),
            seen: std::mem::take(&mut self.seen),
            spans: Vec::with_capacity(self.spans.len()),
            ..Self::default()
        };
        for at in 0..self.spans.len() {
            let span = kept.append(self.get(at));
            kept.spans.push(span);
        }
        *self = kept;
    }
}

trait PartitionPointNear<T> {
    /// `partition_point` for a place that is usually not far from the start.
    fn partition_point_near(&self, before: impl Fn(&T) -> bool) -> usize;
}

impl<T> PartitionPointNear<T> for [T] {
    fn partition_point_near(&self, before: impl Fn(&T) -> bool) -> usize {
        let mut reach = 1;
        while reach < self.len() && before(&self[reach]) {
            reach *= 2;
        }
        let from = reach / 2;
        let to = (reach + 1).min(self.len());
        from + self[from..to].partition_point(before)
    }
}

/// Grows the buffer by a quarter if it is full.
pub(super) fn grow<T>(items: &mut Vec<T>) {
    if items.len() == items.capacity() {
        items.reserve_exact((items.len() / 4).max(64));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_in_place_of_an_empty_one_is_found_under_its_own_number() {
        let mut arena = Arena::default();
        ["", "head", ""].iter().for_each(|text| arena.push(text));
        arena.put(0, "chest");
        for (word, expected) in [("chest", [0].as_slice()), ("head", &[1]), ("e", &[0, 1])] {
            let mut found = FixedBitSet::default();
            arena.search(&Needle::new(word), &mut found);
            assert_eq!(found.ones().collect::<Vec<_>>(), expected, "{word}");
        }
    }
}
