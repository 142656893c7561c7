//! Why an action cannot be done now.

use crate::app::action::{Action, Needs};
use crate::app::edit::record::Subject;
use crate::app::kernel::session::{Environment, ReadOnly};
use crate::app::kernel::{Kernel, layers, records};
use crate::app::lists::views;
use crate::app::shell::clinics;
use crate::app::update::Model;

/// Returns why an action cannot be done now, if it cannot.
pub fn disabled_reason(model: &Model, action: Action) -> Option<String> {
    let kernel = &model.kernel;
    let spec = action.spec();
    if !spec.on.has(kernel.screen) {
        return Some(format!("{} is {}", spec.brief(), kernel.elsewhere(spec.on)));
    }
    let missing = match spec.needs {
        Needs::Nothing => None,
        Needs::Study => why_no_study(kernel, action),
        Needs::User => why_no_user(kernel),
        Needs::Invitation => why_no_invitation(kernel, action),
        Needs::Record => why_no_record(kernel),
    };
    let is_refused = || kernel.read_only_reason().filter(|_| spec.writes);
    missing
        .or_else(is_refused)
        .or_else(|| of_its_own(model, action))
}

fn why_no_study(kernel: &Kernel, action: Action) -> Option<String> {
    let Some(id) = kernel.study_in_focus() else {
        return Some("There is no study under the cursor".into());
    };
    // Read-only is the plainer reason.
    let is_waiting = action.is_write()
        && kernel.read_only_reason().is_none()
        && layers::is_sending(kernel, Subject::Study(id));
    is_waiting.then(|| "Still waiting for the server: the edited study".into())
}

fn why_no_user(kernel: &Kernel) -> Option<String> {
    let Some(person) = kernel.data.users.selected() else {
        return nothing();
    };
    why_busy(kernel, Subject::User(person.id))
}

fn why_no_invitation(kernel: &Kernel, action: Action) -> Option<String> {
    let Some(invite) = kernel.data.invitations.selected() else {
        return nothing();
    };
    let over = match action {
        Action::EditInvitation => records::why_over(kernel, invite),
        Action::RevokeInvitation => invite.over(kernel),
        // Anybody can be invited again.
        _ => return None,
    };
    over.or_else(|| why_busy(kernel, Subject::Invitation(invite.id)))
}

fn why_no_record(kernel: &Kernel) -> Option<String> {
    if kernel.shows_studies() {
        let is_missing = kernel.study_in_focus().is_none();
        return is_missing.then(|| "There is no study under the cursor".into());
    }
    if kernel.list().is_empty() {
        nothing()
    } else {
        None
    }
}

fn nothing() -> Option<String> {
    Some("There is nothing under the cursor".to_owned())
}

fn why_busy(kernel: &Kernel, subject: Subject) -> Option<String> {
    let is_busy = kernel.is_pending(subject) || layers::is_sending(kernel, subject);
    is_busy.then(|| "Still waiting for the server".into())
}

/// What an action needs besides a record.
fn of_its_own(model: &Model, action: Action) -> Option<String> {
    let kernel = &model.kernel;
    match action {
        Action::InviteUser | Action::InviteAgain if layers::is_inviting(kernel) => {
            Some("Still waiting for the server: an invitation".into())
        }
        Action::AssignToMe if kernel.session.me.is_none() => {
            Some(match &kernel.session.me_wanted {
                None => "You are not identified: start with --me EMAIL".into(),
                Some(wanted) => format!("{wanted} is not one of the users"),
            })
        }
        Action::ShowAlarm | Action::AcknowledgeAlarms if model.lists.news.alarms().is_empty() => {
            Some("There is no alert about a new STAT study".into())
        }
        Action::ToggleOutage if kernel.session.place != Environment::Demo => {
            Some("Only the demo's server can be made to fail".into())
        }
        Action::GoClinic => {
            let is_busy = model.under_way() > 0;
            clinics::disabled_reason(&model.shell, kernel, is_busy)
        }
        Action::ToggleReadOnly if kernel.session.read_only == ReadOnly::Forced => {
            kernel.read_only_reason()
        }
        Action::View(number) => views::disabled_reason(&model.lists, kernel, number.into()),
        _ => None,
    }
}
