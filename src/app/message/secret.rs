//! A key typed at the keyboard: never shown, wiped when it is dropped.

use crate::input::{Chord, Key};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;

/// No key is longer, in characters.
const LONGEST: usize = 4096;

/// A key. Its `Debug` hides it; two are equal if their texts are.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    pub fn new(text: &str) -> Self {
        Self(text.to_owned().into())
    }

    /// For the one place that sends it or writes it down.
    pub fn inner(&self) -> &SecretString {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose_secret() == other.0.expose_secret()
    }
}

/// A line that is typed without being shown: at its end, or from the start again.
#[derive(Debug, Clone)]
pub struct HiddenLine(Secret);

impl Default for HiddenLine {
    fn default() -> Self {
        Self(Secret::new(""))
    }
}

impl HiddenLine {
    pub fn len(&self) -> usize {
        self.text().chars().count()
    }

    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    fn text(&self) -> &str {
        self.0.inner().expose_secret()
    }

    /// The key that was typed, or what is wrong with it.
    pub fn key(&self) -> Result<Secret, &'static str> {
        match self.text() {
            "" => Err("Type or paste your clinic's API key"),
            text if text.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(self.0.clone()),
            _ => Err("The key contains a space or another invalid character; copy it again"),
        }
    }

    pub(in crate::app) fn press(&mut self, chord: Chord) {
        match (chord.key, chord.ctrl) {
            (Key::Char('u' | 'w'), true) => *self = Self::default(),
            (Key::Backspace, false) | (Key::Char('h'), true) => {
                let text = self.text();
                let end = text.char_indices().next_back().map_or(0, |(at, _)| at);
                self.0 = Secret::new(&text[..end]);
            }
            _ => {
                if let Some(c) = chord.typed() {
                    self.add(c.encode_utf8(&mut [0; 4]));
                }
            }
        }
    }

    /// What is pasted replaces what was there: a key is copied as a whole.
    pub(in crate::app) fn paste(&mut self, text: &str) {
        *self = Self::default();
        self.add(text.trim());
    }

    fn add(&mut self, more: &str) {
        if self.len() + more.chars().count() > LONGEST {
            return;
        }
        // Built in place, so that no copy is left behind unwiped.
        let mut text = String::with_capacity(self.text().len() + more.len());
        text.push_str(self.text());
        text.push_str(more);
        self.0 = Secret(text.into());
    }
}
