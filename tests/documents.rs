//! What the documentation says in tables is written from the code, and fails here when it is stale:
//! `UPDATE_DOCS=1 cargo test --test documents` writes it anew.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::fs;
use std::path::Path;

use avara_tui::wire::{CallClass, ENDPOINTS, Recourse};

/// One row for each endpoint.
fn calls() -> String {
    let mut table =
        String::from("| call | class | sent again by itself | after an unknown effect |\n");
    table.push_str("|---|---|---|---|\n");
    for info in ENDPOINTS {
        let class = info.class;
        table.push_str(&format!(
            "| `{} {}` | {} | {} | {} |\n",
            info.method,
            info.path,
            class.name(),
            class.repeated(),
            class.afterwards()
        ));
    }
    table
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
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reliability.md");
    let text = fs::read_to_string(&path).unwrap();
    let fresh = with_section(&text, "calls", &calls());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, fresh).unwrap();
        return;
    }
    assert!(
        text == fresh,
        "docs/reliability.md is stale: UPDATE_DOCS=1 cargo test --test documents"
    );
}

#[test]
fn each_of_the_eighteen_calls_has_the_class_that_the_design_gives_it() {
    let count = |class| ENDPOINTS.iter().filter(|info| info.class == class).count();
    let counts = CallClass::ALL.map(count);
    // Read, set state, unverifiable, create, invite, token.
    assert_eq!(counts, [7, 6, 2, 1, 1, 1]);
    for info in ENDPOINTS {
        let repeats = info.class.recourse() == Recourse::Repeat;
        let is_get =
            info.path != "/v1/viewer/studies/reroute-url" && info.method.to_string() == "GET";
        assert_eq!(repeats, is_get, "{}", info.name);
    }
}
