//! The cursor of a list: base64 of `{"offset":N}`, as the vendor's own tests send it.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD};
use serde_json::Value;

pub fn encode(offset: u64) -> String {
    BASE64_STANDARD.encode(format!("{{\"offset\":{offset}}}"))
}

/// The offset that a cursor names, with or without padding. `None` for anything else.
pub fn decode(cursor: &str) -> Option<u64> {
    let padded = BASE64_STANDARD.decode(cursor);
    let bytes = padded.or_else(|_| BASE64_STANDARD_NO_PAD.decode(cursor));
    let bytes = bytes.ok()?;
    let value: Value = serde_json::from_slice(&bytes).ok()?;
    value.as_object()?.get("offset")?.as_u64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendors_own_cursor_is_ours() {
        assert_eq!(encode(20), "eyJvZmZzZXQiOjIwfQ==");
        assert_eq!(decode("eyJvZmZzZXQiOjIwfQ=="), Some(20));
        assert_eq!(decode("eyJvZmZzZXQiOjIwfQ"), Some(20));
    }

    #[test]
    fn every_offset_reads_back() {
        for offset in [0, 1, 9, 10, 100, 999_999, 1_000_000, u64::MAX] {
            assert_eq!(decode(&encode(offset)), Some(offset));
        }
    }

    #[test]
    fn garbage_is_no_cursor() {
        for text in [
            "",
            "x",
            "!!!!",
            "é",
            "eyJvZmZzZXQiOjIwfQ=",
            "e30=",
            "eyJvZmZzZXQiOi0xfQ==",
            "MjA=",
            "====",
            "eyJvZmZzZXQiOjIwfQ==\n",
        ] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
