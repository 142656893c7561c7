//! `invitations get`: one invitation, as text or as JSON.

use chrono::{DateTime, Utc};
use clap::Args;

use crate::cli::passes::time_of;
use crate::cli::people::{fields, state};
use crate::cli::render::{json, long_time, sheet};
use crate::cli::session::Session;
use crate::cli::{Exit, Out, Problem};
use crate::wire::{GetInvitation, Invitation, InvitationId};

#[derive(Debug, Clone, Args)]
pub struct GetInvitationArgs {
    /// An invitation id (inv_…)
    #[arg(value_name = "ID")]
    pub invitation: InvitationId,
    /// The invitation as JSON, in the API's own format
    #[arg(long)]
    pub json: bool,
}

pub async fn run(
    arguments: &GetInvitationArgs,
    session: &Session,
    out: &mut Out,
) -> Result<Exit, Problem> {
    let (invitation, now) = read(arguments.invitation, session).await?;
    if arguments.json {
        out.data(&format!("{}\n", json(&invitation)?))?
    } else {
        out.data(&sheet(&rows(&invitation, now)))?
    }
    Ok(Exit::Done)
}

/// Returns an invitation, and the time of the answer.
pub async fn read(
    invitation_id: InvitationId,
    session: &Session,
) -> Result<(Invitation, DateTime<Utc>), Problem> {
    let answer = session
        .client
        .call(&GetInvitation { invitation_id })
        .await?;
    let now = time_of(&answer);
    Ok((answer.value, now))
}

fn rows(one: &Invitation, now: DateTime<Utc>) -> Vec<(String, String)> {
    let fields = fields(&one.profile).into_iter();
    let inviter = one.inviter_id.map(|id| id.to_string());
    let others = [
        ("status", Some(state(one, now).to_owned())),
        ("sent through", Some(one.invited_source.to_string())),
        ("sent by", inviter),
        ("sent by key", one.invited_by_api_key_id.clone()),
        ("sent", long_time(one.created_at)),
        ("updated", long_time(one.updated_at)),
        ("expires", long_time(one.expiry)),
        ("user id", Some(one.user_id.to_string())),
        ("id", Some(one.invitation_id.to_string())),
    ];
    [("e-mail", Some(one.email.clone()))]
        .into_iter()
        .chain(fields)
        .chain(others)
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}
