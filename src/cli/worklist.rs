//! The interactive worklist, and the table of its keys.

use crate::app::key_table;
use crate::runtime::{ColorChoice, LaunchError, Start, launch};

use super::{Cli, Color, Exit, Out, Problem, conclude};

/// Runs the worklist until it is left.
pub fn run_worklist(cli: &Cli, out: &mut Out) -> Exit {
    conclude(start(cli), out)
}

fn start(cli: &Cli) -> Result<Exit, Problem> {
    let ended = launch(Start {
        settings: cli.settings()?,
        demo: cli.global.demo,
        color: match cli.global.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        },
    })?;
    Ok(ended.signal.map_or(Exit::Done, Exit::Signal))
}

/// Prints every action with its keys.
pub fn print_keys(out: &mut Out) -> Exit {
    conclude(out.data(&key_table()).map(|()| Exit::Done), out)
}

impl From<LaunchError> for Problem {
    fn from(error: LaunchError) -> Self {
        match error {
            LaunchError::Connect(error) => error.into(),
            error if error.is_usage() => Self::Usage(error.to_string()),
            error => Self::Other(error.to_string()),
        }
    }
}
