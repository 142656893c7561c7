//! The planner: all lanes, the studies that are looked for one by one, and what may be asked now.

mod asks;

use std::collections::{BTreeSet, VecDeque};

use hashbrown::HashSet;

use crate::wire::{Failure, ListStudies, Page, Severity, Study, StudyId, UserId};
use crate::worklist::Scope;

use super::budget::Budget;
use super::kind::LaneKind;
use super::lane::{Lane, LaneStep, Taken};
use super::pass::{ChainId, Pass};

/// Requests of the planner in flight at a time. The client allows one more, so that a request of the user is
/// never queued behind reading.
const AT_ONCE: usize = 5;
/// At most this many of them read single studies.
const VERIFY_AT_ONCE: usize = 3;
/// While nobody looks, lists are read less often by this factor.
const UNFOCUSED: i64 = 4;
/// Closed studies change rarely and are many.
const CLOSED: i64 = 5;
/// An overloaded server is asked half as often, and that up to three times in a row.
const SLOWEST: u32 = 3;
/// How long an overloaded server is left alone if it does not say for how long.
const PAUSE: i64 = 15_000;

/// How often lists are read, in milliseconds, and how many requests that may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Open STAT studies.
    pub stat: i64,
    /// All open studies; closed ones less often.
    pub open: i64,
    /// Requests that keeping up may make in a minute. Loading, while somebody waits, may make as many again,
    /// and ten times as many at once.
    pub requests_per_minute: u32,
    /// Moves the first repetition, in thousandths of the interval, so that a hundred workstations that start
    /// at eight do not all ask at the same time.
    pub jitter: u16,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            stat: 10_000,
            open: 60_000,
            requests_per_minute: 300,
            jitter: 0,
        }
    }
}

/// Names one cursor of one reading of one lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainRef {
    pub lane: LaneKind,
    pub pass: u32,
    chain: ChainId,
}

/// A request that may be made now.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    Page(ChainRef, ListStudies),
    /// Reads a study that a reading did not meet.
    Study(StudyId),
}

#[derive(Debug, Clone)]
pub struct Sync {
    lanes: [Lane; 5],
    verify: VecDeque<StudyId>,
    /// The same studies, to look one up.
    queued: HashSet<StudyId>,
    verifying: HashSet<StudyId>,
    pace: Pace,
    /// The requests that keeping up may make.
    budget: Budget,
    /// The requests that loading may make: for the first reading of a list, and for one that was asked for.
    loading: Budget,
    /// The STAT lane's later pages and the other lanes take turns.
    is_turn_of_stat: bool,
    /// Requests of others that were in flight when it planned last.
    busy: usize,
    /// How many times the pace was halved for an overloaded server.
    slowed: u32,
    is_focused: bool,
    /// Nothing but the open STAT studies is read.
    only_stat: bool,
}

impl Default for Sync {
    fn default() -> Self {
        Self::new(Pace::default())
    }
}

impl Sync {
    pub fn new(pace: Pace) -> Self {
        Self {
            lanes: LaneKind::ALL.map(Lane::new),
            verify: VecDeque::new(),
            queued: HashSet::new(),
            verifying: HashSet::new(),
            pace,
            budget: Budget::new(pace.requests_per_minute),
            loading: Budget::for_loading(pace.requests_per_minute),
            is_turn_of_stat: false,
            busy: 0,
            slowed: 0,
            is_focused: true,
            only_stat: false,
        }
    }

    /// Forgets what was read. Requests that were made still count against the budget.
    pub fn start_over(&mut self) {
        *self = Self {
            budget: self.budget.clone(),
            loading: self.loading.clone(),
            ..Self::new(self.pace)
        };
    }

    /// From now on nothing but the open STAT studies is read.
    pub fn watch_stat_only(&mut self) {
        self.only_stat = true;
    }

    pub fn lane(&self, kind: LaneKind) -> &Lane {
        &self.lanes[kind as usize]
    }

    fn lane_mut(&mut self, kind: LaneKind) -> &mut Lane {
        &mut self.lanes[kind as usize]
    }

    pub fn in_scope(&self, scope: Scope) -> impl Iterator<Item = &Lane> {
        self.lanes
            .iter()
            .filter(move |lane| lane.kind.serves(scope))
    }

    /// Returns how often a lane is read at present.
    pub fn interval(&self, kind: LaneKind) -> i64 {
        let unfocused = if self.is_focused { 1 } else { UNFOCUSED };
        let factor = match kind {
            // A STAT study is as urgent when nobody looks, or when the server is slow.
            LaneKind::OpenStat => return self.pace.stat,
            LaneKind::Open => unfocused,
            LaneKind::Complete | LaneKind::Cancelled | LaneKind::Everything => CLOSED * unfocused,
        };
        (self.pace.open * factor) << self.slowed
    }

    /// Slows down, because the server asked for fewer requests.
    pub fn is_slowed(&self) -> bool {
        self.slowed > 0
    }

    /// Notes whether somebody looks. If so, lists that are older than they should be are read at once.
    pub fn focus(&mut self, is_focused: bool, scope: Scope, now: i64) {
        self.is_focused = is_focused;
        if !is_focused {
            return;
        }
        for kind in LaneKind::ALL {
            let interval = self.interval(kind);
            let lane = self.lane_mut(kind);
            if kind.serves(scope) && lane.fresh_at.is_some_and(|at| now - at >= interval) {
                lane.hasten(now);
            }
        }
    }

    /// Returns the requests to make now, while `busy` others are in flight. `people` is everybody a study may
    /// be assigned to; empty while that is not known.
    pub fn plan(
        &mut self,
        scope: Scope,
        now: i64,
        busy: usize,
        people: &dyn Fn() -> BTreeSet<UserId>,
    ) -> Vec<Ask> {
        self.busy = busy;
        self.give_up_the_silent(now);
        self.begin_what_is_due(scope, now);
        let stat = self.pace.stat;
        self.lane_mut(LaneKind::OpenStat).look_when_due(stat, now);
        let mut asks = Vec::new();
        // All other parts end long before the history does, so it is divided while that is cheap.
        self.split(LaneKind::Complete, 0, people);
        let mut free = AT_ONCE.saturating_sub(self.in_flight() + busy);
        while free > 0
            && let Some(ask) = self.next_ask(scope, now, free, people)
        {
            asks.push(ask);
            free -= 1;
        }
        asks
    }

    fn begin_what_is_due(&mut self, scope: Scope, now: i64) {
        for kind in LaneKind::ALL {
            let is_read = !self.only_stat || kind == LaneKind::OpenStat;
            let is_due = self.begins_at(kind).is_some_and(|due| due <= now);
            if is_read && kind.serves(scope) && is_due {
                self.lane_mut(kind).begin(now);
            }
        }
    }

    /// Returns when a lane at rest is to be read, if nothing has to come before.
    fn begins_at(&self, kind: LaneKind) -> Option<i64> {
        let is_loaded = |kind: &LaneKind| self.lane(*kind).fresh_at.is_some();
        let rest = [LaneKind::Open, LaneKind::Complete, LaneKind::Cancelled];
        let waits = kind == LaneKind::Everything && !rest.iter().all(is_loaded);
        let lane = self.lane(kind);
        lane.due().filter(|_| !lane.is_walking() && !waits)
    }

    fn give_up_the_silent(&mut self, now: i64) {
        for lane in &mut self.lanes {
            if lane.silent_at().is_some_and(|at| at <= now) {
                lane.give_up(now);
            }
        }
    }

    fn in_flight(&self) -> usize {
        let pages: usize = self
            .lanes
            .iter()
            .filter_map(Lane::pass)
            .map(Pass::in_flight)
            .sum();
        pages + self.verifying.len()
    }

    /// Returns when to plan again although nothing came back.
    pub fn next_due(&self, scope: Scope, now: i64) -> Option<i64> {
        let begins = LaneKind::ALL
            .into_iter()
            .filter(|kind| kind.serves(scope))
            .filter_map(|kind| {
                let due = self.begins_at(kind).filter(|due| *due > i64::MIN)?;
                Some(due.max(self.lane(kind).paused_until()))
            });
        let silences = self.lanes.iter().filter_map(Lane::silent_at);
        let look = self.lane(LaneKind::OpenStat).look_due(self.pace.stat);
        let look = look.map(|at| at.max(self.lane(LaneKind::OpenStat).paused_until()));
        begins
            .chain(silences)
            .chain(look)
            .chain(self.next_ask_at(scope, now))
            .min()
    }

    /// Returns when single studies may be read again: they wait like the list of all open ones.
    fn suspects_paused_until(&self) -> i64 {
        self.lane(LaneKind::Open).paused_until()
    }

    /// Makes every lane of this scope due, whatever went wrong before, because the user asks.
    pub fn refresh(&mut self, scope: Scope, now: i64) {
        for lane in &mut self.lanes {
            lane.end_pause();
            if lane.kind.serves(scope) {
                lane.want(now);
            }
        }
    }

    /// Whether a reply to this cursor still means anything.
    pub fn expects(&self, at: ChainRef) -> bool {
        let lane = self.lane(at.lane);
        lane.is_walking() && lane.pass_number() == at.pass
    }

    /// Whether a study of a page that nobody knew before came in meanwhile. It did if every open study was
    /// read once or, for a STAT study, if both its own list and this one were looked at, because the list of
    /// all may have no end.
    pub fn brings_news(&self, at: ChainRef, study: &Study) -> bool {
        let is_stat = study.is_open() && study.severity == Severity::Stat;
        let stat = self.lane(LaneKind::OpenStat);
        let looks_again = |lane: &Lane| self.expects(at) && lane.looks_again(at.chain);
        self.is_loaded(Scope::Open)
            || is_stat
                && looks_again(self.lane(at.lane))
                && (at.lane == LaneKind::OpenStat || stat.was_read())
    }

    /// Takes a page in.
    pub fn apply_page(&mut self, at: ChainRef, page: &Page<Study>, now: i64) -> Taken {
        if !self.expects(at) {
            return Taken::stale();
        }
        let is_first = self.lane(at.lane).fresh_at.is_none();
        let mut interval = self.interval(at.lane);
        if is_first {
            interval -= interval * i64::from(self.pace.jitter.min(1000)) / 2000;
        }
        let taken = self
            .lane_mut(at.lane)
            .apply_page(at.chain, page, now, interval);
        if taken.step == LaneStep::UpToDate && at.lane != LaneKind::OpenStat {
            self.slowed = self.slowed.saturating_sub(1);
        }
        taken
    }

    /// Stops reading a list, because a page holds studies for which there is no room. `most` is how many
    /// studies of its kind are kept.
    pub fn overflow(&mut self, at: ChainRef, most: usize, now: i64) {
        if self.expects(at) {
            let interval = self.interval(at.lane);
            self.lane_mut(at.lane).overflow(most, now, interval);
        }
    }

    /// Takes a failure in. Returns whether the reading goes on all the same.
    pub fn fail(&mut self, at: ChainRef, failure: Failure, now: i64) -> bool {
        if !self.expects(at) {
            return false;
        }
        if matches!(failure.status(), Some(429 | 503)) {
            // The server means every request, but only its answer about STAT studies holds those up.
            let is_held =
                |lane: &&mut Lane| lane.kind == at.lane || lane.kind != LaneKind::OpenStat;
            for lane in self.lanes.iter_mut().filter(is_held) {
                lane.pause(&failure, PAUSE, now);
            }
            self.slowed = (self.slowed + 1).min(SLOWEST);
        }
        self.lane_mut(at.lane).fail(at.chain, failure, now)
    }

    /// Notes that a study was just seen, for every reading under way.
    pub fn met(&mut self, id: StudyId) {
        for lane in &mut self.lanes {
            lane.met(id);
        }
    }

    /// Returns when the oldest full reading among the lists of the scope began, once each was read in full.
    pub fn fresh_at(&self, scope: Scope) -> Option<i64> {
        self.in_scope(scope)
            .filter(|lane| !matches!(lane.kind, LaneKind::OpenStat | LaneKind::Everything))
            .filter(|lane| lane.kind != LaneKind::Open || matches!(scope, Scope::Open | Scope::Any))
            .map(|lane| lane.fresh_at)
            .min()
            .flatten()
    }

    /// Whether everything of this scope has been read at least once.
    pub fn is_loaded(&self, scope: Scope) -> bool {
        self.fresh_at(scope).is_some()
    }

    /// Whether open STAT studies have not been read for several intervals.
    pub fn is_stat_late(&self, now: i64) -> bool {
        let lane = self.lane(LaneKind::OpenStat);
        lane.fresh_at
            .is_some_and(|at| now - at > 3 * self.pace.stat + 20_000)
    }

    /// Returns the worst trouble among the lanes of a scope: the one that waits longest for its next try.
    pub fn trouble(&self, scope: Scope) -> Option<&Lane> {
        self.in_scope(scope)
            .filter(|lane| lane.trouble.is_some())
            .max_by_key(|lane| lane.retry_at().unwrap_or(i64::MAX))
    }

    pub fn unreadable(&self, scope: Scope) -> usize {
        self.in_scope(scope)
            .map(|lane| lane.unreadable)
            .max()
            .unwrap_or(0)
    }

    /// Counts one request that cannot wait, such as a look that the user asked for. Keeping up waits longer
    /// for it.
    pub fn owe_request(&mut self, now: i64) {
        self.budget.owe(now);
    }

    /// Pays for one request of keeping up. Returns whether it could.
    pub fn may_request(&mut self, now: i64) -> bool {
        self.budget.take(now)
    }

    /// Pays for one request of loading, for a list that somebody waits for. Returns whether it could.
    pub fn may_load(&mut self, now: i64) -> bool {
        self.loading.take(now)
    }

    /// Returns when the next request of loading may be made.
    pub fn next_load_at(&self, now: i64) -> i64 {
        self.loading.next_at(now)
    }

    /// Returns when the next request of keeping up may be made.
    pub fn next_request_at(&self, now: i64) -> i64 {
        self.budget.next_at(now)
    }

    /// Queues studies that a reading did not meet.
    pub fn suspect(&mut self, ids: impl IntoIterator<Item = StudyId>) {
        for id in ids {
            if !self.verifying.contains(&id) && self.queued.insert(id) {
                self.verify.push_back(id);
            }
        }
    }

    pub fn verified(&mut self, id: StudyId) {
        self.verifying.remove(&id);
    }
}

#[cfg(test)]
mod tests;
