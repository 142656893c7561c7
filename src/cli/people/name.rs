//! How a person names a user: by id or by e-mail address, never by a part of a name.

use std::fmt;
use std::str::FromStr;

use crate::cli::Problem;
use crate::cli::session::Session;
use crate::text::clean;
use crate::wire::{GetUser, ListUsers, User, UserId, rules};

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
            Self::Email(email) => by_email(email, session).await?.ok_or_else(|| {
                Problem::Other(format!("no user has the e-mail address {}", clean(email)))
            }),
        }
    }
}

/// The user with this address, in whatever case it is written. The server is asked for it first; what
/// it takes for the same is not documented, so that a "no" is checked against the whole list.
pub async fn by_email(email: &str, session: &Session) -> Result<Option<User>, Problem> {
    let request = ListUsers {
        email: Some(email.to_owned()),
        ..Default::default()
    };
    let has_it = |user: &User| user.email.eq_ignore_ascii_case(email);
    let asked = session.users_of(request).await?;
    if let Some(user) = asked.into_values().find(has_it) {
        return Ok(Some(user));
    }
    Ok(session.users().await?.into_values().find(has_it))
}
