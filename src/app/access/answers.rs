//! How a change of access ends: what its answer proves, and what is done if it proves nothing.

use crate::app::access;
use crate::app::access::{Access, AccessFailed, KnownAccess, Waiting, asking, call};
use crate::app::action::Action;
use crate::app::edit::history::{About, Activity};
use crate::app::kernel::Kernel;
use crate::app::kernel::invitation::ListedInvitation;
use crate::app::message::Reply;
use crate::app::message::access_change::AccessChange;
use crate::app::message::effect::{Call, Effect};
use crate::app::message::purpose::CallPurpose;
use crate::app::widget::notice::Tone;
use crate::resolve::{Found, Seen, Step};
use crate::text::SafeText;
use crate::wire::{
    ExpiredFilter, Failure, GetInvitation, Invitation, InvitationId, InvitationStatus,
    ListInvitations, MAX_PAGE, UserId,
};

/// The answer of the change itself.
pub(in crate::app) fn answered(
    access: &mut Access,
    kernel: &mut Kernel,
    change: AccessChange,
    outcome: Result<Reply, Failure>,
) -> Vec<Effect> {
    kernel.needs_draw = true;
    match (change, outcome) {
        // A record can be read back: only what it says counts.
        (AccessChange::RevokeInvitation(id), Ok(_)) => {
            vec![read(kernel, id, CallPurpose::RecheckInvitation(id))]
        }
        (AccessChange::Revoke(id), Ok(_)) => {
            stand(access, kernel, id, true, false);
            succeed(access, kernel, change);
            // The outcome of an attempt before this one no longer matters: the end is the same.
            vec![
                find_invitation(kernel, id),
                Effect::record_outcome(id, Found::Done),
            ]
        }
        (AccessChange::Reactivate(id), Ok(_)) => {
            stand(access, kernel, id, false, false);
            succeed(access, kernel, change);
            vec![Effect::record_outcome(id, Found::Done)]
        }
        (_, Err(failure)) => failed(access, kernel, change, failure),
    }
}

/// An attempt failed. What can be read is read; what cannot is sent once more, for the end is the same.
fn failed(
    access: &mut Access,
    kernel: &mut Kernel,
    change: AccessChange,
    failure: Failure,
) -> Vec<Effect> {
    let Some(waiting) = access.pending.get_mut(&change) else {
        return Vec::new();
    };
    let step = waiting.driver.failed(&failure);
    follow(access, kernel, change, (step, failure))
}

/// Does what the driver of a change says after a failure.
fn follow(
    access: &mut Access,
    kernel: &mut Kernel,
    change: AccessChange,
    (step, failure): (Step, Failure),
) -> Vec<Effect> {
    let Some(waiting) = access.pending.get(&change) else {
        return Vec::new();
    };
    let who = waiting.who.clone();
    match (step, change) {
        (Step::Done, _) => succeed(access, kernel, change),
        (Step::Look { .. }, AccessChange::RevokeInvitation(id)) => {
            let text = format!("{}; checking whether it was done", failure.sentence());
            kernel.inform(Tone::Bad, &text);
            return vec![read(kernel, id, CallPurpose::RecheckInvitation(id))];
        }
        (Step::SendOnceMore, AccessChange::RevokeInvitation(_)) => {
            kernel.inform(Tone::Info, "It was not done; sending it once more");
            return vec![call(kernel, change)];
        }
        (Step::SendOnceMore, _) => {
            let text = format!("{}; trying once more: {who}", failure.sentence());
            kernel.inform(Tone::Bad, &text);
            return vec![call(kernel, change)];
        }
        (Step::NotDone, _) => fail(access, kernel, change, failure, false),
        (Step::Conflict, AccessChange::RevokeInvitation(id)) => {
            fail(access, kernel, change, overtaken(kernel, id), false);
        }
        (Step::Conflict | Step::Look { .. } | Step::Unconfirmed, _) => {
            fail(access, kernel, change, failure, true);
        }
    }
    Vec::new()
}

fn stand(
    access: &mut Access,
    kernel: &mut Kernel,
    id: UserId,
    is_revoked: bool,
    unconfirmed: bool,
) {
    let at = kernel.now;
    let standing = KnownAccess {
        is_revoked,
        unconfirmed,
        at,
    };
    access.standing.insert(id, standing);
}

fn succeed(access: &mut Access, kernel: &mut Kernel, change: AccessChange) {
    let Some(Waiting { who, .. }) = access.pending.remove(&change) else {
        return;
    };
    let text = match change {
        AccessChange::Revoke(_) => {
            let key = kernel.key(Action::Reactivate);
            format!("Access revoked: {who}  ({key} reactivates)")
        }
        AccessChange::Reactivate(_) => format!("Reactivated: {who}"),
        AccessChange::RevokeInvitation(_) => {
            format!("Invitation revoked: {who}  (cannot be undone)")
        }
    };
    kernel.inform(Tone::Good, &text);
    let (label, instead) = match change {
        AccessChange::Revoke(_) => {
            let key = kernel.key(Action::Reactivate);
            ("Access revoked", format!("{key} reactivates them"))
        }
        AccessChange::Reactivate(_) => {
            let key = kernel.key(Action::RevokeAccess);
            ("Reactivated", format!("{key} revokes the access"))
        }
        AccessChange::RevokeInvitation(_) => {
            let key = kernel.key(Action::InviteAgain);
            ("Invitation revoked", format!("{key} invites them again"))
        }
    };
    let what = format!("{label}: {who}");
    kernel.remember_lasting(about(change), &what, &instead);
}

fn fail(
    access: &mut Access,
    kernel: &mut Kernel,
    change: AccessChange,
    failure: Failure,
    unconfirmed: bool,
) {
    let Some(Waiting { who, .. }) = access.pending.remove(&change) else {
        return;
    };
    match change {
        AccessChange::Revoke(id) if unconfirmed => stand(access, kernel, id, true, true),
        AccessChange::Reactivate(id) if unconfirmed => stand(access, kernel, id, false, true),
        AccessChange::Revoke(_)
        | AccessChange::Reactivate(_)
        | AccessChange::RevokeInvitation(_) => {}
    }
    let verdict = if unconfirmed {
        "Unconfirmed"
    } else {
        "Not done"
    };
    let text = format!(
        "{verdict}: {}: {who}. {}",
        change.label(),
        failure.sentence()
    );
    note(kernel, change, &text, true);
    kernel.notice = None;
    access.is_put_away = false;
    access.failed.push(AccessFailed {
        change,
        who,
        failure,
        unconfirmed,
        is_seen: false,
        is_listed: false,
    });
}

fn about(change: AccessChange) -> About {
    match change {
        AccessChange::Revoke(id) | AccessChange::Reactivate(id) => About::User(id),
        AccessChange::RevokeInvitation(id) => About::Invitation(id),
    }
}

fn note(kernel: &mut Kernel, change: AccessChange, text: &str, failed: bool) {
    kernel.history.note(Activity {
        at: kernel.now,
        about: about(change),
        text: SafeText::clean(text),
        failed,
    });
}

pub(in crate::app) fn read(kernel: &mut Kernel, id: InvitationId, purpose: CallPurpose) -> Effect {
    let call = Call::GetInvitation(GetInvitation { invitation_id: id });
    kernel.requests.start(purpose, call)
}

/// The invitation was read to see whether it was revoked.
pub(in crate::app) fn rechecked(
    access: &mut Access,
    kernel: &mut Kernel,
    id: InvitationId,
    outcome: Result<Reply, Failure>,
) -> Vec<Effect> {
    kernel.needs_draw = true;
    let change = AccessChange::RevokeInvitation(id);
    match outcome {
        Ok(Reply::Invitation(record)) => {
            let seen = apply_record(kernel, *record);
            judge(access, kernel, id, seen)
        }
        Err(failure) => {
            fail(access, kernel, change, failure, true);
            Vec::new()
        }
        Ok(_) => Vec::new(),
    }
}

fn judge(access: &mut Access, kernel: &mut Kernel, id: InvitationId, seen: Seen) -> Vec<Effect> {
    let change = AccessChange::RevokeInvitation(id);
    let Some(waiting) = access.pending.get_mut(&change) else {
        return Vec::new();
    };
    let Some(doubt) = waiting.driver.doubt().cloned() else {
        // The server says that it was done.
        match seen {
            Seen::Wanted => succeed(access, kernel, change),
            _ => fail(access, kernel, change, not_shown(), false),
        }
        return Vec::new();
    };
    let (found, step) = waiting.driver.looked(seen);
    let mut effects = Vec::from_iter(found.map(|found| Effect::record_outcome(id, found)));
    effects.extend(follow(access, kernel, change, (step, doubt)));
    effects
}

fn not_shown() -> Failure {
    let message = "the invitation does not show the change; nothing was sent again";
    Failure::Unsuccessful {
        message: Some(message.into()),
    }
}

/// The failure for an invitation that someone else has changed in the meantime.
fn overtaken(kernel: &Kernel, id: InvitationId) -> Failure {
    let status = kernel.data.invitations.get(id).map_or_else(
        || "gone".to_owned(),
        |invite| invite.invitation.status.to_string(),
    );
    Failure::Unsuccessful {
        message: Some(format!("the invitation is now {status}")),
    }
}

/// The invitation was read before its revocation is tried again: perhaps it was done.
pub(in crate::app) fn checked(
    access: &mut Access,
    kernel: &mut Kernel,
    id: InvitationId,
    outcome: Result<Reply, Failure>,
) -> Vec<Effect> {
    kernel.needs_draw = true;
    let change = AccessChange::RevokeInvitation(id);
    match outcome {
        Ok(Reply::Invitation(record)) => {
            let seen = apply_record(kernel, *record);
            let mut effects = vec![Effect::record_outcome(id, seen.found())];
            match seen {
                Seen::Wanted => succeed(access, kernel, change),
                Seen::Unchanged => effects.push(call(kernel, change)),
                Seen::Otherwise | Seen::Missing | Seen::Unread => {
                    fail(access, kernel, change, overtaken(kernel, id), false);
                }
            }
            effects
        }
        Err(failure) => {
            fail(access, kernel, change, failure, true);
            Vec::new()
        }
        Ok(_) => Vec::new(),
    }
}

/// Stores the server's record. Returns what it shows of the revocation.
fn apply_record(kernel: &mut Kernel, record: Invitation) -> Seen {
    let seen = match record.status {
        InvitationStatus::Revoked => Seen::Wanted,
        InvitationStatus::Sent => Seen::Unchanged,
        InvitationStatus::Accepted | InvitationStatus::Rejected | InvitationStatus::Other(_) => {
            Seen::Otherwise
        }
    };
    kernel
        .data
        .invitations
        .insert(ListedInvitation::from(record));
    seen
}

/// Asks the server for invitations of a user who lost access: one may still be pending.
fn find_invitation(kernel: &mut Kernel, id: UserId) -> Effect {
    let request = ListInvitations {
        user_id: Some(id),
        status: vec![InvitationStatus::Sent],
        expired: Some(ExpiredFilter::NotExpired),
        limit: Some(MAX_PAGE),
        ..ListInvitations::default()
    };
    let call = Call::ListInvitations(request);
    kernel.requests.start(CallPurpose::InvitationsOf(id), call)
}

/// Offers to revoke a pending invitation of a user whose access was revoked.
pub(in crate::app) fn invitations_of(
    kernel: &mut Kernel,
    user: UserId,
    outcome: Result<Reply, Failure>,
) -> Vec<Effect> {
    kernel.needs_draw = true;
    let page = match outcome {
        Ok(Reply::Invitations(page)) => page,
        Ok(_) => return Vec::new(),
        Err(failure) => {
            let text = format!(
                "Access revoked, but could not check for pending invitations. {}",
                failure.sentence()
            );
            kernel.inform(Tone::Bad, &text);
            return Vec::new();
        }
    };
    let now = kernel.server_now();
    let mut pending = None;
    // Only what the server says now counts: one read earlier may have been accepted since.
    for invite in page.items.into_iter().map(ListedInvitation::from) {
        if invite.invitation.user_id == user && invite.is_pending(now) {
            pending = Some((invite.id, invite.name.clone()));
        }
        kernel.data.invitations.insert(invite);
    }
    match pending {
        None => {}
        Some((id, _)) if access::may_ask(kernel) => {
            asking::ask_invitation(kernel, id);
        }
        Some((_, who)) => {
            let text = format!(
                "{who} still has a pending invitation; {}, {} revokes it",
                kernel.key(Action::GoInvitations),
                kernel.key(Action::RevokeInvitation)
            );
            kernel.inform(Tone::Bad, &text);
        }
    }
    Vec::new()
}
