//! Going from screen to screen, and the rows and filters of the lists of people.

use crate::app::action::screen::Screen;
use crate::app::edit::record::Subject;
use crate::app::kernel::Kernel;
use crate::app::kernel::follow_up::Saved;
use crate::app::lists::Lists;
use crate::app::message::effect::Effect;
use crate::app::reading::fetch;
use crate::app::widget::geometry::Detail;
use crate::app::widget::notice::Tone;
use crate::app::widget::study_list::Cause;
use crate::worklist::{Facets, workload};

/// Shows another screen; each keeps its cursor and filter.
pub(in crate::app) fn go(lists: &mut Lists, kernel: &mut Kernel, screen: Screen) -> Vec<Effect> {
    kernel.screen = screen;
    let effects = match screen {
        Screen::Worklist => Vec::new(),
        Screen::Users => {
            lists.loads = workload(&kernel.data.studies.store, kernel.server_now());
            fetch::read_people(kernel)
        }
        Screen::Invitations => fetch::read_invitations(kernel),
    };
    rebuild(kernel);
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
            lists.rebuild(kernel, Cause::Data);
            kernel.data.studies.select_id(id)
        }
        Subject::User(id) => {
            rebuild(kernel);
            kernel.data.users.select_id(id)
        }
        Subject::Invitation(id) => {
            rebuild(kernel);
            kernel.data.invitations.select_id(id)
        }
    };
    kernel.follow_cursor();
    // The form closed without a key: what is typed now was meant for it.
    kernel.list_mut().surprise();
    if shows {
        kernel.inform(*tone, text);
    } else {
        kernel.inform(*tone, &format!("{text} (hidden by the filter)"));
    }
}

/// Rebuilds the rows of the list on screen.
pub(in crate::app) fn rebuild(kernel: &mut Kernel) {
    let now = kernel.server_now();
    let lost = match kernel.screen {
        Screen::Worklist => return,
        Screen::Users => {
            kernel.data.users.rebuild_rows(now);
            kernel.data.users.report_lost().then_some("user")
        }
        Screen::Invitations => {
            kernel.data.invitations.rebuild_rows(now);
            kernel
                .data
                .invitations
                .report_lost()
                .then_some("invitation")
        }
    };
    if let Some(what) = lost {
        if kernel.detail() == Detail::Full {
            kernel.list_mut().set_detail(Detail::Pane);
        }
        let text = format!("The selected {what} is no longer in this list");
        kernel.inform(Tone::Bad, &text);
    }
    kernel.follow_cursor();
    kernel.needs_draw = true;
}

pub(in crate::app) fn is_stale(kernel: &Kernel) -> bool {
    match kernel.screen {
        Screen::Worklist => false,
        Screen::Users => kernel.data.users.is_stale(),
        Screen::Invitations => kernel.data.invitations.is_stale(),
    }
}

/// Puts a filter in force and keeps the one before for Esc.
pub(in crate::app) fn change_filter(kernel: &mut Kernel, text: &str) {
    let now = kernel.server_now();
    let Some(people) = kernel.people_mut() else {
        return;
    };
    let earlier = people.filter().clone();
    // A text of this program's own always reads; should it not, the filter stays.
    if let Ok(filter) = earlier.read(text) {
        people.set_filter(filter, now);
        people.remember(earlier);
    }
}

pub(in crate::app) fn apply_filter(kernel: &mut Kernel, filter: Facets) {
    let now = kernel.server_now();
    if let Some(people) = kernel.people_mut() {
        people.set_filter(filter, now);
    }
    kernel.follow_cursor();
}

/// Keeps the typed filter. If no known user has a whole e-mail address in it, the server is asked.
pub(in crate::app) fn keep_filter(kernel: &mut Kernel, earlier: Facets) -> Vec<Effect> {
    let Some(people) = kernel.people_mut() else {
        return Vec::new();
    };
    people.remember(earlier);
    let email = people.filter().only("email").map(str::to_owned);
    match email {
        Some(email) if kernel.screen == Screen::Users => fetch::ask_for(kernel, email),
        Some(_) | None => Vec::new(),
    }
}
