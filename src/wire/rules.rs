//! The rules that the reference states about what is sent. Forms check them before a request leaves,
//! the sandbox when one arrives.

use super::Metadata;

pub const METADATA_PAIRS: usize = 50;
pub const METADATA_KEY_CHARS: usize = 100;
pub const METADATA_VALUE_CHARS: usize = 1000;

/// Checks a metadata map against the limits on pairs, keys and values (in characters).
pub fn check_metadata(metadata: &Metadata) -> Result<(), String> {
    if metadata.len() > METADATA_PAIRS {
        return Err(format!(
            "at most {METADATA_PAIRS} pairs, not {}",
            metadata.len()
        ));
    }
    for (key, value) in metadata {
        if key.is_empty() {
            return Err("a key cannot be empty".into());
        }
        let chars = key.chars().count();
        if chars > METADATA_KEY_CHARS {
            return Err(format!(
                "a key has at most {METADATA_KEY_CHARS} characters, not {chars}"
            ));
        }
        let chars = value.chars().count();
        if chars > METADATA_VALUE_CHARS {
            return Err(format!(
                "the value of {key} has at most {METADATA_VALUE_CHARS} characters, not {chars}"
            ));
        }
    }
    Ok(())
}

/// Checks a phone number: 10 to 15 digits and nothing else.
pub fn check_phone(phone: &str) -> Result<(), String> {
    if !phone.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("only digits".into());
    }
    if !(10..=15).contains(&phone.len()) {
        return Err(format!("10 to 15 digits, not {}", phone.len()));
    }
    Ok(())
}

/// Checks that an e-mail address looks like one. The rest is for the server to judge.
pub fn check_email(email: &str) -> Result<(), String> {
    let well_formed = email.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && !domain.contains('@')
    });
    if well_formed && !email.chars().any(|c| c.is_whitespace() || c.is_control()) {
        Ok(())
    } else {
        Err("an e-mail address like name@example.org".into())
    }
}

/// Whether two e-mail addresses are the same. Case does not matter, nor does space around them.
pub fn is_same_address(one: &str, other: &str) -> bool {
    let lower = |text: &str| {
        text.trim()
            .chars()
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    lower(one) == lower(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_hold_at_their_boundary_and_one_past_it() {
        let pairs = |n: usize| (0..n).map(|i| (format!("k{i}"), String::new())).collect();
        assert!(check_metadata(&pairs(50)).is_ok());
        assert!(check_metadata(&pairs(51)).is_err());
        let one = |key: usize, value: usize| [("é".repeat(key), "é".repeat(value))].into();
        assert!(check_metadata(&one(100, 1000)).is_ok());
        assert!(check_metadata(&one(101, 1)).is_err());
        assert!(check_metadata(&one(1, 1001)).is_err());
        assert!(check_metadata(&one(0, 1)).is_err());
    }

    #[test]
    fn a_phone_number_has_10_to_15_digits() {
        for (phone, ok) in [
            ("5550100123", true),
            ("155501001234567", true),
            ("555010012", false),
            ("1555010012345678", false),
            ("+15550100123", false),
            ("555-010-0123", false),
        ] {
            assert_eq!(check_phone(phone).is_ok(), ok, "{phone}");
        }
    }

    #[test]
    fn an_email_has_a_local_part_and_a_dotted_domain() {
        for (email, ok) in [
            ("a@example.org", true),
            ("a", false),
            ("@example.org", false),
            ("a@example", false),
            ("a b@example.org", false),
            ("a@b@example.org", false),
        ] {
            assert_eq!(check_email(email).is_ok(), ok, "{email}");
        }
    }
}
