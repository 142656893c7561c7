//! How a change ends: what its answer proves, and what is done where it proves nothing.

use crate::settle::{Next, Seen, Verdict};
use crate::wire::{Failure, Study, StudyId};

use super::calls::Purpose;
use super::changes::{Before, Job, Stage};
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
    let mut effects = Vec::new();
    if job.before == Before::UnlessDone {
        effects.push(Effect::settle(id, seen(&job, study).found()));
    }
    if job.change.is_in(study) {
        effects.extend(succeed(model, id));
    } else if is_overtaken(&job, study) {
        let message = "someone else has changed it since, and that was left alone";
        effects.extend(fail(model, id, unsuccessful(message.into()), false));
    } else {
        effects.push(bulk::send(model, id, &job.change, Some(study)));
    }
    effects
}

/// What the job began with is no longer so.
fn is_overtaken(job: &Job, study: &Study) -> bool {
    let base = match &job.before {
        Before::Nothing => None,
        Before::Holds(ours) => Some(ours),
        Before::UnlessDone => job.inverse.as_ref(),
    };
    base.is_some_and(|base| !base.is_in(study))
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
    let Some(pending) = model.changes.pending(id).cloned() else {
        return Vec::new();
    };
    if reread && let Some(doubt) = pending.trial.doubt() {
        return judge(model, id, study, doubt.clone());
    }
    if pending.job.change.is_in(study) {
        return succeed(model, id);
    }
    let message = match reread {
        true => "it was not applied, and nothing was sent again",
        false => "its answer does not show the change",
    };
    fail(model, id, unsuccessful(message.into()), false)
}

/// The study was read because nobody knew whether the change was applied.
fn judge(model: &mut Model, id: StudyId, study: &Study, doubt: Failure) -> Vec<Effect> {
    let Some(job) = model.changes.pending(id).map(|pending| pending.job.clone()) else {
        return Vec::new();
    };
    let seen = seen(&job, study);
    let verdict = model.changes.trial(id).map(|trial| trial.verdict(seen));
    let mut effects = vec![Effect::settle(id, seen.found())];
    effects.extend(match verdict {
        Some(Verdict::Done) => succeed(model, id),
        Some(Verdict::SendOnceMore) => {
            let text = "It was not applied; it is sent once more";
            model.inform(Tone::Info, text);
            vec![bulk::send(model, id, &job.change, Some(study))]
        }
        Some(Verdict::NotDone) => fail(model, id, doubt, false),
        Some(Verdict::Conflict) => {
            let message = overtaken(model, id, &job);
            fail(model, id, unsuccessful(message), false)
        }
        Some(Verdict::LookAgain { .. } | Verdict::Unconfirmed) | None => {
            fail(model, id, doubt, true)
        }
    });
    effects
}

fn seen(job: &Job, study: &Study) -> Seen {
    let base = job.inverse.as_ref();
    if job.change.is_in(study) {
        Seen::Wanted
    } else if base.is_some_and(|base| base.is_in(study)) {
        Seen::Unchanged
    } else {
        Seen::Otherwise
    }
}

/// What somebody else made of it.
fn overtaken(model: &Model, id: StudyId, job: &Job) -> String {
    let now = model.list.store.find(id);
    let value = now.and_then(|study| job.change.inverse_on(study));
    match value {
        Some(now) => format!(
            "it is {} now: someone else has changed it meanwhile, and nothing was sent again",
            now.value()
        ),
        None => "someone else has changed it meanwhile, and nothing was sent again".into(),
    }
}

fn unsuccessful(message: String) -> Failure {
    let message = Some(message);
    Failure::Unsuccessful { message }
}

fn succeed(model: &mut Model, id: StudyId) -> Vec<Effect> {
    let Some(pending) = model.changes.succeed(id) else {
        return Vec::new();
    };
    bulk::note(model, &pending.job, None);
    bulk::pump(model, pending.batch)
}

/// A change that may have been applied is looked up before anything else is done about it.
pub(super) fn failed(model: &mut Model, id: StudyId, failure: Failure) -> Vec<Effect> {
    model.needs_draw = true;
    match model.changes.trial(id).map(|trial| trial.failed(&failure)) {
        Some(Next::Look) => {
            let text = format!("{}; looking whether it was done", failure.sentence());
            model.inform(Tone::Bad, &text);
            recheck(model, id)
        }
        Some(Next::Refused) => {
            if failure.is_not_found() {
                model.list.vanish(id);
            }
            fail(model, id, failure, false)
        }
        Some(Next::SendOnceMore | Next::Unconfirmed) | None => fail(model, id, failure, true),
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
