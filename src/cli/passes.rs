//! Walking a whole list, as often as it takes.

use chrono::{DateTime, Utc};

use crate::api::walk::{Paged, Walk};
use crate::api::{Answer, Client};
use crate::wire::{MAX_PAGES, Page};

use super::Problem;

/// A list that changes meanwhile can hide a record from one pass over its pages: passes are repeated
/// until one shows nothing new, but not for ever.
const MAX_PASSES: u32 = 4;

/// What a page brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// So many records that no page had before.
    New(usize),
    /// All that is wanted: no further page is asked for.
    Enough,
}

/// Gives every page of a list to `take`, pass after pass. A list that leads nowhere is an error, and so
/// is one of which all passes together would need more pages than any walk may.
pub async fn passes<E: Paged + Sync + Clone>(
    client: &Client,
    request: &E,
    mut take: impl FnMut(Answer<Page<E::Item>>) -> Result<Taken, Problem>,
) -> Result<(), Problem> {
    let mut left = MAX_PAGES;
    for _ in 0..MAX_PASSES {
        let mut news = 0;
        let mut walk = Walk::new(client, request.clone()).with_max_pages(left);
        while let Some(page) = walk.next().await {
            match take(page?)? {
                Taken::New(count) => news += count,
                Taken::Enough => return Ok(()),
            }
        }
        left = left.saturating_sub(walk.pages());
        if walk.pages() <= 1 || news == 0 {
            break;
        }
    }
    Ok(())
}

/// The server's time at an answer, or the clock's where it does not say.
pub fn time_of<T>(answer: &Answer<T>) -> DateTime<Utc> {
    answer.server_time.unwrap_or_else(local_time)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the command line's only clock, used where the server does not tell its own time"
)]
pub fn local_time() -> DateTime<Utc> {
    Utc::now()
}
