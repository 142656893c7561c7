//! The filter being typed: it applies as long as it can be read, and says what is wrong when not.

use crate::input::{Chord, Key};
use crate::worklist::{Filter, FilterError};

use super::line::LineEdit;

#[derive(Debug, Clone)]
pub struct FilterBox {
    pub line: LineEdit,
    /// The filter in force when the box opened; Esc brings it back.
    pub original: Filter,
    error: Option<FilterError>,
}

/// What a key did to the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    Nothing,
    /// The text changed.
    Text,
    /// Enter.
    Kept,
    /// Esc.
    Left,
}

impl FilterBox {
    pub fn new(filter: &Filter) -> Self {
        Self {
            line: LineEdit::new(filter.text()),
            original: filter.clone(),
            error: None,
        }
    }

    pub fn error(&self) -> Option<&FilterError> {
        self.error.as_ref()
    }

    pub fn press(&mut self, chord: Chord) -> Typed {
        match (chord.key, chord.ctrl) {
            (Key::Enter, _) => Typed::Kept,
            (Key::Esc, _) | (Key::Char('c'), true) => Typed::Left,
            _ if self.line.apply(chord) == Some(true) => Typed::Text,
            _ => Typed::Nothing,
        }
    }

    pub fn paste(&mut self, text: &str) {
        self.line.paste(text);
    }

    /// The filter as typed; while it cannot be read, the one from before stays in force.
    pub fn in_force(&mut self) -> Filter {
        match Filter::parse(self.line.text()) {
            Ok(filter) => {
                self.error = None;
                filter
            }
            Err(error) => {
                self.error = Some(error);
                self.original.clone()
            }
        }
    }
}
