//! Back to the shell and on again, with the shell's own job control.

use rustix::process::{Signal, kill_process};

use crate::clinic::{Clinic, study};

#[test]
fn ctrl_z_gives_the_terminal_to_the_shell_and_fg_brings_the_screen_back() {
    let clinic = Clinic::empty();
    clinic.create(study(1, "high", "CT Suspended"));
    let script = r#""$@"; echo "stopped, $?"; read answer; fg >/dev/null; echo "left, $?""#;
    let mut shell = clinic.worklist().under_shell(script).start();
    shell.wait_for_text("CT Suspended");
    shell.keys("\x1a");
    shell.wait_for_text("stopped, ");
    shell.assert_restored();
    assert!(!shell.text().contains("CT Suspended"), "{}", shell.text());
    shell.keys("\r");
    shell.wait_for("the whole screen again", |screen| {
        screen.alternate_screen()
            && screen.hide_cursor()
            && screen.bracketed_paste()
            && screen.contents().contains("LOCAL")
            && screen.contents().contains("CT Suspended")
            && screen.contents().contains(" a assign")
    });
    shell.keys("/to:none");
    shell.wait_for_text("Enter keep");
    shell.keys("\r");
    shell.wait_for_text("/ to:none");
    shell.keys("q");
    shell.wait_for_text("left, 0");
    assert_eq!(shell.wait_exit(), 0);
    shell.assert_restored();
}

#[test]
fn where_nothing_can_be_stopped_ctrl_z_only_redraws() {
    let clinic = Clinic::empty();
    clinic.create(study(1, "high", "CT Unstoppable"));
    // Alone in its session the program has no shell to go back to; the system ignores the wish.
    let mut program = clinic.worklist().start();
    program.wait_for_text("CT Unstoppable");
    program.keys("\x1a");
    program.keys("?");
    program.wait_for_text("Actions on this screen");
    program.look(|screen| assert!(screen.alternate_screen()));
    program.keys("\x03\x03");
    assert_eq!(program.wait_exit(), 0);
    program.assert_restored();
}

/// How often the program is stopped and continued.
const CYCLES: usize = 100;

#[test]
fn a_hundred_stops_by_key_and_by_signal_leave_the_screen_whole() {
    let clinic = Clinic::empty();
    clinic.create(study(1, "high", "CT Suspended"));
    let script = r#""$@"; n=1; while [ $n -le 100 ]; do echo "stopped $n,"; fg >/dev/null; n=$((n+1)); done; echo left"#;
    let mut shell = clinic.worklist().under_shell(script).start();
    let is_whole = |screen: &vt100::Screen| {
        screen.alternate_screen()
            && screen.hide_cursor()
            && screen.bracketed_paste()
            && screen.contents().contains("CT Suspended")
            && screen.contents().contains(" a assign")
    };
    for cycle in 1..=CYCLES {
        shell.wait_for("the whole screen", is_whole);
        match cycle % 2 {
            0 => shell.keys("\x1a"),
            _ => kill_process(shell.job(), Signal::TSTP).unwrap(),
        }
        let said = format!("stopped {cycle},");
        shell.wait_for_written(&said);
    }
    shell.wait_for("the whole screen", is_whole);
    println!("stopped and continued {CYCLES} times");
    shell.keys("q");
    shell.wait_for_text("left");
    assert_eq!(shell.wait_exit(), 0);
    shell.assert_restored();
}

/// Whether a process has ended, though nobody may have asked for its end yet.
#[cfg(target_os = "linux")]
fn has_ended(process: rustix::process::Pid) -> bool {
    let path = format!("/proc/{}/stat", process.as_raw_nonzero());
    match std::fs::read_to_string(path) {
        Err(_) => true,
        Ok(stat) => stat
            .rsplit_once(')')
            .is_some_and(|(_, rest)| rest.trim_start().starts_with('Z')),
    }
}

/// The `kill` of most shells sends a stopped job the signal to end and the one to go on. What must not stay
/// behind is a stopped program with the key and the clinic's data in memory.
#[test]
#[cfg(target_os = "linux")]
fn a_stopped_program_ends_when_it_is_told_to() {
    let clinic = Clinic::empty();
    clinic.create(study(1, "high", "CT Suspended"));
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let script = r#""$@"; echo "stopped,"; read answer; echo "left""#;
        let mut shell = clinic.worklist().under_shell(script).start();
        shell.wait_for_text("CT Suspended");
        let job = shell.job();
        shell.keys("\x1a");
        shell.wait_for_text("stopped,");
        kill_process(job, signal).unwrap();
        kill_process(job, Signal::CONT).unwrap();
        shell.wait_for("its end", |_| has_ended(job));
        shell.keys("\r");
        shell.wait_for_text("left");
        assert!(!shell.text().contains("CT Suspended"), "{}", shell.text());
        assert_eq!(shell.wait_exit(), 0);
        shell.assert_restored();
    }
}

/// Continued in the background it neither draws over the shell nor takes its keys.
#[test]
fn a_program_that_is_continued_in_the_background_stops_again() {
    let clinic = Clinic::empty();
    clinic.create(study(1, "high", "CT Suspended"));
    let script = r#""$@"; echo "stopped,"; bg >/dev/null; read answer; echo "typed $answer"; fg >/dev/null; echo "left, $?""#;
    let mut shell = clinic.worklist().under_shell(script).start();
    shell.wait_for_text("CT Suspended");
    shell.keys("\x1a");
    shell.wait_for_text("stopped,");
    shell.keys("words\r");
    shell.wait_for("the whole screen again", |screen| {
        screen.alternate_screen() && screen.contents().contains("CT Suspended")
    });
    shell.keys("q");
    shell.wait_for_text("left, 0");
    assert!(shell.text().contains("typed words"), "{}", shell.text());
    assert_eq!(shell.wait_exit(), 0);
    shell.assert_restored();
}
