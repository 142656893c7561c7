//! A form: labels, values, what is wrong beside them, and the questions over it.

mod dialog;
mod plain;
mod sheet;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::Form;
use crate::app::Tone;
use crate::app::widget::form::field::FieldKind;
use crate::app::widget::form::{FormStage, Task};
use crate::text;

use super::footer::PRESS_AGAIN;
use super::paint;
use super::theme::Theme;
use sheet::Sheet;

const WIDTH: u16 = 100;

/// Draws a form. Returns where its text cursor is.
pub fn draw(form: &Form, theme: Theme, body: Rect, buffer: &mut Buffer) -> Option<Position> {
    let mut sheet = Sheet::new(theme);
    let width = body.width.min(WIDTH);
    sheet.lay_out(form, width.saturating_sub(2));
    let foot = foot(form, usize::from(width.saturating_sub(3)));
    let foot_height = foot.len() as u16 + 1;
    let wanted = (sheet.lines.len() as u16).saturating_add(foot_height + 2);
    let area = paint::centered(body, width, wanted.max(8), theme);
    let inside = paint::frame(buffer, area, &form.title, theme);
    let foot_height = foot_height.min(inside.height);
    let fields = Rect {
        height: inside.height - foot_height,
        ..inside
    };
    let cursor = sheet.draw(fields, buffer);
    let below = Rect {
        y: fields.bottom(),
        height: foot_height,
        ..inside
    };
    let button = draw_foot(form, &foot, theme, below, buffer);
    if let Some(dialog) = form.asking() {
        if theme.is_plain {
            return dialog::draw_lines(dialog, theme, body, buffer);
        }
        dialog::draw(dialog, theme, body, buffer);
        return None;
    }
    let cursor = cursor.or(button.filter(|_| theme.is_plain && form.focused().is_none()));
    cursor.filter(|_| form.stage == FormStage::Editing)
}

/// The keys that matter where the focus is.
pub fn hints(form: &Form, now: i64) -> &'static [(&'static str, &'static str)] {
    if let Some(dialog) = form.asking() {
        if dialog.gate.ignores_keys(now) {
            return &[("...", "")];
        }
        if dialog.gate.has_rejected() {
            return PRESS_AGAIN;
        }
        if dialog.asks_to_leave() {
            return &[
                ("Left Right", "choose"),
                ("Enter", "press"),
                ("Esc", "back"),
                ("Ctrl-c", "leave"),
            ];
        }
        return &[
            ("Left Right", "choose"),
            ("Enter", "press"),
            ("Esc", "back"),
        ];
    }
    match (form.stage, form.focused().map(|field| &field.kind)) {
        (FormStage::Unread, _) => &[("Enter", "try again"), ("Esc", "leave")],
        (FormStage::Editing, Some(FieldKind::Pick(pick))) if pick.is_open => &[
            ("type", "to narrow"),
            ("Up Down", "move"),
            ("Enter", "select"),
            ("Esc", "close the list"),
        ],
        (FormStage::Editing, Some(FieldKind::Pick(_))) => &[
            ("type", "a name"),
            ("Space", "list"),
            ("Tab", "next"),
            ("Ctrl-s", "save"),
            ("Esc", "leave"),
        ],
        (FormStage::Editing, Some(FieldKind::Select(_) | FieldKind::Toggle(_))) => &[
            ("Left Right", "choose"),
            ("Tab", "next"),
            ("Ctrl-s", "save"),
            ("Esc", "leave"),
        ],
        (FormStage::Editing, Some(FieldKind::Grid(_))) => &[
            ("Tab", "next"),
            ("Ctrl-x", "remove the field"),
            ("Ctrl-s", "save"),
            ("Esc", "leave"),
        ],
        (FormStage::Editing, Some(_)) => &[("Tab", "next"), ("Ctrl-s", "save"), ("Esc", "leave")],
        (FormStage::Editing, None) => &[("Enter", "save"), ("Shift-Tab", "back"), ("Esc", "leave")],
        _ => &[("Esc", "leave")],
    }
}

/// What happens or went wrong, above the button.
fn foot(form: &Form, width: usize) -> Vec<(String, Tone)> {
    let (said, tone) = match (&form.message, form.stage) {
        (Some(message), _) => (message.text.to_string(), message.tone),
        (None, FormStage::Checking) => ("Checking the server first".into(), Tone::Info),
        (None, FormStage::Sending) => ("Waiting for the server".into(), Tone::Info),
        (None, FormStage::Rechecking) => ("Checking whether it was done".into(), Tone::Info),
        (None, FormStage::Reading | FormStage::Unread | FormStage::Editing) => return Vec::new(),
    };
    text::wrap(&text::clean(&said), width.max(1))
        .into_iter()
        .take(3)
        .map(|line| (line, tone))
        .collect()
}

/// Draws what happened and the button. Returns where that is.
fn draw_foot(
    form: &Form,
    foot: &[(String, Tone)],
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    for (y, (line, tone)) in (area.top()..area.bottom()).zip(foot) {
        let row = Rect {
            x: area.x + u16::from(!theme.is_plain),
            y,
            width: area.width.saturating_sub(1),
            height: 1,
        };
        paint::pieces(buffer, row, &[(line, theme.tone(*tone))]);
    }
    if form.fields.is_empty() || area.height == 0 {
        return None;
    }
    let row = Rect {
        y: area.bottom() - 1,
        height: 1,
        ..area
    };
    let (marker, style) = match form.focused() {
        None if form.asking().is_none() => (" > ", theme.selected()),
        _ => ("   ", theme.base()),
    };
    let label = match form.task {
        Task::Invite(_) => "[Invite]",
        Task::CreateStudy | Task::Edit { .. } => "[Save]",
    };
    if theme.is_plain {
        let words = format!("{}, button", label.trim_matches(['[', ']']));
        paint::pieces(buffer, row, &[(&words, style)]);
        return Some(row.as_position());
    }
    paint::pieces(buffer, row, &[(marker, theme.key()), (label, style)]);
    Some(row.as_position())
}
