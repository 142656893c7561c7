//! Many studies at once, and going back, counted in keys (without what is typed to name a person).

use crate::clinic::{Clinic, study, text};
use crate::terminal::Terminal;

/// A clinic of so many open studies, and nothing else.
fn clinic(studies: u32) -> Clinic {
    let clinic = Clinic::empty();
    for n in 1..=studies {
        clinic.create(study(n, "normal", &format!("CT number {n}")));
    }
    clinic
}

fn assigned(clinic: &Clinic) -> usize {
    let open = clinic.open_studies();
    open.iter()
        .filter(|study| !study["assignedTo"].is_null())
        .count()
}

/// The study that was assigned after `before`. Which one that is, the order says: studies that came
/// in the same instant stand by their id.
fn wait_for_assigned(program: &Terminal, before: Option<&str>) -> String {
    let said = |text: &str| {
        let (_, after) = text.split_once("Assigned to Kim, Dana: ")?;
        let (name, _) = after.split_once("  (u undoes)")?;
        (Some(name) != before).then(|| name.to_owned())
    };
    program.wait_for("the next assignment", |screen| {
        said(&screen.contents()).is_some()
    });
    said(&program.text()).unwrap()
}

#[test]
fn one_is_assigned_with_two_keys_the_next_with_one_and_undo_takes_both_back() {
    let clinic = clinic(3);
    let mut program = clinic.worklist().size(100, 30).start();
    program.wait_for_text("3 shown");
    program.keys("a");
    program.wait_for_text("Dana");
    program.keys("dana ki");
    program.wait_for_text("> Kim, Dana");
    program.keys("\r");
    let first = wait_for_assigned(&program, None);
    assert_eq!(assigned(&clinic), 1);
    program.keys("j.");
    let second = wait_for_assigned(&program, Some(&first));
    assert_eq!(assigned(&clinic), 2);
    for (left, back) in [(1, second), (0, first)] {
        program.keys("u");
        program.wait_for_text("y yes");
        program.keys("y");
        program.wait_for_text(&format!("Undone: Unassigned: {back}"));
        assert_eq!(assigned(&clinic), left);
    }
}

#[test]
fn ten_marked_are_assigned_with_four_keys_and_a_preview() {
    let clinic = clinic(10);
    let mut program = clinic.worklist().size(100, 30).start();
    program.wait_for_text("10 shown");
    program.keys("*");
    program.wait_for_text("10 marked");
    program.keys("a");
    program.wait_for_text("Assign 10 marked");
    program.keys("dana ki");
    program.wait_for_text("> Kim, Dana");
    program.keys("\r");
    program.wait_for_text("10 studies");
    assert_eq!(assigned(&clinic), 0);
    program.wait_for_text("y yes");
    program.keys("y");
    program.wait_for_text("Assigned 10 to Kim, Dana");
    assert_eq!(assigned(&clinic), 10);
}

#[test]
fn a_study_is_cancelled_with_a_question_and_brought_back_with_two_keys() {
    let clinic = clinic(2);
    let mut program = clinic.worklist().size(100, 30).start();
    program.wait_for_text("2 shown");
    program.keys("x");
    program.wait_for_text("Cancel this study?");
    program.wait_for_text("y yes");
    program.keys("y");
    program.wait_for_text("Cancelled: CT number");
    let cancelled = |clinic: &Clinic| {
        let all = clinic.all_studies();
        all.iter()
            .filter(|study| study["isCancelled"] == true)
            .map(|study| text(study, "studyDescription").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(cancelled(&clinic).len(), 1);
    program.keys("fc");
    program.wait_for_text("1 shown");
    program.keys("X");
    program.wait_for_text("y yes");
    program.keys("y");
    program.wait_for_text("Restored");
    assert_eq!(cancelled(&clinic), Vec::<String>::new());
}
