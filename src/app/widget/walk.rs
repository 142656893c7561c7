//! Reading a whole list page by page, without believing that the server will end it.

use crate::sync::Trouble;
use crate::wire::{Doubt, Failure, Follower, Page};

/// A list of people is read no further: there is no clinic of this size, and memory has an end.
pub(in crate::app) const MOST: usize = 50_000;

/// An id, as it stands in a record.
type Id = [u8; 16];

/// How far the reading of a list is, and what went wrong.
#[derive(Debug, Clone, Default)]
pub struct ListReading {
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
    /// Its next page can be asked for; `None` stands for the first.
    next: Option<Option<String>>,
    follower: Follower<Id>,
    unreadable: usize,
}

impl ListReading {
    pub fn is_under_way(&self) -> bool {
        self.walk.is_some()
    }

    /// The list has been read in full at least once.
    pub fn is_loaded(&self) -> bool {
        self.fresh_at.is_some()
    }

    /// Not being read, and either not read for this long or not read successfully.
    pub fn is_due(&self, now: i64, keeps: i64) -> bool {
        !self.is_under_way()
            && (self.trouble.is_some() || self.fresh_at.is_none_or(|at| now - at > keeps))
    }

    /// Starts over: the first page can be asked for.
    pub fn begin(&mut self, now: i64) {
        self.walk = Some(Walk {
            started: now,
            next: Some(None),
            follower: Follower::new(MOST),
            unreadable: 0,
        });
    }

    /// Whether a page can be asked for now.
    pub fn is_ready(&self) -> bool {
        self.walk.as_ref().is_some_and(|walk| walk.next.is_some())
    }

    /// Returns the cursor of the page to ask for now, if there is one to ask for. The first page has
    /// none.
    pub fn next_page(&mut self) -> Option<Option<String>> {
        self.walk.as_mut()?.next.take()
    }

    /// Handles a page.
    pub fn advance<T>(&mut self, page: &Page<T>, id: impl Fn(&T) -> Id) {
        let Some(walk) = &mut self.walk else {
            return;
        };
        walk.unreadable += page.unreadable.len();
        match walk.follower.follow(page, id) {
            Ok(Some(cursor)) => walk.next = Some(Some(cursor)),
            Ok(None) => {
                self.fresh_at = Some(walk.started);
                self.unreadable = walk.unreadable;
                self.trouble = None;
                self.walk = None;
            }
            Err(doubt) => self.doubt(doubt),
        }
    }

    fn doubt(&mut self, doubt: Doubt) {
        self.walk = None;
        self.trouble = Some(Trouble::Paging(doubt));
    }

    pub fn fail(&mut self, failure: Failure) {
        self.walk = None;
        self.trouble = Some(Trouble::Failed(failure));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of records with these numbers.
    fn page(numbers: &[u32], cursor: Option<&str>) -> Page<u32> {
        Page {
            items: numbers.to_vec(),
            unreadable: Vec::new(),
            cursor: cursor.map(str::to_owned),
            has_more: cursor.is_some(),
        }
    }

    fn id(number: &u32) -> Id {
        u128::from(*number).to_be_bytes()
    }

    fn begun(now: i64) -> ListReading {
        let mut reading = ListReading::default();
        reading.begin(now);
        assert_eq!(reading.next_page(), Some(None));
        reading
    }

    #[test]
    fn a_second_reading_reads_as_far_as_the_first() {
        let mut reading = ListReading::default();
        for start in [1_000, 2_000] {
            reading.begin(start);
            assert!(reading.is_ready());
            assert_eq!(reading.next_page(), Some(None));
            assert!(!reading.is_ready());
            reading.advance(&page(&[1], Some("a")), id);
            assert_eq!(reading.next_page(), Some(Some("a".into())));
            reading.advance(&page(&[2], None), id);
            assert_eq!((reading.next_page(), reading.fresh_at), (None, Some(start)));
        }
    }

    #[test]
    fn paging_that_goes_in_circles_ends_and_says_so() {
        for (numbers, cursor) in [(&[2][..], "a"), (&[], "b")] {
            let mut reading = begun(0);
            reading.advance(&page(&[1], Some("a")), id);
            reading.advance(&page(numbers, Some(cursor)), id);
            assert_eq!(reading.next_page(), None);
            assert!(matches!(reading.trouble, Some(Trouble::Paging(_))));
            assert!(!reading.is_loaded() && !reading.is_under_way());
        }
    }

    /// Reads until the list ends; returns how many pages it took and what was wrong.
    fn read(next: impl Fn(u32) -> Vec<u32>) -> (u32, Option<Trouble>) {
        let mut reading = begun(0);
        for number in 0.. {
            let cursor = number.to_string();
            reading.advance(&page(&next(number), Some(&cursor)), id);
            if !reading.is_under_way() {
                return (number + 1, reading.trouble);
            }
            assert!(reading.next_page().is_some());
        }
        unreachable!("it ends")
    }

    #[test]
    fn a_list_that_leads_nowhere_ends_and_says_so() {
        let trouble = |doubt| Some(Trouble::Paging(doubt));
        assert_eq!(read(|_| vec![1]), (6, trouble(Doubt::NoNews)));
        let new = |number| (0..100).map(|n| 100 * number + n).collect();
        assert_eq!(read(new), (501, trouble(Doubt::TooMany(MOST))));
    }
}
