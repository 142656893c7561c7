//! How many requests polling may make.

/// A bucket that fills at a steady rate and holds a minute's worth.
#[derive(Debug, Clone)]
pub struct Budget {
    per_minute: u32,
    /// What a request costs is [`ONE`]; below zero after work that could not wait.
    level: i64,
    filled_at: Option<i64>,
}

const MINUTE: i64 = 60_000;
/// A request, in such small pieces that each millisecond brings a whole number of them: however often
/// it is asked, nothing is lost to rounding.
const ONE: i64 = MINUTE;

impl Budget {
    pub fn new(per_minute: u32) -> Self {
        Self {
            per_minute,
            level: i64::from(per_minute) * ONE,
            filled_at: None,
        }
    }

    fn fill(&mut self, now: i64) {
        let full = i64::from(self.per_minute) * ONE;
        let passed = self.filled_at.map_or(0, |at| (now - at).clamp(0, MINUTE));
        self.level = (self.level + passed * i64::from(self.per_minute)).min(full);
        self.filled_at = Some(now);
    }

    /// Takes a request's worth if there is one.
    pub fn take(&mut self, now: i64) -> bool {
        self.fill(now);
        let may = self.level >= ONE;
        if may {
            self.level -= ONE;
        }
        may
    }

    /// Takes a request's worth for what cannot wait; later requests wait the longer.
    pub fn owe(&mut self, now: i64) {
        self.fill(now);
        self.level = (self.level - ONE).max(-i64::from(self.per_minute) * ONE);
    }

    /// Returns when the next request may be made.
    pub fn next_at(&self, now: i64) -> i64 {
        let missing = (ONE - self.level).max(0);
        let a_millisecond = i64::from(self.per_minute).max(1);
        let wait = (missing + a_millisecond - 1) / a_millisecond;
        let since = self.filled_at.unwrap_or(now);
        // A clock that was set back must not make it wait for the old one.
        since
            .saturating_add(wait)
            .clamp(now, now.saturating_add(wait))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_minute_sees_more_than_a_full_bucket_and_its_refill() {
        let mut budget = Budget::new(60);
        let taken = |budget: &mut Budget, from: i64, to: i64| {
            (from..to)
                .filter(|second| budget.take(second * 1_000))
                .count()
        };
        let burst = (0..1_000).filter(|_| budget.take(0)).count();
        assert_eq!(burst, 60);
        assert_eq!(taken(&mut budget, 1, 61), 60);
    }

    #[test]
    fn what_cannot_wait_is_paid_back() {
        let mut budget = Budget::new(60);
        for _ in 0..70 {
            budget.owe(0);
        }
        assert!(!budget.take(10_000));
        assert_eq!(budget.next_at(10_000), 11_000);
        assert!(budget.take(11_000));
    }

    /// Rounded at each look, a small budget that is looked at each millisecond never filled.
    #[test]
    fn looking_often_loses_nothing() {
        let mut budget = Budget::new(6);
        (0..6).for_each(|_| assert!(budget.take(0)));
        let early = (1..10_000).filter(|now| budget.take(*now)).count();
        assert_eq!((early, budget.next_at(9_999)), (0, 10_000));
        assert!(budget.take(10_000));
    }

    #[test]
    fn the_next_request_is_due_when_it_may_be_made_whenever_that_is_asked() {
        let mut budget = Budget::new(60);
        (0..60).for_each(|_| assert!(budget.take(0)));
        assert_eq!([0, 400, 999].map(|now| budget.next_at(now)), [1_000; 3]);
        assert_eq!(budget.next_at(5_000), 5_000);
        assert_eq!(budget.next_at(-90_000), -89_000);
    }

    #[test]
    fn a_clock_that_jumps_fills_no_more_than_a_minute() {
        let mut budget = Budget::new(6);
        (0..6).for_each(|_| assert!(budget.take(0)));
        assert!(budget.take(i64::MAX / 4));
        assert!(!budget.take(0) || budget.next_at(0) >= 0);
    }
}
