//! Who an action is meant for. The same for every action: the marked studies, or else the one under the
//! cursor, each as it was on screen when the key was pressed.

use crate::app::edit::targets::SelectedStudies;
use crate::app::kernel::Kernel;
use crate::app::writes::Writes;
use crate::wire::StudyId;

/// Returns the targets of an action that is asked for now; `None` where there is no study.
pub(in crate::app) fn targets(writes: &Writes, kernel: &Kernel) -> Option<SelectedStudies> {
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
    Some(SelectedStudies::Marked {
        shown: all(shown),
        hidden: all(hidden),
    })
}

fn one(writes: &Writes, kernel: &Kernel, id: StudyId) -> Option<SelectedStudies> {
    Some(SelectedStudies::One(Box::new(writes.shown(kernel, id)?)))
}
