//! How many colours the program uses: what was asked for, and what the terminal has.

use crate::theme::{Depth, Palette};
use crate::ui::Theme;

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColorChoice {
    /// As many as the terminal has, unless `NO_COLOR` is set.
    #[default]
    Auto,
    Always,
    Never,
}

/// Returns the theme as this terminal can show it.
pub(super) fn theme(palette: &Palette, color: ColorChoice) -> Theme {
    let depth = depth(color, |name| std::env::var(name).ok());
    // The library that writes colours would obey NO_COLOR, whatever was asked for here.
    crossterm::style::force_color_output(depth != Depth::None);
    Theme::of(&palette.at(depth))
}

/// Returns how many colours to use. A variable that is set but empty counts as absent.
pub fn depth(color: ColorChoice, variable: impl Fn(&str) -> Option<String>) -> Depth {
    let has_no_color = variable("NO_COLOR").is_some_and(|value| !value.is_empty());
    match color {
        ColorChoice::Never => Depth::None,
        ColorChoice::Auto if has_no_color => Depth::None,
        ColorChoice::Auto => Depth::told_by(variable),
        ColorChoice::Always => Depth::told_by(variable).max(Depth::Sixteen),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_used_as_asked_for() {
        use ColorChoice::{Always, Auto, Never};
        let variables = |no_color: &str, term: &str| {
            let (no_color, term) = (no_color.to_owned(), term.to_owned());
            move |name: &str| match name {
                "NO_COLOR" => Some(no_color.clone()),
                "TERM" => Some(term.clone()),
                _ => None,
            }
        };
        for (color, no_color, term, expected) in [
            (Auto, "", "xterm-256color", Depth::Indexed),
            (Auto, "1", "xterm-256color", Depth::None),
            (Auto, "", "vt100", Depth::None),
            (Always, "1", "xterm-256color", Depth::Indexed),
            (Always, "", "vt100", Depth::Sixteen),
            (Never, "", "xterm-kitty", Depth::None),
        ] {
            let found = depth(color, variables(no_color, term));
            assert_eq!(found, expected, "{color:?} {no_color:?} {term}");
        }
    }
}
