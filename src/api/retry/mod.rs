//! When the client sends a request again without asking.
//!
//! | class | sent again |
//! |---|---|
//! | `Read` | up to three times in all: no connection, a broken one, a timeout, 408, 429, 5xx |
//! | every other | never: its effect may have happened, and only a read can tell |
//!
//! `x-should-retry: false` always wins. `true` makes other 4xx of a read repeatable, but never a write and
//! never a 409, which says that somebody has to look. The client waits up to a minute if the server asks for
//! it; a longer wait is left to the caller. All repetitions of a client share one [`RetryBudget`].

mod budget;
mod patience;
mod pause;

use std::time::Duration;

pub use budget::{RESERVE, RetryBudget};
pub use patience::Patience;
pub use pause::Backoff;

use tokio::time::Instant;

use crate::wire::{CallClass, Failure, OnUnknown};

/// How often a read is sent in all.
pub const MAX_ATTEMPTS: u32 = 3;
/// The longest wait inside a call.
pub const MAX_ASKED: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryDecision {
    GiveUp,
    /// Send again, after the wait that the server asked for and a pause of our own.
    Retry {
        asked: Option<Duration>,
    },
}

/// Decides what to do after the `attempts`-th attempt of a call has failed.
pub fn decide(
    class: CallClass,
    attempts: u32,
    failure: &Failure,
    should_retry: Option<bool>,
) -> RetryDecision {
    let repeatable = match class.on_unknown() {
        OnUnknown::Repeat => {
            failure.status() != Some(409) && should_retry.unwrap_or_else(|| is_passing(failure))
        }
        OnUnknown::ReadBack | OnUnknown::SendOnceMore | OnUnknown::LookFor | OnUnknown::Leave => {
            false
        }
    };
    let asked = match failure {
        Failure::Rejected { retry_after, .. } => *retry_after,
        _ => None,
    };
    if !repeatable || attempts >= MAX_ATTEMPTS || asked.is_some_and(|asked| asked > MAX_ASKED) {
        return RetryDecision::GiveUp;
    }
    RetryDecision::Retry { asked }
}

/// Whether the failure may be gone a moment later.
fn is_passing(failure: &Failure) -> bool {
    match failure {
        Failure::Rejected { status, .. } => matches!(status, 408 | 429 | 500..),
        Failure::TimedOut | Failure::Unreachable { .. } | Failure::Interrupted { .. } => true,
        Failure::Unsuccessful { .. }
        | Failure::Redirected { .. }
        | Failure::Unreadable { .. }
        | Failure::OtherRecord { .. }
        | Failure::TooLarge { .. }
        | Failure::Unsendable { .. }
        | Failure::Unjournaled { .. } => false,
    }
}

/// The policy of one client: what its repetitions share.
#[derive(Debug)]
pub struct Policy {
    pub backoff: Backoff,
    pub budget: RetryBudget,
    /// How long a call may take in all; without it, each attempt has its own time.
    pub patience: Option<Patience>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            backoff: Backoff::new(Backoff::BASE),
            budget: RetryBudget::default(),
            patience: None,
        }
    }
}

/// A failed attempt, with the server's word on repeating it.
#[derive(Debug)]
pub struct FailedAttempt {
    pub failure: Failure,
    pub should_retry: Option<bool>,
}

impl From<Failure> for FailedAttempt {
    fn from(failure: Failure) -> Self {
        Self {
            failure,
            should_retry: None,
        }
    }
}

impl Policy {
    /// Attempts a call until it succeeds, may not be attempted again, or has taken too long.
    pub async fn run<T, A>(
        &self,
        class: CallClass,
        attempt: impl FnMut() -> A,
    ) -> Result<T, Failure>
    where
        A: Future<Output = Result<T, FailedAttempt>>,
    {
        match &self.patience {
            None => self.attempts(class, None, attempt).await,
            Some(patience) => {
                let deadline = patience.deadline();
                let call = self.attempts(class, Some(deadline), attempt);
                patience.wait(deadline, call).await
            }
        }
    }

    async fn attempts<T, A>(
        &self,
        class: CallClass,
        deadline: Option<Instant>,
        mut attempt: impl FnMut() -> A,
    ) -> Result<T, Failure>
    where
        A: Future<Output = Result<T, FailedAttempt>>,
    {
        if class == CallClass::Read {
            self.budget.earn();
        }
        let mut attempts = 0;
        loop {
            attempts += 1;
            let refused = match attempt().await {
                Ok(answer) => return Ok(answer),
                Err(refused) => refused,
            };
            match decide(class, attempts, &refused.failure, refused.should_retry) {
                RetryDecision::Retry { asked } if self.budget.spend() => {
                    let pause = asked.unwrap_or_default() + self.backoff.pause(attempts);
                    if deadline.is_some_and(|deadline| Instant::now() + pause >= deadline) {
                        return Err(refused.failure);
                    }
                    tokio::time::sleep(pause).await;
                }
                RetryDecision::Retry { .. } | RetryDecision::GiveUp => return Err(refused.failure),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use super::*;
    use crate::wire::ENDPOINTS;

    fn status(status: u16) -> Failure {
        Failure::rejected(status, b"", None)
    }

    fn asking(seconds: f64) -> Failure {
        Failure::rejected(429, b"", Some(Duration::from_secs_f64(seconds)))
    }

    fn broken() -> [Failure; 3] {
        [
            Failure::TimedOut,
            Failure::Unreachable { reason: "r".into() },
            Failure::Interrupted { reason: "r".into() },
        ]
    }

    const RETRY: RetryDecision = RetryDecision::Retry { asked: None };

    #[test]
    fn no_write_is_ever_sent_again() {
        let writes = ENDPOINTS
            .iter()
            .filter(|info| info.class != CallClass::Read);
        assert_eq!(writes.clone().count(), 11);
        for info in writes {
            for word in [None, Some(true), Some(false)] {
                for code in 300..=599 {
                    let decision = decide(info.class, 1, &status(code), word);
                    assert_eq!(decision, RetryDecision::GiveUp, "{} {code}", info.name);
                }
                for failure in broken() {
                    let decision = decide(info.class, 1, &failure, word);
                    assert_eq!(decision, RetryDecision::GiveUp, "{} {failure:?}", info.name);
                }
            }
        }
    }

    #[test]
    fn a_read_is_repeated_after_what_may_pass() {
        for failure in broken() {
            assert_eq!(decide(CallClass::Read, 1, &failure, None), RETRY);
            assert_eq!(decide(CallClass::Read, 2, &failure, None), RETRY);
            assert_eq!(
                decide(CallClass::Read, 3, &failure, None),
                RetryDecision::GiveUp
            );
        }
        for code in 400..=599 {
            let expected = match code {
                408 | 429 | 500.. => RETRY,
                _ => RetryDecision::GiveUp,
            };
            assert_eq!(
                decide(CallClass::Read, 1, &status(code), None),
                expected,
                "{code}"
            );
        }
        for failure in [
            Failure::TooLarge { limit: 1 },
            Failure::Redirected { status: 302 },
            Failure::Unreadable { reason: "r".into() },
            Failure::OtherRecord {
                asked: "a".into(),
                answered: "b".into(),
            },
            Failure::Unsendable { reason: "r".into() },
            Failure::Unsuccessful { message: None },
        ] {
            assert_eq!(
                decide(CallClass::Read, 1, &failure, None),
                RetryDecision::GiveUp
            );
        }
    }

    #[test]
    fn the_servers_word_counts_for_reads() {
        let read = |failure: &Failure, word| decide(CallClass::Read, 1, failure, Some(word));
        assert_eq!(read(&status(503), false), RetryDecision::GiveUp);
        assert_eq!(read(&asking(1.0), false), RetryDecision::GiveUp);
        assert_eq!(read(&status(404), true), RETRY);
        assert_eq!(read(&status(409), true), RetryDecision::GiveUp);
        assert_eq!(
            decide(CallClass::Read, 3, &status(404), Some(true)),
            RetryDecision::GiveUp
        );
    }

    #[test]
    fn a_wait_is_kept_up_to_a_minute() {
        for (seconds, kept) in [
            (0.0, true),
            (1.5, true),
            (60.0, true),
            (60.1, false),
            (120.0, false),
        ] {
            let expected = if kept {
                RetryDecision::Retry {
                    asked: Some(Duration::from_secs_f64(seconds)),
                }
            } else {
                RetryDecision::GiveUp
            };
            assert_eq!(
                decide(CallClass::Read, 1, &asking(seconds), None),
                expected,
                "{seconds}"
            );
        }
    }

    /// What the client does with each status, written down: the endpoints by class, the statuses by range.
    fn written(class: CallClass, code: u16, word: Option<bool>) -> bool {
        let statuses: &[(u16, u16)] = match (class, word) {
            (CallClass::Read, None) => &[(408, 408), (429, 429), (500, 599)],
            (CallClass::Read, Some(true)) => &[(400, 408), (410, 599)],
            _ => &[],
        };
        statuses
            .iter()
            .any(|(from, to)| (*from..=*to).contains(&code))
    }

    #[test]
    fn every_endpoint_status_and_word_is_decided_as_written() {
        let (mut cases, mut again) = (0, 0);
        for info in ENDPOINTS {
            for code in 400..=599 {
                for word in [Some(true), Some(false), None] {
                    let decision = decide(info.class, 1, &status(code), word);
                    let expected = written(info.class, code, word);
                    assert_eq!(decision == RETRY, expected, "{} {code} {word:?}", info.name);
                    cases += 1;
                    again += usize::from(expected);
                }
            }
        }
        // 7 reads: 102 statuses without a word, 199 with a yes.
        assert_eq!((cases, again), (18 * 200 * 3, 7 * (102 + 199)));
    }

    fn unavailable() -> FailedAttempt {
        status(503).into()
    }

    /// Sends this many reads at once to a server in total trouble; gives the requests that it saw.
    async fn storm(reads: usize, may_repeat: impl Fn(&Policy)) -> usize {
        let policy = Policy::default();
        let requests = std::cell::Cell::new(0);
        for _ in 0..reads {
            may_repeat(&policy);
            let outcome = policy
                .run(CallClass::Read, || {
                    requests.set(requests.get() + 1);
                    ready(Err::<(), _>(unavailable()))
                })
                .await;
            assert!(outcome.is_err());
        }
        requests.get()
    }

    #[tokio::test(start_paused = true)]
    async fn an_outage_is_not_made_worse() {
        let sent = storm(1000, |_| {}).await;
        let bound = 1000 + 1000 / 5 + RESERVE as usize;
        println!("1,000 reads, all 503: {sent} requests, bound {bound}");
        assert!(sent <= bound, "{sent}");
        // The planted defect: a budget that is filled up before each read is none.
        let unlimited = storm(1000, |policy| (0..100).for_each(|_| policy.budget.earn())).await;
        assert_eq!(unlimited, 3000);
    }

    #[tokio::test(start_paused = true)]
    async fn after_an_outage_reads_succeed_within_ten_seconds() {
        const OUTAGE: Duration = Duration::from_secs(60);
        let policy = Policy::default();
        let start = tokio::time::Instant::now();
        let mut back = None;
        // One read a second, as a program with a few lists makes them.
        while back.is_none() && start.elapsed() < 2 * OUTAGE {
            let outcome = policy
                .run(CallClass::Read, || {
                    ready(if start.elapsed() < OUTAGE {
                        Err(unavailable())
                    } else {
                        Ok(())
                    })
                })
                .await;
            back = outcome.is_ok().then(|| start.elapsed() - OUTAGE);
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        assert!(
            back.is_some_and(|late| late <= Duration::from_secs(10)),
            "{back:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_thousand_clients_wait_between_nothing_and_the_ceilings() {
        fastrand::seed(20_261_125);
        let mut waits = Vec::new();
        for _ in 0..1000 {
            let policy = Policy::default();
            let start = tokio::time::Instant::now();
            let outcome = policy
                .run(CallClass::Read, || ready(Err::<(), _>(unavailable())))
                .await;
            assert!(outcome.is_err());
            waits.push(start.elapsed().as_secs_f64());
        }
        // Two pauses, of at most 0.5 and 1 second; the clock of the test counts whole milliseconds.
        assert!(waits.iter().all(|wait| (0.0..=1.502).contains(wait)));
        let mean = waits.iter().sum::<f64>() / 1000.0;
        println!("1,000 clients: a mean wait of {mean:.3} s, expected 0.75 s");
        assert!((mean - 0.75).abs() < 0.06, "{mean}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_asked_wait_comes_before_the_pause() {
        let policy = Policy::default();
        let start = tokio::time::Instant::now();
        let mut attempts = 0;
        let outcome = policy
            .run(CallClass::Read, || {
                attempts += 1;
                ready(match attempts {
                    1 => Err(asking(60.0).into()),
                    _ => Ok(start.elapsed()),
                })
            })
            .await;
        let waited = outcome.unwrap().as_secs_f64();
        assert!((60.0..=60.502).contains(&waited), "{waited}");
    }
}
