//! How users are named: by id or by e-mail address, never by a part of a name.

use std::fmt;
use std::str::FromStr;

use super::who::by_address;
use crate::cli::Problem;
use crate::cli::session::Session;
use crate::text::clean;
use crate::wire::{Failure, GetUser, Identifier, User, UserId, check_names, rules};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonName {
    Id(UserId),
    Email(String),
}

impl FromStr for PersonName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(id) = text.parse() {
            return Ok(Self::Id(id));
        }
        rules::check_email(text)
            .map(|()| Self::Email(text.to_owned()))
            .map_err(|_| "neither a user id (usr_ and 32 hex digits) nor an e-mail address".into())
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Email(email) => f.write_str(&clean(email)),
        }
    }
}

impl PersonName {
    pub async fn read(&self, session: &Session) -> Result<User, Problem> {
        match self {
            Self::Id(user_id) => {
                let request = GetUser { user_id: *user_id };
                Ok(session.client.call(&request).await?.value)
            }
            Self::Email(email) => {
                let user = by_address(email, session).await?.ok_or_else(|| {
                    Problem::Other(format!("no user has the e-mail address {}", clean(email)))
                })?;
                confirmed(&user, session).await
            }
        }
    }
}

/// Reads the user of a list by their id. A change goes by the id alone, so the record with this id must have
/// the address that the list showed.
pub async fn confirmed(listed: &User, session: &Session) -> Result<User, Problem> {
    let user_id = listed.user_id;
    let read = session.client.call(&GetUser { user_id }).await;
    let held = read.and_then(|answer| {
        let email = (Identifier::Email, listed.email.clone());
        check_names(&[email], &answer.value).map(|()| answer.value)
    });
    // The failure names a user in the same way as the command: by the address.
    held.map_err(|failure| match failure {
        Failure::OtherRecord { asked, answered } => Problem::Failed(Failure::OtherRecord {
            asked: format!("{asked}, whom the list shows for {}", listed.email),
            answered,
        }),
        other => Problem::Failed(other),
    })
}
