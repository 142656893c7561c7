//! Faults as text: `rst-after-apply:0.2,429:0.1;only=writes;seed=7`, or a plan like
//! `POST /v1/viewer/users attempt=1 -> rst-after-apply`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::{Fault, FaultScope, Faults, RetryAfter, ScheduledFault};
use crate::wire::Method;

/// Delays and outages are at most this many milliseconds.
const MAX_MILLIS: u64 = 600_000;

/// Text that is not a specification of faults.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultSpecError {
    #[error("no fault is called {name:?}; there are {}", names())]
    UnknownFault { name: String },
    #[error("the share of {fault} must be a number from 0 to 1, as in {fault}:0.2")]
    Share { fault: String },
    #[error("the shares of all faults together are more than 1")]
    TooMuch,
    #[error("{setting} must be {expected}")]
    Setting {
        setting: &'static str,
        expected: &'static str,
    },
    #[error("no setting is called {name:?}; there are seed, delay, down, only and invite-twice")]
    UnknownSetting { name: String },
    #[error(
        "{step:?} is not a step of a plan; one is written \
         `POST /v1/viewer/users attempt=1 -> rst-after-apply`, with * for any method"
    )]
    ScheduledFault { step: String },
}

const NAMES: [(&str, Fault); 24] = [
    ("refuse", Fault::Refuse),
    ("tls-abort", Fault::TlsAbort),
    ("rst-mid-request", Fault::ResetMidRequest),
    ("rst-before-apply", Fault::ResetBeforeApply),
    ("rst-after-apply", Fault::ResetAfterApply),
    ("cut-status-line", Fault::CutStatusLine),
    ("cut-headers", Fault::CutHeaders),
    ("cut-json", Fault::CutBody),
    ("delay-after-apply", Fault::DelayAfterApply),
    ("late-apply", Fault::LateApply),
    ("5xx-before-apply", Fault::ErrorBeforeApply),
    ("5xx-after-apply", Fault::ErrorAfterApply),
    ("429", Fault::TooMany(None)),
    ("429-0", Fault::TooMany(Some(RetryAfter::Zero))),
    ("429-1", Fault::TooMany(Some(RetryAfter::One))),
    ("429-120", Fault::TooMany(Some(RetryAfter::TwoMinutes))),
    ("429-past", Fault::TooMany(Some(RetryAfter::PastDate))),
    ("429-future", Fault::TooMany(Some(RetryAfter::FutureDate))),
    ("429-garbage", Fault::TooMany(Some(RetryAfter::Garbage))),
    ("409-after-apply", Fault::ConflictAfterApply),
    ("success-false", Fault::Unsuccessful),
    ("html", Fault::Html),
    ("401", Fault::Unauthorized),
    ("403", Fault::Forbidden),
];

fn names() -> String {
    NAMES.map(|(name, _)| name).join(", ")
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES.iter().find(|(_, fault)| fault == self);
        f.write_str(name.map_or("", |(name, _)| name))
    }
}

impl FromStr for Fault {
    type Err = FaultSpecError;

    fn from_str(text: &str) -> Result<Self, FaultSpecError> {
        let found = NAMES.iter().find(|(name, _)| *name == text);
        found
            .map(|(_, fault)| *fault)
            .ok_or_else(|| FaultSpecError::UnknownFault { name: text.into() })
    }
}

impl FromStr for Faults {
    type Err = FaultSpecError;

    fn from_str(text: &str) -> Result<Self, FaultSpecError> {
        let mut faults = Self::default();
        let clauses = text.split(';').map(str::trim);
        for clause in clauses.filter(|clause| !clause.is_empty()) {
            if let Some((request, fault)) = clause.split_once("->") {
                faults.plan.push(step(clause, request, fault)?);
            } else if clause == "invite-twice" {
                faults.invite_twice = true;
            } else if let Some((name, value)) = clause.split_once('=') {
                faults.set(name.trim(), value.trim())?;
            } else {
                for share in clause.split(',') {
                    faults.shares.push(read_share(share.trim())?);
                }
            }
        }
        let whole: f64 = faults.shares.iter().map(|(_, share)| share).sum();
        if whole > 1.0 + 1e-9 {
            return Err(FaultSpecError::TooMuch);
        }
        Ok(faults)
    }
}

impl Faults {
    fn set(&mut self, name: &str, value: &str) -> Result<(), FaultSpecError> {
        match name {
            "seed" => {
                self.seed = value.parse().map_err(|_| FaultSpecError::Setting {
                    setting: "seed",
                    expected: "a whole number",
                })?;
            }
            "delay" => self.delay = millis("delay", value)?,
            "down" => self.down = millis("down", value)?,
            "only" => {
                self.scope = match value {
                    "reads" => FaultScope::Reads,
                    "writes" => FaultScope::Writes,
                    _ => {
                        return Err(FaultSpecError::Setting {
                            setting: "only",
                            expected: "reads or writes",
                        });
                    }
                };
            }
            _ => return Err(FaultSpecError::UnknownSetting { name: name.into() }),
        }
        Ok(())
    }
}

fn millis(setting: &'static str, value: &str) -> Result<Duration, FaultSpecError> {
    match value.parse() {
        Ok(millis @ 0..=MAX_MILLIS) => Ok(Duration::from_millis(millis)),
        _ => Err(FaultSpecError::Setting {
            setting,
            expected: "milliseconds, at most 600000",
        }),
    }
}

fn read_share(text: &str) -> Result<(Fault, f64), FaultSpecError> {
    let (name, share) = text.split_once(':').unwrap_or((text, "1"));
    let fault: Fault = name.trim().parse()?;
    match share.trim().parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok((fault, share)),
        _ => Err(FaultSpecError::Share {
            fault: fault.to_string(),
        }),
    }
}

fn step(whole: &str, request: &str, fault: &str) -> Result<ScheduledFault, FaultSpecError> {
    let wrong = || FaultSpecError::ScheduledFault { step: whole.into() };
    let fault = fault.trim().parse()?;
    let mut words = request.split_whitespace();
    let method = match words.next() {
        Some("*") => None,
        Some("GET") => Some(Method::Get),
        Some("POST") => Some(Method::Post),
        Some("PATCH") => Some(Method::Patch),
        _ => return Err(wrong()),
    };
    let prefix = words.next().filter(|path| path.starts_with('/'));
    let prefix = prefix.ok_or_else(wrong)?.to_owned();
    let attempt = match words.next().map(|word| word.strip_prefix("attempt=")) {
        None => None,
        Some(number) => match number.and_then(|number| number.parse().ok()) {
            Some(number @ 1..) => Some(number),
            _ => return Err(wrong()),
        },
    };
    match words.next() {
        Some(_) => Err(wrong()),
        None => Ok(ScheduledFault {
            method,
            prefix,
            attempt,
            fault,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_settings() {
        let faults: Faults = "rst-after-apply:0.2, 429:0.1; only=writes; seed=7; delay=50; down=20"
            .parse()
            .unwrap();
        let expected = [(Fault::ResetAfterApply, 0.2), (Fault::TooMany(None), 0.1)];
        assert_eq!(faults.shares, expected);
        assert_eq!((faults.scope, faults.seed), (FaultScope::Writes, 7));
        assert_eq!(faults.delay, Duration::from_millis(50));
        assert_eq!(faults.down, Duration::from_millis(20));
        assert_eq!("".parse(), Ok(Faults::default()));
        let always: Faults = "refuse".parse().unwrap();
        assert_eq!(always.shares, [(Fault::Refuse, 1.0)]);
    }

    #[test]
    fn a_plan_names_requests() {
        let faults: Faults =
            "POST /v1/viewer/users attempt=2 -> cut-json; * / -> html;invite-twice"
                .parse()
                .unwrap();
        assert!(faults.invite_twice);
        let users = ScheduledFault {
            method: Some(Method::Post),
            prefix: "/v1/viewer/users".into(),
            attempt: Some(2),
            fault: Fault::CutBody,
        };
        let all = ScheduledFault {
            method: None,
            prefix: "/".into(),
            attempt: None,
            fault: Fault::Html,
        };
        assert_eq!(faults.plan, [users, all]);
    }

    #[test]
    fn every_fault_has_a_name_of_its_own() {
        let retry_after = RetryAfter::ALL.map(|it| Fault::TooMany(Some(it)));
        let all: Vec<Fault> = Fault::ALL.into_iter().chain(retry_after).collect();
        assert_eq!(all.len(), NAMES.len());
        for fault in all {
            assert_eq!(fault.to_string().parse(), Ok(fault));
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, said) in [
            ("rst", "no fault is called \"rst\""),
            ("429:2", "the share of 429 must be"),
            ("429:x", "the share of 429 must be"),
            ("429:NaN", "the share of 429 must be"),
            ("429:0.6,html:0.6", "together are more than 1"),
            ("seed=x", "seed must be a whole number"),
            ("delay=-1", "delay must be milliseconds"),
            ("down=600001", "down must be milliseconds"),
            ("only=some", "only must be reads or writes"),
            ("speed=1", "no setting is called \"speed\""),
            ("DELETE / -> html", "is not a step of a plan"),
            ("GET users -> html", "is not a step of a plan"),
            ("GET /x attempt=0 -> html", "is not a step of a plan"),
            ("GET /x twice -> html", "is not a step of a plan"),
            ("GET /x attempt=1 now -> html", "is not a step of a plan"),
            ("GET /x -> nothing", "no fault is called \"nothing\""),
        ] {
            let error = text.parse::<Faults>().unwrap_err().to_string();
            assert!(error.contains(said), "{text}: {error}");
        }
    }
}
