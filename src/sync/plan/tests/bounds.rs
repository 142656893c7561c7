//! No server makes the planner ask without end.

use super::*;

/// A study outside of any byte's numbers.
fn made_up(number: u32, builder: StudyBuilder) -> Study {
    let mut study = builder.build();
    let mut id = [0xee; 16];
    id[..4].copy_from_slice(&number.to_be_bytes());
    study.study_id = StudyId::from_bytes(id);
    study
}

fn page(items: Vec<Study>, cursor: u32) -> Page<Study> {
    Page {
        items,
        unreadable: Vec::new(),
        cursor: Some(cursor.to_string()),
        has_more: true,
    }
}

impl Table {
    /// Answers what is asked by `answer`, with the number of the request, until nothing is asked.
    fn serve_by(&mut self, answer: impl Fn(u32, &ListStudies) -> Page<Study>) -> Vec<LaneKind> {
        let mut served = Vec::new();
        while !self.asked.is_empty() {
            let (at, request) = self.next_page();
            let number = u32::try_from(served.len()).unwrap();
            served.push(at.lane);
            assert!(served.len() < 50_000, "it asks without end");
            self.sync.take(at, &answer(number, &request), self.now);
            self.plan();
        }
        served
    }
}

/// A list of 50 open studies in pages of ten, and one that is none of it in every list.
fn with_a_stranger(stranger: StudyBuilder) -> (Table, Vec<LaneKind>) {
    let mut table = Table::new(Pace::default());
    let clinic = open_studies(50);
    let stranger = made_up(1, stranger);
    let served = table.serve_by(|_, request| {
        let mut page = page_of(&clinic, request, 10);
        page.items.insert(0, stranger.clone());
        page
    });
    (table, served)
}

/// Once each page of the whole that held such a study began the whole anew.
#[test]
fn parts_are_given_up_once_and_the_whole_is_held_against_nothing() {
    let strangers = [
        study(0).status("archived"),
        study(0).cancelled(),
        study(0).complete(),
        study(0).severity("critical"),
    ];
    for stranger in strangers {
        let (table, served) = with_a_stranger(stranger);
        assert!(table.sync.is_loaded(Scope::Open));
        assert_eq!(table.sync.lane(LaneKind::Open).trouble, None);
        // Three parts, and the whole twice to compare; the STAT list of two pages twice.
        assert!(served.len() <= 3 + 2 * 5 + 2 * 2, "{}", served.len());
    }
}

/// What a reading found out about the server is not found out again by the next.
#[test]
fn a_lane_remembers_that_the_server_does_not_understand_its_parts() {
    let mut table = Table::new(Pace::default());
    let clinic = open_studies(50);
    let blind = |request: &ListStudies| ListStudies {
        severity: None,
        ..request.clone()
    };
    // The first reading ends in doubt right after its parts were given up.
    table.serve_by(|_, request| match (&request.severity, &request.cursor) {
        (None, _) => Page {
            cursor: None,
            ..page(clinic[..3].to_vec(), 0)
        },
        _ => page_of(&clinic, &blind(request), 10),
    });
    let lane = table.sync.lane(LaneKind::Open);
    assert_eq!(lane.trouble, Some(Trouble::Paging(Doubt::MissingCursor)));
    let asked = std::cell::RefCell::new(Vec::new());
    table.pass_time(5_000);
    table.serve_by(|_, request| {
        asked.borrow_mut().push(request.severity.clone());
        page_of(&clinic, &blind(request), 10)
    });
    assert!(table.sync.is_loaded(Scope::Open));
    assert!(asked.borrow().iter().all(Option::is_none), "{asked:?}");
}

/// After a doubt it waits longer each time; the STAT lane no longer than usual.
#[test]
fn a_doubtful_list_is_asked_for_less_and_less() {
    let mut table = Table::new(Pace::default());
    let mut served = Vec::new();
    for second in 0..300 {
        table.now = 1_000 * second;
        table.plan();
        served.extend(table.serve_by(|_, _| page(Vec::new(), 1)));
    }
    let count = |kind| served.iter().filter(|lane| **lane == kind).count();
    assert_eq!(count(LaneKind::OpenStat), 30 + 1);
    // 0, 5, 15, 35, 75, 135, 195 and 255 seconds, of three parts the first.
    assert!(count(LaneKind::Open) <= 3 * 8, "{}", count(LaneKind::Open));
}

/// Whoever names a thousand readers in a list without end must not have it cut a thousand times.
#[test]
fn a_list_is_not_cut_among_more_people_than_it_pays_for() {
    let ids = |count: u32| -> BTreeSet<UserId> {
        let id = |n: u32| UserId::from_bytes(u128::from(n).to_be_bytes());
        (0..count).map(id).collect()
    };
    let cases = [(0, false), (1, true), (1_000, true), (1_001, false)];
    for (count, may) in cases {
        assert_eq!(Pass::can_split(&ids(count)), may, "{count}");
    }
}

/// Looking for each of them among all others froze the keys.
#[test]
fn a_hundred_thousand_suspects_are_queued_once_each() {
    let ids = || (0..100_000).map(|n| made_up(n, study(0)).study_id);
    let mut sync = Sync::default();
    sync.suspect(ids());
    sync.suspect(ids());
    assert_eq!(sync.verify.len(), 100_000);
    let asks = sync.plan(Scope::Open, 0, 0, &BTreeSet::new);
    let first = asks.iter().find_map(|ask| match ask {
        Ask::Study(id) => Some(*id),
        Ask::Page(..) => None,
    });
    let first = first.expect("a study is looked into");
    sync.suspect([first]);
    sync.verified(first);
    sync.suspect([first]);
    assert_eq!(sync.verify.back(), Some(&first));
}
