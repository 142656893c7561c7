//! Changes on their way to the server, and those that failed.
//!
//! A row changes only from the server's answer. Until then it is pending; a failure leaves it as it
//! was and stays on record until a person dismisses it.

use std::collections::BTreeMap;

use crate::text::SafeText;
use crate::wire::{
    Failure, Patch, Severity, Study, StudyId, StudyViewerStatus, UpdateStudy, UserId,
};
use crate::worklist::StudyView;

/// One change of one study.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    Assign { to: UserId, name: SafeText },
    Unassign,
    Severity(Severity),
    Status(StudyViewerStatus),
}

impl Change {
    pub fn request(&self, id: StudyId) -> UpdateStudy {
        let mut patch = UpdateStudy::of(id);
        match self {
            Self::Assign { to, .. } => patch.assigned_to = Patch::Set(*to),
            Self::Unassign => patch.assigned_to = Patch::Clear,
            Self::Severity(severity) => patch.severity = Some(severity.clone()),
            Self::Status(status) => patch.study_viewer_status = Some(status.clone()),
        }
        patch
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
        }
    }

    /// Nothing would change.
    pub fn is_already(&self, study: StudyView<'_>) -> bool {
        match self {
            Self::Assign { to, .. } => study.assignee().is_some_and(|person| person.id == *to),
            Self::Unassign => study.assignee().is_none(),
            Self::Severity(severity) => study.severity() == severity,
            Self::Status(status) => study.status() == status,
        }
    }

    /// What it does, to stand before the study's description: "Assign to Kim, Ana: …".
    pub fn label(&self) -> String {
        match self {
            Self::Assign { name, .. } => format!("assign to {name}"),
            Self::Unassign => "unassign".into(),
            Self::Severity(severity) => format!("severity {severity}"),
            Self::Status(status) => format!("mark {status}"),
        }
    }

    /// What it did, likewise.
    pub fn done(&self) -> String {
        match self {
            Self::Assign { name, .. } => format!("Assigned to {name}"),
            Self::Unassign => "Unassigned".into(),
            Self::Severity(severity) => format!("Severity is now {severity}"),
            Self::Status(status) => format!("Marked {status}"),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    pub change: Change,
    pub description: SafeText,
    /// The first answer left open whether it took effect; the study is being read to see.
    pub rechecking: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Failed {
    pub change: Change,
    pub description: SafeText,
    pub failure: Failure,
    /// Nobody knows whether it took effect.
    pub unconfirmed: bool,
}

#[derive(Debug, Clone, Default)]
pub struct Changes {
    pending: BTreeMap<StudyId, Pending>,
    /// The newest failure of each study, in the order they happened.
    failed: Vec<(StudyId, Failed)>,
}

impl Changes {
    pub fn begin(&mut self, id: StudyId, change: Change, description: SafeText) {
        self.failed.retain(|(other, _)| *other != id);
        self.pending.insert(
            id,
            Pending {
                change,
                description,
                rechecking: false,
            },
        );
    }

    pub fn pending(&self, id: StudyId) -> Option<&Pending> {
        self.pending.get(&id)
    }

    pub fn pending_count(&self) -> usize {
        self.pending.len()
    }

    pub fn recheck(&mut self, id: StudyId) {
        if let Some(pending) = self.pending.get_mut(&id) {
            pending.rechecking = true;
        }
    }

    pub fn succeed(&mut self, id: StudyId) -> Option<Pending> {
        self.pending.remove(&id)
    }

    pub fn fail(&mut self, id: StudyId, failure: Failure, unconfirmed: bool) {
        if let Some(pending) = self.pending.remove(&id) {
            self.failed.push((
                id,
                Failed {
                    change: pending.change,
                    description: pending.description,
                    failure,
                    unconfirmed,
                },
            ));
        }
    }

    pub fn has_failed(&self, id: StudyId) -> bool {
        self.failed.iter().any(|(other, _)| *other == id)
    }

    pub fn failed(&self) -> &[(StudyId, Failed)] {
        &self.failed
    }

    /// Dismisses the newest failure.
    pub fn dismiss(&mut self) -> bool {
        self.failed.pop().is_some()
    }
}
