//! `doctor`: checks the setup and says how to fix it. It only reads, and changes nothing.

mod environment;
mod server;
mod setup;

use clap::Args;
use serde::Serialize;

use crate::config::ConfigFile;
use crate::text::clean;

use setup::Setup;

use super::{Cli, Exit, Out, Problem, conclude, runtime};

const EXAMPLES: &str = "\
Examples:
  avara-tui doctor
  avara-tui doctor --profile night
  avara-tui doctor --json | jq -r '.[] | select(.state == \"broken\") | .todo'

It changes nothing, and never shows the key.";

#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct DoctorArgs {
    /// Print one JSON array, an object for each check
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ok,
    /// It works, but not as well as it could.
    Warning,
    Broken,
    /// It could not be checked, because of something above.
    Skipped,
}

/// One line of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Check {
    name: &'static str,
    state: State,
    found: String,
    todo: String,
}

const NOTHING: &str = "nothing to do";

impl Check {
    fn new(name: &'static str, state: State, found: impl ToString, todo: impl ToString) -> Self {
        Self {
            name,
            state,
            found: clean(&found.to_string()).into_owned(),
            todo: clean(&todo.to_string()).into_owned(),
        }
    }

    fn ok(name: &'static str, found: impl ToString) -> Self {
        Self::new(name, State::Ok, found, NOTHING)
    }

    fn warning(name: &'static str, found: impl ToString, todo: impl ToString) -> Self {
        Self::new(name, State::Warning, found, todo)
    }

    fn broken(name: &'static str, found: impl ToString, todo: impl ToString) -> Self {
        Self::new(name, State::Broken, found, todo)
    }

    fn skipped(name: &'static str, because: &str) -> Self {
        let found = format!("not looked at: {because}");
        Self::new(name, State::Skipped, found, "see what is broken above")
    }

    /// A check with an error whose message ends, after a semicolon, with what to do.
    fn told(name: &'static str, error: impl ToString, otherwise: &str) -> Self {
        let error = error.to_string();
        match error.rsplit_once("; ") {
            Some((found, todo)) => Self::broken(name, found, todo),
            None => Self::broken(name, error, otherwise),
        }
    }
}

/// Runs `doctor`.
pub fn run_doctor(cli: &Cli, arguments: &DoctorArgs, out: &mut Out) -> Exit {
    conclude(report(cli, arguments, out), out)
}

fn report(cli: &Cli, arguments: &DoctorArgs, out: &mut Out) -> Result<Exit, Problem> {
    let Setup {
        mut checks,
        settings,
        key,
    } = setup::look(cli);
    checks.extend(runtime()?.block_on(server::checks(settings.as_ref(), key)));
    let theme = cli.config_path().map(|path| ConfigFile::read(Some(path)));
    let theme = theme.and_then(Result::ok).map(|file| file.theme);
    checks.extend(environment::checks(cli, &theme.unwrap_or_default()));
    if arguments.json {
        let text = serde_json::to_string_pretty(&checks);
        let text = text.map_err(|error| Problem::Other(error.to_string()))?;
        out.data(&format!("{text}\n"))?;
    } else {
        out.data(&as_text(&checks))?
    }
    let is_broken = checks.iter().any(|check| check.state == State::Broken);
    Ok(if is_broken { Exit::Error } else { Exit::Done })
}

fn as_text(checks: &[Check]) -> String {
    let width = checks.iter().map(|check| check.name.len()).max();
    let width = width.unwrap_or(0);
    let line = |check: &Check| {
        let state = match check.state {
            State::Ok => "ok     ",
            State::Warning => "warning",
            State::Broken => "BROKEN ",
            State::Skipped => "skipped",
        };
        let Check {
            name, found, todo, ..
        } = check;
        format!("{state}  {name:<width$}  {found}: {todo}\n")
    };
    let count = |state| checks.iter().filter(|check| check.state == state).count();
    let summary = match (count(State::Broken), count(State::Warning)) {
        (0, 0) => "Everything works.".into(),
        (0, warnings) => format!("It works, with {warnings} to look at."),
        (broken, _) => format!("Broken: {broken}. Begin with the first."),
    };
    let lines: String = checks.iter().map(line).collect();
    format!("{lines}\n{summary}\n")
}
