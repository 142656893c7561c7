//! Whether an e-mail address is taken.

use chrono::{DateTime, Utc};

use super::who::owners;
use crate::cli::Problem;
use crate::cli::passes::{Taken, passes, time_of};
use crate::cli::session::Session;
use crate::wire::rules::is_same_address;
use crate::wire::{ExpiredFilter, Invitation, InvitationStatus, ListInvitations, MAX_PAGE, User};

/// Who has an address.
#[derive(Debug)]
pub enum AddressHolder {
    User(Box<User>),
    Invitation(Box<Invitation>),
}

/// The result of looking for an address.
#[derive(Debug)]
pub struct Looked {
    pub found: Option<AddressHolder>,
    /// Whether some records could not be read, of which one may have the address.
    pub is_unsure: bool,
}

/// Returns a user who has this address in any case, or the invitation to it that is still pending.
pub async fn look_up(email: &str, session: &Session) -> Result<Looked, Problem> {
    let owners = owners(email, session).await?;
    let mut is_unsure = owners.is_unsure;
    if let Some(user) = owners.users.into_iter().next() {
        return Ok(Looked {
            found: Some(AddressHolder::User(Box::new(user))),
            is_unsure,
        });
    }
    let request = ListInvitations {
        status: vec![InvitationStatus::Sent],
        expired: Some(ExpiredFilter::NotExpired),
        limit: Some(MAX_PAGE),
        ..Default::default()
    };
    let mut found = None;
    let mut seen = std::collections::BTreeSet::new();
    passes(&session.client, &request, |_, answer| {
        let now = time_of(&answer);
        let before = seen.len();
        is_unsure |= !answer.value.unreadable.is_empty();
        for invitation in answer.value.items {
            seen.insert(invitation.invitation_id);
            let is_for_it = is_same_address(&invitation.email, email);
            if is_for_it && is_pending(&invitation, now) {
                found = Some(invitation);
                return Ok(Taken::Enough);
            }
        }
        Ok(Taken::New(seen.len() - before))
    })
    .await?;
    Ok(Looked {
        found: found.map(|invitation| AddressHolder::Invitation(Box::new(invitation))),
        is_unsure,
    })
}

/// Returns the state of an invitation at a moment, in one word: a sent one can have expired.
pub fn state(invitation: &Invitation, now: DateTime<Utc>) -> &str {
    match &invitation.status {
        InvitationStatus::Sent if is_expired(invitation, now) => "expired",
        status => status.as_str(),
    }
}

pub fn is_expired(invitation: &Invitation, now: DateTime<Utc>) -> bool {
    invitation.expiry.is_some_and(|expiry| expiry <= now)
}

/// Whether an invitation can still be changed: sent, and neither answered nor revoked nor expired.
pub fn is_pending(invitation: &Invitation, now: DateTime<Utc>) -> bool {
    invitation.status == InvitationStatus::Sent && !is_expired(invitation, now)
}
