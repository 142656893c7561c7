//! Opening the viewer, for one study or for many.

use crate::app::calls::Purpose;
use crate::app::confirm::{Deed, Lines};
use crate::app::{Call, Effect, Model, Tone};
use crate::wire::{RerouteUrl, StudyId, StudySelector};

use super::ask::{NAMED, count, number_to_type, open};
use super::{Targets, targets};

/// Opens the viewer: at once for one study, after a preview for several.
pub(in crate::app) fn open_targets(model: &mut Model) -> Vec<Effect> {
    match targets(model) {
        None => Vec::new(),
        Some(Targets::One(shown)) => {
            model.kernel.requests.to_open.push_back(shown.id);
            open_next(model)
        }
        Some(Targets::Marked { shown, hidden }) => {
            let title = format!("Open {} in the viewer", count(shown.len()));
            let named = shown.iter().map(|study| vec![study.description.clone()]);
            let mut lines = Lines::naming(named.take(NAMED), shown.len());
            if !hidden.is_empty() {
                let hidden = hidden.len();
                lines.add(&format!(
                    "{hidden} marked but hidden by the filter are left out"
                ));
            }
            let shown: Vec<StudyId> = shown.iter().map(|study| study.id).collect();
            let word = number_to_type(shown.len());
            let buttons = ("Open none", "Open all");
            open(model, &title, lines, buttons, word, Deed::Open(shown));
            Vec::new()
        }
    }
}

/// Asks for the next link, one at a time: each is used the moment it comes.
pub(in crate::app) fn open_next(model: &mut Model) -> Vec<Effect> {
    if model
        .kernel
        .requests
        .any(|purpose| matches!(purpose, Purpose::Link(_)))
    {
        return Vec::new();
    }
    let Some(id) = model.kernel.requests.to_open.pop_front() else {
        return Vec::new();
    };
    model.inform(Tone::Info, "Asking for a viewer link");
    let request = RerouteUrl(StudySelector::from(id));
    vec![
        model
            .kernel
            .requests
            .start(Purpose::Link(id), Call::RerouteUrl(request)),
    ]
}
