//! What a change is: which record it changes, from what to what, how it is sent and how it shows.

pub mod change;
pub mod decision;
pub mod draft;
pub mod history;
pub mod job;
pub mod patch;
pub mod record;
pub mod shown;
pub mod targets;
