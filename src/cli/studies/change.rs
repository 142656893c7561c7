//! Changing studies, one after the other, with a line for each.

use std::time::Duration;

use crate::cli::exit::told;
use crate::cli::session::Session;
use crate::cli::settling::{self, Settled, not_done};
use crate::cli::writing::{Ended, check_allowed, each, not_changed, preview};
use crate::cli::{Exit, Out, Problem};
use crate::settle::Seen;
use crate::text::clean;
use crate::wire::{Failure, GetStudy, Identifier, Patch, Study, StudyId, UpdateStudy, check_names};

use super::StudyName;
use super::cancel::Turn;
use super::edit::MetadataEdit;
use super::render::named;
use super::targets::{Chosen, Targets};

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

/// The patch for one study as it is now, or the rule that the study would then break. Metadata is sent in
/// full: whether the server merges or replaces it is not documented.
fn patch_of(
    patch: &UpdateStudy,
    metadata: &MetadataEdit,
    study: &Study,
) -> Result<UpdateStudy, String> {
    let mut patch = UpdateStudy {
        study_id: study.study_id,
        ..patch.clone()
    };
    if !metadata.is_empty() {
        patch.metadata = Patch::Set(metadata.merged(&study.metadata)?);
    }
    Ok(patch)
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
    each(&targets.studies, out, async |name, out| {
        one(change, name, targets.dry_run, session, out).await
    })
    .await
}

/// Changes one study, and says what became of it. It is read right before: what cannot be read, or answers to
/// another name, is not changed.
pub async fn one(
    change: &Change,
    name: &StudyName,
    dry_run: bool,
    session: &Session,
    out: &mut Out,
) -> Result<Ended, Problem> {
    let before = match name.confirmed(session).await {
        Ok(study) => study,
        Err(failure) => return Ok(not_changed(name, &failure, out)),
    };
    let id = before.study_id;
    match &change.what {
        What::Cancel(turn) if dry_run => {
            out.data(&turn.preview(id))?;
            Ok(Ended::Done)
        }
        What::Cancel(turn) => Ok(turn.take(&before, session, out).await),
        What::Patch { patch, metadata } => match patch_of(patch, metadata, &before) {
            Ok(patch) if dry_run => {
                out.data(&preview(&patch))?;
                Ok(Ended::Done)
            }
            Ok(patch) => Ok(send(&change.done, &patch, &before, session, out).await),
            Err(rule) => {
                out.note(&format!("{id}: not changed. {}", clean(&rule)));
                Ok(Ended::Failed)
            }
        },
    }
}

async fn send(
    done: &str,
    patch: &UpdateStudy,
    before: &Study,
    session: &Session,
    out: &mut Out,
) -> Ended {
    let id = patch.study_id;
    let get = GetStudy { study_id: id };
    let settled = settling::send(
        patch,
        &id.to_string(),
        Duration::ZERO,
        session,
        async || settling::read(&get, session, |now| seen(patch, before, now)).await,
    )
    .await;
    if let Settled::Answered(study) = &settled
        && let Err(failure) = check_uid(before, study)
    {
        return astray(id, failure, out);
    }
    match &settled {
        Settled::Answered(study) if holds(patch, study) => {
            out.note(&format!("{id}: {}", told_of(done, patch, study)));
            Ended::Done
        }
        Settled::Answered(_) => unconfirmed(id, out),
        Settled::Found(study, failure) => {
            let news = told_of(done, patch, study);
            out.note(&format!(
                "{id}: {news}. {}, but it was found so",
                told(failure)
            ));
            Ended::Done
        }
        unclear => not_done(&id, &how_to_check(&id), unclear, out),
    }
}

/// What the study shows of the patch.
fn seen(patch: &UpdateStudy, before: &Study, now: &Study) -> Seen {
    if check_uid(before, now).is_err() {
        return Seen::Unread;
    }
    if holds(patch, now) {
        return Seen::Wanted;
    }
    let is_unchanged = before.severity == now.severity
        && before.study_viewer_status == now.study_viewer_status
        && before.study_description == now.study_description
        && before.metadata == now.metadata
        && before.assigned_to.as_ref().map(|user| user.user_id)
            == now.assigned_to.as_ref().map(|user| user.user_id);
    if is_unchanged {
        Seen::Unchanged
    } else {
        Seen::Otherwise
    }
}

/// Whether a record is still of the same study: a Study Instance UID never changes.
pub fn check_uid(before: &Study, now: &Study) -> Result<(), Failure> {
    let uid = before.study_instance_uid.as_str().to_owned();
    check_names(&[(Identifier::StudyUid, uid)], now)
}

/// The answer has the id of this study and the UID of another one.
fn astray(id: StudyId, failure: Failure, out: &mut Out) -> Ended {
    let unclear = Settled::Unconfirmed(failure);
    not_done::<(), ()>(&id, &how_to_check(&id), &unclear, out)
}

/// The server said yes, and shows something else.
pub fn unconfirmed(id: StudyId, out: &mut Out) -> Ended {
    out.note(&format!(
        "{id}: unconfirmed. The server accepted it, but its answer shows another state. {}",
        how_to_check(&id)
    ));
    Ended::Failed
}

pub fn how_to_check(study: &dyn std::fmt::Display) -> String {
    format!("Check it with: avara-tui studies get {study}")
}
