//! The users of the clinic, as the pickers need them.

use std::collections::BTreeMap;

use crate::text::SafeText;
use crate::wire::{Failure, ListUsers, MAX_PAGE, Page, User, UserId};
use crate::worklist::person_name;

/// After this long the list is read again when a picker opens, in milliseconds.
const KEEPS: i64 = 300_000;

#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    pub id: UserId,
    pub name: SafeText,
    pub email: SafeText,
    pub role: SafeText,
}

#[derive(Debug, Clone, Default)]
pub struct People {
    all: BTreeMap<UserId, Person>,
    pub state: Loading,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub enum Loading {
    #[default]
    Never,
    Reading,
    Done {
        at: i64,
    },
    Failed(Failure),
}

impl People {
    pub fn iter(&self) -> impl Iterator<Item = &Person> {
        self.all.values()
    }

    pub fn get(&self, id: UserId) -> Option<&Person> {
        self.all.get(&id)
    }

    pub fn is_due(&self, now: i64) -> bool {
        match self.state {
            Loading::Never | Loading::Failed(_) => true,
            Loading::Reading => false,
            Loading::Done { at } => now - at > KEEPS,
        }
    }

    pub fn first_page() -> ListUsers {
        ListUsers {
            limit: Some(MAX_PAGE),
            ..ListUsers::default()
        }
    }

    /// Takes a page in and answers the request for the next one.
    pub fn take(&mut self, page: &Page<User>, now: i64) -> Option<ListUsers> {
        let before = self.all.len();
        for user in &page.items {
            self.all.insert(user.user_id, Person::from(user));
        }
        // A page that adds nobody is the end, whatever the server says of more.
        match page.next() {
            Some(cursor) if self.all.len() > before => Some(ListUsers {
                cursor: Some(cursor.to_owned()),
                ..Self::first_page()
            }),
            _ => {
                self.state = Loading::Done { at: now };
                None
            }
        }
    }

    /// The one user whose e-mail or id this is.
    pub fn find(&self, wanted: &str) -> Option<UserId> {
        if let Ok(id) = wanted.parse() {
            return Some(id);
        }
        self.iter()
            .find(|person| person.email.eq_ignore_ascii_case(wanted))
            .map(|person| person.id)
    }
}

impl From<&User> for Person {
    fn from(user: &User) -> Self {
        Self {
            id: user.user_id,
            name: person_name(Some(&user.first_name), Some(&user.last_name), &user.email),
            email: SafeText::clean(&user.email),
            role: SafeText::clean(user.clinic_role.as_str()),
        }
    }
}
