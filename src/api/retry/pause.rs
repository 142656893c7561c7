//! How long to wait before a read is repeated.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Pauses with full jitter: anything from nothing to a ceiling that doubles with each attempt, so
/// that many clients that failed together do not come back together.
#[derive(Debug)]
pub struct Backoff {
    base: Duration,
    /// A sequence of its own for each client: good enough to spread pauses, and for nothing else.
    state: AtomicU64,
}

impl Backoff {
    pub const BASE: Duration = Duration::from_millis(500);
    pub const CAP: Duration = Duration::from_secs(8);

    pub fn new(base: Duration) -> Self {
        // Hash maps need random seeds, so the standard library has some.
        Self::seeded(base, RandomState::new().hash_one(0u8))
    }

    pub fn seeded(base: Duration, seed: u64) -> Self {
        let state = AtomicU64::new(seed);
        Self { base, state }
    }

    /// The longest pause after the `attempts`-th attempt.
    pub fn ceiling(&self, attempts: u32) -> Duration {
        let doublings = attempts.saturating_sub(1).min(16);
        self.base.saturating_mul(1 << doublings).min(Self::CAP)
    }

    pub fn pause(&self, attempts: u32) -> Duration {
        self.ceiling(attempts).mul_f64(self.fraction())
    }

    /// A number from 0 to 1, by SplitMix64 (Steele, Lea and Flood 2014).
    fn fraction(&self) -> f64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.state.fetch_add(STEP, Ordering::Relaxed);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_fill_the_range_below_a_doubling_ceiling() {
        let backoff = Backoff::new(Backoff::BASE);
        let ceilings: Vec<u64> = (1..=7)
            .map(|n| backoff.ceiling(n).as_millis() as u64)
            .collect();
        assert_eq!(ceilings, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
        assert_eq!(backoff.ceiling(u32::MAX), Backoff::CAP);
    }

    #[test]
    fn a_thousand_clients_spread_over_the_whole_range() {
        for attempts in 1..=2 {
            let pauses: Vec<f64> = (0..1000)
                .map(|seed| Backoff::seeded(Backoff::BASE, seed).pause(attempts))
                .map(|pause| pause.as_secs_f64())
                .collect();
            let ceiling = 0.5 * f64::from(attempts);
            assert!(pauses.iter().all(|pause| (0.0..=ceiling).contains(pause)));
            let mut tenths = [0; 10];
            pauses
                .iter()
                .for_each(|pause| tenths[((pause / ceiling * 10.0) as usize).min(9)] += 1);
            // Five standard deviations of a binomial of 1,000 and a tenth.
            let spread = 5.0 * (1000.0f64 * 0.1 * 0.9).sqrt();
            for count in tenths {
                assert!((f64::from(count) - 100.0).abs() < spread, "{tenths:?}");
            }
        }
    }
}
