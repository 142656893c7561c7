//! How many matches of a filter there are in each block of studies.

use fixedbitset::Block;

use super::index::StudyFilter;

/// How many positions a word holds.
pub const WORD: u32 = Block::BITS;
/// Words in a block. A million studies are 245 blocks: few enough to add up for a page.
pub const BLOCK_WORDS: u32 = 64;
const BLOCK: u32 = BLOCK_WORDS * WORD;

#[derive(Debug)]
pub struct Selection {
    /// Its text is in lower case.
    pub filter: StudyFilter,
    /// At most 4096 each.
    counts: Vec<u16>,
}

impl Selection {
    /// `words`: the matches in each word of positions.
    pub fn new(filter: StudyFilter, words: impl Iterator<Item = u32>) -> Self {
        let mut counts = Vec::new();
        for (count, index) in words.zip(0u32..) {
            if index.is_multiple_of(BLOCK_WORDS) {
                counts.push(0);
            }
            if let Some(block) = counts.last_mut() {
                *block += count as u16;
            }
        }
        Self { filter, counts }
    }

    /// Notes that a match appeared or went at a position.
    pub fn count(&mut self, position: u32, appeared: bool) {
        let block = (position / BLOCK) as usize;
        if self.counts.len() <= block {
            self.counts.resize(block + 1, 0);
        }
        let count = &mut self.counts[block];
        *count = if appeared {
            count.saturating_add(1)
        } else {
            count.saturating_sub(1)
        };
    }

    /// Returns every block with its count.
    pub fn blocks(&self) -> impl Iterator<Item = (u32, u16)> {
        (0..).zip(self.counts.iter().copied())
    }
}
