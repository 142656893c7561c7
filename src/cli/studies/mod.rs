//! `avara-tui studies …`.

mod base;
mod cancel;
mod change;
mod create;
mod edit;
mod get;
mod list;
mod listed;
mod name;
mod open;
mod reading;
mod render;
mod table;
mod targets;

use clap::{Args, Subcommand, builder::PossibleValuesParser, builder::TypedValueParser};

use super::session::Session;
use super::{Exit, Out, Problem};
use crate::config::Settings;
use crate::wire::{Patch, Severity, StudyViewerStatus, UserId};
pub(super) use base::Base;
pub(super) use change::{StudyChange, one as change_one};
pub use create::CreateArgs;
pub use edit::EditStudyArgs;
pub use list::ListStudiesArgs;
pub(super) use listed::Aim;
pub use name::StudyName;
pub use targets::TargetArgs;
pub(super) use targets::Terms;

#[derive(Debug, Clone, Subcommand)]
pub enum StudiesCommand {
    /// List studies: the open ones, or those that match a filter
    #[command(after_help = list::EXAMPLES)]
    List(ListStudiesArgs),
    /// Show one study
    #[command(after_help = GET_EXAMPLES)]
    Get(GetStudyArgs),
    /// Create a study
    #[command(after_help = create::EXAMPLES)]
    Create(CreateArgs),
    /// Edit studies: any fields, including metadata
    #[command(after_help = edit::EXAMPLES, override_usage = edit::USAGE)]
    Edit(EditStudyArgs),
    /// Assign studies to somebody
    #[command(after_help = ASSIGN_EXAMPLES)]
    Assign(AssignArgs),
    /// Unassign studies
    #[command(after_help = UNASSIGN_EXAMPLES)]
    Unassign(TargetArgs),
    /// Set the severity of studies
    #[command(after_help = SEVERITY_EXAMPLES)]
    Severity(SeverityArgs),
    /// Mark studies as complete
    #[command(after_help = COMPLETE_EXAMPLES)]
    Complete(TargetArgs),
    /// Mark studies as incomplete
    #[command(after_help = REOPEN_EXAMPLES)]
    Reopen(TargetArgs),
    /// Cancel studies: they no longer need to be read
    #[command(after_help = CANCEL_EXAMPLES)]
    Cancel(TargetArgs),
    /// Restore cancelled studies
    #[command(after_help = UNCANCEL_EXAMPLES)]
    Uncancel(TargetArgs),
    /// Open a study in the viewer
    #[command(after_help = OPEN_EXAMPLES)]
    Open(OpenArgs),
}

pub const EXAMPLES: &str = "\
Examples:
  avara-tui studies list --filter 'sev:stat to:none'
  avara-tui studies get 1.2.840.10008.5.1.4.1.1.2
  avara-tui studies assign stu_1234567890abcdef1234567890abcdef --to 'Dana Kim'";

const GET_EXAMPLES: &str = "\
Examples:
  avara-tui studies get stu_1234567890abcdef1234567890abcdef
  avara-tui studies get 1.2.840.10008.5.1.4.1.1.2 --json";

const UNASSIGN_EXAMPLES: &str = "\
Examples:
  avara-tui studies unassign stu_1234567890abcdef1234567890abcdef --if-assignee dana.kim@example.org
  avara-tui studies unassign 1.2.840.10008.5.1.4.1.1.2 --dry-run";

const COMPLETE_EXAMPLES: &str = "\
Examples:
  avara-tui studies complete stu_1234567890abcdef1234567890abcdef --if-assignee me
  avara-tui studies list --filter 'to:kim age:>1d' --jsonl |
    avara-tui studies complete - --dry-run

A study whose status has changed since it was listed is not changed.";

const REOPEN_EXAMPLES: &str = "\
Examples:
  avara-tui studies reopen stu_1234567890abcdef1234567890abcdef
  avara-tui studies reopen 1.2.840.10008.5.1.4.1.1.2 --dry-run";

const CANCEL_EXAMPLES: &str = "\
Examples:
  avara-tui studies cancel stu_1234567890abcdef1234567890abcdef --dry-run
  avara-tui studies cancel stu_1234567890abcdef1234567890abcdef 1.2.840.10008.5.1.4.1.1.2
  avara-tui studies cancel 1.2.840.10008.5.1.4.1.1.2 --if-assignee none --if-status incomplete

`studies uncancel` restores the studies.";

const UNCANCEL_EXAMPLES: &str = "\
Examples:
  avara-tui studies uncancel stu_1234567890abcdef1234567890abcdef
  avara-tui studies list --filter is:cancelled --jsonl |
    avara-tui studies uncancel - --dry-run";

const OPEN_EXAMPLES: &str = "\
Examples:
  avara-tui studies open stu_1234567890abcdef1234567890abcdef
  avara-tui studies open 1.2.840.10008.5.1.4.1.1.2 --print

The link is requested when the command runs, and works for a short time.";

const ASSIGN_EXAMPLES: &str = "\
Examples:
  avara-tui studies assign stu_1234567890abcdef1234567890abcdef --to dana.kim@example.org
  avara-tui studies assign 1.2.840.10008.5.1.4.1.1.2 --to 'dana kim' --dry-run
  avara-tui studies assign stu_1234567890abcdef1234567890abcdef --to me --if-assignee none
  avara-tui studies list --filter 'sev:stat to:none' --jsonl |
    avara-tui studies assign - --to 'Dana Kim'

Part of a name is enough if it matches exactly one user. Anything with @ is a whole address.

A study is read right before it is changed. The lines of `studies list --jsonl`, and --if-assignee,
say what it was like. Where that is no longer so, the study is left as it is, and the others go on;
--force changes it all the same. This narrows the time in which two people can overwrite each
other. It does not close it, for the API has no condition for a change.";

const SEVERITY_EXAMPLES: &str = "\
Examples:
  avara-tui studies severity stat stu_1234567890abcdef1234567890abcdef
  avara-tui studies severity normal 1.2.840.10008.5.1.4.1.1.2 --if-severity high
  avara-tui studies list --filter 'sev:high age:>4h' --jsonl |
    avara-tui studies severity stat - --dry-run

A study whose severity has changed since it was listed is not changed.";

#[derive(Debug, Clone, Args)]
pub struct GetStudyArgs {
    /// A study id (stu_…) or a DICOM Study Instance UID
    #[arg(value_name = "ID|UID")]
    pub study: StudyName,
    /// The study as JSON, in the API's own format
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Args)]
pub struct AssignArgs {
    #[command(flatten)]
    pub targets: TargetArgs,
    /// A name or part of one, a whole e-mail address, a user id (usr_…) or "me"
    #[arg(long, value_name = "WHO")]
    pub to: String,
}

#[derive(Debug, Clone, Args)]
pub struct SeverityArgs {
    /// How urgent they are
    #[arg(value_parser = severity_parser())]
    pub level: Severity,
    #[command(flatten)]
    pub targets: TargetArgs,
}

#[derive(Debug, Clone, Args)]
pub struct OpenArgs {
    /// A study id (stu_…) or a DICOM Study Instance UID
    #[arg(value_name = "ID|UID")]
    pub study: StudyName,
    /// Print the link instead of opening it. Anyone with it can open the study for a short time
    #[arg(long)]
    pub print: bool,
}

fn severity_parser() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(["stat", "high", "normal"]).map(|text| Severity::from(text.as_str()))
}

fn status_parser() -> impl TypedValueParser<Value = StudyViewerStatus> {
    PossibleValuesParser::new(["incomplete", "complete"])
        .map(|text| StudyViewerStatus::from(text.as_str()))
}

pub(super) async fn run(
    command: &StudiesCommand,
    settings: Settings,
    timeout: u64,
    out: &mut Out,
) -> Result<Exit, Problem> {
    // A wrong filter is reported before a key is needed.
    if let StudiesCommand::List(arguments) = command {
        arguments.parsed_filter()?;
    }
    let session = Session::open(settings, timeout)?;
    match command {
        StudiesCommand::List(arguments) => list::run(arguments, &session, out).await,
        StudiesCommand::Get(arguments) => get::run(arguments, &session, out).await,
        StudiesCommand::Open(arguments) => open::run(arguments, &session, out).await,
        StudiesCommand::Create(arguments) => create::run(arguments, &session, out).await,
        StudiesCommand::Edit(arguments) => edit::run(arguments, &session, out).await,
        StudiesCommand::Assign(arguments) => {
            let chosen = arguments.targets.admitted(&session).await?;
            let person = session.person(&arguments.to).await?;
            change::run(&assignment(Some(person)), &chosen, &session, out).await
        }
        StudiesCommand::Severity(arguments) => {
            let chosen = arguments.targets.admitted(&session).await?;
            let change = StudyChange::new(|patch| {
                patch.severity = Some(arguments.level.clone());
            });
            change::run(&change, &chosen, &session, out).await
        }
        StudiesCommand::Unassign(targets)
        | StudiesCommand::Complete(targets)
        | StudiesCommand::Reopen(targets)
        | StudiesCommand::Cancel(targets)
        | StudiesCommand::Uncancel(targets) => {
            let chosen = targets.admitted(&session).await?;
            change::run(&plain_change(command), &chosen, &session, out).await
        }
    }
}

/// Returns the change of a verb that needs only its studies.
fn plain_change(command: &StudiesCommand) -> StudyChange {
    match command {
        StudiesCommand::Unassign(_) => assignment(None),
        StudiesCommand::Complete(_) => status(StudyViewerStatus::Complete),
        StudiesCommand::Cancel(_) => StudyChange::Cancel(cancel::Turn::Cancel),
        StudiesCommand::Uncancel(_) => StudyChange::Cancel(cancel::Turn::Uncancel),
        _ => status(StudyViewerStatus::Incomplete),
    }
}

/// Returns the change that assigns studies to somebody, or unassigns them.
pub(super) fn assignment(to: Option<UserId>) -> StudyChange {
    match to {
        Some(person) => StudyChange::new(|patch| patch.assigned_to = Patch::Set(person)),
        None => StudyChange::new(|patch| patch.assigned_to = Patch::Clear),
    }
}

fn status(status: StudyViewerStatus) -> StudyChange {
    StudyChange::new(|patch| {
        patch.study_viewer_status = Some(status);
    })
}
