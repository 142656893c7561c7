//! Records as JSON, as CSV cells and as text: the forms that every list and every `get` share.

use chrono::{DateTime, SecondsFormat, Utc};
use clap::Args;
use serde::Serialize;

use super::{Out, Problem};
use crate::text::{clean, clean_cell, is_invisible, is_plain, width};
use crate::wire::Profile;
use crate::worklist::person_name;

/// How a list is written; without any of these as a table.
#[derive(Debug, Clone, Args)]
#[group(multiple = false)]
pub struct FormatArgs {
    /// One JSON array
    #[arg(long, help_heading = "Format")]
    pub json: bool,
    /// One JSON object per line, as the pages arrive
    #[arg(long, help_heading = "Format")]
    pub jsonl: bool,
    /// Comma-separated values with a header
    #[arg(long, help_heading = "Format")]
    pub csv: bool,
}

/// Returns the API's own object, on one line.
///
/// Characters that could control a terminal are written as JSON escapes: the same data, but safe to print.
/// Outside of strings JSON has none of them.
pub fn json(record: &impl Serialize) -> Result<String, Problem> {
    let text = serde_json::to_string(record)
        .map_err(|error| Problem::Other(format!("a record cannot be written as JSON: {error}")))?;
    if is_plain(&text) {
        Ok(text)
    } else {
        Ok(printable(&text))
    }
}

/// Returns JSON in which everything that could control a terminal is escaped.
pub fn printable(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 32);
    let (mut copied, mut at) = (0, 0);
    let is_special = |byte: &u8| !(b' '..=b'~').contains(byte);
    while let Some(plain) = text.as_bytes()[at..].iter().position(is_special) {
        at += plain;
        let Some(c) = text[at..].chars().next() else {
            break;
        };
        let after = at + c.len_utf8();
        if c.is_control() || is_invisible(c) {
            escaped.push_str(&text[copied..at]);
            for unit in c.encode_utf16(&mut [0; 2]) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
            copied = after;
        }
        at = after;
    }
    escaped.push_str(&text[copied..]);
    escaped
}

/// Writes all records as one array, one a line.
pub fn write_array<'a, T: Serialize + 'a>(
    records: impl IntoIterator<Item = &'a T>,
    out: &mut Out,
) -> Result<(), Problem> {
    out.data("[")?;
    for (number, record) in records.into_iter().enumerate() {
        let separator = if number == 0 { "\n" } else { ",\n" };
        out.data(&format!("{separator}{}", json(record)?))?;
    }
    out.data("\n]\n")
}

/// Returns a cell that no spreadsheet takes for a formula, in quotes if needed.
pub fn cell(raw: &str) -> String {
    let mut text = clean_cell(raw);
    if text.contains([',', ';', '"']) {
        text = format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

/// Returns a person for a line of text, cleaned.
pub fn person(first: Option<&str>, last: Option<&str>, email: &str) -> String {
    format!("{} <{}>", person_name(first, last, email), clean(email))
}

/// Returns a user or an invited person for a line of text, cleaned.
pub fn person_of(profile: &Profile, email: &str) -> String {
    person(Some(&profile.first_name), Some(&profile.last_name), email)
}

/// Returns a timestamp as the API writes it; empty if there is none.
pub fn csv_time(time: Option<DateTime<Utc>>) -> String {
    time.map(|time| time.to_rfc3339_opts(SecondsFormat::Millis, true))
        .unwrap_or_default()
}

/// Returns a timestamp for people.
pub fn long_time(time: Option<DateTime<Utc>>) -> Option<String> {
    Some(time?.format("%Y-%m-%d %H:%M:%S UTC").to_string())
}

/// Returns names and values below each other, cleaned.
pub fn sheet(rows: &[(String, String)]) -> String {
    let rows = rows.iter().map(|(name, value)| (clean(name), clean(value)));
    let names = rows
        .clone()
        .map(|(name, _)| width(&name))
        .max()
        .unwrap_or(0);
    rows.map(|(name, value)| {
        let gap = " ".repeat(names - width(&name) + 2);
        format!("{name}{gap}{value}\n")
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_or_breaks_its_row() {
        for (raw, expected) in [
            ("CT Head", "CT Head"),
            ("", ""),
            ("CT, chest", "\"CT, chest\""),
            ("6\" lesion", "\"6\"\" lesion\""),
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM", "'@SUM"),
            ("\t=1", "' =1"),
            ("\r=1", "' =1"),
            (" =1", "' =1"),
            ("a\nb", "a b"),
            ("CT; chest", "\"CT; chest\""),
            ("a;=1", "\"a;'=1\""),
            ("a; \"=1", "\"a;' \"\"=1\""),
            ("=\"a\",b", "\"'=\"\"a\"\",b\""),
            ("a\x1b[2J", "a␛[2J"),
        ] {
            assert_eq!(cell(raw), expected, "{raw:?}");
        }
    }

    /// Reads one row as RFC 4180 has it.
    fn fields(row: &str) -> Vec<String> {
        fields_at(row, ',')
    }

    fn fields_at(row: &str, separator: char) -> Vec<String> {
        let mut fields = vec![String::new()];
        let mut quoted = false;
        let mut chars = row.chars().peekable();
        while let Some(c) = chars.next() {
            let field = fields.last_mut().unwrap();
            match c {
                '"' if quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
                '"' => quoted = !quoted,
                c if c == separator && !quoted => fields.push(String::new()),
                c => field.push(c),
            }
        }
        fields
    }

    #[test]
    fn every_payload_comes_back_and_none_is_a_formula() {
        const STARTS: [&str; 10] = ["=", "+", "-", "@", "\t", "\r", "\t=", " =", "\n@", "＝"];
        const MIDDLES: [&str; 12] = [
            "cmd|' /C calc'!A0",
            "HYPERLINK(\"http://x\",\"y\")",
            "1+1",
            "",
            "\"",
            ",",
            "\",\"=1",
            "\u{202e}x",
            "\x1b[2J",
            "SUM(A1:A9)\r\n=2",
            "1;=2",
            "1;\"=2\"; +3",
        ];
        const ENDS: [&str; 10] = ["", "\"", ",", "\r", "\n", "\0", "x", "\"\"", "'", "胸"];
        let mut count = 0;
        for start in STARTS {
            for middle in MIDDLES {
                for end in ENDS {
                    let raw = format!("{start}{middle}{end}");
                    let row = format!("a,{},b", cell(&raw));
                    let read = fields(&row);
                    assert_eq!(read.len(), 3, "{raw:?}");
                    let bare = |text: &str| text.replace('\'', "");
                    assert!(read[1].starts_with('\''), "{raw:?}");
                    assert_eq!(bare(&read[1]), bare(&clean(&raw)), "{raw:?}");
                    for separator in [';', '\t'] {
                        for part in fields_at(&row, separator) {
                            let part = part.trim_start();
                            assert!(!part.starts_with(['=', '+', '-', '@', '＝']), "{raw:?}");
                        }
                    }
                    assert!(
                        !row.contains(['\r', '\n', '\t', '\x1b', '\u{202e}']),
                        "{raw:?}"
                    );
                    count += 1;
                }
            }
        }
        println!(
            "0 of {count} payloads became a formula (exhaustive); bound {:.0e}",
            3.0 / 1.2e3
        );
        assert_eq!(count, 1_200);
        // A cell that is only quoted would be found.
        assert_ne!(fields("\"=1\"")[0], "'=1");
    }
    #[test]
    fn no_control_in_no_form_gets_through() {
        let controls = ('\0'..='\x1f').chain('\x7f'..='\u{9f}');
        let mut count = 0;
        for c in controls.chain(['\u{202e}', '\u{200b}', '\u{2028}', '\u{feff}', '\u{e0041}']) {
            for at in 0..5 {
                let mut raw = String::from("abcd");
                raw.insert(at, c);
                for text in [
                    cell(&raw),
                    person(Some(&raw), Some(&raw), &raw),
                    sheet(&[(raw.clone(), raw.clone())]).trim_end().to_owned(),
                ] {
                    let is_hostile = |c: char| c.is_control() || crate::text::is_invisible(c);
                    assert!(!text.contains(is_hostile), "{raw:?} as {text:?}");
                    count += 1;
                }
            }
        }
        assert_eq!(count, 70 * 5 * 3);
    }
}
