//! The fields of the forms about people: of users and of invitations, which are alike.

use crate::app::LineEdit;
use crate::text::SafeText;
use crate::wire::rules::{check_email, check_phone};
use crate::wire::{Profile, ProfilePatch, UserLevel};

use super::Form;
use super::draft::{Draft, Unit, yes_or_no};
use super::field::{Check, Field, Kind, Select, Text};
use super::pick::{Pick, Source};
use super::study::check_words;
use super::values::role_chosen;

pub(super) const EMAIL: &str = "email";
pub(super) const LIKE: &str = "like";

/// The levels that can be given, the lesser first.
const LEVELS: [UserLevel; 2] = [UserLevel::Member, UserLevel::Admin];
const OWNER: (&str, &str) = ("owner", "it can be read, never given");
const HELD: &str = "an admin always has it";

impl From<&Profile> for Draft {
    fn from(profile: &Profile) -> Self {
        let mut draft = Self::default();
        let words = |text: &Option<String>| text.clone().unwrap_or_default();
        draft.set(Unit::FirstName, &profile.first_name);
        draft.set(Unit::LastName, &profile.last_name);
        // The server may write an empty text for what is not there: here both are the same.
        draft.set(Unit::MiddleName, &words(&profile.middle_name));
        draft.set(Unit::Suffix1, &words(&profile.suffix1));
        draft.set(Unit::Suffix2, &words(&profile.suffix2));
        draft.set(Unit::Phone, &words(&profile.phone_number));
        draft.set(Unit::Role, profile.clinic_role.as_str());
        draft.set(Unit::Level, profile.level.as_str());
        draft.set(Unit::ManageStudies, yes_or_no(profile.can_manage_studies));
        draft.set(Unit::Dashboard, yes_or_no(profile.has_dashboard_access));
        draft
    }
}

impl Draft {
    /// The profile in a form about a person; a text that is empty is missing.
    pub fn profile(&self) -> Profile {
        let text = |unit: Unit| self.text(&unit).to_owned();
        let optional = |unit: Unit| Some(text(unit)).filter(|text| !text.is_empty());
        Profile {
            first_name: text(Unit::FirstName),
            last_name: text(Unit::LastName),
            middle_name: optional(Unit::MiddleName),
            suffix1: optional(Unit::Suffix1),
            suffix2: optional(Unit::Suffix2),
            phone_number: optional(Unit::Phone),
            clinic_role: self.text(&Unit::Role).into(),
            level: self.text(&Unit::Level).into(),
            can_manage_studies: self.is_on(&Unit::ManageStudies),
            has_dashboard_access: self.is_on(&Unit::Dashboard),
        }
    }
}

/// The PATCH that makes `from` into `to`: the fields that differ, and no other.
pub(super) fn patch(from: &Draft, to: &Draft) -> ProfilePatch {
    ProfilePatch::between(&from.profile(), &to.profile())
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
