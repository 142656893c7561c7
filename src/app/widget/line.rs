//! One line of editable text with the keys that a shell's line editor has.

use crate::input::{Chord, Key};
use tui_input::{Input, InputRequest};

/// The longest text that an input takes, in characters. A paste beyond it is cut.
pub(in crate::app) const MAX_CHARS: usize = 4096;

#[derive(Debug, Clone, Default)]
pub struct LineEdit(Input);

impl LineEdit {
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// With the cursor behind this many characters.
    pub fn at(text: &str, cursor: usize) -> Self {
        Self(Input::new(text.into()).with_cursor(cursor))
    }

    pub fn text(&self) -> &str {
        self.0.value()
    }

    /// The cursor's place, in characters.
    pub fn cursor(&self) -> usize {
        self.0.cursor()
    }

    /// Applies an editing key. Returns whether the text changed, or `None` for a key that edits nothing.
    pub fn apply(&mut self, chord: Chord) -> Option<bool> {
        let request = request_of(chord)?;
        if matches!(request, InputRequest::InsertChar(_)) && self.is_full() {
            return Some(false);
        }
        Some(self.0.handle(request).is_some_and(|changed| changed.value))
    }

    /// Inserts pasted text, line breaks and other controls as spaces.
    pub fn paste(&mut self, text: &str) {
        for c in text.trim().chars() {
            if self.is_full() {
                return;
            }
            let c = if c.is_control() { ' ' } else { c };
            self.0.handle(InputRequest::InsertChar(c));
        }
    }

    fn is_full(&self) -> bool {
        self.0.value().chars().count() >= MAX_CHARS
    }
}

fn request_of(chord: Chord) -> Option<InputRequest> {
    use InputRequest::*;
    let request = match (chord.key, chord.ctrl, chord.alt) {
        (Key::Char(c), false, false) => InsertChar(c),
        (Key::Backspace, false, false) | (Key::Char('h'), true, false) => DeletePrevChar,
        (Key::Delete, false, false) | (Key::Char('d'), true, false) => DeleteNextChar,
        (Key::Left, false, false) | (Key::Char('b'), true, false) => GoToPrevChar,
        (Key::Right, false, false) | (Key::Char('f'), true, false) => GoToNextChar,
        (Key::Home, false, false) | (Key::Char('a'), true, false) => GoToStart,
        (Key::End, false, false) | (Key::Char('e'), true, false) => GoToEnd,
        (Key::Char('b'), false, true) | (Key::Left, true, false) => GoToPrevWord,
        (Key::Char('f'), false, true) | (Key::Right, true, false) => GoToNextWord,
        (Key::Char('w'), true, false) | (Key::Backspace, false, true) => DeletePrevWord,
        (Key::Char('d'), false, true) => DeleteNextWord,
        (Key::Char('u'), true, false) => DeleteFromStart,
        (Key::Char('k'), true, false) => DeleteTillEnd,
        (Key::Char('y'), true, false) => Yank,
        _ => return None,
    };
    Some(request)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::parse_sequence;

    fn after(start: &str, keys: &str) -> String {
        let mut line = LineEdit::new(start);
        for chord in parse_sequence(keys).unwrap() {
            line.apply(chord);
        }
        line.text().to_owned()
    }

    #[test]
    fn it_edits_as_a_shell_does() {
        assert_eq!(after("ct head", "Ctrl-w x"), "ct x");
        assert_eq!(after("ct head", "Ctrl-u"), "");
        assert_eq!(after("head", "Home c t Space"), "ct head");
        assert_eq!(after("head", "Ctrl-a Ctrl-k"), "");
        assert_eq!(after("head", "Left Backspace"), "hed");
    }

    #[test]
    fn a_paste_is_one_line_and_bounded() {
        let mut line = LineEdit::default();
        line.paste("a\nb\x1b[31m");
        assert_eq!(line.text(), "a b [31m");
        line.paste(&"x".repeat(1 << 20));
        assert_eq!(line.text().chars().count(), MAX_CHARS);
    }
}
