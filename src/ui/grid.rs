//! What the tables of people share: columns that fit, titles, rows with a gutter, and why there are none.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::theme::Theme;
use super::{paint, plain};

/// The gutter: cursor, the change under way or news, and a space; as wide as the worklist's.
pub const GUTTER: u16 = 4;

/// A column and its width. The one of width 0 takes what the others leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column<K> {
    pub key: K,
    pub title: &'static str,
    pub width: u16,
}

pub const fn column<K>(key: K, title: &'static str, width: u16) -> Column<K> {
    Column { key, title, width }
}

/// The columns with the widths that they get in a table so wide.
pub fn fitted<K: Copy>(columns: &[Column<K>], width: u16) -> Vec<Column<K>> {
    let fixed: u16 = columns.iter().map(|column| column.width + 1).sum();
    let rest = (width + 1).saturating_sub(GUTTER + fixed).max(1);
    columns
        .iter()
        .map(|column| Column {
            width: if column.width == 0 {
                rest
            } else {
                column.width
            },
            ..*column
        })
        .collect()
}

pub fn draw_titles<K>(columns: &[Column<K>], theme: Theme, area: Rect, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    paint::fill(buffer, area, theme.dim());
    let mut x = area.x + GUTTER;
    for column in columns {
        paint::text(buffer, (x, area.y), column.width, column.title, theme.dim());
        x += column.width + 1;
    }
}

/// What is said of a row before its cells.
#[derive(Debug, Clone, Copy)]
pub struct Gutter {
    pub selected: bool,
    pub news: (&'static str, Style),
}

/// Draws one row out of the cell that `cell` makes for each column.
pub fn draw_row<K: Copy>(
    columns: &[Column<K>],
    gutter: Gutter,
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
    cell: impl Fn(K) -> (String, Style),
) {
    if theme.is_plain {
        let words = words(columns, gutter, cell);
        paint::text(buffer, (area.x, area.y), area.width, &words, theme.base());
        if gutter.selected {
            paint::cover(buffer, area, theme.selected());
        }
        return;
    }
    let cursor = if gutter.selected { "> " } else { "  " };
    paint::pieces(buffer, area, &[(cursor, theme.base()), gutter.news]);
    let mut x = area.x + GUTTER;
    for column in columns {
        let (content, style) = cell(column.key);
        let left = column.width.min(area.right().saturating_sub(x));
        paint::text(buffer, (x, area.y), left, &content, style);
        x += column.width + 1;
    }
    if gutter.selected {
        paint::cover(buffer, area, theme.selected());
    }
}

/// The row in words: the first cell as it is, each of the others after its title.
fn words<K: Copy>(
    columns: &[Column<K>],
    gutter: Gutter,
    cell: impl Fn(K) -> (String, Style),
) -> String {
    let mut words: Vec<String> = Vec::new();
    words.extend(plain::news_word(gutter.news.0).map(str::to_owned));
    for (number, column) in columns.iter().enumerate() {
        let (content, _) = cell(column.key);
        // The mark of what is soon over says what the words say already.
        match (content.trim().trim_end_matches('!'), number) {
            ("", _) => {}
            (content, 0) => words.push(content.to_owned()),
            (content, _) => words.push(format!("{} {content}", column.title.to_lowercase())),
        }
    }
    words.join(", ")
}

/// Says why there are no rows and how to go on.
pub fn draw_empty(lines: [(String, Style); 2], area: Rect, buffer: &mut Buffer) {
    let mut y = area.y + 1;
    for (content, style) in lines {
        let columns = usize::from(area.width.saturating_sub(4)).max(10);
        for line in crate::text::wrap(&crate::text::clean(&content), columns) {
            if y < area.bottom() {
                paint::text(buffer, (area.x + 2, y), area.width - 2, &line, style);
                y += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fill_the_width() {
        let set = [column((), "NAME", 0), column((), "ROLE", 12)];
        for width in 40..240 {
            let used: u16 = fitted(&set, width).iter().map(|it| it.width + 1).sum();
            assert_eq!(GUTTER + used, width + 1);
        }
    }
}
