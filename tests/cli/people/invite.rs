//! `users invite`.

use super::*;

#[test]
fn an_invitation_is_sent_only_after_a_yes() {
    let clinic = clinic();
    let before = invitations(&clinic, "--expired all").len();
    let asked = run(&clinic, &ada(""));
    assert_eq!((asked.code, asked.stdout.as_str()), (2, ""), "{asked:?}");
    for words in [
        "Lovelace, Ada <ada@example.org>",
        "Radiologist",
        "nothing was sent",
        "--yes",
    ] {
        assert!(asked.stderr.contains(words), "{asked:?}");
    }
    let dry = run_well(&clinic, &ada("--dry-run --phone 15555550199"));
    assert_eq!(
        dry.stdout,
        "POST /v1/viewer/users {\"email\":\"ada@example.org\",\"firstName\":\"Ada\",\
         \"lastName\":\"Lovelace\",\"phoneNumber\":\"15555550199\",\"clinicRole\":\"Radiologist\",\
         \"level\":\"member\",\"canManageStudies\":false,\"hasDashboardAccess\":false}\n"
    );
    assert_eq!(invitations(&clinic, "--expired all").len(), before);

    let ran = run_well(&clinic, &ada("--can-manage-studies --suffix1 MD --yes"));
    assert!(
        ran.stderr
            .contains("invited Lovelace, Ada <ada@example.org>"),
        "{ran:?}"
    );
    let made = invitations(&clinic, &format!("--user {}", ran.stdout.trim()));
    assert_eq!(made.len(), 1);
    let one = &made[0];
    assert!(one.profile.can_manage_studies && !one.profile.has_dashboard_access);
    assert_eq!(
        (one.email.as_str(), one.profile.suffix1.as_deref()),
        ("ada@example.org", Some("MD"))
    );

    let again = run(&clinic, &ada("--yes").replace("ada@", "ADA@"));
    assert_eq!((again.code, again.stdout.as_str()), (1, ""), "{again:?}");
    assert!(
        again.stderr.contains("pending invitation") && again.stderr.contains("inv_"),
        "{again:?}"
    );
    let sarah = run(&clinic, &ada("--dry-run").replace("ada@", "sarah.johnson@"));
    assert_eq!(sarah.code, 1, "{sarah:?}");
    assert!(
        sarah.stderr.contains("is a user already") && sarah.stderr.contains(USER),
        "{sarah:?}"
    );
    assert_eq!(invitations(&clinic, "--expired all").len(), before + 1);
}

#[test]
fn what_breaks_a_rule_is_not_even_asked_about() {
    let server = Server::saying("");
    let url = format!("http://{}", server.address);
    for (line, words) in [
        (
            ada("--yes").replace("ada@example.org", "ada"),
            "name@example.org",
        ),
        (ada("--yes --phone 123456789"), "10 to 15 digits, not 9"),
        (
            ada("--yes --phone 1234567890123456"),
            "10 to 15 digits, not 16",
        ),
        (ada("--yes --phone +15555550199"), "only digits"),
        (
            ada("--yes").replace("member", "owner"),
            "cannot make an owner",
        ),
        (ada("--yes").replace("member", "boss"), "admin or member"),
        (ada("--yes").replace("member", "admin"), "needs --dashboard"),
        (format!("{ADA} --yes"), "--role"),
        (format!("users edit {USER} --phone 123456789"), "10 to 15"),
        (
            format!("users edit {USER} --level owner"),
            "cannot make an owner",
        ),
        (
            format!("users edit {USER} --phone 1234567890 --clear-phone"),
            "cannot be used with '--clear-phone'",
        ),
        (
            format!("invitations edit {INVITATION} --phone 1234567890123456"),
            "10 to 15",
        ),
    ] {
        let ran = typed(&url, &line.split(' ').collect::<Vec<_>>());
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{line}: {ran:?}");
        assert!(ran.stderr.contains(words), "{line}: {ran:?}");
    }
    let blank = typed(&url, &["users", "edit", USER, "--first-name", " "]);
    assert_eq!(blank.code, 2, "{blank:?}");
    assert_eq!(server.count(), 0);
    // At the boundary itself.
    let clinic = clinic();
    for phone in ["1234567890", "123456789012345"] {
        run_well(&clinic, &ada(&format!("--phone {phone} --dry-run")));
    }
    run_well(
        &clinic,
        &ada("--dashboard --dry-run").replace("member", "admin"),
    );
}

#[test]
fn a_role_is_one_of_the_reference_or_one_that_somebody_has() {
    let clinic = clinic();
    let role = |text: &str| {
        let line = ada("--dry-run");
        let arguments = line
            .split(' ')
            .map(|word| if word == "Radiologist" { text } else { word });
        typed(&clinic.base_url(), &arguments.collect::<Vec<_>>())
    };
    assert!(
        role("front desk operator")
            .stdout
            .contains("\"Front Desk Operator\"")
    );
    let near = role("Radiolgist");
    assert_eq!((near.code, near.stdout.as_str()), (2, ""), "{near:?}");
    assert!(
        near.stderr.contains("did you mean “Radiologist”?"),
        "{near:?}"
    );
    let far = role("Astronaut");
    assert!(
        far.code == 2 && far.stderr.contains("Nurse Practitioner"),
        "{far:?}"
    );

    let other = user_json(&json!({"clinicRole": "Teleradiologist", "email": "kim@example.org"}));
    let list = page("users", &[other]);
    let none = page("invitations", &[]);
    let server = Server::saying_in_turn(vec![list.clone(), list.clone(), list, none]);
    let line = ada("--dry-run").replace("Radiologist", "teleradiologist");
    let url = format!("http://{}", server.address);
    let ran = typed(&url, &line.split(' ').collect::<Vec<_>>());
    assert!(ran.stdout.contains("\"Teleradiologist\""), "{ran:?}");
}

#[test]
fn an_invitation_can_be_like_somebody() {
    let clinic = clinic();
    let like =
        |who: &str, rest: &str| run(&clinic, &format!("{ADA} --like {who} --dry-run {rest}"));
    let rosa = like("rosa.delgado@example.org", "--role Radiologist");
    for part in [
        "\"clinicRole\":\"Radiologist\"",
        "\"level\":\"admin\"",
        "\"canManageStudies\":true",
        "\"hasDashboardAccess\":true",
    ] {
        assert!(rosa.stdout.contains(part), "{part}: {rosa:?}");
    }
    let less = like(
        "rosa.delgado@example.org",
        "--level member --dashboard=false",
    );
    assert!(
        less.stdout.contains("\"hasDashboardAccess\":false"),
        "{less:?}"
    );
    let broken = like("rosa.delgado@example.org", "--dashboard=false");
    assert_eq!((broken.code, broken.stdout.as_str()), (2, ""), "{broken:?}");
    let owner = like("margaret.thornbury@example.org", "--role Doctor");
    assert_eq!((owner.code, owner.stdout.as_str()), (2, ""), "{owner:?}");
    assert!(owner.stderr.contains("cannot be copied"), "{owner:?}");
    let nobody = like("nobody@example.org", "--role Doctor");
    assert_eq!((nobody.code, nobody.stdout.as_str()), (1, ""), "{nobody:?}");
}

/// A server on which the address is free, then whatever `answers` say.
fn free_then(answers: Vec<String>) -> Server {
    let free = [
        page("users", &[]),
        page("users", &[]),
        page("invitations", &[]),
    ];
    Server::saying_in_turn(free.into_iter().chain(answers).collect())
}

#[test]
fn an_invitation_whose_answer_is_lost_is_looked_for_and_never_sent_again() {
    let here = page("users", &[user_json(&json!({}))]);
    let other = page("users", &[user_json(&json!({"level": "admin"}))]);
    let nobody = [
        page("users", &[]),
        page("users", &[]),
        page("invitations", &[]),
    ];
    for lost in [String::new(), json(502, "{}"), json(200, "<html>")] {
        for (after, code, words) in [
            (vec![here.clone()], 0, "but the invitation was found"),
            (vec![other.clone()], 1, "with other values"),
            (nobody.to_vec(), 1, "was not found"),
            (vec![json(403, "{}")], 1, "was not found"),
        ] {
            let answers = std::iter::once(lost.clone()).chain(after).collect();
            let server = free_then(answers);
            let url = format!("http://{}", server.address);
            let line = ada("--yes --wait 0");
            let ran = typed(&url, &line.split(' ').collect::<Vec<_>>());
            assert_eq!((ran.code, sent(&server)), (code, 1), "{ran:?}");
            assert!(ran.stderr.contains(words), "{words}: {ran:?}");
            assert_eq!(ran.stderr.contains("unconfirmed"), code == 1, "{ran:?}");
            assert_eq!(ran.stdout.is_empty(), code == 1, "{ran:?}");
        }
    }
    for (answer, code, words) in [
        (json(409, r#"{"message":"taken"}"#), 1, "taken"),
        (json(403, "{}"), 4, "permission"),
        (
            json(200, &user_json(&json!({"level": "admin"}))),
            1,
            "other values",
        ),
    ] {
        let server = free_then([vec![answer], nobody.to_vec()].concat());
        let url = format!("http://{}", server.address);
        let line = ada("--yes");
        let ran = typed(&url, &line.split(' ').collect::<Vec<_>>());
        assert_eq!((ran.code, sent(&server)), (code, 1), "{ran:?}");
        assert!(ran.stderr.contains(words), "{words}: {ran:?}");
    }
}
