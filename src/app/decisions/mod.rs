//! Changes that wait for a decision: those that conflict with what someone else did, and those that failed.
//!
//! They never take the focus. A line counts them, a key lists them, and each stays until it is decided,
//! tried again or dismissed by name.

use crate::app::access;
use crate::app::access::{Access, AccessFailed};
use crate::app::action::Action;
use crate::app::edit::change::{Change, Edit, Field};
use crate::app::edit::decision::{Decision, Unresolved};
use crate::app::edit::job::{Got, Job};
use crate::app::edit::{draft, record};
use crate::app::kernel::layers::Overlay;
use crate::app::kernel::{Kernel, layers};
use crate::app::message::effect::Effect;
use crate::app::widget::notice::Tone;
use crate::app::widget::picker::{Choice, Item, Picker, PickerPurpose};
use crate::app::writes::changes::{Conflict, Failed};
use crate::app::writes::{Writes, ask, run};
use crate::text::SafeText;
use crate::wire::StudyId;

/// How many changes conflict with what someone else did, and how many failed.
pub(in crate::app) fn count(writes: &Writes, access: &Access) -> (usize, usize) {
    let failed = writes.changes.failed().len() + access.failed().len();
    (writes.changes.conflicts().len(), failed)
}

/// Lists what waits for a decision.
pub(in crate::app) fn show(access: &mut Access, writes: &mut Writes, kernel: &mut Kernel) {
    writes.changes.list(&kernel.data.studies.store);
    access.list();
    let conflicts = writes.changes.conflicts().iter().map(conflict_item);
    let failed = writes.changes.failed().iter().map(failed_item);
    let of_access = access.failed().iter().map(access_item);
    let mut items: Vec<Item> = conflicts.chain(failed).chain(of_access).collect();
    if items.is_empty() {
        kernel.inform(
            Tone::Info,
            "No change has failed, and there is nothing to decide",
        );
        return;
    }
    let (conflicts, failed) = count(writes, access);
    let all = |text: String, what| Item::new(&text, "", "", Choice::Unresolved(what));
    if conflicts > 1 {
        let text = format!("Keep theirs for all {conflicts} conflicts");
        items.push(all(text, Unresolved::AllConflicts));
    }
    if failed > 1 {
        let text = format!("Dismiss all {failed} failed changes");
        items.push(all(text, Unresolved::AllFailed));
    }
    let title = "Changes to decide: Enter decides, Esc closes the list";
    let picker = Picker::new(title, PickerPurpose::Unresolved, items);
    kernel.layers.overlay = Some(Overlay::Picker(picker));
}

fn conflict_item(conflict: &Conflict) -> Item {
    let Conflict { job, theirs, .. } = conflict;
    let label = format!("{}: {} now", job.description.trim(), theirs.value());
    let note = format!("yours: {}", job.change.value());
    let mut item = Item::new(
        &label,
        &note,
        "conflict",
        Choice::Unresolved(Unresolved::Conflict(job.study, job.change.field())),
    );
    item.more = vec![SafeText::clean(&format!(
        "Someone else changed it; your screen showed {}",
        job.shown_instead_of(theirs).value()
    ))];
    item
}

/// How far a failed change got, in a word or two.
pub fn verdict(got: Got) -> &'static str {
    match got {
        Got::NotSent => "Not sent",
        Got::NotDone => "Not done",
        Got::Unconfirmed => "Unconfirmed",
    }
}

fn failed_item(failed: &Failed) -> Item {
    let job = &failed.job;
    let label = format!("{}: {}", job.description.trim(), job.change.label());
    let mut item = Item::new(
        &label,
        verdict(failed.got),
        "failed",
        Choice::Unresolved(Unresolved::Failed(job.study, job.change.field())),
    );
    item.more = vec![SafeText::clean(&failed.failure.sentence())];
    item
}

fn access_item(failed: &AccessFailed) -> Item {
    let label = format!("{}: {}", failed.who, failed.change.label());
    let note = if failed.unconfirmed {
        verdict(Got::Unconfirmed)
    } else {
        verdict(Got::NotDone)
    };
    let choice = Choice::Unresolved(Unresolved::Access(failed.change));
    let mut item = Item::new(&label, note, "failed", choice);
    item.more = vec![SafeText::clean(&failed.failure.sentence())];
    item
}

/// One of them was chosen: what can be done about it.
pub(in crate::app) fn choose(
    access: &mut Access,
    writes: &mut Writes,
    kernel: &mut Kernel,
    what: Unresolved,
) -> Vec<Effect> {
    let (title, options) = match what {
        Unresolved::AllConflicts => {
            writes.changes.forget_conflicts();
            kernel.inform(Tone::Info, "Kept theirs for all of them");
            return Vec::new();
        }
        Unresolved::AllFailed => {
            writes.changes.forget_failed();
            access.forget_failed();
            kernel.inform(Tone::Info, "Failed changes dismissed");
            return Vec::new();
        }
        Unresolved::Conflict(id, field) => match writes.changes.listed_conflict(id, field) {
            Some(conflict) => conflict_options(conflict),
            None => return moved_on(kernel),
        },
        Unresolved::Failed(id, field) => {
            let Some(failed) = writes.changes.listed_failure(id, field) else {
                return moved_on(kernel);
            };
            let job = &failed.job;
            let title = format!("{}: {}", job.change.label(), job.description.trim());
            (title, failed_options(true))
        }
        Unresolved::Access(change) => {
            let mut failed = access.failed().iter();
            let Some(failed) = failed.find(|failed| failed.change == change) else {
                return moved_on(kernel);
            };
            let title = format!("{}: {}", change.label(), failed.who);
            (title, failed_options(false))
        }
    };
    let option = |(label, note, resolution): (String, String, Decision)| {
        Item::new(&label, &note, "", Choice::Decision(resolution))
    };
    let items = options.into_iter().map(option).collect();
    let picker = Picker::new(&title, PickerPurpose::Resolve(what), items);
    kernel.layers.overlay = Some(Overlay::Picker(picker));
    Vec::new()
}

type Options = Vec<(String, String, Decision)>;

fn conflict_options(conflict: &Conflict) -> (String, Options) {
    let Conflict { job, theirs, .. } = conflict;
    let title = format!("Someone else changed {}", job.description.trim());
    let base = format!("it was {}", job.shown_instead_of(theirs).value());
    let options = vec![
        (
            format!("Keep theirs: {}", theirs.value()),
            String::new(),
            Decision::KeepTheirs,
        ),
        (
            format!("Apply mine: {}", job.change.value()),
            base,
            Decision::ApplyMine,
        ),
        ("Go to the study".into(), String::new(), Decision::GoThere),
    ];
    (title, options)
}

fn failed_options(has_study: bool) -> Options {
    let mut options = vec![
        ("Try again".into(), String::new(), Decision::TryAgain),
        (
            "Dismiss: change nothing".into(),
            String::new(),
            Decision::Dismiss,
        ),
    ];
    if has_study {
        options.push(("Go to the study".into(), String::new(), Decision::GoThere));
    }
    options
}

/// What was chosen is no longer as it was listed: another change of the study replaced it.
fn moved_on(kernel: &mut Kernel) -> Vec<Effect> {
    let text = format!(
        "That has changed since it was listed; {} lists it again",
        kernel.key(Action::ShowUnresolved)
    );
    kernel.inform(Tone::Bad, &text);
    Vec::new()
}

/// Carries out what was decided. `GoThere` is carried out where the list is known.
pub(in crate::app) fn resolve(
    access: &mut Access,
    writes: &mut Writes,
    kernel: &mut Kernel,
    what: Unresolved,
    how: Decision,
) -> Vec<Effect> {
    let is_sent = matches!(how, Decision::ApplyMine | Decision::TryAgain);
    if is_sent && let Some(reason) = why_not_sent(kernel, what) {
        kernel.inform(Tone::Bad, &reason);
        return Vec::new();
    }
    match (what, how) {
        (Unresolved::Conflict(id, field), Decision::KeepTheirs) => {
            if writes.changes.listed_conflict(id, field).is_none() {
                return moved_on(kernel);
            }
            writes.changes.forget(id, field);
            kernel.data.studies.unmark(id);
            kernel.inform(Tone::Info, "Kept theirs; nothing was sent");
            Vec::new()
        }
        (Unresolved::Conflict(id, field), Decision::ApplyMine) => {
            apply_mine(writes, kernel, id, field)
        }
        (Unresolved::Failed(id, field), Decision::TryAgain) => {
            match writes.changes.listed_failure(id, field).cloned() {
                Some(failed) => run::retry(writes, kernel, vec![run::again(failed)]),
                None => moved_on(kernel),
            }
        }
        (Unresolved::Failed(id, field), Decision::Dismiss) => {
            if writes.changes.listed_failure(id, field).is_none() {
                return moved_on(kernel);
            }
            writes.changes.forget(id, field);
            Vec::new()
        }
        (Unresolved::Access(change), Decision::TryAgain) => {
            access::retry_one(access, kernel, change)
        }
        (Unresolved::Access(change), Decision::Dismiss) => {
            access.forget(change);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Why nothing is sent now, if nothing is.
fn why_not_sent(kernel: &Kernel, what: Unresolved) -> Option<String> {
    if let Some(reason) = kernel.read_only_reason() {
        return Some(reason);
    }
    match what {
        Unresolved::Conflict(id, _) | Unresolved::Failed(id, _)
            if layers::is_sending(kernel, record::Subject::Study(id)) =>
        {
            Some("Still waiting for the server: the edited study".into())
        }
        _ => None,
    }
}

/// Sends the change after all, on top of what was shown as theirs: if even that has changed since, it is
/// a conflict again.
fn apply_mine(writes: &mut Writes, kernel: &mut Kernel, id: StudyId, field: Field) -> Vec<Effect> {
    let Some(conflict) = writes.changes.listed_conflict(id, field).cloned() else {
        return moved_on(kernel);
    };
    let Conflict { job, theirs, .. } = conflict;
    let change = match (&job.change, &theirs) {
        (Change::Edit(mine), Change::Edit(now)) => Change::Edit(Box::new(Edit {
            from: now.to.clone(),
            to: draft::merge(&mine.from, &now.to, &mine.to, &[]),
        })),
        _ => job.change.clone(),
    };
    let job = Job { change, ..job }.on_top_of(theirs);
    // The question is asked again: the study may have become STAT, or been assigned, since.
    if job.change == Change::Cancel
        && let Some(shown) = writes.shown(kernel, id)
    {
        ask::ask_about_one(kernel, &shown, job);
        return Vec::new();
    }
    run::retry(writes, kernel, vec![job])
}
