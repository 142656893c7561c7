//! Reads a whole list, as often as it takes.

use chrono::{DateTime, Utc};

use crate::api::walk::{Paged, Walk};
use crate::api::{Answer, Client};
use crate::wire::{MAX_PAGES, Page};

use super::Problem;

/// A list that changes meanwhile can hide a record from one pass over its pages. So passes are repeated until
/// one brings nothing new, up to this many.
const MAX_PASSES: u32 = 4;

/// What a page brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// This many records that no page had before.
    New(usize),
    /// All that is wanted, so no further page is requested.
    Enough,
}

/// Passes every page of a list to `take`, pass after pass, with the number of the pass. A list that leads nowhere is an error, and so is
/// one for which all passes together need more pages than a walk may read.
pub async fn passes<E: Paged + Sync + Clone>(
    client: &Client,
    request: &E,
    mut take: impl FnMut(u32, Answer<Page<E::Item>>) -> Result<Taken, Problem>,
) -> Result<(), Problem> {
    let mut left = MAX_PAGES;
    for pass in 0..MAX_PASSES {
        let mut news = 0;
        let mut walk = Walk::new(client, request.clone()).with_max_pages(left);
        while let Some(page) = walk.next().await {
            match take(pass, page?)? {
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

/// Returns the server's time of an answer, or that of the clock if the server does not send it.
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
