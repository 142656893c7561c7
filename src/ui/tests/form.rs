//! The forms and their questions. Each opens with the focus where it does no harm.

use super::shot::{shot, text_of};
use super::*;
use crate::app::Overlay;

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

fn take(name: &str, set_up: impl Fn(&mut Desk), focus: &str) {
    for (width, height) in SIZES {
        let mut desk = desk(width, height);
        set_up(&mut desk);
        let text = text_of(&desk.model, width, height);
        let row = text
            .lines()
            .find(|line| line.contains(focus))
            .unwrap_or_else(|| panic!("no {focus}\n{text}"));
        assert!(row.contains(&format!("> {focus}")), "{row}");
        insta::assert_snapshot!(
            format!("{name}_{width}x{height}"),
            shot(&desk.model, width, height)
        );
    }
}

fn edit(desk: &mut Desk) {
    desk.press("j");
    desk.press("g g e");
    desk.serve();
}

/// Lets a question begin to listen, and answers it.
fn answer(desk: &mut Desk, keys: &str) {
    desk.now += 300;
    desk.press(keys);
}

#[test]
fn the_form_to_create_a_study() {
    take("form_create", |desk| desk.press("c"), "Study UID");
    let mut desk = desk(40, 10);
    desk.press("c Tab Tab");
    insta::assert_snapshot!("form_create_40x10", shot(&desk.model, 40, 10));
}

#[test]
fn the_form_to_edit_a_study() {
    take("form_edit", edit, "Description");
}

#[test]
fn a_form_that_waits_for_its_study() {
    let mut desk = desk(80, 24);
    desk.press("e");
    insta::assert_snapshot!("form_reading_80x24", shot(&desk.model, 80, 24));
}

#[test]
fn what_is_wrong_stands_beside_its_field() {
    let set_up = |desk: &mut Desk| {
        desk.press("c");
        desk.type_text("1.2.840.01");
        desk.press("Ctrl-s");
    };
    take("form_errors", set_up, "Study UID");
}

#[test]
fn choosing_an_assignee_in_a_form() {
    let set_up = |desk: &mut Desk| {
        edit(desk);
        desk.press("Tab Tab o s e");
    };
    take("form_pick", set_up, "Assignee");
}

#[test]
fn a_pair_of_metadata_with_its_counter() {
    let set_up = |desk: &mut Desk| {
        edit(desk);
        desk.press("Tab Tab Tab Tab");
        desk.type_text("x");
        desk.press("Down");
        desk.type_text("yz");
    };
    take("form_grid", set_up, "modalityyz");
}

#[test]
fn fifty_pairs_scroll_and_a_value_too_long_is_reported_beside_it() {
    let mut builder = study(1).stat();
    for n in 0..50 {
        builder = builder.meta(&format!("key{n:02}"), "value");
    }
    let mut desk = Desk::open([builder]);
    desk.press("e");
    desk.serve();
    desk.press("Tab Tab Tab Tab Tab");
    for _ in 0..30 {
        desk.press("Down");
    }
    desk.send(Msg::Pasted("0123456789".repeat(100)));
    insta::assert_snapshot!("form_fifty_80x24", shot(&desk.model, 80, 24));
}

#[test]
fn lines_without_room_are_counted_before_anything_is_sent() {
    let mut builder = study(1);
    for n in 0..50 {
        builder = builder.meta(&format!("key{n:02}"), "value");
    }
    let mut desk = Desk::open([builder]);
    desk.press("e");
    desk.serve();
    desk.press("Tab Tab Tab Tab");
    for _ in 0..30 {
        desk.press("Ctrl-x");
    }
    desk.press("Ctrl-s");
    let text = text_of(&desk.model, 80, 24);
    assert!(text.contains("... and 15 more lines"), "{text}");
    assert!(text.contains("> [Keep editing]"), "{text}");
}

#[test]
fn the_question_whether_to_leave() {
    let set_up = |desk: &mut Desk| {
        edit(desk);
        desk.press("x Esc");
    };
    take("form_leave", set_up, "[Keep editing]");
}

#[test]
fn the_difference_before_it_is_sent() {
    let set_up = |desk: &mut Desk| {
        edit(desk);
        desk.press("x Tab n Tab o s e Enter Tab Tab");
        desk.type_text("9");
        desk.press("Ctrl-s");
    };
    take("form_review", set_up, "[Keep editing]");
}

#[test]
fn a_conflict_with_someone_else() {
    let set_up = |desk: &mut Desk| {
        edit(desk);
        desk.press("x Tab n Ctrl-s");
        desk.clinic[0].severity = "high".into();
        desk.clinic[0].study_description = "CT Head".into();
        answer(desk, "y");
        desk.serve();
    };
    take("form_conflict", set_up, "[Back to the form]");
}

#[test]
fn a_study_that_exists_already() {
    let set_up = |desk: &mut Desk| {
        desk.press("c");
        desk.type_text("2.25.2");
        desk.press("Tab x Ctrl-s");
        desk.serve();
    };
    take("form_exists", set_up, "[Back to the form]");
}

/// Whether the screen says that there is too little room, and what size it needs.
pub(super) fn is_refused_room(model: &crate::app::Model) -> bool {
    model.kernel.room() != crate::app::ScreenRoom::Enough
}

#[test]
fn no_size_breaks_a_form_or_hides_what_has_the_focus() {
    let set_ups: [fn(&mut Desk); 4] = [
        edit,
        |desk| {
            edit(desk);
            desk.press("Shift-Tab Shift-Tab");
        },
        |desk| {
            edit(desk);
            desk.press("x Tab n Ctrl-s");
        },
        |desk| {
            edit(desk);
            desk.press("Tab Tab Space");
        },
    ];
    for set_up in set_ups {
        let mut desk = desk(80, 24);
        set_up(&mut desk);
        for width in (0..61).chain([500]) {
            for height in (0..21).chain([200]) {
                desk.model.kernel.size = Size { width, height };
                let text = text_of(&desk.model, width, height);
                assert!(
                    text.contains(" > ") || is_refused_room(&desk.model),
                    "{width}x{height}\n{text}"
                );
            }
        }
        assert!(matches!(
            desk.model.kernel.layers.overlay,
            Some(Overlay::Form(_))
        ));
    }
}
