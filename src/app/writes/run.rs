//! Batches under way: what may start, how one ends, and trying again.

use crate::app::action::Action;
use crate::app::edit::change::Change;
use crate::app::edit::history::{About, Activity, HistoryStep};
use crate::app::edit::job::{BatchId, BatchKind, Got, Job};
use crate::app::kernel::Kernel;
use crate::app::kernel::follow_up::FollowUp;
use crate::app::message::effect::{Call, Effect};
use crate::app::message::purpose::CallPurpose;
use crate::app::widget::notice::Tone;
use crate::app::writes::Writes;
use crate::app::writes::ask::count;
use crate::app::writes::batch::Batch;
use crate::app::writes::changes::{ChangeStage, Failed};
use crate::text::SafeText;
use crate::wire::{GetStudy, Study, StudyId};

pub(in crate::app) fn begin(
    writes: &mut Writes,
    kernel: &mut Kernel,
    label: String,
    kind: BatchKind,
    jobs: Vec<Job>,
) -> Vec<Effect> {
    let batch = add(writes, label, kind, jobs);
    pump(writes, kernel, batch)
}

/// Adds a batch, of which nothing is sent yet.
pub(in crate::app) fn add(
    writes: &mut Writes,
    label: String,
    kind: BatchKind,
    jobs: Vec<Job>,
) -> BatchId {
    writes.changes.begin(label, kind, jobs)
}

/// Starts what may start of a batch; ends the batch when nothing is left of it.
///
/// Each study is read before it is changed. These reads count against the request budget: that of a
/// single change cannot wait, those of a batch take their turn.
pub(in crate::app) fn pump(
    writes: &mut Writes,
    kernel: &mut Kernel,
    batch: BatchId,
) -> Vec<Effect> {
    let mut effects = Vec::new();
    while let Some(studies) = writes.changes.ready(batch) {
        if studies == 1 {
            kernel.data.sync.owe_request(kernel.now);
        } else if !kernel.data.sync.may_request(kernel.now) {
            break;
        }
        let Some(pending) = writes.changes.next_job(batch) else {
            break;
        };
        let id = pending.job.study;
        effects.push(read(kernel, id, CallPurpose::Check(id)));
    }
    if let Some(over) = writes.changes.take_over(batch) {
        let left = over.failed + over.left_alone;
        finish(kernel, over);
        kernel.follow_ups.push(FollowUp::BatchEnded(batch, left));
    }
    effects
}

/// Starts what may start now of every batch: one may have waited for a study, or for the budget.
pub(in crate::app) fn pump_all(writes: &mut Writes, kernel: &mut Kernel) -> Vec<Effect> {
    let batches = writes.changes.batch_ids();
    batches
        .into_iter()
        .flat_map(|batch| pump(writes, kernel, batch))
        .collect()
}

pub(in crate::app) fn send(
    writes: &mut Writes,
    kernel: &mut Kernel,
    id: StudyId,
    change: &Change,
    now: Option<&Study>,
) -> Effect {
    writes.changes.set_stage(id, ChangeStage::Sent);
    kernel
        .requests
        .start(CallPurpose::Change(id), change.call(id, now))
}

pub(in crate::app) fn read(kernel: &mut Kernel, id: StudyId, purpose: CallPurpose) -> Effect {
    let call = Call::GetStudy(GetStudy { study_id: id });
    kernel.requests.start(purpose, call)
}

/// What a batch did becomes one step of undo, and one line.
fn finish(kernel: &mut Kernel, batch: Batch) {
    let (tone, text) = summary(kernel, &batch);
    if !batch.done.is_empty() {
        let step = HistoryStep {
            label: batch.label.clone(),
            at: kernel.now,
            entries: batch.done,
            instead: None,
        };
        match batch.kind {
            BatchKind::Do => kernel.history.push(step),
            BatchKind::Undo => kernel.history.push_undone(turned(step)),
            BatchKind::Redo => kernel.history.push_redone(step),
        }
    }
    match text {
        Some(text) => kernel.inform(tone, &text),
        // What failed, or waits for a decision, has a line of its own.
        None => kernel.notice = None,
    }
}

/// Turns the step of an undo into the step that it undid, so that redo makes that change again.
fn turned(mut step: HistoryStep) -> HistoryStep {
    for entry in &mut step.entries {
        if let Some(inverse) = entry.inverse.take() {
            entry.inverse = Some(std::mem::replace(&mut entry.done, inverse));
        }
    }
    step
}

fn summary(kernel: &Kernel, batch: &Batch) -> (Tone, Option<String>) {
    let how = match batch.kind {
        BatchKind::Do => "",
        BatchKind::Undo => "Undone: ",
        BatchKind::Redo => "Redone: ",
    };
    if let (1, Some(job)) = (batch.total, &batch.last) {
        return summary_of_one(kernel, batch, job, how);
    }
    let done = batch.done.len();
    let how_many = if done == batch.total {
        done.to_string()
    } else {
        format!("{done} of {}", batch.total)
    };
    let mut text = format!("{how}{}", done_to(batch, &how_many));
    if done == batch.total {
        return (Tone::Good, Some(text));
    }
    if batch.found_done > 0 {
        text.push_str(&format!("; {} already done", batch.found_done));
    }
    if batch.left_alone > 0 {
        text.push_str(&format!(
            "; {} not sent, changed by someone else: {} decides",
            batch.left_alone,
            kernel.key(Action::ShowUnresolved)
        ));
    }
    if batch.failed > 0 {
        text.push_str(&format!(
            "; {} failed, still marked: {} retries",
            batch.failed,
            kernel.key(Action::RetryFailed)
        ));
    }
    let tone = match batch.failed + batch.left_alone {
        0 => Tone::Good,
        _ => Tone::Bad,
    };
    (tone, Some(text))
}

/// What a batch did, to so many studies: "Assigned 6 to Kim, Ana".
fn done_to(batch: &Batch, how_many: &str) -> String {
    // An undo is told by what it undid.
    let told = batch.last.as_ref().map(|job| match batch.kind {
        BatchKind::Do | BatchKind::Redo => &job.change,
        BatchKind::Undo => &job.base,
    });
    match told.filter(|change| change.label() == batch.label) {
        Some(change) => change.done_to(how_many),
        None => format!("Retried {how_many}"),
    }
}

fn summary_of_one(kernel: &Kernel, batch: &Batch, job: &Job, how: &str) -> (Tone, Option<String>) {
    let description = job.description.trim();
    if batch.found_done > 0 {
        let text = format!(
            "Nothing was sent: {description} is already {}",
            job.change.state()
        );
        return (Tone::Info, Some(text));
    }
    let [entry] = batch.done.as_slice() else {
        return (Tone::Bad, None);
    };
    let back = match (batch.kind, &entry.inverse) {
        (BatchKind::Do | BatchKind::Redo, Some(_)) => {
            format!("  ({} undoes)", kernel.key(Action::Undo))
        }
        (BatchKind::Do | BatchKind::Redo, None) => "  (cannot be undone)".into(),
        (BatchKind::Undo, _) => format!("  ({} redoes)", kernel.key(Action::Redo)),
    };
    let text = format!("{how}{}: {description}{back}", entry.done.done());
    (Tone::Good, Some(text))
}

/// Notes the end of a job for the activity list, and keeps a study marked that is not done.
pub(in crate::app) fn note(kernel: &mut Kernel, job: &Job, trouble: Option<String>) {
    let description = job.description.trim();
    let text = match &trouble {
        None => format!("{}: {description}", job.change.done()),
        Some(trouble) => format!("Not done: {}: {description}. {trouble}", job.change.label()),
    };
    kernel.history.note(Activity {
        at: kernel.now,
        about: About::Study(job.study),
        text: SafeText::clean(&text),
        failed: trouble.is_some(),
    });
    if trouble.is_none() {
        kernel.data.studies.unmark(job.study);
    }
}

/// Tries every failed change that was shown again; one that may have been applied is looked up first.
pub(in crate::app) fn retry_failed(writes: &mut Writes, kernel: &mut Kernel) -> Vec<Effect> {
    let failed = writes.changes.take_failed();
    if failed.is_empty() {
        return Vec::new();
    }
    retry(writes, kernel, failed.into_iter().map(again).collect())
}

/// Sends changes again that waited for a decision.
pub(in crate::app) fn retry(
    writes: &mut Writes,
    kernel: &mut Kernel,
    jobs: Vec<Job>,
) -> Vec<Effect> {
    let label = match jobs.as_slice() {
        [first, rest @ ..] if rest.iter().all(|job| job.change == first.change) => {
            first.change.label()
        }
        _ => "retry".into(),
    };
    kernel.inform(Tone::Info, &format!("Retrying {}", count(jobs.len())));
    begin(writes, kernel, label, BatchKind::Do, jobs)
}

/// A failed change as it is tried again: an earlier attempt may have done it.
pub(in crate::app) fn again(failed: Failed) -> Job {
    Job {
        may_be_done: failed.job.may_be_done || failed.got != Got::NotSent,
        ..failed.job
    }
}
