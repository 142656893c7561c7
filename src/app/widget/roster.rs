//! A list of records other than studies: which of them show, in what order, and where the cursor is.
//!
//! As on the worklist the cursor is on a record, never on a row. The API deletes neither users nor
//! invitations, so a record that a walk did not meet is kept: the walk may have missed it.

use crate::app::widget::record_list::{Position, RecordList};
use crate::app::widget::walk::ListReading;
use crate::worklist::{Facet, Faceted, Facets};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Debug;

/// How many earlier filters Esc can bring back.
const HISTORY: usize = 20;

/// What a roster holds.
pub trait RosterRecord: Faceted + Debug + Clone {
    type Id: Copy + Ord + Debug;
    /// The keys of its filter.
    const FACETS: &'static [Facet];

    fn id(&self) -> Self::Id;

    /// Which of two comes first, at `now` (Unix milliseconds).
    fn order(&self, other: &Self, now: i64) -> Ordering;
}

#[derive(Debug, Clone)]
pub struct Roster<T: RosterRecord> {
    all: BTreeMap<T::Id, T>,
    filter: Facets,
    earlier: Vec<Facets>,
    /// What shows, in order.
    rows: Vec<T::Id>,
    selected: Option<T::Id>,
    position: Position,
    /// The record under the cursor before the screen was locked is no longer there.
    is_lost: bool,
    /// The record to return to once it is read again, after the screen was locked.
    returning: Option<T::Id>,
    pub reading: ListReading,
    /// Rows no longer show what is held.
    stale: bool,
    /// The selected record no longer matches: it leaves when the cursor does.
    lingers: bool,
}

/// A list of people, whatever it holds: what studies have otherwise.
pub trait PeopleList: RecordList {
    /// Records held, shown or not.
    fn held(&self) -> usize;
    fn filter(&self) -> &Facets;
    /// Puts a filter in force: only what matches shows.
    fn set_filter(&mut self, filter: Facets, now: i64);
    /// Remembers the filter that was in force, for Esc.
    fn remember(&mut self, earlier: Facets);
    fn earlier_filter(&mut self) -> Option<Facets>;
    fn reading(&self) -> &ListReading;
}

impl<T: RosterRecord> Default for Roster<T> {
    fn default() -> Self {
        Self {
            all: BTreeMap::new(),
            filter: Facets::new(T::FACETS),
            earlier: Vec::new(),
            rows: Vec::new(),
            selected: None,
            position: Position::default(),
            is_lost: false,
            returning: None,
            reading: ListReading::default(),
            stale: false,
            lingers: false,
        }
    }
}

impl<T: RosterRecord> Roster<T> {
    /// Forgets every record. What a person chose stays: the filter, and by its id the record under the
    /// cursor.
    pub(in crate::app) fn forget(&mut self) {
        let roster = std::mem::take(self);
        *self = Self {
            filter: roster.filter,
            position: roster.position.kept(),
            returning: roster.selected.or(roster.returning),
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
            .skip(self.position.top)
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
    pub fn rebuild_rows(&mut self, now: i64) {
        let kept = self.selected.filter(|_| self.position.is_taken);
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
        let offset = self.position.cursor as isize - self.position.top as isize;
        if rows != self.rows {
            self.position.sight.rearrange();
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
            Some(row) if self.returning.take().is_some() => {
                self.select(row);
            }
            Some(row) if self.position.is_taken => self.position.cursor = row,
            Some(_) => {
                self.select(0);
            }
            None => {
                self.select(if self.position.is_taken {
                    self.position.cursor
                } else {
                    0
                });
            }
        }
        self.position.top = self.position.cursor.saturating_add_signed(-offset);
    }

    /// Whether the record to return to has not been met: told once.
    pub(in crate::app) fn report_lost(&mut self) -> bool {
        std::mem::take(&mut self.is_lost)
    }

    pub fn select_id(&mut self, id: T::Id) -> bool {
        let row = self.rows.iter().position(|row| *row == id);
        if let Some(row) = row {
            self.position.is_taken = true;
            self.select(row);
        }
        row.is_some()
    }
}

impl<T: RosterRecord> RecordList for Roster<T> {
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
        let selected = self.rows.get(row).copied();
        if selected == self.selected {
            return false;
        }
        self.stale |= self.lingers;
        self.lingers = false;
        self.selected = selected;
        self.returning = None;
        true
    }

    fn stop_waiting(&mut self) {
        self.returning = None;
    }
}

impl<T: RosterRecord> PeopleList for Roster<T> {
    fn held(&self) -> usize {
        self.all.len()
    }

    fn filter(&self) -> &Facets {
        &self.filter
    }

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

    fn reading(&self) -> &ListReading {
        &self.reading
    }
}
