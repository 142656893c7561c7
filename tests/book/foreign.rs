//! What people type from other tools, and what happens: the table in `docs/filters.md`.

use avara_tui::wire::Study;
use avara_tui::worklist::{Filter, FilterContext, Store, Targets};

use crate::{cell, check};

enum Outcome {
    /// It finds what this filter finds.
    Same(&'static str),
    /// It is refused, and the message or the suggestion holds this.
    Refused(&'static str),
}

use Outcome::{Refused, Same};

const TYPED: &[(&str, &str, Outcome)] = &[
    ("Jira", "sev:stat AND to:none", Same("sev:stat to:none")),
    ("Jira", "sev:stat OR sev:high", Refused("sev:stat,high")),
    ("Jira", "sev:stat OR to:none", Refused("no “or”")),
    ("Jira", "NOT to:kim", Same("-to:kim")),
    ("Jira", "priority=stat", Same("sev:stat")),
    ("Jira", "priority = stat", Refused("without spaces")),
    (
        "Jira",
        "priority in (stat, high)",
        Refused("priority:VALUE"),
    ),
    ("Jira", "assignee=currentUser()", Same("to:me")),
    ("Jira", "assignee is EMPTY", Refused("assignee:VALUE")),
    ("Jira", "description~head", Same("desc:head")),
    ("Jira", "order by created", Refused("press S")),
    ("GitHub", "is:open assignee:kim", Same("is:open to:kim")),
    ("GitHub", "assignee:@me", Same("to:me")),
    ("GitHub", "no:assignee", Refused("to:none")),
    ("GitHub", "is:unassigned", Refused("to:none")),
    ("GitHub", "author:gateway", Same("by:gateway")),
    ("GitHub", "created:>2026-01-01", Refused("is not a time")),
    ("GitHub", "sort:updated", Refused("S sorts")),
    ("GitHub", "(sev:stat to:none)", Refused("brackets")),
    ("SQL", "sev='stat'", Same("sev:stat")),
    ("SQL", "sev!=stat", Same("-sev:stat")),
    ("SQL", "sev<>'stat'", Same("-sev:stat")),
    ("SQL", "sev == stat", Refused("without spaces")),
    ("SQL", "desc LIKE '%head%'", Refused("desc:VALUE")),
    ("SQL", "desc:%head%", Same("desc:head")),
    ("SQL", "where sev=stat", Refused("only the conditions")),
    ("SQL", "sev:stat && to:none", Same("sev:stat to:none")),
    ("SQL", "sev:stat || sev:high", Refused("sev:stat,high")),
    ("SQL", "!to:kim", Same("-to:kim")),
    ("SQL", "age>1h", Same("age:>1h")),
    ("Excel", "*head*", Same("head")),
    ("Excel", "h*d", Refused("two words")),
    ("Excel", "=stat", Refused("sev:stat")),
    ("Excel", "<>stat", Refused("sev:stat")),
    ("Excel", "ct;mr", Refused("comma")),
    ("mail", "subject:head", Same("desc:head")),
    ("mail", "from:gateway", Refused("by:NAME")),
    ("mail", "older_than:1d", Refused("age:>1d")),
    ("mail", "to:(kim OR osei)", Refused("brackets")),
    ("mail", "to:Kim, Dana", Refused("to:\"Kim, Dana\"")),
    (
        "mail",
        "to:\"Kim, Dana <kim@example.org>\"",
        Same("to:kim@example.org"),
    ),
    ("mail", "+head -contrast", Same("head -contrast")),
    ("a phone", "“ct head”", Same("\"ct head\"")),
    ("a phone", "desc:'ct head'", Same("desc:\"ct head\"")),
    ("a phone", "sev：stat", Same("sev:stat")),
    ("a phone", "sev: stat", Same("sev:stat")),
    ("a phone", "cust:hopital", Same("cust:Hôpital")),
    ("the screen", "is:incomplete", Same("is:open")),
    ("the screen", "to:unassigned", Same("to:none")),
    ("the screen", "age:>1h05", Same("age:>65m")),
    ("the screen", "age:>1 h", Refused("age:>1h")),
    ("the screen", "assignee:kim", Same("to:kim")),
];

/// Studies of which each filter above finds some and leaves some.
fn store() -> Store {
    let studies = [
        (
            "stat",
            "CT head",
            "kim",
            "Kim",
            "Dana",
            "Hôpital Nord",
            120,
            "gateway@example.org",
        ),
        ("stat", "CT chest", "", "", "", "", 10, "ana@example.org"),
        (
            "high",
            "MR head contrast",
            "osei",
            "Osei",
            "Samuel",
            "Northside",
            70,
            "ana@example.org",
        ),
        (
            "normal",
            "XR hand",
            "",
            "",
            "",
            "",
            30,
            "gateway@example.org",
        ),
    ];
    let mut store = Store::default();
    for (number, (severity, description, email, last, first, customer, minutes, by)) in
        studies.into_iter().enumerate()
    {
        let at = |minutes: i64| {
            chrono::DateTime::from_timestamp(NOW / 1000 - minutes * 60, 0)
                .unwrap()
                .to_rfc3339()
        };
        let digit = number + 1;
        let person = |prefix: usize, email: &str| {
            serde_json::json!({"userId": format!("usr_{prefix:032}"), "email": email,
                "firstName": first, "lastName": last})
        };
        let mut study = serde_json::json!({
            "studyId": format!("stu_{digit:032}"), "studyInstanceUid": format!("1.2.{digit}"),
            "studyDescription": description, "severity": severity, "isCancelled": false,
            "studyViewerStatus": if number == 3 { "complete" } else { "incomplete" },
            "createdAt": at(minutes), "metadata": {},
            "createdByUser": {"userId": format!("usr_{:032}", 90 + number), "email": by},
        });
        if !email.is_empty() {
            study["assignedTo"] = person(digit, &format!("{email}@example.org"));
        }
        if !customer.is_empty() {
            study["expressCustomer"] = serde_json::json!({
                "expressCustomerId": format!("cus_{digit:032}"), "expressCustomerName": customer});
        }
        let study: Study = serde_json::from_str(&study.to_string()).unwrap();
        store.upsert(&study);
    }
    store
}

const NOW: i64 = 1_800_000_000_000;

#[test]
fn what_people_type_from_other_tools_is_understood_or_refused() {
    let store = store();
    let targets = Targets::default();
    let context = FilterContext {
        now: NOW,
        me: format!("usr_{:032}", 1).parse().ok(),
        targets: &targets,
    };
    let mut table = String::from("| from | typed | what happens |\n|---|---|---|\n");
    for (tool, typed, outcome) in TYPED {
        let read = Filter::parse(typed);
        let told = match (outcome, read) {
            (Same(ours), Ok(filter)) => {
                let found = filter.select(&store, &context);
                let ours_filter = Filter::parse(ours).unwrap();
                assert_eq!(found, ours_filter.select(&store, &context), "{typed}");
                assert!(
                    !found.is_empty() && found.len() < 4,
                    "{typed} proves nothing: {found:?}"
                );
                format!("the same as `{ours}`")
            }
            (Refused(advice), Err(error)) => {
                let suggestion = error.suggestion.clone().unwrap_or_default();
                let told = format!("{} {suggestion}", error.message);
                assert!(told.contains(advice), "{typed}: {told}");
                format!("refused: {}", error.message)
            }
            (_, read) => panic!("{typed}: {read:?}"),
        };
        table.push_str(&format!(
            "| {tool} | `{}` | {} |\n",
            cell(typed),
            cell(&told)
        ));
    }
    check("docs/filters.md", "other tools", &table);
}
