//! What is said of lists that lead nowhere.

use super::shot::text_of;
use crate::app::tests::endless::ROOM;
use crate::app::tests::endless::net::{Fault, Net, Server};

/// The screen after half a minute with this server.
fn screen(fault: Fault, width: u16, height: u16) -> String {
    let mut net = Net::new(Server::new(fault), 80);
    net.model.kernel.data.studies.store.set_room(ROOM);
    net.live_until(30);
    net.send(crate::app::Msg::Resized(crate::app::Size { width, height }));
    text_of(&net.model, width, height)
}

/// Words that a line break may have come between.
fn says(screen: &str, words: &str) -> bool {
    let words_of = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    words_of(screen).contains(words)
}

/// The header holds the counts, where there are any.
fn counts_nothing(screen: &str) -> bool {
    screen.lines().next().is_some_and(|it| !it.contains("STAT"))
}

#[test]
fn a_list_that_may_lack_studies_says_so_and_counts_nothing() {
    for (fault, words) in [
        (Fault::SameStudy, "it keeps sending the same records"),
        (Fault::SameCursor, "it sent the same page cursor twice"),
        (Fault::TwoCursors, "it sent the same page cursor twice"),
        (
            Fault::EmptyPage,
            "it sent an empty page and said there is more",
        ),
        (Fault::NoCursor, "it said there is more but not where"),
        (Fault::Unreadable, "page after page cannot be read"),
    ] {
        let screen = screen(fault, 120, 40);
        let why = format!("The list may be incomplete: the server's paging failed, {words}");
        assert!(says(&screen, &why), "{fault:?}\n{screen}");
        assert!(says(&screen, "not loaded, retrying"), "{fault:?}\n{screen}");
        assert!(counts_nothing(&screen), "{fault:?}\n{screen}");
    }
}

#[test]
fn a_list_without_end_says_how_much_of_it_is_there() {
    let small = screen(Fault::NewForEver, 80, 24);
    for words in [
        "more than 2,000 studies, not all loaded",
        "More than 2,000 open studies: not all are loaded",
        "avara-tui studies list --filter",
        "shown, loading",
    ] {
        assert!(says(&small, words), "{words}\n{small}");
    }
    assert!(counts_nothing(&small), "{small}");
}

#[test]
fn a_history_without_end_says_so_too() {
    let mut net = Net::new(Server::new(Fault::UnknownStatus), 80);
    net.model.kernel.data.studies.store.set_room(ROOM);
    net.live_until(10);
    net.server.fault = Fault::NewForEver;
    net.press("/ i s : a n y Enter");
    net.live_until(50);
    let screen = text_of(&net.model, 120, 40);
    let words = "More than 1,000 complete or cancelled studies: not all are loaded";
    assert!(says(&screen, words), "{screen}");
    // What is open was read before, and is not in doubt once only it is asked for.
    net.press("Esc");
    net.server.fault = Fault::UnknownStatus;
    net.live_until(70);
    let screen = text_of(&net.model, 120, 40);
    assert!(!counts_nothing(&screen), "{screen}");
}

/// A server that tells everything is not in doubt.
#[test]
fn a_server_that_ignores_filters_shows_what_others_show() {
    for fault in [
        Fault::FiltersIgnored,
        Fault::UnknownStatus,
        Fault::CancelledIsOpen,
        Fault::CompleteIsOpen,
    ] {
        let screen = screen(fault, 80, 24);
        assert!(says(&screen, "30 shown"), "{fault:?}\n{screen}");
        assert!(says(&screen, "updated <1 m ago"), "{fault:?}\n{screen}");
        assert!(!says(&screen, "paging"), "{fault:?}\n{screen}");
        assert!(says(&screen, "6 STAT"), "{fault:?}\n{screen}");
    }
}
