//! Changing studies, one after the other, with a line for each.
//!
//! Each is read right before it is changed. Nothing is sent if it cannot be read, if it is no longer as it
//! was when it was chosen, or if it is already as wanted.

use crate::cli::session::Session;
use crate::cli::write::{Answer, Write};
use crate::cli::writing::{Ended, each, not_changed, preview};
use crate::cli::{Exit, Out, Problem};
use crate::resolve::{Shows, Touches};
use crate::text::clean;
use crate::wire::{
    Endpoint, GetStudy, Identifier, Patch, Study, StudyId, StudyViewerStatus, UpdateStudy,
};

use super::base::{Base, Field, state};
use super::cancel::Turn;
use super::edit::MetadataEdit;
use super::listed::Aim;
use super::targets::{Chosen, Terms};

/// What is done to each study.
#[derive(Debug)]
pub enum StudyChange {
    Patch {
        patch: UpdateStudy,
        metadata: MetadataEdit,
    },
    Cancel(Turn),
}

impl StudyChange {
    pub fn new(set: impl FnOnce(&mut UpdateStudy)) -> Self {
        // The id is filled in for each study.
        let mut patch = UpdateStudy::of(StudyId::from_bytes([0; 16]));
        set(&mut patch);
        let metadata = MetadataEdit::default();
        Self::Patch { patch, metadata }
    }

    /// Adds changes of the metadata, which are merged into what each study has.
    pub fn with_metadata(mut self, edit: MetadataEdit) -> Self {
        if let Self::Patch { metadata, .. } = &mut self {
            *metadata = edit;
        }
        self
    }

    /// Returns the keys of the metadata whose values it changes from those that a study has now.
    fn changed_keys(&self, study: &Study) -> Vec<String> {
        match self {
            Self::Cancel(_) => Vec::new(),
            Self::Patch { metadata, .. } => metadata.changed_keys(&study.metadata),
        }
    }

    /// Returns the fields that it sets, in the order of the messages.
    fn fields(&self) -> Vec<Field> {
        match self {
            Self::Cancel(_) => vec![Field::Cancelled],
            Self::Patch { patch, .. } => fields(patch),
        }
    }
}

fn fields(patch: &UpdateStudy) -> Vec<Field> {
    let set = [
        (Field::Description, patch.study_description.is_some()),
        (Field::Severity, patch.severity.is_some()),
        (Field::Status, patch.study_viewer_status.is_some()),
        (Field::Assignee, !patch.assigned_to.is_keep()),
    ];
    let set = set.into_iter().filter(|(_, is_set)| *is_set);
    set.map(|(field, _)| field).collect()
}

/// The part of a change that is still to be made, given a study as it is now.
enum Rest {
    Patch(Box<UpdateStudy>),
    Cancel(Turn),
}

impl Rest {
    /// Returns what is left of a change, if anything is, or the rule that the study would break. Metadata is
    /// sent in full, because it is not documented whether the server merges or replaces it.
    fn of(change: &StudyChange, study: &Study) -> Result<Option<Self>, String> {
        let (patch, metadata) = match change {
            StudyChange::Cancel(turn) => {
                let is_left = !turn.is_in(study);
                return Ok(is_left.then_some(Self::Cancel(*turn)));
            }
            StudyChange::Patch { patch, metadata } => (patch, metadata),
        };
        let mut rest = UpdateStudy {
            study_id: study.study_id,
            ..patch.clone()
        };
        // Fields that are already as wanted are not sent, because somebody may be changing them right now.
        rest.study_description
            .take_if(|it| *it == study.study_description);
        rest.severity.take_if(|it| *it == study.severity);
        rest.study_viewer_status
            .take_if(|it| *it == study.study_viewer_status);
        let assignee = study.assigned_to.as_ref().map(|user| user.user_id);
        if rest.assigned_to.is_in(assignee.as_ref()) {
            rest.assigned_to = Patch::Keep;
        }
        if !metadata.is_empty() {
            let merged = metadata.merged(&study.metadata)?;
            if merged != study.metadata {
                rest.metadata = Patch::Set(merged);
            }
        }
        let is_left = !study.shows(&rest);
        Ok(is_left.then(|| Self::Patch(Box::new(rest))))
    }

    /// Returns the fields that must still be as listed: those that the change sets and, if the study leaves
    /// the open work, its severity and its assignee.
    fn fields(&self) -> Vec<Field> {
        let (mut fields, leaves) = match self {
            Self::Patch(patch) => {
                let status = patch.study_viewer_status.as_ref();
                (fields(patch), status == Some(&StudyViewerStatus::Complete))
            }
            Self::Cancel(turn) => (vec![Field::Cancelled], *turn == Turn::Cancel),
        };
        if leaves {
            fields.extend([Field::Severity, Field::Assignee]);
        }
        fields
    }

    fn preview(&self, id: StudyId) -> String {
        match self {
            Self::Patch(patch) => preview(&**patch),
            Self::Cancel(turn) => turn.preview(id),
        }
    }
}

/// Returns what a patched study is now and what it was: "assigned to X (was unassigned); CT Head".
fn news(patch: &UpdateStudy, before: &Study, now: &Study) -> String {
    let mut news: Vec<String> = fields(patch)
        .into_iter()
        .map(|field| {
            let is = match field {
                Field::Description => "new description".to_owned(),
                field => state(field, now),
            };
            format!("{is} (was {})", was(field, before))
        })
        .collect();
    if !patch.metadata.is_keep() {
        news.push("new metadata".into());
    }
    format!("{}; {}", news.join(", "), clean(&now.study_description))
}

fn was(field: Field, before: &Study) -> String {
    match field {
        Field::Severity => clean(before.severity.as_str()).into_owned(),
        field => state(field, before),
    }
}

/// Returns a study as it is, in the fields that a change sets: "severity high (CT Head)".
fn as_it_is(change: &StudyChange, study: &Study) -> String {
    let description = clean(&study.study_description);
    let fields = change.fields();
    let states = fields.iter().filter(|field| **field != Field::Description);
    let states: Vec<String> = states.map(|field| state(*field, study)).collect();
    if states.is_empty() {
        format!("({description})")
    } else {
        format!("{} ({description})", states.join(", "))
    }
}

pub async fn run(
    change: &StudyChange,
    chosen: &Chosen,
    session: &Session,
    out: &mut Out,
) -> Result<Exit, Problem> {
    if chosen.aims.is_empty() {
        out.note("nothing to do: standard input names no study");
        return Ok(Exit::Done);
    }
    each(&chosen.aims, out, async |aim, out| {
        one(change, aim, &chosen.terms, session, out).await
    })
    .await
}

/// Changes one study, and says what became of it.
pub async fn one(
    change: &StudyChange,
    aim: &Aim,
    terms: &Terms,
    session: &Session,
    out: &mut Out,
) -> Result<Ended, Problem> {
    let before = match aim.name.confirmed(session).await {
        Ok(study) => study,
        Err(failure) => return Ok(not_changed(&aim.name, &failure, out)),
    };
    let id = before.study_id;
    let rest = match Rest::of(change, &before) {
        Ok(Some(rest)) => rest,
        Ok(None) => {
            let so = as_it_is(change, &before);
            out.note(&format!("{id}: no change needed: {so}"));
            return Ok(Ended::Done);
        }
        Err(rule) => {
            out.note(&format!("{id}: not changed. {}", clean(&rule)));
            return Ok(Ended::Failed);
        }
    };
    let base = aim.base.only(&rest.fields());
    let base = base.with_metadata(change.changed_keys(&before), aim.metadata.as_ref());
    let base = base.overridden_by(&terms.only_if);
    let overtaken = base.overtaken(&before);
    if let Some(words) = &overtaken
        && !terms.force
    {
        let not = if terms.dry_run {
            "would not be changed"
        } else {
            "not changed"
        };
        out.note(&format!("{id}: {not}: {words}"));
        return Ok(Ended::Overtaken);
    }
    if terms.dry_run {
        out.data(&rest.preview(id))?;
        let so = as_it_is(change, &before);
        let forced = overtaken.map(|words| format!("; --force, for {words}"));
        let forced = forced.unwrap_or_default();
        out.note(&format!("{id}: would be changed, it is now: {so}{forced}"));
        return Ok(Ended::Done);
    }
    Ok(match &rest {
        Rest::Cancel(turn) => turn.take(&before, session, out).await,
        Rest::Patch(patch) => {
            let news = |now: &Study| news(patch, &before, now);
            send(&**patch, &before, news, session, out).await
        }
    })
}

/// Sends a change of a study, and says what became of it.
pub async fn send<E>(
    request: &E,
    before: &Study,
    news: impl FnOnce(&Study) -> String,
    session: &Session,
    out: &mut Out,
) -> Ended
where
    E: Endpoint<Response: Answer<Study>> + Touches<Study>,
    Study: Shows<E>,
{
    let study_id = before.study_id;
    let write = Write {
        id: &study_id,
        request,
        get: &GetStudy { study_id },
        before,
        // A Study Instance UID never changes.
        mark: Identifier::StudyUid,
        is_overtaken: |before, now| Base::from(before).overtaken(now).is_some(),
        check: how_to_check(&study_id),
    };
    write.run(news, session, out).await
}

pub fn how_to_check(study: &dyn std::fmt::Display) -> String {
    format!("Check it with: avara-tui studies get {study}")
}
