//! `avara-tui users …`.

mod edit;
mod get;
mod invite;
mod list;
mod open_work;
mod revoke;

use clap::{Args, Subcommand};

use super::people::PersonName;
use super::session::Session;
use super::{Exit, Out, Problem};
use crate::config::Settings;

pub use edit::EditUserArgs;
pub use get::GetUserArgs;
pub use invite::InviteArgs;
pub use list::ListUsersArgs;
pub use revoke::RevokeUserArgs;

pub const EXAMPLES: &str = "\
Examples:
  avara-tui users list --role radiologist
  avara-tui users get dana.kim@example.org --json
  avara-tui users edit dana.kim@example.org --role Neurologist --dry-run";

const GET_EXAMPLES: &str = "\
Examples:
  avara-tui users get dana.kim@example.org
  avara-tui users get usr_1234567890abcdef1234567890abcdef --json";

const REACTIVATE_EXAMPLES: &str = "\
Examples:
  avara-tui users reactivate dana.kim@example.org
  avara-tui users reactivate usr_1234567890abcdef1234567890abcdef --dry-run

The API does not show whose access is revoked.";

#[derive(Debug, Clone, Subcommand)]
pub enum UsersCommand {
    /// List users
    #[command(after_help = list::EXAMPLES)]
    List(ListUsersArgs),
    /// Show one user
    #[command(after_help = GET_EXAMPLES)]
    Get(GetUserArgs),
    /// Invite a user (sends a real e-mail)
    #[command(after_help = invite::EXAMPLES)]
    Invite(Box<InviteArgs>),
    /// Edit users: name, role, level, permissions
    #[command(after_help = edit::EXAMPLES, override_usage = edit::USAGE)]
    Edit(Box<EditUserArgs>),
    /// Revoke a user's access, after moving their open studies
    #[command(after_help = revoke::EXAMPLES)]
    Revoke(RevokeUserArgs),
    /// Restore a user's access
    #[command(after_help = REACTIVATE_EXAMPLES)]
    Reactivate(ReactivateArgs),
}

#[derive(Debug, Clone, Args)]
pub struct ReactivateArgs {
    /// A user id (usr_…) or an e-mail address
    #[arg(value_name = "ID|EMAIL")]
    pub user: PersonName,
    /// Show what would be sent, and change nothing; an address is still looked up
    #[arg(long)]
    pub dry_run: bool,
}

pub(super) async fn run(
    command: &UsersCommand,
    settings: Settings,
    timeout: u64,
    out: &mut Out,
) -> Result<Exit, Problem> {
    let session = Session::open(settings, timeout)?;
    match command {
        UsersCommand::List(arguments) => list::run(arguments, &session, out).await,
        UsersCommand::Get(arguments) => get::run(arguments, &session, out).await,
        UsersCommand::Invite(arguments) => invite::run(arguments, &session, out).await,
        UsersCommand::Edit(arguments) => edit::run(arguments, &session, out).await,
        UsersCommand::Revoke(arguments) => revoke::run(arguments, &session, out).await,
        UsersCommand::Reactivate(arguments) => revoke::reactivate(arguments, &session, out).await,
    }
}
