//! Users and invitations: written to the database, served from memory.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::json::text_of;
use super::ledger::{self, Change};
use super::{SandboxStore, StoreError};
use crate::wire::{Invitation, InvitationId, InvitationStatus, User, UserId, UserReference};

/// A user, with what the API does not show.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Member {
    #[serde(flatten)]
    pub user: User,
    /// Whether access was revoked. The user stays listed and readable.
    pub revoked: bool,
}

impl Member {
    /// Returns the user as other records name one.
    pub(super) fn reference(&self) -> UserReference {
        let User {
            user_id,
            email,
            profile,
            ..
        } = &self.user;
        UserReference {
            user_id: *user_id,
            email: email.clone(),
            first_name: Some(profile.first_name.clone()),
            last_name: Some(profile.last_name.clone()),
            middle_name: profile.middle_name.clone(),
            suffix1: profile.suffix1.clone(),
            suffix2: profile.suffix2.clone(),
        }
    }
}

/// Why an address cannot be invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InviteError {
    IsUser,
    IsInvited,
}

impl SandboxStore {
    pub fn users(&self) -> &[Member] {
        &self.users
    }

    pub fn user_position(&self, id: &UserId) -> Option<u32> {
        self.user_positions.get(id).copied()
    }

    pub fn member(&self, position: u32) -> Option<&Member> {
        self.users.get(position as usize)
    }

    pub fn save_member(&mut self, position: u32, member: Member) -> Result<(), StoreError> {
        let reference = text_of(&member.reference())?;
        let place = position as usize;
        let origin = self.origin.as_ref();
        let change = Change::of(origin, self.users.get(place), Some(&member))?;
        let tx = self.db.transaction()?;
        write_user(&tx, position, &member)?;
        ledger::note(&tx, origin, &member.user.user_id.to_string(), &change)?;
        tx.commit()?;
        if let (Some(known), Some(shown)) = (
            self.users.get_mut(place),
            self.references.users.get_mut(place),
        ) {
            (*known, *shown) = (member, reference);
        }
        Ok(())
    }

    pub fn invitations(&self) -> &[Invitation] {
        &self.invitations
    }

    pub fn invitation(&self, id: &InvitationId) -> Option<(u32, &Invitation)> {
        (0..)
            .zip(&self.invitations)
            .find(|(_, invitation)| invitation.invitation_id == *id)
    }

    /// Returns the invitation that made, or will make, a user.
    pub fn invitation_of(&self, id: &UserId) -> Option<(u32, &Invitation)> {
        (0..)
            .zip(&self.invitations)
            .find(|(_, invitation)| invitation.user_id == *id)
    }

    /// Checks that an address is neither a user's nor invited.
    pub fn can_invite(&self, email: &str, now: DateTime<Utc>) -> Result<(), InviteError> {
        let same = |other: &str| other.eq_ignore_ascii_case(email);
        if self.users.iter().any(|member| same(&member.user.email)) {
            return Err(InviteError::IsUser);
        }
        let pending = |invitation: &&Invitation| is_pending(invitation, now);
        if self
            .invitations
            .iter()
            .filter(pending)
            .any(|invitation| same(&invitation.email))
        {
            return Err(InviteError::IsInvited);
        }
        Ok(())
    }

    pub fn add_invitation(&mut self, invitation: Invitation) -> Result<(), StoreError> {
        let position = self.invitations.len() as u32;
        self.put_invitation(position, &invitation)?;
        self.invitations.push(invitation);
        Ok(())
    }

    pub fn save_invitation(
        &mut self,
        position: u32,
        invitation: Invitation,
    ) -> Result<(), StoreError> {
        self.put_invitation(position, &invitation)?;
        if let Some(place) = self.invitations.get_mut(position as usize) {
            *place = invitation;
        }
        Ok(())
    }

    fn put_invitation(&mut self, position: u32, invitation: &Invitation) -> Result<(), StoreError> {
        let origin = self.origin.as_ref();
        let before = self.invitations.get(position as usize);
        let change = Change::of(origin, before, Some(invitation))?;
        let tx = self.db.transaction()?;
        write_invitation(&tx, position, invitation)?;
        ledger::note(&tx, origin, &invitation.invitation_id.to_string(), &change)?;
        Ok(tx.commit()?)
    }

    /// Lets the invited person accept: the invitation closes and its user id becomes a user's.
    pub fn accept(&mut self, position: u32, now: DateTime<Utc>) -> Result<(), StoreError> {
        let Some(mut invitation) = self.invitations.get(position as usize).cloned() else {
            return Ok(());
        };
        invitation.status = InvitationStatus::Accepted;
        invitation.updated_at = Some(now);
        let member = Member {
            user: invited_user(&invitation, Some(now)),
            revoked: false,
        };
        let reference = text_of(&member.reference())?;
        let place = self.users.len() as u32;
        let tx = self.db.transaction()?;
        write_invitation(&tx, position, &invitation)?;
        write_user(&tx, place, &member)?;
        tx.commit()?;
        self.user_positions.insert(member.user.user_id, place);
        self.users.push(member);
        self.references.users.push(reference);
        self.invitations[position as usize] = invitation;
        Ok(())
    }
}

/// Whether an invitation was sent, and neither answered, revoked nor expired.
pub fn is_pending(invitation: &Invitation, now: DateTime<Utc>) -> bool {
    invitation.status == InvitationStatus::Sent && !is_expired(invitation, now)
}

pub fn is_expired(invitation: &Invitation, now: DateTime<Utc>) -> bool {
    invitation.expiry.is_some_and(|expiry| expiry <= now)
}

/// Returns the user that an invitation describes.
pub fn invited_user(invitation: &Invitation, last_login_at: Option<DateTime<Utc>>) -> User {
    User {
        user_id: invitation.user_id,
        email: invitation.email.clone(),
        profile: invitation.profile.clone(),
        invited_source: invitation.invited_source.clone(),
        created_at: invitation.created_at,
        last_login_at,
    }
}

pub(super) fn write_user(
    db: &Connection,
    position: u32,
    member: &Member,
) -> Result<(), StoreError> {
    let record = serde_json::to_string(&member.user)?;
    db.prepare_cached("INSERT OR REPLACE INTO users VALUES (?1, ?2, ?3)")?
        .execute(params![position, record, member.revoked])?;
    Ok(())
}

pub(super) fn write_invitation(
    db: &Connection,
    position: u32,
    invitation: &Invitation,
) -> Result<(), StoreError> {
    let record = serde_json::to_string(invitation)?;
    db.prepare_cached("INSERT OR REPLACE INTO invitations VALUES (?1, ?2)")?
        .execute(params![position, record])?;
    Ok(())
}

pub(super) fn read_users(db: &Connection) -> Result<Vec<Member>, StoreError> {
    let mut query = db.prepare("SELECT record, revoked FROM users ORDER BY position")?;
    let mut rows = query.query([])?;
    let mut users = Vec::new();
    while let Some(row) = rows.next()? {
        users.push(Member {
            user: record(row)?,
            revoked: row.get(1)?,
        });
    }
    Ok(users)
}

pub(super) fn read_invitations(db: &Connection) -> Result<Vec<Invitation>, StoreError> {
    let mut query = db.prepare("SELECT record FROM invitations ORDER BY position")?;
    let mut rows = query.query([])?;
    let mut invitations = Vec::new();
    while let Some(row) = rows.next()? {
        invitations.push(record(row)?);
    }
    Ok(invitations)
}

fn record<T: DeserializeOwned>(row: &rusqlite::Row) -> Result<T, StoreError> {
    Ok(serde_json::from_str(row.get_ref(0)?.as_str().map_err(
        |error| {
            rusqlite::Error::FromSqlConversionFailure(
                0,
                rusqlite::types::Type::Text,
                Box::new(error),
            )
        },
    )?)?)
}
