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
            self.sync
                .apply_page(at, &answer(number, &request), self.now);
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

/// First readings and those that a person asks for were free.
#[test]
fn what_a_person_waits_for_is_counted_too() {
    let pace = Pace {
        requests_per_minute: 30,
        ..Pace::default()
    };
    let mut table = Table::new(pace);
    let endless = |number: u32, request: &ListStudies| {
        let builder = match &request.severity {
            Some(severity) => study(0).severity(severity.as_str()),
            None => study(0),
        };
        page(vec![made_up(number, builder)], number)
    };
    let mut requests = vec![table.serve_by(endless).len()];
    for second in 1..=240 {
        table.now = 1_000 * second;
        if second % 5 == 0 {
            table.sync.refresh(Scope::Open, table.now);
        }
        table.plan();
        requests.push(
            table
                .serve_by(|number, it| endless(10_000 * second as u32 + number, it))
                .len(),
        );
    }
    // Ten minutes' worth and one, and what the STAT lane may borrow.
    assert!(requests[0] <= 300 + 30 + 30, "{}", requests[0]);
    let minutes: Vec<usize> = requests[1..].chunks(60).map(|it| it.iter().sum()).collect();
    assert!(minutes.iter().all(|it| *it <= 60 + 1), "{minutes:?}");
    assert!(minutes.iter().all(|it| *it >= 50), "{minutes:?}");
}

/// A long list of STAT studies, or a server that sends all studies for it, must not starve the others.
#[test]
fn a_long_stat_list_takes_turns_with_the_others() {
    let mut table = Table::new(Pace::default());
    table.serve(&open_studies(60), 100);
    table.pass_time(60_000);
    let endless =
        |number: u32, _: &ListStudies| page(vec![made_up(number, study(0).stat())], number);
    let at_once = table.serve_by(endless).len();
    assert!((280..=310).contains(&at_once), "{at_once}");
    // From now on there is one request at a time.
    let mut served = Vec::new();
    for number in 1..=150 {
        table.pass_time(200);
        served.extend(table.serve_by(|it, _| {
            let number = 10_000 * number + it;
            page(vec![made_up(number, study(0).stat())], number)
        }));
    }
    let open = served.iter().filter(|kind| **kind == LaneKind::Open);
    let (open, all) = (open.count(), served.len());
    assert!((145..=155).contains(&all), "{all}");
    // The STAT lane looks at its front besides.
    assert!((65..=80).contains(&open), "{open} of {all}");
}

#[test]
fn a_long_stat_list_is_looked_at_from_the_front_at_each_interval() {
    let mut table = Table::new(Pace::default());
    let mut looks = 0;
    for second in 0..60 {
        table.now = 1_000 * second;
        table.plan();
        // An answer a second: the list would take minutes.
        while let Some(ask) = table.asked.pop_front() {
            let Ask::Page(at, request) = ask else {
                panic!("{ask:?}")
            };
            looks += usize::from(at.lane == LaneKind::OpenStat && request.cursor.is_none());
            let number = second as u32;
            let page = page(vec![made_up(number, study(0).stat())], number);
            table.sync.apply_page(at, &page, table.now);
        }
    }
    assert_eq!(looks, 6);
}

/// A wake for something that cannot be asked for would come again at once, for ever.
#[test]
fn nothing_wakes_the_planner_that_it_cannot_ask_for() {
    let mut table = Table::new(Pace::default());
    table.scope = Scope::Complete;
    table.plan();
    let clinic = clinic((0..60).map(|n| study(n).complete()));
    // Half of the history is read, then only open studies are looked at.
    for _ in 0..6 {
        table.serve_one(&clinic, 2);
    }
    table.scope = Scope::Open;
    while !table.asked.is_empty() {
        let (at, request) = table.next_page();
        table
            .sync
            .apply_page(at, &page_of(&clinic, &request, 2), table.now);
    }
    table.plan();
    assert!(table.sync.lane(LaneKind::Complete).is_walking());
    table.serve(&clinic, 2);
    let next = table.sync.next_due(Scope::Open, table.now);
    assert!(next.is_some_and(|at| at > table.now), "{next:?}");

    // Others' requests take every place there is.
    let mut sync = Sync::new(Pace::default());
    assert!(sync.plan(Scope::Open, 0, 5, &BTreeSet::new).is_empty());
    let next = sync.next_due(Scope::Open, 0);
    assert!(next.is_none_or(|at| at > 0), "{next:?}");

    // The whole waits for a history that has no end.
    let mut table = Table::new(Pace::default());
    table.scope = Scope::Any;
    table.plan();
    table.serve(&open_studies(3), 100);
    assert!(table.sync.is_loaded(Scope::Any));
    for _ in 0..2 {
        table.pass_time(300_000);
        while !table.asked.is_empty() {
            let (at, request) = table.next_page();
            if at.lane == LaneKind::Complete {
                table.sync.overflow(at, 1_000, table.now);
            } else {
                let page = page_of(&open_studies(3), &request, 100);
                table.sync.apply_page(at, &page, table.now);
            }
            table.plan();
        }
    }
    assert!(!table.sync.is_loaded(Scope::Any));
    let whole = table.sync.lane(LaneKind::Everything);
    assert!(whole.due().is_some_and(|due| due <= table.now));
    let next = table.sync.next_due(Scope::Any, table.now);
    assert!(next.is_some_and(|at| at > table.now), "{next:?}");
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

/// A list without end that names a thousand readers must not be divided a thousand times.
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
