//! Servers and surroundings that mean no good.

use std::net::TcpListener;

use super::common::{Server, json};
use super::{PLAIN, Ran, STUDY, clinic, finish, program, run_well};

/// Text that would clear a terminal, turn text around and start a formula.
const EVIL: &str = "=cmd()\u{1b}[2J\u{9b}2J\u{202e}\u{200b}x";

fn is_harmless(text: &str) -> bool {
    !text
        .chars()
        .any(|c| (c.is_control() && c != '\n') || avara_tui::text::is_invisible(c))
}

#[test]
fn text_from_the_server_reaches_no_terminal_raw() {
    let evil = serde_json::to_string(EVIL).unwrap();
    let record = format!(
        r#"{{"studyId":"{STUDY}","studyInstanceUid":{evil},"studyDescription":{evil},
        "severity":{evil},"studyViewerStatus":"incomplete","isCancelled":false,
        "assignedTo":{{"userId":"usr_00000000000000000000000000000001","email":{evil},
        "lastName":{evil}}},"metadata":{{{evil}:{evil}}}}}"#
    );
    let page = format!(r#"{{"studies":[{record},{{"studyId":{evil}}}],"hasMore":false}}"#);
    let list = Server::saying(json(200, &page));
    let one = Server::saying(json(200, &record));
    let error = Server::saying(json(404, &format!(r#"{{"message":{evil}}}"#)));
    let get = format!("studies get {STUDY}");
    let get_json = format!("{get} --json");
    let complete = format!("studies complete {STUDY}");
    for (server, line) in [
        (&list, "studies list"),
        (&list, "studies list --json"),
        (&list, "studies list --jsonl"),
        (&list, "studies list --csv"),
        (&one, get.as_str()),
        (&one, get_json.as_str()),
        (&one, complete.as_str()),
        (&error, get.as_str()),
        (&error, complete.as_str()),
    ] {
        let arguments: Vec<&str> = line.split(' ').collect();
        let ran = finish(&mut program(
            &format!("http://{}", server.address),
            &arguments,
        ));
        assert!(
            is_harmless(&ran.stdout) && is_harmless(&ran.stderr),
            "{line}: {ran:?}"
        );
        assert!(!ran.stdout.is_empty() || !ran.stderr.is_empty(), "{line}");
        if line.contains("list") {
            assert_eq!(ran.code, 3, "{ran:?}");
            assert!(
                ran.stderr
                    .contains("1 record could not be read and is missing here: =cmd()"),
                "{ran:?}"
            );
        }
        if line.contains("csv") {
            assert!(ran.stdout.contains(",'=cmd()"), "{ran:?}");
        }
    }
}

/// A page of 99 records without an id around one that can be read.
fn mostly_unreadable(list: &str, record: &str) -> String {
    let bad = r#"{"x":7}"#;
    let records = [vec![bad; 50], vec![record], vec![bad; 49]]
        .concat()
        .join(",");
    format!(r#"{{"{list}":[{records}],"hasMore":false}}"#)
}

#[test]
fn records_without_an_id_are_all_counted_and_the_list_is_not_called_whole() {
    let said = "99 records could not be read and are missing here: 99 without a readable id";
    for format in ["", " --json", " --jsonl", " --csv"] {
        let server = Server::saying(json(200, &mostly_unreadable("studies", PLAIN)));
        let ran = run_at(&server, &format!("studies list{format}"));
        assert_eq!(ran.code, 3, "{ran:?}");
        assert!(ran.stderr.contains(said), "{ran:?}");
        assert!(ran.stdout.contains(STUDY), "{ran:?}");
    }
}

#[test]
fn users_and_invitations_without_an_id_are_all_counted_too() {
    let said = "100 records could not be read and are missing here: 100 without a readable id";
    for list in ["users", "invitations"] {
        let server = Server::saying(json(200, &mostly_unreadable(list, r#"{"x":8}"#)));
        let ran = run_at(&server, &format!("{list} list"));
        assert_eq!(ran.code, 3, "{ran:?}");
        assert!(ran.stderr.contains(said), "{ran:?}");
    }
}

#[test]
fn records_that_cannot_be_read_are_named_by_their_ids() {
    let ids = ["stu_a", "stu_b", "stu_c", "stu_d", "stu_e"];
    let records = ids.map(|id| format!(r#"{{"studyId":"{id}"}}"#)).join(",");
    let page = format!(r#"{{"studies":[{PLAIN},{records}],"hasMore":false}}"#);
    let ran = run_at(&Server::saying(json(200, &page)), "studies list");
    let said = "5 records could not be read and are missing here: stu_a, stu_b, stu_c, 2 more";
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.stderr.contains(said), "{ran:?}");
}

/// Never answers, but keeps the connection.
fn hold(stream: &std::net::TcpStream, held: &mut Vec<std::net::TcpStream>) {
    held.extend(stream.try_clone());
}

#[test]
fn a_silent_or_dripping_server_ends_a_command_by_its_timeout() {
    use std::io::Write;
    let held = std::sync::Mutex::new(Vec::new());
    let silent = Server::start(move |_, stream| hold(stream, &mut held.lock().unwrap()));
    let drips = Server::start(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        // Until the program has closed the connection.
        while stream.write_all(b" ").is_ok() {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    });
    for server in [&silent, &drips] {
        for list in ["studies", "users", "invitations"] {
            let ran = run_at(server, &format!("{list} list --timeout 1"));
            assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{ran:?}");
            assert!(ran.stderr.contains("did not answer in time"), "{ran:?}");
        }
    }
    assert_eq!((silent.count(), drips.count()), (3, 3), "one attempt each");
}

#[test]
fn a_write_that_is_given_up_is_read_back() {
    let held = std::sync::Mutex::new(Vec::new());
    let high = PLAIN.replace("normal", "high");
    let server = Server::start(move |number, stream| {
        use std::io::Write;
        let record = if number == 0 { PLAIN } else { &high };
        match number {
            1 => hold(stream, &mut held.lock().unwrap()),
            _ => drop(stream.write_all(json(200, record).as_bytes())),
        }
    });
    let ran = run_at(
        &server,
        &format!("studies severity high {STUDY} --timeout 1"),
    );
    assert_eq!(ran.code, 0, "{ran:?}");
    let requests = server.requests();
    assert!(requests[1].starts_with("PATCH"), "{requests:?}");
    assert!(requests[2].starts_with("GET"), "{requests:?}");
}

fn run_at(server: &Server, line: &str) -> Ran {
    let arguments: Vec<&str> = line.split(' ').collect();
    finish(&mut program(
        &format!("http://{}", server.address),
        &arguments,
    ))
}

#[test]
fn an_unsafe_link_is_neither_printed_nor_opened() {
    for url in [
        "https://evil.example/?token=canary",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "--canary",
        "http://192.168.0.1/?token=canary",
    ] {
        let server = Server::saying(json(200, &format!(r#"{{"url":"{url}"}}"#)));
        let base_url = format!("http://{}", server.address);
        let ran = finish(&mut program(
            &base_url,
            &["studies", "open", STUDY, "--print"],
        ));
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{url}");
        assert!(!ran.stderr.contains("canary"), "{ran:?}");
    }
}

#[test]
fn a_link_is_printed_where_it_was_asked_for() {
    let clinic = clinic();
    let ran = run_well(&clinic, &format!("studies open {STUDY} --print"));
    assert!(ran.stdout.starts_with(&clinic.base_url()), "{ran:?}");
    assert_eq!((ran.stdout.lines().count(), ran.stderr.as_str()), (1, ""));
}

#[test]
fn over_ssh_or_without_a_display_no_link_is_made() {
    let server = Server::saying("");
    let base_url = format!("http://{}", server.address);
    let mut command = program(&base_url, &["studies", "open", STUDY]);
    let ran = finish(command.env("SSH_CONNECTION", "a 1 b 2"));
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{ran:?}");
    assert!(ran.stderr.contains("--print"), "{ran:?}");
    let ran = finish(&mut program(&base_url, &["studies", "open", STUDY]));
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{ran:?}");
    if cfg!(target_os = "linux") {
        assert!(ran.stderr.contains("there is no display"), "{ran:?}");
    }
    assert_eq!(server.count(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn the_opener_gets_the_link_and_never_the_key() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let opener = folder.path().join("xdg-open");
    let seen = folder.path().join("seen");
    let script = format!("#!/bin/sh\n{{ echo \"$@\"; env; }} > {}\n", seen.display());
    std::fs::write(&opener, script).unwrap();
    std::fs::set_permissions(&opener, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", folder.path().display());
    let clinic = clinic();
    let mut command = program(&clinic.base_url(), &["studies", "open", STUDY]);
    let ran = finish(command.env("DISPLAY", ":0").env("PATH", path));
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{ran:?}");
    assert_eq!(ran.stderr, format!("{STUDY}: opened on 127.0.0.1\n"));
    let seen = std::fs::read_to_string(seen).unwrap();
    assert!(seen.starts_with(&clinic.base_url()), "{seen}");
    assert!(
        !seen.contains("AVARA_") && !seen.contains(super::KEY),
        "{seen}"
    );
}

#[test]
fn a_server_that_is_not_there_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for line in ["studies list", &format!("studies complete {STUDY}")] {
        let arguments: Vec<&str> = line.split(' ').collect();
        let ran = finish(&mut program(&base_url, &arguments));
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{ran:?}");
        assert!(
            ran.stderr.contains("cannot be reached: connection refused"),
            "{ran:?}"
        );
        assert!(!ran.stderr.contains("unconfirmed"), "{ran:?}");
    }
}

#[test]
fn what_a_message_quotes_of_an_argument_or_a_file_is_cleaned() {
    const EVIL: &str = "\u{202e}\u{1b}[31mx";
    let folder = tempfile::TempDir::new().unwrap();
    let lost = folder.path().join(EVIL).join("sandbox.db");
    let profile = folder.path().join("config.toml");
    std::fs::write(&profile, "[profiles.main]\n").unwrap();
    let profile = profile.to_str().unwrap();
    let filter = format!("sev:{EVIL}");
    for arguments in [
        ["studies", "list", "--filter", &filter].as_slice(),
        &["studies", "list", "--config", profile, "--profile", EVIL],
        &["sandbox", "--db", lost.to_str().unwrap()],
    ] {
        let ran = finish(&mut program("http://127.0.0.1:9", arguments));
        assert!(
            ran.code != 0 && ran.stderr.contains("‹U+202E›␛[31mx"),
            "{ran:?}"
        );
        assert!(is_harmless(&ran.stderr), "{ran:?}");
    }
}

#[test]
fn a_journal_that_was_altered_reaches_no_terminal_raw() {
    let clinic = clinic();
    let url = clinic.base_url();
    let state = tempfile::TempDir::new().unwrap();
    let run =
        |arguments: &[&str]| finish(program(&url, arguments).env("XDG_STATE_HOME", state.path()));
    run(&["studies", "severity", "high", STUDY]);
    let path = state.path().join("avara-tui/journal.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace(STUDY, "\u{9b}31m\u{202e}x")).unwrap();
    for arguments in [
        ["journal", "show"].as_slice(),
        &["journal", "show", "--json"],
        &["journal", "verify"],
    ] {
        let ran = run(arguments);
        let shows = arguments[1] == "show";
        assert_eq!(ran.stdout.contains("31m"), shows, "{ran:?}");
        assert!(
            is_harmless(&ran.stdout) && is_harmless(&ran.stderr),
            "{ran:?}"
        );
    }
}
