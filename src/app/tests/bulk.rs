//! Marks, bulk changes, cancelling, undo and repeat.

use proptest::prelude::*;

use super::desk::Desk;
use crate::app::widget::confirm::KEYS_IGNORED_FOR;
use crate::app::*;
use crate::wire::*;
use crate::worklist::testing::{MINUTE, study, study_id};

fn clinic(count: u8) -> Desk {
    Desk::open((1..=count).map(|n| {
        study(n)
            .description(&format!("CT {n}"))
            .age(i64::from(250 - n) * MINUTE)
    }))
}

/// Lets the moment pass in which a question hears no key.
fn listen(desk: &mut Desk) {
    desk.now += KEYS_IGNORED_FOR;
    desk.send(Msg::Ticked);
}

/// Accepts every write that waits, as long as there are any.
fn accept_all(desk: &mut Desk) {
    while desk.has_write() {
        desk.accept_next(None);
        desk.serve();
    }
}

fn severities(desk: &mut Desk) -> Vec<String> {
    desk.clinic
        .iter()
        .map(|study| study.severity.to_string())
        .collect()
}

#[test]
fn ten_marked_are_assigned_with_a_preview_in_eight_keys() {
    let mut desk = clinic(10);
    desk.press("* a k i m Enter");
    assert!(
        !desk.has_write(),
        "nothing goes out before the preview is confirmed"
    );
    let Some(Overlay::Confirm(confirm)) = &desk.model.kernel.layers.overlay else {
        panic!("no preview");
    };
    assert!(!confirm.on_act);
    assert_eq!(confirm.title.as_str(), "assign to Kim, Ana: 10 studies");
    let layout = confirm.layout(60, 20).unwrap();
    assert_eq!(layout.lines.last().unwrap(), "+5 more");
    listen(&mut desk);
    desk.press("y");
    accept_all(&mut desk);
    assert!(desk.clinic.iter().all(|study| study.assigned_to.is_some()));
    assert_eq!(desk.notice(), "Assigned 10 to Kim, Ana");
    assert!(!desk.model.kernel.data.studies.has_marks());
}

#[test]
fn more_than_ten_ask_for_their_number() {
    let mut desk = clinic(12);
    desk.press("* s s");
    listen(&mut desk);
    desk.press("y Enter");
    assert!(!desk.has_write());
    desk.press("* s s");
    let mut desk = clinic(12);
    desk.press("* s s");
    listen(&mut desk);
    desk.press("1 2 Enter");
    assert!(desk.has_write());
}

#[test]
fn at_most_four_requests_are_under_way() {
    let mut desk = clinic(9);
    desk.press("* s s");
    listen(&mut desk);
    desk.press("y");
    assert_eq!(desk.writes(), 4);
    desk.accept_next(None);
    assert_eq!(desk.writes(), 4);
}

#[test]
fn five_failures_in_a_row_stop_a_batch_and_a_retry_completes_it() {
    let mut desk = clinic(20);
    desk.press("* s s");
    listen(&mut desk);
    desk.press("2 0 Enter");
    for _ in 0..5 {
        desk.accept_next(Some(Failure::rejected(403, b"", None)));
        desk.serve();
    }
    accept_all(&mut desk);
    assert!(desk.model.writes.changes.failed().len() >= 5 + 12);
    let marked = desk.model.kernel.data.studies.marked().0.len();
    assert_eq!(
        marked,
        desk.model.writes.changes.failed().len(),
        "failures stay marked"
    );
    desk.press("R");
    desk.serve();
    accept_all(&mut desk);
    assert!(desk.model.writes.changes.failed().is_empty());
    assert!(
        severities(&mut desk)
            .iter()
            .all(|severity| severity == "stat")
    );
}

#[test]
fn five_hundred_with_every_fifth_unclear_finish_without_help() {
    let mut desk = large_clinic(500);
    desk.press("* s s");
    listen(&mut desk);
    desk.press("5 0 0 Enter");
    desk.answer_writes(|n| (n % 5 == 0).then(|| Failure::rejected(503, b"", None)));
    assert!(desk.model.writes.changes.failed().is_empty());
    assert_eq!(desk.applied.len(), 500);
    assert!(desk.applied.values().all(|times| *times == 1));
}

/// A clinic of more studies than a byte can number.
fn large_clinic(count: u16) -> Desk {
    let studies = (1..=count).map(|n| {
        let mut id = [0; 16];
        id[..2].copy_from_slice(&n.to_be_bytes());
        let mut study = study(1).description(&format!("CT {n}")).build();
        study.study_id = StudyId::from_bytes(id);
        study
    });
    let mut desk = Desk::of(studies.collect());
    desk.serve();
    desk
}

#[test]
fn five_hundred_with_every_fifth_failing_are_each_applied_exactly_once() {
    let mut desk = large_clinic(500);
    desk.press("* s s");
    listen(&mut desk);
    desk.press("5 0 0 Enter");
    desk.answer_writes(|n| (n % 5 == 0).then(|| Failure::rejected(429, b"", None)));
    assert_eq!(desk.model.writes.changes.failed().len(), 100);
    assert_eq!(
        desk.model.kernel.data.studies.marked().0.len(),
        100,
        "failures stay marked"
    );
    desk.press("R");
    desk.answer_writes(|_| None);
    assert!(desk.model.writes.changes.failed().is_empty());
    assert!(
        severities(&mut desk)
            .iter()
            .all(|severity| severity == "stat")
    );
    assert_eq!(desk.applied.len(), 500);
    assert!(desk.applied.values().all(|times| *times == 1));
}

#[test]
fn a_write_that_was_applied_without_an_answer_is_not_sent_again_by_a_retry() {
    let mut desk = clinic(1);
    desk.press("s s");
    let (ticket, update) = desk.write();
    desk.apply(&update);
    desk.reply(ticket, Err(Failure::TimedOut));
    let (ticket, _) = desk.calls.pop().unwrap();
    desk.reply(ticket, Err(Failure::TimedOut));
    assert!(desk.model.writes.changes.failed()[0].got == Got::Unconfirmed);
    desk.press("R");
    desk.serve();
    assert!(!desk.has_write());
    assert!(desk.model.writes.changes.failed().is_empty());
    assert!(desk.notice().starts_with("Severity is now stat"));
}

#[test]
fn marks_survive_refresh_and_filter_and_hidden_ones_are_left_out() {
    let mut desk = clinic(6);
    desk.press("Space Space Space");
    desk.refresh();
    assert_eq!(desk.model.kernel.data.studies.marked().0.len(), 3);
    desk.press("/");
    desk.type_text("desc:\"ct 1\"");
    desk.press("Enter");
    let (shown, hidden) = desk.model.kernel.data.studies.marked();
    assert_eq!((shown.len(), hidden.len()), (1, 2));
    desk.press("s s");
    listen(&mut desk);
    desk.press("y");
    accept_all(&mut desk);
    assert_eq!(severities(&mut desk)[..3], ["stat", "normal", "normal"]);
}

#[test]
fn hidden_studies_are_included_on_request() {
    let mut desk = clinic(6);
    desk.press("Space Space Space /");
    desk.type_text("desc:\"ct 1\"");
    desk.press("Enter s s");
    listen(&mut desk);
    desk.press("h");
    listen(&mut desk);
    desk.press("y");
    accept_all(&mut desk);
    assert_eq!(
        severities(&mut desk)[..4],
        ["stat", "stat", "stat", "normal"]
    );
}

#[test]
fn a_range_runs_from_where_it_began_to_the_cursor() {
    let mut desk = clinic(8);
    desk.press("j v j j");
    assert_eq!(desk.model.kernel.data.studies.marked().0.len(), 3);
    desk.press("v G");
    assert_eq!(desk.model.kernel.data.studies.marked().0.len(), 3);
    desk.press("Esc");
    assert!(!desk.model.kernel.data.studies.has_marks());
}

#[test]
fn repeat_takes_one_key() {
    let mut desk = clinic(3);
    desk.press("a k i m Enter");
    accept_all(&mut desk);
    desk.press("j .");
    accept_all(&mut desk);
    let assigned: Vec<bool> = desk
        .clinic
        .iter()
        .map(|study| study.assigned_to.is_some())
        .collect();
    assert_eq!(assigned, [true, true, false]);
}

#[test]
fn a_preview_says_what_each_study_had_unless_that_is_plain() {
    for (keys, says_from) in [("* s h", true), ("* x", false)] {
        let mut desk = clinic(3);
        desk.press(keys);
        let Some(Overlay::Confirm(confirm)) = &desk.model.kernel.layers.overlay else {
            panic!("no question");
        };
        let from = |line: &crate::text::SafeText| line.contains("(from ");
        assert_eq!(confirm.lines.all().any(from), says_from, "{keys}");
    }
}

#[test]
fn cancelling_asks_on_the_safe_button_and_stat_asks_for_the_word() {
    let mut desk = clinic(2);
    desk.press("x");
    let Some(Overlay::Confirm(confirm)) = &desk.model.kernel.layers.overlay else {
        panic!("no question");
    };
    assert_eq!(
        (confirm.safe, confirm.act, confirm.on_act),
        ("Keep study", "Cancel study", false)
    );
    desk.press("y Enter");
    assert!(!desk.has_write(), "keys typed too soon do not count");
    listen(&mut desk);
    desk.press("Enter");
    assert!(!desk.has_write() && desk.model.kernel.layers.overlay.is_none());
    desk.press("x");
    listen(&mut desk);
    desk.press("y");
    accept_all(&mut desk);
    assert!(desk.server(study_id(1)).is_cancelled);
    let mut desk = Desk::open([study(1).stat()]);
    desk.press("x");
    listen(&mut desk);
    desk.press("y");
    assert!(!desk.has_write());
    desk.press("Backspace c a n c e l Enter");
    accept_all(&mut desk);
    assert!(desk.server(study_id(1)).is_cancelled);
}

#[test]
fn uncancelling_takes_two_keys() {
    let mut desk = Desk::open([study(1).cancelled(), study(2)]);
    desk.press("f c");
    desk.serve();
    desk.press("X");
    listen(&mut desk);
    desk.press("y");
    accept_all(&mut desk);
    assert!(!desk.server(study_id(1)).is_cancelled);
}

#[test]
fn undo_after_undo_restores_the_server_exactly() {
    let mut desk = clinic(4);
    let before = desk.clinic.clone();
    for keys in ["s h", "j a o s e i Enter", "m c", "j s s"] {
        desk.press(keys);
        accept_all(&mut desk);
    }
    desk.press("j x");
    listen(&mut desk);
    desk.press("y");
    accept_all(&mut desk);
    assert_ne!(desk.clinic, before);
    for _ in 0..5 {
        desk.press("u");
        listen(&mut desk);
        desk.press("y");
        desk.serve();
        accept_all(&mut desk);
    }
    assert_eq!(desk.clinic, before);
    desk.press("u");
    assert_eq!(desk.notice(), "Nothing to undo");
}

#[test]
fn a_bulk_is_one_step_and_redo_does_it_again() {
    let mut desk = clinic(5);
    desk.press("* s s");
    listen(&mut desk);
    desk.press("y");
    accept_all(&mut desk);
    for (keys, expected) in [("u", "normal"), ("U", "stat"), ("u", "normal")] {
        desk.press(keys);
        listen(&mut desk);
        desk.press("y");
        desk.serve();
        accept_all(&mut desk);
        assert!(
            severities(&mut desk)
                .iter()
                .all(|severity| severity == expected),
            "{keys}"
        );
    }
}

#[test]
fn undo_leaves_a_later_change_by_someone_else_alone() {
    let mut desk = clinic(1);
    desk.press("s h");
    accept_all(&mut desk);
    desk.server(study_id(1)).severity = Severity::Stat;
    desk.press("u");
    listen(&mut desk);
    desk.press("y");
    desk.serve();
    assert!(!desk.has_write());
    assert_eq!(desk.server(study_id(1)).severity, Severity::Stat);
    let conflict = &desk.model.writes.changes.conflicts()[0];
    assert_eq!(conflict.theirs, Change::Severity(Severity::Stat));
}

#[test]
fn the_activity_lists_what_was_done_and_what_failed() {
    let mut desk = clinic(2);
    desk.press("s h");
    accept_all(&mut desk);
    desk.press("j s s");
    desk.accept_next(Some(Failure::rejected(403, b"", None)));
    desk.press("@");
    let Some(Overlay::Picker(picker)) = &desk.model.kernel.layers.overlay else {
        panic!("no list");
    };
    let lines: Vec<&str> = picker.shown().map(|item| item.label.as_str()).collect();
    assert!(
        lines[0].starts_with("! ") && lines[0].contains("Not done"),
        "{lines:?}"
    );
    assert!(lines[1].contains("Severity is now high: CT 1"), "{lines:?}");
}

#[test]
fn marked_studies_open_one_link_at_a_time() {
    let mut desk = clinic(3);
    desk.press("* o");
    listen(&mut desk);
    desk.press("y");
    let links = |desk: &Desk| {
        desk.calls
            .iter()
            .filter(|(_, call)| matches!(call, Call::RerouteUrl(_)))
            .count()
    };
    assert_eq!(links(&desk), 1);
    desk.serve();
    let opened = desk
        .effects
        .iter()
        .filter(|effect| matches!(effect, Effect::OpenLink(_)))
        .count();
    assert_eq!(opened, 3);
}

#[test]
fn an_unknown_severity_cannot_be_put_back() {
    let mut desk = Desk::open([study(1).severity("critical")]);
    desk.press("s h");
    accept_all(&mut desk);
    assert!(
        desk.notice().contains("cannot be undone"),
        "{}",
        desk.notice()
    );
    desk.press("u");
    assert!(desk.is_refused());
    assert!(desk.notice().contains("severity high"), "{}", desk.notice());
}

/// Confirms whatever is asked and lets the server do what it is sent.
fn go_through(desk: &mut Desk, keys: &str) {
    desk.press(keys);
    if let Some(Overlay::Confirm(confirm)) = &desk.model.kernel.layers.overlay {
        let word = confirm.word.as_ref().map(|(word, _)| word.clone());
        listen(desk);
        match word {
            Some(word) => {
                desk.type_text(&word);
                desk.press("Enter");
            }
            None => desk.press("y"),
        }
    }
    desk.serve();
    accept_all(desk);
    desk.press("Esc");
}

fn some_work() -> impl Strategy<Value = Vec<&'static str>> {
    let keys = prop::sample::select(vec![
        "s s",
        "s h",
        "s n",
        "m c",
        "m i",
        "x",
        "X",
        "A u",
        "a k i m Enter",
        "a o s e i Enter",
        ".",
        "j",
        "k",
        "G",
        "Space",
        "Space",
        "f s s t a t Enter",
        "f t a n y Enter",
        "f x",
        "r",
    ]);
    prop::collection::vec(keys, 1..30)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn undo_after_undo_restores_the_server_whatever_was_done(work in some_work()) {
        let mut desk = Desk::open((1..6u8).map(|n| study(n).age(i64::from(n) * MINUTE).meta("a", "b")));
        let before = desk.clinic.clone();
        for keys in work {
            go_through(&mut desk, keys);
        }
        while desk.model.kernel.history.last().is_some() {
            go_through(&mut desk, "u");
        }
        prop_assert_eq!(desk.clinic, before);
    }

    #[test]
    fn marks_and_cursor_survive_whatever_the_server_does(
        marks in prop::collection::vec(0..8usize, 1..6),
        changes in prop::collection::vec((1..12u8, 0..4u8), 1..12),
    ) {
        let mut desk = clinic(8);
        for row in marks {
            desk.press("g g");
            for _ in 0..row {
                desk.press("j");
            }
            desk.press("Space");
        }
        let marked = |desk: &Desk| {
            let (shown, hidden) = desk.model.kernel.data.studies.marked();
            let mut all: Vec<StudyId> = shown.into_iter().chain(hidden).collect();
            all.sort_unstable();
            all
        };
        let (before, cursor) = (marked(&desk), desk.selected());
        for (n, what) in changes {
            let known = desk.clinic.iter_mut().find(|s| s.study_id == study_id(n));
            match (known, what) {
                (Some(study), 0) => study.severity = Severity::Stat,
                (Some(study), 1) => study.study_viewer_status = StudyViewerStatus::Complete,
                (Some(study), _) => study.study_description.push('!'),
                (None, _) => desk.clinic.push(study(n).stat().build()),
            }
            desk.refresh();
        }
        prop_assert_eq!(marked(&desk), before);
        prop_assert_eq!(desk.selected(), cursor);
    }
}
