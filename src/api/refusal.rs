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
        return words.into();
    }
    let innermost = chain.last().map(ToString::to_string).unwrap_or_default();
    let lower = innermost.to_ascii_lowercase();
    if lower.contains("no ca certificates") {
        return "this computer has no certificates to verify servers with; install them (on Debian: \
                ca-certificates), or name a file with certificates in ca_bundle"
            .into();
    }
    if lower.contains("certificate") {
        return format!(
            "the server's certificate is not trusted ({})",
            shortened(&innermost)
        );
    }
    if lower.contains("invalid http") {
        return "the answer is not HTTP".into();
    }
    if lower.contains("before message completed") {
        return "the server closed the connection without an answer".into();
    }
    shortened(&innermost)
}

fn known(error: &(dyn Error + 'static)) -> Option<&'static str> {
    use io::ErrorKind::*;
    // An io error that only wraps another one says less than the one inside.
    let io = error.downcast_ref::<io::Error>()?;
    Some(match io.kind() {
        ConnectionRefused => "connection refused",
        ConnectionReset | ConnectionAborted | BrokenPipe => "the server closed the connection",
        NetworkUnreachable => "there is no network",
        HostUnreachable => "there is no route to the server",
        TimedOut => "the network did not answer",
        UnexpectedEof => "the connection ended in the middle",
        _ => return None,
    })
}

/// Shortens a text of unknown length for display.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(REASON_CHARS).collect()
}
