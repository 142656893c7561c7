//! How many requests the readings may make.

/// A bucket that fills at a steady rate and holds what comes in over a minute or several.
#[derive(Debug, Clone)]
pub struct Budget {
    per_minute: i64,
    /// What it holds when it is full, in requests.
    holds: i64,
    /// A request costs [`ONE`]. Below zero after work that could not wait.
    level: i64,
    filled_at: Option<i64>,
}

const MINUTE: i64 = 60_000;
/// One request, in pieces so small that each millisecond brings a whole number of them: nothing is lost to
/// rounding, however often the budget is asked.
const ONE: i64 = MINUTE;
/// Loading may make as many requests at once as keeping up may in this many minutes: 100,000 studies take a
/// thousand or two.
const LOAD: i64 = 10;

impl Budget {
    /// The requests that keeping up may make.
    pub fn new(per_minute: u32) -> Self {
        Self::holding(i64::from(per_minute), 1)
    }

    /// The requests that may be made while somebody waits: many at once, and then no more a minute than for
    /// keeping up.
    pub fn for_loading(per_minute: u32) -> Self {
        Self::holding(i64::from(per_minute), LOAD)
    }

    fn holding(per_minute: i64, minutes: i64) -> Self {
        let holds = per_minute * minutes;
        Self {
            per_minute,
            holds,
            level: holds * ONE,
            filled_at: None,
        }
    }

    fn fill(&mut self, now: i64) {
        let most = self.holds * MINUTE / self.per_minute.max(1);
        let passed = self.filled_at.map_or(0, |at| (now - at).clamp(0, most));
        self.level = (self.level + passed * self.per_minute).min(self.holds * ONE);
        self.filled_at = Some(now);
    }

    /// Pays for a request if this many are left after it. Returns whether it could.
    fn take_down_to(&mut self, least: i64, now: i64) -> bool {
        self.fill(now);
        let may = self.level >= (least + 1) * ONE;
        if may {
            self.level -= ONE;
        }
        may
    }

    /// Pays for a request. Returns whether it could.
    pub fn take(&mut self, now: i64) -> bool {
        self.take_down_to(0, now)
    }

    /// Pays for a request that goes before all others, on credit up to what the bucket holds. Returns whether
    /// it could.
    pub fn borrow(&mut self, now: i64) -> bool {
        self.take_down_to(-self.holds, now)
    }

    /// Pays for a request that cannot wait. Later requests wait longer for it.
    pub fn owe(&mut self, now: i64) {
        self.fill(now);
        self.level = (self.level - ONE).max(-self.holds * ONE);
    }

    /// Returns when the next request may be made.
    pub fn next_at(&self, now: i64) -> i64 {
        self.reaches(1, now)
    }

    /// Returns when the next request that goes before all others may be made.
    pub fn next_loan_at(&self, now: i64) -> i64 {
        self.reaches(1 - self.holds, now)
    }

    /// Returns when this many requests will be there.
    fn reaches(&self, requests: i64, now: i64) -> i64 {
        let missing = (requests * ONE - self.level).max(0);
        let a_millisecond = self.per_minute.max(1);
        let wait = (missing + a_millisecond - 1) / a_millisecond;
        let since = self.filled_at.unwrap_or(now);
        // A clock that was set back must not make it wait until the old time.
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

    /// When it rounded at each look, a small budget that was asked every millisecond never filled.
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

    #[test]
    fn a_load_may_make_much_at_once_and_then_no_more_than_keeping_up() {
        let mut budget = Budget::for_loading(60);
        let at_once = (0..10_000).filter(|_| budget.take(0)).count();
        let later = (1..=60_000).filter(|now| budget.take(*now)).count();
        assert_eq!((at_once, later), (600, 60));
        let rested = (0..10_000).filter(|_| budget.take(660_000)).count();
        assert_eq!(rested, 600);
    }

    #[test]
    fn what_goes_before_all_others_has_a_bound_too() {
        let mut budget = Budget::new(60);
        let at_once = (0..1_000).filter(|_| budget.borrow(0)).count();
        assert_eq!(at_once, 60 + 60);
        assert_eq!(budget.next_loan_at(0), 1_000);
        assert_eq!(budget.next_at(0), 61_000);
        let later = (1..=60_000).filter(|now| budget.borrow(*now)).count();
        assert_eq!(later, 60);
        assert!(!budget.take(60_000));
    }
}
