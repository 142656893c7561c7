//! What every list of records does in the same way: the cursor, the rows on screen, the detail.
//!
//! The cursor is on a record, never on a row number. A list says what its rows are and what happens when the
//! cursor leaves a record; everything else about moving is here, once for studies, users and invitations.

use crate::app::widget::geometry::Detail;
use crate::app::widget::sight::Sight;

/// Where the cursor and the screen are in a list.
#[derive(Debug, Clone, Default)]
pub struct Position {
    /// Row of the selected record, if there is one.
    pub(in crate::app) cursor: usize,
    /// First row on screen.
    pub(in crate::app) top: usize,
    /// The wheel turned the rows away from the cursor, which may be off the screen.
    is_scrolled: bool,
    pub(in crate::app) sight: Sight,
    /// First row on the screen that was drawn last.
    drawn_top: usize,
    /// A person has taken hold of the cursor. Until then it stays on the first row while pages arrive.
    pub(in crate::app) is_taken: bool,
    pub(in crate::app) detail: Detail,
    detail_scroll: u16,
}

impl Position {
    /// What a person chose and keeps when the records are forgotten.
    pub(in crate::app) fn kept(&self) -> Self {
        Self {
            is_taken: self.is_taken,
            detail: self.detail,
            ..Self::default()
        }
    }
}

/// A list of records with a cursor.
pub trait RecordList {
    /// Rows that show.
    fn len(&self) -> usize;

    fn position(&self) -> &Position;

    fn position_mut(&mut self) -> &mut Position;

    /// Whether the cursor is on a record: not while one is waited for.
    fn has_cursor(&self) -> bool;

    /// Makes the record in this row the selected one. Returns whether it is another than before.
    fn select_row(&mut self, row: usize) -> bool;

    /// Stops waiting for the record to return to: a person has chosen a row.
    fn stop_waiting(&mut self);

    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn cursor(&self) -> usize {
        self.position().cursor
    }

    /// First row on screen.
    fn top(&self) -> usize {
        self.position().top
    }

    /// Moves the cursor to a row, or to the nearest one there is. Returns whether it is on another record.
    fn select(&mut self, row: usize) -> bool {
        let row = row.min(self.len().saturating_sub(1));
        self.position_mut().cursor = row;
        let is_another = self.select_row(row);
        if is_another {
            let position = self.position_mut();
            position.is_scrolled = false;
            position.sight.surprise();
            position.detail_scroll = 0;
        }
        is_another
    }

    /// A person moves the cursor to a row, or to the nearest one there is.
    fn point_at(&mut self, row: usize) {
        let was_clear = self.sight().is_clear();
        self.stop_waiting();
        self.position_mut().is_scrolled = false;
        let to_another = self.select(row);
        let is_alone = self.detail() == Detail::Full;
        self.position_mut()
            .sight
            .moved(was_clear, to_another, is_alone);
    }

    /// A person moves the cursor by some rows. Where it is on no record, the first key shows where it is.
    fn move_by(&mut self, rows: isize) {
        let row = self.cursor();
        let row = if self.has_cursor() {
            row.saturating_add_signed(rows)
        } else {
            row
        };
        self.point_at(row);
    }

    /// A person clicked on a row. Where the rows have moved since they were drawn, it is another one than
    /// the one they saw there.
    fn click(&mut self, row: usize) {
        let has_moved = self.top() != self.position().drawn_top;
        self.position_mut().sight.calm();
        self.point_at(row);
        if has_moved {
            self.surprise();
        }
    }

    /// Whether the cursor is on what a person has seen it on.
    fn sight(&self) -> &Sight {
        &self.position().sight
    }

    /// A frame has shown the rows.
    fn drawn(&mut self) {
        let position = self.position_mut();
        position.sight.drawn();
        position.drawn_top = position.top;
    }

    /// The cursor came back to the rows without a key that chose one.
    fn surprise(&mut self) {
        self.position_mut().sight.surprise();
    }

    /// From now on the cursor follows its record.
    fn claim_cursor(&mut self) {
        self.position_mut().is_taken = true;
    }

    /// Turns the rows on a screen of `height` rows, and leaves the cursor where it is.
    fn scroll(&mut self, rows: isize, height: usize) {
        let last_top = self.len().saturating_sub(height.max(1));
        let top = self.top().saturating_add_signed(rows).min(last_top);
        self.position_mut().top = top;
        let is_scrolled = !self.is_on_screen(height);
        self.position_mut().is_scrolled = is_scrolled;
    }

    /// Whether the cursor is among the rows on a screen of `height` rows.
    fn is_on_screen(&self, height: usize) -> bool {
        let top = self.top();
        (top..top + height.max(1)).contains(&self.cursor())
    }

    /// Brings the cursor back on a screen of `height` rows.
    fn reveal(&mut self, height: usize) {
        self.position_mut().is_scrolled = false;
        self.surprise();
        self.keep_cursor_visible(height);
    }

    /// Scrolls so that the cursor is on a screen of `height` rows.
    fn keep_cursor_visible(&mut self, height: usize) {
        let height = height.max(1);
        let last_top = self.len().saturating_sub(height);
        let position = self.position_mut();
        if position.is_scrolled {
            position.top = position.top.min(last_top);
            return;
        }
        position.top = position
            .top
            .clamp(
                (position.cursor + 1).saturating_sub(height),
                position.cursor,
            )
            .min(last_top);
    }

    /// How much of the detail the screen shows.
    fn detail(&self) -> Detail {
        self.position().detail
    }

    fn set_detail(&mut self, detail: Detail) {
        self.position_mut().detail = detail;
    }

    fn detail_scroll(&self) -> u16 {
        self.position().detail_scroll
    }

    fn scroll_detail(&mut self, lines: i16) {
        let position = self.position_mut();
        // The view stops at the last line; the model only keeps the wish from running away.
        position.detail_scroll = position.detail_scroll.saturating_add_signed(lines).min(500);
    }
}
