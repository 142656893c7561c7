//! What the worklist does with a set of bits that the set cannot do by itself.

use fixedbitset::{Block, FixedBitSet};

pub(super) trait Sift {
    /// Puts a number in or takes it out; the set grows as far as the number.
    fn mark(&mut self, at: usize, is_in: bool);

    /// Leaves only the numbers for which this holds.
    fn keep(&mut self, holds: impl FnMut(usize) -> bool);

    /// Adds the number of each item for which this holds.
    fn add_where<T>(&mut self, items: &[T], holds: impl Fn(&T) -> bool);
}

impl Sift for FixedBitSet {
    fn mark(&mut self, at: usize, is_in: bool) {
        self.grow(at + 1);
        self.set(at, is_in);
    }

    fn keep(&mut self, mut holds: impl FnMut(usize) -> bool) {
        for (place, block) in self.as_mut_slice().iter_mut().enumerate() {
            let first = place * Block::BITS as usize;
            let mut left = *block;
            while left != 0 {
                let bit = left.trailing_zeros() as usize;
                left &= left - 1;
                *block &= !(Block::from(!holds(first + bit)) << bit);
            }
        }
    }

    fn add_where<T>(&mut self, items: &[T], holds: impl Fn(&T) -> bool) {
        self.grow(items.len());
        let chunks = items.chunks(Block::BITS as usize);
        for (block, items) in self.as_mut_slice().iter_mut().zip(chunks) {
            for (bit, item) in items.iter().enumerate() {
                *block |= Block::from(holds(item)) << bit;
            }
        }
    }
}
