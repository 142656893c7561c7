//! The worklist pane: which studies show, in what order, and where the cursor is.
//!
//! The cursor is on a study, never on a row number. While it rests there, that study's row neither
//! leaves nor moves relative to its neighbours, whatever the server says: a key can only ever mean
//! the study that was on screen when it was pressed.

use crate::app::widget::geometry::Detail;
use crate::app::widget::marks::Marks;
use crate::app::widget::sight::Sight;
use crate::wire::{Study, StudyId};
use crate::worklist::{
    Changes, Column, Filter, FilterContext, Found, Order, Slot, SlotSet, Sort, Store, StudyView,
    Targets, Upsert,
};
use std::collections::{HashMap, HashSet};

/// How many earlier filters Esc can bring back.
const HISTORY: usize = 20;

#[derive(Debug, Clone)]
pub struct List {
    pub store: Store,
    pub filter: Filter,
    pub sort: Sort,
    /// The columns wanted; the table shows those that fit.
    pub columns: Vec<Column>,
    /// Filters that Esc can bring back, within the view.
    earlier: Vec<Filter>,
    /// What matches.
    found: Found,
    /// The same, in the order asked for.
    order: Order,
    /// What shows: the order, except for rows that keep their place a little longer.
    rows: Vec<Slot>,
    selected: Option<StudyId>,
    /// Row of the selected study, if there is one.
    cursor: usize,
    /// First row on screen.
    top: usize,
    /// The wheel turned the rows away from the cursor, which may be off the screen.
    is_scrolled: bool,
    sight: Sight,
    /// Whether the marked studies have been drawn, or counted, as they are.
    pub(in crate::app) marks_seen: Sight,
    /// First row on the screen that was drawn last.
    drawn_top: usize,
    /// The study to return to once it is read again, after the screen was locked.
    returning: Option<StudyId>,
    pub detail: Detail,
    pub detail_scroll: u16,
    pub targets: Targets,
    /// New since the first load, and not yet visited by the cursor.
    new: HashSet<StudyId>,
    /// Changed by others, and not yet visited by the cursor.
    changed: HashSet<StudyId>,
    /// Shown although they no longer match, until the next refresh.
    lingering: HashSet<StudyId>,
    /// Known to be gone from the server; removed as soon as the cursor is elsewhere.
    gone: HashSet<StudyId>,
    /// The selected study changed under the cursor: it keeps its place until the cursor leaves.
    held: bool,
    stale: bool,
    /// Where the cursor was when a person began to type a filter.
    typed_from: Option<StudyId>,
    /// A person has taken hold of the cursor. Until then it stays on the first row while pages arrive.
    is_taken: bool,
    pub(in crate::app) marks: Marks,
}

/// Why rows are rebuilt: decides what may leave the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Data came in: rows that no longer match linger.
    Data,
    /// A list was read in full, or a person asked: lingering rows leave.
    Refresh,
    /// The filter changed: only what matches shows.
    Filter,
}

/// What the gutter says of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    None,
    New,
    Changed,
    /// No longer matches the filter, or no longer exists.
    Leaving,
}

impl Default for List {
    fn default() -> Self {
        Self {
            store: Store::default(),
            filter: Filter::default(),
            sort: Sort::default(),
            columns: Column::DEFAULT.to_vec(),
            earlier: Vec::new(),
            found: Found::default(),
            order: Order::default(),
            rows: Vec::new(),
            selected: None,
            typed_from: None,
            cursor: 0,
            top: 0,
            is_scrolled: false,
            sight: Sight::default(),
            marks_seen: Sight::default(),
            drawn_top: 0,
            returning: None,
            detail: Detail::default(),
            detail_scroll: 0,
            targets: Targets::default(),
            new: HashSet::new(),
            changed: HashSet::new(),
            lingering: HashSet::new(),
            gone: HashSet::new(),
            held: false,
            stale: false,
            is_taken: false,
            marks: Marks::default(),
        }
    }
}

impl List {
    /// Forgets every study. What a person chose stays: filter, order and columns, and by their ids the
    /// study under the cursor and the marked ones.
    pub(in crate::app) fn forget(&mut self) {
        let mut list = std::mem::take(self);
        list.close_range();
        *self = Self {
            filter: list.filter,
            sort: list.sort,
            columns: list.columns,
            detail: list.detail,
            targets: list.targets,
            returning: list.selected.or(list.returning),
            is_taken: list.is_taken,
            marks: list.marks,
            ..Self::default()
        };
    }

    /// Whether the study that was under the cursor before the lock is still to be read again.
    pub fn is_returning(&self) -> bool {
        self.returning.is_some()
    }

    /// The list is read, and does not show the study to return to. Returns whether one was missed.
    pub(in crate::app) fn stop_returning(&mut self) -> bool {
        let missed = self.returning.take().is_some();
        if missed && self.selected.is_none() {
            self.select(0);
        }
        missed
    }

    pub fn rows(&self) -> &[Slot] {
        &self.rows
    }

    /// The rows on a screen of `height` rows.
    pub fn window(&self, height: usize) -> impl Iterator<Item = StudyView<'_>> {
        self.rows
            .iter()
            .skip(self.top)
            .take(height)
            .map(|slot| self.store.get(*slot))
    }

    pub fn top(&self) -> usize {
        self.top
    }

    pub fn cursor(&self) -> usize {
        self.cursor
    }

    pub fn selected(&self) -> Option<StudyId> {
        self.selected
    }

    pub fn selected_study(&self) -> Option<StudyView<'_>> {
        self.store.find(self.selected?)
    }

    pub fn mark(&self, study: StudyView<'_>, context: &FilterContext<'_>) -> Mark {
        let id = study.id();
        if self.gone.contains(&id) || !self.filter.matches(study, context) {
            Mark::Leaving
        } else if self.new.contains(&id) {
            Mark::New
        } else if self.changed.contains(&id) {
            Mark::Changed
        } else {
            Mark::None
        }
    }

    /// Stores a study from the server. `by_others` marks it as news.
    pub fn upsert(&mut self, study: &Study, by_others: bool) -> Upsert {
        let outcome = self.store.upsert(study);
        let id = study.study_id;
        match outcome {
            Upsert::Same(_) => {}
            Upsert::Inserted(_) => {
                self.stale = true;
                if by_others && study.is_open() {
                    self.new.insert(id);
                }
            }
            Upsert::Changed(_) => {
                self.stale = true;
                if self.selected == Some(id) {
                    self.held = true;
                    self.sight.surprise();
                }
                if self.marks.contains(id) {
                    self.marks_seen.surprise();
                }
                if by_others && !self.new.contains(&id) {
                    self.changed.insert(id);
                }
            }
        }
        self.gone.remove(&id);
        outcome
    }

    /// The server no longer knows this study.
    pub fn vanish(&mut self, id: StudyId) {
        if self.store.slot(id).is_some() {
            self.gone.insert(id);
            self.stale = true;
        }
    }

    /// Rows no longer show what the store holds.
    pub fn is_stale(&self) -> bool {
        self.stale
    }

    /// The order depends on the time; called when enough of it has passed.
    pub fn expire(&mut self) {
        self.stale = true;
    }

    pub fn set_filter(&mut self, filter: Filter, context: &FilterContext<'_>) {
        self.filter = filter;
        self.settle(Cause::Filter, context);
    }

    /// Remembers the filter that was in force, for Esc.
    pub fn remember(&mut self, filter: Filter) {
        if filter != self.filter && self.earlier.last() != Some(&filter) {
            self.earlier.push(filter);
            if self.earlier.len() > HISTORY {
                self.earlier.remove(0);
            }
        }
    }

    /// A view was chosen: Esc does not go back beyond its own filter.
    pub fn forget_earlier(&mut self) {
        self.earlier.clear();
    }

    /// Returns the filter that was remembered last.
    pub fn step_back(&mut self) -> Option<Filter> {
        self.earlier.pop()
    }

    pub fn has_lingering(&self) -> bool {
        !self.lingering.is_empty()
    }

    /// Rebuilds the rows from the store, and returns what changed there since the last time.
    pub fn settle(&mut self, cause: Cause, context: &FilterContext<'_>) -> Changes {
        if cause != Cause::Data {
            self.lingering.clear();
            self.held = cause != Cause::Filter && self.held;
        }
        self.drop_gone();
        let changes = self.store.take_changes();
        self.found
            .refresh(&self.filter, &self.store, context, &changes);
        let manner = (self.sort, context.now, context.targets);
        self.order
            .refresh(&self.store, self.found.studies(), &changes, manner);
        let offset = self.cursor as isize - self.top as isize;
        let rows = match cause {
            Cause::Filter => self.order.slots().to_vec(),
            Cause::Data | Cause::Refresh => self.keep_in_place(cause),
        };
        if rows != self.rows {
            self.sight.rearrange();
        }
        self.rows = rows;
        self.stale = false;
        self.find_cursor();
        self.top = self.cursor.saturating_add_signed(-offset);
        changes
    }

    fn drop_gone(&mut self) {
        let selected = self.selected;
        let leaving: HashSet<StudyId> = self
            .gone
            .iter()
            .copied()
            .filter(|id| Some(*id) != selected)
            .collect();
        if leaving.is_empty() {
            return;
        }
        let store = &self.store;
        self.rows
            .retain(|row| !leaving.contains(&store.get(*row).id()));
        for id in leaving {
            self.store.remove(id);
            self.gone.remove(&id);
            self.new.remove(&id);
            self.changed.remove(&id);
        }
    }

    /// The order, with rows that would leave, and a held one, back after the neighbour they stood
    /// behind.
    fn keep_in_place(&mut self, cause: Cause) -> Vec<Slot> {
        let matching = self.found.studies();
        let selected = self.selected.and_then(|id| self.store.slot(id));
        let stays = |slot: Slot| {
            if matching.contains(slot) {
                self.held && Some(slot) == selected
            } else {
                Some(slot) == selected || cause == Cause::Data
            }
        };
        let mut kept = SlotSet::default();
        // Those that are kept, behind each row that is in the order for sure; first those before all.
        let mut followers: HashMap<Option<Slot>, Vec<Slot>> = HashMap::new();
        let mut neighbour = None;
        for slot in &self.rows {
            if stays(*slot) {
                kept.insert(*slot);
                followers.entry(neighbour).or_default().push(*slot);
            } else if matching.contains(*slot) {
                neighbour = Some(*slot);
            }
        }
        if followers.is_empty() {
            return self.order.slots().to_vec();
        }
        let mut rows = followers.remove(&None).unwrap_or_default();
        for slot in self.order.slots() {
            if kept.contains(*slot) {
                continue;
            }
            rows.push(*slot);
            if !followers.is_empty() {
                rows.extend(followers.remove(&Some(*slot)).unwrap_or_default());
            }
        }
        for slot in &rows {
            if kept.contains(*slot) && !matching.contains(*slot) {
                self.lingering.insert(self.store.get(*slot).id());
            }
        }
        rows
    }

    /// Finds the selected study's row, or selects what is now in its place.
    fn find_cursor(&mut self) {
        let wanted = self.selected.or(self.returning);
        let slot = wanted.and_then(|id| self.store.slot(id));
        let found = slot.and_then(|slot| self.rows.iter().position(|row| *row == slot));
        if self.returning.is_some() && self.selected.is_none() {
            // Until that study is read again the cursor is on none: no key can mean another one.
            if let Some(row) = found {
                self.returning = None;
                self.select(row);
            }
            return;
        }
        match found {
            _ if !self.is_taken => self.select(0),
            Some(row) => self.cursor = row,
            None => self.select(self.cursor),
        }
    }

    /// From now on the cursor follows its study.
    pub fn take_cursor(&mut self) {
        self.is_taken = true;
    }

    /// A person moves the cursor to a row, or to the nearest one there is.
    pub fn point_at(&mut self, row: usize) {
        let was_clear = self.sight.is_clear();
        self.returning = None;
        self.is_scrolled = false;
        let before = self.selected;
        self.select(row);
        let to_another = self.selected != before;
        let is_alone = self.detail == Detail::Full;
        self.sight.moved(was_clear, to_another, is_alone);
    }

    /// Moves the cursor to a row, or to the nearest one there is.
    pub fn select(&mut self, row: usize) {
        self.cursor = row.min(self.rows.len().saturating_sub(1));
        let selected = self
            .rows
            .get(self.cursor)
            .map(|slot| self.store.get(*slot).id());
        if selected == self.selected {
            return;
        }
        if let Some(id) = self.selected {
            self.new.remove(&id);
            self.changed.remove(&id);
            // What was kept for the cursor's sake alone may go now.
            self.stale |= self.held || self.gone.contains(&id) || self.lingering.contains(&id);
        }
        self.held = false;
        self.selected = selected;
        self.returning = None;
        self.is_scrolled = false;
        self.sight.surprise();
        self.detail_scroll = 0;
    }

    pub fn select_id(&mut self, id: StudyId) -> bool {
        let row = self
            .store
            .slot(id)
            .and_then(|slot| self.rows.iter().position(|row| *row == slot));
        if let Some(row) = row {
            self.select(row);
        }
        row.is_some()
    }

    pub(in crate::app) fn begin_typing(&mut self) {
        self.typed_from = self.selected;
    }

    /// Puts the cursor back on the study where typing began, or on the first row where that one is not
    /// asked for: what half a word found on the way was not chosen by anyone.
    pub(in crate::app) fn return_from_typing(&mut self) {
        if !self.typed_from.is_some_and(|id| self.select_id(id)) {
            self.select(0);
        }
    }

    pub fn move_by(&mut self, rows: isize) {
        match self.selected {
            // The cursor is on no row while a study is waited for: the first key shows where it is.
            None => self.point_at(self.cursor),
            Some(_) => self.point_at(self.cursor.saturating_add_signed(rows)),
        }
    }

    /// A person clicked on a row. Where the rows have moved since they were drawn, it is another one than
    /// the one they saw there.
    pub fn click(&mut self, row: usize) {
        let has_moved = self.top != self.drawn_top;
        self.sight.calm();
        self.point_at(row);
        if has_moved {
            self.sight.surprise();
        }
    }

    pub(in crate::app) fn sight(&self) -> &Sight {
        &self.sight
    }

    /// A frame has shown the rows.
    pub(in crate::app) fn drawn(&mut self) {
        self.sight.drawn();
        self.marks_seen.drawn();
        self.drawn_top = self.top;
    }

    /// The cursor came back to the list without a key that chose a row.
    pub(in crate::app) fn surprise(&mut self) {
        self.sight.surprise();
    }

    /// Turns the rows on a screen of `height` rows, and leaves the cursor where it is.
    pub fn scroll(&mut self, rows: isize, height: usize) {
        let last_top = self.rows.len().saturating_sub(height.max(1));
        self.top = self.top.saturating_add_signed(rows).min(last_top);
        self.is_scrolled = !self.is_on_screen(height);
    }

    /// Whether the cursor is among the rows on a screen of `height` rows.
    pub fn is_on_screen(&self, height: usize) -> bool {
        (self.top..self.top + height.max(1)).contains(&self.cursor)
    }

    /// Brings the cursor back on a screen of `height` rows.
    pub fn reveal(&mut self, height: usize) {
        self.is_scrolled = false;
        self.sight.surprise();
        self.keep_cursor_visible(height);
    }

    /// Scrolls so that the cursor is on a screen of `height` rows.
    pub fn keep_cursor_visible(&mut self, height: usize) {
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
}

#[cfg(test)]
mod tests;
