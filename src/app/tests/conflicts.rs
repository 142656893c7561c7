//! Nothing is overwritten that the screen did not show.

use super::desk::Desk;
use crate::app::widget::confirm::KEYS_IGNORED_FOR;
use crate::app::*;
use crate::wire::*;
use crate::worklist::testing::{MINUTE, study, study_id, user, user_id};

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

/// A colleague gives the study to Ben Osei.
fn colleague_takes(desk: &mut Desk, n: u8) {
    desk.server(study_id(n)).assigned_to = Some(user(2, "Osei, Ben"));
}

/// What a colleague does to a study.
type Colleague = fn(&mut Study);

#[test]
fn each_quick_change_is_held_back_where_somebody_else_was_faster() {
    let assigned: Colleague = |study| study.assigned_to = Some(user(2, "Osei, Ben"));
    let stat: Colleague = |study| study.severity = Severity::Stat;
    let complete: Colleague = |study| {
        study.study_viewer_status = StudyViewerStatus::Other("archived".into());
    };
    let cases: [(&str, Colleague, &str); 6] = [
        ("a k i m Enter", assigned, "Osei, Ben"),
        ("A u", assigned, "Osei, Ben"),
        ("s h", stat, "stat"),
        ("s n", stat, "stat"),
        ("m c", complete, "archived"),
        (". ", stat, "stat"),
    ];
    for (keys, colleague, theirs) in cases {
        let mut desk = clinic(2);
        desk.server(study_id(1)).assigned_to = Some(user(3, "Ruiz, Dana"));
        desk.server(study_id(1)).severity = Severity::Other("urgent".into());
        if keys == ". " {
            desk.press("j s h");
            desk.accept_next(None);
            desk.press("k");
        }
        desk.refresh();
        colleague(desk.server(study_id(1)));
        desk.press(keys.trim());
        assert!(!desk.has_write(), "{keys}");
        let conflicts = desk.model.writes.changes.conflicts();
        assert_eq!(conflicts.len(), 1, "{keys}: {}", desk.notice());
        assert_eq!(conflicts[0].theirs.value(), theirs, "{keys}");
        assert!(
            desk.model.kernel.layers.overlay.is_none(),
            "it never takes the focus"
        );
    }
}

#[test]
fn cancelling_and_uncancelling_are_read_before_too() {
    let mut desk = clinic(2);
    desk.press("x");
    listen(&mut desk);
    desk.server(study_id(1)).is_cancelled = true;
    desk.press("y");
    assert!(!desk.has_write(), "it is cancelled already");
    assert!(
        desk.notice().contains("is already cancelled"),
        "{}",
        desk.notice()
    );
    assert!(
        desk.model.kernel.history.last().is_none(),
        "nothing of ours to undo"
    );
}

#[test]
fn the_base_is_what_was_on_screen_when_the_key_was_pressed() {
    // The poll has shown the colleague's name behind the picker: that was not asked about.
    let mut desk = clinic(2);
    desk.press("a k i m");
    colleague_takes(&mut desk, 1);
    desk.refresh();
    let shown = desk.study(study_id(1));
    assert!(shown.assignee().is_some(), "the row behind shows it");
    desk.press("Enter");
    assert!(!desk.has_write());
    assert_eq!(desk.model.writes.changes.conflicts().len(), 1);
    // The same behind a question, and behind the preview of a batch.
    let mut desk = clinic(3);
    desk.press("* s h");
    listen(&mut desk);
    desk.server(study_id(2)).severity = Severity::Stat;
    desk.refresh();
    desk.press("y");
    desk.answer_writes(|_| None);
    assert_eq!(desk.server(study_id(2)).severity, Severity::Stat);
    assert_eq!(desk.applied.len(), 2);
    assert!(
        desk.notice().contains("Set 2 of 3 to high; 1 not sent"),
        "{}",
        desk.notice()
    );
    assert!(
        desk.model.kernel.data.studies.is_marked(study_id(2), 1),
        "and it stays marked"
    );
    // What was drawn before the key is what was meant.
    let mut desk = clinic(2);
    colleague_takes(&mut desk, 1);
    desk.refresh();
    desk.press("a k i m Enter");
    assert!(desk.has_write());
}

#[test]
fn a_change_of_another_field_is_not_a_conflict() {
    let mut desk = clinic(1);
    colleague_takes(&mut desk, 1);
    desk.press("s h");
    assert!(desk.has_write());
    desk.accept_next(None);
    assert!(desk.server(study_id(1)).assigned_to.is_some());
}

#[test]
fn a_wanted_value_that_somebody_else_set_is_neither_sent_nor_undone() {
    let mut desk = clinic(1);
    colleague_takes(&mut desk, 1);
    desk.press("a o s e i Enter");
    assert!(!desk.has_write());
    assert_eq!(
        desk.notice(),
        "Nothing was sent: CT 1 is already assigned to Osei, Ben"
    );
    desk.press("u");
    assert!(desk.is_refused());
}

#[test]
fn a_read_that_fails_means_not_sent() {
    for failure in [
        Failure::TimedOut,
        Failure::rejected(404, b"", None),
        Failure::rejected(403, b"", None),
        Failure::Unreadable { reason: "r".into() },
    ] {
        let mut desk = clinic(1);
        desk.checks = false;
        desk.press("s h");
        let (ticket, call) = desk.calls.pop().unwrap();
        assert!(matches!(call, Call::GetStudy(_)));
        desk.reply(ticket, Err(failure.clone()));
        assert!(!desk.has_write(), "{failure:?}");
        assert_eq!(desk.model.writes.changes.failed()[0].got, Got::NotSent);
        desk.checks = true;
        desk.press("R");
        assert!(desk.has_write(), "and it can be tried again");
    }
}

#[test]
fn a_record_with_another_uid_is_not_changed() {
    let mut desk = clinic(2);
    desk.checks = false;
    desk.press("s h");
    let (ticket, _) = desk.calls.pop().unwrap();
    let mut other = desk.server(study_id(1)).clone();
    other.study_instance_uid = desk.server(study_id(2)).study_instance_uid.clone();
    desk.reply(ticket, Ok(Reply::Study(Box::new(other))));
    assert!(!desk.has_write());
    assert_eq!(desk.model.writes.changes.failed()[0].got, Got::NotSent);
    let shown = desk.study(study_id(1));
    assert_eq!(shown.uid(), "2.25.1", "nor is it believed");
}

/// Chooses in the list of what waits.
fn decide(desk: &mut Desk, what: &str) {
    desk.press("E Enter");
    desk.type_text(what);
    desk.press("Enter");
}

#[test]
fn theirs_is_kept_or_mine_applied_on_top_of_it() {
    let conflicted = || {
        let mut desk = clinic(1);
        colleague_takes(&mut desk, 1);
        desk.press("a k i m Enter");
        assert_eq!(desk.model.unresolved(), (1, 0));
        desk
    };
    let mut desk = conflicted();
    decide(&mut desk, "theirs");
    assert_eq!(desk.model.unresolved(), (0, 0));
    assert!(!desk.has_write());
    let mut desk = conflicted();
    decide(&mut desk, "mine");
    assert!(desk.has_write());
    desk.accept_next(None);
    let assignee = desk.server(study_id(1)).assigned_to.clone().unwrap();
    assert_eq!(assignee.user_id, user_id(1));
    // Undo returns to what was really there.
    desk.press("u");
    listen(&mut desk);
    desk.press("y");
    desk.accept_next(None);
    let assignee = desk.server(study_id(1)).assigned_to.clone().unwrap();
    assert_eq!(assignee.user_id, user_id(2));
    // If even theirs has changed by then, it is a conflict again.
    let mut desk = conflicted();
    desk.server(study_id(1)).assigned_to = Some(user(3, "Ruiz, Dana"));
    decide(&mut desk, "mine");
    assert!(!desk.has_write());
    assert_eq!(
        desk.model.writes.changes.conflicts()[0].theirs.value(),
        "Ruiz, Dana"
    );
}

#[test]
fn conflicts_and_failures_wait_through_everything_but_a_decision() {
    let mut desk = clinic(3);
    colleague_takes(&mut desk, 1);
    desk.press("a k i m Enter j s h");
    desk.accept_next(Some(Failure::rejected(403, b"", None)));
    assert_eq!(desk.model.unresolved(), (1, 1));
    desk.press("Esc Esc r 2 0 g p g w");
    desk.refresh();
    desk.press("Ctrl-l Enter");
    desk.send(Msg::KeyRead(Ok(())));
    desk.serve();
    assert_eq!(desk.model.unresolved(), (1, 1));
    desk.press("E");
    let Some(Overlay::Picker(picker)) = &desk.model.kernel.layers.overlay else {
        panic!("{}", desk.notice())
    };
    assert_eq!(picker.shown().len(), 2, "each by its name");
    desk.press("Esc");
    // A new change of the same study takes the old question's place.
    desk.press("g g a r u i z Enter");
    assert_eq!(desk.model.unresolved(), (0, 1), "{}", desk.notice());
}

#[test]
fn a_whole_batch_that_failed_says_so_and_can_be_tried_again() {
    let mut desk = clinic(6);
    desk.press("* s h");
    listen(&mut desk);
    desk.press("y");
    desk.answer_writes(|n| (n > 3).then(|| Failure::rejected(422, b"", None)));
    assert!(
        desk.notice()
            .contains("Set 3 of 6 to high; 3 failed, still marked: R retries"),
        "{}",
        desk.notice()
    );
    desk.press("Esc R");
    desk.answer_writes(|_| None);
    assert_eq!(desk.applied.len(), 6);
}

#[test]
fn the_reads_of_a_batch_stay_within_the_budget_and_a_single_one_does_not_wait() {
    let mut desk = Desk::of(
        (1..=250u8)
            .map(|n| study(n).description(&format!("CT {n}")).build())
            .collect(),
    );
    desk.model.kernel.session.refresh.requests_per_minute = 60;
    desk.model.kernel.data.sync = Sync::new(desk.model.kernel.session.refresh);
    let effects = start(&mut desk.model);
    desk.note(effects);
    desk.serve();
    desk.checks = false;
    desk.press("* s h");
    listen(&mut desk);
    desk.type_text("250");
    desk.press("Enter");
    let (mut reads, began) = (0, desk.now);
    let mut in_first_minute = 0;
    while desk.model.writes.changes.pending_count() > 0 {
        let is_mine = |call: &Call| matches!(call, Call::GetStudy(_));
        let checks = desk
            .calls
            .iter()
            .filter(|(ticket, call)| is_mine(call) && desk.is_check(*ticket))
            .count();
        reads += checks;
        if desk.now - began < 60_000 {
            in_first_minute += checks;
        }
        desk.serve();
        while desk.has_write() {
            desk.accept_next(None);
            let checks = desk
                .calls
                .iter()
                .filter(|(ticket, _)| desk.is_check(*ticket))
                .count();
            reads += checks;
            if desk.now - began < 60_000 {
                in_first_minute += checks;
            }
            desk.serve();
        }
        assert!(desk.model.next_wake().is_some(), "it goes on by itself");
        desk.now += 1_000;
        desk.send(Msg::Ticked);
        assert!(desk.now - began < 600_000, "it never ends");
    }
    assert_eq!(reads, 250);
    assert!(
        in_first_minute <= 121,
        "{in_first_minute} reads in a minute"
    );
    assert_eq!(desk.applied.len(), 250);
    // One change by hand goes at once, however much was asked before.
    desk.press("Esc s n");
    assert!(desk.calls.iter().any(|(ticket, _)| desk.is_check(*ticket)));
}

#[test]
fn undo_names_what_was_done_last_even_if_nothing_takes_it_back() {
    let mut desk = clinic(2);
    desk.press("m c");
    desk.accept_next(None);
    desk.press("c");
    desk.type_text("2.25.77");
    desk.press("Tab");
    desk.type_text("MR KNEE");
    desk.press("Ctrl-s");
    desk.serve();
    desk.accept_creation();
    desk.press("u");
    assert!(desk.is_refused());
    assert!(
        desk.notice().contains("Created: MR KNEE") && desk.notice().contains("x cancels it"),
        "{}",
        desk.notice()
    );
    assert!(!desk.has_write());
    desk.press("Esc u");
    listen(&mut desk);
    desk.press("y");
    let (_, update) = desk.write();
    assert_eq!(
        update.study_viewer_status,
        Some(StudyViewerStatus::Incomplete)
    );
    // So with an access that was revoked and with an invitation.
    let mut desk = clinic(1);
    desk.press("g p X");
    listen(&mut desk);
    desk.press("y");
    desk.accept_next(None);
    desk.serve();
    desk.press("u");
    assert!(
        desk.notice().contains("Reactivated: Kim, Ana"),
        "{}",
        desk.notice()
    );
}
