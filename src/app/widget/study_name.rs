//! How a person names a study, as far as it is typed.

use crate::wire::{DicomUid, StudyId};

/// How a person named the study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    Id(StudyId),
    Uid(DicomUid),
}

pub fn read(text: &str) -> Result<Wanted, String> {
    if text.starts_with(StudyId::PREFIX) {
        let id = text.parse().map(Wanted::Id);
        return id.map_err(|error| error.to_string());
    }
    text.parse()
        .map(Wanted::Uid)
        .map_err(|error| error.to_string())
}

pub fn is_unfinished(text: &str) -> bool {
    if let Some(hex) = text.strip_prefix(StudyId::PREFIX) {
        let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        return hex.len() < 32 && hex.bytes().all(is_hex);
    }
    let stem = text.strip_suffix('.');
    StudyId::PREFIX.starts_with(text) || stem.is_some_and(|stem| read(stem).is_ok())
}

/// Pasted text that can only be meant as one UID or id, a faulty one included.
pub fn is_name(text: &str) -> bool {
    let is_uid_like = text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && text.bytes().filter(|byte| *byte == b'.').count() > 1;
    text.starts_with(StudyId::PREFIX) && !text.contains(char::is_whitespace) || is_uid_like
}
