//! How long to wait before a read is repeated.

use std::time::Duration;

/// Pauses with full jitter: anything from nothing to a ceiling that doubles with each attempt, so
/// that many clients that failed together do not come back together.
#[derive(Debug)]
pub struct Backoff {
    base: Duration,
}

impl Backoff {
    pub const BASE: Duration = Duration::from_millis(500);
    pub const CAP: Duration = Duration::from_secs(8);

    pub fn new(base: Duration) -> Self {
        Self { base }
    }

    /// The longest pause after the `attempts`-th attempt.
    pub fn ceiling(&self, attempts: u32) -> Duration {
        let doublings = attempts.saturating_sub(1).min(16);
        self.base.saturating_mul(1 << doublings).min(Self::CAP)
    }

    pub fn pause(&self, attempts: u32) -> Duration {
        self.ceiling(attempts).mul_f64(fastrand::f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: u64 = 20_261_125;

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
        fastrand::seed(SEED);
        for attempts in 1..=2 {
            let pauses: Vec<f64> = (0..1000)
                .map(|_| Backoff::new(Backoff::BASE).pause(attempts))
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
