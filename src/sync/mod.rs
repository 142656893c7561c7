//! Which lists are read when, and what a finished reading proves.
//!
//! A planner without clock or network: it is told the time and what came back, and names the requests to
//! make. The server pages by offset, so a reading can miss a study that shifted while it ran. So readings
//! repeat until two agree, and a study that was not met is read by itself before it counts as gone. No list
//! filters on more than it must, so that a study with an unknown severity still shows.
//!
//! No server can make it loop: each request is paid from one of two [`Budget`]s, and a reading that leads
//! nowhere ends with a [`Doubt`].

mod budget;
mod kind;
mod lane;
mod partition;
mod pass;
mod plan;

pub use budget::Budget;
pub use kind::LaneKind;
pub use lane::{Lane, LaneStep, Taken, Trouble};
pub use partition::{admits, by_assignee, parts};
pub use pass::{ChainId, Pass};
pub use plan::{Ask, ChainRef, Pace, Sync};

pub use crate::wire::{Doubt, Met, Trail};
