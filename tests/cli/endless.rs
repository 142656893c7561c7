//! Servers whose lists lead nowhere, or hold what was not asked for: every command ends.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::{Ran, finish, program};

/// The server serves no more than this to any client.
const MAX_CONNECTIONS: usize = 64;
const MAX_REQUESTS: usize = 30_000;

/// What is wrong with every list of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    FiltersIgnored,
    UnknownStatus,
    CancelledIsOpen,
    NewForEver,
    SameRecord,
    SameCursor,
    EmptyPage,
    /// There is more, but not where.
    NoCursor,
    TwoCursors,
    Unreadable,
}

/// A server on this machine that keeps its connections, so that ten thousand requests take seconds.
struct Server {
    address: SocketAddr,
    requests: Arc<AtomicUsize>,
}

impl Server {
    fn start(fault: Fault) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(AtomicUsize::new(0));
        let count = requests.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().take(MAX_CONNECTIONS).flatten() {
                let count = count.clone();
                std::thread::spawn(move || serve(&stream, fault, &count));
            }
        });
        Self { address, requests }
    }

    fn count(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    fn run(&self, line: &str) -> Ran {
        let arguments: Vec<&str> = line.split(' ').collect();
        finish(&mut program(
            &format!("http://{}", self.address),
            &arguments,
        ))
    }
}

fn serve(stream: &TcpStream, fault: Fault, count: &AtomicUsize) {
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(stream);
    let mut out = stream;
    while let Some(target) = request(&mut reader) {
        let number = count.fetch_add(1, Ordering::SeqCst);
        if number >= MAX_REQUESTS {
            return;
        }
        let body = answer(fault, &target, number);
        let response = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        if out.write_all(response.as_bytes()).is_err() {
            return;
        }
    }
}

/// The target of the next request on a connection.
fn request(reader: &mut impl BufRead) -> Option<String> {
    let mut target = None;
    loop {
        let mut line = String::new();
        match reader.read_line(&mut line) {
            Ok(0) | Err(_) => return None,
            Ok(_) if line == "\r\n" => return target,
            Ok(_) if target.is_none() => target = line.split(' ').nth(1).map(str::to_owned),
            Ok(_) => {}
        }
    }
}

fn parameter<'a>(target: &'a str, name: &str) -> Option<&'a str> {
    let query = target.split_once('?')?.1;
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

#[derive(Clone)]
struct Record {
    json: String,
    severity: &'static str,
    status: &'static str,
    is_cancelled: bool,
}

fn study(
    number: usize,
    severity: &'static str,
    status: &'static str,
    is_cancelled: bool,
) -> Record {
    let json = format!(
        r#"{{"studyId":"stu_{number:032x}","studyInstanceUid":"1.2.{number}",
        "studyDescription":"No {number}","severity":"{severity}","studyViewerStatus":"{status}",
        "isCancelled":{is_cancelled},"createdAt":"2026-03-02T12:00:00.000Z"}}"#
    );
    Record {
        json,
        severity,
        status,
        is_cancelled,
    }
}

fn user(number: usize) -> String {
    format!(
        r#"{{"userId":"usr_{number:032x}","email":"user{number}@example.org","firstName":"Ana",
        "lastName":"Kim","clinicRole":"Radiologist","level":"member","canManageStudies":true,
        "hasDashboardAccess":false,"invitedSource":"api"}}"#
    )
}

fn invitation(number: usize) -> String {
    format!(
        r#"{{"invitationId":"inv_{number:032x}","userId":"usr_{number:032x}",
        "email":"user{number}@example.org","firstName":"Ana","lastName":"Kim",
        "clinicRole":"Radiologist","level":"member","canManageStudies":true,
        "hasDashboardAccess":false,"status":"sent","invitedSource":"api",
        "clinicId":"3f2b8c1e-0000-4000-8000-000000000001"}}"#
    )
}

/// Forty open studies and ten that are complete.
fn clinic() -> Vec<Record> {
    (1..=50)
        .map(|number| match number % 5 {
            0 => study(number, "normal", "complete", false),
            1 => study(number, "stat", "incomplete", false),
            2 => study(number, "high", "incomplete", false),
            _ => study(number, "normal", "incomplete", false),
        })
        .collect()
}

fn answer(fault: Fault, target: &str, number: usize) -> String {
    let (noun, one): (&str, fn(usize) -> String) = if target.contains("/invitations") {
        ("invitations", invitation)
    } else if target.contains("/users") {
        ("users", user)
    } else {
        ("studies", |number| {
            study(number, "stat", "incomplete", false).json
        })
    };
    let page = |records: &[String], cursor: Option<&str>| {
        let cursor = cursor.map_or("null".into(), |cursor| format!("\"{cursor}\""));
        let records = records.join(",");
        format!(r#"{{"{noun}":[{records}],"cursor":{cursor},"hasMore":true}}"#)
    };
    let new = format!("c{number}");
    match fault {
        Fault::NewForEver => page(&[one(1_000 + number)], Some(&new)),
        Fault::SameRecord => page(&[one(1)], Some(&new)),
        Fault::SameCursor => page(&[one(1)], Some("same")),
        Fault::EmptyPage => page(&[], Some(&new)),
        Fault::NoCursor => page(&[one(1)], None),
        Fault::TwoCursors => {
            let next = if parameter(target, "cursor") == Some("a") {
                "b"
            } else {
                "a"
            };
            page(&[one(1_000 + number)], Some(next))
        }
        Fault::Unreadable => page(&vec!["{}".to_owned(); 100], Some(&new)),
        Fault::FiltersIgnored | Fault::UnknownStatus | Fault::CancelledIsOpen
            if noun != "studies" =>
        {
            format!(r#"{{"{noun}":[{}],"hasMore":false}}"#, one(1))
        }
        Fault::FiltersIgnored | Fault::UnknownStatus | Fault::CancelledIsOpen => {
            honest(fault, target)
        }
    }
}

/// A page of the clinic as it should be, but for one study that does not belong into a list of open ones,
/// or with every study in every list.
fn honest(fault: Fault, target: &str) -> String {
    let is_asked = |name: &str, value: &str| {
        fault == Fault::FiltersIgnored || parameter(target, name).is_none_or(|it| it == value)
    };
    let mut found: Vec<Record> = clinic()
        .into_iter()
        .filter(|it| {
            is_asked("severity", it.severity)
                && is_asked("studyViewerStatus", it.status)
                && is_asked("isCancelled", &it.is_cancelled.to_string())
        })
        .collect();
    match fault {
        Fault::UnknownStatus => found.insert(0, study(900, "normal", "archived", false)),
        Fault::CancelledIsOpen => found.insert(0, study(900, "normal", "incomplete", true)),
        _ => {}
    }
    let offset: usize = parameter(target, "cursor").map_or(0, |cursor| cursor.parse().unwrap());
    let shown: Vec<String> = found
        .iter()
        .skip(offset)
        .take(10)
        .map(|it| it.json.clone())
        .collect();
    let next = offset + shown.len();
    let cursor = if next < found.len() {
        format!("\"{next}\"")
    } else {
        "null".into()
    };
    format!(r#"{{"studies":[{}],"cursor":{cursor}}}"#, shown.join(","))
}

/// Every form of a list, and how its rows are counted.
const FORMS: [&str; 5] = ["", " --json", " --jsonl", " --csv", " --whole --jsonl"];

fn rows(ran: &Ran, form: &str) -> usize {
    match form {
        " --json" => serde_json::from_str::<Vec<serde_json::Value>>(&ran.stdout)
            .unwrap()
            .len(),
        "" | " --csv" => ran.stdout.lines().count() - 1,
        _ => ran.stdout.lines().count(),
    }
}

#[test]
fn a_server_that_only_ignores_filters_is_read_well() {
    for fault in [
        Fault::FiltersIgnored,
        Fault::UnknownStatus,
        Fault::CancelledIsOpen,
    ] {
        for form in FORMS {
            let server = Server::start(fault);
            let ran = server.run(&format!("studies list{form}"));
            assert_eq!(ran.code, 0, "{fault:?}{form}: {ran:?}");
            assert_eq!(rows(&ran, form), 40, "{fault:?}{form}: {ran:?}");
            assert!(!ran.stdout.contains("No 900"), "{fault:?}{form}: {ran:?}");
            assert!(server.count() < 40, "{fault:?}{form}: {}", server.count());
        }
        // What it is decides where a study shows.
        let server = Server::start(fault);
        let ran = server.run("studies list --filter is:any --jsonl");
        let odd = usize::from(fault != Fault::FiltersIgnored);
        assert_eq!(
            (ran.code, ran.stdout.lines().count()),
            (0, 50 + odd),
            "{ran:?}"
        );
    }
}

/// What is said of a list that leads nowhere, and the most requests that it takes to find out.
const LEADS_NOWHERE: [(Fault, &str, usize); 6] = [
    (Fault::SameRecord, "keeps sending the same records", 40),
    (Fault::SameCursor, "", 20),
    (Fault::EmptyPage, "empty page", 10),
    (Fault::NoCursor, "there is more", 10),
    (Fault::TwoCursors, "", 20),
    (Fault::Unreadable, "cannot be read", 250),
];

fn ends_in_words(fault: Fault, line: &str, words: &str, most: usize) {
    let server = Server::start(fault);
    let ran = server.run(line);
    assert_eq!(ran.code, 1, "{fault:?} {line}: {ran:?}");
    let said = "the list could not be read to its end: ";
    assert!(
        ran.stderr.contains(said) && ran.stderr.contains(words),
        "{fault:?} {line}: {ran:?}"
    );
    assert!(
        server.count() <= most,
        "{fault:?} {line}: {}",
        server.count()
    );
}

#[test]
fn a_list_that_leads_nowhere_is_an_error() {
    for (fault, words, most) in LEADS_NOWHERE {
        for form in FORMS {
            ends_in_words(fault, &format!("studies list{form}"), words, most);
        }
    }
}

#[test]
fn so_is_a_list_of_people() {
    for (fault, words, most) in LEADS_NOWHERE {
        for list in ["users list", "invitations list"] {
            for form in &FORMS[..4] {
                ends_in_words(fault, &format!("{list}{form}"), words, most);
            }
        }
    }
}

/// With a new study on each page, and a new cursor, nothing but a bound ends a list.
#[test]
fn an_endless_list_of_new_studies_ends() {
    for form in FORMS {
        let line = format!("studies list{form}");
        ends_in_words(Fault::NewForEver, &line, "never came to an end", 13_000);
    }
}

#[test]
fn an_endless_list_of_new_people_ends() {
    for list in ["users list", "invitations list --jsonl"] {
        ends_in_words(Fault::NewForEver, list, "never came to an end", 10_000);
    }
}
