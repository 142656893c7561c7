//! Moving in the list on screen, whichever it is, and its detail.

use crate::app::action::Action;
use crate::app::action::screen::Screen;
use crate::app::kernel::Kernel;
use crate::app::message::effect::{Call, Effect};
use crate::app::message::purpose::CallPurpose;
use crate::app::widget::geometry::Detail;
use crate::app::widget::notice::Tone;
use crate::wire::{GetInvitation, GetUser, StudyId};

pub(in crate::app) fn move_cursor(kernel: &mut Kernel, action: Action) {
    let page = kernel.geometry().map_or(1, |geometry| geometry.page()) as isize;
    let list = kernel.list_mut();
    match action {
        Action::MoveDown => list.move_by(1),
        Action::MoveUp => list.move_by(-1),
        Action::MoveTop => list.point_at(0),
        Action::MoveBottom => list.point_at(usize::MAX),
        Action::HalfPageDown => list.move_by((page / 2).max(1)),
        Action::HalfPageUp => list.move_by(-(page / 2).max(1)),
        Action::PageDown => list.move_by(page.max(1)),
        Action::PageUp => list.move_by(-page.max(1)),
        _ => {}
    }
    kernel.follow_cursor();
}

/// Shows the detail on the whole screen, or goes back. A user or an invitation is read again, because
/// somebody looks at it.
pub(in crate::app) fn show_detail(kernel: &mut Kernel) -> Vec<Effect> {
    let is_full = kernel.detail() == Detail::Full;
    let detail = if is_full { Detail::Pane } else { Detail::Full };
    kernel.list_mut().set_detail(detail);
    kernel.follow_cursor();
    if is_full {
        Vec::new()
    } else {
        read_selected(kernel)
    }
}

/// Studies are read all the time; the lists of people are not.
fn read_selected(kernel: &mut Kernel) -> Vec<Effect> {
    let (purpose, call) = match kernel.screen {
        Screen::Worklist => return Vec::new(),
        Screen::Users => {
            let Some(user_id) = kernel.data.users.selected().map(|person| person.id) else {
                return Vec::new();
            };
            (
                CallPurpose::User(user_id),
                Call::GetUser(GetUser { user_id }),
            )
        }
        Screen::Invitations => {
            let selected = kernel.data.invitations.selected();
            let Some(invitation_id) = selected.map(|invite| invite.id) else {
                return Vec::new();
            };
            let call = Call::GetInvitation(GetInvitation { invitation_id });
            (CallPurpose::Invitation(invitation_id), call)
        }
    };
    vec![kernel.requests.start(purpose, call)]
}

pub(in crate::app) fn toggle_detail(kernel: &mut Kernel) {
    let detail = match kernel.detail() {
        Detail::Hidden => Detail::Pane,
        Detail::Pane | Detail::Full => Detail::Hidden,
    };
    kernel.list_mut().set_detail(detail);
    kernel.follow_cursor();
}

/// Puts the cursor on a study, or says that the list does not show it.
pub(in crate::app) fn go_to(kernel: &mut Kernel, id: StudyId) {
    if kernel.data.studies.select_id(id) {
        kernel.follow_cursor();
    } else {
        kernel.inform(Tone::Info, "That study is not in the list with this filter");
    }
}

/// Says so if the record gone to is not on the list.
pub(in crate::app) fn arrive(kernel: &mut Kernel, found: bool) {
    kernel.follow_cursor();
    if !found {
        kernel.inform(Tone::Info, "Not in the list with this filter");
    }
}
