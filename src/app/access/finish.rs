//! How a change of access ends: what its answer proves, and what is done where it proves nothing.

use crate::app::calls::Purpose;
use crate::app::changes::{About, Event};
use crate::app::invitations::Invite;
use crate::app::{Action, Call, Effect, Model, Reply, Tone, undo};
use crate::settle::{Found, Next, Seen, Verdict};
use crate::text::SafeText;
use crate::wire::{
    ExpiredFilter, Failure, GetInvitation, Invitation, InvitationId, InvitationStatus,
    ListInvitations, MAX_PAGE, UserId,
};

use super::{AccessChange, AccessFailed, Standing, Waiting, ask, call};

/// The answer of the change itself.
pub(in crate::app) fn answered(
    model: &mut Model,
    change: AccessChange,
    outcome: Result<Reply, Failure>,
) -> Vec<Effect> {
    model.kernel.needs_draw = true;
    match (change, outcome) {
        // A record can be read back: only what it says counts.
        (AccessChange::RevokeInvitation(id), Ok(_)) => {
            vec![read(model, id, Purpose::RecheckInvitation(id))]
        }
        (AccessChange::Revoke(id), Ok(_)) => {
            stand(model, id, true, false);
            succeed(model, change);
            // An attempt before this one need not be wondered about any longer: the end is the same.
            vec![find_invitation(model, id), Effect::settle(id, Found::Done)]
        }
        (AccessChange::Reactivate(id), Ok(_)) => {
            stand(model, id, false, false);
            succeed(model, change);
            vec![Effect::settle(id, Found::Done)]
        }
        (_, Err(failure)) => failed(model, change, failure),
    }
}

/// An attempt failed. What can be read is read; what cannot is sent once more, for the end is the same.
fn failed(model: &mut Model, change: AccessChange, failure: Failure) -> Vec<Effect> {
    let Some(waiting) = model.access.pending.get_mut(&change) else {
        return Vec::new();
    };
    let (next, who) = (waiting.trial.failed(&failure), waiting.who.clone());
    match (next, change) {
        (Next::Look, AccessChange::RevokeInvitation(id)) => {
            let text = format!("{}; looking whether it was done", failure.sentence());
            model.inform(Tone::Bad, &text);
            vec![read(model, id, Purpose::RecheckInvitation(id))]
        }
        (Next::SendOnceMore, _) => {
            let text = format!("{}; asking once more: {who}", failure.sentence());
            model.inform(Tone::Bad, &text);
            vec![call(model, change)]
        }
        (Next::Refused, _) => {
            fail(model, change, failure, false);
            Vec::new()
        }
        (Next::Look | Next::Unconfirmed, _) => {
            fail(model, change, failure, true);
            Vec::new()
        }
    }
}

fn stand(model: &mut Model, id: UserId, is_revoked: bool, unconfirmed: bool) {
    let at = model.kernel.now;
    let standing = Standing {
        is_revoked,
        unconfirmed,
        at,
    };
    model.access.standing.insert(id, standing);
}

fn succeed(model: &mut Model, change: AccessChange) {
    let Some(Waiting { who, .. }) = model.access.pending.remove(&change) else {
        return;
    };
    let text = match change {
        AccessChange::Revoke(_) => {
            let key = model.key(Action::Reactivate);
            format!("Access revoked: {who}  ({key} reactivates)")
        }
        AccessChange::Reactivate(_) => format!("Reactivated: {who}"),
        AccessChange::RevokeInvitation(_) => {
            format!("Invitation revoked: {who}  (cannot be undone)")
        }
    };
    model.inform(Tone::Good, &text);
    let (label, instead) = match change {
        AccessChange::Revoke(_) => {
            let key = model.key(Action::Reactivate);
            ("Access revoked", format!("{key} reactivates them"))
        }
        AccessChange::Reactivate(_) => {
            let key = model.key(Action::RevokeAccess);
            ("Reactivated", format!("{key} revokes the access"))
        }
        AccessChange::RevokeInvitation(_) => {
            let key = model.key(Action::InviteAgain);
            ("Invitation revoked", format!("{key} invites them again"))
        }
    };
    let what = format!("{label}: {who}");
    undo::remember_lasting(model, about(change), &what, &instead);
}

fn fail(model: &mut Model, change: AccessChange, failure: Failure, unconfirmed: bool) {
    let Some(Waiting { who, .. }) = model.access.pending.remove(&change) else {
        return;
    };
    match change {
        AccessChange::Revoke(id) if unconfirmed => stand(model, id, true, true),
        AccessChange::Reactivate(id) if unconfirmed => stand(model, id, false, true),
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
    note(model, change, &text, true);
    model.kernel.notice = None;
    model.access.is_put_away = false;
    model.access.failed.push(AccessFailed {
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

fn note(model: &mut Model, change: AccessChange, text: &str, failed: bool) {
    model.kernel.history.note(Event {
        at: model.kernel.now,
        about: about(change),
        text: SafeText::clean(text),
        failed,
    });
}

pub(super) fn read(model: &mut Model, id: InvitationId, purpose: Purpose) -> Effect {
    let call = Call::GetInvitation(GetInvitation { invitation_id: id });
    model.kernel.requests.start(purpose, call)
}

/// The invitation was read to see what became of its revocation.
pub(in crate::app) fn rechecked(
    model: &mut Model,
    id: InvitationId,
    outcome: Result<Reply, Failure>,
) -> Vec<Effect> {
    model.kernel.needs_draw = true;
    let change = AccessChange::RevokeInvitation(id);
    match outcome {
        Ok(Reply::Invitation(record)) => {
            let seen = take_in(model, *record);
            judge(model, id, seen)
        }
        Err(failure) => {
            fail(model, change, failure, true);
            Vec::new()
        }
        Ok(_) => Vec::new(),
    }
}

fn judge(model: &mut Model, id: InvitationId, seen: Seen) -> Vec<Effect> {
    let change = AccessChange::RevokeInvitation(id);
    let Some(waiting) = model.access.pending.get_mut(&change) else {
        return Vec::new();
    };
    let Some(doubt) = waiting.trial.doubt().cloned() else {
        // The server says that it was done.
        match seen {
            Seen::Wanted => succeed(model, change),
            _ => fail(model, change, not_shown(), false),
        }
        return Vec::new();
    };
    let found = waiting.trial.found(seen);
    let verdict = waiting.trial.verdict(seen);
    let mut effects: Vec<Effect> = found
        .map(|found| Effect::settle(id, found))
        .into_iter()
        .collect();
    match verdict {
        Verdict::Done => succeed(model, change),
        Verdict::SendOnceMore => {
            model.inform(Tone::Info, "It was not done; it is sent once more");
            effects.push(call(model, change));
        }
        Verdict::NotDone => fail(model, change, doubt, false),
        Verdict::Conflict => fail(model, change, overtaken(model, id), false),
        Verdict::LookAgain { .. } | Verdict::Unconfirmed => fail(model, change, doubt, true),
    }
    effects
}

fn not_shown() -> Failure {
    let message = "the invitation does not show it, and nothing was sent again";
    Failure::Unsuccessful {
        message: Some(message.into()),
    }
}

/// What became of it meanwhile.
fn overtaken(model: &Model, id: InvitationId) -> Failure {
    let status = model.kernel.data.invitations.get(id).map_or_else(
        || "no longer there".to_owned(),
        |invite| invite.invitation.status.to_string(),
    );
    Failure::Unsuccessful {
        message: Some(format!("the invitation is {status} by now")),
    }
}

/// The invitation was read before its revocation is tried again: perhaps it was done.
pub(in crate::app) fn checked(
    model: &mut Model,
    id: InvitationId,
    outcome: Result<Reply, Failure>,
) -> Vec<Effect> {
    model.kernel.needs_draw = true;
    let change = AccessChange::RevokeInvitation(id);
    match outcome {
        Ok(Reply::Invitation(record)) => {
            let seen = take_in(model, *record);
            let mut effects = vec![Effect::settle(id, seen.found())];
            match seen {
                Seen::Wanted => succeed(model, change),
                Seen::Unchanged => effects.push(call(model, change)),
                Seen::Otherwise | Seen::Missing | Seen::Unread => {
                    fail(model, change, overtaken(model, id), false);
                }
            }
            effects
        }
        Err(failure) => {
            fail(model, change, failure, true);
            Vec::new()
        }
        Ok(_) => Vec::new(),
    }
}

/// Takes the server's record in; answers what it shows of the revocation.
fn take_in(model: &mut Model, record: Invitation) -> Seen {
    let seen = match record.status {
        InvitationStatus::Revoked => Seen::Wanted,
        InvitationStatus::Sent => Seen::Unchanged,
        InvitationStatus::Accepted | InvitationStatus::Rejected | InvitationStatus::Other(_) => {
            Seen::Otherwise
        }
    };
    model.kernel.data.invitations.insert(Invite::from(record));
    seen
}

/// Whoever lost access may still hold an invitation: the server is asked for it.
fn find_invitation(model: &mut Model, id: UserId) -> Effect {
    let request = ListInvitations {
        user_id: Some(id),
        status: vec![InvitationStatus::Sent],
        expired: Some(ExpiredFilter::NotExpired),
        limit: Some(MAX_PAGE),
        ..ListInvitations::default()
    };
    let call = Call::ListInvitations(request);
    model
        .kernel
        .requests
        .start(Purpose::InvitationsOf(id), call)
}

/// Offers to revoke a pending invitation of somebody whose access was revoked.
pub(in crate::app) fn invitations_of(
    model: &mut Model,
    user: UserId,
    outcome: Result<Reply, Failure>,
) -> Vec<Effect> {
    model.kernel.needs_draw = true;
    let page = match outcome {
        Ok(Reply::Invitations(page)) => page,
        Ok(_) => return Vec::new(),
        Err(failure) => {
            let text = format!(
                "Access revoked, but whether an invitation is pending is unknown. {}",
                failure.sentence()
            );
            model.inform(Tone::Bad, &text);
            return Vec::new();
        }
    };
    let now = model.server_now();
    let mut pending = None;
    // Only what the server says now counts: one read earlier may have been accepted since.
    for invite in page.items.into_iter().map(Invite::from) {
        if invite.invitation.user_id == user && invite.is_pending(now) {
            pending = Some((invite.id, invite.name.clone()));
        }
        model.kernel.data.invitations.insert(invite);
    }
    match pending {
        None => {}
        Some((id, _)) if super::may_ask(model) => {
            ask::ask_invitation(model, id);
        }
        Some((_, who)) => {
            let text = format!(
                "{who} still has a pending invitation; {}, {} revokes it",
                model.key(Action::GoInvitations),
                model.key(Action::RevokeInvitation)
            );
            model.inform(Tone::Bad, &text);
        }
    }
    Vec::new()
}
