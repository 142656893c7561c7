//! The imperative shell: the loop, the terminal, signals, and futures for effects. All decisions are the
//! model's.

mod alerts;
mod bounds;
pub mod clipboard;
pub mod clock;
mod colors;
mod connect;
#[cfg(not(unix))]
mod console;
pub mod dumps;
mod effects;
mod events;
#[cfg(unix)]
mod job;
mod launch;
pub mod opener;
mod run;
mod set_up;
mod signals;
pub mod terminal;
#[cfg(unix)]
mod tty;

#[cfg(not(unix))]
pub use console::ConsoleEvents as Events;
#[cfg(unix)]
pub use tty::TtyEvents as Events;

pub use colors::{ColorChoice, depth};
pub use connect::{ConnectError, connect, connect_with, site};
pub use effects::{Reconnect, Services};
pub use events::{TerminalEvent, message_of};
pub use launch::{Ended, LaunchError, Start, launch};
pub use run::{RunError, Shell, run};
pub use set_up::SetUp;
