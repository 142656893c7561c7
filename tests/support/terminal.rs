//! The program in a terminal of its own: a pseudo-terminal, a screen that follows what is written to
//! it, and waiting on what the screen shows. Nothing here sleeps for a fixed time.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use vt100::{Parser, Screen};

use crate::allowed::improper;

/// How often a condition that nothing announces is looked at.
const STEP: Duration = Duration::from_millis(20);

/// Longer than the program waits for the rest of a sequence.
const ESCAPE: Duration = Duration::from_millis(80);

/// Modes that a program may switch on and has to switch off.
const MODES: [u16; 10] = [1000, 1001, 1002, 1003, 1004, 1005, 1006, 1015, 2004, 2026];

/// How long a key may stay unread: by a shell that reads whole lines, or a program that has stopped.
const READ_WAIT: Duration = Duration::from_millis(500);

/// What to start, where, and with which environment: nothing of the tester's own leaks in.
pub struct Launch {
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
    size: (u16, u16),
    program: PathBuf,
    asked: Option<&'static str>,
    shell: Option<&'static str>,
    /// Whether the shell has job control, as its option.
    jobs: &'static str,
}

pub fn worklist() -> Launch {
    Launch {
        arguments: Vec::new(),
        variables: Vec::new(),
        size: (80, 24),
        program: env!("CARGO_BIN_EXE_avara-tui").into(),
        asked: None,
        shell: None,
        jobs: "-m",
    }
}

impl Launch {
    pub fn arg(mut self, argument: &str) -> Self {
        self.arguments.push(argument.into());
        self
    }

    pub fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    pub fn size(mut self, columns: u16, rows: u16) -> Self {
        self.size = (columns, rows);
        self
    }

    /// Starts another program than ours.
    pub fn program(mut self, program: PathBuf) -> Self {
        self.program = program;
        self
    }

    /// Somebody will ask for a copy, which may go through the terminal.
    pub fn may_copy(self) -> Self {
        self.may_send("52")
    }

    /// Somebody asked for this kind of OSC.
    pub fn may_send(mut self, kind: &'static str) -> Self {
        self.asked = Some(kind);
        self
    }

    /// Runs this script in a shell with job control; `"$@"` in it is the program.
    pub fn under_shell(mut self, script: &'static str) -> Self {
        self.shell = Some(script);
        self
    }

    /// Runs this script in a shell without job control, as other programs start programs.
    pub fn under_plain_shell(mut self, script: &'static str) -> Self {
        self.jobs = "+m";
        self.under_shell(script)
    }

    pub fn start(self) -> Terminal {
        let home = TempDir::new().unwrap();
        let program = &self.program;
        let mut command = match self.shell {
            Some(script) => {
                let mut command = CommandBuilder::new("/bin/sh");
                command.args([self.jobs, "-c", script, "sh"]);
                command.arg(program);
                command
            }
            None => CommandBuilder::new(program),
        };
        command.args(&self.arguments);
        command.env_clear();
        for name in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"] {
            command.env(name, home.path());
        }
        command.env("TERM", "xterm-256color");
        // Empty, so that no real browser is ever started.
        command.env("PATH", home.path());
        for (name, value) in &self.variables {
            command.env(name, value);
        }
        command.cwd(home.path());
        let mut terminal = Terminal::spawn(command, self.size, home);
        terminal.asked = self.asked;
        terminal
    }
}

/// The thread of the program that reads the terminal, as the system counts what it reads.
struct Reader {
    path: PathBuf,
}

impl Reader {
    fn of(process: i32) -> Option<Self> {
        let threads = fs::read_dir(format!("/proc/{process}/task")).ok()?;
        let mut paths = threads.filter_map(|thread| Some(thread.ok()?.path()));
        let path = paths.find(|path| {
            let name = fs::read_to_string(path.join("comm"));
            name.is_ok_and(|name| name.trim() == "terminal input")
        })?;
        Some(Self { path })
    }

    fn count(&self) -> Option<u64> {
        let told = fs::read_to_string(self.path.join("io")).ok()?;
        let count = told.lines().find_map(|line| line.strip_prefix("rchar: "))?;
        count.parse().ok()
    }
}

struct Seen {
    parser: Parser,
    transcript: Vec<u8>,
    /// The reader is to stop after what it reads next.
    closing: bool,
    ended: bool,
}

/// Changed and announced by the reader.
#[derive(Clone)]
struct Shared(Arc<(Mutex<Seen>, Condvar)>);

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn follow(self, mut reader: Box<dyn Read + Send>) {
        let mut buffer = [0; 8192];
        loop {
            let count = reader.read(&mut buffer).unwrap_or(0);
            let mut seen = self.lock();
            seen.transcript.extend_from_slice(&buffer[..count]);
            seen.parser.process(&buffer[..count]);
            seen.ended = count == 0 || seen.closing;
            if seen.ended {
                drop(reader);
                self.0.1.notify_all();
                return;
            }
            self.0.1.notify_all();
        }
    }
}

/// Whether this text is on the screen. A number at its start is the whole number: "1 shown" is not said by
/// "21 shown".
pub fn says(screen: &Screen, text: &str) -> bool {
    let contents = screen.contents();
    let starts_number = text.starts_with(|first: char| first.is_ascii_digit());
    contents.match_indices(text).any(|(at, _)| {
        let before = contents[..at].chars().next_back();
        !(starts_number && before.is_some_and(|c| c.is_ascii_digit() || c == ','))
    })
}

pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    shared: Shared,
    pub started: Instant,
    settings_before: String,
    /// Who reads what was sent, and how much will then have been read.
    goal: Option<(Reader, u64)>,
    asked: Option<&'static str>,
    home: TempDir,
}

impl Terminal {
    fn spawn(command: CommandBuilder, size: (u16, u16), home: TempDir) -> Self {
        let pair = native_pty_system().openpty(pty_size(size)).unwrap();
        let (columns, rows) = screen_size(size);
        let shared = Shared(Arc::new((
            Mutex::new(Seen {
                parser: Parser::new(rows, columns, 0),
                transcript: Vec::new(),
                closing: false,
                ended: false,
            }),
            Condvar::new(),
        )));
        let settings_before = settings(&*pair.master);
        let reader = pair.master.try_clone_reader().unwrap();
        let follower = shared.clone();
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        thread::spawn(move || follower.follow(reader));
        Self {
            child,
            writer: Some(pair.master.take_writer().unwrap()),
            master: Some(pair.master),
            shared,
            started,
            settings_before,
            goal: None,
            asked: None,
            home,
        }
    }

    /// Waits until the screen is as wanted; fails with the screen otherwise.
    #[track_caller]
    pub fn wait_for(&self, what: &str, is_so: impl Fn(&Screen) -> bool) {
        let deadline = Instant::now() + patience();
        let mut seen = self.shared.lock();
        while !is_so(seen.parser.screen()) {
            if seen.ended || Instant::now() > deadline {
                let how = if seen.ended { "ended" } else { "did not come" };
                let shown = dump(seen.parser.screen());
                drop(seen);
                panic!("{how}: {what}\n{shown}");
            }
            let waited = self.shared.0.1.wait_timeout(seen, STEP);
            seen = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    #[track_caller]
    pub fn wait_for_text(&self, text: &str) {
        self.wait_for(text, |screen| says(screen, text));
    }

    /// Waits until this was written, whether it still shows or not.
    #[track_caller]
    pub fn wait_for_written(&self, text: &str) {
        let deadline = Instant::now() + patience();
        let mut seen = self.shared.lock();
        while !contains(&seen.transcript, text.as_bytes()) {
            assert!(Instant::now() < deadline, "not written: {text}");
            let waited = self.shared.0.1.wait_timeout(seen, STEP);
            seen = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    #[track_caller]
    pub fn wait_without_text(&self, text: &str) {
        let what = format!("without {text}");
        self.wait_for(&what, |screen| !screen.contents().contains(text));
    }

    /// Looks at the screen as it is now.
    pub fn look<T>(&self, at: impl FnOnce(&Screen) -> T) -> T {
        at(self.shared.lock().parser.screen())
    }

    pub fn text(&self) -> String {
        self.look(Screen::contents)
    }

    /// Whether the program has made this file or directory in its home.
    pub fn has_made(&self, name: &str) -> bool {
        self.home.path().join(name).exists()
    }

    pub fn transcript(&self) -> Vec<u8> {
        self.shared.lock().transcript.clone()
    }

    /// Types as a person does: one key after the other, each read by the program before the next.
    pub fn keys(&mut self, text: &str) {
        let mut before: &[u8] = b"";
        for key in strokes(text.as_bytes()) {
            self.wait_until_read();
            if before == b"\x1b" {
                // Together they would be one key. Only the pause tells them apart.
                thread::sleep(ESCAPE);
            }
            self.send(key);
            before = key;
        }
    }

    /// Sends bytes as a terminal or a connection does, in one piece.
    pub fn send(&mut self, bytes: &[u8]) {
        let earlier = self.goal.take();
        let leader = self.master.as_ref().unwrap().process_group_leader();
        self.goal = leader.and_then(Reader::of).map(|reader| {
            let waiting = earlier.filter(|(of, _)| of.path == reader.path);
            let from = reader.count().max(waiting.map(|(_, goal)| goal));
            (reader, from.unwrap_or(0) + bytes.len() as u64)
        });
        let writer = self.writer.as_mut().unwrap();
        writer.write_all(bytes).unwrap();
        writer.flush().unwrap();
    }

    /// Waits until the program has read what was sent, or for long enough if it does not read.
    pub fn wait_until_read(&self) {
        let Some((reader, goal)) = &self.goal else {
            // A shell, or a system that does not tell: at least apart.
            thread::sleep(Duration::from_millis(5));
            return;
        };
        let deadline = Instant::now() + READ_WAIT;
        while reader.count().is_some_and(|count| count < *goal) && Instant::now() < deadline {
            thread::sleep(Duration::from_micros(200));
        }
    }

    pub fn resize(&self, columns: u16, rows: u16) {
        let mut seen = self.shared.lock();
        let (width, height) = screen_size((columns, rows));
        seen.parser.set_size(height, width);
        let master = self.master.as_ref().unwrap();
        master.resize(pty_size((columns, rows))).unwrap();
    }

    /// Gives it another size, and waits until something was drawn for it.
    pub fn wait_until_redrawn(&self, columns: u16, rows: u16) {
        let before = self.transcript().len();
        self.resize(columns, rows);
        let deadline = Instant::now() + patience();
        while self.transcript().len() == before {
            assert!(Instant::now() < deadline, "nothing was drawn");
            thread::sleep(Duration::from_millis(1));
        }
    }

    pub fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.process_id().unwrap()).unwrap();
        kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
    }

    /// Closes the terminal under the program, as when its window is closed.
    pub fn hang_up(&mut self) {
        self.shared.lock().closing = true;
        // Something to draw, so that the reader wakes up and lets go of the terminal.
        self.keys("?");
        let mut seen = self.shared.lock();
        while !seen.ended {
            let waited = self.shared.0.1.wait_timeout(seen, STEP);
            seen = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        drop(seen);
        self.writer = None;
        self.master = None;
    }

    /// Waits for the program's end and for everything that it wrote. Returns its exit code.
    #[track_caller]
    pub fn wait_exit(&mut self) -> u32 {
        let status = self.wait_status();
        assert_eq!(status.signal(), None, "killed by a signal");
        assert_eq!(improper(&self.transcript(), self.asked), [""; 0]);
        status.exit_code()
    }

    #[track_caller]
    pub fn wait_status(&mut self) -> ExitStatus {
        let deadline = Instant::now() + patience();
        loop {
            let status = self.child.try_wait().unwrap();
            let seen = self.shared.lock();
            if let Some(status) = &status
                && seen.ended
            {
                return status.clone();
            }
            if Instant::now() > deadline {
                let shown = dump(seen.parser.screen());
                drop(seen);
                panic!("the program did not end\n{shown}");
            }
            drop(self.shared.0.1.wait_timeout(seen, STEP));
        }
    }

    /// The process that has the terminal: the program itself, also under a shell.
    pub fn job(&self) -> Pid {
        let leader = self.master.as_ref().unwrap().process_group_leader();
        Pid::from_raw(leader.unwrap()).unwrap()
    }

    /// A file in the program's home.
    pub fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The folder that it has for its own.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Asserts that the terminal is as the program found it.
    #[track_caller]
    pub fn assert_restored(&self) {
        assert_eq!(self.left_behind(), Vec::<String>::new());
    }

    /// What of the terminal is not as the program found it.
    pub fn left_behind(&self) -> Vec<String> {
        let mut wrong = self.look(|screen| {
            let mouse = screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None;
            [
                (screen.alternate_screen(), "alternate screen"),
                (screen.hide_cursor(), "hidden cursor"),
                (screen.bracketed_paste(), "bracketed paste"),
                (mouse, "mouse"),
            ]
            .into_iter()
            .filter(|(is_wrong, _)| *is_wrong)
            .map(|(_, what)| what.to_owned())
            .collect::<Vec<_>>()
        });
        let transcript = self.transcript();
        for mode in MODES {
            let on = last(&transcript, &format!("\x1b[?{mode}h"));
            if on > last(&transcript, &format!("\x1b[?{mode}l")) {
                wrong.push(format!("mode {mode}"));
            }
        }
        let now = settings(&**self.master.as_ref().unwrap());
        if now != self.settings_before {
            wrong.push(format!("settings {now}"));
        }
        wrong
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if self.is_running() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Cuts bytes into what one press of a key sends: a character, a sequence, or a whole paste.
fn strokes(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut strokes = Vec::new();
    while !bytes.is_empty() {
        let length = match bytes {
            [0x1b, b'[', b'2', b'0', b'0', b'~', ..] => {
                let end = b"\x1b[201~";
                let at = bytes.windows(end.len()).position(|part| part == end);
                at.map_or(bytes.len(), |at| at + end.len())
            }
            [0x1b, b'[', rest @ ..] => {
                let last = rest.iter().position(|byte| (b'@'..=b'~').contains(byte));
                last.map_or(bytes.len(), |at| at + 3)
            }
            [0x1b, b'O', ..] => 3.min(bytes.len()),
            // Once the first has ended the program, the others would be for the system.
            [0x03, ..] => bytes.iter().take_while(|byte| **byte == 0x03).count(),
            _ => {
                let next = bytes[1..].iter().position(|byte| byte & 0xc0 != 0x80);
                next.map_or(bytes.len(), |at| at + 1)
            }
        };
        let (stroke, rest) = bytes.split_at(length);
        strokes.push(stroke);
        bytes = rest;
    }
    strokes
}

/// Where it was written last, from 1; 0 if never.
fn last(all: &[u8], part: &str) -> usize {
    let part = part.as_bytes();
    all.windows(part.len())
        .rposition(|window| window == part)
        .map_or(0, |at| at + 1)
}

fn contains(all: &[u8], part: &[u8]) -> bool {
    all.windows(part.len()).any(|window| window == part)
}

pub fn patience() -> Duration {
    let seconds = std::env::var("AVARA_TEST_DEADLINE_SECONDS").ok();
    Duration::from_secs(seconds.map_or(20, |seconds| seconds.parse().unwrap()))
}

fn pty_size((columns, rows): (u16, u16)) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        ..PtySize::default()
    }
}

/// The screen that follows cannot be smaller than 2 by 2; the real one can. One that claims nothing or too
/// much is taken for what the program draws on.
fn screen_size((columns, rows): (u16, u16)) -> (NonZeroU16, NonZeroU16) {
    let (columns, rows) = match (columns, rows) {
        (0, _) | (_, 0) => (80, 24),
        (columns, rows) => (columns.clamp(2, 1_000), rows.clamp(2, 500)),
    };
    let some = |size| NonZeroU16::new(size).unwrap();
    (some(columns), some(rows))
}

/// The line discipline: echo, line editing, signals from keys and the rest.
fn settings(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

fn dump(screen: &Screen) -> String {
    let mut out = String::new();
    for row in screen.rows(0, screen.size().1.get()) {
        let _ = writeln!(out, "| {row}");
    }
    out
}
