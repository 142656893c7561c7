//! DICOM unique identifiers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A UID by the rules of DICOM PS3.5 §9.1.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DicomUid(Box<str>);

/// The rule of PS3.5 §9.1 that a text breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUid {
    #[error("a UID cannot be empty")]
    Empty,
    #[error("a UID has at most 64 characters")]
    TooLong,
    #[error("a UID has only digits and dots")]
    Character,
    #[error("a UID cannot have two dots in a row, nor begin or end with one")]
    EmptyComponent,
    #[error("a number in a UID cannot begin with 0 unless it is 0")]
    LeadingZero,
}

impl DicomUid {
    pub const MAX_LENGTH: usize = 64;

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DicomUid {
    type Err = InvalidUid;

    fn from_str(text: &str) -> Result<Self, InvalidUid> {
        if text.is_empty() {
            return Err(InvalidUid::Empty);
        }
        if !text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
        {
            return Err(InvalidUid::Character);
        }
        if text.len() > Self::MAX_LENGTH {
            return Err(InvalidUid::TooLong);
        }
        for component in text.split('.') {
            if component.is_empty() {
                return Err(InvalidUid::EmptyComponent);
            }
            if component.len() > 1 && component.starts_with('0') {
                return Err(InvalidUid::LeadingZero);
            }
        }
        Ok(Self(text.into()))
    }
}

impl fmt::Display for DicomUid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for DicomUid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for DicomUid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for DicomUid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::lenient::text(deserializer, str::parse)
    }
}

/// A UID as a server sent it.
///
/// Archives hold studies whose UIDs break the standard. Such a study must still be seen, so a
/// malformed UID is kept as text; only requests that need a UID refuse it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum ReceivedUid {
    Valid(DicomUid),
    Malformed(Box<str>),
}

impl ReceivedUid {
    pub fn as_str(&self) -> &str {
        match self {
            Self::Valid(uid) => uid.as_str(),
            Self::Malformed(text) => text,
        }
    }
}

impl From<&str> for ReceivedUid {
    fn from(text: &str) -> Self {
        match text.parse() {
            Ok(uid) => Self::Valid(uid),
            Err(_) => Self::Malformed(text.into()),
        }
    }
}

impl<'de> Deserialize<'de> for ReceivedUid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = |text: &str| Ok::<_, std::convert::Infallible>(Self::from(text));
        super::lenient::text(deserializer, read)
    }
}

impl From<DicomUid> for ReceivedUid {
    fn from(uid: DicomUid) -> Self {
        Self::Valid(uid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_of_ps3_5_is_told_apart() {
        let at_limit = format!("1.{}", "2".repeat(62));
        let over = format!("{at_limit}3");
        for (text, expected) in [
            ("1.2.840.10008.5.1.4.1.1.2", None),
            ("0", None),
            ("1.0.2", None),
            (at_limit.as_str(), None),
            ("", Some(InvalidUid::Empty)),
            (over.as_str(), Some(InvalidUid::TooLong)),
            ("1.2.a", Some(InvalidUid::Character)),
            ("1.2 ", Some(InvalidUid::Character)),
            ("1..2", Some(InvalidUid::EmptyComponent)),
            (".1", Some(InvalidUid::EmptyComponent)),
            ("1.", Some(InvalidUid::EmptyComponent)),
            ("1.02", Some(InvalidUid::LeadingZero)),
            ("00", Some(InvalidUid::LeadingZero)),
        ] {
            assert_eq!(text.parse::<DicomUid>().err(), expected, "{text}");
        }
    }

    #[test]
    fn a_malformed_uid_from_a_server_is_kept_as_it_is() {
        let uid: ReceivedUid = serde_json::from_str("\"1.02.x\"").unwrap();
        assert_eq!(uid, ReceivedUid::Malformed("1.02.x".into()));
    }
}
