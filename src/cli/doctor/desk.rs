//! Checks of the terminal and the desktop around it.

use std::io::{self, IsTerminal};

use crate::cli::{Cli, Color};
use crate::runtime::{clipboard, opener};

use super::Check;

/// Usable from here on.
const COMFORTABLE: (u16, u16) = (80, 24);
/// Below this the worklist only asks for more room.
const LEAST: (u16, u16) = (40, 10);

pub(super) fn checks(cli: &Cli) -> Vec<Check> {
    vec![terminal(), colours(cli), clipboard_way(), browser()]
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

fn term() -> String {
    std::env::var("TERM").unwrap_or_default()
}

fn terminal() -> Check {
    let name = "terminal";
    if term() == "dumb" {
        return Check::broken(
            name,
            "it is \"dumb\" and cannot show a screen",
            "set another TERM",
        );
    }
    if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        let todo = "look at this in the terminal that the worklist is to run in";
        return Check::warning(name, "the input or the output is not one", todo);
    }
    let Ok((columns, rows)) = crossterm::terminal::size() else {
        return Check::warning(name, "it does not tell its size", "try another terminal");
    };
    let size = format!("{columns} columns, {rows} rows");
    match () {
        () if columns < LEAST.0 || rows < LEAST.1 => {
            Check::broken(name, size, "make it at least 40 by 10, better 80 by 24")
        }
        () if columns < COMFORTABLE.0 || rows < COMFORTABLE.1 => Check::warning(
            name,
            size,
            "make it at least 80 by 24 for the detail beside the list",
        ),
        () => Check::ok(name, size),
    }
}

fn colours(cli: &Cli) -> Check {
    let found = match cli.global.color {
        Color::Never => "off (--color)",
        Color::Always => "on (--color)",
        Color::Auto if is_set("NO_COLOR") => "off (NO_COLOR); everything reads without them",
        Color::Auto => "on, the terminal's own 16",
    };
    Check::ok("colours", found)
}

fn clipboard_way() -> Check {
    match clipboard::likely_tool() {
        Some(tool) => Check::ok("clipboard", format!("filled by {tool}")),
        None => Check::warning(
            "clipboard",
            "filled through the terminal (OSC 52), which may refuse without a word",
            "allow OSC 52 in the terminal and in tmux (set-clipboard on), or install wl-copy or xclip",
        ),
    }
}

fn browser() -> Check {
    let name = "browser";
    if opener::is_remote() {
        let todo = "copy links from the screen, or work on the computer in front of you";
        return Check::warning(name, "none over ssh: links are shown to be copied", todo);
    }
    if !opener::has_desktop() {
        let todo = "copy links from the screen, or start from a desktop";
        return Check::warning(
            name,
            "none without a display: links are shown to be copied",
            todo,
        );
    }
    match opener::installed() {
        Some(program) => Check::ok(name, format!("links are opened by {program}")),
        None => Check::warning(
            name,
            "no program that opens links was found",
            "install xdg-utils; until then links are shown to be copied",
        ),
    }
}
