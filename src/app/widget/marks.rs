//! Studies marked for what comes next. Marks are on ids: they outlast any refresh, sort or filter.

use crate::app::widget::record_list::RecordList;
use crate::app::widget::study_list::StudyList;
use crate::wire::StudyId;
use crate::worklist::Slot;
use std::collections::HashSet;

#[derive(Debug, Clone, Default)]
pub struct Marks {
    ids: HashSet<StudyId>,
    /// Where a range began that is still open.
    anchor: Option<StudyId>,
}

impl Marks {
    pub(in crate::app) fn contains(&self, id: StudyId) -> bool {
        self.ids.contains(&id)
    }
}

impl StudyList {
    /// The marked studies: those on the list in its order, and those that the filter hides.
    pub fn marked(&self) -> (Vec<StudyId>, Vec<StudyId>) {
        if !self.has_marks() {
            return (Vec::new(), Vec::new());
        }
        let range = self.range();
        let mut left = self.marks.ids.clone();
        let mut shown = Vec::new();
        for (row, slot) in self.rows().iter().enumerate() {
            let id = self.store.get(*slot).id();
            if left.remove(&id) || range.is_some_and(|(from, to)| (from..=to).contains(&row)) {
                shown.push(id);
            }
        }
        // A study that is known no longer has no row to hide.
        let mut hidden: Vec<StudyId> = left
            .into_iter()
            .filter(|id| self.store.slot(*id).is_some())
            .collect();
        hidden.sort_unstable();
        (shown, hidden)
    }

    pub fn is_marked(&self, id: StudyId, row: usize) -> bool {
        self.marks.ids.contains(&id)
            || self
                .range()
                .is_some_and(|(from, to)| (from..=to).contains(&row))
    }

    pub fn has_marks(&self) -> bool {
        !self.marks.ids.is_empty() || self.marks.anchor.is_some()
    }

    /// Marks or unmarks the study under the cursor and moves on.
    pub fn toggle_mark(&mut self) {
        self.close_range();
        if let Some(id) = self.selected()
            && !self.marks.ids.remove(&id)
        {
            self.marks.ids.insert(id);
        }
        self.move_by(1);
    }

    /// Begins a range at the cursor, or ends the one that is open.
    pub fn toggle_range(&mut self) {
        if self.marks.anchor.is_some() {
            self.close_range();
        } else {
            self.marks.anchor = self.selected();
        }
    }

    /// Marks all that is on the list, or none of it if all is marked.
    pub fn toggle_all(&mut self) {
        self.close_range();
        let shown: Vec<StudyId> = self.ids().collect();
        if shown.iter().all(|id| self.marks.ids.contains(id)) {
            shown.iter().for_each(|id| {
                self.marks.ids.remove(id);
            });
        } else {
            self.marks.ids.extend(shown);
        }
    }

    /// Removes the mark of one study. An open range goes on, unless it contains the study.
    pub fn unmark(&mut self, id: StudyId) {
        if !self.marks.ids.remove(&id) {
            self.close_range();
            self.marks.ids.remove(&id);
        }
    }

    /// Removes all marks. Returns whether there were any.
    pub fn clear_marks(&mut self) -> bool {
        let had = self.has_marks();
        self.marks = Marks::default();
        had
    }

    /// Turns an open range into marks.
    pub fn close_range(&mut self) {
        if let Some((from, to)) = self.range() {
            let ids: Vec<StudyId> = self.ids().skip(from).take(to - from + 1).collect();
            self.marks.ids.extend(ids);
        }
        self.marks.anchor = None;
    }

    fn ids(&self) -> impl Iterator<Item = StudyId> + '_ {
        self.rows().iter().map(|slot| self.store.get(*slot).id())
    }

    /// The rows between the anchor and the cursor.
    fn range(&self) -> Option<(usize, usize)> {
        let anchor: Slot = self.store.slot(self.marks.anchor?)?;
        let from = self.rows().iter().position(|slot| *slot == anchor)?;
        let to = self.cursor();
        Some((from.min(to), from.max(to)))
    }
}
