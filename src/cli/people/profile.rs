//! What can be said of a person, invited or a user already, and what a change of it sends.

use crate::wire::{
    ClinicRole, Invitation, InviteUser, Patch, UpdateInvitation, UpdateUser, User, UserLevel,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub first_name: String,
    pub last_name: String,
    pub middle_name: Option<String>,
    pub suffix1: Option<String>,
    pub suffix2: Option<String>,
    pub phone_number: Option<String>,
    pub clinic_role: ClinicRole,
    pub level: UserLevel,
    pub can_manage_studies: bool,
    pub has_dashboard_access: bool,
}

/// The rule that the reference states for an admin, and the way out.
pub const ADMIN_RULE: &str = "an admin must have dashboard access, because an admin manages users \
                              and settings there";

impl Profile {
    /// Each field as a person calls it, with its value if it has one.
    pub fn fields(&self) -> [(&'static str, Option<String>); 10] {
        let some = |text: &dyn ToString| Some(text.to_string());
        [
            ("first name", some(&self.first_name)),
            ("middle name", self.middle_name.clone()),
            ("last name", some(&self.last_name)),
            ("suffix1", self.suffix1.clone()),
            ("suffix2", self.suffix2.clone()),
            ("phone", self.phone_number.clone()),
            ("role", some(&self.clinic_role)),
            ("level", some(&self.level)),
            ("can manage studies", some(&self.can_manage_studies)),
            ("dashboard access", some(&self.has_dashboard_access)),
        ]
    }

    /// What becomes different, in words.
    pub fn news(&self, wanted: &Self) -> String {
        let pairs = self.fields().into_iter().zip(wanted.fields());
        let news: Vec<String> = pairs
            .filter(|(old, new)| old != new)
            .map(|(_, (name, value))| match value {
                Some(value) => format!("{name} {value}"),
                None => format!("no {name}"),
            })
            .collect();
        news.join(", ")
    }

    /// Whether `now` has everything that a change from `self` to `wanted` was to bring.
    pub fn is_reached(&self, wanted: &Self, now: &Self) -> bool {
        let (old, wanted, now) = (self.fields(), wanted.fields(), now.fields());
        let mut fields = old.iter().zip(&wanted).zip(&now);
        fields.all(|((old, wanted), now)| old == wanted || now == wanted)
    }

    /// An admin without dashboard access.
    pub fn breaks_admin_rule(&self) -> bool {
        self.level == UserLevel::Admin && !self.has_dashboard_access
    }
}

/// Absent and empty are the same to a person.
fn given(text: &Option<String>) -> Option<String> {
    text.clone().filter(|text| !text.is_empty())
}

macro_rules! has_profile {
    ($($record:ty),+) => {$(
        impl From<&$record> for Profile {
            fn from(record: &$record) -> Self {
                Self {
                    first_name: record.first_name.clone(),
                    last_name: record.last_name.clone(),
                    middle_name: given(&record.middle_name),
                    suffix1: given(&record.suffix1),
                    suffix2: given(&record.suffix2),
                    phone_number: given(&record.phone_number),
                    clinic_role: record.clinic_role.clone(),
                    level: record.level.clone(),
                    can_manage_studies: record.can_manage_studies,
                    has_dashboard_access: record.has_dashboard_access,
                }
            }
        }
    )+};
}
has_profile!(User, Invitation, InviteUser);

/// A PATCH of a person.
pub trait PersonPatch {
    /// Takes in what differs, and nothing else.
    fn write(&mut self, old: &Profile, new: &Profile);
}

macro_rules! person_patch {
    ($($request:ty),+) => {$(
        impl PersonPatch for $request {
            fn write(&mut self, old: &Profile, new: &Profile) {
                self.first_name = changed(&old.first_name, &new.first_name);
                self.last_name = changed(&old.last_name, &new.last_name);
                self.middle_name = patched(&old.middle_name, &new.middle_name);
                self.suffix1 = patched(&old.suffix1, &new.suffix1);
                self.suffix2 = patched(&old.suffix2, &new.suffix2);
                self.phone_number = patched(&old.phone_number, &new.phone_number);
                self.clinic_role = changed(&old.clinic_role, &new.clinic_role);
                self.level = changed(&old.level, &new.level);
                self.can_manage_studies =
                    changed(&old.can_manage_studies, &new.can_manage_studies);
                self.has_dashboard_access =
                    changed(&old.has_dashboard_access, &new.has_dashboard_access);
            }
        }
    )+};
}
person_patch!(UpdateUser, UpdateInvitation);

fn changed<T: Clone + PartialEq>(old: &T, new: &T) -> Option<T> {
    (old != new).then(|| new.clone())
}

fn patched(old: &Option<String>, new: &Option<String>) -> Patch<String> {
    match new {
        _ if old == new => Patch::Keep,
        Some(text) => Patch::Set(text.clone()),
        None => Patch::Clear,
    }
}
