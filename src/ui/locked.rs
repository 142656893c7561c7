//! What shows while the program is locked: nothing of the clinic's work.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::{Model, Tone};

use super::paint;
use super::theme::Theme;

pub fn draw(model: &Model, theme: Theme, buffer: &mut Buffer) {
    let area = buffer.area;
    if area.is_empty() {
        return;
    }
    let source = match model.lock.is_unlocking() {
        true => "Reading the key ...".to_owned(),
        false => format!(
            "Enter unlocks with the key from {}",
            model.session.key_source
        ),
    };
    let quit = format!("{} quits", model.keys.quit_name());
    let lines = [
        ("avara-tui is locked", theme.strong()),
        ("Nothing is shown or read meanwhile.", theme.plain()),
        (source.as_str(), theme.plain()),
        (quit.as_str(), theme.plain()),
        (
            model.lock.complaint().unwrap_or_default(),
            theme.tone(Tone::Bad),
        ),
    ];
    let height = (lines.len() as u16).min(area.height);
    let middle = |room: u16, taken: u16| match theme.is_linear {
        true => 0,
        false => (room - taken) / 2,
    };
    let top = area.y + middle(area.height, height);
    for (number, (line, style)) in lines.iter().take(usize::from(height)).enumerate() {
        let width = (crate::text::width(line) as u16).min(area.width);
        let row = Rect {
            x: area.x + middle(area.width, width),
            y: top + number as u16,
            width: area.width,
            height: 1,
        };
        paint::pieces(buffer, row.intersection(area), &[(line, *style)]);
    }
}
