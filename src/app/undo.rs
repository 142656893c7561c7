//! Taking back, doing again, repeating, and the list of what was done.

use crate::text::SafeText;

use super::bulk;
use super::changes::{About, Before, Job, Kind, Step};
use super::confirm::Deed;
use super::picker::{Choice, Item, Picker, Purpose};
use super::{Change, Effect, Model, Overlay, Tone};

/// Shows what undo would write, and asks.
pub(super) fn ask_undo(model: &mut Model) {
    let Some(step) = model.changes.history.last() else {
        model.inform(Tone::Info, "There is nothing to undo");
        return;
    };
    let jobs = undo_jobs(step);
    if jobs.is_empty() {
        let text = format!("{} cannot be undone", step.label);
        model.inform(Tone::Bad, &text);
        return;
    }
    let label = step.label.clone();
    ask(model, "Undo", label, Kind::Undo, jobs);
}

/// Shows what redo would write, and asks.
pub(super) fn ask_redo(model: &mut Model) {
    let Some(step) = model.changes.history.last_undone() else {
        model.inform(Tone::Info, "Nothing was undone");
        return;
    };
    let jobs = redo_jobs(step);
    let label = step.label.clone();
    ask(model, "Do again", label, Kind::Redo, jobs);
}

/// Each study goes back to what it was, but only if it still has what we gave it.
fn undo_jobs(step: &Step) -> Vec<Job> {
    step.entries
        .iter()
        .filter_map(|entry| {
            Some(Job {
                study: entry.study,
                description: entry.description.clone(),
                change: entry.inverse.clone()?,
                inverse: Some(entry.done.clone()),
                before: Before::Holds(entry.done.clone()),
            })
        })
        .collect()
}

fn redo_jobs(step: &Step) -> Vec<Job> {
    step.entries
        .iter()
        .map(|entry| Job {
            study: entry.study,
            description: entry.description.clone(),
            change: entry.done.clone(),
            inverse: entry.inverse.clone(),
            before: match &entry.inverse {
                Some(inverse) => Before::Holds(inverse.clone()),
                None => Before::Nothing,
            },
        })
        .collect()
}

fn ask(model: &mut Model, verb: &str, label: String, kind: Kind, jobs: Vec<Job>) {
    let mut lines: Vec<SafeText> = jobs
        .iter()
        .take(5)
        .flat_map(|job| {
            let was = job.inverse.as_ref().map(Change::value).unwrap_or_default();
            [
                SafeText::clean(job.description.trim()),
                SafeText::clean(&format!("    {was}  ->  {}", job.change.value())),
            ]
        })
        .collect();
    if jobs.len() > 5 {
        lines.push(SafeText::clean(&format!("+{} more", jobs.len() - 5)));
    }
    lines.push(SafeText::clean(
        "What someone else has changed since stays as it is.",
    ));
    let title = match jobs.len() {
        1 => format!("{verb}: 1 study"),
        many => format!("{verb}: {many} studies"),
    };
    let buttons = match kind {
        Kind::Undo => ("Leave as it is", "Undo"),
        Kind::Do | Kind::Redo => ("Leave as it is", "Do again"),
    };
    bulk::open(
        model,
        &title,
        lines,
        buttons,
        None,
        Deed::Change {
            label,
            kind,
            jobs,
            hidden: Vec::new(),
        },
    );
}

/// The step leaves its list when its undo or redo is confirmed; what of it could not be done stays out.
pub(super) fn take_step(model: &mut Model, kind: Kind) {
    match kind {
        Kind::Do => {}
        Kind::Undo => {
            model.changes.history.take_last();
        }
        Kind::Redo => {
            model.changes.history.take_last_undone();
        }
    }
}

/// Does the last change again, to the study under the cursor or the marked ones.
pub(super) fn repeat(model: &mut Model) -> Vec<Effect> {
    let Some(change) = model.changes.last.clone() else {
        model.inform(Tone::Info, "There is no change to repeat yet");
        return Vec::new();
    };
    let targets = bulk::targets(model);
    bulk::change_targets(model, targets, change)
}

/// What was done here since the start, newest first; Enter goes there.
pub(super) fn show_activity(model: &mut Model) {
    let offset = model.session.utc_offset;
    let items: Vec<Item> = model
        .changes
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
        "What you changed, newest first; Enter goes there",
        Purpose::Activity,
        items,
    );
    picker.empty = "Nothing was changed yet".into();
    model.overlay = Some(Overlay::Picker(picker));
}

pub(super) fn clock(at: i64, utc_offset: i32) -> String {
    let seconds = at.div_euclid(1000) + i64::from(utc_offset);
    let minutes = seconds.div_euclid(60).rem_euclid(24 * 60);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
