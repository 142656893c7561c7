//! However the program ends and wherever it is, the terminal is as it was: every end at every place.
//! This test is its own child for the ends that need a defect.

#![cfg_attr(
    not(all(unix, feature = "sandbox")),
    allow(
        unused,
        clippy::allow_attributes,
        reason = "there is nothing to test there"
    )
)]
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a helper that fails fails its test, and the runner makes its own report"
)]

#[cfg(all(unix, feature = "sandbox"))]
#[path = "../support/allowed.rs"]
#[expect(dead_code, reason = "shared with the tests of the screens")]
mod allowed;
#[cfg(all(unix, feature = "sandbox"))]
mod child;
#[cfg(all(unix, feature = "sandbox"))]
#[path = "../support/clinic.rs"]
#[expect(dead_code, reason = "shared with the other tests")]
mod clinic;
#[cfg(all(unix, feature = "sandbox"))]
mod matrix;
#[cfg(all(unix, feature = "sandbox"))]
#[path = "../support/terminal.rs"]
#[expect(dead_code, reason = "shared with the other tests")]
mod terminal;

use std::process::ExitCode;

#[cfg(all(unix, feature = "sandbox"))]
fn main() -> ExitCode {
    if let Ok(defect) = std::env::var(child::DEFECT) {
        return child::run_child(&defect).unwrap_or(ExitCode::from(99));
    }
    matrix::run()
}

#[cfg(not(all(unix, feature = "sandbox")))]
fn main() -> ExitCode {
    println!("0 passed, 0 failed");
    ExitCode::SUCCESS
}
