//! What went wrong, in words, and beside which field.

use crate::app::edit::record::Subject;
use crate::app::kernel::Kernel;
use crate::app::widget::form::{Form, Task};
use crate::app::widget::notice::Tone;
use crate::wire::Failure;

pub(in crate::app) fn noun(form: &Form) -> &'static str {
    match form.task {
        Task::Edit { subject, .. } => subject.noun(),
        Task::CreateStudy => "study",
        Task::Invite(_) => "user",
    }
}

pub(in crate::app) fn told(what: &str, failure: &Failure) -> String {
    format!("{what}. {}; {}", failure.sentence(), failure.advice())
}

pub(in crate::app) fn lose_if_gone(kernel: &mut Kernel, form: &Form, failure: &Failure) {
    // The API deletes neither users nor invitations.
    if let Task::Edit {
        subject: Subject::Study(study_id),
        ..
    } = form.task
        && failure.is_not_found()
    {
        kernel.data.studies.vanish(study_id);
    }
}

/// Says a refusal beside the field it is about, or else below the form.
pub(in crate::app) fn refuse(kernel: &mut Kernel, form: &mut Form, what: &str, failure: &Failure) {
    lose_if_gone(kernel, form, failure);
    if let Task::Edit { subject, .. } = form.task
        && failure.is_not_found()
    {
        let noun = subject.noun();
        let text = format!("{what}: the {noun} no longer exists. What you typed is kept");
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
        (None, Task::Invite(_)) if *status == 409 => Some(("email".into(), reason)),
        (None, Task::CreateStudy | Task::Invite(_) | Task::Edit { .. }) => None,
    }
}
