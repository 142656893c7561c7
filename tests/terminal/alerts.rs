//! What the terminal is sent when a STAT study comes in, as the configuration file says.

use std::fs;

use tempfile::TempDir;

use crate::clinic::{Clinic, study};

/// Starts with these settings, lets a STAT study come in, and answers all that was written until it shows.
fn transcript(settings: &str, kind: &'static str) -> Vec<u8> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("config.toml");
    fs::write(&path, format!("[refresh]\nstat = \"5s\"\n\n{settings}")).unwrap();
    let clinic = Clinic::empty();
    clinic.create(study(1, "normal", "US Earlier one"));
    let mut program = clinic
        .worklist()
        .arg("--config")
        .arg(path.to_str().unwrap())
        .may_send(kind)
        .start();
    program.wait_for_text("US Earlier one");
    program.wait_for_text("updated <1 m ago");
    clinic.create(study(2, "stat", "CT Head stroke"));
    program.wait_for_text("New STAT, unassigned: CT Head stroke");
    program.keys("q");
    assert_eq!(program.wait_exit(), 0);
    program.transcript()
}

fn holds(transcript: &[u8], bytes: &[u8]) -> bool {
    transcript
        .windows(bytes.len())
        .any(|window| window == bytes)
}

#[test]
fn a_notification_replaces_the_bell_where_the_file_says_so() {
    let seen = transcript("[alerts]\nbell = false\nnotify = \"osc777\"\n", "777");
    assert!(holds(
        &seen,
        b"\x1b]777;notify;avara-tui;1 new STAT study\x1b\\"
    ));
    assert!(!seen.contains(&0x07));
}

#[test]
fn nothing_sounds_where_everything_is_off() {
    let seen = transcript("[alerts]\nbell = false\n", "none");
    assert!(!seen.contains(&0x07));
    assert!(!holds(&seen, b"\x1b]9;") && !holds(&seen, b"\x1b]777;"));
}
