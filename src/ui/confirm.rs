//! A question and its two buttons.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::Confirm;
use crate::text;

use super::paint;
use super::theme::Theme;

/// Draws the question; answers where the cursor is while a word has to be typed.
pub fn draw(
    confirm: &Confirm,
    now: i64,
    theme: Theme,
    body: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let height = confirm.lines.len() as u16 + if confirm.word.is_some() { 6 } else { 5 };
    let area = paint::centered(body, 72, height, theme);
    let inside = paint::frame(buffer, area, &confirm.title, theme);
    let mut y = inside.y;
    for line in &confirm.lines {
        if y + 2 < inside.bottom() {
            paint::text(
                buffer,
                (inside.x + 1, y),
                inside.width.saturating_sub(2),
                line,
                theme.plain(),
            );
            y += 1;
        }
    }
    let cursor = confirm.word.as_ref().and_then(|(word, line)| {
        let row = Rect {
            x: inside.x + 1,
            y: inside.bottom().saturating_sub(3),
            width: inside.width.saturating_sub(2),
            height: 1,
        };
        if row.y < inside.y {
            return None;
        }
        let ask = format!("Type {word} to go on: ");
        let x = paint::pieces(
            buffer,
            row,
            &[(&ask, theme.plain()), (line.text(), theme.strong())],
        );
        let before: String = line.text().chars().take(line.cursor()).collect();
        let start = x.saturating_sub(text::width(&text::clean(line.text())) as u16);
        Some(Position::new(
            start + text::width(&text::clean(&before)) as u16,
            row.y,
        ))
    });
    draw_buttons(confirm, now, theme, inside, buffer);
    cursor
}

fn draw_buttons(confirm: &Confirm, now: i64, theme: Theme, inside: Rect, buffer: &mut Buffer) {
    let row = Rect {
        x: inside.x + 1,
        y: inside.bottom().saturating_sub(1),
        width: inside.width.saturating_sub(2),
        height: 1,
    };
    if row.y < inside.y || inside.is_empty() {
        return;
    }
    let safe = format!("[ {} ]", confirm.safe);
    let act = format!("[ {} ]", confirm.act);
    let style = |focused: bool, live: bool| match (focused, live) {
        (true, true) => theme.selected(),
        (false, true) => theme.plain(),
        (_, false) => theme.dim(),
    };
    let listens = !confirm.is_deaf(now);
    paint::pieces(
        buffer,
        row,
        &[
            (&safe, style(!confirm.on_act, listens)),
            ("   ", theme.plain()),
            (&act, style(confirm.on_act, listens && confirm.is_ready())),
        ],
    );
}
