//! A list of records other than studies: which of them show, in what order, and where the cursor is.
//!
//! As on the worklist the cursor is on a record, never on a row. The API deletes neither users nor
//! invitations, so a record that a walk did not meet is kept: the walk may have missed it.

use crate::app::widget::geometry::Detail;
use crate::app::widget::sight::Sight;
use crate::app::widget::walk::Reading;
use crate::worklist::{Facet, Faceted, Facets};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Debug;

/// How many earlier filters Esc can bring back.
const HISTORY: usize = 20;

/// What a roster holds.
pub trait Record: Faceted + Debug + Clone {
    type Id: Copy + Ord + Debug;
    /// The keys of its filter.
    const FACETS: &'static [Facet];

    fn id(&self) -> Self::Id;

    /// Which of two comes first, at `now` (Unix milliseconds).
    fn order(&self, other: &Self, now: i64) -> Ordering;
}

#[derive(Debug, Clone)]
pub struct Roster<T: Record> {
    all: BTreeMap<T::Id, T>,
    filter: Facets,
    earlier: Vec<Facets>,
    /// What shows, in order.
    rows: Vec<T::Id>,
    selected: Option<T::Id>,
    /// Row of the selected record, if there is one.
    cursor: usize,
    /// First row on screen.
    top: usize,
    /// The wheel turned the rows away from the cursor, which may be off the screen.
    is_scrolled: bool,
    sight: Sight,
    /// First row on the screen that was drawn last.
    drawn_top: usize,
    /// The record under the cursor before the screen was locked is no longer there.
    is_lost: bool,
    /// The record to return to once it is read again, after the screen was locked.
    returning: Option<T::Id>,
    detail: Detail,
    detail_scroll: u16,
    pub reading: Reading,
    /// Rows no longer show what is held.
    stale: bool,
    /// The selected record no longer matches: it leaves when the cursor does.
    lingers: bool,
    /// A person has taken hold of the cursor. Until then it stays on the first row while pages arrive.
    is_taken: bool,
}

/// What every roster can do, whatever it holds.
pub trait Pane {
    /// Rows that show.
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    fn cursor(&self) -> usize;
    /// Whether the cursor is on a record: not while one is waited for.
    fn has_cursor(&self) -> bool;
    fn top(&self) -> usize;
    /// Records held, shown or not.
    fn held(&self) -> usize;
    /// A person moves the cursor to a row, or to the nearest one there is.
    fn point_at(&mut self, row: usize);
    /// A person clicked on a row that was drawn.
    fn click(&mut self, row: usize);
    /// Whether the cursor is on what a person has seen it on.
    fn sight(&self) -> &Sight;
    fn drawn(&mut self);
    /// The cursor came back to the rows without a key that chose one.
    fn surprise(&mut self);
    fn take_cursor(&mut self);
    /// Turns the rows on a screen of `height` rows, and leaves the cursor where it is.
    fn scroll(&mut self, rows: isize, height: usize);
    /// Whether the cursor is among the rows on a screen of `height` rows.
    fn is_on_screen(&self, height: usize) -> bool;
    /// Brings the cursor back on a screen of `height` rows.
    fn reveal(&mut self, height: usize);
    fn detail(&self) -> Detail;
    fn set_detail(&mut self, detail: Detail);
    fn detail_scroll(&self) -> u16;
    fn scroll_detail(&mut self, lines: i16);
    fn keep_cursor_visible(&mut self, height: usize);
    fn filter(&self) -> &Facets;
    fn set_filter(&mut self, filter: Facets, now: i64);
    /// Remembers the filter that was in force, for Esc.
    fn remember(&mut self, earlier: Facets);
    fn earlier_filter(&mut self) -> Option<Facets>;
    fn reading(&self) -> &Reading;
}

impl<T: Record> Default for Roster<T> {
    fn default() -> Self {
        Self {
            all: BTreeMap::new(),
            filter: Facets::new(T::FACETS),
            earlier: Vec::new(),
            rows: Vec::new(),
            selected: None,
            cursor: 0,
            top: 0,
            is_scrolled: false,
            sight: Sight::default(),
            drawn_top: 0,
            is_lost: false,
            returning: None,
            detail: Detail::default(),
            detail_scroll: 0,
            reading: Reading::default(),
            stale: false,
            lingers: false,
            is_taken: false,
        }
    }
}

impl<T: Record> Roster<T> {
    /// Forgets every record. What a person chose stays: the filter, and by its id the record under the
    /// cursor.
    pub(in crate::app) fn forget(&mut self) {
        let roster = std::mem::take(self);
        *self = Self {
            filter: roster.filter,
            detail: roster.detail,
            returning: roster.selected.or(roster.returning),
            is_taken: roster.is_taken,
            ..Self::default()
        };
    }

    /// Everything held, shown or not, by id.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.all.values()
    }

    pub fn get(&self, id: T::Id) -> Option<&T> {
        self.all.get(&id)
    }

    pub fn insert(&mut self, record: T) {
        let id = record.id();
        self.all.insert(id, record);
        self.stale = true;
    }

    pub fn selected(&self) -> Option<&T> {
        self.get(self.selected?)
    }

    /// The rows on a screen of `height` rows.
    pub fn window(&self, height: usize) -> impl Iterator<Item = &T> {
        self.rows
            .iter()
            .skip(self.top)
            .take(height)
            .filter_map(|id| self.all.get(id))
    }

    /// Shows only because the cursor rests on it.
    pub fn lingers(&self, id: T::Id) -> bool {
        self.lingers && self.selected == Some(id)
    }

    pub fn is_stale(&self) -> bool {
        self.stale
    }

    /// What shows depends on the time; called when enough of it has passed.
    pub fn expire(&mut self) {
        self.stale = true;
    }

    /// Rebuilds the rows. The selected record stays, though it may no longer match.
    pub fn settle(&mut self, now: i64) {
        let kept = self.selected.filter(|_| self.is_taken);
        self.work_out(now, kept);
    }

    fn work_out(&mut self, now: i64, kept: Option<T::Id>) {
        let mut rows: Vec<&T> = self
            .all
            .values()
            .filter(|record| kept == Some(record.id()) || self.filter.matches(*record, now))
            .collect();
        rows.sort_by(|a, b| a.order(b, now).then_with(|| a.id().cmp(&b.id())));
        let rows: Vec<T::Id> = rows.into_iter().map(T::id).collect();
        let offset = self.cursor as isize - self.top as isize;
        if rows != self.rows {
            self.sight.rearrange();
        }
        self.rows = rows;
        self.stale = false;
        self.lingers = kept
            .and_then(|id| self.all.get(&id))
            .is_some_and(|record| !self.filter.matches(record, now));
        let wanted = self.selected.or(self.returning);
        let found = wanted.and_then(|id| self.rows.iter().position(|row| *row == id));
        let is_returning = self.returning.is_some() && self.selected.is_none();
        if is_returning && found.is_none() && !self.reading.is_loaded() {
            // Until that record is read again the cursor is on none: no key can mean another one.
            return;
        }
        self.is_lost |= is_returning && found.is_none();
        match found {
            Some(row) if self.returning.take().is_some() => self.select(row),
            Some(row) if self.is_taken => self.cursor = row,
            Some(_) => self.select(0),
            None => self.select(if self.is_taken { self.cursor } else { 0 }),
        }
        self.top = self.cursor.saturating_add_signed(-offset);
    }

    /// Whether the record to return to has not been met: told once.
    pub(in crate::app) fn take_lost(&mut self) -> bool {
        std::mem::take(&mut self.is_lost)
    }

    pub fn select_id(&mut self, id: T::Id) -> bool {
        let row = self.rows.iter().position(|row| *row == id);
        if let Some(row) = row {
            self.is_taken = true;
            self.select(row);
        }
        row.is_some()
    }
}

impl<T: Record> Roster<T> {
    /// Moves the cursor to a row, or to the nearest one there is.
    fn select(&mut self, row: usize) {
        self.cursor = row.min(self.rows.len().saturating_sub(1));
        let selected = self.rows.get(self.cursor).copied();
        if selected == self.selected {
            return;
        }
        self.stale |= self.lingers;
        self.lingers = false;
        self.selected = selected;
        self.returning = None;
        self.is_scrolled = false;
        self.sight.surprise();
        self.detail_scroll = 0;
    }
}

impl<T: Record> Pane for Roster<T> {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn cursor(&self) -> usize {
        self.cursor
    }

    fn has_cursor(&self) -> bool {
        self.selected.is_some()
    }

    fn top(&self) -> usize {
        self.top
    }

    fn held(&self) -> usize {
        self.all.len()
    }

    fn point_at(&mut self, row: usize) {
        let was_clear = self.sight.is_clear();
        self.returning = None;
        self.is_scrolled = false;
        let before = self.selected;
        self.select(row);
        let to_another = self.selected != before;
        let is_alone = self.detail == Detail::Full;
        self.sight.moved(was_clear, to_another, is_alone);
    }

    fn click(&mut self, row: usize) {
        let has_moved = self.top != self.drawn_top;
        self.sight.calm();
        self.point_at(row);
        if has_moved {
            self.sight.surprise();
        }
    }

    fn sight(&self) -> &Sight {
        &self.sight
    }

    fn drawn(&mut self) {
        self.sight.drawn();
        self.drawn_top = self.top;
    }

    fn surprise(&mut self) {
        self.sight.surprise();
    }

    fn scroll(&mut self, rows: isize, height: usize) {
        let last_top = self.rows.len().saturating_sub(height.max(1));
        self.top = self.top.saturating_add_signed(rows).min(last_top);
        self.is_scrolled = !self.is_on_screen(height);
    }

    fn is_on_screen(&self, height: usize) -> bool {
        (self.top..self.top + height.max(1)).contains(&self.cursor)
    }

    fn reveal(&mut self, height: usize) {
        self.is_scrolled = false;
        self.sight.surprise();
        self.keep_cursor_visible(height);
    }

    /// From now on the cursor follows its record.
    fn take_cursor(&mut self) {
        self.is_taken = true;
    }

    fn detail(&self) -> Detail {
        self.detail
    }

    fn set_detail(&mut self, detail: Detail) {
        self.detail = detail;
    }

    fn detail_scroll(&self) -> u16 {
        self.detail_scroll
    }

    fn scroll_detail(&mut self, lines: i16) {
        // The view stops at the last line; the model only keeps the wish from running away.
        self.detail_scroll = self.detail_scroll.saturating_add_signed(lines).min(500);
    }

    fn keep_cursor_visible(&mut self, height: usize) {
        let height = height.max(1);
        let last_top = self.rows.len().saturating_sub(height);
        if self.is_scrolled {
            self.top = self.top.min(last_top);
            return;
        }
        self.top = self
            .top
            .clamp((self.cursor + 1).saturating_sub(height), self.cursor)
            .min(last_top);
    }

    fn filter(&self) -> &Facets {
        &self.filter
    }

    /// Puts a filter in force: only what matches shows.
    fn set_filter(&mut self, filter: Facets, now: i64) {
        self.filter = filter;
        self.work_out(now, None);
    }

    fn remember(&mut self, earlier: Facets) {
        if earlier != self.filter && self.earlier.last() != Some(&earlier) {
            self.earlier.push(earlier);
            if self.earlier.len() > HISTORY {
                self.earlier.remove(0);
            }
        }
    }

    fn earlier_filter(&mut self) -> Option<Facets> {
        self.earlier.pop()
    }

    fn reading(&self) -> &Reading {
        &self.reading
    }
}
