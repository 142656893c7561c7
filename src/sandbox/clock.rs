//! The one place where the sandbox reads the clock.

use chrono::{DateTime, SubsecRound, Utc};

/// Returns the time now, in the milliseconds that the API's timestamps have.
#[expect(
    clippy::disallowed_methods,
    reason = "a server stamps what it stores; everything below it gets the time as a parameter"
)]
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(3)
}
