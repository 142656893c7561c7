//! The filter being typed: it applies as long as it can be read, and says what is wrong when not.

use crate::app::widget::completion::Completion;
use crate::app::widget::line::LineEdit;
use crate::input::{Chord, Key};
use crate::worklist::{Facets, Filter, FilterError};

/// A filter of any kind of list.
pub trait Language: Clone {
    fn text(&self) -> &str;

    /// Understands another text of the same language.
    fn read(&self, text: &str) -> Result<Self, FilterError>;
}

impl Language for Filter {
    fn text(&self) -> &str {
        self.text()
    }

    fn read(&self, text: &str) -> Result<Self, FilterError> {
        Self::parse(text)
    }
}

impl Language for Facets {
    fn text(&self) -> &str {
        self.text()
    }

    fn read(&self, text: &str) -> Result<Self, FilterError> {
        self.read(text)
    }
}

#[derive(Debug, Clone)]
pub struct FilterBox<F = Filter> {
    pub line: LineEdit,
    /// The filter in force when the box opened; Esc brings it back.
    pub original: F,
    pub completion: Option<Completion>,
    /// The filters that were kept before, oldest first.
    pub history: Vec<String>,
    /// The place in the history of what shows; none while it is the draft.
    recalled: Option<usize>,
    draft: String,
    error: Option<FilterError>,
    /// The text is the one that the box opened with: what is typed behind it is a term of its own.
    is_untouched: bool,
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

impl<F: Language> FilterBox<F> {
    pub fn new(filter: &F) -> Self {
        Self {
            line: LineEdit::new(filter.text()),
            original: filter.clone(),
            completion: None,
            history: Vec::new(),
            recalled: None,
            draft: String::new(),
            error: None,
            is_untouched: true,
        }
    }

    /// Puts a space behind the text that the box opened with, before the first character of a new term.
    fn part_from_new(&mut self, first: Option<char>) {
        let text = self.line.text();
        let is_behind = self.line.cursor() == text.chars().count();
        let joins = |c: char| c.is_whitespace() || [',', ':'].contains(&c);
        let is_new = first.is_some_and(|c| !joins(c)) && !text.is_empty() && !text.ends_with(joins);
        if std::mem::take(&mut self.is_untouched) && is_behind && is_new {
            self.line.apply(Chord::plain(Key::Char(' ')));
        }
    }

    pub fn error(&self) -> Option<&FilterError> {
        self.error.as_ref()
    }

    pub fn press(&mut self, chord: Chord) -> Typed {
        let first = chord.typed();
        if first.is_some() || !matches!(chord.key, Key::Enter | Key::Esc) {
            self.part_from_new(first);
        }
        match (chord.key, chord.ctrl) {
            (Key::Enter, _) => Typed::Kept,
            (Key::Esc, _) | (Key::Char('c'), true) => Typed::Left,
            _ if self.line.apply(chord) == Some(true) => Typed::Text,
            _ => Typed::Nothing,
        }
    }

    /// Shows an older kept filter, or a newer one, and after the newest what was typed.
    pub fn recall(&mut self, older: bool) {
        self.completion = None;
        let last = self.history.len().checked_sub(1);
        let place = match (self.recalled, older) {
            (None, true) => last,
            (Some(place), true) => Some(place.saturating_sub(1)),
            (None, false) => return,
            (Some(place), false) => Some(place + 1).filter(|place| Some(*place) <= last),
        };
        if self.recalled.is_none() {
            self.draft = self.line.text().to_owned();
        }
        let text = place.and_then(|place| self.history.get(place));
        self.line = LineEdit::new(text.unwrap_or(&self.draft));
        self.recalled = place;
        self.is_untouched = true;
    }

    pub fn paste(&mut self, text: &str) {
        self.completion = None;
        self.part_from_new(text.trim_start().chars().next());
        self.line.paste(text);
    }

    /// The filter as typed; while it cannot be read, the one from before stays in force.
    pub fn in_force(&mut self) -> F {
        match self.original.read(self.line.text()) {
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
