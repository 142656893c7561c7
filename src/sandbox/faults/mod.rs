//! Faults on demand: what networks, proxies and servers do to a request, so that a client can be tested
//! against it. A plan or a seed decides which request fails.

mod door;
mod inject;
mod line;
mod schedule;
mod spec;

use std::time::Duration;

pub use door::{Door, FaultListener};
pub use inject::inject;
pub use line::Line;
pub use schedule::{Outage, Schedule};
pub use spec::FaultSpecError;

use crate::wire::Method;

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The port is closed for a while. A request that has already come is reset, not applied.
    Refuse,
    /// A TLS alert comes instead of HTTP, and the connection ends. Not applied.
    TlsAbort,
    /// Reset after the head, before the body is read. Not applied.
    ResetMidRequest,
    /// Reset after the whole request. Not applied.
    ResetBeforeApply,
    /// Applied, then reset instead of an answer.
    ResetAfterApply,
    /// Applied; the answer ends within its first line.
    CutStatusLine,
    /// Applied; the answer ends within its headers.
    CutHeaders,
    /// Applied; the answer ends in the middle of its body.
    CutBody,
    /// Applied at once, answered after the delay.
    DelayAfterApply,
    /// Applied after the delay, whether or not somebody still waits.
    LateApply,
    /// 503, not applied.
    ErrorBeforeApply,
    /// Applied, then 502.
    ErrorAfterApply,
    /// 429, not applied. If `Retry-After` is not given, the seed picks one.
    TooMany(Option<RetryAfter>),
    /// Applied, then 409, as if it had been applied before.
    ConflictAfterApply,
    /// 200 with `success: false`, not applied.
    Unsuccessful,
    /// 200 with a web page, as a captive portal answers. Not applied.
    Html,
    /// 401, not applied.
    Unauthorized,
    /// 403, not applied.
    Forbidden,
}

/// When a 429 says to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RetryAfter {
    Zero,
    One,
    TwoMinutes,
    PastDate,
    /// In two minutes.
    FutureDate,
    Garbage,
}

impl RetryAfter {
    pub const ALL: [Self; 6] = [
        Self::Zero,
        Self::One,
        Self::TwoMinutes,
        Self::PastDate,
        Self::FutureDate,
        Self::Garbage,
    ];
}

impl Fault {
    /// Every fault; the 429 without a given `Retry-After`.
    pub const ALL: [Self; 18] = [
        Self::Refuse,
        Self::TlsAbort,
        Self::ResetMidRequest,
        Self::ResetBeforeApply,
        Self::ResetAfterApply,
        Self::CutStatusLine,
        Self::CutHeaders,
        Self::CutBody,
        Self::DelayAfterApply,
        Self::LateApply,
        Self::ErrorBeforeApply,
        Self::ErrorAfterApply,
        Self::TooMany(None),
        Self::ConflictAfterApply,
        Self::Unsuccessful,
        Self::Html,
        Self::Unauthorized,
        Self::Forbidden,
    ];

    /// Whether the request takes effect.
    pub fn applies(self) -> bool {
        matches!(
            self,
            Self::ResetAfterApply
                | Self::CutStatusLine
                | Self::CutHeaders
                | Self::CutBody
                | Self::DelayAfterApply
                | Self::LateApply
                | Self::ErrorAfterApply
                | Self::ConflictAfterApply
        )
    }
}

/// Which requests the shares apply to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FaultScope {
    #[default]
    All,
    Reads,
    Writes,
}

/// A fault for certain requests, which goes before the shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduledFault {
    /// Any if absent.
    pub method: Option<Method>,
    /// What the path begins with.
    pub prefix: String,
    /// Which of the requests that match, counted from 1; all if absent.
    pub attempt: Option<u32>,
    pub fault: Fault,
}

/// Which faults which requests get. Parsed from the text of `--faults`.
#[derive(Debug, Clone, PartialEq)]
pub struct Faults {
    /// The share of requests, from 0 to 1, that get each fault. Together at most 1.
    pub shares: Vec<(Fault, f64)>,
    pub plan: Vec<ScheduledFault>,
    pub scope: FaultScope,
    /// The same seed and the same requests give the same faults.
    pub seed: u64,
    /// The delay of [`Fault::DelayAfterApply`] and [`Fault::LateApply`]. By default more than clients wait.
    pub delay: Duration,
    /// How long [`Fault::Refuse`] keeps the port closed. If it applies to every request, the port stays
    /// closed until other faults are set.
    pub down: Duration,
    /// Whether an address can be invited again while an invitation is pending. The API's reference does
    /// not say that it cannot.
    pub invite_twice: bool,
}

impl Default for Faults {
    /// None.
    fn default() -> Self {
        Self {
            shares: Vec::new(),
            plan: Vec::new(),
            scope: FaultScope::All,
            seed: 1,
            delay: Duration::from_secs(65),
            down: Duration::from_secs(1),
            invite_twice: false,
        }
    }
}
