//! The one gate through which text reaches the screen. It cleans what it is given: plain text passes
//! untouched, anything that could mislead is replaced visibly, so no pane can forget to.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols::border;
use ratatui::widgets::{Block, Clear, Widget};

use crate::text;

use super::theme::Theme;

/// Draws text in at most `columns` columns, cut with `…`. Returns the column after it.
pub fn text(
    buffer: &mut Buffer,
    (x, y): (u16, u16),
    columns: u16,
    text: &str,
    style: Style,
) -> u16 {
    if !buffer.area.contains((x, y).into()) {
        return x;
    }
    let clean = text::clean(text);
    let clipped = text::clip(&clean, usize::from(columns));
    let (end, _) = buffer.set_stringn(x, y, &clipped, usize::from(columns), style);
    end
}

/// Draws text so that it ends at the right edge of `area`. Returns the column it begins at.
pub fn right(buffer: &mut Buffer, area: Rect, content: &str, style: Style) -> u16 {
    let clean = text::clean(content);
    let width = (text::width(&clean) as u16).min(area.width);
    let x = area.right() - width;
    text(buffer, (x, area.y), width, &clean, style);
    x
}

/// Draws pieces one after the other. Returns the column after the last.
pub fn pieces(buffer: &mut Buffer, area: Rect, pieces: &[(&str, Style)]) -> u16 {
    let mut x = area.x;
    for (content, style) in pieces {
        let left = area.right().saturating_sub(x);
        x = text(buffer, (x, area.y), left, content, *style);
    }
    x
}

/// Fills a row with a style.
pub fn fill(buffer: &mut Buffer, area: Rect, style: Style) {
    buffer.set_style(area, style);
}

/// Gives every cell this style alone. A selected row in one style is easier to read than patches of
/// several, and costs the terminal a fifth less.
pub fn cover(buffer: &mut Buffer, area: Rect, style: Style) {
    buffer.set_style(area, Style::reset().patch(style));
}

/// Clears a box, draws its border and title, and returns its inside. Where the screen is read line by
/// line there is no border, and the title is the first line.
pub fn frame(buffer: &mut Buffer, area: Rect, title: &str, theme: Theme) -> Rect {
    Clear.render(area, buffer);
    let style = theme.strong();
    if theme.is_plain {
        text(buffer, (area.x, area.y), area.width, title, style);
        let height = area.height.saturating_sub(1);
        return Rect {
            y: area.bottom() - height,
            height,
            ..area
        };
    }
    let block = Block::bordered()
        .border_set(ASCII_BORDER)
        .border_style(style);
    let inside = block.inner(area);
    block.render(area, buffer);
    if area.width > 6 {
        let title = format!(" {title} ");
        text(buffer, (area.x + 2, area.y), area.width - 4, &title, style);
    }
    inside
}

/// Borders of plain characters: every font and every screen reader has them.
const ASCII_BORDER: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

/// A box of the wished size in the middle of `area`, as large as it fits; all of it where the screen is
/// read line by line, so that no line is half box and half something else.
pub fn centered(area: Rect, width: u16, height: u16, theme: Theme) -> Rect {
    if theme.is_plain {
        return area;
    }
    let width = width.min(area.width);
    let height = height.min(area.height);
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    }
}
