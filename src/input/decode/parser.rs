//! The state machine that cuts a stream of bytes into keys and sequences.

use std::time::Duration;

use super::sequence::{self, Found};
use super::{Input, MAX_PASTE, mouse};
use crate::input::{Chord, Key};

/// A lone escape counts as the Escape key when nothing follows for this long.
const ESCAPE: Duration = Duration::from_millis(50);
/// How long to wait for the rest of what begins a sequence and may also be Alt with a key.
const BEGUN: Duration = Duration::from_millis(500);
/// How long to wait for the rest of a sequence that is certainly incomplete.
const TORN: Duration = Duration::from_secs(2);
/// How long to wait for the rest of a paste.
const PASTE: Duration = Duration::from_secs(1);

/// The longest sequence that can be a key or a click. A longer one is dropped as a whole.
const MAX_SEQUENCE: usize = 48;
const PASTE_END: &[u8] = b"\x1b[201~";

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
const CANCEL: u8 = 0x18;
const SUBSTITUTE: u8 = 0x1a;
const CTRL_C: u8 = 0x03;
/// The one-byte form of the string terminator.
const ST: u8 = 0x9c;

#[derive(Debug, Default)]
enum State {
    #[default]
    Ground,
    /// Inside a character of several bytes.
    Utf8 {
        alt: bool,
        expected: usize,
    },
    Escape {
        doubled: bool,
    },
    /// Escape was reported. What follows at once may still be the rest of an incomplete sequence.
    Told,
    /// After `ESC [`. An escape before it is Alt on some terminals.
    Csi {
        alt: bool,
    },
    /// A sequence too long to mean anything, up to its end.
    Overlong,
    /// After `ESC O`.
    Ss3 {
        alt: bool,
    },
    /// After `ESC [ [`: a function key of the Linux console.
    LinuxFunction,
    /// After `ESC [ M`: three bytes of a click.
    Mouse,
    /// An operating system command, device control string or the like, up to its terminator.
    Text {
        /// Nothing of it has come yet.
        begun: bool,
        escaped: bool,
        more: usize,
    },
    /// A bracketed paste, and how many bytes of its end have come.
    Paste {
        ending: usize,
    },
}

#[derive(Debug, Default)]
pub(super) struct Parser {
    state: State,
    /// The bytes of the unfinished character, sequence or paste.
    held: Vec<u8>,
}

impl Parser {
    pub(super) fn feed(&mut self, bytes: &[u8], out: &mut Vec<Input>) {
        if matches!(self.state, State::Told) {
            // Nobody types two characters at once, so these belong to the escape before them.
            let is_rest = matches!(bytes, [b'[' | b']' | b'P' | b'X' | b'^' | b'_', _, ..]);
            self.state = if is_rest {
                State::Escape { doubled: false }
            } else {
                State::Ground
            };
        }
        for byte in bytes {
            self.step(*byte, out);
        }
    }

    /// Returns the time after the last byte at which [`Self::expire`] is due.
    pub(super) fn patience(&self) -> Option<Duration> {
        match self.state {
            State::Ground => None,
            State::Escape { .. } => Some(ESCAPE),
            State::Paste { .. } => Some(PASTE),
            State::Told | State::Ss3 { .. } | State::Text { begun: true, .. } => Some(BEGUN),
            State::Csi { .. } if self.held.is_empty() => Some(BEGUN),
            State::Utf8 { .. }
            | State::Csi { .. }
            | State::Overlong
            | State::LinuxFunction
            | State::Mouse
            | State::Text { .. } => Some(TORN),
        }
    }

    pub(super) fn expire(&mut self, out: &mut Vec<Input>) {
        let state = std::mem::take(&mut self.state);
        match state {
            State::Escape { doubled } => {
                let times = 1 + usize::from(doubled);
                out.extend(vec![key(Key::Esc); times]);
                self.state = State::Told;
            }
            State::Ss3 { .. } if self.held.is_empty() => out.push(alt(Key::Char('O'))),
            State::Paste { .. } => self.end_paste(out),
            // The start of an answer whose end never came. It is not a key.
            _ => {}
        }
        self.held.clear();
    }

    fn step(&mut self, byte: u8, out: &mut Vec<Input>) {
        match std::mem::take(&mut self.state) {
            State::Ground | State::Told => self.ground(byte, false, out),
            State::Utf8 { alt, expected } => self.utf8(byte, alt, expected, out),
            State::Escape { doubled } => self.escape(byte, doubled, out),
            State::Csi { alt } => self.csi(byte, alt, out),
            State::Overlong => self.overlong(byte, out),
            State::Ss3 { alt } => self.ss3(byte, alt, out),
            State::LinuxFunction => out.extend(sequence::linux_function(byte).map(Input::Key)),
            State::Mouse => self.mouse(byte, out),
            State::Text { escaped, more, .. } => self.text(byte, escaped, more, out),
            State::Paste { ending } => self.paste(byte, ending, out),
        }
    }

    fn ground(&mut self, byte: u8, alt: bool, out: &mut Vec<Input>) {
        match byte {
            ESC => self.state = State::Escape { doubled: false },
            0..=0x1f | 0x7f => out.push(Input::Key(with_alt(control(byte), alt))),
            b' '..=b'~' => out.push(Input::Key(with_alt(plain(byte.into()), alt))),
            0x80..=0x9f => self.introduce(byte),
            _ => {
                // A byte that cannot begin a character is dropped.
                if let Some(expected) = utf8_length(byte) {
                    self.held.clear();
                    self.held.push(byte);
                    self.state = State::Utf8 { alt, expected };
                }
            }
        }
    }

    /// Handles the one-byte forms of what otherwise begins with an escape. The others mean nothing.
    fn introduce(&mut self, byte: u8) {
        self.held.clear();
        self.state = match byte {
            0x8f => State::Ss3 { alt: false },
            0x9b => State::Csi { alt: false },
            0x90 | 0x98 | 0x9d..=0x9f => State::Text {
                begun: true,
                escaped: false,
                more: 0,
            },
            _ => State::Ground,
        };
    }

    fn utf8(&mut self, byte: u8, alt: bool, expected: usize, out: &mut Vec<Input>) {
        if !(0x80..=0xbf).contains(&byte) {
            self.held.clear();
            return self.ground(byte, false, out);
        }
        self.held.push(byte);
        if self.held.len() < expected {
            self.state = State::Utf8 { alt, expected };
            return;
        }
        let held = std::mem::take(&mut self.held);
        let Ok(text) = std::str::from_utf8(&held) else {
            return;
        };
        for c in text.chars() {
            match c {
                '\u{80}'..='\u{9f}' => self.introduce(c as u8),
                _ => out.push(Input::Key(with_alt(plain(c), alt))),
            }
        }
    }

    fn escape(&mut self, byte: u8, doubled: bool, out: &mut Vec<Input>) {
        self.held.clear();
        match byte {
            ESC => {
                if doubled {
                    out.push(key(Key::Esc));
                }
                self.state = State::Escape { doubled: true };
            }
            b'[' => self.state = State::Csi { alt: doubled },
            b'O' => self.state = State::Ss3 { alt: doubled },
            b']' | b'P' | b'X' | b'^' | b'_' => {
                out.extend(doubled.then_some(key(Key::Esc)));
                self.state = State::Text {
                    begun: true,
                    escaped: false,
                    more: 0,
                };
            }
            // The end of a string whose beginning was dropped.
            b'\\' => {}
            _ => {
                out.extend(doubled.then_some(key(Key::Esc)));
                self.ground(byte, true, out);
            }
        }
    }

    fn csi(&mut self, byte: u8, alt: bool, out: &mut Vec<Input>) {
        match byte {
            b'[' if self.held.is_empty() => self.state = State::LinuxFunction,
            b'M' if self.held.is_empty() => self.state = State::Mouse,
            b'$' if sequence::is_rxvt_shift(&self.held) => self.end_csi(byte, alt, out),
            b' '..=b'?' if self.held.len() == MAX_SEQUENCE => self.state = State::Overlong,
            b' '..=b'?' => {
                self.held.push(byte);
                self.state = State::Csi { alt };
            }
            b'@'..=b'~' => self.end_csi(byte, alt, out),
            CANCEL | SUBSTITUTE => {}
            _ => self.ground(byte, false, out),
        }
    }

    fn end_csi(&mut self, last: u8, alt: bool, out: &mut Vec<Input>) {
        match sequence::csi(&self.held, last) {
            Found::Key(chord) => out.push(Input::Key(with_alt(chord, alt))),
            Found::Input(input) => out.push(input),
            Found::PasteBegins => self.state = State::Paste { ending: 0 },
            Found::Nothing => {}
        }
        self.held.clear();
    }

    fn overlong(&mut self, byte: u8, out: &mut Vec<Input>) {
        match byte {
            b' '..=b'?' => self.state = State::Overlong,
            b'@'..=b'~' | CANCEL | SUBSTITUTE => {}
            _ => self.ground(byte, false, out),
        }
    }

    fn ss3(&mut self, byte: u8, alt: bool, out: &mut Vec<Input>) {
        match byte {
            b'0'..=b'9' | b';' if self.held.len() < MAX_SEQUENCE => {
                self.held.push(byte);
                self.state = State::Ss3 { alt };
            }
            b'!'..=b'~' => {
                let chord = sequence::ss3(&self.held, byte);
                out.extend(chord.map(|chord| Input::Key(with_alt(chord, alt))));
                self.held.clear();
            }
            _ => self.ground(byte, false, out),
        }
    }

    fn mouse(&mut self, byte: u8, out: &mut Vec<Input>) {
        self.held.push(byte);
        if let [button, column, row] = self.held[..] {
            out.extend(mouse::x10(button, column, row));
            self.held.clear();
        } else {
            self.state = State::Mouse;
        }
    }

    /// `more` bytes of a character are still to come: one of them may look like a terminator.
    fn text(&mut self, byte: u8, escaped: bool, more: usize, out: &mut Vec<Input>) {
        match byte {
            b'\\' if escaped => {}
            // An escape ends the string; what follows is a sequence of its own.
            _ if escaped => self.escape(byte, false, out),
            BEL | CANCEL | SUBSTITUTE => {}
            CTRL_C => self.ground(byte, false, out),
            ST if more == 0 => {}
            _ => {
                let more = match byte {
                    0x80..=0xbf => more.saturating_sub(1),
                    _ => utf8_length(byte).map_or(0, |length| length - 1),
                };
                let escaped = byte == ESC;
                self.state = State::Text {
                    begun: false,
                    escaped,
                    more,
                };
            }
        }
    }

    fn paste(&mut self, byte: u8, ending: usize, out: &mut Vec<Input>) {
        if byte == PASTE_END[ending] {
            if ending + 1 == PASTE_END.len() {
                return self.end_paste(out);
            }
            self.state = State::Paste { ending: ending + 1 };
            return;
        }
        self.hold(&PASTE_END[..ending]);
        let ending = usize::from(byte == ESC);
        if ending == 0 {
            self.hold(&[byte]);
        }
        self.state = State::Paste { ending };
    }

    fn hold(&mut self, bytes: &[u8]) {
        let room = MAX_PASTE - self.held.len().min(MAX_PASTE);
        self.held.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn end_paste(&mut self, out: &mut Vec<Input>) {
        let text = String::from_utf8_lossy(&self.held).into_owned();
        self.held.clear();
        out.push(Input::Paste(text));
    }
}

fn plain(c: char) -> Chord {
    Chord::plain(Key::Char(c))
}

fn key(key: Key) -> Input {
    Input::Key(Chord::plain(key))
}

fn alt(key: Key) -> Input {
    Input::Key(with_alt(Chord::plain(key), true))
}

fn with_alt(chord: Chord, alt: bool) -> Chord {
    Chord {
        alt: chord.alt || alt,
        ..chord
    }
}

/// Returns the key of a control character.
fn control(byte: u8) -> Chord {
    match byte {
        0 => Chord::ctrl(' '),
        b'\t' => Chord::plain(Key::Tab),
        b'\r' => Chord::plain(Key::Enter),
        0x7f => Chord::plain(Key::Backspace),
        0x1c..=0x1f => Chord::ctrl(char::from(byte - 0x1c + b'4')),
        _ => Chord::ctrl(char::from(byte - 1 + b'a')),
    }
}

/// Returns how many bytes a character that begins with this byte has.
fn utf8_length(first: u8) -> Option<usize> {
    match first {
        0xc2..=0xdf => Some(2),
        0xe0..=0xef => Some(3),
        0xf0..=0xf4 => Some(4),
        _ => None,
    }
}
