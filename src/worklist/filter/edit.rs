//! Changes one key of a filter's text and leaves the rest as it was typed.

use std::borrow::Cow;

use super::operators::has_meaning;
use super::parser::canonical;
use super::terms::Term;
use super::{Filter, keys};

impl Filter {
    /// Returns the value of the first term that asks for `key`: one value without its quotes, several as
    /// typed.
    ///
    /// `key` as in [`KEYS`](super::KEYS), or `meta.` and a metadata key, in any case.
    pub fn term(&self, key: &str) -> Option<&str> {
        let key = canonical(key);
        self.terms
            .iter()
            .find(|term| term.asks(&key))
            .map(|term| term.value.as_str())
    }

    /// Returns the filter with one term for `key` in place of all that ask for it; `None` removes them.
    ///
    /// Negated terms stay. A text value is one value and is quoted where needed; for `is`, `sev`, `age`,
    /// `upd` and `late` it may be several, separated by commas. A key or a value that is not valid changes
    /// nothing.
    pub fn with_term(&self, key: &str, value: Option<&str>) -> Filter {
        let key = canonical_to_find(key);
        let new = match value {
            None => None,
            Some(value) => match written(&key, value) {
                Some(term) => Some(term),
                None => return self.clone(),
            },
        };
        let edited = self.replaced(&canonical(&key), new);
        Self::parse(&edited).unwrap_or_else(|_| self.clone())
    }

    fn replaced(&self, key: &str, mut new: Option<String>) -> String {
        let (mut out, mut from) = (String::new(), 0);
        for term in self.terms.iter().filter(|term| term.asks(key)) {
            out.push_str(&self.text[from..term.span.start]);
            from = term.span.end;
            if let Some(new) = new.take() {
                out.push_str(&new);
                continue;
            }
            let rest = &self.text[from..];
            from += rest.len() - rest.trim_start().len();
            if from == self.text.len() {
                out.truncate(out.trim_end().len());
            }
        }
        out.push_str(&self.text[from..]);
        if let Some(new) = new {
            if !out.is_empty() && !out.ends_with(char::is_whitespace) {
                out.push(' ');
            }
            out.push_str(&new);
        }
        out
    }
}

impl Term {
    fn asks(&self, key: &str) -> bool {
        !self.is_negated && !key.is_empty() && self.key == key
    }
}

/// Returns the key as it is written: a metadata key keeps its case.
fn canonical_to_find(key: &str) -> String {
    match key
        .get(..5)
        .filter(|start| start.eq_ignore_ascii_case("meta."))
    {
        Some(_) => format!("meta.{}", &key[5..]),
        None => canonical(key),
    }
}

/// Returns the term as text; `None` if the language has no such term.
fn written(key: &str, value: &str) -> Option<String> {
    if value.is_empty() {
        return None;
    }
    if let Some(name) = key.strip_prefix("meta.").filter(|name| !name.is_empty()) {
        return Some(format!(
            "meta.{}:{}",
            quoted(name, &[':', ',']),
            quoted(value, &[','])
        ));
    }
    let known = keys::find(key)?;
    if known.is_free {
        return Some(format!("{key}:{}", quoted(value, &[','])));
    }
    let is_plain = !value.contains(|c: char| c.is_whitespace() || c == '"');
    is_plain.then(|| format!("{key}:{value}"))
}

/// Returns a text as it is written in a filter: in quotes if it has white space, anything `special`, or what
/// the language or another one gives a meaning.
pub fn quoted<'a>(text: &'a str, special: &[char]) -> Cow<'a, str> {
    if text.contains(|c: char| c.is_whitespace() || special.contains(&c)) || has_meaning(text) {
        Cow::Owned(format!("\"{}\"", text.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(text)
    }
}
