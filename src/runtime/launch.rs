//! From settings to a running program.

use std::ffi::OsStr;
use std::io::{self, IsTerminal, Write};
use std::mem::ManuallyDrop;
use std::sync::Arc;

use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

use crate::api::{Client, ClientError, Connection};
use crate::app::{Exit, Model, Pace, Place, ReadOnly, Screen, Session, Size};
use crate::config::{ConfigFile, Flags, Settings};
use crate::journal::{self, Journal};
use crate::ui::Theme;
use crate::wire;

#[cfg(not(unix))]
use super::console::Events;
use super::effects::{KeySource, Services};
use super::opener::Desktop;
use super::run::{Outcome, RunError, Shell, run};
#[cfg(unix)]
use super::tty::Events;
use super::{clipboard, clock, terminal};

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColorChoice {
    /// Unless `NO_COLOR` is set.
    #[default]
    Auto,
    Always,
    Never,
}

/// What the program is started with.
#[derive(Debug, Clone)]
pub struct Start {
    pub settings: Settings,
    /// Run on an in-process sandbox.
    pub demo: bool,
    pub color: ColorChoice,
}

/// How the program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// The signal that ended it, if one did.
    pub signal: Option<i32>,
}

#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    #[error(
        "the worklist needs a terminal for input and output; for scripts there is \
         `avara-tui studies list`"
    )]
    NotATerminal,
    #[error(
        "the terminal cannot show a screen, or TERM does not say what it is; try TERM=xterm-256color"
    )]
    DumbTerminal,
    #[error("the terminal cannot be taken over: {0}")]
    Terminal(io::Error),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("the demo cannot start: {0}")]
    Demo(String),
    #[error(transparent)]
    Run(#[from] RunError),
    #[error("the program cannot start: {0}")]
    Runtime(io::Error),
}

impl LaunchError {
    /// The start itself was asked for wrongly, rather than having failed.
    pub fn is_usage(&self) -> bool {
        matches!(self, Self::NotATerminal | Self::DumbTerminal)
    }
}

/// Runs the worklist until it is left.
pub fn launch(start: Start) -> Result<Ended, LaunchError> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(LaunchError::NotATerminal);
    }
    if !can_show_a_screen(std::env::var_os("TERM").as_deref()) {
        return Err(LaunchError::DumbTerminal);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(LaunchError::Runtime)?;
    let mut demo = start.demo;
    loop {
        let stage = Stage::new(&start, demo)?;
        let outcome = runtime.block_on(stage.play(start.color, start.settings.file.clone()))?;
        match outcome.exit {
            Exit::Demo => demo = true,
            Exit::Quit => {
                // A future that blocks must not keep the program from ending.
                runtime.shutdown_background();
                return Ok(Ended {
                    signal: outcome.signal,
                });
            }
        }
    }
}

/// By its name. Windows' own console has none.
fn can_show_a_screen(term: Option<&OsStr>) -> bool {
    match term {
        Some(name) => !["", "dumb", "unknown"].iter().any(|dumb| name == *dumb),
        None => cfg!(windows),
    }
}

/// Where the program plays: a server, and what is known of it.
struct Stage {
    session: Session,
    screen: Screen,
    client: Option<Client>,
    key: KeySource,
    /// The demo has none: it writes no file.
    journal: Option<Arc<Journal>>,
    /// Kept alive while the demo runs.
    #[cfg(feature = "sandbox")]
    _sandbox: Option<crate::sandbox::Sandbox>,
}

impl Stage {
    fn new(start: &Start, demo: bool) -> Result<Self, LaunchError> {
        if demo {
            return Self::demo(start);
        }
        let settings = &start.settings;
        let host = settings.base_url.authority().to_owned();
        let journal = Arc::new(Journal::new(journal::usual_path(), &host));
        let client = match &settings.key {
            Some(key) => {
                let client = Client::new(Connection {
                    base_url: settings.base_url.clone(),
                    key: key.clone(),
                })?;
                Some(client.with_witness(journal.clone()))
            }
            None => None,
        };
        let place = if wire::is_loopback(&settings.base_url) {
            Place::Local
        } else {
            Place::Production
        };
        Ok(Self {
            session: session(settings, place, host, settings.me.clone()),
            screen: match client {
                Some(_) => Screen::Worklist,
                None => Screen::FirstRun,
            },
            key: key_source(settings),
            journal: client.is_some().then_some(journal),
            client,
            #[cfg(feature = "sandbox")]
            _sandbox: None,
        })
    }

    #[cfg(feature = "sandbox")]
    fn demo(start: &Start) -> Result<Self, LaunchError> {
        use crate::sandbox::{Options, Sandbox};
        let sandbox = Sandbox::start(Options {
            arrivals_per_hour: DEMO_ARRIVALS,
            lively: true,
            ..Options::default()
        })
        .map_err(|error| LaunchError::Demo(error.to_string()))?;
        let base_url = wire::check_base_url(&sandbox.base_url())
            .map_err(|error| LaunchError::Demo(error.to_string()))?;
        let client = Client::new(Connection {
            base_url,
            key: sandbox.api_key().to_owned().into(),
        })?;
        let me = sandbox.me().map(|id| id.to_string());
        let mut session = session(&start.settings, Place::Demo, "the demo".into(), me);
        session.key_source = "the demo".into();
        session.refresh = demo_pace(session.refresh);
        session.lock_after = None;
        Ok(Self {
            session,
            screen: Screen::Worklist,
            key: KeySource::same(client.clone()),
            client: Some(client),
            journal: None,
            _sandbox: Some(sandbox),
        })
    }

    #[cfg(not(feature = "sandbox"))]
    fn demo(_: &Start) -> Result<Self, LaunchError> {
        Err(LaunchError::Demo(
            "this build has no sandbox; build with the feature \"sandbox\"".into(),
        ))
    }

    async fn play(self, color: ColorChoice, file: ConfigFile) -> Result<Outcome, LaunchError> {
        let guard = terminal::Guard::take().map_err(LaunchError::Terminal)?;
        let screen =
            Terminal::new(CrosstermBackend::new(io::stdout())).map_err(LaunchError::Terminal)?;
        // Dropping it would show the cursor once more and panic where the terminal is gone; the guard
        // has done so by then.
        let mut screen = ManuallyDrop::new(screen);
        let mut model = Model::new(self.session, self.screen, Size::default(), clock::now());
        model.configure(file.views, file.targets);
        if let Some(journal) = &self.journal {
            model.inherit(journal.inherit().map_err(|error| error.to_string()));
        }
        let services = Services {
            key: self.key,
            client: self.client,
            opener: Arc::new(Desktop),
            clipboard: Arc::new(clipboard::Desktop),
            journal: self.journal,
            config: file.path,
        };
        let events = Events::new().map_err(LaunchError::Terminal)?;
        let theme = theme(color);
        let result = run(&mut screen, events, services, &mut RealShell, theme, model).await;
        drop(guard);
        Ok(result?.1)
    }
}

/// One study a minute, about as many as the imaginary radiologists read: the list stays level.
#[cfg(feature = "sandbox")]
const DEMO_ARRIVALS: f64 = 60.0;
/// The demo's server is at hand; reading it often makes its life visible.
#[cfg(feature = "sandbox")]
fn demo_pace(pace: Pace) -> Pace {
    Pace {
        stat: 5_000,
        open: 15_000,
        ..pace
    }
}

/// Nobody at the keys for so long: the screen locks, in milliseconds.
const LOCK_AFTER: i64 = 10 * 60_000;

/// Reads the key again, as at the start.
fn key_source(settings: &Settings) -> KeySource {
    let base_url = settings.base_url.clone();
    KeySource::new(move || {
        let again = Settings::resolve(Flags::default(), |name| std::env::var_os(name));
        let key = again.map_err(|error| error.to_string())?.key;
        let key = key.ok_or_else(|| "There is no API key any more".to_owned())?;
        let base_url = base_url.clone();
        Client::new(Connection { base_url, key }).map_err(|error| error.to_string())
    })
}

fn session(settings: &Settings, place: Place, host: String, me: Option<String>) -> Session {
    Session {
        place,
        host,
        key_source: settings.key_source.clone(),
        read_only: if settings.read_only {
            ReadOnly::Forced
        } else {
            ReadOnly::Off
        },
        me_wanted: me,
        me: None,
        refresh: Pace::default(),
        lock_after: Some(LOCK_AFTER),
        utc_offset: clock::utc_offset(),
    }
}

fn theme(color: ColorChoice) -> Theme {
    let color = match color {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    };
    Theme { color }
}

struct RealShell;

impl Shell for RealShell {
    fn ring(&mut self) {
        let mut out = io::stdout();
        // A bell that cannot be rung is no reason to stop.
        let _ = out.write_all(b"\x07").and_then(|()| out.flush());
    }

    fn write(&mut self, sequence: &str) -> io::Result<()> {
        let mut out = io::stdout();
        out.write_all(sequence.as_bytes())
            .and_then(|()| out.flush())
    }

    fn suspend(&mut self) -> io::Result<()> {
        terminal::suspend()
    }

    fn take_again(&mut self) -> io::Result<()> {
        terminal::take_again()
    }

    fn has_terminal(&self) -> bool {
        terminal::is_ours()
    }

    fn now(&self) -> i64 {
        clock::now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_terminal_that_has_a_name_is_drawn_on() {
        for (term, can) in [
            ("xterm", true),
            ("linux", true),
            ("dumb", false),
            ("", false),
        ] {
            assert_eq!(can_show_a_screen(Some(OsStr::new(term))), can, "{term:?}");
        }
        assert_eq!(can_show_a_screen(None), cfg!(windows));
    }
}
