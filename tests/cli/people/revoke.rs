//! `users revoke`, `users reactivate` and `invitations revoke`.

use avara_tui::wire::InvitationStatus;

use super::*;

/// Gives the user of the reference exactly these studies: that of the reference and `more` others.
fn give_studies(clinic: &Sandbox, more: usize) -> Vec<String> {
    let hers = run_well(clinic, &format!("studies list --filter to:{USER} --jsonl")).lines();
    for study in hers {
        run_well(clinic, &format!("studies unassign {}", study.study_id));
    }
    run_well(clinic, &format!("studies reopen {STUDY}"));
    let free = run_well(clinic, "studies list --filter to:none --jsonl").lines();
    let free = free.iter().map(|study| study.study_id.to_string());
    let others = free.filter(|id| id != STUDY).take(more);
    let studies: Vec<String> = std::iter::once(STUDY.to_owned()).chain(others).collect();
    for id in &studies {
        run_well(clinic, &format!("studies assign {id} --to {USER}"));
    }
    studies
}

#[test]
fn nobodys_studies_are_stranded_by_accident() {
    let clinic = clinic();
    let studies = give_studies(&clinic, 2);
    let revoke = |rest: &str| run(&clinic, &format!("users revoke {USER} {rest}"));
    for rest in ["--yes", "--dry-run"] {
        let ran = revoke(rest);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{ran:?}");
        assert!(ran.stderr.contains("has 3 open studies"), "{ran:?}");
        assert!(studies.iter().all(|id| ran.stderr.contains(id)), "{ran:?}");
    }
    let asked = revoke("--unassign");
    assert_eq!((asked.code, asked.stdout.as_str()), (2, ""), "{asked:?}");
    assert!(asked.stderr.contains("--yes"), "{asked:?}");
    let herself = revoke(&format!("--reassign-to {USER} --yes"));
    assert_eq!(herself.code, 2, "{herself:?}");
    let dry = revoke("--unassign --dry-run");
    assert_eq!((dry.code, dry.stdout.lines().count()), (0, 4), "{dry:?}");
    assert!(
        dry.stdout
            .lines()
            .last()
            .unwrap()
            .starts_with("POST /v1/viewer/users/revoke-access"),
        "{dry:?}"
    );
    let assignee = |id: &str| study(&clinic, id).assigned_to.map(|user| user.email);
    assert!(
        studies
            .iter()
            .all(|id| assignee(id).as_deref() == Some("sarah.johnson@example.org"))
    );

    let moved = revoke("--reassign-to daniel.kim@example.org --yes");
    assert_eq!((moved.code, moved.stdout.as_str()), (0, ""), "{moved:?}");
    assert!(moved.stderr.contains("cannot be read back"), "{moved:?}");
    assert!(
        studies
            .iter()
            .all(|id| assignee(id).as_deref() == Some("daniel.kim@example.org"))
    );
    let again = revoke("--yes");
    assert_eq!(again.code, 0, "{again:?}");
    let back = run_well(&clinic, "users reactivate sarah.johnson@example.org");
    assert!(back.stderr.contains("access restored"), "{back:?}");

    let kept = run_well(
        &clinic,
        "users revoke daniel.kim@example.org --leave-studies --yes",
    );
    assert!(kept.stderr.contains("stay with Kim, Daniel"), "{kept:?}");
    assert!(
        studies
            .iter()
            .all(|id| assignee(id).as_deref() == Some("daniel.kim@example.org"))
    );
}

/// Gives the user's record, then one of their open studies, then the `answers`.
fn leaving(answers: Vec<String>) -> Server {
    let first = [
        json(200, &user_json(&json!({}))),
        page("studies", &[her_study(true)]),
    ];
    Server::saying_in_turn(first.into_iter().chain(answers).collect())
}

fn her_study(is_hers: bool) -> String {
    let mut study = json!({
        "studyId": STUDY, "studyInstanceUid": "1.2", "studyDescription": "CT",
        "severity": "stat", "studyViewerStatus": "incomplete", "isCancelled": false,
    });
    if is_hers {
        study["assignedTo"] = json!({"userId": USER, "email": "ada@example.org"});
    }
    study.to_string()
}

#[test]
fn a_revocation_stops_where_a_study_could_not_be_moved() {
    let refused = json(404, "{}");
    let kept = json(200, &her_study(true));
    let moved = json(200, &her_study(false));
    let no = json(200, r#"{"success":false,"message":"she is the last"}"#);
    let none = page("studies", &[]);
    for (answers, code, writes, words) in [
        (vec![refused], 1, 1, "access not revoked; 0 of 1"),
        (vec![json(403, "{}")], 4, 1, "access not revoked"),
        (vec![kept], 1, 1, "unconfirmed"),
        (
            vec![moved.clone(), page("studies", &[her_study(true)])],
            3,
            1,
            "has open studies again",
        ),
        (
            vec![moved.clone(), none.clone(), no],
            3,
            2,
            "she is the last",
        ),
        (vec![moved, none, String::new()], 3, 3, "cannot"),
    ] {
        // The study is read once more before it is changed.
        let server = leaving([vec![json(200, &her_study(true))], answers].concat());
        let url = format!("http://{}", server.address);
        let ran = typed(&url, &["users", "revoke", USER, "--unassign", "--yes"]);
        assert_eq!(
            (ran.code, sent(&server)),
            (code, writes),
            "{words}: {ran:?}"
        );
        assert!(ran.stderr.contains(words), "{words}: {ran:?}");
    }
    for (flag, code, writes) in [("--unassign", 1, 0), ("--leave-studies", 0, 1)] {
        let server = Server::saying_in_turn(vec![
            json(200, &user_json(&json!({}))),
            page("studies", &[r#"{"studyId":"x"}"#.into()]),
            json(200, r#"{"success":true}"#),
        ]);
        let url = format!("http://{}", server.address);
        let ran = typed(&url, &["users", "revoke", USER, flag, "--yes"]);
        assert_eq!((ran.code, sent(&server)), (code, writes), "{flag}: {ran:?}");
    }
}

#[test]
fn success_false_is_a_failure() {
    let no = json(200, r#"{"success":false,"message":"not now"}"#);
    let her = json(200, &user_json(&json!({})));
    let none = page("studies", &[]);
    for (arguments, answers) in [
        (
            ["users", "reactivate", USER].as_slice(),
            vec![her.clone(), no.clone()],
        ),
        (&["users", "revoke", USER, "--yes"], vec![her, none, no]),
    ] {
        let server = Server::saying_in_turn(answers);
        let ran = typed(&format!("http://{}", server.address), arguments);
        assert_eq!(
            (ran.code, ran.stdout.as_str(), sent(&server)),
            (1, "", 1),
            "{ran:?}"
        );
        assert!(
            ran.stderr.contains("not changed") && ran.stderr.contains("not now"),
            "{ran:?}"
        );
    }
}

fn invitation_json(status: &str) -> String {
    let mut one: Value = serde_json::from_str(&user_json(&json!({}))).unwrap();
    one["invitationId"] = INVITATION.into();
    one["status"] = status.into();
    one.to_string()
}

#[test]
fn an_invitation_is_revoked_when_it_is_meant_and_read_again() {
    let clinic = clinic();
    let asked = run(&clinic, &format!("invitations revoke {INVITATION}"));
    assert_eq!((asked.code, asked.stdout.as_str()), (2, ""), "{asked:?}");
    assert!(
        asked.stderr.contains("cannot be undone") && asked.stderr.contains("Carla"),
        "{asked:?}"
    );
    let one = invitation(&clinic, INVITATION);
    let dry = run_well(
        &clinic,
        &format!("invitations revoke --user {} --dry-run", one.user_id),
    );
    assert_eq!(
        dry.stdout,
        format!(
            "POST /v1/viewer/users/invitations/revoke \
             {{\"invitationId\":\"{INVITATION}\",\"userId\":\"{}\"}}\n",
            one.user_id
        )
    );
    assert_eq!(invitation(&clinic, INVITATION), one);
    run_well(
        &clinic,
        &format!("invitations revoke --user {} --yes", one.user_id),
    );
    assert_eq!(
        invitation(&clinic, INVITATION).status,
        InvitationStatus::Revoked
    );
    let again = run(&clinic, &format!("invitations revoke {INVITATION} --yes"));
    assert!(
        again.code == 1 && again.stderr.contains("is revoked"),
        "{again:?}"
    );
    let nobody = run(
        &clinic,
        &format!("invitations revoke --user {NO_USER} --yes"),
    );
    assert_eq!(nobody.code, 1, "{nobody:?}");

    let (open, over) = (
        json(200, &invitation_json("sent")),
        json(200, &invitation_json("revoked")),
    );
    let yes = json(200, r#"{"success":true}"#);
    let no = json(200, r#"{"success":false,"message":"not now"}"#);
    for (answers, code, words) in [
        (
            vec![open.clone(), yes.clone(), over.clone()],
            0,
            "revoked (Lovelace, Ada",
        ),
        (
            vec![open.clone(), String::new(), over.clone()],
            0,
            "it was found so",
        ),
        (
            vec![open.clone(), yes.clone(), open.clone()],
            1,
            "does not show it",
        ),
        (vec![open.clone(), yes, json(404, "{}")], 1, "unconfirmed"),
        (
            vec![open.clone(), json(502, "{}"), json(403, "{}")],
            1,
            "unconfirmed",
        ),
        (
            vec![
                open.clone(),
                json(502, "{}"),
                json(200, &invitation_json("accepted")),
            ],
            1,
            "unconfirmed",
        ),
        // The record of another person proves nothing about this one.
        (
            vec![
                open.clone(),
                String::new(),
                json(200, &invitation_json("revoked").replace("ada", "eve")),
            ],
            1,
            "unconfirmed",
        ),
        (vec![open, no], 1, "not now"),
    ] {
        let server = Server::saying_in_turn(answers);
        let url = format!("http://{}", server.address);
        let ran = typed(&url, &["invitations", "revoke", INVITATION, "--yes"]);
        assert_eq!((ran.code, sent(&server)), (code, 1), "{words}: {ran:?}");
        assert!(ran.stderr.contains(words), "{words}: {ran:?}");
    }
}
