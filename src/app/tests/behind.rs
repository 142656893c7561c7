//! What lies behind something else, and what changed meanwhile: no key acts on it before it was drawn.

use super::desk::Desk;
use crate::app::widget::confirm::KEYS_IGNORED_FOR;
use crate::app::*;
use crate::wire::*;
use crate::worklist::testing::{MINUTE, study, study_id, user};

const UID: &str = "2.25.7777";

/// Open studies from 1 on, and a complete one of its own number, which no list shows.
fn clinic(count: u8) -> Desk {
    let open = (1..=count).map(|n| {
        study(n)
            .description(&format!("CT {n}"))
            .age(i64::from(250 - n) * MINUTE)
    });
    // Its question needs more room than the smallest screen has.
    let closed = study(200)
        .description(&"US THYROID ".repeat(20))
        .uid(UID)
        .complete();
    Desk::open(open.chain([closed]))
}

fn listen(desk: &mut Desk) {
    desk.now += KEYS_IGNORED_FOR;
    desk.send(Msg::Ticked);
}

fn look(desk: &mut Desk) {
    desk.send(Msg::Pasted(UID.into()));
    desk.serve();
}

fn wheel(desk: &mut Desk, column: u16, row: u16, rows: i32) {
    desk.send(Msg::Scrolled { column, row, rows });
}

#[test]
fn a_form_that_closes_over_a_look_leaves_the_keys_to_the_look() {
    let mut desk = clinic(2);
    desk.press("s h");
    desk.accept_next(None);
    look(&mut desk);
    desk.press("e");
    desk.serve();
    desk.type_text(" LEFT");
    desk.press("Ctrl-s");
    listen(&mut desk);
    desk.press("y");
    desk.serve();
    desk.draws = false;
    desk.accept_next(None);
    assert!(
        desk.model.kernel.layers.overlay.is_none(),
        "{}",
        desk.notice()
    );
    desk.press(".");
    assert!(!desk.has_write(), "the look was not drawn again yet");
    desk.draws = true;
    desk.send(Msg::Ticked);
    desk.press("Esc");
    desk.press(".");
    assert!(
        !desk.has_write() || desk.write().1.study_id == study_id(200),
        "never the study of the list behind"
    );
}

#[test]
fn leaving_a_question_that_does_not_fit_leads_back_to_the_look() {
    let mut desk = clinic(2);
    desk.press("s h");
    desk.accept_next(None);
    look(&mut desk);
    desk.press("x");
    assert!(
        desk.model.kernel.layers.overlay.is_some(),
        "{}",
        desk.notice()
    );
    desk.send(Msg::Resized(Size {
        width: 40,
        height: 10,
    }));
    desk.press("Esc");
    desk.send(Msg::Resized(Size {
        width: 80,
        height: 24,
    }));
    assert!(desk.model.kernel.is_looking());
    desk.press("s s");
    assert_eq!(desk.write().1.study_id, study_id(200));
}

#[test]
fn a_look_is_drawn_as_it_is_before_a_key_acts_on_it() {
    let mut desk = clinic(2);
    look(&mut desk);
    desk.draws = false;
    desk.server(study_id(200)).assigned_to = Some(user(2, "Osei, Ben"));
    desk.press("r");
    desk.serve();
    desk.press("A u");
    assert!(!desk.has_write());
    assert!(desk.notice().contains("Check"), "{}", desk.notice());
    desk.draws = true;
    desk.send(Msg::Ticked);
    desk.press("Esc");
}

#[test]
fn the_list_behind_a_picker_is_drawn_on_top_before_a_key_acts_on_it() {
    for opener in ["a", "E", "v h e l p"] {
        let mut desk = clinic(2);
        desk.press(opener);
        desk.server(study_id(1)).severity = Severity::Stat;
        desk.refresh();
        desk.draws = false;
        desk.press("Esc Esc Esc s h");
        assert!(!desk.has_write(), "{opener}");
    }
    // The same on another screen: what the list was is not drawn there.
    let mut desk = clinic(2);
    desk.press("g p");
    desk.server(study_id(1)).severity = Severity::Stat;
    desk.refresh();
    desk.burst("g w s h");
    assert!(!desk.has_write());
}

#[test]
fn a_marked_study_that_changed_is_drawn_before_a_key_acts_on_the_marks() {
    let mut desk = clinic(9);
    desk.press("Space Space Space");
    desk.draws = false;
    desk.server(study_id(2)).assigned_to = Some(user(2, "Osei, Ben"));
    desk.refresh();
    desk.press("A u");
    assert!(desk.model.kernel.layers.overlay.is_none() || desk.is_refused());
    assert!(desk.notice().contains("marked study"), "{}", desk.notice());
    assert!(!desk.has_write());
}

#[test]
fn what_the_wheel_hid_is_drawn_before_it_is_taken() {
    // In the list: the first key shows it, and the second one of the same burst is too early.
    let mut desk = clinic(60);
    wheel(&mut desk, 10, 8, 30);
    desk.burst("s h s h");
    assert!(!desk.has_write());
    desk.press("s h");
    assert!(desk.has_write());
    // In a list to choose from, however many frames have shown the others.
    let mut desk = Desk::closed([study(1).description("CT 1").age(MINUTE)]);
    desk.users = (1..=40)
        .map(|n| super::desk::user(n, "Pat", &format!("Person{n:02}"), ClinicRole::Radiologist))
        .collect();
    desk.serve();
    desk.press("a");
    desk.serve();
    wheel(&mut desk, 10, 8, 30);
    desk.send(Msg::Ticked);
    desk.burst("Enter Enter");
    assert!(!desk.has_write(), "{}", desk.notice());
    desk.press("Enter");
    assert!(desk.has_write(), "{}", desk.notice());
}

#[test]
fn a_click_on_rows_that_have_moved_chooses_nothing_to_act_on() {
    let mut desk = clinic(60);
    desk.draws = false;
    desk.press("PageDown PageDown");
    desk.send(Msg::Clicked { column: 10, row: 8 });
    desk.press("s h");
    assert!(!desk.has_write());
    assert!(desk.notice().contains("Check"), "{}", desk.notice());
}

#[test]
fn a_study_that_leaves_the_open_work_must_still_be_as_urgent_as_it_was_shown() {
    // Cancelled, completed and cancelled in a batch; and given to somebody meanwhile.
    for (keys, asks) in [("x", true), ("m c", false), ("Space x", true)] {
        for is_stat in [true, false] {
            let mut desk = clinic(2);
            desk.press(keys);
            if is_stat {
                desk.server(study_id(1)).severity = Severity::Stat
            } else {
                desk.server(study_id(1)).assigned_to = Some(user(2, "Osei, Ben"))
            }
            if asks {
                listen(&mut desk);
                desk.press("y");
            } else {
                // The key was pressed before; its reading comes back now.
                let mut fresh = clinic(2);
                fresh.checks = false;
                fresh.press(keys);
                let (ticket, call) = fresh.calls.pop().unwrap();
                if is_stat {
                    fresh.server(study_id(1)).severity = Severity::Stat
                } else {
                    fresh.server(study_id(1)).assigned_to = Some(user(2, "Osei, Ben"))
                }
                let answer = fresh.answer(&call);
                fresh.reply(ticket, answer);
                fresh.checks = true;
                desk = fresh;
            }
            assert!(!desk.has_write(), "{keys}");
            assert_eq!(desk.model.unresolved(), (1, 0), "{keys}");
            // It can be done all the same, now that this is known.
            desk.press("E Enter");
            desk.type_text("mine");
            desk.press("Enter");
            if asks {
                listen(&mut desk);
                if is_stat {
                    desk.press("y Enter");
                    assert!(!desk.has_write(), "a STAT study asks for the word");
                    desk.press("E Enter");
                    desk.type_text("mine");
                    desk.press("Enter");
                    listen(&mut desk);
                    desk.type_text("cancel");
                    desk.press("Enter");
                } else {
                    desk.press("y")
                }
            }
            assert!(desk.has_write(), "{keys}: {}", desk.notice());
        }
    }
}

#[test]
fn a_marked_stat_study_is_cancelled_for_the_word_too() {
    let mut desk = clinic(3);
    desk.server(study_id(2)).severity = Severity::Stat;
    desk.refresh();
    desk.press("* x");
    listen(&mut desk);
    desk.press("y Enter");
    assert!(!desk.has_write());
    let mut desk = clinic(3);
    desk.press("* x");
    listen(&mut desk);
    desk.press("y");
    assert!(desk.has_write(), "without a STAT study a key is enough");
}

#[test]
fn a_stat_study_is_cancelled_again_for_the_word_alone() {
    let mut desk = clinic(1);
    desk.server(study_id(1)).severity = Severity::Stat;
    desk.refresh();
    desk.press("x");
    listen(&mut desk);
    desk.type_text("cancel");
    desk.press("Enter");
    desk.accept_next(None);
    desk.serve();
    desk.press("u");
    listen(&mut desk);
    desk.press("y");
    desk.accept_next(None);
    desk.serve();
    assert!(!desk.server(study_id(1)).is_cancelled);
    desk.press("U");
    listen(&mut desk);
    desk.press("y Enter");
    assert!(!desk.has_write());
    desk.press("U");
    listen(&mut desk);
    desk.type_text("cancel");
    desk.press("Enter");
    assert!(desk.has_write());
}

#[test]
fn undo_takes_the_step_back_that_was_asked_about() {
    let mut desk = clinic(3);
    desk.press("s h");
    desk.accept_next(None);
    desk.press("j s h");
    desk.press("u");
    // The second change ends while the question about the first is open.
    desk.accept_next(None);
    listen(&mut desk);
    desk.press("y");
    assert_eq!(desk.write().1.study_id, study_id(1));
    desk.press("u");
    listen(&mut desk);
    desk.press("y");
    assert_eq!(desk.write().1.study_id, study_id(2), "the second one stays");
}

#[test]
fn a_change_of_one_field_drops_no_conflict_about_another() {
    let mut desk = clinic(2);
    desk.server(study_id(1)).assigned_to = Some(user(2, "Osei, Ben"));
    desk.press("A u");
    desk.press("a k i m Enter");
    assert_eq!(desk.model.unresolved(), (1, 0), "{}", desk.notice());
    desk.press("s h");
    desk.accept_next(None);
    assert_eq!(desk.model.unresolved(), (1, 0));
    // Nor a failure; one of the same field takes its place.
    let mut desk = clinic(2);
    desk.press("s h");
    desk.accept_next(Some(Failure::rejected(422, b"", None)));
    desk.press("m c");
    desk.accept_next(None);
    assert_eq!(desk.model.unresolved(), (0, 1));
}

#[test]
fn all_of_them_means_those_that_were_listed() {
    let mut desk = clinic(4);
    for n in [1, 2] {
        desk.server(study_id(n)).severity = Severity::Stat;
        desk.press("s h j");
    }
    assert_eq!(desk.model.unresolved(), (2, 0));
    desk.checks = false;
    desk.press("s h E");
    desk.server(study_id(3)).severity = Severity::Stat;
    let (ticket, call) = desk.calls.pop().unwrap();
    let answer = desk.answer(&call);
    desk.reply(ticket, answer);
    assert_eq!(desk.model.unresolved(), (3, 0));
    desk.type_text("all");
    desk.press("Enter");
    assert_eq!(desk.model.unresolved(), (1, 0), "{}", desk.notice());
}

#[test]
fn nothing_that_waits_is_sent_read_only() {
    let mut desk = clinic(2);
    desk.press("s h");
    desk.accept_next(Some(Failure::rejected(422, b"", None)));
    desk.press("! E Enter");
    desk.type_text("again");
    desk.press("Enter");
    assert!(!desk.has_write());
    assert!(desk.notice().contains("Read-only"), "{}", desk.notice());
    assert_eq!(desk.model.unresolved(), (0, 1), "it keeps waiting");
}

#[test]
fn a_form_that_was_left_and_failed_comes_back_and_takes_no_key_of_the_list() {
    let mut desk = clinic(2);
    desk.press("e");
    desk.serve();
    desk.type_text(" LEFT");
    desk.press("Ctrl-s");
    listen(&mut desk);
    desk.press("y");
    desk.serve();
    desk.press("Esc");
    listen(&mut desk);
    desk.press("y");
    assert!(
        desk.model.kernel.layers.overlay.is_none(),
        "left while it is saved"
    );
    // Something else is open when the server refuses it.
    desk.press("j a");
    desk.accept_next(Some(Failure::rejected(422, b"", None)));
    assert!(matches!(
        desk.model.kernel.layers.overlay,
        Some(Overlay::Picker(_))
    ));
    desk.press("Esc");
    let Some(Overlay::Form(form)) = &desk.model.kernel.layers.overlay else {
        panic!("the form is back: {}", desk.notice());
    };
    let before = form.clone();
    desk.press("j j");
    let Some(Overlay::Form(form)) = &desk.model.kernel.layers.overlay else {
        panic!("it stays");
    };
    assert_eq!(
        format!("{:?}", form.draft()),
        format!("{:?}", before.draft()),
        "letters for the list are not typed into it"
    );
}

#[test]
fn a_step_behind_the_whole_detail_is_into_the_unseen() {
    for moves in ["j s h", "G s h", "G m c", "PageDown A u"] {
        let mut desk = clinic(9);
        desk.press("Enter");
        assert_eq!(
            desk.model.kernel.data.studies.detail(),
            crate::app::widget::geometry::Detail::Full
        );
        desk.burst(moves);
        assert!(!desk.has_write(), "{moves}");
        assert!(desk.notice().contains("Check"), "{}", desk.notice());
    }
    let mut desk = clinic(9);
    desk.press("Enter j s h");
    assert_eq!(desk.write().1.study_id, study_id(2), "it was drawn");
    // The same among users.
    let mut desk = clinic(1);
    desk.press("g p");
    desk.serve();
    desk.press("Enter");
    desk.burst("j e");
    assert!(!matches!(
        desk.model.kernel.layers.overlay,
        Some(Overlay::Form(_))
    ));
}
