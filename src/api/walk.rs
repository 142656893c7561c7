//! Reads the pages of a list one at a time, without trusting the server to end it.
//!
//! The server pages by offset, so a walk over a list that changes meanwhile may miss a record or see one
//! twice. To be sure of the whole list, walk again and merge by id.

use super::{Answer, Client};
use crate::wire::{
    Doubt, Endpoint, Failure, Follower, Invitation, ListInvitations, ListStudies, ListUsers, Page,
    Study, User,
};

/// A list endpoint.
pub trait Paged: Endpoint<Response = Page<Self::Item>> {
    type Item;
    /// More records than a list of this kind can have. A walk ends after them.
    const MOST: usize;

    fn id(item: &Self::Item) -> [u8; 16];
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WalkError {
    Failed(Failure),
    /// The pages cannot be followed further.
    Doubtful(Doubt),
}

/// The pages of one list, in the server's order.
#[derive(Debug)]
pub struct Walk<E> {
    client: Client,
    /// The next request, while there is one.
    request: Option<E>,
    follower: Follower<[u8; 16]>,
    broken: Option<Doubt>,
}

impl<E: Paged + Sync> Walk<E> {
    pub fn new(client: &Client, request: E) -> Self {
        Self {
            client: client.clone(),
            request: Some(request),
            follower: Follower::new(E::MOST),
            broken: None,
        }
    }

    /// Returns how many pages it has given.
    pub fn pages(&self) -> u32 {
        self.follower.pages()
    }

    pub fn with_max_pages(mut self, max_pages: u32) -> Self {
        self.follower = self.follower.with_max_pages(max_pages);
        self
    }

    /// Returns the next page; `None` after the last one or after an error.
    ///
    /// A page that cannot be followed is given first, and the error after it.
    pub async fn next(&mut self) -> Option<Result<Answer<Page<E::Item>>, WalkError>> {
        if let Some(doubt) = self.broken.take() {
            return Some(Err(WalkError::Doubtful(doubt)));
        }
        let mut request = self.request.take()?;
        let answer = match self.client.call(&request).await {
            Ok(answer) => answer,
            Err(failure) => return Some(Err(WalkError::Failed(failure))),
        };
        match self.follower.follow(&answer.value, E::id) {
            Ok(None) => {}
            Ok(Some(cursor)) => {
                request.set_cursor(cursor);
                self.request = Some(request);
            }
            Err(doubt) => self.broken = Some(doubt),
        }
        Some(Ok(answer))
    }
}
