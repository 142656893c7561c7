//! The line of views: which there are, how many studies each shows, and which one is on screen.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::Model;

use super::paint;
use super::theme::Theme;

pub fn draw(model: &Model, theme: Theme, area: Rect, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let current = model.lists.current_view(&model.kernel).0;
    let labels = model.lists.view_labels(&model.kernel, area.width);
    let styled: Vec<(&str, Style)> = labels
        .iter()
        .map(|(number, label)| {
            if *number == Some(current) {
                (label.as_str(), theme.strong())
            } else {
                (label.as_str(), theme.dim())
            }
        })
        .collect();
    paint::pieces(buffer, area, &styled);
}
