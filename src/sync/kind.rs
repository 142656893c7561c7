//! The lists that are kept up to date.

use crate::wire::{ListStudies, MAX_PAGE, Severity, StudyViewerStatus};
use crate::worklist::Scope;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LaneKind {
    OpenStat,
    Open,
    Complete,
    Cancelled,
    /// The whole list in one piece: only this one finds what no filter of this version names.
    Everything,
}

impl LaneKind {
    pub const ALL: [Self; 5] = [
        Self::OpenStat,
        Self::Open,
        Self::Complete,
        Self::Cancelled,
        Self::Everything,
    ];

    /// Whether studies of this lane show in a scope.
    pub fn serves(self, scope: Scope) -> bool {
        match self {
            Self::OpenStat | Self::Open => true,
            Self::Complete => matches!(scope, Scope::Complete | Scope::Any),
            Self::Cancelled => matches!(scope, Scope::Cancelled | Scope::Any),
            Self::Everything => scope == Scope::Any,
        }
    }

    /// Whether its studies are work to do, so that none may be missed.
    pub fn is_open(self) -> bool {
        matches!(self, Self::OpenStat | Self::Open)
    }

    /// Returns the request that reads all of it.
    pub(super) fn request(self) -> ListStudies {
        let base = ListStudies {
            limit: Some(MAX_PAGE),
            ..ListStudies::default()
        };
        match self {
            Self::OpenStat => ListStudies {
                severity: Some(Severity::Stat),
                ..Self::Open.request()
            },
            Self::Open => ListStudies {
                is_cancelled: Some(false),
                study_viewer_status: Some(StudyViewerStatus::Incomplete),
                ..base
            },
            Self::Complete => ListStudies {
                is_cancelled: Some(false),
                study_viewer_status: Some(StudyViewerStatus::Complete),
                ..base
            },
            Self::Cancelled => ListStudies {
                is_cancelled: Some(true),
                ..base
            },
            Self::Everything => base,
        }
    }
}
