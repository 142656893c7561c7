//! A set of small numbers, a bit each.

#[derive(Default, Clone, Debug, PartialEq, Eq)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// An empty set with room for the numbers below `len`.
    pub(super) fn with_room(len: usize) -> Self {
        Self(vec![0; len.div_ceil(64)])
    }

    pub(super) fn has(&self, at: usize) -> bool {
        self.0
            .get(at / 64)
            .is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    pub(super) fn set(&mut self, at: usize, on: bool) {
        if at / 64 >= self.0.len() {
            self.0.resize(at / 64 + 1, 0);
        }
        let bit = 1 << (at % 64);
        if on {
            self.0[at / 64] |= bit;
        } else {
            self.0[at / 64] &= !bit;
        }
    }

    pub(super) fn clear(&mut self) {
        self.0.fill(0);
    }

    pub(super) fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Leaves only the numbers that are in the other set too; or, `unless`, only those that are not.
    pub(super) fn keep_of(&mut self, other: &Self, unless: bool) {
        let flip = if unless { u64::MAX } else { 0 };
        for (place, word) in self.0.iter_mut().enumerate() {
            *word &= other.0.get(place).copied().unwrap_or_default() ^ flip;
        }
    }

    /// Leaves only the numbers for which this holds.
    pub(super) fn keep(&mut self, mut holds: impl FnMut(usize) -> bool) {
        for (place, word) in self.0.iter_mut().enumerate() {
            let mut left = *word;
            while left != 0 {
                let bit = left.trailing_zeros() as usize;
                left &= left - 1;
                *word &= !(u64::from(!holds(place * 64 + bit)) << bit);
            }
        }
    }

    /// Adds the number of each item for which this holds.
    pub(super) fn add_where<T>(&mut self, items: &[T], holds: impl Fn(&T) -> bool) {
        if self.0.len() < items.len().div_ceil(64) {
            self.0.resize(items.len().div_ceil(64), 0);
        }
        for (word, items) in self.0.iter_mut().zip(items.chunks(64)) {
            for (bit, item) in items.iter().enumerate() {
                *word |= u64::from(holds(item)) << bit;
            }
        }
    }

    /// The numbers in the set, ascending.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        let mut place = 0;
        let mut left = self.0.first().copied().unwrap_or_default();
        std::iter::from_fn(move || {
            while left == 0 {
                place += 1;
                left = *self.0.get(place)?;
            }
            let bit = left.trailing_zeros() as usize;
            left &= left - 1;
            Some(place * 64 + bit)
        })
    }
}
