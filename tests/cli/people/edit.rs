//! `users edit` and `invitations edit`.

use super::*;

#[test]
fn an_edit_sends_what_differs_and_nothing_else() {
    let clinic = clinic();
    let dry = run_well(
        &clinic,
        &format!(
            "users edit {USER} --role radiologist --level admin --clear-middle-name --dry-run"
        ),
    );
    assert_eq!(
        dry.stdout,
        format!("PATCH /v1/viewer/users/{USER} {{\"middleName\":null,\"level\":\"admin\"}}\n")
    );
    let same = run_well(
        &clinic,
        &format!("users edit {USER} --first-name Sarah --dry-run"),
    );
    assert!(
        same.stdout.is_empty() && same.stderr.contains("no change needed"),
        "{same:?}"
    );

    let line = "--phone 1234567890 --can-manage-studies false --clear-suffix1 --suffix2 PhD";
    let ran = run_well(
        &clinic,
        &format!("users edit sarah.johnson@example.org {line}"),
    );
    for words in [
        USER,
        "Johnson, Sarah",
        "phone 1234567890",
        "no suffix1",
        "can manage studies false",
    ] {
        assert!(ran.stderr.contains(words), "{words}: {ran:?}");
    }
    let after = user(&clinic, USER);
    assert_eq!(
        (after.profile.phone_number.as_deref(), after.profile.suffix1),
        (Some("1234567890"), None)
    );
    assert!(!after.profile.can_manage_studies && after.profile.suffix2.as_deref() == Some("PhD"));

    let some = run(
        &clinic,
        &format!("users edit {NO_USER} {USER} nobody@example.org --role Neurologist"),
    );
    assert_eq!((some.code, some.stderr.lines().count()), (3, 3), "{some:?}");
    assert_eq!(
        user(&clinic, USER).profile.clinic_role.as_str(),
        "Neurologist"
    );

    run_well(
        &clinic,
        &format!("invitations edit {INVITATION} --last-name Ruiz --level admin"),
    );
    let one = invitation(&clinic, INVITATION);
    assert_eq!(
        (one.profile.last_name.as_str(), one.profile.level.as_str()),
        ("Ruiz", "admin")
    );
    let over = &invitations(&clinic, "--status revoked")[0];
    let ran = run(
        &clinic,
        &format!("invitations edit {} --level admin", over.invitation_id),
    );
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("revoked"), "{ran:?}");
}

#[test]
fn an_admin_keeps_dashboard_access() {
    let clinic = clinic();
    let edit =
        |who: &str, rest: &str| run(&clinic, &format!("users edit {who}@example.org {rest}"));
    for (who, rest, way) in [
        ("victor.stein", "--level admin", "--dashboard true"),
        ("rosa.delgado", "--dashboard false", "--level member"),
    ] {
        let before = user(&clinic, &format!("{who}@example.org"));
        let ran = edit(who, rest);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(
            ran.stderr.contains("nothing was sent") && ran.stderr.contains(way),
            "{ran:?}"
        );
        assert_eq!(user(&clinic, &format!("{who}@example.org")), before);
        assert_eq!(edit(who, &format!("{rest} {way}")).code, 0);
    }
    let ran = run(
        &clinic,
        &format!("invitations edit {INVITATION} --level admin --dashboard false"),
    );
    assert_eq!(ran.code, 1, "{ran:?}");
}

#[test]
fn an_edit_that_nobody_can_confirm_is_called_so() {
    let now = json(200, &user_json(&json!({})));
    let lost = [String::new(), json(503, "{}"), json(200, "<html>")];
    for answers in lost
        .map(|lost| vec![lost, json(403, "{}")])
        .into_iter()
        .chain([vec![now.clone()]])
    {
        let server = Server::saying_in_turn([vec![now.clone()], answers].concat());
        let url = format!("http://{}", server.address);
        let ran = typed(&url, &["users", "edit", USER, "--last-name", "King"]);
        assert_eq!((ran.code, sent(&server)), (1, 1), "{ran:?}");
        assert!(
            ran.stderr.starts_with(&format!("{USER}: unconfirmed. ")),
            "{ran:?}"
        );
        assert!(
            ran.stderr.contains(&format!("avara-tui users get {USER}")),
            "{ran:?}"
        );
    }
}
