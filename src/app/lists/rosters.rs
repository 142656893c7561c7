//! Going from screen to screen, and what every list of people can do.

use crate::app::action::screen::Screen;
use crate::app::edit::record::Subject;
use crate::app::kernel::Kernel;
use crate::app::kernel::follow_up::Saved;
use crate::app::lists::Lists;
use crate::app::message::effect::{Call, Effect};
use crate::app::message::purpose::Purpose;
use crate::app::reading::fetch;
use crate::app::widget::geometry::Detail;
use crate::app::widget::notice::Tone;
use crate::app::widget::study_list::Cause;
use crate::wire::{GetInvitation, GetUser};
use crate::worklist::{Facets, workload};

/// Shows another screen; each keeps its cursor and filter.
pub(in crate::app) fn go(lists: &mut Lists, kernel: &mut Kernel, screen: Screen) -> Vec<Effect> {
    kernel.screen = screen;
    let effects = match screen {
        Screen::FirstRun | Screen::Worklist => Vec::new(),
        Screen::Users => {
            lists.loads = workload(&kernel.data.studies.store, kernel.server_now());
            fetch::read_people(kernel)
        }
        Screen::Invitations => fetch::read_invitations(kernel),
    };
    settle(kernel);
    kernel.follow_cursor();
    effects
}

/// Shows the record that a form has saved, and reports the result.
pub(in crate::app) fn show_saved(lists: &mut Lists, kernel: &mut Kernel, saved: &Saved) {
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
    // The form closed without a key: what is typed now was meant for it.
    match kernel.pane_mut() {
        Some(pane) => pane.surprise(),
        None => kernel.data.studies.surprise(),
    }
    if shows {
        kernel.inform(*tone, text);
    } else {
        kernel.inform(*tone, &format!("{text} (hidden by the filter)"));
    }
}

/// Rebuilds the rows of the list on screen.
pub(in crate::app) fn settle(kernel: &mut Kernel) {
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
        let text = format!("The selected {what} is no longer in this list");
        kernel.inform(Tone::Bad, &text);
    }
    kernel.follow_cursor();
    kernel.needs_draw = true;
}

pub(in crate::app) fn is_stale(kernel: &Kernel) -> bool {
    match kernel.screen {
        Screen::FirstRun | Screen::Worklist => false,
        Screen::Users => kernel.data.users.is_stale(),
        Screen::Invitations => kernel.data.invitations.is_stale(),
    }
}

/// The detail on the whole screen, of the record as it is now.
pub(in crate::app) fn show_detail(kernel: &mut Kernel) -> Vec<Effect> {
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
pub(in crate::app) fn change_filter(kernel: &mut Kernel, text: &str) {
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

pub(in crate::app) fn apply_filter(kernel: &mut Kernel, filter: Facets) {
    let now = kernel.server_now();
    if let Some(pane) = kernel.pane_mut() {
        pane.set_filter(filter, now);
    }
    kernel.follow_cursor();
}

/// Keeps the typed filter. If no known user has a whole e-mail address in it, the server is asked.
pub(in crate::app) fn keep_filter(kernel: &mut Kernel, earlier: Facets) -> Vec<Effect> {
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

pub(in crate::app) fn refresh(kernel: &mut Kernel) -> Vec<Effect> {
    let effects = match kernel.screen {
        Screen::FirstRun | Screen::Worklist => Vec::new(),
        Screen::Users => fetch::walk_people(kernel),
        Screen::Invitations => fetch::read_invitations(kernel),
    };
    settle(kernel);
    kernel.inform_refreshing();
    effects
}
