//! The users of the clinic: for their own screen, for the pickers, and to find who "me" is.

use crate::app::widget::roster::{Roster, RosterRecord};
use crate::text::SafeText;
use crate::wire::{ListUsers, MAX_PAGE, User, UserId};
use crate::worklist::{Asked, Facet, FacetKind, Faceted, folded, has_address, profile_name};
use std::cmp::Ordering;

/// After this long the list is read again when it is needed, in milliseconds.
pub(in crate::app) const KEEPS: i64 = 300_000;

pub type UserList = Roster<ListedUser>;

#[derive(Debug, Clone, PartialEq)]
pub struct ListedUser {
    pub id: UserId,
    pub name: SafeText,
    pub email: SafeText,
    pub role: SafeText,
    /// The server's record.
    pub user: User,
    /// The name in lower case, by which the list is in order.
    key: String,
    searched: String,
}

const FACETS: &[Facet] = &[
    Facet {
        name: "level",
        values: "owner, admin or member",
        also: &["rights", "access"],
        kind: FacetKind::Word(&["owner", "admin", "member"]),
    },
    Facet {
        name: "role",
        values: "a part of the role",
        also: &["clinicrole", "job"],
        kind: FacetKind::Part,
    },
    Facet {
        name: "source",
        values: "dashboard or api",
        also: &["invited", "invitedsource", "from"],
        kind: FacetKind::Word(&["dashboard", "api"]),
    },
    Facet {
        name: "email",
        values: "a part of the e-mail address",
        also: &["mail", "address"],
        kind: FacetKind::Part,
    },
    Facet {
        name: "first",
        values: "a part of the first name",
        also: &["firstname"],
        kind: FacetKind::Part,
    },
    Facet {
        name: "last",
        values: "a part of the last name",
        also: &["lastname", "name"],
        kind: FacetKind::Part,
    },
];

impl Faceted for ListedUser {
    fn holds(&self, facet: &Facet, asked: &Asked, _now: i64) -> bool {
        let holds = |text: &str| asked.is_in(&folded(&crate::text::clean(text)));
        match facet.name {
            "level" => asked.is_word(self.user.profile.level.as_str()),
            "role" => holds(&self.role),
            "source" => asked.is_word(self.user.invited_source.as_str()),
            "email" => holds(&self.email),
            "first" => holds(&self.user.profile.first_name),
            "last" => holds(&self.user.profile.last_name),
            _ => false,
        }
    }

    fn searched(&self) -> &str {
        &self.searched
    }
}

impl RosterRecord for ListedUser {
    type Id = UserId;
    const FACETS: &'static [Facet] = FACETS;

    fn id(&self) -> UserId {
        self.id
    }

    fn order(&self, other: &Self, _now: i64) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl Roster<ListedUser> {
    /// The request for a page.
    pub fn page(cursor: Option<String>) -> ListUsers {
        ListUsers {
            limit: Some(MAX_PAGE),
            cursor,
            ..ListUsers::default()
        }
    }

    /// The one user whose e-mail or id this is.
    pub fn find(&self, wanted: &str) -> Option<UserId> {
        if let Ok(id) = wanted.parse() {
            return Some(id);
        }
        self.iter()
            .find(|person| has_address(&person.email, wanted))
            .map(|person| person.id)
    }
}

impl From<User> for ListedUser {
    fn from(user: User) -> Self {
        let profile = &user.profile;
        let name = profile_name(profile, &user.email);
        Self {
            id: user.user_id,
            key: folded(&name),
            email: SafeText::clean(&user.email),
            role: SafeText::clean(profile.clinic_role.as_str()),
            searched: searched(&[
                &name,
                &format!("{} {}", profile.first_name, profile.last_name),
                profile.middle_name.as_deref().unwrap_or_default(),
                &user.email,
                profile.clinic_role.as_str(),
                profile.level.as_str(),
                profile.phone_number.as_deref().unwrap_or_default(),
                &user.user_id.to_string(),
            ]),
            name,
            user,
        }
    }
}

/// What free words are looked for in; lines keep a match from running over two fields.
pub(in crate::app) fn searched(fields: &[&str]) -> String {
    let cleaned: Vec<_> = fields
        .iter()
        .map(|field| crate::text::clean(field))
        .collect();
    folded(&cleaned.join("\n"))
}
