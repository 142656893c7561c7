//! Record ids: a three-letter prefix and 32 lowercase hex digits, held as 16 bytes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Text that is not an id of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {prefix} and 32 lowercase hex digits")]
pub struct InvalidId {
    pub prefix: &'static str,
}

fn decode_hex(hex: &[u8]) -> Option<[u8; 16]> {
    fn digit(byte: u8) -> Option<u8> {
        match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        }
    }
    if hex.len() != 32 {
        return None;
    }
    let mut bytes = [0; 16];
    for (byte, pair) in bytes.iter_mut().zip(hex.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

/// Returns the prefix and the digits as text.
fn encode_hex<'a>(prefix: &str, bytes: &[u8; 16], text: &'a mut [u8; 36]) -> &'a str {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let (start, digits) = text.split_at_mut(prefix.len());
    start.copy_from_slice(prefix.as_bytes());
    for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    std::str::from_utf8(text).unwrap_or_default()
}

macro_rules! prefixed_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; 16]);

        impl $name {
            pub const PREFIX: &'static str = $prefix;

            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                text.strip_prefix($prefix)
                    .and_then(|hex| decode_hex(hex.as_bytes()))
                    .map(Self)
                    .ok_or(InvalidId { prefix: $prefix })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(encode_hex($prefix, &self.0, &mut [0; 36]))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(encode_hex($prefix, &self.0, &mut [0; 36]))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                super::lenient::text(deserializer, str::parse)
            }
        }
    };
}

prefixed_id!(
    /// A study: `stu_` and 32 hex digits.
    StudyId,
    "stu_"
);
prefixed_id!(
    /// A user, present or invited: `usr_` and 32 hex digits.
    UserId,
    "usr_"
);
prefixed_id!(
    /// An invitation: `inv_` and 32 hex digits.
    InvitationId,
    "inv_"
);
prefixed_id!(
    /// An Express customer: `cus_` and 32 hex digits.
    CustomerId,
    "cus_"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_it_was_written() {
        let text = "stu_1234567890abcdef1234567890abcdef";
        assert_eq!(text.parse::<StudyId>().unwrap().to_string(), text);
    }

    #[test]
    fn only_the_documented_form_is_an_id() {
        for text in [
            "",
            "stu_",
            "usr_1234567890abcdef1234567890abcdef",
            "stu_1234567890ABCDEF1234567890abcdef",
            "stu_1234567890abcdef1234567890abcde",
            "stu_1234567890abcdef1234567890abcdef0",
            "stu_1234567890abcdef1234567890abcdeg",
            "stu_é234567890abcdef1234567890abcde",
            " stu_1234567890abcdef1234567890abcdef",
        ] {
            assert!(text.parse::<StudyId>().is_err(), "{text}");
        }
    }
}
