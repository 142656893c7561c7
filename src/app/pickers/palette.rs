//! Every action by name, with its keys and the command that does the same from a shell.

use crate::app::action::screen::Screen;
use crate::app::action::{ACTIONS, Action, ActionSpec};
use crate::app::kernel::Kernel;
use crate::app::kernel::layers::Overlay;
use crate::app::lists::Lists;
use crate::app::widget::picker::{Choice, Item, Picker, PickerPurpose};
use crate::input::show_sequence;
use crate::text::SafeText;

/// Why an action cannot be done now, if it cannot.
pub(in crate::app) type ReasonOf<'a> = &'a dyn Fn(Action) -> Option<String>;

pub(in crate::app) fn open(lists: &Lists, kernel: &mut Kernel, reason_of: ReasonOf) {
    let items = ACTIONS
        .iter()
        .filter(|spec| spec.action != Action::ShowPalette)
        .map(|spec| item(lists, kernel, spec, reason_of))
        .collect();
    let title = "All actions: type to search, Enter runs one";
    kernel.layers.overlay = Some(Overlay::Picker(Picker::new(
        title,
        PickerPurpose::Help,
        items,
    )));
}

/// An action to choose, with its name and what it is as a command, or why it cannot be done.
pub(in crate::app) fn item(
    lists: &Lists,
    kernel: &Kernel,
    spec: &ActionSpec,
    reason_of: ReasonOf,
) -> Item {
    let keys = kernel.keymap().keys_of(spec.action).map(show_sequence);
    let keys: Vec<String> = keys.collect();
    let also = format!("{} {} {}", spec.name, spec.short, spec.group.title());
    let choice = Choice::Action(spec.action);
    let mut item = Item::new(&doc(lists, spec), &keys.join(", "), &also, choice);
    item.disabled = reason_of(spec.action);
    if item.disabled.is_none() {
        item.command =
            command(lists, kernel, spec.action).map(|command| format!("avara-tui {command}"));
    }
    let second = item.disabled.as_ref().or(item.command.as_ref());
    item.more = vec![SafeText::clean(spec.name)];
    item.more.extend(second.map(|text| SafeText::clean(text)));
    item
}

/// What an action does, a view's with its name.
pub(in crate::app) fn doc(lists: &Lists, spec: &ActionSpec) -> String {
    match spec.action {
        Action::View(number) => match lists.views.get(number.into()) {
            Some(view) => format!("{}: {}", spec.doc, view.name),
            None => spec.doc.to_owned(),
        },
        _ => spec.doc.to_owned(),
    }
}

/// The command that does to the user or the invitation under the cursor what the action does.
fn command_on_people(kernel: &Kernel, action: Action) -> Option<String> {
    let (verb, id) = match kernel.screen {
        Screen::Worklist => return None,
        Screen::Users => {
            let id = kernel
                .data
                .users
                .selected()
                .map(|person| person.id.to_string());
            ("users", id.unwrap_or_else(|| "USER".into()))
        }
        Screen::Invitations => {
            let id = kernel.data.invitations.selected();
            let id = id.map(|invite| invite.id.to_string());
            ("invitations", id.unwrap_or_else(|| "INVITATION".into()))
        }
    };
    Some(match action {
        Action::RevokeAccess | Action::RevokeInvitation => format!("{verb} revoke {id}"),
        Action::Reactivate => format!("{verb} reactivate {id}"),
        Action::EditUser => format!("{verb} edit {id} --role ROLE"),
        Action::EditInvitation => format!("{verb} edit {id} --role ROLE"),
        Action::ShowActivity => "journal show".into(),
        Action::ShowDetail => format!("{verb} get {id}"),
        Action::ClearFilter => format!("{verb} list"),
        Action::ToggleReadOnly => "--read-only".into(),
        Action::ShowHelp => "keys".into(),
        Action::GoClinic => "--profile NAME".into(),
        Action::InviteUser | Action::InviteAgain => {
            "users invite --email ADDRESS --first-name NAME --last-name NAME --role ROLE --level member".into()
        }
        _ => return None,
    })
}

/// The command that does to the study under the cursor what the action does.
fn command(lists: &Lists, kernel: &Kernel, action: Action) -> Option<String> {
    if !kernel.shows_studies() {
        return command_on_people(kernel, action);
    }
    let study = match kernel.data.studies.selected() {
        Some(id) => id.to_string(),
        None => "STUDY".into(),
    };
    let list = |filter: &str| format!("studies list --filter '{filter}'");
    Some(match action {
        Action::AssignStudy => format!("studies assign {study} --to WHO"),
        Action::AssignToMe => format!("studies assign {study} --to me"),
        Action::UnassignStudy => format!("studies unassign {study}"),
        Action::SetStat => format!("studies severity stat {study}"),
        Action::SetHigh => format!("studies severity high {study}"),
        Action::SetNormal => format!("studies severity normal {study}"),
        Action::MarkComplete => format!("studies complete {study}"),
        Action::MarkIncomplete => format!("studies reopen {study}"),
        Action::CancelStudy => format!("studies cancel {study}"),
        Action::UncancelStudy => format!("studies uncancel {study}"),
        Action::CreateStudy => {
            "studies create --uid UID --description TEXT --severity normal".into()
        }
        Action::EditStudy => format!("studies edit {study} --description TEXT"),
        Action::ShowActivity => "journal show".into(),
        Action::OpenViewer => format!("studies open {study}"),
        Action::ShowDetail => format!("studies get {study}"),
        Action::EditFilter => list("EXPR"),
        Action::FilterSeverity => list("sev:stat,high"),
        Action::FilterStatus => list("is:complete"),
        Action::FilterAssignee => list("to:none"),
        Action::FilterCancelled => list("is:cancelled"),
        Action::FilterCustomer => list("cust:NAME"),
        Action::ClearFilter | Action::View(0) => "studies list".into(),
        Action::ToggleReadOnly => "--read-only".into(),
        Action::ShowHelp => "keys".into(),
        Action::GoClinic => "--profile NAME".into(),
        Action::View(number) => {
            let view = lists.views.get(number.into())?;
            // A filter with a quote of the shell's would need more than quotes around it.
            Some(view.filter.text())
                .filter(|text| !text.contains('\''))
                .map(list)?
        }
        _ => return None,
    })
}
