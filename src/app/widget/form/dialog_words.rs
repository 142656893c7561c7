//! What the questions of a form say, and what of it fits on a screen.

use crate::app::edit::draft::{Difference, told_apart};
use crate::app::widget::form::dialog::{Dialog, EditConflict, Question};
use crate::app::widget::geometry;
use crate::text;
use ratatui::layout::Rect;

/// A question as it fits into a box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialogLayout {
    pub title: String,
    pub lines: Vec<String>,
    /// The buttons stand side by side.
    pub is_one_row: bool,
}

/// Of a review at least so many lines are read; the others are counted.
const REVIEWED: usize = 3;

impl Dialog {
    /// Lays the question out over the body. Returns `None` where what decides does not fit: then it must
    /// not be answered.
    pub fn layout(&self, body: Rect, is_plain: bool) -> Option<DialogLayout> {
        let (columns, rows) = geometry::question_room(body, is_plain);
        let becomes = if is_plain { " becomes " } else { " -> " };
        let (title, lines) = words(self, columns.max(1), becomes);
        let buttons = self.buttons();
        let widths = buttons.iter().map(|button| text::width(button.label) + 7);
        let is_one_row = !is_plain && widths.clone().sum::<usize>() <= columns;
        if widths.max().unwrap_or(0) > columns {
            return None;
        }
        let rows = rows.checked_sub(if is_one_row { 1 } else { buttons.len() })?;
        let least = match self.question {
            Question::Review(_) => lines.len().min(REVIEWED),
            _ => lines.len(),
        };
        (rows >= least).then(|| DialogLayout {
            title,
            lines: fitting(lines, rows),
            is_one_row,
        })
    }
}

/// The lines that there is room for; what is left out is counted.
fn fitting(mut lines: Vec<String>, room: usize) -> Vec<String> {
    if lines.len() > room && room > 0 {
        let left_out = lines.len() - room + 1;
        lines.truncate(room - 1);
        lines.push(format!("... and {left_out} more lines"));
    }
    lines.truncate(room);
    lines
}

/// The title and the text of a question.
fn words(dialog: &Dialog, width: usize, becomes: &str) -> (String, Vec<String>) {
    let wrapped = |line: &str| text::wrap(&text::clean(line), width);
    match &dialog.question {
        Question::Leave => (
            "Leave the form?".into(),
            wrapped("What you typed has not been saved."),
        ),
        Question::LeaveUnanswered => (
            "Leave before the server answers?".into(),
            wrapped("What was sent is not undone. You will be told the result."),
        ),
        Question::Review(differences) => {
            let lines = differences
                .iter()
                .flat_map(|difference| {
                    let mut lines = difference_lines(difference, width, becomes);
                    if !difference.brings.is_empty() {
                        lines.extend(wrapped(difference.brings));
                    }
                    lines
                })
                .collect();
            ("Save these changes?".into(), lines)
        }
        Question::Exists(study) => {
            let state = if study.is_cancelled {
                "cancelled"
            } else {
                study.study_viewer_status.as_str()
            };
            let lines = [
                format!("{} ({}, {state})", study.study_description, study.severity),
                format!("UID {}", study.study_instance_uid.as_str()),
                "Opening it discards what you typed here.".into(),
            ];
            (
                "A study with this UID already exists".into(),
                lines.iter().flat_map(|line| wrapped(line)).collect(),
            )
        }
        Question::Conflict(conflict) => conflict_words(conflict, width),
        Question::Invite(lines) => (
            "Send a real e-mail?".into(),
            lines.iter().flat_map(|line| wrapped(line)).collect(),
        ),
    }
}

/// In one line if both values fit, else a line for each, from where they begin to differ.
fn difference_lines(difference: &Difference, width: usize, becomes: &str) -> Vec<String> {
    let (before, after) = (&difference.before, &difference.after);
    let line = format!("{}: {before}{becomes}{after}", difference.label);
    let line = text::clean(&line);
    if text::width(&line) <= width {
        return vec![line.into_owned()];
    }
    let parts = told_apart(&[before, after], width / 2);
    let lines = [
        format!("{}:", difference.label),
        format!("  before  {}", parts[0]),
        format!("  after   {}", parts[1]),
    ];
    clipped(&lines, width)
}

fn clipped(lines: &[String], width: usize) -> Vec<String> {
    let clip = |line: &String| text::clip(&text::clean(line), width).into_owned();
    lines.iter().map(clip).collect()
}

fn conflict_words(conflict: &EditConflict, width: usize) -> (String, Vec<String>) {
    let Some(unit) = conflict.open.first() else {
        return (String::new(), Vec::new());
    };
    let at = conflict.total - conflict.open.len() + 1;
    let title = match conflict.total {
        1 => "Someone else has changed it".into(),
        total => format!("Someone else has changed it, {at} of {total}"),
    };
    let theirs = conflict.theirs.draft();
    let values = [&conflict.base, &theirs, &conflict.mine].map(|draft| draft.show(unit));
    let parts = told_apart(&values.each_ref().map(String::as_str), width / 2);
    let lines = [
        format!(
            "The {} of this {}:",
            unit.label(),
            conflict.theirs.subject().noun()
        ),
        format!("  before  {}", parts[0]),
        format!("  theirs  {}", parts[1]),
        format!("  mine    {}", parts[2]),
    ];
    (title, clipped(&lines, width))
}
