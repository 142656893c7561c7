//! The journal of changes behind the screen.

use std::process::Command;

use crate::clinic::Clinic;
use crate::common::{Server, json};
use crate::terminal::worklist;

const STUDY: &str = "stu_1234567890abcdef1234567890abcdef";

#[test]
fn what_an_earlier_run_left_open_is_listed_and_not_sent_again() {
    let clinic = Clinic::open();
    let before = clinic.study(STUDY);
    let state = tempfile::tempdir().unwrap();
    // An earlier run, which read the study, and whose answer and look were lost; its server was this
    // clinic's.
    let lost = Server::saying_in_turn(vec![json(200, &before.to_string()), String::new()]);
    let url = format!("http://{}", lost.address);
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_avara-tui"));
        command
            .args(arguments)
            .env_clear()
            .env("AVARA_BASE_URL", &url);
        command
            .env("AVARA_API_KEY", "k")
            .env("XDG_STATE_HOME", state.path());
        command.output().unwrap()
    };
    assert!(!run(&["studies", "cancel", STUDY]).status.success());
    let path = state.path().join("avara-tui/journal.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    let host = clinic.sandbox.base_url().replace("http://", "");
    std::fs::write(&path, text.replace(&lost.address.to_string(), &host)).unwrap();

    let mut program = clinic
        .worklist()
        .env("XDG_STATE_HOME", state.path().display().to_string())
        .start();
    program.wait_for_text("1 change from an earlier run had an unknown outcome");
    program.keys("@");
    program.wait_for_text("Earlier run");
    program.wait_for_text("something else");
    program.keys("\x1b");
    program.wait_without_text("Earlier run");
    program.keys("q");
    assert_eq!(program.wait_exit(), 0);
    assert_eq!(clinic.study(STUDY)["isCancelled"], before["isCancelled"]);
    let open = run(&["journal", "show", "--open"]);
    assert!(open.stdout.is_empty(), "{open:?}");
}

#[test]
fn the_demo_writes_no_journal() {
    let mut program = worklist().arg("--demo").start();
    program.wait_for_text("updated <1 m ago");
    program.keys("mc");
    program.wait_for_text("Marked complete");
    program.keys("q");
    assert_eq!(program.wait_exit(), 0);
    assert!(!program.has_made("avara-tui"));
}

#[test]
fn a_change_on_screen_is_in_the_journal() {
    let clinic = Clinic::open();
    let mut program = clinic.worklist().start();
    program.wait_for_text("updated <1 m ago");
    program.keys("mc");
    program.wait_for_text("Marked complete");
    assert!(program.has_made("avara-tui/journal.jsonl"));
    program.keys("q");
    assert_eq!(program.wait_exit(), 0);
}

#[test]
fn a_pipe_in_place_of_the_journal_holds_nothing_up() {
    let clinic = Clinic::open();
    let before = clinic.study(STUDY);
    let state = tempfile::tempdir().unwrap();
    let folder = state.path().join("avara-tui");
    std::fs::create_dir(&folder).unwrap();
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mkfifoat(rustix::fs::CWD, folder.join("journal.jsonl"), mode).unwrap();
    let mut program = clinic
        .worklist()
        .env("XDG_STATE_HOME", state.path().display().to_string())
        .size(200, 24)
        .start();
    program.wait_for_text("The journal of changes cannot be read");
    program.wait_for_text("it is not an ordinary file");
    program.keys("q");
    assert_eq!(program.wait_exit(), 0);
    program.assert_restored();
    assert_eq!(clinic.study(STUDY), before);
}
