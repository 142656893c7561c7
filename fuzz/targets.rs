//! The readers, each with what must hold of whatever it reads.

use std::fs;
use std::path::Path;

use avara_tui::api::headers::retry_after;
use avara_tui::api::viewer_url::check_viewer_url;
use avara_tui::config::ConfigFile;
use avara_tui::input::{Decoder, parse_sequence, show_sequence};
use avara_tui::sandbox::cursor;
use avara_tui::text::{clean, clip, is_invisible, width};
use avara_tui::wire::{Failure, Invitation, Page, Study, User, check_base_url, is_loopback};
use avara_tui::worklist::Filter;
use reqwest::header::{HeaderMap, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub type Target = fn(&[u8]) -> Result<(), String>;

pub const TARGETS: &[(&str, Target)] = &[
    ("record", record),
    ("failure", failure),
    ("filter", filter),
    ("sanitizer", sanitizer),
    ("viewer_url", viewer_url),
    ("base_url", base_url),
    ("cursor", cursor_of_a_list),
    ("retry_after", retry),
    ("keys", keys),
    ("terminal", terminal),
    ("config", config),
];

fn holds(is_so: bool, what: &str) -> Result<(), String> {
    if is_so { Ok(()) } else { Err(what.into()) }
}

fn text(input: &[u8]) -> String {
    String::from_utf8_lossy(input).into_owned()
}

fn record(input: &[u8]) -> Result<(), String> {
    again::<Study>(input, "studyId")?;
    again::<User>(input, "userId")?;
    again::<Invitation>(input, "invitationId")
}

/// What was read is written so that it reads the same.
fn again<T: DeserializeOwned + Serialize + PartialEq>(
    input: &[u8],
    id: &str,
) -> Result<(), String> {
    let Ok(page) = Page::<T>::decode(input, id) else {
        return Ok(());
    };
    for item in &page.items {
        let written = serde_json::to_string(item).map_err(|error| error.to_string())?;
        let read: T = serde_json::from_str(&written).map_err(|error| error.to_string())?;
        holds(read == *item, "a record does not come back")?;
    }
    Ok(())
}

fn failure(input: &[u8]) -> Result<(), String> {
    let failure = Failure::rejected(400, input, None);
    holds(!failure.sentence().is_empty(), "nothing is said")
}

fn filter(input: &[u8]) -> Result<(), String> {
    let text = text(input);
    match Filter::parse(&text) {
        Ok(filter) => holds(filter.text() == text, "the text changes"),
        Err(error) => holds(!error.to_string().is_empty(), "a mistake without a word"),
    }
}

fn sanitizer(input: &[u8]) -> Result<(), String> {
    let safe = clean(&text(input)).into_owned();
    let is_safe = !safe.chars().any(|c| c.is_control() || is_invisible(c));
    holds(is_safe, "something got through")?;
    holds(safe.len() <= 4096 + 32, "too long")?;
    holds(width(&clip(&safe, 20)) <= 20, "too wide")
}

fn viewer_url(input: &[u8]) -> Result<(), String> {
    let base = check_base_url("https://api.example.org").map_err(|error| error.to_string())?;
    let Ok(url) = check_viewer_url(&text(input), &base, None) else {
        return Ok(());
    };
    let host = url.host_str().unwrap_or_default();
    let is_known = host == "api.example.org"
        || host == "avarasoftware.com"
        || host.ends_with(".avarasoftware.com");
    let is_plain = url.username().is_empty() && url.password().is_none();
    holds(
        url.scheme() == "https" && is_known && is_plain,
        "a stranger",
    )
}

fn base_url(input: &[u8]) -> Result<(), String> {
    let Ok(url) = check_base_url(&text(input)) else {
        return Ok(());
    };
    holds(url.scheme() == "https" || is_loopback(&url), "in the open")
}

fn cursor_of_a_list(input: &[u8]) -> Result<(), String> {
    let Some(offset) = cursor::decode(&text(input)) else {
        return Ok(());
    };
    holds(
        cursor::decode(&cursor::encode(offset)) == Some(offset),
        "another place",
    )
}

fn retry(input: &[u8]) -> Result<(), String> {
    let Ok(value) = HeaderValue::from_bytes(input) else {
        return Ok(());
    };
    for name in ["retry-after", "retry-after-ms", "date"] {
        let mut headers = HeaderMap::new();
        headers.insert(
            "retry-after",
            HeaderValue::from_static("Wed, 01 Jan 2031 00:00:00 GMT"),
        );
        headers.insert(name, value.clone());
        let wait = retry_after(&headers);
        // A date may be any; who waits has a limit of its own.
        let number = text(input).trim().parse::<f64>();
        let is_date = name == "date" || !number.is_ok_and(|number| number >= 0.0);
        let is_short = wait.is_none_or(|wait| wait.as_secs() <= 86_400);
        holds(is_date || is_short, "for ever")?;
    }
    Ok(())
}

fn keys(input: &[u8]) -> Result<(), String> {
    let Ok(chords) = parse_sequence(&text(input)) else {
        return Ok(());
    };
    let shown = show_sequence(&chords);
    let read = parse_sequence(&shown).map_err(|error| error.to_string())?;
    holds(read == chords, "other keys")
}

fn terminal(input: &[u8]) -> Result<(), String> {
    for at in [0, input.len() / 3, input.len() / 2] {
        let (head, tail) = input.split_at(at);
        let mut decoder = Decoder::default();
        let mut count = decoder.feed(head).len() + decoder.feed(tail).len();
        let mut steps = 0;
        while decoder.patience().is_some() {
            count += decoder.expire().len();
            steps += 1;
            holds(steps < 8, "it never comes to rest")?;
        }
        holds(count <= input.len() + 1, "more keys than bytes")?;
    }
    Ok(())
}

fn config(input: &[u8]) -> Result<(), String> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzzed-config.toml");
    fs::write(&path, input).map_err(|error| error.to_string())?;
    match ConfigFile::read(Some(path)) {
        Ok(_) => Ok(()),
        Err(error) => holds(!error.to_string().is_empty(), "a mistake without a word"),
    }
}
