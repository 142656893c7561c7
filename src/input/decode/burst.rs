//! Tells a paste from typing when the terminal does not mark it: nobody types nine characters at once.

use std::time::Duration;

use super::{Input, MAX_PASTE};
use crate::input::{Chord, Key};

/// At most this many characters that come at once still count as keys.
const TYPED: usize = 8;
/// At most this many keys are held back together, characters or not.
const HELD: usize = 64;
/// Several keys that came at once are held back for this long, to see whether more come.
const HOLD: Duration = Duration::from_millis(5);
/// A paste is over when nothing has come for this long, which is shorter than the repetition of a held key.
const QUIET: Duration = Duration::from_millis(25);
/// For this long after a paste, two characters at once belong to it.
const WARY: Duration = Duration::from_millis(150);

#[derive(Debug, Default)]
pub(super) struct Burst {
    state: State,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Calm,
    Holding {
        keys: Vec<Chord>,
        wary: bool,
    },
    Pasting(String),
    Wary,
}

impl Burst {
    /// Takes in what one read gave. Returns what is decided.
    pub(super) fn take(&mut self, read: Vec<Input>, out: &mut Vec<Input>) {
        for input in read {
            match input {
                Input::Key(chord) => self.hold(chord, out),
                other => {
                    self.release(out);
                    out.push(other);
                }
            }
        }
        // A single key looks like typing. It does not have to wait.
        if let State::Holding { keys, .. } = &self.state
            && keys.len() == 1
        {
            self.release(out);
        }
    }

    pub(super) fn patience(&self) -> Option<Duration> {
        match self.state {
            State::Calm => None,
            State::Holding { .. } => Some(HOLD),
            State::Pasting(_) => Some(QUIET),
            State::Wary => Some(WARY),
        }
    }

    pub(super) fn expire(&mut self, out: &mut Vec<Input>) {
        match self.state {
            State::Wary => self.state = State::Calm,
            _ => self.release(out),
        }
    }

    fn hold(&mut self, chord: Chord, out: &mut Vec<Input>) {
        match &mut self.state {
            State::Pasting(text) => return push(text, chord),
            State::Holding { keys, .. } => keys.push(chord),
            State::Calm | State::Wary => {
                self.state = State::Holding {
                    wary: matches!(self.state, State::Wary),
                    keys: vec![chord],
                };
            }
        }
        let State::Holding { keys, wary } = &self.state else {
            return;
        };
        let typed = keys.iter().filter(|key| key.typed().is_some()).count();
        if typed > if *wary { 1 } else { TYPED } {
            let mut text = String::new();
            for chord in keys {
                push(&mut text, *chord);
            }
            self.state = State::Pasting(text);
        } else if keys.len() == HELD {
            self.release(out);
        }
    }

    fn release(&mut self, out: &mut Vec<Input>) {
        match std::mem::take(&mut self.state) {
            State::Holding { keys, wary } => {
                out.extend(keys.into_iter().map(Input::Key));
                if wary {
                    self.state = State::Wary;
                }
            }
            State::Pasting(text) => {
                out.push(Input::Paste(text));
                self.state = State::Wary;
            }
            State::Calm => {}
            State::Wary => self.state = State::Wary,
        }
    }
}

/// Adds a key to a paste as text. Keys that are not text are left out.
fn push(text: &mut String, chord: Chord) {
    let c = match chord.key {
        Key::Enter => '\n',
        Key::Char('j') if chord.ctrl => '\n',
        Key::Tab => '\t',
        _ => match chord.typed() {
            Some(c) => c,
            None => return,
        },
    };
    if text.len() + c.len_utf8() <= MAX_PASTE {
        text.push(c);
    }
}
