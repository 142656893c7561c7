//! Checks of the terminal and the desktop around it.

use std::io::{self, IsTerminal};

use crate::cli::{Cli, Color};
use crate::config::ConfiguredTheme;
use crate::runtime::{ColorChoice, clipboard, depth, opener};
use crate::theme::{BuiltIn, Depth};

use super::Check;

/// The smallest usable size.
const COMFORTABLE: (u16, u16) = (80, 24);
/// Below this size the worklist only asks for more room.
const LEAST: (u16, u16) = (40, 10);

pub(super) fn checks(cli: &Cli, theme: &ConfiguredTheme) -> Vec<Check> {
    vec![terminal(), colours(cli, theme), clipboard_way(), browser()]
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
        return Check::warning(name, "its size is unknown", "try another terminal");
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

fn colours(cli: &Cli, theme: &ConfiguredTheme) -> Check {
    let (choice, by) = match cli.global.color {
        Color::Never => (ColorChoice::Never, "--color"),
        Color::Always => (ColorChoice::Always, "--color"),
        Color::Auto if is_set("NO_COLOR") => (ColorChoice::Auto, "NO_COLOR"),
        Color::Auto => (ColorChoice::Auto, "TERM and COLORTERM"),
    };
    let depth = depth(choice, |name| std::env::var(name).ok());
    let colour_fg_bg = std::env::var("COLORFGBG").unwrap_or_default();
    judge_colours(theme, depth, by, &colour_fg_bg)
}

fn judge_colours(theme: &ConfiguredTheme, depth: Depth, by: &str, colour_fg_bg: &str) -> Check {
    let name = "colours";
    let is_own = theme.own().next().is_some();
    let own = if is_own {
        " with colours of your own"
    } else {
        ""
    };
    let many = match depth {
        Depth::None => {
            let found = format!("off ({by}); everything reads without them");
            return Check::ok(name, found);
        }
        Depth::Sixteen => "16 colours",
        Depth::Indexed => "256 colours",
        Depth::True => "all colours",
    };
    let found = format!("the theme {}{own}, on {many} ({by})", theme.built_in.name());
    if theme.built_in == BuiltIn::Terminal && !is_own && is_light(colour_fg_bg) {
        let found = format!("{found}; the terminal's background seems to be light");
        let todo = "if yellow and cyan are hard to read, set name = \"light\" below [theme]";
        return Check::warning(name, found, todo);
    }
    Check::ok(name, found)
}

/// Whether `COLORFGBG`, in which some terminals describe their colours, such as `0;15`, ends with a light
/// background.
fn is_light(colour_fg_bg: &str) -> bool {
    let background = colour_fg_bg.rsplit(';').next();
    matches!(background, Some("7" | "15"))
}

fn clipboard_way() -> Check {
    match clipboard::likely_tool() {
        Some(tool) => Check::ok("clipboard", format!("filled by {tool}")),
        None => Check::warning(
            "clipboard",
            "filled through the terminal (OSC 52), which may refuse silently",
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

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn what_is_said_of_colours_fits_theme_and_terminal() {
        let terminal = ConfiguredTheme::default();
        let mut dark = ConfiguredTheme::default();
        dark.built_in = BuiltIn::Dark;
        for (theme, depth, fg_bg, state, found) in [
            (
                &terminal,
                Depth::Sixteen,
                "15;0",
                State::Ok,
                "the theme terminal, on 16 colours (TERM)",
            ),
            (
                &terminal,
                Depth::True,
                "",
                State::Ok,
                "the theme terminal, on all colours (TERM)",
            ),
            (
                &terminal,
                Depth::Indexed,
                "0;default;15",
                State::Warning,
                "the theme terminal, on 256 colours (TERM); the terminal's background seems to be light",
            ),
            (
                &dark,
                Depth::Indexed,
                "0;15",
                State::Ok,
                "the theme dark, on 256 colours (TERM)",
            ),
            (
                &dark,
                Depth::None,
                "0;15",
                State::Ok,
                "off (TERM); everything reads without them",
            ),
        ] {
            let check = judge_colours(theme, depth, "TERM", fg_bg);
            assert_eq!((check.state, check.found.as_str()), (state, found));
        }
    }
}
