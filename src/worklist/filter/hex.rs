//! A part of a study id, compared without formatting the id.

use crate::wire::StudyId;
use crate::worklist::needle::Needle;

/// What a needle means for an id: `stu_` and 32 hex digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum HexNeedle {
    /// No id contains it.
    Never,
    /// The prefix of every id contains it.
    Always,
    /// The id's first digits, as the last digits of a number, and how many bits they are.
    Start(u128, u32),
    /// Digits that may be anywhere.
    Digits(Vec<u8>),
}

const DIGITS: usize = 32;
const ONES: u128 = u128::MAX / 15;
const LOW: u128 = 7 * ONES;

impl HexNeedle {
    pub(super) fn new(needle: &Needle) -> Self {
        let text = needle.folded();
        if StudyId::PREFIX.contains(text) {
            return Self::Always;
        }
        let (prefix, hex) = match text.rfind('_') {
            Some(end) => text.split_at(end + 1),
            None => ("", text),
        };
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let is_possible = StudyId::PREFIX.ends_with(prefix) && hex.len() <= DIGITS;
        if !is_possible || !hex.bytes().all(is_digit) {
            return Self::Never;
        }
        let digits = hex.bytes().filter_map(|byte| char::from(byte).to_digit(16));
        match prefix {
            "" => Self::Digits(digits.map(|digit| digit as u8).collect()),
            _ => {
                let start = digits.fold(0, |number, digit| number << 4 | u128::from(digit));
                Self::Start(start, 4 * hex.len() as u32)
            }
        }
    }

    pub(super) fn is_in(&self, id: StudyId) -> bool {
        let number = u128::from_be_bytes(*id.as_bytes());
        match self {
            Self::Never => false,
            Self::Always => true,
            Self::Start(start, bits) => number >> (u128::BITS - bits) == *start,
            Self::Digits(digits) => {
                let mut starts = u128::MAX;
                for (nth, digit) in digits.iter().enumerate() {
                    starts &= places(number, *digit) << (4 * nth);
                    if starts == 0 {
                        return false;
                    }
                }
                true
            }
        }
    }
}

/// Returns the places of a digit in a number, as the highest bit of each.
fn places(number: u128, digit: u8) -> u128 {
    let differing = number ^ (ONES * u128::from(digit));
    !(((differing & LOW) + LOW) | differing | LOW)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_holds_what_its_text_holds(bytes in any::<[u8; 16]>(), typed in "[stu_0-9a-f]{1,5}", from in 0usize..36, len in 1usize..36) {
            let id = StudyId::from_bytes(bytes);
            let text = id.to_string();
            let part = &text[from..(from + len).min(text.len())];
            for typed in [typed.as_str(), part] {
                let found = HexNeedle::new(&Needle::new(typed)).is_in(id);
                prop_assert_eq!(found, text.contains(typed), "{} in {}", typed, text);
            }
        }
    }
}
