//! The program: arguments in, exit code out.

use std::process::ExitCode;

use avara_tui::cli::{self, Cli, Command, Exit, Out};

fn main() -> ExitCode {
    avara_tui::runtime::dumps::forbid();
    let mut out = Out::standard();
    let exit = match Cli::read(std::env::args_os()) {
        Ok(cli) => run(&cli, &mut out),
        Err(error) => cli::explain(&error, &mut out),
    };
    exit.into()
}

fn run(cli: &Cli, out: &mut Out) -> Exit {
    match cli.chosen() {
        Command::Tui => cli::run_worklist(cli, out),
        Command::Keys => cli::print_keys(cli, out),
        Command::Completions(arguments) => cli::print_completions(&arguments, out),
        Command::Man(arguments) => cli::print_manual(&arguments, out),
        Command::Config(command) => cli::run_config(cli, &command, out),
        Command::Doctor(arguments) => cli::run_doctor(cli, &arguments, out),
        Command::Studies(command) => cli::run_studies(cli, &command, out),
        Command::Users(command) => cli::run_users(cli, &command, out),
        Command::Invitations(command) => cli::run_invitations(cli, &command, out),
        Command::Journal(command) => cli::run_journal(&command, out),
        #[cfg(feature = "sandbox")]
        Command::Sandbox(arguments) => cli::run_sandbox(&arguments, out),
    }
}
