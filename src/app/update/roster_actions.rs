use crate::app::action::Action;
use crate::app::edit::record::Subject;
use crate::app::kernel::invitation::EXPIRING;
use crate::app::kernel::layers::Overlay;
use crate::app::kernel::{layers, records};
use crate::app::lists::rosters::{change_filter, refresh, show_detail};
use crate::app::message::access_change::AccessChange;
use crate::app::message::effect::Effect;
use crate::app::update::{Model, act};
use crate::app::widget::filter_box::FilterBox;
use crate::app::widget::geometry::Detail;
use crate::app::widget::notice::Tone;
use crate::app::widget::roster::Pane;

/// Why an action on people cannot be done now, if it cannot.
pub(in crate::app) fn disabled_reason(model: &Model, action: Action) -> Option<String> {
    let nothing = || Some("There is nothing under the cursor".to_owned());
    if matches!(action, Action::InviteUser | Action::InviteAgain)
        && layers::is_inviting(&model.kernel)
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
            records::why_over(&model.kernel, invite)
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
    (model.access.is_pending(change) || layers::is_sending(&model.kernel, subject))
        .then(|| "Still waiting for the server".into())
}

/// Does what means the same on every list of people; `None` for anything else.
pub(in crate::app) fn perform(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
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

/// One step back: the nearest thing that Esc can undo on screen.
fn go_back(model: &mut Model, now: i64) {
    let is_full = model.kernel.detail() == Detail::Full;
    if model.shell.leaving {
        model.shell.leaving = false;
        model.kernel.inform(Tone::Info, "Quit cancelled");
    } else if is_full {
        if let Some(pane) = model.kernel.pane_mut() {
            pane.set_detail(Detail::Pane);
        }
    } else if act::put_message_away(model) {
    } else if let Some(pane) = model.kernel.pane_mut()
        && let Some(filter) = pane.earlier_filter()
    {
        pane.set_filter(filter, now);
        model.kernel.inform(Tone::Info, "Previous filter restored");
    }
}
