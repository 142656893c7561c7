//! Whether an answer is about the record that was asked for.
//!
//! A server, a cache or a proxy can mix answers up. What came for another study must not be taken for the
//! one on screen, nor be called changed. Each endpoint says what its answer must carry
//! ([`Endpoint::names`]); the client compares all of it right after decoding.

use std::borrow::Cow;
use std::fmt;

use super::rules::is_same_address;
use super::{Ack, Endpoint, Failure, Invitation, Page, RerouteUrlResponse, Study, User};

/// A field that names a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Identifier {
    StudyId,
    StudyUid,
    UserId,
    InvitationId,
    Email,
}

impl Identifier {
    /// Its name on the wire.
    pub const fn field(self) -> &'static str {
        match self {
            Self::StudyId => "studyId",
            Self::StudyUid => "studyInstanceUid",
            Self::UserId => "userId",
            Self::InvitationId => "invitationId",
            Self::Email => "email",
        }
    }

    /// Whether two values name the same record. Addresses compare without case.
    pub fn is_same(self, one: &str, other: &str) -> bool {
        match self {
            Self::Email => is_same_address(one, other),
            Self::StudyId | Self::StudyUid | Self::UserId | Self::InvitationId => one == other,
        }
    }

    /// Returns a record by this name, in words: "study stu_…", "the study with UID 1.2.3".
    fn words(self, value: &str) -> String {
        // The server may have written anything of any length.
        let value: String = value.chars().take(MAX_CHARS).collect();
        match self {
            Self::StudyId => format!("study {value}"),
            Self::StudyUid => format!("the study with UID {value}"),
            Self::UserId => format!("user {value}"),
            Self::InvitationId => format!("invitation {value}"),
            Self::Email => format!("the address {value}"),
        }
    }
}

/// The longest name that a failure repeats, in characters.
const MAX_CHARS: usize = 120;

/// An answer, as far as it says which record it is about.
pub trait Named {
    /// Returns the value of this field, if the answer is one record that has it.
    fn name(&self, identifier: Identifier) -> Option<Cow<'_, str>>;
}

impl Named for Study {
    fn name(&self, identifier: Identifier) -> Option<Cow<'_, str>> {
        match identifier {
            Identifier::StudyId => Some(self.study_id.to_string().into()),
            Identifier::StudyUid => Some(self.study_instance_uid.as_str().into()),
            Identifier::UserId | Identifier::InvitationId | Identifier::Email => None,
        }
    }
}

impl Named for User {
    fn name(&self, identifier: Identifier) -> Option<Cow<'_, str>> {
        match identifier {
            Identifier::UserId => Some(self.user_id.to_string().into()),
            Identifier::Email => Some(self.email.as_str().into()),
            Identifier::StudyId | Identifier::StudyUid | Identifier::InvitationId => None,
        }
    }
}

impl Named for Invitation {
    fn name(&self, identifier: Identifier) -> Option<Cow<'_, str>> {
        match identifier {
            Identifier::InvitationId => Some(self.invitation_id.to_string().into()),
            Identifier::UserId => Some(self.user_id.to_string().into()),
            Identifier::Email => Some(self.email.as_str().into()),
            Identifier::StudyId | Identifier::StudyUid => None,
        }
    }
}

macro_rules! nameless {
    ($($(#[$doc:meta])* $answer:ty),+ $(,)?) => {$(
        $(#[$doc])*
        impl Named for $answer {
            fn name(&self, _: Identifier) -> Option<Cow<'_, str>> {
                None
            }
        }
    )+};
}
nameless!(Ack, RerouteUrlResponse);

/// A list is not about one record.
impl<T> Named for Page<T> {
    fn name(&self, _: Identifier) -> Option<Cow<'_, str>> {
        None
    }
}

/// What an answer must carry, each field with the value that was asked for.
pub type Names = Vec<(Identifier, String)>;

/// Checks the names that an answer carries. Fails at the first that is missing or names another record.
pub fn check_names(asked: &[(Identifier, String)], answer: &impl Named) -> Result<(), Failure> {
    for (identifier, asked) in asked {
        let answered = answer.name(*identifier);
        if !answered
            .as_deref()
            .is_some_and(|answered| identifier.is_same(asked, answered))
        {
            return Err(other_record(*identifier, asked, answered.as_deref()));
        }
    }
    Ok(())
}

/// Checks that an answer is about the requested record.
pub fn check_answer<E: Endpoint>(request: &E, answer: &E::Response) -> Result<(), Failure> {
    check_names(&request.names(), answer)
}

fn other_record(identifier: Identifier, asked: &str, answered: Option<&str>) -> Failure {
    Failure::OtherRecord {
        asked: identifier.words(asked),
        answered: answered.map_or_else(
            || "a record without this name".into(),
            |answered| identifier.words(answered),
        ),
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.field())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{GetStudy, StudyId};

    #[test]
    fn addresses_compare_without_case_and_nothing_else_does() {
        for (identifier, one, other, same) in [
            (
                Identifier::Email,
                "Kim@Example.org",
                "kim@example.ORG",
                true,
            ),
            (
                Identifier::Email,
                "ünal@example.org",
                "Ünal@example.org",
                true,
            ),
            (
                Identifier::Email,
                "kim@example.org",
                "kim@example.or",
                false,
            ),
            (Identifier::StudyUid, "1.2", "1.2", true),
            (Identifier::StudyUid, "1.2", "1.2.0", false),
            (Identifier::UserId, "usr_a", "usr_A", false),
        ] {
            assert_eq!(identifier.is_same(one, other), same, "{one} {other}");
        }
    }

    #[test]
    fn an_answer_without_the_name_is_not_an_answer() {
        let asked = GetStudy {
            study_id: StudyId::from_bytes([7; 16]),
        };
        let nameless = Ack {
            success: true,
            message: None,
        };
        let failure = check_names(&asked.names(), &nameless).unwrap_err();
        let sentence = failure.sentence();
        assert!(sentence.contains("stu_0707"), "{sentence}");
    }

    #[test]
    fn a_name_of_any_length_makes_a_short_sentence() {
        let failure = other_record(Identifier::Email, "a@b.c", Some(&"é".repeat(1 << 20)));
        assert!(failure.sentence().chars().count() < 300);
    }
}
