//! The way from the first start to a key that is kept.

use super::*;
use crate::app::FirstRun;
use crate::app::message::setup::TrialFound;
use crate::input::parse_sequence;

/// The screens of the setup, one after the other.
fn set_up() -> Vec<(&'static str, FirstRun)> {
    let mut model = crate::app::shell::first_run::tests::model();
    let mut shots = Vec::new();
    let mut go = |name, keys: &str, msg: Option<Msg>| {
        for chord in parse_sequence(keys).unwrap() {
            model.update(Msg::Key(chord));
        }
        if let Some(msg) = msg {
            model.update(msg);
        }
        shots.push((name, model.clone()));
    };
    let refused = Failure::rejected(401, b"", None);
    let people = ["Kim, Dana", "Ortiz, Lee", "Vale, Sam"];
    let people = (1..)
        .zip(people)
        .map(|(n, name)| crate::app::shell::first_run::tests::person(n, name));
    let found = TrialFound {
        people: Some(people.collect()),
    };
    go("server", "s Tab", Some(Msg::Pasted("2f6c-key".into())));
    go("trying", "Enter", None);
    go(
        "refused",
        "Tab",
        Some(Msg::TriedOut(1, Err(refused.into()))),
    );
    go("me", "Enter", Some(Msg::TriedOut(2, Ok(found))));
    go("keep", "Down Enter", None);
    go(
        "program",
        "Tab Right Tab p a s s Space s h o w Ctrl-s",
        Some(Msg::Kept(Err(
            "the program prints a different key from the one that was tested".into(),
        ))),
    );
    shots
}

#[test]
fn setting_up() {
    for (name, model) in set_up() {
        let shot = shot(&model, 80, 24);
        assert!(!shot.contains("2f6c"), "{shot}");
        insta::assert_snapshot!(format!("set_up_{name}_80x24"), shot);
    }
}

#[test]
fn no_size_breaks_the_setup() {
    let welcome = ("welcome", FirstRun::default());
    for (_, mut model) in set_up().into_iter().chain([welcome]) {
        for width in 0..61 {
            for height in 0..21 {
                model.size = Size { width, height };
                text_of(&model, width, height);
            }
        }
    }
}
