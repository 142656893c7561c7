//! The one place where the program reads the clock.

/// Returns the time now, in Unix milliseconds.
#[expect(
    clippy::disallowed_methods,
    reason = "the door through which time comes in"
)]
pub fn now() -> i64 {
    chrono::Utc::now().timestamp_millis()
}

/// Returns the workstation's offset from UTC, in seconds.
pub fn utc_offset() -> i32 {
    chrono::Local::now().offset().local_minus_utc()
}
