//! Whom a name or an address means, wherever the command line takes one.

use serde_json::{Value, json};

use super::common::{Server, json as answer};
use super::{PLAIN, Ran, STUDY, USER, clinic, finish, program, run, run_well};

const DANA: &str = "usr_000000000000000000000000000000d1";
const SAM: &str = "usr_000000000000000000000000000000a1";
const TWIN: &str = "usr_000000000000000000000000000000d2";

fn user(id: &str, first: &str, last: &str, email: &str) -> Value {
    json!({
        "userId": id, "email": email, "firstName": first, "lastName": last,
        "clinicRole": "Radiologist", "level": "member", "canManageStudies": true,
        "hasDashboardAccess": false, "invitedSource": "api",
    })
}

fn dana() -> Value {
    user(DANA, "Dana", "Kim", "dana.kim@example.org")
}

fn sam() -> Value {
    user(SAM, "Samuel", "Osei", "samuel.osei@example.org")
}

/// What a server makes of the address that a list of users is asked for.
#[derive(Clone, Copy, PartialEq)]
enum Filter {
    Exact,
    Caseless,
    Ignored,
}

/// A clinic with these users, one free study, and no say in what is meant.
fn clinic_of(users: Vec<Value>, filter: Filter) -> Server {
    Server::answering(move |_, request| {
        let target = request.split(' ').nth(1).unwrap();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let last = path.rsplit('/').next().unwrap();
        let body = match (&request[..4], last) {
            ("GET ", "users") => {
                let asked = query.split('&').find_map(|it| it.strip_prefix("email="));
                let asked = asked.map(|it| it.replace("%40", "@"));
                let fits = |user: &&Value| match (&asked, user["email"].as_str(), filter) {
                    (None, ..) | (_, None, _) | (_, _, Filter::Ignored) => true,
                    (Some(asked), Some(email), Filter::Exact) => asked == email,
                    (Some(asked), Some(email), Filter::Caseless) => {
                        asked.eq_ignore_ascii_case(email)
                    }
                };
                let mut found: Vec<&Value> = users.iter().filter(fits).collect();
                if asked.is_some() && filter == Filter::Caseless {
                    found.truncate(1);
                }
                json!({"users": found, "hasMore": false})
            }
            ("GET ", "studies") => json!({"studies": [], "hasMore": false}),
            ("GET ", id) if id.starts_with("usr_") => {
                let found = users.iter().find(|it| it["userId"] == id);
                found.cloned().unwrap_or_default()
            }
            ("GET ", _) => serde_json::from_str(PLAIN).unwrap(),
            ("PATC", id) if id.starts_with("usr_") => {
                let mut changed = users.iter().find(|it| it["userId"] == id).unwrap().clone();
                changed["lastName"] = json!("X");
                changed
            }
            ("PATC", _) => {
                let (_, patch) = request.split_once("\r\n\r\n").unwrap();
                let patch: Value = serde_json::from_str(patch).unwrap();
                let mut study: Value = serde_json::from_str(PLAIN).unwrap();
                let id = &patch["assignedTo"];
                let who = users.iter().find(|it| it["userId"] == *id);
                study["assignedTo"] = who.cloned().unwrap_or_default();
                study
            }
            _ => json!({"success": true}),
        };
        answer(200, &body.to_string())
    })
}

fn typed(server: &Server, arguments: &[&str]) -> Ran {
    finish(&mut program(
        &format!("http://{}", server.address),
        arguments,
    ))
}

/// Whoever the changes that were sent were for.
fn sent(server: &Server) -> Vec<String> {
    let requests = server.requests();
    let changes = requests.iter().filter(|it| !it.starts_with("GET "));
    changes
        .map(|request| {
            let at = request.rfind("usr_");
            at.map_or("?".into(), |at| request[at..at + 36].to_owned())
        })
        .collect()
}

/// Every place where somebody can be named, with `WHO` for the name.
const PLACES: [&[&str]; 9] = [
    &["studies", "assign", STUDY, "--to", "WHO"],
    &["studies", "edit", STUDY, "--to", "WHO"],
    &["studies", "assign", STUDY, "--to", "me", "--me", "WHO"],
    &["studies", "severity", "high", STUDY, "--if-assignee", "WHO"],
    &["studies", "list", "--filter", "to:me", "--me", "WHO"],
    &[
        "studies",
        "create",
        "--uid",
        "1.2.5",
        "--description",
        "CT",
        "--severity",
        "stat",
        "--to",
        "WHO",
    ],
    &["users", "revoke", SAM, "--yes", "--reassign-to", "WHO"],
    &["users", "edit", "WHO", "--last-name", "X"],
    &["users", "revoke", "WHO", "--yes"],
];

fn place<'a>(words: &[&'a str], who: &'a str) -> Vec<&'a str> {
    let word = |word: &&'a str| if *word == "WHO" { who } else { *word };
    words.iter().map(word).collect()
}

#[test]
fn a_part_of_an_address_names_nobody() {
    for filter in [Filter::Exact, Filter::Caseless, Filter::Ignored] {
        for who in [
            "osei@example.org",
            "samuel.osei@example",
            "samuel.osei@example.or",
            "@example.org",
            "samuel.osei@",
            "Osei <osei@example.org>",
        ] {
            for words in PLACES {
                let server = clinic_of(vec![dana(), sam()], filter);
                let ran = typed(&server, &place(words, who));
                assert!([1, 2].contains(&ran.code), "{words:?} {who}: {ran:?}");
                assert_eq!(sent(&server), [""; 0], "{words:?} {who}: {ran:?}");
                assert!(ran.stdout.is_empty(), "{ran:?}");
            }
        }
    }
}

#[test]
fn a_whole_address_means_its_owner_in_whatever_case() {
    let listed = "Osei, Samuel <samuel.osei@example.org>";
    for filter in [Filter::Exact, Filter::Caseless, Filter::Ignored] {
        for who in [
            "samuel.osei@example.org",
            "Samuel.OSEI@Example.org",
            " samuel.osei@example.org ",
            listed,
        ] {
            let server = clinic_of(vec![dana(), sam()], filter);
            let ran = typed(&server, &["studies", "assign", STUDY, "--to", who]);
            assert_eq!(ran.code, 0, "{who}: {ran:?}");
            assert_eq!(sent(&server), [SAM], "{who}: {ran:?}");
        }
    }
    // In the filter of a list, as well.
    let clinic = clinic();
    run_well(&clinic, &format!("studies assign {STUDY} --to {USER}"));
    let list = |filter: &str| {
        let line = format!("studies list --jsonl --filter {filter}");
        run_well(&clinic, &line).lines()
    };
    let hers = list("to:sarah.johnson@example.org");
    assert_eq!(list("to:SARAH.Johnson@example.org"), hers);
    assert!(hers.iter().any(|study| study.study_id.to_string() == STUDY));
    assert!(list("to:johnson@example.org").is_empty());
    assert_eq!(list("to:@example.org"), list("-to:none"));
    let nobody = run(
        &clinic,
        &format!("studies assign {STUDY} --to johnson@example.org"),
    );
    assert_eq!(nobody.code, 2, "{nobody:?}");
    assert!(
        nobody.stderr.contains("no user has the address"),
        "{nobody:?}"
    );
}

#[test]
fn nobody_is_chosen_by_name_while_users_cannot_be_read() {
    let broken = json!({"userId": "usr_?", "firstName": "Dana"});
    let nameless = json!("\u{1}");
    for unreadable in [broken, nameless] {
        let users = || vec![dana(), sam(), unreadable.clone()];
        for words in PLACES {
            // A part of a name, a whole name, and an address in another case: it may be the other's.
            for who in [
                "kim",
                "Dana Kim",
                "DANA.kim@example.org",
                "nobody@example.org",
            ] {
                let server = clinic_of(users(), Filter::Exact);
                let ran = typed(&server, &place(words, who));
                assert!([1, 2].contains(&ran.code), "{words:?} {who}: {ran:?}");
                assert_eq!(sent(&server), [""; 0], "{words:?} {who}: {ran:?}");
                // Some verbs take no names, and a name cannot say who one is.
                let is_asked = server.count() > 0;
                assert!(
                    !is_asked || ran.stderr.contains("some users could not be read"),
                    "{words:?} {who}: {ran:?}"
                );
            }
        }
        for who in [DANA, "dana.kim@example.org"] {
            let server = clinic_of(users(), Filter::Exact);
            let ran = typed(&server, &["studies", "assign", STUDY, "--to", who]);
            assert_eq!(
                (ran.code, sent(&server)),
                (0, vec![DANA.to_owned()]),
                "{ran:?}"
            );
            let server = clinic_of(users(), Filter::Ignored);
            let ran = typed(&server, &["users", "edit", who, "--last-name", "X"]);
            assert_eq!(
                (ran.code, sent(&server)),
                (0, vec![DANA.to_owned()]),
                "{ran:?}"
            );
        }
    }
    // "me" and "none" are words in whatever case, and no parts of names: of "James", say.
    let james = user(TWIN, "James", "Nonewitz", "james@example.org");
    for words in [
        &["studies", "assign", STUDY, "--to", "ME", "--me", DANA][..],
        &["studies", "assign", STUDY, "--to", " me ", "--me", DANA],
        &[
            "studies",
            "assign",
            STUDY,
            "--to",
            DANA,
            "--if-assignee",
            "None",
        ],
    ] {
        let server = clinic_of(vec![james.clone()], Filter::Exact);
        let ran = typed(&server, words);
        assert_eq!(sent(&server), [DANA], "{words:?}: {ran:?}");
    }
    // With all of them readable a name is enough.
    let server = clinic_of(vec![dana(), sam()], Filter::Exact);
    let ran = typed(&server, &["studies", "assign", STUDY, "--to", "kim"]);
    assert_eq!(
        (ran.code, sent(&server)),
        (0, vec![DANA.to_owned()]),
        "{ran:?}"
    );
}

#[test]
fn an_empty_name_means_nobody() {
    for who in ["", " ", "\t \u{a0}"] {
        for words in PLACES {
            let server = clinic_of(vec![dana()], Filter::Ignored);
            let ran = typed(&server, &place(words, who));
            assert!([1, 2].contains(&ran.code), "{words:?}: {ran:?}");
            assert_eq!(sent(&server), [""; 0], "{words:?}: {ran:?}");
            assert!(!ran.stderr.is_empty() && ran.stdout.is_empty(), "{ran:?}");
        }
    }
}

#[test]
fn of_two_addresses_that_differ_in_case_the_exact_one_is_meant() {
    let upper = || user(TWIN, "Ian", "Kim", "Kim@example.org");
    let lower = || user(DANA, "Dana", "Kim", "kim@example.org");
    for users in [vec![upper(), lower()], vec![lower(), upper()]] {
        for filter in [Filter::Exact, Filter::Caseless, Filter::Ignored] {
            for (who, meant) in [("kim@example.org", DANA), ("Kim@example.org", TWIN)] {
                for words in [
                    &["studies", "assign", STUDY, "--to", who][..],
                    &["studies", "assign", STUDY, "--to", "me", "--me", who],
                    &["users", "revoke", who, "--yes"],
                    &["users", "reactivate", who],
                    &["users", "edit", who, "--last-name", "X"],
                ] {
                    let server = clinic_of(users.clone(), filter);
                    let ran = typed(&server, words);
                    assert_eq!(
                        (ran.code, sent(&server)),
                        (0, vec![meant.to_owned()]),
                        "{words:?} {ran:?}"
                    );
                }
            }
            for words in PLACES {
                let server = clinic_of(users.clone(), filter);
                let ran = typed(&server, &place(words, "KIM@example.org"));
                assert!([1, 2].contains(&ran.code), "{words:?}: {ran:?}");
                assert_eq!(sent(&server), [""; 0], "{words:?}: {ran:?}");
                if !words.contains(&SAM) {
                    for id in [DANA, TWIN] {
                        assert!(ran.stderr.contains(id), "{words:?}: {ran:?}");
                    }
                }
            }
        }
    }
    // Two with the very same address are two as well.
    let twins = vec![lower(), user(TWIN, "Ian", "Kim", "kim@example.org")];
    for words in PLACES {
        let server = clinic_of(twins.clone(), Filter::Exact);
        let ran = typed(&server, &place(words, "kim@example.org"));
        assert_eq!(sent(&server), [""; 0], "{words:?}: {ran:?}");
        assert_ne!(ran.code, 0, "{words:?}: {ran:?}");
    }
}

#[test]
fn an_invitation_is_looked_for_among_all_that_can_be_read() {
    let user = "usr_000000000000000000000000000000e1";
    let mut one = self::user(user, "Eva", "Lind", "lind@example.org");
    one["invitationId"] = json!("inv_000000000000000000000000000000e1");
    one["status"] = json!("sent");
    for (unreadable, code) in [(json!({"invitationId": "?"}), 1), (one.clone(), 0)] {
        let page = json!({"invitations": [one, unreadable], "hasMore": false}).to_string();
        let record = one.to_string();
        let server = Server::answering(move |_, request| {
            if request.contains("invitations?") {
                answer(200, &page)
            } else {
                answer(200, &record)
            }
        });
        let ran = typed(
            &server,
            &["invitations", "revoke", "--user", user, "--dry-run"],
        );
        assert_eq!(ran.code, code, "{ran:?}");
        let is_unsure = ran.stderr.contains("some invitations could not be read");
        assert_eq!(is_unsure, code == 1, "{ran:?}");
    }
}
