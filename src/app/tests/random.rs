//! Whatever happens in whatever order: no panic, a valid cursor, and no change to any other study than
//! the one on screen when the key was pressed.

use crate::app::edit::record;
use crate::app::widget::form as widget_form;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

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
    PasteUid(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let keys = prop::sample::select(vec![
        "j",
        "k",
        "G",
        "g g",
        "g w",
        "g p",
        "g i",
        "r e v o k e Enter",
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
        "Ctrl-g",
        "g u",
        "y r",
        "c",
        "e",
        "Tab",
        "Ctrl-s",
        "y",
        "n",
        "t",
        "1",
        "5",
        "0",
        "]",
        "H",
        "V",
        "S",
        "C",
        ":",
        "Tab",
        "Shift-Tab",
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
        2 => (1u8..40).prop_map(Step::PasteUid),
    ]
}

/// The studies that a change made now may apply to, as the person sees it.
#[derive(Debug, Clone, Default)]
struct Aim {
    studies: Vec<StudyId>,
    /// The row of the study under the cursor, by which a careless program would remember it.
    row: usize,
}

impl Aim {
    fn of(desk: &Desk) -> Self {
        let list = &desk.model.kernel.data.studies;
        let (shown, hidden) = list.marked();
        let looked_up = desk.model.kernel.looked_up();
        let studies = match &desk.model.kernel.layers.overlay {
            _ if desk.model.kernel.is_looking() => looked_up.into_iter().collect(),
            Some(Overlay::Picker(picker)) => match &picker.purpose {
                PickerPurpose::Assign {
                    targets: SelectedStudies::One(study),
                } => vec![study.id],
                _ => list.selected().into_iter().chain(shown).collect(),
            },
            Some(Overlay::Form(form)) => match form.task {
                widget_form::Task::Edit {
                    subject: record::Subject::Study(study_id),
                    ..
                } => vec![study_id],
                widget_form::Task::CreateStudy
                | widget_form::Task::Edit { .. }
                | widget_form::Task::Invite(_) => Vec::new(),
            },
            Some(Overlay::Confirm(confirm)) => match &confirm.action {
                ConfirmedAction::Change { jobs, hidden, .. } => {
                    jobs.iter().chain(hidden).map(|job| job.study).collect()
                }
                ConfirmedAction::Rehome { jobs, .. } => jobs.iter().map(|job| job.study).collect(),
                ConfirmedAction::Access(_) | ConfirmedAction::Open(_) => Vec::new(),
            },
            _ if shown.is_empty() && hidden.is_empty() => list.selected().into_iter().collect(),
            _ => Vec::new(),
        };
        Self {
            studies,
            row: list.cursor(),
        }
    }

    /// Whether the row now shows another study than the one aimed at.
    fn row_has_changed(&self, desk: &Desk) -> bool {
        let list = &desk.model.kernel.data.studies;
        let now = list
            .rows()
            .get(self.row)
            .map(|slot| list.store.get(*slot).id());
        self.studies.len() == 1 && now != self.studies.first().copied()
    }
}

/// Presses keys one by one. A sequence aims at what was shown at its first key, whatever happens
/// before its last. Returns whether remembering a row would have hit another study.
fn press(desk: &mut Desk, keys: &str, aim: &mut Aim) -> bool {
    let mut astray = false;
    for key in keys.split(' ') {
        if desk.model.kernel.typed.is_empty() {
            *aim = Aim::of(desk);
        }
        let known = desk.calls.len();
        let failed: Vec<StudyId> = desk
            .model
            .writes
            .changes
            .failed()
            .iter()
            .map(|failed| failed.job.study)
            .collect();
        let row_has_changed = aim.row_has_changed(desk);
        desk.press(key);
        for (_, call) in &desk.calls[known.min(desk.calls.len())..] {
            let Some(written) = target_of(call) else {
                continue;
            };
            let again = key == "R" && failed.contains(&written);
            assert!(
                again || aim.studies.contains(&written),
                "{key} wrote to {written}, not to {:?}",
                aim.studies
            );
            astray |= row_has_changed;
        }
    }
    astray
}

fn target_of(call: &Call) -> Option<StudyId> {
    match call {
        Call::UpdateStudy(update) => Some(update.study_id),
        Call::CancelStudy(cancel) => cancel.0.study_id,
        Call::UncancelStudy(uncancel) => uncancel.0.study_id,
        Call::CreateStudy(_)
        | Call::InviteUser(_)
        | Call::UpdateUser(_)
        | Call::UpdateInvitation(_)
        | Call::RevokeAccess(_)
        | Call::ReactivateUser(_)
        | Call::RevokeInvitation(_)
        | Call::ListStudies(_)
        | Call::GetStudy(_)
        | Call::GetStudyByUid(_)
        | Call::RerouteUrl(_)
        | Call::ListUsers(_)
        | Call::GetUser(_)
        | Call::ListInvitations(_)
        | Call::GetInvitation(_) => None,
    }
}

/// The study that the open form edits.
fn edited(desk: &Desk) -> Option<StudyId> {
    match &desk.model.kernel.layers.overlay {
        Some(Overlay::Form(form)) => match form.task {
            widget_form::Task::Edit {
                subject: record::Subject::Study(study_id),
                ..
            } => Some(study_id),
            widget_form::Task::CreateStudy
            | widget_form::Task::Edit { .. }
            | widget_form::Task::Invite(_) => None,
        },
        _ => None,
    }
}

fn has_write(desk: &Desk) -> bool {
    desk.calls.iter().any(|(_, call)| call.is_write())
}

fn act(desk: &mut Desk, step: Step, aim: &mut Aim) -> bool {
    match step {
        Step::Keys(keys) => return press(desk, keys, aim),
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
        Step::Serve => {
            // A form's PATCH leaves when its last read is answered, and goes to its own study. What was
            // sent before may be sent once more.
            let edited = edited(desk);
            let left: Vec<String> = (desk.model.kernel.layers.left_forms.iter())
                .filter_map(|form| match form.task {
                    widget_form::Task::Edit { subject, .. } => Some(subject.to_string()),
                    widget_form::Task::CreateStudy | widget_form::Task::Invite(_) => None,
                })
                .collect();
            let changing = desk.model.writes.changes.clone();
            let waiting: Vec<Ticket> = desk.calls.iter().map(|(ticket, _)| *ticket).collect();
            desk.serve();
            for (ticket, call) in &desk.calls {
                if let Call::UpdateStudy(update) = call
                    && !waiting.contains(ticket)
                    && changing.pending(update.study_id).is_none()
                    && !left.contains(&update.study_id.to_string())
                {
                    assert_eq!(
                        Some(update.study_id),
                        edited,
                        "a form changed another study"
                    );
                }
            }
        }
        Step::AcceptWrite => finish_write(desk, None),
        Step::FailWrite(unclear) => {
            let failure = if unclear {
                Failure::TimedOut
            } else {
                Failure::rejected(422, b"", None)
            };
            finish_write(desk, Some(failure));
        }
        Step::StaleReply => {
            let stale = Ok(Reply::Studies(page(vec![study(99).build()])));
            desk.reply(Ticket(u64::MAX), stale);
        }
        Step::Paste => desk.send(Msg::Pasted("s s m c".into())),
        Step::PasteUid(n) => {
            let uid = study(n).build().study_instance_uid;
            desk.send(Msg::Pasted(uid.as_str().into()));
        }
    }
    false
}

fn nth(desk: &mut Desk, n: u8) -> Option<&mut Study> {
    desk.clinic
        .iter_mut()
        .find(|study| study.study_id.as_bytes()[0] == n)
}

fn finish_write(desk: &mut Desk, failure: Option<Failure>) {
    let Some((_, call)) = desk.calls.iter().find(|(_, call)| call.is_write()) else {
        return;
    };
    let Some(id) = target_of(call) else {
        desk.accept_next(failure);
        return;
    };
    let known = desk.clinic.iter().any(|study| study.study_id == id);
    let failure = failure.or_else(|| (!known).then(|| Failure::rejected(404, b"", None)));
    let failed = failure.is_some();
    let shown = |desk: &Desk| {
        let study = desk.model.kernel.data.studies.store.find(id)?;
        Some((
            study.severity().clone(),
            study.status().clone(),
            study.is_cancelled(),
        ))
    };
    let before = shown(desk);
    // The read before the next change of the study, which waits for this one, may bring news of its own.
    desk.checks = false;
    desk.accept_next(failure);
    if failed && desk.model.kernel.data.studies.store.find(id).is_some() {
        assert_eq!(shown(desk), before, "a failure changed the row");
    }
    desk.checks = true;
    desk.serve_checks();
}

fn check(desk: &Desk) {
    let list = &desk.model.kernel.data.studies;
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

/// Runs a sequence of steps. Returns how often remembering a row would have hit another study.
fn run(steps: Vec<Step>) -> usize {
    let mut desk = Desk::open((1..12u8).map(|n| study(n).age(i64::from(n) * MINUTE)));
    let mut aim = Aim::default();
    let mut astray = 0;
    for step in steps {
        astray += usize::from(act(&mut desk, step, &mut aim));
        check(&desk);
    }
    desk.press("Esc Esc Esc");
    while has_write(&desk) {
        finish_write(&mut desk, None);
        desk.serve();
    }
    check(&desk);
    astray
}

#[test]
fn no_order_of_events_harms() {
    let astray = AtomicUsize::new(0);
    let config = ProptestConfig {
        cases: 10_000,
        ..ProptestConfig::default()
    };
    TestRunner::new(config)
        .run(&prop::collection::vec(step(), 1..40), |steps| {
            astray.fetch_add(run(steps), Ordering::Relaxed);
            Ok(())
        })
        .unwrap();
    // The counter-check: a program that remembers rows instead of studies would have failed here.
    assert!(
        astray.into_inner() > 0,
        "these events never moved a row under a key"
    );
}
