//! From what a person did at the terminal to messages.

use crate::app::Msg;
use crate::input::{Input, Turn};

/// Lines that one notch of the wheel moves.
const NOTCH: i32 = 3;

/// What a terminal tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Input(Input),
    /// It has another size, which is asked for when it is needed.
    Resized,
}

/// The message of an input.
pub fn message_of(input: Input) -> Msg {
    match input {
        Input::Key(chord) => Msg::Key(chord),
        Input::Paste(text) => Msg::Pasted(text),
        Input::Click { column, row } => Msg::Clicked { column, row },
        Input::Wheel { turn, column, row } => Msg::Scrolled {
            column,
            row,
            rows: match turn {
                Turn::Down => NOTCH,
                Turn::Up => -NOTCH,
            },
        },
        Input::Focus(is_focused) => Msg::Focused(is_focused),
    }
}
