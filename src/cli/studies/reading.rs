//! Reading the studies of a list: over several cursors at a time, and again until two readings agree.

use std::collections::BTreeSet;

use hashbrown::HashSet;
use tokio::task::JoinSet;

use crate::api::Answer;
use crate::cli::Problem;
use crate::cli::session::Session;
use crate::sync::{ChainId, Pass};
use crate::wire::{Doubt, Failure, ListStudies, Page, Study, UserId};

/// Requests in flight at a time.
const AT_ONCE: usize = 6;
/// A list that never stops changing is read at most this often.
const MAX_PASSES: u32 = 4;
/// The most studies that are read: five times the clinic that the program is measured with. With all their
/// fields, they take a gigabyte.
const MOST: usize = 500_000;
/// Lists with more pages are read once, because reading them twice would take minutes and load the server.
const SHORT: u32 = 20;

/// Whether to go on after a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    More,
    Enough,
}

/// How a list was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// To its end, and again until nothing moved, or until enough was found.
    Surely,
    /// Once, in parts: studies may be missing if they moved meanwhile, if this version does not know their
    /// severity or status, or if they are assigned to somebody who is not among the users.
    Once,
}

type Answered = (ChainId, Result<Answer<Page<Study>>, Failure>);

/// Passes every page of a list to `take`, in whatever order they come, with the number of the pass.
///
/// With `whole` the list is read in one piece, one page after the other, until two readings agree, however
/// long it is.
///
/// A list that leads nowhere is an error, and so is one that is longer than any clinic's. `take` has got what
/// was read until then.
pub async fn read(
    session: &Session,
    request: &ListStudies,
    whole: bool,
    mut take: impl FnMut(u32, Answer<Page<Study>>) -> Result<Wanted, Problem>,
) -> Result<Read, Problem> {
    let mut last = None;
    for number in 0..MAX_PASSES {
        // What one page showed comes again in the parts, so that page counts as a pass of its own.
        let mut take_probe = |answer| take(0, answer);
        let mut pass = Pass::in_one_piece(request.clone());
        if number == 0 && !whole && !is_one_page(session, &mut pass, &mut take_probe).await? {
            pass = Pass::in_parts(request.clone());
        }
        let mut take = |answer| take(number + 1, answer);
        if run(session, &mut pass, whole, &mut take).await? == Wanted::Enough {
            return Ok(Read::Surely);
        }
        let met: HashSet<_> = pass.met().clone();
        if pass.requests() == 1 || last.as_ref() == Some(&met) {
            return Ok(Read::Surely);
        }
        if pass.requests() > SHORT && !whole {
            return Ok(Read::Once);
        }
        last = Some(met);
    }
    Ok(Read::Surely)
}

/// Asks for the first page. Most lists have no other. Returns whether that is so.
async fn is_one_page(
    session: &Session,
    pass: &mut Pass,
    take: &mut impl FnMut(Answer<Page<Study>>) -> Result<Wanted, Problem>,
) -> Result<bool, Problem> {
    let Some((chain, request)) = pass.next_page() else {
        return Ok(true);
    };
    let answer = session.client.call(&request).await?;
    let broken = pass.apply_page(chain, &answer.value);
    let wanted = take(answer)?;
    broken?;
    Ok(pass.is_over() || wanted == Wanted::Enough)
}

async fn run(
    session: &Session,
    pass: &mut Pass,
    whole: bool,
    take: &mut impl FnMut(Answer<Page<Study>>) -> Result<Wanted, Problem>,
) -> Result<Wanted, Problem> {
    let mut people = None;
    let mut in_flight = JoinSet::new();
    loop {
        ask(session, pass, &mut in_flight);
        if !whole && let Some(straggler) = pass.straggler(AT_ONCE) {
            let people = match &people {
                Some(known) => known,
                None => people.insert(assignees(session).await),
            };
            if Pass::can_split(people) {
                pass.split(straggler, people);
                continue;
            }
        }
        let (chain, outcome) = match in_flight.join_next().await {
            Some(Ok(answered)) => answered,
            Some(Err(error)) => return Err(Problem::Other(error.to_string())),
            None => return Ok(Wanted::More),
        };
        match outcome {
            Ok(answer) => {
                let broken = pass.apply_page(chain, &answer.value);
                // The server can work while the page is taken in.
                ask(session, pass, &mut in_flight);
                tokio::task::yield_now().await;
                if take(answer)? == Wanted::Enough {
                    return Ok(Wanted::Enough);
                }
                broken?;
                if pass.met().len() > MOST && !pass.is_over() {
                    return Err(Problem::Other(format!(
                        "the list could not be read to its end: {}; narrow it with --filter",
                        Doubt::TooMany(MOST)
                    )));
                }
            }
            Err(failure) if is_refused(&failure) && pass.restart(chain) => {}
            Err(failure) => return Err(failure.into()),
        }
    }
}

/// Asks for as many pages as may be asked for now.
fn ask(session: &Session, pass: &mut Pass, in_flight: &mut JoinSet<Answered>) {
    while in_flight.len() < AT_ONCE
        && let Some((chain, request)) = pass.next_page()
    {
        let client = session.client.clone();
        in_flight.spawn(async move { (chain, client.call(&request).await) });
    }
}

/// Whether the server refuses a cursor that it gave.
fn is_refused(failure: &Failure) -> bool {
    matches!(failure.status(), Some(400 | 404 | 410 | 422))
}

/// Returns everybody a study may be assigned to; empty if the key may not read the users.
async fn assignees(session: &Session) -> BTreeSet<UserId> {
    let users = session.users().await.unwrap_or_default();
    users.into_keys().collect()
}
