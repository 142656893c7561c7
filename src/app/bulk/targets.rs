//! Who an action is meant for. The same for every action: the marked studies, or else the one under the
//! cursor, each as it was on screen when the key was pressed.

use crate::app::Model;
use crate::app::changes::Shown;
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
pub(in crate::app) fn targets(model: &Model) -> Option<Targets> {
    if let Some(id) = model.looked_up() {
        return one(model, id);
    }
    let (shown, hidden) = model.kernel.data.studies.marked();
    if shown.is_empty() && hidden.is_empty() {
        return one(model, model.kernel.data.studies.selected()?);
    }
    let all = |ids: Vec<StudyId>| ids.into_iter().filter_map(|id| model.shown(id)).collect();
    Some(Targets::Marked {
        shown: all(shown),
        hidden: all(hidden),
    })
}

fn one(model: &Model, id: StudyId) -> Option<Targets> {
    Some(Targets::One(Box::new(model.shown(id)?)))
}

/// Says so where the filter hides every marked study: an action would be for nothing that shows.
pub(in crate::app) fn hidden_only(model: &Model) -> Option<String> {
    if model.looked_up().is_some() {
        return None;
    }
    let (shown, hidden) = model.kernel.data.studies.marked();
    let them = match hidden.len() {
        1 => "The 1 marked study is".to_owned(),
        many => format!("All {many} marked studies are"),
    };
    (shown.is_empty() && !hidden.is_empty()).then(|| {
        format!(
            "{them} hidden by the filter. {} clears the marks; another filter shows them",
            model.key(crate::app::Action::GoBack)
        )
    })
}
