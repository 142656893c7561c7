//! Pasting a UID into the terminal, and copying out of it.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use tempfile::TempDir;

use crate::clinic::{Clinic, study, text};

/// Pastes as a terminal does: bracketed, so that it does not press keys.
fn pasted(text: &str) -> String {
    format!("\x1b[200~{text}\x1b[201~")
}

#[test]
fn a_pasted_uid_shows_its_study_over_a_half_typed_choice() {
    let clinic = Clinic::open();
    let new = clinic.create(study(4711, "normal", "MR Looked Up"));
    let id = text(&new, "studyId").to_owned();
    clinic.change(&id, serde_json::json!({"studyViewerStatus": "complete"}));
    let mut program = clinic.worklist().size(120, 40).start();
    program.wait_for_text("updated <1 m ago");
    program.keys("adana");
    program.wait_for_text("> dana");
    program.keys(&pasted(text(&new, "studyInstanceUid")));
    program.wait_for_text("MR Looked Up");
    program.wait_for_text("Not in the list: it is complete");
    program.keys("ss");
    program.wait_for_text("Severity is now stat");
    assert_eq!(text(&clinic.study(&id), "severity"), "stat");
    program.keys("\x1b");
    program.wait_without_text("Study found");
    program.wait_for_text("> dana");
}

#[test]
fn over_ssh_the_terminal_is_asked_to_copy() {
    let clinic = Clinic::empty();
    let new = clinic.create(study(1, "stat", "CT Head"));
    let ssh = clinic.worklist().env("SSH_TTY", "/dev/pts/0");
    let mut program = ssh.may_copy().start();
    program.wait_for_text("CT Head");
    program.keys("yu");
    program.wait_for_text("Copied the UID (OSC 52, through the terminal)");
    let uid = BASE64_STANDARD.encode(text(&new, "studyInstanceUid"));
    let sequence = format!("\x1b]52;c;{uid}\x07");
    let transcript = program.transcript();
    let is_there = |window: &[u8]| window == sequence.as_bytes();
    assert!(transcript.windows(sequence.len()).any(is_there));
}

#[test]
fn on_a_desktop_its_tool_copies_and_never_sees_the_key() {
    let clinic = Clinic::empty();
    clinic.create(study(1, "stat", "CT Head"));
    let desk = TempDir::new().unwrap();
    let tool = desk.path().join("xclip");
    let note = desk.path().join("copied");
    let script = format!(
        "#!/bin/sh\n{{ echo \"$@\"; echo \"key=$AVARA_API_KEY\"; read -r line; echo \"$line\"; }} >'{}'\n",
        note.display()
    );
    fs::write(&tool, script).unwrap();
    fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).unwrap();
    let mut program = clinic
        .worklist()
        .env("PATH", desk.path().display().to_string())
        .env("DISPLAY", ":0")
        .start();
    program.wait_for_text("CT Head");
    program.keys("yl");
    program.wait_for_text("Copied a viewer link (xclip)");
    let copied = fs::read_to_string(&note).unwrap();
    let lines: Vec<&str> = copied.lines().collect();
    assert_eq!(lines[..2], ["-selection clipboard", "key="]);
    assert!(lines[2].starts_with("http://127.0.0.1:"), "{copied}");
    let shown = String::from_utf8_lossy(&program.transcript()).into_owned();
    assert!(!shown.contains(lines[2]), "the link was shown");
}

#[test]
fn a_study_is_looked_up_over_a_half_filled_form_and_the_form_is_as_it_was() {
    let clinic = Clinic::open();
    let known = clinic.create(study(4712, "normal", "MR Asked About"));
    let mut program = clinic.worklist().size(120, 40).start();
    program.wait_for_text("updated <1 m ago");
    program.keys("c");
    program.wait_for_text("Create a study");
    program.keys("2.25.99\tCT half typ");
    program.wait_for_text("CT half typ");
    program.keys("\x07");
    program.wait_for_text("Look up");
    program.keys(text(&known, "studyInstanceUid"));
    program.keys("\r");
    program.wait_for_text("MR Asked About");
    program.keys("\x1b");
    program.wait_without_text("MR Asked About");
    program.wait_for_text("CT half typ");
    program.keys("ed\ts\x13");
    program.wait_for_text("Created stat study: CT half typed");
}
