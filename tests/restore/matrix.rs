//! The cells: how it ends, and where it is when it does.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, thread};

use rustix::process::{Signal, kill_process};
use vt100::Screen;

use crate::allowed::improper;
use crate::child::{DEFECT, Defect, MOMENT, SECRET};
use crate::clinic::{Clinic, study};
use crate::terminal::Terminal;

/// Cells that are tried at the same time.
const WORKERS: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Failing(Defect),
    Told(Signal, u32),
    Quit,
    CtrlC,
}

const ENDS: [End; 12] = [
    End::Failing(Defect::PanicInUpdate),
    End::Failing(Defect::PanicInDraw),
    End::Failing(Defect::PanicInTask),
    End::Failing(Defect::PanicInThread),
    End::Failing(Defect::Error),
    End::Failing(Defect::BrokenPipe),
    End::Told(Signal::TERM, 143),
    End::Told(Signal::INT, 130),
    End::Told(Signal::HUP, 129),
    End::Told(Signal::QUIT, 131),
    End::Quit,
    End::CtrlC,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// What to type to get there, and what shows then.
    Typed(&'static str, &'static str),
    MidResize,
    /// Stopped by a shell and continued.
    Continued,
}

const PLACES: [Place; 11] = [
    Place::Typed("", "CT Restore"),
    Place::Typed("gp", "USERS"),
    Place::Typed("gi", "INVITATIONS"),
    Place::Typed("/", "Enter keep"),
    Place::Typed("a", "Assign "),
    Place::Typed("c", "Create a study"),
    Place::Typed("x", "Cancel "),
    Place::Typed("?", "Actions on this screen"),
    Place::Typed("gu", "Look up"),
    Place::MidResize,
    Place::Continued,
];

pub fn run() -> ExitCode {
    let clinic = Clinic::empty();
    clinic.create(study(1, "high", "CT Restore"));
    let ends = ENDS.iter();
    let mut cells: Vec<(End, Place)> = ends.flat_map(|end| PLACES.map(|at| (*end, at))).collect();
    let planted = cells.len();
    cells.push((End::Failing(Defect::Forgets), PLACES[0]));
    let (found, next) = (Mutex::new(Vec::new()), AtomicUsize::new(0));
    let launch = || clinic.worklist();
    let launches: Vec<_> = (0..cells.len())
        .map(|_| Mutex::new(Some(launch())))
        .collect();
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    let Some((end, place)) = cells.get(number) else {
                        return;
                    };
                    let launch = launches[number].lock().unwrap().take().unwrap();
                    let tried = AssertUnwindSafe(|| try_cell(*end, *place, launch));
                    let faults =
                        catch_unwind(tried).unwrap_or_else(|_| vec!["did not come so far".into()]);
                    found.lock().unwrap().push((number, faults));
                }
            });
        }
    });
    report(&cells, planted, found.into_inner().unwrap())
}

fn report(
    cells: &[(End, Place)],
    planted: usize,
    mut found: Vec<(usize, Vec<String>)>,
) -> ExitCode {
    found.sort();
    let mut wrong = 0;
    for (number, faults) in &found {
        // The one that forgets the terminal shows that faults are found.
        let is_right = faults.is_empty() != (*number == planted);
        if !is_right {
            wrong += 1;
            println!("{:?}: {faults:?}", cells[*number]);
        }
    }
    println!(
        "{wrong} of {planted} ends left the terminal changed (exhaustive, no seed); bound {:.1e}",
        3.0 / planted as f64
    );
    println!("{} passed, {wrong} failed", cells.len() - wrong);
    ExitCode::from(u8::from(wrong > 0))
}

fn try_cell(end: End, place: Place, launch: crate::terminal::Launch) -> Vec<String> {
    let moments = tempfile::tempdir().unwrap();
    let moment = moments.path().join("now");
    let mut launch = launch;
    if let End::Failing(defect) = end {
        launch = launch
            .program(std::env::current_exe().unwrap())
            .env(DEFECT, format!("{defect:?}"))
            .env(MOMENT, moment.to_str().unwrap());
    }
    if place == Place::Continued {
        launch = launch.under_shell(r#""$@"; fg >/dev/null; exit $?"#);
    }
    let mut program = launch.start();
    program.wait_for_text("CT Restore");
    go(&mut program, place);
    match end {
        End::Failing(_) => {
            fs::write(&moment, "").unwrap();
            // Something to take in, and something to draw.
            program.resize(90, 25);
            program.resize(91, 26);
            if end == End::Failing(Defect::PanicInTask) {
                program.wait_for_written("because of an internal error");
                program.resize(92, 27);
            }
            if end == End::Failing(Defect::PanicInThread) {
                // It goes on, and nothing of it shows.
                program.wait_until_redrawn(92, 27);
                assert!(program.look(Screen::alternate_screen));
                assert!(!program.text().contains("internal error"));
                kill_process(program.job(), Signal::TERM).unwrap();
            }
        }
        End::Told(signal, _) => kill_process(program.job(), signal).unwrap(),
        End::Quit => program.keys("\x1b\x1bq"),
        End::CtrlC => program.keys("\x03\x03\x03"),
    }
    let status = program.wait_status();
    let mut faults = program.left_behind();
    let (code, said) = expected(end);
    if status.exit_code() != code {
        faults.push(format!("exit code {}", status.exit_code()));
    }
    faults.extend(told(&program, said));
    faults.extend(improper(&program.transcript(), None));
    faults
}

fn go(program: &mut Terminal, place: Place) {
    match place {
        Place::Typed(keys, shown) => {
            program.keys(keys);
            program.wait_for_text(shown);
        }
        Place::MidResize => {
            for step in 0..40 {
                program.resize(60 + step, 20 + step % 9);
            }
        }
        Place::Continued => {
            program.keys("\x1a");
            program.wait_for_written("\x1b[?1049l");
            program.wait_for("the screen again", |screen| {
                screen.alternate_screen() && screen.contents().contains("CT Restore")
            });
        }
    }
}

/// The exit code, and what the terminal says afterwards.
fn expected(end: End) -> (u32, &'static str) {
    match end {
        End::Failing(Defect::PanicInUpdate | Defect::PanicInDraw) => {
            (101, "because of an internal error")
        }
        End::Failing(Defect::PanicInTask) => (1, "because of an internal error"),
        End::Failing(Defect::PanicInThread) => (143, "failed because of an internal error"),
        End::Failing(Defect::Error) => (1, "cannot write to the terminal: it refuses"),
        End::Failing(Defect::BrokenPipe) => (1, "cannot write to the terminal: broken pipe"),
        End::Failing(Defect::Forgets) => (0, ""),
        End::Told(_, code) => (code, ""),
        End::Quit | End::CtrlC => (0, ""),
    }
}

fn told(program: &Terminal, said: &str) -> Vec<String> {
    let written = String::from_utf8_lossy(&program.transcript()).into_owned();
    let after = written.rsplit("\x1b[?1049l").next().unwrap_or_default();
    let mut faults = Vec::new();
    if !after.contains(said) {
        faults.push(format!("said {after:?}"));
    }
    if written.contains(SECRET) {
        faults.push("the message of the panic shows".into());
    }
    faults
}
