//! Which user a text means: exactly one, or a reason why not.
//!
//! A part of a name must mean exactly one user. If some users could not be read, names are not looked up,
//! because the right user may be among those. Anything with `@` is a whole address. A user with the address
//! in the same case comes first; if there is none, case does not matter.

use std::collections::BTreeMap;

use crate::cli::Problem;
use crate::cli::passes::{Taken, passes};
use crate::cli::render::person_of;
use crate::cli::session::Session;
use crate::cli::set_aside::SetAside;
use crate::text::clean;
use crate::wire::{ListUsers, MAX_PAGE, User, UserId};
use crate::worklist::{NameQuery, bare_address, folded, has_address, is_address, is_domain};

/// An error lists at most this many people.
const MAX_CANDIDATES: usize = 20;

/// The users of a list, each of them once: paging by offset may give one twice.
#[derive(Debug, Default)]
pub struct Users {
    pub readable: BTreeMap<UserId, User>,
    unreadable: SetAside,
}

/// Who has an address.
#[derive(Debug, Default)]
pub struct Owners {
    /// More than one if the server tells addresses apart by case.
    pub users: Vec<User>,
    /// Somebody else may have it, because some records could not be read.
    pub is_unsure: bool,
}

/// Returns the users of a list, and whether some of them could not be read.
pub async fn read_users(list: ListUsers, session: &Session) -> Result<Users, Problem> {
    let request = ListUsers {
        limit: Some(MAX_PAGE),
        ..list
    };
    let mut users = Users::default();
    passes(&session.client, &request, |pass, answer| {
        let before = users.readable.len();
        users.unreadable.take(pass, answer.value.unreadable);
        let items = answer.value.items.into_iter();
        users
            .readable
            .extend(items.map(|user| (user.user_id, user)));
        Ok(Taken::New(users.readable.len() - before))
    })
    .await?;
    Ok(users)
}

impl Users {
    pub fn is_unsure(&self) -> bool {
        !self.unreadable.is_empty()
    }
}

/// Returns who has this address. The server is asked for it first. What counts as the same address there is
/// not documented, so all users are read unless the server returns somebody with exactly this address.
pub async fn owners(email: &str, session: &Session) -> Result<Owners, Problem> {
    let email = bare_address(email);
    let request = ListUsers {
        email: Some(email.to_owned()),
        ..Default::default()
    };
    let mut found = read_users(request, session).await?;
    let is_exact = |user: &User| is_exactly(user, email);
    if !found.readable.values().any(is_exact) {
        let all = read_users(ListUsers::default(), session).await?;
        found.readable.extend(all.readable);
        found.unreadable.add(all.unreadable);
    }
    let is_unsure = found.is_unsure();
    let users = found.readable.into_values();
    let mut users: Vec<User> = users
        .filter(|user| has_address(&user.email, email))
        .collect();
    if users.iter().any(is_exact) {
        users.retain(is_exact);
    }
    Ok(Owners { users, is_unsure })
}

fn is_exactly(user: &User, email: &str) -> bool {
    user.email.trim() == bare_address(email)
}

/// Returns the user who has this address, if anybody has it.
pub async fn by_address(email: &str, session: &Session) -> Result<Option<User>, Problem> {
    if is_domain(email) {
        let domain = clean(email);
        return Err(Problem::Usage(format!(
            "“{domain}” is a domain and not an address; give the whole address"
        )));
    }
    let Owners { users, is_unsure } = owners(email, session).await?;
    match users.as_slice() {
        [user] if !is_unsure || is_exactly(user, email) => Ok(Some(user.clone())),
        [] if !is_unsure => Ok(None),
        [] | [_] => Err(unsure(email)),
        several => Err(ambiguous(email, several)),
    }
}

/// Returns the user that a name or an address means.
pub async fn named(who: &str, session: &Session) -> Result<User, Problem> {
    if is_address(who) {
        return by_address(who, session)
            .await?
            .ok_or_else(|| Problem::Usage(format!("no user has the address “{}”", clean(who))));
    }
    let users = read_users(ListUsers::default(), session).await?;
    if users.is_unsure() {
        return Err(unsure(who));
    }
    let wanted = NameQuery::of(who);
    let fitting = |test: &dyn Fn(&User) -> bool| -> Vec<User> {
        let users = users.readable.values();
        users.filter(|user| test(user)).cloned().collect()
    };
    let exact = fitting(&|user| wanted.is_whole(&name(user)));
    let found = if exact.is_empty() {
        fitting(&|user| wanted.is_in(&folded(&format!("{}\n{}", name(user), user.email))))
    } else {
        exact
    };
    match found.as_slice() {
        [user] => Ok(user.clone()),
        [] => Err(Problem::Usage(format!(
            "no user is called “{}”",
            clean(who)
        ))),
        several => Err(ambiguous(who, several)),
    }
}

fn name(user: &User) -> String {
    format!("{} {}", user.profile.first_name, user.profile.last_name)
}

fn unsure(who: &str) -> Problem {
    Problem::Other(format!(
        "could not identify “{}”: some users could not be read, and it may be one of them; give a user \
         id (usr_…), or tell the administrator of the server",
        clean(who)
    ))
}

fn ambiguous(who: &str, users: &[User]) -> Problem {
    let mut text = format!("“{}” can mean {} users:", clean(who), users.len());
    for user in users.iter().take(MAX_CANDIDATES) {
        let described = person_of(&user.profile, &user.email);
        text.push_str(&format!("\n  {}  {described}", user.user_id));
    }
    if users.len() > MAX_CANDIDATES {
        text.push_str("\n  …");
    }
    Problem::Usage(text)
}
