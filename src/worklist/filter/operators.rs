//! The words and signs by which other languages join conditions: Jira, GitHub, SQL, spreadsheets, mail search.
//!
//! Each is understood where it can only mean one thing here, or refused with what to type. None is ever
//! searched as text: a filter that quietly finds less than was asked for is worse than a refusal. Quotes make
//! any of them a text again.

use super::error::FilterError;
use super::lexer::{Piece, Token, split};
use super::values::unit_of;

const TO_SEARCH: &str = "quotes make it text";
/// Words between a field and a value in other languages.
const RELATIONS: [&str; 14] = [
    "is", "isn't", "are", "in", "like", "contains", "equals", "eq", "ne", "between", "has",
    "matches", "not", "includes",
];

/// Splits a filter text into terms, and takes the operators out.
pub(super) fn tokens(text: &str, is_key: &dyn Fn(&str) -> bool) -> Result<Vec<Token>, FilterError> {
    let all = split(text)?;
    let mut terms: Vec<Token> = Vec::with_capacity(all.len());
    let mut negation: Option<&Token> = None;
    for (at, token) in all.iter().enumerate() {
        let (before, after) = (at.checked_sub(1).map(|at| &all[at]), all.get(at + 1));
        match operator(token) {
            Some(Operator::And) => check_and(token, before, after)?,
            Some(Operator::Or) => return Err(or(token, before, after, text)),
            Some(Operator::Not) => {
                if after.is_none_or(|after| operator(after).is_some()) {
                    let message = format!("expected what to exclude, as in -to:kim; {TO_SEARCH}");
                    return Err(token.wrong(message, None));
                }
                negation = Some(token);
            }
            Some(Operator::Unknown(advice)) => {
                return Err(token.wrong(format!("{advice}; {TO_SEARCH}"), None));
            }
            None => {
                check_relation(token, before, is_key)?;
                check_unit(token, before)?;
                check_comma(token, after, text)?;
                for piece in &token.values {
                    check_piece(piece, token)?;
                }
                let mut term = token.clone();
                if let Some(not) = negation.take() {
                    term.at = not.at;
                    term.is_negated = !term.is_negated;
                }
                terms.push(term);
            }
        }
    }
    Ok(terms)
}

enum Operator {
    And,
    Or,
    Not,
    /// One that the language does not have, with what to do instead.
    Unknown(&'static str),
}

fn operator(token: &Token) -> Option<Operator> {
    let word = token.bare()?;
    let is_plain = !token.is_negated && token.end - token.at == word.len();
    Some(match word.to_ascii_lowercase().as_str() {
        "and" | "&&" | "&" | "+" if is_plain => Operator::And,
        "or" | "||" | "|" if is_plain => Operator::Or,
        "not" | "!" if is_plain => Operator::Not,
        "and" | "or" | "not" => {
            Operator::Unknown("a word that joins conditions cannot be excluded")
        }
        "where" | "select" => {
            Operator::Unknown("write only the conditions, as in sev:stat to:none")
        }
        "xor" | "nor" | "nand" => {
            Operator::Unknown("this operator is not supported; use - to exclude and a comma for or")
        }
        "(" | ")" | "[" | "]" | "{" | "}" => Operator::Unknown(GROUPS),
        "*" | "%" | "**" => {
            Operator::Unknown("a filter without a condition shows everything; leave the sign out")
        }
        ";" | "/" | "\\" | "?" | "#" | "@" | "^" | "$" | "." => {
            Operator::Unknown("expected a word or key:value here")
        }
        _ => return None,
    })
}

const GROUPS: &str = "groups in brackets are not supported: all terms must match, and a comma means or, as in \
                      sev:stat,high to:none";

/// `and` joins two terms. That is what a space does, so it adds nothing.
fn check_and(
    token: &Token,
    before: Option<&Token>,
    after: Option<&Token>,
) -> Result<(), FilterError> {
    let is_term = |token: Option<&Token>| {
        token.is_some_and(|token| !matches!(operator(token), Some(Operator::And | Operator::Or)))
    };
    if is_term(before) && is_term(after) {
        return Ok(());
    }
    let message = format!("expected a condition on either side; {TO_SEARCH}");
    Err(token.wrong(message, None))
}

/// `or` between two values of one key is a comma. Between different keys there is no `or`.
fn or(token: &Token, before: Option<&Token>, after: Option<&Token>, text: &str) -> FilterError {
    let name = |token: &Token| token.key.as_ref().map(|key| key.text.to_lowercase());
    let joined = before.zip(after).filter(|(before, after)| {
        let is_term = operator(before).is_none() && operator(after).is_none();
        is_term && name(before) == name(after) && !before.is_negated && !after.is_negated
    });
    match joined {
        Some((before, after)) => {
            let values = &text[after.values[0].at..after.end];
            let comma = format!("{},{values}", &text[before.at..before.end]);
            FilterError {
                at: before.at,
                len: after.end - before.at,
                message: format!("for one or the other, write a comma: {comma}; {TO_SEARCH}"),
                suggestion: Some(comma),
            }
        }
        None => token.wrong(
            format!(
                "there is no “or” between different keys; within one, a comma: sev:stat,high; {TO_SEARCH}"
            ),
            None,
        ),
    }
}

/// `status is open`, `severity in (…)`: a key without its colon.
fn check_relation(
    token: &Token,
    before: Option<&Token>,
    is_key: &dyn Fn(&str) -> bool,
) -> Result<(), FilterError> {
    let relation = token.bare().map(str::to_ascii_lowercase);
    let sorts = ["order", "sort", "group"];
    let is_sort = |word: &str| sorts.iter().any(|sort| word.eq_ignore_ascii_case(sort));
    if relation.as_deref() == Some("by") && before.and_then(Token::bare).is_some_and(is_sort) {
        let message =
            format!("a filter does not sort: press S, or set sort in a view; {TO_SEARCH}");
        return Err(token.wrong(message, None));
    }
    let key = before.and_then(Token::bare).filter(|key| is_key(key));
    match (relation, key, before) {
        (Some(relation), Some(key), Some(before)) if RELATIONS.contains(&relation.as_str()) => {
            Err(FilterError {
                at: before.at,
                len: token.end - before.at,
                message: format!(
                    "write {key}:VALUE, with a colon and without “{relation}”; {TO_SEARCH}"
                ),
                suggestion: None,
            })
        }
        _ => Ok(()),
    }
}

/// `to:Kim, Dana`: a name as it is written, whose comma would mean "or".
fn check_comma(token: &Token, after: Option<&Token>, text: &str) -> Result<(), FilterError> {
    let (Some(after), Some(last)) = (after, token.values.last()) else {
        return Ok(());
    };
    if last.len > 0 || token.values.len() != 2 || after.bare().is_none() {
        return Ok(());
    }
    let first = token.values[0].at;
    let meant = format!("{}\"{}\"", &text[token.at..first], &text[first..after.end]);
    Err(FilterError {
        at: token.at,
        len: after.end - token.at,
        message: format!(
            "a comma means or, and takes no space; for a name with a comma use quotes: {meant}"
        ),
        suggestion: Some(meant),
    })
}

/// `age:>1 h`: a unit apart from its number.
fn check_unit(token: &Token, before: Option<&Token>) -> Result<(), FilterError> {
    let unit = token
        .bare()
        .and_then(|word| unit_of(&word.to_ascii_lowercase()));
    let number = before.and_then(|before| {
        let value = &before.values.last()?.text;
        let is_limit =
            value.starts_with(['>', '<']) && value.ends_with(|c: char| c.is_ascii_digit());
        (before.key.is_some() && is_limit).then_some((before, value))
    });
    match (unit, number) {
        (Some(unit), Some((before, value))) => {
            let key = before.key.as_ref().map_or("age", |key| &key.text);
            let meant = format!("{key}:{value}{unit}");
            Err(FilterError {
                at: before.at,
                len: token.end - before.at,
                message: format!("write the time without a space: {meant}"),
                suggestion: Some(meant),
            })
        }
        _ => Ok(()),
    }
}

/// Signs inside a value that mean something elsewhere.
fn check_piece(piece: &Piece, token: &Token) -> Result<(), FilterError> {
    if piece.is_quoted {
        return Ok(());
    }
    let text = piece.text.as_str();
    let advice = if text.contains("||") || text.contains('|') {
        "for one or the other, write a comma, as in sev:stat,high"
    } else if text.contains("&&") {
        "separate conditions with a space"
    } else if text.contains(';') {
        "separate values with a comma and conditions with a space"
    } else if text.starts_with(['(', '[', '{']) || is_left_open(text) {
        GROUPS
    } else if text.len() > 2 && text.starts_with('/') && text.ends_with('/') {
        "regular expressions are not supported; write a part of the text"
    } else if text.contains(['=', '~', '<', '>']) && token.key.is_none() {
        "expected a key before this sign, as in sev:stat"
    } else if text.starts_with('<') && text.contains('@') {
        "write the address without < and >"
    } else if text.trim_matches(WILDCARDS).contains(WILDCARDS) {
        "a value is a part of the text and takes no * or %; write the parts as two words"
    } else {
        return Ok(());
    };
    Err(FilterError {
        at: piece.at,
        len: piece.len,
        message: format!("{advice}; {TO_SEARCH}"),
        suggestion: None,
    })
}

/// Whether a text would not be read as itself without quotes.
pub(super) fn has_meaning(text: &str) -> bool {
    let is_plain = |c: char| {
        c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '@' | '#' | '&' | '+' | ':')
    };
    let is_sign = text.starts_with(|c: char| !c.is_alphanumeric() && c != '@' && c != '#');
    let token = split(text);
    let is_operator = token.is_ok_and(|all| all.iter().any(|token| operator(token).is_some()));
    is_sign || !text.chars().all(is_plain) || is_operator
}

/// Signs for "anything" at either end of a value. A value is a part of the text, so they add nothing.
pub(super) const WILDCARDS: [char; 2] = ['*', '%'];

/// Whether a bracket closes that was never opened.
fn is_left_open(text: &str) -> bool {
    let mut open = 0i32;
    text.chars().any(|c| {
        open += i32::from(c == '(') - i32::from(c == ')');
        open < 0
    })
}
