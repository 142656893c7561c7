//! The table of keys in words.

use crate::app::action::keys::KeyTable;
use crate::app::action::{ACTIONS, ActionSpec, Group};

/// Keys that no configuration changes.
#[derive(Debug, Clone, Copy)]
pub struct FixedKeys {
    pub place: &'static str,
    pub keys: &'static str,
}

pub const FIXED: &[FixedKeys] = &[
    FixedKeys {
        place: "Everywhere",
        keys: "Ctrl-c closes an input or a dialog, and otherwise quits the program. Esc cancels an unfinished sequence",
    },
    FixedKeys {
        place: "A list of choices",
        keys: "type to narrow, Up and Down (or Ctrl-p and Ctrl-n) to move, Enter to select, Esc to close; in the help and the palette, Ctrl-y copies the command",
    },
    FixedKeys {
        place: "A filter",
        keys: "Tab completes, Up and Down recall earlier filters, Enter keeps the filter, Esc restores the previous one",
    },
    FixedKeys {
        place: "A form",
        keys: "Tab and Shift-Tab to move, Ctrl-s to save, Esc to leave, Ctrl-x to remove a metadata field",
    },
    FixedKeys {
        place: "A question",
        keys: "y for yes, n or Esc for no, Tab for the other button, Enter to press it, h to include hidden studies",
    },
    FixedKeys {
        place: "An input",
        keys: "the line-editing keys of a shell: Ctrl-a, Ctrl-e, Ctrl-w, Ctrl-u, Ctrl-k, Ctrl-y, Alt-b, Alt-f, Alt-d",
    },
    FixedKeys {
        place: "The lookup",
        keys: "Enter finds, Esc closes; if nothing was found, r tries again and c creates a study",
    },
    FixedKeys {
        place: "The locked screen",
        keys: "Enter unlocks",
    },
    FixedKeys {
        place: "The first screen",
        keys: "s starts the setup, d opens the demo",
    },
];

impl KeyTable {
    /// The table, as `avara-tui keys` prints it.
    pub fn to_text(&self) -> String {
        let shown: Vec<String> = ACTIONS.iter().map(|spec| self.words(spec)).collect();
        let widest = shown.iter().map(|keys| crate::text::width(keys)).max();
        let width = widest.unwrap_or(0).max(12) + 2;
        let mut out = String::new();
        for group in Group::ALL {
            out.push_str(group.title());
            out.push('\n');
            for (spec, keys) in ACTIONS.iter().zip(&shown) {
                if spec.group == group {
                    let gap = " ".repeat(width - crate::text::width(keys));
                    out.push_str(&format!("  {keys}{gap}{:<20}{}\n", spec.name, spec.doc));
                }
            }
            out.push('\n');
        }
        for FixedKeys { place, keys } in FIXED {
            out.push_str(&format!("{place}: {keys}.\n"));
        }
        out
    }

    /// The keys of an action, or that it has none.
    pub fn words(&self, spec: &ActionSpec) -> String {
        match self.all_of(spec).join(", ") {
            keys if keys.is_empty() => "(none)".into(),
            keys => keys,
        }
    }
}
