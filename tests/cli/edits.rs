//! Creating, editing and cancelling studies, and names from standard input.

use std::io::Write;
use std::process::Stdio;

use avara_tui::wire::{Metadata, Severity, Study, StudyViewerStatus};

use super::common::{Server, json};
use super::{
    NO_STUDY, PLAIN, Ran, STUDY, STUDY_UID, USER, clinic, finish, program, run, run_well, study,
};

const CREATE: [&str; 8] = [
    "studies",
    "create",
    "--uid",
    "2.25.4711",
    "--description",
    "CT Head",
    "--severity",
    "stat",
];

fn url(server: &Server) -> String {
    format!("http://{}", server.address)
}

fn meta(pairs: &[(&str, &str)]) -> Metadata {
    let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

/// Runs a command with text on its standard input.
fn fed(base_url: &str, arguments: &[&str], input: &str) -> Ran {
    let mut command = program(base_url, arguments);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses its arguments reads nothing.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn a_study_is_created_with_all_it_can_have() {
    let clinic = clinic();
    let mut arguments = CREATE.to_vec();
    let customer = "cus_1234567890abcdef1234567890abcdef";
    arguments.extend(["--to", USER, "--customer", customer]);
    arguments.extend(["--meta", "ordering_department=ED", "--meta", "note=a=b"]);
    let ran = finish(&mut program(&clinic.base_url(), &arguments));
    assert_eq!(ran.code, 0, "{ran:?}");
    let id = ran.stdout.trim_end().to_owned();
    assert_eq!(ran.stderr, format!("{id}: created (CT Head)\n"));
    let study = study(&clinic, "2.25.4711");
    assert_eq!(study.study_id.to_string(), id);
    assert_eq!(study.severity, Severity::Stat);
    assert_eq!(study.assigned_to.unwrap().user_id.to_string(), USER);
    assert_eq!(
        study.customer.unwrap().express_customer_id.to_string(),
        customer
    );
    assert_eq!(
        study.metadata,
        meta(&[("ordering_department", "ED"), ("note", "a=b")])
    );
    let again = finish(&mut program(&clinic.base_url(), &CREATE));
    // Nothing is made twice, and what is there is as it was asked for.
    assert_eq!(
        (again.code, again.stdout.trim_end()),
        (0, id.as_str()),
        "{again:?}"
    );
    assert!(
        again.stderr.contains("is already there, as asked for"),
        "{again:?}"
    );
    let other = [&CREATE[..7], &["high"]].concat();
    let other = finish(&mut program(&clinic.base_url(), &other));
    assert_eq!((other.code, other.stdout.as_str()), (1, ""), "{other:?}");
    assert!(other.stderr.contains("with other values"), "{other:?}");
}

#[test]
fn a_created_study_can_be_had_as_json() {
    let clinic = clinic();
    let mut arguments = CREATE.to_vec();
    arguments.push("--json");
    let ran = finish(&mut program(&clinic.base_url(), &arguments));
    let created: Study = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(created, study(&clinic, "2.25.4711"));
}

#[test]
fn several_things_are_edited_at_once() {
    let clinic = clinic();
    let line = format!(
        "studies edit {STUDY} --description MR --severity high --status complete --to {USER}"
    );
    let ran = run_well(&clinic, &line);
    assert!(
        ran.stderr.starts_with(&format!(
            "{STUDY}: new description (was MR Spine lumbar WO contrast), severity high (was normal), \
             complete (was incomplete), assigned to Johnson, Sarah "
        )),
        "{ran:?}"
    );
    let after = study(&clinic, STUDY);
    assert_eq!(
        (after.study_description.as_str(), after.severity),
        ("MR", Severity::High)
    );
    assert_eq!(after.study_viewer_status, StudyViewerStatus::Complete);
    run_well(&clinic, &format!("studies edit {STUDY} --unassign"));
    assert_eq!(study(&clinic, STUDY).assigned_to, None);
}

#[test]
fn metadata_is_merged_and_sent_in_full() {
    let clinic = clinic();
    let first = format!("studies edit {STUDY} --meta room=4 --meta floor=2");
    run_well(&clinic, &first);
    let before = study(&clinic, STUDY).metadata;
    run_well(
        &clinic,
        &format!("studies edit {STUDY_UID} --meta room=5 --unset-meta floor"),
    );
    let mut expected = before;
    expected.insert("room".into(), "5".into());
    expected.remove("floor");
    assert_eq!(study(&clinic, STUDY).metadata, expected);
    let dry = run_well(
        &clinic,
        &format!("studies edit {STUDY} --unset-meta room --dry-run"),
    );
    expected.remove("room");
    let body = serde_json::to_string(&expected).unwrap();
    assert_eq!(
        dry.stdout,
        format!("PATCH /v1/viewer/studies/{STUDY} {{\"metadata\":{body}}}\n")
    );
}

#[test]
fn a_server_that_keeps_what_was_removed_is_not_believed() {
    let answer = r#"{"studyId":"stu_1234567890abcdef1234567890abcdef","studyInstanceUid":"1.2",
        "studyDescription":"CT","severity":"normal","studyViewerStatus":"incomplete",
        "isCancelled":false,"metadata":{"room":"4"}}"#;
    let server = Server::saying(json(200, answer));
    let arguments = ["studies", "edit", STUDY, "--unset-meta", "room"];
    let ran = finish(&mut program(&url(&server), &arguments));
    assert_eq!((ran.code, server.count()), (1, 2), "{ran:?}");
    assert!(
        ran.stderr.starts_with(&format!("{STUDY}: unconfirmed. ")),
        "{ran:?}"
    );
    assert!(server.requests()[1].ends_with(r#"{"metadata":{}}"#));
}

#[test]
fn studies_are_cancelled_and_taken_back() {
    let clinic = clinic();
    let ran = run(&clinic, &format!("studies cancel {STUDY} {NO_STUDY}"));
    assert_eq!((ran.code, ran.stdout.as_str()), (3, ""), "{ran:?}");
    let lines: Vec<&str> = ran.stderr.lines().collect();
    assert!(
        lines[0].starts_with(&format!("{STUDY}: cancelled (")),
        "{ran:?}"
    );
    assert!(
        lines[1].starts_with(&format!("{NO_STUDY}: not changed. ")),
        "{ran:?}"
    );
    assert!(study(&clinic, STUDY).is_cancelled);
    let twice = run(&clinic, &format!("studies cancel {STUDY}"));
    assert_eq!(twice.code, 0, "{twice:?}");
    assert!(
        twice.stderr.contains("no change needed: cancelled"),
        "{twice:?}"
    );
    let back = run_well(&clinic, &format!("studies uncancel {STUDY_UID}"));
    assert!(
        back.stderr
            .starts_with(&format!("{STUDY}: no longer cancelled (")),
        "{back:?}"
    );
    assert!(!study(&clinic, STUDY).is_cancelled);
}

#[test]
fn a_dry_run_of_each_verb_shows_its_request_and_sends_none() {
    let by_id = format!(r#"{{"studyId":"{STUDY}"}}"#);
    let mut create = CREATE.to_vec();
    create.extend(["--meta", "a=1"]);
    for (arguments, request) in [
        (
            vec!["studies", "cancel", STUDY],
            format!("POST /v1/viewer/studies/cancel {by_id}"),
        ),
        (
            vec!["studies", "uncancel", STUDY],
            format!("POST /v1/viewer/studies/uncancel {by_id}"),
        ),
        (
            vec!["studies", "edit", STUDY, "--description", "a\u{202e}b"],
            format!(r#"PATCH /v1/viewer/studies/{STUDY} {{"studyDescription":"a\u202eb"}}"#),
        ),
        (
            create,
            r#"POST /v1/viewer/studies {"studyInstanceUid":"2.25.4711","studyDescription":"CT Head","severity":"stat","metadata":{"a":"1"}}"#.into(),
        ),
    ] {
        let mut arguments = arguments;
        arguments.extend(["--dry-run", "--read-only"]);
        // The study is read, in the state that the verb is for; nothing else is asked.
        let is_cancelled = arguments[1] == "uncancel";
        let record = PLAIN.replace("false", if is_cancelled { "true" } else { "false" });
        let server = Server::saying(json(200, &record));
        let ran = finish(&mut program(&url(&server), &arguments));
        assert_eq!((ran.code, ran.stdout), (0, format!("{request}\n")), "{arguments:?}");
        let sent = server.requests();
        assert!(sent.iter().all(|it| it.starts_with("GET ")), "{sent:?}");
    }
}

#[test]
fn what_breaks_a_rule_is_refused_before_anything_is_sent() {
    let server = Server::saying("");
    let long = format!("{}=1", "k".repeat(101));
    let (id, pair) = (STUDY, "a=1");
    for arguments in [
        vec!["edit", id],
        vec!["edit", id, "--description", "  "],
        vec!["edit", id, "--meta", "novalue"],
        vec!["edit", id, "--meta", "=1"],
        vec!["edit", id, "--meta", &long],
        vec!["edit", id, "--meta", pair, "--meta", pair],
        vec!["edit", id, "--meta", pair, "--unset-meta", "a"],
        vec!["edit", id, "--to", "me", "--unassign"],
        vec!["edit", id, "--status", "cancelled"],
        vec![
            "create",
            "--uid",
            "1.02",
            "--description",
            "x",
            "--severity",
            "stat",
        ],
        vec![
            "create",
            "--uid",
            "1.2",
            "--description",
            "",
            "--severity",
            "stat",
        ],
        vec!["create", "--uid", "1.2", "--description", "x"],
        vec!["cancel"],
        vec!["cancel", "1..2"],
    ] {
        let mut all = vec!["studies"];
        all.extend(&arguments);
        let ran = finish(&mut program(&url(&server), &all));
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (2, ""),
            "{arguments:?}: {ran:?}"
        );
        assert!(!ran.stderr.is_empty());
    }
    assert_eq!(server.count(), 0);
}

#[test]
fn a_text_may_begin_with_a_hyphen_and_a_flag_is_not_a_text() {
    let clinic = clinic();
    let base = clinic.base_url();
    let edit = |more: &[&str]| {
        finish(&mut program(
            &base,
            &[&["studies", "edit", STUDY], more].concat(),
        ))
    };
    let ran = edit(&["--description", "-CT head", "--meta", "-k=-v"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let after = study(&clinic, STUDY);
    assert_eq!(after.study_description, "-CT head");
    assert_eq!(after.metadata.get("-k").map(String::as_str), Some("-v"));
    let who = finish(&mut program(
        &base,
        &["studies", "assign", STUDY, "--to", "-nobody"],
    ));
    assert!(who.stderr.contains("“-nobody”"), "{who:?}");
    let names = finish(&mut program(&base, &["users", "list", "--last-name", "-x"]));
    assert_eq!(names.code, 0, "{names:?}");
    let ran = edit(&["--description", "--dry-run"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.contains("--dry-run is a flag"), "{ran:?}");
    assert_eq!(study(&clinic, STUDY), after);
}

#[test]
fn an_empty_list_of_studies_is_nothing_to_do() {
    let server = Server::saying("");
    for (arguments, input) in [
        (&["assign", "-", "--to", USER][..], ""),
        (&["cancel", "-"], "\n  \n"),
        (&["edit", "-", "--meta", "a=1"], "\n"),
        (&["complete", "-", "--dry-run"], ""),
    ] {
        let all = [&["studies"], arguments].concat();
        let ran = fed(&url(&server), &all, input);
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (0, ""),
            "{arguments:?}: {ran:?}"
        );
        assert_eq!(ran.stderr, "nothing to do: standard input names no study\n");
    }
    // Nothing is changed, whatever was read to find out who is meant.
    let changes = server.requests();
    assert!(
        changes.iter().all(|it| it.starts_with("GET")),
        "{changes:?}"
    );
}

#[test]
fn read_only_refuses_each_verb() {
    let server = Server::saying("");
    let mut create = CREATE.to_vec();
    create.push("--read-only");
    for arguments in [
        create,
        vec!["studies", "cancel", STUDY, "--read-only"],
        vec!["studies", "uncancel", STUDY, "--read-only"],
        vec!["studies", "edit", STUDY, "--to", "kim", "--read-only"],
    ] {
        let ran = finish(&mut program(&url(&server), &arguments));
        assert_eq!(ran.code, 2, "{arguments:?}");
        assert!(ran.stderr.contains("read-only"), "{ran:?}");
    }
    assert_eq!(server.count(), 0);
}

#[test]
fn an_unknown_outcome_is_unconfirmed_and_says_how_to_check() {
    for (arguments, name) in [
        ([&CREATE[..], &["--wait", "0"]].concat(), "2.25.4711"),
        (vec!["studies", "cancel", STUDY], STUDY),
        (vec!["studies", "uncancel", STUDY], STUDY),
    ] {
        // What is there already is read first.
        let before = match arguments[1] {
            "create" => Vec::new(),
            "cancel" => vec![json(200, PLAIN)],
            _ => vec![json(200, &PLAIN.replace("false", "true"))],
        };
        for answer in [String::new(), json(502, "{}"), json(200, "<html>")] {
            let answers = [before.clone(), vec![answer, json(403, "{}")]].concat();
            let server = Server::saying_in_turn(answers);
            let ran = finish(&mut program(&url(&server), &arguments));
            let requests = before.len() + 2;
            assert_eq!((ran.code, server.count()), (1, requests), "{ran:?}");
            assert!(
                ran.stderr.starts_with(&format!("{name}: unconfirmed. ")),
                "{ran:?}"
            );
            let check = format!("avara-tui studies get {name}");
            assert!(ran.stderr.contains(&check), "{ran:?}");
        }
    }
}

#[test]
fn a_yes_that_changes_nothing_is_not_believed() {
    let plain = json(200, PLAIN);
    let yes = json(200, r#"{"success":true}"#);
    let server = Server::saying_in_turn(vec![plain.clone(), yes.clone(), plain.clone()]);
    let ran = finish(&mut program(&url(&server), &["studies", "cancel", STUDY]));
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("unconfirmed"), "{ran:?}");
    let no = json(200, r#"{"success":false,"message":"locked"}"#);
    let no = Server::saying_in_turn(vec![plain.clone(), no]);
    let ran = finish(&mut program(&url(&no), &["studies", "cancel", STUDY]));
    assert_eq!((ran.code, no.count()), (1, 2), "{ran:?}");
    assert!(ran.stderr.contains("not changed") && ran.stderr.contains("locked"));
    // A yes names no study: without a look at this one it proves nothing.
    let server = Server::saying_in_turn(vec![plain, yes, json(500, "{}")]);
    let ran = finish(&mut program(&url(&server), &["studies", "cancel", STUDY]));
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        ran.stderr
            .contains("unconfirmed. The server accepted it, but it could not be read again"),
        "{ran:?}"
    );
}

#[test]
fn names_come_from_standard_input_too() {
    let clinic = clinic();
    let listed = run_well(&clinic, "studies list --limit 3 --jsonl").lines();
    let input: String = listed.iter().map(|s| format!("{}\n", s.study_id)).collect();
    let arguments = ["studies", "severity", "high", STUDY, "-"];
    let ran = fed(&clinic.base_url(), &arguments, &format!("\n{input}\n"));
    assert_eq!((ran.code, ran.stderr.lines().count()), (0, 4), "{ran:?}");
    for one in &listed {
        let after = study(&clinic, &one.study_id.to_string());
        assert_eq!(after.severity, Severity::High);
    }
}

#[test]
fn standard_input_is_understood_in_full_before_anything_is_sent() {
    let server = Server::saying("");
    for (arguments, input) in [
        (vec!["studies", "cancel", "-"], format!("{STUDY}\n1..2\n")),
        (vec!["studies", "cancel", "-", "-"], format!("{STUDY}\n")),
        (
            vec!["studies", "assign", "-", "--to", "kim"],
            "stu_1\n".into(),
        ),
    ] {
        let ran = fed(&url(&server), &arguments, &input);
        assert_eq!(ran.code, 2, "{ran:?}");
    }
    assert_eq!(server.count(), 0);
}
