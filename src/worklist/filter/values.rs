//! Parses the values of a key.

use crate::text::clean;
use crate::wire::{CustomerId, Severity, UserId};
use crate::worklist::is_address;
use crate::worklist::needle::Needle;
use crate::worklist::texts::fold;

use super::error::{FilterError, nearest};
use super::lexer::Piece;
use super::terms::{Bound, Owner, State, Value, Who};

fn wrong(piece: &Piece, message: String, suggestion: Option<&str>) -> FilterError {
    FilterError {
        at: piece.at,
        len: piece.len,
        message,
        suggestion: suggestion.map(Into::into),
    }
}

/// Returns the value that a word of a closed list stands for.
fn one_of<T: Clone>(
    piece: &Piece,
    what: &str,
    expected: &str,
    words: &[(&'static str, T)],
) -> Result<T, FilterError> {
    let typed = fold(&piece.text);
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == typed) {
        return Ok(value.clone());
    }
    let near = words
        .iter()
        .map(|(word, _)| *word)
        .find(|word| word.starts_with(&*typed))
        .or_else(|| nearest(&typed, words.iter().map(|(word, _)| *word)));
    let message = format!("“{}” is not a {what}: expected {expected}", piece.text);
    Err(wrong(piece, message, near))
}

pub(super) fn state(piece: &Piece) -> Result<State, FilterError> {
    let words = [
        ("open", State::Open),
        ("complete", State::Complete),
        ("cancelled", State::Cancelled),
        ("any", State::Any),
    ];
    one_of(piece, "state", "open, complete, cancelled or any", &words)
}

pub(super) fn severity(piece: &Piece) -> Result<Severity, FilterError> {
    let words = [
        ("stat", Severity::Stat),
        ("high", Severity::High),
        ("normal", Severity::Normal),
        ("norm", Severity::Normal),
    ];
    one_of(piece, "severity", "stat, high or normal", &words)
}

pub(super) fn yes(piece: &Piece) -> Result<bool, FilterError> {
    one_of(
        piece,
        "yes-or-no value",
        "yes or no",
        &[("yes", true), ("no", false)],
    )
}

/// Quotes turn a word with a meaning into a name: `to:"none"` looks for somebody with that name.
fn is_word(piece: &Piece, word: &str) -> bool {
    !piece.is_quoted && fold(&piece.text) == word
}

pub(super) fn who(piece: &Piece) -> Who {
    if is_word(piece, "none") {
        Who::Nobody
    } else if is_word(piece, "me") {
        Who::Me
    } else if let Ok(id) = fold(&piece.text).parse::<UserId>() {
        Who::Id(id)
    } else if is_address(&piece.text) {
        Who::Address(clean(&piece.text).into())
    } else {
        Who::Named(Needle::new(&piece.text))
    }
}

pub(super) fn owner(piece: &Piece) -> Owner {
    if is_word(piece, "none") {
        Owner::Nobody
    } else if let Ok(id) = fold(&piece.text).parse::<CustomerId>() {
        Owner::Id(id)
    } else {
        Owner::Named(Needle::new(&piece.text))
    }
}

pub(super) fn meta(piece: &Piece) -> Value {
    if is_word(piece, "*") {
        Value::Present
    } else {
        Value::Holds(Needle::new(&piece.text))
    }
}

pub(super) fn bound(piece: &Piece) -> Result<Bound, FilterError> {
    type Make = fn(i64) -> Bound;
    let signs: [(&str, Make); 4] = [
        (">=", Bound::AtLeast),
        ("<=", Bound::AtMost),
        (">", Bound::MoreThan),
        ("<", Bound::LessThan),
    ];
    let text = piece.text.as_str();
    let found = signs
        .iter()
        .find_map(|(sign, make)| Some((text.strip_prefix(sign)?, make)));
    let Some((span, make)) = found else {
        let message = "expected > or < before the time, as in >2h".to_owned();
        let near = span_ms(text).map(|_| format!(">{text}"));
        return Err(wrong(piece, message, near.as_deref()));
    };
    span_ms(span).map(make).ok_or_else(|| {
        let message = if span.is_empty() {
            format!("expected a time after “{text}”, such as 30m, 2h or 1d")
        } else {
            format!("“{span}” is not a time: expected one such as 30m, 2h or 1d")
        };
        let near = span.parse::<u32>().map(|_| format!("{text}m")).ok();
        wrong(piece, message, near.as_deref())
    })
}

/// Reads `90m`, `2h` or `1d12h`. Returns milliseconds.
pub fn span_ms(text: &str) -> Option<i64> {
    let (mut total, mut number) = (0i64, None::<i64>);
    for c in text.chars() {
        if let Some(digit) = c.to_digit(10) {
            let so_far = number.unwrap_or(0).checked_mul(10)?;
            number = Some(so_far.checked_add(i64::from(digit))?);
            continue;
        }
        let unit = match c.to_ascii_lowercase() {
            'm' => 60_000,
            'h' => 3_600_000,
            'd' => 86_400_000,
            _ => return None,
        };
        total = total.checked_add(number.take()?.checked_mul(unit)?)?;
    }
    (number.is_none() && !text.is_empty()).then_some(total)
}
