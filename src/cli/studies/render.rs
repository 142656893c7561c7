//! A study as JSON and as a CSV row.

use crate::cli::Problem;
use crate::text::{clean, is_invisible};
use crate::wire::{Study, UserReference};
use crate::worklist::person_name;

pub const CSV_HEADER: &str = "studyId,studyInstanceUid,severity,studyViewerStatus,isCancelled,\
                              createdAt,updatedAt,assignedTo,customer,description\n";

/// The API's own object, on one line.
///
/// Characters that could steer a terminal are written as JSON escapes: the same data, but harmless
/// to look at. Outside of strings JSON has none of them.
pub fn json(study: &Study) -> Result<String, Problem> {
    let text = serde_json::to_string(study)
        .map_err(|error| Problem::Other(format!("a study cannot be written as JSON: {error}")))?;
    Ok(printable(&text))
}

/// JSON with everything escaped that could steer a terminal.
pub fn printable(text: &str) -> String {
    let is_harmless = |c: char| !c.is_control() && !is_invisible(c);
    let mut escaped = String::with_capacity(text.len() + 32);
    for c in text.chars() {
        if is_harmless(c) {
            escaped.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            escaped.push_str(&format!("\\u{unit:04x}"));
        }
    }
    escaped
}

/// A person for a line of text, cleaned.
pub fn named(user: &UserReference) -> String {
    let name = person_name(
        user.first_name.as_deref(),
        user.last_name.as_deref(),
        &user.email,
    );
    format!("{name} <{}>", clean(&user.email))
}

pub fn csv_row(study: &Study) -> String {
    let time = |time: Option<chrono::DateTime<chrono::Utc>>| {
        time.map(|time| time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
    };
    let assignee = study.assigned_to.as_ref().map(|user| user.email.as_str());
    let customer = study.customer.as_ref();
    let cells = [
        study.study_id.to_string(),
        cell(study.study_instance_uid.as_str()),
        cell(study.severity.as_str()),
        cell(study.study_viewer_status.as_str()),
        study.is_cancelled.to_string(),
        time(study.created_at).unwrap_or_default(),
        time(study.updated_at).unwrap_or_default(),
        cell(assignee.unwrap_or_default()),
        cell(customer.map_or("", |customer| &customer.express_customer_name)),
        cell(&study.study_description),
    ];
    format!("{}\n", cells.join(","))
}

/// A cell that no spreadsheet takes for a formula, quoted where it must be.
fn cell(raw: &str) -> String {
    let is_formula = raw.starts_with(['=', '+', '-', '@', '\t', '\r'])
        || raw.trim_start().starts_with(['=', '+', '-', '@']);
    let mut text = clean(raw).into_owned();
    if is_formula {
        text.insert(0, '\'');
    }
    if text.contains([',', '"']) {
        text = format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
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
            ("=\"a\",b", "\"'=\"\"a\"\",b\""),
            ("a\x1b[2J", "a␛[2J"),
        ] {
            assert_eq!(cell(raw), expected, "{raw:?}");
        }
    }

    #[test]
    fn json_holds_the_same_text_without_what_steers_a_terminal() {
        let description = "a\u{9b}2J\u{202e}\u{e0041}\x1b\"é";
        let study: Study = serde_json::from_value(serde_json::json!({
            "studyId": "stu_1234567890abcdef1234567890abcdef", "studyInstanceUid": "1.2",
            "studyDescription": description, "severity": "stat",
            "studyViewerStatus": "incomplete", "isCancelled": false,
        }))
        .unwrap();
        let text = json(&study).unwrap();
        assert!(
            !text.chars().any(|c| c.is_control() || is_invisible(c)),
            "{text}"
        );
        assert_eq!(serde_json::from_str::<Study>(&text).unwrap(), study);
    }
}
