//! Reading a whole list page by page, without believing that the server will end it.

use hashbrown::HashSet;

use crate::sync::next_cursor;
use crate::wire::{Failure, Page};

use super::Trouble;

/// How far the reading of a list is, and what befell it.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    walk: Option<Walk>,
    /// When the last complete walk began.
    pub fresh_at: Option<i64>,
    pub trouble: Option<Trouble>,
    /// Records of the last complete walk that could not be read.
    pub unreadable: usize,
}

#[derive(Debug, Clone)]
struct Walk {
    started: i64,
    cursors: HashSet<String>,
    unreadable: usize,
}

impl Reading {
    pub fn is_under_way(&self) -> bool {
        self.walk.is_some()
    }

    /// The list has been read in full at least once.
    pub fn is_loaded(&self) -> bool {
        self.fresh_at.is_some()
    }

    /// Not being read, and not read for so long, or in vain.
    pub fn is_due(&self, now: i64, keeps: i64) -> bool {
        !self.is_under_way()
            && (self.trouble.is_some() || self.fresh_at.is_none_or(|at| now - at > keeps))
    }

    pub fn begin(&mut self, now: i64) {
        self.walk = Some(Walk {
            started: now,
            cursors: HashSet::new(),
            unreadable: 0,
        });
    }

    /// Takes a page in; answers the cursor of the next, if the walk goes on.
    pub fn advance<T>(&mut self, page: &Page<T>) -> Option<String> {
        let walk = self.walk.as_mut()?;
        walk.unreadable += page.unreadable.len();
        match next_cursor(page, &mut walk.cursors) {
            Ok(Some(cursor)) => Some(cursor),
            Ok(None) => {
                self.fresh_at = Some(walk.started);
                self.unreadable = walk.unreadable;
                self.trouble = None;
                self.walk = None;
                None
            }
            Err(doubt) => {
                self.walk = None;
                self.trouble = Some(Trouble::Paging(doubt));
                None
            }
        }
    }

    pub fn fail(&mut self, failure: Failure) {
        self.walk = None;
        self.trouble = Some(Trouble::Failed(failure));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(items: usize, cursor: Option<&str>) -> Page<()> {
        Page {
            items: vec![(); items],
            unreadable: Vec::new(),
            cursor: cursor.map(str::to_owned),
            has_more: cursor.is_some(),
        }
    }

    #[test]
    fn a_second_reading_reads_as_far_as_the_first() {
        let mut reading = Reading::default();
        for start in [1_000, 2_000] {
            reading.begin(start);
            assert_eq!(reading.advance(&page(1, Some("a"))).as_deref(), Some("a"));
            assert_eq!(reading.advance(&page(1, None)), None);
            assert_eq!(reading.fresh_at, Some(start));
        }
    }

    #[test]
    fn paging_that_goes_in_circles_ends_and_says_so() {
        for (items, cursor) in [(1, "a"), (0, "b")] {
            let mut reading = Reading::default();
            reading.begin(0);
            reading.advance(&page(1, Some("a")));
            assert_eq!(reading.advance(&page(items, Some(cursor))), None);
            assert!(matches!(reading.trouble, Some(Trouble::Paging(_))));
            assert!(!reading.is_loaded() && !reading.is_under_way());
        }
    }
}
