//! Looking a study up by its id or UID, over whatever else is open.
//!
//! A call comes in while something else is half done. What is open underneath is not touched: an open
//! picker, form or filter waits until the look is closed, and the list stands still.

pub mod keys;

use crate::app::kernel::Kernel;
use crate::app::message::Reply;
use crate::app::message::effect::{Call, Effect};
use crate::app::message::purpose::CallPurpose;
use crate::app::reading::pages;
use crate::app::widget::lookup_box::{Lookup, Stage};
use crate::app::widget::study_name::{Wanted, read};
use crate::wire::{Failure, GetStudy, GetStudyByUid, StudyId, StudyViewerStatus};
use crate::worklist::Scope;

/// Asks for a name, over whatever is open.
pub(in crate::app) fn open(kernel: &mut Kernel) {
    kernel.typed.clear();
    kernel.layers.lookup = Some(Lookup::new(""));
}

/// Looks up what was pasted.
pub(in crate::app) fn open_with(kernel: &mut Kernel, name: &str) -> Vec<Effect> {
    let mut effects = stop_asking(kernel);
    kernel.typed.clear();
    kernel.layers.lookup = Some(Lookup::new(name));
    effects.extend(seek(kernel));
    effects
}

pub(in crate::app) fn close(kernel: &mut Kernel) -> Vec<Effect> {
    kernel.typed.clear();
    kernel.layers.lookup = None;
    stop_asking(kernel)
}

pub(in crate::app) fn stop_asking(kernel: &mut Kernel) -> Vec<Effect> {
    kernel
        .requests
        .abort(|purpose| purpose == CallPurpose::LookUp)
}

/// Looks among the loaded studies first, then asks the server.
pub(in crate::app) fn seek(kernel: &mut Kernel) -> Vec<Effect> {
    let Some(lookup) = &mut kernel.layers.lookup else {
        return Vec::new();
    };
    let text = lookup.line.text().trim().to_owned();
    let wanted = read(&text);
    lookup.insisted = true;
    let store = &kernel.data.studies.store;
    let loaded = match &wanted {
        Ok(Wanted::Id(id)) => store.find(*id),
        // Archives hold UIDs that break the rules; such a study is found where it is loaded.
        Ok(Wanted::Uid(_)) | Err(_) => store.find_uid(&text).map(|slot| store.get(slot)),
    };
    if let Some(study) = loaded {
        let (study, is_open) = (study.id(), study.is_open());
        lookup.wanted = Some(Wanted::Id(study));
        lookup.stage = Stage::Found { study, doubt: None };
        lookup.sight.surprise();
        lookup.scroll = 0;
        // Open studies are read all the time; what is known of a closed one may be old.
        return if is_open { Vec::new() } else { ask(kernel) };
    }
    match wanted {
        Ok(wanted) => {
            lookup.wanted = Some(wanted);
            lookup.stage = Stage::Asking;
            ask(kernel)
        }
        Err(_) => {
            lookup.stage = Stage::Typing;
            Vec::new()
        }
    }
}

/// Asks the server. Only the newest question counts.
pub(in crate::app) fn ask(kernel: &mut Kernel) -> Vec<Effect> {
    let mut effects = stop_asking(kernel);
    let wanted = kernel
        .layers
        .lookup
        .as_ref()
        .and_then(|lookup| lookup.wanted.clone());
    let call = match wanted {
        None => return effects,
        Some(Wanted::Id(study_id)) => Call::GetStudy(GetStudy { study_id }),
        Some(Wanted::Uid(study_instance_uid)) => {
            Call::GetStudyByUid(GetStudyByUid { study_instance_uid })
        }
    };
    effects.push(kernel.requests.start(CallPurpose::LookUp, call));
    effects
}

/// Handles the server's answer.
pub(in crate::app) fn answer(kernel: &mut Kernel, outcome: Result<Reply, Failure>) {
    kernel.needs_draw = true;
    let Some(lookup) = &mut kernel.layers.lookup else {
        return;
    };
    match outcome {
        Ok(Reply::Study(study)) if lookup.is_answered_by(&study) => {
            let doubt = None;
            let study_id = study.study_id;
            lookup.stage = Stage::Found {
                study: study_id,
                doubt,
            };
            lookup.sight.surprise();
            lookup.wanted = Some(Wanted::Id(study_id));
            pages::meet(kernel, &study);
        }
        Ok(_) => lookup.fail(Failure::Unreadable {
            reason: "it is about a different study".into(),
        }),
        Err(failure) if failure.is_not_found() => {
            lookup.stage = Stage::Missing;
            if let Some(Wanted::Id(id)) = lookup.wanted {
                kernel.data.studies.vanish(id);
            }
        }
        Err(failure) => lookup.fail(failure),
    }
}

/// Why the list does not show a study, if it does not.
pub fn why_unlisted(kernel: &Kernel, id: StudyId) -> Option<String> {
    let Some(study) = kernel.data.studies.store.find(id) else {
        return Some("It no longer exists".into());
    };
    let is_shown = kernel
        .data
        .studies
        .store
        .slot(id)
        .is_some_and(|slot| kernel.data.studies.rows().contains(&slot));
    if is_shown
        || kernel
            .data
            .studies
            .filter
            .matches(study, &kernel.filter_context())
    {
        return None;
    }
    let scope = kernel.scope();
    let is_left_out = match scope {
        Scope::Open => !study.is_open(),
        Scope::Complete => *study.status() != StudyViewerStatus::Complete,
        Scope::Cancelled => !study.is_cancelled(),
        Scope::Any => false,
    };
    let state = if study.is_cancelled() {
        "cancelled"
    } else {
        study.status().as_str()
    };
    Some(match (is_left_out, scope) {
        (true, Scope::Open) => format!("Not in the list: it is {state}"),
        (true, Scope::Complete) => "Not in the list: it is not complete".into(),
        (true, _) => "Not in the list: it is not cancelled".into(),
        (false, _) => "Not in the list: hidden by the filter".into(),
    })
}

#[cfg(test)]
#[path = "../tests/lookup.rs"]
mod tests;
