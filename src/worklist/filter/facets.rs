//! The same language for other records than studies. Each kind declares its keys as data.
//!
//! `level:admin role:radiologist -source:api kim`: words are combined with "and", commas with "or", `-`
//! negates, double quotes keep spaces, case does not matter. A key's values are parts of a text, words of a
//! closed list, days or time spans.

use chrono::NaiveDate;

use crate::worklist::fold::{fold, folded};

use super::error::{FilterError, nearest};
use super::lexer::{Piece, Token};
use super::operators::tokens;
use super::terms::Bound;
use super::values;

/// A key for one kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facet {
    /// As it is typed before the colon.
    pub name: &'static str,
    /// What may follow the colon, for an error: "`key` needs …".
    pub values: &'static str,
    /// Other words for this key, which are understood as well.
    pub also: &'static [&'static str],
    pub kind: FacetKind,
}

/// What a key's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FacetKind {
    /// A part of a text.
    Part,
    /// One word of this list.
    Word(&'static [&'static str]),
    /// A day: `2026-03-01`.
    Day,
    /// `>` or `<` and a time.
    Span,
}

/// A record that can be filtered.
pub trait Faceted {
    /// Whether the field of this key matches what is asked for, at `now` (Unix milliseconds).
    fn holds(&self, facet: &Facet, asked: &Asked, now: i64) -> bool;

    /// Returns the text that free words are searched in: every field, in lower case as [`folded`] writes it.
    fn searched(&self) -> &str;
}

/// A parsed value of a key. It matches only what its kind of key can ask for.
#[derive(Debug, Clone)]
pub struct Asked(Value);

#[derive(Debug, Clone)]
enum Value {
    /// In lower case.
    Part(String),
    Word(&'static str),
    Day(NaiveDate),
    Span(Bound),
}

impl Asked {
    /// Whether a text, as [`folded`] writes it, contains this.
    pub fn is_in(&self, folded: &str) -> bool {
        matches!(&self.0, Value::Part(part) if folded.contains(part.as_str()))
    }

    pub fn is_word(&self, word: &str) -> bool {
        matches!(&self.0, Value::Word(asked) if asked.eq_ignore_ascii_case(word))
    }

    /// The answer of a yes-or-no key.
    pub fn is_yes(&self) -> bool {
        self.is_word("yes")
    }

    pub fn day(&self) -> Option<NaiveDate> {
        match &self.0 {
            Value::Day(day) => Some(*day),
            Value::Part(_) | Value::Word(_) | Value::Span(_) => None,
        }
    }

    /// Whether a time span in milliseconds is within the limit.
    pub fn admits(&self, span: i64) -> bool {
        match &self.0 {
            Value::Span(Bound::MoreThan(limit)) => span > *limit,
            Value::Span(Bound::AtLeast(limit)) => span >= *limit,
            Value::Span(Bound::LessThan(limit)) => span < *limit,
            Value::Span(Bound::AtMost(limit)) => span <= *limit,
            Value::Part(_) | Value::Word(_) | Value::Day(_) => false,
        }
    }
}

/// A parsed filter for one kind of record. The empty text matches every record.
#[derive(Debug, Clone)]
pub struct Facets {
    facets: &'static [Facet],
    text: String,
    terms: Vec<Term>,
}

#[derive(Debug, Clone)]
struct Term {
    is_negated: bool,
    /// `None` for free words.
    facet: Option<&'static Facet>,
    /// Holds if any of them does.
    asked: Vec<Asked>,
    /// The first value as it was typed, without its quotes.
    typed: String,
}

impl Facets {
    /// Returns the filter that matches everything.
    pub fn new(facets: &'static [Facet]) -> Self {
        Self {
            facets,
            text: String::new(),
            terms: Vec::new(),
        }
    }

    /// Parses another text with the same keys, or says where it is wrong.
    pub fn read(&self, text: &str) -> Result<Self, FilterError> {
        let is_key = |name: &str| find(self.facets, &fold(name)).is_some();
        let terms = tokens(text, &is_key)?
            .iter()
            .map(|token| term(self.facets, token))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            facets: self.facets,
            text: text.to_owned(),
            terms,
        })
    }

    /// Returns the text as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn matches(&self, record: &impl Faceted, now: i64) -> bool {
        self.terms.iter().all(|term| {
            let holds = term.asked.iter().any(|asked| match term.facet {
                Some(facet) => record.holds(facet, asked, now),
                None => asked.is_in(record.searched()),
            });
            holds != term.is_negated
        })
    }

    /// Returns the value that is asked for with a key, if there is only one and it is not negated.
    pub fn only(&self, key: &str) -> Option<&str> {
        let mut terms = self
            .terms
            .iter()
            .filter(|term| term.facet.is_some_and(|facet| facet.name == key));
        match (terms.next(), terms.next()) {
            (Some(term), None) if !term.is_negated && term.asked.len() == 1 => Some(&term.typed),
            _ => None,
        }
    }
}

/// Two filters with the same text are the same.
impl PartialEq for Facets {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text && self.facets == other.facets
    }
}

impl Eq for Facets {}

fn term(facets: &'static [Facet], token: &Token) -> Result<Term, FilterError> {
    let facet = match &token.key {
        Some(piece) => Some(known(facets, piece)?),
        None => None,
    };
    let asked = token
        .values
        .iter()
        .map(|piece| asked(facet, piece, token.values.len()))
        .collect::<Result<_, _>>()?;
    Ok(Term {
        is_negated: token.is_negated,
        facet,
        asked,
        typed: token
            .values
            .first()
            .map(|piece| piece.text.clone())
            .unwrap_or_default(),
    })
}

/// Returns the key of this name, or the one that this is another word for.
fn find(facets: &'static [Facet], name: &str) -> Option<&'static Facet> {
    let is_it = |facet: &&Facet| facet.also.contains(&name);
    let named = facets.iter().find(|facet| facet.name == name);
    named.or_else(|| facets.iter().find(is_it))
}

fn known(facets: &'static [Facet], piece: &Piece) -> Result<&'static Facet, FilterError> {
    let name = fold(&piece.text);
    if let Some(facet) = find(facets, &name) {
        return Ok(facet);
    }
    let meant = nearest(&name, facets.iter().map(|facet| facet.name));
    let names: Vec<&str> = facets.iter().map(|facet| facet.name).collect();
    let message = format!(
        "“{}” is not a filter key here: expected one of {}; to search for a text with a colon, put it in quotes",
        piece.text,
        names.join(", ")
    );
    Err(wrong(piece, message, meant))
}

fn asked(
    facet: Option<&'static Facet>,
    piece: &Piece,
    values: usize,
) -> Result<Asked, FilterError> {
    if values::plain(piece).is_empty() {
        return Err(wrong(piece, missing(facet, piece, values), None));
    }
    let part = || Value::Part(folded(values::plain(piece)));
    let Some(facet) = facet else {
        return Ok(Asked(part()));
    };
    Ok(Asked(match facet.kind {
        FacetKind::Part => part(),
        FacetKind::Word(words) => Value::Word(word(facet, words, piece)?),
        FacetKind::Day => Value::Day(day(piece)?),
        FacetKind::Span => Value::Span(values::bound(piece)?),
    }))
}

fn missing(facet: Option<&Facet>, piece: &Piece, values: usize) -> String {
    match (facet, values) {
        _ if piece.is_quoted => "expected a text between the quotes".into(),
        (Some(facet), 1) => format!("“{}:” needs {}", facet.name, facet.values),
        (None, 1) => "expected a word after the minus sign".into(),
        _ => "expected a value on either side of the comma".into(),
    }
}

fn word(
    facet: &Facet,
    words: &'static [&'static str],
    piece: &Piece,
) -> Result<&'static str, FilterError> {
    let typed = fold(&piece.text);
    if let Some(word) = words.iter().find(|word| **word == typed) {
        return Ok(word);
    }
    let meant = words
        .iter()
        .copied()
        .find(|word| word.starts_with(&*typed))
        .or_else(|| nearest(&typed, words.iter().copied()));
    let message = format!(
        "“{}” is not a value of {}: expected {}",
        piece.text, facet.name, facet.values
    );
    Err(wrong(piece, message, meant))
}

fn day(piece: &Piece) -> Result<NaiveDate, FilterError> {
    NaiveDate::parse_from_str(&piece.text, "%Y-%m-%d").map_err(|_| {
        let message = format!(
            "“{}” is not a day: expected one such as 2026-03-01",
            piece.text
        );
        wrong(piece, message, None)
    })
}

fn wrong(piece: &Piece, message: String, suggestion: Option<&str>) -> FilterError {
    FilterError {
        at: piece.at,
        len: piece.len,
        message,
        suggestion: suggestion.map(Into::into),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: &[Facet] = &[
        Facet {
            name: "role",
            values: "a part of the role",
            also: &[],
            kind: FacetKind::Part,
        },
        Facet {
            name: "level",
            values: "admin or member",
            also: &["rights"],
            kind: FacetKind::Word(&["admin", "member"]),
        },
        Facet {
            name: "from",
            values: "a day",
            also: &[],
            kind: FacetKind::Day,
        },
        Facet {
            name: "expires",
            values: "> or < and a time",
            also: &[],
            kind: FacetKind::Span,
        },
    ];

    struct Nurse;

    impl Faceted for Nurse {
        fn holds(&self, facet: &Facet, asked: &Asked, now: i64) -> bool {
            match facet.name {
                "role" => asked.is_in("registered nurse"),
                "level" => asked.is_word("member"),
                "from" => asked.day() <= NaiveDate::from_ymd_opt(2026, 3, 2),
                _ => asked.admits(now),
            }
        }

        fn searched(&self) -> &str {
            "kim, ana\nana kim\nana@example.org"
        }
    }

    fn read(text: &str) -> Result<Facets, FilterError> {
        Facets::new(KEYS).read(text)
    }

    #[test]
    fn it_reads_as_the_studies_filter_does() {
        for (text, matches) in [
            ("", true),
            ("KIM", true),
            ("\"ana kim\"", true),
            ("osei", false),
            ("-osei", true),
            ("osei,kim", true),
            ("role:\"Registered N\" kim", true),
            ("role:radio,nurse", true),
            ("-role:nurse", false),
            ("level:MEMBER", true),
            ("level:admin", false),
            ("from:2026-03-02", true),
            ("from:2026-03-03", false),
            ("expires:<1h", true),
            ("expires:>1h", false),
        ] {
            assert_eq!(
                read(text).unwrap().matches(&Nurse, 60_000),
                matches,
                "{text}"
            );
        }
    }

    #[test]
    fn an_error_says_where_and_what_was_expected() {
        for (text, at, suggestion) in [
            ("kim rloe:x", 4, Some("role")),
            ("rihgts:x", 0, None),
            ("rights:x", 7, None),
            ("level:adm", 6, Some("admin")),
            ("level:", 6, None),
            ("from:yesterday", 5, None),
            ("expires:48h", 8, Some(">48h")),
            ("\"kim", 0, None),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!(error.at, at, "{text}");
            assert_eq!(error.suggestion.as_deref(), suggestion, "{text}");
        }
    }

    #[test]
    fn one_exact_value_can_be_asked_of_the_server() {
        assert_eq!(read("role:Nurse kim").unwrap().only("role"), Some("Nurse"));
        for text in ["-role:x", "role:x,y", "role:x role:y", "x"] {
            assert_eq!(read(text).unwrap().only("role"), None, "{text}");
        }
    }
}
