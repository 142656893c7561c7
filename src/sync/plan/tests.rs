mod bounds;

use std::collections::BTreeSet;
use std::time::Duration;

use super::*;
use crate::sync::pass::LONG;
use crate::sync::{Doubt, Trouble};
use crate::wire::{Match, Severity, StudyViewerStatus};
use crate::worklist::testing::{StudyBuilder, study, user_id};

/// A planner, the requests it made, and a server that answers them as the test likes.
struct Table {
    sync: Sync,
    now: i64,
    scope: Scope,
    asked: VecDeque<Ask>,
    people: BTreeSet<UserId>,
}

impl Table {
    fn new(pace: Pace) -> Self {
        let mut table = Self {
            sync: Sync::new(pace),
            now: 0,
            scope: Scope::Open,
            asked: VecDeque::new(),
            people: BTreeSet::new(),
        };
        table.plan();
        table
    }

    fn plan(&mut self) -> usize {
        let people = self.people.clone();
        let asks = self
            .sync
            .plan(self.scope, self.now, 0, &move || people.clone());
        let count = asks.len();
        self.asked.extend(asks);
        count
    }

    fn pass_time(&mut self, ms: i64) -> usize {
        self.now += ms;
        self.plan()
    }

    fn next_page(&mut self) -> (ChainRef, ListStudies) {
        match self.asked.pop_front() {
            Some(Ask::Page(at, request)) => (at, request),
            other => panic!("a page is not asked for: {other:?}"),
        }
    }

    /// Answers everything that is asked from a clinic of so many studies a page.
    fn serve(&mut self, clinic: &[Study], page_size: usize) -> usize {
        let mut served = 0;
        while !self.asked.is_empty() {
            self.serve_one(clinic, page_size);
            served += 1;
        }
        served
    }

    /// Answers what was asked first; says what that was and what came.
    fn serve_one(&mut self, clinic: &[Study], page_size: usize) -> (ListStudies, Page<Study>) {
        let (at, request) = self.next_page();
        let page = page_of(clinic, &request, page_size);
        self.sync.apply_page(at, &page, self.now);
        self.plan();
        (request, page)
    }

    fn fail(&mut self, failure: &Failure) {
        while !self.asked.is_empty() {
            let (at, _) = self.next_page();
            self.sync.fail(at, failure.clone(), self.now);
        }
        self.plan();
    }
}

fn page_of(clinic: &[Study], request: &ListStudies, page_size: usize) -> Page<Study> {
    let offset: usize = match &request.cursor {
        Some(cursor) => cursor.parse().unwrap(),
        None => 0,
    };
    let admitted = |study: &&Study| crate::sync::partition::admits(request, study);
    let items: Vec<Study> = clinic
        .iter()
        .filter(admitted)
        .skip(offset)
        .take(page_size)
        .cloned()
        .collect();
    let has_more = clinic.iter().filter(admitted).count() > offset + items.len();
    Page {
        cursor: has_more.then(|| (offset + items.len()).to_string()),
        has_more,
        items,
        unreadable: Vec::new(),
    }
}

fn clinic(builders: impl IntoIterator<Item = StudyBuilder>) -> Vec<Study> {
    builders.into_iter().map(StudyBuilder::build).collect()
}

fn open_studies(count: u8) -> Vec<Study> {
    clinic((0..count).map(|n| match n % 3 {
        0 => study(n).stat(),
        1 => study(n).high(),
        _ => study(n),
    }))
}

#[test]
fn stat_comes_first_then_the_parts_of_what_is_open() {
    let mut table = Table::new(Pace::default());
    let asked: Vec<_> = (0..4).map(|_| table.next_page()).collect();
    let severities: Vec<_> = asked
        .iter()
        .map(|(at, request)| (at.lane, request.severity.clone().unwrap()))
        .collect();
    assert_eq!(
        severities,
        [
            (LaneKind::OpenStat, Severity::Stat),
            (LaneKind::Open, Severity::Stat),
            (LaneKind::Open, Severity::High),
            (LaneKind::Open, Severity::Normal),
        ]
    );
    assert!(table.asked.is_empty());
    for (_, request) in asked {
        assert_eq!(request.is_cancelled, Some(false));
        assert_eq!(
            request.study_viewer_status,
            Some(StudyViewerStatus::Incomplete)
        );
        assert_eq!(request.limit, Some(100));
    }
}

/// Waiting for one cursor to see the end of a long list a second time would take minutes.
#[test]
fn a_long_list_is_compared_in_parts_and_then_read_in_one_piece() {
    let mut table = Table::new(Pace::default());
    let clinic = open_studies(90);
    let mut served = [0, 0];
    while let Some(ask) = table.asked.pop_front() {
        let Ask::Page(at, request) = ask else {
            panic!("no study is looked into: {ask:?}");
        };
        let is_loaded = usize::from(table.sync.is_loaded(Scope::Open));
        let is_whole = at.lane == LaneKind::Open && request.severity.is_none();
        assert_eq!(is_whole, is_loaded == 1 && at.lane == LaneKind::Open);
        served[is_loaded] += 1;
        let page = page_of(&clinic, &request, 3);
        table.sync.apply_page(at, &page, table.now);
        table.plan();
    }
    // The STAT list is short enough to be compared in one piece.
    assert_eq!(served, [2 * 10 + 2 * 30, 30]);
    table.pass_time(59_999);
    assert!(
        table
            .asked
            .iter()
            .all(|ask| matches!(ask, Ask::Page(at, _) if at.lane == LaneKind::OpenStat))
    );
}

#[test]
fn a_list_counts_as_read_once_two_readings_agree() {
    let mut table = Table::new(Pace::default());
    let clinic = open_studies(30);
    // STAT in one page; the parts in one page each; then everything in two pages, to compare.
    assert_eq!(table.serve(&clinic, 20), 1 + 3 + 2);
    assert!(table.sync.is_loaded(Scope::Open));
    table.pass_time(60_000);
    // Nothing moved: one reading says so.
    assert_eq!(table.serve(&clinic, 20), 1 + 2);
    table.pass_time(60_000);
    // One study is gone: two readings agree about the rest.
    assert_eq!(table.serve(&clinic[1..], 20), 1 + 2 + 2);
}

#[test]
fn a_list_that_never_holds_still_rests_anyway() {
    let mut table = Table::new(Pace::default());
    let mut clinic = open_studies(60);
    let mut served = 0;
    while !table.asked.is_empty() {
        let (at, request) = table.next_page();
        let page = page_of(&clinic, &request, 20);
        table.sync.apply_page(at, &page, table.now);
        clinic.pop();
        served += 1;
        table.plan();
    }
    assert!(table.sync.is_loaded(Scope::Open));
    assert!(served < 20, "{served}");
}

#[test]
fn a_severity_that_no_part_names_is_found_by_the_whole() {
    let mut table = Table::new(Pace::default());
    let strange = study(77).severity("critical").build();
    let clinic = [open_studies(5), vec![strange.clone()]].concat();
    let mut met = HashSet::new();
    while !table.asked.is_empty() {
        let (at, request) = table.next_page();
        let page = page_of(&clinic, &request, 20);
        met.extend(page.items.iter().map(|study| study.study_id));
        table.sync.apply_page(at, &page, table.now);
        table.plan();
    }
    assert!(met.contains(&strange.study_id));
    assert!(table.sync.is_loaded(Scope::Open));
}

#[test]
fn stat_is_read_six_times_a_minute_and_the_rest_once() {
    let mut table = Table::new(Pace::default());
    let clinic = open_studies(10);
    table.serve(&clinic, 100);
    let mut lanes = Vec::new();
    for _ in 0..60 {
        table.pass_time(1_000);
        while !table.asked.is_empty() {
            let (at, request) = table.next_page();
            lanes.push(at.lane);
            table
                .sync
                .apply_page(at, &page_of(&clinic, &request, 100), table.now);
            table.plan();
        }
    }
    let stat = lanes.iter().filter(|lane| **lane == LaneKind::OpenStat);
    let open = lanes.iter().filter(|lane| **lane == LaneKind::Open);
    assert_eq!((stat.count(), open.count()), (6, 1));
}

#[test]
fn where_nobody_looks_only_stat_keeps_its_pace() {
    let mut table = Table::new(Pace::default());
    let clinic = open_studies(10);
    table.serve(&clinic, 100);
    table.sync.focus(false, Scope::Open, table.now);
    let mut lanes = Vec::new();
    for _ in 0..240 {
        table.pass_time(1_000);
        while !table.asked.is_empty() {
            let (at, request) = table.next_page();
            lanes.push(at.lane);
            table
                .sync
                .apply_page(at, &page_of(&clinic, &request, 100), table.now);
            table.plan();
        }
    }
    let count = |kind| lanes.iter().filter(|lane| **lane == kind).count();
    assert_eq!(count(LaneKind::OpenStat), 24);
    assert!(count(LaneKind::Open) <= 2, "{}", count(LaneKind::Open));
    table.now += 61_000;
    table.sync.focus(true, Scope::Open, table.now);
    table.plan();
    let asks: Vec<_> = table.asked.iter().map(lane_of).collect();
    assert!(asks.contains(&Some(LaneKind::Open)), "{asks:?}");
}

fn lane_of(ask: &Ask) -> Option<LaneKind> {
    match ask {
        Ask::Page(at, _) => Some(at.lane),
        Ask::Study(_) => None,
    }
}

#[test]
fn polling_stays_within_its_budget_but_for_stat() {
    let pace = Pace {
        requests_per_minute: 30,
        ..Pace::default()
    };
    let mut table = Table::new(pace);
    let clinic = clinic((0..200).map(study));
    table.serve(&clinic, 10);
    let mut requests = 0;
    for _ in 0..600 {
        table.pass_time(1_000);
        requests += table.serve(&clinic, 10);
    }
    // A full bucket at first, then 30 a minute.
    assert!(requests <= 30 + 300 + 1, "{requests}");
    assert!(requests > 250, "{requests}");
}

#[test]
fn an_overloaded_server_is_left_alone_and_then_asked_less() {
    let mut table = Table::new(Pace::default());
    let clinic = open_studies(10);
    table.serve(&clinic, 100);
    table.pass_time(60_000);
    table.fail(&Failure::rejected(429, b"", Some(Duration::from_secs(90))));
    assert!(table.sync.is_slowed());
    // STAT studies wait for a minute at most.
    assert_eq!(table.pass_time(59_000), 0);
    assert_eq!(table.pass_time(2_000), 1);
    assert_eq!(lane_of(&table.asked[0]), Some(LaneKind::OpenStat));
    table.serve(&clinic, 100);
    table.pass_time(28_000);
    assert!(
        table
            .asked
            .iter()
            .all(|ask| lane_of(ask) == Some(LaneKind::OpenStat))
    );
    table.serve(&clinic, 100);
    table.pass_time(2_000);
    assert!(
        table
            .asked
            .iter()
            .any(|ask| lane_of(ask) == Some(LaneKind::Open))
    );
    assert_eq!(table.sync.interval(LaneKind::OpenStat), 10_000);
    assert!(table.sync.interval(LaneKind::Open) > 60_000);
    for _ in 0..8 {
        table.serve(&clinic, 100);
        table.pass_time(480_000);
    }
    assert!(!table.sync.is_slowed());
}

/// Lets `lanes` fail and answers all others.
fn fail_lanes(table: &mut Table, clinic: &[Study], lanes: &[LaneKind], failure: &Failure) {
    let mut has_failed = false;
    while let Some(ask) = table.asked.front() {
        if lane_of(ask).is_some_and(|lane| lanes.contains(&lane)) {
            let (at, _) = table.next_page();
            table.sync.fail(at, failure.clone(), table.now);
            has_failed = true;
        } else {
            table.serve_one(clinic, 100);
        }
    }
    assert!(has_failed);
    table.plan();
}

fn asking_for_a_day(status: u16) -> Failure {
    Failure::rejected(status, b"", Some(Duration::from_secs(86_400)))
}

#[test]
fn a_wait_of_a_day_stops_stat_for_a_minute_and_the_rest_for_five() {
    let clinic = open_studies(10);
    for status in [429, 503] {
        let mut table = Table::new(Pace::default());
        table.serve(&clinic, 100);
        table.pass_time(60_000);
        table.fail(&asking_for_a_day(status));
        for (kind, longest) in [(LaneKind::OpenStat, 60_000), (LaneKind::Open, 300_000)] {
            let lane = table.sync.lane(kind);
            assert_eq!(
                lane.retry_at(),
                Some(table.now + longest),
                "{status} {kind:?}"
            );
            assert_eq!(lane.tries_sooner(), Some(longest), "{status} {kind:?}");
        }
        assert_eq!(
            table.sync.next_due(Scope::Open, table.now),
            Some(table.now + 60_000)
        );
        assert_eq!(table.pass_time(59_999), 0);
        assert_eq!(table.pass_time(1), 1);
        assert_eq!(lane_of(&table.asked[0]), Some(LaneKind::OpenStat));
        table.serve(&clinic, 100);
        table.pass_time(240_000);
        let mut asked = table.asked.iter().map(lane_of);
        assert!(asked.any(|lane| lane == Some(LaneKind::Open)), "{status}");
    }
}

#[test]
fn a_wait_that_another_list_is_asked_for_does_not_stop_stat() {
    let clinic = open_studies(10);
    let mut table = Table::new(Pace::default());
    table.scope = Scope::Any;
    let lanes = [LaneKind::Complete];
    fail_lanes(&mut table, &clinic, &lanes, &asking_for_a_day(429));
    let mut stat = 0;
    for _ in 0..29 {
        table.pass_time(10_000);
        let lanes: Vec<_> = table.asked.iter().map(lane_of).collect();
        assert!(
            lanes.iter().all(|lane| *lane == Some(LaneKind::OpenStat)),
            "{lanes:?}"
        );
        stat += lanes.len();
        table.serve(&clinic, 100);
    }
    assert!(stat >= 28, "{stat}");
}

#[test]
fn a_wait_that_is_short_enough_is_kept_and_not_called_sooner() {
    let clinic = open_studies(10);
    let mut table = Table::new(Pace::default());
    table.serve(&clinic, 100);
    table.pass_time(60_000);
    table.fail(&Failure::rejected(503, b"", Some(Duration::from_secs(60))));
    assert_eq!(table.sync.lane(LaneKind::OpenStat).tries_sooner(), None);
    assert_eq!(table.pass_time(59_999), 0);
    assert!(table.pass_time(1) > 0);
    // The user need not wait.
    table.fail(&asking_for_a_day(503));
    table.sync.refresh(Scope::Open, table.now);
    assert!(table.pass_time(1) > 0);
}

#[test]
fn no_more_than_five_requests_are_in_flight() {
    let mut table = Table::new(Pace::default());
    table.serve(&open_studies(3), 100);
    table
        .sync
        .suspect((0..50).map(|n| study(n).build().study_id));
    table.scope = Scope::Any;
    table.pass_time(60_000);
    assert_eq!(table.asked.len(), 5);
    let studies = table.asked.iter().filter(|ask| lane_of(ask).is_none());
    assert_eq!(studies.count(), 3);
}

#[test]
fn a_silent_server_is_given_up_and_asked_again() {
    let mut table = Table::new(Pace::default());
    let hung = table.next_page().0;
    table.asked.clear();
    assert_eq!(table.pass_time(19_999), 0);
    assert_eq!(table.pass_time(1), 0);
    assert!(!table.sync.expects(hung));
    assert!(matches!(
        table.sync.trouble(Scope::Open).unwrap().trouble,
        Some(Trouble::Failed(Failure::TimedOut))
    ));
    assert!(table.pass_time(5_000) > 0);
    let late = page_of(&open_studies(3), &ListStudies::default(), 100);
    assert_eq!(
        table.sync.apply_page(hung, &late, table.now).step,
        LaneStep::Stale
    );
}

#[test]
fn a_refused_key_waits_for_a_person() {
    let mut table = Table::new(Pace::default());
    table.fail(&Failure::rejected(401, b"", None));
    assert_eq!(table.pass_time(3_600_000), 0);
    table.sync.refresh(Scope::Open, table.now);
    assert!(table.plan() > 0);
}

#[test]
fn failures_wait_longer_each_time() {
    let mut table = Table::new(Pace::default());
    let mut waits = Vec::new();
    for _ in 0..6 {
        table.fail(&Failure::TimedOut);
        let lane = table.sync.lane(LaneKind::OpenStat);
        waits.push(lane.retry_at().unwrap() - table.now);
        table.now = lane.retry_at().unwrap();
        table.plan();
    }
    assert_eq!(waits, [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
}

#[test]
fn paging_that_goes_in_circles_ends_and_says_so() {
    let full = |cursor: Option<&str>, has_more| Page {
        items: open_studies(1),
        unreadable: Vec::new(),
        cursor: cursor.map(str::to_owned),
        has_more,
    };
    let empty = Page {
        items: Vec::new(),
        ..full(Some("b"), true)
    };
    for (second, doubt) in [
        (full(Some("a"), true), Doubt::RepeatedCursor),
        (empty, Doubt::EmptyPage),
        (full(None, true), Doubt::MissingCursor),
    ] {
        let mut table = Table::new(Pace::default());
        let (at, _) = table.next_page();
        table.sync.apply_page(at, &full(Some("a"), true), 0);
        table.plan();
        let at = match table.asked.pop_back() {
            Some(Ask::Page(at, request)) if request.cursor.is_some() => at,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            table.sync.apply_page(at, &second, 0).step,
            LaneStep::Doubtful
        );
        let lane = table.sync.lane(LaneKind::OpenStat);
        assert_eq!(lane.trouble, Some(Trouble::Paging(doubt)));
        assert_eq!(lane.fresh_at, None);
    }
}

#[test]
fn a_cursor_refused_in_the_middle_starts_over_once() {
    let refused = Failure::rejected(400, b"", None);
    let mut table = Table::new(Pace::default());
    let clinic = open_studies(60);
    for goes_on in [true, false] {
        let (at, request) = table.next_page();
        assert_eq!(
            (at.lane, request.cursor.as_deref()),
            (LaneKind::OpenStat, None)
        );
        table
            .sync
            .apply_page(at, &page_of(&clinic, &request, 10), 0);
        table.asked.clear();
        table.plan();
        let (at, request) = table.next_page();
        assert!(request.cursor.is_some());
        assert_eq!(table.sync.fail(at, refused.clone(), 0), goes_on);
        table.plan();
    }
}

#[test]
fn a_server_that_ignores_a_part_is_read_in_one_piece() {
    let mut table = Table::new(Pace::default());
    let clinic = open_studies(50);
    let mut requests = Vec::new();
    while !table.asked.is_empty() {
        let (at, request) = table.next_page();
        requests.push((at.lane, request.severity.clone()));
        let blind = ListStudies {
            severity: None,
            ..request
        };
        table.sync.apply_page(at, &page_of(&clinic, &blind, 100), 0);
        table.plan();
    }
    assert!(table.sync.is_loaded(Scope::Open));
    assert!(requests.contains(&(LaneKind::Open, None)));
}

#[test]
fn the_part_that_everything_waits_for_is_cut_by_assignee() {
    let mut table = Table::new(Pace::default());
    table.serve(&open_studies(3), 100);
    table.scope = Scope::Complete;
    table.people = (0..40).map(user_id).collect();
    let clinic: Vec<Study> = (0..250)
        .map(|n| match n % 5 {
            0 => study(n).complete().build(),
            _ => study(n).complete().to(n % 40, "Kim, Ana").build(),
        })
        .collect();
    table.pass_time(1);
    let (mut met, mut requests, mut by_person) = (HashSet::new(), 0, 0);
    while !table.asked.is_empty() {
        let (request, page) = table.serve_one(&clinic, 1);
        requests += 1;
        by_person += usize::from(request.assigned_to != Match::Any);
        met.extend(page.items.iter().map(|study| study.study_id));
    }
    assert_eq!(met.len(), 250);
    assert!(by_person > 200, "{by_person} of {requests}");
    assert!(table.sync.is_loaded(Scope::Complete));
}

/// A part in flight while it is cut once counted as idle, so that every other long part was cut too.
#[test]
fn no_more_than_the_longest_part_is_cut() {
    let mut table = Table::new(Pace::default());
    table.serve(&open_studies(3), 100);
    table.scope = Scope::Complete;
    table.people = (0..10).map(user_id).collect();
    let clinic = clinic((0..=255).map(|n| {
        let study = study(n).complete().to(n % 10, "Kim, Ana");
        match n % 8 {
            0 => study.stat(),
            1 => study.high(),
            _ => study,
        }
    }));
    table.pass_time(1);
    let mut requests = 0;
    while !table.asked.is_empty() {
        let (request, _) = table.serve_one(&clinic, 1);
        let is_cut = request.assigned_to != Match::Any;
        assert!(!is_cut || request.severity == Some(Severity::Normal));
        requests += 1;
    }
    assert!(table.sync.is_loaded(Scope::Complete));
    // Each page once, but for those read before the cut; an empty list each for nobody and a part.
    assert!(requests <= 256 + *LONG.start() + 4, "{requests}");
}

/// Cut by assignee, a list lacks what somebody has who is not among the users.
#[test]
fn what_an_unknown_person_has_is_found_by_the_whole_which_is_never_cut() {
    let mut table = Table::new(Pace::default());
    table.people = (0..5).map(user_id).collect();
    let clinic = clinic((0..60).map(|n| study(n).to(n % 6, "Kim, Ana")));
    let mut met = HashSet::new();
    while !table.asked.is_empty() {
        let (_, page) = table.serve_one(&clinic, 1);
        met.extend(page.items.iter().map(|study| study.study_id));
    }
    assert_eq!(met.len(), clinic.len());
}

/// Once a second look at what is open went before the first at the rest, and the history, which had
/// grown too long to be cut meanwhile, went over one cursor.
#[test]
fn everything_is_on_the_screen_after_little_more_than_the_least_number_of_requests() {
    let clinic = clinic((0..250).map(|n| match n % 10 {
        0 if n % 50 == 0 => study(n).stat(),
        0..=2 => study(n),
        3 if n % 50 == 3 => study(n).cancelled(),
        3 => study(n).complete().high(),
        _ => study(n).complete().to(n % 7, "Kim, Ana"),
    }));
    let mut table = Table::new(Pace::default());
    table.scope = Scope::Any;
    table.people = (0..7).map(user_id).collect();
    table.plan();
    let (mut met, mut requests, mut alone) = (HashSet::new(), 0, 0);
    while met.len() < clinic.len() {
        alone += usize::from(table.asked.len() == 1);
        let (_, page) = table.serve_one(&clinic, 1);
        requests += 1;
        met.extend(page.items.iter().map(|study| study.study_id));
    }
    assert!(requests <= clinic.len() * 5 / 4, "{requests}");
    assert!(alone <= 25, "{alone}");
}

#[test]
fn the_first_repetition_is_out_of_step() {
    let mut dues = BTreeSet::new();
    for jitter in [0, 250, 500, 1_000] {
        let mut table = Table::new(Pace {
            jitter,
            ..Pace::default()
        });
        let clinic = open_studies(10);
        table.serve(&clinic, 100);
        dues.insert(table.sync.lane(LaneKind::Open).due().unwrap());
    }
    assert_eq!(
        dues.into_iter().collect::<Vec<_>>(),
        [30_000, 45_000, 52_500, 60_000]
    );
}

/// Whatever counts its requests here shares one allowance with the lanes.
#[test]
fn requests_from_elsewhere_come_out_of_the_same_budget() {
    let mut sync = Sync::new(Pace {
        requests_per_minute: 6,
        ..Pace::default()
    });
    for _ in 0..4 {
        assert!(sync.may_request(0));
    }
    (0..3).for_each(|_| sync.owe_request(0));
    assert!(!sync.may_request(0));
    assert_eq!(sync.next_request_at(0), 20_000);
    assert!(!sync.may_request(19_999));
    assert!(sync.may_request(20_000));
}
