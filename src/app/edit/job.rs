use crate::app::edit::change::{Change, Field};
use crate::app::edit::shown::Shown;
use crate::resolve::Shows;
use crate::text::{SafeText, clean};
use crate::wire::{Study, StudyId};

/// One study's part of a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    pub study: StudyId,
    /// The Study Instance UID that the study had on screen, if it was on screen.
    pub uid: Option<String>,
    pub description: SafeText,
    pub change: Change,
    /// What was on screen when the key was pressed, or what a change already under way will make of it.
    /// Where the server has something else, nothing is sent.
    pub base: Change,
    /// What else was on screen and decides whether the change is right: a study that leaves the open work
    /// must still have the severity and the assignee it was shown with.
    pub context: Vec<Change>,
    /// What undoes the change; `None` where the API cannot express it.
    pub inverse: Option<Change>,
    /// An earlier attempt may have done it already.
    pub may_be_done: bool,
}

impl Job {
    /// A change of a study as it was on screen; `None` for an edit, which a form sends.
    pub fn of(shown: &Shown, change: &Change) -> Option<Self> {
        Some(Self {
            study: shown.id,
            uid: Some(shown.uid.clone()),
            description: shown.description.clone(),
            change: change.clone(),
            base: change.current(shown)?,
            context: change.context(shown),
            inverse: change.inverse_on(shown),
            may_be_done: false,
        })
    }

    /// What the screen showed and the server no longer has, if anything: the base first.
    pub fn outdated(&self, study: &Study) -> Option<&Change> {
        std::iter::once(&self.base)
            .chain(&self.context)
            .find(|shown| !study.shows(*shown))
    }

    /// Returns what was on screen in the place of what the server has.
    pub fn shown_instead_of(&self, theirs: &Change) -> &Change {
        std::iter::once(&self.base)
            .chain(&self.context)
            .find(|shown| shown.field() == theirs.field())
            .unwrap_or(&self.base)
    }

    /// The same change on top of what was shown as the server's.
    pub fn on_top_of(self, theirs: Change) -> Self {
        let field = theirs.field();
        let shown = std::iter::once(self.base).chain(self.context);
        let context = shown.filter(|it| it.field() != field).collect();
        Self {
            base: theirs,
            context,
            may_be_done: false,
            ..self
        }
    }

    /// What the job is about: a study, and what of it is set.
    pub(in crate::app) fn place(&self) -> (StudyId, Field) {
        (self.study, self.change.field())
    }

    /// Whether the server's record is of this very study, by both of its names.
    pub fn is_about(&self, study: &Study) -> bool {
        let uid = clean(study.study_instance_uid.as_str());
        self.study == study.study_id && self.uid.as_ref().is_none_or(|shown| *shown == *uid)
    }
}

/// How far a failed change got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Got {
    /// Nothing left this program.
    NotSent,
    /// It was sent, and not done.
    NotDone,
    /// It is unknown whether it took effect.
    Unconfirmed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BatchId(pub(in crate::app) u64);

/// What a batch is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchKind {
    Do,
    Undo,
    Redo,
}

impl BatchKind {
    /// What a batch of this kind does, while it does it.
    pub fn words(self, label: &str) -> String {
        match self {
            Self::Do => label.to_owned(),
            Self::Undo => format!("undo {label}"),
            Self::Redo => format!("redo {label}"),
        }
    }
}
