use crate::app::action::Action;
use crate::app::edit::job::BatchId;
use crate::app::edit::record;
use crate::app::widget::notice::Tone;
use crate::app::widget::study_list::Cause;
use crate::wire::{DicomUid, Severity, StudyId};
use crate::worklist::StudyView;

/// A record that a form has saved.
#[derive(Debug, Clone)]
pub struct Saved {
    pub subject: record::Subject,
    /// The form had the keys when it closed.
    pub is_open: bool,
    pub tone: Tone,
    pub text: String,
}

/// What must follow in another part.
#[derive(Debug, Clone)]
pub enum FollowUp {
    /// Someone else changed a study: count it, and ring if it is a new STAT.
    Heard(StudyId, Before),
    /// Rebuild the rows of the worklist; not while something is being chosen over them.
    Rebuild(Cause),
    /// Refresh the list of people in the open picker.
    Refill,
    /// Do this for the study that is looked up.
    Perform(Action),
    /// Begin a new study with this UID.
    Create(DicomUid),
    /// Put the cursor on this study.
    GoTo(StudyId),
    /// Show the record that a form has saved.
    ShowSaved(Saved),
    /// A batch of changes has ended, with so many studies unchanged.
    BatchEnded(BatchId, usize),
}

/// How a study was before the server sent it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Before {
    pub(in crate::app) is_open: bool,
    pub(in crate::app) is_alarming: bool,
}

impl Before {
    pub(in crate::app) fn of(study: Option<StudyView<'_>>) -> Self {
        Self {
            is_open: study.is_some_and(|study| study.is_open()),
            is_alarming: study.is_some_and(is_alarming),
        }
    }
}

/// It has to be read at once, and it is unassigned.
pub(in crate::app) fn is_alarming(study: StudyView<'_>) -> bool {
    study.is_open() && *study.severity() == Severity::Stat && study.assignee().is_none()
}
