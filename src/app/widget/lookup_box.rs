use crate::app::edit::shown::Shown;
use crate::app::widget::line::LineEdit;
use crate::app::widget::sight::Sight;
use crate::app::widget::study_name::{Wanted, is_unfinished, read};
use crate::wire::{DicomUid, Failure, Study, StudyId};
use crate::worklist::Store;

#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    Typing,
    Asking,
    /// The study is known and drawn in full. `doubt` says why it may be out of date.
    Found {
        study: StudyId,
        doubt: Option<String>,
    },
    Missing,
    Failed(Failure),
}

#[derive(Debug, Clone)]
pub struct Lookup {
    pub line: LineEdit,
    pub stage: Stage,
    pub scroll: u16,
    pub(in crate::app) wanted: Option<Wanted>,
    /// Enter was pressed on what cannot be a name: now even an unfinished one is called wrong.
    pub(in crate::app) insisted: bool,
    /// Whether the study that was found has been drawn.
    pub(in crate::app) sight: Sight,
    /// The study as it was drawn last.
    shown: Option<Shown>,
    /// Something opened from the look lies over it and has the keys.
    pub(in crate::app) is_covered: bool,
}

impl Lookup {
    pub(in crate::app) fn new(text: &str) -> Self {
        let mut line = LineEdit::default();
        line.paste(text);
        Self {
            line,
            stage: Stage::Typing,
            scroll: 0,
            wanted: None,
            insisted: false,
            sight: Sight::default(),
            shown: None,
            is_covered: false,
        }
    }

    pub fn is_covered(&self) -> bool {
        self.is_covered
    }

    /// A frame has shown the look.
    pub(in crate::app) fn drawn(&mut self, store: &Store) {
        self.sight.drawn();
        self.shown = self.current(store);
    }

    /// Whether the last frame showed the study as it is now.
    pub(in crate::app) fn is_drawn(&self, store: &Store) -> bool {
        self.sight.is_clear() && self.shown == self.current(store)
    }

    fn current(&self, store: &Store) -> Option<Shown> {
        match self.stage {
            Stage::Found { study, .. } => store.find(study).map(Shown::of),
            _ => None,
        }
    }

    /// The rule that the typed text breaks. An unfinished name is not wrong yet.
    pub fn complaint(&self) -> Option<String> {
        let text = self.line.text().trim();
        match read(text) {
            Err(_) if !self.insisted && is_unfinished(text) => None,
            Err(rule) => Some(rule),
            Ok(_) => None,
        }
    }

    /// The UID of a study that does not exist and could be created.
    pub fn wants_create(&self) -> Option<&DicomUid> {
        match (&self.stage, &self.wanted) {
            (Stage::Missing, Some(Wanted::Uid(uid))) => Some(uid),
            _ => None,
        }
    }
}

impl Lookup {
    pub(in crate::app) fn is_answered_by(&self, study: &Study) -> bool {
        match &self.wanted {
            Some(Wanted::Id(id)) => study.study_id == *id,
            Some(Wanted::Uid(uid)) => study.study_instance_uid.as_str() == uid.as_str(),
            None => false,
        }
    }

    pub(in crate::app) fn fail(&mut self, failure: Failure) {
        match &mut self.stage {
            Stage::Found { doubt, .. } => *doubt = Some(failure.sentence()),
            _ => self.stage = Stage::Failed(failure),
        }
    }
}
