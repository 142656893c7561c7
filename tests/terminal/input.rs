//! What was not typed changes nothing: pastes, and answers of the terminal that nobody asked for.

use std::collections::BTreeMap;

use crate::clinic::{Clinic, text};
use crate::terminal::Terminal;

/// When each study last changed, and how.
fn state(clinic: &Clinic) -> BTreeMap<String, String> {
    let studies = clinic.all_studies();
    let of = |field| move |study| text(study, field).to_owned();
    let ids = studies.iter().map(of("studyId"));
    ids.zip(studies.iter().map(ToString::to_string)).collect()
}

fn loaded(clinic: &Clinic) -> Terminal {
    let program = clinic.worklist().start();
    program.wait_for_text("synced");
    program
}

/// Leaves whatever is open and then the program, which waits for every change that is under way.
#[track_caller]
fn leave(mut program: Terminal) {
    program.keys("\x03\x03\x03");
    assert_eq!(program.wait_exit(), 0);
    program.assert_restored();
}

#[test]
fn a_paste_outside_an_input_is_no_keys() {
    let clinic = Clinic::open();
    let before = state(&clinic);
    let mut program = loaded(&clinic);
    program.keys("\x1b[200~ssmcAusha\rq\x03\x1b[201~");
    program.wait_for_text("Pasted text does nothing here");
    leave(program);
    assert_eq!(state(&clinic), before);
}

#[test]
fn a_paste_into_the_filter_is_its_text() {
    let clinic = Clinic::open();
    let mut program = loaded(&clinic);
    program.keys("/");
    program.wait_for_text("Enter keep");
    program.keys("\x1b[200~sev:stat\nto:none\x1b[201~");
    program.wait_for_text("sev:stat to:none");
    program.keys("\r");
    program.wait_without_text("Enter keep");
    leave(program);
}

#[test]
fn answers_of_the_terminal_change_nothing() {
    let clinic = Clinic::open();
    let before = state(&clinic);
    for answer in [
        // The background colour, whole and torn in two places.
        &["\x1b]11;rgb:1e1e/2a2a/3b3b\x1b\\"][..],
        &["\x1b]11;rgb:1e1e/2a", "2a/3b3b\x1b\\"],
        &["11;rgb:1e1e/2a2a/3b3b", "\x07"],
        // Name and version, device attributes, the cursor's place, focus.
        &["\x1bP>|xterm(390)\x1b\\"],
        &["\x1b[?62;22c", "\x1b[>1;10;0c"],
        &["\x1b[12;40R", "\x1b[I", "\x1b[O"],
    ] {
        let mut program = loaded(&clinic);
        for part in answer {
            program.keys(part);
        }
        leave(program);
        assert_eq!(state(&clinic), before, "{answer:?}");
    }
}
