//! Undo, redo, repeat, and the list of what was done.

use crate::app::action::Action;
use crate::app::edit::history::{About, HistoryStep};
use crate::app::edit::job::{BatchKind, Job};
use crate::app::kernel::Kernel;
use crate::app::kernel::layers::Overlay;
use crate::app::kernel::session::clock;
use crate::app::message::effect::Effect;
use crate::app::widget::confirm::{ConfirmedAction, Lines};
use crate::app::widget::notice::Tone;
use crate::app::widget::picker::{Choice, Item, Picker, PickerPurpose};
use crate::app::writes;
use crate::app::writes::aim::targets;
use crate::app::writes::{Writes, ask};
use crate::text::SafeText;

/// Shows what undo would write, and asks. The last step is named even if it cannot be undone; the next
/// undo is then about the step before it.
pub(in crate::app) fn ask_undo(writes: &mut Writes, kernel: &mut Kernel) {
    let Some(step) = kernel.history.last().cloned() else {
        kernel.inform(Tone::Info, "Nothing to undo");
        return;
    };
    let jobs = undo_jobs(&step);
    if jobs.is_empty() {
        kernel.history.take_last();
        let instead = step.instead.as_deref();
        let instead = instead.unwrap_or("the earlier value is unknown");
        let at = clock(step.at, kernel.session.utc_offset);
        let text = format!(
            "Last change, {at}: {}. It cannot be undone: {instead}. {} again undoes the one before",
            step.label,
            kernel.key(Action::Undo)
        );
        kernel.inform(Tone::Bad, &text);
        return;
    }
    ask(writes, kernel, "Undo", step.label, BatchKind::Undo, jobs);
}

/// Shows what redo would write, and asks.
pub(in crate::app) fn ask_redo(writes: &mut Writes, kernel: &mut Kernel) {
    let Some(step) = kernel.history.last_undone().cloned() else {
        kernel.inform(Tone::Info, "Nothing to redo");
        return;
    };
    let jobs = redo_jobs(&step);
    ask(writes, kernel, "Redo", step.label, BatchKind::Redo, jobs);
}

/// Each study goes back to what it was, but only if it still has what we gave it.
fn undo_jobs(step: &HistoryStep) -> Vec<Job> {
    step.entries
        .iter()
        .filter_map(|entry| {
            Some(Job {
                study: entry.study,
                uid: entry.uid.clone(),
                description: entry.description.clone(),
                change: entry.inverse.clone()?,
                base: entry.done.clone(),
                context: Vec::new(),
                inverse: Some(entry.done.clone()),
                may_be_done: false,
            })
        })
        .collect()
}

/// A step that was undone has an inverse for each study.
fn redo_jobs(step: &HistoryStep) -> Vec<Job> {
    step.entries
        .iter()
        .filter_map(|entry| {
            Some(Job {
                study: entry.study,
                uid: entry.uid.clone(),
                description: entry.description.clone(),
                change: entry.done.clone(),
                base: entry.inverse.clone()?,
                context: Vec::new(),
                inverse: entry.inverse.clone(),
                may_be_done: false,
            })
        })
        .collect()
}

fn ask(
    writes: &mut Writes,
    kernel: &mut Kernel,
    verb: &str,
    label: String,
    kind: BatchKind,
    jobs: Vec<Job>,
) {
    let named = jobs.iter().take(5).map(|job| {
        let (was, will) = (job.base.value(), job.change.value());
        vec![
            SafeText::clean(job.description.trim()),
            SafeText::clean(&format!("    {was}  ->  {will}")),
        ]
    });
    let mut lines = Lines::naming(named, jobs.len());
    lines.add("Later changes by others are kept.");
    let title = match jobs.len() {
        1 => format!("{verb}: 1 study"),
        many => format!("{verb}: {many} studies"),
    };
    let buttons = match kind {
        BatchKind::Undo => ("Keep", "Undo"),
        BatchKind::Do | BatchKind::Redo => ("Back", "Redo"),
    };
    let word = ask::word_for_stat(writes, kernel, &jobs);
    let action = ConfirmedAction::Change {
        label,
        kind,
        jobs,
        hidden: Vec::new(),
    };
    ask::open(kernel, &title, lines, buttons, word, action);
}

/// The step leaves its list when its undo or redo is confirmed; what of it could not be done stays out.
/// It need not be the last one: another change may have ended while the question was open.
pub(in crate::app) fn take_step(kernel: &mut Kernel, kind: BatchKind, jobs: &[Job]) {
    match kind {
        BatchKind::Do => {}
        BatchKind::Undo => {
            let is_asked = |step: &HistoryStep| undo_jobs(step) == jobs;
            kernel.history.take_done(is_asked);
        }
        BatchKind::Redo => {
            let is_asked = |step: &HistoryStep| redo_jobs(step) == jobs;
            kernel.history.take_undone(is_asked);
        }
    }
}

/// Repeats the last change on the study under the cursor or on the marked ones.
pub(in crate::app) fn repeat(writes: &mut Writes, kernel: &mut Kernel) -> Vec<Effect> {
    let Some(change) = writes.changes.last.clone() else {
        kernel.inform(Tone::Info, "No change to repeat yet");
        return Vec::new();
    };
    let targets = targets(writes, kernel);
    writes::change_targets(writes, kernel, targets, change)
}

/// What was done here since the start, newest first; Enter goes there.
pub(in crate::app) fn show_activity(kernel: &mut Kernel) {
    let offset = kernel.session.utc_offset;
    let items: Vec<Item> = kernel
        .history
        .events()
        .map(|event| {
            let mark = if event.failed { "!" } else { " " };
            let label = format!("{mark} {} {}", clock(event.at, offset), event.text);
            let choice = match event.about {
                About::Study(id) => Choice::Study(id),
                About::User(id) => Choice::User(id),
                About::Invitation(id) => Choice::Invitation(id),
                About::Nothing => Choice::Nothing,
            };
            Item::new(&label, "", "", choice)
        })
        .collect();
    let mut picker = Picker::new(
        "Your changes, newest first; Enter goes there",
        PickerPurpose::Activity,
        items,
    );
    picker.empty = "No changes yet".into();
    kernel.layers.overlay = Some(Overlay::Picker(picker));
}
