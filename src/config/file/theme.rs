//! The theme: a built-in one, and what the file changes in it.

use crate::theme::{BuiltIn, Ink, Look, Meaning, Palette, READABLE};
use crate::worklist::nearest;

use super::raw::{RawFault, RawSetting, RawTable, RawValue};

/// The theme in force, and what of it comes from the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfiguredTheme {
    pub built_in: BuiltIn,
    pub palette: Palette,
    /// The meanings whose look comes from the file, and the line of each.
    own: Vec<(Meaning, usize)>,
}

impl Default for ConfiguredTheme {
    fn default() -> Self {
        Self {
            built_in: BuiltIn::default(),
            palette: *BuiltIn::default().palette(),
            own: Vec::new(),
        }
    }
}

impl ConfiguredTheme {
    /// Returns what has too little contrast in a custom theme, with the line that causes it. Only if both
    /// colours are known: the first sixteen and the default are the terminal's.
    pub fn warnings(&self) -> Vec<(usize, String)> {
        let line_of = |wanted: Meaning| {
            let own = self.own.iter().find(|(meaning, _)| *meaning == wanted);
            own.map(|(_, line)| *line)
        };
        let warning = |meaning: Meaning| {
            // The background is behind everything.
            let line = line_of(meaning).or_else(|| line_of(Meaning::Text))?;
            let contrast = self.palette.contrast(meaning)?;
            let (fg, bg) = self.palette.pair(meaning);
            let text = self.palette.pair(Meaning::Text);
            // What looks like the text is reported only once.
            let is_text = meaning != Meaning::Text && [(fg, bg), (bg, fg)].contains(&text);
            // Rounded down, so that what is shown as 4.5 is at least 4.5.
            let shown = (contrast * 10.0).floor() / 10.0;
            let message = format!(
                "“{}” is hard to read: {fg} on {bg} has a contrast of {shown}:1, and text needs {READABLE}:1",
                meaning.name()
            );
            (contrast < READABLE && !is_text).then_some((line, message))
        };
        let mut warnings: Vec<_> = Meaning::ALL.into_iter().filter_map(warning).collect();
        warnings.sort();
        warnings
    }

    /// Returns the meanings whose look comes from the file.
    pub fn own(&self) -> impl Iterator<Item = Meaning> {
        self.own.iter().map(|(meaning, _)| *meaning)
    }
}

fn fault<T>(line: usize, message: impl Into<String>) -> Result<T, RawFault> {
    let message = message.into();
    Err(RawFault { line, message })
}

/// Reads `[theme]`.
pub(super) fn read(table: &RawTable) -> Result<ConfiguredTheme, RawFault> {
    known(table, &["name", "colors"], "setting of [theme]")?;
    let built_in = table.get("name").map(built_in).transpose()?;
    let built_in = built_in.unwrap_or_default();
    let mut theme = ConfiguredTheme {
        built_in,
        palette: *built_in.palette(),
        own: Vec::new(),
    };
    let Some(setting) = table.get("colors") else {
        return Ok(theme);
    };
    let RawValue::Table(colors) = &setting.value else {
        return fault(
            setting.line,
            "colors is a table that begins with [theme.colors]",
        );
    };
    known(
        colors,
        &Meaning::ALL.map(Meaning::name),
        "meaning of a theme",
    )?;
    for meaning in Meaning::ALL {
        if let Some(setting) = colors.get(meaning.name()) {
            let look = theme.palette.look_mut(meaning);
            *look = changed(*look, meaning, setting)?;
            theme.own.push((meaning, setting.line));
        }
    }
    Ok(theme)
}

/// Refuses a name that is not in the list, the first in the file, with the one that was probably meant.
fn known(table: &RawTable, names: &[&str], what: &str) -> Result<(), RawFault> {
    let odd = table
        .iter()
        .filter(|(name, _)| !names.contains(&name.as_str()))
        .min_by_key(|(_, setting)| setting.line);
    let Some((name, setting)) = odd else {
        return Ok(());
    };
    let near = near(name, names).unwrap_or_else(|| format!("there are {}", names.join(", ")));
    fault(setting.line, format!("“{name}” is not a {what}; {near}"))
}

fn near(typed: &str, names: &[&str]) -> Option<String> {
    let near = nearest(&typed.to_lowercase(), names.iter().copied())?;
    Some(format!("did you mean “{near}”?"))
}

fn built_in(setting: &RawSetting) -> Result<BuiltIn, RawFault> {
    let names = BuiltIn::ALL.map(BuiltIn::name);
    let RawValue::Text(name) = &setting.value else {
        return fault(setting.line, "the theme's name must be a text in quotes");
    };
    let found = BuiltIn::ALL.into_iter().find(|theme| theme.name() == name);
    let near = || near(name, &names).unwrap_or_else(|| format!("there are {}", names.join(", ")));
    found.map_or_else(
        || fault(setting.line, format!("“{name}” is not a theme; {}", near())),
        Ok,
    )
}

/// Returns the look with what the file says of it. The rest stays.
fn changed(mut look: Look, meaning: Meaning, setting: &RawSetting) -> Result<Look, RawFault> {
    let name = meaning.name();
    let RawValue::Table(parts) = &setting.value else {
        let such_as = format!("{name} = {{ fg = \"red\", bold = true }}");
        return fault(setting.line, format!("a look is written as in {such_as}"));
    };
    let what = "part of a look";
    known(parts, &["fg", "bg", "bold", "underline", "reverse"], what)?;
    for (part, setting) in parts {
        match part.as_str() {
            "fg" => {
                look.fg = Some(ink(name, part, setting)?);
                // If it were faint as well, its contrast would be unknown.
                look.faint = false;
            }
            "bg" => look.bg = Some(ink(name, part, setting)?),
            "bold" => look.bold = flag(part, setting)?,
            "underline" => look.underline = flag(part, setting)?,
            _ => look.reverse = flag(part, setting)?,
        }
    }
    Ok(look)
}

fn flag(part: &str, setting: &RawSetting) -> Result<bool, RawFault> {
    match setting.value {
        RawValue::Flag(flag) => Ok(flag),
        _ => fault(setting.line, format!("{part} must be true or false")),
    }
}

const COLOURS: &str =
    "a colour is a name such as \"red\" or \"bright-blue\", a number from 0 to 255, or \"#rrggbb\"";

fn ink(meaning: &str, part: &str, setting: &RawSetting) -> Result<Ink, RawFault> {
    let text = match &setting.value {
        RawValue::Number(number) => match u8::try_from(*number) {
            Ok(number) => return Ok(Ink::Indexed(number)),
            Err(_) => return fault(setting.line, format!("{number} is not a colour; {COLOURS}")),
        },
        RawValue::Text(text) => text,
        RawValue::Flag(_) | RawValue::List(_) | RawValue::Table(_) => {
            return fault(setting.line, format!("{part} of {meaning}: {COLOURS}"));
        }
    };
    let names: Vec<&str> = crate::theme::NAMES.into_iter().chain(["default"]).collect();
    let near = || near(text, &names).unwrap_or_else(|| COLOURS.into());
    Ink::parse(text).map_or_else(
        || {
            fault(
                setting.line,
                format!("“{text}” is not a colour; {}", near()),
            )
        },
        Ok,
    )
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn theme(text: &str) -> ConfiguredTheme {
        parse(text).unwrap().theme
    }

    #[test]
    fn a_theme_of_ones_own_changes_what_it_names_and_nothing_else() {
        let text = "[theme]\nname = \"dark\"\n[theme.colors]\nstat = { fg = \"#D7005f\", underline = true }\n\
                    high = { fg = 208, bg = \"default\", bold = true }\nkey = { fg = \"bright-cyan\", bold = false }\n";
        let theme = theme(text);
        let dark = BuiltIn::Dark.palette();
        assert_eq!(theme.built_in, BuiltIn::Dark);
        let stat = theme.palette.look(Meaning::Stat);
        assert_eq!(
            (stat.fg, stat.bold, stat.underline),
            (Some(Ink::of(0xd7005f)), true, true)
        );
        let high = theme.palette.look(Meaning::High);
        assert_eq!(
            (high.fg, high.bg),
            (Some(Ink::Indexed(208)), Some(Ink::Default))
        );
        let key = theme.palette.look(Meaning::Key);
        assert_eq!((key.fg, key.bold), (Some(Ink::Indexed(14)), false));
        for meaning in Meaning::ALL {
            if !theme.own().any(|own| own == meaning) {
                assert_eq!(
                    theme.palette.look(meaning),
                    dark.look(meaning),
                    "{meaning:?}"
                );
            }
        }
    }

    #[test]
    fn every_built_in_is_chosen_by_its_name() {
        for built_in in BuiltIn::ALL {
            let theme = theme(&format!("[theme]\nname = \"{}\"\n", built_in.name()));
            assert_eq!(
                (theme.built_in, theme.palette),
                (built_in, *built_in.palette())
            );
            assert_eq!(theme.warnings(), []);
        }
    }

    #[test]
    fn a_faint_look_with_a_colour_of_its_own_is_no_longer_faint() {
        let theme = theme("[theme.colors]\ndim = { fg = \"#888888\" }\n");
        assert!(!theme.palette.look(Meaning::Dim).faint);
    }

    #[rustfmt::skip]
    const HARD_TO_READ: &[(&str, &[&str])] = &[
        ("text = { fg = \"#888888\", bg = \"#ffffff\" }",
            &["3: “text” is hard to read: #888888 on #ffffff has a contrast of 3.5:1, and text needs 4.5:1"]),
        ("text = { bg = \"#ffffff\" }\nhigh = { fg = 226 }",
            &["4: “high” is hard to read: 226 on #ffffff has a contrast of 1:1, and text needs 4.5:1"]),
        ("alarm = { fg = \"#ff0000\", bg = \"#0000ff\", reverse = true }",
            &["3: “alarm” is hard to read: #0000ff on #ff0000 has a contrast of 2.1:1, and text needs 4.5:1"]),
        // Colours that the terminal decides cannot be measured.
        ("text = { fg = \"#888888\" }", &[]),
        ("text = { fg = \"white\", bg = \"bright-white\" }", &[]),
        ("text = { fg = \"#000000\", bg = \"#ffffff\" }", &[]),
    ];

    #[test]
    fn a_contrast_that_is_too_low_is_warned_of_with_its_line() {
        for (colors, expected) in HARD_TO_READ {
            let theme = theme(&format!("[theme]\n[theme.colors]\n{colors}\n"));
            let told = theme.warnings();
            let told: Vec<String> = told
                .iter()
                .map(|(line, text)| format!("{line}: {text}"))
                .collect();
            assert_eq!(told, *expected, "{colors}");
        }
    }
}
