//! The fields of the forms about people: of users and of invitations, which are alike.

use crate::app::edit::draft::{Draft, Unit};
use crate::app::edit::record::Record;
use crate::app::widget::form::field::{Check, FieldKind, FormField, Select, TextField};
use crate::app::widget::form::pick::{Pick, Source};
use crate::app::widget::form::study::check_words;
use crate::app::widget::form::values::role_chosen;
use crate::app::widget::form::{Form, study};
use crate::app::widget::line::LineEdit;
use crate::text::SafeText;
use crate::wire::UserLevel;
use crate::wire::rules::{check_email, check_phone};

pub(in crate::app) const EMAIL: &str = "email";

pub(in crate::app) const LIKE: &str = "like";

/// The levels that can be given, the lesser first.
const LEVELS: [UserLevel; 2] = [UserLevel::Member, UserLevel::Admin];

const OWNER: (&str, &str) = ("owner", "cannot be set here");

const HELD: &str = "an admin always has it";

/// What a form to invite begins with when it is not filled from a user.
pub(in crate::app) fn nobody() -> Draft {
    let mut draft = Draft::default();
    draft.set(Unit::Level, UserLevel::Member.as_str());
    draft
}

pub(in crate::app) fn invite_fields(email: &str, draft: &Draft) -> Vec<FormField> {
    let line = text(email, check_email, None);
    let like = FieldKind::Pick(Box::new(Pick::new(Source::People, "-", None)));
    let mut fields = vec![FormField::new(EMAIL, "E-mail", line)];
    fields.extend(names(draft));
    fields.push(FormField::new(LIKE, "Copy role of", like));
    fields.extend(rights(draft));
    fields
}

pub(in crate::app) fn edit_fields(email: &str, draft: &Draft) -> Vec<FormField> {
    let fixed = FieldKind::ReadOnly {
        text: SafeText::clean(email),
        reason: "fixed; invite a new address",
    };
    let mut fields = vec![FormField::new(EMAIL, "E-mail", fixed)];
    fields.extend(names(draft));
    fields.extend(rights(draft));
    fields
}

fn names(draft: &Draft) -> [FormField; 6] {
    let of = |unit: Unit, label, check: Check, while_typing| {
        let kind = text(draft.text(&unit), check, while_typing);
        FormField::new(unit.field(), label, kind)
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

fn rights(draft: &Draft) -> [FormField; 4] {
    let role = Pick::new(
        Source::Roles,
        "not chosen",
        role_chosen(draft.text(&Unit::Role)),
    );
    let toggle = |unit: Unit, label| {
        let on = draft.is_on(&unit);
        FormField::new(unit.field(), label, FieldKind::Toggle(on))
    };
    let level = Unit::Level.field();
    [
        FormField::new(Unit::Role.field(), "Role", FieldKind::Pick(Box::new(role))),
        FormField::new(level, "Level", level_kind(draft.text(&Unit::Level))),
        toggle(Unit::ManageStudies, "Edit studies"),
        toggle(Unit::Dashboard, "Dashboard"),
    ]
}

fn level_kind(level: &str) -> FieldKind {
    if level == UserLevel::Owner.as_str() {
        return FieldKind::ReadOnly {
            text: SafeText::clean(level),
            reason: "an owner's level cannot be changed here",
        };
    }
    let mut select = Select::new(LEVELS.iter().map(UserLevel::as_str), level);
    select.barred = Some(OWNER);
    FieldKind::Select(select)
}

pub(in crate::app) fn text(value: &str, check: Check, while_typing: Option<Check>) -> FieldKind {
    FieldKind::Text(TextField {
        line: LineEdit::new(value),
        check,
        while_typing,
        limit: None,
    })
}

fn check_optional(text: &str) -> Result<(), String> {
    if !text.is_empty() && text.trim().is_empty() {
        Err("only spaces; leave it empty instead".into())
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
    pub(in crate::app) fn hold_what_follows(&mut self) {
        let is_admin = self.text(Unit::Level.field()) == UserLevel::Admin.as_str();
        if let Some(field) = self.field_mut(Unit::Dashboard.field()) {
            field.held = is_admin.then_some(HELD);
        }
    }
}

/// The fields of the form that edits a record.
pub(in crate::app) fn fields_of(record: &Record) -> Vec<FormField> {
    match record {
        Record::Study(study) => study::edit_fields(study),
        Record::User(user) => edit_fields(&user.email, &record.draft()),
        Record::Invitation(invitation) => edit_fields(&invitation.email, &record.draft()),
    }
}
