//! `invitations edit`: changed fields only, while it is pending.

use clap::Args;

use super::get::read;
use crate::cli::people::{EditFields, ProfileEdit, is_pending, role, state};
use crate::cli::render::person_of;
use crate::cli::session::Session;
use crate::cli::writing::check_allowed;
use crate::cli::{Exit, Out, Problem};
use crate::text::clean;
use crate::wire::{GetInvitation, InvitationId, UpdateInvitation};

pub const USAGE: &str = "avara-tui invitations edit [OPTIONS] <ID>";

#[derive(Debug, Clone, Args)]
pub struct EditInvitationArgs {
    /// An invitation id (inv_…)
    #[arg(value_name = "ID")]
    pub invitation: InvitationId,
    #[command(flatten)]
    pub fields: EditFields,
    /// Show what would be sent, and change nothing; the invitation is still read
    #[arg(long)]
    pub dry_run: bool,
}

pub async fn run(
    arguments: &EditInvitationArgs,
    session: &Session,
    out: &mut Out,
) -> Result<Exit, Problem> {
    check_allowed(session, arguments.dry_run)?;
    let role = match &arguments.fields.role {
        Some(text) => Some(role(text, session).await?),
        None => None,
    };
    let (one, now) = read(arguments.invitation, session).await?;
    let id = one.invitation_id;
    let who = person_of(&one.profile, &one.email);
    if !is_pending(&one, now) {
        return Err(Problem::Other(format!(
            "nothing was changed: the invitation of {who} is {}, and only a pending one can change",
            clean(state(&one, now))
        )));
    }
    let old = one.profile.clone().without_empty();
    let edit = ProfileEdit {
        id: id.to_string(),
        who,
        wanted: arguments.fields.applied_to(&old, role.as_ref()),
        before: &one,
        check: format!("avara-tui invitations get {id}"),
    };
    let request = |profile| UpdateInvitation {
        invitation_id: id,
        profile,
    };
    let get = GetInvitation { invitation_id: id };
    let ended = edit
        .send(request, &get, arguments.dry_run, session, out)
        .await?;
    Ok(ended.exit())
}
