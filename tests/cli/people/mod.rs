//! `users` and `invitations`.

mod edit;
mod invite;
mod lists;
mod revoke;

use avara_tui::sandbox::Sandbox;
use avara_tui::wire::{Invitation, User};
use serde_json::{Value, json};

use super::common::{Server, json};
use super::{Ran, STUDY, USER, clinic, finish, program, run, run_well, study};

pub const INVITATION: &str = "inv_1234567890abcdef1234567890abcdef";

const NO_USER: &str = "usr_00000000000000000000000000000000";

fn typed(base_url: &str, arguments: &[&str]) -> Ran {
    finish(&mut program(base_url, arguments))
}

fn users(clinic: &Sandbox, line: &str) -> Vec<User> {
    let ran = run_well(clinic, &format!("users list {line} --json"));
    serde_json::from_str(&ran.stdout).unwrap()
}

fn user(clinic: &Sandbox, name: &str) -> User {
    let ran = run_well(clinic, &format!("users get {name} --json"));
    serde_json::from_str(&ran.stdout).unwrap()
}

fn invitations(clinic: &Sandbox, line: &str) -> Vec<Invitation> {
    let ran = run_well(clinic, &format!("invitations list {line} --json"));
    serde_json::from_str(&ran.stdout).unwrap()
}

fn invitation(clinic: &Sandbox, id: &str) -> Invitation {
    let ran = run_well(clinic, &format!("invitations get {id} --json"));
    serde_json::from_str(&ran.stdout).unwrap()
}

const ADA: &str = "users invite --email ada@example.org --first-name Ada --last-name Lovelace";

fn ada(rest: &str) -> String {
    format!("{ADA} --role Radiologist --level member {rest}")
        .trim_end()
        .to_owned()
}

/// What a server may answer.
fn user_json(change: &Value) -> String {
    let mut user = json!({
        "userId": USER, "email": "ada@example.org", "firstName": "Ada", "lastName": "Lovelace",
        "clinicRole": "Radiologist", "level": "member", "canManageStudies": false,
        "hasDashboardAccess": false, "invitedSource": "api",
    });
    for (field, value) in change.as_object().unwrap() {
        user[field] = value.clone();
    }
    user.to_string()
}

fn page(kind: &str, records: &[String]) -> String {
    json(
        200,
        &format!(r#"{{"{kind}":[{}],"hasMore":false}}"#, records.join(",")),
    )
}

fn methods(server: &Server) -> Vec<String> {
    let line = |request: &String| request.lines().next().unwrap_or_default().to_owned();
    server.requests().iter().map(line).collect()
}

fn sent(server: &Server) -> usize {
    let is_write = |line: &&String| !line.starts_with("GET ");
    methods(server).iter().filter(is_write).count()
}

#[test]
fn read_only_refuses_every_change_of_people() {
    let server = Server::saying("");
    let url = format!("http://{}", server.address);
    for line in [
        ada("--yes"),
        format!("users edit {USER} --level member"),
        format!("users revoke {USER} --yes"),
        format!("users reactivate {USER}"),
        format!("invitations edit {INVITATION} --level member"),
        format!("invitations revoke {INVITATION} --yes"),
    ] {
        let line = format!("--read-only {line}");
        let ran = typed(&url, &line.split(' ').collect::<Vec<_>>());
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{line}: {ran:?}");
        assert!(ran.stderr.contains("read-only"), "{ran:?}");
    }
    assert_eq!(server.count(), 0);
    let clinic = clinic();
    run_well(
        &clinic,
        &format!("--read-only users reactivate {USER} --dry-run"),
    );
}

#[test]
fn a_refused_key_is_told_as_one() {
    let clinic = clinic();
    for line in [
        "users list".into(),
        format!("users get {USER}"),
        ada("--yes"),
        format!("users edit {USER} {USER} --level member"),
        format!("users revoke {USER} --yes"),
        format!("users reactivate {USER}"),
        "invitations list --jsonl".into(),
        format!("invitations get {INVITATION}"),
        format!("invitations edit {INVITATION} --level member"),
        format!("invitations revoke {INVITATION} --yes"),
    ] {
        let arguments: Vec<&str> = line.split(' ').collect();
        let mut command = program(&clinic.base_url(), &arguments);
        let ran = finish(command.env("AVARA_API_KEY", "wrong"));
        assert_eq!((ran.code, ran.stdout.as_str()), (4, ""), "{line}: {ran:?}");
        assert!(ran.stderr.contains("(401)"), "{ran:?}");
    }
}

#[test]
fn names_from_the_server_reach_no_terminal_raw() {
    let evil = "=cmd()\u{1b}[2J\u{9b}2J\u{202e}\u{200b}x";
    let fields = json!({"firstName": evil, "lastName": evil, "email": evil, "clinicRole": evil,
        "level": evil, "phoneNumber": evil, "invitedSource": evil});
    let user = user_json(&fields);
    let mut one: Value = serde_json::from_str(&user).unwrap();
    one["invitationId"] = INVITATION.into();
    one["status"] = evil.into();
    one["clinicId"] = evil.into();
    let is_harmless = |text: &str| {
        !text
            .chars()
            .any(|c| (c.is_control() && c != '\n') || avara_tui::text::is_invisible(c))
    };
    for (kind, record, id) in [
        ("users", user, USER),
        ("invitations", one.to_string(), INVITATION),
    ] {
        let list = Server::saying(page(kind, std::slice::from_ref(&record)));
        let single = Server::saying(json(200, &record));
        for (server, rest) in [
            (&list, "list"),
            (&list, "list --json"),
            (&list, "list --jsonl"),
            (&list, "list --csv"),
            (&single, &format!("get {id}")),
            (&single, &format!("get {id} --json")),
            (&single, &format!("edit {id} --last-name X")),
        ] {
            let line = format!("{kind} {rest}");
            let url = format!("http://{}", server.address);
            let ran = typed(&url, &line.split(' ').collect::<Vec<_>>());
            assert!(
                is_harmless(&ran.stdout) && is_harmless(&ran.stderr),
                "{line}: {ran:?}"
            );
            assert!(!ran.stdout.is_empty() || !ran.stderr.is_empty(), "{line}");
            if rest == "list --csv" {
                assert!(ran.stdout.contains(",'=cmd()"), "{ran:?}");
            }
        }
    }
}
