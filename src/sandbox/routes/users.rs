//! Users: invite, list, read, change, revoke, reactivate.

use chrono::TimeDelta;

use super::people::{apply_change, check_dashboard, read_profile};
use super::{ApiRequest, done, page_of};
use crate::sandbox::body;
use crate::sandbox::reject::Reject;
use crate::sandbox::store::{InviteError, SandboxStore, invited_user};
use crate::wire::{
    Ack, Invitation, InvitationId, InvitationStatus, InvitedSource, Page, User, UserId, UserLevel,
};

const INVITATION_DAYS: i64 = 7;

pub fn invite(call: ApiRequest) -> Result<User, Reject> {
    let invitation = read_invitation(&call)?;
    check_dashboard(&invitation.profile)?;
    let invite_twice = call.state.invite_twice;
    let store = &mut call.state.store;
    let refuse = |message: &str| Err(Reject::conflict(message).naming("email"));
    match store.can_invite(&invitation.email, call.now) {
        Err(InviteError::IsUser) => refuse("A user with this email exists already."),
        Err(InviteError::IsInvited) if !invite_twice => {
            refuse("This email has a pending invitation already.")
        }
        Ok(()) | Err(InviteError::IsInvited) => {
            let user = invited_user(&invitation, None);
            store.add_invitation(invitation)?;
            Ok(user)
        }
    }
}

fn read_invitation(call: &ApiRequest) -> Result<Invitation, Reject> {
    let fields = call.fields()?;
    let store = &call.state.store;
    Ok(Invitation {
        invitation_id: InvitationId::from_bytes(store.random_bytes()?),
        user_id: UserId::from_bytes(store.random_bytes()?),
        email: fields.required("email", body::email)?,
        profile: read_profile(&fields)?,
        status: InvitationStatus::Sent,
        invited_source: InvitedSource::Api,
        clinic_id: store.clinic_id().to_owned(),
        inviter_id: None,
        invited_by_api_key_id: store.api_key_id().map(str::to_owned),
        created_at: Some(call.now),
        updated_at: Some(call.now),
        expiry: Some(call.now + TimeDelta::days(INVITATION_DAYS)),
    })
}

pub fn list(call: ApiRequest) -> Result<Page<User>, Reject> {
    let query = &call.query;
    let window = query.window()?;
    let level: Option<UserLevel> = query.choice("level")?;
    let source: Option<InvitedSource> = query.choice("invitedSource")?;
    let email = query.text("email");
    let [first_name, last_name] =
        ["firstName", "lastName"].map(|name| query.text(name).map(str::to_lowercase));
    let matches = |user: &&User| {
        level
            .as_ref()
            .is_none_or(|level| user.profile.level == *level)
            && source.as_ref().is_none_or(|it| user.invited_source == *it)
            && email.is_none_or(|email| user.email.eq_ignore_ascii_case(email))
            && contains(&user.profile.first_name, first_name.as_deref())
            && contains(&user.profile.last_name, last_name.as_deref())
    };
    let users = call.state.store.users().iter().map(|member| &member.user);
    Ok(page_of(users.filter(matches), window))
}

fn contains(name: &str, part: Option<&str>) -> bool {
    part.is_none_or(|part| name.to_lowercase().contains(part))
}

pub fn get(call: ApiRequest) -> Result<User, Reject> {
    let (_, user) = in_path(&call)?;
    Ok(user)
}

pub fn update(call: ApiRequest) -> Result<User, Reject> {
    let (position, mut user) = in_path(&call)?;
    apply_change(&mut user.profile, &call.fields()?)?;
    let store = &mut call.state.store;
    if let Some(mut member) = store.member(position).cloned() {
        member.user = user.clone();
        store.save_member(position, member)?;
    }
    Ok(user)
}

pub fn revoke_access(call: ApiRequest) -> Result<Ack, Reject> {
    set_revoked(
        call,
        true,
        "The user's access is revoked.",
        "The user's access was revoked before.",
    )
}

pub fn reactivate(call: ApiRequest) -> Result<Ack, Reject> {
    set_revoked(
        call,
        false,
        "The user's access is restored.",
        "The user had access already.",
    )
}

/// Asking for the present state succeeds: a caller cannot read the state, so it must be able to ask again.
fn set_revoked(
    call: ApiRequest,
    revoked: bool,
    changed: &str,
    unchanged: &str,
) -> Result<Ack, Reject> {
    let id: UserId = call.fields()?.required("userId", body::parsed)?;
    let store = &mut call.state.store;
    let position = known(store, &id)?;
    match store.member(position).cloned() {
        Some(mut member) if member.revoked != revoked => {
            member.revoked = revoked;
            store.save_member(position, member)?;
            Ok(done(changed))
        }
        _ => Ok(done(unchanged)),
    }
}

fn in_path(call: &ApiRequest) -> Result<(u32, User), Reject> {
    let id: UserId = call.path_id("userId")?;
    let store = &call.state.store;
    let position = known(store, &id)?;
    let member = store.member(position).ok_or_else(unknown)?;
    Ok((position, member.user.clone()))
}

fn known(store: &SandboxStore, id: &UserId) -> Result<u32, Reject> {
    store.user_position(id).ok_or_else(unknown)
}

fn unknown() -> Reject {
    Reject::not_found("userId", "No user has this userId.")
}
