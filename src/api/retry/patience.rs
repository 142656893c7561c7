//! How long one call may take, all its attempts together.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout, timeout_at};

use crate::wire::Failure;

/// After so long a silence the user is told that the program still waits.
const SILENCE: Duration = Duration::from_secs(10);

#[derive(Clone)]
pub struct Patience {
    total: Duration,
    still_waiting: Arc<dyn Fn() + Send + Sync>,
}

impl fmt::Debug for Patience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Patience")
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}

impl Patience {
    /// A call fails after `total`. Before that, `still_waiting` says that it takes long.
    pub fn new(total: Duration, still_waiting: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            total,
            still_waiting: Arc::new(still_waiting),
        }
    }

    pub(super) fn deadline(&self) -> Instant {
        Instant::now() + self.total
    }

    /// Waits for a call until the deadline. What becomes of a write that is given up is unknown.
    pub(super) async fn wait<T>(
        &self,
        deadline: Instant,
        call: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let mut call = pin!(call);
        if SILENCE < self.total {
            if let Ok(outcome) = timeout(SILENCE, &mut call).await {
                return outcome;
            }
            (self.still_waiting)();
        }
        timeout_at(deadline, call)
            .await
            .unwrap_or(Err(Failure::TimedOut))
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::super::{FailedAttempt, Policy};
    use super::*;
    use crate::wire::CallClass;

    fn policy(seconds: u64) -> (Policy, Arc<AtomicUsize>) {
        let told = Arc::new(AtomicUsize::new(0));
        let count = told.clone();
        let still_waiting = move || {
            count.fetch_add(1, Ordering::SeqCst);
        };
        let policy = Policy {
            patience: Some(Patience::new(Duration::from_secs(seconds), still_waiting)),
            ..Policy::default()
        };
        (policy, told)
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_call_is_told_of_after_ten_seconds_and_ends_in_time() {
        for (seconds, expected) in [(2, 0), (10, 0), (60, 1)] {
            let (policy, told) = policy(seconds);
            let start = Instant::now();
            let outcome = policy
                .run(CallClass::Read, pending::<Result<(), FailedAttempt>>)
                .await;
            assert_eq!(outcome, Err(Failure::TimedOut));
            assert_eq!(start.elapsed().as_secs(), seconds);
            assert_eq!(told.load(Ordering::SeqCst), expected, "{seconds} s");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn all_attempts_together_keep_the_deadline_and_the_last_failure_is_said() {
        let asking = || Failure::rejected(503, b"", Some(Duration::from_secs(5)));
        let (policy, _) = policy(8);
        let start = Instant::now();
        let attempt = || std::future::ready(Err::<(), _>(FailedAttempt::from(asking())));
        let outcome = policy.run(CallClass::Read, attempt).await;
        // A wait that would end after the deadline is not begun.
        assert_eq!(outcome, Err(asking()));
        assert!(start.elapsed() < Duration::from_secs(8));
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_that_is_given_up_is_unknown() {
        for class in [CallClass::Create, CallClass::SetState] {
            let (policy, _) = policy(2);
            let outcome = policy
                .run(class, pending::<Result<(), FailedAttempt>>)
                .await;
            let failure = outcome.unwrap_err();
            assert_eq!(failure.outcome(), crate::wire::Outcome::Unknown);
        }
    }
}
