//! Which lists are read when, and what a finished walk proves.
//!
//! A lane is one filtered list that is walked page by page. The server pages by offset, so a walk can
//! miss a study that shifted while it ran: a study that was not met is read once by itself before it is
//! believed to have left. No lane filters on more severities than it must, so that a study with a
//! severity this program does not know still shows.

use std::collections::{HashSet, VecDeque};

use crate::wire::{
    Failure, ListStudies, MAX_PAGE, Page, Severity, Study, StudyId, StudyViewerStatus,
};
use crate::worklist::Scope;

/// At most this many studies are read by themselves at a time.
const VERIFY_AT_ONCE: usize = 3;
/// Waits after a failure: doubled from the first to the last, in milliseconds.
const FIRST_WAIT: i64 = 5_000;
const LAST_WAIT: i64 = 60_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LaneKind {
    OpenStat,
    Open,
    Complete,
    Cancelled,
    Everything,
}

impl LaneKind {
    pub const ALL: [Self; 5] = [
        Self::OpenStat,
        Self::Open,
        Self::Complete,
        Self::Cancelled,
        Self::Everything,
    ];

    /// Whether studies of this lane show in a scope.
    pub fn serves(self, scope: Scope) -> bool {
        match self {
            Self::OpenStat | Self::Open => true,
            Self::Complete => scope == Scope::Complete,
            Self::Cancelled => scope == Scope::Cancelled,
            Self::Everything => scope == Scope::Any,
        }
    }

    fn request(self) -> ListStudies {
        let base = ListStudies {
            limit: Some(MAX_PAGE),
            ..ListStudies::default()
        };
        match self {
            Self::OpenStat => ListStudies {
                severity: Some(Severity::Stat),
                ..Self::Open.request()
            },
            Self::Open => ListStudies {
                is_cancelled: Some(false),
                study_viewer_status: Some(StudyViewerStatus::Incomplete),
                ..base
            },
            Self::Complete => ListStudies {
                is_cancelled: Some(false),
                study_viewer_status: Some(StudyViewerStatus::Complete),
                ..base
            },
            Self::Cancelled => ListStudies {
                is_cancelled: Some(true),
                ..base
            },
            Self::Everything => base,
        }
    }
}

/// A list being read.
#[derive(Debug, Clone)]
struct Walk {
    started: i64,
    request: ListStudies,
    /// Studies met by any call since the walk began.
    met: HashSet<StudyId>,
    cursors: HashSet<String>,
    unreadable: usize,
    restarted: bool,
}

/// What went wrong with a lane the last time.
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    Failed(Failure),
    /// The server's paging contradicts itself; the list may lack studies.
    Paging(&'static str),
}

#[derive(Debug, Clone)]
pub struct Lane {
    pub kind: LaneKind,
    walk: Option<Walk>,
    /// When to walk next, if ever.
    due: Option<i64>,
    /// When the last complete walk began: everything older than that was seen to be so.
    pub fresh_at: Option<i64>,
    pub trouble: Option<Trouble>,
    attempts: u32,
    /// Records of the last walk that could not be read.
    pub unreadable: usize,
}

/// What to do after a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    Page(ListStudies),
    /// The walk is complete; it began then.
    Complete {
        missing_from: LaneKind,
    },
    /// The walk ended, but what it saw may not be everything.
    Doubtful,
}

impl Lane {
    fn new(kind: LaneKind) -> Self {
        Self {
            kind,
            walk: None,
            due: None,
            fresh_at: None,
            trouble: None,
            attempts: 0,
            unreadable: 0,
        }
    }

    pub fn is_walking(&self) -> bool {
        self.walk.is_some()
    }

    pub fn begin(&mut self, now: i64) -> ListStudies {
        let request = self.kind.request();
        self.walk = Some(Walk {
            started: now,
            request: request.clone(),
            met: HashSet::new(),
            cursors: HashSet::new(),
            unreadable: 0,
            restarted: false,
        });
        self.due = None;
        request
    }

    /// Takes a page in and says how the walk goes on.
    pub fn advance(&mut self, page: &Page<Study>, now: i64, interval: i64) -> Next {
        let Some(walk) = &mut self.walk else {
            return Next::Doubtful;
        };
        walk.unreadable += page.unreadable.len();
        let Some(cursor) = page.next() else {
            self.fresh_at = Some(walk.started);
            self.unreadable = walk.unreadable;
            self.attempts = 0;
            self.trouble = None;
            self.due = Some(now + interval);
            return Next::Complete {
                missing_from: self.kind,
            };
        };
        if page.items.is_empty() && page.unreadable.is_empty() {
            return self.doubt("it sent an empty page and said there is more", now);
        }
        if !walk.cursors.insert(cursor.to_owned()) {
            return self.doubt("it sent the same page cursor twice", now);
        }
        walk.request.cursor = Some(cursor.to_owned());
        Next::Page(walk.request.clone())
    }

    fn doubt(&mut self, why: &'static str, now: i64) -> Next {
        self.walk = None;
        self.trouble = Some(Trouble::Paging(why));
        self.due = Some(now + self.wait());
        Next::Doubtful
    }

    /// The ids met by the walk that just completed; the walk is over.
    pub fn take_met(&mut self) -> HashSet<StudyId> {
        self.walk.take().map(|walk| walk.met).unwrap_or_default()
    }

    /// Takes a failure in. Answers the first page again if the server no longer takes the cursor.
    pub fn fail(&mut self, failure: Failure, now: i64) -> Option<ListStudies> {
        if let Some(walk) = &mut self.walk
            && walk.request.cursor.is_some()
            && matches!(failure.status(), Some(400 | 404 | 410 | 422))
            && !walk.restarted
        {
            walk.restarted = true;
            walk.cursors.clear();
            walk.request.cursor = None;
            return Some(walk.request.clone());
        }
        self.walk = None;
        let asked = match &failure {
            Failure::Rejected { retry_after, .. } => {
                retry_after.map(|wait| wait.as_millis() as i64)
            }
            _ => None,
        };
        // A refused key stays refused: asking again by itself would only be noise.
        self.due = (!failure.is_auth()).then(|| now + asked.unwrap_or(0).max(self.wait()));
        self.trouble = Some(Trouble::Failed(failure));
        None
    }

    fn wait(&mut self) -> i64 {
        let wait = (FIRST_WAIT << self.attempts.min(8)).min(LAST_WAIT);
        self.attempts += 1;
        wait
    }

    /// When it will try again after a trouble.
    pub fn retry_at(&self) -> Option<i64> {
        self.trouble.as_ref().and(self.due)
    }
}

/// All lanes, and the studies whose whereabouts are being looked into.
#[derive(Debug, Clone)]
pub struct Sync {
    lanes: [Lane; 5],
    verify: VecDeque<StudyId>,
    verifying: HashSet<StudyId>,
}

impl Default for Sync {
    fn default() -> Self {
        Self {
            lanes: LaneKind::ALL.map(Lane::new),
            verify: VecDeque::new(),
            verifying: HashSet::new(),
        }
    }
}

impl Sync {
    pub fn lane(&self, kind: LaneKind) -> &Lane {
        &self.lanes[kind as usize]
    }

    pub fn lane_mut(&mut self, kind: LaneKind) -> &mut Lane {
        &mut self.lanes[kind as usize]
    }

    /// Lanes of this scope that should be walked now: those never read, and those due.
    pub fn due(&self, scope: Scope, now: i64) -> Vec<LaneKind> {
        self.in_scope(scope)
            .filter(|lane| !lane.is_walking())
            .filter(|lane| match lane.due {
                Some(due) => due <= now,
                None => lane.fresh_at.is_none() && lane.trouble.is_none(),
            })
            .map(|lane| lane.kind)
            .collect()
    }

    /// When the next lane becomes due.
    pub fn next_due(&self, scope: Scope) -> Option<i64> {
        self.in_scope(scope)
            .filter(|lane| !lane.is_walking())
            .filter_map(|lane| lane.due)
            .min()
    }

    /// Makes every lane of this scope due, whatever befell it.
    pub fn refresh(&mut self, scope: Scope, now: i64) {
        for lane in &mut self.lanes {
            if lane.kind.serves(scope) && !lane.is_walking() {
                lane.due = Some(now);
                lane.attempts = 0;
            }
        }
    }

    pub fn in_scope(&self, scope: Scope) -> impl Iterator<Item = &Lane> {
        self.lanes
            .iter()
            .filter(move |lane| lane.kind.serves(scope))
    }

    /// Notes that a study was just seen, for every walk under way.
    pub fn met(&mut self, id: StudyId) {
        for walk in self.lanes.iter_mut().filter_map(|lane| lane.walk.as_mut()) {
            walk.met.insert(id);
        }
    }

    /// The time before which nothing is known for sure, once every list of the scope was read in full.
    pub fn fresh_at(&self, scope: Scope) -> Option<i64> {
        let main = match scope {
            Scope::Open => LaneKind::Open,
            Scope::Complete => LaneKind::Complete,
            Scope::Cancelled => LaneKind::Cancelled,
            Scope::Any => LaneKind::Everything,
        };
        self.lane(main).fresh_at
    }

    /// Everything of this scope has been read at least once.
    pub fn is_loaded(&self, scope: Scope) -> bool {
        self.fresh_at(scope).is_some()
    }

    /// The gravest trouble among the lanes of a scope: the one that waits longest for its next try.
    pub fn trouble(&self, scope: Scope) -> Option<&Lane> {
        self.in_scope(scope)
            .filter(|lane| lane.trouble.is_some())
            .max_by_key(|lane| lane.due.unwrap_or(i64::MAX))
    }

    pub fn unreadable(&self, scope: Scope) -> usize {
        self.in_scope(scope)
            .map(|lane| lane.unreadable)
            .max()
            .unwrap_or(0)
    }

    /// Queues studies that a complete walk did not meet.
    pub fn suspect(&mut self, ids: impl IntoIterator<Item = StudyId>) {
        for id in ids {
            if !self.verifying.contains(&id) && !self.verify.contains(&id) {
                self.verify.push_back(id);
            }
        }
    }

    /// The next studies to read by themselves.
    pub fn take_suspects(&mut self) -> Vec<StudyId> {
        let mut taken = Vec::new();
        while self.verifying.len() < VERIFY_AT_ONCE
            && let Some(id) = self.verify.pop_front()
        {
            self.verifying.insert(id);
            taken.push(id);
        }
        taken
    }

    pub fn verified(&mut self, id: StudyId) {
        self.verifying.remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(cursor: Option<&str>, unreadable: usize) -> Page<Study> {
        Page {
            items: Vec::new(),
            unreadable: vec![
                crate::wire::Unreadable {
                    id: None,
                    reason: String::new()
                };
                unreadable
            ],
            cursor: cursor.map(str::to_owned),
            has_more: cursor.is_some(),
        }
    }

    fn walking(kind: LaneKind) -> Lane {
        let mut lane = Lane::new(kind);
        lane.begin(1_000);
        lane
    }

    #[test]
    fn a_complete_walk_is_as_fresh_as_its_beginning() {
        let mut lane = walking(LaneKind::Open);
        assert!(matches!(
            lane.advance(&page(Some("a"), 1), 2_000, 60_000),
            Next::Page(ListStudies {
                cursor: Some(_),
                ..
            })
        ));
        assert!(matches!(
            lane.advance(&page(None, 2), 3_000, 60_000),
            Next::Complete { .. }
        ));
        assert_eq!((lane.fresh_at, lane.due), (Some(1_000), Some(63_000)));
        assert_eq!(lane.unreadable, 3);
    }

    #[test]
    fn paging_that_goes_in_circles_ends_and_says_so() {
        let mut lane = walking(LaneKind::Open);
        lane.advance(&page(Some("a"), 1), 0, 0);
        assert_eq!(lane.advance(&page(Some("a"), 1), 0, 0), Next::Doubtful);
        assert!(matches!(lane.trouble, Some(Trouble::Paging(_))));
        assert_eq!(lane.fresh_at, None);
        let mut lane = walking(LaneKind::Open);
        assert_eq!(lane.advance(&page(Some("a"), 0), 0, 0), Next::Doubtful);
    }

    #[test]
    fn a_cursor_refused_in_the_middle_starts_over_once() {
        let refused = Failure::rejected(400, b"", None);
        let mut lane = walking(LaneKind::Open);
        lane.advance(&page(Some("a"), 1), 0, 0);
        let again = lane.fail(refused.clone(), 0);
        assert_eq!(again.and_then(|request| request.cursor), None);
        assert!(lane.is_walking());
        lane.advance(&page(Some("a"), 1), 0, 0);
        assert_eq!(lane.fail(refused, 0), None);
        assert!(!lane.is_walking());
    }

    #[test]
    fn failures_wait_longer_each_time_and_a_refused_key_waits_for_a_person() {
        let mut lane = walking(LaneKind::Open);
        let mut waits = Vec::new();
        for _ in 0..6 {
            lane.begin(0);
            lane.fail(Failure::TimedOut, 0);
            waits.push(lane.due.unwrap());
        }
        assert_eq!(waits, [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
        lane.begin(0);
        lane.fail(Failure::rejected(401, b"", None), 0);
        assert_eq!(lane.due, None);
    }

    #[test]
    fn a_server_that_asks_to_wait_is_obeyed() {
        let mut lane = walking(LaneKind::OpenStat);
        let wait = Some(std::time::Duration::from_secs(120));
        lane.fail(Failure::rejected(429, b"", wait), 0);
        assert_eq!(lane.due, Some(120_000));
    }

    #[test]
    fn few_studies_are_looked_into_at_a_time() {
        let mut sync = Sync::default();
        let ids: Vec<StudyId> = (0..10).map(|n| StudyId::from_bytes([n; 16])).collect();
        sync.suspect(ids.clone());
        sync.suspect(ids.clone());
        assert_eq!(sync.take_suspects(), ids[..VERIFY_AT_ONCE]);
        assert!(sync.take_suspects().is_empty());
        sync.verified(ids[0]);
        assert_eq!(sync.take_suspects(), ids[VERIFY_AT_ONCE..=VERIFY_AT_ONCE]);
    }
}
