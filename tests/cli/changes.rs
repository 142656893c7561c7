//! The commands that change studies.

use avara_tui::wire::{Severity, StudyViewerStatus};

use super::common::{Server, json};
use super::{
    NO_STUDY, PLAIN, STUDY, STUDY_UID, USER, clinic, finish, program, run, run_well, study,
};

#[test]
fn each_change_is_made_and_told() {
    let clinic = clinic();
    let told = |line: &str, words: &str| {
        let ran = run_well(&clinic, &format!("studies {line}"));
        assert_eq!(ran.stdout, "", "{line}");
        assert!(
            ran.stderr.starts_with(&format!("{STUDY}: {words}")),
            "{line}: {ran:?}"
        );
        study(&clinic, STUDY)
    };
    for (level, severity) in [("stat", Severity::Stat), ("normal", Severity::Normal)] {
        let line = format!("severity {level} {STUDY}");
        assert_eq!(told(&line, &format!("severity {level}")).severity, severity);
    }
    let complete = told(&format!("complete {STUDY}"), "complete");
    assert_eq!(complete.study_viewer_status, StudyViewerStatus::Complete);
    let reopened = told(&format!("reopen {STUDY_UID}"), "incomplete");
    assert_eq!(reopened.study_viewer_status, StudyViewerStatus::Incomplete);
    let assigned = told(
        &format!("assign {STUDY} --to {USER}"),
        "assigned to Johnson, Sarah <sarah.johnson@example.org> (",
    );
    assert_eq!(assigned.assigned_to.unwrap().user_id.to_string(), USER);
    assert_eq!(
        told(&format!("unassign {STUDY}"), "unassigned").assigned_to,
        None
    );
}

#[test]
fn a_person_is_found_by_a_name_that_means_one() {
    let clinic = clinic();
    let assign = |who: &str| {
        let arguments = ["studies", "assign", STUDY, "--to", who];
        finish(&mut program(&clinic.base_url(), &arguments))
    };
    run_well(&clinic, &format!("studies assign {STUDY} --to {USER}"));
    let user = study(&clinic, STUDY).assigned_to.unwrap();
    let (first, last) = (user.first_name.unwrap(), user.last_name.unwrap());
    for who in [
        format!("{first} {last}").to_uppercase(),
        format!("{last}, {first}"),
        user.email.clone(),
    ] {
        run_well(&clinic, &format!("studies unassign {STUDY}"));
        let ran = assign(&who);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.stderr.contains(&user.email), "{ran:?}");
        let assignee = study(&clinic, STUDY).assigned_to.unwrap();
        assert_eq!(assignee.user_id.to_string(), USER, "{who}");
    }
    let before = study(&clinic, STUDY);
    let many = assign("example.org");
    assert_eq!(many.code, 2);
    assert!(
        many.stderr.contains("can mean") && many.stderr.contains(USER),
        "{many:?}"
    );
    let none = assign("nobody-of-this-name");
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("nobody-of-this-name"), "{none:?}");
    assert_eq!(study(&clinic, STUDY), before);
}

#[test]
fn a_dry_run_shows_the_request_and_sends_none() {
    let path = format!("PATCH /v1/viewer/studies/{STUDY}");
    let assigned = format!(r#"{{"assignedTo":"{USER}"}}"#);
    let assignee = r#""isCancelled":false,"assignedTo":{"userId":"usr_00000000000000000000000000000009",
        "email":"x@example.org"}"#;
    let complete = PLAIN.replace("incomplete", "complete");
    let held = PLAIN.replace(r#""isCancelled":false"#, assignee);
    for (line, body) in [
        (format!("severity high {STUDY}"), r#"{"severity":"high"}"#),
        (
            format!("complete {STUDY}"),
            r#"{"studyViewerStatus":"complete"}"#,
        ),
        (
            format!("reopen {STUDY}"),
            r#"{"studyViewerStatus":"incomplete"}"#,
        ),
        (format!("unassign {STUDY}"), r#"{"assignedTo":null}"#),
        (format!("assign {STUDY} --to {USER}"), assigned.as_str()),
    ] {
        // The study is read, in the state that the verb is for; nothing else is asked.
        let record = if line.starts_with("reopen") {
            &complete
        } else {
            &held
        };
        let server = Server::saying(json(200, record));
        let url = format!("http://{}", server.address);
        let line = format!("studies {line} --dry-run --read-only");
        let ran = finish(&mut program(&url, &line.split(' ').collect::<Vec<_>>()));
        assert_eq!(
            (ran.code, ran.stdout),
            (0, format!("{path} {body}\n")),
            "{line}"
        );
        let sent = server.requests();
        assert!(sent.iter().all(|it| it.starts_with("GET ")), "{sent:?}");
    }
    let clinic = clinic();
    let before = study(&clinic, STUDY);
    let by_uid = run_well(
        &clinic,
        &format!("studies severity high {STUDY_UID} --dry-run"),
    );
    assert_eq!(by_uid.stdout, format!("{path} {{\"severity\":\"high\"}}\n"));
    assert_eq!(study(&clinic, STUDY), before);
}

#[test]
fn read_only_refuses_every_change() {
    let server = Server::saying("");
    let url = format!("http://{}", server.address);
    for line in [
        format!("studies severity high {STUDY} --read-only"),
        format!("--read-only studies complete {STUDY_UID}"),
        format!("studies --read-only reopen {STUDY}"),
        format!("studies unassign {STUDY} --read-only"),
        format!("studies assign {STUDY} --to kim --read-only"),
    ] {
        let ran = finish(&mut program(&url, &line.split(' ').collect::<Vec<_>>()));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{line}");
        assert!(ran.stderr.contains("read-only"), "{ran:?}");
    }
    assert_eq!(server.count(), 0);
}

#[test]
fn each_of_several_gets_its_line_and_the_code_says_how_many_failed() {
    let clinic = clinic();
    let some = run(
        &clinic,
        &format!("studies severity high {NO_STUDY} {STUDY} 1.2.3.4"),
    );
    assert_eq!(some.code, 3, "{some:?}");
    let lines: Vec<&str> = some.stderr.lines().collect();
    assert!(
        lines[0].starts_with(&format!("{NO_STUDY}: not changed. ")),
        "{some:?}"
    );
    assert!(
        lines[1].starts_with(&format!("{STUDY}: severity high")),
        "{some:?}"
    );
    assert!(lines[2].starts_with("1.2.3.4: not changed. "), "{some:?}");
    assert_eq!(lines.len(), 3);
    assert_eq!(study(&clinic, STUDY).severity, Severity::High);
    let none = run(
        &clinic,
        &format!("studies severity high {NO_STUDY} 1.2.3.4"),
    );
    assert_eq!(none.code, 1, "{none:?}");
}

#[test]
fn five_failures_in_a_row_spare_the_rest() {
    let server = Server::saying(json(404, "{}"));
    let url = format!("http://{}", server.address);
    let mut arguments = vec!["studies", "complete"];
    arguments.extend([STUDY; 9]);
    let ran = finish(&mut program(&url, &arguments));
    assert_eq!((ran.code, server.count()), (1, 5), "{ran:?}");
    assert!(
        ran.stderr.ends_with("stopped; 4 more were not tried\n"),
        "{ran:?}"
    );
}

#[test]
fn an_unknown_outcome_is_looked_at_and_sent_once_more_only_if_nothing_happened() {
    let before = json(200, PLAIN);
    let after = json(200, &PLAIN.replace("normal", "stat"));
    let other = json(200, &PLAIN.replace("normal", "high"));
    for lost in [String::new(), json(502, "{}"), json(200, "<html>")] {
        let twice = vec![lost.clone(), before.clone(), lost.clone(), before.clone()];
        for (answers, code, writes, words) in [
            (vec![lost.clone(), after.clone()], 0, 1, "it was found so"),
            (
                vec![lost.clone(), before.clone(), after.clone()],
                0,
                2,
                "severity stat",
            ),
            (twice, 1, 2, "not changed"),
            (
                vec![lost.clone(), before.clone(), json(409, "{}"), after.clone()],
                0,
                2,
                "found so",
            ),
            (vec![lost.clone(), other.clone()], 1, 1, "unconfirmed"),
            (vec![lost.clone(), json(403, "{}")], 1, 1, "unconfirmed"),
        ] {
            let server = Server::saying_in_turn([vec![before.clone()], answers].concat());
            let url = format!("http://{}", server.address);
            let ran = finish(&mut program(&url, &["studies", "severity", "stat", STUDY]));
            let patches = server
                .requests()
                .iter()
                .filter(|it| it.starts_with("PATCH"))
                .count();
            assert_eq!((ran.code, patches), (code, writes), "{words}: {ran:?}");
            assert!(ran.stderr.contains(words), "{words}: {ran:?}");
            let check = format!("avara-tui studies get {STUDY}");
            assert_eq!(
                ran.stderr.contains(&check),
                words == "unconfirmed",
                "{ran:?}"
            );
        }
    }
    // It says that it was done, and shows something else.
    let server = Server::saying(before);
    let url = format!("http://{}", server.address);
    let ran = finish(&mut program(&url, &["studies", "severity", "stat", STUDY]));
    assert_eq!((ran.code, server.count()), (1, 2), "{ran:?}");
    assert!(
        ran.stderr.starts_with(&format!("{STUDY}: unconfirmed. ")),
        "{ran:?}"
    );
}

#[test]
fn what_others_changed_in_between_stops_a_second_attempt_if_it_matters() {
    let before = json(200, PLAIN);
    let urgent = json(200, &PLAIN.replace("normal", "stat"));
    let noted = PLAIN.replace("false}", "false,\"metadata\":{\"note\":\"called\"}}");
    let done = json(200, &noted.replace("normal", "stat"));
    let noted = json(200, &noted);
    let lost = String::new();
    let severity = ["studies", "severity", "stat", STUDY];
    let cancel = ["studies", "cancel", STUDY];
    for (arguments, answers, code, writes, words) in [
        // A study that became STAT is not cancelled by a second attempt.
        (&cancel[..], vec![lost.clone(), urgent], 1, 1, "unconfirmed"),
        // A note of somebody else says nothing against a severity.
        (
            &severity[..],
            vec![lost, noted, done],
            0,
            2,
            "severity stat",
        ),
    ] {
        let server = Server::saying_in_turn([vec![before.clone()], answers].concat());
        let url = format!("http://{}", server.address);
        let ran = finish(&mut program(&url, arguments));
        let requests = server.requests();
        let sent = requests.iter().filter(|it| !it.starts_with("GET"));
        assert_eq!((ran.code, sent.count()), (code, writes), "{words}: {ran:?}");
        assert!(ran.stderr.contains(words), "{words}: {ran:?}");
    }
}

#[test]
fn a_refused_key_ends_the_whole_command() {
    let clinic = clinic();
    let before = study(&clinic, STUDY);
    for line in [
        format!("studies severity high {STUDY} {STUDY} {STUDY}"),
        format!("studies complete {STUDY_UID}"),
        format!("studies get {STUDY}"),
        format!("studies assign {STUDY} --to kim"),
        format!("studies open {STUDY} --print"),
        "studies list".into(),
        "studies list --jsonl".into(),
    ] {
        let arguments: Vec<&str> = line.split(' ').collect();
        let mut command = program(&clinic.base_url(), &arguments);
        let ran = finish(command.env("AVARA_API_KEY", "wrong"));
        assert_eq!((ran.code, ran.stdout.as_str()), (4, ""), "{line}: {ran:?}");
        assert!(
            ran.stderr.contains("(401)") && ran.stderr.contains("API key"),
            "{ran:?}"
        );
    }
    assert_eq!(study(&clinic, STUDY), before);
}
