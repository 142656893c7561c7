//! Sending a form to the server and handling the answers.

pub mod faults;
pub mod flow;
pub mod invite;
pub mod recheck;
pub mod replies;
