//! One list that is kept up to date: passes over it until two of them agree, then rest until it is due.

use hashbrown::HashSet;

use crate::wire::{Doubt, Failure, ListStudies, Page, Study, StudyId};

use super::kind::LaneKind;
use super::pass::{ChainId, Pass};

/// A list that never holds still is read this often in a row, and then rests like any other.
const MAX_PASSES: u32 = 3;
/// Longer lists of closed studies are read a second time only if they visibly moved.
const SHORT: u32 = 20;
/// A reading that hears nothing for so long is given up and begun again, more patiently twice.
const PATIENCE: i64 = 20_000;
/// So many pages of a reading of the STAT lane go before all others. What a longer list needs takes
/// turns with them, for a server may ignore the filter and send every study there is.
const URGENT: u32 = 10;
/// Waits after a failure: doubled from the first to the last, in milliseconds.
const FIRST_WAIT: i64 = 5_000;
const LAST_WAIT: i64 = 60_000;

/// What went wrong with a lane the last time.
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    Failed(Failure),
    /// The server's paging contradicts itself; the list may lack studies.
    Paging(Doubt),
}

/// How a lane stands after a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The page belongs to nothing that is still being read.
    Stale,
    Going,
    /// A pass has seen the list to its end; another one follows to compare.
    Compared,
    /// The list is known, as far as it can be: it rests until it is due.
    Settled,
    Doubtful,
}

/// Stands for the set of studies that a pass met. Ids are random, so two sets with the same three
/// numbers are the same set for every practical purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Fingerprint {
    count: usize,
    xor: u128,
    sum: u128,
}

impl Fingerprint {
    fn of(ids: &HashSet<StudyId>) -> Self {
        ids.iter()
            .map(|id| u128::from_be_bytes(*id.as_bytes()))
            .fold(Self::default(), |print, id| Self {
                count: print.count + 1,
                xor: print.xor ^ id,
                sum: print.sum.wrapping_add(id),
            })
    }
}

#[derive(Debug, Clone)]
pub struct Lane {
    pub kind: LaneKind,
    pass: Option<Pass>,
    /// Names the pass; a reply to an earlier one is stale.
    pass_number: u32,
    pass_began: i64,
    /// The last sign of life from the server while a pass is under way.
    heard_at: i64,
    /// When the first page was asked for the last time.
    looked_at: i64,
    /// When the passes that are being compared began.
    cycle_began: i64,
    /// How often that was.
    cycles: u32,
    passes: u32,
    last: Option<Fingerprint>,
    /// Studies met by other calls while a pass is under way: they exist, whatever the pass says.
    met_elsewhere: HashSet<StudyId>,
    /// The server does not understand the filters that cut the list.
    in_one_piece: bool,
    last_requests: u32,
    /// When to read it next, if ever.
    due: Option<i64>,
    /// When the last pass began that saw the list to its end: everything older was seen to be so.
    pub fresh_at: Option<i64>,
    pub trouble: Option<Trouble>,
    /// A reading of it ended, well or in doubt: what comes now for the first time is new.
    was_read: bool,
    attempts: u32,
    /// Records of the last pass that could not be read.
    pub unreadable: usize,
    /// A person waits for it: it is read at the expense of what loading may cost.
    is_wanted: bool,
}

impl Lane {
    pub(super) fn new(kind: LaneKind) -> Self {
        Self {
            kind,
            pass: None,
            pass_number: 0,
            pass_began: 0,
            heard_at: 0,
            looked_at: 0,
            cycle_began: 0,
            cycles: 0,
            passes: 0,
            last: None,
            met_elsewhere: HashSet::new(),
            in_one_piece: false,
            last_requests: 0,
            due: None,
            fresh_at: None,
            trouble: None,
            was_read: false,
            attempts: 0,
            unreadable: 0,
            // Nobody waits for it: what it reads is on screen already.
            is_wanted: kind != LaneKind::Everything,
        }
    }

    /// Whether a reading of it ended, be it in doubt.
    pub(super) fn was_read(&self) -> bool {
        self.was_read
    }

    /// Whether a page of this cursor brings what is new since an earlier look at the list.
    pub(super) fn looks_again(&self, chain: ChainId) -> bool {
        let is_front = |pass: &Pass| pass.is_front(chain);
        self.was_read || self.pass.as_ref().is_some_and(is_front)
    }

    pub fn is_walking(&self) -> bool {
        self.pass.is_some()
    }

    /// A person waits for it: its first reading, or one that was asked for.
    pub(super) fn is_wanted(&self) -> bool {
        self.is_wanted
    }

    /// No reading of it came to its end yet: later ones only make sure.
    pub(super) fn is_first_reading(&self) -> bool {
        self.last.is_none()
    }

    pub(super) fn due(&self) -> Option<i64> {
        match self.due {
            None if self.fresh_at.is_none() && self.trouble.is_none() => Some(i64::MIN),
            due => due,
        }
    }

    pub(super) fn pass_mut(&mut self) -> Option<&mut Pass> {
        self.pass.as_mut()
    }

    pub(super) fn pass(&self) -> Option<&Pass> {
        self.pass.as_ref()
    }

    pub(super) fn pass_number(&self) -> u32 {
        self.pass_number
    }

    /// When the server counts as silent, if nothing is heard before.
    pub(super) fn silent_at(&self) -> Option<i64> {
        let patience = PATIENCE * i64::from(self.attempts.min(2) + 1);
        self.is_waiting().then_some(self.heard_at + patience)
    }

    /// A page can be asked for now.
    pub(super) fn is_ready(&self) -> bool {
        self.pass.as_ref().is_some_and(Pass::is_ready)
    }

    /// Its next page goes before those of all other lanes.
    pub(super) fn is_urgent(&self) -> bool {
        let is_short = |pass: &Pass| pass.requests() < URGENT || pass.is_at_the_front();
        self.kind == LaneKind::OpenStat && self.pass.as_ref().is_some_and(is_short)
    }

    /// When its first page is to be read again, because its reading takes long: a new STAT study must not
    /// wait for the end of a list that may have none.
    pub(super) fn look_due(&self, interval: i64) -> Option<i64> {
        let may_look = |pass: &Pass| pass.requests() > 1 && !pass.is_at_the_front();
        (self.kind == LaneKind::OpenStat && self.pass.as_ref().is_some_and(may_look))
            .then_some(self.looked_at + interval)
    }

    pub(super) fn look_when_due(&mut self, interval: i64, now: i64) {
        if self.look_due(interval).is_some_and(|due| due <= now)
            && let Some(pass) = &mut self.pass
            && pass.look_at_the_front()
        {
            self.looked_at = now;
        }
    }

    /// The next page to ask for.
    pub(super) fn next_page(&mut self, now: i64) -> Option<(ChainId, ListStudies)> {
        if !self.is_waiting() {
            self.heard_at = now;
        }
        self.pass.as_mut()?.next_page()
    }

    /// Starts to read the list, to be compared with what was read before.
    pub(super) fn begin(&mut self, now: i64) {
        self.cycle_began = now;
        self.cycles += 1;
        self.passes = 0;
        self.due = None;
        self.begin_pass(now);
    }

    fn begin_pass(&mut self, now: i64) {
        let whole = self.kind.request();
        self.pass_number += 1;
        self.pass_began = now;
        self.heard_at = now;
        self.looked_at = now;
        self.passes += 1;
        self.pass = Some(if self.reads_in_parts() {
            Pass::in_parts(whole)
        } else {
            Pass::in_one_piece(whole)
        });
    }

    /// Parts are faster; one piece also finds what no part names. A long list takes turns.
    fn reads_in_parts(&self) -> bool {
        let is_turn = self.is_long() && !self.cycles.is_multiple_of(2);
        let has_parts = !matches!(self.kind, LaneKind::OpenStat | LaneKind::Everything);
        has_parts && !self.in_one_piece && (self.is_first_reading() || is_turn)
    }

    fn is_long(&self) -> bool {
        self.last_requests > SHORT
    }

    /// Notes that a study was seen by another call.
    pub(super) fn met(&mut self, id: StudyId) {
        if self.is_walking() {
            self.met_elsewhere.insert(id);
        }
    }

    pub(super) fn take(
        &mut self,
        chain: ChainId,
        page: &Page<Study>,
        now: i64,
        interval: i64,
    ) -> Taken {
        let Some(pass) = &mut self.pass else {
            return Taken::of(Step::Stale);
        };
        self.heard_at = now;
        let outcome = pass.take(chain, page);
        let is_over = pass.is_over();
        // Whatever becomes of this reading, the next one need not find that out again.
        self.in_one_piece |= pass.ignores_filters();
        if let Err(doubt) = outcome {
            self.doubt(doubt, now, interval);
            return Taken::of(Step::Doubtful);
        }
        if is_over {
            self.end_pass(now, interval)
        } else {
            Taken::of(Step::Going)
        }
    }

    /// The list holds more than is kept: reading on would bring nothing that shows.
    pub(super) fn overflow(&mut self, most: usize, now: i64, interval: i64) {
        self.doubt(Doubt::TooMany(most), now, interval);
    }

    /// What is being read cannot be trusted and is given up.
    fn doubt(&mut self, doubt: Doubt, now: i64, interval: i64) {
        self.stop();
        self.was_read = true;
        let wait = self.wait();
        self.due = Some(
            now + match (self.kind, doubt) {
                // The server answers, and may still name new STAT studies: they do not wait for its paging.
                (LaneKind::OpenStat, _) => wait.min(interval),
                // What is known already has to be read again before anything else comes.
                (_, Doubt::TooMany(_)) => wait.max(interval),
                _ => wait,
            },
        );
        if matches!(doubt, Doubt::TooMany(_)) {
            // No count may pass for that of the whole list any more.
            self.fresh_at = None;
        }
        self.trouble = Some(Trouble::Paging(doubt));
    }

    fn end_pass(&mut self, now: i64, interval: i64) -> Taken {
        let Some(pass) = self.pass.take() else {
            return Taken::of(Step::Stale);
        };
        let print = Fingerprint::of(pass.met());
        let is_snapshot = pass.requests() == 1;
        let was_in_parts = self.reads_in_parts();
        let agrees = is_snapshot || self.last == Some(print);
        let must_agree = self.kind.is_open() || pass.requests() <= SHORT || pass.has_repeated();
        self.last = Some(print);
        self.was_read = true;
        self.last_requests = pass.requests();
        self.unreadable = pass.unreadable();
        let mut met = std::mem::take(&mut self.met_elsewhere);
        met.extend(pass.met());
        let step = if agrees || !must_agree || self.passes >= MAX_PASSES {
            self.fresh_at = Some(self.pass_began);
            self.attempts = 0;
            self.trouble = None;
            self.is_wanted = false;
            // A long list that nobody ever read in one piece is, at once, though nobody waits for that.
            let lacks_the_whole =
                self.cycles == 1 && was_in_parts && self.is_long() && self.kind.is_open();
            self.due = Some(if lacks_the_whole {
                now
            } else {
                self.cycle_began + interval
            });
            Step::Settled
        } else {
            self.begin_pass(now);
            Step::Compared
        };
        Taken { step, met }
    }

    /// What was being read is over; replies to it are stale.
    fn stop(&mut self) {
        self.pass = None;
        self.met_elsewhere.clear();
    }

    /// Takes a failure in; answers whether the pass goes on all the same.
    pub(super) fn fail(&mut self, chain: ChainId, failure: Failure, now: i64) -> bool {
        let Some(pass) = &mut self.pass else {
            return false;
        };
        self.heard_at = now;
        let is_refused = matches!(failure.status(), Some(400 | 404 | 410 | 422));
        if is_refused && pass.restart(chain) {
            return true;
        }
        self.stop();
        let asked = failure.retry_after().map_or(0, |wait| {
            i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)
        });
        // A refused key stays refused: asking again by itself would only be noise.
        self.due = (!failure.is_auth()).then(|| now.saturating_add(asked.max(self.wait())));
        self.trouble = Some(Trouble::Failed(failure));
        false
    }

    /// The server has been silent for too long.
    pub(super) fn give_up(&mut self, now: i64) {
        self.stop();
        self.due = Some(now + self.wait());
        self.trouble = Some(Trouble::Failed(Failure::TimedOut));
    }

    fn wait(&mut self) -> i64 {
        let wait = (FIRST_WAIT << self.attempts.min(8)).min(LAST_WAIT);
        self.attempts += 1;
        wait
    }

    /// Due at once, whatever befell it.
    pub(super) fn want(&mut self, now: i64) {
        if !self.is_walking() {
            self.due = Some(now);
            self.attempts = 0;
        }
        self.is_wanted = self.kind != LaneKind::Everything;
    }

    /// Due at once, if it is not in trouble.
    pub(super) fn hasten(&mut self, now: i64) {
        if self.trouble.is_none() {
            self.due = self.due.map(|due| due.min(now));
        }
    }

    /// An answer is awaited.
    pub(super) fn is_waiting(&self) -> bool {
        self.pass.as_ref().is_some_and(|pass| pass.in_flight() > 0)
    }

    /// When it will try again after a trouble.
    pub fn retry_at(&self) -> Option<i64> {
        self.trouble.as_ref().and(self.due)
    }
}

/// What a page made of a lane, and, at the end of a pass, the studies that exist.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    pub step: Step,
    pub met: HashSet<StudyId>,
}

impl Taken {
    pub(super) fn stale() -> Self {
        Self::of(Step::Stale)
    }

    fn of(step: Step) -> Self {
        let met = HashSet::new();
        Self { step, met }
    }
}
