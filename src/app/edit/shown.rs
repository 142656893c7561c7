//! A study as a person saw it when they pressed a key.

use crate::app::edit::change::Change;
use crate::text::SafeText;
use crate::wire::{Severity, StudyId, StudyViewerStatus, UserId};
use crate::worklist::StudyView;

/// What the screen showed of a study. A change is only sent while the server still has these values.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    pub id: StudyId,
    /// The Study Instance UID as the screen shows it: a record that is read before a change must carry it.
    pub uid: String,
    pub description: SafeText,
    pub severity: Severity,
    pub status: StudyViewerStatus,
    pub is_cancelled: bool,
    pub assignee: Option<(UserId, SafeText)>,
}

impl Shown {
    pub fn of(study: StudyView<'_>) -> Self {
        Self {
            id: study.id(),
            uid: study.uid().to_owned(),
            description: SafeText::clean(study.description()),
            severity: study.severity().clone(),
            status: study.status().clone(),
            is_cancelled: study.is_cancelled(),
            assignee: study
                .assignee()
                .map(|person| (person.id, person.name.clone())),
        }
    }

    /// Applies a change that was made here and is still under way: it is what a later change of
    /// the same study builds on.
    pub fn expect(&mut self, change: &Change) {
        match change {
            Change::Assign { to, name } => self.assignee = Some((*to, name.clone())),
            Change::Unassign => self.assignee = None,
            Change::Severity(severity) => self.severity = severity.clone(),
            Change::Status(status) => self.status = status.clone(),
            Change::Cancel => self.is_cancelled = true,
            Change::Uncancel => self.is_cancelled = false,
            // What it sets is compared when its turn comes; a later change then waits for a decision.
            Change::Edit(_) => {}
        }
    }
}
