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
    /// The cursor of the next page, if there is one.
    ///
    /// There is another page while `hasMore` is not false and the cursor is a non-empty string.
    pub fn next(&self) -> Option<&str> {
        self.cursor
            .as_deref()
            .filter(|cursor| self.has_more && !cursor.is_empty())
    }
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, alias = "users", alias = "invitations")]
    studies: Vec<&'a RawValue>,
    cursor: Option<String>,
    #[serde(rename = "hasMore")]
    has_more: Option<bool>,
}

impl<T: DeserializeOwned> Page<T> {
    /// Reads `{"studies" | "users" | "invitations": […], "cursor": …, "hasMore": …}`.
    pub fn decode(body: &[u8], id_field: &str) -> Result<Self, DecodeError> {
        let envelope: Envelope = serde_json::from_slice(body)?;
        let cursor = envelope.cursor.filter(|cursor| !cursor.is_empty());
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
        Ok(Self {
            items,
            unreadable,
            // An absent `hasMore` leaves it to the cursor; a true one without a cursor is a broken
            // promise that a walk must be able to see.
            has_more: envelope.has_more.unwrap_or(cursor.is_some()),
            cursor,
        })
    }
}

fn id_of(raw: &RawValue, field: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(raw.get()).ok()?;
    value.get(field)?.as_str().map(str::to_owned)
}
