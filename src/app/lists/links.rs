//! Opening the viewer, for one study or for many.

use crate::app::action::Action;
use crate::app::edit::targets::SelectedStudies;
use crate::app::kernel::Kernel;
use crate::app::kernel::layers::Overlay;
use crate::app::lookup::keys as lookup_keys;
use crate::app::message::Opening;
use crate::app::message::effect::{Call, Effect};
use crate::app::message::purpose::CallPurpose;
use crate::app::widget::confirm::{ConfirmedAction, Lines};
use crate::app::widget::notice::Tone;
use crate::app::writes::Writes;
use crate::app::writes::aim::targets;
use crate::app::writes::ask::{NAMED, count, number_to_type, open};
use crate::text::SafeText;
use crate::wire::{RerouteUrl, StudyId, StudySelector};

/// Opens the viewer: at once for one study, after a preview for several.
pub(in crate::app) fn open_targets(writes: &mut Writes, kernel: &mut Kernel) -> Vec<Effect> {
    match targets(writes, kernel) {
        None => Vec::new(),
        Some(SelectedStudies::One(shown)) => {
            kernel.requests.to_open.push_back(shown.id);
            open_next(kernel)
        }
        Some(SelectedStudies::Marked { shown, hidden }) => {
            let title = format!("Open {} in the viewer", count(shown.len()));
            let named = shown.iter().map(|study| vec![study.description.clone()]);
            let mut lines = Lines::naming(named.take(NAMED), shown.len());
            if !hidden.is_empty() {
                let hidden = hidden.len();
                lines.add(&format!(
                    "{hidden} marked but hidden by the filter: not included"
                ));
            }
            let shown: Vec<StudyId> = shown.iter().map(|study| study.id).collect();
            let word = number_to_type(shown.len());
            let buttons = ("Back", "Open all");
            open(
                kernel,
                &title,
                lines,
                buttons,
                word,
                ConfirmedAction::Open(shown),
            );
            Vec::new()
        }
    }
}

/// Asks for the next link, one at a time: each is used the moment it comes.
pub(in crate::app) fn open_next(kernel: &mut Kernel) -> Vec<Effect> {
    if kernel
        .requests
        .any(|purpose| matches!(purpose, CallPurpose::Link(_)))
    {
        return Vec::new();
    }
    let Some(id) = kernel.requests.to_open.pop_front() else {
        return Vec::new();
    };
    kernel.inform(Tone::Info, "Asking for a viewer link");
    let request = RerouteUrl(StudySelector::from(id));
    vec![
        kernel
            .requests
            .start(CallPurpose::Link(id), Call::RerouteUrl(request)),
    ]
}

pub(in crate::app) fn opened(kernel: &mut Kernel, opening: Opening) {
    kernel.needs_draw = true;
    match opening {
        Opening::Opened { host } => {
            kernel.inform(Tone::Good, &format!("Sent to the browser: {host}"));
        }
        Opening::NoBrowser { link } => {
            if lookup_keys::lay_over(kernel, Overlay::Link(link)) {
                kernel.notice = None;
                return;
            }
            // A half-typed filter or choice is not closed; the link would only expire behind it.
            let key = kernel.key(Action::OpenViewer);
            let text = format!("No browser available; press {key} again to see the link");
            kernel.inform(Tone::Bad, &text);
        }
        Opening::Refused { reason } => {
            let text = SafeText::clean(&reason);
            kernel.inform(Tone::Bad, &format!("The link was not opened: {text}"));
        }
    }
}
