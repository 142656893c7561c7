//! What can happen to the program: facts, as plain data.

pub mod access_change;
pub mod clip;
pub mod effect;
pub mod purpose;
pub mod secret;
pub mod setup;

use crate::app::message::clip::Copying;
use crate::app::message::effect::SavedView;
use crate::app::message::setup::{SetupFault, TrialFound};
use crate::input::Chord;
use crate::wire::{Failure, Invitation, Page, RerouteUrlResponse, Study, User};

/// Names one call in flight. A reply whose ticket is no longer held changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// Columns and rows of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    pub width: u16,
    pub height: u16,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// A key was pressed or repeated.
    Key(Chord),
    /// The terminal delivered a bracketed paste: text, never keys.
    Pasted(String),
    /// The left button went down on this cell.
    Clicked {
        column: u16,
        row: u16,
    },
    /// The wheel turned over this cell; positive is towards the end.
    Scrolled {
        column: u16,
        row: u16,
        rows: i32,
    },
    Resized(Size),
    /// The terminal gained or lost the focus.
    Focused(bool),
    /// The time that the model asked to be woken at has come.
    Ticked,
    /// A call ended.
    Replied {
        ticket: Ticket,
        outcome: Result<Reply, Failure>,
        /// The server's clock, Unix milliseconds, if the answer carried it.
        server_time: Option<i64>,
    },
    /// An attempt to open a viewer link ended.
    Opened(Opening),
    /// An attempt to copy ended.
    Copied(Copying),
    /// Writing a view ended: the file's path, or why it was not written.
    ViewSaved(Box<SavedView>, Result<String, String>),
    /// The API key was read again from its source, or why it could not be.
    KeyRead(Result<(), String>),
    /// The test call of the first run ended.
    TriedOut(u32, Result<TrialFound, SetupFault>),
    /// What was set up is written down, or why it is not.
    Kept(Result<(), String>),
    /// The operating system asked the program to end.
    Terminated,
}

/// The answers of [`super::Call`]s.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    Studies(Page<Study>),
    Study(Box<Study>),
    Link(RerouteUrlResponse),
    Users(Page<User>),
    User(Box<User>),
    Invitations(Page<Invitation>),
    Invitation(Box<Invitation>),
    /// A call was acknowledged, without a record.
    Done,
}

/// How opening a viewer link went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opening {
    /// Handed to the browser at this host. Whether a page shows is beyond our knowledge.
    Opened { host: String },
    /// There is no browser to reach from here: the link is shown to copy.
    NoBrowser { link: RerouteUrlResponse },
    /// The link is not one that may be opened.
    Refused { reason: String },
}
