//! How a call can fail, as plain data.

use std::time::Duration;

use serde_json::Value;

/// Why a call gave no answer. Texts from the server are hostile until cleaned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The server answered with an error status.
    Rejected {
        status: u16,
        /// What the server said, if its body said anything.
        message: Option<String>,
        /// The field that the server named as the cause, in its wire name.
        field: Option<String>,
        /// How long the server asked to wait.
        retry_after: Option<Duration>,
    },
    /// The server answered 200 with `success: false`.
    Unsuccessful { message: Option<String> },
    /// The server answered with a redirect, which is never followed with a key.
    Redirected { status: u16 },
    /// No answer within the time allowed.
    TimedOut,
    /// No connection could be made: nothing was sent.
    Unreachable { reason: String },
    /// The connection broke after something was sent.
    Interrupted { reason: String },
    /// The answer is not what the reference describes.
    Unreadable { reason: String },
    /// The answer is about another record than the one that was asked for. Both in words.
    OtherRecord { asked: String, answered: String },
    /// The answer is larger than any that the reference allows.
    TooLarge { limit: u64 },
    /// The request could not be built. Nothing was sent.
    Unsendable { reason: String },
    /// The journal of changes cannot be written. Nothing was sent.
    Unjournaled { reason: String },
}

/// Whether a failed write may still have taken effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    NotApplied,
    Unknown,
}

impl Failure {
    /// Builds a rejection from an error response, whatever shape its body has.
    pub fn rejected(status: u16, body: &[u8], retry_after: Option<Duration>) -> Self {
        let (message, field) = error_text(body);
        Self::Rejected {
            status,
            message,
            field,
            retry_after,
        }
    }

    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Rejected { status, .. } | Self::Redirected { status } => Some(*status),
            _ => None,
        }
    }

    /// Whether the key was refused (401) or lacks a permission (403).
    pub fn is_auth(&self) -> bool {
        matches!(self.status(), Some(401 | 403))
    }

    /// Returns how long the server asked to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Rejected { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Whether the answer was about another record.
    pub fn is_astray(&self) -> bool {
        matches!(self, Self::OtherRecord { .. })
    }

    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404)
    }

    /// Returns what is known about the effect of a write that failed like this.
    pub fn outcome(&self) -> Outcome {
        match self {
            // 408 and 5xx may come from something between us and the server that applied it; a conflict
            // may be one with our own request, sent twice by something in between.
            Self::Rejected {
                status: 408 | 409 | 500..,
                ..
            } => Outcome::Unknown,
            Self::Rejected { .. }
            | Self::Unsuccessful { .. }
            | Self::Redirected { .. }
            | Self::Unreachable { .. }
            | Self::Unsendable { .. }
            | Self::Unjournaled { .. } => Outcome::NotApplied,
            Self::TimedOut
            | Self::Interrupted { .. }
            | Self::Unreadable { .. }
            // The record in the answer may be the one that was changed.
            | Self::OtherRecord { .. }
            | Self::TooLarge { .. } => Outcome::Unknown,
        }
    }

    /// Returns what happened, in one plain sentence without a full stop.
    pub fn sentence(&self) -> String {
        match self {
            Self::Rejected {
                status,
                message,
                retry_after,
                ..
            } => {
                let meaning = status_meaning(*status);
                let told = match message {
                    Some(message) => format!("{meaning} ({status}): {message}"),
                    None => format!("{meaning} ({status})"),
                };
                match retry_after {
                    Some(wait) => format!("{told}; it asks to wait {}", span(*wait)),
                    None => told,
                }
            }
            Self::Unsuccessful { message } => match message {
                Some(message) => format!("The server did not do it: {message}"),
                None => "The server did not do it and gave no reason".into(),
            },
            Self::Redirected { status } => {
                format!(
                    "The server redirected to another address ({status}); redirects are not followed"
                )
            }
            Self::TimedOut => "The server did not answer in time".into(),
            Self::Unreachable { reason } => format!("The server cannot be reached: {reason}"),
            Self::Interrupted { reason } => format!("The connection broke: {reason}"),
            Self::Unreadable { reason } => {
                format!("The server's answer could not be read: {reason}")
            }
            Self::OtherRecord { asked, answered } => {
                format!("The server answered about {answered}, not about {asked}")
            }
            Self::TooLarge { limit } => format!(
                "The server's answer was cut off at {} MiB, larger than any real one",
                limit >> 20
            ),
            Self::Unsendable { reason } => format!("The request could not be built: {reason}"),
            Self::Unjournaled { reason } => {
                format!(
                    "Nothing was sent, because the journal of changes cannot be written: {reason}"
                )
            }
        }
    }

    /// Returns what a person can do about it, in one short clause.
    pub fn advice(&self) -> &'static str {
        match self.status() {
            Some(401) => "check the API key",
            Some(403) => "ask an administrator for a key with this permission",
            Some(404) => "it may have been removed; refresh the list",
            Some(409) => "refresh and look at the current state",
            Some(400 | 422) => "correct the value and try again",
            Some(429) => "wait a moment",
            Some(500..) => "try again shortly",
            _ => match self {
                Self::Unreachable { .. } | Self::Interrupted { .. } | Self::TimedOut => {
                    "check the network and the base URL"
                }
                Self::Unreadable { .. } | Self::Redirected { .. } | Self::TooLarge { .. } => {
                    "check the base URL; a login page or proxy may be in the way"
                }
                Self::OtherRecord { .. } => {
                    "its answer is not used; if it happens again, tell the server's administrator"
                }
                Self::Unjournaled { .. } => {
                    "make room or set its permissions right; reading goes on"
                }
                _ => "try again",
            },
        }
    }
}

/// Returns a wait in the unit that reads best, rounded up.
pub fn span(wait: Duration) -> String {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    match seconds {
        0..=120 => format!("{seconds} s"),
        121..=7_200 => format!("{} minutes", seconds.div_ceil(60)),
        7_201..86_400 => format!("{} hours", seconds.div_ceil(3_600)),
        86_400.. => "a day or longer".into(),
    }
}

fn status_meaning(status: u16) -> &'static str {
    match status {
        400 => "The server calls this a bad request",
        401 => "The API key was not accepted",
        403 => "The API key lacks the permission for this",
        404 => "The server does not know it",
        408 => "The server gave up waiting",
        409 => "It conflicts with the current state",
        422 => "The server cannot process this value",
        429 => "Too many requests",
        500.. => "The server has a problem",
        _ => "The server refused",
    }
}

/// The longest message that is taken from a server.
const MESSAGE_CHARS: usize = 300;

fn error_text(body: &[u8]) -> (Option<String>, Option<String>) {
    // A byte that is not UTF-8 must not hide what the server says.
    let body = String::from_utf8_lossy(body);
    let Ok(value) = serde_json::from_str::<Value>(&body) else {
        return (None, None);
    };
    let field = ["/field", "/error/field", "/errors/0/field", "/error/param"]
        .iter()
        .find_map(|path| text_at(&value, path));
    let message = [
        "/message",
        "/error/message",
        "/error",
        "/detail",
        "/errors/0/message",
        "/errors/0",
        "/title",
    ]
    .iter()
    .find_map(|path| text_at(&value, path));
    (message, field)
}

fn text_at(value: &Value, path: &str) -> Option<String> {
    // It becomes part of a sentence.
    let text = value.pointer(path)?.as_str()?.trim().trim_end_matches('.');
    (!text.is_empty()).then(|| text.chars().take(MESSAGE_CHARS).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_of_the_server_ends_without_its_full_stop() {
        let failure = Failure::rejected(400, br#"{"message":"No such study. "}"#, None);
        let Failure::Rejected { message, .. } = failure else {
            panic!("{failure:?}");
        };
        assert_eq!(message.as_deref(), Some("No such study"));
    }

    #[test]
    fn a_message_with_a_byte_that_is_not_text_is_still_said() {
        let body = [br#"{"message":"no "#.as_slice(), &[0xff], br#" here"}"#].concat();
        let failure = Failure::rejected(400, &body, None);
        let Failure::Rejected { message, .. } = failure else {
            panic!("{failure:?}");
        };
        assert_eq!(message.as_deref(), Some("no \u{fffd} here"));
    }

    #[test]
    fn the_message_is_found_in_every_known_shape() {
        for (body, message, field) in [
            (r#"{"message":"no"}"#, Some("no"), None),
            (
                r#"{"error":{"message":"no","field":"limit"}}"#,
                Some("no"),
                Some("limit"),
            ),
            (r#"{"error":"no"}"#, Some("no"), None),
            (r#"{"detail":"no"}"#, Some("no"), None),
            (
                r#"{"errors":[{"message":"no","field":"x"}]}"#,
                Some("no"),
                Some("x"),
            ),
            (r#"{"errors":["no"]}"#, Some("no"), None),
            (r#"{"message":7}"#, None, None),
            ("<html>", None, None),
            ("", None, None),
            ("[]", None, None),
        ] {
            let Failure::Rejected {
                message: got,
                field: got_field,
                ..
            } = Failure::rejected(400, body.as_bytes(), None)
            else {
                unreachable!()
            };
            assert_eq!(got.as_deref(), message, "{body}");
            assert_eq!(got_field.as_deref(), field, "{body}");
        }
    }

    #[test]
    fn a_wait_that_the_server_asks_for_is_said() {
        let wait = Some(Duration::from_secs(120));
        assert_eq!(
            Failure::rejected(429, b"", wait).sentence(),
            "Too many requests (429); it asks to wait 120 s"
        );
    }

    #[test]
    fn a_long_wait_is_said_in_a_unit_that_can_be_read() {
        for (seconds, expected) in [
            (60, "60 s"),
            (121, "3 minutes"),
            (300, "5 minutes"),
            (7_201, "3 hours"),
            (86_400, "a day or longer"),
            (2_306_352_243, "a day or longer"),
        ] {
            assert_eq!(span(Duration::from_secs(seconds)), expected);
        }
        assert_eq!(span(Duration::from_millis(250)), "1 s");
    }

    #[test]
    fn only_a_plain_refusal_proves_that_a_write_was_not_applied() {
        let rejected = |status| Failure::rejected(status, b"", None).outcome();
        for status in [400, 401, 403, 404, 422, 429] {
            assert_eq!(rejected(status), Outcome::NotApplied, "{status}");
        }
        for status in [408, 409, 500, 502, 503, 504] {
            assert_eq!(rejected(status), Outcome::Unknown, "{status}");
        }
        assert_eq!(Failure::TimedOut.outcome(), Outcome::Unknown);
        let astray = Failure::OtherRecord {
            asked: "study stu_a".into(),
            answered: "study stu_b".into(),
        };
        assert_eq!(astray.outcome(), Outcome::Unknown);
    }
}
