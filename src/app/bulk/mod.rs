//! From "do this" to requests: who is meant, whether to ask first, and one batch for all of it.

mod ask;
mod batch;
mod links;
mod targets;

pub(super) use ask::{
    ask_about_one, include_hidden, number_to_type, open, open_count, preview_lines, word_for_stat,
};
pub(super) use batch::{add, again, begin, note, pump, pump_all, read, retry, retry_failed, send};
pub(super) use links::{open_next, open_targets};
pub use targets::Targets;
pub(super) use targets::{hidden_only, targets};

use crate::app::{Kernel, Writes};
use crate::wire::StudyId;

use super::changes::{Job, Kind, Shown};
use super::form::{self, Subject};
use super::{Change, Effect, Tone};
use ask::{count, preview};

impl Writes {
    /// A study as it is on screen, with the changes that were asked for here taken as made.
    pub fn shown(&self, kernel: &Kernel, id: StudyId) -> Option<Shown> {
        let mut shown = Shown::of(kernel.data.studies.store.find(id)?);
        for change in self.changes.asked_of(id) {
            shown.expect(change);
        }
        Some(shown)
    }
}

/// Changes the targets: one at once, several after a preview.
pub(super) fn change_targets(
    writes: &mut Writes,
    kernel: &mut Kernel,
    targets: Option<Targets>,
    change: Change,
) -> Vec<Effect> {
    if let Some(reason) = kernel.read_only_reason() {
        kernel.inform(Tone::Bad, &reason);
        return Vec::new();
    }
    writes.changes.last = Some(change.clone());
    match targets {
        None => Vec::new(),
        Some(Targets::One(shown)) => change_one(writes, kernel, &shown, &change),
        Some(Targets::Marked { shown, hidden }) => {
            let label = change.label();
            let marked = shown.len();
            let shown = jobs(kernel, &shown, &change);
            let hidden = jobs(kernel, &hidden, &change);
            let left_alone = marked - shown.len();
            preview(writes, kernel, label, shown, hidden, left_alone);
            Vec::new()
        }
    }
}

fn change_one(
    writes: &mut Writes,
    kernel: &mut Kernel,
    shown: &Shown,
    change: &Change,
) -> Vec<Effect> {
    if form::is_sending(kernel, Subject::Study(shown.id)) {
        let text = "This study still waits for the server; nothing was sent";
        kernel.inform(Tone::Bad, text);
        return Vec::new();
    }
    let description = &shown.description;
    if change.is_already(shown) {
        let text = format!(
            "Nothing to change: {} already ({description})",
            change.label()
        );
        kernel.inform(Tone::Info, &text);
        return Vec::new();
    }
    let Some(job) = Job::of(shown, change) else {
        return Vec::new();
    };
    if matches!(change, Change::Cancel | Change::Uncancel) {
        ask_about_one(kernel, shown, job);
        return Vec::new();
    }
    let text = format!("Waiting for the server: {}: {description}", change.label());
    kernel.inform(Tone::Info, &text);
    begin(writes, kernel, change.label(), Kind::Do, vec![job])
}

/// Returns the jobs for the studies that the change would change, but for those that a form is saving.
pub(super) fn jobs(kernel: &Kernel, studies: &[Shown], change: &Change) -> Vec<Job> {
    studies
        .iter()
        .filter(|shown| !form::is_sending(kernel, Subject::Study(shown.id)))
        .filter(|shown| !change.is_already(shown))
        .filter_map(|shown| Job::of(shown, change))
        .collect()
}

/// Starts a batch that was confirmed.
pub(super) fn begin_confirmed(
    writes: &mut Writes,
    kernel: &mut Kernel,
    label: String,
    kind: Kind,
    jobs: Vec<Job>,
) -> Vec<Effect> {
    let what = kind.words(&label);
    let text = format!("Waiting for the server: {what}: {}", count(jobs.len()));
    kernel.inform(Tone::Info, &text);
    begin(writes, kernel, label, kind, jobs)
}
