//! What a whole sequence means: a key of xterm, rxvt, the Linux console, a vt220 or kitty, a click, the
//! beginning of a paste, or nothing. Answers of the terminal deliberately mean nothing.

use super::{Input, mouse};
use crate::input::{Chord, Key};

pub(super) enum Found {
    Key(Chord),
    Input(Input),
    PasteBegins,
    Nothing,
}

const SHIFT: u32 = 1;
const ALT: u32 = 2;
const CTRL: u32 = 4;
/// Caps Lock and Num Lock change the character, not the key.
const LOCKS: u32 = 64 | 128;

/// The numbers of a sequence: `1;5:3` is `[[1, 0], [5, 3]]`.
struct Numbers {
    values: [[u32; 2]; 3],
    count: usize,
}

impl Numbers {
    /// Returns `None` for anything but numbers, as in `?62;22` or `2$`.
    fn parse(text: &[u8]) -> Option<Self> {
        let mut numbers = Self {
            values: [[0; 2]; 3],
            count: 0,
        };
        if text.is_empty() {
            return Some(numbers);
        }
        for part in text.split(|byte| *byte == b';') {
            let mut subs = part.split(|byte| *byte == b':');
            let first = number(subs.next()?)?;
            let second = subs.next().map_or(Some(0), number)?;
            // A third number is the key on another layout.
            if let Some(place) = numbers.values.get_mut(numbers.count) {
                *place = [first, second];
            }
            numbers.count += 1;
        }
        Some(numbers)
    }

    fn first(&self) -> u32 {
        self.values[0][0]
    }

    fn held(&self) -> Option<Held> {
        let [modifiers, kind] = self.values[1];
        Held::of(modifiers, kind)
    }
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |value, digit| {
        let digit = char::from(*digit).to_digit(10)?;
        Some(value.saturating_mul(10).saturating_add(digit))
    })
}

/// The modifiers held with a key.
#[derive(Clone, Copy, Default)]
struct Held {
    shift: bool,
    alt: bool,
    ctrl: bool,
}

impl Held {
    /// Returns `None` for a release, and for keys of the desktop (Super, Hyper, Meta), which mean nothing
    /// here.
    fn of(modifiers: u32, kind: u32) -> Option<Self> {
        const RELEASE: u32 = 3;
        let bits = modifiers.saturating_sub(1) & !LOCKS;
        (kind != RELEASE && bits < 8).then_some(Self {
            shift: bits & SHIFT != 0,
            alt: bits & ALT != 0,
            ctrl: bits & CTRL != 0,
        })
    }

    fn with(self, key: Key) -> Chord {
        let key = match key {
            Key::Tab if self.shift => Key::BackTab,
            key => key,
        };
        Chord {
            key,
            ctrl: self.ctrl,
            alt: self.alt,
        }
    }
}

impl From<Option<Chord>> for Found {
    fn from(chord: Option<Chord>) -> Self {
        chord.map_or(Self::Nothing, Self::Key)
    }
}

/// `ESC [`, then `body`, then `last`.
pub(super) fn csi(body: &[u8], last: u8) -> Found {
    if let Some(click) = body.strip_prefix(b"<") {
        // A release ends with a lower-case m.
        let press = (last == b'M').then(|| Numbers::parse(click)).flatten();
        return clicked(press.map(|numbers| (numbers, 0)));
    }
    let Some(numbers) = Numbers::parse(body) else {
        return Found::Nothing;
    };
    match last {
        b'I' if body.is_empty() => Found::Input(Input::Focus(true)),
        b'O' if body.is_empty() => Found::Input(Input::Focus(false)),
        b'M' => clicked(Some((numbers, 32))),
        b'~' if numbers.first() == 200 => Found::PasteBegins,
        b'~' if numbers.first() == 27 && numbers.count == 3 => other_key(&numbers).into(),
        b'~' => numbered(&numbers).into(),
        b'^' | b'@' if numbers.count == 1 => rxvt(&numbers, true).into(),
        b'$' => rxvt(&numbers, false).into(),
        b'u' if numbers.count > 0 => kitty(&numbers).into(),
        _ => lettered(&numbers, last).into(),
    }
}

fn clicked(press: Option<(Numbers, u32)>) -> Found {
    let found = press.and_then(|(numbers, offset)| {
        let [[button, _], [column, _], [row, _]] = numbers.values;
        mouse::press(button.checked_sub(offset)?, column, row)
    });
    found.map_or(Found::Nothing, Found::Input)
}

/// `ESC O`, then perhaps the modifiers, then `last`.
pub(super) fn ss3(body: &[u8], last: u8) -> Option<Chord> {
    let numbers = Numbers::parse(body)?;
    let modifiers = numbers.values[numbers.count.clamp(1, 3) - 1][0];
    let held = Held::of(modifiers, 0)?;
    let key = match last {
        // Lower-case letters are rxvt's, with Control held.
        b'a'..=b'd' => {
            return Some(Chord {
                ctrl: true,
                ..held.with(letter(last.to_ascii_uppercase())?)
            });
        }
        b'M' => Key::Enter,
        b'I' => Key::Tab,
        b'X' => Key::Char('='),
        // The keypad in its application mode.
        b'j'..=b'y' => Key::Char(char::from(last - b'j' + b'*')),
        _ => letter(last)?,
    };
    Some(held.with(key))
}

/// `ESC [ [`, then this.
pub(super) fn linux_function(last: u8) -> Option<Chord> {
    let number = (b'A'..=b'E').contains(&last).then(|| last - b'A' + 1)?;
    Some(Chord::plain(Key::F(number)))
}

/// With Shift rxvt ends a numbered key with `$`, which elsewhere comes in the middle of an answer.
pub(super) fn is_rxvt_shift(body: &[u8]) -> bool {
    body.len() <= 2 && number(body).is_some_and(|number| tilde(number).is_some())
}

fn letter(last: u8) -> Option<Key> {
    Some(match last {
        b'A' => Key::Up,
        b'B' => Key::Down,
        b'C' => Key::Right,
        b'D' => Key::Left,
        b'F' => Key::End,
        b'H' => Key::Home,
        b'P' => Key::F(1),
        b'Q' => Key::F(2),
        b'R' => Key::F(3),
        b'S' => Key::F(4),
        b'Z' => Key::BackTab,
        _ => return None,
    })
}

fn lettered(numbers: &Numbers, last: u8) -> Option<Chord> {
    if let (b'a'..=b'd', 0) = (last, numbers.count) {
        return letter(last.to_ascii_uppercase()).map(Chord::plain);
    }
    // With numbers it is the position of the cursor, which some terminals are asked for.
    let is_place = last == b'R' && numbers.count > 0;
    if is_place || numbers.count > 2 || numbers.first() > 1 {
        return None;
    }
    Some(numbers.held()?.with(letter(last)?))
}

fn tilde(number: u32) -> Option<Key> {
    let function = |first: u32, base: u32| u8::try_from(number - first + base).ok().map(Key::F);
    match number {
        1 | 7 => Some(Key::Home),
        2 => Some(Key::Insert),
        3 => Some(Key::Delete),
        4 | 8 => Some(Key::End),
        5 => Some(Key::PageUp),
        6 => Some(Key::PageDown),
        11..=15 => function(11, 1),
        17..=21 => function(17, 6),
        23..=26 => function(23, 11),
        28 | 29 => function(28, 15),
        31..=34 => function(31, 17),
        _ => None,
    }
}

fn numbered(numbers: &Numbers) -> Option<Chord> {
    if numbers.count > 2 {
        return None;
    }
    Some(numbers.held()?.with(tilde(numbers.first())?))
}

fn rxvt(numbers: &Numbers, ctrl: bool) -> Option<Chord> {
    let key = tilde(numbers.first())?;
    Some(Chord {
        ctrl,
        ..Chord::plain(key)
    })
}

/// xterm's `modifyOtherKeys`: `27 ; modifiers ; character ~`.
fn other_key(numbers: &Numbers) -> Option<Chord> {
    let [_, [modifiers, _], [code, _]] = numbers.values;
    coded(code, 0, Held::of(modifiers, 0)?)
}

/// kitty's keyboard protocol: `character : shifted ; modifiers : kind u`.
fn kitty(numbers: &Numbers) -> Option<Chord> {
    let [[code, shifted], ..] = numbers.values;
    coded(code, shifted, numbers.held()?)
}

fn coded(code: u32, shifted: u32, held: Held) -> Option<Chord> {
    let key = match code {
        9 => Key::Tab,
        13 => Key::Enter,
        27 => Key::Esc,
        8 | 127 => Key::Backspace,
        57_344..=63_743 => return pad(code).map(|key| held.with(key)),
        _ => Key::Char(typed(code, shifted, held)?),
    };
    Some(held.with(key))
}

fn typed(code: u32, shifted: u32, held: Held) -> Option<char> {
    let plain = char::from_u32(code).filter(|c| !c.is_control())?;
    if held.ctrl {
        return Some(plain.to_ascii_lowercase());
    }
    if !held.shift {
        return Some(plain);
    }
    let shifted = char::from_u32(shifted).filter(|c| !c.is_control());
    Some(shifted.unwrap_or_else(|| plain.to_uppercase().next().unwrap_or(plain)))
}

/// The keypad's keys in kitty's private area.
fn pad(code: u32) -> Option<Key> {
    const MARKS: [char; 15] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', '/', '*', '-', '+',
    ];
    const MOVES: [Key; 10] = [
        Key::Left,
        Key::Right,
        Key::Up,
        Key::Down,
        Key::PageUp,
        Key::PageDown,
        Key::Home,
        Key::End,
        Key::Insert,
        Key::Delete,
    ];
    let at = |first: u32| usize::try_from(code - first).unwrap_or(usize::MAX);
    match code {
        57_399..=57_413 => MARKS.get(at(57_399)).copied().map(Key::Char),
        57_414 => Some(Key::Enter),
        57_415 => Some(Key::Char('=')),
        57_417..=57_426 => MOVES.get(at(57_417)).copied(),
        _ => None,
    }
}
