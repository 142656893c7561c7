//! Parses the terms of a filter, or says what it expected.

use crate::text::clean;
use crate::worklist::needle::Needle;
use crate::worklist::texts::fold;

use super::error::{FilterError, nearest_key};
use super::keys::{self, FilterKey, KEYS};
use super::lexer::{Piece, Token, tokens};
use super::terms::{Term, Test};
use super::values;

pub(super) fn parse(text: &str) -> Result<Vec<Term>, FilterError> {
    tokens(text)?
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
            let name = canonical(&piece.text);
            let test = keyed(key.name, &name, &token.values)?;
            (name, test)
        }
        None => {
            let words = token.values.iter().map(|piece| Needle::new(&piece.text));
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
    let Some(empty) = token.values.iter().find(|piece| piece.text.is_empty()) else {
        return Ok(());
    };
    let message = match (key, token.values.len()) {
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

fn keyed(key: &str, canonical: &str, pieces: &[Piece]) -> Result<Test, FilterError> {
    fn each<T>(
        pieces: &[Piece],
        read: fn(&Piece) -> Result<T, FilterError>,
    ) -> Result<Vec<T>, FilterError> {
        pieces.iter().map(read).collect()
    }
    let all = pieces.iter();
    Ok(match key {
        "is" => Test::Is(each(pieces, values::state)?),
        "sev" => Test::Severity(each(pieces, values::severity)?),
        "age" => Test::Age(each(pieces, values::bound)?),
        "upd" => Test::Updated(each(pieces, values::bound)?),
        "late" => Test::Late(each(pieces, values::yes)?),
        "to" => Test::Assignee(all.map(values::who).collect()),
        "cust" => Test::Customer(all.map(values::owner).collect()),
        "desc" => Test::Description(all.map(|it| Needle::new(&it.text)).collect()),
        "uid" => Test::Uid(all.map(|it| Needle::new(&it.text)).collect()),
        "id" => Test::Id(all.map(|it| Needle::new(&it.text)).collect()),
        "by" => Test::By(all.map(|it| Needle::new(&it.text)).collect()),
        _ => Test::Meta(
            canonical
                .strip_prefix("meta.")
                .unwrap_or_default()
                .to_owned(),
            all.map(values::meta).collect(),
        ),
    })
}
