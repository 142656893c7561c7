//! Splits a filter text into terms: `[-][key:]value[,value…]`, separated by white space.
//!
//! Double quotes keep white space, commas and colons; two of them inside quotes stand for one. Signs of other
//! languages are understood where they can only mean the same: `sev=stat`, `sev!=stat`, `desc~head`, `age>1h`,
//! typographic and single quotes, a wide colon or comma, white space after the colon, `!` and `+` before a
//! term. The words and signs between terms are for [`super::operators`].

use super::error::FilterError;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) at: usize,
    pub(super) end: usize,
    pub(super) is_negated: bool,
    pub(super) key: Option<Piece>,
    /// At least one; a piece without text is empty.
    pub(super) values: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) at: usize,
    /// Bytes in the source, quotes included.
    pub(super) len: usize,
    /// Without the quotes.
    pub(super) text: String,
    pub(super) is_quoted: bool,
}

impl Token {
    /// Returns the only value of a term without a key, if it has no quotes.
    pub(super) fn bare(&self) -> Option<&str> {
        match (&self.key, self.values.as_slice()) {
            (None, [only]) if !only.is_quoted => Some(&only.text),
            _ => None,
        }
    }

    /// Returns an error about the whole term.
    pub(super) fn wrong(&self, message: String, suggestion: Option<String>) -> FilterError {
        FilterError {
            at: self.at,
            len: self.end - self.at,
            message,
            suggestion,
        }
    }
}

/// Splits a text. The operators between terms are terms of their own here.
pub(super) fn split(text: &str) -> Result<Vec<Token>, FilterError> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    while lexer.skip_space() {
        tokens.push(lexer.token()?);
    }
    Ok(tokens)
}

const COLONS: [char; 3] = [':', '：', '﹕'];
const COMMAS: [char; 3] = [',', '，', '、'];
const MINUS: [char; 2] = ['-', '\u{2212}'];
/// Longer ones first, because they begin with the shorter ones.
const COMPARISONS: [&str; 10] = ["!=", "<>", "!~", "==", ">=", "<=", "=", "~", ">", "<"];

/// Returns the comparison that a text begins with.
fn comparison(text: &str) -> Option<&'static str> {
    COMPARISONS.into_iter().find(|sign| text.starts_with(sign))
}

fn is_double(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '＂')
}

fn is_single(c: char) -> bool {
    matches!(c, '\'' | '‘' | '’' | '‚' | '‛')
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn eat(&mut self, expected: &[char]) -> bool {
        let found = self.peek().filter(|c| expected.contains(c));
        self.at += found.map_or(0, char::len_utf8);
        found.is_some()
    }

    /// Whether anything follows.
    fn skip_space(&mut self) -> bool {
        self.at += self.rest().len() - self.rest().trim_start().len();
        self.at < self.text.len()
    }

    fn token(&mut self) -> Result<Token, FilterError> {
        let at = self.at;
        let mut is_negated = self.is_sign();
        let mut first = self.piece(true)?;
        let mut key = None;
        if let Some(negates) = self.between(&first)? {
            is_negated ^= negates;
            if !self.rest().trim_start().is_empty() {
                self.skip_space();
            }
            key = Some(std::mem::replace(&mut first, self.piece(false)?));
        }
        let mut values = vec![first];
        while self.eat(&COMMAS) {
            values.push(self.piece(false)?);
        }
        Ok(Token {
            at,
            end: self.at,
            is_negated,
            key,
            values,
        })
    }

    /// Passes the sign before a term. Returns whether it negates. A sign that stands alone is left: it may be
    /// an operator.
    fn is_sign(&mut self) -> bool {
        let is_alone = self.rest().chars().nth(1).is_none_or(char::is_whitespace);
        if comparison(self.rest()).is_some() || (is_alone && self.peek() != Some('-')) {
            return false;
        }
        let negates = self.eat(&MINUS) || self.eat(&['!']);
        if !negates {
            self.eat(&['+']);
        }
        negates
    }

    /// Passes what stands between a key and its values, if anything does. Returns whether it negates. The sign
    /// of a limit is left, because it is part of the value.
    fn between(&mut self, key: &Piece) -> Result<Option<bool>, FilterError> {
        if self.eat(&COLONS) {
            self.eat(&['=']);
            return Ok(Some(false));
        }
        let Some(sign) = comparison(self.rest()) else {
            return Ok(None);
        };
        if key.len == 0 {
            return Err(FilterError {
                at: self.at,
                len: sign.len(),
                message: format!(
                    "“{sign}” stands between a key and a value, without spaces: write sev:stat or age:>1h"
                ),
                suggestion: None,
            });
        }
        if !sign.starts_with(['>', '<']) || sign == "<>" {
            self.at += sign.len();
        }
        Ok(Some(matches!(sign, "!=" | "<>" | "!~")))
    }

    /// Reads a key or a value. Only the first piece of a term can be a key.
    fn piece(&mut self, may_be_key: bool) -> Result<Piece, FilterError> {
        let at = self.at;
        let (mut text, mut is_quoted) = (String::new(), false);
        while let Some(c) = self.peek() {
            if is_double(c) {
                is_quoted = true;
                self.quoted(&mut text)?;
                continue;
            }
            if self.at == at && is_single(c) {
                is_quoted = true;
                self.quoted_in_single(&mut text)?;
                continue;
            }
            let ends_key = may_be_key && (COLONS.contains(&c) || comparison(self.rest()).is_some());
            if c.is_whitespace() || COMMAS.contains(&c) || ends_key {
                break;
            }
            text.push(c);
            self.at += c.len_utf8();
        }
        Ok(Piece {
            at,
            len: self.at - at,
            text,
            is_quoted,
        })
    }

    fn quoted(&mut self, text: &mut String) -> Result<(), FilterError> {
        let open = self.at;
        // A plain quote is closed by a plain one, a typographic one by any.
        let is_plain = self.eat(&['"']);
        if !is_plain {
            self.at += self.peek().map_or(0, char::len_utf8);
        }
        while let Some(c) = self.peek() {
            self.at += c.len_utf8();
            let closes = if is_plain { c == '"' } else { is_double(c) };
            if closes && !(is_plain && self.eat(&['"'])) {
                return Ok(());
            }
            text.push(c);
        }
        Err(self.still_open(open, '"'))
    }

    /// A single quote closes only at the end of a word: inside it is an apostrophe.
    fn quoted_in_single(&mut self, text: &mut String) -> Result<(), FilterError> {
        let open = self.at;
        self.at += self.peek().map_or(0, char::len_utf8);
        while let Some(c) = self.peek() {
            self.at += c.len_utf8();
            let next = self.peek();
            let is_end = next.is_none_or(|next| next.is_whitespace() || COMMAS.contains(&next));
            if is_single(c) && is_end {
                return Ok(());
            }
            text.push(c);
        }
        Err(self.still_open(open, '\''))
    }

    fn still_open(&self, open: usize, closing: char) -> FilterError {
        FilterError {
            at: open,
            len: self.text.len() - open,
            message: format!("this quote is still open: expected a closing {closing}"),
            suggestion: None,
        }
    }
}
