//! What the documentation says in tables is written from the code, and fails here when it is stale:
//! `UPDATE_DOCS=1 cargo test --test documents` writes it anew.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::fs;
use std::path::Path;

use avara_tui::app::{ACTIONS, ActionSpec, FIXED, Group, KeyTable, Places};
use avara_tui::wire::{CallClass, ENDPOINTS, OnUnknown};

/// One row for each endpoint.
fn calls() -> String {
    let mut table =
        String::from("| call | class | repeated automatically | if the outcome is unknown |\n");
    table.push_str("|---|---|---|---|\n");
    for info in ENDPOINTS {
        let class = info.class;
        table.push_str(&format!(
            "| `{} {}` | {} | {} | {} |\n",
            info.method,
            info.path,
            name(class),
            repeated(class),
            afterwards(class)
        ));
    }
    table
}

fn name(class: CallClass) -> &'static str {
    match class {
        CallClass::Read => "read",
        CallClass::SetState => "set state",
        CallClass::SetStateUnverifiable => "set state, unverifiable",
        CallClass::Create => "create",
        CallClass::Invite => "invite",
        CallClass::Token => "token",
    }
}

/// Whether the program ever sends it twice by itself.
fn repeated(class: CallClass) -> &'static str {
    match class.on_unknown() {
        OnUnknown::Repeat => "up to three attempts, within a budget",
        OnUnknown::ReadBack => "once, if the record is unchanged",
        OnUnknown::SendOnceMore => "once",
        OnUnknown::LookFor | OnUnknown::Leave => "never",
    }
}

/// What is done after a failure that leaves its effect unknown.
fn afterwards(class: CallClass) -> &'static str {
    match class {
        CallClass::Read => "The read is repeated.",
        CallClass::SetState => {
            "The record is read and compared. If it has the wanted values: done. If it is unchanged: sent \
             once more. Otherwise: shown as a conflict."
        }
        CallClass::SetStateUnverifiable => {
            "It is sent once more, because the result is the same. It counts as unconfirmed until \
             the server answers `success: true`."
        }
        CallClass::Create => {
            "The program looks for the UID at once and after 1, 2, 4, 8, 16, 30 and 60 seconds. If the \
             study has the wanted values: done. If it has others: shown as a conflict. If it is not \
             found: the user decides."
        }
        CallClass::Invite => {
            "The program looks for the address among users and pending invitations at once and after \
             1, 2, 4, 8, 16, 30 and 60 seconds. If the user or invitation has the wanted values: done. \
             If it has others: shown as a conflict. If it is not found: the user decides."
        }
        CallClass::Token => "Nothing. The user can request another link; links are never stored.",
    }
}

/// The keys that the program has by itself, a table for each group.
fn keys() -> String {
    let mut text = String::new();
    for group in Group::ALL {
        text.push_str(&format!("### {}\n\n", group.title()));
        text.push_str("| keys | name | what it does | where |\n|---|---|---|---|\n");
        for spec in ACTIONS.iter().filter(|spec| spec.group == group) {
            text.push_str(&row(spec));
        }
        text.push('\n');
    }
    text
}

fn row(spec: &ActionSpec) -> String {
    let keys = KeyTable::standard().all_of(spec);
    let keys: Vec<String> = keys.iter().map(|keys| format!("`{keys}`")).collect();
    let place = match spec.on {
        Places::WORKLIST => "worklist",
        Places::USERS => "users",
        Places::INVITATIONS => "invitations",
        _ => "everywhere",
    };
    let keys = keys.join(", ");
    format!("| {keys} | `{}` | {} | {place} |\n", spec.name, spec.doc)
}

/// The keys that no configuration changes.
fn fixed_keys() -> String {
    let row = |fixed: &avara_tui::app::FixedKeys| format!("| {} | {} |\n", fixed.place, fixed.keys);
    let rows: String = FIXED.iter().map(row).collect();
    format!("| where | keys |\n|---|---|\n{rows}")
}

/// Holds a document's generated sections against what they are generated from, or writes them anew.
fn check(name: &str, sections: &[(&str, String)]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let text = fs::read_to_string(&path).unwrap();
    let fresh = sections.iter().fold(text.clone(), |text, (name, content)| {
        with_section(&text, name, content)
    });
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, fresh).unwrap();
        return;
    }
    assert!(
        text == fresh,
        "{name} is stale: UPDATE_DOCS=1 cargo test --test documents"
    );
}

/// The text with what lies between the two marks replaced.
fn with_section(text: &str, name: &str, content: &str) -> String {
    let begin = format!("<!-- begin: {name} -->\n");
    let end = format!("<!-- end: {name} -->");
    let (before, rest) = text.split_once(&begin).unwrap();
    let (_, after) = rest.split_once(&end).unwrap();
    format!("{before}{begin}{content}{end}{after}")
}

#[test]
fn the_table_of_calls_is_the_one_of_the_code() {
    check("docs/reliability.md", &[("calls", calls())]);
}

#[test]
fn the_tables_of_keys_are_the_ones_of_the_code() {
    check(
        "docs/keys.md",
        &[("keys", keys()), ("fixed keys", fixed_keys())],
    );
}

#[test]
fn a_key_that_moved_makes_the_document_stale() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/keys.md");
    let text = fs::read_to_string(path).unwrap();
    let moved = keys().replacen("`g p`", "`g q`", 1);
    assert_ne!(moved, keys());
    assert_ne!(with_section(&text, "keys", &moved), text);
}

#[test]
fn each_of_the_eighteen_calls_has_the_class_that_the_design_gives_it() {
    let count = |class| ENDPOINTS.iter().filter(|info| info.class == class).count();
    let counts = CallClass::ALL.map(count);
    // Read, set state, unverifiable, create, invite, token.
    assert_eq!(counts, [7, 6, 2, 1, 1, 1]);
    for info in ENDPOINTS {
        let repeats = info.class.on_unknown() == OnUnknown::Repeat;
        let is_get =
            info.path != "/v1/viewer/studies/reroute-url" && info.method.to_string() == "GET";
        assert_eq!(repeats, is_get, "{}", info.name);
    }
}
