//! Changing studies, one after the other, with a line for each.

use crate::api::Client;
use crate::cli::exit::told;
use crate::cli::session::Session;
use crate::cli::{Exit, Out, Problem};
use crate::text::clean;
use crate::wire::{Endpoint, Failure, Outcome, Patch, Study, StudyId, UpdateStudy};

use super::render::named;
use super::{StudyName, Targets};

/// After this many failures in a row the rest is left alone: it would fail as well.
const MAX_FAILURES_IN_A_ROW: usize = 5;

/// What is done to each study.
#[derive(Debug)]
pub struct Change {
    /// What a changed study is then, for its line.
    done: String,
    patch: UpdateStudy,
}

/// How the change of one study ended.
enum Ended {
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
        Self {
            done: done.into(),
            patch,
        }
    }

    fn of(&self, study_id: StudyId) -> UpdateStudy {
        UpdateStudy {
            study_id,
            ..self.patch.clone()
        }
    }

    /// The changed study, by what it is now and what it is called.
    fn told(&self, study: &Study) -> String {
        let done = &self.done;
        let description = clean(&study.study_description);
        match (&self.patch.assigned_to, &study.assigned_to) {
            (Patch::Set(_), Some(user)) => format!("{done} to {} ({description})", named(user)),
            _ => format!("{done} ({description})"),
        }
    }

    /// The study is as the change wants it: a server may answer 200 and do nothing.
    fn holds(&self, study: &Study) -> bool {
        let patch = &self.patch;
        let assignee = study.assigned_to.as_ref().map(|user| user.user_id);
        let is_assigned = match &patch.assigned_to {
            Patch::Keep => true,
            Patch::Clear => assignee.is_none(),
            Patch::Set(id) => assignee == Some(*id),
        };
        let is_or_kept = |wanted: &Option<_>, found| wanted.as_ref().is_none_or(|w| w == found);
        is_assigned
            && patch
                .severity
                .as_ref()
                .is_none_or(|wanted| *wanted == study.severity)
            && is_or_kept(&patch.study_viewer_status, &study.study_viewer_status)
    }
}

/// Refuses a change that read-only forbids, before anything is looked up for it.
pub fn check_allowed(session: &Session, targets: &Targets) -> Result<(), Problem> {
    if session.read_only && !targets.dry_run {
        return Err(Problem::Usage(
            "nothing was changed: --read-only refuses every change".into(),
        ));
    }
    Ok(())
}

pub async fn run(
    change: &Change,
    targets: &Targets,
    session: &Session,
    out: &mut Out,
) -> Result<Exit, Problem> {
    check_allowed(session, targets)?;
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
    let patch = change.of(id);
    if dry_run {
        out.data(&preview(&patch))?;
        return Ok(Ended::Done);
    }
    Ok(send(change, &patch, &session.client, out).await)
}

/// What would be sent: method, path and JSON.
fn preview(patch: &UpdateStudy) -> String {
    let body = patch.body().and_then(Result::ok).unwrap_or_default();
    let body = String::from_utf8_lossy(&body).into_owned();
    format!("PATCH {} {body}\n", patch.path())
}

async fn send(change: &Change, patch: &UpdateStudy, client: &Client, out: &mut Out) -> Ended {
    let id = patch.study_id;
    match client.call(patch).await {
        Ok(answer) if change.holds(&answer.value) => {
            out.note(&format!("{id}: {}", change.told(&answer.value)));
            Ended::Done
        }
        Ok(_) => {
            out.note(&format!(
                "{id}: unconfirmed. The server accepted it, but its answer shows another state. {}",
                how_to_check(id)
            ));
            Ended::Failed
        }
        Err(failure) => failed(id, &failure, out),
    }
}

fn failed(id: StudyId, failure: &Failure, out: &mut Out) -> Ended {
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
            how_to_check(id)
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

fn how_to_check(id: StudyId) -> String {
    format!("Check it with: avara-tui studies get {id}")
}
