//! `--limit N` gives N and no more, in every form, however long the list is.

use std::process::Stdio;

use avara_tui::sandbox::{Options, Sandbox};
use serde_json::{Value, json};

use super::common::{Server, json as answer};
use super::{KEY, Ran, finish, program, run_well};

const FORMS: [&str; 4] = ["--jsonl", "--json", "--csv", ""];

/// How many records an output holds.
fn count(form: &str, stdout: &str) -> usize {
    match form {
        "--jsonl" => stdout.lines().count(),
        "--json" => serde_json::from_str::<Vec<Value>>(stdout).unwrap().len(),
        _ => stdout.lines().count().saturating_sub(1),
    }
}

fn line(form: &str, limit: usize, list: &str) -> String {
    format!("{list} --limit {limit} {form}")
        .trim_end()
        .to_owned()
}

/// More pages than are read twice, and enough for several cursors at a time.
fn long_clinic() -> Sandbox {
    Sandbox::start(Options {
        api_key: Some(KEY.into()),
        studies: 2_600,
        ..Options::default()
    })
    .unwrap()
}

#[test]
fn a_long_list_of_studies_is_cut_at_exactly_so_many() {
    let clinic = long_clinic();
    for form in FORMS {
        for limit in [1, 2, 99, 100, 101, 250] {
            let list = line(form, limit, "studies list --filter is:any");
            let ran = run_well(&clinic, &list);
            assert_eq!(count(form, &ran.stdout), limit, "{list}");
        }
    }
    // A filter that looks at what it read, a whole reading, and fewer than asked for.
    for (rest, limit, expected) in [
        ("--filter is:complete", 7, 7),
        ("--filter is:any --whole", 101, 101),
        ("--filter is:any", 100_000, 2_600),
        ("--filter is:any", 2_599, 2_599),
    ] {
        let list = line("--jsonl", limit, &format!("studies list {rest}"));
        let ran = run_well(&clinic, &list);
        assert_eq!(count("--jsonl", &ran.stdout), expected, "{list}");
        let ids: std::collections::BTreeSet<String> = ran
            .lines()
            .iter()
            .map(|study| study.study_id.to_string())
            .collect();
        assert_eq!(ids.len(), expected, "{list}");
    }
}

/// What was reported: one study of a long list was to be assigned, and all were.
#[test]
fn a_limited_list_changes_so_many_studies_and_no_more() {
    let clinic = long_clinic();
    let list = run_well(
        &clinic,
        "studies list --filter sev:normal --limit 3 --jsonl",
    );
    let mut child = program(&clinic.base_url(), &["studies", "severity", "high", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), list.stdout.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        told.matches("severity high (was normal)").count(),
        3,
        "{told}"
    );
    assert_eq!(told.lines().count(), 3, "{told}");
}

/// Users or invitations, a hundred a page, in an order that is another one at each reading.
fn people(kind: &'static str, total: usize) -> Server {
    Server::answering(move |number, request| {
        let cursor = request
            .split_once("cursor=")
            .and_then(|(_, rest)| rest.split(['&', ' ']).next())
            .and_then(|cursor| cursor.parse::<usize>().ok());
        let from = cursor.unwrap_or(0);
        let record = |place: usize| {
            let nth = (place + number) % total;
            let mut one = json!({
                "userId": format!("usr_{nth:032x}"), "email": format!("u{nth}@example.org"),
                "firstName": "A", "lastName": format!("{nth}"), "clinicRole": "Radiologist",
                "level": "member", "canManageStudies": true, "hasDashboardAccess": false,
                "invitedSource": "api",
            });
            if kind == "invitations" {
                one["invitationId"] = json!(format!("inv_{nth:032x}"));
                one["status"] = json!("sent");
            }
            one
        };
        let records: Vec<Value> = (from..total.min(from + 100)).map(record).collect();
        let mut page = json!({ kind: records, "hasMore": from + 100 < total });
        if from + 100 < total {
            page["cursor"] = json!((from + 100).to_string());
        }
        answer(200, &page.to_string())
    })
}

#[test]
fn lists_of_people_are_cut_as_well() {
    for kind in ["users", "invitations"] {
        for form in FORMS {
            for (limit, expected) in [(1, 1), (100, 100), (101, 101), (250, 250), (900, 430)] {
                let server = people(kind, 430);
                let list = line(form, limit, &format!("{kind} list"));
                let arguments: Vec<&str> = list.split(' ').collect();
                let url = format!("http://{}", server.address);
                let ran: Ran = finish(&mut program(&url, &arguments));
                assert_eq!(ran.code, 0, "{list}: {ran:?}");
                assert_eq!(count(form, &ran.stdout), expected, "{list}");
                // A stream asks for no page more than it needs.
                let is_cut = form == "--jsonl" && limit <= 430;
                let pages = limit.div_ceil(100);
                assert!(
                    !is_cut || server.count() <= pages,
                    "{list}: {}",
                    server.count()
                );
            }
        }
    }
}
