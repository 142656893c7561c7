//! The worklist pane: which studies show, in what order, and where the cursor is.
//!
//! The cursor is on a study, never on a row number. While it rests there, that study's row neither
//! leaves nor moves relative to its neighbours, whatever the server says: a key can only ever mean
//! the study that was on screen when it was pressed.

use crate::app::widget::marks::Marks;
use crate::app::widget::record_list::{Position, RecordList};
use crate::app::widget::sight::Sight;
use crate::wire::{Study, StudyId};
use crate::worklist::{
    Changes, Column, Filter, FilterContext, FilteredStudies, Order, Slot, SlotSet, Sort, Store,
    StudyView, Targets, Upsert,
};
use std::collections::{HashMap, HashSet};

/// How many earlier filters Esc can bring back.
const HISTORY: usize = 20;

#[derive(Debug, Clone)]
pub struct StudyList {
    pub store: Store,
    pub filter: Filter,
    pub sort: Sort,
    /// The columns wanted; the table shows those that fit.
    pub columns: Vec<Column>,
    /// Filters that Esc can bring back, within the view.
    earlier: Vec<Filter>,
    /// What matches.
    found: FilteredStudies,
    /// The same, in the order asked for.
    order: Order,
    /// What shows: the order, except for rows that keep their place a little longer.
    rows: Vec<Slot>,
    selected: Option<StudyId>,
    position: Position,
    /// Whether the marked studies have been drawn, or counted, as they are.
    pub(in crate::app) marks_seen: Sight,
    /// The study to return to once it is read again, after the screen was locked.
    returning: Option<StudyId>,
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

impl Default for StudyList {
    fn default() -> Self {
        Self {
            store: Store::default(),
            filter: Filter::default(),
            sort: Sort::default(),
            columns: Column::DEFAULT.to_vec(),
            earlier: Vec::new(),
            found: FilteredStudies::default(),
            order: Order::default(),
            rows: Vec::new(),
            selected: None,
            typed_from: None,
            position: Position::default(),
            marks_seen: Sight::default(),
            returning: None,
            targets: Targets::default(),
            new: HashSet::new(),
            changed: HashSet::new(),
            lingering: HashSet::new(),
            gone: HashSet::new(),
            held: false,
            stale: false,
            marks: Marks::default(),
        }
    }
}

impl StudyList {
    /// Forgets every study. What a person chose stays: filter, order and columns, and by their ids the
    /// study under the cursor and the marked ones.
    pub(in crate::app) fn forget(&mut self) {
        let mut list = std::mem::take(self);
        list.close_range();
        *self = Self {
            filter: list.filter,
            sort: list.sort,
            columns: list.columns,
            position: list.position.kept(),
            targets: list.targets,
            returning: list.selected.or(list.returning),
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
            .skip(self.position.top)
            .take(height)
            .map(|slot| self.store.get(*slot))
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
                    self.position.sight.surprise();
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
        self.rebuild_rows(Cause::Filter, context);
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
    pub fn rebuild_rows(&mut self, cause: Cause, context: &FilterContext<'_>) -> Changes {
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
        let offset = self.position.cursor as isize - self.position.top as isize;
        let rows = match cause {
            Cause::Filter => self.order.slots().to_vec(),
            Cause::Data | Cause::Refresh => self.keep_in_place(cause),
        };
        if rows != self.rows {
            self.position.sight.rearrange();
        }
        self.rows = rows;
        self.stale = false;
        self.find_cursor();
        self.position.top = self.position.cursor.saturating_add_signed(-offset);
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
            _ if !self.position.is_taken => {
                self.select(0);
            }
            Some(row) => self.position.cursor = row,
            None => {
                self.select(self.position.cursor);
            }
        }
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
}

impl RecordList for StudyList {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn position(&self) -> &Position {
        &self.position
    }

    fn position_mut(&mut self) -> &mut Position {
        &mut self.position
    }

    fn has_cursor(&self) -> bool {
        self.selected.is_some()
    }

    fn select_row(&mut self, row: usize) -> bool {
        let selected = self.rows.get(row).map(|slot| self.store.get(*slot).id());
        if selected == self.selected {
            return false;
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
        true
    }

    fn stop_waiting(&mut self) {
        self.returning = None;
    }
}

#[cfg(test)]
mod tests;
