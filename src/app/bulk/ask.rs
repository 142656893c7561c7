//! The questions before a change: which studies, how many, what they were, and what must be typed.

use crate::app::changes::{Job, Kind};
use crate::app::confirm::{Confirm, Deed};
use crate::app::line::LineEdit;
use crate::app::{Action, Change, Model, Overlay, Tone};
use crate::text::SafeText;
use crate::wire::{Severity, StudyId};

/// Studies that a preview names.
pub(super) const NAMED: usize = 5;
/// With more targets than this, their number must be typed.
const MANY: usize = 10;

pub(super) fn study_line(model: &Model, id: StudyId) -> Vec<SafeText> {
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
pub(super) fn ask_about_one(model: &mut Model, mut lines: Vec<SafeText>, job: Job) {
    let cancels = job.change == Change::Cancel;
    let is_stat = model
        .list
        .store
        .find(job.study)
        .is_some_and(|study| *study.severity() == Severity::Stat);
    lines.push(SafeText::clean(&match cancels {
        true => format!(
            "It leaves the open work; {} brings it back.",
            model.key(Action::UncancelStudy)
        ),
        false => "It returns to the open work.".to_owned(),
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
pub(super) fn preview(
    model: &mut Model,
    label: String,
    jobs: Vec<Job>,
    hidden: Vec<Job>,
    left_alone: usize,
) {
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
pub(in crate::app) fn open_count(studies: usize) -> String {
    match studies {
        1 => "1 open study".into(),
        many => format!("{many} open studies"),
    }
}

pub(super) fn count(studies: usize) -> String {
    match studies {
        1 => "1 study".into(),
        many => format!("{many} studies"),
    }
}

pub(in crate::app) fn number_to_type(targets: usize) -> Option<(String, LineEdit)> {
    (targets > MANY).then(|| (targets.to_string(), LineEdit::default()))
}

pub(in crate::app) fn preview_lines(model: &Model, jobs: &[Job], hidden: usize) -> Vec<SafeText> {
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

pub(in crate::app) fn open(
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
pub(in crate::app) fn include_hidden(model: &mut Model, deed: Deed) {
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
