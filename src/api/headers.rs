//! The response headers that matter here.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};

/// Beyond a day the exact wait does not matter, and a huge one must not overflow.
const LONGEST: Duration = Duration::from_secs(86_400);

/// Returns the server's time.
pub(super) fn date(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    http_date(text(headers, DATE.as_str())?)
}

/// Returns the media type without its parameters, in lower case, safe to show.
pub(super) fn media_type(headers: &HeaderMap) -> Option<String> {
    let essence = text(headers, CONTENT_TYPE.as_str())?
        .split(';')
        .next()?
        .trim();
    let shown: String = essence
        .chars()
        .filter(char::is_ascii_graphic)
        .take(60)
        .collect();
    (!shown.is_empty()).then(|| shown.to_ascii_lowercase())
}

/// Returns whether the server wants the same request again, if it says so.
pub(super) fn should_retry(headers: &HeaderMap) -> Option<bool> {
    match text(headers, "x-should-retry")? {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// Returns how long the server asks to wait: `retry-after-ms`, or `retry-after` in seconds or as a date. A
/// date is relative to the server's own clock, if it sent that.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    if let Some(milliseconds) = number(text(headers, "retry-after-ms")) {
        return duration(milliseconds / 1000.0);
    }
    let value = text(headers, RETRY_AFTER.as_str())?;
    if let Some(seconds) = number(Some(value)) {
        return duration(seconds);
    }
    let wait = http_date(value)? - date(headers).unwrap_or_else(now);
    Some(wait.to_std().unwrap_or_default().min(LONGEST))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn number(text: Option<&str>) -> Option<f64> {
    text?.parse().ok().filter(|number: &f64| !number.is_nan())
}

fn duration(seconds: f64) -> Option<Duration> {
    let seconds = seconds.min(LONGEST.as_secs_f64());
    Duration::try_from_secs_f64(seconds).ok()
}

fn http_date(text: &str) -> Option<DateTime<Utc>> {
    // The HTTP date is RFC 2822's form with the zone fixed to GMT.
    Some(DateTime::parse_from_rfc2822(text).ok()?.to_utc())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the only clock here, for a server that named a date and did not send its own time"
)]
fn now() -> DateTime<Utc> {
    Utc::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn the_wait_is_read_in_every_form_and_garbage_is_not_a_wait() {
        let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        for (pairs, seconds) in [
            (vec![("retry-after", "5")], Some(5.0)),
            (vec![("retry-after", " 1.5 ")], Some(1.5)),
            (vec![("retry-after", "0")], Some(0.0)),
            (vec![("retry-after", "120")], Some(120.0)),
            (vec![("retry-after", "1e308")], Some(86_400.0)),
            (vec![("retry-after", "inf")], Some(86_400.0)),
            (vec![("retry-after", "-5")], None),
            (vec![("retry-after", "NaN")], None),
            (vec![("retry-after", "soon")], None),
            (vec![("retry-after", "")], None),
            (vec![("retry-after", "-1100")], None),
            (vec![("retry-after", "5 s")], None),
            (vec![("retry-after", "1e35")], Some(86_400.0)),
            (vec![("retry-after", "Sun, 06 Nov 1994")], None),
            (vec![("retry-after-ms", "-1"), ("retry-after", "9")], None),
            (
                vec![("retry-after-ms", "250"), ("retry-after", "9")],
                Some(0.25),
            ),
            (
                vec![("retry-after-ms", "x"), ("retry-after", "9")],
                Some(9.0),
            ),
            (
                vec![date, ("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT")],
                Some(30.0),
            ),
            (
                vec![date, ("retry-after", "Sun, 06 Nov 2067 08:49:37 GMT")],
                Some(86_400.0),
            ),
            (
                vec![date, ("retry-after", "Sun, 06 Nov 1994 08:49:07 GMT")],
                Some(0.0),
            ),
            (
                vec![("retry-after", "Sun, 06 Nov 1994 08:49:07 GMT")],
                Some(0.0),
            ),
            (vec![], None),
        ] {
            let wait = retry_after(&headers(&pairs)).map(|wait| wait.as_secs_f64());
            assert_eq!(wait, seconds, "{pairs:?}");
        }
    }

    #[test]
    fn a_media_type_loses_its_parameters() {
        let html = headers(&[("content-type", "Text/HTML; charset=utf-8")]);
        assert_eq!(media_type(&html).as_deref(), Some("text/html"));
        assert_eq!(media_type(&headers(&[("content-type", ";")])), None);
    }

    #[test]
    fn only_the_two_documented_words_count() {
        for (value, expected) in [("true", Some(true)), ("false", Some(false)), ("yes", None)] {
            assert_eq!(
                should_retry(&headers(&[("x-should-retry", value)])),
                expected
            );
        }
    }
}
