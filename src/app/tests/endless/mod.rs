//! No server makes the program loop: seven kinds of lists that lead nowhere, and some that nobody
//! reported, each for a minute at two latencies.

pub mod net;

use crate::app::{Call, Overlay};
use crate::sync::{Doubt, LaneKind, Trouble};
use crate::wire::{Severity, StudyViewerStatus};
use crate::worklist::testing::study;
use crate::worklist::{Room, Scope};

use net::{Fault, Net, Server, numbered};

/// What the two budgets allow in a minute: a full bucket each, what flows into them, and what the STAT
/// lane may borrow.
const MOST_REQUESTS: usize = 300 + 3_000 + 2 * 300 + 300;
/// Small, so that a list without end reaches it within the minute.
pub const ROOM: Room = Room {
    closed: 1_000,
    open: 2_000,
    stat: 10_000,
};
const LATENCIES: [i64; 2] = [0, 80];

/// Half a minute, then a new STAT study, then the rest of the minute.
fn a_minute(server: Server, latency: i64) -> Net {
    let fault = server.fault;
    let mut net = Net::new(server, latency);
    net.model.kernel.data.studies.store.set_room(ROOM);
    net.live_until(30);
    let arrival = study(0).stat().description("Arrival");
    net.server.arrival = Some(numbered(arrival, 7));
    net.live_until(41);
    assert!(net.shows("Arrival"), "{fault:?} at {latency} ms");
    net.live_until(60);
    assert!(
        net.busiest_minute() <= MOST_REQUESTS,
        "{fault:?} at {latency} ms: {}",
        net.busiest_minute()
    );
    net
}

/// Servers that tell everything, but not only what was asked for, cost little more than others.
#[test]
fn a_list_that_holds_what_was_not_asked_for_is_read_anyway() {
    for fault in [
        Fault::FiltersIgnored,
        Fault::UnknownStatus,
        Fault::CancelledIsOpen,
        Fault::CompleteIsOpen,
    ] {
        for latency in LATENCIES {
            let net = a_minute(Server::new(fault), latency);
            let requests = net.requests.len();
            assert!(requests < 120, "{fault:?} at {latency} ms: {requests}");
            let sync = &net.model.kernel.data.sync;
            assert!(sync.is_loaded(Scope::Open), "{fault:?}");
            assert_eq!(sync.trouble(Scope::Open).map(|lane| lane.kind), None);
            // All that are open and nothing else, whatever the server took for open.
            assert_eq!(
                net.model.kernel.data.studies.rows().len(),
                30 + 1,
                "{fault:?}"
            );
            assert_eq!(
                net.model
                    .lists
                    .counts(&net.model.kernel)
                    .map(|counts| counts.stat_open),
                Some(7)
            );
            assert!(!net.shows("Odd one") && !net.shows("Done"));
        }
    }
}

/// What a study is decides where it shows: one that came with the wrong list is not lost.
#[test]
fn what_was_not_asked_for_is_taken_for_what_it_is() {
    let mut net = Net::new(Server::new(Fault::UnknownStatus), 0);
    net.live_until(5);
    let store = &net.model.kernel.data.studies.store;
    let odd = store
        .slots()
        .map(|slot| store.get(slot))
        .find(|study| study.description() == "Odd one");
    let odd = odd.expect("it is kept");
    assert_eq!(*odd.status(), StudyViewerStatus::Other("archived".into()));
    assert!(!odd.is_open() && *odd.severity() == Severity::Normal);
}

#[test]
fn a_list_that_leads_nowhere_is_left_and_tried_again_later() {
    let cases = [
        (Fault::SameStudy, Doubt::NoNews, 250),
        (Fault::SameCursor, Doubt::RepeatedCursor, 120),
        (Fault::EmptyPage, Doubt::EmptyPage, 60),
        (Fault::NoCursor, Doubt::MissingCursor, 60),
        (Fault::TwoCursors, Doubt::RepeatedCursor, 200),
        (Fault::Unreadable, Doubt::Unreadable, 1_200),
    ];
    for (fault, doubt, most) in cases {
        for latency in LATENCIES {
            let net = a_minute(Server::new(fault), latency);
            let requests = net.requests.len();
            assert!(requests < most, "{fault:?} at {latency} ms: {requests}");
            let sync = &net.model.kernel.data.sync;
            for kind in [LaneKind::OpenStat, LaneKind::Open] {
                let trouble = sync.lane(kind).trouble.clone();
                assert_eq!(trouble, Some(Trouble::Paging(doubt)), "{fault:?} {kind:?}");
            }
            // Nothing is counted as if it were all.
            assert_eq!(net.model.lists.counts(&net.model.kernel), None, "{fault:?}");
            assert!(net.model.kernel.data.studies.store.len() < 300, "{fault:?}");
        }
    }
}

#[test]
fn an_endless_list_of_studies_ends_where_there_is_no_room() {
    for latency in LATENCIES {
        let mut net = a_minute(Server::new(Fault::NewForEver), latency);
        let open = net.model.kernel.data.sync.lane(LaneKind::Open);
        let too_many = Trouble::Paging(Doubt::TooMany(ROOM.open));
        assert_eq!(open.trouble, Some(too_many));
        assert_eq!(net.model.lists.counts(&net.model.kernel), None);
        assert!(net.model.kernel.data.studies.store.len() > ROOM.open);
        // Memory stays as it is, however long it goes on.
        for minute in 2..6 {
            net.live_until(60 * minute);
            assert!(net.model.kernel.data.studies.store.len() <= ROOM.open + ROOM.stat);
        }
        let (sync, requests) = (&net.model.kernel.data.sync, net.requests.len());
        let trouble = sync.lane(LaneKind::OpenStat).trouble.clone();
        assert_eq!(trouble, Some(Trouble::Paging(Doubt::TooMany(ROOM.open))));
        net.live_until(60 * 6);
        // A page or two at each look, and no more.
        assert!(net.requests.len() - requests < 30);
        assert!(net.shows("Arrival"));
    }
}

/// What is done with is refused first, and does not keep the open list from being read to its end.
#[test]
fn closed_studies_forever_take_no_room_from_open_ones() {
    for latency in LATENCIES {
        let net = a_minute(Server::new(Fault::ClosedForEver), latency);
        let store = &net.model.kernel.data.studies.store;
        assert_eq!(net.model.kernel.data.studies.rows().len(), 30 + 1);
        assert_eq!(store.len(), ROOM.closed + 30 + 1);
    }
}

#[test]
fn a_history_without_end_leaves_the_open_list_as_it_is() {
    for latency in LATENCIES {
        let mut net = Net::new(Server::new(Fault::UnknownStatus), latency);
        net.model.kernel.data.studies.store.set_room(ROOM);
        net.live_until(10);
        assert!(net.model.kernel.data.sync.is_loaded(Scope::Open));
        net.server.fault = Fault::NewForEver;
        net.press("/ i s : a n y Enter");
        net.live_until(70);
        let sync = &net.model.kernel.data.sync;
        let too_many = Some(Trouble::Paging(Doubt::TooMany(ROOM.closed)));
        assert_eq!(sync.lane(LaneKind::Complete).trouble, too_many);
        assert!(!sync.is_loaded(Scope::Any));
        assert!(net.busiest_minute() <= MOST_REQUESTS);
        assert!(net.model.kernel.data.studies.store.len() <= ROOM.closed + ROOM.open + ROOM.stat);
    }
}

/// Each page takes longer than the one before: a new STAT study does not wait for the last.
#[test]
fn a_slow_list_is_looked_at_from_the_front_while_it_is_read() {
    for latency in LATENCIES {
        let mut server = Server::new(Fault::Slower);
        server.page = 1;
        let net = a_minute(server, latency);
        assert!(net.requests.len() < 300, "{}", net.requests.len());
    }
}

/// A STAT study rings although the list of all cannot be read to its end.
#[test]
fn a_new_stat_study_rings_whatever_is_wrong_with_the_other_lists() {
    for fault in [Fault::NewForEver, Fault::SameCursor, Fault::EmptyPage] {
        let mut server = Server::new(fault);
        server.page = 1;
        let mut net = Net::new(server, 80);
        net.live_until(30);
        let before = net.model.lists.news.alarms().len();
        let arrival = study(0).stat().description("Arrival");
        net.server.arrival = Some(numbered(arrival, 7));
        net.live_until(41);
        assert!(net.rings > 0, "{fault:?}");
        assert!(net.model.lists.news.alarms().len() > before, "{fault:?}");
    }
}

fn reads_users(call: &Call) -> bool {
    matches!(call, Call::ListUsers(_))
}

/// While a picker is open the users are read, and not for ever.
#[test]
fn users_that_repeat_forever_behind_a_picker_are_left() {
    for latency in LATENCIES {
        let mut server = Server::new(Fault::UnknownStatus);
        server.people_repeat = true;
        let mut net = Net::new(server, latency);
        net.live_until(5);
        assert_eq!(net.count(reads_users), 6);
        net.press("a");
        assert!(matches!(
            net.model.kernel.layers.overlay,
            Some(Overlay::Picker(_))
        ));
        net.live_until(60);
        assert_eq!(net.count(reads_users), 12);
        let trouble = net.model.kernel.data.users.reading.trouble.clone();
        assert_eq!(trouble, Some(Trouble::Paging(Doubt::NoNews)));
        // Who was read can be chosen all the same.
        let Some(Overlay::Picker(picker)) = &net.model.kernel.layers.overlay else {
            panic!("the picker stays");
        };
        assert!(!picker.is_empty());
        net.press("Esc g i");
        net.live_until(70);
        assert_eq!(
            net.count(|call| matches!(call, Call::ListInvitations(_))),
            1
        );
    }
}
