//! One reading of a list, over one cursor or several at the same time.
//!
//! The server pages by offset and the list moves meanwhile, so one pass may miss a study that shifted past
//! it; two passes are compared to know the whole list. A pass never trusts the server to end it, nor to
//! understand the filters that divide the list into parts. If they do not work, it gives them up and reads
//! the list in one piece, as it comes.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use hashbrown::HashSet;

use crate::wire::{Doubt, ListStudies, Match, Met, Page, Study, StudyId, Trail, UserId};

use super::partition::{admits, by_assignee, parts};

/// A part that goes on after this many pages is long and may be divided further. After more than that it is
/// not divided: what was read of it would be read again, and its end may be near.
pub(super) const LONG: RangeInclusive<u32> = 16..=32;
/// A list is divided by assignee among this many people at most: each of them costs a request.
const MOST_PEOPLE: usize = 1_000;
/// The most requests of a pass: a million studies at 100 a page, and a quarter more for the parts.
const MAX_REQUESTS: u32 = 12_500;
/// The most studies that a pass reads, however many of them a page holds.
const MAX_STUDIES: usize = 1_500_000;

/// Names one cursor of a [`Pass`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChainId(u32);

impl ChainId {
    fn of(number: usize) -> Self {
        Self(u32::try_from(number).unwrap_or(u32::MAX))
    }

    fn index(self) -> usize {
        self.0 as usize
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Its next page can be asked for.
    Ready,
    Asked,
    /// Its answer is awaited, and nothing after it will be asked for, because other cursors read the same.
    Left,
    Over,
}

impl Stage {
    fn leave(&mut self) {
        *self = match self {
            Self::Asked | Self::Left => Self::Left,
            Self::Ready | Self::Over => Self::Over,
        };
    }
}

#[derive(Debug, Clone)]
struct Chain {
    /// Its next page.
    request: ListStudies,
    stage: Stage,
    pages: u32,
    trail: Trail,
    restarted: bool,
}

impl Chain {
    /// `known` is how many of its pages may have been read before.
    fn new(request: ListStudies, known: u32) -> Self {
        Self {
            request,
            stage: Stage::Ready,
            pages: 0,
            trail: Trail::over_known(known),
            restarted: false,
        }
    }
}

#[derive(Debug, Clone)]
pub struct Pass {
    whole: ListStudies,
    /// Studies that no part names may be missed. A reading in one piece is never divided: it is there to find
    /// them.
    is_in_parts: bool,
    chains: Vec<Chain>,
    /// Reads the first page again while others read on.
    front: Option<ChainId>,
    met: Met<StudyId>,
    requests: u32,
    unreadable: usize,
    repeated: bool,
    /// Pages are read again on purpose, so a study that comes twice no longer means that the list moved.
    rereads: bool,
    ignores_filters: bool,
}

impl Pass {
    /// Reads the list over one cursor.
    pub fn in_one_piece(whole: ListStudies) -> Self {
        Self {
            is_in_parts: false,
            ..Self::over(vec![whole.clone()], whole)
        }
    }

    /// Reads the list over a cursor for each of its parts.
    pub fn in_parts(whole: ListStudies) -> Self {
        Self::over(parts(&whole), whole)
    }

    fn over(requests: Vec<ListStudies>, whole: ListStudies) -> Self {
        Self {
            whole,
            is_in_parts: true,
            chains: requests
                .into_iter()
                .map(|request| Chain::new(request, 0))
                .collect(),
            front: None,
            met: Met::default(),
            requests: 0,
            unreadable: 0,
            repeated: false,
            rereads: false,
            ignores_filters: false,
        }
    }

    /// Returns the next page to ask for, if one can be asked for now: the first page if that is read again,
    /// else one of the most urgent part. The pieces of a part take turns, so that in the end no long one is
    /// left alone.
    pub fn next_page(&mut self) -> Option<(ChainId, ListStudies)> {
        let front = self.front;
        let (number, chain) = self
            .chains
            .iter_mut()
            .enumerate()
            .filter(|(_, chain)| chain.stage == Stage::Ready)
            .min_by_key(|(number, chain)| {
                let is_later = front != Some(ChainId::of(*number));
                let turn = if chain.is_piece() { chain.pages + 1 } else { 0 };
                (is_later, turn)
            })?;
        chain.stage = Stage::Asked;
        self.requests += 1;
        Some((ChainId::of(number), chain.request.clone()))
    }

    /// Reads the first page again, although the reading is not over. Returns whether that is possible now.
    pub fn look_at_the_front(&mut self) -> bool {
        if self.is_at_the_front() {
            return false;
        }
        self.rereads = true;
        match self.front.and_then(|id| self.chains.get_mut(id.index())) {
            Some(chain) => chain.stage = Stage::Ready,
            None => {
                self.front = Some(ChainId::of(self.chains.len()));
                self.chains.push(Chain::new(self.whole.clone(), 0));
            }
        }
        true
    }

    /// Whether the first page is to be read again, or its answer is awaited.
    pub fn is_at_the_front(&self) -> bool {
        let chain = self.front.and_then(|id| self.chains.get(id.index()));
        chain.is_some_and(|chain| chain.stage != Stage::Over)
    }

    /// Whether a cursor reads the first page again. What is new there came in meanwhile.
    pub fn is_front(&self, id: ChainId) -> bool {
        self.front == Some(id)
    }

    /// Takes in the page that was asked for.
    pub fn apply_page(&mut self, id: ChainId, page: &Page<Study>) -> Result<(), Doubt> {
        self.unreadable += page.unreadable.len();
        let news = self.met.apply_page(page, |study| study.study_id);
        self.repeated |= news.is_repeated;
        let is_front = self.is_front(id);
        let Some(chain) = self
            .chains
            .get_mut(id.index())
            .filter(|chain| matches!(chain.stage, Stage::Asked | Stage::Left))
        else {
            return Ok(());
        };
        let was_left = std::mem::replace(&mut chain.stage, Stage::Over) == Stage::Left;
        if was_left || is_front {
            return Ok(());
        }
        chain.pages += 1;
        if self.is_in_parts && chain.is_wrong(page, &self.whole) {
            self.give_up_parts();
            return Ok(());
        }
        if let Some(cursor) = chain.trail.follow(page, news)? {
            chain.request.cursor = Some(cursor);
            chain.stage = Stage::Ready;
        }
        self.check_bounds()
    }

    fn check_bounds(&self) -> Result<(), Doubt> {
        if self.is_over() {
            return Ok(());
        }
        if self.met.ids().len() > MAX_STUDIES {
            return Err(Doubt::TooMany(MAX_STUDIES));
        }
        if self.requests >= MAX_REQUESTS {
            return Err(Doubt::Endless);
        }
        Ok(())
    }

    /// Reads the list from the start in one piece, because the server does not understand the filters that
    /// divide it. That piece is taken as it comes.
    fn give_up_parts(&mut self) {
        self.ignores_filters = true;
        self.is_in_parts = false;
        self.rereads = true;
        for chain in &mut self.chains {
            chain.stage.leave();
        }
        // Cursors keep their ids, so that a late page of a part cannot be taken for one of the whole list.
        let whole = Chain::new(self.whole.clone(), self.requests);
        self.chains.push(whole);
    }

    /// Reads the list of a refused cursor from the start, once. Returns whether that is possible.
    pub fn restart(&mut self, id: ChainId) -> bool {
        let Some(chain) = self.chains.get_mut(id.index()) else {
            return false;
        };
        if chain.stage == Stage::Left {
            chain.stage = Stage::Over;
            return true;
        }
        let may = chain.stage == Stage::Asked && chain.request.cursor.is_some() && !chain.restarted;
        if may {
            self.rereads = true;
            chain.restarted = true;
            chain.stage = Stage::Ready;
            chain.trail = Trail::over_known(self.requests);
            chain.request.cursor = None;
        }
        may
    }

    /// Returns the part that everything else will wait for, if it pays to divide it. `cursors` is how many
    /// there are to read with: while none is idle, only the part that is likely the longest is divided.
    pub fn straggler(&self, cursors: usize) -> Option<ChainId> {
        let may_be_cut = |chain: &Chain| chain.goes_on() && !chain.is_piece();
        let number = self.chains.iter().rposition(may_be_cut)?;
        let is_idle = self.in_flight() < cursors && !self.may_yet_be_long();
        let is_likely_the_longest = number + 1 == self.chains.len();
        let pays = self.is_in_parts
            && (is_idle || is_likely_the_longest)
            && LONG.contains(&self.chains[number].pages);
        pays.then(|| ChainId::of(number))
    }

    /// Whether the part that is likely the longest may still prove to be. Once divided, it will keep every
    /// cursor busy, and dividing others too would only read them twice.
    pub fn may_yet_be_long(&self) -> bool {
        let is_undecided =
            |last: &Chain| last.goes_on() && !last.is_piece() && last.pages < *LONG.start();
        self.is_in_parts && self.chains.last().is_some_and(is_undecided)
    }

    /// Whether a list can be divided by assignee among these people: not while nobody is known, nor if there
    /// are more than `MOST_PEOPLE`, as a list without end may name.
    pub fn can_split(people: &BTreeSet<UserId>) -> bool {
        (1..=MOST_PEOPLE).contains(&people.len())
    }

    /// Divides a part by assignee: reads what is unassigned and what each of these people has.
    pub fn split(&mut self, id: ChainId, people: &BTreeSet<UserId>) {
        let known = self.requests;
        let Some(chain) = self.chains.get_mut(id.index()) else {
            return;
        };
        chain.stage.leave();
        self.rereads = true;
        let pieces = by_assignee(&chain.request, people);
        self.chains
            .extend(pieces.into_iter().map(|piece| Chain::new(piece, known)));
    }

    /// Whether a page can be asked for now.
    pub fn is_ready(&self) -> bool {
        self.stages(Stage::Ready) > 0
    }

    pub fn in_flight(&self) -> usize {
        self.stages(Stage::Asked) + self.stages(Stage::Left)
    }

    pub fn is_over(&self) -> bool {
        self.stages(Stage::Over) == self.chains.len()
    }

    fn stages(&self, stage: Stage) -> usize {
        self.chains
            .iter()
            .filter(|chain| chain.stage == stage)
            .count()
    }

    pub fn met(&self) -> &HashSet<StudyId> {
        self.met.ids()
    }

    /// Returns how many pages were asked for so far.
    pub fn requests(&self) -> u32 {
        self.requests
    }

    pub fn unreadable(&self) -> usize {
        self.unreadable
    }

    /// Whether a study came twice. Then the list moved meanwhile, and another study may not have come at all.
    pub fn has_repeated(&self) -> bool {
        self.repeated && !self.rereads
    }

    /// Whether the server sent studies of another part than the one asked for.
    pub fn ignores_filters(&self) -> bool {
        self.ignores_filters
    }
}

impl Chain {
    /// Whether it reads what one person has of a part, or what is unassigned.
    fn is_piece(&self) -> bool {
        self.request.assigned_to != Match::Any
    }

    fn goes_on(&self) -> bool {
        matches!(self.stage, Stage::Ready | Stage::Asked)
    }

    /// Whether a page of a part holds studies that do not belong to it.
    fn is_wrong(&self, page: &Page<Study>, whole: &ListStudies) -> bool {
        let is_whole = ListStudies {
            cursor: None,
            ..self.request.clone()
        } == *whole;
        !is_whole && page.items.iter().any(|study| !admits(&self.request, study))
    }
}
