//! Whatever the keys, the screens name those and no others.

use crate::app::FirstRun;
use std::sync::Arc;

use super::*;
use crate::app::{ACTIONS, Action, KeyTable, ReadOnly, Rebinding};

/// Each action on a sequence of its own that no screen names by default.
fn all_others() -> Arc<KeyTable> {
    let first = ["Alt-q", "Alt-w", "Alt-z", "Alt-v", "Alt-k"];
    let mut letters = first
        .iter()
        .flat_map(|first| ('a'..='x').map(move |second| format!("{first} {second}")));
    let wish = |action| Rebinding {
        action,
        keys: letters.next().into_iter().collect(),
    };
    let wishes: Vec<Rebinding> = ACTIONS.iter().map(|spec| spec.action).map(wish).collect();
    Arc::new(KeyTable::with(&wishes).unwrap())
}

/// How sentences name keys.
const VERBS: &[&str] = &[
    "again",
    "asks",
    "brings",
    "clears",
    "creates",
    "dismisses",
    "does",
    "edits",
    "filters",
    "goes",
    "invites",
    "leaves",
    "lists",
    "marks",
    "quits",
    "reads",
    "redoes",
    "refreshes",
    "restores",
    "retries",
    "revokes",
    "saves",
    "shows",
    "stays",
    "switches",
    "tries",
    "types",
    "undoes",
    "assign",
    "severity",
    "complete",
    "open",
    "filter",
    "quick",
    "help",
    "quit",
    "invite",
    "edit",
    "revoke",
    "worklist",
    "users",
    "invitations",
    "go",
];

/// Usual keys that a screen names besides those in force, with what they are said to do.
fn usual_keys_in(model: &Model, text: &str) -> Vec<String> {
    // A key that was typed is named too, for it means nothing.
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut text = words.join(" ").replace("does nothing", "");
    for spec in ACTIONS
        .iter()
        .filter(|spec| model.kernel.key(spec.action).len() > 6)
    {
        text = text.replace(model.kernel.key(spec.action), "its-key");
    }
    let is_key = |words: &str| ACTIONS.iter().any(|spec| spec.keys.contains(&words));
    let words: Vec<&str> = text
        .split_whitespace()
        .map(|word| word.trim_start_matches(['(', '|', '[']))
        .collect();
    let said = words.windows(3).filter(|said| VERBS.contains(&said[2]));
    // An article is not a key; in a list to choose from Enter is fixed, and Ctrl-c is everywhere.
    let is_fixed = |said: &[&str]| ["Enter", "Ctrl-c"].contains(&said[1]);
    let said = said.filter(|said| said[1..] != ["a", "filter"] && !is_fixed(said));
    let named = said.filter(|said| is_key(said[1]) || is_key(&said[..2].join(" ")));
    named.map(|said| said.join(" ")).collect()
}

struct Scenes {
    keys: Arc<KeyTable>,
    shown: Vec<(&'static str, String, Vec<String>)>,
}

impl Scenes {
    fn desk(&self, mut desk: Desk) -> Desk {
        desk.send(Msg::Resized(Size {
            width: 160,
            height: 40,
        }));
        desk.model.kernel.keys = self.keys.clone();
        desk
    }

    fn note(&mut self, name: &'static str, desk: &Desk) {
        let Size { width, height } = desk.model.kernel.size;
        let text = text_of(&desk.model, width, height);
        let named = usual_keys_in(&desk.model, &text);
        self.shown.push((name, text, named));
    }
}

fn act(desk: &mut Desk, actions: &[Action]) {
    for action in actions {
        let keys = desk.model.kernel.key(*action).to_owned();
        desk.press(&keys);
        desk.serve();
    }
}

fn scenes(keys: Arc<KeyTable>) -> Vec<(&'static str, String, Vec<String>)> {
    use Action as A;
    let mut scenes = Scenes {
        keys,
        shown: Vec::new(),
    };
    let open = |scenes: &Scenes| scenes.desk(Desk::open(morning()));
    for (name, actions) in [
        ("worklist", &[][..]),
        ("help", &[A::ShowHelp]),
        ("palette", &[A::ShowPalette]),
        ("read-only", &[A::ToggleReadOnly]),
        ("refused", &[A::ToggleReadOnly, A::SetHigh]),
        ("question", &[A::MoveDown, A::CancelStudy]),
        ("no view", &[A::View(9)]),
        ("no alarm", &[A::ShowAlarm]),
        ("repeat", &[A::Repeat]),
        ("activity", &[A::ShowActivity]),
        ("users", &[A::GoUsers]),
        ("invitations", &[A::GoInvitations]),
        ("users' help", &[A::GoUsers, A::ShowHelp]),
        ("elsewhere", &[A::GoInvitations, A::EditUser]),
        ("columns", &[A::ChooseColumns]),
        ("save view", &[A::SaveView]),
    ] {
        let mut desk = open(&scenes);
        act(&mut desk, actions);
        scenes.note(name, &desk);
    }
    for (name, prefix) in [("prefix", "Alt-q"), ("unbound", "u"), ("d", "d")] {
        let mut desk = open(&scenes);
        desk.press(prefix);
        scenes.note(name, &desk);
    }
    let mut empty = scenes.desk(Desk::open([]));
    scenes.note("empty", &empty);
    empty.model.kernel.size = Size {
        width: 39,
        height: 9,
    };
    scenes.note("small", &empty);

    let mut desk = open(&scenes);
    desk.send(Msg::Pasted("words".into()));
    scenes.note("paste", &desk);
    act(&mut desk, &[A::EditFilter]);
    desk.type_text("nothing like it");
    desk.press("Enter");
    scenes.note("no match", &desk);

    let mut desk = open(&scenes);
    act(&mut desk, &[A::MoveDown, A::SetNormal]);
    scenes.note("pending", &desk);
    act(&mut desk, &[A::Quit]);
    scenes.note("leaving", &desk);
    act(&mut desk, &[A::GoBack]);
    desk.accept_next(None);
    scenes.note("done", &desk);
    act(&mut desk, &[A::Undo]);
    desk.now += 300;
    desk.press("y");
    desk.serve();
    desk.accept_next(None);
    scenes.note("undone", &desk);

    let mut desk = open(&scenes);
    act(&mut desk, &[A::MoveDown, A::SetNormal]);
    desk.accept_next(Some(Failure::rejected(403, b"", None)));
    scenes.note("failed", &desk);

    let mut desk = open(&scenes);
    desk.send(Msg::Pasted(study_id(1).to_string()));
    desk.serve();
    scenes.note("look", &desk);

    let mut desk = scenes.desk(Desk::closed(morning()));
    for (ticket, _) in std::mem::take(&mut desk.calls) {
        desk.reply(ticket, Err(Failure::rejected(401, b"", None)));
    }
    scenes.note("refused key", &desk);

    let mut desk = open(&scenes);
    desk.model.kernel.session.read_only = ReadOnly::Forced;
    act(&mut desk, &[A::Lock]);
    scenes.note("locked", &desk);
    let first = FirstRun {
        size: desk.model.kernel.size,
        keys: desk.model.kernel.keys.clone(),
        ..FirstRun::default()
    };
    let Size { width, height } = first.size;
    let text = text_of(&first, width, height);
    let named = usual_keys_in(&desk.model, &text);
    scenes.shown.push(("first run", text, named));
    scenes.shown
}

#[test]
fn no_screen_names_a_key_that_is_bound_elsewhere() {
    for (name, text, named) in scenes(all_others()) {
        assert_eq!(named, Vec::<String>::new(), "{name}\n{text}");
    }
}

/// The check above finds the usual keys where they are in force, in nearly every scene.
#[test]
fn the_default_keys_are_found_where_they_are_named() {
    let scenes = scenes(KeyTable::standard().clone());
    let naming = scenes.iter().filter(|(_, _, named)| !named.is_empty());
    let naming: Vec<&str> = naming.map(|(name, ..)| *name).collect();
    assert!(naming.len() + 8 >= scenes.len(), "{naming:?}");
    for name in [
        "worklist", "users", "failed", "done", "empty", "small", "leaving",
    ] {
        assert!(naming.contains(&name), "{name}: {naming:?}");
    }
}

#[test]
fn the_hints_and_the_popup_are_those_of_the_map() {
    let mut desk = desk(120, 40);
    desk.model.kernel.keys = all_others();
    let text = text_of(&desk.model, 120, 40);
    let hints = text.lines().last().unwrap().to_owned();
    let assign = format!("{} assign", desk.model.kernel.key(Action::AssignStudy));
    assert!(hints.contains(&assign), "{hints}");
    desk.press("Alt-q");
    let popup = text_of(&desk.model, 120, 40);
    assert!(popup.contains("After Alt-q"), "{popup}");
    for spec in ACTIONS {
        if let Some(second) = desk.model.kernel.key(spec.action).strip_prefix("Alt-q ")
            && spec.on.has(Screen::Worklist)
        {
            let words = spec.doc.get(..30).unwrap_or(spec.doc);
            assert!(popup.contains(&format!("{second:<6}{words}")), "{popup}");
        }
    }
}
