//! The questions of a form.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::form::{Conflict, Dialog, Difference, Question, told_apart};
use crate::text;
use crate::ui::paint;
use crate::ui::theme::Theme;

/// Draws a question over the form.
pub(super) fn draw(dialog: &Dialog, theme: Theme, body: Rect, buffer: &mut Buffer) {
    let width = body.width.min(76);
    let room = usize::from(width.saturating_sub(4)).max(1);
    let (title, lines) = words(dialog, room, " -> ");
    let height = (lines.len() as u16).saturating_add(4);
    let area = paint::centered(body, width, height, theme);
    let inside = paint::frame(buffer, area, &title, theme);
    let shown = inside.height.saturating_sub(2);
    let lines = fitting(lines, usize::from(shown));
    for (i, line) in lines.iter().enumerate() {
        let at = (inside.x + 1, inside.y + i as u16);
        paint::text(
            buffer,
            at,
            inside.width.saturating_sub(2),
            line,
            theme.plain(),
        );
    }
    if inside.height == 0 {
        return;
    }
    let mut row = Rect {
        y: inside.bottom() - 1,
        height: 1,
        ..inside
    };
    for (i, button) in dialog.buttons().iter().enumerate() {
        let (marker, style) = match i == dialog.focus {
            true => (" > ", theme.selected()),
            false => ("   ", theme.plain()),
        };
        let label = format!("[{}]", button.label);
        let key = format!(" {}", button.key);
        let pieces = [
            (marker, theme.key()),
            (label.as_str(), style),
            (key.as_str(), theme.dim()),
        ];
        let x = paint::pieces(buffer, row, &pieces);
        row = Rect {
            x,
            width: row.right().saturating_sub(x),
            ..row
        };
    }
}

/// Draws a question in lines, a button on each of the last; answers where the chosen one is.
pub(super) fn draw_lines(
    dialog: &Dialog,
    theme: Theme,
    body: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let (title, lines) = words(dialog, usize::from(body.width).max(1), " becomes ");
    let inside = paint::frame(buffer, body, &title, theme);
    let buttons = dialog.buttons();
    let room = usize::from(inside.height).saturating_sub(buttons.len());
    let lines = fitting(lines, room);
    let mut rows = (inside.top()..inside.bottom()).map(|y| Rect {
        y,
        height: 1,
        ..inside
    });
    for (line, row) in lines.iter().zip(rows.by_ref()) {
        paint::pieces(buffer, row, &[(line.trim_start(), theme.plain())]);
    }
    let mut cursor = None;
    for (number, (button, row)) in buttons.iter().zip(rows).enumerate() {
        let is_focused = number == dialog.focus;
        let style = match is_focused {
            true => theme.selected(),
            false => theme.plain(),
        };
        let words = format!("{}, button, {}", button.label, button.key);
        paint::pieces(buffer, row, &[(&words, style)]);
        cursor = cursor.or(is_focused.then(|| row.as_position()));
    }
    cursor
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
            "Leave before the server answered?".into(),
            wrapped("What was sent is not taken back. You will be told what came of it."),
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
            let state = match study.is_cancelled {
                true => "cancelled",
                false => study.study_viewer_status.as_str(),
            };
            let lines = [
                format!("{} ({}, {state})", study.study_description, study.severity),
                format!("UID {}", study.study_instance_uid.as_str()),
                "Opening it drops what you typed here.".into(),
            ];
            (
                "A study with this UID exists".into(),
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

fn conflict_words(conflict: &Conflict, width: usize) -> (String, Vec<String>) {
    let Some(unit) = conflict.open.first() else {
        return (String::new(), Vec::new());
    };
    let at = conflict.total - conflict.open.len() + 1;
    let title = match conflict.total {
        1 => "Someone else changed it meanwhile".into(),
        total => format!("Someone else changed it meanwhile, {at} of {total}"),
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
