//! What lies over the panes: pickers, the link to copy, and the keys after a prefix.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::{Clear, Widget};

use crate::app::widget::geometry::{QUESTION_WIDTH, picker_rows, question_room};
use crate::app::{Model, Overlay, Picker, Refusal, Tone};
use crate::input::show_sequence;
use crate::text;

use super::theme::Theme;
use super::{paint, prompt};

/// Draws the overlay. Returns where its text cursor is.
pub fn draw(model: &Model, theme: Theme, body: Rect, buffer: &mut Buffer) -> Option<Position> {
    match &model.kernel.layers.overlay {
        Some(Overlay::Picker(picker)) if theme.is_plain => {
            super::plain::draw_picker(picker, theme, body, buffer)
        }
        Some(Overlay::Confirm(confirm)) if theme.is_plain => {
            super::plain::draw_confirm(confirm, theme, body, buffer)
        }
        Some(Overlay::Picker(picker)) => draw_picker(picker, theme, body, buffer),
        Some(Overlay::Confirm(confirm)) => {
            super::confirm::draw(confirm, model.kernel.now, theme, body, buffer)
        }
        Some(Overlay::Form(form)) => super::form::draw(form, theme, body, buffer),
        Some(Overlay::Refused(refusal)) => {
            draw_refusal(refusal, theme, body, buffer);
            None
        }
        Some(Overlay::Link(link)) => {
            draw_link(&link.url, theme, body, buffer);
            None
        }
        Some(Overlay::SaveView(save)) => prompt::draw_save(model, save, theme, body, buffer),
        Some(Overlay::Filter(filter_box)) => {
            if let Some(completion) = &filter_box.completion {
                prompt::draw_candidates(completion, theme, body, buffer);
            }
            None
        }
        Some(Overlay::RosterFilter(_)) => None,
        None => {
            draw_prefix(model, theme, body, buffer);
            None
        }
    }
}

fn draw_picker(picker: &Picker, theme: Theme, body: Rect, buffer: &mut Buffer) -> Option<Position> {
    // As tall as the whole list, so that the box stands still while typing narrows it.
    let more = picker.more_lines() as u16;
    let height = (picker.len().clamp(3, 15) + 3) as u16 + more;
    let area = paint::centered(body, 76, height, theme);
    let inside = paint::frame(buffer, area, &picker.title, theme);
    if inside.height < 2 {
        return None;
    }
    let line = Rect {
        height: 1,
        ..inside
    };
    let x = paint::pieces(buffer, line, &[(" > ", theme.key())]);
    let typed = picker.line.text();
    let room = line.right().saturating_sub(x);
    let before: String = typed.chars().take(picker.line.cursor()).collect();
    let cursor = text::width(&text::clean(&before)) as u16;
    paint::text(buffer, (x, line.y), room, typed, theme.strong());
    let list = Rect {
        y: inside.y + 1,
        height: picker_rows(body, picker, false) as u16,
        ..inside
    };
    if let Some(item) = picker.current().filter(|_| list.height > 0) {
        let width = inside.width.saturating_sub(1);
        for (y, line) in (list.bottom()..inside.bottom()).zip(&item.more) {
            paint::text(buffer, (inside.x + 1, y), width, line, theme.dim());
        }
    }
    draw_items(picker, theme, list, buffer);
    Some(Position::new(
        x + cursor.min(room.saturating_sub(1)),
        line.y,
    ))
}

fn draw_items(picker: &Picker, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let height = usize::from(area.height);
    if picker.shown().len() == 0 {
        paint::text(
            buffer,
            (area.x + 3, area.y),
            area.width.saturating_sub(3),
            &picker.empty,
            theme.dim(),
        );
        return;
    }
    // Names come before notes: what tells two apart is not cut for what is only good to know.
    let room = area.width.saturating_sub(3 + 2);
    let note = note_width(picker).min(room.saturating_sub(label_width(picker)));
    let note = if note < LEAST_NOTE { 0 } else { note };
    let top = picker.top(height);
    for (i, item) in picker.shown().skip(top).take(height).enumerate() {
        let row = Rect {
            y: area.y + i as u16,
            height: 1,
            ..area
        };
        let chosen = top + i == picker.cursor();
        let style = match item.disabled {
            Some(_) => theme.dim(),
            None => theme.base(),
        };
        let gutter = if chosen { " > " } else { "   " };
        let label = match note {
            0 => area.width.saturating_sub(3),
            note => area.width.saturating_sub(3 + note + 2),
        };
        paint::text(buffer, (row.x, row.y), 3, gutter, theme.base());
        // Of two names that are cut, the ends tell which is which; a sentence is read from its beginning.
        let name = if picker.lists_names() {
            text::clip_middle(&item.label, usize::from(label))
        } else {
            text::clip(&item.label, usize::from(label))
        };
        paint::text(buffer, (row.x + 3, row.y), label, &name, style);
        let x = row.right().saturating_sub(note + 1);
        paint::text(buffer, (x, row.y), note, &item.note, theme.dim());
        if chosen {
            paint::fill(buffer, row, theme.selected());
        }
    }
}

/// A note of fewer columns says nothing.
const LEAST_NOTE: u16 = 6;

fn label_width(picker: &Picker) -> u16 {
    let widest = picker.shown().map(|item| text::width(&item.label)).max();
    widest.unwrap_or(0) as u16
}

/// Notes stand in one column as wide as the widest of all, so that they do not jump while typing.
fn note_width(picker: &Picker) -> u16 {
    let widest = picker.shown().map(|item| text::width(&item.note)).max();
    widest.unwrap_or(0) as u16
}

/// What cannot be done now, and why.
fn draw_refusal(refusal: &Refusal, theme: Theme, body: Rect, buffer: &mut Buffer) {
    let (columns, _) = question_room(body, theme.is_plain);
    let mut lines = text::wrap(&refusal.reason, columns.max(1));
    if refusal.has_swallowed {
        lines.extend(text::wrap(
            "What you typed since was ignored.",
            columns.max(1),
        ));
    }
    let height = (lines.len() as u16).saturating_add(2);
    let area = paint::centered(body, QUESTION_WIDTH, height, theme);
    let title = format!("Not now: {}", refusal.title);
    let inside = paint::frame(buffer, area, &title, theme);
    let margin = u16::from(!theme.is_plain);
    for (line, y) in lines.iter().zip(inside.top()..inside.bottom()) {
        let width = inside.width.saturating_sub(2 * margin);
        let at = (inside.x + margin, y);
        paint::text(buffer, at, width, line, theme.tone(Tone::Bad));
    }
}

/// The link runs from edge to edge without a border, so that it can be marked and copied.
fn draw_link(url: &str, theme: Theme, body: Rect, buffer: &mut Buffer) {
    Clear.render(body, buffer);
    let explained = [
        "No browser available; copy this link.",
        "Anyone with this link can open the study, for a short time.",
        "",
    ];
    let link = text::wrap(&text::clean(url), usize::from(body.width).max(1));
    let lines = explained
        .iter()
        .map(|line| (*line, theme.base()))
        .chain(link.iter().map(|line| (line.as_str(), theme.strong())));
    for (y, (content, style)) in (body.top()..body.bottom()).zip(lines) {
        paint::text(buffer, (body.x, y), body.width, content, style);
    }
}

/// The keys that can follow the ones typed, so that they need not be remembered.
pub fn draw_prefix(model: &Model, theme: Theme, body: Rect, buffer: &mut Buffer) {
    // Where lines are read they stand in the last one, so that typing on does not redraw the others.
    if model.kernel.typed.is_empty() || theme.is_plain {
        return;
    }
    let next = || model.kernel.keymap().following(&model.kernel.typed);
    let typed = show_sequence(&model.kernel.typed);
    let title = model
        .kernel
        .keys
        .prefix_title(model.kernel.screen, &model.kernel.typed);
    let title = format!("{title} {typed}");
    let height = (next().count() as u16 + 2).min(body.height);
    let area = Rect {
        x: body.x,
        y: body.bottom() - height,
        width: body.width.min(56),
        height,
    };
    let inside = paint::frame(buffer, area, &title, theme);
    for (i, (rest, action)) in next().enumerate() {
        let y = inside.y + i as u16;
        if y >= inside.bottom() {
            break;
        }
        let row = Rect {
            y,
            height: 1,
            ..inside
        };
        let key = format!(" {:<5} ", show_sequence(rest));
        let style = match crate::app::disabled_reason(model, action) {
            Some(_) => theme.dim(),
            None => theme.base(),
        };
        paint::pieces(
            buffer,
            row,
            &[(&key, theme.key()), (action.spec().doc, style)],
        );
    }
}
