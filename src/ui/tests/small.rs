//! Questions and lists on small screens: what decides is there, or nothing can be answered.

use super::*;
use crate::app::ScreenRoom;

fn at(width: u16, height: u16, keys: &str) -> Desk {
    let mut desk = Desk::open(morning());
    desk.send(Msg::Resized(Size { width, height }));
    desk.press(keys);
    desk.serve();
    desk.now += 300;
    desk.send(Msg::Ticked);
    desk
}

fn text(desk: &Desk) -> String {
    let Size { width, height } = desk.model.kernel.size;
    text_of(&desk.model, width, height)
}

/// What each question must show before it can be answered.
const QUESTIONS: [(&str, &[&str]); 6] = [
    ("* x", &["2 of them STAT", "Type 11", "[ Change all ]"]),
    (
        "x",
        &[
            "CT Head WO contrast (STROKE)",
            "UID 2.25.1",
            "Type cancel",
            "[ Cancel study ]",
        ],
    ),
    ("* s s", &["9 studies", "[ Change all ]"]),
    ("s n u", &["Undo: 1 study", "[ Undo ]"]),
    ("g p x", &["Reassign them"]),
    ("* o", &["Type 11", "[ Open all ]"]),
];

#[test]
fn a_question_shows_what_decides_at_every_size_or_says_what_size_it_needs() {
    let mut answered = 0;
    for (keys, decisive) in QUESTIONS {
        for (width, height) in [(80, 24), (80, 12), (80, 10), (60, 15), (40, 10), (120, 40)] {
            let mut desk = Desk::open(morning());
            desk.send(Msg::Resized(Size { width, height }));
            for key in keys.split(' ') {
                desk.press(key);
                if desk.has_write() {
                    desk.accept_next(None);
                }
            }
            desk.serve();
            desk.now += 300;
            desk.send(Msg::Ticked);
            let text = text(&desk);
            if let ScreenRoom::Short(needed) = desk.model.kernel.room() {
                let said = format!("(needs {}x{})", needed.width, needed.height);
                assert!(text.contains(&said), "{keys} {width}x{height}\n{text}");
                continue;
            }
            answered += 1;
            for words in decisive {
                // A long line may be broken in two.
                let flat: Vec<&str> = text
                    .split(['|', '\n', ' '])
                    .filter(|it| !it.is_empty())
                    .collect();
                let flat = flat.join(" ");
                let wanted: Vec<&str> = words.split(' ').collect();
                assert!(
                    flat.contains(&wanted.join(" ")),
                    "{words}: {keys} {width}x{height}\n{text}"
                );
            }
        }
    }
    assert!(answered > 20, "{answered} of 36 were shown");
}

#[test]
fn the_word_to_type_stands_on_a_line_of_its_own() {
    for (width, height) in [(80, 24), (80, 12), (80, 11), (60, 15)] {
        let mut desk = at(width, height, "x");
        if desk.model.kernel.room() != ScreenRoom::Enough {
            continue;
        }
        desk.type_text("canc");
        let text = text(&desk);
        let line = text
            .lines()
            .find(|line| line.contains("Type cancel"))
            .unwrap();
        assert!(line.contains("Type cancel to confirm: canc"), "{line}");
        assert!(!line.contains("UID"), "{width}x{height}: {line}");
    }
}

/// Two people, two customers, two studies whose names begin alike.
#[test]
fn what_tells_two_apart_is_never_cut() {
    let mut desk = Desk::closed([
        study(1).customer(1, "Lakeside Regional Hospital and Clinics, North Campus"),
        study(2).customer(2, "Lakeside Regional Hospital and Clinics, South Campus"),
    ]);
    for (number, first) in [(4, "Dana Maria Luisa"), (5, "Daniel")] {
        desk.users.push(crate::app::tests::desk::user(
            number,
            first,
            "Kim-Oyelaran-Thistlethwaite",
            crate::wire::ClinicRole::Radiologist,
        ));
    }
    desk.serve();
    desk.send(Msg::Resized(Size {
        width: 40,
        height: 10,
    }));
    for (keys, ends) in [
        ("a k i m - o", ["Luisa", "Daniel"]),
        ("f a k i m - o", ["Luisa", "Daniel"]),
        ("f u l a k e", ["orth Campus", "outh Campus"]),
    ] {
        desk.press(keys);
        let text = text(&desk);
        for end in ends {
            assert!(text.contains(end), "{keys}: {end}\n{text}");
        }
        desk.press("Esc");
    }
}

#[test]
fn failures_and_conflicts_are_counted_and_listed() {
    let mut desk = at(80, 24, "j");
    desk.server(study_id(4)).assigned_to = Some(crate::worklist::testing::user(1, "Kim, Ana"));
    desk.press("A u");
    insta::assert_snapshot!("conflict_80x24", shot(&desk.model, 80, 24));
    desk.press("j s h");
    desk.accept_next(Some(Failure::rejected(403, b"", None)));
    let said = text(&desk);
    assert!(said.contains("1 to decide  1 failed"), "{said}");
    assert!(
        said.contains("Not done: severity high"),
        "what went wrong last is said\n{said}"
    );
    desk.press("Esc");
    let said = text(&desk);
    assert!(
        said.contains("1 to decide  1 failed"),
        "Esc puts the line away alone\n{said}"
    );
    desk.press("E");
    insta::assert_snapshot!("unresolved_80x24", shot(&desk.model, 80, 24));
    desk.press("Enter");
    insta::assert_snapshot!("decide_80x24", shot(&desk.model, 80, 24));
}

#[test]
fn a_refusal_lies_over_the_list_until_esc() {
    let mut desk = at(80, 24, "! a k i m Enter");
    insta::assert_snapshot!("refused_80x24", shot(&desk.model, 80, 24));
    desk.send(Msg::Resized(Size {
        width: 40,
        height: 10,
    }));
    insta::assert_snapshot!("refused_40x10", shot(&desk.model, 40, 10));
    desk.send(Msg::Resized(Size {
        width: 39,
        height: 9,
    }));
    assert!(text(&desk).contains("Terminal too small (needs 40x10)"));
}

#[test]
fn the_hidden_screen_says_what_it_is_and_what_goes_on() {
    let mut desk = at(80, 24, "Ctrl-l");
    desk.serve();
    let said = text(&desk);
    for words in [
        "Screen hidden",
        "2 STAT open, 1 unassigned",
        "Enter unlocks (key from AVARA_API_KEY)",
    ] {
        assert!(said.contains(words), "{words}\n{said}");
    }
    assert!(!said.contains("CT"), "nothing of a study\n{said}");
    let mut desk = Desk::open(morning());
    desk.model.kernel.session.watch = crate::app::Watch::Off;
    desk.press("Ctrl-l");
    assert!(text_of(&desk.model, 80, 24).contains("Refresh is paused"));
}
