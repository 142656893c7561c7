//! One change of one study: what is sent, how it shows in the server's record, and what takes it back.

use crate::text::SafeText;
use crate::wire::{
    CancelStudy, Patch, Severity, Study, StudyId, StudySelector, StudyViewerStatus, UncancelStudy,
    UpdateStudy, UserId,
};
use crate::worklist::StudyView;

use crate::app::Call;

#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    Assign { to: UserId, name: SafeText },
    Unassign,
    Severity(Severity),
    Status(StudyViewerStatus),
    Cancel,
    Uncancel,
}

impl Change {
    pub fn call(&self, id: StudyId) -> Call {
        let mut patch = UpdateStudy::of(id);
        match self {
            Self::Assign { to, .. } => patch.assigned_to = Patch::Set(*to),
            Self::Unassign => patch.assigned_to = Patch::Clear,
            Self::Severity(severity) => patch.severity = Some(severity.clone()),
            Self::Status(status) => patch.study_viewer_status = Some(status.clone()),
            Self::Cancel => return Call::CancelStudy(CancelStudy(StudySelector::from(id))),
            Self::Uncancel => return Call::UncancelStudy(UncancelStudy(StudySelector::from(id))),
        }
        Call::UpdateStudy(patch)
    }

    /// The server's record shows this change.
    pub fn is_in(&self, study: &Study) -> bool {
        match self {
            Self::Assign { to, .. } => {
                study.assigned_to.as_ref().map(|user| user.user_id) == Some(*to)
            }
            Self::Unassign => study.assigned_to.is_none(),
            Self::Severity(severity) => study.severity == *severity,
            Self::Status(status) => study.study_viewer_status == *status,
            Self::Cancel => study.is_cancelled,
            Self::Uncancel => !study.is_cancelled,
        }
    }

    /// Nothing would change.
    pub fn is_already(&self, study: StudyView<'_>) -> bool {
        self.current(study).as_ref() == Some(self)
    }

    /// What would bring the study back to how it shows now; `None` where the API cannot say it.
    pub fn inverse_on(&self, study: StudyView<'_>) -> Option<Self> {
        self.current(study).filter(|current| match current {
            // A value that this program does not know cannot be set, only read.
            Self::Severity(severity) => severity.is_known(),
            Self::Status(status) => status.is_known(),
            Self::Assign { .. } | Self::Unassign | Self::Cancel | Self::Uncancel => true,
        })
    }

    /// The present value of what this changes, as the change that would set it.
    fn current(&self, study: StudyView<'_>) -> Option<Self> {
        Some(match self {
            Self::Assign { .. } | Self::Unassign => match study.assignee() {
                Some(person) => Self::Assign {
                    to: person.id,
                    name: match self {
                        // A name read elsewhere must not make the same person look like another.
                        Self::Assign { to, name } if *to == person.id => name.clone(),
                        _ => person.name.clone(),
                    },
                },
                None => Self::Unassign,
            },
            Self::Severity(_) => Self::Severity(study.severity().clone()),
            Self::Status(_) => Self::Status(study.status().clone()),
            Self::Cancel | Self::Uncancel if study.is_cancelled() => Self::Cancel,
            Self::Cancel | Self::Uncancel => Self::Uncancel,
        })
    }

    /// The value that it sets: "Kim, Ana", "high".
    pub fn value(&self) -> &str {
        match self {
            Self::Assign { name, .. } => name,
            Self::Unassign => "unassigned",
            Self::Severity(severity) => severity.as_str(),
            Self::Status(status) => status.as_str(),
            Self::Cancel => "cancelled",
            Self::Uncancel => "not cancelled",
        }
    }

    /// What it does: "assign to Kim, Ana".
    pub fn label(&self) -> String {
        match self {
            Self::Assign { name, .. } => format!("assign to {name}"),
            Self::Unassign => "unassign".into(),
            Self::Severity(severity) => format!("severity {severity}"),
            Self::Status(status) => format!("mark {status}"),
            Self::Cancel => "cancel".into(),
            Self::Uncancel => "uncancel".into(),
        }
    }

    /// What it did: "Assigned to Kim, Ana".
    pub fn done(&self) -> String {
        match self {
            Self::Assign { name, .. } => format!("Assigned to {name}"),
            Self::Unassign => "Unassigned".into(),
            Self::Severity(severity) => format!("Severity is now {severity}"),
            Self::Status(status) => format!("Marked {status}"),
            Self::Cancel => "Cancelled".into(),
            Self::Uncancel => "No longer cancelled".into(),
        }
    }
}
