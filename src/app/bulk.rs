//! From "do this" to requests: who is meant, whether to ask first, and one batch for all of it.

use crate::text::SafeText;
use crate::wire::{GetStudy, RerouteUrl, Severity, Study, StudyId, StudySelector};
use crate::worklist::StudyView;

use super::calls::Purpose;
use super::changes::{About, BatchId, Before, Event, Failed, Job, Kind, Stage, Step};
use super::confirm::{Confirm, Deed};
use super::line::LineEdit;
use super::{Call, Change, Effect, Model, Overlay, Tone, access};

/// Studies that a preview names.
const NAMED: usize = 5;
/// With more targets than this, their number must be typed.
const MANY: usize = 10;

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
    if let Some(reason) = model.session.read_only_reason() {
        model.inform(Tone::Bad, reason);
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

fn study_line(model: &Model, id: StudyId) -> Vec<SafeText> {
    let Some(study) = model.list.store.find(id) else {
        return Vec::new();
    };
    let severity = study.severity().as_str().to_uppercase();
    vec![
        SafeText::clean(&format!("{severity}  {}", study.description().trim())),
        SafeText::clean(&format!("UID {}", study.uid())),
    ]
}

/// Cancelling hides a study from everyone's work: the study is named twice, and a STAT asks for a word.
fn ask_about_one(model: &mut Model, mut lines: Vec<SafeText>, job: Job) {
    let cancels = job.change == Change::Cancel;
    let is_stat = model
        .list
        .store
        .find(job.study)
        .is_some_and(|study| *study.severity() == Severity::Stat);
    lines.push(SafeText::clean(match cancels {
        true => "It leaves the open work; X brings it back.",
        false => "It returns to the open work.",
    }));
    let word = (cancels && is_stat).then(|| ("cancel".to_owned(), LineEdit::default()));
    let (title, safe, act) = match cancels {
        true => ("Cancel this study?", "Keep study", "Cancel study"),
        false => (
            "Uncancel this study?",
            "Leave it cancelled",
            "Uncancel study",
        ),
    };
    open(
        model,
        title,
        lines,
        (safe, act),
        word,
        Deed::Change {
            label: job.change.label(),
            kind: Kind::Do,
            jobs: vec![job],
            hidden: Vec::new(),
        },
    );
}

/// Asks before several studies change: how many, which, how many of them STAT, and who is left out.
fn preview(model: &mut Model, label: String, jobs: Vec<Job>, hidden: Vec<Job>, left_alone: usize) {
    if jobs.is_empty() && hidden.is_empty() {
        let text = format!("Nothing to change: {label} already, for every marked study");
        model.inform(Tone::Info, &text);
        return;
    }
    let kind = Kind::Do;
    let title = format!("{label}: {}", count(jobs.len()));
    let mut lines = preview_lines(model, &jobs, hidden.len());
    if left_alone > 0 {
        let text = format!("{left_alone} more need no change, or still wait for the server");
        lines.push(SafeText::clean(&text));
    }
    let word = number_to_type(jobs.len());
    open(
        model,
        &title,
        lines,
        ("Change nothing", "Change all"),
        word,
        Deed::Change {
            label,
            kind,
            jobs,
            hidden,
        },
    );
}

/// "1 open study", "5 open studies".
pub(super) fn open_count(studies: usize) -> String {
    match studies {
        1 => "1 open study".into(),
        many => format!("{many} open studies"),
    }
}

fn count(studies: usize) -> String {
    match studies {
        1 => "1 study".into(),
        many => format!("{many} studies"),
    }
}

pub(super) fn number_to_type(targets: usize) -> Option<(String, LineEdit)> {
    (targets > MANY).then(|| (targets.to_string(), LineEdit::default()))
}

pub(super) fn preview_lines(model: &Model, jobs: &[Job], hidden: usize) -> Vec<SafeText> {
    let store = &model.list.store;
    let mut lines: Vec<SafeText> = jobs
        .iter()
        .take(NAMED)
        .map(|job| {
            let severity = store
                .find(job.study)
                .map(|study| study.severity().as_str().to_uppercase())
                .unwrap_or_default();
            let was = match &job.inverse {
                Some(inverse) => format!("  (was {})", inverse.value()),
                None => String::new(),
            };
            SafeText::clean(&format!("{severity:<6} {}{was}", job.description.trim()))
        })
        .collect();
    if jobs.len() > NAMED {
        lines.push(SafeText::clean(&format!("+{} more", jobs.len() - NAMED)));
    }
    let stat = jobs
        .iter()
        .filter_map(|job| store.find(job.study))
        .filter(|study| *study.severity() == Severity::Stat)
        .count();
    if stat > 0 {
        lines.push(SafeText::clean(&format!("{stat} of them STAT")));
    }
    if hidden > 0 {
        let text =
            format!("{hidden} marked but hidden by the filter are left out; h includes them");
        lines.push(SafeText::clean(&text));
    }
    lines
}

pub(super) fn open(
    model: &mut Model,
    title: &str,
    lines: Vec<SafeText>,
    (safe, act): (&'static str, &'static str),
    word: Option<(String, LineEdit)>,
    deed: Deed,
) {
    model.overlay = Some(Overlay::Confirm(Box::new(Confirm {
        title: SafeText::clean(title),
        lines,
        safe,
        act,
        on_act: false,
        word,
        opened_at: model.now,
        deed,
    })));
}

/// The hidden ones join: the question is asked anew, with the new number.
pub(super) fn include_hidden(model: &mut Model, deed: Deed) {
    if let Deed::Change {
        label,
        mut jobs,
        hidden,
        ..
    } = deed
    {
        jobs.extend(hidden);
        preview(model, label, jobs, Vec::new(), 0);
    }
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

pub(super) fn begin(model: &mut Model, label: String, kind: Kind, jobs: Vec<Job>) -> Vec<Effect> {
    let batch = model.changes.begin(label, kind, jobs);
    pump(model, batch)
}

/// Starts what may start of a batch; ends the batch when nothing is left of it.
pub(super) fn pump(model: &mut Model, batch: BatchId) -> Vec<Effect> {
    let mut effects = Vec::new();
    while let Some(pending) = model.changes.next_job(batch) {
        let id = pending.job.study;
        effects.push(match pending.stage {
            Stage::Checking => read(model, id, Purpose::Check(id)),
            Stage::Sent | Stage::Rechecking => send(model, id, &pending.job.change, None),
        });
    }
    if let Some(over) = model.changes.take_over(batch) {
        let failed = over.failed;
        finish(model, over);
        access::moved(model, batch, failed);
    }
    effects
}

pub(super) fn send(model: &mut Model, id: StudyId, change: &Change, now: Option<&Study>) -> Effect {
    model.changes.set_stage(id, Stage::Sent);
    model.calls.start(Purpose::Change(id), change.call(id, now))
}

pub(super) fn read(model: &mut Model, id: StudyId, purpose: Purpose) -> Effect {
    let call = Call::GetStudy(GetStudy { study_id: id });
    model.calls.start(purpose, call)
}

/// What a batch did becomes one step of undo, and one line.
fn finish(model: &mut Model, batch: super::changes::Batch) {
    let (done, failed) = (batch.done.len(), batch.failed);
    let step = Step {
        label: batch.label.clone(),
        at: model.now,
        entries: batch.done,
    };
    let text = summary(&step, batch.kind, failed);
    if done > 0 {
        match batch.kind {
            Kind::Do => model.changes.history.push(step),
            Kind::Undo => model.changes.history.push_undone(turned(step)),
            Kind::Redo => model.changes.history.push_redone(step),
        }
    }
    if failed == 0 || done > 0 {
        model.inform(if failed == 0 { Tone::Good } else { Tone::Bad }, &text);
    } else {
        model.notice = None;
    }
}

/// An undo's own step, read the way of the step that it undid, so that redo does that again.
fn turned(mut step: Step) -> Step {
    for entry in &mut step.entries {
        if let Some(inverse) = entry.inverse.take() {
            entry.inverse = Some(std::mem::replace(&mut entry.done, inverse));
        }
    }
    step
}

fn summary(step: &Step, kind: Kind, failed: usize) -> String {
    let how = match kind {
        Kind::Do => "",
        Kind::Undo => "Undone: ",
        Kind::Redo => "Done again: ",
    };
    match (step.entries.as_slice(), failed) {
        ([entry], 0) => {
            let back = match (kind, &entry.inverse) {
                (Kind::Do | Kind::Redo, Some(_)) => "  (u undoes)",
                (Kind::Do | Kind::Redo, None) => "  (cannot be undone)",
                (Kind::Undo, _) => "  (U does it again)",
            };
            format!(
                "{how}{}: {}{back}",
                entry.done.done(),
                entry.description.trim()
            )
        }
        (entries, 0) => format!("{how}{}: all {} done", step.label, entries.len()),
        (entries, failed) => format!(
            "{how}{}: {} done, {failed} failed and still marked; R tries them again",
            step.label,
            entries.len()
        ),
    }
}

/// Notes the end of a job for the activity list, and keeps a failed study marked for another try.
pub(super) fn note(model: &mut Model, job: &Job, failure: Option<String>) {
    let text = match &failure {
        None => format!("{}: {}", job.change.done(), job.description.trim()),
        Some(failure) => format!(
            "Not done: {}: {}. {failure}",
            job.change.label(),
            job.description.trim()
        ),
    };
    model.changes.history.note(Event {
        at: model.now,
        about: About::Study(job.study),
        text: SafeText::clean(&text),
        failed: failure.is_some(),
    });
    if failure.is_none() {
        model.list.unmark(job.study);
    }
}

/// Tries every failed change again; one that may have been applied is looked up first.
pub(super) fn retry_failed(model: &mut Model) -> Vec<Effect> {
    let mut effects = access::retry_failed(model);
    let failed = model.changes.take_failed();
    if failed.is_empty() {
        let text = match effects.is_empty() {
            true => "Nothing has failed",
            false => "Trying again",
        };
        model.inform(Tone::Info, text);
        return effects;
    }
    let jobs: Vec<Job> = failed
        .into_iter()
        .filter(|failed| !model.is_busy(failed.job.study))
        .map(again)
        .collect();
    let label = match jobs.as_slice() {
        [first, rest @ ..] if rest.iter().all(|job| job.change == first.change) => {
            first.change.label()
        }
        _ => "trying again".into(),
    };
    model.inform(Tone::Info, &format!("Trying {} again", count(jobs.len())));
    effects.extend(begin(model, label, Kind::Do, jobs));
    effects
}

fn again(failed: Failed) -> Job {
    let mut job = failed.job;
    if job.before == Before::Nothing {
        job.before = Before::UnlessDone;
    }
    job
}

/// Opens the viewer: at once for one study, after a preview for several.
pub(super) fn open_targets(model: &mut Model) -> Vec<Effect> {
    match targets(model) {
        None => Vec::new(),
        Some(Targets::One(id)) => {
            model.to_open.push_back(id);
            open_next(model)
        }
        Some(Targets::Marked { shown, .. }) => {
            let title = format!("Open {} in the viewer", count(shown.len()));
            let lines = shown
                .iter()
                .take(NAMED)
                .filter_map(|id| model.list.store.find(*id))
                .map(|study| SafeText::clean(study.description()))
                .collect();
            let word = number_to_type(shown.len());
            let buttons = ("Open none", "Open all");
            open(model, &title, lines, buttons, word, Deed::Open(shown));
            Vec::new()
        }
    }
}

/// Asks for the next link, one at a time: each is used the moment it comes.
pub(super) fn open_next(model: &mut Model) -> Vec<Effect> {
    if model
        .calls
        .any(|purpose| matches!(purpose, Purpose::Link(_)))
    {
        return Vec::new();
    }
    let Some(id) = model.to_open.pop_front() else {
        return Vec::new();
    };
    model.inform(Tone::Info, "Asking for a viewer link");
    let request = RerouteUrl(StudySelector::from(id));
    vec![
        model
            .calls
            .start(Purpose::Link(id), Call::RerouteUrl(request)),
    ]
}
