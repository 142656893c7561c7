//! Copying by a clipboard that only records.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::api::Connection;
use crate::api::viewer_url::testing::hostile_links;
use crate::app::Copied;

#[derive(Default)]
struct Recorded {
    texts: Mutex<Vec<String>>,
    through_terminal: bool,
}

impl Clipboard for Recorded {
    fn copy(&self, text: &str) -> Result<Way, String> {
        self.texts.lock().unwrap().push(text.to_owned());
        Ok(if self.through_terminal {
            Way::Terminal(Sequence("sequence".into()))
        } else {
            Way::Tool("tool")
        })
    }
}

/// Counts what it is asked to open.
#[derive(Default)]
struct Counting(AtomicUsize);

impl Opener for Counting {
    fn open(&self, _: &Url) -> Result<(), super::super::opener::NoBrowser> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

struct NoOpener;

impl Opener for NoOpener {
    fn open(&self, _: &Url) -> Result<(), super::super::opener::NoBrowser> {
        Err(super::super::opener::NoBrowser)
    }
}

fn services(clipboard: Arc<Recorded>) -> Services {
    let connection = Connection {
        base_url: "https://api.example.org".parse().unwrap(),
        key: "k".to_owned().into(),
    };
    let client = Client::new(connection).unwrap();
    Services {
        key: Reconnect::same(client.clone()),
        client: Some(client),
        opener: Arc::new(NoOpener),
        clipboard,
        journal: None,
        outage: None,
        config: None,
        set_up: SetUp::default(),
    }
}

fn link(url: &str) -> Clip {
    Clip::Link(RerouteUrlResponse { url: url.into() })
}

#[test]
fn a_text_is_copied_and_the_way_is_reported() {
    let clipboard = Arc::new(Recorded::default());
    let clip = Clip::Text {
        what: "the UID".into(),
        text: "1.2.3".into(),
    };
    let done = copy(&services(clipboard.clone()), &clip);
    assert_eq!(*clipboard.texts.lock().unwrap(), ["1.2.3"]);
    let what = Copied::Text("the UID".into());
    let way = "tool".into();
    assert_eq!(done.msg, Msg::Copied(Copying::Done { what, way }));
    assert_eq!(done.sequence, None);
}

#[test]
fn what_goes_through_the_terminal_is_left_to_the_loop() {
    let clipboard = Arc::new(Recorded {
        through_terminal: true,
        ..Recorded::default()
    });
    let done = copy(
        &services(clipboard),
        &link("https://viewer.avarasoftware.com/r?t=1"),
    );
    assert_eq!(done.sequence, Some(Sequence("sequence".into())));
}

#[test]
fn a_link_is_checked_before_it_is_copied_and_printed_nowhere() {
    let clipboard = Arc::new(Recorded::default());
    let services = services(clipboard.clone());
    let good = link("https://viewer.avarasoftware.com/r?t=secret");
    assert!(!format!("{good:?}").contains("secret"));
    let done = copy(&services, &good);
    assert!(
        matches!(done.msg, Msg::Copied(Copying::Done { .. })),
        "{done:?}"
    );
    assert!(!format!("{done:?}").contains("secret"));
    let bad = copy(&services, &link("http://evil.example.com/r?t=secret"));
    assert!(
        matches!(bad.msg, Msg::Copied(Copying::Failed { .. })),
        "{bad:?}"
    );
    assert_eq!(clipboard.texts.lock().unwrap().len(), 1);
}

#[test]
fn no_hostile_link_starts_a_program() {
    let opener = Arc::new(Counting::default());
    let services = Services {
        opener: opener.clone(),
        ..services(Arc::default())
    };
    let links = hostile_links();
    for url in &links {
        let opening = open_link(&services, RerouteUrlResponse { url: url.clone() });
        assert!(matches!(opening, Opening::Refused { .. }), "{url:?}");
    }
    assert_eq!(opener.0.load(Ordering::SeqCst), 0);
    println!("{} hostile links, 0 programs started", links.len());
    // The opener would have been asked: a good link reaches it.
    let url = "https://viewer.avarasoftware.com/s?t=1".into();
    open_link(&services, RerouteUrlResponse { url });
    assert_eq!(opener.0.load(Ordering::SeqCst), 1);
}
