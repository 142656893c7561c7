//! Carrying a form to the server and taking in what comes back.

pub mod faults;
pub mod flow;
pub mod invite;
pub mod recheck;
pub mod replies;
