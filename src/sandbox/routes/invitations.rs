//! Invitations: list, read, change, revoke.

use chrono::{DateTime, Utc};

use super::people::apply_change;
use super::{ApiRequest, done, page_of};
use crate::sandbox::body;
use crate::sandbox::reject::Reject;
use crate::sandbox::store::{SandboxStore, is_expired, is_pending};
use crate::wire::{Ack, ExpiredFilter, Invitation, InvitationId, InvitationStatus, Page, UserId};

pub fn list(call: ApiRequest) -> Result<Page<Invitation>, Reject> {
    let query = &call.query;
    let window = query.window()?;
    let statuses: Vec<InvitationStatus> = query.choices("status")?;
    let expired: Option<ExpiredFilter> = query.choice("expired")?;
    let user: Option<UserId> = query.id("userId")?;
    let start = query.date("startDate")?;
    let end = query.date("endDate")?;
    let matches = |invitation: &&Invitation| {
        let day = invitation.created_at.map(|time| time.date_naive());
        (statuses.is_empty() || statuses.contains(&invitation.status))
            && match &expired {
                Some(ExpiredFilter::Expired) => is_expired(invitation, call.now),
                Some(ExpiredFilter::NotExpired) => !is_expired(invitation, call.now),
                _ => true,
            }
            && user.is_none_or(|user| invitation.user_id == user)
            && start.is_none_or(|start| day.is_some_and(|day| day >= start))
            && end.is_none_or(|end| day.is_some_and(|day| day <= end))
    };
    let invitations = call.state.store.invitations().iter();
    Ok(page_of(invitations.filter(matches), window))
}

pub fn get(call: ApiRequest) -> Result<Invitation, Reject> {
    let (_, invitation) = in_path(&call)?;
    Ok(invitation)
}

pub fn update(call: ApiRequest) -> Result<Invitation, Reject> {
    let (position, mut invitation) = in_path(&call)?;
    let fields = call.fields()?;
    check_pending(&invitation, call.now)?;
    let before = invitation.clone();
    apply_change(&mut invitation.profile, &fields)?;
    if invitation != before {
        invitation.updated_at = Some(call.now);
        let store = &mut call.state.store;
        store.save_invitation(position, invitation.clone())?;
    }
    Ok(invitation)
}

pub fn revoke(call: ApiRequest) -> Result<Ack, Reject> {
    let (position, mut invitation) = selected(&call)?;
    check_pending(&invitation, call.now)?;
    invitation.status = InvitationStatus::Revoked;
    invitation.updated_at = Some(call.now);
    call.state.store.save_invitation(position, invitation)?;
    Ok(done("The invitation is revoked."))
}

/// An invitation that was answered or revoked or has expired cannot be changed any more.
fn check_pending(invitation: &Invitation, now: DateTime<Utc>) -> Result<(), Reject> {
    if is_pending(invitation, now) {
        return Ok(());
    }
    let state = match &invitation.status {
        InvitationStatus::Sent => "expired",
        status => status.as_str(),
    };
    Err(Reject::conflict(format!(
        "The invitation is no longer pending: it is {state}."
    )))
}

type Found = (u32, Invitation);

fn in_path(call: &ApiRequest) -> Result<Found, Reject> {
    by_id(&call.state.store, &call.path_id("invitationId")?)
}

fn by_id(store: &SandboxStore, id: &InvitationId) -> Result<Found, Reject> {
    store
        .invitation(id)
        .map(owned)
        .ok_or_else(|| Reject::not_found("invitationId", "No invitation has this invitationId."))
}

fn owned((position, invitation): (u32, &Invitation)) -> Found {
    (position, invitation.clone())
}

/// Returns the invitation that a body names by id, by user, or by both.
fn selected(call: &ApiRequest) -> Result<Found, Reject> {
    let fields = call.fields()?;
    let id = fields.optional("invitationId", body::parsed)?;
    let user = fields.optional("userId", body::parsed)?;
    let store = &call.state.store;
    match (id, user) {
        (None, None) => Err(Reject::bad_request(
            "Name the invitation by invitationId, by userId, or by both.",
        )
        .naming("invitationId")),
        (Some(id), None) => by_id(store, &id),
        (None, Some(user)) => store
            .invitation_of(&user)
            .map(owned)
            .ok_or_else(|| Reject::not_found("userId", "No invitation is for this userId.")),
        (Some(id), Some(user)) => {
            let found = by_id(store, &id)?;
            if found.1.user_id == user {
                Ok(found)
            } else {
                Err(
                    Reject::bad_request("invitationId and userId name different invitations.")
                        .naming("userId"),
                )
            }
        }
    }
}
