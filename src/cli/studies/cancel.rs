//! `studies cancel` and `uncancel`.

use crate::cli::Out;
use crate::cli::session::Session;
use crate::cli::writing::{Ended, preview};
use crate::resolve::Shows;
use crate::text::clean;
use crate::wire::{CancelStudy, Study, StudyId, UncancelStudy};

use super::change::send;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    Cancel,
    Uncancel,
}

impl Turn {
    /// Returns what the study is then.
    pub fn done(self) -> &'static str {
        match self {
            Self::Cancel => "cancelled",
            Self::Uncancel => "no longer cancelled",
        }
    }

    pub fn preview(self, id: StudyId) -> String {
        match self {
            Self::Cancel => preview(&CancelStudy(id.into())),
            Self::Uncancel => preview(&UncancelStudy(id.into())),
        }
    }

    /// Asks for it. The answer itself names no study, so the study is read again.
    pub async fn take(self, before: &Study, session: &Session, out: &mut Out) -> Ended {
        let id = before.study_id;
        let news = |now: &Study| format!("{} ({})", self.done(), clean(&now.study_description));
        match self {
            Self::Cancel => send(&CancelStudy(id.into()), before, news, session, out).await,
            Self::Uncancel => send(&UncancelStudy(id.into()), before, news, session, out).await,
        }
    }

    /// Whether the study is as wanted.
    pub fn is_in(self, study: &Study) -> bool {
        match self {
            Self::Cancel => study.shows(&CancelStudy(study.study_id.into())),
            Self::Uncancel => study.shows(&UncancelStudy(study.study_id.into())),
        }
    }
}
