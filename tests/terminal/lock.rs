//! The lock: nothing of the clinic's work is left on the screen, and one key leads back.

use serde_json::json;

use crate::clinic::{Clinic, study};

#[test]
fn nothing_of_fifty_studies_is_left_on_a_locked_screen() {
    let clinic = Clinic::empty();
    let canary = |n: u32| format!("Canary {n:02} CT");
    for n in 0..50 {
        clinic.create(study(n + 1, "normal", &canary(n)));
    }
    let mut program = clinic.worklist().size(120, 60).start();
    program.wait_for_text("50 shown");
    program.wait_for_text(&canary(49));
    program.keys("\x0c");
    program.wait_for_text("Screen hidden");
    let left = program.look(|screen| {
        let text = screen.contents();
        (0..50).filter(|n| text.contains(&canary(*n))).count()
    });
    assert_eq!(left, 0);
    // A STAT study that comes meanwhile is counted, and nothing of it shows. No key but one does anything.
    clinic.create(study(60, "stat", "CT While locked"));
    program.keys("jss/x");
    program.wait_for_text("1 STAT open, 1 unassigned, 1 of them new");
    assert!(!program.text().contains("While locked"));
    program.keys("\r");
    program.wait_for_text("51 shown");
    let first = clinic.create(json!({
        "studyInstanceUid": "2.25.4711",
        "studyDescription": "CT After",
        "severity": "high",
    }));
    assert_eq!(first["severity"], "high");
    // The cursor is back on its study, and what came meanwhile stands above it.
    program.keys("rgg");
    program.wait_for_text("CT After");
    program.keys("q");
    assert_eq!(program.wait_exit(), 0);
    program.assert_restored();
}
