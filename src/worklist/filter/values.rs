//! Parses the values of a key.

use crate::text::clean;
use crate::wire::{CustomerId, Severity, UserId};
use crate::worklist::fold::fold;
use crate::worklist::is_address;
use crate::worklist::needle::Needle;

use super::error::{FilterError, nearest};
use super::lexer::Piece;
use super::operators::WILDCARDS;
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
    // The screen writes !!STAT.
    let typed = fold(piece.text.trim_start_matches('!'));
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == typed) {
        return Ok(value.clone());
    }
    // Only the words of this program are suggested, not the other ones that it understands.
    let own = || {
        words
            .iter()
            .map(|(word, _)| *word)
            .filter(|word| expected.contains(word))
    };
    let near = own()
        .find(|word| word.starts_with(&*typed))
        .or_else(|| nearest(&typed, own()));
    let message = format!("“{}” is not a {what}: expected {expected}", piece.text);
    Err(wrong(piece, message, near))
}

pub(super) fn state(piece: &Piece) -> Result<State, FilterError> {
    let words = [
        ("open", State::Open),
        ("complete", State::Complete),
        ("cancelled", State::Cancelled),
        ("any", State::Any),
        // Words of the screen, of the API and of other programs.
        ("incomplete", State::Open),
        ("unread", State::Open),
        ("pending", State::Open),
        ("completed", State::Complete),
        ("done", State::Complete),
        ("read", State::Complete),
        ("canceled", State::Cancelled),
        ("all", State::Any),
    ];
    one_of(piece, "state", "open, complete, cancelled or any", &words)
}

pub(super) fn severity(piece: &Piece) -> Result<Severity, FilterError> {
    let words = [
        ("stat", Severity::Stat),
        ("high", Severity::High),
        ("normal", Severity::Normal),
        ("norm", Severity::Normal),
        ("routine", Severity::Normal),
        ("urgent", Severity::High),
        ("emergency", Severity::Stat),
    ];
    one_of(piece, "severity", "stat, high or normal", &words)
}

pub(super) fn yes(piece: &Piece) -> Result<bool, FilterError> {
    one_of(
        piece,
        "yes-or-no value",
        "yes or no",
        &[
            ("yes", true),
            ("no", false),
            ("true", true),
            ("false", false),
            ("y", true),
            ("n", false),
            ("1", true),
            ("0", false),
        ],
    )
}

/// Quotes turn a word with a meaning into a name: `to:"none"` looks for somebody with that name.
fn is_word(piece: &Piece, word: &str) -> bool {
    !piece.is_quoted && fold(&piece.text) == word
}

/// Words for "no one" on the screen and in other languages.
const NOBODY: [&str; 5] = ["none", "unassigned", "nobody", "empty", "null"];
/// Words for the user who is at the keyboard.
const MYSELF: [&str; 3] = ["me", "@me", "currentuser()"];

/// Returns a value without the signs for "anything" at its ends: a value is a part of the text anyway.
pub(super) fn plain(piece: &Piece) -> &str {
    if piece.is_quoted {
        &piece.text
    } else {
        piece.text.trim_matches(WILDCARDS)
    }
}

/// Returns what to search for.
pub(super) fn part(piece: &Piece) -> Needle {
    Needle::new(plain(piece))
}

pub(super) fn who(piece: &Piece) -> Who {
    if NOBODY.iter().any(|word| is_word(piece, word)) {
        Who::Nobody
    } else if MYSELF.iter().any(|word| is_word(piece, word)) {
        Who::Me
    } else if let Ok(id) = fold(&piece.text).parse::<UserId>() {
        Who::Id(id)
    } else if is_address(&piece.text) {
        Who::Address(clean(&piece.text).into())
    } else {
        Who::Named(part(piece))
    }
}

pub(super) fn owner(piece: &Piece) -> Owner {
    if NOBODY.iter().any(|word| is_word(piece, word)) {
        Owner::Nobody
    } else if let Ok(id) = fold(&piece.text).parse::<CustomerId>() {
        Owner::Id(id)
    } else {
        Owner::Named(part(piece))
    }
}

pub(super) fn meta(piece: &Piece) -> Value {
    if is_word(piece, "*") {
        Value::Present
    } else {
        Value::Holds(part(piece))
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

/// Reads `90m`, `2h`, `1d12h`, `45 minutes` without the space, and `2h05` as the screen writes it. Returns
/// milliseconds.
pub fn span_ms(text: &str) -> Option<i64> {
    let (mut total, mut rest, mut last) = (0i64, text, "");
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let number: i64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let letters = rest
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        let unit = match (rest[..letters].to_ascii_lowercase().as_str(), last) {
            ("", "h") if digits == 2 && rest.is_empty() => "m",
            (word, _) => unit_of(word)?,
        };
        rest = &rest[letters..];
        let millis = match unit {
            "m" => 60_000,
            "h" => 3_600_000,
            _ => 86_400_000,
        };
        total = total.checked_add(number.checked_mul(millis)?)?;
        last = unit;
    }
    (!text.is_empty()).then_some(total)
}

/// Returns the short form of a unit of time.
pub(super) fn unit_of(word: &str) -> Option<&'static str> {
    Some(match word {
        "m" | "min" | "mins" | "minute" | "minutes" => "m",
        "h" | "hr" | "hrs" | "hour" | "hours" => "h",
        "d" | "day" | "days" => "d",
        _ => return None,
    })
}
