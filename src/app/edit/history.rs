//! What was done here, so that it can be undone.

use crate::app::edit::change::Change;
use crate::text::SafeText;
use crate::wire::{InvitationId, StudyId, UserId};

/// Steps kept. A shift makes a few hundred.
const STEPS: usize = 500;

/// One study's part of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct StepEntry {
    pub study: StudyId,
    /// Its Study Instance UID as it was shown.
    pub uid: Option<String>,
    pub description: SafeText,
    pub done: Change,
    /// `None`: cannot be undone.
    pub inverse: Option<Change>,
}

/// What one request of a person did: one study, or many at once.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryStep {
    pub label: String,
    pub at: i64,
    pub entries: Vec<StepEntry>,
    /// What to do instead, where the step cannot be undone.
    pub instead: Option<String>,
}

impl HistoryStep {
    /// A step that cannot be undone, with what to do instead.
    pub fn lasting(label: &str, at: i64, instead: &str) -> Self {
        Self {
            label: label.to_owned(),
            at,
            entries: Vec::new(),
            instead: Some(instead.to_owned()),
        }
    }
}

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    Study(StudyId),
    User(UserId),
    Invitation(InvitationId),
    /// Nothing that can be gone to.
    Nothing,
}

/// Something that happened through this program, for the activity list.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    pub at: i64,
    pub about: About,
    pub text: SafeText,
    pub failed: bool,
}

#[derive(Debug, Clone, Default)]
pub struct History {
    done: Vec<HistoryStep>,
    undone: Vec<HistoryStep>,
    events: Vec<Activity>,
}

impl History {
    /// A new step: what was undone before it can no longer be redone.
    pub fn push(&mut self, step: HistoryStep) {
        self.undone.clear();
        push_bounded(&mut self.done, step);
    }

    pub fn push_undone(&mut self, step: HistoryStep) {
        push_bounded(&mut self.undone, step);
    }

    pub fn push_redone(&mut self, step: HistoryStep) {
        push_bounded(&mut self.done, step);
    }

    /// The step that undo would undo.
    pub fn last(&self) -> Option<&HistoryStep> {
        self.done.last()
    }

    /// The step that redo would redo.
    pub fn last_undone(&self) -> Option<&HistoryStep> {
        self.undone.last()
    }

    pub fn take_last(&mut self) -> Option<HistoryStep> {
        self.done.pop()
    }

    /// Removes the newest step that fits from those that can be undone.
    pub fn take_done(&mut self, fits: impl Fn(&HistoryStep) -> bool) {
        take_newest(&mut self.done, fits);
    }

    /// Removes the newest step that fits from those that can be redone.
    pub fn take_undone(&mut self, fits: impl Fn(&HistoryStep) -> bool) {
        take_newest(&mut self.undone, fits);
    }

    pub fn note(&mut self, event: Activity) {
        push_bounded(&mut self.events, event);
    }

    /// Newest first.
    pub fn events(&self) -> impl Iterator<Item = &Activity> {
        self.events.iter().rev()
    }
}

fn take_newest(steps: &mut Vec<HistoryStep>, fits: impl Fn(&HistoryStep) -> bool) {
    if let Some(at) = steps.iter().rposition(fits) {
        steps.remove(at);
    }
}

fn push_bounded<T>(list: &mut Vec<T>, item: T) {
    if list.len() == STEPS {
        list.remove(0);
    }
    list.push(item);
}
