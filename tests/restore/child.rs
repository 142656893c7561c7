//! The program with a defect that waits for its moment: everything is real but the step that fails.

use std::io::{self, Stdout};
use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use avara_tui::api::{Client, Connection};
use avara_tui::app::{App, Environment, Model, Pace, ReadOnly, Screen, Session, Size};
use avara_tui::runtime::terminal::{self, Guard};
use avara_tui::runtime::{
    Events, Reconnect, RunError, Services, SetUp, Shell, clipboard, clock, opener, run,
};
use avara_tui::ui::Theme;
use ratatui::Terminal;
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size as Area};

/// Set for the child: what is to fail.
pub const DEFECT: &str = "AVARA_TEST_DEFECT";
/// Set for the child: the file whose appearance makes it fail.
pub const MOMENT: &str = "AVARA_TEST_MOMENT";
/// What a panic may hold and nobody may read on the screen afterwards.
pub const SECRET: &str = "patient Doe";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    PanicInUpdate,
    PanicInDraw,
    PanicInTask,
    /// Beside the program, which goes on.
    PanicInThread,
    Error,
    BrokenPipe,
    /// The planted one: leaves without giving the terminal back.
    Forgets,
}

impl Defect {
    pub const ALL: [Self; 7] = [
        Self::PanicInUpdate,
        Self::PanicInDraw,
        Self::PanicInTask,
        Self::PanicInThread,
        Self::Error,
        Self::BrokenPipe,
        Self::Forgets,
    ];
}

#[derive(Clone)]
struct Moment {
    defect: Defect,
    file: PathBuf,
}

impl Moment {
    fn is_now(&self, defect: Defect) -> bool {
        self.defect == defect && self.file.exists()
    }
}

/// Runs the program until its defect ends it.
pub fn run_child(defect: &str) -> Option<ExitCode> {
    let variable = |name: &str| std::env::var(name).ok();
    let moment = Moment {
        defect: *Defect::ALL.iter().find(|it| format!("{it:?}") == defect)?,
        file: variable(MOMENT)?.into(),
    };
    let client = Client::new(Connection {
        base_url: variable("AVARA_BASE_URL")?.parse().ok()?,
        key: variable("AVARA_API_KEY")?.into(),
    });
    let services = Services {
        key: Reconnect::new(|| Err("none".into())),
        client: client.ok(),
        opener: Arc::new(opener::DesktopOpener),
        clipboard: Arc::new(clipboard::DesktopClipboard),
        journal: None,
        outage: None,
        set_up: SetUp::default(),
        config: None,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .ok()?;
    let result = runtime.block_on(play(services, moment.clone()));
    runtime.shutdown_background();
    Some(match result {
        Ok(Some(signal)) => ExitCode::from(128 + u8::try_from(signal).ok()?),
        Ok(None) => ExitCode::SUCCESS,
        Err(error) => {
            report(&format!("avara-tui: {error}"));
            ExitCode::FAILURE
        }
    })
}

#[expect(clippy::print_stderr, reason = "as the program does at its end")]
fn report(line: &str) {
    eprintln!("{line}");
}

/// Returns the signal that ended it.
async fn play(services: Services, moment: Moment) -> Result<Option<i32>, RunError> {
    let broken = |error: io::Error| RunError::Terminal(error.to_string());
    let guard = Guard::take().map_err(broken)?;
    let backend = Failing {
        inner: CrosstermBackend::new(io::stdout()),
        moment: moment.clone(),
    };
    let mut screen = ManuallyDrop::new(Terminal::new(backend).map_err(broken)?);
    let session = Session {
        place: Environment::Local,
        host: "127.0.0.1".into(),
        key_source: "AVARA_API_KEY".into(),
        read_only: ReadOnly::Off,
        me_wanted: None,
        me: None,
        has_outage: false,
        refresh: Pace::default(),
        lock_after: None,
        watch: Default::default(),
        utc_offset: 0,
    };
    let model = Model::new(session, Screen::Worklist, Size::default(), clock::now());
    let events = Events::new().map_err(broken)?;
    let theme = Theme::default();
    let mut shell = Real(moment.clone());
    let result = run(
        &mut screen,
        events,
        services,
        &mut shell,
        theme,
        App::Running(Box::new(model)),
    )
    .await;
    if moment.is_now(Defect::Forgets) {
        std::mem::forget(guard);
        return Ok(None);
    }
    drop(guard);
    result.map(|(_, outcome)| outcome.signal)
}

/// As the program's own, but for the moment.
struct Real(Moment);

impl Shell for Real {
    fn ring(&mut self, _: usize) {}

    fn write(&mut self, _: &str) -> io::Result<()> {
        Ok(())
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
        if self.0.is_now(Defect::PanicInUpdate) {
            panic!("{SECRET}");
        }
        if self.0.is_now(Defect::PanicInTask) {
            tokio::spawn(async { panic!("{SECRET}") });
        }
        if self.0.is_now(Defect::PanicInThread) {
            let _ = std::thread::spawn(|| panic!("{SECRET}")).join();
        }
        clock::now()
    }
}

/// Draws, unless it is the moment.
struct Failing {
    inner: CrosstermBackend<Stdout>,
    moment: Moment,
}

impl Backend for Failing {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        if self.moment.is_now(Defect::PanicInDraw) {
            panic!("{SECRET}");
        }
        if self.moment.is_now(Defect::Error) || self.moment.is_now(Defect::Forgets) {
            return Err(io::Error::other("it refuses"));
        }
        if self.moment.is_now(Defect::BrokenPipe) {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        self.inner.draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.inner.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.inner.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.inner.clear_region(region)
    }

    fn size(&self) -> io::Result<Area> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.inner)
    }
}
