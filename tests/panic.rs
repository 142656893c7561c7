//! A defect gives the terminal back. This test is its own child: in a pseudo-terminal it takes the
//! terminal over as the program does, and panics.

use std::io::Read;
use std::process::ExitCode;

use avara_tui::runtime::terminal::Guard;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};

/// Set for the child.
const CHILD: &str = "AVARA_TEST_PANICS";
/// What a panic may hold and nobody may read on the screen afterwards.
const SECRET: &str = "patient Doe";

fn main() -> ExitCode {
    if std::env::var_os(CHILD).is_some() {
        let _guard = Guard::take().unwrap_or_else(|_| std::process::abort());
        panic!("{SECRET}");
    }
    let transcript = match panicking_child() {
        Ok(transcript) => transcript,
        Err(error) => format!("the child did not run: {error}"),
    };
    let faults = faults(&transcript);
    for fault in &faults {
        report(&format!("{fault}\n{transcript:?}"));
    }
    report(&match faults.len() {
        0 => "1 passed, 0 failed".to_owned(),
        _ => "0 passed, 1 failed".to_owned(),
    });
    ExitCode::from(u8::from(!faults.is_empty()))
}

#[expect(clippy::print_stdout, reason = "the runner's own report")]
fn report(line: &str) {
    println!("{line}");
}

/// Everything that a child which panics writes to its terminal.
fn panicking_child() -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let pair = native_pty_system().openpty(PtySize::default())?;
    let mut command = CommandBuilder::new(std::env::current_exe()?);
    command.env(CHILD, "1");
    command.env("TERM", "xterm-256color");
    let mut child = pair.slave.spawn_command(command)?;
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader()?;
    let mut transcript = Vec::new();
    // The end of a pseudo-terminal whose child is gone reads as an error on some systems.
    let _ = reader.read_to_end(&mut transcript);
    child.wait()?;
    Ok(String::from_utf8_lossy(&transcript).into_owned())
}

fn faults(transcript: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (taken, given_back) in [
        ("\x1b[?1049h", "\x1b[?1049l"),
        ("\x1b[?25l", "\x1b[?25h"),
        ("\x1b[?2004h", "\x1b[?2004l"),
        ("\x1b[?1000h", "\x1b[?1000l"),
    ] {
        match (transcript.find(taken), transcript.rfind(given_back)) {
            (Some(taken), Some(back)) if taken < back => {}
            _ => faults.push(format!("{taken:?} was not followed by {given_back:?}")),
        }
    }
    let after = transcript.rsplit("\x1b[?1049l").next().unwrap_or_default();
    if !after.contains("stopped because of a defect in itself at ") {
        faults.push("the terminal does not say what happened".into());
    }
    if transcript.contains(SECRET) {
        faults.push("the message of the panic shows".into());
    }
    faults
}
