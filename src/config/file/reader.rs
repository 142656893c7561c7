//! Reading values from a document, each with its line for messages about it.

use std::ops::{Range, RangeInclusive};

use toml_edit::{Item, TableLike, Value};

use crate::worklist::{nearest, span_ms};

/// What is wrong in a text, and on which line it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::config) struct Wrong {
    pub(in crate::config) line: usize,
    pub(in crate::config) message: String,
}

pub(super) fn wrong(text: &str, span: Option<Range<usize>>, message: impl Into<String>) -> Wrong {
    Wrong {
        line: line_of(text, span),
        message: message.into(),
    }
}

/// Returns the line on which a span begins; the first one is 1.
pub(super) fn line_of(text: &str, span: Option<Range<usize>>) -> usize {
    let at = span.map_or(0, |span| span.start).min(text.len());
    let before = text.as_bytes().iter().take(at);
    before.filter(|byte| **byte == b'\n').count() + 1
}

pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
}

/// The limits of a time, and how one is written.
pub(super) struct SpanRule {
    pub(super) what: &'static str,
    pub(super) within: RangeInclusive<i64>,
    pub(super) such_as: &'static str,
}

impl Reader<'_> {
    pub(super) fn wrong(&self, item: &Item, message: impl Into<String>) -> Wrong {
        wrong(self.text, item.span(), message)
    }

    /// Returns what is wrong with a setting's name, on the line of the name.
    pub(super) fn wrong_key(
        &self,
        table: &dyn TableLike,
        name: &str,
        message: impl Into<String>,
    ) -> Wrong {
        let (key, item) = table.get_key_value(name).unzip();
        let span = key
            .and_then(|key| key.span())
            .or_else(|| item.and_then(Item::span));
        wrong(self.text, span, message)
    }

    /// Refuses a key that is not in the list, with the one that was probably meant.
    pub(super) fn known(
        &self,
        table: &dyn TableLike,
        keys: &[&str],
        what: &str,
    ) -> Result<(), Wrong> {
        let odd = table.iter().find(|(name, _)| !keys.contains(name));
        let Some((name, _)) = odd else {
            return Ok(());
        };
        let near = match nearest(&name.to_lowercase(), keys.iter().copied()) {
            Some(near) => format!("did you mean “{near}”?"),
            None => format!("there are {}", keys.join(", ")),
        };
        Err(self.wrong_key(table, name, format!("“{name}” is not a {what}; {near}")))
    }

    /// Returns the table of this name, if the file has it.
    pub(super) fn table<'i>(
        &self,
        root: &'i dyn TableLike,
        name: &str,
    ) -> Result<Option<&'i dyn TableLike>, Wrong> {
        let Some(item) = root.get(name) else {
            return Ok(None);
        };
        let message = || format!("“{name}” is a table that begins with [{name}]");
        let table = item.as_table_like();
        table.map(Some).ok_or_else(|| self.wrong(item, message()))
    }

    pub(super) fn text_of<'i>(&self, item: &'i Item, what: &str) -> Result<&'i str, Wrong> {
        item.as_str()
            .ok_or_else(|| self.wrong(item, format!("{what} must be a text in quotes")))
    }

    /// Reads one line of plain text that is not empty.
    pub(super) fn line_of_text<'i>(&self, item: &'i Item, what: &str) -> Result<&'i str, Wrong> {
        let text = self.text_of(item, what)?.trim();
        if text.is_empty() {
            return Err(self.wrong(item, format!("{what} is empty; leave the line out instead")));
        }
        if text.chars().any(char::is_control) {
            return Err(self.wrong(item, format!("{what} is one line of plain text")));
        }
        Ok(text)
    }

    pub(super) fn words<'i>(
        &self,
        item: &'i Item,
        what: &str,
        such_as: &str,
    ) -> Result<Vec<&'i str>, Wrong> {
        let message = || format!("{what} must be a list of texts, such as {such_as}");
        let list = item.as_array().ok_or_else(|| self.wrong(item, message()))?;
        let word = |value: &'i Value| value.as_str().ok_or_else(|| self.wrong(item, message()));
        list.iter().map(word).collect()
    }

    pub(super) fn flag(&self, item: &Item, what: &str) -> Result<bool, Wrong> {
        item.as_bool()
            .ok_or_else(|| self.wrong(item, format!("{what} must be true or false")))
    }

    pub(super) fn span(&self, item: &Item, rule: &SpanRule) -> Result<i64, Wrong> {
        let span = item.as_str().and_then(|text| seconds_ms(text.trim()));
        span.filter(|ms| rule.within.contains(ms)).ok_or_else(|| {
            let message = format!("{} must be a time {}", rule.what, rule.such_as);
            self.wrong(item, message)
        })
    }
}

/// Reads a span such as `90m`, `1d12h` or `1m30s`. Returns milliseconds.
pub(super) fn seconds_ms(text: &str) -> Option<i64> {
    let Some(front) = text.strip_suffix(['s', 'S']) else {
        return span_ms(text);
    };
    let rest = front.trim_end_matches(|c: char| c.is_ascii_digit());
    let seconds: i64 = front[rest.len()..].parse().ok()?;
    let larger = match rest {
        "" => 0,
        rest => span_ms(rest)?,
    };
    larger.checked_add(seconds.checked_mul(1_000)?)
}

/// Returns a span as it is written in the file, in whole seconds.
pub fn show_span(ms: i64) -> String {
    let seconds = ms / 1_000;
    let parts = [
        (seconds / 86_400, "d"),
        (seconds / 3_600 % 24, "h"),
        (seconds / 60 % 60, "m"),
        (seconds % 60, "s"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let text: String = parts
        .map(|(count, unit)| format!("{count}{unit}"))
        .collect();
    if text.is_empty() { "0s".into() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_may_have_seconds() {
        for (text, ms) in [
            ("10s", Some(10_000)),
            ("1m30s", Some(90_000)),
            ("2h", Some(7_200_000)),
            ("1d12h", Some(129_600_000)),
            ("s", None),
            ("", None),
            ("10", None),
            ("m10s", None),
            ("-5s", None),
            ("5ms", None),
            ("99999999999999999999s", None),
            ("9999999999999999s", None),
        ] {
            assert_eq!(seconds_ms(text), ms, "{text}");
        }
    }

    #[test]
    fn a_span_reads_back_as_it_is_shown() {
        for ms in [0, 1_000, 10_000, 60_000, 90_000, 3_600_000, 129_661_000] {
            assert_eq!(seconds_ms(&show_span(ms)), Some(ms));
        }
        assert_eq!(show_span(129_661_000), "1d12h1m1s");
    }
}
