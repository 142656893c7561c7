//! `users get`: one user, as text or as JSON.

use clap::Args;

use crate::cli::people::{PersonName, fields};
use crate::cli::render::{json, long_time, sheet};
use crate::cli::session::Session;
use crate::cli::{Exit, Out, Problem};
use crate::wire::User;

#[derive(Debug, Clone, Args)]
pub struct GetUserArgs {
    /// A user id (usr_…) or an e-mail address
    #[arg(value_name = "ID|EMAIL")]
    pub user: PersonName,
    /// The user as JSON, in the API's own format
    #[arg(long)]
    pub json: bool,
}

pub async fn run(
    arguments: &GetUserArgs,
    session: &Session,
    out: &mut Out,
) -> Result<Exit, Problem> {
    let user = arguments.user.read(session).await?;
    if arguments.json {
        out.data(&format!("{}\n", json(&user)?))?
    } else {
        out.data(&sheet(&rows(&user)))?
    }
    Ok(Exit::Done)
}

fn rows(user: &User) -> Vec<(String, String)> {
    let fields = fields(&user.profile).into_iter();
    let others = [
        ("invited by", Some(user.invited_source.to_string())),
        ("created", long_time(user.created_at)),
        (
            "last login",
            long_time(user.last_login_at).or(Some("never".into())),
        ),
        ("id", Some(user.user_id.to_string())),
    ];
    [("e-mail", Some(user.email.clone()))]
        .into_iter()
        .chain(fields)
        .chain(others)
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}
