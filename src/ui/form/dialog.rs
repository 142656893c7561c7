//! The questions of a form.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::widget::form::dialog::Dialog;
use crate::app::widget::geometry::QUESTION_WIDTH;
use crate::ui::paint;
use crate::ui::theme::Theme;

/// Draws a question over the form.
pub(super) fn draw(dialog: &Dialog, theme: Theme, body: Rect, buffer: &mut Buffer) {
    let Some(layout) = dialog.layout(body, false) else {
        return;
    };
    let buttons = dialog.buttons();
    let rows = if layout.is_one_row { 1 } else { buttons.len() };
    let height = (layout.lines.len() + rows + 3) as u16;
    let area = paint::centered(body, QUESTION_WIDTH, height, theme);
    let inside = paint::frame(buffer, area, &layout.title, theme);
    for (line, y) in layout.lines.iter().zip(inside.top()..inside.bottom()) {
        let at = (inside.x + 1, y);
        let columns = inside.width.saturating_sub(2);
        paint::text(buffer, at, columns, line, theme.base());
    }
    let mut row = Rect {
        y: inside.bottom().saturating_sub(rows as u16),
        height: 1,
        ..inside
    };
    for (i, button) in buttons.iter().enumerate() {
        let (marker, style) = if i == dialog.focus {
            (" > ", theme.selected())
        } else {
            ("   ", theme.base())
        };
        let label = format!("[{}]", button.label);
        let key = format!(" {}", button.key);
        let pieces = [
            (marker, theme.key()),
            (label.as_str(), style),
            (key.as_str(), theme.dim()),
        ];
        let x = paint::pieces(buffer, row, &pieces);
        if layout.is_one_row {
            row.width = row.right().saturating_sub(x);
            row.x = x;
        } else {
            row.y += 1;
        }
    }
}

/// Draws a question in lines, with a button on each of the last. Returns where the chosen one is.
pub(super) fn draw_lines(
    dialog: &Dialog,
    theme: Theme,
    body: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let layout = dialog.layout(body, true)?;
    let inside = paint::frame(buffer, body, &layout.title, theme);
    let (buttons, lines) = (dialog.buttons(), &layout.lines);
    let mut rows = (inside.top()..inside.bottom()).map(|y| Rect {
        y,
        height: 1,
        ..inside
    });
    for (line, row) in lines.iter().zip(rows.by_ref()) {
        paint::pieces(buffer, row, &[(line.trim_start(), theme.base())]);
    }
    let mut cursor = None;
    for (number, (button, row)) in buttons.iter().zip(rows).enumerate() {
        let is_focused = number == dialog.focus;
        let style = if is_focused {
            theme.selected()
        } else {
            theme.base()
        };
        let words = format!("{}, button, {}", button.label, button.key);
        paint::pieces(buffer, row, &[(&words, style)]);
        cursor = cursor.or(is_focused.then(|| row.as_position()));
    }
    cursor
}
