//! The forms to invite and to edit people.

use super::people::{clinic, listen};
use super::shot::{shot, text_of};
use super::*;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (40, 10)];

fn take(name: &str, set_up: impl Fn(&mut Desk), focus: &str) {
    for (width, height) in SIZES {
        let mut desk = clinic(width, height);
        set_up(&mut desk);
        let text = text_of(&desk.model, width, height);
        let is_short = super::form::is_refused_room(&desk.model);
        assert!(is_short || text.contains(&format!("> {focus}")), "{text}");
        let name = format!("{name}_{width}x{height}");
        insta::assert_snapshot!(name, shot(&desk.model, width, height));
    }
}

fn invite(desk: &mut Desk) {
    desk.press("i");
    desk.type_text("noa@example.org");
    desk.press("Tab N o a Tab B e l l");
    desk.press("Tab Tab Tab Tab Tab Tab n e u r o Enter");
}

#[test]
fn the_form_to_invite() {
    take("invite", |desk| desk.press("i"), "E-mail");
}

#[test]
fn the_form_to_edit_a_user() {
    let set_up = |desk: &mut Desk| {
        desk.press("e");
        desk.serve();
    };
    take("edit_user", set_up, "First name");
}

#[test]
fn the_form_to_edit_an_invitation() {
    let set_up = |desk: &mut Desk| {
        desk.press("g i");
        desk.serve();
        desk.press("e");
        desk.serve();
    };
    take("edit_invitation", set_up, "First name");
}

#[test]
fn choosing_a_role_and_an_admin() {
    let role = |desk: &mut Desk| {
        desk.press("i Tab Tab Tab Tab Tab Tab Tab Tab n u r");
    };
    take("invite_role", role, "Role");
    let admin = |desk: &mut Desk| {
        invite(desk);
        desk.press("a");
    };
    take("invite_admin", admin, "Level");
}

#[test]
fn what_is_wrong_stands_beside_its_field() {
    let set_up = |desk: &mut Desk| {
        invite(desk);
        desk.press("Shift-Tab Shift-Tab Shift-Tab 1 2 3 Ctrl-s");
    };
    take("invite_errors", set_up, "Phone");
}

#[test]
fn a_taken_address() {
    let set_up = |desk: &mut Desk| {
        desk.press("i");
        desk.type_text("kim@example.org");
        desk.press("Tab Shift-Tab");
    };
    take("invite_taken", set_up, "E-mail");
}

#[test]
fn the_question_before_the_email() {
    let set_up = |desk: &mut Desk| {
        invite(desk);
        desk.press("a Ctrl-s");
        desk.serve();
    };
    take("invite_question", set_up, "[Back]");
}

#[test]
fn the_difference_shows_what_admin_grants() {
    let set_up = |desk: &mut Desk| {
        desk.press("j e");
        desk.serve();
        desk.press("Tab Tab Tab Tab Tab Tab Tab a Ctrl-s");
    };
    take("edit_user_review", set_up, "[Keep editing]");
}

#[test]
fn no_size_breaks_these_forms() {
    let set_ups: [fn(&mut Desk); 3] = [
        |desk| desk.press("i"),
        |desk| {
            invite(desk);
            desk.press("a Ctrl-s");
            desk.serve();
            listen(desk);
        },
        |desk| {
            desk.press("e");
            desk.serve();
            desk.press("Shift-Tab Shift-Tab");
        },
    ];
    for set_up in set_ups {
        let mut desk = clinic(80, 24);
        set_up(&mut desk);
        for width in (0..61).chain([500]) {
            for height in (0..21).chain([200]) {
                desk.model.kernel.size = Size { width, height };
                let text = text_of(&desk.model, width, height);
                assert!(
                    text.contains(" > ") || super::form::is_refused_room(&desk.model),
                    "{width}x{height}\n{text}"
                );
            }
        }
    }
}
