//! Reading: what is asked of the server when, and taking pages and records in.

pub mod fetch;
pub mod known;
pub mod pages;
pub mod poll;
