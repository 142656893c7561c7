//! However the program ends, the terminal is as it was.

use rustix::process::Signal;

use crate::clinic::{Clinic, study};
use crate::terminal::Terminal;

fn running(clinic: &Clinic) -> Terminal {
    clinic.create(study(1, "high", "CT Restore"));
    let program = clinic.worklist().start();
    program.wait_for_text("CT Restore");
    program.look(|screen| {
        assert!(screen.alternate_screen());
        assert!(screen.hide_cursor());
        assert!(screen.bracketed_paste());
    });
    program
}

#[test]
fn q_and_ctrl_c_leave_a_clean_terminal() {
    for key in ["q", "\x03"] {
        let clinic = Clinic::empty();
        let mut program = running(&clinic);
        program.keys(key);
        assert_eq!(program.wait_exit(), 0, "{key:?}");
        program.assert_restored();
        assert_eq!(program.text().trim(), "", "nothing stays behind");
    }
}

#[test]
fn a_signal_leaves_a_clean_terminal_and_its_number_in_the_exit_code() {
    for (signal, code) in [
        (Signal::TERM, 143),
        (Signal::HUP, 129),
        (Signal::INT, 130),
        (Signal::QUIT, 131),
    ] {
        let clinic = Clinic::empty();
        let mut program = running(&clinic);
        program.signal(signal);
        assert_eq!(program.wait_exit(), code);
        program.assert_restored();
        assert_eq!(program.text().trim(), "", "nothing stays behind");
    }
}

#[test]
fn a_terminal_that_is_closed_ends_the_program_in_order() {
    let clinic = Clinic::empty();
    let mut program = running(&clinic);
    program.hang_up();
    assert_eq!(program.wait_exit(), 129);
}
