//! Compares a record that the server sent with what is already known of it.
//!
//! The client compares an answer with its question. What the question did not name is compared here, in
//! one place for every answer: a study's UID, a person's address and an invitation's user never change, so
//! that an answer which has the right id and another of these is about another record.

use crate::app::kernel::Kernel;
use crate::app::message::Reply;
use crate::text::clean;
use crate::wire::{Failure, Identifier, Invitation, Study, User, check_names};

/// Returns the answer, or why it is not believed.
pub(in crate::app) fn check_reply(kernel: &Kernel, reply: Reply) -> Result<Reply, Failure> {
    match &reply {
        Reply::Study(study) => check_study(kernel, study)?,
        Reply::User(user) => check_user(kernel, user)?,
        Reply::Invitation(invitation) => check_invitation(kernel, invitation)?,
        Reply::Studies(_)
        | Reply::Link(_)
        | Reply::Users(_)
        | Reply::Invitations(_)
        | Reply::Done => {}
    }
    Ok(reply)
}

fn check_study(kernel: &Kernel, study: &Study) -> Result<(), Failure> {
    let Some(known) = kernel.data.studies.store.find(study.study_id) else {
        return Ok(());
    };
    // The list keeps cleaned texts.
    if *clean(study.study_instance_uid.as_str()) == *known.uid() {
        return Ok(());
    }
    let asked = (Identifier::StudyUid, known.uid().to_owned());
    check_names(&[asked], study)
}

fn check_user(kernel: &Kernel, user: &User) -> Result<(), Failure> {
    match kernel.data.users.get(user.user_id) {
        None => Ok(()),
        Some(known) => check_names(&[(Identifier::Email, known.user.email.clone())], user),
    }
}

fn check_invitation(kernel: &Kernel, invitation: &Invitation) -> Result<(), Failure> {
    let Some(known) = kernel.data.invitations.get(invitation.invitation_id) else {
        return Ok(());
    };
    let known = &known.invitation;
    let asked = [
        (Identifier::UserId, known.user_id.to_string()),
        (Identifier::Email, known.email.clone()),
    ];
    check_names(&asked, invitation)
}
