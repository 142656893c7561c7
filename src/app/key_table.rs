//! The keys of each screen, and what they mean on the others.

use std::sync::LazyLock;

use crate::input::{Chord, Keymap, Resolution, show_sequence};

use super::{ACTIONS, Action, ActionSpec, Group, Places, Screen, prefix_title};

/// The keymap of the worklist.
pub fn default_keymap() -> &'static Keymap<Action> {
    keymap_of(Screen::Worklist)
}

/// The keymap of a screen. A conflict in the table leaves it empty, which its test refuses.
pub fn keymap_of(screen: Screen) -> &'static Keymap<Action> {
    static KEYMAPS: LazyLock<[Keymap<Action>; 3]> = LazyLock::new(|| {
        SCREENS.map(|screen| {
            build_keymap(screen)
                .or_else(|_| Keymap::new([]))
                .unwrap_or_else(|_| unreachable!("an empty keymap has no conflict"))
        })
    });
    let [worklist, users, invitations] = &*KEYMAPS;
    match screen {
        Screen::FirstRun | Screen::Worklist => worklist,
        Screen::Users => users,
        Screen::Invitations => invitations,
    }
}

/// The screens that have keys of their own.
const SCREENS: [Screen; 3] = [Screen::Worklist, Screen::Users, Screen::Invitations];

fn build_keymap(screen: Screen) -> Result<Keymap<Action>, crate::input::KeymapError> {
    Keymap::new(
        ACTIONS
            .iter()
            .filter(|spec| spec.on.has(screen))
            .flat_map(|spec| spec.keys.iter().map(|keys| (*keys, spec.action))),
    )
}

/// What these chords, which mean nothing here, mean or begin on another screen: the words for it, and
/// where that is.
pub(super) fn elsewhere(chords: &[Chord]) -> Option<(String, Places)> {
    SCREENS
        .into_iter()
        .find_map(|screen| match keymap_of(screen).resolve(chords) {
            Resolution::Matched(action) => {
                let spec = action.spec();
                Some((spec.brief().to_owned(), spec.on))
            }
            Resolution::Pending(next) => {
                let (_, action) = next.first()?;
                let typed = show_sequence(chords);
                let words = format!("{typed} ({})", prefix_title(&typed).to_lowercase());
                Some((words, action.spec().on))
            }
            Resolution::Unbound => None,
        })
}

/// The key table, as `avara-tui keys` prints it.
pub fn key_table() -> String {
    let mut out = String::new();
    for group in Group::ALL {
        out.push_str(group.title());
        out.push('\n');
        for spec in ACTIONS.iter().filter(|spec| spec.group == group) {
            out.push_str(&format!(
                "  {:<14}{:<20}{}\n",
                keys_shown(spec),
                spec.name,
                spec.doc
            ));
        }
        out.push('\n');
    }
    out.push_str("Inside a form: Tab and Shift-Tab to move, Ctrl-s to save, Esc to leave, Ctrl-x to remove a metadata pair.\n");
    out.push_str("Inside a filter or a list to choose from: type to narrow, arrows to move, Enter to take, Esc to leave.\nIn a filter Tab completes what is typed, and Up brings earlier filters back.\n");
    out
}

/// The keys of an action, on whichever screen it has them.
fn keys_shown(spec: &ActionSpec) -> String {
    let keymaps = SCREENS.map(keymap_of);
    let keys = keymaps
        .iter()
        .map(|keymap| {
            let keys: Vec<String> = keymap.keys_of(spec.action).map(show_sequence).collect();
            keys.join(", ")
        })
        .find(|keys| !keys.is_empty());
    keys.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_keys_have_no_conflict() {
        for screen in SCREENS {
            assert_eq!(build_keymap(screen).err(), None);
        }
    }
}
