//! Keys as data: chords, sequences of them, the table that gives them a meaning, and how to read them from a
//! terminal's bytes.

mod chord;
mod decode;
mod keymap;
mod sendable;

pub use chord::{Chord, InvalidChord, Key, key_names, parse_sequence, show_sequence};
pub use decode::{Decoder, Input, MAX_PASTE, Turn};
pub use keymap::{Keymap, KeymapError, Resolution};
pub use sendable::unsendable;
