use std::ops::Range;

use crate::worklist::fold;

/// The candidates for the word at the cursor, one of which is shown there now.
#[derive(Debug, Clone)]
pub struct Completion {
    /// As each would stand in the filter.
    pub items: Vec<String>,
    pub at: usize,
    /// What was typed, and where the cursor was.
    pub(in crate::app) typed: (String, usize),
    /// The word that a candidate replaces.
    word: Range<usize>,
}

impl Completion {
    /// Begins at a place of the text. `candidates` tells what could stand there, for a key's value or else a
    /// key, given what was typed of it.
    pub fn start(
        text: &str,
        cursor: usize,
        candidates: impl Fn(Option<&str>, &str) -> Vec<String>,
    ) -> Option<Self> {
        let at = text
            .char_indices()
            .nth(cursor)
            .map_or(text.len(), |(at, _)| at);
        let place = Place::of(text, at);
        let items = candidates(place.key, &place.typed);
        (!items.is_empty()).then(|| Self {
            items,
            at: 0,
            typed: (text.to_owned(), cursor),
            word: place.word,
        })
    }

    pub(in crate::app) fn step(mut self, forward: bool) -> Self {
        let many = self.items.len();
        self.at = (self.at + if forward { 1 } else { many - 1 }) % many;
        self
    }

    /// The filter with the candidate in it, and the cursor behind that, in characters.
    pub(in crate::app) fn text(&self) -> (String, usize) {
        let typed = &self.typed.0;
        let mut text = format!("{}{}", &typed[..self.word.start], self.items[self.at]);
        let cursor = text.chars().count();
        let rest = &typed[self.word.end..];
        let twice = text.ends_with(':') && rest.starts_with(':');
        text.push_str(&rest[usize::from(twice)..]);
        (text, cursor)
    }
}

/// Where the cursor is in a filter.
struct Place<'a> {
    /// The key whose value is typed; none while a key or a free word is.
    key: Option<&'a str>,
    /// What stands before the cursor of the word, without quotes, in lower case.
    typed: String,
    /// The whole word, in bytes.
    word: Range<usize>,
}

impl<'a> Place<'a> {
    fn of(text: &'a str, cursor: usize) -> Self {
        let (mut term, mut start, mut colon, mut in_quotes) = (0, 0, None, false);
        for (at, c) in text[..cursor].char_indices() {
            let next = at + c.len_utf8();
            match c {
                '"' => in_quotes = !in_quotes,
                _ if in_quotes => {}
                c if c.is_whitespace() => (term, start, colon) = (next, next, None),
                '-' if at == term => (term, start) = (next, next),
                ':' if colon.is_none() => (start, colon) = (next, Some(at)),
                ',' => start = next,
                _ => {}
            }
        }
        let ends = |c: char| c.is_whitespace() || c == ',' || (colon.is_none() && c == ':');
        let rest = &text[cursor..];
        let end = if in_quotes {
            rest.find('"').map_or(rest.len(), |quote| quote + 1)
        } else {
            rest.find(ends).unwrap_or(rest.len())
        };
        Self {
            key: colon.map(|colon| &text[term..colon]),
            typed: fold(&text[start..cursor].replace('"', "")).into_owned(),
            word: start..cursor + end,
        }
    }
}
