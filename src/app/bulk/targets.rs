//! Who an action is meant for. The same for every action: the marked studies, or else the one under the
//! cursor, each as it was on screen when the key was pressed.

use crate::app::changes::Shown;
use crate::app::{Kernel, Writes};
use crate::wire::StudyId;

#[derive(Debug, Clone, PartialEq)]
pub enum Targets {
    One(Box<Shown>),
    Marked {
        shown: Vec<Shown>,
        /// Marked, but not on the list as it is filtered now.
        hidden: Vec<Shown>,
    },
}

/// Returns the targets of an action that is asked for now; `None` where there is no study.
pub(in crate::app) fn targets(writes: &Writes, kernel: &Kernel) -> Option<Targets> {
    if let Some(id) = kernel.looked_up() {
        return one(writes, kernel, id);
    }
    let (shown, hidden) = kernel.data.studies.marked();
    if shown.is_empty() && hidden.is_empty() {
        return one(writes, kernel, kernel.data.studies.selected()?);
    }
    let all = |ids: Vec<StudyId>| {
        ids.into_iter()
            .filter_map(|id| writes.shown(kernel, id))
            .collect()
    };
    Some(Targets::Marked {
        shown: all(shown),
        hidden: all(hidden),
    })
}

fn one(writes: &Writes, kernel: &Kernel, id: StudyId) -> Option<Targets> {
    Some(Targets::One(Box::new(writes.shown(kernel, id)?)))
}

/// Says so where the filter hides every marked study: an action would be for nothing that shows.
pub(in crate::app) fn hidden_only(kernel: &Kernel) -> Option<String> {
    if kernel.looked_up().is_some() {
        return None;
    }
    let (shown, hidden) = kernel.data.studies.marked();
    let them = match hidden.len() {
        1 => "The 1 marked study is".to_owned(),
        many => format!("All {many} marked studies are"),
    };
    (shown.is_empty() && !hidden.is_empty()).then(|| {
        format!(
            "{them} hidden by the filter. {} clears the marks; another filter shows them",
            kernel.key(crate::app::Action::GoBack)
        )
    })
}
