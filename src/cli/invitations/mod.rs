//! `avara-tui invitations …`.

mod edit;
mod get;
mod list;
mod revoke;

use clap::Subcommand;

use super::session::Session;
use super::{Exit, Out, Problem};
use crate::config::Settings;

pub use edit::EditInvitationArgs;
pub use get::GetInvitationArgs;
pub use list::ListInvitationsArgs;
pub use revoke::RevokeInvitationArgs;

pub const EXAMPLES: &str = "\
Examples:
  avara-tui invitations list --status sent --expired not-expired
  avara-tui invitations get inv_1234567890abcdef1234567890abcdef
  avara-tui invitations revoke inv_1234567890abcdef1234567890abcdef --dry-run";

const GET_EXAMPLES: &str = "\
Examples:
  avara-tui invitations get inv_1234567890abcdef1234567890abcdef
  avara-tui invitations get inv_1234567890abcdef1234567890abcdef --json";

const EDIT_EXAMPLES: &str = "\
Examples:
  avara-tui invitations edit inv_1234567890abcdef1234567890abcdef --role Neurologist
  avara-tui invitations edit inv_1234567890abcdef1234567890abcdef --clear-phone --dry-run

The invitation is read first, and only changed fields are sent. An e-mail address cannot be changed.";

#[derive(Debug, Clone, Subcommand)]
pub enum InvitationsCommand {
    /// List invitations
    #[command(after_help = list::EXAMPLES)]
    List(ListInvitationsArgs),
    /// Show one invitation
    #[command(after_help = GET_EXAMPLES)]
    Get(GetInvitationArgs),
    /// Edit a pending invitation
    #[command(after_help = EDIT_EXAMPLES, override_usage = edit::USAGE)]
    Edit(Box<EditInvitationArgs>),
    /// Revoke a pending invitation (cannot be undone)
    #[command(after_help = revoke::EXAMPLES)]
    Revoke(RevokeInvitationArgs),
}

pub(super) async fn run(
    command: &InvitationsCommand,
    settings: Settings,
    timeout: u64,
    out: &mut Out,
) -> Result<Exit, Problem> {
    // A wrong span of dates is reported before a key is needed.
    if let InvitationsCommand::List(arguments) = command {
        arguments.check_span()?;
    }
    let session = Session::open(settings, timeout)?;
    match command {
        InvitationsCommand::List(arguments) => list::run(arguments, &session, out).await,
        InvitationsCommand::Get(arguments) => get::run(arguments, &session, out).await,
        InvitationsCommand::Edit(arguments) => edit::run(arguments, &session, out).await,
        InvitationsCommand::Revoke(arguments) => revoke::run(arguments, &session, out).await,
    }
}
