//! Batches under way: what may start, how one ends, and trying again.

use crate::app::calls::Purpose;
use crate::app::changes::{About, Batch, BatchId, Before, Event, Failed, Job, Kind, Stage, Step};
use crate::app::{Action, Call, Change, Effect, Model, Tone, access};
use crate::text::SafeText;
use crate::wire::{GetStudy, Study, StudyId};

use super::ask::count;

pub(in crate::app) fn begin(
    model: &mut Model,
    label: String,
    kind: Kind,
    jobs: Vec<Job>,
) -> Vec<Effect> {
    let batch = model.changes.begin(label, kind, jobs);
    pump(model, batch)
}

/// Starts what may start of a batch; ends the batch when nothing is left of it.
pub(in crate::app) fn pump(model: &mut Model, batch: BatchId) -> Vec<Effect> {
    let mut effects = Vec::new();
    while let Some(pending) = model.changes.next_job(batch) {
        let id = pending.job.study;
        effects.push(match pending.stage {
            Stage::Checking => read(model, id, Purpose::Check(id)),
            Stage::Sent | Stage::Rechecking => send(model, id, &pending.job.change, None),
        });
    }
    if let Some(over) = model.changes.take_over(batch) {
        let failed = over.failed;
        finish(model, over);
        access::moved(model, batch, failed);
    }
    effects
}

pub(in crate::app) fn send(
    model: &mut Model,
    id: StudyId,
    change: &Change,
    now: Option<&Study>,
) -> Effect {
    model.changes.set_stage(id, Stage::Sent);
    model.calls.start(Purpose::Change(id), change.call(id, now))
}

pub(in crate::app) fn read(model: &mut Model, id: StudyId, purpose: Purpose) -> Effect {
    let call = Call::GetStudy(GetStudy { study_id: id });
    model.calls.start(purpose, call)
}

/// What a batch did becomes one step of undo, and one line.
fn finish(model: &mut Model, batch: Batch) {
    let (done, failed) = (batch.done.len(), batch.failed);
    let step = Step {
        label: batch.label.clone(),
        at: model.now,
        entries: batch.done,
    };
    let text = summary(model, &step, batch.kind, failed);
    if done > 0 {
        match batch.kind {
            Kind::Do => model.changes.history.push(step),
            Kind::Undo => model.changes.history.push_undone(turned(step)),
            Kind::Redo => model.changes.history.push_redone(step),
        }
    }
    if failed == 0 || done > 0 {
        model.inform(if failed == 0 { Tone::Good } else { Tone::Bad }, &text);
    } else {
        model.notice = None;
    }
}

/// An undo's own step, read the way of the step that it undid, so that redo does that again.
fn turned(mut step: Step) -> Step {
    for entry in &mut step.entries {
        if let Some(inverse) = entry.inverse.take() {
            entry.inverse = Some(std::mem::replace(&mut entry.done, inverse));
        }
    }
    step
}

fn summary(model: &Model, step: &Step, kind: Kind, failed: usize) -> String {
    let how = match kind {
        Kind::Do => "",
        Kind::Undo => "Undone: ",
        Kind::Redo => "Done again: ",
    };
    match (step.entries.as_slice(), failed) {
        ([entry], 0) => {
            let back = match (kind, &entry.inverse) {
                (Kind::Do | Kind::Redo, Some(_)) => {
                    format!("  ({} undoes)", model.key(Action::Undo))
                }
                (Kind::Do | Kind::Redo, None) => "  (cannot be undone)".into(),
                (Kind::Undo, _) => format!("  ({} does it again)", model.key(Action::Redo)),
            };
            format!(
                "{how}{}: {}{back}",
                entry.done.done(),
                entry.description.trim()
            )
        }
        (entries, 0) => format!("{how}{}: all {} done", step.label, entries.len()),
        (entries, failed) => format!(
            "{how}{}: {} done, {failed} failed and still marked; {} tries them again",
            step.label,
            entries.len(),
            model.key(Action::RetryFailed)
        ),
    }
}

/// Notes the end of a job for the activity list, and keeps a failed study marked for another try.
pub(in crate::app) fn note(model: &mut Model, job: &Job, failure: Option<String>) {
    let text = match &failure {
        None => format!("{}: {}", job.change.done(), job.description.trim()),
        Some(failure) => format!(
            "Not done: {}: {}. {failure}",
            job.change.label(),
            job.description.trim()
        ),
    };
    model.changes.history.note(Event {
        at: model.now,
        about: About::Study(job.study),
        text: SafeText::clean(&text),
        failed: failure.is_some(),
    });
    if failure.is_none() {
        model.list.unmark(job.study);
    }
}

/// Tries every failed change again; one that may have been applied is looked up first.
pub(in crate::app) fn retry_failed(model: &mut Model) -> Vec<Effect> {
    let mut effects = access::retry_failed(model);
    let failed = model.changes.take_failed();
    if failed.is_empty() {
        let text = match effects.is_empty() {
            true => "Nothing has failed",
            false => "Trying again",
        };
        model.inform(Tone::Info, text);
        return effects;
    }
    let jobs: Vec<Job> = failed
        .into_iter()
        .filter(|failed| !model.is_busy(failed.job.study))
        .map(again)
        .collect();
    let label = match jobs.as_slice() {
        [first, rest @ ..] if rest.iter().all(|job| job.change == first.change) => {
            first.change.label()
        }
        _ => "trying again".into(),
    };
    model.inform(Tone::Info, &format!("Trying {} again", count(jobs.len())));
    effects.extend(begin(model, label, Kind::Do, jobs));
    effects
}

fn again(failed: Failed) -> Job {
    let mut job = failed.job;
    if job.before == Before::Nothing {
        job.before = Before::UnlessDone;
    }
    job
}
