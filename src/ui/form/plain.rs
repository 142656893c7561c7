//! The lines of a form where the screen is read: a label, a colon and the value, without marks.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::widget::form::field::Select;
use crate::app::widget::form::grid::GridColumn;
use crate::app::{LineEdit, Tone};
use crate::text;
use crate::ui::paint;
use crate::ui::theme::Theme;

use super::sheet::{Line, Value, draw_line_edit};

/// Draws a line. Returns where the cursor is if the focus is on it.
pub(super) fn draw_line(
    line: &Line<'_>,
    theme: Theme,
    row: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    match line {
        Line::Value {
            focused,
            label,
            value,
            ..
        } => {
            let rest = after(buffer, row, &format!("{label}: "), theme);
            let shown = match value {
                Value::Edit(line) => return draw_edit(line, *focused, theme, rest, buffer),
                Value::Options(select) => options(select),
                Value::Plain(text) | Value::Fixed(text) => text.replace("  (", " ("),
            };
            paint::pieces(buffer, rest, &[(&shown, theme.base())]);
            focused.then(|| row.as_position())
        }
        Line::Pair {
            focused,
            key,
            value,
            ..
        } => draw_pair(*focused, (key, value), theme, row, buffer),
        Line::Item {
            chosen,
            label,
            note,
        } => {
            let parts = [*label, *note].into_iter().filter(|part| !part.is_empty());
            let words = parts.collect::<Vec<_>>().join(", ");
            let (mark, style) = if *chosen {
                ("Selected: ", theme.selected())
            } else {
                ("", theme.base())
            };
            paint::pieces(buffer, row, &[(mark, style), (&words, style)]);
            None
        }
        Line::Note(text, style) => {
            paint::pieces(buffer, row, &[(text, *style)]);
            None
        }
        Line::Wrong(problem) => {
            let style = theme.tone(Tone::Bad);
            paint::pieces(buffer, row, &[("Wrong: ", style), (problem, style)]);
            None
        }
    }
}

/// Draws what stands before a value. Returns what is left of the row.
fn after(buffer: &mut Buffer, row: Rect, words: &str, theme: Theme) -> Rect {
    let x = paint::pieces(buffer, row, &[(words, theme.key())]);
    Rect {
        x,
        width: row.right().saturating_sub(x),
        ..row
    }
}

fn draw_edit(
    line: &LineEdit,
    focused: bool,
    theme: Theme,
    row: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    draw_line_edit(line, focused, theme.base(), row, buffer)
}

fn draw_pair(
    focused: Option<GridColumn>,
    (key, value): (&LineEdit, &LineEdit),
    theme: Theme,
    row: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    if focused.is_none() && key.text().is_empty() && value.text().is_empty() {
        paint::pieces(buffer, row, &[("Add field", theme.base())]);
        return None;
    }
    let rest = after(buffer, row, "Key: ", theme);
    // The cursor may stand behind the last character.
    let width = text::width(&text::clean(key.text())) as u16 + 1;
    let keys = Rect {
        width: width.min(rest.width),
        ..rest
    };
    let at_key = draw_edit(key, focused == Some(GridColumn::Key), theme, keys, buffer);
    let rest = Rect {
        x: keys.right(),
        width: rest.right().saturating_sub(keys.right()),
        ..rest
    };
    let rest = after(buffer, rest, "value: ", theme);
    let at_value = draw_edit(
        value,
        focused == Some(GridColumn::Value),
        theme,
        rest,
        buffer,
    );
    match focused? {
        GridColumn::Key => at_key,
        GridColumn::Value => at_value,
    }
}

/// The option in force, and all that there are.
fn options(select: &Select) -> String {
    let here = select.options.get(select.at).map_or("", String::as_str);
    let mut words = format!("{here}, one of {}", select.options.join(", "));
    if let Some((value, why)) = select.barred {
        words.push_str(&format!("; {value} {why}"));
    }
    words
}
