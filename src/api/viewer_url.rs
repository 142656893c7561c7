//! The link into the viewer, checked before anything opens it.
//!
//! It comes from the server, carries authentication and is handed to another program: a wrong one
//! could run a command, read a file or give the login to a stranger.

use url::Url;

use crate::wire::is_loopback;

/// The longest link that is opened, in bytes.
const MAX_LENGTH: usize = 8 << 10;
/// The vendor's own domain: this name and the names below it.
const VENDOR: &str = "avarasoftware.com";

/// Why a link is not opened. The link itself is a credential and is not repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnsafeUrl {
    #[error("the link is longer than 8 KiB")]
    TooLong,
    #[error("the link holds a character that no link may hold")]
    Character,
    #[error("the link is not a web address")]
    Malformed,
    #[error("the link does not begin with https://")]
    Scheme,
    #[error("the link holds a user name")]
    UserInfo,
    #[error("the link leads to {host}, which is not known as a viewer")]
    Host { host: String },
    #[error("the link leads to an unusual port of {host}")]
    Port { host: String },
}

/// Accepts `https` links to the vendor's domain or to the API's own host, and links within this
/// computer if the API is there too. Returns the link as parsed: open that, not the text.
pub fn check_viewer_url(text: &str, base: &Url) -> Result<Url, UnsafeUrl> {
    if text.len() > MAX_LENGTH {
        return Err(UnsafeUrl::TooLong);
    }
    if !text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\')
        || hides_control(text)
    {
        return Err(UnsafeUrl::Character);
    }
    let rest = ["https://", "http://"].iter().find_map(|scheme| {
        let start = text.get(..scheme.len())?;
        start
            .eq_ignore_ascii_case(scheme)
            .then(|| &text[scheme.len()..])
    });
    let rest = rest.ok_or(UnsafeUrl::Scheme)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.is_empty() {
        return Err(UnsafeUrl::Malformed);
    }
    if authority.contains('@') {
        return Err(UnsafeUrl::UserInfo);
    }
    let url = Url::parse(text).map_err(|_| UnsafeUrl::Malformed)?;
    check_destination(&url, base)?;
    Ok(url)
}

fn check_destination(url: &Url, base: &Url) -> Result<(), UnsafeUrl> {
    if is_loopback(base) && is_loopback(url) {
        return Ok(());
    }
    if url.scheme() != "https" {
        return Err(UnsafeUrl::Scheme);
    }
    let host = url.host_str().unwrap_or_default();
    let is_vendor = host
        .strip_suffix(VENDOR)
        .is_some_and(|front| front.is_empty() || front.ends_with('.'));
    let is_base = base.scheme() == "https" && base.host_str() == Some(host);
    if !is_vendor && !is_base {
        return Err(UnsafeUrl::Host { host: host.into() });
    }
    let usual = url.port().is_none() || (is_base && url.port() == base.port());
    match usual {
        true => Ok(()),
        false => Err(UnsafeUrl::Port { host: host.into() }),
    }
}

/// A percent-encoded control character: what is behind the link may decode it once more.
fn hides_control(text: &str) -> bool {
    text.as_bytes().windows(3).any(|window| {
        let [b'%', high, low] = window else {
            return false;
        };
        matches!(high, b'0' | b'1') || (*high == b'7' && matches!(low, b'f' | b'F'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const VENDOR_API: &str = "https://api.avarasoftware.com";
    const OWN_API: &str = "https://gateway.example.org:8443/avara";
    const LOCAL_API: &str = "http://127.0.0.1:4010";

    fn check(text: &str, base: &str) -> Result<Url, UnsafeUrl> {
        check_viewer_url(text, &base.parse().unwrap())
    }

    #[test]
    fn links_to_the_viewer_are_accepted() {
        for (text, base) in [
            (
                "https://viewer.avarasoftware.com/s?token=a.b-c_d%20e#x",
                VENDOR_API,
            ),
            ("HTTPS://Viewer.AvaraSoftware.com/", VENDOR_API),
            ("https://avarasoftware.com/viewer", VENDOR_API),
            ("https://a.b.avarasoftware.com:443/", VENDOR_API),
            ("https://viewer.avarasoftware.com/?next=a@b", VENDOR_API),
            ("https://gateway.example.org/viewer", OWN_API),
            ("https://gateway.example.org:8443/viewer", OWN_API),
            ("https://viewer.avarasoftware.com/", LOCAL_API),
            ("http://127.0.0.1:4010/viewer?t=1", LOCAL_API),
            ("http://localhost:5000/", LOCAL_API),
            ("https://[::1]/", LOCAL_API),
        ] {
            assert!(check(text, base).is_ok(), "{text}: {:?}", check(text, base));
        }
    }

    #[test]
    fn whatever_could_run_read_or_mislead_is_refused() {
        for text in [
            "",
            "-flag",
            "--help",
            "/etc/passwd",
            "//evil.example/",
            "\\\\host\\share",
            "C:\\Windows\\system32\\calc.exe",
            "C:/Windows/system32/calc.exe",
            "file:///etc/passwd",
            "file://viewer.avarasoftware.com/etc/passwd",
            "javascript:alert(1)",
            "javascript://viewer.avarasoftware.com/%0aalert(1)",
            "data:text/html,x",
            "vscode://x",
            "ssh://viewer.avarasoftware.com",
            "ftp://viewer.avarasoftware.com",
            "view-source:https://viewer.avarasoftware.com",
            "https:viewer.avarasoftware.com",
            "https:/viewer.avarasoftware.com",
            "https:///viewer.avarasoftware.com",
            "https:/\\evil.example",
            "https:\\\\evil.example",
            "https://",
            "https://?",
            "https://#viewer.avarasoftware.com",
            "http://viewer.avarasoftware.com/",
            "http://127.0.0.1:4010/",
            "https://127.0.0.1/",
            "https://localhost/",
            "https://evil.example/",
            "https://evil.example/?viewer.avarasoftware.com",
            "https://evil.example#.avarasoftware.com",
            "https://viewer.avarasoftware.com.evil.example/",
            "https://evilavarasoftware.com/",
            "https://avarasoftware.com.evil.example/",
            "https://avarasoftware.co/",
            "https://viewer.avarasoftware.com./",
            "https://avarasoftware.com%2eevil.example/",
            "https://evil.example%2f.avarasoftware.com/",
            "https://user@viewer.avarasoftware.com/",
            "https://user:pw@viewer.avarasoftware.com/",
            "https://@viewer.avarasoftware.com/",
            "https://viewer.avarasoftware.com@evil.example/",
            "https://viewer.avarasoftware.com:pw@evil.example/",
            "https://evil.example\\@viewer.avarasoftware.com/",
            "https://evil.example\\.avarasoftware.com/",
            "https://viewer.avarasoftware.com:8080/",
            "https://viewer.avarasoftware.com:99999/",
            "https://viewer.\u{430}varasoftware.com/",
            "https://viewer.avarasoftware\u{3002}com/",
            "https://viewer.avarasoftware.com\u{2044}evil.example/",
            "https://viewer.avarasoftware.com/\u{202e}",
            "https://viewer.avarasoftware.com/%00",
            "https://viewer.avarasoftware.com/%0d%0aX:y",
            "https://viewer.avarasoftware.com/%7F",
            "https://viewer.avarasoftware.com/a b",
            " https://viewer.avarasoftware.com/",
            "https://viewer.avarasoftware.com/\n",
            "https://viewer.avarasoftware.com/\0",
            "https://viewer.avarasoftware.com/\x1b[2J",
            "ht\ttps://viewer.avarasoftware.com/",
            "https://[::ffff:127.0.0.1]/",
            "https://gateway.example.org/",
            "https://10.0.0.1/",
            "https://0x7f000001/",
        ] {
            assert!(check(text, VENDOR_API).is_err(), "{text:?}");
        }
        assert!(check(&format!("{VENDOR_API}/{}", "a".repeat(8192)), VENDOR_API).is_err());
    }

    #[test]
    fn the_host_of_the_api_is_allowed_only_as_it_stands() {
        for text in [
            "https://gateway.example.org:9000/",
            "https://sub.gateway.example.org/",
            "http://gateway.example.org:8443/",
            "http://127.0.0.1:4010/",
        ] {
            assert!(check(text, OWN_API).is_err(), "{text}");
        }
        for text in [
            "http://10.0.0.1/",
            "http://0.0.0.0/",
            "http://localhost.evil.example/",
        ] {
            assert!(check(text, LOCAL_API).is_err(), "{text}");
        }
    }

    #[test]
    fn an_error_names_the_host_and_never_the_token() {
        let error = check("https://evil.example/?token=canary", VENDOR_API).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the link leads to evil.example, which is not known as a viewer"
        );
    }
}
