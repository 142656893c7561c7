//! `list` and `get`.

use super::*;
use avara_tui::worklist::folded;

#[test]
fn every_form_holds_the_same_people_in_the_same_order() {
    let clinic = clinic();
    for (verb, prefix, count) in [("users", "usr_", 26), ("invitations", "inv_", 26)] {
        let array = run_well(&clinic, &format!("{verb} list --json")).stdout;
        let array: Vec<Value> = serde_json::from_str(&array).unwrap();
        let field = if verb == "users" {
            "userId"
        } else {
            "invitationId"
        };
        let id = |record: &Value| record[field].as_str().unwrap().to_owned();
        let order: Vec<String> = array.iter().map(id).collect();
        assert_eq!(order.len(), count);
        let last_name = |record: &Value| folded(record["lastName"].as_str().unwrap());
        assert!(array.iter().map(last_name).is_sorted(), "{verb}");

        let csv = run_well(&clinic, &format!("{verb} list --csv")).stdout;
        let mut lines = csv.lines();
        let header = lines.next().unwrap();
        assert!(header.starts_with(&format!("{field},")), "{header}");
        let columns = header.split(',').count();
        for (line, id) in lines.zip(&order) {
            assert!(line.starts_with(id.as_str()), "{line}");
            assert_eq!(line.split(',').count(), columns, "{line}");
        }

        let table = run_well(&clinic, &format!("{verb} list")).stdout;
        let ids = table
            .lines()
            .skip(1)
            .map(|line| line.split_whitespace().last().unwrap());
        assert!(ids.eq(&order), "{table}");
        assert!(
            table.starts_with("NAME ") && table.contains(prefix),
            "{table}"
        );

        let stream = run_well(&clinic, &format!("{verb} list --jsonl")).stdout;
        let mut streamed: Vec<String> = stream
            .lines()
            .map(|line| id(&serde_json::from_str(line).unwrap()))
            .collect();
        streamed.sort();
        let mut sorted = order.clone();
        sorted.sort();
        assert_eq!(streamed, sorted);

        let some = run_well(&clinic, &format!("{verb} list --limit 3"));
        assert_eq!(some.stdout.lines().count(), 4);
        assert_eq!(some.stderr, format!("3 of {count} {verb}\n"));
        let some = run_well(&clinic, &format!("{verb} list --limit 3 --jsonl"));
        assert_eq!(some.stdout.lines().count(), 3);
    }
}

#[test]
fn users_are_filtered_by_each_field() {
    let clinic = clinic();
    let count = |line: &str| users(&clinic, line).len();
    for (line, expected) in [
        ("--level owner", 1),
        ("--level admin", 3),
        ("--email SARAH.johnson@example.org", 1),
        ("--email johnson@example.org", 0),
        ("--first-name DAN", 2),
        ("--last-name KIM", 2),
        ("--source api", 2),
        ("--role Physician", 0),
        ("--role physician --level member", 0),
        ("--role assistant", 2),
        ("--role technolog", 2),
        ("--role radiologist --last-name kim", 2),
    ] {
        assert_eq!(count(line), expected, "{line}");
    }
    let none = run_well(&clinic, "users list --role xyzzy");
    assert_eq!(
        (none.stdout.as_str(), none.stderr.as_str()),
        ("", "No user matches.\n")
    );
    // Whatever the server makes of the parameters, only what was asked for is shown.
    let deaf = Server::saying(page("users", &[user_json(&json!({}))]));
    let url = format!("http://{}", deaf.address);
    for (filter, expected) in [
        ("--level=admin", 0),
        ("--level=member", 1),
        ("--source=dashboard", 0),
    ] {
        let ran = typed(&url, &["users", "list", "--jsonl", filter]);
        assert_eq!(ran.stdout.lines().count(), expected, "{filter}");
    }
}

#[test]
fn invitations_are_filtered_by_each_field() {
    let clinic = clinic();
    for (line, expected) in [
        ("--status sent", 9),
        ("--status sent,accepted", 22),
        ("--status rejected --status revoked", 4),
        ("--status sent --expired expired", 3),
        ("--status sent --expired not-expired", 6),
        ("--expired all", 26),
    ] {
        assert_eq!(invitations(&clinic, line).len(), expected, "{line}");
    }
    let one = invitation(&clinic, INVITATION);
    let found = invitations(&clinic, &format!("--user {}", one.user_id));
    assert_eq!(found, std::slice::from_ref(&one));
    let day = one.created_at.unwrap().date_naive();
    let made = |line: String| invitations(&clinic, &line).contains(&one);
    assert!(made(format!("--from {day} --to {day}")));
    assert!(!made(format!("--from {}", day.succ_opt().unwrap())));
    assert!(!made(format!("--to {}", day.pred_opt().unwrap())));
    let table = run_well(&clinic, "invitations list --status sent").stdout;
    assert!(
        table.contains(" expired ") && table.contains(" sent "),
        "{table}"
    );
}

#[test]
fn what_no_list_can_mean_is_refused_before_anything_is_asked() {
    let server = Server::saying("");
    let url = format!("http://{}", server.address);
    for line in [
        "users list --level boss",
        "users list --email kim",
        "users list --source phone",
        "users list --limit 0",
        "users list --json --csv",
        "users get kim",
        "users get usr_1",
        "users revoke kim --yes",
        "users edit kim@example.org",
        "users revoke kim@example.org --unassign --leave-studies",
        "invitations list --status pending",
        "invitations list --status sent,open",
        "invitations list --expired true",
        "invitations list --from 2026-1-1",
        "invitations list --from 2026-02-30",
        "invitations list --from 2026-02-02 --to 2026-02-01",
        "invitations list --user kim@example.org",
        "invitations get inv_1",
        "invitations revoke",
        &format!("invitations revoke {INVITATION} --user {USER}"),
        &format!("invitations edit {INVITATION}"),
    ] {
        let ran = typed(&url, &line.split(' ').collect::<Vec<_>>());
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{line}: {ran:?}");
        assert!(!ran.stderr.is_empty(), "{line}");
    }
    assert_eq!(server.count(), 0);
}

#[test]
fn a_user_is_found_by_id_and_by_address() {
    let clinic = clinic();
    let by_id = user(&clinic, USER);
    assert_eq!(by_id, user(&clinic, "Sarah.Johnson@EXAMPLE.org"));
    let sheet = run_well(&clinic, &format!("users get {USER}")).stdout;
    for text in [USER, &by_id.email, "Elizabeth", "Radiologist", "last login"] {
        assert!(sheet.contains(text), "{text} in {sheet}");
    }
    assert!(!sheet.contains("suffix2"), "{sheet}");
    let sheet = run_well(&clinic, &format!("invitations get {INVITATION}")).stdout;
    for text in [INVITATION, "carla.jimenez@example.org", "expires", "sent"] {
        assert!(sheet.contains(text), "{text} in {sheet}");
    }
    for line in [
        format!("users get {NO_USER}"),
        "users get nobody@example.org".into(),
    ] {
        let ran = run(&clinic, &line);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{ran:?}");
    }
}
