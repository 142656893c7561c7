//! The fields of the forms about people: of users and of invitations, which are alike.

use crate::app::LineEdit;
use crate::text::SafeText;
use crate::wire::rules::{check_email, check_phone};
use crate::wire::{
    Invitation, InvitationId, Patch, UpdateInvitation, UpdateUser, User, UserId, UserLevel,
};

use super::Form;
use super::draft::{Draft, Unit, changed, yes_or_no};
use super::field::{Check, Field, Kind, Select, Text};
use super::pick::{Pick, Source};
use super::record::Record;
use super::study::check_words;
use super::values::role_chosen;

pub(super) const EMAIL: &str = "email";
pub(super) const LIKE: &str = "like";

/// The levels that can be given, the lesser first.
const LEVELS: [UserLevel; 2] = [UserLevel::Member, UserLevel::Admin];
const OWNER: (&str, &str) = ("owner", "it can be read, never given");
const HELD: &str = "an admin always has it";

macro_rules! draft_of {
    ($record:ty) => {
        impl From<&$record> for Draft {
            fn from(record: &$record) -> Self {
                let mut draft = Self::default();
                let words = |text: &Option<String>| text.clone().unwrap_or_default();
                draft.set(Unit::FirstName, &record.first_name);
                draft.set(Unit::LastName, &record.last_name);
                // The server may write an empty text for what is not there: here both are the same.
                draft.set(Unit::MiddleName, &words(&record.middle_name));
                draft.set(Unit::Suffix1, &words(&record.suffix1));
                draft.set(Unit::Suffix2, &words(&record.suffix2));
                draft.set(Unit::Phone, &words(&record.phone_number));
                draft.set(Unit::Role, record.clinic_role.as_str());
                draft.set(Unit::Level, record.level.as_str());
                draft.set(Unit::ManageStudies, yes_or_no(record.can_manage_studies));
                draft.set(Unit::Dashboard, yes_or_no(record.has_dashboard_access));
                draft
            }
        }
    };
}
draft_of!(User);
draft_of!(Invitation);

macro_rules! patch_of {
    ($(#[$doc:meta])* $name:ident, $id:ty, $patch:ident) => {
        $(#[$doc])*
        pub fn $name(id: $id, from: &Draft, to: &Draft) -> $patch {
            let mut patch = $patch::of(id);
            for unit in changed(from, to) {
                let text = to.text(&unit);
                match unit {
                    Unit::FirstName => patch.first_name = Some(text.to_owned()),
                    Unit::LastName => patch.last_name = Some(text.to_owned()),
                    Unit::MiddleName => patch.middle_name = set_or_clear(text),
                    Unit::Suffix1 => patch.suffix1 = set_or_clear(text),
                    Unit::Suffix2 => patch.suffix2 = set_or_clear(text),
                    Unit::Phone => patch.phone_number = set_or_clear(text),
                    Unit::Role => patch.clinic_role = Some(text.into()),
                    Unit::Level => patch.level = Some(text.into()),
                    Unit::ManageStudies => patch.can_manage_studies = Some(to.is_on(&unit)),
                    Unit::Dashboard => patch.has_dashboard_access = Some(to.is_on(&unit)),
                    // A person has none of these.
                    Unit::Description
                    | Unit::Severity
                    | Unit::Assignee
                    | Unit::Status
                    | Unit::Meta(_) => {}
                }
            }
            patch
        }
    };
}
patch_of!(
    /// The PATCH that makes `from` into `to`: the fields that differ, and no other.
    patch_user, UserId, UpdateUser
);
patch_of!(
    /// The same for an invitation.
    patch_invitation, InvitationId, UpdateInvitation
);

fn set_or_clear(text: &str) -> Patch<String> {
    if text.is_empty() {
        Patch::Clear
    } else {
        Patch::Set(text.to_owned())
    }
}

/// What a form to invite begins with when it is filled from nobody.
pub(super) fn nobody() -> Draft {
    let mut draft = Draft::default();
    draft.set(Unit::Level, UserLevel::Member.as_str());
    draft
}

pub(super) fn invite_fields(email: &str, draft: &Draft) -> Vec<Field> {
    let line = text(email, check_email, None);
    let like = Kind::Pick(Box::new(Pick::new(Source::People, "nobody", None)));
    let mut fields = vec![Field::new(EMAIL, "E-mail", line)];
    fields.extend(names(draft));
    fields.push(Field::new(LIKE, "Like", like));
    fields.extend(rights(draft));
    fields
}

pub(super) fn edit_fields(email: &str, draft: &Draft) -> Vec<Field> {
    let fixed = Kind::ReadOnly {
        text: SafeText::clean(email),
        reason: "cannot change; invite a new address",
    };
    let mut fields = vec![Field::new(EMAIL, "E-mail", fixed)];
    fields.extend(names(draft));
    fields.extend(rights(draft));
    fields
}

fn names(draft: &Draft) -> [Field; 6] {
    let of = |unit: Unit, label, check: Check, while_typing| {
        let kind = text(draft.text(&unit), check, while_typing);
        Field::new(unit.field(), label, kind)
    };
    [
        of(Unit::FirstName, "First name", check_words, None),
        of(Unit::LastName, "Last name", check_words, None),
        of(Unit::MiddleName, "Middle name", check_optional, None),
        of(Unit::Suffix1, "Suffix 1", check_optional, None),
        of(Unit::Suffix2, "Suffix 2", check_optional, None),
        of(
            Unit::Phone,
            "Phone",
            check_optional_phone,
            Some(check_phone_so_far),
        ),
    ]
}

fn rights(draft: &Draft) -> [Field; 4] {
    let role = Pick::new(
        Source::Roles,
        "not chosen",
        role_chosen(draft.text(&Unit::Role)),
    );
    let toggle = |unit: Unit, label| {
        let on = draft.is_on(&unit);
        Field::new(unit.field(), label, Kind::Toggle(on))
    };
    let level = Unit::Level.field();
    [
        Field::new(Unit::Role.field(), "Role", Kind::Pick(Box::new(role))),
        Field::new(level, "Level", level_kind(draft.text(&Unit::Level))),
        toggle(Unit::ManageStudies, "Study rights"),
        toggle(Unit::Dashboard, "Dashboard"),
    ]
}

fn level_kind(level: &str) -> Kind {
    if level == UserLevel::Owner.as_str() {
        return Kind::ReadOnly {
            text: SafeText::clean(level),
            reason: "an owner's level cannot be changed here",
        };
    }
    let mut select = Select::new(LEVELS.iter().map(UserLevel::as_str), level);
    select.barred = Some(OWNER);
    Kind::Select(select)
}

fn text(value: &str, check: Check, while_typing: Option<Check>) -> Kind {
    Kind::Text(Text {
        line: LineEdit::new(value),
        check,
        while_typing,
        limit: None,
    })
}

fn check_optional(text: &str) -> Result<(), String> {
    if !text.is_empty() && text.trim().is_empty() {
        Err("only spaces; leave it empty for none".into())
    } else {
        Ok(())
    }
}

fn check_optional_phone(text: &str) -> Result<(), String> {
    if text.is_empty() {
        Ok(())
    } else {
        check_phone(text)
    }
}

/// Too few digits are wrong only if none follow.
fn check_phone_so_far(text: &str) -> Result<(), String> {
    let is_begun = text.len() < 10 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_begun { Ok(()) } else { check_phone(text) }
}

impl Form {
    /// Holds on what follows from another field: an admin has dashboard access.
    pub(super) fn hold_what_follows(&mut self) {
        let is_admin = self.text(Unit::Level.field()) == UserLevel::Admin.as_str();
        if let Some(field) = self.field_mut(Unit::Dashboard.field()) {
            field.held = is_admin.then_some(HELD);
        }
    }
}

/// The fields of the form that edits a record.
pub(super) fn fields_of(record: &Record) -> Vec<Field> {
    match record {
        Record::Study(study) => super::study::edit_fields(study),
        Record::User(user) => edit_fields(&user.email, &record.draft()),
        Record::Invitation(invitation) => edit_fields(&invitation.email, &record.draft()),
    }
}
