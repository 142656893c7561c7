//! Following a list from page to page: what was met, and whether the cursor still leads anywhere.
//!
//! No server is trusted to end its list. A cursor that comes a second time, a page without records and
//! pages that bring nothing new end a reading, each with a [`Doubt`]. So do a list without end and one
//! that holds more than anybody could use. What is kept to find that out is bounded as well.
//!
//! A [`Follower`] does all of it for a list that is read over one cursor. Where several cursors read parts
//! of one list, each has a [`Trail`], and they share what they [`Met`].

use std::hash::{BuildHasher, Hash};

use hashbrown::{DefaultHashBuilder, HashSet};

use super::Page;

/// A reading ends after this many pages in a row without a new record. Pages overlap where a list shifts
/// while it is read, but only by a record or two.
const DRY_PAGES: u32 = 5;
/// A page of unreadable records without ids may be new or not. It takes this many of them to count as one
/// page without a new record.
const NAMELESS: u32 = 10;
/// A cursor is followed over this many pages at most: a million records at 100 a page.
pub const MAX_PAGES: u32 = 10_000;
/// At most this many unreadable records are told apart by their ids. More count as nameless.
const MAX_UNREADABLE: usize = 10_000;

/// Why the pages of a list cannot be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    #[error("it sent an empty page and said there is more")]
    EmptyPage,
    #[error("it sent the same page cursor twice")]
    RepeatedCursor,
    #[error("it said there is more but not where")]
    MissingCursor,
    #[error("it keeps sending the same records")]
    NoNews,
    #[error("page after page cannot be read")]
    Unreadable,
    #[error("it never came to an end")]
    Endless,
    /// More records than are kept.
    #[error("it holds more than {} records", grouped(*.0))]
    TooMany(usize),
}

/// A number with commas between the thousands.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What a page brought to a reading.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PageNews {
    /// A record that was not met before.
    pub is_fresh: bool,
    /// A record that was met before.
    pub is_repeated: bool,
    /// A record of which nobody can tell, because it has no id.
    pub is_nameless: bool,
}

/// The records that a reading met.
#[derive(Debug, Clone)]
pub struct Met<Id> {
    ids: HashSet<Id>,
    unreadable: HashSet<u64>,
    hasher: DefaultHashBuilder,
}

impl<Id> Default for Met<Id> {
    fn default() -> Self {
        Self {
            ids: HashSet::default(),
            unreadable: HashSet::default(),
            hasher: DefaultHashBuilder::default(),
        }
    }
}

impl<Id: Hash + Eq> Met<Id> {
    pub fn apply_page<T>(&mut self, page: &Page<T>, id: impl Fn(&T) -> Id) -> PageNews {
        let mut news = PageNews::default();
        for record in &page.items {
            let is_new = self.ids.insert(id(record));
            news.is_fresh |= is_new;
            news.is_repeated |= !is_new;
        }
        for record in &page.unreadable {
            match &record.id {
                Some(id) if self.unreadable.len() < MAX_UNREADABLE => {
                    news.is_fresh |= self.unreadable.insert(self.hasher.hash_one(id));
                }
                Some(id) if self.unreadable.contains(&self.hasher.hash_one(id)) => {}
                Some(_) | None => news.is_nameless = true,
            }
        }
        news
    }

    pub fn ids(&self) -> &HashSet<Id> {
        &self.ids
    }
}

/// The path of one cursor through a list.
#[derive(Debug, Clone)]
pub struct Trail {
    /// A hash of each cursor that was followed: a server may send cursors of any length.
    cursors: HashSet<u64>,
    hasher: DefaultHashBuilder,
    /// Pages in a row that brought nothing new, in parts of [`NAMELESS`].
    dry: u32,
    /// How many such parts end the reading.
    patience: u32,
    pages: u32,
    max_pages: u32,
    /// An empty page in the middle is no doubt: a filter may have left nothing of it.
    may_be_empty: bool,
}

impl Default for Trail {
    fn default() -> Self {
        Self::over_known(0)
    }
}

impl Trail {
    /// Returns a trail on which this many pages may come again, because the reading has them already.
    pub fn over_known(pages: u32) -> Self {
        Self {
            cursors: HashSet::default(),
            hasher: DefaultHashBuilder::default(),
            dry: 0,
            patience: DRY_PAGES.saturating_add(pages).saturating_mul(NAMELESS),
            pages: 0,
            max_pages: MAX_PAGES,
            may_be_empty: false,
        }
    }

    /// Follows no further than over this many pages.
    pub fn with_max_pages(mut self, max_pages: u32) -> Self {
        self.max_pages = max_pages;
        self
    }

    /// Returns how many pages it was given.
    pub fn pages(&self) -> u32 {
        self.pages
    }

    /// Returns where the list goes on after a page, if it does.
    pub fn follow<T>(&mut self, page: &Page<T>, news: PageNews) -> Result<Option<String>, Doubt> {
        self.pages += 1;
        let Some(cursor) = page.next() else {
            return if page.has_more {
                Err(Doubt::MissingCursor)
            } else {
                Ok(None)
            };
        };
        if !self.may_be_empty && page.items.is_empty() && page.unreadable.is_empty() {
            return Err(Doubt::EmptyPage);
        }
        if !self.cursors.insert(self.hasher.hash_one(cursor)) {
            return Err(Doubt::RepeatedCursor);
        }
        self.dry = match news {
            PageNews { is_fresh: true, .. } => 0,
            PageNews {
                is_nameless: true, ..
            } => self.dry + 1,
            _ => self.dry + NAMELESS,
        };
        if self.dry >= self.patience && page.items.is_empty() {
            Err(Doubt::Unreadable)
        } else if self.dry >= self.patience {
            Err(Doubt::NoNews)
        } else if self.pages >= self.max_pages {
            Err(Doubt::Endless)
        } else {
            Ok(Some(cursor.to_owned()))
        }
    }
}

/// The reading of a list over one cursor.
#[derive(Debug, Clone)]
pub struct Follower<Id> {
    met: Met<Id>,
    trail: Trail,
    most: usize,
}

impl<Id: Hash + Eq> Follower<Id> {
    /// Reads a list that can hold this many records and no more.
    pub fn new(most: usize) -> Self {
        Self {
            met: Met::default(),
            trail: Trail::default(),
            most,
        }
    }

    /// Follows no further than over this many pages.
    pub fn with_max_pages(mut self, max_pages: u32) -> Self {
        self.trail = self.trail.with_max_pages(max_pages);
        self
    }

    /// Goes on after an empty page: a filter may have left nothing of it.
    pub fn with_empty_pages(mut self) -> Self {
        self.trail.may_be_empty = true;
        self
    }

    /// Takes a page in. Returns the cursor of the next one, `None` where the list ends.
    pub fn follow<T>(
        &mut self,
        page: &Page<T>,
        id: impl Fn(&T) -> Id,
    ) -> Result<Option<String>, Doubt> {
        let news = self.met.apply_page(page, id);
        let next = self.trail.follow(page, news)?;
        if next.is_some() && self.met.ids.len() > self.most {
            return Err(Doubt::TooMany(self.most));
        }
        Ok(next)
    }

    /// Returns how many pages it was given.
    pub fn pages(&self) -> u32 {
        self.trail.pages()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Unreadable;
    use super::*;

    fn page(items: &[u32], cursor: usize) -> Page<u32> {
        Page {
            items: items.to_vec(),
            unreadable: Vec::new(),
            cursor: Some(format!("c{cursor}")),
            has_more: true,
        }
    }

    fn unreadable(ids: impl Iterator<Item = Option<usize>>, cursor: usize) -> Page<u32> {
        Page {
            unreadable: ids
                .map(|id| Unreadable {
                    id: id.map(|id| id.to_string()),
                    reason: "odd".into(),
                })
                .collect(),
            ..page(&[], cursor)
        }
    }

    /// Follows a list; returns how many pages it took and why it ended.
    fn walk(trail: Trail, next: impl Fn(usize) -> Page<u32>) -> (u32, Doubt) {
        let follower = Follower {
            trail,
            ..Follower::new(usize::MAX)
        };
        follow(follower, next)
    }

    fn follow(mut follower: Follower<u32>, next: impl Fn(usize) -> Page<u32>) -> (u32, Doubt) {
        loop {
            let page = next(follower.pages() as usize);
            match follower.follow(&page, |id| *id) {
                Ok(cursor) => assert!(cursor.is_some()),
                Err(doubt) => return (follower.pages(), doubt),
            }
        }
    }

    #[test]
    fn pages_without_news_end_a_reading() {
        let same = |at| page(&[1], at);
        assert_eq!(walk(Trail::default(), same), (6, Doubt::NoNews));
        assert_eq!(walk(Trail::over_known(7), same), (13, Doubt::NoNews));
    }

    /// A record or two come again where a list shifts.
    #[test]
    fn a_page_with_one_new_record_is_news() {
        let shifting = |at: usize| match at {
            0..50 => page(&[at as u32, at as u32 + 1], at),
            _ => page(&[3, 4], at),
        };
        assert_eq!(walk(Trail::default(), shifting), (55, Doubt::NoNews));
    }

    #[test]
    fn a_list_without_end_is_left_anyway() {
        let endless = |at: usize| page(&[at as u32], at);
        let (pages, doubt) = walk(Trail::default(), endless);
        assert_eq!((pages, doubt), (MAX_PAGES, Doubt::Endless));
        let short = walk(Trail::default().with_max_pages(2), endless);
        assert_eq!(short, (2, Doubt::Endless));
    }

    #[test]
    fn a_list_of_more_than_it_can_hold_is_left() {
        let endless = |at: usize| page(&[2 * at as u32, 2 * at as u32 + 1], at);
        let (pages, doubt) = follow(Follower::new(9), endless);
        assert_eq!((pages, doubt), (5, Doubt::TooMany(9)));
        let mut follower = Follower::new(2);
        let last = Page {
            has_more: false,
            ..page(&[1, 2, 3], 0)
        };
        assert_eq!(follower.follow(&last, |id| *id), Ok(None));
    }

    #[test]
    fn two_cursors_in_turn_are_a_circle() {
        let circle = |at: usize| page(&[at as u32], at % 2);
        assert_eq!(walk(Trail::default(), circle), (3, Doubt::RepeatedCursor));
    }

    #[test]
    fn an_unreadable_list_is_tolerated_longer_but_not_forever() {
        let same = |at| unreadable((0..100).map(Some), at);
        assert_eq!(walk(Trail::default(), same), (6, Doubt::Unreadable));
        let nameless = |at| unreadable((0..100).map(|_| None), at);
        assert_eq!(walk(Trail::default(), nameless), (50, Doubt::Unreadable));
        let new = |at| unreadable((0..100).map(|id| Some(100 * at + id)), at);
        assert_eq!(walk(Trail::default(), new), (150, Doubt::Unreadable));
    }

    #[test]
    fn numbers_are_read_in_thousands() {
        let numbers = [0, 999, 1_000, 1_300_000].map(grouped);
        assert_eq!(numbers, ["0", "999", "1,000", "1,300,000"]);
    }
}
