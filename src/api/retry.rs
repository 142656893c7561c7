//! When a request may be sent again, as one table.
//!
//! | class | sent again |
//! |---|---|
//! | `Read` | up to three times in all: no connection, a broken one, a timeout, 408, 429, 5xx |
//! | every other | never: its effect may have happened, and only a person or a read can tell |
//!
//! `x-should-retry: false` always wins; `true` makes a read's other 4xx repeatable but never a write.
//! A wait that the server asks for is kept up to a minute; a longer one is left to the caller.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use crate::wire::{CallClass, Failure};

/// How often a read is sent in all.
pub const MAX_ATTEMPTS: u32 = 3;
/// The longest wait that is sat out inside a call.
pub const MAX_ASKED: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    GiveUp,
    /// Send again, after the wait that the server asked for and a pause of our own.
    Retry {
        asked: Option<Duration>,
    },
}

/// Decides after the `attempts`-th attempt of a call failed.
pub fn decide(
    class: CallClass,
    attempts: u32,
    failure: &Failure,
    should_retry: Option<bool>,
) -> Decision {
    let repeatable = match class {
        CallClass::Read => should_retry.unwrap_or_else(|| is_passing(failure)),
        CallClass::SetState
        | CallClass::SetStateUnseen
        | CallClass::Create
        | CallClass::Invite
        | CallClass::Token => false,
    };
    let asked = match failure {
        Failure::Rejected { retry_after, .. } => *retry_after,
        _ => None,
    };
    if !repeatable || attempts >= MAX_ATTEMPTS || asked.is_some_and(|asked| asked > MAX_ASKED) {
        return Decision::GiveUp;
    }
    Decision::Retry { asked }
}

/// The failure may be gone a moment later.
fn is_passing(failure: &Failure) -> bool {
    match failure {
        Failure::Rejected { status, .. } => matches!(status, 408 | 429 | 500..),
        Failure::TimedOut | Failure::Unreachable { .. } | Failure::Interrupted { .. } => true,
        Failure::Unsuccessful { .. }
        | Failure::Redirected { .. }
        | Failure::Unreadable { .. }
        | Failure::TooLarge { .. }
        | Failure::Unsendable { .. } => false,
    }
}

/// Pauses with full jitter: anything from nothing to a ceiling that doubles with each attempt, so
/// that many clients that failed together do not come back together.
#[derive(Debug, Clone, Copy)]
pub struct Backoff {
    base: Duration,
}

impl Backoff {
    const CAP: Duration = Duration::from_secs(8);

    pub fn new(base: Duration) -> Self {
        Self { base }
    }

    /// The longest pause after the `attempts`-th attempt.
    pub fn ceiling(&self, attempts: u32) -> Duration {
        let doublings = attempts.saturating_sub(1).min(16);
        self.base.saturating_mul(1 << doublings).min(Self::CAP)
    }

    pub fn pause(&self, attempts: u32) -> Duration {
        self.ceiling(attempts).mul_f64(random_fraction())
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Self::new(Duration::from_millis(500))
    }
}

/// A number from 0 to 1. Hash maps need random seeds, so the standard library has some: good enough
/// to spread pauses, and for nothing else.
fn random_fraction() -> f64 {
    let bits = RandomState::new().hash_one(0u8) >> 11;
    bits as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
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

    const RETRY: Decision = Decision::Retry { asked: None };

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
                    assert_eq!(decision, Decision::GiveUp, "{} {code}", info.name);
                }
                for failure in broken() {
                    let decision = decide(info.class, 1, &failure, word);
                    assert_eq!(decision, Decision::GiveUp, "{} {failure:?}", info.name);
                }
            }
        }
    }

    #[test]
    fn a_read_is_repeated_after_what_may_pass() {
        for failure in broken() {
            assert_eq!(decide(CallClass::Read, 1, &failure, None), RETRY);
            assert_eq!(decide(CallClass::Read, 2, &failure, None), RETRY);
            assert_eq!(decide(CallClass::Read, 3, &failure, None), Decision::GiveUp);
        }
        for code in 400..=599 {
            let expected = match code {
                408 | 429 | 500.. => RETRY,
                _ => Decision::GiveUp,
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
            Failure::Unsendable { reason: "r".into() },
            Failure::Unsuccessful { message: None },
        ] {
            assert_eq!(decide(CallClass::Read, 1, &failure, None), Decision::GiveUp);
        }
    }

    #[test]
    fn the_servers_word_counts_for_reads() {
        let read = |failure: &Failure, word| decide(CallClass::Read, 1, failure, Some(word));
        assert_eq!(read(&status(503), false), Decision::GiveUp);
        assert_eq!(read(&asking(1.0), false), Decision::GiveUp);
        assert_eq!(read(&status(409), true), RETRY);
        assert_eq!(
            decide(CallClass::Read, 3, &status(409), Some(true)),
            Decision::GiveUp
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
                Decision::Retry {
                    asked: Some(Duration::from_secs_f64(seconds)),
                }
            } else {
                Decision::GiveUp
            };
            assert_eq!(
                decide(CallClass::Read, 1, &asking(seconds), None),
                expected,
                "{seconds}"
            );
        }
    }

    #[test]
    fn pauses_fill_the_range_below_a_doubling_ceiling() {
        let backoff = Backoff::default();
        let ceilings: Vec<u64> = (1..=7)
            .map(|n| backoff.ceiling(n).as_millis() as u64)
            .collect();
        assert_eq!(ceilings, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
        assert_eq!(backoff.ceiling(u32::MAX), Backoff::CAP);
        let pauses: Vec<f64> = (0..1000).map(|_| backoff.pause(1).as_secs_f64()).collect();
        assert!(pauses.iter().all(|pause| (0.0..=0.5).contains(pause)));
        let mean = pauses.iter().sum::<f64>() / 1000.0;
        // Five standard errors of a uniform mean.
        assert!(
            (mean - 0.25).abs() < 5.0 * 0.5 / (12f64 * 1000.0).sqrt(),
            "{mean}"
        );
    }
}
