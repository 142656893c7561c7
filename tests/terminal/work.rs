//! The main job: find a study, give it to somebody, change it, open it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::TempDir;

use crate::clinic::{Clinic, study, text};

/// A browser that only notes down what it was asked to open.
fn stand_in_browser(directory: &Path) {
    let script = directory.join("xdg-open");
    let note = directory.join("opened");
    let text = format!(
        "#!/bin/sh\nprintf '%s %s' \"$1\" \"key:$AVARA_API_KEY\" >'{}'\n",
        note.display()
    );
    fs::write(&script, text).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_stat_study_is_found_assigned_changed_and_opened() {
    let clinic = Clinic::open();
    // Whether a clinic's day has such a study of its own depends on the hour.
    clinic.create(study(1, "stat", "CT Head trauma"));
    let desk = TempDir::new().unwrap();
    stand_in_browser(desk.path());
    let mut program = clinic
        .worklist()
        .size(120, 40)
        .env("PATH", desk.path().display().to_string())
        .env("DISPLAY", ":0")
        .start();
    program.wait_for_text("updated <1 m ago");
    program.keys("/sev:stat to:none\r");
    program.wait_for("only unassigned STAT studies", |screen| {
        let text = screen.contents();
        text.contains("/ sev:stat to:none")
            && text.contains("CT Head trauma")
            && !text.contains("! HIGH")
            // Drawn to the end, with the detail of the study that is under the cursor now.
            && !text.contains("Enter keep")
            && text
                .lines()
                .any(|line| line.contains("assignee  ") && line.contains("unassigned"))
    });
    // The detail pane says which study is under the cursor; an id may go on in its next line.
    let shown = program.text();
    let at = shown.find("stu_").expect(&shown);
    let beginning = &shown[at..at + "stu_".len() + 20];
    let open = clinic.open_studies();
    let before = open
        .iter()
        .find(|study| text(study, "studyId").starts_with(beginning))
        .unwrap();
    let id = text(before, "studyId");
    assert_eq!(text(before, "severity"), "stat");
    assert!(before["assignedTo"].is_null());

    program.keys("a");
    program.wait_for_text("Assign STAT");
    program.keys("dana ki");
    program.wait_for_text("> Kim, Dana");
    program.keys("\r");
    program.wait_for_text("Assigned to ");
    program.keys("sh");
    program.wait_for_text("Severity is now high");
    program.keys("mc");
    program.wait_for_text("Marked complete");
    let after = clinic.study(id);
    assert_eq!(text(&after["assignedTo"], "email"), "dana.kim@example.org");
    assert_eq!(text(&after, "severity"), "high");
    assert_eq!(text(&after, "studyViewerStatus"), "complete");

    program.keys("o");
    program.wait_for_text("Sent to the browser: 127.0.0.1");
    let note = fs::read_to_string(desk.path().join("opened")).unwrap();
    let (link, key) = note.split_once(' ').unwrap();
    assert_eq!(key, "key:", "the browser gets no key");
    let prefix = format!("{}/viewer/", clinic.sandbox.base_url());
    assert!(link.starts_with(&prefix), "{link}");
    let transcript = String::from_utf8_lossy(&program.transcript()).into_owned();
    assert!(!transcript.contains("/viewer/"));
    let (status, page) = clinic.browse(link);
    assert_eq!(status, 200);
    assert!(page.contains(id), "{page}");
    assert_eq!(clinic.browse(link).0, 410, "a link works once");
    program.keys("q");
    assert_eq!(program.wait_exit(), 0);
    program.assert_restored();
}

#[test]
fn over_ssh_the_link_is_shown_until_it_is_closed() {
    let clinic = Clinic::open();
    let mut program = clinic
        .worklist()
        .env("DISPLAY", ":0")
        .env("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
        .start();
    program.wait_for_text("updated <1 m ago");
    program.keys("o");
    program.wait_for_text("/viewer/");
    program.wait_for_text("copy this link");
    let shown = program.text();
    let start = shown.find(&clinic.sandbox.base_url()).unwrap();
    let link: String = shown[start..]
        .chars()
        .take_while(|c| !c.is_whitespace())
        .collect();
    assert_eq!(clinic.browse(&link).0, 200, "{link}");
    program.keys("\x1b");
    program.wait_without_text("/viewer/");
    program.wait_for_text("DESCRIPTION");
    program.keys("q");
    assert_eq!(program.wait_exit(), 0);
    assert!(!program.text().contains("/viewer/"));
    program.assert_restored();
}

#[test]
fn read_only_refuses_every_change_and_says_so() {
    let clinic = Clinic::empty();
    let made = clinic.create(study(1, "normal", "US Untouched"));
    let mut program = clinic.worklist().arg("--read-only").start();
    program.wait_for_text("US Untouched");
    program.wait_for_text("READ-ONLY");
    for keys in ["ss", "mc", "!ss", "Au", "a"] {
        program.keys(keys);
        program.wait_for_text("started with --read-only");
        program.keys("\x1b");
        program.wait_without_text("started with --read-only");
    }
    program.keys("q");
    assert_eq!(program.wait_exit(), 0);
    assert_eq!(clinic.study(text(&made, "studyId")), made);
}

#[test]
fn a_study_is_created_and_edited_in_a_form() {
    let clinic = Clinic::empty();
    let mut program = clinic.worklist().size(80, 24).start();
    program.wait_for_text("updated <1 m ago");
    program.keys("c");
    program.wait_for_text("Create a study");
    program.keys("2.25.4711\tCT Form\ts\x13");
    program.wait_for_text("Created stat study: CT Form");
    program.keys("e");
    program.wait_for_text("[incomplete]");
    program.keys(" edited\t\t\t\tsite\tNorth\x13");
    program.wait_for_text("metadata site: (none) -> North");
    program.wait_for_text("Left Right choose");
    program.keys("y");
    program.wait_for_text("Saved CT Form edited");
    let study = &clinic.open_studies()[0];
    assert_eq!(study["severity"], "stat");
    assert_eq!(study["studyDescription"], "CT Form edited");
    assert_eq!(study["metadata"]["site"], "North");
    program.keys("q");
    assert_eq!(program.wait_exit(), 0);
    program.assert_restored();
}
