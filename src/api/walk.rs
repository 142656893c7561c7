//! Walking the pages of a list, one at a time, without believing that the server will end it.
//!
//! The server pages by offset: a walk over a list that changes meanwhile may miss a record or see one
//! twice. Whoever needs the whole list walks again and merges by id.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use super::{Answer, Client};
use crate::wire::{
    Endpoint, Failure, Invitation, ListInvitations, ListStudies, ListUsers, Page, Study, User,
};

/// So many pages in a row without a new record are the end of a walk. Pages overlap where a list shifts
/// meanwhile, but by a record or two and never as a whole.
const DRY_PAGES: u32 = 5;
/// A page of records that cannot be read and have no id may be new or not: so many of them are borne.
const NAMELESS_PAGES: u32 = 50;
/// So many unreadable records are told apart by their ids. More are as good as nameless.
const MAX_UNREADABLE: usize = 10_000;

/// A list endpoint.
pub trait Paged: Endpoint<Response = Page<Self::Item>> {
    type Item;
    /// More records than a list of this kind can hold; no walk goes on after them.
    const MOST: usize;

    fn id(item: &Self::Item) -> [u8; 16];
    fn cursor(&self) -> Option<&str>;
    fn set_cursor(&mut self, cursor: String);
}

macro_rules! paged {
    ($($list:ident of $item:ident by $id:ident, at most $most:literal);+) => {$(
        impl Paged for $list {
            type Item = $item;
            const MOST: usize = $most;

            fn id(item: &$item) -> [u8; 16] {
                *item.$id.as_bytes()
            }

            fn cursor(&self) -> Option<&str> {
                self.cursor.as_deref()
            }

            fn set_cursor(&mut self, cursor: String) {
                self.cursor = Some(cursor);
            }
        }
    )+};
}
paged!(
    ListStudies of Study by study_id, at most 1_000_000;
    ListUsers of User by user_id, at most 100_000;
    ListInvitations of Invitation by invitation_id, at most 100_000
);

/// Why a walk ended before the list did. The pages it gave before stay good.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WalkError {
    #[error("{}", .0.sentence())]
    Failed(Failure),
    /// The server gave a cursor for the second time: following it would never end.
    #[error("The list goes in a circle; what follows is unknown")]
    RepeatedCursor,
    /// A page without records that promises more.
    #[error("The list stopped with an empty page though the server says there is more")]
    EmptyPage,
    /// The server says there is more but not where.
    #[error("The list stopped though the server says there is more")]
    MissingCursor,
    #[error("The list was left after {0} pages")]
    TooManyPages(u32),
    /// Page after page with another cursor, and nothing new in them.
    #[error("The server keeps sending the same records; what follows is unknown")]
    NoNews,
    #[error("Page after page of the list cannot be read; what follows is unknown")]
    Unreadable,
    #[error("The list was left after {0} records")]
    TooManyRecords(usize),
}

/// The pages of one list, in the server's order.
#[derive(Debug)]
pub struct Walk<E> {
    client: Client,
    /// The next request, while there is one.
    request: Option<E>,
    /// A number for each cursor: a server may send cursors of any length.
    seen: HashSet<u64>,
    met: HashSet<[u8; 16]>,
    /// Records that could not be read, a number for each id.
    unreadable: HashSet<u64>,
    hasher: RandomState,
    /// Pages in a row that brought nothing new.
    dry: u32,
    /// Pages in a row of which nobody can tell.
    nameless: u32,
    pages: u32,
    max_pages: u32,
    broken: Option<WalkError>,
}

impl<E: Paged + Sync> Walk<E> {
    /// Enough for a million records at 100 a page.
    pub const MAX_PAGES: u32 = 10_000;

    /// Starts at the request's own cursor, if it has one.
    pub fn new(client: &Client, request: E) -> Self {
        let hasher = RandomState::new();
        let first = request.cursor().map(|cursor| hasher.hash_one(cursor));
        Self {
            client: client.clone(),
            seen: first.into_iter().collect(),
            met: HashSet::new(),
            unreadable: HashSet::new(),
            hasher,
            dry: 0,
            nameless: 0,
            request: Some(request),
            pages: 0,
            max_pages: Self::MAX_PAGES,
            broken: None,
        }
    }

    /// How many pages it has given.
    pub fn pages(&self) -> u32 {
        self.pages
    }

    pub fn with_max_pages(mut self, max_pages: u32) -> Self {
        self.max_pages = max_pages;
        self
    }

    /// The next page; `None` after the last one or after an error.
    ///
    /// A page that cannot be followed is given first, and the error after it.
    pub async fn next(&mut self) -> Option<Result<Answer<Page<E::Item>>, WalkError>> {
        if let Some(error) = self.broken.take() {
            return Some(Err(error));
        }
        let mut request = self.request.take()?;
        let answer = match self.client.call(&request).await {
            Ok(answer) => answer,
            Err(failure) => return Some(Err(WalkError::Failed(failure))),
        };
        self.pages += 1;
        match self.following(&answer.value) {
            Ok(None) => {}
            Ok(Some(cursor)) => {
                request.set_cursor(cursor);
                self.request = Some(request);
            }
            Err(error) => self.broken = Some(error),
        }
        Some(Ok(answer))
    }

    /// The cursor to go on with, if the page has one that leads on.
    fn following(&mut self, page: &Page<E::Item>) -> Result<Option<String>, WalkError> {
        self.look_for_news(page);
        let Some(cursor) = page.next() else {
            return if page.has_more {
                Err(WalkError::MissingCursor)
            } else {
                Ok(None)
            };
        };
        if page.items.is_empty() && page.unreadable.is_empty() {
            return Err(WalkError::EmptyPage);
        }
        if !self.seen.insert(self.hasher.hash_one(cursor)) {
            return Err(WalkError::RepeatedCursor);
        }
        if self.dry >= DRY_PAGES && !page.items.is_empty() {
            return Err(WalkError::NoNews);
        }
        if self.dry >= DRY_PAGES || self.nameless >= NAMELESS_PAGES {
            return Err(WalkError::Unreadable);
        }
        if self.met.len() >= E::MOST {
            return Err(WalkError::TooManyRecords(E::MOST));
        }
        if self.pages >= self.max_pages {
            return Err(WalkError::TooManyPages(self.max_pages));
        }
        Ok(Some(cursor.to_owned()))
    }
    /// Counts the pages in a row that brought nothing new, or nothing that has a name.
    fn look_for_news(&mut self, page: &Page<E::Item>) {
        let (mut is_fresh, mut is_nameless) = (false, false);
        for item in &page.items {
            is_fresh |= self.met.insert(E::id(item));
        }
        for record in &page.unreadable {
            match &record.id {
                Some(id) if self.unreadable.len() < MAX_UNREADABLE => {
                    is_fresh |= self.unreadable.insert(self.hasher.hash_one(id));
                }
                Some(id) if self.unreadable.contains(&self.hasher.hash_one(id)) => {}
                Some(_) | None => is_nameless = true,
            }
        }
        (self.dry, self.nameless) = match (is_fresh, is_nameless) {
            (true, _) => (0, 0),
            (false, true) => (self.dry, self.nameless + 1),
            (false, false) => (self.dry + 1, self.nameless),
        };
    }
}
