//! How many requests polling may make.

/// A bucket that fills at a steady rate and holds a minute's worth.
#[derive(Debug, Clone)]
pub struct Budget {
    per_minute: u32,
    /// Thousandths of a request; below zero after work that could not wait.
    level: i64,
    filled_at: Option<i64>,
}

const MINUTE: i64 = 60_000;
const ONE: i64 = 1_000;

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
        self.level = (self.level + passed * full / MINUTE).min(full);
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

    /// When the next request may be made.
    pub fn next_at(&self, now: i64) -> i64 {
        let missing = (ONE - self.level).max(0);
        let full = (i64::from(self.per_minute) * ONE).max(1);
        now + (missing * MINUTE + full - 1) / full
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

    #[test]
    fn a_clock_that_jumps_fills_no_more_than_a_minute() {
        let mut budget = Budget::new(6);
        (0..6).for_each(|_| assert!(budget.take(0)));
        assert!(budget.take(i64::MAX / 4));
        assert!(!budget.take(0) || budget.next_at(0) >= 0);
    }
}
