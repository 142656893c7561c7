//! The fields of a study's forms: built from a record, and read back as a draft or a request.

use crate::app::edit::draft::{Draft, Unit, changed};
use crate::app::edit::record::Subject;
use crate::app::widget::form::field::{FieldKind, FormField, Select, TextField};
use crate::app::widget::form::grid::Grid;
use crate::app::widget::form::pick::{Pick, PickedValue, Source};
use crate::app::widget::form::{Form, FormStage, Task};
use crate::app::widget::line::LineEdit;
use crate::app::widget::picker::Choice;
use crate::text::SafeText;
use crate::wire::{
    CreateStudy, DicomUid, InvalidUid, Metadata, Severity, Study, StudyId, StudyViewerStatus,
};

const UID: &str = "studyInstanceUid";

const DESCRIPTION: &str = "studyDescription";

const SEVERITY: &str = "severity";

const STATUS: &str = "studyViewerStatus";

const ASSIGNEE: &str = "assignedTo";

const CUSTOMER: &str = "expressCustomerId";

const METADATA: &str = "metadata";

/// The most urgent first, as everywhere.
const SEVERITIES: [Severity; 3] = [Severity::Stat, Severity::High, Severity::Normal];

pub fn create_form() -> Form {
    let uid = TextField {
        line: LineEdit::default(),
        check: check_uid,
        while_typing: Some(check_uid_so_far),
        limit: Some(DicomUid::MAX_LENGTH),
    };
    let customer = Pick::new(Source::Customers, "none", None);
    let fields = vec![
        FormField::new(UID, "Study UID", FieldKind::Text(uid)),
        description(""),
        severity(&Severity::Normal),
        assignee(None),
        FormField::new(CUSTOMER, "Customer", FieldKind::Pick(Box::new(customer))),
        metadata(&Metadata::new()),
    ];
    Form::new(
        "Create a study",
        Task::CreateStudy,
        FormStage::Editing,
        fields,
    )
}

/// A form that waits for the study to be read.
pub fn edit_form(study_id: StudyId, shown: &str) -> Form {
    Form::to_edit(Subject::Study(study_id), &format!("Edit {shown}"))
}

pub fn edit_fields(study: &Study) -> Vec<FormField> {
    let draft = Draft::of(study);
    let customer = study
        .customer
        .as_ref()
        .map_or("none", |customer| customer.express_customer_name.as_str());
    let fixed = |text: &str, reason| FieldKind::ReadOnly {
        text: SafeText::clean(text),
        reason,
    };
    let status = Select::new(
        StudyViewerStatus::KNOWN
            .iter()
            .map(StudyViewerStatus::as_str),
        draft.text(&Unit::Status),
    );
    let uid = fixed(study.study_instance_uid.as_str(), "set at creation");
    vec![
        FormField::new(UID, "Study UID", uid),
        description(draft.text(&Unit::Description)),
        severity(&study.severity),
        assignee(draft.assignee().map(|(id, label)| PickedValue {
            choice: Choice::Person(id),
            label,
        })),
        FormField::new(STATUS, "Status", FieldKind::Select(status)),
        FormField::new(CUSTOMER, "Customer", fixed(customer, "set at creation")),
        metadata(&study.metadata),
    ]
}

fn description(text: &str) -> FormField {
    let text = TextField {
        line: LineEdit::new(text),
        check: check_words,
        while_typing: None,
        limit: None,
    };
    FormField::new(DESCRIPTION, "Description", FieldKind::Text(text))
}

fn severity(value: &Severity) -> FormField {
    let select = Select::new(SEVERITIES.iter().map(Severity::as_str), value.as_str());
    FormField::new(SEVERITY, "Severity", FieldKind::Select(select))
}

fn assignee(chosen: Option<PickedValue>) -> FormField {
    let pick = Pick::new(Source::People, "unassigned", chosen);
    FormField::new(ASSIGNEE, "Assignee", FieldKind::Pick(Box::new(pick)))
}

pub(in crate::app) fn metadata(pairs: &Metadata) -> FormField {
    FormField::new(METADATA, "Metadata", FieldKind::Grid(Grid::new(pairs)))
}

pub(in crate::app) fn check_words(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        Err("required".into())
    } else {
        Ok(())
    }
}

fn check_uid(text: &str) -> Result<(), String> {
    match text.parse::<DicomUid>() {
        Ok(_) => Ok(()),
        Err(InvalidUid::TooLong) => Err(format!(
            "{}, not {}",
            InvalidUid::TooLong,
            text.chars().count()
        )),
        Err(error) => Err(error.to_string()),
    }
}

/// A dot at the end is wrong only if nothing follows.
fn check_uid_so_far(text: &str) -> Result<(), String> {
    match text.strip_suffix('.') {
        Some("") => check_uid(text),
        Some(begun) => check_uid(begun),
        None => check_uid(text),
    }
}

impl Form {
    pub fn uid(&self) -> Option<DicomUid> {
        self.text(UID).parse().ok()
    }

    /// The UID, once it is typed in full and left, if it has not been looked up yet.
    pub(in crate::app) fn uid_to_peek_at(&self) -> Option<DicomUid> {
        let is_done = matches!(self.task, Task::CreateStudy)
            && self.stage == FormStage::Editing
            && self.focused().is_none_or(|field| field.name != UID);
        let uid = self.uid().filter(|_| is_done)?;
        let asked = self.peek.as_ref().is_some_and(|peek| peek.uid == uid);
        (!asked).then_some(uid)
    }

    /// The study that has the UID that is in the form now, as far as is known.
    pub(in crate::app) fn known_to_exist(&self) -> Option<Box<Study>> {
        let peek = self.peek.as_ref()?;
        let is_current = self.uid().as_ref() == Some(&peek.uid);
        peek.found.clone().filter(|_| is_current)
    }

    pub(in crate::app) fn tell_peek(&mut self) {
        if let Some(study) = self.known_to_exist()
            && let Some(field) = self.fields.iter_mut().find(|field| field.name == UID)
        {
            field.refusal = Some(format!(
                "this UID already exists: {}; Ctrl-s offers to open it",
                study.study_description
            ));
        }
    }

    pub fn create_request(&self) -> Option<CreateStudy> {
        let draft = self.draft();
        Some(CreateStudy {
            study_instance_uid: self.uid()?,
            study_description: draft.text(&Unit::Description).to_owned(),
            severity: draft.text(&Unit::Severity).into(),
            assigned_to: draft.assignee().map(|(id, _)| id),
            express_customer_id: self
                .chosen(CUSTOMER)
                .and_then(|chosen| match chosen.choice {
                    Choice::Customer(id) => Some(id),
                    _ => None,
                }),
            metadata: draft.metadata(),
        })
    }

    /// The fields of a created study that are not as asked for.
    pub fn missing_in(&self, study: &Study) -> Vec<String> {
        let mut missing: Vec<String> = changed(&Draft::of(study), &self.draft())
            .iter()
            .map(Unit::label)
            .collect();
        let customer = study.customer.as_ref().map(|c| c.express_customer_id);
        if self.create_request().and_then(|r| r.express_customer_id) != customer {
            missing.push("customer".into());
        }
        missing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uid_is_checked_as_it_is_typed() {
        for (text, so_far, whole) in [
            ("1", true, true),
            ("1.", true, false),
            ("1.2", true, true),
            (".", false, false),
            ("1..", false, false),
            ("1.02", false, false),
            ("1.0", true, true),
            ("1.2 ", false, false),
            ("1.2a", false, false),
        ] {
            assert_eq!(check_uid_so_far(text).is_ok(), so_far, "{text}");
            assert_eq!(check_uid(text).is_ok(), whole, "{text}");
        }
        assert!(check_uid(&"1".repeat(65)).unwrap_err().ends_with("not 65"));
    }

    #[test]
    fn a_form_that_nobody_touched_asks_for_nothing() {
        let study = crate::worklist::testing::study(1)
            .severity("critical")
            .status("draft")
            .to(7, "Kim, Ana")
            .meta("a", " spaced ")
            .meta("b", "two\nlines")
            .build();
        let mut form = edit_form(study.study_id, "CT");
        form.set_fields(edit_fields(&study));
        assert_eq!(form.draft(), Draft::of(&study));
        assert!(!form.is_dirty());
    }
}
