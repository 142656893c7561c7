//! `doctor` on setups that work and on setups that do not.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::process::Command;

use chrono::{DateTime, Duration, Utc};
use serde_json::Value;
use tempfile::TempDir;

use super::common::{Server, response};
use super::{KEY, Ran, clinic, finish, program};

/// The report as objects; each line has words for what was found and for what to do.
fn report(command: &mut Command) -> (i32, Vec<Value>) {
    let ran = finish(command);
    assert_eq!(ran.stderr, "", "{ran:?}");
    let checks: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    for check in &checks {
        for words in ["found", "todo"] {
            let text = check[words].as_str().unwrap();
            assert!(!text.is_empty(), "{check}");
            assert!(!text.contains(char::is_control), "{check}");
        }
    }
    (ran.code, checks)
}

fn doctor(base_url: &str) -> Command {
    let mut command = program(base_url, &["doctor", "--json"]);
    command.env("TERM", "xterm-256color");
    command
}

/// The names of the checks in this state.
fn names<'c>(checks: &'c [Value], state: &str) -> Vec<&'c str> {
    let those = checks.iter().filter(|check| check["state"] == state);
    those.map(|check| check["name"].as_str().unwrap()).collect()
}

fn told(checks: &[Value], name: &str) -> String {
    let check = checks.iter().find(|check| check["name"] == name).unwrap();
    format!(
        "{}: {}",
        check["found"].as_str().unwrap(),
        check["todo"].as_str().unwrap()
    )
}

/// Answers every list as a server would whose clock differs from ours.
fn server(ahead: Duration) -> Server {
    Server::start(move |number, stream| {
        let date = stamp(ahead);
        let headers = [
            ("content-type", "application/json"),
            ("date", date.as_str()),
        ];
        let list = ["studies", "users", "invitations"][number % 3];
        let page = format!(r#"{{"{list}":[],"hasMore":false}}"#);
        let _ = stream.write_all(response(200, &headers, &page).as_bytes());
    })
}

#[expect(clippy::disallowed_methods, reason = "a server has a clock")]
fn stamp(ahead: Duration) -> String {
    let time: DateTime<Utc> = Utc::now() + ahead;
    time.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[test]
fn a_setup_that_works_is_reported_line_by_line() {
    let sandbox = clinic();
    let mut command = doctor(&sandbox.base_url());
    let (code, checks) = report(command.env("AVARA_ME", "kim@example.org"));
    assert_eq!(code, 0, "{checks:?}");
    assert_eq!(names(&checks, "broken"), Vec::<&str>::new());
    let all: Vec<&str> = checks
        .iter()
        .map(|check| check["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        all,
        [
            "configuration",
            "profile",
            "base URL",
            "key",
            "me",
            "proxy",
            "name",
            "connection",
            "clock",
            "may list studies",
            "may list users",
            "may list invitations",
            "terminal",
            "colours",
            "clipboard",
            "browser",
        ]
    );
    for name in [
        "connection",
        "clock",
        "may list studies",
        "may list users",
        "may list invitations",
    ] {
        assert!(names(&checks, "ok").contains(&name), "{name}: {checks:?}");
    }
    let ran = finish(&mut program(&sandbox.base_url(), &["doctor"]));
    assert_eq!(ran.code, 0);
    assert_eq!(
        ran.stdout
            .lines()
            .filter(|line| line.contains(": "))
            .count(),
        all.len()
    );
    assert!(ran.stdout.contains("It works, with "), "{ran:?}");
}

#[test]
fn without_a_key_nothing_is_asked_and_the_way_to_one_is_reported() {
    let server = Server::saying("");
    let mut command = doctor(&format!("http://{}", server.address));
    let (code, checks) = report(command.env_remove("AVARA_API_KEY"));
    assert_eq!(code, 1);
    assert_eq!(names(&checks, "broken"), ["key"]);
    assert!(told(&checks, "key").starts_with("there is no API key: set AVARA_API_KEY"));
    assert_eq!(
        names(&checks, "skipped"),
        [
            "connection",
            "clock",
            "may list studies",
            "may list users",
            "may list invitations"
        ]
    );
    assert_eq!(server.count(), 0);
}

#[test]
fn a_wrong_key_is_told_apart_from_a_wrong_server() {
    let sandbox = clinic();
    let mut command = doctor(&sandbox.base_url());
    let (code, checks) = report(command.env("AVARA_API_KEY", "wrong"));
    assert_eq!(code, 1);
    assert_eq!(names(&checks, "broken"), ["may list studies"]);
    let words = told(&checks, "may list studies");
    assert!(
        words.contains("The API key was not accepted (401)"),
        "{words}"
    );
    assert!(
        words.ends_with("copy the key again, or ask for a new one"),
        "{words}"
    );
    assert!(names(&checks, "skipped").contains(&"may list users"));

    let stranger = Server::saying(response(200, &[("content-type", "text/html")], "<html>"));
    let (code, checks) = report(&mut doctor(&format!("http://{}", stranger.address)));
    assert_eq!((code, names(&checks, "broken")), (1, vec!["connection"]));
    let words = told(&checks, "connection");
    assert!(
        words.starts_with("The address: ") && words.contains("text/html"),
        "{words}"
    );
}

#[test]
fn no_network_and_a_wrong_name_are_reported() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let (code, checks) = report(&mut doctor(&closed));
    assert_eq!((code, names(&checks, "broken")), (1, vec!["connection"]));
    assert!(told(&checks, "connection").contains("connection refused"));

    let (code, checks) = report(&mut doctor("https://clinic.invalid"));
    assert_eq!(
        (code, names(&checks, "broken")),
        (1, vec!["name", "connection"])
    );
    assert_eq!(
        told(&checks, "name"),
        "the name clinic.invalid was not found: check the base URL and the network"
    );
}

#[test]
fn plain_http_to_another_computer_is_refused_before_any_packet() {
    let (code, checks) = report(&mut doctor("http://192.0.2.1:4010"));
    assert_eq!((code, names(&checks, "broken")), (1, vec!["base URL"]));
    let words = told(&checks, "base URL");
    assert!(
        words.contains("http:// would send the key in the clear"),
        "{words}"
    );
    for name in ["name", "connection", "may list studies"] {
        assert!(names(&checks, "skipped").contains(&name), "{name}");
    }
}

#[test]
fn a_clock_that_is_off_is_reported_with_its_direction() {
    let hour = Duration::hours(1);
    for (ahead, words) in [
        (hour, "s behind the server's"),
        (-hour, "s ahead of the server's"),
    ] {
        let server = server(ahead);
        let (code, checks) = report(&mut doctor(&format!("http://{}", server.address)));
        assert_eq!(
            (code, names(&checks, "broken")),
            (1, vec!["clock"]),
            "{checks:?}"
        );
        let told = told(&checks, "clock");
        assert!(told.starts_with("3") && told.contains(words), "{told}");
    }
    let server = server(Duration::zero());
    let (code, checks) = report(&mut doctor(&format!("http://{}", server.address)));
    assert_eq!((code, names(&checks, "broken")), (0, vec![]), "{checks:?}");
}

#[test]
fn a_key_for_studies_alone_works_with_a_warning() {
    let page = response(
        200,
        &[("content-type", "application/json")],
        r#"{"studies":[],"hasMore":false}"#,
    );
    let member = Server::saying_in_turn(vec![page, response(403, &[], "{}")]);
    let (code, checks) = report(&mut doctor(&format!("http://{}", member.address)));
    assert_eq!(code, 0, "{checks:?}");
    assert!(names(&checks, "ok").contains(&"may list studies"));
    for name in ["may list users", "may list invitations"] {
        assert!(names(&checks, "warning").contains(&name), "{name}");
        assert!(told(&checks, name).contains("ask an administrator"));
    }
    let requests = member.requests();
    assert_eq!(requests.len(), 3);
    assert!(
        requests.iter().all(|request| request.starts_with("GET ")),
        "{requests:?}"
    );
}

#[test]
fn a_file_that_cannot_be_used_is_reported_with_its_line() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("config.toml");
    fs::write(&path, "\n[targts]\n").unwrap();
    let mut command = doctor("http://127.0.0.1:9");
    let (code, checks) = report(command.args(["--config", path.to_str().unwrap()]));
    assert_eq!((code, names(&checks, "broken")), (1, vec!["configuration"]));
    assert!(told(&checks, "configuration").contains("line 2: “targts” is not a setting"));

    let mut command = doctor("http://127.0.0.1:9");
    let (code, checks) = report(command.args(["--config", "none.toml"]));
    assert_eq!((code, names(&checks, "broken")), (1, vec!["configuration"]));
    assert_eq!(
        told(&checks, "configuration"),
        "there is no file none.toml, which --config names: check its name, or leave --config out"
    );
}

#[test]
fn a_proxy_is_named_without_its_password() {
    let mut command = program("https://clinic.invalid", &["doctor"]);
    command.env("HTTPS_PROXY", "http://kim:hunter2@127.0.0.1:9");
    let ran: Ran = finish(&mut command);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("127.0.0.1:9 (HTTPS_PROXY)"), "{ran:?}");
    assert!(
        ran.stdout.contains("clinic.invalid is left to the proxy"),
        "{ran:?}"
    );
    assert!(
        !ran.stdout.contains("hunter2") && !ran.stdout.contains(KEY),
        "{ran:?}"
    );
}
