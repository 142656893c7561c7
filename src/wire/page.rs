//! One page of a list: readable records, and a count of those that are not.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::endpoint::DecodeError;

/// The most records that the API returns in one page.
pub const MAX_PAGE: u32 = 100;

/// A page of records in the server's order, which is not promised to mean anything.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Records set aside because they could not be read. The others still show.
    pub unreadable: Vec<Unreadable>,
    /// Passed back, with the same filters, to get the next page.
    pub cursor: Option<String>,
    pub has_more: bool,
}

/// A record that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The record's id, if that much could be read.
    pub id: Option<String>,
    pub reason: String,
}

impl<T> Page<T> {
    /// Returns the cursor of the next page, if there is one.
    ///
    /// There is another page while `hasMore` is not false and the cursor is a non-empty string.
    pub fn next(&self) -> Option<&str> {
        self.cursor
            .as_deref()
            .filter(|cursor| self.has_more && !cursor.is_empty())
    }
}

/// `T` is a record, or the text of one where records must be read one by one.
#[derive(Deserialize)]
struct Envelope<T> {
    #[serde(alias = "users", alias = "invitations")]
    studies: Vec<T>,
    cursor: Option<String>,
    #[serde(rename = "hasMore")]
    has_more: Option<bool>,
}

impl<T: DeserializeOwned> Page<T> {
    /// Reads `{"studies" | "users" | "invitations": […], "cursor": …, "hasMore": …}`.
    pub fn decode(body: &[u8], id_field: &str) -> Result<Self, DecodeError> {
        // Nearly every page can be read in one go. That does not check skipped fields for UTF-8, so the body
        // is checked first.
        let whole = std::str::from_utf8(body)
            .ok()
            .and_then(|body| serde_json::from_str::<Envelope<T>>(body).ok());
        match whole {
            Some(envelope) => Ok(Self::new(
                envelope.studies,
                Vec::new(),
                envelope.cursor,
                envelope.has_more,
            )),
            None => Self::decode_singly(body, id_field),
        }
    }

    /// Reads record by record, so that one that cannot be read does not hide the others.
    fn decode_singly(body: &[u8], id_field: &str) -> Result<Self, DecodeError> {
        let envelope: Envelope<&RawValue> = serde_json::from_slice(body)?;
        let mut items = Vec::with_capacity(envelope.studies.len());
        let mut unreadable = Vec::new();
        for raw in envelope.studies {
            match serde_json::from_str(raw.get()) {
                Ok(item) => items.push(item),
                Err(error) => unreadable.push(Unreadable {
                    id: id_of(raw, id_field),
                    reason: error.to_string(),
                }),
            }
        }
        Ok(Self::new(
            items,
            unreadable,
            envelope.cursor,
            envelope.has_more,
        ))
    }

    fn new(
        items: Vec<T>,
        unreadable: Vec<Unreadable>,
        cursor: Option<String>,
        has_more: Option<bool>,
    ) -> Self {
        let cursor = cursor.filter(|cursor| !cursor.is_empty());
        Self {
            items,
            unreadable,
            // Without `hasMore` the cursor decides. `hasMore: true` without a cursor is kept as it is, so
            // that a reading of the list notices it.
            has_more: has_more.unwrap_or(cursor.is_some()),
            cursor,
        }
    }
}

fn id_of(raw: &RawValue, field: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(raw.get()).ok()?;
    value.get(field)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Study;

    const GOOD: &str = r#"{"studyId":"stu_1234567890abcdef1234567890abcdef","studyInstanceUid":"1.2",
        "studyDescription":"CT","severity":"stat","studyViewerStatus":"incomplete","isCancelled":false"#;
    const USER: &str = r#""userId":"usr_1234567890abcdef1234567890abcdef","email":"a@b.c""#;

    /// Studies with something odd, and whether they can still be read.
    fn oddities() -> Vec<(String, bool)> {
        let with = |field: &str| format!("{GOOD},{field}}}");
        let deep = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        vec![
            (format!("{GOOD}}}"), true),
            (with(r#""severity":"high""#), false),
            (with(r#""metadata":{"a":"x","a":null,"b":1,"b":"y"}"#), true),
            (
                with(r#""metadata":{"a":[1,{"b":null}],"c":true,"d":1.50,"e":-3}"#),
                true,
            ),
            (with(r#""metadata":[]"#), false),
            (with(r#""metadata":null"#), true),
            (with(r#""metadata":{"a":"\ud800"}"#), false),
            (with(r#""other":"\ud800""#), true),
            (with(r#""createdAt":"\ud800""#), false),
            (
                with(r#""createdAt":7,"updatedAt":{"a":[]},"cancelledAt":"soon""#),
                true,
            ),
            (
                with(r#""createdAt":"2026-03-02T12:00:00.000Z","updatedAt":null"#),
                true,
            ),
            (
                with(r#""createdByUser":{"userId":"?"},"createdByApiKey":3"#),
                true,
            ),
            (
                with(&format!(r#""createdByUser":{{{USER},"email":"d@e.f"}}"#)),
                true,
            ),
            (with(r#""createdByUser":"\ud800""#), false),
            (with(&format!(r#""assignedTo":{{{USER}}}"#)), true),
            (
                with(&format!(r#""assignedTo":{{{USER},"email":"d@e.f"}}"#)),
                false,
            ),
            (with(r#""assignedTo":{"userId":"?"}"#), false),
            (
                with(r#""expressCustomer":{"expressCustomerId":"cus_x"}"#),
                true,
            ),
            (with(&format!(r#""other":{}"#, deep(126))), true),
            (with(&format!(r#""metadata":{{"a":{}}}"#, deep(124))), true),
            (with(&format!(r#""metadata":{{"a":{}}}"#, deep(130))), false),
            (GOOD.replace("\"stat\"", "\"critical\"") + "}", true),
            (GOOD.replace("\"1.2\"", "7") + "}", false),
            (GOOD.replace("false", "\"no\"") + "}", false),
            (GOOD.replace("stu_1", "stu_G") + "}", false),
            (r#"{"studyId":7}"#.into(), false),
            ("null".into(), false),
            ("\"\\ud800\"".into(), false),
        ]
    }

    fn both_ways(body: &str) -> Page<Study> {
        let singly = Page::<Study>::decode_singly(body.as_bytes(), "studyId");
        let at_one_go = Page::<Study>::decode(body.as_bytes(), "studyId");
        assert_eq!(at_one_go, singly, "{body}");
        singly.unwrap()
    }

    #[test]
    fn a_page_reads_the_same_at_one_go_and_record_by_record() {
        for (study, is_readable) in oddities() {
            for items in [study.clone(), format!("{GOOD}}},{study},{GOOD}}}")] {
                let page = both_ways(&format!(r#"{{"studies":[{items}],"cursor":"x"}}"#));
                let unreadable = page.unreadable.len();
                assert_eq!(unreadable, usize::from(!is_readable), "{study}");
            }
        }
    }

    #[test]
    fn what_is_wrong_with_a_page_itself_is_reported_either_way() {
        for body in [
            "",
            "{",
            "[]",
            "null",
            "{}",
            r#"{"studies":[]} x"#,
            r#"{"studies":{}}"#,
            r#"{"studies":[],"studies":[]}"#,
            r#"{"studies":[],"users":[]}"#,
            r#"{"studies":[],"cursor":1}"#,
            r#"{"studies":[],"hasMore":"yes"}"#,
            r#"{"studies":[1}"#,
        ] {
            let singly = Page::<Study>::decode_singly(body.as_bytes(), "studyId");
            assert!(singly.is_err(), "{body}");
            assert_eq!(Page::decode(body.as_bytes(), "studyId"), singly, "{body}");
        }
        let no_text = [br#"{"studies":[],"x":""#.as_slice(), &[0xff], b"\"}"].concat();
        let singly = Page::<Study>::decode_singly(&no_text, "studyId");
        assert_eq!(Page::decode(&no_text, "studyId"), singly);
    }
}
