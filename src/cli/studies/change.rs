//! Changing studies, one after the other, with a line for each.

use crate::api::Client;
use crate::cli::exit::told;
use crate::cli::session::Session;
use crate::cli::{Exit, Out, Problem};
use crate::text::clean;
use crate::wire::{Endpoint, Failure, GetStudy, Outcome, Patch, Study, StudyId, UpdateStudy};

use super::StudyName;
use super::cancel::Turn;
use super::edit::MetadataEdit;
use super::render::{named, printable};
use super::targets::{Chosen, Targets};

/// After this many failures in a row the rest is left alone: it would fail as well.
const MAX_FAILURES_IN_A_ROW: usize = 5;

/// What is done to each study.
#[derive(Debug)]
pub struct Change {
    /// What a changed study is then, for its line.
    done: String,
    what: What,
}

#[derive(Debug)]
enum What {
    Patch {
        patch: UpdateStudy,
        metadata: MetadataEdit,
    },
    Cancel(Turn),
}

/// How the change of one study ended.
pub enum Ended {
    Done,
    Failed,
    /// The key itself was refused: no other study will fare better.
    Refused,
}

impl Change {
    pub fn new(done: impl Into<String>, set: impl FnOnce(&mut UpdateStudy)) -> Self {
        // The id is filled in for each study.
        let mut patch = UpdateStudy::of(StudyId::from_bytes([0; 16]));
        set(&mut patch);
        let done = done.into();
        let metadata = MetadataEdit::default();
        let what = What::Patch { patch, metadata };
        Self { done, what }
    }

    /// With changes of the metadata, which are merged into what each study has.
    pub fn with_metadata(mut self, edit: MetadataEdit) -> Self {
        if let What::Patch { metadata, .. } = &mut self.what {
            *metadata = edit;
        }
        self
    }

    pub fn cancel(turn: Turn) -> Self {
        Self {
            done: turn.done().into(),
            what: What::Cancel(turn),
        }
    }
}

/// The patch for one study. Metadata is sent in full: whether the server merges or replaces it is not
/// documented.
async fn patch_of(
    patch: &UpdateStudy,
    metadata: &MetadataEdit,
    study_id: StudyId,
    client: &Client,
) -> Result<UpdateStudy, Reason> {
    let mut patch = UpdateStudy {
        study_id,
        ..patch.clone()
    };
    if !metadata.is_empty() {
        let study = client.call(&GetStudy { study_id }).await?.value;
        let merged = metadata.merged(&study.metadata).map_err(Reason::Rule)?;
        patch.metadata = Patch::Set(merged);
    }
    Ok(patch)
}

/// Why a study was left as it is.
enum Reason {
    Failed(Failure),
    /// It would then break this rule.
    Rule(String),
}

impl From<Failure> for Reason {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// The changed study, by what it is now and what it is called.
fn told_of(done: &str, patch: &UpdateStudy, study: &Study) -> String {
    let description = clean(&study.study_description);
    match (&patch.assigned_to, &study.assigned_to) {
        (Patch::Set(_), Some(user)) => format!("{done} to {} ({description})", named(user)),
        _ => format!("{done} ({description})"),
    }
}

/// The study is as the patch wants it: a server may answer 200 and do nothing.
fn holds(patch: &UpdateStudy, study: &Study) -> bool {
    fn is_or_kept<T: PartialEq>(wanted: &Option<T>, found: &T) -> bool {
        wanted.as_ref().is_none_or(|wanted| wanted == found)
    }
    let assignee = study.assigned_to.as_ref().map(|user| user.user_id);
    let is_assigned = match &patch.assigned_to {
        Patch::Keep => true,
        Patch::Clear => assignee.is_none(),
        Patch::Set(id) => assignee == Some(*id),
    };
    let has_metadata = match &patch.metadata {
        Patch::Keep => true,
        Patch::Clear => study.metadata.is_empty(),
        Patch::Set(metadata) => *metadata == study.metadata,
    };
    is_assigned
        && has_metadata
        && is_or_kept(&patch.severity, &study.severity)
        && is_or_kept(&patch.study_viewer_status, &study.study_viewer_status)
        && is_or_kept(&patch.study_description, &study.study_description)
}

/// Refuses a change that read-only forbids, before anything is looked up for it.
pub fn check_allowed(session: &Session, dry_run: bool) -> Result<(), Problem> {
    if session.read_only && !dry_run {
        return Err(Problem::Usage(
            "nothing was changed: --read-only refuses every change".into(),
        ));
    }
    Ok(())
}

/// The studies a change is for, all of them read and understood before anything is sent.
pub fn admit(session: &Session, targets: &Targets) -> Result<Chosen, Problem> {
    check_allowed(session, targets.dry_run)?;
    targets.chosen()
}

pub async fn run(
    change: &Change,
    targets: &Chosen,
    session: &Session,
    out: &mut Out,
) -> Result<Exit, Problem> {
    let (mut done, mut refused, mut in_a_row) = (0, false, 0);
    for (number, name) in targets.studies.iter().enumerate() {
        match one(change, name, targets.dry_run, session, out).await? {
            Ended::Done => (done, in_a_row) = (done + 1, 0),
            Ended::Failed => in_a_row += 1,
            Ended::Refused => refused = true,
        }
        let left = targets.studies.len() - number - 1;
        if left > 0 && (refused || in_a_row == MAX_FAILURES_IN_A_ROW) {
            out.note(&format!("avara-tui: stopped; {left} more were not tried"));
            break;
        }
    }
    Ok(match (done, refused) {
        _ if done == targets.studies.len() => Exit::Done,
        (0, true) => Exit::Auth,
        (0, false) => Exit::Error,
        _ => Exit::Partly,
    })
}

async fn one(
    change: &Change,
    name: &StudyName,
    dry_run: bool,
    session: &Session,
    out: &mut Out,
) -> Result<Ended, Problem> {
    let id = match name.id(session).await {
        Ok(id) => id,
        Err(Problem::Failed(failure)) => return Ok(not_found(name, &failure, out)),
        Err(problem) => return Err(problem),
    };
    match &change.what {
        What::Cancel(turn) if dry_run => {
            out.data(&turn.preview(id))?;
            Ok(Ended::Done)
        }
        What::Cancel(turn) => Ok(turn.take(id, &session.client, out).await),
        What::Patch { patch, metadata } => {
            match patch_of(patch, metadata, id, &session.client).await {
                Ok(patch) if dry_run => {
                    out.data(&preview(&patch))?;
                    Ok(Ended::Done)
                }
                Ok(patch) => Ok(send(&change.done, &patch, &session.client, out).await),
                Err(Reason::Failed(failure)) => Ok(not_found(name, &failure, out)),
                Err(Reason::Rule(rule)) => {
                    out.note(&format!("{id}: not changed. {}", clean(&rule)));
                    Ok(Ended::Failed)
                }
            }
        }
    }
}

/// What would be sent: method, path and JSON.
pub fn preview<E: Endpoint>(request: &E) -> String {
    let body = request.body().and_then(Result::ok).unwrap_or_default();
    let body = printable(&String::from_utf8_lossy(&body));
    format!("{} {} {body}\n", E::INFO.method, request.path())
}

async fn send(done: &str, patch: &UpdateStudy, client: &Client, out: &mut Out) -> Ended {
    let id = patch.study_id;
    match client.call(patch).await {
        Ok(answer) if holds(patch, &answer.value) => {
            out.note(&format!("{id}: {}", told_of(done, patch, &answer.value)));
            Ended::Done
        }
        Ok(_) => unconfirmed(id, out),
        Err(failure) => failed(id, &failure, out),
    }
}

/// The server said yes, and shows something else.
pub fn unconfirmed(id: StudyId, out: &mut Out) -> Ended {
    out.note(&format!(
        "{id}: unconfirmed. The server accepted it, but its answer shows another state. {}",
        how_to_check(&id)
    ));
    Ended::Failed
}

pub fn failed(id: StudyId, failure: &Failure, out: &mut Out) -> Ended {
    let sentence = told(failure);
    match failure.outcome() {
        Outcome::NotApplied => {
            out.note(&format!(
                "{id}: not changed. {sentence}; {}",
                failure.advice()
            ));
        }
        Outcome::Unknown => out.note(&format!(
            "{id}: unconfirmed. {sentence}. It may have been done all the same. {}",
            how_to_check(&id)
        )),
    }
    ended(failure)
}

fn not_found(name: &StudyName, failure: &Failure, out: &mut Out) -> Ended {
    out.note(&format!(
        "{name}: not changed. {}; {}",
        told(failure),
        failure.advice()
    ));
    ended(failure)
}

fn ended(failure: &Failure) -> Ended {
    match failure.is_auth() {
        true => Ended::Refused,
        false => Ended::Failed,
    }
}

pub fn how_to_check(study: &dyn std::fmt::Display) -> String {
    format!("Check it with: avara-tui studies get {study}")
}
