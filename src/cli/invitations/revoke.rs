//! `invitations revoke`: there is no way back from it.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::Args;

use super::get::read;
use crate::cli::exit::told;
use crate::cli::passes::{Taken, local_time, passes, time_of};
use crate::cli::people::{is_pending, state};
use crate::cli::render::person_of;
use crate::cli::session::Session;
use crate::cli::settling::{self, Settled, not_done};
use crate::cli::writing::{Ended, check_allowed, preview};
use crate::cli::{Exit, Out, Problem};
use crate::settle::{Seen, Shows};
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
pub struct RevokeArgs {
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
    /// Do it
    #[arg(long)]
    pub yes: bool,
    /// Say what would be sent, and change nothing; the invitation is still read
    #[arg(long)]
    pub dry_run: bool,
}

pub async fn run(
    arguments: &RevokeArgs,
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
        // Where both are given the server checks that they belong together.
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
    let id = one.invitation_id;
    let get = GetInvitation { invitation_id: id };
    let settled = settling::send(
        &request,
        &id.to_string(),
        Duration::ZERO,
        session,
        async || settling::read(&get, session, |now| Seen::of(&request, &one, now)).await,
    )
    .await;
    Ok(match &settled {
        Settled::Answered(_) => look(&request, id, &who, session, out).await,
        Settled::Found(_, failure) => {
            let why = told(failure);
            out.note(&format!(
                "{id}: revoked ({who}). {why}, but it was found so"
            ));
            Ended::Done
        }
        unclear => not_done(&id, &how_to_check(id), unclear, out),
    }
    .exit())
}

fn how_to_check(id: InvitationId) -> String {
    format!("Check it with: avara-tui invitations get {id}")
}

/// Reads the invitation again: the answer itself shows nothing of it.
async fn look(
    request: &RevokeInvitation,
    id: InvitationId,
    who: &str,
    session: &Session,
    out: &mut Out,
) -> Ended {
    let why = match read(id, session).await {
        Ok((one, _)) if one.shows(request) => {
            out.note(&format!("{id}: revoked ({who})"));
            return Ended::Done;
        }
        Ok(_) => "The server says it is revoked, but it does not show it".to_owned(),
        Err(problem) => {
            format!("The server says it is revoked, but it could not be read again: {problem}")
        }
    };
    let check = how_to_check(id);
    out.note(&format!("{id}: unconfirmed ({who}). {why}. {check}"));
    Ended::Failed
}

/// The invitation for a user: the pending one, or else the last.
async fn read_of(user: UserId, session: &Session) -> Result<(Invitation, DateTime<Utc>), Problem> {
    let request = ListInvitations {
        user_id: Some(user),
        limit: Some(MAX_PAGE),
        ..Default::default()
    };
    let (mut found, mut now) = (BTreeMap::new(), local_time());
    let mut is_unsure = false;
    passes(&session.client, &request, |answer| {
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
    // The revocation goes by the id alone: the record that it leads to must be for this user as well.
    let (one, now) = read(listed.invitation_id, session).await?;
    check_names(&[(Identifier::UserId, user.to_string())], &one)?;
    Ok((one, now))
}
