//! The messages about keys that cannot be used.

use crate::app::action::screen::Screen;
use crate::input::{Chord, key_names, show_sequence};
use crate::text;
use crate::worklist::nearest;

pub(in crate::app) const NO_WAY_IN: &str =
    "show_help or show_palette must keep a key; otherwise no action could be found";

pub(in crate::app) fn screen_words(screen: Screen) -> &'static str {
    match screen {
        Screen::Worklist => "on the worklist",
        Screen::Users => "on the users screen",
        Screen::Invitations => "on the invitations screen",
    }
}

/// Two actions want the same keys.
pub(in crate::app) fn taken(
    keys: &[Chord],
    other: &str,
    screen: Screen,
    by_default: bool,
) -> String {
    let (keys, place) = (show_sequence(keys), screen_words(screen));
    if by_default {
        format!("“{keys}” is {other} {place}; give {other} another key, or [] for none")
    } else {
        format!("“{keys}” is already {other} {place}")
    }
}

/// One of two sequences is the beginning of the other, so the longer one can never be typed.
pub(in crate::app) fn hidden(
    mine: &str,
    my_keys: &[Chord],
    other: &str,
    their_keys: &[Chord],
    place: Option<&str>,
) -> String {
    let place = place.map(|place| format!(" {place}")).unwrap_or_default();
    let is_mine_short = my_keys.len() < their_keys.len();
    let (short, long) = if is_mine_short {
        ((mine, my_keys), (other, their_keys))
    } else {
        ((other, their_keys), (mine, my_keys))
    };
    format!(
        "“{}” ({}) could never be typed{place}, because “{}” is {}",
        show_sequence(long.1),
        long.0,
        show_sequence(short.1),
        short.0
    )
}

/// What is wrong with a text that is not a sequence of keys, and what was probably meant.
pub(in crate::app) fn no_key(keys: &str) -> String {
    let word = keys
        .split_whitespace()
        .find(|word| word.parse::<Chord>().is_err());
    let Some(word) = word else {
        return "no key given; the space bar is \"Space\", and [] means no key".into();
    };
    let shown = text::clean(word);
    match modifier_words(word).or_else(|| meant(word)) {
        Some(words) => format!("“{shown}” is not a key; {words}"),
        None => format!(
            "“{shown}” is not a key; write a character, or a name such as Enter, Space, PgDn, F5, \
             Ctrl-d"
        ),
    }
}

/// About modifiers that no terminal sends.
fn modifier_words(word: &str) -> Option<String> {
    let (modifier, rest) = word
        .split_once(['-', '+'])
        .filter(|(_, it)| !it.is_empty())?;
    let mut chars = rest.chars();
    match (modifier.to_lowercase().as_str(), chars.next(), chars.next()) {
        ("shift", Some(c), None) if c.is_alphabetic() => {
            let capital: String = c.to_uppercase().collect();
            Some(format!("with Shift it is \"{capital}\""))
        }
        ("shift", Some(_), None) => {
            Some("write the character that the key types with Shift".into())
        }
        ("shift", ..) => Some("terminals do not report Shift with this key".into()),
        ("super" | "win" | "windows" | "cmd" | "command" | "meta" | "hyper" | "option", ..) => {
            Some("terminals only send Ctrl and Alt".into())
        }
        ("c" | "control" | "strg", ..) => Some(format!("write \"Ctrl-{rest}\"")),
        ("m" | "a", ..) => Some(format!("write \"Alt-{rest}\"")),
        ("ctrl", ..) if rest.to_lowercase().starts_with("shift") => {
            Some("terminals do not report Shift with Ctrl".into())
        }
        ("ctrl" | "alt", ..) => modifier_words(rest).or_else(|| meant(rest)),
        _ => None,
    }
}

fn meant(word: &str) -> Option<String> {
    let number = word.strip_prefix(['F', 'f']).map(str::parse::<u32>);
    if matches!(number, Some(Ok(_))) {
        return Some("there are F1 to F20".into());
    }
    let names: Vec<String> = key_names().map(str::to_lowercase).collect();
    let near = nearest(&word.to_lowercase(), names.iter().map(String::as_str));
    let named = near.and_then(|near| key_names().find(|name| name.to_lowercase() == near));
    if let Some(name) = named {
        return Some(format!("did you mean \"{name}\"?"));
    }
    let is_short = (2..=4).contains(&word.chars().count());
    let is_typed = word.chars().all(|c| c.is_alphanumeric());
    (is_short && is_typed).then(|| {
        let apart: Vec<String> = word.chars().map(String::from).collect();
        format!(
            "to press one key after the other, write \"{}\"",
            apart.join(" ")
        )
    })
}
