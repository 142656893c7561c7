//! Input reaches only what is drawn, and answers only what was asked.

use super::desk::{Desk, invitation};
use crate::app::FirstRun;
use crate::app::widget::confirm::KEYS_IGNORED_FOR;
use crate::app::widget::geometry::Detail;
use crate::app::*;
use crate::wire::*;
use crate::worklist::testing::{HOUR, MINUTE, study, study_id};
use crate::worklist::{Sort, SortKey};

fn clinic(count: u8) -> Desk {
    Desk::open((1..=count).map(|n| {
        study(n)
            .description(&format!("CT {n}"))
            .age(i64::from(250 - n) * MINUTE)
    }))
}

fn listen(desk: &mut Desk) {
    desk.now += KEYS_IGNORED_FOR;
    desk.send(Msg::Ticked);
}

fn resize(desk: &mut Desk, width: u16, height: u16) {
    desk.send(Msg::Resized(Size { width, height }));
}

/// Everything that a stray letter could have done.
fn has_done_nothing(desk: &Desk, before: &Desk) -> bool {
    let same = |desk: &Desk| {
        let list = &desk.model.kernel.data.studies;
        (
            list.selected(),
            list.filter.clone(),
            list.sort,
            list.marked(),
        )
    };
    !desk.has_write()
        && same(desk) == same(before)
        && desk.model.kernel.screen == before.model.kernel.screen
        && desk.effects.len() == before.effects.len()
}

/// A copy to compare with.
fn copy_of(desk: &Desk) -> Desk {
    Desk {
        model: desk.model.clone(),
        clinic: desk.clinic.clone(),
        users: desk.users.clone(),
        invitations: desk.invitations.clone(),
        revoked: desk.revoked.clone(),
        calls: desk.calls.clone(),
        effects: desk.effects.clone(),
        applied: desk.applied.clone(),
        ..Desk::closed([])
    }
}

// What is typed after an opener that is refused.

#[test]
fn a_second_assignment_while_the_first_is_on_its_way_waits_for_it() {
    let mut desk = clinic(3);
    desk.press("a k i m Enter");
    assert_eq!(desk.writes(), 1);
    desk.press("a o s e i Enter");
    assert_eq!(desk.writes(), 1, "one change of a study at a time");
    assert_eq!(desk.selected(), Some(1));
    desk.accept_next(None);
    let (ticket, second) = desk.write();
    assert_eq!(second.assigned_to, Patch::Set(UserId::from_bytes([2; 16])));
    let study = desk.apply(&second);
    desk.reply(ticket, Ok(Reply::Study(Box::new(study))));
    assert!(
        desk.model.writes.changes.conflicts().is_empty(),
        "Kim is what we set ourselves"
    );
    assert_eq!(desk.applied[&study_id(1)], 2);
}

#[test]
fn letters_after_a_refused_opener_are_never_commands() {
    type SetUp = fn(&mut Desk);
    let read_only: SetUp = |desk| desk.press("!");
    let users: SetUp = |desk| desk.press("g p");
    let nothing: SetUp = |_| {};
    let empty: SetUp = |desk| desk.press("/ z z z Enter");
    let saving: SetUp = |desk| {
        desk.press("e");
        desk.serve();
        desk.press("x Ctrl-s");
        listen(desk);
        desk.press("y");
        desk.serve();
        desk.press("Esc");
        listen(desk);
        desk.press("y");
        assert!(desk.has_write(), "the form is on its way");
        desk.calls.clear();
    };
    let cases: [(&str, SetUp, &str, &str); 11] = [
        ("read-only", read_only, "a", "josh"),
        ("read-only", read_only, "e", "sshmc"),
        ("read-only", read_only, "x", "ysh"),
        ("read-only", read_only, "c", "jjss"),
        ("a form is being saved", saving, "a", "josh"),
        ("a form is being saved", saving, "e", "ssgp"),
        ("another screen", users, "a", "kim"),
        ("another screen", users, "c", "rf"),
        ("nothing to undo", nothing, "u", "yssj"),
        ("nothing failed", nothing, "E", "ssj"),
        ("no study", empty, "a", "osei"),
    ];
    for (why, set_up, opener, text) in cases {
        let mut desk = clinic(3);
        set_up(&mut desk);
        let before = copy_of(&desk);
        desk.press(opener);
        assert!(desk.is_refused(), "{why}: {opener}");
        desk.type_text(text);
        desk.press("Enter");
        assert!(
            desk.is_refused(),
            "{why}: {opener} {text}: only Esc leads back"
        );
        assert!(has_done_nothing(&desk, &before), "{why}: {opener} {text}");
        desk.press("Esc");
        assert!(desk.model.kernel.layers.overlay.is_none());
    }
}

#[test]
fn what_opens_and_is_refused_says_why_and_that_letters_were_swallowed() {
    let mut desk = clinic(1);
    desk.press("! a");
    let Some(Overlay::Refused(refusal)) = &desk.model.kernel.layers.overlay else {
        panic!("not refused")
    };
    assert!(refusal.reason.contains("Read-only"), "{}", refusal.reason);
    assert!(!refusal.has_swallowed);
    desk.send(Msg::Pasted("kim".into()));
    let Some(Overlay::Refused(refusal)) = &desk.model.kernel.layers.overlay else {
        panic!("a paste led back")
    };
    assert!(refusal.has_swallowed);
    desk.press("Ctrl-l");
    assert!(
        desk.model.shell.lock.is_locked(),
        "the screen can always be hidden"
    );
}

// A screen too small for what has the focus.

#[test]
fn a_screen_that_is_too_small_takes_no_key_but_those_that_lead_out() {
    for (width, height) in [(39, 24), (80, 9), (1, 1), (20, 5), (0, 0)] {
        for keys in [
            "m c",
            "s s",
            "x y",
            "a k i m Enter",
            "* s h",
            ".",
            "g p",
            "R",
        ] {
            let mut desk = clinic(3);
            resize(&mut desk, width, height);
            let before = copy_of(&desk);
            desk.press(keys);
            desk.send(Msg::Pasted("2.25.2".into()));
            desk.send(Msg::Clicked { column: 3, row: 6 });
            assert!(has_done_nothing(&desk, &before), "{width}x{height}: {keys}");
            assert!(
                desk.model.kernel.layers.overlay.is_none()
                    && desk.model.kernel.layers.lookup.is_none()
            );
        }
        let mut desk = clinic(1);
        resize(&mut desk, width, height);
        desk.press("q");
        assert!(desk.effects.contains(&Effect::Leave(ExitReason::Quit)));
        let mut desk = clinic(1);
        resize(&mut desk, width, height);
        desk.press("Ctrl-l");
        assert!(desk.model.shell.lock.is_locked());
    }
}

#[test]
fn a_question_is_not_answered_on_a_screen_that_does_not_show_it() {
    for opening in ["x", "* s s", "e", "u"] {
        let mut desk = clinic(3);
        if opening == "u" {
            desk.press("s h");
            desk.accept_next(None);
        }
        desk.press(opening);
        desk.serve();
        if opening == "e" {
            desk.press("x Ctrl-s");
        }
        listen(&mut desk);
        for (width, height) in [(39, 9), (30, 8), (1, 1)] {
            resize(&mut desk, width, height);
            desk.press("y Enter Tab Enter");
            listen(&mut desk);
            desk.press("y");
            assert!(!desk.has_write(), "{opening} at {width}x{height}");
        }
        // Letters may be text of the form that cannot be seen.
        desk.press("q");
        assert!(
            !desk.effects.contains(&Effect::Leave(ExitReason::Quit)),
            "{opening}"
        );
        resize(&mut desk, 80, 24);
        listen(&mut desk);
        desk.press("y");
        desk.serve();
        assert!(desk.has_write(), "{opening}: and on one that does it is");
    }
}

#[test]
fn a_question_that_does_not_fit_says_what_size_it_needs_and_can_be_left() {
    let mut desk = Desk::open([study(1).stat().description(&"long words ".repeat(20))]);
    desk.press("x");
    listen(&mut desk);
    resize(&mut desk, 40, 10);
    let ScreenRoom::Short(needed) = desk.model.kernel.room() else {
        panic!("a long question fits into six rows")
    };
    assert!(needed.height > 10 && needed.width == 40, "{needed:?}");
    desk.type_text("cancel");
    desk.press("Enter");
    assert!(!desk.has_write());
    resize(&mut desk, needed.width, needed.height);
    assert_eq!(desk.model.kernel.room(), ScreenRoom::Enough);
    resize(&mut desk, 40, 10);
    desk.press("Esc");
    assert!(desk.model.kernel.layers.overlay.is_none());
}

#[test]
fn the_first_run_takes_nothing_unseen_either_and_can_be_left() {
    let size = Size {
        width: 30,
        height: 8,
    };
    let mut run = FirstRun {
        size,
        ..FirstRun::default()
    };
    for key in ["d", "s", "q", "Enter"] {
        for chord in crate::input::parse_sequence(key).unwrap() {
            assert_eq!(run.update(Msg::Key(chord)), [], "{key}");
        }
    }
    assert_eq!(run.stage, crate::app::shell::first_run::SetupStage::Welcome);
    let chord = crate::input::parse_sequence("Ctrl-c").unwrap()[0];
    let effects = run.update(Msg::Key(chord));
    assert_eq!(effects, [Effect::Leave(ExitReason::Quit)]);
}

#[test]
fn no_letter_of_a_form_that_does_not_show_is_taken() {
    let mut desk = clinic(1);
    desk.press("c");
    desk.type_text("2.25.77");
    resize(&mut desk, 30, 8);
    desk.type_text("q123");
    desk.send(Msg::Pasted("456".into()));
    resize(&mut desk, 80, 24);
    let Some(Overlay::Form(form)) = &desk.model.kernel.layers.overlay else {
        panic!("the form is gone")
    };
    assert_eq!(form.field("studyInstanceUid").unwrap().value(), "2.25.77");
}

// The wheel.

fn wheel(desk: &mut Desk, column: u16, row: u16, rows: i32) {
    desk.send(Msg::Scrolled { column, row, rows });
}

#[test]
fn the_wheel_turns_what_is_under_it_and_never_moves_the_cursor() {
    // Over the table, beside the list, below it, over the whole detail, and line by line.
    let mut desk = clinic(60);
    wheel(&mut desk, 10, 8, 3);
    assert_eq!(
        (desk.selected(), desk.model.kernel.data.studies.top()),
        (Some(1), 3)
    );
    wheel(&mut desk, 10, 18, 3);
    assert_eq!(
        (
            desk.model.kernel.data.studies.top(),
            desk.model.kernel.data.studies.detail_scroll()
        ),
        (3, 3)
    );
    desk.press("Enter");
    wheel(&mut desk, 10, 8, 3);
    assert_eq!(desk.model.kernel.data.studies.selected(), Some(study_id(1)));
    assert_eq!(desk.model.kernel.data.studies.detail_scroll(), 6);
    let mut desk = clinic(60);
    resize(&mut desk, 160, 40);
    wheel(&mut desk, 150, 20, 3);
    assert_eq!(
        (
            desk.model.kernel.data.studies.top(),
            desk.model.kernel.data.studies.detail_scroll()
        ),
        (0, 3)
    );
    let mut desk = clinic(60);
    desk.model.kernel.is_plain = true;
    wheel(&mut desk, 0, 10, 3);
    assert_eq!(
        (desk.selected(), desk.model.kernel.data.studies.top()),
        (Some(1), 3)
    );
    // On other lists too, and over a question it does nothing.
    let mut desk = clinic(1);
    for n in 10..60 {
        let user = super::desk::user(n, "A", &format!("B{n}"), ClinicRole::Radiologist);
        desk.users.push(user);
    }
    desk.press("g p");
    desk.send(Msg::Ticked);
    desk.press("r");
    desk.serve();
    let before = desk
        .model
        .kernel
        .data
        .users
        .selected()
        .map(|person| person.id);
    let top = desk.model.kernel.people().unwrap().top();
    wheel(&mut desk, 10, 8, -3);
    assert_eq!(desk.model.kernel.people().unwrap().top(), top - 3);
    assert_eq!(
        desk.model
            .kernel
            .data
            .users
            .selected()
            .map(|person| person.id),
        before
    );
    desk.press("g w x");
    wheel(&mut desk, 10, 8, 3);
    assert!(matches!(
        desk.model.kernel.layers.overlay,
        Some(Overlay::Confirm(_))
    ));
}

#[test]
fn a_list_stays_where_the_wheel_turned_it_while_it_is_read_again() {
    let mut desk = clinic(60);
    wheel(&mut desk, 10, 8, 10);
    desk.refresh();
    assert_eq!(desk.model.kernel.data.studies.top(), 10);
    desk.clinic
        .push(study(99).description("CT NEW").age(HOUR * 20).build());
    desk.refresh();
    assert!(desk.model.kernel.data.studies.top() >= 10);
    assert_eq!(desk.selected(), Some(1));
}

#[test]
fn what_was_turned_off_the_screen_is_shown_before_anything_is_done_to_it() {
    for keys in ["s h", "m c", "A u", "o", "y u", "Space"] {
        let mut desk = clinic(60);
        wheel(&mut desk, 10, 8, 10);
        wheel(&mut desk, 10, 8, 10);
        desk.press(keys);
        assert!(!desk.has_write() && desk.effects.is_empty(), "{keys}");
        assert!(!desk.model.kernel.data.studies.has_marks());
        assert!(desk.notice().contains("scrolled off the screen"), "{keys}");
        assert_eq!(desk.model.kernel.data.studies.top(), 0, "it shows again");
    }
    let mut desk = clinic(60);
    wheel(&mut desk, 10, 8, 10);
    wheel(&mut desk, 10, 8, 10);
    desk.press("a k i m Enter");
    assert!(desk.is_refused() && !desk.has_write());
    desk.press("Esc a k i m Enter");
    assert!(desk.has_write());
}

// What the program chose is not taken before it was drawn.

#[test]
fn keys_faster_than_frames_do_nothing_to_what_nobody_saw() {
    for burst in [
        "/ s e v : s t a t Enter s h",
        "3 s h",
        "3 a k i m Enter",
        "g g S n e w Enter m c",
        "} x",
    ] {
        let mut desk = clinic(9);
        desk.server(study_id(7)).severity = Severity::Stat;
        desk.server(study_id(9)).assigned_to = Some(crate::worklist::testing::user(1, "Kim, Ana"));
        desk.refresh();
        desk.burst(burst);
        assert!(!desk.has_write(), "{burst}");
        assert!(
            desk.notice().contains("Check"),
            "{burst}: {}",
            desk.notice()
        );
    }
}

#[test]
fn moves_from_what_was_drawn_may_come_as_fast_as_they_like() {
    let mut desk = clinic(9);
    desk.burst("j j s h");
    assert_eq!(desk.write().1.study_id, study_id(3));
    let mut desk = clinic(9);
    desk.burst("a o s e i Enter");
    assert!(desk.has_write(), "the name means one alone");
}

#[test]
fn a_list_that_changed_since_it_was_drawn_is_looked_at_before_a_step_counts() {
    let mut desk = clinic(3);
    desk.draws = false;
    desk.clinic.push(study(9).stat().age(400 * MINUTE).build());
    desk.clinic.push(study(8).age(249 * MINUTE).build());
    desk.refresh();
    desk.press("j s h");
    assert!(
        !desk.has_write(),
        "the row below is not the one that was drawn"
    );
    desk.model.drawn(desk.model.kernel.now);
    desk.press("s h");
    assert!(desk.has_write());
}

#[test]
fn enter_takes_the_person_who_was_shown_or_named_and_nobody_else() {
    for (burst, is_taken) in [
        ("a Enter", false),
        ("a i Enter", false),
        ("a Down Down Enter", false),
        ("a o s e i Enter", true),
        ("a z z Enter", false),
    ] {
        let mut desk = clinic(2);
        desk.burst(burst);
        assert_eq!(desk.has_write(), is_taken, "{burst}");
        assert_eq!(
            desk.model.kernel.layers.overlay.is_none(),
            is_taken,
            "{burst}"
        );
    }
    // While the users are still being read, a name that fits one may fit two.
    let mut desk = Desk::closed([study(1), study(2).to(2, "Osei, Ben")]);
    let is_users = |call: &Call| matches!(call, Call::ListUsers(_));
    let held: Vec<_> = desk
        .calls
        .extract_if(.., |(_, call)| is_users(call))
        .collect();
    desk.serve();
    desk.burst("a o s e i Enter");
    assert!(!desk.has_write());
    desk.press("Esc");
    desk.calls.extend(held);
    desk.serve();
    desk.burst("a o s e i Enter");
    assert!(desk.has_write());
}

// Every action has the same targets.

/// Puts a filter in force that only the studies of this description match.
fn show_only(desk: &mut Desk, description: &str) {
    desk.press("/");
    desk.type_text(&format!("desc:\"{description}\""));
    desk.press("Enter");
}

fn copied(desk: &mut Desk, keys: &str) -> (String, String) {
    desk.effects.clear();
    desk.press(keys);
    match desk.effects.as_slice() {
        [Effect::Copy(Clip::Text { what, text })] => (what.clone(), text.clone()),
        other => panic!("{keys}: {other:?}, {}", desk.notice()),
    }
}

#[test]
fn copying_is_for_all_that_is_marked_and_names_them() {
    let mut desk = clinic(5);
    desk.press("Space Space Space");
    let (what, text) = copied(&mut desk, "y u");
    assert_eq!(text, "2.25.1\n2.25.2\n2.25.3");
    assert_eq!(what, "3 UIDs: CT 1, CT 2 and 1 more");
    let (what, text) = copied(&mut desk, "y i");
    assert_eq!(
        (what.as_str(), text.lines().count()),
        ("3 ids: CT 1, CT 2 and 1 more", 3)
    );
    assert_eq!(copied(&mut desk, "y r").1.lines().count(), 3);
    show_only(&mut desk, "ct 2");
    let (what, text) = copied(&mut desk, "y u");
    assert_eq!(text, "2.25.2");
    assert!(what.ends_with("2 hidden not included"), "{what}");
}

#[test]
fn what_is_for_one_study_is_refused_while_several_are_marked() {
    for keys in ["e", "y l", "y c"] {
        let mut desk = clinic(3);
        desk.press("Space Space");
        desk.effects.clear();
        desk.press(keys);
        assert!(desk.effects.is_empty() && desk.calls.is_empty(), "{keys}");
        assert!(
            desk.notice().starts_with("2 studies are marked"),
            "{keys}: {}",
            desk.notice()
        );
    }
}

#[test]
fn marks_that_the_filter_hides_are_no_targets_and_are_counted_once() {
    for keys in ["a", "s h", "o", "y u", "A u", "x", "."] {
        let mut desk = clinic(5);
        desk.press("G s h");
        desk.accept_next(None);
        desk.press("Esc g g Space Space");
        show_only(&mut desk, "ct 5");
        desk.effects.clear();
        desk.press(keys);
        assert!(!desk.has_write() && desk.effects.is_empty(), "{keys}");
        assert!(
            desk.notice().starts_with("All 2 marked studies are hidden"),
            "{keys}: {}",
            desk.notice()
        );
    }
    let mut desk = clinic(5);
    desk.press("Space Space Space");
    show_only(&mut desk, "ct 2");
    desk.press("a");
    let Some(Overlay::Picker(picker)) = &desk.model.kernel.layers.overlay else {
        panic!("{}", desk.notice())
    };
    assert_eq!(picker.title.as_str(), "Assign 1 of 3 marked; 2 are hidden");
}

// Going back.

#[test]
fn esc_takes_message_and_marks_together_and_leaves_failures_and_views() {
    let mut desk = clinic(5);
    desk.press("2 * s h");
    listen(&mut desk);
    desk.press("y");
    desk.answer_writes(|n| (n == 2).then(|| Failure::rejected(403, b"", None)));
    assert!(
        desk.notice().contains("4 of 5 to high; 1 failed"),
        "{}",
        desk.notice()
    );
    assert!(desk.model.kernel.data.studies.has_marks());
    desk.press("Esc");
    assert!(!desk.model.kernel.data.studies.has_marks() && desk.model.kernel.notice.is_none());
    assert_eq!(desk.model.writes.changes.failed().len(), 1);
    desk.press("Esc Esc Esc");
    assert_eq!(
        desk.model.lists.current_view(&desk.model.kernel),
        (2, false)
    );
    desk.press("R");
    assert!(desk.has_write(), "what has failed can still be tried again");
    // On the other screens Esc stops as well.
    let mut desk = clinic(1);
    desk.press("g p / k i m Enter Esc Esc Esc");
    assert_eq!(desk.model.kernel.screen, Screen::Users);
}

#[test]
fn a_key_that_comes_before_a_question_can_be_read_is_asked_for_again() {
    let mut desk = clinic(2);
    desk.press("s h");
    desk.accept_next(None);
    desk.press("u");
    desk.now += KEYS_IGNORED_FOR / 2;
    desk.press("y");
    assert!(!desk.has_write());
    let Some(Overlay::Confirm(confirm)) = &desk.model.kernel.layers.overlay else {
        panic!("the question is gone")
    };
    assert!(confirm.gate.has_rejected());
    listen(&mut desk);
    desk.press("y");
    assert!(desk.has_write());
    // So in a form, and where a whole word was typed too early.
    let mut desk = clinic(1);
    desk.press("e");
    desk.serve();
    desk.press("x Ctrl-s y");
    let Some(Overlay::Form(form)) = &desk.model.kernel.layers.overlay else {
        panic!("the form is gone")
    };
    assert!(form.asking().unwrap().gate.has_rejected());
    let mut desk = Desk::open([study(1).stat()]);
    desk.press("x");
    desk.type_text("cancel");
    let Some(Overlay::Confirm(confirm)) = &desk.model.kernel.layers.overlay else {
        panic!("no question")
    };
    assert!(confirm.gate.has_rejected() && !confirm.is_ready());
}

#[test]
fn a_new_order_shows_its_top_if_the_top_was_on_screen() {
    let mut desk = clinic(40);
    let order = Sort::by(SortKey::Description);
    desk.press("S d e s c Enter");
    assert_eq!(desk.model.kernel.data.studies.sort, order);
    assert_eq!(
        (
            desk.model.kernel.data.studies.cursor(),
            desk.model.kernel.data.studies.top()
        ),
        (0, 0)
    );
    desk.press("S d e s c Enter");
    assert_eq!(
        (
            desk.model.kernel.data.studies.cursor(),
            desk.model.kernel.data.studies.top()
        ),
        (0, 0),
        "reversed"
    );
    // Further down the cursor keeps its study, and what is above is counted.
    let mut desk = clinic(40);
    desk.press("j j j j j");
    let study = desk.selected();
    desk.press("S n e w Enter");
    assert_eq!(desk.selected(), study);
    let above = desk.model.kernel.data.studies.top();
    assert!(above > 0);
    assert!(
        desk.notice().ends_with(&format!("; {above} more above")),
        "{}",
        desk.notice()
    );
    // A click on a title is the same.
    let mut desk = clinic(40);
    desk.send(Msg::Clicked { column: 20, row: 3 });
    assert_eq!(
        desk.model.kernel.data.studies.sort,
        order,
        "{}",
        desk.notice()
    );
    assert_eq!(
        (
            desk.model.kernel.data.studies.cursor(),
            desk.model.kernel.data.studies.top()
        ),
        (0, 0)
    );
}

// The hidden screen.

fn unlock(desk: &mut Desk) {
    desk.press("Enter");
    desk.send(Msg::KeyRead(Ok(())));
}

#[test]
fn unlocking_returns_to_the_same_study_with_detail_and_marks() {
    let mut desk = clinic(9);
    desk.press("Space j j Enter");
    let study = desk.selected();
    desk.press("Ctrl-l");
    unlock(&mut desk);
    assert_eq!(
        desk.selected(),
        None,
        "nothing is under the cursor before it is read"
    );
    for keys in ["s h", "m c", "a", "x"] {
        desk.press(keys);
        desk.press("Esc");
        assert!(!desk.has_write(), "{keys}");
    }
    desk.serve();
    // Esc closed the detail above.
    assert_eq!(desk.selected(), study);
    assert!(desk.model.kernel.data.studies.is_marked(study_id(1), 0));

    let mut desk = clinic(9);
    desk.press("j j Enter Ctrl-l");
    unlock(&mut desk);
    desk.serve();
    assert_eq!(
        (desk.selected(), desk.model.kernel.data.studies.detail()),
        (Some(3), Detail::Full)
    );
}

#[test]
fn a_study_that_is_gone_after_the_lock_is_said_to_be() {
    let mut desk = clinic(9);
    desk.press("j j Enter Ctrl-l");
    desk.clinic.retain(|study| study.study_id != study_id(3));
    unlock(&mut desk);
    desk.serve();
    assert!(
        desk.notice().contains("no longer in this list"),
        "{}",
        desk.notice()
    );
    assert_eq!(desk.model.kernel.data.studies.detail(), Detail::Pane);
    desk.burst("s h");
    assert!(desk.has_write(), "the first row has been drawn since");
}

#[test]
fn the_other_screens_return_to_their_record_too() {
    let mut desk = clinic(1);
    desk.invitations = vec![
        invitation(4, "Eva", "Lind", 30),
        invitation(5, "Finn", "Moss", 90),
    ];
    for screen in ["g p", "g i"] {
        desk.press(screen);
        desk.serve();
        desk.press("j");
        let selected = |desk: &Desk| {
            let person = desk
                .model
                .kernel
                .data
                .users
                .selected()
                .map(|it| it.name.clone());
            let invite = desk
                .model
                .kernel
                .data
                .invitations
                .selected()
                .map(|it| it.name.clone());
            if desk.model.kernel.screen == Screen::Users {
                person
            } else {
                invite
            }
        };
        let before = selected(&desk);
        assert!(before.is_some());
        desk.press("Ctrl-l");
        unlock(&mut desk);
        desk.press("x");
        assert!(
            desk.is_refused(),
            "{screen}: nothing is under the cursor yet"
        );
        desk.press("Esc r");
        desk.serve();
        assert_eq!(selected(&desk), before, "{screen}");
    }
}

#[test]
fn what_was_open_is_closed_with_a_sentence() {
    for opening in ["a", "x", "S", "g u"] {
        let mut desk = clinic(2);
        desk.press(opening);
        desk.press("Ctrl-l");
        unlock(&mut desk);
        assert!(
            desk.notice()
                .contains("was closed when the screen was hidden; nothing was sent"),
            "{opening}"
        );
    }
    let mut desk = clinic(2);
    desk.press("j Ctrl-l");
    unlock(&mut desk);
    assert_eq!(desk.notice(), "");
}

fn stat(n: u8) -> Study {
    study(n).stat().description(&format!("CT {n}")).build()
}

#[test]
fn a_hidden_screen_counts_stat_studies_and_rings_for_a_new_one() {
    let mut desk = clinic(3);
    desk.clinic.push(stat(20));
    desk.refresh();
    desk.effects.clear();
    desk.press("Ctrl-l");
    assert!(!desk.effects.contains(&Effect::ForgetKey));
    desk.serve();
    let counts = |desk: &Desk| desk.model.shell.lock.counts().unwrap();
    assert_eq!(
        (
            counts(&desk).stat,
            counts(&desk).unassigned,
            counts(&desk).new
        ),
        (1, 1, 0)
    );
    assert!(!desk.effects.contains(&Effect::Ring), "it was there before");
    desk.clinic.push(stat(21));
    let mut taken = stat(22);
    taken.assigned_to = Some(crate::worklist::testing::user(1, "Kim, Ana"));
    desk.clinic.push(taken);
    desk.pass(11);
    assert_eq!(
        (
            counts(&desk).stat,
            counts(&desk).unassigned,
            counts(&desk).new
        ),
        (3, 2, 1)
    );
    let rings = desk
        .effects
        .iter()
        .filter(|effect| **effect == Effect::Ring);
    assert_eq!(rings.count(), 1);
    assert!(
        desk.model.kernel.data.studies.store.is_empty(),
        "nothing but ids is kept"
    );
    desk.pass(30);
    let rings = desk
        .effects
        .iter()
        .filter(|effect| **effect == Effect::Ring);
    assert_eq!(rings.count(), 1, "once for each study");
    let asks_only_for_stat = desk.calls.iter().all(|(_, call)| match call {
        Call::ListStudies(list) => list.severity == Some(Severity::Stat),
        _ => false,
    });
    assert!(asks_only_for_stat);
    desk.clinic.retain(|study| study.study_id != study_id(20));
    desk.pass(25);
    assert_eq!(counts(&desk).stat, 2);
    unlock(&mut desk);
    desk.serve();
    assert_eq!(
        desk.model.lists.news.alarms(),
        [study_id(21)],
        "it still waits to be seen"
    );
}

#[test]
fn a_site_that_discards_the_key_reads_nothing_while_hidden() {
    let mut desk = clinic(3);
    desk.model.kernel.session.watch = Watch::Off;
    desk.press("Ctrl-l");
    assert!(desk.effects.contains(&Effect::ForgetKey));
    desk.clinic.push(stat(21));
    desk.pass(60);
    assert!(desk.calls.is_empty() && !desk.effects.contains(&Effect::Ring));
    assert_eq!(desk.model.next_wake(), None);
}

#[test]
fn a_list_that_cannot_be_read_while_hidden_is_not_an_empty_list() {
    let mut desk = clinic(3);
    desk.press("Ctrl-l");
    let tickets: Vec<Ticket> = desk.calls.drain(..).map(|(ticket, _)| ticket).collect();
    for ticket in tickets {
        desk.reply(ticket, Err(Failure::TimedOut));
    }
    assert_eq!(desk.model.shell.lock.counts(), None);
    assert!(
        desk.model
            .kernel
            .data
            .sync
            .lane(LaneKind::OpenStat)
            .trouble
            .is_some()
    );
    assert!(desk.model.next_wake().is_some(), "it is tried again");
}
