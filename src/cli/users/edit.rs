//! `users edit`: changed fields only, one user after the other.

use clap::Args;

use crate::cli::people::{EditFields, PersonName, ProfileEdit, role};
use crate::cli::render::person_of;
use crate::cli::session::Session;
use crate::cli::writing::{Ended, check_allowed, each, not_changed};
use crate::cli::{Exit, Out, Problem};
use crate::wire::{ClinicRole, GetUser, UpdateUser};

pub const USAGE: &str = "avara-tui users edit [OPTIONS] <ID|EMAIL>...";

pub const EXAMPLES: &str = "\
Examples:
  avara-tui users edit dana.kim@example.org --role Neurologist
  avara-tui users edit dana.kim@example.org samuel.osei@example.org --level admin --dashboard true
  avara-tui users edit usr_1234567890abcdef1234567890abcdef --clear-phone --dry-run

Each user is read first, and only changed fields are sent. An e-mail address cannot be changed.";

#[derive(Debug, Clone, Args)]
pub struct EditUserArgs {
    /// User ids (usr_…) or e-mail addresses
    #[arg(value_name = "ID|EMAIL", required = true)]
    pub users: Vec<PersonName>,
    #[command(flatten)]
    pub fields: EditFields,
    /// Show what would be sent, and change nothing; users are still read
    #[arg(long)]
    pub dry_run: bool,
}

pub async fn run(
    arguments: &EditUserArgs,
    session: &Session,
    out: &mut Out,
) -> Result<Exit, Problem> {
    check_allowed(session, arguments.dry_run)?;
    let role = match &arguments.fields.role {
        Some(text) => Some(role(text, session).await?),
        None => None,
    };
    each(&arguments.users, out, async |name, out| {
        one(arguments, name, role.as_ref(), session, out).await
    })
    .await
}

async fn one(
    arguments: &EditUserArgs,
    name: &PersonName,
    role: Option<&ClinicRole>,
    session: &Session,
    out: &mut Out,
) -> Result<Ended, Problem> {
    let user = match name.read(session).await {
        Ok(user) => user,
        Err(Problem::Failed(failure)) => return Ok(not_changed(name, &failure, out)),
        Err(Problem::Other(words) | Problem::Usage(words)) => {
            out.note(&format!("{name}: not changed. {words}"));
            return Ok(Ended::Failed);
        }
        Err(problem) => return Err(problem),
    };
    let old = user.profile.clone().without_empty();
    let edit = ProfileEdit {
        id: user.user_id.to_string(),
        who: person_of(&user.profile, &user.email),
        wanted: arguments.fields.applied_to(&old, role),
        before: &user,
        check: format!("avara-tui users get {}", user.user_id),
    };
    let user_id = user.user_id;
    let get = GetUser { user_id };
    let request = |profile| UpdateUser { user_id, profile };
    edit.send(request, &get, arguments.dry_run, session, out)
        .await
}
