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

    /// Returns the character that this chord types, if it types one.
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
#[error("{0:?} is not a key; write a character, or a name such as Enter, Space, PgDn, F5, Ctrl-d")]
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

/// Other words for some of them. They are read, but never written.
const ALSO: &[(&str, Key)] = &[
    ("Escape", Key::Esc),
    ("Return", Key::Enter),
    ("Delete", Key::Delete),
    ("Insert", Key::Insert),
    ("PageUp", Key::PageUp),
    ("PageDown", Key::PageDown),
];

/// The names of keys that do not type a character.
pub fn key_names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(name, _)| *name)
}

impl FromStr for Chord {
    type Err = InvalidChord;

    fn from_str(text: &str) -> Result<Self, InvalidChord> {
        let mut chord = Chord::plain(Key::Esc);
        let mut rest = text;
        loop {
            if let Some(tail) = after_modifier(rest, "ctrl") {
                chord.ctrl = true;
                rest = tail;
            } else if let Some(tail) = after_modifier(rest, "alt") {
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

/// Returns what follows a modifier and its `-` or `+`, in any case.
fn after_modifier<'a>(text: &'a str, modifier: &str) -> Option<&'a str> {
    let (front, rest) = text.split_at_checked(modifier.len())?;
    let is_it = front.eq_ignore_ascii_case(modifier);
    rest.strip_prefix(['-', '+']).filter(|_| is_it)
}

fn named(text: &str) -> Option<Key> {
    let by_name = NAMES
        .iter()
        .chain(ALSO)
        .find(|(name, _)| name.eq_ignore_ascii_case(text))
        .map(|(_, key)| *key);
    by_name.or_else(|| {
        let digits = text.strip_prefix(['F', 'f'])?;
        let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        let number: u8 = digits.parse().ok().filter(|_| is_plain)?;
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
    fn other_ways_to_write_it_are_understood() {
        for (text, shown) in [
            ("ctrl-d", "Ctrl-d"),
            ("CTRL+d", "Ctrl-d"),
            ("alt+ctrl+x", "Ctrl-Alt-x"),
            ("Ctrl-+", "Ctrl-+"),
            ("Ctrl--", "Ctrl--"),
            ("f5", "F5"),
            ("escape", "Esc"),
            ("PageDown", "PgDn"),
            ("shift-tab", "Shift-Tab"),
            ("  g   g ", "g g"),
        ] {
            assert_eq!(show_sequence(&parse_sequence(text).unwrap()), shown);
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", " ", "Ctrl-", "F0", "F99", "Hyper-x", "ab", "F+5"] {
            assert!(parse_sequence(text).is_err(), "{text:?}");
        }
    }
}
