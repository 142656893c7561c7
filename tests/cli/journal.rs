//! The journal of changes, as the command line keeps and shows it.

use std::fs;

use tempfile::TempDir;

use super::common::{Server, json};
use super::{NO_STUDY, PLAIN, STUDY, clinic, finish, program, study};

const NO_USER: &str = "usr_00000000000000000000000000000000";

/// Runs a command with a journal of its own.
fn run_in(state: &TempDir, base_url: &str, line: &str) -> super::Ran {
    let arguments: Vec<&str> = line.split(' ').collect();
    finish(program(base_url, &arguments).env("XDG_STATE_HOME", state.path()))
}

#[test]
fn every_change_is_in_it_with_its_end() {
    let (clinic, state) = (clinic(), TempDir::new().unwrap());
    let url = clinic.base_url();
    let none = run_in(&state, &url, "journal show");
    assert!(
        none.stdout.is_empty() && none.stderr.contains("nothing was changed"),
        "{none:?}"
    );
    run_in(&state, &url, &format!("studies severity high {STUDY}"));
    run_in(
        &state,
        &url,
        &format!("studies edit {STUDY} --description CANARYTEXT"),
    );
    // What cannot be read is not tried at all; what the server refuses is.
    run_in(&state, &url, &format!("studies cancel {NO_STUDY}"));
    let refused = format!("studies assign {STUDY} --to {NO_USER}");
    assert_eq!(run_in(&state, &url, &refused).code, 1);
    run_in(&state, &url, &format!("studies get {STUDY}"));
    let shown = run_in(&state, &url, "journal show");
    let lines: Vec<&str> = shown.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{shown:?}");
    assert!(
        lines[0].contains("  done ") && lines[0].contains("severity=high"),
        "{shown:?}"
    );
    assert!(lines[1].contains("studyDescription") && !lines[1].contains("CANARYTEXT"));
    assert!(lines[2].contains("refused") && lines[2].contains("studies.update"));
    let open = run_in(&state, &url, "journal show --open");
    assert!(open.stdout.is_empty(), "{open:?}");
    let checked = run_in(&state, &url, "journal verify");
    assert_eq!((checked.code, checked.stdout.len()), (0, 65), "{checked:?}");

    let path = state.path().join("avara-tui/journal.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("severity=high", "severity=stat", 1)).unwrap();
    let changed = run_in(&state, &url, "journal verify");
    assert_eq!(changed.code, 1);
    assert!(
        changed.stderr.contains("line 1 is the first"),
        "{changed:?}"
    );

    let cut: String = text
        .lines()
        .take(2)
        .map(|line| format!("{line}\n"))
        .collect();
    fs::write(&path, cut).unwrap();
    assert_eq!(run_in(&state, &url, "journal verify").code, 0);
    let head = checked.stdout.trim();
    let cut = run_in(&state, &url, &format!("journal verify --head {head}"));
    assert_eq!(cut.code, 1);
    assert!(cut.stderr.contains("cut off"), "{cut:?}");
}

#[test]
fn what_nobody_knows_stays_open() {
    let state = TempDir::new().unwrap();
    let answers = vec![json(200, PLAIN), String::new(), json(403, "{}")];
    let server = Server::saying_in_turn(answers);
    let url = format!("http://{}", server.address);
    run_in(&state, &url, &format!("studies cancel {STUDY}"));
    let open = run_in(&state, &url, "journal show --open --json");
    let open: serde_json::Value = serde_json::from_str(&open.stdout).unwrap();
    assert_eq!(open.as_array().unwrap().len(), 1);
    assert_eq!(open[0]["targets"][0], STUDY);
    assert_eq!(open[0]["outcome"], "unknown");
}

#[test]
fn without_a_journal_nothing_is_changed_and_everything_is_read() {
    let (clinic, state) = (clinic(), TempDir::new().unwrap());
    let before = study(&clinic, STUDY);
    // A file where its directory should be: root could write into a closed directory.
    fs::write(state.path().join("avara-tui"), "").unwrap();
    let url = clinic.base_url();
    for line in [
        format!("studies severity high {STUDY}"),
        format!("studies cancel {STUDY}"),
        "studies create --uid 2.25.4712 --description CT --severity stat".into(),
    ] {
        let ran = run_in(&state, &url, &line);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(
            ran.stderr.contains("journal of changes cannot be written"),
            "{ran:?}"
        );
        assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
    }
    assert_eq!(
        run_in(&state, &url, &format!("studies get {STUDY}")).code,
        0
    );
    assert_eq!(study(&clinic, STUDY), before);
}
