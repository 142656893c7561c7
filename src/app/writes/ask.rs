//! The questions before a change: which studies, how many, what they were, and what must be typed.

use crate::app::action::Action;
use crate::app::edit::change::Change;
use crate::app::edit::job::{BatchKind, Job};
use crate::app::edit::shown::Shown;
use crate::app::kernel::Kernel;
use crate::app::kernel::layers::Overlay;
use crate::app::widget::confirm::{Confirm, ConfirmedAction, Lines};
use crate::app::widget::line::LineEdit;
use crate::app::widget::notice::Tone;
use crate::app::writes::Writes;
use crate::text;
use crate::text::SafeText;
use crate::wire::{Severity, StudyViewerStatus};

/// Studies that a preview names.
pub(in crate::app) const NAMED: usize = 5;

/// Columns of a description or a UID that a question shows: no text of a server can make it too long to
/// be answered.
const DESCRIBED: usize = 120;

/// With more targets than this, their number must be typed.
const MANY: usize = 10;

/// Cancelling hides a study from everyone's work: the study is named twice, and a STAT asks for a word.
pub(in crate::app) fn ask_about_one(kernel: &mut Kernel, shown: &Shown, job: Job) {
    let cancels = job.change == Change::Cancel;
    let is_stat = shown.severity == Severity::Stat;
    let severity = shown.severity.as_str().to_uppercase();
    let is_complete = shown.status == StudyViewerStatus::Complete;
    let restores = kernel.key(Action::UncancelStudy);
    let effect = match (cancels, is_complete) {
        (true, false) => format!("It is removed from the worklist; {restores} restores it."),
        (true, true) => format!(
            "It is already complete. It leaves the complete studies; {restores} restores it."
        ),
        (false, false) => "It returns to the worklist.".to_owned(),
        (false, true) => "It is complete, so it returns to the complete studies.".to_owned(),
    };
    let lines = [
        format!(
            "{severity} {}",
            text::clip(shown.description.trim(), DESCRIBED)
        ),
        format!("UID {}", text::clip(&text::clean(&shown.uid), DESCRIBED)),
        effect,
    ];
    let lines = Lines::decisive(lines.iter().map(|line| SafeText::clean(line)));
    let word = (cancels && is_stat).then(|| ("cancel".to_owned(), LineEdit::default()));
    let (title, safe, act) = if cancels {
        ("Cancel this study?", "Keep study", "Cancel study")
    } else {
        ("Restore this study?", "Keep it cancelled", "Restore study")
    };
    open(
        kernel,
        title,
        lines,
        (safe, act),
        word,
        ConfirmedAction::Change {
            label: job.change.label(),
            kind: BatchKind::Do,
            jobs: vec![job],
            hidden: Vec::new(),
        },
    );
}

/// Asks before several studies change: how many, which, how many of them STAT, and who is left out.
pub(in crate::app) fn preview(
    writes: &mut Writes,
    kernel: &mut Kernel,
    label: String,
    jobs: Vec<Job>,
    hidden: Vec<Job>,
    left_alone: usize,
) {
    if jobs.is_empty() && hidden.is_empty() {
        let text = format!("No change needed for the marked studies: {label}");
        kernel.inform(Tone::Info, &text);
        return;
    }
    let kind = BatchKind::Do;
    let title = format!("{label}: {}", count(jobs.len()));
    let mut lines = preview_lines(kernel, &jobs, hidden.len());
    if left_alone > 0 {
        lines.add(&format!(
            "{left_alone} more: no change needed or being saved"
        ));
    }
    let word = number_to_type(jobs.len()).or_else(|| word_for_stat(writes, kernel, &jobs));
    open(
        kernel,
        &title,
        lines,
        ("Back", "Change all"),
        word,
        ConfirmedAction::Change {
            label,
            kind,
            jobs,
            hidden,
        },
    );
}

/// A STAT study is cancelled for a word alone: marked or not, and when it is done again.
pub(in crate::app) fn word_for_stat(
    writes: &Writes,
    kernel: &Kernel,
    jobs: &[Job],
) -> Option<(String, LineEdit)> {
    let is_stat = |job: &Job| {
        let shown = writes.shown(kernel, job.study);
        shown.is_some_and(|shown| shown.severity == Severity::Stat)
    };
    let asks = jobs
        .iter()
        .any(|job| job.change == Change::Cancel && is_stat(job));
    asks.then(|| ("cancel".to_owned(), LineEdit::default()))
}

/// "1 open study", "5 open studies".
pub(in crate::app) fn open_count(studies: usize) -> String {
    match studies {
        1 => "1 open study".into(),
        many => format!("{many} open studies"),
    }
}

pub(in crate::app) fn count(studies: usize) -> String {
    match studies {
        1 => "1 study".into(),
        many => format!("{many} studies"),
    }
}

pub(in crate::app) fn number_to_type(targets: usize) -> Option<(String, LineEdit)> {
    (targets > MANY).then(|| (targets.to_string(), LineEdit::default()))
}

/// The lines of a preview: some of the studies by name, as many as there is room for, and what must be
/// read before an answer.
pub(in crate::app) fn preview_lines(kernel: &Kernel, jobs: &[Job], hidden: usize) -> Lines {
    let store = &kernel.data.studies.store;
    // What matters most is named first.
    let mut order: Vec<&Job> = jobs.iter().collect();
    order.sort_by_key(|job| {
        store
            .find(job.study)
            .is_none_or(|study| *study.severity() != Severity::Stat)
    });
    let named = order.into_iter().take(NAMED).map(|job| {
        let severity = store
            .find(job.study)
            .map(|study| study.severity().as_str().to_uppercase())
            .unwrap_or_default();
        // A study that is cancelled was not cancelled, and the other way round.
        let from = match &job.base {
            Change::Cancel | Change::Uncancel => String::new(),
            base => format!("  (from {})", base.value()),
        };
        let line = format!("{severity:<6} {}{from}", job.description.trim());
        vec![SafeText::clean(&line)]
    });
    let mut lines = Lines::naming(named, jobs.len());
    let stat = jobs
        .iter()
        .filter_map(|job| store.find(job.study))
        .filter(|study| *study.severity() == Severity::Stat)
        .count();
    if stat > 0 {
        lines.add(&format!("{stat} of them STAT"));
    }
    if hidden > 0 {
        lines.add(&format!(
            "{hidden} marked but hidden by the filter: not included; h includes them"
        ));
    }
    lines
}

pub(in crate::app) fn open(
    kernel: &mut Kernel,
    title: &str,
    lines: Lines,
    buttons: (&'static str, &'static str),
    word: Option<(String, LineEdit)>,
    action: ConfirmedAction,
) {
    let confirm = Confirm::new(title, lines, buttons, word, action);
    kernel.layers.overlay = Some(Overlay::Confirm(Box::new(confirm)));
}

/// Adds the hidden studies and asks again, with the new number.
pub(in crate::app) fn include_hidden(
    writes: &mut Writes,
    kernel: &mut Kernel,
    action: ConfirmedAction,
) {
    if let ConfirmedAction::Change {
        label,
        mut jobs,
        hidden,
        ..
    } = action
    {
        jobs.extend(hidden);
        preview(writes, kernel, label, jobs, Vec::new(), 0);
    }
}
