//! The name of a view being saved, and the candidates for the word being typed in a filter.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::app::lists::views::{SavePlan, plan};
use crate::app::{Completion, Model, SaveBox, Tone};
use crate::text;
use crate::worklist::View;

use super::paint;
use super::theme::Theme;

/// At most this many candidates show at a time.
const CANDIDATES: u16 = 8;

pub fn draw_save(
    model: &Model,
    save: &SaveBox,
    theme: Theme,
    body: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let area = paint::centered(body, 76, 6, theme);
    let title = "Save the current list as a view";
    let inside = paint::frame(buffer, area, title, theme);
    if inside.height < 2 {
        return None;
    }
    let row = |y: u16| Rect {
        y: inside.y + y,
        height: 1,
        ..inside
    };
    let x = paint::pieces(
        buffer,
        row(0),
        &[(
            if theme.is_plain { "Name: " } else { " Name " },
            theme.key(),
        )],
    );
    let room = inside.right().saturating_sub(x);
    paint::text(
        buffer,
        (x, inside.y),
        room,
        save.line.text(),
        theme.strong(),
    );
    let lines = explanation(model, save, theme);
    for (y, (line, style)) in (1..inside.height).zip(lines) {
        let indent = if theme.is_plain { "" } else { " " };
        paint::pieces(buffer, row(y), &[(indent, theme.base()), (&line, style)]);
    }
    let before: String = save.line.text().chars().take(save.line.cursor()).collect();
    let cursor = text::width(&text::clean(&before)) as u16;
    Some(Position::new(
        x + cursor.min(room.saturating_sub(1)),
        inside.y,
    ))
}

/// What Enter would do, what would be saved, and how to choose the key.
fn explanation(model: &Model, save: &SaveBox, theme: Theme) -> [(String, Style); 3] {
    let info = theme.tone(Tone::Info);
    let outcome = match (&save.error, plan(&model.lists.views, save.line.text())) {
        (Some(error), _) => (error.clone(), theme.tone(Tone::Bad)),
        (None, SavePlan::Refuse(reason)) => (reason, info),
        (
            None,
            SavePlan::Save {
                number, replaces, ..
            },
        ) => match replaces {
            Some(other) => (format!("Enter replaces view {number} {other}"), info),
            None => (format!("Enter saves it as view {number}"), info),
        },
    };
    let filter = model.kernel.data.studies.filter.text();
    let saved = if View::may_name_a_patient(filter) {
        (
            "The filter contains a long number, which may identify a patient".into(),
            theme.tone(Tone::Bad),
        )
    } else {
        (format!("Filter: {filter}"), theme.dim())
    };
    let how = "Start with a digit and a space to choose the view's number".into();
    [outcome, saved, (how, theme.dim())]
}

/// Draws the candidates below the filter line, the one that stands in it marked.
pub fn draw_candidates(completion: &Completion, theme: Theme, body: Rect, buffer: &mut Buffer) {
    let many = completion.items.len();
    let title = if theme.is_plain {
        format!("{} of {many} candidates", completion.at + 1)
    } else {
        format!("{}/{many}", completion.at + 1)
    };
    let widest = completion
        .items
        .iter()
        .map(|item| text::width(&text::clean(item)))
        .max();
    let height = (many as u16).min(CANDIDATES) + 2;
    let area = Rect {
        x: body.x + 2,
        y: body.y,
        width: (widest.unwrap_or(0) as u16)
            .saturating_add(4)
            .clamp(14, body.width.max(14)),
        height: height.min(body.height),
    }
    .intersection(body);
    let area = if theme.is_plain { body } else { area };
    let inside = paint::frame(buffer, area, &title, theme);
    let shown = usize::from(inside.height);
    let top = (completion.at + 1).saturating_sub(shown);
    for (i, item) in completion.items.iter().enumerate().skip(top).take(shown) {
        let row = Rect {
            y: inside.y + (i - top) as u16,
            height: 1,
            ..inside
        };
        let indent = if theme.is_plain { "" } else { " " };
        paint::pieces(buffer, row, &[(indent, theme.base()), (item, theme.base())]);
        if i == completion.at {
            paint::fill(buffer, row, theme.selected());
        }
    }
}
