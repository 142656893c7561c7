//! The program for somebody who hears or feels the screen: a whole session in lines.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use vt100::Screen;

use crate::clinic::{Clinic, study};
use crate::terminal::{Terminal, worklist};

/// The words of the row that the terminal's cursor is on.
fn row_of_cursor(screen: &Screen) -> String {
    let (row, _) = screen.cursor_position();
    let mut rows = screen.rows(0, screen.size().1.get());
    rows.nth(usize::from(row)).unwrap_or_default()
}

fn wait_for_cursor_on(program: &Terminal, words: &str) {
    program.wait_for(&format!("the cursor on {words}"), |screen| {
        !screen.hide_cursor()
            && screen.cursor_position().1 == 0
            && row_of_cursor(screen).contains(words)
    });
}

/// Characters that draw lines and blocks: U+2500 to U+259F, in whatever was written.
fn boxes(transcript: &[u8]) -> usize {
    let text = String::from_utf8_lossy(transcript);
    let is_box = |c: &char| ('\u{2500}'..='\u{259f}').contains(c);
    // The set of line-drawing characters of old terminals, too.
    text.chars().filter(is_box).count() + text.matches("\x1b(0").count()
}

fn three() -> Clinic {
    let clinic = Clinic::empty();
    clinic.create(study(1, "stat", "CT Head"));
    clinic.create(study(2, "high", "MR Brain"));
    clinic.create(study(3, "normal", "XR Hand"));
    clinic
}

#[test]
fn a_session_reads_as_lines_and_the_cursor_is_on_the_selection() {
    let clinic = three();
    let mut program = clinic.worklist().arg("--plain").start();
    program.wait_for_text("3 shown, 1 STAT");
    program.keys("g");
    program.wait_for_text("Keys after g: g First row");
    wait_for_cursor_on(&program, "CT Head");
    program.keys("g");
    wait_for_cursor_on(&program, "CT Head");
    for (key, words) in [
        ("j", "high, "),
        ("j", "normal, "),
        ("k", "MR Brain"),
        ("k", "STAT, "),
        ("G", "XR Hand"),
        ("k", "MR Brain"),
    ] {
        program.keys(key);
        wait_for_cursor_on(&program, words);
    }
    program.keys("ss");
    program.wait_for_text("Severity is now stat");
    wait_for_cursor_on(&program, "MR Brain");
    program.keys("x");
    program.wait_for("the cursor where the word is typed", |screen| {
        !screen.hide_cursor() && row_of_cursor(screen).starts_with("Type cancel to confirm:")
    });
    program.keys("\x1b");
    wait_for_cursor_on(&program, "MR Brain");
    program.keys("e");
    program.wait_for_text("Description: MR Brain");
    program.wait_for("the cursor in the field", |screen| {
        !screen.hide_cursor() && row_of_cursor(screen).contains("Description: MR Brain")
    });
    program.keys("\t");
    wait_for_cursor_on(&program, "Severity: stat, one of");
    program.keys("\x1b");
    wait_for_cursor_on(&program, "MR Brain");
    program.keys("a");
    program.wait_for("the cursor where one types", |screen| {
        !screen.hide_cursor() && row_of_cursor(screen).starts_with("Search:")
    });
    program.keys("\x1b");
    wait_for_cursor_on(&program, "MR Brain");
    program.keys("?");
    program.wait_for_text("Actions on this screen");
    program.keys("\x1b");
    wait_for_cursor_on(&program, "MR Brain");
    program.keys("\x0c");
    program.wait_for_text("Screen hidden");
    program.keys("q");
    assert_eq!(program.wait_exit(), 0);
    program.assert_restored();
    let transcript = program.transcript();
    let found = boxes(&transcript);
    assert_eq!(found, 0);
    assert!(!String::from_utf8_lossy(&transcript).contains("+--"));
    println!("0 of {} bytes draw a box, one session", transcript.len());
    assert_eq!(boxes("│ ─".as_bytes()), 2, "a box would be found");
}

#[test]
fn nothing_is_written_when_nothing_happened() {
    let clinic = three();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    fs::write(
        &file,
        "plain = true\n[refresh]\nstat = \"5s\"\nopen = \"15s\"\n",
    )
    .unwrap();
    let path = file.to_str().unwrap();
    let mut program = clinic.worklist().arg("--config").arg(path).start();
    program.wait_for_text("3 shown, 1 STAT");
    // The last of what is to be drawn: nothing else was asked for.
    wait_for_cursor_on(&program, "CT Head");
    program.keys("j");
    wait_for_cursor_on(&program, "MR Brain");
    let (before, asked) = (program.transcript().len(), clinic.requests());
    let deadline = Instant::now() + Duration::from_secs(60);
    // Over several readings of the lists that bring nothing.
    while clinic.requests() < asked + 4 {
        assert!(Instant::now() < deadline, "the lists are not read");
        thread::sleep(Duration::from_millis(50));
    }
    let transcript = program.transcript();
    let after = String::from_utf8_lossy(&transcript[before..]).into_owned();
    assert_eq!(after, "", "written while nothing happened: {after:?}");
    println!("0 bytes over {} requests", clinic.requests() - asked);
    // Something happening is written, so that silence means something.
    clinic.create(study(4, "stat", "CT Spine"));
    program.wait_for_text("New STAT, unassigned: CT Spine");
    program.keys("q");
    assert_eq!(program.wait_exit(), 0);
}

#[test]
fn the_first_run_is_filled_in_with_the_cursor_in_the_field() {
    let mut first = worklist().arg("--plain").start();
    first.wait_for_text("There is no API key yet.");
    first.keys("s");
    first.wait_for("the cursor in the address", |screen| {
        !screen.hide_cursor() && row_of_cursor(screen).starts_with("Address:")
    });
    first.keys("\t");
    first.wait_for("the cursor in the key", |screen| {
        !screen.hide_cursor() && row_of_cursor(screen).starts_with("API key:")
    });
    first.keys("\t");
    wait_for_cursor_on(&first, "Test the key, button");
    first.keys("\x03");
    assert_eq!(first.wait_exit(), 0);
    assert_eq!(boxes(&first.transcript()), 0);
}

#[test]
fn a_theme_that_paints_its_ground_is_reduced_to_what_the_terminal_has() {
    let clinic = Clinic::empty();
    clinic.create(study(1, "stat", "CT Head"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    fs::write(&file, "[theme]\nname = \"light\"\n").unwrap();
    for (term, color_term, expected, never) in [
        ("xterm-256color", "truecolor", "48;2;255;255;255", "48;5;"),
        ("xterm-256color", "", "48;5;231", "48;2;"),
        ("xterm", "", "48;5;15", "48;2;"),
        ("vt100", "", "\x1b[7", "48;"),
    ] {
        let launch = clinic
            .worklist()
            .arg("--config")
            .arg(file.to_str().unwrap());
        let launch = launch.env("TERM", term).env("COLORTERM", color_term);
        let mut program = launch.start();
        program.wait_for_text("CT Head");
        program.keys("q");
        assert_eq!(program.wait_exit(), 0);
        let transcript = program.transcript();
        let text = String::from_utf8_lossy(&transcript);
        assert!(
            text.contains(expected),
            "{term} {color_term}: no {expected:?}"
        );
        assert!(!text.contains(never), "{term} {color_term}: {never:?}");
    }
}
