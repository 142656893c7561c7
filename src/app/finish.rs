//! How a change ends: what its answer proves, and what is done where it proves nothing.

use crate::wire::{Failure, Outcome, Study, StudyId};

use super::calls::Purpose;
use super::changes::{Before, Stage};
use super::{Effect, Model, Tone, bulk};

/// The study was read before its change: it goes out only if nothing speaks against it.
pub(super) fn checked(model: &mut Model, id: StudyId, study: &Study) -> Vec<Effect> {
    model.needs_draw = true;
    model.sync.met(id);
    model.list.upsert(study, true);
    let Some(pending) = model.changes.pending(id).cloned() else {
        return Vec::new();
    };
    let job = pending.job;
    if job.change.is_in(study) {
        return succeed(model, id);
    }
    match &job.before {
        Before::Holds(ours) if !ours.is_in(study) => {
            let message = "someone else has changed it since, and that was left alone";
            let failure = Failure::Unsuccessful {
                message: Some(message.into()),
            };
            fail(model, id, failure, false)
        }
        Before::Holds(_) | Before::UnlessDone | Before::Nothing => {
            vec![bulk::send(model, id, &job.change, Some(study))]
        }
    }
}

/// The server acknowledged without sending the record: it is read, for a row shows records only.
pub(super) fn recheck(model: &mut Model, id: StudyId) -> Vec<Effect> {
    model.changes.set_stage(id, Stage::Rechecking);
    vec![bulk::read(model, id, Purpose::Recheck(id))]
}

/// The server's record after a change: the row shows it, and it must show the change.
pub(super) fn finish(model: &mut Model, id: StudyId, study: &Study, reread: bool) -> Vec<Effect> {
    model.needs_draw = true;
    model.sync.met(id);
    model.list.upsert(study, false);
    let Some(pending) = model.changes.pending(id) else {
        return Vec::new();
    };
    if pending.job.change.is_in(study) {
        return succeed(model, id);
    }
    let message = match reread {
        true => "it was not applied, and nothing was sent again",
        false => "its answer does not show the change",
    };
    let failure = Failure::Unsuccessful {
        message: Some(message.into()),
    };
    fail(model, id, failure, false)
}

fn succeed(model: &mut Model, id: StudyId) -> Vec<Effect> {
    let Some(pending) = model.changes.succeed(id) else {
        return Vec::new();
    };
    bulk::note(model, &pending.job, None);
    bulk::pump(model, pending.batch)
}

/// A change that may have been applied is looked up; it is never sent twice by itself.
pub(super) fn failed(model: &mut Model, id: StudyId, failure: Failure) -> Vec<Effect> {
    model.needs_draw = true;
    match failure.outcome() {
        Outcome::NotApplied => {
            if failure.is_not_found() {
                model.list.vanish(id);
            }
            fail(model, id, failure, false)
        }
        Outcome::Unknown => {
            let text = format!("{}; looking whether it was done", failure.sentence());
            model.inform(Tone::Bad, &text);
            recheck(model, id)
        }
    }
}

/// Records a failure; the batch goes on, unless too many failed in a row.
pub(super) fn fail(
    model: &mut Model,
    id: StudyId,
    failure: Failure,
    unconfirmed: bool,
) -> Vec<Effect> {
    model.needs_draw = true;
    let sentence = failure.sentence();
    let Some(pending) = model.changes.fail(id, failure, unconfirmed) else {
        return Vec::new();
    };
    bulk::note(model, &pending.job, Some(sentence));
    model.notice = None;
    bulk::pump(model, pending.batch)
}
