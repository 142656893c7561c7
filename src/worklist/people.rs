//! The people and customers of studies.

use std::hash::Hash;

use crate::text::SafeText;
use crate::wire::{ApiKeyReference, CustomerId, CustomerReference, Profile, UserId, UserReference};

use super::texts::{Interner, TextId, Texts};

/// Somebody a study is assigned to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Person {
    pub id: UserId,
    /// As [`person_name`] writes it.
    pub name: SafeText,
    pub email: SafeText,
}

/// An Express customer that a study belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Customer {
    pub id: CustomerId,
    pub name: SafeText,
}

/// Returns "Last, First", or the one of them that is there, or else the e-mail address.
pub fn person_name(first: Option<&str>, last: Option<&str>, email: &str) -> SafeText {
    let given = |name: Option<&str>| name.unwrap_or_default().trim().to_owned();
    let (first, last) = (given(first), given(last));
    match (first.is_empty(), last.is_empty()) {
        (false, false) => SafeText::clean(&format!("{last}, {first}")),
        (true, false) => SafeText::clean(&last),
        (false, true) => SafeText::clean(&first),
        (true, true) => SafeText::clean(email.trim()),
    }
}

/// Returns the name of a user or of an invited person, as [`person_name`] writes it.
pub fn profile_name(profile: &Profile, email: &str) -> SafeText {
    person_name(Some(&profile.first_name), Some(&profile.last_name), email)
}

/// A person or a customer, with the text that a filter looks through.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Known<T> {
    pub(super) record: T,
    pub(super) search: TextId,
}

/// Who entered a study: a person or a key of the API.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Creator {
    pub(super) shown: TextId,
    pub(super) search: TextId,
}

/// Records made of what the server sends of them, each made once.
#[derive(Clone, Debug)]
pub(super) struct References<T, R> {
    read: Interner<T>,
    /// The reference as it came, and the place of the record made of it.
    seen: Interner<(R, u32)>,
}

impl<T, R> Default for References<T, R> {
    fn default() -> Self {
        Self {
            read: Interner::default(),
            seen: Interner::default(),
        }
    }
}

impl<T: Eq + Hash, R> References<T, R> {
    /// Returns the place of the record made of a reference. Equal references must have equal keys.
    pub(super) fn place(
        &mut self,
        key: &impl Hash,
        is: impl Fn(&R) -> bool,
        own: impl FnOnce() -> R,
        read: impl FnOnce(&R) -> T,
    ) -> u32 {
        let seen = self.seen.place(key, |(reference, _)| is(reference));
        if let Some((_, place)) = seen.and_then(|at| self.seen.get(at)) {
            return *place;
        }
        let reference = own();
        let place = self.read.intern(read(&reference));
        self.seen.add(key, (reference, place));
        place
    }

    pub(super) fn items(&self) -> &[T] {
        self.read.items()
    }
}

impl Known<Person> {
    pub(super) fn new(user: &UserReference, texts: &mut Texts) -> Self {
        let record = Person {
            id: user.user_id,
            name: name_of(user),
            email: SafeText::clean(&user.email),
        };
        let search = texts.intern_cleaned(&searched(user));
        Self { record, search }
    }
}

impl Known<Customer> {
    pub(super) fn new(customer: &CustomerReference, texts: &mut Texts) -> Self {
        let record = Customer {
            id: customer.express_customer_id,
            name: SafeText::clean(&customer.express_customer_name),
        };
        let search = texts.intern_cleaned(&format!("{}\n{}", record.name, record.id));
        Self { record, search }
    }
}

impl Creator {
    /// Shows the person if both are given, because a key acts on somebody's behalf.
    pub(super) fn new(
        user: Option<&UserReference>,
        key: Option<&ApiKeyReference>,
        texts: &mut Texts,
    ) -> Self {
        let shown = match (user, key) {
            (Some(user), _) => name_of(user),
            (None, Some(key)) => SafeText::clean(&key.description),
            (None, None) => SafeText::default(),
        };
        let mut search = user.map(searched).unwrap_or_default();
        if let Some(key) = key {
            let (description, id) = (
                SafeText::clean(&key.description),
                SafeText::clean(&key.api_key_id),
            );
            search.push_str(&format!("\n{description}\n{id}"));
        }
        Self {
            shown: texts.intern_cleaned(&shown),
            search: texts.intern_cleaned(&search),
        }
    }
}

fn name_of(user: &UserReference) -> SafeText {
    person_name(
        user.first_name.as_deref(),
        user.last_name.as_deref(),
        &user.email,
    )
}

/// Returns the text to search: the name in each order that is typed, and a line for each field, so
/// that no match runs over two.
fn searched(user: &UserReference) -> String {
    let part = |name: &Option<String>| name.as_deref().unwrap_or_default().trim().to_owned();
    let (first, last) = (part(&user.first_name), part(&user.last_name));
    let spoken = SafeText::clean(format!("{first} {last}").trim());
    let listed = SafeText::clean(format!("{last} {first}").trim());
    let email = SafeText::clean(&user.email);
    let name = name_of(user);
    format!("{name}\n{spoken}\n{listed}\n{email}\n{}", user.user_id)
}
