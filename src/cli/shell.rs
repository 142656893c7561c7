//! `completions` and `man`, for shells and for the manual. Neither reads settings.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use clap_complete::aot;

use super::{Exit, Out, Problem, conclude, definition, manual};
use crate::text::clean;

pub const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  avara-tui completions bash > ~/.local/share/bash-completion/completions/avara-tui
  avara-tui completions zsh > ~/.zfunc/_avara-tui
  avara-tui completions fish > ~/.config/fish/completions/avara-tui.fish
  avara-tui completions powershell >> $PROFILE

For zsh, the folder must be in $fpath before compinit runs. The Debian package installs all of them.";

pub const MAN_EXAMPLES: &str = "\
Examples:
  avara-tui man | man -l -
  avara-tui man ~/.local/share/man/man1

The folder must exist. It receives a page for the program and one for each command.";

#[derive(Debug, Clone, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: ShellName,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShellName {
    Bash,
    Zsh,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
}

#[derive(Debug, Clone, Args)]
pub struct ManArgs {
    /// Write every page into this folder instead of avara-tui(1) to stdout
    #[arg(value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
}

/// Prints shell completions.
pub fn print_completions(arguments: &CompletionsArgs, out: &mut Out) -> Exit {
    let shell = match arguments.shell {
        ShellName::Bash => aot::Shell::Bash,
        ShellName::Zsh => aot::Shell::Zsh,
        ShellName::Fish => aot::Shell::Fish,
        ShellName::PowerShell => aot::Shell::PowerShell,
    };
    let mut text = Vec::new();
    aot::generate(shell, &mut definition(), "avara-tui", &mut text);
    let mut text = String::from_utf8_lossy(&text).into_owned();
    if arguments.shell == ShellName::Bash {
        // clap_complete 4.6 writes the hyphen of a program's name in two ways, so that bash would complete
        // none of its commands.
        text = text.replace("avara__subcmd__tui", "avara__tui");
    }
    conclude(out.data(&text).map(|()| Exit::Done), out)
}

/// Prints the manual page of the program, or writes all pages.
pub fn print_manual(arguments: &ManArgs, out: &mut Out) -> Exit {
    let pages = manual::pages(definition());
    let written = match &arguments.folder {
        Some(folder) => write_all(&pages, folder),
        None => pages
            .iter()
            .filter(|page| page.file == "avara-tui.1")
            .try_for_each(|page| out.data(&page.text)),
    };
    conclude(written.map(|()| Exit::Done), out)
}

fn write_all(pages: &[manual::Page], folder: &Path) -> Result<(), Problem> {
    if !folder.is_dir() {
        return Err(Problem::Usage(format!(
            "there is no folder {} to write the manual pages into; make it, or name another",
            clean(&folder.display().to_string())
        )));
    }
    for page in pages {
        let path = folder.join(&page.file);
        std::fs::write(&path, &page.text).map_err(|error| {
            Problem::Other(format!(
                "the manual page {} cannot be written: {error}; choose a folder that you may write to",
                clean(&path.display().to_string())
            ))
        })?;
    }
    Ok(())
}
