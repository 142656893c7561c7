//! `studies list` and `studies get`.

use std::collections::BTreeSet;
use std::process::Stdio;

use avara_tui::wire::{Severity, Study};

use super::common::{Server, json};
use super::{STUDY, STUDY_UID, clinic, finish, program, run, run_well, study};

fn ids(studies: &[Study]) -> BTreeSet<String> {
    studies
        .iter()
        .map(|study| study.study_id.to_string())
        .collect()
}

#[test]
fn every_format_holds_the_same_studies() {
    let clinic = clinic();
    let stream = run_well(&clinic, "studies list --jsonl").lines();
    assert!(
        stream.len() > 20 && stream.iter().all(Study::is_open),
        "{}",
        stream.len()
    );

    let array = run_well(&clinic, "studies list --json").stdout;
    let array: Vec<Study> = serde_json::from_str(&array).unwrap();
    assert_eq!(array.len(), stream.len());
    assert_eq!(ids(&array), ids(&stream));
    let order: Vec<String> = array
        .iter()
        .map(|study| study.study_id.to_string())
        .collect();

    let csv = run_well(&clinic, "studies list --csv").stdout;
    let mut lines = csv.lines();
    assert_eq!(
        lines.next().unwrap(),
        "studyId,studyInstanceUid,severity,studyViewerStatus,isCancelled,createdAt,updatedAt,\
         assignedTo,customer,description"
    );
    assert!(lines.map(|line| line.split(',').next().unwrap()).eq(&order));

    let table = run_well(&clinic, "studies list").stdout;
    let mut lines = table.lines();
    assert!(lines.next().unwrap().starts_with("SEVERITY  AGE "));
    assert!(
        lines
            .map(|line| line.split_whitespace().last().unwrap())
            .eq(&order)
    );
}

#[test]
fn the_order_begins_with_what_is_late_and_grave() {
    let clinic = clinic();
    let table = run_well(&clinic, "studies list").stdout;
    let rank = |line: &str| {
        let severity = ["!!STAT", "! HIGH", "  norm"]
            .iter()
            .position(|s| line.starts_with(s));
        (!line.contains(" late "), severity)
    };
    let ranks: Vec<_> = table.lines().skip(1).map(rank).collect();
    assert!(ranks.is_sorted(), "{table}");
}

#[test]
fn a_filter_holds_whatever_its_form() {
    let clinic = clinic();
    let all = run_well(&clinic, "studies list --filter is:any --jsonl").lines();
    let expected = |test: fn(&Study) -> bool| {
        all.iter()
            .filter(|study| test(study))
            .map(|study| study.study_id.to_string())
            .collect()
    };
    let cases: [(&str, BTreeSet<String>); 5] = [
        (
            "sev:stat",
            expected(|s| s.is_open() && s.severity == Severity::Stat),
        ),
        (
            "to:none",
            expected(|s| s.is_open() && s.assigned_to.is_none()),
        ),
        (
            "-to:none",
            expected(|s| s.is_open() && s.assigned_to.is_some()),
        ),
        ("is:cancelled", expected(|s| s.is_cancelled)),
        ("is:any", expected(|_| true)),
    ];
    for (filter, expected) in cases {
        assert!(!expected.is_empty(), "{filter} tests nothing");
        for format in ["--jsonl", "--csv"] {
            let ran = run_well(&clinic, &format!("studies list --filter {filter} {format}"));
            let found: BTreeSet<String> = match format {
                "--jsonl" => ids(&ran.lines()),
                _ => ran
                    .stdout
                    .lines()
                    .skip(1)
                    .map(|line| line[..36].to_owned())
                    .collect(),
            };
            assert_eq!(found, expected, "{filter} {format}");
        }
    }
}

#[test]
fn me_is_whom_the_flag_names() {
    let clinic = clinic();
    run_well(
        &clinic,
        &format!("studies assign {STUDY} --to {}", super::USER),
    );
    let by_id = format!("studies list --filter to:me --jsonl --me {}", super::USER);
    let by_id = run_well(&clinic, &by_id).lines();
    let email = by_id[0].assigned_to.as_ref().unwrap().email.clone();
    let by_email = run_well(
        &clinic,
        &format!("--me {email} studies list --filter to:me --jsonl"),
    );
    assert_eq!(ids(&by_id), ids(&by_email.lines()));
    let nobody = run(&clinic, "studies list --filter to:me");
    assert_eq!(nobody.code, 2);
    assert!(nobody.stderr.contains("--me"), "{nobody:?}");
}

#[test]
fn a_limit_cuts_the_list_and_says_so() {
    let clinic = clinic();
    let all = run_well(&clinic, "studies list --json").stdout;
    let all: Vec<Study> = serde_json::from_str(&all).unwrap();
    let first = run_well(&clinic, "studies list --limit 3 --json").stdout;
    assert_eq!(
        serde_json::from_str::<Vec<Study>>(&first).unwrap(),
        all[..3]
    );
    assert_eq!(
        run_well(&clinic, "studies list --limit 3 --jsonl")
            .lines()
            .len(),
        3
    );
    let table = run_well(&clinic, "studies list --limit 3");
    assert_eq!(table.stdout.lines().count(), 4);
    assert_eq!(table.stderr, format!("3 of {} studies\n", all.len()));
}

#[test]
fn an_empty_result_says_so_and_is_not_an_error() {
    let clinic = clinic();
    let none = "No study matches, open, complete or cancelled.\n";
    for (format, stdout) in [("", ""), (" --json", "[\n]\n"), (" --jsonl", "")] {
        let ran = run_well(
            &clinic,
            &format!("studies list --filter desc:xyzzy{format}"),
        );
        assert_eq!(
            (ran.stdout.as_str(), ran.stderr.as_str()),
            (stdout, none),
            "{format}"
        );
    }
    let csv = run_well(&clinic, "studies list --filter desc:xyzzy --csv");
    assert_eq!((csv.stdout.lines().count(), csv.stderr.as_str()), (1, none));
    // Where the filter names a state, that one was searched.
    let arguments = ["studies", "list", "--filter", "is:any desc:xyzzy"];
    let any = finish(&mut program(&clinic.base_url(), &arguments));
    assert_eq!(any.stderr, "No study matches.\n");
}

#[test]
fn a_study_that_is_no_longer_open_is_said_to_match() {
    let clinic = clinic();
    run_well(&clinic, &format!("studies complete {STUDY}"));
    let uid = format!("uid:{STUDY_UID}");
    let more =
        "No open study matches, but others do: 1 complete or more. Add is:any to list them.\n";
    for format in ["", " --json", " --jsonl", " --csv"] {
        let ran = run_well(&clinic, &format!("studies list --filter {uid}{format}"));
        assert_eq!(ran.stderr, more, "{format}");
    }
    run_well(&clinic, &format!("studies cancel {STUDY}"));
    let ran = run_well(&clinic, &format!("studies list --filter {uid}"));
    assert!(ran.stderr.contains("1 cancelled"), "{ran:?}");
    // A metadata key that no study has.
    let ran = run_well(&clinic, "studies list --filter meta.ordering:x");
    let near = "No study matches: none has the metadata key ordering. Did you mean meta.ordering_department?\n";
    assert_eq!(ran.stderr, near);
}

#[test]
fn a_wrong_filter_is_pointed_at_before_anything_is_asked() {
    let server = Server::saying("");
    let url = format!("http://{}", server.address);
    let ran = finish(&mut program(
        &url,
        &["studies", "list", "--filter", "to:none sev:statt"],
    ));
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    let lines: Vec<&str> = ran.stderr.lines().collect();
    assert!(
        lines[0].starts_with("avara-tui: the filter is wrong at character 13: "),
        "{ran:?}"
    );
    assert_eq!(lines[1], "  to:none sev:statt");
    assert_eq!(lines[2], "              ^^^^^ did you mean stat?");
    assert_eq!(server.count(), 0);
}

#[test]
fn a_study_is_found_by_id_and_by_uid() {
    let clinic = clinic();
    let by_id = study(&clinic, STUDY);
    assert_eq!(by_id, study(&clinic, STUDY_UID));
    assert_eq!(by_id.study_id.to_string(), STUDY);
    let sheet = run_well(&clinic, &format!("studies get {STUDY}")).stdout;
    for text in [STUDY, STUDY_UID, &by_id.study_description, "assigned to"] {
        assert!(sheet.contains(text), "{text} in {sheet}");
    }
    let missing = run(&clinic, &format!("studies get {}", super::NO_STUDY));
    assert_eq!((missing.code, missing.stdout.as_str()), (1, ""));
    assert!(missing.stderr.contains("404"), "{missing:?}");
}

#[test]
fn a_reader_that_stops_ends_the_list_quietly() {
    let clinic = clinic();
    for format in ["--jsonl", "--json", "--csv"] {
        let arguments = ["studies", "list", "--filter", "is:any", format];
        let mut child = program(&clinic.base_url(), &arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{format}");
        assert_eq!(output.status.code(), Some(0), "{format}");
    }
}

#[test]
fn a_study_that_one_pass_missed_is_found_by_the_next() {
    let record = |number: u8| {
        format!(
            r#"{{"studyId":"stu_{number:032}","studyInstanceUid":"1.{number}",
            "studyDescription":"CT","severity":"stat","studyViewerStatus":"incomplete",
            "isCancelled":false}}"#
        )
    };
    let page =
        |number, rest: &str| json(200, &format!(r#"{{"studies":[{}]{rest}}}"#, record(number)));
    let (more, end) = (r#","cursor":"x","hasMore":true"#, r#","hasMore":false"#);
    let server = || {
        let passes = [page(1, more), page(3, end), page(1, more), page(2, end)];
        Server::saying_in_turn(
            passes
                .into_iter()
                .chain([page(1, more), page(3, end)])
                .collect(),
        )
    };
    for format in ["--json", "--jsonl"] {
        let server = server();
        let url = format!("http://{}", server.address);
        let ran = finish(&mut program(&url, &["studies", "list", format]));
        assert_eq!(ran.code, 0, "{ran:?}");
        for number in 1..=3 {
            let id = format!("\"stu_{number:032}\"");
            assert_eq!(
                ran.stdout.matches(&id).count(),
                1,
                "{format} {number}: {ran:?}"
            );
        }
        // A first page, its parts, and the whole until two readings agree or it is enough.
        assert!(
            (4..=14).contains(&server.count()),
            "{format}: {}",
            server.count()
        );
    }
}

#[test]
fn a_list_that_breaks_off_is_not_a_shorter_list() {
    let record = r#"{"studyId":"stu_00000000000000000000000000000001","studyInstanceUid":"1.1",
        "studyDescription":"CT","severity":"stat","studyViewerStatus":"incomplete",
        "isCancelled":false}"#;
    let page = format!(r#"{{"studies":[{record}],"cursor":"x","hasMore":true}}"#);
    for (second, words) in [
        (json(404, "{}"), "404"),
        (
            json(200, r#"{"studies":[],"cursor":"y","hasMore":true}"#),
            "empty page",
        ),
    ] {
        let server = Server::saying_in_turn(vec![json(200, &page), second]);
        let url = format!("http://{}", server.address);
        let ran = finish(&mut program(&url, &["studies", "list", "--json"]));
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{ran:?}");
        assert!(ran.stderr.contains(words), "{ran:?}");
    }
}
