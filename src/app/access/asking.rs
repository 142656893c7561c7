//! The questions before a person's access changes.

use crate::app::access::{Access, offboard};
use crate::app::action::Action;
use crate::app::kernel::Kernel;
use crate::app::message::access_change::AccessChange;
use crate::app::message::effect::Effect;
use crate::app::widget::confirm::{ConfirmedAction, Lines};
use crate::app::widget::line::LineEdit;
use crate::app::writes::ask;
use crate::text::SafeText;
use crate::wire::{InvitationId, UserId};

/// What must be typed before access is revoked.
const WORD: &str = "revoke";

fn word() -> Option<(String, LineEdit)> {
    Some((WORD.to_owned(), LineEdit::default()))
}

/// Asks before a user loses access, naming them twice and saying what happens to their studies.
pub(in crate::app) fn ask_revocation(kernel: &mut Kernel, id: UserId, open_studies: usize) {
    let mut lines = user_lines(kernel, id);
    let studies = match open_studies {
        0 => None,
        1 => Some("1 open study stays assigned to this person.".to_owned()),
        many => Some(format!("{many} open studies stay assigned to this person.")),
    };
    lines.extend(studies.map(|text| SafeText::clean(&text)));
    if let Some(text) = offboard::doubt(kernel) {
        lines.push(SafeText::clean(text));
    }
    if kernel.session.me == Some(id) {
        lines.push(SafeText::clean("This is you."));
    }
    lines.push(SafeText::clean(&format!(
        "They can no longer use the viewer; {} reactivates them.",
        kernel.key(Action::Reactivate)
    )));
    ask::open(
        kernel,
        "Revoke this user's access?",
        Lines::decisive(lines),
        ("Keep access", "Revoke access"),
        word(),
        ConfirmedAction::Access(AccessChange::Revoke(id)),
    );
}

fn user_lines(kernel: &Kernel, id: UserId) -> Vec<SafeText> {
    let Some(person) = kernel.data.users.get(id) else {
        return vec![SafeText::clean(&id.to_string())];
    };
    vec![
        SafeText::clean(&format!("{}, {}", person.name, person.role)),
        person.email.clone(),
    ]
}

pub(in crate::app) fn ask_reactivate(access: &mut Access, kernel: &mut Kernel) -> Vec<Effect> {
    let Some(id) = kernel.data.users.selected().map(|person| person.id) else {
        return Vec::new();
    };
    let mut lines = user_lines(kernel, id);
    let standing = match access.standing(id) {
        Some(standing) => format!("{}.", standing.words(kernel.session.utc_offset)),
        None => "Not revoked from here; the API does not say who is revoked.".into(),
    };
    lines.push(SafeText::clean(&standing));
    lines.push(SafeText::clean("They can use the viewer again."));
    ask::open(
        kernel,
        "Reactivate this user?",
        Lines::decisive(lines),
        ("Back", "Reactivate"),
        None,
        ConfirmedAction::Access(AccessChange::Reactivate(id)),
    );
    Vec::new()
}

pub(in crate::app) fn ask_revoke_invitation(kernel: &mut Kernel) -> Vec<Effect> {
    if let Some(id) = kernel.data.invitations.selected().map(|invite| invite.id) {
        ask_invitation(kernel, id);
    }
    Vec::new()
}

/// Asks before an invitation is revoked, which cannot be undone.
pub(in crate::app) fn ask_invitation(kernel: &mut Kernel, id: InvitationId) {
    let Some(invite) = kernel.data.invitations.get(id) else {
        return;
    };
    let lines = vec![
        SafeText::clean(&format!("{}, {}", invite.name, invite.role)),
        invite.email.clone(),
        SafeText::clean("Its link stops working."),
        SafeText::clean("This cannot be undone; a new invitation can be sent."),
    ];
    ask::open(
        kernel,
        "Revoke this invitation?",
        Lines::decisive(lines),
        ("Keep invitation", "Revoke invitation"),
        word(),
        ConfirmedAction::Access(AccessChange::RevokeInvitation(id)),
    );
}
