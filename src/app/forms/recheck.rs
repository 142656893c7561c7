//! A write that ended without a clear answer: what the record shows of it.

use crate::app::edit::change::Edit;
use crate::app::edit::draft;
use crate::app::edit::record::Record;
use crate::app::forms::faults::{lose_if_gone, refuse};
use crate::app::forms::flow::{call, look_later};
use crate::app::forms::replies::{AfterReply, accept, base_of, unconfirmed};
use crate::app::kernel::Kernel;
use crate::app::message::effect::{Call, Effect};
use crate::app::message::purpose::FormStep;
use crate::app::widget::form::dialog::{EditConflict, Question};
use crate::app::widget::form::{Form, FormStage, Task};
use crate::app::widget::notice::Tone;
use crate::resolve::{Found, Seen, Step};
use crate::wire::Failure;

/// Handles a check whether the write was done after all.
pub(in crate::app) fn handle_recheck(
    kernel: &mut Kernel,
    form: &mut Form,
    outcome: Result<Record, Failure>,
) -> AfterReply {
    let seen = match &outcome {
        Ok(record) => seen_in(form, record),
        Err(failure) => Seen::unread(failure),
    };
    let (found, step) = form.driver.looked(seen);
    let mut effects = told_journal(form, found);
    let next = match outcome {
        Ok(record) => judge(kernel, form, record, step),
        Err(failure) => judge_unread(kernel, form, &failure, step),
    };
    match next {
        AfterReply::Stay(more) => {
            effects.extend(more);
            AfterReply::Stay(effects)
        }
        AfterReply::Done(record, tone, text) => AfterReply::Recorded(effects, record, tone, text),
        AfterReply::Recorded(..) | AfterReply::Over(_) => next,
    }
}

/// What a record shows of what was sent.
fn seen_in(form: &Form, record: &Record) -> Seen {
    match (base_of(form), form.create_request(), record) {
        (Some(from), _, _) => {
            let to = form.draft();
            let edit = Edit { from, to };
            Seen::of(&edit, &edit.from, &record.draft())
        }
        (None, Some(request), Record::Study(study)) => Seen::of_new(&request, study.as_ref()),
        (None, _, _) => Seen::Otherwise,
    }
}

/// Tells the journal what a check has shown; one that has shown nothing yet is not told.
fn told_journal(form: &Form, found: Option<Found>) -> Vec<Effect> {
    let target = match &form.task {
        Task::Edit { subject, .. } => Some(subject.to_string()),
        Task::CreateStudy => form.uid().map(|uid| uid.to_string()),
        Task::Invite(_) => None,
    };
    target
        .zip(found)
        .map(|(target, found)| Effect::record_outcome(target, found))
        .into_iter()
        .collect()
}

fn judge(kernel: &mut Kernel, form: &mut Form, record: Record, step: Step) -> AfterReply {
    form.stage = FormStage::Editing;
    match (step, record) {
        (Step::Done, record) => accept(kernel, form, record, " after all"),
        (Step::SendOnceMore, record) => {
            let Some(request): Option<Call> = record.update(&form.draft()) else {
                return accept(kernel, form, record, " after all");
            };
            form.say(Tone::Info, "It was not done; sending it once more");
            AfterReply::Stay(call(kernel, form, FormStep::Send, request))
        }
        (_, Record::Study(study)) if matches!(form.task, Task::CreateStudy) => {
            kernel.data.studies.upsert(&study, false);
            let text = "Unconfirmed: a study with this UID now exists, but it differs";
            form.say(Tone::Bad, text);
            form.ask(Question::Exists(study));
            AfterReply::stay()
        }
        (Step::Conflict, record) => overtaken(kernel, form, record),
        (step, record) => {
            kernel.data.show(&record);
            let why = form.driver.doubt().map(Failure::sentence);
            let what = match step {
                Step::Unconfirmed => "Unconfirmed: not done so far; Ctrl-s checks and tries again",
                _ => "Not done and not sent again; Ctrl-s tries again",
            };
            let text = format!("{what}. {}", why.unwrap_or_default());
            form.say(Tone::Bad, &text);
            AfterReply::stay()
        }
    }
}

/// Someone else has changed the same in the meantime: base, theirs and mine are shown.
fn overtaken(kernel: &mut Kernel, form: &mut Form, record: Record) -> AfterReply {
    kernel.data.show(&record);
    let Some(base) = base_of(form) else {
        return AfterReply::stay();
    };
    let (mine, theirs) = (form.draft(), record.draft());
    let open = draft::conflicts(&base, &theirs, &mine);
    let text = "Unconfirmed: the server shows other values; nothing was sent again";
    form.say(Tone::Bad, text);
    if !open.is_empty() {
        let conflict = EditConflict {
            base,
            mine,
            theirs: record,
            total: open.len(),
            open,
            dropped: Vec::new(),
        };
        form.ask(Question::Conflict(Box::new(conflict)));
    }
    AfterReply::stay()
}

fn judge_unread(kernel: &mut Kernel, form: &mut Form, failure: &Failure, step: Step) -> AfterReply {
    form.stage = FormStage::Editing;
    let is_missing = failure.is_not_found() && matches!(form.task, Task::CreateStudy);
    match step {
        Step::Look { after } => {
            look_later(form, after, "The server does not know the UID");
            return AfterReply::stay();
        }
        Step::NotDone => {
            if let Some(doubt) = form.driver.doubt().cloned() {
                refuse(kernel, form, "Nothing was saved", &doubt);
            }
            return AfterReply::stay();
        }
        _ if is_missing => form.say(
            Tone::Bad,
            "Unconfirmed: the server does not know the UID after a minute; nothing was sent again. Ctrl-s checks again, then sends",
        ),
        _ => {
            lose_if_gone(kernel, form, failure);
            return unconfirmed(form, failure);
        }
    }
    AfterReply::stay()
}
