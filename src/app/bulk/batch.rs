//! Batches under way: what may start, how one ends, and trying again.

use crate::app::calls::Purpose;
use crate::app::changes::{About, Batch, BatchId, Event, Failed, Got, Job, Kind, Stage, Step};
use crate::app::{Action, Call, Change, Effect, FollowUp, Model, Tone};
use crate::text::SafeText;
use crate::wire::{GetStudy, Study, StudyId};

use super::ask::count;

pub(in crate::app) fn begin(
    model: &mut Model,
    label: String,
    kind: Kind,
    jobs: Vec<Job>,
) -> Vec<Effect> {
    let batch = add(model, label, kind, jobs);
    pump(model, batch)
}

/// Adds a batch, of which nothing is sent yet.
pub(in crate::app) fn add(model: &mut Model, label: String, kind: Kind, jobs: Vec<Job>) -> BatchId {
    model.writes.changes.begin(label, kind, jobs)
}

/// Starts what may start of a batch; ends the batch when nothing is left of it.
///
/// Each study is read before it is changed. These reads count against the request budget: that of a
/// single change cannot wait, those of a batch take their turn.
pub(in crate::app) fn pump(model: &mut Model, batch: BatchId) -> Vec<Effect> {
    let mut effects = Vec::new();
    while let Some(studies) = model.writes.changes.ready(batch) {
        if studies == 1 {
            model.kernel.data.sync.owe_request(model.kernel.now);
        } else if !model.kernel.data.sync.may_request(model.kernel.now) {
            break;
        }
        let Some(pending) = model.writes.changes.next_job(batch) else {
            break;
        };
        let id = pending.job.study;
        effects.push(read(model, id, Purpose::Check(id)));
    }
    if let Some(over) = model.writes.changes.take_over(batch) {
        let left = over.failed + over.left_alone;
        finish(model, over);
        model
            .kernel
            .follow_ups
            .push(FollowUp::BatchEnded(batch, left));
    }
    effects
}

/// Starts what may start by now of every batch: one may have waited for a study, or for the budget.
pub(in crate::app) fn pump_all(model: &mut Model) -> Vec<Effect> {
    let batches = model.writes.changes.batch_ids();
    batches
        .into_iter()
        .flat_map(|batch| pump(model, batch))
        .collect()
}

pub(in crate::app) fn send(
    model: &mut Model,
    id: StudyId,
    change: &Change,
    now: Option<&Study>,
) -> Effect {
    model.writes.changes.set_stage(id, Stage::Sent);
    model
        .kernel
        .requests
        .start(Purpose::Change(id), change.call(id, now))
}

pub(in crate::app) fn read(model: &mut Model, id: StudyId, purpose: Purpose) -> Effect {
    let call = Call::GetStudy(GetStudy { study_id: id });
    model.kernel.requests.start(purpose, call)
}

/// What a batch did becomes one step of undo, and one line.
fn finish(model: &mut Model, batch: Batch) {
    let (tone, text) = summary(model, &batch);
    if !batch.done.is_empty() {
        let step = Step {
            label: batch.label.clone(),
            at: model.kernel.now,
            entries: batch.done,
            instead: None,
        };
        match batch.kind {
            Kind::Do => model.kernel.history.push(step),
            Kind::Undo => model.kernel.history.push_undone(turned(step)),
            Kind::Redo => model.kernel.history.push_redone(step),
        }
    }
    match text {
        Some(text) => model.inform(tone, &text),
        // What failed, or waits for a decision, has a line of its own.
        None => model.kernel.notice = None,
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

fn summary(model: &Model, batch: &Batch) -> (Tone, Option<String>) {
    let how = match batch.kind {
        Kind::Do => "",
        Kind::Undo => "Undone: ",
        Kind::Redo => "Done again: ",
    };
    if let (1, Some(job)) = (batch.total, &batch.last) {
        return summary_of_one(model, batch, job, how);
    }
    let mut text = format!("{how}{}: ", batch.label);
    let done = batch.done.len();
    if done == batch.total {
        text.push_str(&format!("all {done} done"));
        return (Tone::Good, Some(text));
    }
    text.push_str(&format!("{done} done"));
    if batch.found_done > 0 {
        text.push_str(&format!(", {} so already", batch.found_done));
    }
    if batch.left_alone > 0 {
        text.push_str(&format!(
            ", {} left alone: someone else changed them; {} decides",
            batch.left_alone,
            model.key(Action::ShowUnresolved)
        ));
    }
    if batch.failed > 0 {
        text.push_str(&format!(
            ", {} failed and still marked; {} tries them again",
            batch.failed,
            model.key(Action::RetryFailed)
        ));
    }
    let tone = match batch.failed + batch.left_alone {
        0 => Tone::Good,
        _ => Tone::Bad,
    };
    (tone, Some(text))
}

fn summary_of_one(model: &Model, batch: &Batch, job: &Job, how: &str) -> (Tone, Option<String>) {
    let description = job.description.trim();
    if batch.found_done > 0 {
        let text = format!(
            "Nothing was sent: {description} is {} already",
            job.change.value()
        );
        return (Tone::Info, Some(text));
    }
    let [entry] = batch.done.as_slice() else {
        return (Tone::Bad, None);
    };
    let back = match (batch.kind, &entry.inverse) {
        (Kind::Do | Kind::Redo, Some(_)) => format!("  ({} undoes)", model.key(Action::Undo)),
        (Kind::Do | Kind::Redo, None) => "  (cannot be undone)".into(),
        (Kind::Undo, _) => format!("  ({} does it again)", model.key(Action::Redo)),
    };
    let text = format!("{how}{}: {description}{back}", entry.done.done());
    (Tone::Good, Some(text))
}

/// Notes the end of a job for the activity list, and keeps a study marked that is not done.
pub(in crate::app) fn note(model: &mut Model, job: &Job, trouble: Option<String>) {
    let description = job.description.trim();
    let text = match &trouble {
        None => format!("{}: {description}", job.change.done()),
        Some(trouble) => format!("Not done: {}: {description}. {trouble}", job.change.label()),
    };
    model.kernel.history.note(Event {
        at: model.kernel.now,
        about: About::Study(job.study),
        text: SafeText::clean(&text),
        failed: trouble.is_some(),
    });
    if trouble.is_none() {
        model.kernel.data.studies.unmark(job.study);
    }
}

/// Tries every failed change that was shown again; one that may have been applied is looked up first.
pub(in crate::app) fn retry_failed(model: &mut Model) -> Vec<Effect> {
    let failed = model.writes.changes.take_failed();
    if failed.is_empty() {
        return Vec::new();
    }
    retry(model, failed.into_iter().map(again).collect())
}

/// Sends changes again that waited for a decision.
pub(in crate::app) fn retry(model: &mut Model, jobs: Vec<Job>) -> Vec<Effect> {
    let label = match jobs.as_slice() {
        [first, rest @ ..] if rest.iter().all(|job| job.change == first.change) => {
            first.change.label()
        }
        _ => "trying again".into(),
    };
    model.inform(Tone::Info, &format!("Trying {} again", count(jobs.len())));
    begin(model, label, Kind::Do, jobs)
}

/// A failed change as it is tried again: an earlier attempt may have done it.
pub(in crate::app) fn again(failed: Failed) -> Job {
    Job {
        may_be_done: failed.job.may_be_done || failed.got != Got::NotSent,
        ..failed.job
    }
}
