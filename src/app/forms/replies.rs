//! The answers for a form: the record, what exists already, and the result of a write.

use crate::app::action::Action;
use crate::app::edit::change::{Change, Edit};
use crate::app::edit::draft::{Draft, Unit};
use crate::app::edit::history::{About, Activity, StepEntry};
use crate::app::edit::record::Record;
use crate::app::edit::{draft, history};
use crate::app::forms::faults::{lose_if_gone, noun, refuse, told};
use crate::app::forms::flow::{doubt, look_up, send};
use crate::app::forms::invite;
use crate::app::forms::recheck::handle_recheck;
use crate::app::kernel::Kernel;
use crate::app::kernel::follow_up::{FollowUp, Saved};
use crate::app::kernel::layers::Overlay;
use crate::app::kernel::records::why_record_over;
use crate::app::message::effect::{Call, Effect};
use crate::app::message::purpose::FormStep;
use crate::app::message::{Reply, Ticket};
use crate::app::widget::form::dialog::{EditConflict, Question};
use crate::app::widget::form::person::fields_of;
use crate::app::widget::form::{Form, FormStage, Task};
use crate::app::widget::notice::Tone;
use crate::resolve::Step;
use crate::text::{SafeText, clean};
use crate::wire::{Failure, Study};

/// Handles the answer to a form's call. One for a form that is gone changes nothing.
pub fn handle(
    kernel: &mut Kernel,
    ticket: Ticket,
    step: FormStep,
    outcome: Result<Reply, Failure>,
) -> Vec<Effect> {
    let Some((mut form, home)) = find_form(kernel, ticket) else {
        return Vec::new();
    };
    kernel.needs_draw = true;
    if step != FormStep::Peek {
        form.waiting = None;
    }
    let next = match form.task {
        Task::Invite(_) => invite::handle(kernel, &mut form, step, outcome),
        Task::CreateStudy | Task::Edit { .. } => match outcome.map(Record::of) {
            Ok(Some(record)) => handle_record(kernel, &mut form, step, Ok(record)),
            // The runtime answers each call with its own kind of reply.
            Ok(None) => AfterReply::stay(),
            Err(failure) => handle_record(kernel, &mut form, step, Err(failure)),
        },
    };
    match next {
        AfterReply::Stay(effects) => {
            form.stop_asking_while_unanswered();
            keep(kernel, form, home);
            effects
        }
        AfterReply::Done(record, tone, text) => {
            close(kernel, record, home, tone, text);
            Vec::new()
        }
        AfterReply::Recorded(effects, record, tone, text) => {
            close(kernel, record, home, tone, text);
            effects
        }
        AfterReply::Over(effects) => effects,
    }
}

fn handle_record(
    kernel: &mut Kernel,
    form: &mut Form,
    step: FormStep,
    outcome: Result<Record, Failure>,
) -> AfterReply {
    match step {
        FormStep::Peek => handle_peek(form, outcome),
        FormStep::Read => handle_read(kernel, form, outcome),
        FormStep::Check => handle_check(kernel, form, outcome),
        FormStep::Send => handle_sent(kernel, form, outcome),
        FormStep::Recheck => handle_recheck(kernel, form, outcome),
    }
}

/// What happens to a form after an answer.
pub(in crate::app) enum AfterReply {
    Stay(Vec<Effect>),
    /// It closes, and the record shows.
    Done(Record, Tone, String),
    /// The same, with something to tell the journal.
    Recorded(Vec<Effect>, Record, Tone, String),
    /// It closes, and all is said.
    Over(Vec<Effect>),
}

impl AfterReply {
    pub(in crate::app) fn stay() -> Self {
        Self::Stay(Vec::new())
    }
}

/// Where a form waits for its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Home {
    /// It has the keys.
    Open,
    /// It was set aside while something lies over a lookup.
    Beneath,
    /// It was left while it was saved.
    Left,
}

fn find_form(kernel: &mut Kernel, ticket: Ticket) -> Option<(Box<Form>, Home)> {
    match kernel.layers.overlay.take() {
        Some(Overlay::Form(form)) if form.waits_for(ticket) => return Some((form, Home::Open)),
        other => kernel.layers.overlay = other,
    }
    match kernel.layers.beneath.take() {
        Some(Overlay::Form(form)) if form.waits_for(ticket) => return Some((form, Home::Beneath)),
        other => kernel.layers.beneath = other,
    }
    let at = kernel
        .layers
        .left_forms
        .iter()
        .position(|form| form.waits_for(ticket))?;
    Some((Box::new(kernel.layers.left_forms.remove(at)), Home::Left))
}

/// Puts a form back where it was. One that was left and failed comes back as soon as nothing is in its
/// way, with all that was typed.
fn keep(kernel: &mut Kernel, form: Box<Form>, home: Home) {
    match home {
        Home::Open => kernel.layers.overlay = Some(Overlay::Form(form)),
        Home::Beneath => kernel.layers.beneath = Some(Overlay::Form(form)),
        Home::Left => {
            let is_free = kernel.layers.overlay.is_none() && kernel.layers.lookup.is_none();
            if !is_free
                && !form.is_sending()
                && let Some(message) = &form.message
            {
                let text = format!("{}: {}", form.title, message.text);
                kernel.inform(Tone::Bad, &text);
            }
            kernel.layers.left_forms.push(*form);
        }
    }
}

/// The form has closed: shows its record and the result.
fn close(kernel: &mut Kernel, record: Record, home: Home, tone: Tone, text: String) {
    kernel.data.show(&record);
    if let Record::Study(study) = &record {
        kernel.data.sync.met(study.study_id);
    }
    let subject = record.subject();
    let is_open = home == Home::Open;
    let saved = Saved {
        subject,
        is_open,
        tone,
        text,
    };
    kernel.follow_ups.push(FollowUp::ShowSaved(saved));
}

fn handle_read(
    kernel: &mut Kernel,
    form: &mut Form,
    outcome: Result<Record, Failure>,
) -> AfterReply {
    match outcome {
        Ok(record) => {
            kernel.data.show(&record);
            form.title = SafeText::clean(&record.title());
            form.set_fields(fields_of(&record));
            form.rebase(&record);
            form.stage = FormStage::Editing;
            kernel.follow_ups.push(FollowUp::Refill);
        }
        Err(failure) => {
            form.stage = FormStage::Unread;
            lose_if_gone(kernel, form, &failure);
            let what = format!("Could not load the {}", noun(form));
            form.say(Tone::Bad, &told(&what, &failure));
        }
    }
    AfterReply::stay()
}

/// Says beside the UID that it is taken. If that is unknown, the check before sending will tell.
fn handle_peek(form: &mut Form, outcome: Result<Record, Failure>) -> AfterReply {
    if let (Ok(Record::Study(study)), Some(peek)) = (outcome, &mut form.peek) {
        peek.found = Some(study);
        form.tell_peek();
    }
    AfterReply::stay()
}

fn handle_check(
    kernel: &mut Kernel,
    form: &mut Form,
    outcome: Result<Record, Failure>,
) -> AfterReply {
    form.stage = FormStage::Editing;
    if form.leave.is_some() {
        // The form is asking whether to leave: nothing is sent behind that question.
        form.say(Tone::Info, "Nothing was sent yet; Ctrl-s saves");
        return AfterReply::stay();
    }
    match (&form.task, outcome) {
        (Task::CreateStudy, Ok(Record::Study(study))) => {
            form.ask(Question::Exists(study));
            AfterReply::stay()
        }
        (Task::CreateStudy, Err(failure)) if failure.is_not_found() => {
            match form.create_request() {
                Some(request) => AfterReply::Stay(send(kernel, form, Call::CreateStudy(request))),
                None => AfterReply::stay(),
            }
        }
        (Task::Edit { .. }, Ok(record)) => compare(kernel, form, record),
        (Task::CreateStudy, Ok(Record::User(_) | Record::Invitation(_)))
        | (Task::Invite(_), Ok(_)) => AfterReply::stay(),
        (_, Err(failure)) => {
            refuse(kernel, form, "Nothing was sent", &failure);
            AfterReply::stay()
        }
    }
}

pub(in crate::app) fn base_of(form: &Form) -> Option<Draft> {
    match &form.task {
        Task::Edit { base, .. } => base.as_ref().map(Record::draft),
        Task::CreateStudy | Task::Invite(_) => None,
    }
}

/// Compares the record as it is now with what the form began with: sends, or asks first.
fn compare(kernel: &mut Kernel, form: &mut Form, record: Record) -> AfterReply {
    let Some(base) = base_of(form) else {
        return AfterReply::stay();
    };
    if let Some(reason) = why_record_over(kernel, &record) {
        kernel.data.show(&record);
        form.say(Tone::Bad, &format!("Nothing was sent. {reason}"));
        return AfterReply::stay();
    }
    let (mine, theirs) = (form.draft(), record.draft());
    let open = draft::conflicts(&base, &theirs, &mine);
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
        return AfterReply::stay();
    }
    rebase(form, &base, &record, &[]);
    send_changes(kernel, form, record)
}

/// Brings the form up to what the server has now, with what was typed on top.
pub(in crate::app) fn rebase(form: &mut Form, base: &Draft, record: &Record, dropped: &[Unit]) {
    let merged = draft::merge(base, &record.draft(), &form.draft(), dropped);
    form.show_draft(&merged);
    form.rebase(record);
}

fn send_changes(kernel: &mut Kernel, form: &mut Form, record: Record) -> AfterReply {
    if !form.is_valid() {
        return AfterReply::stay();
    }
    let Some(request) = record.update(&form.draft()) else {
        let text = format!(
            "Nothing was sent: {} already has these values",
            record.name()
        );
        return AfterReply::Done(record, Tone::Info, text);
    };
    if kernel.is_pending(record.subject()) {
        let text = format!(
            "Nothing was sent: the {} is still being saved; try again shortly",
            noun(form)
        );
        form.say(Tone::Bad, &text);
        return AfterReply::stay();
    }
    AfterReply::Stay(send(kernel, form, request))
}

fn handle_sent(
    kernel: &mut Kernel,
    form: &mut Form,
    outcome: Result<Record, Failure>,
) -> AfterReply {
    match outcome {
        Ok(record) => accept(kernel, form, record, ""),
        Err(failure) => match doubt(kernel, form, &failure) {
            Step::Look { .. } => {
                let text = format!("{}; checking whether it was done", failure.sentence());
                form.say(Tone::Bad, &text);
                AfterReply::Stay(look_up(kernel, form, FormStep::Recheck))
            }
            Step::NotDone => {
                form.stage = FormStage::Editing;
                refuse(kernel, form, "Nothing was saved", &failure);
                AfterReply::stay()
            }
            Step::SendOnceMore | Step::Unconfirmed | Step::Done | Step::Conflict => {
                unconfirmed(form, &failure)
            }
        },
    }
}

pub(in crate::app) fn unconfirmed(form: &mut Form, failure: &Failure) -> AfterReply {
    form.stage = FormStage::Editing;
    let what = "Unconfirmed: it may or may not have been saved";
    form.say(Tone::Bad, &told(what, failure));
    AfterReply::stay()
}

/// The server's record after a write: it must show what was sent.
pub(in crate::app) fn accept(
    kernel: &mut Kernel,
    form: &mut Form,
    record: Record,
    after_all: &str,
) -> AfterReply {
    match (base_of(form), &record) {
        (Some(base), _) => accept_edit(kernel, form, &base, record, after_all),
        (None, Record::Study(study)) => {
            let (tone, text) = told_created(form, study, after_all);
            let what = format!("Created: {}", study.study_description);
            let instead = format!("{} cancels it", kernel.key(Action::CancelStudy));
            let about = About::Study(study.study_id);
            kernel.remember_lasting(about, &what, &instead);
            AfterReply::Done(record, tone, text)
        }
        (None, Record::User(_) | Record::Invitation(_)) => AfterReply::stay(),
    }
}

/// An edit of a person is undone by another edit.
fn remember_person(kernel: &mut Kernel, about: About, name: &str, labels: &str) {
    let what = format!("Edited {labels}: {name}");
    let instead = format!("{} edits it again", kernel.key(Action::EditUser));
    kernel.remember_lasting(about, &what, &instead);
}

/// A saved edit is a step that can be undone.
fn remember(kernel: &mut Kernel, study: &Study, from: Draft, to: Draft) {
    let description = SafeText::clean(&study.study_description);
    let edit = |from: &Draft, to: &Draft| {
        Change::Edit(Box::new(Edit {
            from: from.clone(),
            to: to.clone(),
        }))
    };
    let entry = StepEntry {
        study: study.study_id,
        uid: Some(clean(study.study_instance_uid.as_str()).into_owned()),
        description: description.clone(),
        done: edit(&from, &to),
        inverse: Some(edit(&to, &from)),
    };
    let told = format!("{}: {description}", entry.done.done());
    kernel.history.note(Activity {
        at: kernel.now,
        about: About::Study(study.study_id),
        text: SafeText::clean(&told),
        failed: false,
    });
    kernel.history.push(history::HistoryStep {
        label: entry.done.label(),
        at: kernel.now,
        entries: vec![entry],
        instead: None,
    });
}

fn told_created(form: &Form, study: &Study, after_all: &str) -> (Tone, String) {
    let shown = &study.study_description;
    let missing = form.missing_in(study);
    if !missing.is_empty() {
        let missing = missing.join(", ");
        let text = format!("Created {shown}, but the server shows other values in: {missing}");
        return (Tone::Bad, text);
    }
    let text = match after_all {
        "" => format!("Created {} study: {shown}", study.severity),
        _ => format!("It was created after all: {shown}"),
    };
    (Tone::Good, text)
}

fn accept_edit(
    kernel: &mut Kernel,
    form: &mut Form,
    base: &Draft,
    record: Record,
    after_all: &str,
) -> AfterReply {
    let (mine, answer) = (form.draft(), record.draft());
    let (kept, lost): (Vec<Unit>, Vec<Unit>) = draft::changed(base, &mine)
        .into_iter()
        .partition(|unit| mine.same(&answer, unit));
    if lost.is_empty() {
        let state = match &record {
            Record::Study(study) if study.is_cancelled => " (cancelled)",
            Record::Study(_) | Record::User(_) | Record::Invitation(_) => "",
        };
        let (name, labels) = (record.name(), draft::labels(&kept));
        let undo = match &record {
            Record::Study(study) => {
                remember(kernel, study, base.clone(), mine);
                format!("  ({} undoes)", kernel.key(Action::Undo))
            }
            Record::User(user) => {
                remember_person(kernel, About::User(user.user_id), &name, &labels);
                String::new()
            }
            Record::Invitation(it) => {
                remember_person(kernel, About::Invitation(it.invitation_id), &name, &labels);
                String::new()
            }
        };
        let text = format!("Saved{after_all} {name}: {labels}{state}{undo}");
        return AfterReply::Done(record, Tone::Good, text);
    }
    kernel.data.show(&record);
    rebase(form, base, &record, &[]);
    form.stage = FormStage::Editing;
    let text = format!(
        "The server reported no error, but does not show: {}",
        draft::labels(&lost)
    );
    form.say(Tone::Bad, &text);
    AfterReply::stay()
}
