//! From "do this" to requests: who is meant, whether to ask first, and one batch for all of it.

mod ask;
mod batch;
mod links;

pub(super) use ask::{include_hidden, number_to_type, open, open_count, preview_lines};
pub(super) use batch::{begin, note, pump, read, retry_failed, send};
pub(super) use links::{open_next, open_targets};

use crate::text::SafeText;
use crate::wire::StudyId;
use crate::worklist::StudyView;

use super::changes::{Before, Job, Kind};
use super::confirm::Deed;
use super::{Change, Effect, Model, Tone, access};
use ask::{ask_about_one, count, preview, study_line};

/// Who an action is meant for: the marked studies, or else the one under the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Targets {
    One(StudyId),
    Marked {
        shown: Vec<StudyId>,
        /// Marked, but not on the list as it is filtered now.
        hidden: Vec<StudyId>,
    },
}

pub(super) fn targets(model: &Model) -> Option<Targets> {
    if let Some(id) = model.looked_up() {
        return Some(Targets::One(id));
    }
    let (shown, hidden) = model.list.marked();
    if shown.is_empty() && hidden.is_empty() {
        return model.list.selected().map(Targets::One);
    }
    Some(Targets::Marked { shown, hidden })
}

/// Changes the targets: one at once, several after a preview.
pub(super) fn change_targets(
    model: &mut Model,
    targets: Option<Targets>,
    change: Change,
) -> Vec<Effect> {
    if let Some(reason) = model.read_only_reason() {
        model.inform(Tone::Bad, &reason);
        return Vec::new();
    }
    model.changes.last = Some(change.clone());
    match targets {
        None => Vec::new(),
        Some(Targets::One(id)) => change_one(model, id, change),
        Some(Targets::Marked { shown, hidden }) => {
            let label = change.label();
            let marked = shown.len();
            let shown = jobs(model, &shown, &change);
            let hidden = jobs(model, &hidden, &change);
            let left_alone = marked - shown.len();
            preview(model, label, shown, hidden, left_alone);
            Vec::new()
        }
    }
}

fn change_one(model: &mut Model, id: StudyId, change: Change) -> Vec<Effect> {
    let Some(study) = model.list.store.find(id) else {
        model.inform(Tone::Bad, "The study is no longer there; nothing was sent");
        return Vec::new();
    };
    if model.is_busy(id) {
        model.inform(
            Tone::Bad,
            "This study still waits for the server; nothing was sent",
        );
        return Vec::new();
    }
    let description = SafeText::clean(study.description());
    if change.is_already(study) {
        let text = format!(
            "Nothing to change: {} already ({description})",
            change.label()
        );
        model.inform(Tone::Info, &text);
        return Vec::new();
    }
    let job = job(study, &change);
    if matches!(change, Change::Cancel | Change::Uncancel) {
        ask_about_one(model, study_line(model, id), job);
        return Vec::new();
    }
    let text = format!("Waiting for the server: {}: {description}", change.label());
    model.inform(Tone::Info, &text);
    begin(model, change.label(), Kind::Do, vec![job])
}

fn job(study: StudyView<'_>, change: &Change) -> Job {
    Job {
        study: study.id(),
        description: SafeText::clean(study.description()),
        change: change.clone(),
        inverse: change.inverse_on(study),
        before: Before::Nothing,
    }
}

/// Jobs for the studies that the change would change, and that wait for nothing.
pub(super) fn jobs(model: &Model, ids: &[StudyId], change: &Change) -> Vec<Job> {
    ids.iter()
        .filter(|id| !model.is_busy(**id))
        .filter_map(|id| model.list.store.find(*id))
        .filter(|study| !change.is_already(*study))
        .map(|study| job(study, change))
        .collect()
}

/// Carries out what was confirmed.
pub(super) fn carry_out(model: &mut Model, deed: Deed) -> Vec<Effect> {
    match deed {
        Deed::Change {
            label, kind, jobs, ..
        } => {
            let text = format!("Waiting for the server: {label}: {}", count(jobs.len()));
            model.inform(Tone::Info, &text);
            begin(model, label, kind, jobs)
        }
        Deed::Rehome { from, label, jobs } => access::move_studies(model, from, label, jobs),
        Deed::Access(change) => access::carry_out(model, change),
        Deed::Open(ids) => {
            model.to_open = ids.into();
            open_next(model)
        }
    }
}
