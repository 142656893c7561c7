//! However the program ends, the terminal is as it was.

use std::fs;
use std::time::Instant;

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
    let mut signals = vec![
        (Signal::TERM, 143),
        (Signal::HUP, 129),
        (Signal::INT, 130),
        (Signal::QUIT, 131),
    ];
    // Of users and schedulers, of limits, and for errors that somebody else claims.
    let others = [
        Signal::USR1,
        Signal::USR2,
        Signal::ALARM,
        Signal::VTALARM,
        Signal::PROF,
        Signal::XCPU,
        Signal::XFSZ,
        Signal::SYS,
        Signal::TRAP,
        Signal::ABORT,
        #[cfg(target_os = "linux")]
        Signal::POWER,
        #[cfg(target_os = "linux")]
        Signal::STKFLT,
        #[cfg(target_os = "linux")]
        Signal::IO,
    ];
    signals.extend(others.map(|signal| (signal, 128 + u32::try_from(signal.as_raw()).unwrap())));
    for (signal, code) in signals {
        let clinic = Clinic::empty();
        let mut program = running(&clinic);
        program.signal(signal);
        assert_eq!(program.wait_exit(), code, "{signal:?}");
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

/// Processor time of a process so far, in hundredths of a second.
#[cfg(target_os = "linux")]
fn used(process: &str) -> u64 {
    let told = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let after = told.rsplit_once(')').unwrap().1;
    let times = after.split_whitespace().skip(11).take(2);
    times.map(|ticks| ticks.parse::<u64>().unwrap()).sum()
}

/// The children's time out of what a shell's `times` says, in hundredths of a second.
#[cfg(target_os = "linux")]
fn children(told: &str) -> u64 {
    let last = told.lines().last().unwrap();
    let hundredths = |time: &str| {
        let (minutes, seconds) = time.trim_end_matches('s').split_once('m').unwrap();
        let seconds: f64 = seconds.parse().unwrap();
        minutes.parse::<u64>().unwrap() * 6_000 + (seconds * 100.0) as u64
    };
    last.split_whitespace().map(hundredths).sum()
}

#[test]
#[cfg(target_os = "linux")]
fn a_hang_up_that_no_signal_tells_of_ends_the_program_at_once() {
    let clinic = Clinic::empty();
    clinic.create(study(1, "high", "CT Restore"));
    // The leader of the session is deaf to hang-ups, so that nobody else is told.
    let script = r#"trap '' HUP; "$@"; echo "$?" >"$HOME/code"; times >"$HOME/times""#;
    let mut shell = clinic.worklist().under_plain_shell(script).start();
    shell.wait_for_text("CT Restore");
    let leader = shell.job().as_raw_nonzero();
    let program = fs::read_to_string(format!("/proc/{leader}/task/{leader}/children"));
    let before = used(program.unwrap().trim());
    shell.hang_up();
    let started = Instant::now();
    shell.wait_exit();
    let code = fs::read_to_string(shell.file("code")).unwrap();
    assert_eq!(code.trim(), "129");
    let after = children(&fs::read_to_string(shell.file("times")).unwrap());
    let spent = after.saturating_sub(before);
    println!(
        "ended after {:?}, {spent}0 ms of processor time",
        started.elapsed()
    );
    assert!(spent <= 20, "{spent}0 ms of processor time");
}
