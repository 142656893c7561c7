//! The sandbox over plain HTTP, with the wire's names written out: a type that client and server share
//! could be wrong on both sides.
#![cfg(feature = "sandbox")]
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "helpers of tests are tests, which clippy does not see; an expiry is compared with the clock; \
              a count of N is printed"
)]

#[path = "../support/blind_client.rs"]
mod blind_client;
mod command;
mod connection;
mod durability;
mod faults;
mod invitations;
mod ledger;
mod lifecycle;
mod listing;
mod raw;
mod studies;
mod support;
mod users;
