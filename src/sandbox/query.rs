//! Reading query parameters. Unknown ones are ignored, known ones must be valid.

use chrono::NaiveDate;
use std::str::FromStr;
use url::form_urlencoded;

use super::body::Choice;
use super::cursor;
use super::reject::Reject;
use crate::wire::{MAX_PAGE, Match};

const DEFAULT_PAGE: usize = 20;

#[derive(Debug, Default)]
pub struct QueryString(Vec<(String, String)>);

/// The part of a filtered list that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub offset: u64,
    pub limit: usize,
}

impl QueryString {
    pub fn parse(raw: &str) -> Self {
        Self(
            form_urlencoded::parse(raw.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find_map(|(key, value)| (key == name).then_some(value.as_str()))
    }

    pub fn boolean(&self, name: &'static str) -> Result<Option<bool>, Reject> {
        self.read(name, |text| match text {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err("it must be true or false".into()),
        })
    }

    pub fn choice<T: Choice>(&self, name: &'static str) -> Result<Option<T>, Reject> {
        self.read(name, T::parse)
    }

    /// Values joined by commas, or a repeated parameter. Without any value there is no filter.
    pub fn choices<T: Choice>(&self, name: &'static str) -> Result<Vec<T>, Reject> {
        self.0
            .iter()
            .filter(|(key, _)| key == name)
            .flat_map(|(_, value)| value.split(','))
            .filter(|text| !text.is_empty())
            .map(|text| T::parse(text).map_err(|reason| Reject::invalid(name, reason)))
            .collect()
    }

    pub fn id<T: FromStr<Err: std::fmt::Display>>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, Reject> {
        self.read(name, parse_id)
    }

    /// An id, or `null` for records without one. The vendor's TypeScript client writes null as an empty text.
    pub fn id_or_null<T: FromStr<Err: std::fmt::Display>>(
        &self,
        name: &'static str,
    ) -> Result<Match<T>, Reject> {
        let read = self.read(name, |text| match text {
            "" | "null" => Ok(Match::Empty),
            _ => parse_id(text).map(Match::Is),
        })?;
        Ok(read.unwrap_or(Match::Any))
    }

    pub fn date(&self, name: &'static str) -> Result<Option<NaiveDate>, Reject> {
        self.read(name, |text| {
            // chrono would also accept `2026-1-5` and a sign.
            let shape = text.len() == 10 && text.starts_with(|c: char| c.is_ascii_digit());
            NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .ok()
                .filter(|_| shape)
                .ok_or_else(|| "it must be a date like 2026-01-31".into())
        })
    }

    pub fn window(&self) -> Result<Window, Reject> {
        let limit = self.read("limit", parse_limit)?;
        let offset = match self.text("cursor") {
            None | Some("") => 0,
            Some(text) => cursor::decode(text).ok_or_else(|| {
                Reject::invalid("cursor", "it must be one that a previous page returned")
            })?,
        };
        Ok(Window {
            offset,
            limit: limit.unwrap_or(DEFAULT_PAGE),
        })
    }

    fn read<T>(
        &self,
        name: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<T>, Reject> {
        self.text(name)
            .map(|text| parse(text).map_err(|reason| Reject::invalid(name, reason)))
            .transpose()
    }
}

fn parse_id<T: FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

/// `limit` is a float in the vendor's schema: its Java client sends `20.0`.
fn parse_limit(text: &str) -> Result<usize, String> {
    let number: f64 = text
        .parse()
        .map_err(|_| format!("it must be a whole number from 1 to {MAX_PAGE}"))?;
    if number.fract() == 0.0 && (1.0..=f64::from(MAX_PAGE)).contains(&number) {
        Ok(number as usize)
    } else {
        Err(format!("it must be a whole number from 1 to {MAX_PAGE}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{InvitationStatus, Severity, UserId};

    #[test]
    fn a_limit_is_a_whole_number_from_1_to_100() {
        for (text, limit) in [
            ("", Some(20)),
            ("limit=20", Some(20)),
            ("limit=20.0", Some(20)),
            ("limit=1", Some(1)),
            ("limit=100", Some(100)),
            ("limit=0", None),
            ("limit=101", None),
            ("limit=20.5", None),
            ("limit=-1", None),
            ("limit=NaN", None),
            ("limit=inf", None),
            ("limit=ten", None),
            ("limit=", None),
        ] {
            let window = QueryString::parse(text).window();
            assert_eq!(window.ok().map(|window| window.limit), limit, "{text}");
        }
    }

    #[test]
    fn null_and_nothing_both_mean_unassigned() {
        let read = |text| QueryString::parse(text).id_or_null::<UserId>("assignedTo");
        assert_eq!(read("assignedTo=null"), Ok(Match::Empty));
        assert_eq!(read("assignedTo="), Ok(Match::Empty));
        assert_eq!(read(""), Ok(Match::Any));
        assert_eq!(read("assignedTo=me").unwrap_err().field, Some("assignedTo"));
    }

    #[test]
    fn lists_are_joined_by_commas() {
        let read = |text| QueryString::parse(text).choices::<InvitationStatus>("status");
        let both = Ok(vec![InvitationStatus::Sent, InvitationStatus::Accepted]);
        assert_eq!(read("status=sent,accepted"), both);
        assert_eq!(read("status=sent%2Caccepted"), both);
        assert_eq!(read("status=sent&status=accepted"), both);
        assert_eq!(read("status="), Ok(vec![]));
        assert!(read("status=sent,open").is_err());
        assert!(
            QueryString::parse("severity=stat,high")
                .choice::<Severity>("severity")
                .is_err()
        );
    }

    #[test]
    fn dates_have_one_form() {
        for (text, ok) in [
            ("2026-01-31", true),
            ("2026-02-30", false),
            ("2026-1-31", false),
            ("26-01-31", false),
            ("+2026-01-3", false),
            ("2026-01-31T00:00:00Z", false),
        ] {
            let query = QueryString(vec![("d".into(), text.into())]);
            assert_eq!(query.date("d").is_ok(), ok, "{text}");
        }
    }
}
