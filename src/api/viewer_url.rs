//! The link into the viewer, checked before anything opens it.
//!
//! It comes from the server, carries authentication and is handed to another program. A wrong one could run a
//! command, read a file or give the login to a stranger.

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

/// Accepts `https` links to the site's viewer `hosts`, or, if it names none, to the vendor's domain and the
/// API's own host; and links within this computer if the API is there too. Returns the link as parsed. Open
/// that, not the text.
pub fn check_viewer_url(
    text: &str,
    base: &Url,
    hosts: Option<&[String]>,
) -> Result<Url, UnsafeUrl> {
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
    check_destination(&url, base, hosts)?;
    Ok(url)
}

fn check_destination(url: &Url, base: &Url, hosts: Option<&[String]>) -> Result<(), UnsafeUrl> {
    if is_loopback(base) && is_loopback(url) {
        return Ok(());
    }
    if url.scheme() != "https" {
        return Err(UnsafeUrl::Scheme);
    }
    let host = url.host_str().unwrap_or_default();
    let is_base = base.scheme() == "https" && base.host_str() == Some(host);
    let is_known = match hosts {
        Some(hosts) => hosts.iter().any(|known| covers(known, host)),
        None => is_base || host == VENDOR || is_below(host, VENDOR),
    };
    if !is_known {
        return Err(UnsafeUrl::Host { host: host.into() });
    }
    let usual = url.port().is_none() || (is_base && url.port() == base.port());
    if usual {
        Ok(())
    } else {
        Err(UnsafeUrl::Port { host: host.into() })
    }
}

/// Whether a host is in the site's list. An entry that begins with a dot means every name below it.
fn covers(known: &str, host: &str) -> bool {
    match known.strip_prefix('.') {
        Some(domain) => is_below(host, domain),
        None => known == host,
    }
}

fn is_below(host: &str, domain: &str) -> bool {
    let front = host.strip_suffix(domain);
    front.is_some_and(|front| front.len() > 1 && front.ends_with('.'))
}

/// Whether there is a percent-encoded control character, which the program behind the link may decode once
/// more.
fn hides_control(text: &str) -> bool {
    text.as_bytes().windows(3).any(|window| {
        let [b'%', high, low] = window else {
            return false;
        };
        matches!(high, b'0' | b'1') || (*high == b'7' && matches!(low, b'f' | b'F'))
    })
}

#[cfg(test)]
pub(crate) mod testing;

#[cfg(test)]
mod tests {
    use super::testing::hostile_links;
    use super::*;

    const VENDOR_API: &str = "https://api.avarasoftware.com";
    const OWN_API: &str = "https://gateway.example.org:8443/avara";
    const LOCAL_API: &str = "http://127.0.0.1:4010";

    fn check(text: &str, base: &str) -> Result<Url, UnsafeUrl> {
        check_viewer_url(text, &base.parse().unwrap(), None)
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
        let links = hostile_links();
        assert!(links.len() >= 200, "{} links", links.len());
        for text in &links {
            assert!(check(text, VENDOR_API).is_err(), "{text:?}");
        }
        println!("{} hostile links, none accepted", links.len());
        // A check that only looks for the host would be found out.
        let careless = |text: &&String| text.contains("avarasoftware.com");
        assert!(links.iter().filter(careless).count() > 100);
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
    fn a_sites_own_list_of_hosts_stands_in_for_the_default_ones() {
        let hosts = ["viewer.example.org", ".pacs.example.org"].map(str::to_owned);
        let check = |text: &str, base: &str| {
            check_viewer_url(text, &base.parse().unwrap(), Some(&hosts)).is_ok()
        };
        for (text, expected) in [
            ("https://viewer.example.org/s?t=1", true),
            ("https://VIEWER.example.org/", true),
            ("https://a.pacs.example.org/", true),
            ("https://a.b.pacs.example.org:443/", true),
            ("https://pacs.example.org/", false),
            ("https://xpacs.example.org/", false),
            ("https://viewer.example.org.evil.example/", false),
            ("https://sub.viewer.example.org/", false),
            ("https://viewer.example.org:8443/", false),
            ("http://viewer.example.org/", false),
            ("https://viewer.avarasoftware.com/", false),
            ("https://gateway.example.org:8443/", false),
            ("http://127.0.0.1:4010/", false),
        ] {
            assert_eq!(check(text, OWN_API), expected, "{text}");
        }
        assert!(check("http://127.0.0.1:4010/viewer", LOCAL_API));
        for text in hostile_links() {
            assert!(!check(&text, OWN_API), "{text:?}");
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
