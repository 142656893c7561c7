//! One list that is kept up to date: it is read until two passes agree, and then rests until it is due.
//!
//! One file: every step of a reading ends in the same few states, and each must see all of them.

use hashbrown::HashSet;

use crate::wire::{Doubt, Failure, ListStudies, Page, Study, StudyId};

use super::kind::LaneKind;
use super::pass::{ChainId, Pass};

/// A list that never holds still is read this often in a row, and then rests like any other.
const MAX_PASSES: u32 = 3;
/// Longer lists of closed studies are read a second time only if they visibly moved.
const SHORT: u32 = 20;
/// A reading that hears nothing for this long is given up and started again, twice with more patience.
const PATIENCE: i64 = 20_000;
/// This many pages of a reading of the STAT lane go before all others. A longer list takes turns with the
/// other lanes, because the server may ignore the filter and send every study.
const URGENT: u32 = 10;
/// Waits after a failure, doubling from the first to the last, in milliseconds.
const FIRST_WAIT: i64 = 5_000;
const LAST_WAIT: i64 = 60_000;
/// The longest pause that a server can ask for: a new STAT study must not wait for the end of a day.
const LONGEST_STAT_PAUSE: i64 = 60_000;
const LONGEST_PAUSE: i64 = 300_000;

/// What last went wrong with a lane.
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    Failed(Failure),
    /// The server's paging contradicts itself; the list may lack studies.
    Paging(Doubt),
}

/// The state of a lane after a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LaneStep {
    /// The page belongs to nothing that is still being read.
    Stale,
    Going,
    /// A pass has seen the list to its end; another one follows to compare.
    Compared,
    /// The list is known as well as it can be. It rests until it is due.
    UpToDate,
    Doubtful,
}

/// Stands for the set of studies that a pass met. Ids are random, so two sets with the same three numbers are
/// in practice the same.
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
    /// How many those were.
    cycles: u32,
    passes: u32,
    last: Option<Fingerprint>,
    /// Studies met by other calls during a pass: they exist, whatever the pass says.
    met_elsewhere: HashSet<StudyId>,
    /// Whether the server does not understand the filters that divide the list.
    in_one_piece: bool,
    last_requests: u32,
    /// When to read it next, if ever.
    due: Option<i64>,
    /// When the last pass that saw the list to its end began. It has seen everything older.
    pub fresh_at: Option<i64>,
    pub trouble: Option<Trouble>,
    /// Whether a reading of it ended, well or in doubt: what comes for the first time after that is new.
    was_read: bool,
    attempts: u32,
    /// No page of it is asked for before then.
    paused_until: i64,
    /// Records of the last pass that could not be read.
    pub unreadable: usize,
    /// Whether somebody waits for it: its requests are paid from the budget for loading.
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
            paused_until: i64::MIN,
            unreadable: 0,
            // Nobody waits for it, because what it reads is already on screen.
            is_wanted: kind != LaneKind::Everything,
        }
    }

    /// Whether a reading of it ended, even in doubt.
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

    /// Whether somebody waits for it: its first reading, or one that was asked for.
    pub(super) fn is_wanted(&self) -> bool {
        self.is_wanted
    }

    /// Whether no reading of it has ended yet. Later ones only make sure.
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

    /// Returns when the server counts as silent, if nothing is heard before.
    pub(super) fn silent_at(&self) -> Option<i64> {
        let patience = PATIENCE * i64::from(self.attempts.min(2) + 1);
        self.is_waiting().then_some(self.heard_at + patience)
    }

    /// Whether a page can be asked for now.
    pub(super) fn is_ready(&self) -> bool {
        self.pass.as_ref().is_some_and(Pass::is_ready)
    }

    /// Whether its next page goes before those of all other lanes.
    pub(super) fn is_urgent(&self) -> bool {
        let is_short = |pass: &Pass| pass.requests() < URGENT || pass.is_at_the_front();
        self.kind == LaneKind::OpenStat && self.pass.as_ref().is_some_and(is_short)
    }

    /// Returns when to read its first page again, because the reading takes long: a new STAT study must not
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

    /// Returns the next page to ask for.
    pub(super) fn next_page(&mut self, now: i64) -> Option<(ChainId, ListStudies)> {
        if !self.is_waiting() {
            self.heard_at = now;
        }
        self.pass.as_mut()?.next_page()
    }

    /// Starts to read the list, to compare it with the reading before.
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

    /// Whether to read the list in parts. Parts are faster, but only one piece finds what no part names. A
    /// long list takes turns.
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

    pub(super) fn apply_page(
        &mut self,
        chain: ChainId,
        page: &Page<Study>,
        now: i64,
        interval: i64,
    ) -> Taken {
        let Some(pass) = &mut self.pass else {
            return Taken::of(LaneStep::Stale);
        };
        self.heard_at = now;
        let outcome = pass.apply_page(chain, page);
        let is_over = pass.is_over();
        // Whatever happens to this reading, the next one need not find that out again.
        self.in_one_piece |= pass.ignores_filters();
        if let Err(doubt) = outcome {
            self.doubt(doubt, now, interval);
            return Taken::of(LaneStep::Doubtful);
        }
        if is_over {
            self.end_pass(now, interval)
        } else {
            Taken::of(LaneStep::Going)
        }
    }

    /// The list holds more than is kept. Reading on would bring nothing to show.
    pub(super) fn overflow(&mut self, most: usize, now: i64, interval: i64) {
        self.doubt(Doubt::TooMany(most), now, interval);
    }

    /// Gives up a reading that cannot be trusted.
    fn doubt(&mut self, doubt: Doubt, now: i64, interval: i64) {
        self.stop();
        self.was_read = true;
        let wait = self.wait();
        self.due = Some(
            now + match (self.kind, doubt) {
                // The server answers and may still name new STAT studies, so they do not wait until its
                // paging works.
                (LaneKind::OpenStat, _) => wait.min(interval),
                // What is known has to be read again before anything new comes.
                (_, Doubt::TooMany(_)) => wait.max(interval),
                _ => wait,
            },
        );
        if matches!(doubt, Doubt::TooMany(_)) {
            // No count may be taken for that of the whole list any more.
            self.fresh_at = None;
        }
        self.trouble = Some(Trouble::Paging(doubt));
    }

    fn end_pass(&mut self, now: i64, interval: i64) -> Taken {
        let Some(pass) = self.pass.take() else {
            return Taken::of(LaneStep::Stale);
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
            // A long list that was never read in one piece is read so at once, although nobody waits for it.
            let lacks_the_whole =
                self.cycles == 1 && was_in_parts && self.is_long() && self.kind.is_open();
            self.due = Some(if lacks_the_whole {
                now
            } else {
                self.cycle_began + interval
            });
            LaneStep::UpToDate
        } else {
            self.begin_pass(now);
            LaneStep::Compared
        };
        Taken { step, met }
    }

    /// Ends the reading. Replies to it are stale from now on.
    fn stop(&mut self) {
        self.pass = None;
        self.met_elsewhere.clear();
    }

    /// Takes a failure in. Returns whether the pass goes on all the same.
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
        let asked = asked(&failure).map_or(0, |asked| asked.min(self.longest_pause()));
        // A refused key stays refused: asking again without the user would only be noise.
        self.due = (!failure.is_auth()).then(|| now.saturating_add(asked.max(self.wait())));
        self.trouble = Some(Trouble::Failed(failure));
        false
    }

    /// Asks for no page for as long as the server asked, or for `usual`, but not longer than is safe.
    pub(super) fn pause(&mut self, failure: &Failure, usual: i64, now: i64) {
        let pause = asked(failure).unwrap_or(usual).min(self.longest_pause());
        self.paused_until = self.paused_until.max(now.saturating_add(pause));
    }

    pub(super) fn end_pause(&mut self) {
        self.paused_until = i64::MIN;
    }

    pub(super) fn paused_until(&self) -> i64 {
        self.paused_until
    }

    fn longest_pause(&self) -> i64 {
        match self.kind {
            LaneKind::OpenStat => LONGEST_STAT_PAUSE,
            _ => LONGEST_PAUSE,
        }
    }

    /// Returns after how many milliseconds it tries again, if the server asked for a longer wait.
    pub fn tries_sooner(&self) -> Option<i64> {
        let Some(Trouble::Failed(failure)) = &self.trouble else {
            return None;
        };
        let longest = self.longest_pause();
        (self.due.is_some() && asked(failure)? > longest).then_some(longest)
    }

    /// Gives up a reading because the server has been silent for too long.
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

    /// Makes it due at once, whatever went wrong before.
    pub(super) fn want(&mut self, now: i64) {
        if !self.is_walking() {
            self.due = Some(now);
            self.attempts = 0;
        }
        self.is_wanted = self.kind != LaneKind::Everything;
    }

    /// Makes it due at once, unless it is in trouble.
    pub(super) fn hasten(&mut self, now: i64) {
        if self.trouble.is_none() {
            self.due = self.due.map(|due| due.min(now));
        }
    }

    /// Whether an answer is awaited.
    pub(super) fn is_waiting(&self) -> bool {
        self.pass.as_ref().is_some_and(|pass| pass.in_flight() > 0)
    }

    /// Returns when it will try again after a trouble.
    pub fn retry_at(&self) -> Option<i64> {
        self.trouble.as_ref().and(self.due)
    }
}

/// Returns how many milliseconds the server asked to wait.
fn asked(failure: &Failure) -> Option<i64> {
    let wait = failure.retry_after()?;
    Some(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
}

/// The state of a lane after a page and, at the end of a pass, the studies that exist.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    pub step: LaneStep,
    pub met: HashSet<StudyId>,
}

impl Taken {
    pub(super) fn stale() -> Self {
        Self::of(LaneStep::Stale)
    }

    fn of(step: LaneStep) -> Self {
        let met = HashSet::new();
        Self { step, met }
    }
}
