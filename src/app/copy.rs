//! Copying what the cursor is on.

use crate::text::clean;
use crate::wire::{RerouteUrl, RerouteUrlResponse, StudyId, StudySelector};
use crate::worklist::{Age, StudyView};

use super::calls::Purpose;
use super::{Action, Call, Effect, Model, Tone};

/// What is to be put into the clipboard.
#[derive(Debug, Clone, PartialEq)]
pub enum Clip {
    Text {
        /// What it is, for the line that tells of it.
        what: &'static str,
        text: String,
    },
    /// A credential: checked and copied, never shown. Its `Debug` hides it.
    Link(RerouteUrlResponse),
}

/// How copying went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Copying {
    /// Handed to the clipboard by this way.
    Done {
        what: Copied,
        way: String,
    },
    Failed {
        what: Copied,
        reason: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    Text(&'static str),
    Link,
}

impl Copied {
    fn words(self) -> &'static str {
        match self {
            Self::Text(what) => what,
            Self::Link => "a viewer link",
        }
    }
}

impl Clip {
    pub fn what(&self) -> Copied {
        match self {
            Self::Text { what, .. } => Copied::Text(what),
            Self::Link(_) => Copied::Link,
        }
    }
}

/// Copies a fact of the study under the cursor.
pub(super) fn copy(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(study) = model.list.selected_study() else {
        return Vec::new();
    };
    let (what, text) = match action {
        Action::CopyUid => ("the UID", clean(study.uid()).into_owned()),
        Action::CopyId => ("the id", study.id().to_string()),
        Action::CopyRow => ("the row", row(study, model.server_now())),
        Action::CopyCommand => (
            "the command",
            format!("avara-tui studies get {}", study.id()),
        ),
        Action::CopyLink => {
            let id = study.id();
            return ask_for_link(model, id);
        }
        _ => return Vec::new(),
    };
    vec![Effect::Copy(Clip::Text { what, text })]
}

/// Copies the command that does what an action does.
pub(super) fn command(text: String) -> Vec<Effect> {
    let what = "the command";
    vec![Effect::Copy(Clip::Text { what, text })]
}

/// What the table shows of a study, for a cell of a spreadsheet each.
fn row(study: StudyView<'_>, now: i64) -> String {
    let age = study.age_ms(now).map(|age| Age(age).to_string());
    let status = match study.is_cancelled() {
        true => "cancelled",
        false => study.status().as_str(),
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
    cells.map(clean).join("\t")
}

/// A link lives for a short time only, so it is asked for at this moment.
fn ask_for_link(model: &mut Model, id: StudyId) -> Vec<Effect> {
    if model.calls.any(|purpose| purpose == Purpose::CopyLink(id)) {
        return Vec::new();
    }
    model.inform(Tone::Info, "Asking for a viewer link");
    let call = Call::RerouteUrl(RerouteUrl(StudySelector::from(id)));
    vec![model.calls.start(Purpose::CopyLink(id), call)]
}

/// Says how copying went, and what a link can do in other hands.
pub(super) fn told(model: &mut Model, copying: &Copying) {
    model.needs_draw = true;
    match copying {
        Copying::Done { what, way } => {
            let warning = match what {
                Copied::Text(_) => "",
                Copied::Link => ". It logs in whoever has it, for a short time",
            };
            let text = format!("Copied {} ({way}){warning}", what.words());
            model.inform(Tone::Good, &text);
        }
        Copying::Failed { what, reason } => {
            let text = format!("Could not copy {}: {reason}", what.words());
            model.inform(Tone::Bad, &text);
        }
    }
}

#[cfg(test)]
#[path = "tests/copy.rs"]
mod tests;
