//! The loop: takes in what happened, starts what is asked for, and draws if something shows.

use std::time::Duration;

use futures::future::poll_immediate;
use futures::{Stream, StreamExt};
use ratatui::Terminal;
use ratatui::backend::Backend;
use ratatui::layout::Rect;
use tokio::time::Instant;

use crate::app::{App, Effect, ExitReason, Msg, Size};
use crate::ui::{self, Theme};

use super::effects::{Demand, Ended, Services, Tasks};
use super::events::{TerminalEvent, message_of};
use super::signals::{self, Asked, Signals};

/// Frames that no key asked for come at most this often.
const FRAME: Duration = Duration::from_millis(16);
/// At most this many ready results are taken in before input and the screen get their turn.
const DRAIN: usize = 64;
/// How long after the signal to continue a signal to end may come.
const BEHIND: Duration = Duration::from_millis(200);
/// How long after the end of the terminal the signal for it may come.
const HANGUP: Duration = Duration::from_millis(200);

#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("cannot write to the terminal: {0}")]
    Terminal(String),
    #[error("cannot listen for signals: {0}")]
    Signals(std::io::Error),
    #[error("part of the program failed, so it ended; see the line above")]
    Defect,
}

/// What the loop does with the terminal besides drawing.
pub trait Shell {
    /// Reports this many unassigned STAT studies.
    fn ring(&mut self, waiting: usize);
    /// Writes a sequence to the terminal, between two frames.
    fn write(&mut self, sequence: &str) -> std::io::Result<()>;
    /// Gives the terminal back to the shell and stops until continued.
    fn suspend(&mut self) -> std::io::Result<()>;
    /// Takes the terminal again after that. Returns whether it did: not while another job has it.
    fn resume(&mut self) -> std::io::Result<bool>;
    /// Takes the terminal again, in whatever mode it was left.
    fn retake(&mut self) -> std::io::Result<()>;
    /// Whether the terminal is still ours. A failure outside of the loop may have given it back.
    fn has_terminal(&self) -> bool;
    fn now(&self) -> i64;
}

/// How the loop ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub exit: ExitReason,
    /// The signal that ended it, if one did.
    pub signal: Option<i32>,
}

struct Loop<'a, B: Backend, S> {
    app: App,
    tasks: Tasks,
    terminal: &'a mut Terminal<B>,
    shell: &'a mut S,
    theme: Theme,
    drawn_at: Option<Instant>,
    left: Option<ExitReason>,
    signal: Option<i32>,
    /// The terminal is gone, so nobody can see or type.
    lost: bool,
    /// Continued while another job has the terminal, so nothing is drawn.
    is_behind: bool,
}

/// Runs the program until it leaves; returns the program as it was at the end, so that tests can look.
pub async fn run<B, E, S>(
    terminal: &mut Terminal<B>,
    mut events: E,
    services: Services,
    shell: &mut S,
    theme: Theme,
    app: App,
) -> Result<(App, Outcome), RunError>
where
    B: Backend,
    E: Stream<Item = std::io::Result<TerminalEvent>> + Unpin,
    S: Shell,
{
    let mut signals = Signals::new().map_err(RunError::Signals)?;
    let mut state = Loop {
        app,
        tasks: Tasks::new(services),
        terminal,
        shell,
        theme,
        drawn_at: None,
        left: None,
        signal: None,
        lost: false,
        is_behind: false,
    };
    let result = state.run(&mut signals, &mut events).await;
    let is_broken = matches!(result, Err(RunError::Terminal(_)));
    if is_broken && !state.lost {
        state.lost = ends(&mut events).await;
    }
    if state.lost || is_broken {
        let told = tokio::time::timeout(HANGUP, signals.next()).await;
        let told = match told {
            Ok(Asked::End(number)) => Some(number),
            // Nobody told us, for example because our shell ignores hang-ups.
            Ok(Asked::Stop | Asked::GoOn) | Err(_) => state.lost.then_some(signals::HANGUP),
        };
        state.signal = state.signal.or(told);
    }
    if state.signal.is_none() {
        result?;
    }
    let outcome = Outcome {
        exit: state.left.unwrap_or(ExitReason::Quit),
        signal: state.signal,
    };
    Ok((state.app, outcome))
}

/// Whether no more events come. Then the terminal is gone, and has not just refused a frame.
async fn ends<E>(events: &mut E) -> bool
where
    E: Stream<Item = std::io::Result<TerminalEvent>> + Unpin,
{
    let end = async { while let Some(Ok(_)) = events.next().await {} };
    tokio::time::timeout(HANGUP, end).await.is_ok()
}

async fn wait_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

impl<B: Backend, S: Shell> Loop<'_, B, S> {
    async fn run<E>(&mut self, signals: &mut Signals, events: &mut E) -> Result<(), RunError>
    where
        E: Stream<Item = std::io::Result<TerminalEvent>> + Unpin,
    {
        self.repaint()?;
        let effects = self.app.start();
        self.carry_out(effects)?;
        self.draw_if_due()?;
        // The first rows do not wait until the empty screen was seen.
        self.drawn_at = None;
        while self.left.is_none() {
            if self.is_behind {
                self.wait_behind(signals).await?;
                continue;
            }
            if !self.shell.has_terminal() {
                return Err(RunError::Defect);
            }
            self.draw_if_due()?;
            let wakes_at = self.wakes_at();
            tokio::select! {
                biased;
                asked = signals.next() => self.handle_asked(asked)?,
                ended = self.tasks.next(), if !self.tasks.is_empty() => self.handle_ended(ended)?,
                event = events.next() => self.handle_event(event)?,
                () = wait_until(wakes_at) => self.handle(Msg::Ticked)?,
            }
            self.drain(events).await?;
        }
        Ok(())
    }

    /// Takes in what else is ready, up to a limit, so that a flood of replies cannot hold up the keys.
    ///
    /// It does not wait, but uses this task's own waker: an event stream that is polled with another waker
    /// would not wake this task for the next key.
    async fn drain<E>(&mut self, events: &mut E) -> Result<(), RunError>
    where
        E: Stream<Item = std::io::Result<TerminalEvent>> + Unpin,
    {
        for _ in 0..DRAIN {
            if self.left.is_some() {
                return Ok(());
            }
            let mut idle = true;
            if let Some(event) = poll_immediate(events.next()).await {
                self.handle_event(event)?;
                idle = false;
            }
            if let Some(ended) = self.tasks.try_next() {
                self.handle_ended(ended)?;
                // Its effects are started before the next result is taken in.
                tokio::task::yield_now().await;
                idle = false;
            }
            if idle {
                return Ok(());
            }
        }
        Ok(())
    }

    fn handle_event(
        &mut self,
        event: Option<std::io::Result<TerminalEvent>>,
    ) -> Result<(), RunError> {
        match event {
            Some(Ok(TerminalEvent::Input(input))) => {
                // After a key the frame is drawn at once.
                self.drawn_at = None;
                self.handle(message_of(input))
            }
            Some(Ok(TerminalEvent::Resized)) => {
                let size = self.size()?;
                self.handle(Msg::Resized(size))
            }
            Some(Err(_)) | None => {
                self.lost = true;
                self.handle(Msg::Terminated)
            }
        }
    }

    fn handle_asked(&mut self, asked: Asked) -> Result<(), RunError> {
        match asked {
            Asked::End(number) => {
                self.signal = Some(number);
                self.handle(Msg::Terminated)
            }
            Asked::Stop => self.suspend(),
            Asked::GoOn => {
                self.shell.retake().map_err(broken)?;
                self.show_again()
            }
        }
    }

    fn suspend(&mut self) -> Result<(), RunError> {
        self.shell.suspend().map_err(broken)?;
        self.come_back()
    }

    /// After being continued, takes the terminal if it can.
    fn come_back(&mut self) -> Result<(), RunError> {
        self.is_behind = !self.shell.resume().map_err(broken)?;
        if self.is_behind {
            return Ok(());
        }
        self.show_again()
    }

    /// Another job has the terminal. A signal to end is obeyed. Without one the program stops again until it
    /// is brought to the front.
    async fn wait_behind(&mut self, signals: &mut Signals) -> Result<(), RunError> {
        match tokio::time::timeout(BEHIND, signals.next()).await {
            Ok(Asked::End(number)) => {
                self.signal = Some(number);
                self.left = Some(ExitReason::Quit);
                Ok(())
            }
            Ok(Asked::Stop | Asked::GoOn) => self.come_back(),
            Err(_) => self.suspend(),
        }
    }

    /// Time has passed, so the next frame may have to be the lock.
    fn show_again(&mut self) -> Result<(), RunError> {
        let effects = self.app.update(Msg::Ticked, self.shell.now());
        self.repaint()?;
        self.carry_out(effects)
    }

    fn handle_ended(&mut self, ended: Ended) -> Result<(), RunError> {
        match ended {
            Ended::Message(msg) => self.handle(msg),
            Ended::Sequence(sequence, msg) => {
                self.shell.write(&sequence.0).map_err(broken)?;
                self.handle(msg)
            }
            Ended::Aborted => Ok(()),
            Ended::Defect => Err(RunError::Defect),
        }
    }

    fn handle(&mut self, msg: Msg) -> Result<(), RunError> {
        let effects = self.app.update(msg, self.shell.now());
        self.carry_out(effects)
    }

    fn carry_out(&mut self, effects: Vec<Effect>) -> Result<(), RunError> {
        for effect in effects {
            match self.tasks.start(effect) {
                Demand::None => {}
                Demand::Ring => self.shell.ring(self.app.alarms()),
                Demand::Repaint => self.repaint()?,
                Demand::Suspend => self.suspend()?,
                Demand::Leave(exit) => self.left = self.left.take().or(Some(exit)),
            }
        }
        Ok(())
    }

    /// Draws on an empty screen of the terminal's real size, which may have changed unnoticed.
    ///
    /// It does not use `Terminal::clear`, which asks the terminal where its cursor is: one that answers late
    /// or never would keep the program from starting.
    fn repaint(&mut self) -> Result<(), RunError> {
        let size = self.size()?;
        let area = Rect::new(0, 0, size.width, size.height);
        self.terminal.resize(area).map_err(broken)?;
        self.app.resize(size);
        self.drawn_at = None;
        Ok(())
    }

    fn size(&self) -> Result<Size, RunError> {
        let size = self.terminal.size().map_err(broken)?;
        Ok(Size {
            width: size.width,
            height: size.height,
        })
    }

    fn draw_if_due(&mut self) -> Result<(), RunError> {
        let rested = self.drawn_at.is_none_or(|at| at.elapsed() >= FRAME);
        if !self.app.needs_draw() || !rested || self.is_behind {
            return Ok(());
        }
        self.drawn_at = Some(Instant::now());
        let (app, theme) = (&self.app, self.theme);
        self.terminal
            .draw(|frame| {
                ui::view_app(app, theme, frame);
            })
            .map_err(broken)?;
        // Keys are read against the time at which the frame was out, however long the terminal took.
        self.app.drawn(self.shell.now());
        Ok(())
    }

    /// Returns when to go round although nothing happened: for a frame that is due, or as the model asks.
    fn wakes_at(&self) -> Option<Instant> {
        if self.app.needs_draw() {
            return self.drawn_at.map(|at| at + FRAME);
        }
        let wait = self.app.next_wake()? - self.shell.now();
        Some(Instant::now() + Duration::from_millis(u64::try_from(wait).unwrap_or(0)))
    }
}

fn broken(error: impl std::fmt::Display) -> RunError {
    RunError::Terminal(error.to_string())
}
