//! Where each pane is, as arithmetic on the terminal's size that update and view share.

use crate::app::message::Size;
use crate::app::widget::picker::Picker;
use ratatui::layout::Rect;

/// The table keeps at least this many columns before the detail pane may stand beside it.
const TABLE_MIN_WIDTH: u16 = 80;

const DETAIL_MIN_WIDTH: u16 = 36;

const DETAIL_HEIGHT: u16 = 8;

/// How wide the box of a question is, where there is room.
pub const QUESTION_WIDTH: u16 = 72;

/// Lower screens have no room for the line of views.
const VIEWS_HEIGHT: u16 = 20;

/// Below this there is no room for a worklist.
pub const MIN: Size = Size {
    width: 40,
    height: 10,
};

/// How much of a study's detail is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    Hidden,
    #[default]
    Pane,
    Full,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geometry {
    pub header: Rect,
    /// The line of views; empty on low screens.
    pub views: Rect,
    pub filter: Rect,
    /// The column titles.
    pub titles: Rect,
    pub table: Rect,
    /// Content of the detail pane, without its rule.
    pub detail: Rect,
    /// The line that sets the detail pane off: a column at its left, or a row above it.
    pub rule: Rect,
    pub status: Rect,
    pub hints: Rect,
    /// Everything between the filter line and the status line.
    pub body: Rect,
}

impl Geometry {
    /// The panes for a size, or `None` where nothing useful fits.
    pub fn of(size: Size, detail: Detail) -> Option<Self> {
        if size.width < MIN.width || size.height < MIN.height {
            return None;
        }
        let row = |y| Rect::new(0, y, size.width, 1);
        let views = u16::from(size.height >= VIEWS_HEIGHT);
        let top = 2 + views;
        let body = Rect::new(0, top, size.width, size.height - top - 2);
        let (list, rule, detail) = split(body, detail);
        Some(Self {
            header: row(0),
            views: Rect {
                height: views,
                ..row(1)
            },
            filter: row(top - 1),
            titles: Rect {
                height: list.height.min(1),
                ..list
            },
            table: Rect {
                y: list.y + list.height.min(1),
                height: list.height.saturating_sub(1),
                ..list
            },
            detail,
            rule,
            status: row(size.height - 2),
            hints: row(size.height - 1),
            body,
        })
    }

    /// The same for a screen that is read line by line: nothing stands beside anything, and rows say
    /// themselves what titles would.
    pub fn plain(size: Size, detail: Detail) -> Option<Self> {
        let detail = match detail {
            Detail::Hidden | Detail::Pane => Detail::Hidden,
            Detail::Full => Detail::Full,
        };
        let geometry = Self::of(size, detail)?;
        let table = match detail {
            Detail::Full => Rect::ZERO,
            Detail::Hidden | Detail::Pane => geometry.body,
        };
        Some(Self {
            titles: Rect::ZERO,
            table,
            ..geometry
        })
    }

    /// Rows of the table that fit on screen.
    pub fn page(&self) -> usize {
        usize::from(self.table.height)
    }
}

/// Columns and rows for the text of a question that stands in a box over the body.
pub fn question_room(body: Rect, is_plain: bool) -> (usize, usize) {
    if is_plain {
        return (
            usize::from(body.width),
            usize::from(body.height).saturating_sub(1),
        );
    }
    let columns = body.width.min(QUESTION_WIDTH).saturating_sub(4);
    let rows = body.height.saturating_sub(2);
    (usize::from(columns), usize::from(rows))
}

/// Rows for the items of a picker that stands in a box over the body.
pub fn picker_rows(body: Rect, picker: &Picker, is_plain: bool) -> usize {
    let more = picker.more_lines();
    if is_plain {
        // The title, the input and the item that Enter takes stand above the list.
        return usize::from(body.height).saturating_sub(2 + more).max(1);
    }
    let wished = picker.len().clamp(3, 15) + 3 + more;
    let box_height = wished.min(usize::from(body.height));
    box_height.saturating_sub(3 + more)
}

/// Divides the body into list, rule and detail: beside the list if it keeps its width, else below it.
fn split(body: Rect, detail: Detail) -> (Rect, Rect, Rect) {
    match detail {
        Detail::Hidden => (body, Rect::ZERO, Rect::ZERO),
        Detail::Full => (Rect::ZERO, Rect::ZERO, body),
        Detail::Pane if body.width > TABLE_MIN_WIDTH + DETAIL_MIN_WIDTH => {
            let width = (body.width - TABLE_MIN_WIDTH - 1).min(body.width / 3);
            let list = Rect {
                width: body.width - width - 1,
                ..body
            };
            let rule = Rect::new(list.right(), body.y, 1, body.height);
            let detail = Rect::new(list.right() + 1, body.y, width, body.height);
            (list, rule, detail)
        }
        Detail::Pane if body.height >= 2 * DETAIL_HEIGHT => {
            let list = Rect {
                height: body.height - DETAIL_HEIGHT,
                ..body
            };
            let rule = Rect::new(0, list.bottom(), body.width, 1);
            let detail = Rect::new(0, list.bottom() + 1, body.width, DETAIL_HEIGHT - 1);
            (list, rule, detail)
        }
        Detail::Pane => (body, Rect::ZERO, Rect::ZERO),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(width: u16, height: u16) -> Option<Geometry> {
        Geometry::of(Size { width, height }, Detail::Pane)
    }

    #[test]
    fn the_detail_stands_beside_the_table_only_if_the_table_keeps_its_width() {
        let wide = of(120, 40).unwrap();
        assert_eq!((wide.table.width, wide.detail.width), (80, 39));
        let narrow = of(100, 40).unwrap();
        assert_eq!((narrow.table.width, narrow.detail.height), (100, 7));
    }

    #[test]
    fn ten_rows_show_at_80_by_24() {
        assert!(of(80, 24).unwrap().page() >= 10);
    }

    #[test]
    fn panes_never_leave_the_screen() {
        for width in 0..140 {
            for height in 0..60 {
                for detail in [Detail::Hidden, Detail::Pane, Detail::Full] {
                    let screen = Rect::new(0, 0, width, height);
                    let Some(g) = Geometry::of(Size { width, height }, detail) else {
                        continue;
                    };
                    for pane in [
                        g.header, g.views, g.filter, g.titles, g.table, g.detail, g.rule, g.status,
                        g.hints,
                    ] {
                        assert!(
                            pane.is_empty() || screen.intersection(pane) == pane,
                            "{pane:?}"
                        );
                    }
                }
            }
        }
    }
}
