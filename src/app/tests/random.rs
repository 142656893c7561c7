//! Whatever happens in whatever order: no panic, a valid cursor, and no change to any other study than
//! the one on screen when the key was pressed.

use proptest::prelude::*;

use super::desk::{Desk, page};
use crate::app::*;
use crate::wire::*;
use crate::worklist::testing::{MINUTE, study};

#[derive(Debug, Clone)]
enum Step {
    Keys(&'static str),
    Resize(u16, u16),
    Arrive(u8),
    Complete(u8),
    Reassign(u8),
    Delete(u8),
    Wait(i64),
    Serve,
    AcceptWrite,
    FailWrite(bool),
    StaleReply,
    Paste,
}

fn step() -> impl Strategy<Value = Step> {
    let keys = prop::sample::select(vec![
        "j",
        "k",
        "G",
        "g g",
        "Ctrl-d",
        "Ctrl-u",
        "PgDn",
        "Enter",
        "p",
        "J",
        "a",
        "k",
        "i",
        "m",
        "Esc",
        "s s",
        "s h",
        "s n",
        "m c",
        "m i",
        "A u",
        "f s",
        "f t",
        "f x",
        "f c",
        "r",
        "/",
        "?",
        "Down",
        "Up",
        "o",
        "!",
        "x",
        "Backspace",
    ]);
    prop_oneof![
        8 => keys.prop_map(Step::Keys),
        1 => (0u16..130, 0u16..45).prop_map(|(w, h)| Step::Resize(w, h)),
        2 => (1u8..40).prop_map(Step::Arrive),
        1 => (1u8..40).prop_map(Step::Complete),
        1 => (1u8..40).prop_map(Step::Reassign),
        1 => (1u8..40).prop_map(Step::Delete),
        2 => (1i64..70_000).prop_map(Step::Wait),
        4 => Just(Step::Serve),
        2 => Just(Step::AcceptWrite),
        1 => any::<bool>().prop_map(Step::FailWrite),
        1 => Just(Step::StaleReply),
        1 => Just(Step::Paste),
    ]
}

/// The study that a change asked for now must go to: the one an open picker was opened for, else the
/// one under the cursor.
fn target(desk: &Desk) -> Option<StudyId> {
    match &desk.model.overlay {
        Some(Overlay::Picker(picker)) => match picker.purpose {
            Purpose::Assign { study } => Some(study),
            _ => desk.model.list.selected(),
        },
        _ => desk.model.list.selected(),
    }
}

fn has_write(desk: &Desk) -> bool {
    desk.calls.iter().any(|(_, call)| call.is_write())
}

fn act(desk: &mut Desk, step: Step) {
    match step {
        Step::Keys(keys) => {
            let (before, known) = (target(desk), desk.calls.len());
            desk.press(keys);
            for (_, call) in &desk.calls[known.min(desk.calls.len())..] {
                if let Call::UpdateStudy(update) = call {
                    assert_eq!(Some(update.study_id), before, "after {keys}");
                }
            }
        }
        Step::Resize(width, height) => desk.send(Msg::Resized(Size { width, height })),
        Step::Arrive(n) => {
            if !desk.clinic.iter().any(|s| s.study_id.as_bytes()[0] == n) {
                let study = study(n).age(i64::from(n) * MINUTE);
                let study = if n % 3 == 0 { study.stat() } else { study };
                desk.clinic.push(study.build());
            }
        }
        Step::Complete(n) => {
            if let Some(study) = nth(desk, n) {
                study.study_viewer_status = StudyViewerStatus::Complete;
            }
        }
        Step::Reassign(n) => {
            if let Some(study) = nth(desk, n) {
                study.severity = Severity::High;
                study.assigned_to = None;
            }
        }
        Step::Delete(n) => desk.clinic.retain(|s| s.study_id.as_bytes()[0] != n),
        Step::Wait(ms) => {
            desk.now += ms;
            desk.send(Msg::Ticked);
        }
        Step::Serve => desk.serve(),
        Step::AcceptWrite => finish_write(desk, None),
        Step::FailWrite(unclear) => {
            let failure = match unclear {
                true => Failure::TimedOut,
                false => Failure::rejected(422, b"", None),
            };
            finish_write(desk, Some(failure));
        }
        Step::StaleReply => {
            let stale = Ok(Reply::Studies(page(vec![study(99).build()])));
            desk.reply(Ticket(u64::MAX), stale);
        }
        Step::Paste => desk.send(Msg::Pasted("s s m c".into())),
    }
}

fn nth(desk: &mut Desk, n: u8) -> Option<&mut Study> {
    desk.clinic
        .iter_mut()
        .find(|study| study.study_id.as_bytes()[0] == n)
}

fn finish_write(desk: &mut Desk, failure: Option<Failure>) {
    let Some(at) = desk.calls.iter().position(|(_, call)| call.is_write()) else {
        return;
    };
    let (ticket, call) = desk.calls.remove(at);
    let Call::UpdateStudy(update) = call else {
        return;
    };
    let known = desk.clinic.iter().any(|s| s.study_id == update.study_id);
    let outcome = match failure {
        Some(failure) => Err(failure),
        None if known => Ok(Reply::Study(Box::new(desk.apply(&update)))),
        None => Err(Failure::rejected(404, b"", None)),
    };
    let before = desk
        .model
        .list
        .store
        .find(update.study_id)
        .map(|study| (study.severity().clone(), study.status().clone()));
    let failed = outcome.is_err();
    desk.reply(ticket, outcome);
    if failed && let Some(study) = desk.model.list.store.find(update.study_id) {
        let after = Some((study.severity().clone(), study.status().clone()));
        assert_eq!(after, before, "a failure changed the row");
    }
}

fn check(desk: &Desk) {
    let list = &desk.model.list;
    match list.selected() {
        Some(id) => {
            let slot = list
                .store
                .slot(id)
                .expect("the cursor is on a study there is");
            assert_eq!(list.rows()[list.cursor()], slot, "the cursor is on its row");
        }
        None => assert!(list.rows().is_empty(), "rows without a cursor"),
    }
    assert!(list.top() <= list.cursor());
    let mut seen = std::collections::HashSet::new();
    assert!(
        list.rows().iter().all(|slot| seen.insert(*slot)),
        "a row twice"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_events_harms(steps in prop::collection::vec(step(), 1..80)) {
        let mut desk = Desk::open((1..12u8).map(|n| study(n).age(i64::from(n) * MINUTE)));
        for step in steps {
            act(&mut desk, step);
            check(&desk);
        }
        desk.press("Esc");
        while has_write(&desk) {
            finish_write(&mut desk, None);
        }
        desk.serve();
        check(&desk);
    }
}
