//! The cursor of a list: base64 of `{"offset":N}`, as the vendor's own tests send it.

use serde_json::Value;

use crate::base64::{self, ALPHABET};

pub fn encode(offset: u64) -> String {
    base64::encode(format!("{{\"offset\":{offset}}}").as_bytes())
}

/// The offset that a cursor names, with or without padding. `None` for anything else.
pub fn decode(cursor: &str) -> Option<u64> {
    let bytes = unbase64(cursor)?;
    let value: Value = serde_json::from_slice(&bytes).ok()?;
    value.as_object()?.get("offset")?.as_u64()
}

fn unbase64(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    if digits.len() % 4 == 1 || padding > 2 || (padding > 0 && !text.len().is_multiple_of(4)) {
        return None;
    }
    let mut out = Vec::with_capacity(digits.len() * 3 / 4);
    for chunk in digits.as_bytes().chunks(4) {
        let mut group = 0u32;
        for (place, byte) in chunk.iter().enumerate() {
            let digit = ALPHABET.iter().position(|letter| letter == byte)?;
            group |= (digit as u32) << (18 - 6 * place);
        }
        let [_, bytes @ ..] = group.to_be_bytes();
        out.extend_from_slice(&bytes[..chunk.len() - 1]);
    }
    Some(out)
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
