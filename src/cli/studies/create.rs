//! `studies create`: one new study.

use std::time::Duration;

use clap::Args;

use crate::cli::exit::told;
use crate::cli::render::json;
use crate::cli::resolving::{self, Resolved};
use crate::cli::session::Session;
use crate::cli::writing::{Ended, check_allowed, preview};
use crate::cli::{Exit, Out, Problem};
use crate::resolve::{Seen, Shows};
use crate::text::clean;
use crate::wire::{CreateStudy, CustomerId, DicomUid, GetStudyByUid, Severity, Study};

use super::change::how_to_check;
use super::edit::{description, metadata, pair};
use super::severity_parser;

pub const EXAMPLES: &str = "\
Examples:
  avara-tui studies create --uid 2.25.4711 --description 'CT Head' --severity stat --to 'Dana Kim'
  avara-tui studies create --uid 2.25.4712 --description 'XR Hand' --severity normal \\
    --meta ordering_department=ED --dry-run

The new study's id goes to stdout.";

#[derive(Debug, Clone, Args)]
pub struct CreateArgs {
    /// The DICOM Study Instance UID
    #[arg(long)]
    pub uid: DicomUid,
    /// The description, for example “CT Head”
    #[arg(long, value_name = "TEXT", value_parser = description)]
    pub description: String,
    /// How urgent it is
    #[arg(long, value_name = "LEVEL", value_parser = severity_parser())]
    pub severity: Severity,
    /// Assign to: a name or part of one, a whole e-mail address, a user id (usr_…) or "me"
    #[arg(long, value_name = "WHO")]
    pub to: Option<String>,
    /// The customer's id (cus_…)
    #[arg(long, value_name = "ID")]
    pub customer: Option<CustomerId>,
    /// A metadata value; may be given several times
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    pub meta: Vec<(String, String)>,
    /// Show what would be sent, and create nothing; names are still looked up
    #[arg(long)]
    pub dry_run: bool,
    /// If the answer is lost, look for the study this many seconds before giving up
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(..=60))]
    pub wait: u64,
    /// The new study as JSON, in the API's own format
    #[arg(long)]
    pub json: bool,
}

pub async fn run(
    arguments: &CreateArgs,
    session: &Session,
    out: &mut Out,
) -> Result<Exit, Problem> {
    let metadata = metadata(&arguments.meta)?;
    check_allowed(session, arguments.dry_run)?;
    let assigned_to = match &arguments.to {
        Some(who) => Some(session.person(who).await?),
        None => None,
    };
    let request = CreateStudy {
        study_instance_uid: arguments.uid.clone(),
        study_description: arguments.description.clone(),
        severity: arguments.severity.clone(),
        assigned_to,
        express_customer_id: arguments.customer,
        metadata,
    };
    if arguments.dry_run {
        out.data(&preview(&request))?;
        return Ok(Exit::Done);
    }
    let get = GetStudyByUid {
        study_instance_uid: request.study_instance_uid.clone(),
    };
    let wait = Duration::from_secs(arguments.wait);
    let resolved = resolving::send(
        &request,
        request.study_instance_uid.as_str(),
        wait,
        session,
        async || resolving::read(&get, session, |study| Seen::of_new(&request, study)).await,
    )
    .await;
    match resolved {
        Resolved::Answered(study) => report(&request, &study, arguments.json, out),
        Resolved::Found(study, failure) => {
            print(&study, arguments.json, out)?;
            let (id, why) = (study.study_id, told(&failure));
            let description = clean(&study.study_description);
            let what = match failure.status() {
                Some(409) => "is already there, as asked for",
                _ => "created, because it was found",
            };
            out.note(&format!("{id}: {what} ({description}). {why}"));
            Ok(Exit::Done)
        }
        unclear => Ok(failed(&request.study_instance_uid, &unclear, out)),
    }
}

fn print(study: &Study, as_json: bool, out: &mut Out) -> Result<(), Problem> {
    if as_json {
        out.data(&format!("{}\n", json(study)?))
    } else {
        out.data(&format!("{}\n", study.study_id))
    }
}

fn report(
    request: &CreateStudy,
    study: &Study,
    as_json: bool,
    out: &mut Out,
) -> Result<Exit, Problem> {
    let id = study.study_id;
    // Whatever the answer shows, there is a study with this id now.
    print(study, as_json, out)?;
    if !study.shows(request) {
        out.note(&format!(
            "{id}: unconfirmed. It was created, but the answer shows other values. {}",
            how_to_check(&id)
        ));
        return Ok(Exit::Error);
    }
    let description = clean(&study.study_description);
    out.note(&format!("{id}: created ({description})"));
    Ok(Exit::Done)
}

fn failed(uid: &DicomUid, resolved: &Resolved<Study, Study>, out: &mut Out) -> Exit {
    let check = how_to_check(uid);
    let ended = match resolved {
        Resolved::Answered(_) | Resolved::Found(..) => Ended::Done,
        Resolved::Refused(failure) => {
            let (why, advice) = (told(failure), failure.advice());
            out.note(&format!("{uid}: not created. {why}; {advice}"));
            Ended::of(failure)
        }
        Resolved::Conflict(_, failure) => {
            out.note(&format!(
                "{uid}: unconfirmed. {}. A study with this UID is there, but with other values. {check}",
                told(failure)
            ));
            Ended::Failed
        }
        Resolved::Unconfirmed(failure) => {
            out.note(&format!(
                "{uid}: unconfirmed. {}. It may have been created all the same, and was not sent again. \
                 {check}",
                told(failure)
            ));
            Ended::of(failure)
        }
    };
    ended.exit()
}
