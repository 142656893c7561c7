//! How a change ends: what its answer proves, and what is done where it proves nothing.

use crate::app::edit::change::{Change, Edit};
use crate::app::edit::draft::Draft;
use crate::app::edit::job::{Got, Job};
use crate::app::edit::shown::Shown;
use crate::app::kernel::Kernel;
use crate::app::message::effect::Effect;
use crate::app::message::purpose::CallPurpose;
use crate::app::widget::defect::{Defect, planted};
use crate::app::widget::notice::Tone;
use crate::app::writes::changes::ChangeStage;
use crate::app::writes::{Writes, run};
use crate::resolve::{Seen, Shows, Step};
use crate::wire::{Failure, Study, StudyId};

/// The study was read before its change: the change is sent only if the server has what the screen showed.
///
/// This narrows the time in which two people can overwrite each other and does not close it: the API has
/// no precondition, and between this read and the write someone else may still change the study.
pub(in crate::app) fn checked(
    writes: &mut Writes,
    kernel: &mut Kernel,
    id: StudyId,
    study: &Study,
) -> Vec<Effect> {
    kernel.needs_draw = true;
    let Some(pending) = writes.changes.pending(id).cloned() else {
        return Vec::new();
    };
    let job = pending.job;
    if !job.is_about(study) {
        let reason = "the server's record has a different Study Instance UID".into();
        return not_sent(writes, kernel, id, Failure::Unreadable { reason });
    }
    kernel.data.sync.met(id);
    kernel.data.studies.upsert(study, true);
    let mut effects = Vec::new();
    if job.may_be_done {
        effects.push(Effect::record_outcome(id, seen(&job, study).found()));
    }
    if study.shows(&job.change) {
        effects.extend(if job.may_be_done {
            succeed(writes, kernel, id)
        } else {
            find_done(writes, kernel, id)
        });
    } else if job.outdated(study).is_some() && !planted(Defect::BaseIsReadAgain) {
        effects.extend(conflict(writes, kernel, id, study));
    } else {
        if let Some(shown) = kernel.data.studies.store.find(id).map(Shown::of)
            && job.inverse.is_some()
            && let Some(inverse) = job.change.inverse_on(&shown)
        {
            writes.changes.set_inverse(id, Some(inverse));
        }
        effects.push(run::send(writes, kernel, id, &job.change, Some(study)));
    }
    effects
}

/// The study could not be read before its change: nothing is sent.
pub(in crate::app) fn not_sent(
    writes: &mut Writes,
    kernel: &mut Kernel,
    id: StudyId,
    failure: Failure,
) -> Vec<Effect> {
    if failure.is_not_found() {
        kernel.data.studies.vanish(id);
    }
    fail(writes, kernel, id, failure, Got::NotSent)
}

/// The server has something else than the screen showed: nothing is sent, and a decision is waited for.
fn conflict(writes: &mut Writes, kernel: &mut Kernel, id: StudyId, study: &Study) -> Vec<Effect> {
    let Some(job) = writes
        .changes
        .pending(id)
        .map(|pending| pending.job.clone())
    else {
        return Vec::new();
    };
    let now = kernel.data.studies.store.find(id).map(Shown::of);
    let outdated = job.outdated(study).unwrap_or(&job.base);
    let theirs = now.and_then(|now| outdated.current(&now));
    // What an edit replaces is in the whole record.
    let theirs = theirs.unwrap_or_else(|| match &job.base {
        Change::Edit(edit) => Change::Edit(Box::new(Edit {
            from: edit.to.clone(),
            to: Draft::of(study),
        })),
        base => base.clone(),
    });
    let Some(pending) = writes.changes.conflict(id, theirs.clone()) else {
        return Vec::new();
    };
    let text = format!("Someone else changed it: {} now", theirs.value());
    run::note(kernel, &pending.job, Some(text));
    kernel.notice = None;
    run::pump_all(writes, kernel)
}

/// Someone else has made the same change in the meantime.
fn find_done(writes: &mut Writes, kernel: &mut Kernel, id: StudyId) -> Vec<Effect> {
    let Some(pending) = writes.changes.find_done(id) else {
        return Vec::new();
    };
    kernel.data.studies.unmark(pending.job.study);
    run::pump_all(writes, kernel)
}

/// The server acknowledged without sending the record: it is read, for a row shows records only.
pub(in crate::app) fn recheck(
    writes: &mut Writes,
    kernel: &mut Kernel,
    id: StudyId,
) -> Vec<Effect> {
    writes.changes.set_stage(id, ChangeStage::Rechecking);
    vec![run::read(kernel, id, CallPurpose::Recheck(id))]
}

/// The server's record after a change: the row shows it, and it must show the change.
pub(in crate::app) fn finish(
    writes: &mut Writes,
    kernel: &mut Kernel,
    id: StudyId,
    study: &Study,
    reread: bool,
) -> Vec<Effect> {
    kernel.needs_draw = true;
    kernel.data.sync.met(id);
    kernel.data.studies.upsert(study, false);
    let Some(pending) = writes.changes.pending(id).cloned() else {
        return Vec::new();
    };
    if reread && let Some(doubt) = pending.driver.doubt() {
        return judge(writes, kernel, id, study, doubt.clone());
    }
    if study.shows(&pending.job.change) {
        return succeed(writes, kernel, id);
    }
    let message = if reread {
        "it was not applied; nothing was sent again"
    } else {
        "its answer does not show the change"
    };
    fail(
        writes,
        kernel,
        id,
        unsuccessful(message.into()),
        Got::NotDone,
    )
}

/// The study was read because it was unknown whether the change was applied.
fn judge(
    writes: &mut Writes,
    kernel: &mut Kernel,
    id: StudyId,
    study: &Study,
    doubt: Failure,
) -> Vec<Effect> {
    let Some(pending) = writes.changes.pending_mut(id) else {
        return Vec::new();
    };
    let seen = seen(&pending.job, study);
    let (found, step) = pending.driver.looked(seen);
    let found = found.map(|found| Effect::record_outcome(id, found));
    let mut effects = Vec::from_iter(found);
    effects.extend(follow(writes, kernel, id, (step, doubt), Some(study)));
    effects
}

/// Does what the driver of a change says after a failure. `study` is the record as it was just read, if it
/// was.
fn follow(
    writes: &mut Writes,
    kernel: &mut Kernel,
    id: StudyId,
    (step, failure): (Step, Failure),
    study: Option<&Study>,
) -> Vec<Effect> {
    let Some(pending) = writes.changes.pending(id) else {
        return Vec::new();
    };
    let change = pending.job.change.clone();
    match (step, study) {
        (Step::Done, _) => succeed(writes, kernel, id),
        (Step::SendOnceMore, _) => {
            kernel.inform(Tone::Info, "It was not applied; sending it once more");
            vec![run::send(writes, kernel, id, &change, study)]
        }
        (Step::Look { .. }, None) => {
            let text = format!("{}; checking whether it was done", failure.sentence());
            kernel.inform(Tone::Bad, &text);
            recheck(writes, kernel, id)
        }
        (Step::Conflict, Some(study)) => conflict(writes, kernel, id, study),
        (Step::NotDone, _) => {
            if study.is_none() && failure.is_not_found() {
                kernel.data.studies.vanish(id);
            }
            fail(writes, kernel, id, failure, Got::NotDone)
        }
        (Step::Unconfirmed | Step::Look { .. } | Step::Conflict, _) => {
            fail(writes, kernel, id, failure, Got::Unconfirmed)
        }
    }
}

fn seen(job: &Job, study: &Study) -> Seen {
    Seen::of_replacement(&job.change, &job.base, study)
}

fn unsuccessful(message: String) -> Failure {
    let message = Some(message);
    Failure::Unsuccessful { message }
}

fn succeed(writes: &mut Writes, kernel: &mut Kernel, id: StudyId) -> Vec<Effect> {
    let Some(pending) = writes.changes.succeed(id) else {
        return Vec::new();
    };
    run::note(kernel, &pending.job, None);
    run::pump_all(writes, kernel)
}

/// A change that may have been applied is looked up before anything else is done about it.
pub(in crate::app) fn failed(
    writes: &mut Writes,
    kernel: &mut Kernel,
    id: StudyId,
    failure: Failure,
) -> Vec<Effect> {
    kernel.needs_draw = true;
    let Some(pending) = writes.changes.pending_mut(id) else {
        return Vec::new();
    };
    let step = pending.driver.failed(&failure);
    follow(writes, kernel, id, (step, failure), None)
}

/// Records a failure; the batch goes on, unless too many failed in a row.
pub(in crate::app) fn fail(
    writes: &mut Writes,
    kernel: &mut Kernel,
    id: StudyId,
    failure: Failure,
    got: Got,
) -> Vec<Effect> {
    kernel.needs_draw = true;
    let sentence = failure.sentence();
    let Some(pending) = writes.changes.fail(id, failure, got) else {
        return Vec::new();
    };
    run::note(kernel, &pending.job, Some(sentence));
    kernel.notice = None;
    run::pump_all(writes, kernel)
}
