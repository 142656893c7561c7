//! Parses the terms of a filter, or says what it expected.

use crate::text::clean;
use crate::worklist::fold::fold;

use super::error::{FilterError, nearest_key};
use super::keys::{self, FilterKey, KEYS};
use super::lexer::{Piece, Token};
use super::operators::tokens;
use super::terms::{Term, Test};
use super::values;

pub(super) fn parse(text: &str) -> Result<Vec<Term>, FilterError> {
    tokens(text, &|name| keys::find(&canonical(name)).is_some())?
        .iter()
        .map(|token| term(token, text))
        .collect()
}

/// Returns the name by which a key is compared: lower case; the metadata key cleaned as in the store.
pub(super) fn canonical(key: &str) -> String {
    fold(&clean(key)).into_owned()
}

fn term(token: &Token, text: &str) -> Result<Term, FilterError> {
    let key = match &token.key {
        Some(piece) => Some((piece, known_key(piece)?)),
        None => None,
    };
    check_values(token, key.map(|(_, key)| key))?;
    let (name, test) = match key {
        Some((piece, key)) => {
            let name = match key.name {
                "meta." => canonical(&piece.text),
                name => name.to_owned(),
            };
            let test = keyed(key.name, &name, token)?;
            (name, test)
        }
        None => {
            let words = token.values.iter().map(values::part);
            (String::new(), Test::Word(words.collect()))
        }
    };
    let value = match token.values.as_slice() {
        [only] => only.text.clone(),
        several => several
            .first()
            .map_or("", |first| &text[first.at..token.end])
            .into(),
    };
    Ok(Term {
        span: token.at..token.end,
        is_negated: token.is_negated,
        key: name,
        value,
        test,
    })
}

fn known_key(piece: &Piece) -> Result<&'static FilterKey, FilterError> {
    let name = canonical(&piece.text);
    if name
        .strip_prefix("meta.")
        .is_some_and(|key| !key.is_empty())
    {
        return keys::find("meta.").ok_or_else(|| unknown_key(piece, &name));
    }
    keys::find(&name)
        .filter(|key| key.name != "meta.")
        .ok_or_else(|| unknown_key(piece, &name))
}

/// Keys of other languages that are metadata here, whatever a site calls it.
const METADATA: [&str; 9] = [
    "accession",
    "mrn",
    "patient",
    "patientid",
    "modality",
    "department",
    "location",
    "ward",
    "room",
];
/// What to write for a key that other languages have.
const MEANINGS: [(&str, &str); 10] = [
    ("no", "to:none for studies without an assignee"),
    ("has", "-to:none for studies with an assignee"),
    ("from", "by:NAME for who entered a study"),
    ("before", "age:>1d for what is older than a day"),
    ("after", "age:<1d for what is younger than a day"),
    ("older_than", "age:>1d for what is older than a day"),
    ("newer_than", "age:<1d for what is younger than a day"),
    ("since", "age:<1d for what is younger than a day"),
    ("sort", "no key here: S sorts the list"),
    ("order", "no key here: S sorts the list"),
];

fn unknown_key(piece: &Piece, name: &str) -> FilterError {
    let (message, suggestion) = if name.is_empty() {
        (
            "expected a key before the colon, as in sev:stat".to_owned(),
            None,
        )
    } else if name == "meta." {
        (
            "expected a metadata key after “meta.”, as in meta.mrn:123".to_owned(),
            None,
        )
    } else if METADATA.contains(&name) {
        (
            format!(
                "“{}” is metadata: write meta.KEY:VALUE with the name of its key",
                piece.text
            ),
            Some(format!("meta.{name}")),
        )
    } else if let Some((_, meant)) = MEANINGS.iter().find(|(word, _)| *word == name) {
        (
            format!("“{}” is not a filter key: write {meant}", piece.text),
            None,
        )
    } else {
        let names: Vec<_> = KEYS.iter().map(|key| key.name).collect();
        let message = format!(
            "“{}” is not a filter key: expected one of {}; to search for a text with a colon, put it in quotes",
            piece.text,
            names.join(", ").replace("meta.", "meta.KEY"),
        );
        (message, nearest_key(name).map(Into::into))
    };
    FilterError {
        at: piece.at,
        len: piece.len,
        message,
        suggestion,
    }
}

fn check_values(token: &Token, key: Option<&FilterKey>) -> Result<(), FilterError> {
    let is_presence =
        |piece: &Piece| key.is_some_and(|key| key.name == "meta.") && piece.text == "*";
    let is_empty = |piece: &&Piece| values::plain(piece).is_empty() && !is_presence(piece);
    let Some(empty) = token.values.iter().find(is_empty) else {
        return Ok(());
    };
    let message = match (key, token.values.len()) {
        (Some(key), _) if key.name == "to" && empty.text == "*" => {
            "for every study that has an assignee, write -to:none".into()
        }
        _ if empty.is_quoted => "expected a text between the quotes".to_owned(),
        (Some(key), 1) if key.name == "meta." => format!("expected {} after the colon", key.values),
        (Some(key), 1) => format!("“{}:” needs {}", key.name, key.values),
        (None, 1) => "expected a word after the minus sign".to_owned(),
        _ => "expected a value on either side of the comma".to_owned(),
    };
    Err(FilterError {
        at: empty.at,
        len: empty.len,
        message,
        suggestion: None,
    })
}

fn keyed(key: &str, canonical: &str, token: &Token) -> Result<Test, FilterError> {
    let pieces = token.values.as_slice();
    fn each<T>(
        pieces: &[Piece],
        read: fn(&Piece) -> Result<T, FilterError>,
    ) -> Result<Vec<T>, FilterError> {
        pieces.iter().map(read).collect()
    }
    let all = pieces.iter();
    Ok(match key {
        "is" => {
            check_meaning(token)?;
            Test::Is(each(pieces, values::state)?)
        }
        "sev" => Test::Severity(each(pieces, values::severity)?),
        "age" => Test::Age(each(pieces, values::bound)?),
        "upd" => Test::Updated(each(pieces, values::bound)?),
        "late" => Test::Late(each(pieces, values::yes)?),
        "to" => Test::Assignee(all.map(values::who).collect()),
        "cust" => Test::Customer(all.map(values::owner).collect()),
        "desc" => Test::Description(all.map(values::part).collect()),
        "uid" => Test::Uid(all.map(values::part).collect()),
        "id" => Test::Id(all.map(values::part).collect()),
        "by" => Test::By(all.map(values::part).collect()),
        _ => Test::Meta(
            canonical
                .strip_prefix("meta.")
                .unwrap_or_default()
                .to_owned(),
            all.map(values::meta).collect(),
        ),
    })
}

/// Conditions that other languages write with `is:`.
fn check_meaning(token: &Token) -> Result<(), FilterError> {
    let meanings = [
        ("unassigned", "to:none"),
        ("assigned", "-to:none"),
        ("mine", "to:me"),
        ("me", "to:me"),
        ("late", "late:yes"),
        ("overdue", "late:yes"),
        ("stat", "sev:stat"),
        ("high", "sev:high"),
        ("normal", "sev:normal"),
    ];
    let [only] = token.values.as_slice() else {
        return Ok(());
    };
    let typed = fold(&only.text);
    match meanings.iter().find(|(word, _)| *word == typed) {
        Some((word, meant)) => {
            let message = format!("“{word}” is not a state: write {meant}");
            Err(token.wrong(message, Some((*meant).to_owned())))
        }
        None => Ok(()),
    }
}
