//! Takes the terminal over, and gives it back as it was, whatever happens.

use std::io::{self, Write};
use std::panic::PanicHookInfo;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, PoisonError};
use std::thread::{self, ThreadId};

use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste,
    EnableFocusChange,
};
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute};

/// Whether the terminal is ours, so that it is given back exactly once.
static OURS: AtomicBool = AtomicBool::new(false);
/// The thread that draws. When another thread panics, the screen goes on, or this thread ends it properly.
static OWNER: Mutex<Option<ThreadId>> = Mutex::new(None);
/// The messages of panics on other threads, until the terminal is given back.
static UNTOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());
/// At most this many of them are kept.
const MAX_UNTOLD: usize = 3;

/// Asks for presses and the wheel, with numbers of any size. It does not ask for moves, which come by the
/// hundred.
#[cfg(unix)]
const MOUSE: crossterm::style::Print<&str> = crossterm::style::Print("\x1b[?1000h\x1b[?1006h");
#[cfg(not(unix))]
const MOUSE: crossterm::event::EnableMouseCapture = crossterm::event::EnableMouseCapture;

/// Holds the terminal, and gives it back when dropped.
#[derive(Debug)]
pub struct Guard(());

impl Guard {
    pub fn take() -> io::Result<Self> {
        install_panic_hook();
        *OWNER.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread::current().id());
        // The guard exists before the first step that can fail halfway.
        let guard = Self(());
        OURS.store(true, Ordering::SeqCst);
        enter()?;
        Ok(guard)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        give_back();
        let told = std::mem::take(&mut *UNTOLD.lock().unwrap_or_else(PoisonError::into_inner));
        for line in told {
            tell(&line);
        }
    }
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(
        io::stdout(),
        EnterAlternateScreen,
        EnableBracketedPaste,
        MOUSE,
        EnableFocusChange,
        cursor::Hide
    )
}

/// Gives the terminal back. The alternate screen is cleared first, so that nothing of it stays.
fn give_back() {
    if !OURS.swap(false, Ordering::SeqCst) {
        return;
    }
    // The terminal belongs to another job by now. Touching it would stop us before we can end.
    if !is_in_front() {
        return;
    }
    let mut out = io::stdout();
    // Each step is tried even if the one before failed: the terminal may be half gone.
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

/// Installs a panic hook. A bug must not leave an unusable terminal. The hook only says where the panic was,
/// because its message may contain a patient's data.
fn install_panic_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| std::panic::set_hook(Box::new(panicked)));
}

fn panicked(info: &PanicHookInfo<'_>) {
    let place = info
        .location()
        .map(|at| format!("{}:{}", at.file(), at.line()))
        .unwrap_or_default();
    let owner = *OWNER.lock().unwrap_or_else(PoisonError::into_inner);
    let is_owner = owner.is_none_or(|owner| owner == thread::current().id());
    if is_owner {
        give_back();
        tell(&format!(
            "avara-tui stopped because of an internal error at {place}. Changes that were \
             acknowledged are safe. Please report this line."
        ));
        return;
    }
    let line = format!(
        "A part of avara-tui failed because of an internal error at {place}. Changes that were \
         acknowledged are safe. Please report this line."
    );
    if !is_ours() {
        return tell(&line);
    }
    let mut untold = UNTOLD.lock().unwrap_or_else(PoisonError::into_inner);
    if untold.len() < MAX_UNTOLD {
        untold.push(line);
    }
}

/// Does not use `eprintln`, which panics if nobody reads.
fn tell(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Gives the terminal back to the shell and stops until the program is continued.
#[cfg(unix)]
pub fn suspend() -> io::Result<()> {
    if !super::job::has_shell() {
        return Ok(());
    }
    give_back();
    super::job::stop()
}

/// Takes the terminal again after a stop. Returns whether it did: not while another job is in front, as when
/// the shell continues the program only so that it can end.
#[cfg(unix)]
pub fn resume() -> io::Result<bool> {
    if is_ours() {
        return Ok(true);
    }
    if !super::job::is_in_front() {
        return Ok(false);
    }
    OURS.store(true, Ordering::SeqCst);
    enter()?;
    Ok(true)
}

/// There is no job control here.
#[cfg(not(unix))]
pub fn suspend() -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
pub fn resume() -> io::Result<bool> {
    Ok(true)
}

/// Whether the terminal is ours to use, and not another job's.
fn is_in_front() -> bool {
    #[cfg(unix)]
    return super::job::is_in_front();
    #[cfg(not(unix))]
    true
}

/// Whether the terminal is taken over.
pub fn is_ours() -> bool {
    OURS.load(Ordering::SeqCst)
}

/// Takes the terminal after another process continued us: it may be in any mode.
pub fn retake() -> io::Result<()> {
    if !is_ours() || !is_in_front() {
        return Ok(());
    }
    set_raw()?;
    enter()
}

/// Sets the mode again, which [`enable_raw_mode`] does only once. Leaving and entering it would let a key
/// through as a signal.
#[cfg(unix)]
fn set_raw() -> io::Result<()> {
    use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
    let terminal = io::stdin();
    let mut mode = tcgetattr(&terminal)?;
    mode.make_raw();
    tcsetattr(&terminal, OptionalActions::Now, &mode)?;
    Ok(())
}

#[cfg(not(unix))]
fn set_raw() -> io::Result<()> {
    Ok(())
}
