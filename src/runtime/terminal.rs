//! Taking the terminal over, and giving it back as it was, whatever happens.

use std::io::{self, Write};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste,
    EnableFocusChange, EnableMouseCapture,
};
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute};

/// Whether the terminal is ours, so that it is given back exactly once.
static OURS: AtomicBool = AtomicBool::new(false);

/// Holds the terminal; dropping it gives the terminal back.
#[derive(Debug)]
pub struct Guard(());

impl Guard {
    pub fn take() -> io::Result<Self> {
        install_panic_hook();
        // The guard exists before the first step that can fail half-way.
        let guard = Self(());
        OURS.store(true, Ordering::SeqCst);
        enter()?;
        Ok(guard)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        give_back();
    }
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(
        io::stdout(),
        EnterAlternateScreen,
        EnableBracketedPaste,
        EnableMouseCapture,
        EnableFocusChange,
        cursor::Hide
    )
}

/// Gives the terminal back. The alternate screen is cleared first: nothing of it may stay behind.
fn give_back() {
    if !OURS.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    // Each step is tried whatever became of the one before: the terminal may be half gone.
    let _ = execute!(
        out,
        DisableFocusChange,
        DisableMouseCapture,
        DisableBracketedPaste
    );
    let _ = execute!(
        out,
        Clear(ClearType::All),
        LeaveAlternateScreen,
        cursor::Show
    );
    let _ = disable_raw_mode();
    let _ = out.flush();
}

/// A defect must not leave a terminal that cannot be typed in. The message says where, and no more:
/// what a panic has to tell may hold a patient's data.
fn install_panic_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            give_back();
            let place = info
                .location()
                .map(|at| format!("{}:{}", at.file(), at.line()))
                .unwrap_or_default();
            let _ = writeln!(
                io::stderr(),
                "avara-tui stopped because of a defect in itself at {place}. Changes that were \
                 acknowledged are safe. Please report this line."
            );
        }));
    });
}

/// Gives the terminal to the shell until the program is continued.
#[cfg(unix)]
pub fn suspend() -> io::Result<()> {
    give_back();
    rustix::process::kill_current_process_group(rustix::process::Signal::TSTP)?;
    OURS.store(true, Ordering::SeqCst);
    enter()
}

/// There is no job control here.
#[cfg(not(unix))]
pub fn suspend() -> io::Result<()> {
    Ok(())
}
