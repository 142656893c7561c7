//! The open studies of a user whose access is to be revoked.

use std::collections::BTreeMap;

use crate::cli::passes::{Taken, passes};
use crate::cli::session::Session;
use crate::cli::studies::{Aim, Base, StudyChange, Terms, change_one};
use crate::cli::writing::Ended;
use crate::cli::{Out, Problem};
use crate::text::clean;
use crate::wire::{ListStudies, MAX_PAGE, Match, Study, StudyId, StudyViewerStatus, UserId};
use crate::worklist::severity_rank;

/// The open studies of a user.
#[derive(Debug)]
pub struct OpenWork {
    /// The highest severity first.
    pub studies: Vec<Study>,
    /// Some records could not be read: one of them may be the user's.
    pub is_unsure: bool,
}

/// Returns the open studies of a user, whatever the server understood of the request.
pub async fn open_work(user: UserId, session: &Session) -> Result<OpenWork, Problem> {
    let request = ListStudies {
        assigned_to: Match::Is(user),
        is_cancelled: Some(false),
        study_viewer_status: Some(StudyViewerStatus::Incomplete),
        limit: Some(MAX_PAGE),
        ..Default::default()
    };
    let mut studies: BTreeMap<StudyId, Study> = BTreeMap::new();
    let mut is_unsure = false;
    passes(&session.client, &request, |_, answer| {
        let before = studies.len();
        is_unsure |= !answer.value.unreadable.is_empty();
        let items = answer.value.items.into_iter();
        studies.extend(items.map(|study| (study.study_id, study)));
        Ok(Taken::New(studies.len() - before))
    })
    .await?;
    let has_it = |study: &Study| study.is_open() && request.admits(study);
    let mut studies: Vec<Study> = studies.into_values().filter(has_it).collect();
    studies.sort_by_key(|study| (severity_rank(&study.severity), study.created_at));
    Ok(OpenWork { studies, is_unsure })
}

/// Prints the studies, a line each.
pub fn tell(studies: &[Study], out: &mut Out) {
    for study in studies {
        out.note(&format!(
            "  {}  {}  {}",
            study.study_id,
            clean(study.severity.as_str()),
            clean(&study.study_description)
        ));
    }
}

/// Changes them one by one, and stops at the first that fails. Returns how many were changed.
pub async fn rehome(
    studies: &[Study],
    change: &StudyChange,
    dry_run: bool,
    session: &Session,
    out: &mut Out,
) -> Result<(usize, Ended), Problem> {
    let terms = Terms {
        dry_run,
        ..Terms::default()
    };
    let mut done = 0;
    for study in studies {
        let aim = Aim {
            name: study.into(),
            base: Base::from(study),
            metadata: None,
        };
        match change_one(change, &aim, &terms, session, out).await? {
            Ended::Done => done += 1,
            // A study that somebody else has reassigned meanwhile need not be moved any more.
            Ended::Overtaken => {}
            ended => return Ok((done, ended)),
        }
    }
    Ok((done, Ended::Done))
}
