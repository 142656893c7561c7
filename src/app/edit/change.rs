//! One change of one study: what is sent, how it shows in the server's record, and what takes it back.

use crate::app::edit::draft::{Draft, Unit};
use crate::app::edit::shown::Shown;
use crate::app::edit::{draft, patch};
use crate::app::message::effect::Call;
use crate::resolve::{Shows, Touches};
use crate::text::{SafeText, clean};
use crate::wire::{
    CancelStudy, Patch, Severity, Study, StudyId, StudySelector, StudyViewerStatus, UncancelStudy,
    UpdateStudy, UserId,
};

#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    Assign {
        to: UserId,
        name: SafeText,
    },
    Unassign,
    Severity(Severity),
    Status(StudyViewerStatus),
    Cancel,
    Uncancel,
    /// The parts in which the two differ, as a form saved them.
    Edit(Box<Edit>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    pub from: Draft,
    pub to: Draft,
}

impl Edit {
    fn units(&self) -> Vec<Unit> {
        draft::changed(&self.from, &self.to)
    }

    /// The PATCH on top of the study as it is now: metadata goes whole, and what others have changed of
    /// it since must stay.
    fn patch(&self, id: StudyId, now: Option<&Study>) -> UpdateStudy {
        let theirs = now.map_or_else(|| self.from.clone(), Draft::of);
        let merged = draft::merge(&self.from, &theirs, &self.to, &[]);
        patch::patch(id, &theirs, &merged)
    }

    fn values(&self) -> String {
        let shown: Vec<String> = self.units().iter().map(|unit| self.to.show(unit)).collect();
        shown.join(", ")
    }
}

impl Shows<Edit> for Draft {
    fn shows(&self, edit: &Edit) -> bool {
        edit.units().iter().all(|unit| edit.to.same(self, unit))
    }
}

impl Touches<Draft> for Edit {
    fn is_untouched(&self, before: &Draft, now: &Draft) -> bool {
        self.units().iter().all(|unit| before.same(now, unit))
    }
}

impl Shows<Change> for Study {
    fn shows(&self, change: &Change) -> bool {
        match change {
            Change::Severity(severity) => is_same(self.severity.as_str(), severity.as_str()),
            Change::Status(status) => is_same(self.study_viewer_status.as_str(), status.as_str()),
            Change::Edit(edit) => Draft::of(self).shows(edit.as_ref()),
            Change::Assign { to, .. } => self.shows(&UpdateStudy {
                assigned_to: Patch::Set(*to),
                ..UpdateStudy::of(self.study_id)
            }),
            Change::Unassign => self.shows(&UpdateStudy {
                assigned_to: Patch::Clear,
                ..UpdateStudy::of(self.study_id)
            }),
            Change::Cancel => self.shows(&CancelStudy(self.study_id.into())),
            Change::Uncancel => self.shows(&UncancelStudy(self.study_id.into())),
        }
    }
}

/// Whether two words are the same as the screen shows them: what the list keeps of a server's own words
/// is cleaned.
fn is_same(one: &str, other: &str) -> bool {
    clean(one) == clean(other)
}

/// What a change sets. Two changes of one study that set different things do not replace each other's
/// place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    Assignee,
    Severity,
    Status,
    Cancellation,
    /// Whatever a form edits.
    Record,
}

impl Change {
    /// What this sets.
    pub fn field(&self) -> Field {
        match self {
            Self::Assign { .. } | Self::Unassign => Field::Assignee,
            Self::Severity(_) => Field::Severity,
            Self::Status(_) => Field::Status,
            Self::Cancel | Self::Uncancel => Field::Cancellation,
            Self::Edit(_) => Field::Record,
        }
    }

    /// The request, given the study as the server last showed it, if it was just read.
    pub fn call(&self, id: StudyId, now: Option<&Study>) -> Call {
        let mut patch = UpdateStudy::of(id);
        match self {
            Self::Assign { to, .. } => patch.assigned_to = Patch::Set(*to),
            Self::Unassign => patch.assigned_to = Patch::Clear,
            Self::Severity(severity) => patch.severity = Some(severity.clone()),
            Self::Status(status) => patch.study_viewer_status = Some(status.clone()),
            Self::Cancel => return Call::CancelStudy(CancelStudy(StudySelector::from(id))),
            Self::Uncancel => return Call::UncancelStudy(UncancelStudy(StudySelector::from(id))),
            Self::Edit(edit) => patch = edit.patch(id, now),
        }
        Call::UpdateStudy(patch)
    }

    /// Whether nothing would change.
    pub fn is_already(&self, study: &Shown) -> bool {
        self.current(study).as_ref() == Some(self)
    }

    /// Returns what would bring the study back to how it shows; `None` where the API cannot say it.
    pub fn inverse_on(&self, study: &Shown) -> Option<Self> {
        self.current(study).filter(|current| match current {
            // A value that this program does not know cannot be set, only read.
            Self::Severity(severity) => severity.is_known(),
            Self::Status(status) => status.is_known(),
            Self::Assign { .. }
            | Self::Unassign
            | Self::Cancel
            | Self::Uncancel
            | Self::Edit(_) => true,
        })
    }

    /// Returns what else of the study decides whether this is right, as it shows.
    pub fn context(&self, study: &Shown) -> Vec<Self> {
        let leaves = match self {
            Self::Cancel => true,
            Self::Status(status) => *status == StudyViewerStatus::Complete,
            _ => false,
        };
        if !leaves {
            return Vec::new();
        }
        let severity = Self::Severity(study.severity.clone());
        let assignee = Self::Unassign.current(study);
        std::iter::once(severity).chain(assignee).collect()
    }

    /// Returns the value that this would replace, as the change that would set it; `None` for an edit,
    /// which may replace several.
    pub fn current(&self, study: &Shown) -> Option<Self> {
        Some(match self {
            Self::Assign { .. } | Self::Unassign => match &study.assignee {
                // A name read elsewhere must not make the same person look like another.
                Some((now, _)) if matches!(self, Self::Assign { to, .. } if to == now) => {
                    self.clone()
                }
                Some((to, name)) => Self::Assign {
                    to: *to,
                    name: name.clone(),
                },
                None => Self::Unassign,
            },
            Self::Severity(_) => Self::Severity(study.severity.clone()),
            Self::Status(_) => Self::Status(study.status.clone()),
            Self::Cancel | Self::Uncancel => {
                if study.is_cancelled {
                    Self::Cancel
                } else {
                    Self::Uncancel
                }
            }
            // The list keeps cleaned texts, not the ones that an edit would have to restore.
            Self::Edit(_) => return None,
        })
    }

    /// The value that it sets: "Kim, Ana", "high".
    pub fn value(&self) -> String {
        match self {
            Self::Assign { name, .. } => name.to_string(),
            Self::Unassign => "unassigned".into(),
            Self::Severity(severity) => severity.to_string(),
            Self::Status(status) => status.to_string(),
            Self::Cancel => "cancelled".into(),
            Self::Uncancel => "not cancelled".into(),
            Self::Edit(edit) => edit.values(),
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
            Self::Uncancel => "restore".into(),
            Self::Edit(edit) => format!("edit {}", draft::labels(&edit.units())),
        }
    }

    /// How a study is that shows it: "assigned to Kim, Ana", "high".
    pub fn state(&self) -> String {
        match self {
            Self::Assign { name, .. } => format!("assigned to {name}"),
            _ => self.value(),
        }
    }

    /// What it did to several studies: "Assigned 6 to Kim, Ana".
    pub fn done_to(&self, how_many: &str) -> String {
        match self {
            Self::Assign { name, .. } => format!("Assigned {how_many} to {name}"),
            Self::Unassign => format!("Unassigned {how_many}"),
            Self::Severity(severity) => format!("Set {how_many} to {severity}"),
            Self::Status(status) => format!("Marked {how_many} {status}"),
            Self::Cancel => format!("Cancelled {how_many}"),
            Self::Uncancel => format!("Restored {how_many}"),
            Self::Edit(edit) => format!("Edited {} of {how_many}", draft::labels(&edit.units())),
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
            Self::Uncancel => "Restored".into(),
            Self::Edit(edit) => format!("Edited {}", draft::labels(&edit.units())),
        }
    }
}
