//! One page of a list: readable records, and a count of those that are not.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor};
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
        let text = as_text(body);
        let envelope: Envelope<&RawValue> = serde_json::from_str(&text)?;
        let mut items = Vec::with_capacity(envelope.studies.len());
        let mut unreadable = Vec::new();
        for raw in envelope.studies {
            match serde_json::from_str(raw.get()) {
                Ok(item) => items.push(item),
                Err(error) => unreadable.push(Unreadable {
                    id: id_of(raw, id_field),
                    reason: if raw.get().contains(NOT_TEXT) {
                        "it holds bytes that are not UTF-8".into()
                    } else {
                        error.to_string()
                    },
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

/// Stands for bytes that are not UTF-8: half of a character, which no field that is read accepts. Twice,
/// because what stands before it may be a backslash or the other half.
const NOT_TEXT: &str = r"\udc00\udc00";

/// Returns the body as text. Bytes that are not UTF-8 make only the record unreadable that holds them.
fn as_text(body: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(body) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(body.len() + 64);
    for chunk in body.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push_str(NOT_TEXT);
        }
    }
    Cow::Owned(text)
}

/// Returns the id of a record, whatever is wrong with its other fields.
fn id_of(raw: &RawValue, field: &str) -> Option<String> {
    let mut id = None;
    let mut record = serde_json::Deserializer::from_str(raw.get());
    // A field that cannot be read ends it, but the id may stand before that.
    let _ = record.deserialize_map(IdVisitor { field, id: &mut id });
    id
}

struct IdVisitor<'a> {
    field: &'a str,
    id: &'a mut Option<String>,
}

impl<'de> Visitor<'de> for IdVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<Cow<'_, str>>()? {
            if name == self.field {
                let value: serde_json::Value = map.next_value()?;
                *self.id = value.as_str().map(str::to_owned);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
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

    /// A page of a hundred records, one of which holds these bytes in this field.
    fn with_bytes(list: &str, record: &str, field: &str, bytes: &[u8]) -> Vec<u8> {
        let bad = format!(r#"{{"{field}":"%",{}"#, record.trim_start_matches('{'));
        let (before, after) = bad.split_once('%').unwrap();
        let others = format!("{record},").repeat(50);
        [
            format!(r#"{{"{list}":[{others}{before}"#).as_bytes(),
            bytes,
            format!(
                r#"{after},{}{record}],"hasMore":false}}"#,
                format!("{record},").repeat(48)
            )
            .as_bytes(),
        ]
        .concat()
    }

    #[test]
    fn bytes_that_are_not_text_set_only_their_study_aside_and_its_id_is_known() {
        let study = format!("{GOOD}}}");
        let id = "stu_1234567890abcdef1234567890abcdef";
        for bytes in [
            &[0xff][..],
            &[0xe4],
            &[b'\\', 0xff],
            b"\\ud800\xff",
            &[0xc3, b'x', 0xf0, 0x9f],
        ] {
            let page = Page::<Study>::decode(
                &with_bytes("studies", &study, "createdByUser", bytes),
                "studyId",
            );
            let page = page.unwrap();
            assert_eq!(page.items.len(), 99, "{bytes:?}");
            let [record] = page.unreadable.as_slice() else {
                panic!("{:?}", page.unreadable);
            };
            assert_eq!(record.id.as_deref(), Some(id), "{bytes:?}");
            assert_eq!(record.reason, "it holds bytes that are not UTF-8");
        }
        // A field that is not read hides nothing.
        let body = with_bytes("studies", &study, "other", &[0xff]);
        let page = Page::<Study>::decode(&body, "studyId").unwrap();
        assert_eq!((page.items.len(), page.unreadable.len()), (100, 0));
    }

    #[test]
    fn bytes_that_are_not_text_set_only_their_user_or_invitation_aside() {
        use crate::wire::{Endpoint, ListInvitations, ListUsers};
        let records = |list: &str, id: &str| {
            let record = format!(r#"{{"{id}":"usr_1","x":1}}"#);
            with_bytes(list, &record, "email", &[0xff])
        };
        // None of these records is complete, and each is set aside by itself.
        let users = ListUsers::decode(&records("users", "userId")).unwrap();
        let invitations = ListInvitations::decode(&records("invitations", "invitationId")).unwrap();
        for unreadable in [users.unreadable, invitations.unreadable] {
            assert_eq!(unreadable.len(), 100);
            let is_bytes = |record: &&Unreadable| record.reason.contains("not UTF-8");
            assert_eq!(unreadable.iter().filter(is_bytes).count(), 1);
            assert!(
                unreadable
                    .iter()
                    .all(|record| record.id.as_deref() == Some("usr_1"))
            );
        }
    }

    #[test]
    fn the_id_survives_half_a_character_and_a_wrong_id_is_none() {
        for (record, id) in [
            (
                r#"{"metadata":{"a":"\ud800"},"studyId":"stu_x"}"#,
                Some("stu_x"),
            ),
            (r#"{"studyId":"stu_x","\ud800":1}"#, Some("stu_x")),
            (r#"{"studyId":"\ud800"}"#, None),
            (r#"{"studyId":7}"#, None),
            ("7", None),
        ] {
            let page =
                Page::<Study>::decode(format!(r#"{{"studies":[{record}]}}"#).as_bytes(), "studyId");
            let unreadable = page.unwrap().unreadable;
            assert_eq!(unreadable.len(), 1, "{record}");
            assert_eq!(unreadable[0].id.as_deref(), id, "{record}");
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
