//! What comes back for a form: the record, what is there already, and what became of a write.

use crate::app::changes::{self, About, Edit, Entry, Event};
use crate::app::list::Cause;
use crate::app::{Call, Change, Effect, Model, Overlay, Reply, Ticket, Tone};
use crate::text::SafeText;
use crate::wire::{Failure, Outcome, Study};

use super::draft::{self, Draft, Unit};
use super::flow::{call, fill, look_up, show};
use super::study::edit_fields;
use super::{Conflict, Form, Question, Stage, Step, Task};

/// Takes in the answer of a form's call. One for a form that is gone changes nothing.
pub fn take(
    model: &mut Model,
    ticket: Ticket,
    step: Step,
    outcome: Result<Reply, Failure>,
) -> Vec<Effect> {
    let outcome = match outcome {
        Ok(Reply::Study(study)) => Ok(study),
        Err(failure) => Err(failure),
        Ok(
            Reply::Studies(_)
            | Reply::Link(_)
            | Reply::Users(_)
            | Reply::User(_)
            | Reply::Invitations(_)
            | Reply::Invitation(_)
            | Reply::Done,
        ) => {
            return Vec::new();
        }
    };
    let Some((mut form, is_left)) = take_form(model, ticket) else {
        return Vec::new();
    };
    model.needs_draw = true;
    if step != Step::Peek {
        form.waiting = None;
    }
    let next = match step {
        Step::Peek => taken_peek(&mut form, outcome),
        Step::Read => taken_read(model, &mut form, outcome),
        Step::Check => taken_check(model, &mut form, outcome),
        Step::Send => taken_send(model, &mut form, outcome),
        Step::Recheck => taken_recheck(model, &mut form, outcome),
    };
    match next {
        Next::Stay(effects) => {
            form.stop_asking_while_unanswered();
            keep(model, form, is_left);
            effects
        }
        Next::Done(study, tone, text) => {
            finish(model, &study, is_left, tone, &text);
            Vec::new()
        }
    }
}

/// What becomes of a form after an answer.
enum Next {
    Stay(Vec<Effect>),
    Done(Box<Study>, Tone, String),
}

impl Next {
    fn stay() -> Self {
        Self::Stay(Vec::new())
    }
}

fn take_form(model: &mut Model, ticket: Ticket) -> Option<(Box<Form>, bool)> {
    match model.overlay.take() {
        Some(Overlay::Form(form)) if form.waits_for(ticket) => return Some((form, false)),
        other => model.overlay = other,
    }
    let at = model
        .left_forms
        .iter()
        .position(|form| form.waits_for(ticket))?;
    Some((Box::new(model.left_forms.remove(at)), true))
}

/// Puts a form back where it was. One that was left and failed comes back, if nothing is in its way.
fn keep(model: &mut Model, form: Box<Form>, is_left: bool) {
    if !is_left {
        model.overlay = Some(Overlay::Form(form));
    } else if form.is_sending() {
        model.left_forms.push(*form);
    } else if model.overlay.is_none() {
        show(model, form);
    } else if let Some(message) = &form.message {
        let text = format!("{}: {}", form.title, message.text);
        model.inform(Tone::Bad, &text);
    }
}

fn finish(model: &mut Model, study: &Study, is_left: bool, tone: Tone, text: &str) {
    model.sync.met(study.study_id);
    model.list.upsert(study, false);
    if !is_left {
        model.settle(Cause::Data);
        let shows = model.list.select_id(study.study_id);
        model.follow_cursor();
        if !shows {
            return model.inform(tone, &format!("{text} (the filter hides it)"));
        }
    }
    model.inform(tone, text);
}

fn taken_read(model: &mut Model, form: &mut Form, outcome: Result<Box<Study>, Failure>) -> Next {
    match outcome {
        Ok(study) => {
            model.list.upsert(&study, false);
            let state = if study.is_cancelled {
                " (cancelled)"
            } else {
                ""
            };
            form.title = SafeText::clean(&format!("Edit {}{state}", study.study_description));
            form.set_fields(edit_fields(&study));
            form.rebase(&study);
            form.stage = Stage::Editing;
            fill(model, form);
        }
        Err(failure) => {
            form.stage = Stage::Unread;
            lose_if_gone(model, form, &failure);
            form.say(Tone::Bad, &told("The study was not read", &failure));
        }
    }
    Next::stay()
}

/// Says beside the UID that it is taken. If that is not known, the look before sending will tell.
fn taken_peek(form: &mut Form, outcome: Result<Box<Study>, Failure>) -> Next {
    if let (Ok(study), Some(peek)) = (outcome, &mut form.peek) {
        peek.found = Some(study);
        form.tell_peek();
    }
    Next::stay()
}

fn told(what: &str, failure: &Failure) -> String {
    format!("{what}. {}; {}", failure.sentence(), failure.advice())
}

fn lose_if_gone(model: &mut Model, form: &Form, failure: &Failure) {
    if let Task::EditStudy { study_id, .. } = form.task
        && failure.is_not_found()
    {
        model.list.vanish(study_id);
    }
}

fn taken_check(model: &mut Model, form: &mut Form, outcome: Result<Box<Study>, Failure>) -> Next {
    form.stage = Stage::Editing;
    if form.leave.is_some() {
        // She is being asked whether to leave: nothing goes out behind the question.
        form.say(Tone::Info, "Nothing was sent yet; Ctrl-s saves");
        return Next::stay();
    }
    match (&form.task, outcome) {
        (Task::CreateStudy, Ok(study)) => {
            form.ask(Question::Exists(study), model.now);
            Next::stay()
        }
        (Task::CreateStudy, Err(failure)) if failure.is_not_found() => {
            match form.create_request() {
                Some(request) => Next::Stay(send(model, form, Call::CreateStudy(request))),
                None => Next::stay(),
            }
        }
        (Task::EditStudy { .. }, Ok(study)) => compare(model, form, study),
        (_, Err(failure)) => {
            refuse(model, form, "Nothing was sent", &failure);
            Next::stay()
        }
    }
}

fn send(model: &mut Model, form: &mut Form, request: Call) -> Vec<Effect> {
    call(model, form, Step::Send, request)
}

fn base_of(form: &Form) -> Option<Draft> {
    match &form.task {
        Task::EditStudy { base, .. } => base.as_deref().map(Draft::of),
        Task::CreateStudy => None,
    }
}

/// Holds the study as it is now against what the form began with: sends, or asks first.
fn compare(model: &mut Model, form: &mut Form, study: Box<Study>) -> Next {
    let Some(base) = base_of(form) else {
        return Next::stay();
    };
    let (mine, theirs) = (form.draft(), Draft::of(&study));
    let open = draft::conflicts(&base, &theirs, &mine);
    if !open.is_empty() {
        let conflict = Conflict {
            base,
            mine,
            theirs: study,
            total: open.len(),
            open,
            dropped: Vec::new(),
        };
        form.ask(Question::Conflict(Box::new(conflict)), model.now);
        return Next::stay();
    }
    take_over(form, &base, &study, &[]);
    send_changes(model, form, study)
}

/// Brings the form up to what the server has now, with what was typed on top.
pub(super) fn take_over(form: &mut Form, base: &Draft, study: &Study, dropped: &[Unit]) {
    let merged = draft::merge(base, &Draft::of(study), &form.draft(), dropped);
    form.show_draft(&merged);
    form.rebase(study);
}

fn send_changes(model: &mut Model, form: &mut Form, study: Box<Study>) -> Next {
    if !form.is_valid() {
        return Next::stay();
    }
    let id = study.study_id;
    let (theirs, mine) = (Draft::of(&study), form.draft());
    if draft::changed(&theirs, &mine).is_empty() {
        let text = format!(
            "Nothing was sent: {} is so already",
            study.study_description
        );
        return Next::Done(study, Tone::Info, text);
    }
    if model.changes.pending(id).is_some() {
        let text = "Nothing was sent: the study still waits for the server; try again shortly";
        form.say(Tone::Bad, text);
        return Next::stay();
    }
    let request = draft::patch(id, &theirs, &mine);
    Next::Stay(send(model, form, Call::UpdateStudy(request)))
}

fn taken_send(model: &mut Model, form: &mut Form, outcome: Result<Box<Study>, Failure>) -> Next {
    match outcome {
        Ok(study) => accept(model, form, study, ""),
        Err(failure) => match failure.outcome() {
            Outcome::NotApplied => {
                form.stage = Stage::Editing;
                refuse(model, form, "Nothing was saved", &failure);
                Next::stay()
            }
            Outcome::Unknown => {
                let text = format!("{}; looking whether it was done", failure.sentence());
                form.say(Tone::Bad, &text);
                Next::Stay(look_up(model, form, Step::Recheck))
            }
        },
    }
}

/// The server's record after a write: it must show what was sent.
fn accept(model: &mut Model, form: &mut Form, study: Box<Study>, after_all: &str) -> Next {
    let shown = study.study_description.clone();
    match base_of(form) {
        None => {
            let missing = form.missing_in(&study);
            if missing.is_empty() {
                let severity = &study.severity;
                let text = match after_all {
                    "" => format!("Created {severity} study: {shown}"),
                    _ => format!("It was created after all: {shown}"),
                };
                return Next::Done(study, Tone::Good, text);
            }
            let text = format!(
                "Created {shown}, but the server shows something else in: {}",
                missing.join(", ")
            );
            Next::Done(study, Tone::Bad, text)
        }
        Some(base) => {
            let mine = form.draft();
            let answer = Draft::of(&study);
            let sent = draft::changed(&base, &mine);
            let (kept, lost): (Vec<Unit>, Vec<Unit>) =
                sent.into_iter().partition(|unit| mine.same(&answer, unit));
            if lost.is_empty() {
                let cancelled = match study.is_cancelled {
                    true => " (it is cancelled)",
                    false => "",
                };
                let labels = draft::labels(&kept);
                let text = format!("Saved{after_all} {shown}: {labels}{cancelled}  (u undoes)");
                remember(model, &study, base, mine);
                return Next::Done(study, Tone::Good, text);
            }
            model.list.upsert(&study, false);
            take_over(form, &base, &study, &[]);
            form.stage = Stage::Editing;
            let text = format!(
                "The server answered without error, but does not show: {}",
                draft::labels(&lost)
            );
            form.say(Tone::Bad, &text);
            Next::stay()
        }
    }
}

/// A saved edit is a step that undo takes back.
fn remember(model: &mut Model, study: &Study, from: Draft, to: Draft) {
    let description = SafeText::clean(&study.study_description);
    let edit = |from: &Draft, to: &Draft| {
        Change::Edit(Box::new(Edit {
            from: from.clone(),
            to: to.clone(),
        }))
    };
    let entry = Entry {
        study: study.study_id,
        description: description.clone(),
        done: edit(&from, &to),
        inverse: Some(edit(&to, &from)),
    };
    let told = format!("{}: {description}", entry.done.done());
    model.changes.history.note(Event {
        at: model.now,
        about: About::Study(study.study_id),
        text: SafeText::clean(&told),
        failed: false,
    });
    model.changes.history.push(changes::Step {
        label: entry.done.label(),
        at: model.now,
        entries: vec![entry],
    });
}

fn taken_recheck(model: &mut Model, form: &mut Form, outcome: Result<Box<Study>, Failure>) -> Next {
    form.stage = Stage::Editing;
    match (base_of(form), outcome) {
        (None, Ok(study)) => {
            if form.missing_in(&study).is_empty() {
                return accept(model, form, study, " after all");
            }
            model.list.upsert(&study, false);
            let text = "Unconfirmed: a study with this UID is there now, but it differs";
            form.say(Tone::Bad, text);
            form.ask(Question::Exists(study), model.now);
        }
        (None, Err(failure)) if failure.is_not_found() => form.say(
            Tone::Bad,
            "Unconfirmed: the server does not know the UID yet, and nothing was sent again; Ctrl-s looks again, then sends",
        ),
        (Some(base), Ok(study)) => {
            let (mine, now) = (form.draft(), Draft::of(&study));
            let sent = draft::changed(&base, &mine);
            if sent.iter().all(|unit| mine.same(&now, unit)) {
                return accept(model, form, study, " after all");
            }
            model.list.upsert(&study, false);
            form.say(
                Tone::Bad,
                "Not done: the server does not show it, and nothing was sent again; Ctrl-s tries again",
            );
        }
        (_, Err(failure)) => {
            lose_if_gone(model, form, &failure);
            form.say(
                Tone::Bad,
                &told("Unconfirmed: it may or may not have been saved", &failure),
            );
        }
    }
    Next::stay()
}

/// Says a refusal beside the field it is about, or else below the form.
fn refuse(model: &mut Model, form: &mut Form, what: &str, failure: &Failure) {
    lose_if_gone(model, form, failure);
    if let Task::EditStudy { .. } = form.task
        && failure.is_not_found()
    {
        let text = format!("{what}: the study is no longer there. What you typed still is");
        form.say(Tone::Bad, &text);
        return;
    }
    if let Some((name, reason)) = blamed(form, failure)
        && form.refuse(&name, &reason)
    {
        let text = format!("{what}. {}", failure.sentence());
        form.say(Tone::Bad, &text);
        return;
    }
    form.say(Tone::Bad, &told(what, failure));
}

/// The field that a failure is about: the one it names, one that its text names, or the UID of a conflict.
fn blamed(form: &Form, failure: &Failure) -> Option<(String, String)> {
    let Failure::Rejected {
        status,
        message,
        field,
        ..
    } = failure
    else {
        return None;
    };
    let reason = message.clone().unwrap_or_else(|| failure.sentence());
    if let Some(field) = field {
        return Some((field.clone(), reason));
    }
    let named = form.fields.iter().find(|field| reason.contains(field.name));
    match (named, &form.task) {
        (Some(field), _) => Some((field.name.to_owned(), reason)),
        (None, Task::CreateStudy) if *status == 409 => Some(("studyInstanceUid".into(), reason)),
        _ => None,
    }
}
