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
mod plain;
mod prompt;
mod table;
mod theme;
mod time;
mod users;
mod views;

use crate::app::widget::geometry;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;

use crate::app::widget::geometry::Geometry;
use crate::app::{Action, App, FirstRun, Model, Overlay, Screen, ScreenRoom, Size};

pub use theme::Theme;

/// What a frame took, for tests that hold it to the rows on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Drawn {
    pub rows: usize,
}

/// Draws the whole screen.
pub fn view(model: &Model, theme: Theme, frame: &mut Frame<'_>) -> Drawn {
    let theme = theme.with_plain(model.kernel.is_plain);
    let drawn = draw(model, theme, frame);
    theme.lay_ground(frame.buffer_mut());
    drawn
}

/// Draws the whole screen of the program, set up or not.
pub fn view_app(app: &App, theme: Theme, frame: &mut Frame<'_>) -> Drawn {
    match app {
        App::FirstRun(run) => view_first_run(run, theme, frame),
        App::Running(model) => view(model, theme, frame),
    }
}

/// Draws the screen of the first run.
pub fn view_first_run(run: &FirstRun, theme: Theme, frame: &mut Frame<'_>) -> Drawn {
    let theme = theme.with_plain(run.is_plain);
    let area = frame.area();
    if run.fits() {
        let cursor = first_run::draw(run, theme, frame.buffer_mut());
        let start = (run.is_plain && !area.is_empty()).then(|| area.as_position());
        let cursor = cursor.filter(|position| area.contains(*position));
        if let Some(position) = cursor.or(start) {
            frame.set_cursor_position(position);
        }
    } else {
        let quit = run.keys.plain_quit(Screen::Worklist);
        draw_too_small(geometry::MIN, &quit, theme, frame);
    }
    theme.lay_ground(frame.buffer_mut());
    Drawn::default()
}

fn draw(model: &Model, theme: Theme, frame: &mut Frame<'_>) -> Drawn {
    let area = frame.area();
    let mut drawn = Drawn::default();
    if model.shell.lock.is_locked() {
        locked::draw(model, theme, frame.buffer_mut());
        if model.kernel.is_plain && !area.is_empty() {
            frame.set_cursor_position(area.as_position());
        }
        return drawn;
    }
    let geometry = match (model.kernel.geometry(), model.kernel.room()) {
        (Some(geometry), ScreenRoom::Enough) => geometry,
        (_, ScreenRoom::Short(needed)) => {
            draw_short(model, needed, theme, frame);
            return drawn;
        }
        (None, ScreenRoom::Enough) => return drawn,
    };
    let buffer = frame.buffer_mut();
    let cursor = draw_head(model, theme, &geometry, buffer);
    drawn.rows = match model.kernel.screen {
        Screen::Worklist => table::draw(model, theme, &geometry, buffer),
        Screen::Users => users::draw(model, theme, &geometry, buffer),
        Screen::Invitations => invitations::draw(model, theme, &geometry, buffer),
    };
    detail::draw(model, theme, &geometry, buffer);
    footer::draw(model, theme, &geometry, buffer);
    let (over, look) = lookup::draw_over(model, theme, geometry.body, buffer);
    let cursor = match &model.kernel.layers.overlay {
        _ if lookup::is_on_top(model) => look,
        Some(Overlay::Filter(_) | Overlay::RosterFilter(_)) => cursor,
        Some(
            Overlay::Picker(_) | Overlay::Confirm(_) | Overlay::SaveView(_) | Overlay::Form(_),
        ) => over,
        Some(Overlay::Link(_) | Overlay::Refused(_)) | None => None,
    };
    let resting = || plain::resting_place(model, &geometry);
    let cursor = cursor.or_else(|| model.kernel.is_plain.then(resting));
    if let Some(position) = cursor.filter(|position| area.contains(*position)) {
        frame.set_cursor_position(position);
    }
    drawn
}

/// Draws the lines above the body. Returns where the cursor is while a filter is typed.
fn draw_head(
    model: &Model,
    theme: Theme,
    geometry: &Geometry,
    buffer: &mut Buffer,
) -> Option<Position> {
    if theme.is_plain {
        plain::draw_header(model, theme, geometry.header, buffer);
        plain::draw_views(model, theme, geometry, buffer);
        return plain::draw_filter(model, theme, geometry.filter, buffer);
    }
    header::draw(model, theme, geometry.header, buffer);
    let has_banner = banner::draw(model, theme, geometry, buffer);
    match model.kernel.people() {
        _ if has_banner => {}
        Some(_) => pane::draw_screens(model, theme, geometry.views, buffer),
        None => views::draw(model, theme, geometry.views, buffer),
    }
    if has_banner && geometry.views.is_empty() {
        None
    } else {
        header::draw_filter(model, theme, geometry.filter, buffer)
    }
}

/// What has the focus does not fit: what it needs, and the keys that still do something.
fn draw_short(model: &Model, needed: Size, theme: Theme, frame: &mut Frame<'_>) {
    // Letters may be text of what cannot be seen, so that only keys that are none lead out.
    let quit = if model.kernel.takes_text() {
        model.kernel.keys.plain_quit(model.kernel.screen)
    } else {
        model.kernel.key(Action::Quit).to_owned()
    };
    let leave = match model.kernel.geometry() {
        Some(_) => "Esc closes it, ",
        None => "",
    };
    draw_too_small(needed, &format!("{leave}{quit}"), theme, frame);
}

/// Says what size is needed, and the keys that lead out.
fn draw_too_small(needed: Size, keys: &str, theme: Theme, frame: &mut Frame<'_>) {
    let area = frame.area();
    if area.is_empty() {
        return;
    }
    let Size { width, height } = needed;
    let text = format!("Terminal too small (needs {width}x{height}). {keys} quits");
    let lines = crate::text::wrap(&text, usize::from(area.width));
    let top = area.y + area.height.saturating_sub(lines.len() as u16) / 2;
    for (line, y) in lines.iter().zip(top..area.bottom()) {
        paint::text(
            frame.buffer_mut(),
            (area.x, y),
            area.width,
            line,
            theme.base(),
        );
    }
}

#[cfg(test)]
mod tests;
