//! The sandbox over plain HTTP, with the wire's names written out: a type that client and server share
//! could be wrong on both sides.
#![cfg(feature = "sandbox")]
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "helpers of tests are tests, which clippy does not see; an expiry is compared with the clock"
)]

mod connection;
mod durability;
mod invitations;
mod lifecycle;
mod listing;
mod studies;
mod support;
mod users;
