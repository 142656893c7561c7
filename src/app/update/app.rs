//! The two states of the program: it is being set up, or it runs.

use crate::app::message::effect::Effect;
use crate::app::message::{Msg, Size};
use crate::app::shell::first_run::FirstRun;
use crate::app::update::{Model, start, update};

/// The program.
#[derive(Debug, Clone)]
pub enum App {
    /// No key was given: what the program is, and how to go on.
    FirstRun(Box<FirstRun>),
    Running(Box<Model>),
}

impl App {
    /// Returns the effects that start the program off.
    pub fn start(&mut self) -> Vec<Effect> {
        match self {
            Self::FirstRun(_) => Vec::new(),
            Self::Running(model) => start(model),
        }
    }

    /// Applies one message at time `now` (Unix milliseconds) and returns the effects to run.
    pub fn update(&mut self, msg: Msg, now: i64) -> Vec<Effect> {
        match self {
            Self::FirstRun(run) => run.update(msg),
            Self::Running(model) => update(model, msg, now),
        }
    }

    /// When the program wants to be woken although nothing happens, Unix milliseconds.
    pub fn next_wake(&self) -> Option<i64> {
        match self {
            Self::FirstRun(_) => None,
            Self::Running(model) => model.next_wake(),
        }
    }

    /// Whether something that shows has changed since the last frame.
    pub fn needs_draw(&self) -> bool {
        match self {
            Self::FirstRun(run) => run.needs_draw,
            Self::Running(model) => model.kernel.needs_draw,
        }
    }

    /// A frame was on screen at `now`, Unix milliseconds.
    pub fn drawn(&mut self, now: i64) {
        match self {
            Self::FirstRun(run) => run.needs_draw = false,
            Self::Running(model) => model.drawn(now),
        }
    }

    /// Takes the size of the terminal, without a message.
    pub fn resize(&mut self, size: Size) {
        match self {
            Self::FirstRun(run) => (run.size, run.needs_draw) = (size, true),
            Self::Running(model) => {
                model.kernel.size = size;
                model.kernel.needs_draw = true;
            }
        }
    }

    /// How many new STAT studies wait to be seen.
    pub fn alarms(&self) -> usize {
        match self {
            Self::FirstRun(_) => 0,
            Self::Running(model) => model.lists.news.alarms().len(),
        }
    }
}
