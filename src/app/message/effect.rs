//! What the program asks of the world: plain data, carried out by the runtime.

use crate::app::message::Ticket;
use crate::app::message::clip::Clip;
use crate::app::message::setup::{KeyTrial, Setup};
use crate::resolve::Found;
use crate::text::SafeText;
use crate::wire::{
    CancelStudy, CreateStudy, GetInvitation, GetStudy, GetStudyByUid, GetUser, InviteUser,
    ListInvitations, ListStudies, ListUsers, ReactivateUser, RerouteUrl, RerouteUrlResponse,
    RevokeAccess, RevokeInvitation, UncancelStudy, UpdateInvitation, UpdateStudy, UpdateUser,
};
use crate::worklist::View;

#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Start a call; its reply carries the same ticket.
    Call {
        ticket: Ticket,
        call: Call,
    },
    /// Stop waiting for a read. Writes are never aborted.
    Abort(Ticket),
    /// Check a viewer link and hand it to the browser.
    OpenLink(RerouteUrlResponse),
    /// Put something into the clipboard.
    Copy(Clip),
    /// Tell the journal the outcome of writes whose effect was unknown. The target is an id, or the UID or
    /// the address of what was to be made.
    RecordOutcome {
        target: String,
        found: Found,
    },
    /// Write a view to the configuration file.
    SaveView(SavedView),
    /// Forget the API key: nothing can be asked until it is read again.
    ForgetKey,
    /// Read the API key from its source again.
    ReadKey,
    /// Make a test call, for the first run.
    TryOut(KeyTrial),
    /// Write down what was set up.
    Keep(Box<Setup>),
    /// Let the demo's server fail, or let it work again.
    Outage(bool),
    /// Sound the terminal's bell.
    Ring,
    /// Clear the terminal and redraw everything.
    Repaint,
    /// Give the terminal back to the shell until the program is continued.
    Suspend,
    Leave(ExitReason),
}

impl Effect {
    pub(in crate::app) fn record_outcome(target: impl ToString, found: Found) -> Self {
        let target = target.to_string();
        Self::RecordOutcome { target, found }
    }
}

/// Why the program leaves its loop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExitReason {
    Quit,
    /// From the first-run screen: start again on the demo.
    Demo,
    /// From the first-run screen: start again with what was set up.
    SetUp,
    /// Start again with the profile of this name.
    Clinic(String),
}

/// A request to the API.
#[derive(Debug, Clone, PartialEq)]
pub enum Call {
    ListStudies(ListStudies),
    GetStudy(GetStudy),
    GetStudyByUid(GetStudyByUid),
    CreateStudy(CreateStudy),
    UpdateStudy(UpdateStudy),
    CancelStudy(CancelStudy),
    UncancelStudy(UncancelStudy),
    RerouteUrl(RerouteUrl),
    ListUsers(ListUsers),
    GetUser(GetUser),
    InviteUser(InviteUser),
    UpdateUser(UpdateUser),
    RevokeAccess(RevokeAccess),
    ReactivateUser(ReactivateUser),
    ListInvitations(ListInvitations),
    GetInvitation(GetInvitation),
    UpdateInvitation(UpdateInvitation),
    RevokeInvitation(RevokeInvitation),
}

impl Call {
    /// A write runs to its end whatever happens on screen.
    pub fn is_write(&self) -> bool {
        match self {
            Self::CreateStudy(_)
            | Self::UpdateStudy(_)
            | Self::CancelStudy(_)
            | Self::UncancelStudy(_)
            | Self::InviteUser(_)
            | Self::UpdateUser(_)
            | Self::UpdateInvitation(_)
            | Self::RevokeAccess(_)
            | Self::ReactivateUser(_)
            | Self::RevokeInvitation(_) => true,
            // A minted link is a credential, but no record changes.
            Self::RerouteUrl(_)
            | Self::ListStudies(_)
            | Self::GetStudy(_)
            | Self::GetStudyByUid(_)
            | Self::ListUsers(_)
            | Self::GetUser(_)
            | Self::ListInvitations(_)
            | Self::GetInvitation(_) => false,
        }
    }
}

/// A view to write to the configuration file.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedView {
    pub number: usize,
    pub view: View,
    /// The name of the view that it replaces.
    pub replaces: Option<SafeText>,
    /// All views of the session: what to write into a file that has none yet.
    pub all: Vec<View>,
}
