//! From "do this" to requests: who is meant, whether to ask first, and one batch for all of it.

pub mod aim;
pub mod ask;
pub mod batch;
pub mod changes;
pub mod earlier;
pub mod outcome;
pub mod run;
pub mod undo;

use crate::app::edit::change::Change;
use crate::app::edit::job::{BatchKind, Job};
use crate::app::edit::record::Subject;
use crate::app::edit::shown::Shown;
use crate::app::edit::targets::SelectedStudies;
use crate::app::kernel::{Kernel, layers};
use crate::app::message::effect::Effect;
use crate::app::widget::notice::Tone;
use crate::app::writes::aim::targets;
use crate::app::writes::ask::{ask_about_one, count, preview};
use crate::app::writes::changes::PendingChanges;
use crate::app::writes::earlier::EarlierChanges;
use crate::app::writes::run::begin;
use crate::text::SafeText;
use crate::wire::{StudyId, UserId};

impl Writes {
    /// A study as it is on screen, with the changes that are under way here already applied.
    pub fn shown(&self, kernel: &Kernel, id: StudyId) -> Option<Shown> {
        let mut shown = Shown::of(kernel.data.studies.store.find(id)?);
        for change in self.changes.asked_of(id) {
            shown.expect(change);
        }
        Some(shown)
    }
}

/// Changes the selected studies: one at once, several after a preview.
pub(in crate::app) fn change_targets(
    writes: &mut Writes,
    kernel: &mut Kernel,
    targets: Option<SelectedStudies>,
    change: Change,
) -> Vec<Effect> {
    if let Some(reason) = kernel.read_only_reason() {
        kernel.inform(Tone::Bad, &reason);
        return Vec::new();
    }
    writes.changes.last = Some(change.clone());
    match targets {
        None => Vec::new(),
        Some(SelectedStudies::One(shown)) => change_one(writes, kernel, &shown, &change),
        Some(SelectedStudies::Marked { shown, hidden }) => {
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
    if layers::is_sending(kernel, Subject::Study(shown.id)) {
        let text = "This study is still being saved; nothing was sent";
        kernel.inform(Tone::Bad, text);
        return Vec::new();
    }
    let description = &shown.description;
    if change.is_already(shown) {
        let text = format!("Already {}: {description}", change.state());
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
    begin(writes, kernel, change.label(), BatchKind::Do, vec![job])
}

/// Returns the jobs for the studies that the change would change, except those that a form is saving.
pub(in crate::app) fn jobs(kernel: &Kernel, studies: &[Shown], change: &Change) -> Vec<Job> {
    studies
        .iter()
        .filter(|shown| !layers::is_sending(kernel, Subject::Study(shown.id)))
        .filter(|shown| !change.is_already(shown))
        .filter_map(|shown| Job::of(shown, change))
        .collect()
}

/// Starts a batch that was confirmed.
pub(in crate::app) fn begin_confirmed(
    writes: &mut Writes,
    kernel: &mut Kernel,
    label: String,
    kind: BatchKind,
    jobs: Vec<Job>,
) -> Vec<Effect> {
    let what = kind.words(&label);
    let text = format!("Waiting for the server: {what}: {}", count(jobs.len()));
    kernel.inform(Tone::Info, &text);
    begin(writes, kernel, label, kind, jobs)
}

/// Changes of studies that are under way, and the outcome of earlier ones.
#[derive(Debug, Clone, Default)]
pub struct Writes {
    pub changes: PendingChanges,
    pub earlier: EarlierChanges,
}

pub(in crate::app) fn assign_to_me(writes: &mut Writes, kernel: &mut Kernel) -> Vec<Effect> {
    match (targets(writes, kernel), kernel.session.me) {
        (Some(targets), Some(me)) => assign(writes, kernel, targets, me),
        _ => Vec::new(),
    }
}

/// Assigns studies that were chosen earlier, which need not be under the cursor any more.
pub(in crate::app) fn assign(
    writes: &mut Writes,
    kernel: &mut Kernel,
    targets: SelectedStudies,
    to: UserId,
) -> Vec<Effect> {
    let name = match kernel.data.users.get(to) {
        Some(person) => person.name.clone(),
        None => kernel
            .data
            .studies
            .store
            .people()
            .find(|person| person.id == to)
            .map(|person| person.name.clone())
            .unwrap_or_else(|| SafeText::clean(&to.to_string())),
    };
    change_targets(writes, kernel, Some(targets), Change::Assign { to, name })
}

pub(in crate::app) fn change(
    writes: &mut Writes,
    kernel: &mut Kernel,
    wanted: Change,
) -> Vec<Effect> {
    let targets = targets(writes, kernel);
    change_targets(writes, kernel, targets, wanted)
}
