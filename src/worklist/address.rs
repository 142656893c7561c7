//! Whether a typed e-mail address means somebody: one rule for the filter, the command line and the lists to
//! choose from.
//!
//! An address is meant as a whole. A part of one matches nobody.

/// Whether a text is meant as an address or as a domain: anything with an `@`.
pub fn is_address(typed: &str) -> bool {
    typed.contains('@')
}

/// Whether a typed text means the owner of an e-mail address, in any case. With nothing before its `@` it
/// means a domain and everybody in it.
pub fn has_address(email: &str, typed: &str) -> bool {
    // An accent makes another address, unlike in a name.
    let (email, typed) = (
        email.trim().to_lowercase(),
        bare_address(typed).to_lowercase(),
    );
    if is_domain(&typed) {
        let at = email.rfind('@');
        at.is_some_and(|at| email[at..] == typed)
    } else {
        email == typed
    }
}

/// Whether a typed address is only a domain: `@example.org`.
pub fn is_domain(typed: &str) -> bool {
    bare_address(typed).starts_with('@')
}

/// Returns the address itself, also that in `Kim, Dana <kim@example.org>`, as the program writes people.
pub fn bare_address(typed: &str) -> &str {
    let typed = typed.trim();
    let inner = typed.strip_suffix('>').and_then(|it| it.rsplit_once('<'));
    inner.map_or(typed, |(_, address)| address.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_meant_as_a_whole_and_a_domain_as_all_in_it() {
        for (email, typed, is_meant) in [
            ("samuel.osei@example.org", "samuel.osei@example.org", true),
            ("Samuel.Osei@Example.org", " samuel.OSEI@example.org ", true),
            ("samuel.osei@example.org", "osei@example.org", false),
            ("samuel.osei@example.org", "samuel.osei@example", false),
            ("samuel.osei@example.org", "samuel.osei@", false),
            (
                "samuel.osei@example.org",
                "Osei, S <samuel.osei@example.org>",
                true,
            ),
            (
                "samuel.osei@example.org",
                "Osei, S <osei@example.org>",
                false,
            ),
            ("samuel.osei@example.org", "@example.org", true),
            ("samuel.osei@example.org", "@EXAMPLE.org", true),
            ("samuel.osei@example.org", "@example", false),
            ("samuel.osei@sub.example.org", "@example.org", false),
            ("samuel.osei@notexample.org", "@example.org", false),
            ("ünal@example.org", "ÜNAL@example.org", true),
            ("ünal@example.org", "unal@example.org", false),
            ("", "@", false),
            ("no address", "@", false),
        ] {
            assert_eq!(has_address(email, typed), is_meant, "{email} {typed}");
        }
        assert!(is_address("@") && !is_address("kim"));
        assert!(is_domain("@example.org") && !is_domain("a@example.org"));
    }
}
