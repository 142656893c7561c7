//! From settings to a running program.
//!
//! One file, because it is one sequence: what is connected, shown and ended, in this order.

use std::ffi::OsStr;
use std::io::{self, IsTerminal, Write};
use std::mem::ManuallyDrop;
use std::sync::Arc;

use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

use crate::api::Client;
#[cfg(feature = "sandbox")]
use crate::api::Connection;
use crate::app::{
    App, Clinic, Clinics, Environment, ExitReason, FirstRun, Model, Pace, ReadOnly, Screen,
    Session, Size,
};
use crate::config::{Alerts, ClinicProfile, ConfigFile, Flags, Settings};
use crate::journal::{self, Journal};
use crate::wire;

use super::Events;
use super::bounds::Bounded;
use super::clipboard::DesktopClipboard;
use super::colors::{ColorChoice, theme};
use super::connect::{ConnectError, connect, site};
use super::effects::{Reconnect, Services};
use super::opener::DesktopOpener;
use super::run::{Outcome, RunError, Shell, run};
use super::set_up::SetUp;
use super::{alerts, clock, terminal};

/// How the program is started.
#[derive(Debug, Clone)]
pub struct Start {
    pub settings: Settings,
    /// Whether to run on an in-process sandbox.
    pub demo: bool,
    pub color: ColorChoice,
    /// Whether to draw in lines, for screen readers.
    pub plain: bool,
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
    #[error("cannot set up the terminal: {0}")]
    Terminal(io::Error),
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error("cannot start the demo: {0}")]
    Demo(String),
    #[error(transparent)]
    Run(#[from] RunError),
    #[error("cannot start the program: {0}")]
    Runtime(io::Error),
}

impl LaunchError {
    /// Whether the start was asked for wrongly, rather than having failed.
    pub fn is_usage(&self) -> bool {
        matches!(self, Self::NotATerminal | Self::DumbTerminal)
    }
}

/// Runs the worklist until the user leaves it.
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
    let mut start = start;
    let mut stage = Stage::new(&start)?;
    loop {
        let set_up = SetUp {
            site: site(&start.settings)?,
            read_only: start.settings.read_only,
            ..SetUp::default()
        };
        let outcome = runtime.block_on(stage.run(&start, set_up.clone()))?;
        stage = match outcome.exit {
            ExitReason::Demo => {
                start.demo = true;
                Stage::new(&start)?
            }
            ExitReason::SetUp => {
                if let Some(settings) = set_up.take() {
                    start.settings = settings;
                }
                Stage::new(&start)?
            }
            ExitReason::Clinic(name) => go(&mut start, &name)?,
            ExitReason::Quit => {
                // A blocking future must not keep the program from ending.
                runtime.shutdown_background();
                return Ok(Ended {
                    signal: outcome.signal,
                });
            }
        };
    }
}

/// Returns the stage of another profile. If it cannot be opened, the same profile starts again and says why.
fn go(start: &mut Start, profile: &str) -> Result<Stage, LaunchError> {
    match settings_of(start, profile).and_then(|settings| Stage::of_clinic(start, settings)) {
        Ok((settings, mut stage)) => {
            start.settings = settings;
            stage.greeting = Some(Greeting::Arrived(profile.to_owned()));
            Ok(stage)
        }
        Err(reason) => {
            let mut stage = Stage::new(start)?;
            let text = format!("{profile} cannot be opened: {reason}");
            stage.greeting = Some(Greeting::Refused(text));
            Ok(stage)
        }
    }
}

/// Returns what the file says about a profile now. The environment is left out, because it was meant for the
/// clinic of the start.
fn settings_of(start: &Start, profile: &str) -> Result<Settings, String> {
    let file = ConfigFile::read(start.settings.file.path.clone());
    let flags = Flags {
        profile: Some(profile.to_owned()),
        me: None,
        read_only: start.settings.read_only,
    };
    let file = file.map_err(|error| error.to_string())?;
    Settings::resolve(&flags, file, |_| None).map_err(|error| error.to_string())
}

/// Whether a terminal of this name can show a screen. Windows' own console has no name.
fn can_show_a_screen(term: Option<&OsStr>) -> bool {
    match term {
        Some(name) => !["", "dumb", "unknown"].iter().any(|dumb| name == *dumb),
        None => cfg!(windows),
    }
}

/// What the program runs on: a server, and what is known of it.
struct Stage {
    session: Session,
    client: Option<Client>,
    key: Reconnect,
    /// `None` in the demo, which writes no file.
    journal: Option<Arc<Journal>>,
    /// Keeps the server alive while the demo runs.
    #[cfg(feature = "sandbox")]
    sandbox: Option<Arc<crate::sandbox::Sandbox>>,
    /// Shown at the start.
    greeting: Option<Greeting>,
}

/// What a stage shows first when it follows another.
enum Greeting {
    /// The profile of this name is open. Studies of one server mean nothing at another, so the cursor and the
    /// marks are gone, and the user is told.
    Arrived(String),
    /// Why the other profile cannot be opened.
    Refused(String),
}

impl Stage {
    fn new(start: &Start) -> Result<Self, LaunchError> {
        if start.demo {
            return Self::demo(start);
        }
        let settings = &start.settings;
        let journal = Arc::new(Journal::new(
            journal::usual_path(),
            settings.base_url.authority(),
        ));
        let client = connect(settings)?.map(|client| client.with_recorder(journal.clone()));
        let place = if wire::is_loopback(&settings.base_url) {
            Environment::Local
        } else {
            Environment::Production
        };
        let server = settings.base_url.authority();
        let host = match &settings.profile {
            Some(profile) => format!("{profile} ({server})"),
            None => server.to_owned(),
        };
        Ok(Self {
            session: session(settings, place, host, settings.me.clone()),
            key: key_source(settings, &journal),
            journal: client.is_some().then_some(journal),
            client,
            #[cfg(feature = "sandbox")]
            sandbox: None,
            greeting: None,
        })
    }

    /// Returns the stage of a clinic. It has a key, or this fails.
    fn of_clinic(start: &Start, settings: Settings) -> Result<(Settings, Self), String> {
        let start = Start {
            settings,
            ..start.clone()
        };
        let stage = Self::new(&start).map_err(|error| error.to_string())?;
        match stage.client {
            Some(_) => Ok((start.settings, stage)),
            None => Err("the file has no API key for it".into()),
        }
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
        })
        .map_err(ConnectError::Client)?;
        let me = sandbox.me().map(|id| id.to_string());
        let mut session = session(&start.settings, Environment::Demo, "the demo".into(), me);
        session.key_source = "the demo".into();
        session.refresh = demo_pace(session.refresh);
        session.lock_after = None;
        Ok(Self {
            session,
            key: Reconnect::same(client.clone()),
            client: Some(client),
            journal: None,
            sandbox: Some(Arc::new(sandbox)),
            greeting: None,
        })
    }

    #[cfg(not(feature = "sandbox"))]
    fn demo(_: &Start) -> Result<Self, LaunchError> {
        Err(LaunchError::Demo(
            "this build has no sandbox; build with the feature \"sandbox\"".into(),
        ))
    }

    /// The program as it starts: set up already, or not.
    fn app(&self, start: &Start) -> App {
        let file = &start.settings.file;
        if self.client.is_none() {
            let address = start.settings.base_url.as_str();
            let run = FirstRun::at(address, file.keys.clone(), start.plain);
            return App::FirstRun(Box::new(run));
        }
        let session = self.session.clone();
        let mut model = Model::new(session, Screen::Worklist, Size::default(), clock::now());
        model.kernel.keys = file.keys.clone();
        model.kernel.is_plain = start.plain;
        model.shell.clinics = clinics(&start.settings);
        model.configure(file.views.clone(), file.targets);
        if let Some(journal) = &self.journal {
            model.inherit(journal.inherit().map_err(|error| error.to_string()));
        }
        match &self.greeting {
            Some(Greeting::Arrived(profile)) => model.kernel.tell(&format!(
                "Now at {profile}. The cursor and the marks were reset."
            )),
            Some(Greeting::Refused(text)) => model.kernel.warn(text),
            None => {}
        }
        App::Running(Box::new(model))
    }

    async fn run(self, start: &Start, set_up: SetUp) -> Result<Outcome, LaunchError> {
        let file = &start.settings.file;
        // Reads the journal. If that takes long, the terminal still works as usual.
        let app = self.app(start);
        let guard = terminal::Guard::take().map_err(LaunchError::Terminal)?;
        let backend = Bounded(CrosstermBackend::new(io::stdout()));
        let screen = Terminal::new(backend).map_err(LaunchError::Terminal)?;
        // Dropping it would show the cursor again, and panic if the terminal is gone. The guard has shown it
        // already.
        let mut screen = ManuallyDrop::new(screen);
        let services = Services {
            key: self.key,
            #[cfg(feature = "sandbox")]
            outage: self.sandbox.clone().map(outage),
            #[cfg(not(feature = "sandbox"))]
            outage: None,
            client: self.client,
            opener: Arc::new(DesktopOpener),
            clipboard: Arc::new(DesktopClipboard),
            journal: self.journal,
            config: file.path.clone(),
            set_up,
        };
        let events = Events::new().map_err(LaunchError::Terminal)?;
        let theme = theme(&file.theme.palette, start.color);
        let mut shell = RealShell {
            alerts: file.alerts,
        };
        let result = run(&mut screen, events, services, &mut shell, theme, app).await;
        drop(guard);
        Ok(result?.1)
    }
}

/// Returns the faults of an outage: half of all requests fail, and some of the writes are carried out without
/// an answer.
#[cfg(feature = "sandbox")]
const OUTAGE: &str = "5xx-before-apply:0.4,rst-after-apply:0.3,cut-json:0.2";

#[cfg(feature = "sandbox")]
fn outage(sandbox: Arc<crate::sandbox::Sandbox>) -> Arc<dyn Fn(bool) + Send + Sync> {
    Arc::new(move |is_on| {
        let faults = if is_on { OUTAGE } else { "" };
        // The text is our own, and a test reads it.
        sandbox.set_faults(faults.parse().unwrap_or_default());
    })
}

/// One study a minute, about as many as the imaginary radiologists read, so that the list keeps its length.
#[cfg(feature = "sandbox")]
const DEMO_ARRIVALS: f64 = 60.0;
/// The demo's server is on this computer. Reading it often makes changes visible soon.
#[cfg(feature = "sandbox")]
fn demo_pace(pace: Pace) -> Pace {
    Pace {
        stat: 5_000,
        open: 15_000,
        ..pace
    }
}

/// Reads the key again, as at the start.
fn key_source(settings: &Settings, journal: &Arc<Journal>) -> Reconnect {
    let (settings, journal) = (settings.clone(), journal.clone());
    Reconnect::new(move || match connect(&settings) {
        Ok(Some(client)) => Ok(client.with_recorder(journal.clone())),
        Ok(None) => Err("There is no API key any more".into()),
        Err(error) => Err(error.to_string()),
    })
}

fn session(settings: &Settings, place: Environment, host: String, me: Option<String>) -> Session {
    Session {
        place,
        host,
        key_source: settings.key_source().to_string(),
        read_only: if settings.read_only {
            ReadOnly::Forced
        } else {
            ReadOnly::Off
        },
        me_wanted: me,
        me: None,
        has_outage: false,
        refresh: Pace {
            jitter: jitter(),
            ..settings.file.refresh
        },
        lock_after: Some(settings.file.lock_after),
        watch: settings.file.lock_watch,
        utc_offset: clock::utc_offset(),
    }
}

fn clinics(settings: &Settings) -> Clinics {
    let clinic = |(name, profile): (&String, &ClinicProfile)| Clinic {
        name: name.clone(),
        host: match &profile.base_url {
            Some(url) => url.authority().to_owned(),
            None => "the vendor's address".into(),
        },
    };
    Clinics {
        all: settings.file.profiles.iter().map(clinic).collect(),
        current: settings.profile.clone(),
    }
}

/// Returns a number that differs for each start, so that workstations that start together do not ask at the
/// same time.
fn jitter() -> u16 {
    fastrand::u16(..=1_000)
}

struct RealShell {
    alerts: Alerts,
}

impl Shell for RealShell {
    fn ring(&mut self, waiting: usize) {
        let in_tmux = std::env::var_os("TMUX").is_some_and(|value| !value.is_empty());
        let (now, offset) = (clock::now(), clock::utc_offset());
        let sequence = alerts::sequence(self.alerts, waiting, now, offset, in_tmux);
        // A failed bell is no reason to stop.
        let _ = self.write(&sequence);
    }

    fn write(&mut self, sequence: &str) -> io::Result<()> {
        let mut out = io::stdout();
        out.write_all(sequence.as_bytes())
            .and_then(|()| out.flush())
    }

    fn suspend(&mut self) -> io::Result<()> {
        terminal::suspend()
    }

    fn resume(&mut self) -> io::Result<bool> {
        terminal::resume()
    }

    fn retake(&mut self) -> io::Result<()> {
        terminal::retake()
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

    #[cfg(feature = "sandbox")]
    #[test]
    fn the_outage_is_one_that_the_sandbox_knows() {
        use crate::sandbox::Faults;
        assert!(OUTAGE.parse::<Faults>().is_ok());
        assert!("".parse::<Faults>().is_ok());
    }
}
