//! Turns the bytes that a terminal sends into keys, pastes and clicks, and into nothing else.
//!
//! A terminal also answers questions, and an answer may come in pieces, late or unasked. None of it may ever
//! act as a key, because a key can change a patient's study. So whole sequences are read, and dropped unless
//! they are known to be a key, and text that comes faster than anybody types counts as a paste.
//!
//! Pure: it knows no clock. The caller asks for its [`Decoder::patience`] and calls [`Decoder::expire`] when
//! that much time has passed without a byte.

mod burst;
mod mouse;
mod parser;
mod sequence;

use std::time::Duration;

use super::Chord;
use burst::Burst;
use parser::Parser;

/// The longest paste that is kept, in bytes. The rest is dropped.
pub const MAX_PASTE: usize = 64 * 1024;

/// What a person did at the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    Key(Chord),
    /// Text, never keys.
    Paste(String),
    /// The left button was pressed on this cell, counted from 0.
    Click {
        column: u16,
        row: u16,
    },
    Wheel {
        turn: Turn,
        column: u16,
        row: u16,
    },
    /// The terminal gained or lost the focus.
    Focus(bool),
}

/// Which way the wheel turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    Up,
    Down,
}

/// Reads a terminal's bytes, however they are split into pieces.
#[derive(Debug, Default)]
pub struct Decoder {
    parser: Parser,
    burst: Burst,
    /// How long no byte has come.
    idle: Duration,
}

impl Decoder {
    /// Takes in what one read gave.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Input> {
        if bytes.is_empty() {
            return Vec::new();
        }
        self.idle = Duration::ZERO;
        let mut read = Vec::new();
        self.parser.feed(bytes, &mut read);
        let mut inputs = Vec::new();
        self.burst.take(read, &mut inputs);
        inputs
    }

    /// Returns how long to wait for the next byte before [`Self::expire`] is due.
    pub fn patience(&self) -> Option<Duration> {
        let until = self.deadline()?;
        Some(until.saturating_sub(self.idle))
    }

    /// Decides what was held back, because the patience ran out without a byte.
    pub fn expire(&mut self) -> Vec<Input> {
        let mut inputs = Vec::new();
        let Some(idle) = self.deadline() else {
            return inputs;
        };
        self.idle = idle;
        if self.burst.patience().is_some_and(|until| until <= idle) {
            self.burst.expire(&mut inputs);
        }
        if self.parser.patience().is_some_and(|until| until <= idle) {
            let mut read = Vec::new();
            self.parser.expire(&mut read);
            inputs.append(&mut read);
        }
        inputs
    }

    /// Returns the time after the last byte at which something is to be decided.
    fn deadline(&self) -> Option<Duration> {
        let ends = [self.parser.patience(), self.burst.patience()];
        ends.into_iter().flatten().min()
    }
}

#[cfg(test)]
mod tests;
