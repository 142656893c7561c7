//! The address that requests go to: the one place that decides where a key may be sent.

use url::{Host, Url};

/// The address of the API, unless another one is set.
pub const DEFAULT_BASE_URL: &str = "https://api.avarasoftware.com";

/// Why a text cannot be the address of the API. The text itself is not repeated: it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlError {
    #[error("it is not an address like https://api.example.org")]
    Malformed,
    #[error("it must begin with https://")]
    Scheme,
    #[error(
        "http:// would send the key in the clear; it is accepted only for this computer itself"
    )]
    InsecureHost,
    #[error("it must not hold a user name or a password")]
    UserInfo,
    #[error("it must not hold a question mark or anything after one")]
    Query,
    #[error("it must not hold a # or anything after one")]
    Fragment,
}

/// Reads the address of the API. A path prefix is kept, without its last slash.
///
/// `http` is accepted only when the host *as parsed* is the loopback interface: the parser already
/// turns `127.1` and `0x7f000001` into addresses, and leaves `127.0.0.1.evil` a name.
pub fn check_base_url(text: &str) -> Result<Url, BaseUrlError> {
    if text.contains(|c: char| c == '\\' || c.is_whitespace() || c.is_control()) {
        return Err(BaseUrlError::Malformed);
    }
    let (scheme, rest) = text.split_once("://").ok_or(BaseUrlError::Malformed)?;
    // The parser forgives `https:///host`; a person who wrote that should look again.
    if rest.is_empty() || rest.starts_with('/') {
        return Err(BaseUrlError::Malformed);
    }
    let secure = scheme.eq_ignore_ascii_case("https");
    if !secure && !scheme.eq_ignore_ascii_case("http") {
        return Err(BaseUrlError::Scheme);
    }
    let mut url = Url::parse(text).map_err(|_| BaseUrlError::Malformed)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(BaseUrlError::UserInfo);
    }
    if url.query().is_some() {
        return Err(BaseUrlError::Query);
    }
    if url.fragment().is_some() {
        return Err(BaseUrlError::Fragment);
    }
    if !secure && !is_loopback(&url) {
        return Err(BaseUrlError::InsecureHost);
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

/// Whether the URL's host is this computer: 127.0.0.0/8, ::1 or `localhost` itself.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_goes_over_https_or_to_this_computer() {
        for (text, expected) in [
            (
                "https://api.avarasoftware.com",
                "https://api.avarasoftware.com/",
            ),
            (
                "https://api.avarasoftware.com/",
                "https://api.avarasoftware.com/",
            ),
            (
                "HTTPS://API.AVARASOFTWARE.COM",
                "https://api.avarasoftware.com/",
            ),
            (
                "https://gateway.example.org/avara/",
                "https://gateway.example.org/avara",
            ),
            (
                "https://gateway.example.org/a/b//",
                "https://gateway.example.org/a/b",
            ),
            (
                "https://gateway.example.org/a/../b",
                "https://gateway.example.org/b",
            ),
            (
                "https://gateway.example.org:8443",
                "https://gateway.example.org:8443/",
            ),
            ("https://10.0.0.5", "https://10.0.0.5/"),
            ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443/"),
            ("http://127.0.0.1:4010", "http://127.0.0.1:4010/"),
            ("http://127.255.255.254", "http://127.255.255.254/"),
            ("http://localhost:4010/", "http://localhost:4010/"),
            ("http://LOCALHOST", "http://localhost/"),
            ("http://[::1]:4010", "http://[::1]:4010/"),
            // These are the loopback address in other spellings, and are connected to as such.
            ("http://127.1", "http://127.0.0.1/"),
            ("http://0x7f000001", "http://127.0.0.1/"),
            ("http://2130706433", "http://127.0.0.1/"),
            ("http://127\u{3002}0\u{3002}0\u{3002}1", "http://127.0.0.1/"),
        ] {
            assert_eq!(
                check_base_url(text).map(String::from),
                Ok(expected.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn anything_else_is_refused_with_its_reason() {
        use BaseUrlError::*;
        for (text, expected) in [
            ("", Malformed),
            ("api.avarasoftware.com", Malformed),
            ("https:", Malformed),
            ("https://", Malformed),
            ("https:///api.example.org", Malformed),
            ("https:/api.example.org", Malformed),
            (r"https:/\api.example.org", Malformed),
            (r"https://api.example.org\@evil.example", Malformed),
            ("https://api.example.org /", Malformed),
            (" https://api.example.org", Malformed),
            ("https://api.example.org\n", Malformed),
            ("https://a\u{0}b", Malformed),
            ("https://[::1", Malformed),
            ("https://api.example.org:99999", Malformed),
            ("ftp://api.example.org", Scheme),
            ("file:///etc/passwd", Malformed),
            ("javascript://x", Scheme),
            ("http://api.avarasoftware.com", InsecureHost),
            ("http://127.0.0.1.evil.example", InsecureHost),
            ("http://localhost.evil.example", InsecureHost),
            ("http://localhost.", InsecureHost),
            ("http://evil-localhost", InsecureHost),
            ("http://[::ffff:127.0.0.1]", InsecureHost),
            ("http://0.0.0.0", InsecureHost),
            ("http://[::]", InsecureHost),
            ("http://128.0.0.1", InsecureHost),
            ("http://192.168.0.1", InsecureHost),
            ("http://loc\u{430}lhost", InsecureHost),
            ("https://user@api.example.org", UserInfo),
            ("https://@api.example.org", UserInfo),
            ("https://user:pw@api.example.org", UserInfo),
            ("http://127.0.0.1@evil.example", UserInfo),
            ("https://api.example.org?x=1", Query),
            ("https://api.example.org/?", Query),
            ("https://api.example.org#x", Fragment),
            ("https://api.example.org/#", Fragment),
        ] {
            assert_eq!(check_base_url(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn the_default_is_accepted() {
        assert!(check_base_url(DEFAULT_BASE_URL).is_ok());
    }
}
