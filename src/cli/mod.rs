//! The command line: what can be typed, and the verbs that need no terminal.

mod columns;
mod config;
mod definition;
mod doctor;
mod exit;
mod invitations;
mod journal;
mod manual;
mod out;
mod passes;
mod people;
mod render;
mod resolving;
#[cfg(feature = "sandbox")]
mod sandbox;
mod session;
mod set_aside;
mod shell;
mod studies;
mod users;
mod worklist;
mod write;
mod writing;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, FromArgMatches, Parser, Subcommand, ValueEnum};

pub use config::{ConfigCommand, run_config};
pub use definition::definition;
pub use doctor::{DoctorArgs, run_doctor};
pub use exit::{Exit, Problem};
pub use invitations::InvitationsCommand;
pub use journal::JournalCommand;
pub use out::Out;
pub use resolving::{Resolved, resolve};
#[cfg(feature = "sandbox")]
pub use sandbox::SandboxArgs;
pub use shell::{CompletionsArgs, ManArgs, print_completions, print_manual};
pub use studies::StudiesCommand;
pub use users::UsersCommand;
pub use worklist::{print_keys, run_worklist};

use crate::config::{ConfigFile, Flags, Settings, usual_path};
use crate::text::clean;

const EXAMPLES: &str = "\
Examples:
  avara-tui --demo
  avara-tui studies list --filter 'sev:stat,high to:none age:>1h'
  avara-tui studies assign stu_1234567890abcdef1234567890abcdef --to dana.kim@example.org

Environment:
  AVARA_API_KEY   the API key of your clinic (there is no flag for it)
  AVARA_BASE_URL  the address of the API, for example that of `avara-tui sandbox`
  AVARA_ME        who you are, as --me

Exit codes:
  0 done, 1 error, 2 usage or settings, 3 only a part was done or read, 4 key or permission

A coordination tool, not a diagnostic device.";

const KEYS_EXAMPLES: &str = "\
Examples:
  avara-tui keys
  avara-tui keys | grep -i assign

Inside the program, ? shows the keys of the screen and : every action.";

/// A terminal worklist for radiology coordinators. Without a command it opens the worklist.
#[derive(Debug, Parser)]
#[command(name = "avara-tui", version, after_help = EXAMPLES)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

/// The flags of every command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Show the worklist of a fictional clinic: no key, no network, no files
    #[arg(long)]
    pub demo: bool,
    /// Show the worklist as plain lines, for screen readers and braille displays
    #[arg(long)]
    pub plain: bool,
    /// Refuse all changes
    #[arg(long, global = true, help_heading = "Global options")]
    pub read_only: bool,
    /// Who you are: your e-mail address or user id
    #[arg(
        long,
        global = true,
        value_name = "WHO",
        help_heading = "Global options"
    )]
    pub me: Option<String>,
    /// The profile to use from the configuration file
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        help_heading = "Global options"
    )]
    pub profile: Option<String>,
    /// Use this configuration file instead of the default one
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Global options"
    )]
    pub config: Option<PathBuf>,
    /// Give up a request of a command after this many seconds, repetitions included
    #[arg(
        long,
        global = true,
        value_name = "SECONDS",
        default_value_t = 60,
        value_parser = clap::value_parser!(u64).range(1..=3600),
        help_heading = "Global options"
    )]
    pub timeout: u64,
    /// When to use colour
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        default_value_t,
        help_heading = "Global options"
    )]
    pub color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// The interactive worklist, which runs when no command is given.
    #[command(skip)]
    Tui,
    /// List, look up and change studies
    #[command(subcommand, after_help = studies::EXAMPLES)]
    Studies(StudiesCommand),
    /// List, invite and change users, and revoke their access
    #[command(subcommand, after_help = users::EXAMPLES)]
    Users(UsersCommand),
    /// List, change and revoke invitations
    #[command(subcommand, after_help = invitations::EXAMPLES)]
    Invitations(InvitationsCommand),
    /// Run a test server on this computer
    #[cfg(feature = "sandbox")]
    Sandbox(SandboxArgs),
    /// Show or check the settings
    #[command(subcommand, after_help = config::EXAMPLES)]
    Config(ConfigCommand),
    /// Show or check the journal: the changes made from this computer
    #[command(subcommand)]
    Journal(JournalCommand),
    /// Check your setup and say how to fix it
    Doctor(DoctorArgs),
    /// Show the key table
    #[command(after_help = KEYS_EXAMPLES)]
    Keys,
    /// Print shell completions
    #[command(after_help = shell::COMPLETIONS_EXAMPLES)]
    Completions(CompletionsArgs),
    /// Print the manual page, or write all of them into a folder
    #[command(after_help = shell::MAN_EXAMPLES)]
    Man(ManArgs),
}

impl Cli {
    /// Parses the arguments. The program's name comes first.
    pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let arguments: Vec<OsString> = arguments.into_iter().collect();
        let matches = definition()
            .try_get_matches_from(&arguments)
            .map_err(|error| guarded(error, &arguments))?;
        if let Some((flag, taken)) = definition::swallowed(&definition(), &arguments) {
            let text = format!(
                "{flag} needs a value, and {taken} is a flag; if it is meant as the value, write \
                 {flag}={taken}"
            );
            return Err(definition().error(ErrorKind::InvalidValue, text));
        }
        let cli = Self::from_arg_matches(&matches)?;
        if cli.global.demo && cli.command.is_some() {
            return Err(definition().error(
                ErrorKind::ArgumentConflict,
                "--demo shows the worklist and goes with no command; \
                 use `avara-tui sandbox` for a server to try commands on",
            ));
        }
        Ok(cli)
    }

    pub fn chosen(&self) -> Command {
        self.command.clone().unwrap_or(Command::Tui)
    }

    /// Returns the configuration file: that of the flag, or the default one.
    pub fn config_path(&self) -> Option<PathBuf> {
        self.global.config.clone().or_else(usual_path)
    }

    /// Checks that a file that a flag names exists, except for the worklist, whose first start creates it.
    pub fn check_given_file(&self) -> Result<(), Problem> {
        let may_be_made = self.command.is_none() && !self.global.demo;
        match &self.global.config {
            Some(path) if !may_be_made && !path.exists() => Err(Problem::Usage(format!(
                "there is no file {}, which --config names; check its name, or leave --config out",
                clean(&path.display().to_string())
            ))),
            _ => Ok(()),
        }
    }

    /// Returns the settings from the flags, the environment and the file. The demo reads only a file that is
    /// given.
    pub fn settings(&self) -> Result<Settings, Problem> {
        // An empty one would silently fall back to another name.
        if self
            .global
            .me
            .as_ref()
            .is_some_and(|me| me.trim().is_empty())
        {
            return Err(Problem::Usage(
                "--me is empty; give your e-mail address or user id, or leave it out".into(),
            ));
        }
        let flags = Flags {
            profile: self.global.profile.clone(),
            me: self.global.me.clone(),
            read_only: self.global.read_only,
        };
        // The demo has its own server and key, so the environment must not get in its way.
        let environment = |name: &str| {
            if self.global.demo {
                None
            } else {
                std::env::var_os(name)
            }
        };
        let path = if self.global.demo {
            self.global.config.clone()
        } else {
            self.config_path()
        };
        self.check_given_file()?;
        let file = ConfigFile::read(path)?;
        Ok(Settings::resolve(&flags, file, environment)?)
    }
}

/// Returns the error, as one line if an argument holds a line end: what stands behind it must not look
/// like a line of the program's own.
fn guarded(error: clap::Error, arguments: &[OsString]) -> clap::Error {
    let breaks = |argument: &OsString| argument.to_string_lossy().contains(['\n', '\r']);
    if !error.use_stderr() || !arguments.iter().any(breaks) {
        return error;
    }
    let text = error.to_string();
    let text = text.trim_start_matches("error: ").trim_end();
    clap::Error::raw(error.kind(), clean(text))
}

/// Prints help where it was asked for, and what is wrong with the arguments where something is.
pub fn explain(error: &clap::Error, out: &mut Out) -> Exit {
    let text = error.to_string();
    if error.use_stderr() {
        // Arguments are quoted in it, and they may come from anywhere.
        text.trim_end()
            .lines()
            .for_each(|line| out.note(&clean(line)));
        return Exit::Usage;
    }
    // A closed pipe, as in `--help | head`, is not an error.
    let _ = out.data(&text);
    Exit::Done
}

/// Runs `studies …` to its end.
pub fn run_studies(cli: &Cli, command: &StudiesCommand, out: &mut Out) -> Exit {
    conclude(
        cli.settings().and_then(|settings| {
            runtime()?.block_on(studies::run(command, settings, cli.global.timeout, out))
        }),
        out,
    )
}

/// Runs `users …` to its end.
pub fn run_users(cli: &Cli, command: &UsersCommand, out: &mut Out) -> Exit {
    conclude(
        cli.settings().and_then(|settings| {
            runtime()?.block_on(users::run(command, settings, cli.global.timeout, out))
        }),
        out,
    )
}

/// Runs `invitations …` to its end.
pub fn run_invitations(cli: &Cli, command: &InvitationsCommand, out: &mut Out) -> Exit {
    conclude(
        cli.settings().and_then(|settings| {
            runtime()?.block_on(invitations::run(command, settings, cli.global.timeout, out))
        }),
        out,
    )
}

/// Runs `journal …` to its end.
pub fn run_journal(command: &JournalCommand, out: &mut Out) -> Exit {
    conclude(journal::run(command, out), out)
}

/// Runs `sandbox` until it is told to stop.
#[cfg(feature = "sandbox")]
pub fn run_sandbox(arguments: &SandboxArgs, out: &mut Out) -> Exit {
    conclude(
        runtime().and_then(|runtime| runtime.block_on(sandbox::run(arguments, out))),
        out,
    )
}

/// Says what went wrong, if something did. Returns the exit code.
pub fn conclude(result: Result<Exit, Problem>, out: &mut Out) -> Exit {
    let flushed = out.flush().map(|()| Exit::Done);
    let ended = match result {
        // A signal may have ended the terminal too, and the exit code says so.
        Ok(exit @ Exit::Signal(_)) => Ok(exit),
        result => result.and_then(|exit| flushed.map(|_| exit)),
    };
    match ended {
        Ok(exit) => exit,
        Err(problem) => {
            if !matches!(problem, Problem::PipeClosed) {
                out.note(&format!("avara-tui: {problem}"));
            }
            problem.exit()
        }
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Problem> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Problem::Other(format!("the program cannot start: {error}")))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn read(line: &str) -> Result<Cli, clap::Error> {
        Cli::read(line.split(' ').map(OsString::from))
    }

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn global_flags_may_stand_before_and_after_the_command() {
        let id = "stu_1234567890abcdef1234567890abcdef";
        for line in [
            format!("avara-tui --read-only studies get {id}"),
            format!("avara-tui studies get {id} --read-only"),
        ] {
            assert!(read(&line).unwrap().global.read_only, "{line}");
        }
    }

    /// Splits a line with single quotes into words, as a shell does.
    fn words(line: &str) -> Vec<OsString> {
        let part = |(place, part): (usize, &str)| -> Vec<OsString> {
            match place % 2 {
                0 => part.split_whitespace().map(OsString::from).collect(),
                _ => vec![part.into()],
            }
        };
        line.split('\'').enumerate().flat_map(part).collect()
    }

    #[test]
    fn every_command_that_the_palette_gives_is_understood() {
        use crate::app::Overlay;
        use crate::app::tests::desk::{Desk, invitation};
        use crate::worklist::testing::study;
        let mut commands = std::collections::BTreeSet::new();
        for go in ["g w", "g p", "g i"] {
            let mut desk = Desk::open([study(1)]);
            desk.invitations = vec![invitation(4, "Eva", "Lind", 30)];
            desk.press(go);
            desk.serve();
            desk.press(":");
            let Some(Overlay::Picker(picker)) = &desk.model.kernel.layers.overlay else {
                panic!("{go}: no palette");
            };
            commands.extend(picker.shown().filter_map(|item| item.command.clone()));
        }
        for command in &commands {
            let command = command
                .replace("--uid UID", "--uid 2.25.1")
                .replace("--email ADDRESS", "--email lee@example.org");
            let understood = Cli::read(words(&command));
            assert!(understood.is_ok(), "{command}: {:?}", understood.err());
        }
        assert!(commands.len() > 30, "{commands:#?}");
    }

    #[test]
    fn nothing_typed_means_the_worklist() {
        assert!(matches!(read("avara-tui").unwrap().chosen(), Command::Tui));
        assert!(matches!(
            read("avara-tui --demo").unwrap().chosen(),
            Command::Tui
        ));
        assert!(matches!(
            read("avara-tui keys").unwrap().chosen(),
            Command::Keys
        ));
        assert!(read("avara-tui tui").is_err());
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for line in [
            "avara-tui --demo keys",
            "avara-tui studies",
            "avara-tui studies get stu_1",
            "avara-tui studies get 1..2",
            "avara-tui studies severity urgent 1.2",
            "avara-tui studies severity stat",
            "avara-tui studies assign 1.2",
            "avara-tui studies list --json --csv",
            "avara-tui studies list --limit 0",
            "avara-tui studies list --timeout 0",
            "avara-tui sandbox --listen 0.0.0.0:4010",
            "avara-tui --api-key x",
        ] {
            assert_eq!(read(line).unwrap_err().exit_code(), 2, "{line}");
        }
    }
}
