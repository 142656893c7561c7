//! Splits a filter text into terms: `[-][key:]value[,value…]`, separated by white space.
//!
//! Double quotes keep white space, commas and colons; two of them inside quotes stand for one.

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

pub(super) fn tokens(text: &str) -> Result<Vec<Token>, FilterError> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    while lexer.skip_space() {
        tokens.push(lexer.token()?);
    }
    Ok(tokens)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl Lexer<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn eat(&mut self, expected: char) -> bool {
        let found = self.peek() == Some(expected);
        if found {
            self.at += expected.len_utf8();
        }
        found
    }

    /// Whether anything follows.
    fn skip_space(&mut self) -> bool {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.at < self.text.len()
    }

    fn token(&mut self) -> Result<Token, FilterError> {
        let at = self.at;
        let is_negated = self.eat('-');
        let mut first = self.piece(true)?;
        let mut key = None;
        if self.eat(':') {
            key = Some(std::mem::replace(&mut first, self.piece(false)?));
        }
        let mut values = vec![first];
        while self.eat(',') {
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

    fn piece(&mut self, ends_at_colon: bool) -> Result<Piece, FilterError> {
        let at = self.at;
        let (mut text, mut is_quoted) = (String::new(), false);
        while let Some(c) = self.peek() {
            if c == '"' {
                is_quoted = true;
                self.quoted(&mut text)?;
                continue;
            }
            if c.is_whitespace() || c == ',' || (c == ':' && ends_at_colon) {
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
        self.at += 1;
        while let Some(c) = self.peek() {
            self.at += c.len_utf8();
            if c == '"' && !self.eat('"') {
                return Ok(());
            }
            text.push(c);
        }
        Err(FilterError {
            at: open,
            len: self.text.len() - open,
            message: "this quote is still open: expected a closing \"".into(),
            suggestion: None,
        })
    }
}
