//! Reading: what is requested from the server and when, and storing the pages and records it sends.

pub mod fetch;
pub mod known;
pub mod pages;
pub mod poll;
