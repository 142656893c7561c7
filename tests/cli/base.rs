//! What a study was like when somebody chose it: where a colleague has been faster, nothing is sent.

use std::io::Write;
use std::process::Stdio;

use avara_tui::api::Client;
use avara_tui::sandbox::Sandbox;
use avara_tui::wire::*;
use serde_json::Value;

use super::common::{Server, client_of_key, json};
use super::{KEY, PLAIN, Ran, STUDY, STUDY_UID, USER, clinic, program, run, run_well, study};

const KIM: &str = "daniel.kim@example.org";

/// Runs a command with text on its standard input.
fn fed(base_url: &str, line: &str, input: &str) -> Ran {
    let arguments: Vec<&str> = line.split(' ').collect();
    let mut child = program(base_url, &arguments)
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

/// What a colleague does meanwhile, over HTTP.
fn colleague<E: Endpoint>(clinic: &Sandbox, request: &E) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let client: Client = client_of_key(&clinic.base_url(), KEY);
    let answer = runtime.unwrap().block_on(client.call(request));
    assert!(answer.is_ok(), "{:?}", answer.err());
}

fn patch(id: StudyId, set: impl FnOnce(&mut UpdateStudy)) -> UpdateStudy {
    let mut patch = UpdateStudy::of(id);
    set(&mut patch);
    patch
}

fn to(id: StudyId, who: &str) -> UpdateStudy {
    let user = who.parse().unwrap();
    patch(id, |it| it.assigned_to = Patch::Set(user))
}

/// The lines of a list, as somebody looks at them.
fn listed(clinic: &Sandbox, filter: &str, limit: usize) -> String {
    let line = format!("studies list --filter {filter} --jsonl");
    let lines: Vec<String> = run_well(clinic, &line)
        .stdout
        .lines()
        .take(limit)
        .map(str::to_owned)
        .collect();
    assert_eq!(lines.len(), limit, "{filter}");
    lines.join("\n")
}

fn ids(lines: &str) -> Vec<StudyId> {
    let of = |line: &str| serde_json::from_str::<Study>(line).unwrap().study_id;
    lines.lines().map(of).collect()
}

fn assignee(clinic: &Sandbox, id: StudyId) -> Option<String> {
    let user = study(clinic, &id.to_string()).assigned_to;
    user.map(|user| user.email)
}

#[test]
fn a_study_that_a_colleague_took_is_left_and_the_others_go_on() {
    let clinic = clinic();
    let lines = listed(&clinic, "to:none", 8);
    let ids = ids(&lines);
    // More in a row than a server in trouble would be given.
    let (taken, free) = ids.split_at(6);
    for id in taken {
        colleague(&clinic, &to(*id, USER));
    }
    let dry = fed(
        &clinic.base_url(),
        &format!("studies assign - --to {KIM} --dry-run"),
        &lines,
    );
    assert_eq!((dry.code, dry.stdout.lines().count()), (3, 2), "{dry:?}");
    assert_eq!(
        dry.stderr
            .matches("would not be changed: it is assigned to")
            .count(),
        6,
        "{dry:?}"
    );
    assert_eq!(
        dry.stderr
            .matches("would be changed, it is now: unassigned")
            .count(),
        2,
        "{dry:?}"
    );

    let line = format!("studies assign - --to {KIM}");
    let ran = fed(&clinic.base_url(), &line, &lines);
    assert_eq!((ran.code, ran.stdout.as_str()), (3, ""), "{ran:?}");
    for id in taken {
        let told = format!(
            "{id}: not changed: it is assigned to Johnson, Sarah <sarah.johnson@example.org> now, \
             not unassigned"
        );
        assert!(ran.stderr.lines().any(|line| line == told), "{ran:?}");
        let theirs = assignee(&clinic, *id);
        assert_eq!(theirs.as_deref(), Some("sarah.johnson@example.org"));
    }
    for id in free {
        let told = format!("{id}: assigned to Kim, Daniel <{KIM}> (was unassigned); ");
        assert!(ran.stderr.contains(&told), "{ran:?}");
        assert_eq!(assignee(&clinic, *id).as_deref(), Some(KIM));
    }
    // Asked for once more: the one half is so already, the other half still is not.
    let again = fed(&clinic.base_url(), &line, &lines);
    assert_eq!(again.code, 3, "{again:?}");
    assert_eq!(
        again.stderr.matches("no change needed").count(),
        2,
        "{again:?}"
    );

    let forced = fed(&clinic.base_url(), &format!("{line} --force"), &lines);
    assert_eq!(forced.code, 0, "{forced:?}");
    assert!(
        forced.stderr.contains("(was assigned to Johnson, Sarah"),
        "{forced:?}"
    );
    for id in &ids {
        assert_eq!(assignee(&clinic, *id).as_deref(), Some(KIM));
    }
}

#[test]
fn every_verb_holds_the_field_that_it_changes_against_the_line() {
    type Meanwhile = fn(StudyId) -> UpdateStudy;
    let stat: Meanwhile = |id| patch(id, |it| it.severity = Some(Severity::Stat));
    let complete: Meanwhile = |id| {
        patch(id, |it| {
            it.study_viewer_status = Some(StudyViewerStatus::Complete)
        })
    };
    let reopen: Meanwhile = |id| {
        patch(id, |it| {
            it.study_viewer_status = Some(StudyViewerStatus::Incomplete)
        })
    };
    let given: Meanwhile = |id| to(id, USER);
    let described: Meanwhile = |id| patch(id, |it| it.study_description = Some("MR".into()));
    let in_room_four: Meanwhile = |id| {
        patch(id, |it| {
            it.metadata = Patch::Set([("room".to_owned(), "4".to_owned())].into());
        })
    };
    // The verb, what the listed study is like, what happens meanwhile, and what is said; nothing, where
    // another field than the verb's has changed.
    for (verb, filter, meanwhile, words) in [
        (
            "unassign",
            "-to:none",
            given,
            Some("it is assigned to Johnson, Sarah"),
        ),
        (
            "severity high",
            "sev:normal",
            stat,
            Some("its severity is stat now, not normal"),
        ),
        ("severity high", "sev:normal", given, None),
        // What leaves the open work must be as urgent as it was listed, and nobody else's.
        (
            "complete",
            "to:none",
            given,
            Some("it is assigned to Johnson, Sarah"),
        ),
        (
            "cancel",
            "sev:normal",
            stat,
            Some("its severity is stat now, not normal"),
        ),
        (
            "edit --status complete",
            "sev:normal",
            stat,
            Some("its severity is stat now, not normal"),
        ),
        ("cancel", "is:open", described, None),
        (
            "assign --to me --me daniel.kim@example.org",
            "to:none",
            complete,
            None,
        ),
        (
            "edit --severity high --to me --me daniel.kim@example.org",
            "to:none",
            given,
            Some("it is assigned to"),
        ),
        ("edit --severity high", "sev:normal", given, None),
        (
            "edit --description CT",
            "is:open",
            described,
            Some("its description is MR now, not "),
        ),
        ("edit --status complete", "is:open", described, None),
        (
            "edit --meta room=5",
            "is:open",
            in_room_four,
            Some("its room is 4 now, and was not set"),
        ),
        ("edit --meta floor=2", "is:open", in_room_four, None),
        // It is as wanted already, no matter who did it.
        ("complete", "is:open", complete, None),
        ("reopen", "is:complete", reopen, None),
    ] {
        let clinic = clinic();
        let line = listed(&clinic, filter, 1);
        let id = ids(&line)[0];
        colleague(&clinic, &meanwhile(id));
        let before = study(&clinic, &id.to_string());
        let ran = fed(&clinic.base_url(), &format!("studies {verb} -"), &line);
        let case = format!("{verb}: {ran:?}");
        match words {
            Some(words) => {
                let told = format!("{id}: not changed: {words}");
                assert!(ran.code == 1 && ran.stderr.starts_with(&told), "{case}");
                assert_eq!(study(&clinic, &id.to_string()), before, "{case}");
                let forced = fed(
                    &clinic.base_url(),
                    &format!("studies {verb} - --force"),
                    &line,
                );
                assert_eq!(forced.code, 0, "{forced:?}");
                assert_ne!(study(&clinic, &id.to_string()), before, "{forced:?}");
            }
            None => assert_eq!(ran.code, 0, "{case}"),
        }
    }
}

#[test]
fn a_cancellation_that_was_taken_back_is_not_made_again() {
    let clinic = clinic();
    let line = listed(&clinic, "is:open", 1);
    let id = ids(&line)[0];
    let cancelled = line.replace("\"isCancelled\":false", "\"isCancelled\":true");
    assert_ne!(cancelled, line);
    // Listed as cancelled, and brought back since.
    let ran = fed(&clinic.base_url(), "studies cancel -", &cancelled);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(
        ran.stderr,
        format!("{id}: not changed: it is not cancelled now\n")
    );
    // A colleague has cancelled it too: that is what was wanted.
    colleague(&clinic, &CancelStudy(id.into()));
    let ran = fed(&clinic.base_url(), "studies cancel -", &line);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stderr.contains("no change needed: cancelled"),
        "{ran:?}"
    );
    let ran = fed(&clinic.base_url(), "studies uncancel -", &line);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(study(&clinic, &id.to_string()).is_cancelled);
}

#[test]
fn flags_name_what_must_be_so_on_every_verb() {
    let clinic = clinic();
    run_well(&clinic, &format!("studies assign {STUDY} --to {USER}"));
    let before = study(&clinic, STUDY);
    assert_eq!(before.severity, Severity::Normal);
    for verb in [
        "assign --to daniel.kim@example.org",
        "unassign",
        "severity high",
        "complete",
        "cancel",
        "edit --description X",
    ] {
        for (flag, words) in [
            ("--if-assignee none", "it is assigned to Johnson, Sarah"),
            ("--if-assignee daniel.kim@example.org", "it is assigned to"),
            ("--if-severity stat", "its severity is normal now, not stat"),
            ("--if-status complete", "it is incomplete now, not complete"),
            (
                "--if-severity normal --if-status complete",
                "it is incomplete now",
            ),
        ] {
            for name in [STUDY, STUDY_UID] {
                let ran = run(&clinic, &format!("studies {verb} {name} {flag}"));
                let told = format!("{STUDY}: not changed: {words}");
                assert!(
                    ran.code == 1 && ran.stderr.starts_with(&told),
                    "{verb} {flag}: {ran:?}"
                );
            }
        }
    }
    assert_eq!(study(&clinic, STUDY), before);
    for flag in [
        "--if-assignee sarah.johnson@example.org",
        "--if-assignee me --me sarah.johnson@example.org",
        "--if-severity normal --if-status incomplete",
    ] {
        run_well(&clinic, &format!("studies severity high {STUDY} {flag}"));
        run_well(&clinic, &format!("studies severity normal {STUDY}"));
    }
    // A flag goes before what a line says, and holds for studies without a line.
    let line = serde_json::to_string(&before).unwrap();
    colleague(
        &clinic,
        &to(before.study_id, "usr_1234567890abcdef1234567890abcdef"),
    );
    let severity = "studies severity high - --if-severity stat";
    let ran = fed(&clinic.base_url(), severity, &line);
    assert_eq!(ran.code, 1, "{ran:?}");
    // Force changes what is not so, and nothing else about it.
    let forced = run_well(
        &clinic,
        &format!("studies severity high {STUDY} --if-severity stat --force"),
    );
    assert!(
        forced.stderr.contains("severity high (was normal)"),
        "{forced:?}"
    );
    let read_only = run(
        &clinic,
        &format!("studies severity stat {STUDY} --force --read-only"),
    );
    assert_eq!(read_only.code, 2, "{read_only:?}");
    // Somebody who cannot be found is no condition.
    let nobody = run(
        &clinic,
        &format!("studies severity stat {STUDY} --if-assignee nobody-of-this-name"),
    );
    assert_eq!(nobody.code, 2, "{nobody:?}");
    assert_eq!(study(&clinic, STUDY).severity, Severity::High);
}

#[test]
fn a_line_may_say_more_or_less_than_it_is_asked() {
    let clinic = clinic();
    let line = |change: fn(&mut Value)| {
        let mut value = serde_json::to_value(study(&clinic, STUDY)).unwrap();
        change(&mut value);
        value.to_string()
    };
    run_well(&clinic, &format!("studies assign {STUDY} --to {USER}"));
    let kim = format!("studies assign - --to {KIM}");
    let assign = |line: &str| fed(&clinic.base_url(), &kim, line);
    // Fields that nobody knows are passed over.
    let more = line(|it| it["aField"] = "of a later version".into());
    // Without the field nothing is known: it is changed, and the line says what it was.
    let less = line(|it| {
        it.as_object_mut().unwrap().remove("assignedTo");
    });
    let bare = format!("{{\"studyId\":\"{STUDY}\"}}");
    let by_uid = format!("{{\"studyInstanceUid\":\"{STUDY_UID}\"}}");
    let by_id_of_user = format!("{{\"studyId\":\"{STUDY}\",\"assignedTo\":\"{USER}\"}}");
    for line in [more, less, bare, by_uid, by_id_of_user] {
        let ran = assign(&line);
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
        assert!(
            ran.stderr.contains("(was assigned to Johnson, Sarah"),
            "{ran:?}"
        );
        run_well(&clinic, &format!("studies assign {STUDY} --to {USER}"));
    }
    // Names and lines go together; the UID of a line must be that of the study.
    let before = study(&clinic, STUDY);
    let mixed = line(|it| it["studyInstanceUid"] = "1.2.3".into());
    for flag in ["", " --force"] {
        let ran = fed(&clinic.base_url(), &format!("{kim}{flag}"), &mixed);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(
            ran.stderr.contains(STUDY_UID) && ran.stderr.contains("1.2.3"),
            "{ran:?}"
        );
    }
    for wrong in ["{", "[", "{}", "{\"studyId\":\"stu_1\"}"] {
        let lines = format!("{STUDY}\n{wrong}\n");
        let ran = assign(&lines);
        assert_eq!(ran.code, 2, "{wrong}: {ran:?}");
        assert!(ran.stderr.contains("line 2 of standard input"), "{ran:?}");
    }
    assert_eq!(study(&clinic, STUDY), before);
}

#[test]
fn what_cannot_be_read_before_is_not_sent() {
    for verb in [
        "assign --to usr_00000000000000000000000000000001",
        "unassign",
        "severity high",
        "complete",
        "cancel",
        "edit --meta a=b",
    ] {
        for (answer, code) in [
            (json(404, "{}"), 1),
            (json(200, "<html>"), 1),
            (json(403, "{}"), 4),
            // Repeated after a pause: once will do.
            (json(500, "{}"), 1),
            (String::new(), 1),
        ] {
            let is_repeated = answer.is_empty() || answer.starts_with("HTTP/1.1 500");
            if is_repeated && verb != "cancel" {
                continue;
            }
            for flag in ["", " --force", " --if-assignee none"] {
                let server = Server::saying(answer.clone());
                let url = format!("http://{}", server.address);
                let ran = fed(&url, &format!("studies {verb} {STUDY}{flag}"), "");
                assert_eq!(ran.code, code, "{verb}{flag}: {ran:?}");
                assert!(
                    ran.stderr.starts_with(&format!("{STUDY}: not changed. ")),
                    "{ran:?}"
                );
                let sent = server.requests();
                assert!(sent.iter().all(|it| it.starts_with("GET ")), "{sent:?}");
            }
        }
    }
    // What is as wanted already is not sent either.
    let server = Server::saying(json(200, PLAIN));
    let url = format!("http://{}", server.address);
    for verb in ["unassign", "severity normal", "reopen", "uncancel"] {
        let ran = fed(&url, &format!("studies {verb} {STUDY}"), "");
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.stderr.contains("no change needed"), "{ran:?}");
    }
    assert_eq!(server.count(), 4);
}

#[test]
fn a_leavers_study_that_somebody_else_has_by_now_stays_with_them() {
    let user = serde_json::json!({
        "userId": USER, "email": "ada@example.org", "firstName": "Ada", "lastName": "Lovelace",
        "clinicRole": "Radiologist", "level": "member", "canManageStudies": false,
        "hasDashboardAccess": false, "invitedSource": "api",
    });
    let held_by = |id: &str| {
        let mut study: Value = serde_json::from_str(PLAIN).unwrap();
        study["assignedTo"] = serde_json::json!({"userId": id, "email": "x@example.org"});
        study.to_string()
    };
    let page = |record: &str| json(200, &format!(r#"{{"studies":[{record}],"hasMore":false}}"#));
    let other = "usr_00000000000000000000000000000009";
    let server = Server::saying_in_turn(vec![
        json(200, &user.to_string()),
        page(&held_by(USER)),
        // A colleague has given it to another radiologist meanwhile.
        json(200, &held_by(other)),
        page(&held_by(other)),
        json(200, r#"{"success":true}"#),
    ]);
    let url = format!("http://{}", server.address);
    let ran = fed(&url, &format!("users revoke {USER} --unassign --yes"), "");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stderr
            .contains("not changed: it is assigned to x@example.org"),
        "{ran:?}"
    );
    let sent = server.requests();
    let is_change = |it: &&String| !it.starts_with("GET ");
    let changes: Vec<&String> = sent.iter().filter(is_change).collect();
    assert!(
        changes.len() == 1 && changes[0].contains("revoke-access"),
        "{changes:?}"
    );
}
