//! Drawing the model. Nothing here changes it, and what was drawn decides nothing.

mod banner;
mod confirm;
mod detail;
mod first_run;
mod footer;
mod form;
mod grid;
mod header;
mod invitations;
mod locked;
mod lookup;
mod overlay;
mod paint;
mod pane;
mod prompt;
mod table;
mod theme;
mod time;
mod users;
mod views;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::{Action, Model, Overlay, Screen};

pub use theme::Theme;

/// What a frame took, for tests that hold it to the rows on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Drawn {
    pub rows: usize,
}

/// Draws the whole screen.
pub fn view(model: &Model, theme: Theme, frame: &mut Frame<'_>) -> Drawn {
    let drawn = draw(model, theme, frame);
    theme.lay_ground(frame.buffer_mut());
    drawn
}

fn draw(model: &Model, theme: Theme, frame: &mut Frame<'_>) -> Drawn {
    let area = frame.area();
    let mut drawn = Drawn::default();
    if model.screen == Screen::FirstRun {
        let cursor = first_run::draw(model, theme, frame.buffer_mut());
        if let Some(position) = cursor.filter(|position| area.contains(*position)) {
            frame.set_cursor_position(position);
        }
        return drawn;
    }
    if model.lock.is_locked() {
        locked::draw(model, theme, frame.buffer_mut());
        return drawn;
    }
    let Some(geometry) = model.geometry() else {
        draw_too_small(model, area, theme, frame);
        return drawn;
    };
    let buffer = frame.buffer_mut();
    header::draw(model, theme, geometry.header, buffer);
    let has_banner = banner::draw(model, theme, &geometry, buffer);
    match model.pane() {
        _ if has_banner => {}
        Some(_) => pane::draw_screens(model, theme, geometry.views, buffer),
        None => views::draw(model, theme, geometry.views, buffer),
    }
    let cursor = match has_banner && geometry.views.is_empty() {
        true => None,
        false => header::draw_filter(model, theme, geometry.filter, buffer),
    };
    drawn.rows = match model.screen {
        Screen::FirstRun | Screen::Worklist => table::draw(model, theme, &geometry, buffer),
        Screen::Users => users::draw(model, theme, &geometry, buffer),
        Screen::Invitations => invitations::draw(model, theme, &geometry, buffer),
    };
    detail::draw(model, theme, &geometry, buffer);
    footer::draw(model, theme, &geometry, buffer);
    let (over, look) = lookup::draw_over(model, theme, geometry.body, buffer);
    let cursor = match &model.overlay {
        _ if lookup::is_on_top(model) => look,
        Some(Overlay::Filter(_) | Overlay::RosterFilter(_)) => cursor,
        Some(
            Overlay::Picker(_) | Overlay::Confirm(_) | Overlay::SaveView(_) | Overlay::Form(_),
        ) => over,
        Some(Overlay::Link(_)) | None => None,
    };
    if let Some(position) = cursor.filter(|position| area.contains(*position)) {
        frame.set_cursor_position(position);
    }
    drawn
}

fn draw_too_small(model: &Model, area: Rect, theme: Theme, frame: &mut Frame<'_>) {
    if area.is_empty() {
        return;
    }
    let text = format!(
        "More room, please (40x10). {} quits",
        model.key(Action::Quit)
    );
    let y = area.y + area.height / 2;
    paint::text(
        frame.buffer_mut(),
        (area.x, y),
        area.width,
        &text,
        theme.plain(),
    );
}

#[cfg(test)]
mod tests;
