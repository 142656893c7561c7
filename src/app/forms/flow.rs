//! Sending a form to the server: read, check, ask, send, and handle the answers.

use crate::app::action::screen::Screen;
use crate::app::edit::draft;
use crate::app::edit::draft::Unit;
use crate::app::edit::record::{Record, Subject};
use crate::app::forms::invite;
use crate::app::forms::replies::rebase;
use crate::app::kernel::Kernel;
use crate::app::kernel::follow_up::FollowUp;
use crate::app::kernel::layers::{Overlay, sending};
use crate::app::message::effect::{Call, Effect};
use crate::app::message::purpose::{CallPurpose, FormStep};
use crate::app::reading::fetch;
use crate::app::widget::confirm::KeyGate;
use crate::app::widget::form::dialog::{Dialog, DialogAnswer, EditConflict, Question};
use crate::app::widget::form::study::{create_form, edit_form};
use crate::app::widget::form::{Form, FormRequest, FormStage, Peek, Task};
use crate::app::widget::notice::Tone;
use crate::input::Chord;
use crate::resolve::{Step, WriteDriver};
use crate::wire::{Failure, GetStudyByUid};
use std::time::Duration;

pub fn open_create(kernel: &mut Kernel) -> Vec<Effect> {
    show(kernel, Box::new(create_form()));
    fetch::read_people(kernel)
}

pub fn open_edit(kernel: &mut Kernel) -> Vec<Effect> {
    let studies = &kernel.data.studies.store;
    let Some(study) = kernel.study_in_focus().and_then(|id| studies.find(id)) else {
        return Vec::new();
    };
    let form = edit_form(study.id(), study.description());
    let mut effects = edit(kernel, Subject::Study(study.id()), form);
    effects.extend(fetch::read_people(kernel));
    effects
}

/// The user or the invitation under the cursor.
pub fn open_edit_of(kernel: &mut Kernel) -> Vec<Effect> {
    let selected = match kernel.screen {
        Screen::Worklist => None,
        Screen::Users => {
            let person = kernel.data.users.selected();
            person.map(|it| Record::User(Box::new(it.user.clone())))
        }
        Screen::Invitations => {
            let invite = kernel.data.invitations.selected();
            invite.map(|it| Record::Invitation(Box::new(it.invitation.clone())))
        }
    };
    let Some(record) = selected else {
        return Vec::new();
    };
    let form = Form::to_edit(record.subject(), &record.title());
    edit(kernel, record.subject(), form)
}

fn edit(kernel: &mut Kernel, subject: Subject, mut form: Form) -> Vec<Effect> {
    let effects = read(kernel, &mut form, subject);
    show(kernel, Box::new(form));
    effects
}

/// Brings back a form that was left while it was saved and that could not be saved, once nothing else is
/// open. Keys that were typed for something else do not reach it.
pub fn return_left(kernel: &mut Kernel) {
    if kernel.layers.overlay.is_some() || kernel.layers.lookup.is_some() {
        return;
    }
    let is_back = |form: &Form| form.waiting.is_none() && !form.is_sending();
    let Some(at) = kernel.layers.left_forms.iter().position(is_back) else {
        return;
    };
    let mut form = kernel.layers.left_forms.remove(at);
    form.arrival = Some(KeyGate::default());
    show(kernel, Box::new(form));
    kernel.needs_draw = true;
}

pub(in crate::app) fn show(kernel: &mut Kernel, form: Box<Form>) {
    kernel.layers.overlay = Some(Overlay::Form(form));
    kernel.follow_ups.push(FollowUp::Refill);
}

pub fn press(kernel: &mut Kernel, mut form: Box<Form>, chord: Chord) -> Vec<Effect> {
    if form.is_arriving(kernel.now) {
        kernel.layers.overlay = Some(Overlay::Form(form));
        return Vec::new();
    }
    let asked = form.press(chord, kernel.now);
    form.hold_what_follows();
    invite::follow(kernel, &mut form);
    let effects = match asked {
        FormRequest::Nothing => peek(kernel, &mut form),
        FormRequest::Close => return close(kernel, form),
        FormRequest::Save => save(kernel, &mut form),
        FormRequest::Retry => match form.task {
            Task::Edit { subject, .. } => read(kernel, &mut form, subject),
            Task::CreateStudy | Task::Invite(_) => Vec::new(),
        },
        FormRequest::Answered(DialogAnswer::Discard) => return close(kernel, form),
        FormRequest::Answered(DialogAnswer::OpenExisting) => return open_existing(kernel, *form),
        FormRequest::Answered(answer) => act_on(kernel, &mut form, answer),
    };
    kernel.layers.overlay = Some(Overlay::Form(form));
    effects
}

/// Reads are forgotten; a write goes on, and its result is reported.
fn close(kernel: &mut Kernel, form: Box<Form>) -> Vec<Effect> {
    if form.is_sending() {
        kernel.inform(Tone::Info, "Form closed; still waiting for the server");
        kernel.layers.left_forms.push(*form);
        return Vec::new();
    }
    kernel.requests.abort(|purpose| {
        matches!(
            purpose,
            CallPurpose::Form(FormStep::Read | FormStep::Peek | FormStep::Check)
        )
    })
}

pub(in crate::app) fn call(
    kernel: &mut Kernel,
    form: &mut Form,
    step: FormStep,
    call: Call,
) -> Vec<Effect> {
    form.look_at = None;
    form.stage = match step {
        FormStep::Read | FormStep::Peek => FormStage::Reading,
        FormStep::Check => FormStage::Checking,
        FormStep::Send => FormStage::Sending,
        FormStep::Recheck => FormStage::Rechecking,
    };
    let effect = kernel.requests.start(CallPurpose::Form(step), call);
    if let Effect::Call { ticket, .. } = &effect {
        form.waiting = Some(*ticket);
    }
    vec![effect]
}

fn read(kernel: &mut Kernel, form: &mut Form, subject: Subject) -> Vec<Effect> {
    form.message = None;
    call(kernel, form, FormStep::Read, subject.read())
}

/// Handles Save: checks the fields, then asks what has to be asked first.
fn save(kernel: &mut Kernel, form: &mut Form) -> Vec<Effect> {
    if let Some(reason) = kernel.read_only_reason() {
        form.say(Tone::Bad, &reason);
        return Vec::new();
    }
    if let Some(study) = form.known_to_exist() {
        form.ask(Question::Exists(study));
        return Vec::new();
    }
    if !form.is_valid() {
        return Vec::new();
    }
    match &form.task {
        Task::CreateStudy | Task::Invite(_) => look_up(kernel, form, FormStep::Check),
        Task::Edit { base, .. } => {
            let before = base.as_ref().map(Record::draft);
            let differences = match &before {
                Some(before) => draft::differences(before, &form.draft()),
                None => Vec::new(),
            };
            if differences.is_empty() {
                form.say(Tone::Info, "Nothing has changed yet");
            } else {
                form.ask(Question::Review(differences));
            }
            Vec::new()
        }
    }
}

/// When to check next whether a write was done, Unix milliseconds.
pub fn next_look(kernel: &Kernel) -> Option<i64> {
    sending(kernel).filter_map(|form| form.look_at).min()
}

/// Checks again for what may have been created after all.
pub fn look_when_due(kernel: &mut Kernel) -> Vec<Effect> {
    let now = kernel.now;
    let is_due = |form: &Form| form.look_at.is_some_and(|at| at <= now);
    let mut effects = Vec::new();
    if let Some(Overlay::Form(mut form)) = kernel
        .layers
        .overlay
        .take_if(|overlay| matches!(overlay, Overlay::Form(form) if is_due(form)))
    {
        effects.extend(look_up(kernel, &mut form, FormStep::Recheck));
        kernel.layers.overlay = Some(Overlay::Form(form));
    }
    let mut left = std::mem::take(&mut kernel.layers.left_forms);
    for form in left.iter_mut().filter(|form| is_due(form)) {
        effects.extend(look_up(kernel, form, FormStep::Recheck));
    }
    kernel.layers.left_forms = left;
    effects
}

/// A new write, as a person asked for it.
pub(in crate::app) fn send(kernel: &mut Kernel, form: &mut Form, request: Call) -> Vec<Effect> {
    form.driver = WriteDriver::of(form.task.class());
    call(kernel, form, FormStep::Send, request)
}

/// A write failed. Returns what follows.
pub(in crate::app) fn doubt(kernel: &Kernel, form: &mut Form, failure: &Failure) -> Step {
    form.doubted_at = kernel.now;
    form.driver.failed(failure)
}

/// Waits for the next check, and says so.
pub(in crate::app) fn look_later(form: &mut Form, after: Duration, what: &str) {
    form.stage = FormStage::Rechecking;
    form.look_at = Some(form.doubted_at + after.as_millis() as i64);
    let text = format!("{what} yet; checking again for up to a minute");
    form.say(Tone::Info, &text);
}

/// Looks a UID up as soon as it is typed, so that no form is filled in for a study that exists.
fn peek(kernel: &mut Kernel, form: &mut Form) -> Vec<Effect> {
    let Some(uid) = form.uid_to_peek_at() else {
        return Vec::new();
    };
    let mut effects = kernel
        .requests
        .abort(|purpose| purpose == CallPurpose::Form(FormStep::Peek));
    let request = GetStudyByUid {
        study_instance_uid: uid.clone(),
    };
    let purpose = CallPurpose::Form(FormStep::Peek);
    let effect = kernel.requests.start(purpose, Call::GetStudyByUid(request));
    if let Effect::Call { ticket, .. } = &effect {
        form.peek = Some(Peek {
            uid,
            ticket: *ticket,
            found: None,
        });
    }
    effects.push(effect);
    effects
}

/// Reads what the server holds: before anything is sent, or to see whether it took effect.
pub(in crate::app) fn look_up(kernel: &mut Kernel, form: &mut Form, step: FormStep) -> Vec<Effect> {
    let request = match form.task {
        Task::Edit { subject, .. } => subject.read(),
        Task::Invite(_) => return invite::look(kernel, form, step),
        Task::CreateStudy => match form.uid() {
            Some(study_instance_uid) => Call::GetStudyByUid(GetStudyByUid { study_instance_uid }),
            None => return Vec::new(),
        },
    };
    call(kernel, form, step, request)
}

fn act_on(kernel: &mut Kernel, form: &mut Form, answer: DialogAnswer) -> Vec<Effect> {
    let dialog = form.dialog.take();
    match (answer, dialog.map(|dialog| dialog.question)) {
        (DialogAnswer::Send, Some(Question::Invite(_))) => invite::send(kernel, form),
        (DialogAnswer::Send, _) => look_up(kernel, form, FormStep::Check),
        (
            DialogAnswer::KeepTheirs | DialogAnswer::ApplyMine,
            Some(Question::Conflict(conflict)),
        ) => decide(kernel, form, *conflict, answer),
        (DialogAnswer::Back, Some(Question::Conflict(conflict))) => {
            mark_conflicts(form, &conflict);
            Vec::new()
        }
        (DialogAnswer::Back, Some(Question::Exists(study))) => {
            let text = format!("this UID already exists: {}", study.study_description);
            form.refuse("studyInstanceUid", &text);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn open_existing(kernel: &mut Kernel, mut form: Form) -> Vec<Effect> {
    let Some(Question::Exists(study)) = form.dialog.take().map(|dialog| dialog.question) else {
        return Vec::new();
    };
    kernel.data.studies.upsert(&study, false);
    kernel.follow_ups.push(FollowUp::GoTo(study.study_id));
    let form = edit_form(study.study_id, &study.study_description);
    edit(kernel, Subject::Study(study.study_id), form)
}

/// One conflict is decided; after the last, the study is read once more before anything is sent.
fn decide(
    kernel: &mut Kernel,
    form: &mut Form,
    mut conflict: EditConflict,
    answer: DialogAnswer,
) -> Vec<Effect> {
    let unit = conflict.open.remove(0);
    if answer == DialogAnswer::KeepTheirs {
        conflict.dropped.push(unit);
    }
    if !conflict.open.is_empty() {
        form.dialog = Some(Dialog::new(Question::Conflict(Box::new(conflict))));
        return Vec::new();
    }
    rebase(form, &conflict.base, &conflict.theirs, &conflict.dropped);
    look_up(kernel, form, FormStep::Check)
}

fn mark_conflicts(form: &mut Form, conflict: &EditConflict) {
    let theirs = conflict.theirs.draft();
    for unit in conflict.open.iter().rev() {
        let text = match unit {
            Unit::Meta(key) => format!("{key} is now {} on the server", theirs.show(unit)),
            _ => format!("it is now {} on the server", theirs.show(unit)),
        };
        form.refuse(unit.field(), &text);
    }
}
