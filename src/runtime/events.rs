//! Turns what the user did at the terminal into messages.

use crate::app::Msg;
use crate::input::{Input, Turn};

/// How many lines one notch of the wheel moves.
const NOTCH: i32 = 3;

/// What a terminal reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TerminalEvent {
    Input(Input),
    /// Its size has changed. The new one is asked for when needed.
    Resized,
}

/// Returns the message for an input.
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
