//! A question and its two buttons.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::Confirm;
use crate::app::widget::geometry::{QUESTION_WIDTH, question_room};
use crate::text;

use super::paint;
use super::theme::Theme;

/// Draws the question. Returns where the cursor is while a word has to be typed.
pub fn draw(
    confirm: &Confirm,
    now: i64,
    theme: Theme,
    body: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let (columns, rows) = question_room(body, false);
    let layout = confirm.layout(columns, rows)?;
    let asked = u16::from(confirm.word.is_some());
    let button_rows = if layout.is_one_row { 1 } else { 2 };
    // Air above the word and above the buttons, where there is room for it.
    let height = layout.lines.len() as u16 + 2 * asked + button_rows + 3;
    let area = paint::centered(body, QUESTION_WIDTH, height, theme);
    let inside = paint::frame(buffer, area, &confirm.title, theme);
    let row = |y: u16| Rect {
        x: inside.x + 1,
        y,
        width: inside.width.saturating_sub(2),
        height: 1,
    };
    for (line, y) in layout.lines.iter().zip(inside.top()..) {
        let at = row(y);
        paint::text(buffer, (at.x, at.y), at.width, line, theme.base());
    }
    let buttons = inside.bottom().saturating_sub(button_rows);
    let cursor = confirm.word.as_ref().map(|(word, line)| {
        let after = inside.y + layout.lines.len() as u16;
        let at = row(buttons
            .saturating_sub(2)
            .max(after)
            .min(buttons.saturating_sub(1)));
        let ask = format!("Type {word} to confirm: ");
        let pieces = [(ask.as_str(), theme.base()), (line.text(), theme.strong())];
        paint::pieces(buffer, at, &pieces);
        let before: String = line.text().chars().take(line.cursor()).collect();
        let x = text::width(&ask) + text::width(&text::clean(&before));
        Position::new(at.x + x as u16, at.y)
    });
    let rows = if layout.is_one_row {
        [row(buttons), row(buttons)]
    } else {
        [row(buttons), row(buttons + 1)]
    };
    draw_buttons(confirm, now, theme, rows, buffer);
    cursor
}

fn draw_buttons(
    confirm: &Confirm,
    now: i64,
    theme: Theme,
    [first, second]: [Rect; 2],
    buffer: &mut Buffer,
) {
    let style = |focused: bool, live: bool| match (focused, live) {
        (true, true) => theme.selected(),
        (false, true) => theme.base(),
        (_, false) => theme.dim(),
    };
    let listens = !confirm.ignores_keys(now);
    let safe = format!("[ {} ]", confirm.safe);
    let act = format!("[ {} ]", confirm.act);
    let x = paint::pieces(buffer, first, &[(&safe, style(!confirm.on_act, listens))]);
    let second = if second == first {
        Rect {
            x: x + 3,
            width: first.right().saturating_sub(x + 3),
            ..first
        }
    } else {
        second
    };
    let act_style = style(confirm.on_act, listens && confirm.is_ready());
    paint::pieces(buffer, second, &[(&act, act_style)]);
}
