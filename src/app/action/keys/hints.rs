//! What the hint line offers while nothing lies over a list, made once for the keys in force.

use crate::app::action::Action;
use crate::app::action::keys::{family, title};
use crate::app::action::screen::Screen;
use crate::input::{Chord, Keymap, show_sequence};

/// A key and what it does, in a word or two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    pub action: Action,
    pub keys: String,
    pub label: &'static str,
}

/// The most useful first. A prefix stands for its whole group.
const WORKLIST: &[(Action, &str)] = &[
    (Action::AssignStudy, "assign"),
    (Action::SetStat, "severity"),
    (Action::MarkComplete, "complete"),
    (Action::OpenViewer, "open"),
    (Action::EditFilter, "filter"),
    (Action::FilterSeverity, "quick"),
    (Action::ShowHelp, "help"),
    (Action::Quit, "quit"),
    (Action::CreateStudy, "create"),
    (Action::EditStudy, "edit"),
    (Action::NextView, "view"),
    (Action::SortBy, "sort"),
    (Action::ChooseColumns, "columns"),
    (Action::ShowDetail, "detail"),
    (Action::ToggleMark, "mark"),
    (Action::CopyUid, "copy"),
    (Action::ShowPalette, "commands"),
    (Action::Undo, "undo"),
    (Action::CancelStudy, "cancel"),
    (Action::ToggleDetail, "pane"),
    (Action::Refresh, "refresh"),
    (Action::ToggleReadOnly, "read-only"),
];

const USERS: &[(Action, &str)] = &[
    (Action::InviteUser, "invite"),
    (Action::EditUser, "edit"),
    (Action::RevokeAccess, "revoke"),
    (Action::EditFilter, "filter"),
    (Action::GoWorklist, "go to"),
    (Action::ShowHelp, "help"),
    (Action::Quit, "quit"),
    (Action::ShowDetail, "detail"),
    (Action::Reactivate, "reactivate"),
    (Action::Refresh, "refresh"),
    (Action::ToggleDetail, "pane"),
];

const INVITATIONS: &[(Action, &str)] = &[
    (Action::InviteAgain, "invite again"),
    (Action::EditInvitation, "edit"),
    (Action::RevokeInvitation, "revoke"),
    (Action::EditFilter, "filter"),
    (Action::GoWorklist, "go to"),
    (Action::ShowHelp, "help"),
    (Action::Quit, "quit"),
    (Action::FilterExpiring, "quick"),
    (Action::ShowDetail, "detail"),
    (Action::Refresh, "refresh"),
    (Action::ToggleDetail, "pane"),
];

/// For the study that the lookup shows.
const LOOK: &[(Action, &str)] = &[
    (Action::ShowDetail, "go to it"),
    (Action::AssignStudy, "assign"),
    (Action::SetStat, "severity"),
    (Action::MarkComplete, "mark"),
    (Action::OpenViewer, "open"),
    (Action::CopyUid, "copy"),
    (Action::Refresh, "refresh"),
];

/// The hints of the lookup, by the keys of the worklist.
pub(in crate::app) fn of_look(keymap: &Keymap<Action>) -> Vec<Hint> {
    bound(keymap, LOOK)
}

/// The hints of a screen. What has no key is left out.
pub(in crate::app) fn of(keymap: &Keymap<Action>, screen: Screen) -> Vec<Hint> {
    let offered = match screen {
        Screen::Worklist => WORKLIST,
        Screen::Users => USERS,
        Screen::Invitations => INVITATIONS,
    };
    bound(keymap, offered)
}

fn bound(keymap: &Keymap<Action>, offered: &[(Action, &'static str)]) -> Vec<Hint> {
    let hints = offered.iter().filter_map(|(action, label)| {
        let keys = keymap.keys_of(*action).next()?;
        Some(hint(keymap, *action, keys, label))
    });
    hints.collect()
}

/// A prefix stands for the group only where nothing else is behind it.
fn hint(keymap: &Keymap<Action>, action: Action, keys: &[Chord], label: &'static str) -> Hint {
    let group = family(action);
    match keys {
        [first, _, ..] if group == Some(title(keymap, &[*first])) => Hint {
            action,
            keys: first.to_string(),
            label,
        },
        keys => Hint {
            action,
            keys: show_sequence(keys),
            label: match group {
                Some(_) => action.spec().short,
                None => label,
            },
        },
    }
}
