//! The real program in a real (pseudo-)terminal: what a person sees, what reaches the server, and what
//! the terminal is left in. Everything stays on this machine.

#![cfg(all(unix, feature = "sandbox"))]
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "../support/allowed.rs"]
#[expect(dead_code, reason = "shared with the tests of the screens")]
mod allowed;
#[path = "../support/answers.rs"]
mod answers;
#[path = "../support/clinic.rs"]
mod clinic;
#[path = "../common/mod.rs"]
mod common;
#[path = "../support/terminal.rs"]
#[expect(dead_code, reason = "shared with the test of every end")]
mod terminal;
#[path = "../support/witness.rs"]
mod witness;

mod alerts;
mod canary;
mod clinics;
mod hostile;
mod hung;
mod input;
mod invite;
mod journal;
mod keys;
mod life;
mod live;
mod lock;
mod lookup;
mod many;
mod people;
mod plain;
mod restore;
mod set_up;
mod sizes;
mod start;
mod suspend;
mod trouble;
mod views;
mod work;
