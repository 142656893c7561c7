//! `invitations revoke`, which cannot be undone.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use clap::Args;

use super::get::read;
use crate::cli::passes::{Taken, local_time, passes, time_of};
use crate::cli::people::{is_pending, state};
use crate::cli::render::person_of;
use crate::cli::session::Session;
use crate::cli::write::Write;
use crate::cli::writing::{check_allowed, preview};
use crate::cli::{Exit, Out, Problem};
use crate::text::clean;
use crate::wire::{
    GetInvitation, Identifier, Invitation, InvitationId, ListInvitations, MAX_PAGE,
    RevokeInvitation, UserId, check_names,
};

pub const EXAMPLES: &str = "\
Examples:
  avara-tui invitations revoke inv_1234567890abcdef1234567890abcdef --yes
  avara-tui invitations revoke --user usr_1234567890abcdef1234567890abcdef --dry-run

A revoked invitation cannot be restored, so nothing is done without --yes.";

#[derive(Debug, Clone, Args)]
pub struct RevokeInvitationArgs {
    /// An invitation id (inv_…)
    #[arg(
        value_name = "ID",
        required_unless_present = "user",
        conflicts_with = "user"
    )]
    pub invitation: Option<InvitationId>,
    /// The pending invitation for this user id (usr_…)
    #[arg(long, value_name = "ID")]
    pub user: Option<UserId>,
    /// Confirm the revocation
    #[arg(long)]
    pub yes: bool,
    /// Show what would be sent, and change nothing; the invitation is still read
    #[arg(long)]
    pub dry_run: bool,
}

pub async fn run(
    arguments: &RevokeInvitationArgs,
    session: &Session,
    out: &mut Out,
) -> Result<Exit, Problem> {
    check_allowed(session, arguments.dry_run)?;
    let (one, now) = match (arguments.invitation, arguments.user) {
        (Some(id), _) => read(id, session).await?,
        (None, Some(user)) => read_of(user, session).await?,
        (None, None) => return Err(Problem::Usage("name an invitation or --user".into())),
    };
    let who = person_of(&one.profile, &one.email);
    if !is_pending(&one, now) {
        return Err(Problem::Other(format!(
            "nothing was changed: the invitation of {who} is {} and can no longer be revoked",
            clean(state(&one, now))
        )));
    }
    let request = RevokeInvitation {
        invitation_id: Some(one.invitation_id),
        // If both are given, the server checks that they belong together.
        user_id: arguments.user,
    };
    if arguments.dry_run {
        out.data(&preview(&request))?;
        return Ok(Exit::Done);
    }
    if !arguments.yes {
        return Err(Problem::Usage(format!(
            "the invitation of {who} would be revoked, which cannot be undone; nothing was changed, \
             --yes does it"
        )));
    }
    let invitation_id = one.invitation_id;
    // The answer itself shows nothing of the invitation, so it is read again.
    let write = Write {
        id: &invitation_id,
        request: &request,
        get: &GetInvitation { invitation_id },
        before: &one,
        mark: Identifier::Email,
        is_overtaken: |_, _| false,
        check: format!("Check it with: avara-tui invitations get {invitation_id}"),
    };
    let news = |_: &Invitation| format!("revoked ({who})");
    Ok(write.run(news, session, out).await.exit())
}

/// Returns the invitation for a user: the pending one, or else the last.
async fn read_of(user: UserId, session: &Session) -> Result<(Invitation, DateTime<Utc>), Problem> {
    let request = ListInvitations {
        user_id: Some(user),
        limit: Some(MAX_PAGE),
        ..Default::default()
    };
    let (mut found, mut now) = (BTreeMap::new(), local_time());
    let mut is_unsure = false;
    passes(&session.client, &request, |_, answer| {
        now = time_of(&answer);
        let before = found.len();
        is_unsure |= !answer.value.unreadable.is_empty();
        let items = answer.value.items.into_iter();
        found.extend(items.map(|one| (one.invitation_id, one)));
        Ok(Taken::New(found.len() - before))
    })
    .await?;
    if is_unsure {
        return Err(Problem::Other(format!(
            "nothing was changed: some invitations could not be read, and one of them may be for {user}; \
             name the invitation by its id (inv_…)"
        )));
    }
    let one = found
        .into_values()
        .filter(|one| request.admits(one))
        .max_by_key(|one| (is_pending(one, now), one.created_at));
    let listed = one.ok_or_else(|| {
        Problem::Other(format!("nothing was changed: no invitation is for {user}"))
    })?;
    // The revocation goes by the id alone, so the record with this id must be for this user too.
    let (one, now) = read(listed.invitation_id, session).await?;
    check_names(&[(Identifier::UserId, user.to_string())], &one)?;
    Ok((one, now))
}
