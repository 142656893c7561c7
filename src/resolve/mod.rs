//! Resolving a write of which nobody knows whether it was applied: what to do after one has failed, and what may be said of it.
//!
//! A pure decision that the worklist and the command line share. It depends on the class of the call
//! ([`OnUnknown`]), on the failure, and on what a read of the record showed.

mod intent;
mod shown;

use std::time::Duration;

pub use intent::{Intent, Place, SentField, address_digest};
pub use shown::{Shows, Touches};

use crate::wire::{CallClass, Failure, OnUnknown, Outcome};

/// When the program looks for what a create or an invitation would have made, counted from the failure. The
/// server may carry out a request long after the client has given up.
pub const LOOKS: [Duration; 8] = [
    Duration::ZERO,
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
    Duration::from_secs(16),
    Duration::from_secs(30),
    Duration::from_secs(60),
];

/// What a read showed of the fields that the write was to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Seen {
    /// All as wanted.
    Wanted,
    /// All as it was before.
    Unchanged,
    /// Neither: somebody else has changed it.
    Otherwise,
    /// The server does not know the record.
    Missing,
    /// It could not be read.
    Unread,
}

impl Seen {
    /// Returns what the journal keeps of it.
    pub fn found(self) -> Found {
        match self {
            Self::Wanted => Found::Done,
            Self::Unchanged | Self::Missing => Found::NotDone,
            Self::Otherwise | Self::Unread => Found::Otherwise,
        }
    }

    /// Returns what a failed read shows.
    pub fn unread(failure: &Failure) -> Self {
        if failure.is_not_found() {
            Self::Missing
        } else {
            Self::Unread
        }
    }
}

/// What to do next about a write whose last attempt failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It was done.
    Done,
    SendOnceMore,
    /// Read the record this long after the failure, and say what it shows: [`WriteDriver::looked`].
    Look {
        after: Duration,
    },
    /// It was not done; the record is as it was before.
    NotDone,
    /// Somebody else has changed it: show what is there, and ask.
    Conflict,
    /// Nobody knows: a person decides.
    Unconfirmed,
}

/// What is finally known of a write whose effect was unknown. The journal keeps this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// It is as wanted.
    Done,
    /// It is as it was before, or not there.
    NotDone,
    /// Neither.
    Otherwise,
    /// Nothing can show it, and the user was told so.
    Told,
}

/// Drives one write from its first attempt to its end, for the worklist and the command line alike.
#[derive(Debug, Clone, PartialEq)]
pub struct WriteDriver {
    class: CallClass,
    /// It was sent a second time.
    resent: bool,
    /// Looks made since the last failure.
    looks: usize,
    doubt: Option<Failure>,
}

impl WriteDriver {
    pub fn of(class: CallClass) -> Self {
        Self {
            class,
            resent: false,
            looks: 0,
            doubt: None,
        }
    }

    /// Returns the failure that left the effect unknown, if one did.
    pub fn doubt(&self) -> Option<&Failure> {
        self.doubt.as_ref()
    }

    /// Takes in a failed attempt. Returns what to do next.
    pub fn failed(&mut self, failure: &Failure) -> Step {
        let is_clear = failure.outcome() == Outcome::NotApplied;
        if is_clear && !self.resent {
            return Step::NotDone;
        }
        self.looks = 0;
        // A second attempt that is refused says nothing of the first.
        let may_resend = !self.resent && !is_conflict(failure) && !failure.is_astray();
        self.doubt = Some(failure.clone());
        match self.class.on_unknown() {
            OnUnknown::ReadBack | OnUnknown::LookFor => Step::Look { after: LOOKS[0] },
            OnUnknown::SendOnceMore if may_resend => self.send_once_more(),
            OnUnknown::SendOnceMore | OnUnknown::Repeat | OnUnknown::Leave => Step::Unconfirmed,
        }
    }

    /// Takes in what a look after a failure showed. Returns what the journal keeps of it, if it showed
    /// anything, and what to do next.
    pub fn looked(&mut self, seen: Seen) -> (Option<Found>, Step) {
        (self.found(seen), self.step(seen))
    }

    fn step(&mut self, seen: Seen) -> Step {
        self.looks += 1;
        let refused = self.doubt.as_ref().is_some_and(is_conflict);
        match (self.class.on_unknown(), seen) {
            (OnUnknown::ReadBack | OnUnknown::LookFor, Seen::Wanted) => Step::Done,
            // The server may have changed the record that it answered about, and might do so again.
            (OnUnknown::ReadBack, Seen::Unchanged) if self.is_astray() => Step::Unconfirmed,
            // The server may still carry it out: what a look shows now proves nothing about later.
            (OnUnknown::ReadBack, Seen::Unchanged) if self.resent && self.is_late() => {
                Step::Unconfirmed
            }
            (OnUnknown::ReadBack, Seen::Unchanged) if refused || self.resent => Step::NotDone,
            (OnUnknown::ReadBack, Seen::Unchanged) => self.send_once_more(),
            (OnUnknown::ReadBack, Seen::Otherwise | Seen::Missing) => Step::Conflict,
            (OnUnknown::LookFor, Seen::Otherwise | Seen::Unchanged) => Step::Conflict,
            (OnUnknown::LookFor, Seen::Missing) if refused => Step::NotDone,
            (OnUnknown::LookFor, Seen::Missing | Seen::Unread) => match LOOKS.get(self.looks) {
                Some(after) => Step::Look { after: *after },
                None => Step::Unconfirmed,
            },
            (OnUnknown::ReadBack, Seen::Unread)
            | (OnUnknown::Repeat | OnUnknown::SendOnceMore | OnUnknown::Leave, _) => {
                Step::Unconfirmed
            }
        }
    }

    fn found(&self, seen: Seen) -> Option<Found> {
        match seen {
            Seen::Missing | Seen::Unread => None,
            // It may have been done to another record, so a look at this one does not say that it was not
            // done.
            Seen::Unchanged if self.is_astray() => Some(Found::Told),
            seen => Some(seen.found()),
        }
    }

    /// Whether the answer named another record.
    fn is_astray(&self) -> bool {
        self.doubt.as_ref().is_some_and(Failure::is_astray)
    }

    fn is_late(&self) -> bool {
        matches!(self.doubt, Some(Failure::TimedOut))
    }

    fn send_once_more(&mut self) -> Step {
        self.resent = true;
        Step::SendOnceMore
    }
}

fn is_conflict(failure: &Failure) -> bool {
    failure.status() == Some(409)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEEN: [Seen; 5] = [
        Seen::Wanted,
        Seen::Unchanged,
        Seen::Otherwise,
        Seen::Missing,
        Seen::Unread,
    ];

    fn status(status: u16) -> Failure {
        Failure::rejected(status, b"", None)
    }

    /// Failures after which nobody knows.
    fn silences() -> Vec<Failure> {
        let reason = || "r".to_owned();
        vec![
            Failure::TimedOut,
            Failure::Interrupted { reason: reason() },
            Failure::Unreadable { reason: reason() },
            Failure::TooLarge { limit: 1 },
            status(408),
            status(500),
            status(503),
        ]
    }

    fn refusals() -> Vec<Failure> {
        let reason = || "r".to_owned();
        let mut refusals = [400, 401, 403, 404, 422, 429].map(status).to_vec();
        refusals.extend([
            Failure::Unsuccessful { message: None },
            Failure::Redirected { status: 302 },
            Failure::Unreachable { reason: reason() },
            Failure::Unsendable { reason: reason() },
        ]);
        refusals
    }

    #[test]
    fn a_repetition_without_an_answer_is_never_called_undone() {
        for (second, verdict) in [
            (Failure::TimedOut, Step::Unconfirmed),
            (status(503), Step::NotDone),
        ] {
            let mut driver = WriteDriver::of(CallClass::SetState);
            assert_eq!(
                driver.failed(&Failure::TimedOut),
                Step::Look { after: LOOKS[0] }
            );
            assert_eq!(driver.looked(Seen::Unchanged).1, Step::SendOnceMore);
            assert_eq!(driver.failed(&second), Step::Look { after: LOOKS[0] });
            assert_eq!(driver.looked(Seen::Unchanged).1, verdict);
        }
    }

    #[test]
    fn a_clear_refusal_ends_it() {
        for class in CallClass::ALL {
            for failure in refusals() {
                assert_eq!(
                    WriteDriver::of(class).failed(&failure),
                    Step::NotDone,
                    "{failure:?}"
                );
            }
        }
    }

    #[test]
    fn an_unknown_effect_is_looked_at_by_class() {
        for failure in silences() {
            for (class, next) in [
                (CallClass::SetState, Step::Look { after: LOOKS[0] }),
                (CallClass::SetStateUnverifiable, Step::SendOnceMore),
                (CallClass::Create, Step::Look { after: LOOKS[0] }),
                (CallClass::Invite, Step::Look { after: LOOKS[0] }),
                (CallClass::Token, Step::Unconfirmed),
            ] {
                assert_eq!(WriteDriver::of(class).failed(&failure), next, "{class:?}");
            }
        }
    }

    #[test]
    fn a_conflict_may_be_our_own_success_and_is_never_sent_again() {
        use Step::*;
        for (class, verdicts) in [
            (
                CallClass::SetState,
                [Done, NotDone, Conflict, Conflict, Unconfirmed],
            ),
            (
                CallClass::Create,
                [Done, Conflict, Conflict, NotDone, Look { after: LOOKS[1] }],
            ),
        ] {
            for (seen, verdict) in SEEN.into_iter().zip(verdicts) {
                let mut driver = WriteDriver::of(class);
                assert_eq!(driver.failed(&status(409)), Step::Look { after: LOOKS[0] });
                assert_eq!(driver.looked(seen).1, verdict, "{class:?} {seen:?}");
            }
        }
        let mut driver = WriteDriver::of(CallClass::SetStateUnverifiable);
        assert_eq!(driver.failed(&status(409)), Step::Unconfirmed);
    }

    #[test]
    fn a_state_is_sent_once_more_only_if_nothing_happened() {
        use Step::*;
        let first = [Done, SendOnceMore, Conflict, Conflict, Unconfirmed];
        let second = [Done, NotDone, Conflict, Conflict, Unconfirmed];
        for failure in silences() {
            for (seen, verdict) in SEEN.into_iter().zip(first) {
                let mut driver = WriteDriver::of(CallClass::SetState);
                driver.failed(&failure);
                assert_eq!(driver.looked(seen).1, verdict);
            }
            // The second attempt may fail in any way: only a look tells.
            for again in silences()
                .into_iter()
                .chain(refusals())
                .chain([status(409)])
            {
                for (seen, verdict) in SEEN.into_iter().zip(second) {
                    let is_late = again == Failure::TimedOut && seen == Seen::Unchanged;
                    let verdict = if is_late { Step::Unconfirmed } else { verdict };
                    let mut driver = WriteDriver::of(CallClass::SetState);
                    driver.failed(&failure);
                    driver.looked(Seen::Unchanged);
                    assert_eq!(driver.failed(&again), Step::Look { after: LOOKS[0] });
                    assert_eq!(driver.looked(seen).1, verdict, "{again:?} {seen:?}");
                }
            }
        }
    }

    #[test]
    fn what_no_read_can_show_is_sent_once_more_at_most() {
        for failure in silences() {
            for again in silences().into_iter().chain(refusals()) {
                let mut driver = WriteDriver::of(CallClass::SetStateUnverifiable);
                assert_eq!(driver.failed(&failure), Step::SendOnceMore);
                assert_eq!(driver.failed(&again), Step::Unconfirmed);
            }
        }
    }

    #[test]
    fn what_would_be_made_is_looked_for_a_minute_and_never_sent_again() {
        for class in [CallClass::Create, CallClass::Invite] {
            for seen in [Seen::Missing, Seen::Unread] {
                let mut driver = WriteDriver::of(class);
                driver.failed(&Failure::TimedOut);
                let mut looks = vec![0];
                while let Step::Look { after } = driver.looked(seen).1 {
                    looks.push(after.as_secs());
                }
                assert_eq!(looks, [0, 1, 2, 4, 8, 16, 30, 60]);
                assert_eq!(driver.looked(seen).1, Step::Unconfirmed);
            }
            for (seen, verdict) in [
                (Seen::Wanted, Step::Done),
                (Seen::Otherwise, Step::Conflict),
            ] {
                let mut driver = WriteDriver::of(class);
                driver.failed(&Failure::TimedOut);
                driver.looked(Seen::Missing);
                assert_eq!(driver.looked(seen).1, verdict);
            }
        }
    }

    fn astray() -> Failure {
        Failure::OtherRecord {
            asked: "study stu_a".into(),
            answered: "study stu_b".into(),
        }
    }

    #[test]
    fn a_write_whose_answer_named_another_record_is_never_sent_again() {
        use Step::*;
        for (class, verdicts) in [
            (
                CallClass::SetState,
                [Done, Unconfirmed, Conflict, Conflict, Unconfirmed],
            ),
            (
                CallClass::Create,
                [
                    Done,
                    Conflict,
                    Conflict,
                    Look { after: LOOKS[1] },
                    Look { after: LOOKS[1] },
                ],
            ),
        ] {
            // As the first answer, or as the one to a repetition.
            for before in [None, Some(Failure::TimedOut)] {
                for (seen, verdict) in SEEN.into_iter().zip(verdicts) {
                    let mut driver = WriteDriver::of(class);
                    if let Some(before) = &before {
                        driver.failed(before);
                        driver.looked(Seen::Unchanged);
                    }
                    assert_eq!(driver.failed(&astray()), Step::Look { after: LOOKS[0] });
                    assert_eq!(driver.looked(seen).1, verdict, "{class:?} {seen:?}");
                    assert_ne!(driver.found(seen), Some(Found::NotDone), "{seen:?}");
                }
            }
        }
        for class in [CallClass::SetStateUnverifiable, CallClass::Token] {
            assert_eq!(WriteDriver::of(class).failed(&astray()), Step::Unconfirmed);
        }
    }
}
