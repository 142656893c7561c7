//! A growing set of positions, one bit each.

#[derive(Debug, Clone, Default)]
pub struct Bits(Vec<u64>);

impl Bits {
    pub fn put(&mut self, position: u32, value: bool) {
        let (word, mask) = ((position / 64) as usize, 1 << (position % 64));
        if value {
            if self.0.len() <= word {
                self.0.resize(word + 1, 0);
            }
            self.0[word] |= mask;
        } else if let Some(word) = self.0.get_mut(word) {
            *word &= !mask;
        }
    }

    /// 64 positions at once; those never put are absent.
    pub fn word(&self, index: usize) -> u64 {
        self.0.get(index).copied().unwrap_or(0)
    }

    #[cfg(test)]
    pub fn contains(&self, position: u32) -> bool {
        self.word((position / 64) as usize) >> (position % 64) & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_at_the_edges_of_a_word() {
        let mut bits = Bits::default();
        for position in [0, 63, 64, 1_000_000] {
            bits.put(position, true);
            assert!(bits.contains(position));
        }
        bits.put(63, false);
        bits.put(2_000_000, false);
        assert!(!bits.contains(63) && !bits.contains(1) && !bits.contains(2_000_000));
    }
}
