//! Walking the pages of a list, one at a time, without believing that the server will end it.
//!
//! The server pages by offset: a walk over a list that changes meanwhile may miss a record or see one
//! twice. Whoever needs the whole list walks again and merges by id.

use std::collections::HashSet;

use super::{Answer, Client};
use crate::wire::{
    Endpoint, Failure, Invitation, ListInvitations, ListStudies, ListUsers, Page, Study, User,
};

/// A list endpoint.
pub trait Paged: Endpoint<Response = Page<Self::Item>> {
    type Item;

    fn cursor(&self) -> Option<&str>;
    fn set_cursor(&mut self, cursor: String);
}

macro_rules! paged {
    ($($list:ident of $item:ident),+) => {$(
        impl Paged for $list {
            type Item = $item;

            fn cursor(&self) -> Option<&str> {
                self.cursor.as_deref()
            }

            fn set_cursor(&mut self, cursor: String) {
                self.cursor = Some(cursor);
            }
        }
    )+};
}
paged!(ListStudies of Study, ListUsers of User, ListInvitations of Invitation);

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
}

/// The pages of one list, in the server's order.
#[derive(Debug)]
pub struct Walk<E> {
    client: Client,
    /// The next request, while there is one.
    request: Option<E>,
    seen: HashSet<String>,
    pages: u32,
    max_pages: u32,
    broken: Option<WalkError>,
}

impl<E: Paged + Sync> Walk<E> {
    /// Enough for a million records at 100 a page.
    pub const MAX_PAGES: u32 = 10_000;

    /// Starts at the request's own cursor, if it has one.
    pub fn new(client: &Client, request: E) -> Self {
        Self {
            client: client.clone(),
            seen: request.cursor().map(str::to_owned).into_iter().collect(),
            request: Some(request),
            pages: 0,
            max_pages: Self::MAX_PAGES,
            broken: None,
        }
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
    fn following<T>(&mut self, page: &Page<T>) -> Result<Option<String>, WalkError> {
        let Some(cursor) = page.next() else {
            return match page.has_more {
                true => Err(WalkError::MissingCursor),
                false => Ok(None),
            };
        };
        if page.items.is_empty() && page.unreadable.is_empty() {
            return Err(WalkError::EmptyPage);
        }
        if !self.seen.insert(cursor.to_owned()) {
            return Err(WalkError::RepeatedCursor);
        }
        if self.pages >= self.max_pages {
            return Err(WalkError::TooManyPages(self.max_pages));
        }
        Ok(Some(cursor.to_owned()))
    }
}
