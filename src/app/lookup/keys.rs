//! Keys and pastes of the lookup, and what they do to the study it shows.

use crate::app::action::Action;
use crate::app::action::screen::Screen;
use crate::app::kernel::Kernel;
use crate::app::kernel::follow_up::FollowUp;
use crate::app::kernel::layers::Overlay;
use crate::app::lookup::{ask, close, open, open_with, seek, stop_asking, why_unlisted};
use crate::app::message::effect::Effect;
use crate::app::widget::lookup_box::{Lookup, Stage};
use crate::app::widget::notice::Tone;
use crate::app::widget::study_name::is_name;
use crate::input::{Chord, Key, Resolution};
use crate::wire::StudyId;

/// Lines that a page key scrolls.
const PAGE: i16 = 10;

/// A key for the lookup, which lies on top.
pub fn press(kernel: &mut Kernel, chord: Chord) -> Vec<Effect> {
    let Some(lookup) = &kernel.layers.lookup else {
        return Vec::new();
    };
    let is_leaving = matches!(
        (chord.key, chord.ctrl),
        (Key::Esc, _) | (Key::Char('c'), true)
    );
    if is_leaving && kernel.typed.is_empty() {
        return close(kernel);
    }
    match lookup.stage {
        Stage::Typing => press_typing(kernel, chord),
        Stage::Asking => Vec::new(),
        Stage::Found { study, .. } => press_found(kernel, study, chord),
        Stage::Missing | Stage::Failed(_) => press_nothing(kernel, chord),
    }
}

/// Shows the lookup again once what was opened from it is closed. `is_expected` says that a key closed it:
/// else the keys that follow may have been meant for what has gone.
pub fn uncover(kernel: &mut Kernel, is_expected: bool) {
    if kernel.layers.overlay.is_some() {
        return;
    }
    let layers = &mut kernel.layers;
    if let Some(lookup) = layers.lookup.as_mut().filter(|lookup| lookup.is_covered) {
        lookup.is_covered = false;
        if !is_expected {
            lookup.sight.surprise();
        }
        layers.overlay = layers.beneath.take();
        // What was set aside does not have the people that were loaded in the meantime.
        kernel.follow_ups.push(FollowUp::Refill);
    }
}

fn press_typing(kernel: &mut Kernel, chord: Chord) -> Vec<Effect> {
    if chord.key == Key::Enter {
        return seek(kernel);
    }
    if let Some(lookup) = &mut kernel.layers.lookup
        && lookup.line.apply(chord) == Some(true)
    {
        lookup.insisted = false;
    }
    Vec::new()
}

/// Nothing was found, or the question failed.
fn press_nothing(kernel: &mut Kernel, chord: Chord) -> Vec<Effect> {
    let Some(lookup) = &mut kernel.layers.lookup else {
        return Vec::new();
    };
    match chord.typed() {
        Some('r') => return seek(kernel),
        Some('c') => return create(kernel),
        Some(_) => {}
        None => {
            lookup.stage = Stage::Typing;
            lookup.line.apply(chord);
        }
    }
    Vec::new()
}

fn create(kernel: &mut Kernel) -> Vec<Effect> {
    let wish = kernel
        .layers
        .lookup
        .as_ref()
        .and_then(Lookup::wants_create)
        .cloned();
    let Some(uid) = wish else {
        return Vec::new();
    };
    if is_over_something(kernel) {
        return Vec::new();
    }
    let effects = close(kernel);
    kernel.follow_ups.push(FollowUp::Create(uid));
    effects
}

/// Whether closing the lookup for the list would close what is open underneath.
fn is_over_something(kernel: &mut Kernel) -> bool {
    let is_over = kernel.layers.overlay.is_some();
    if is_over {
        let text = "Something else is still open behind this; Esc returns to it first";
        kernel.inform(Tone::Info, text);
    }
    is_over
}

fn press_found(kernel: &mut Kernel, study: StudyId, chord: Chord) -> Vec<Effect> {
    if chord.key == Key::Esc {
        kernel.typed.clear();
        return Vec::new();
    }
    kernel.typed.push(chord);
    match kernel.keymap().resolve(&kernel.typed) {
        Resolution::Pending => Vec::new(),
        Resolution::Matched(action) => {
            kernel.typed.clear();
            act(kernel, study, action)
        }
        Resolution::Unbound => {
            kernel.typed.clear();
            Vec::new()
        }
    }
}

fn act(kernel: &mut Kernel, study: StudyId, action: Action) -> Vec<Effect> {
    match action {
        Action::ShowDetail => go_to(kernel, study),
        Action::MoveDown | Action::ScrollDetailDown => scroll(kernel, 1),
        Action::MoveUp | Action::ScrollDetailUp => scroll(kernel, -1),
        Action::PageDown | Action::HalfPageDown => scroll(kernel, PAGE),
        Action::PageUp | Action::HalfPageUp => scroll(kernel, -PAGE),
        Action::Refresh => ask(kernel),
        Action::LookUp => {
            let effects = stop_asking(kernel);
            open(kernel);
            effects
        }
        Action::GoBack | Action::Quit => close(kernel),
        Action::Repaint | Action::Suspend | Action::ToggleReadOnly => {
            kernel.follow_ups.push(FollowUp::Perform(action));
            Vec::new()
        }
        action if action.needs_study() && !is_mark(action) => {
            kernel.follow_ups.push(FollowUp::Perform(action));
            Vec::new()
        }
        _ => {
            let text = "That does not apply to this study; Esc returns to the list first";
            kernel.inform(Tone::Info, text);
            Vec::new()
        }
    }
}

/// Whether an action is about marks, which belong to the list behind.
fn is_mark(action: Action) -> bool {
    matches!(
        action,
        Action::ToggleMark | Action::MarkRange | Action::MarkAll
    )
}

/// Lays something over the lookup, and sets aside what is open underneath.
pub fn cover(kernel: &mut Kernel, opened: Overlay, beneath: Option<Overlay>) {
    let layers = &mut kernel.layers;
    layers.overlay = Some(opened);
    if let Some(lookup) = &mut layers.lookup {
        lookup.is_covered = true;
        layers.beneath = beneath;
    }
}

/// Lays something over what is open, unless that would close what is being typed.
pub fn lay_over(kernel: &mut Kernel, overlay: Overlay) -> bool {
    let is_free = match &kernel.layers.lookup {
        None => kernel.layers.overlay.is_none(),
        Some(lookup) => !lookup.is_covered && matches!(lookup.stage, Stage::Found { .. }),
    };
    if is_free {
        let beneath = kernel.layers.overlay.take();
        cover(kernel, overlay, beneath);
    }
    is_free
}

/// The view stops at the last line; the model only keeps the wish from running away.
pub fn scroll(kernel: &mut Kernel, lines: i16) -> Vec<Effect> {
    if let Some(lookup) = &mut kernel.layers.lookup {
        lookup.scroll = lookup.scroll.saturating_add_signed(lines).min(500);
    }
    Vec::new()
}

/// Moves the cursor to the study, if the list has it; otherwise says why not and stays.
fn go_to(kernel: &mut Kernel, study: StudyId) -> Vec<Effect> {
    if is_over_something(kernel) {
        return Vec::new();
    }
    if let Some(reason) = why_unlisted(kernel, study) {
        kernel.inform(Tone::Info, &reason);
        return Vec::new();
    }
    kernel.follow_ups.push(FollowUp::GoTo(study));
    close(kernel)
}

/// Where a paste or a key is text, and not to be taken for something else.
fn is_input(overlay: &Overlay) -> bool {
    match overlay {
        Overlay::Filter(_) | Overlay::RosterFilter(_) | Overlay::SaveView(_) | Overlay::Form(_) => {
            true
        }
        // Nothing in a picker has a UID or an id of a study.
        Overlay::Picker(_) | Overlay::Link(_) | Overlay::Confirm(_) | Overlay::Refused(_) => false,
    }
}

/// Pasted text, as far as the lookup takes it.
pub fn paste(kernel: &mut Kernel, text: &str) -> Option<Vec<Effect>> {
    let name = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    match kernel.screen {
        Screen::Worklist => {}
        // A look is at a study, and what it offers to do is the worklist's.
        Screen::Users | Screen::Invitations if kernel.layers.overlay.is_none() && is_name(name) => {
            kernel.screen = Screen::Worklist;
            kernel.follow_cursor();
        }
        Screen::Users | Screen::Invitations => return None,
    }
    match &mut kernel.layers.lookup {
        Some(lookup) if lookup.is_covered => None,
        Some(lookup) if lookup.stage == Stage::Typing && !lookup.line.text().is_empty() => {
            lookup.line.paste(text);
            lookup.insisted = false;
            Some(Vec::new())
        }
        Some(_) if is_name(name) => Some(open_with(kernel, name)),
        Some(lookup) => {
            if lookup.stage == Stage::Typing {
                lookup.line.paste(text);
            }
            Some(Vec::new())
        }
        None if is_name(name) && !kernel.layers.overlay.as_ref().is_some_and(is_input) => {
            Some(open_with(kernel, name))
        }
        None => None,
    }
}
