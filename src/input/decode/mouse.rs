//! Clicks and the wheel, in the three forms in which terminals report them.

use super::{Input, Turn};

/// Shift, Alt and Control held at the same time.
const MODIFIERS: u32 = 0b1_1100;
const LEFT: u32 = 0;
const WHEEL_UP: u32 = 64;
const WHEEL_DOWN: u32 = 65;

/// A press of `button` on a cell counted from 1. Other buttons and moves mean nothing here.
pub(super) fn press(button: u32, column: u32, row: u32) -> Option<Input> {
    match button & !MODIFIERS {
        LEFT => Some(Input::Click {
            column: from_one(column)?,
            row: from_one(row)?,
        }),
        WHEEL_UP => wheel(Turn::Up, column, row),
        WHEEL_DOWN => wheel(Turn::Down, column, row),
        _ => None,
    }
}

fn wheel(turn: Turn, column: u32, row: u32) -> Option<Input> {
    let (column, row) = (from_one(column)?, from_one(row)?);
    Some(Input::Wheel { turn, column, row })
}

/// The oldest form: each number is a byte, with 32 added.
pub(super) fn x10(button: u8, column: u8, row: u8) -> Option<Input> {
    let number = |byte: u8| Some(u32::from(byte.checked_sub(32)?));
    press(number(button)?, number(column)?, number(row)?)
}

fn from_one(number: u32) -> Option<u16> {
    u16::try_from(number.checked_sub(1)?).ok()
}
