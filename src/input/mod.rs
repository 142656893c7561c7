//! Keys as data: chords, sequences of them, and the table that gives them a meaning.

mod chord;
mod keymap;

pub use chord::{Chord, InvalidChord, Key, parse_sequence, show_sequence};
pub use keymap::{Keymap, KeymapError, Resolution};
