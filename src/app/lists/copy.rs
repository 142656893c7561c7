//! Copying what the cursor is on.

use crate::app::action::Action;
use crate::app::edit::targets::SelectedStudies;
use crate::app::kernel::Kernel;
use crate::app::message::clip::{Clip, Copied, Copying};
use crate::app::message::effect::{Call, Effect};
use crate::app::message::purpose::CallPurpose;
use crate::app::widget::notice::Tone;
use crate::app::writes::Writes;
use crate::app::writes::aim::targets;
use crate::text::{clean, clean_cell};
use crate::wire::{RerouteUrl, StudyId, StudySelector};
use crate::worklist::{Age, StudyView};

/// Copies a fact of the targets, a line for each: the marked studies, or the one under the cursor.
pub(in crate::app) fn copy(
    writes: &mut Writes,
    kernel: &mut Kernel,
    action: Action,
) -> Vec<Effect> {
    let (ids, hidden) = match targets(writes, kernel) {
        None => return Vec::new(),
        Some(SelectedStudies::One(study)) => (vec![study.id], 0),
        Some(SelectedStudies::Marked { shown, hidden }) => {
            (shown.iter().map(|study| study.id).collect(), hidden.len())
        }
    };
    if let (Action::CopyLink, [id]) = (action, ids.as_slice()) {
        return ask_for_link(kernel, *id);
    }
    let now = kernel.server_now();
    let fact = |study: StudyView<'_>| match action {
        Action::CopyUid => Some(clean_cell(study.uid())),
        Action::CopyId => Some(study.id().to_string()),
        Action::CopyRow => Some(row(study, now)),
        Action::CopyCommand => Some(format!("avara-tui studies get {}", study.id())),
        _ => None,
    };
    let store = &kernel.data.studies.store;
    let studies = ids.iter().filter_map(|id| store.find(*id));
    let facts: Vec<String> = studies.filter_map(fact).collect();
    if facts.is_empty() {
        return Vec::new();
    }
    let what = what(kernel, action, &ids, hidden);
    let text = facts.join("\n");
    vec![Effect::Copy(Clip::Text { what, text })]
}

/// Names of studies that the line about a copy has room for.
const NAMED: usize = 2;

/// What is copied, and of which studies where there are several.
pub(in crate::app) fn what(
    kernel: &Kernel,
    action: Action,
    ids: &[StudyId],
    hidden: usize,
) -> String {
    let (one, many) = match action {
        Action::CopyUid => ("the UID", "UIDs"),
        Action::CopyId => ("the id", "ids"),
        Action::CopyRow => ("the row", "rows"),
        _ => ("the command", "commands"),
    };
    if ids.len() == 1 && hidden == 0 {
        return one.into();
    }
    let store = &kernel.data.studies.store;
    let names: Vec<String> = ids
        .iter()
        .take(NAMED)
        .filter_map(|id| store.find(*id))
        .map(|study| clean(study.description().trim()).into_owned())
        .collect();
    let more = match ids.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let left_out = match hidden {
        0 => String::new(),
        hidden => format!("; {hidden} hidden not included"),
    };
    format!("{} {many}: {}{more}{left_out}", ids.len(), names.join(", "))
}

/// Copies the command that does what an action does.
pub(in crate::app) fn command(text: String) -> Vec<Effect> {
    let what = "the command".into();
    vec![Effect::Copy(Clip::Text { what, text })]
}

/// What the table shows of a study, for a cell of a spreadsheet each.
fn row(study: StudyView<'_>, now: i64) -> String {
    let age = study.age_ms(now).map(|age| Age(age).to_string());
    let status = if study.is_cancelled() {
        "cancelled"
    } else {
        study.status().as_str()
    };
    let id = study.id().to_string();
    let cells = [
        study.severity().as_str(),
        age.as_deref().unwrap_or_default(),
        study.description().trim(),
        study.assignee().map_or("unassigned", |person| &person.name),
        status,
        study.customer().map_or("", |customer| &customer.name),
        study.uid(),
        &id,
    ];
    cells.map(clean_cell).join("\t")
}

/// A link lives for a short time only, so it is asked for at this moment.
fn ask_for_link(kernel: &mut Kernel, id: StudyId) -> Vec<Effect> {
    if kernel
        .requests
        .any(|purpose| purpose == CallPurpose::CopyLink(id))
    {
        return Vec::new();
    }
    kernel.inform(Tone::Info, "Asking for a viewer link");
    let call = Call::RerouteUrl(RerouteUrl(StudySelector::from(id)));
    vec![kernel.requests.start(CallPurpose::CopyLink(id), call)]
}

/// Says how copying went, and what a link can do in other hands.
pub(in crate::app) fn told(kernel: &mut Kernel, copying: &Copying) {
    kernel.needs_draw = true;
    match copying {
        Copying::Done { what, way } => {
            let warning = match what {
                Copied::Text(_) => "",
                Copied::Link => ". Anyone with it can open the study, for a short time",
            };
            let text = format!("Copied {} ({way}){warning}", what.words());
            kernel.inform(Tone::Good, &text);
        }
        Copying::Failed { what, reason } => {
            let text = format!("Could not copy {}: {reason}", what.words());
            kernel.inform(Tone::Bad, &text);
        }
    }
}

#[cfg(test)]
#[path = "../tests/copy.rs"]
mod tests;
