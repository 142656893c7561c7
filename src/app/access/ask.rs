//! The questions before somebody's access changes.

use crate::app::confirm::{Deed, Lines};
use crate::app::line::LineEdit;
use crate::app::{Action, Effect, Model, bulk};
use crate::text::SafeText;
use crate::wire::{InvitationId, UserId};

use super::AccessChange;

/// What must be typed before access is taken away.
const WORD: &str = "revoke";

fn word() -> Option<(String, LineEdit)> {
    Some((WORD.to_owned(), LineEdit::default()))
}

/// Asks before a user loses access, naming her twice and saying what becomes of her studies.
pub(super) fn ask_revocation(model: &mut Model, id: UserId, open_studies: usize) {
    let mut lines = user_lines(model, id);
    let studies = match open_studies {
        0 => None,
        1 => Some("1 open study stays with this person.".to_owned()),
        many => Some(format!("{many} open studies stay with this person.")),
    };
    lines.extend(studies.map(|text| SafeText::clean(&text)));
    if let Some(text) = super::leaver::doubt(model) {
        lines.push(SafeText::clean(text));
    }
    if model.kernel.session.me == Some(id) {
        lines.push(SafeText::clean("This is you."));
    }
    lines.push(SafeText::clean(&format!(
        "They can no longer use the viewer; {} reactivates them.",
        model.key(Action::Reactivate)
    )));
    bulk::open(
        model,
        "Revoke this user's access?",
        Lines::decisive(lines),
        ("Keep access", "Revoke access"),
        word(),
        Deed::Access(AccessChange::Revoke(id)),
    );
}

fn user_lines(model: &Model, id: UserId) -> Vec<SafeText> {
    let Some(person) = model.kernel.data.users.get(id) else {
        return vec![SafeText::clean(&id.to_string())];
    };
    vec![
        SafeText::clean(&format!("{}, {}", person.name, person.role)),
        person.email.clone(),
    ]
}

pub(in crate::app) fn ask_reactivate(model: &mut Model) -> Vec<Effect> {
    let Some(id) = model.kernel.data.users.selected().map(|person| person.id) else {
        return Vec::new();
    };
    let mut lines = user_lines(model, id);
    let standing = match model.access.standing(id) {
        Some(standing) => format!("{}.", standing.words(model.kernel.session.utc_offset)),
        None => "Nothing was revoked here; the API does not tell who is revoked.".into(),
    };
    lines.push(SafeText::clean(&standing));
    lines.push(SafeText::clean("They can use the viewer again."));
    bulk::open(
        model,
        "Reactivate this user?",
        Lines::decisive(lines),
        ("Leave as it is", "Reactivate"),
        None,
        Deed::Access(AccessChange::Reactivate(id)),
    );
    Vec::new()
}

pub(in crate::app) fn ask_revoke_invitation(model: &mut Model) -> Vec<Effect> {
    if let Some(id) = model
        .kernel
        .data
        .invitations
        .selected()
        .map(|invite| invite.id)
    {
        ask_invitation(model, id);
    }
    Vec::new()
}

/// Asks before an invitation is revoked, which cannot be undone.
pub(super) fn ask_invitation(model: &mut Model, id: InvitationId) {
    let Some(invite) = model.kernel.data.invitations.get(id) else {
        return;
    };
    let lines = vec![
        SafeText::clean(&format!("{}, {}", invite.name, invite.role)),
        invite.email.clone(),
        SafeText::clean("Its link stops working."),
        SafeText::clean("This cannot be undone; a new invitation can be sent."),
    ];
    bulk::open(
        model,
        "Revoke this invitation?",
        Lines::decisive(lines),
        ("Keep invitation", "Revoke invitation"),
        word(),
        Deed::Access(AccessChange::RevokeInvitation(id)),
    );
}
