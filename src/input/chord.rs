//! One press of a key with its modifiers.

use std::fmt;
use std::str::FromStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// A character as typed, Shift already applied.
    Char(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Insert,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    F(u8),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chord {
    pub key: Key,
    pub ctrl: bool,
    pub alt: bool,
}

impl Chord {
    pub const fn plain(key: Key) -> Self {
        Self {
            key,
            ctrl: false,
            alt: false,
        }
    }

    pub const fn ctrl(c: char) -> Self {
        Self {
            key: Key::Char(c),
            ctrl: true,
            alt: false,
        }
    }

    /// The character that this chord types, if it types one.
    pub fn typed(self) -> Option<char> {
        match self {
            Self {
                key: Key::Char(c),
                ctrl: false,
                alt: false,
            } => Some(c),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no key; write a character, or a name such as Enter, Space, PgDn, F5, Ctrl-d")]
pub struct InvalidChord(pub String);

const NAMES: &[(&str, Key)] = &[
    ("Enter", Key::Enter),
    ("Esc", Key::Esc),
    ("Tab", Key::Tab),
    ("Shift-Tab", Key::BackTab),
    ("Backspace", Key::Backspace),
    ("Del", Key::Delete),
    ("Ins", Key::Insert),
    ("Up", Key::Up),
    ("Down", Key::Down),
    ("Left", Key::Left),
    ("Right", Key::Right),
    ("Home", Key::Home),
    ("End", Key::End),
    ("PgUp", Key::PageUp),
    ("PgDn", Key::PageDown),
    ("Space", Key::Char(' ')),
];

impl FromStr for Chord {
    type Err = InvalidChord;

    fn from_str(text: &str) -> Result<Self, InvalidChord> {
        let mut chord = Chord::plain(Key::Esc);
        let mut rest = text;
        loop {
            if let Some(tail) = rest.strip_prefix("Ctrl-") {
                chord.ctrl = true;
                rest = tail;
            } else if let Some(tail) = rest.strip_prefix("Alt-") {
                chord.alt = true;
                rest = tail;
            } else {
                break;
            }
        }
        let mut chars = rest.chars();
        chord.key = match (chars.next(), chars.next()) {
            (Some(c), None) if !c.is_control() && c != ' ' => Key::Char(c),
            _ => named(rest).ok_or_else(|| InvalidChord(text.into()))?,
        };
        Ok(chord)
    }
}

fn named(text: &str) -> Option<Key> {
    let by_name = NAMES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(text))
        .map(|(_, key)| *key);
    by_name.or_else(|| {
        let number: u8 = text.strip_prefix('F')?.parse().ok()?;
        (1..=24).contains(&number).then_some(Key::F(number))
    })
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl-")?;
        }
        if self.alt {
            f.write_str("Alt-")?;
        }
        if let Some((name, _)) = NAMES.iter().find(|(_, key)| *key == self.key) {
            return f.write_str(name);
        }
        match self.key {
            Key::Char(c) => write!(f, "{c}"),
            Key::F(number) => write!(f, "F{number}"),
            _ => Ok(()),
        }
    }
}

/// Reads chords separated by spaces, such as `s h` or `Ctrl-d`.
pub fn parse_sequence(text: &str) -> Result<Vec<Chord>, InvalidChord> {
    let chords: Vec<Chord> = text
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    if chords.is_empty() {
        return Err(InvalidChord(text.into()));
    }
    Ok(chords)
}

/// Writes chords as [`parse_sequence`] reads them.
pub fn show_sequence(chords: &[Chord]) -> String {
    let shown: Vec<String> = chords.iter().map(Chord::to_string).collect();
    shown.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_reads_back_as_it_was_written() {
        for text in [
            "j",
            "G",
            "g g",
            "s h",
            "Ctrl-d",
            "Space",
            "PgDn",
            "F5",
            "Shift-Tab",
            "Alt-b",
            "Ctrl-Alt-x",
            "!",
            "-",
            "/",
            "?",
        ] {
            assert_eq!(show_sequence(&parse_sequence(text).unwrap()), text);
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", " ", "Ctrl-", "F0", "F99", "Hyper-x", "ab"] {
            assert!(parse_sequence(text).is_err(), "{text:?}");
        }
    }
}
