//! A process that writes is killed at any moment: whatever may have gone out is listed at the next start.

use avara_tui::app::kernel::session;
use avara_tui::app::update;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use avara_tui::app::{Effect, Environment, Model, Pace, ReadOnly, Screen, Size};
use avara_tui::journal::{Event, LoggedOutcome, entries, verify};
use avara_tui::sandbox::{Options, Sandbox};
use avara_tui::wire::{ListStudies, MAX_PAGE};

use super::{Order, client, journal};

const KILLS: usize = 1_000;
const SEED: u64 = 20_261_125;
/// Processes at a time.
const AT_ONCE: usize = 4;
/// A process is killed at most this long after its first study, in microseconds: it makes some more.
const LONGEST: u64 = 12_000;

/// What the killed processes left, by the UIDs of their studies.
#[derive(Debug, Default)]
struct Left {
    intended: BTreeSet<String>,
    done: BTreeSet<String>,
    /// Listed at the next start.
    listed: BTreeSet<String>,
    torn: usize,
}

fn clinic() -> Sandbox {
    Sandbox::start(Options {
        studies: 1,
        ..Options::default()
    })
    .unwrap()
}

/// Starts processes and kills each at some moment; gives what is in their journals.
fn kill(clinic: &Sandbox, task: &'static str, kills: usize) -> Left {
    let (next, left) = (AtomicUsize::new(0), Mutex::new(Left::default()));
    let work = || loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= kills {
            return;
        }
        let directory = tempfile::tempdir().unwrap();
        let order = Order {
            task,
            base_url: clinic.base_url(),
            key: clinic.api_key().to_owned(),
            journal: directory.path().join("avara-tui/journal.jsonl"),
            number,
        };
        let mut child = order.start();
        // The first connection takes long: without a start ahead most would be killed before it stands.
        let lines = if number % 10 == 0 { 1 } else { 2 };
        await_lines(&order.journal, lines);
        let pause = fastrand::Rng::with_seed(SEED ^ number as u64).u64(..LONGEST);
        std::thread::sleep(Duration::from_micros(pause));
        child.kill().unwrap();
        child.wait().unwrap();
        take_in(&order, &left);
    };
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(work);
        }
    });
    left.into_inner().unwrap()
}

fn await_lines(journal: &PathBuf, lines: usize) {
    let written = || {
        let bytes = fs::read(journal).unwrap_or_default();
        bytes.iter().filter(|byte| **byte == b'\n').count()
    };
    while written() < lines {
        std::thread::sleep(Duration::from_micros(200));
    }
}

/// What the next start finds, and does about it.
fn take_in(order: &Order, left: &Mutex<Left>) {
    let bytes = fs::read(&order.journal).unwrap();
    let report = verify(&bytes, None);
    assert_eq!(report.bad, None, "a kill is no tampering");
    let mut intents = Vec::new();
    let mut left = left.lock().unwrap();
    left.torn += usize::from(report.torn);
    for entry in entries(&bytes) {
        match entry.event {
            Event::Intent { targets, .. } => {
                left.intended.extend(targets.iter().cloned());
                intents.push((entry.operation, targets));
            }
            Event::Outcome {
                outcome: LoggedOutcome::Done,
            } => {
                let done = intents
                    .iter()
                    .find(|(operation, _)| *operation == entry.operation);
                left.done.extend(done.unwrap().1.iter().cloned());
            }
            Event::Outcome { .. } | Event::Resolved { .. } => {}
        }
    }
    let open = journal(order).inherit().unwrap();
    for intent in &open {
        left.listed.extend(intent.targets.iter().cloned());
    }
    let session = session::Session {
        place: Environment::Local,
        host: "127.0.0.1".into(),
        key_source: "test".into(),
        read_only: ReadOnly::Off,
        me_wanted: None,
        me: None,
        has_outage: false,
        refresh: Pace::default(),
        lock_after: None,
        watch: Default::default(),
        utc_offset: 0,
    };
    let size = Size {
        width: 80,
        height: 24,
    };
    let mut model = Model::new(session, Screen::Worklist, size, 0);
    model.inherit(Ok(open));
    let sends = |effect: &Effect| matches!(effect, Effect::Call { call, .. } if call.is_write());
    assert!(
        !update::start(&mut model).iter().any(sends),
        "something was sent again"
    );
}

/// The UIDs that the processes have made, as the server has them.
fn made(clinic: &Sandbox) -> BTreeSet<String> {
    let client = client(&clinic.base_url(), clinic.api_key());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut made = BTreeSet::new();
    let mut request = ListStudies {
        limit: Some(MAX_PAGE),
        ..ListStudies::default()
    };
    loop {
        let page = runtime.block_on(client.call(&request)).unwrap().value;
        let uids = page
            .items
            .iter()
            .map(|study| study.study_instance_uid.as_str().to_owned());
        made.extend(uids.filter(|uid| uid.starts_with("2.25.77.")));
        match page.next() {
            Some(cursor) => request.cursor = Some(cursor.to_owned()),
            None => return made,
        }
    }
}

#[test]
fn whatever_may_have_gone_out_is_listed_after_a_thousand_kills() {
    let clinic = clinic();
    let left = kill(&clinic, "write", KILLS);
    let made = made(&clinic);
    let unknown = made.difference(&left.intended).count();
    let lost = left.done.difference(&made).count();
    let unlisted = made
        .iter()
        .filter(|uid| !left.done.contains(*uid) && !left.listed.contains(*uid))
        .count();
    let open: BTreeSet<_> = left.intended.difference(&left.done).cloned().collect();
    println!(
        "{KILLS} kills, seed {SEED} (bound {:.0e}): {} studies made, {} intents, {} listed as open, of which \
         {} had been made; {} torn lines",
        3.0 / KILLS as f64,
        made.len(),
        left.intended.len(),
        left.listed.len(),
        left.listed.intersection(&made).count(),
        left.torn,
    );
    assert_eq!(
        (unknown, lost, unlisted),
        (0, 0, 0),
        "not in the journal, lost, not listed"
    );
    assert_eq!(left.listed, open, "open intents and what is listed");
    assert!(left.listed.len() > KILLS / 10, "the kills hit nothing");
}

#[test]
fn a_journal_that_is_written_afterwards_is_caught() {
    const FEW: usize = 100;
    let clinic = clinic();
    let left = kill(&clinic, "write late", FEW);
    let unknown = made(&clinic).difference(&left.intended).count();
    println!("{FEW} kills of the planted defect: {unknown} studies that no journal knows");
    assert!(unknown > 0);
}
