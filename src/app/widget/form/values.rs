//! Between the fields of a form and a draft: what was typed, and what is shown.

use crate::app::edit::draft::{Draft, Unit, yes_or_no};
use crate::app::edit::record::Record;
use crate::app::widget::form::field::{FieldKind, FormField};
use crate::app::widget::form::pick::PickedValue;
use crate::app::widget::form::{Form, Task};
use crate::app::widget::line::LineEdit;
use crate::app::widget::picker::Choice;
use crate::text::SafeText;
use crate::wire::StudyViewerStatus;

impl Form {
    pub(in crate::app) fn text(&self, name: &str) -> &str {
        match self.field(name).map(|field| &field.kind) {
            Some(FieldKind::Text(text)) => text.line.text(),
            Some(FieldKind::Select(select)) => select.value(),
            _ => "",
        }
    }

    pub(in crate::app) fn chosen(&self, name: &str) -> Option<&PickedValue> {
        match self.field(name).map(|field| &field.kind) {
            Some(FieldKind::Pick(pick)) => pick.chosen.as_ref(),
            _ => None,
        }
    }

    pub(in crate::app) fn field_mut(&mut self, name: &str) -> Option<&mut FormField> {
        self.fields.iter_mut().find(|field| field.name == name)
    }

    /// The record as typed.
    pub fn draft(&self) -> Draft {
        let mut draft = Draft::default();
        if matches!(self.task, Task::CreateStudy) {
            // A new study has no status to choose.
            draft.set(Unit::Status, StudyViewerStatus::Incomplete.as_str());
        }
        for field in &self.fields {
            field.write(&mut draft);
        }
        draft
    }

    /// Shows a draft in the fields, the focus where it is.
    pub fn show_draft(&mut self, draft: &Draft) {
        for field in &mut self.fields {
            field.show(draft);
        }
        self.hold_what_follows();
    }

    /// From now on changes are told from this record.
    pub fn rebase(&mut self, record: &Record) {
        let mine = self.draft();
        self.show_draft(&record.draft());
        self.mark_untouched();
        self.show_draft(&mine);
        if let Task::Edit { base, .. } = &mut self.task {
            *base = Some(record.clone());
        }
    }
}

impl FormField {
    /// Writes the value into a draft, if it is a part of one.
    fn write(&self, draft: &mut Draft) {
        if let FieldKind::Grid(grid) = &self.kind {
            return draft.set_metadata(&grid.metadata());
        }
        let Some(unit) = Unit::of_field(self.name) else {
            return;
        };
        match &self.kind {
            FieldKind::Text(text) => draft.set(unit, text.line.text()),
            FieldKind::Select(select) => draft.set(unit, select.value()),
            FieldKind::Toggle(_) => draft.set(unit, yes_or_no(self.is_on())),
            FieldKind::ReadOnly { text, .. } => draft.set(unit, text),
            FieldKind::Grid(_) => {}
            FieldKind::Pick(pick) => match pick.chosen.as_ref().map(|it| (&it.choice, &it.label)) {
                Some((Choice::Role(role), _)) => draft.set(unit, role.as_str()),
                Some((Choice::Person(id), label)) => draft.set_assignee(Some((*id, label.clone()))),
                _ if unit == Unit::Assignee => draft.set_assignee(None),
                _ => draft.set(unit, ""),
            },
        }
    }

    fn show(&mut self, draft: &Draft) {
        if let FieldKind::Grid(grid) = &mut self.kind {
            return grid.set(&draft.metadata());
        }
        let Some(unit) = Unit::of_field(self.name) else {
            return;
        };
        let value = draft.text(&unit);
        match &mut self.kind {
            FieldKind::Text(text) if text.line.text() != value => text.line = LineEdit::new(value),
            FieldKind::Select(select) => select.set(value),
            FieldKind::Toggle(on) => *on = draft.is_on(&unit),
            FieldKind::Pick(pick) if unit == Unit::Assignee => {
                pick.chosen = draft.assignee().map(|(id, label)| PickedValue {
                    choice: Choice::Person(id),
                    label,
                });
            }
            FieldKind::Pick(pick) => pick.chosen = role_chosen(value),
            FieldKind::ReadOnly { text, .. } => *text = SafeText::clean(value),
            FieldKind::Text(_) | FieldKind::Grid(_) => {}
        }
    }
}

/// A role as it is chosen, whether the reference knows it or not.
pub(in crate::app) fn role_chosen(role: &str) -> Option<PickedValue> {
    (!role.is_empty()).then(|| PickedValue {
        choice: Choice::Role(role.into()),
        label: SafeText::clean(role),
    })
}
