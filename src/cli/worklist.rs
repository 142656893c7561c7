//! The interactive worklist, and the table of its keys.

use crate::app::KeyTable;
use crate::config::ConfigFile;
use crate::runtime::{ColorChoice, LaunchError, Start, launch};

use super::{Cli, Color, Exit, Out, Problem, conclude};

/// Runs the worklist until the user leaves it.
pub fn run_worklist(cli: &Cli, out: &mut Out) -> Exit {
    conclude(start(cli), out)
}

fn start(cli: &Cli) -> Result<Exit, Problem> {
    let settings = cli.settings()?;
    let ended = launch(Start {
        plain: cli.global.plain || settings.file.plain,
        settings,
        demo: cli.global.demo,
        color: match cli.global.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        },
    })?;
    Ok(ended.signal.map_or(Exit::Done, Exit::Signal))
}

/// Prints every action with its configured keys. If the configuration is wrong, it prints the default keys,
/// because the names are needed to correct it.
pub fn print_keys(cli: &Cli, out: &mut Out) -> Exit {
    let read = ConfigFile::read(cli.config_path());
    let printed = match read {
        Ok(file) => out.data(&file.keys.to_text()).map(|()| Exit::Done),
        Err(error) => out
            .data(&KeyTable::standard().to_text())
            .and_then(|()| Err(error.into())),
    };
    conclude(printed, out)
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
