//! Going from screen to screen, and what every list of people can do.

use crate::app::{Kernel, Lists};
use crate::wire::{GetInvitation, GetUser};
use crate::worklist::{Facets, workload};

use super::access::AccessChange;
use super::calls::Purpose;
use super::form::Subject;
use super::geometry::Detail;
use super::invitations::EXPIRING;
use super::list::Cause;
use super::roster::Pane;
use super::{
    Action, Call, Effect, FilterBox, Model, Overlay, Screen, Tone, act, fetch, form, reply,
};
use crate::app::Saved;

impl Kernel {
    /// The list of people on screen, if that is what shows.
    pub fn pane(&self) -> Option<&dyn Pane> {
        match self.screen {
            Screen::FirstRun | Screen::Worklist => None,
            Screen::Users => Some(&self.data.users),
            Screen::Invitations => Some(&self.data.invitations),
        }
    }

    pub fn pane_mut(&mut self) -> Option<&mut dyn Pane> {
        match self.screen {
            Screen::FirstRun | Screen::Worklist => None,
            Screen::Users => Some(&mut self.data.users),
            Screen::Invitations => Some(&mut self.data.invitations),
        }
    }

    /// How much of the detail the screen shows.
    pub fn detail(&self) -> Detail {
        self.pane().map_or(self.data.studies.detail, Pane::detail)
    }
}

impl Model {
    /// Changes of studies and of people that have not ended.
    pub fn pending_count(&self) -> usize {
        self.writes.changes.pending_count() + self.access.pending_count()
    }
}

/// Shows another screen; each keeps its cursor and filter.
pub(super) fn go(lists: &mut Lists, kernel: &mut Kernel, screen: Screen) -> Vec<Effect> {
    kernel.screen = screen;
    let effects = match screen {
        Screen::FirstRun | Screen::Worklist => Vec::new(),
        Screen::Users => {
            lists.loads = workload(&kernel.data.studies.store, kernel.server_now());
            reply::read_people(kernel)
        }
        Screen::Invitations => fetch::read_invitations(kernel),
    };
    settle(kernel);
    kernel.follow_cursor();
    effects
}

/// Shows the record that a form has saved, and says what became of it.
pub(super) fn show_saved(lists: &mut Lists, kernel: &mut Kernel, saved: &Saved) {
    let Saved { tone, text, .. } = saved;
    if !saved.is_open {
        return kernel.inform(*tone, text);
    }
    let shows = match saved.subject {
        Subject::Study(id) => {
            lists.settle(kernel, Cause::Data);
            kernel.data.studies.select_id(id)
        }
        Subject::User(id) => {
            settle(kernel);
            kernel.data.users.select_id(id)
        }
        Subject::Invitation(id) => {
            settle(kernel);
            kernel.data.invitations.select_id(id)
        }
    };
    kernel.follow_cursor();
    // The form has gone without a key: what is typed meanwhile was meant for it.
    match kernel.pane_mut() {
        Some(pane) => pane.surprise(),
        None => kernel.data.studies.surprise(),
    }
    if shows {
        kernel.inform(*tone, text);
    } else {
        kernel.inform(*tone, &format!("{text} (the filter hides it)"));
    }
}

/// Works the rows of the list on screen out anew.
pub(super) fn settle(kernel: &mut Kernel) {
    let now = kernel.server_now();
    let lost = match kernel.screen {
        Screen::FirstRun | Screen::Worklist => return,
        Screen::Users => {
            kernel.data.users.settle(now);
            kernel.data.users.take_lost().then_some("user")
        }
        Screen::Invitations => {
            kernel.data.invitations.settle(now);
            kernel.data.invitations.take_lost().then_some("invitation")
        }
    };
    if let Some(what) = lost {
        if let Some(pane) = kernel.pane_mut()
            && pane.detail() == Detail::Full
        {
            pane.set_detail(Detail::Pane);
        }
        let text = format!("The {what} that you were on is no longer on this list");
        kernel.inform(Tone::Bad, &text);
    }
    kernel.follow_cursor();
    kernel.needs_draw = true;
}

pub(super) fn is_stale(kernel: &Kernel) -> bool {
    match kernel.screen {
        Screen::FirstRun | Screen::Worklist => false,
        Screen::Users => kernel.data.users.is_stale(),
        Screen::Invitations => kernel.data.invitations.is_stale(),
    }
}

/// Why an action on people cannot be done now, if it cannot.
pub(super) fn disabled_reason(model: &Model, action: Action) -> Option<String> {
    let nothing = || Some("There is nothing under the cursor".to_owned());
    if matches!(action, Action::InviteUser | Action::InviteAgain)
        && form::is_inviting(&model.kernel)
    {
        return Some("Still waiting for the server: an invitation".into());
    }
    let of_user = matches!(
        action,
        Action::RevokeAccess | Action::Reactivate | Action::EditUser
    );
    let change = if of_user {
        match model.kernel.data.users.selected() {
            Some(person) => AccessChange::Revoke(person.id),
            None => return nothing(),
        }
    } else if matches!(action, Action::RevokeInvitation | Action::EditInvitation) {
        let Some(invite) = model.kernel.data.invitations.selected() else {
            return nothing();
        };
        let over = if action == Action::EditInvitation {
            form::why_over(&model.kernel, invite)
        } else {
            invite.over(&model.kernel)
        };
        if over.is_some() {
            return over;
        }
        AccessChange::RevokeInvitation(invite.id)
    } else {
        let is_empty = model.kernel.pane().is_some_and(Pane::is_empty);
        let needs_one = matches!(action, Action::ShowDetail | Action::InviteAgain);
        return if needs_one && is_empty {
            nothing()
        } else {
            None
        };
    };
    let subject = match change {
        AccessChange::Revoke(id) | AccessChange::Reactivate(id) => Subject::User(id),
        AccessChange::RevokeInvitation(id) => Subject::Invitation(id),
    };
    (model.access.is_pending(change) || form::is_sending(&model.kernel, subject))
        .then(|| "Still waiting for the server".into())
}

/// Does what means the same on every list of people; `None` for anything else.
pub(super) fn perform(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let page = model
        .kernel
        .geometry()
        .map_or(1, |geometry| geometry.page());
    let now = model.kernel.server_now();
    let pane = model.kernel.pane_mut()?;
    pane.take_cursor();
    let (row, half) = (pane.cursor(), (page / 2).max(1));
    match action {
        Action::MoveDown => pane.point_at(row + 1),
        Action::MoveUp => pane.point_at(row.saturating_sub(1)),
        Action::MoveTop => pane.point_at(0),
        Action::MoveBottom => pane.point_at(usize::MAX),
        Action::HalfPageDown => pane.point_at(row + half),
        Action::HalfPageUp => pane.point_at(row.saturating_sub(half)),
        Action::PageDown => pane.point_at(row + page.max(1)),
        Action::PageUp => pane.point_at(row.saturating_sub(page.max(1))),
        Action::ScrollDetailDown => pane.scroll_detail(1),
        Action::ScrollDetailUp => pane.scroll_detail(-1),
        Action::ToggleDetail => pane.set_detail(match pane.detail() {
            Detail::Hidden => Detail::Pane,
            Detail::Pane | Detail::Full => Detail::Hidden,
        }),
        Action::ShowDetail => return Some(show_detail(&mut model.kernel)),
        Action::EditFilter => {
            let filter = FilterBox::new(pane.filter());
            model.kernel.layers.overlay = Some(Overlay::RosterFilter(filter));
        }
        Action::ClearFilter => change_filter(&mut model.kernel, ""),
        Action::FilterExpiring => change_filter(&mut model.kernel, EXPIRING),
        Action::Refresh => return Some(refresh(&mut model.kernel)),
        Action::GoBack => go_back(model, now),
        // Done elsewhere, the same on every screen, or not at all here.
        Action::FilterSeverity
        | Action::FilterStatus
        | Action::FilterAssignee
        | Action::FilterCancelled
        | Action::FilterCustomer
        | Action::NextChange
        | Action::PreviousChange
        | Action::ShowAlarm
        | Action::AcknowledgeAlarms
        | Action::LookUp
        | Action::ViewAll
        | Action::View1
        | Action::View2
        | Action::View3
        | Action::View4
        | Action::View5
        | Action::View6
        | Action::View7
        | Action::View8
        | Action::View9
        | Action::PreviousView
        | Action::NextView
        | Action::SaveView
        | Action::SortBy
        | Action::ChooseColumns
        | Action::AssignStudy
        | Action::AssignToMe
        | Action::UnassignStudy
        | Action::SetStat
        | Action::SetHigh
        | Action::SetNormal
        | Action::MarkComplete
        | Action::MarkIncomplete
        | Action::CancelStudy
        | Action::UncancelStudy
        | Action::CreateStudy
        | Action::EditStudy
        | Action::OpenViewer
        | Action::ToggleMark
        | Action::MarkRange
        | Action::MarkAll
        | Action::Repeat
        | Action::Undo
        | Action::Redo
        | Action::RetryFailed
        | Action::ShowActivity
        | Action::ShowUnresolved
        | Action::CopyUid
        | Action::CopyId
        | Action::CopyRow
        | Action::CopyLink
        | Action::CopyCommand
        | Action::GoWorklist
        | Action::GoUsers
        | Action::GoInvitations
        | Action::GoClinic
        | Action::InviteUser
        | Action::EditUser
        | Action::InviteAgain
        | Action::EditInvitation
        | Action::RevokeAccess
        | Action::Reactivate
        | Action::RevokeInvitation
        | Action::ToggleReadOnly
        | Action::ShowHelp
        | Action::ShowPalette
        | Action::Lock
        | Action::ToggleOutage
        | Action::Repaint
        | Action::Suspend
        | Action::Quit => return None,
    }
    model.kernel.follow_cursor();
    Some(Vec::new())
}

/// The detail on the whole screen, of the record as it is now.
fn show_detail(kernel: &mut Kernel) -> Vec<Effect> {
    let Some(pane) = kernel.pane_mut() else {
        return Vec::new();
    };
    let full = pane.detail() != Detail::Full;
    pane.set_detail(if full { Detail::Full } else { Detail::Pane });
    kernel.follow_cursor();
    if !full {
        return Vec::new();
    }
    let user = kernel.data.users.selected().map(|person| person.id);
    let invitation = kernel.data.invitations.selected().map(|invite| invite.id);
    match (kernel.screen, user, invitation) {
        (Screen::Users, Some(user_id), _) => {
            let call = Call::GetUser(GetUser { user_id });
            vec![kernel.requests.start(Purpose::User(user_id), call)]
        }
        (Screen::Invitations, _, Some(invitation_id)) => {
            let call = Call::GetInvitation(GetInvitation { invitation_id });
            vec![
                kernel
                    .requests
                    .start(Purpose::Invitation(invitation_id), call),
            ]
        }
        (Screen::FirstRun | Screen::Worklist | Screen::Users | Screen::Invitations, _, _) => {
            Vec::new()
        }
    }
}

/// Puts a filter in force and keeps the one before for Esc.
fn change_filter(kernel: &mut Kernel, text: &str) {
    let now = kernel.server_now();
    let Some(pane) = kernel.pane_mut() else {
        return;
    };
    let earlier = pane.filter().clone();
    // A text of this program's own always reads; should it not, the filter stays.
    if let Ok(filter) = earlier.read(text) {
        pane.set_filter(filter, now);
        pane.remember(earlier);
    }
}

pub(super) fn apply_filter(kernel: &mut Kernel, filter: Facets) {
    let now = kernel.server_now();
    if let Some(pane) = kernel.pane_mut() {
        pane.set_filter(filter, now);
    }
    kernel.follow_cursor();
}

/// The filter typed is kept. A whole e-mail address that nobody known has is asked of the server.
pub(super) fn keep_filter(kernel: &mut Kernel, earlier: Facets) -> Vec<Effect> {
    let Some(pane) = kernel.pane_mut() else {
        return Vec::new();
    };
    pane.remember(earlier);
    let email = pane.filter().only("email").map(str::to_owned);
    match email {
        Some(email) if kernel.screen == Screen::Users => fetch::ask_for(kernel, email),
        Some(_) | None => Vec::new(),
    }
}

fn refresh(kernel: &mut Kernel) -> Vec<Effect> {
    let effects = match kernel.screen {
        Screen::FirstRun | Screen::Worklist => Vec::new(),
        Screen::Users => fetch::walk_people(kernel),
        Screen::Invitations => fetch::read_invitations(kernel),
    };
    settle(kernel);
    kernel.inform_refreshing();
    effects
}

/// One step back: the nearest thing that Esc can undo on screen.
fn go_back(model: &mut Model, now: i64) {
    let is_full = model.kernel.detail() == Detail::Full;
    if model.shell.leaving {
        model.shell.leaving = false;
        model.kernel.inform(Tone::Info, "Staying");
    } else if is_full {
        if let Some(pane) = model.kernel.pane_mut() {
            pane.set_detail(Detail::Pane);
        }
    } else if act::put_message_away(model) {
    } else if let Some(pane) = model.kernel.pane_mut()
        && let Some(filter) = pane.earlier_filter()
    {
        pane.set_filter(filter, now);
        model.kernel.inform(Tone::Info, "The filter before");
    }
}
