//! The line of views: which there are, how many studies each shows, and which one is on screen.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::Model;
use crate::text;

use super::theme::Theme;
use super::{paint, time};

/// Names are cut to one of these where the line is too long, the current view's last of all.
const NAME_WIDTHS: [usize; 7] = [24, 12, 10, 8, 6, 4, 0];

pub fn draw(model: &Model, theme: Theme, area: Rect, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let fits = |pieces: &Vec<(String, bool)>| {
        let width: usize = pieces.iter().map(|(piece, _)| text::width(piece)).sum();
        width <= usize::from(area.width)
    };
    let lines = NAME_WIDTHS.map(|width| line(model, width));
    let pieces = lines.iter().find(|line| fits(line)).unwrap_or(&lines[6]);
    let styled: Vec<(&str, Style)> = pieces
        .iter()
        .map(|(piece, is_current)| match is_current {
            true => (piece.as_str(), theme.strong()),
            false => (piece.as_str(), theme.dim()),
        })
        .collect();
    paint::pieces(buffer, area, &styled);
}

/// The pieces of the line, each with whether it is the current view.
fn line(model: &Model, name_width: usize) -> Vec<(String, bool)> {
    let (current, changed) = model.current_view();
    let mut pieces = Vec::new();
    let mut add = |number: usize, name: &str, count: Option<usize>| {
        let is_current = number == current;
        let width = if is_current {
            name_width.max(10)
        } else {
            name_width
        };
        let mut piece = number.to_string();
        if width > 0 {
            piece.push(' ');
            piece.push_str(&text::clip(name, width));
        }
        if is_current && changed {
            piece.push('*');
        }
        if let Some(count) = count {
            piece.push_str(&format!(" {}", time::count(count)));
        }
        let gap = if number == 0 { "" } else { "|" };
        pieces.push(match is_current {
            true => (format!("[{piece}]"), true),
            false => (format!(" {piece} "), false),
        });
        pieces.push((gap.into(), false));
    };
    for (number, view, count) in model.views.iter() {
        add(number, &view.name, count);
    }
    add(0, "all", None);
    pieces
}
