//! The list while others work, and a list of many.

use std::time::Instant;

use avara_tui::sandbox::Options;
use serde_json::json;
use vt100::Screen;

use crate::clinic::{Clinic, study, text};

fn row(screen: &Screen, words: &str) -> Option<String> {
    let mut rows = screen.rows(0, screen.size().1.get());
    rows.find(|row| row.contains(words) && row.contains("complete"))
}

fn cursor_row(screen: &Screen) -> Option<String> {
    let mut rows = screen.rows(0, screen.size().1.get());
    rows.find(|row| row.starts_with('>'))
}

#[test]
fn a_new_stat_study_comes_by_itself_and_a_completed_one_goes() {
    let clinic = Clinic::empty();
    clinic.create(study(1, "normal", "US Earlier one"));
    let mut program = clinic.worklist().start();
    program.wait_for_text("US Earlier one");
    program.wait_for_text("updated <1 m ago");
    let created = Instant::now();
    let new = clinic.create(study(2, "stat", "CT Head stroke"));
    program.wait_for_text("New STAT, unassigned: CT Head stroke");
    println!(
        "a new STAT, on screen after {} ms",
        created.elapsed().as_millis()
    );
    program.wait_for("the row, marked as new", |screen| {
        row(screen, "CT Head stroke").is_some_and(|row| row.starts_with("  +"))
    });
    program.look(|screen| {
        let cursor = cursor_row(screen).unwrap();
        assert!(cursor.contains("US Earlier one"), "{cursor}");
    });
    assert!(program.transcript().contains(&0x07), "it rings");

    let done = json!({ "studyViewerStatus": "complete" });
    let changed = Instant::now();
    clinic.change(text(&new, "studyId"), done);
    program.wait_for_text("Completed by someone else: CT Head stroke");
    println!(
        "completed by others, told after {} ms",
        changed.elapsed().as_millis()
    );
    program.wait_for("its mark", |screen| {
        row(screen, "CT Head stroke").is_some_and(|row| row.starts_with("  -"))
    });
    program.wait_without_text("New STAT");
    program.keys("r");
    program.wait_for("the row gone", |screen| {
        row(screen, "CT Head stroke").is_none()
    });
    let transcript = program.transcript();
    let bells = transcript.iter().filter(|byte| **byte == 0x07);
    assert_eq!(bells.count(), 1, "once per study");
    program.keys("q");
    assert_eq!(program.wait_exit(), 0);
}

#[test]
fn twenty_thousand_studies_are_walked_from_end_to_end() {
    let clinic = Clinic::with(Options {
        studies: 20_000,
        ..Options::default()
    });
    let mut program = clinic.worklist().size(120, 40).start();
    program.wait_for_text("updated <1 m ago");
    program.keys("/is:any");
    program.wait_for_text("/ is:any");
    program.keys("\r");
    program.wait_for("all of them", |screen| {
        let text = screen.contents();
        text.contains("20,000 shown") && !text.contains("loading")
    });
    let took = program.started.elapsed().as_millis();
    println!("20,000 studies after {took} ms");
    program.keys("G");
    program.wait_for_text("20,000/20,000");
    program.look(|screen| {
        let rows: Vec<_> = screen.rows(0, 120).collect();
        assert!(rows[37].starts_with('>'), "{rows:#?}");
    });
    program.keys("gg");
    program.wait_for_text(" 1/20,000");
    program.look(|screen| {
        let rows: Vec<_> = screen.rows(0, 120).collect();
        assert!(rows[4].starts_with('>'), "{rows:#?}");
    });
    program.keys("q");
    assert_eq!(program.wait_exit(), 0);
    program.assert_restored();
}
