//! What went wrong below HTTP, in plain words and without the address.

use std::error::Error;
use std::io;

use url::Url;

use crate::wire::Failure;

/// At most this many characters are taken from another library's error.
const REASON_CHARS: usize = 200;

/// Returns the failure of a transport error, by what it says about the request: not sent, sent in part, or
/// unanswered.
pub(super) fn failure(error: reqwest::Error, base_url: &Url) -> Failure {
    let error = error.without_url();
    // A connect error comes first even when it is a timeout, because no byte of the request was sent.
    if error.is_connect() {
        let reason = if error.is_timeout() {
            "no connection within 5 seconds".into()
        } else if error.is_dns() {
            let host = base_url.host_str().unwrap_or_default();
            format!("the name {host} was not found")
        } else {
            reason(&error)
        };
        Failure::Unreachable { reason }
    } else if error.is_timeout() {
        Failure::TimedOut
    } else if error.is_builder() {
        Failure::Unsendable {
            reason: reason(&error),
        }
    } else {
        Failure::Interrupted {
            reason: reason(&error),
        }
    }
}

/// Returns the most informative error of the chain, shortened.
pub(super) fn reason(error: &(dyn Error + 'static)) -> String {
    let mut chain = vec![error];
    let mut outer = error;
    while let Some(source) = outer.source() {
        chain.push(source);
        outer = source;
    }
    if let Some(words) = chain.iter().rev().find_map(|error| known(*error)) {
        return words;
    }
    shortened(&chain.last().map(ToString::to_string).unwrap_or_default())
}

/// Returns the words for an error whose type says what happened.
fn known(error: &(dyn Error + 'static)) -> Option<String> {
    if let Some(error) = error.downcast_ref::<io::Error>() {
        // What an io error wraps is not its source, and says more than the io error itself.
        return match error.get_ref() {
            Some(inner) => known(inner),
            None => known_io(error.kind()).map(Into::into),
        };
    }
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return known_tls(error);
    }
    let error = error.downcast_ref::<hyper::Error>()?;
    if error.is_parse() {
        Some("the answer is not HTTP".into())
    } else if error.is_incomplete_message() {
        Some("the server closed the connection without an answer".into())
    } else {
        None
    }
}

fn known_io(kind: io::ErrorKind) -> Option<&'static str> {
    use io::ErrorKind::*;
    Some(match kind {
        ConnectionRefused => "connection refused",
        ConnectionReset | ConnectionAborted | BrokenPipe => "the server closed the connection",
        NetworkUnreachable => "there is no network",
        HostUnreachable => "there is no route to the server",
        TimedOut => "the network did not answer",
        UnexpectedEof => "the connection ended in the middle",
        _ => return None,
    })
}

fn known_tls(error: &rustls::Error) -> Option<String> {
    match error {
        rustls::Error::InvalidCertificate(_) => Some(format!(
            "the server's certificate is not trusted ({})",
            shortened(&error.to_string())
        )),
        // The crate that loads the system's certificates has no type for finding none.
        rustls::Error::General(words) if words.starts_with("No CA certificates") => Some(
            "this computer has no certificates to verify servers with; install them (on Debian: \
             ca-certificates), or name a file with certificates in ca_bundle"
                .into(),
        ),
        _ => None,
    }
}

/// Shortens a text of unknown length for display.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(REASON_CHARS).collect()
}
