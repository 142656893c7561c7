//! Keys and pastes of the lookup, and what they do to the study it shows.

use super::super::{Action, Effect, FollowUp, Model, Overlay, Screen, Tone};
use super::name::is_name;
use super::{Lookup, Stage, ask, close, open, open_with, seek, stop_asking, why_unlisted};
use crate::input::{Chord, Key, Resolution};
use crate::wire::StudyId;

/// Lines that a page key scrolls.
const PAGE: i16 = 10;

/// A key for the lookup, which lies on top.
pub fn press(model: &mut Model, chord: Chord) -> Vec<Effect> {
    let Some(lookup) = &model.kernel.layers.lookup else {
        return Vec::new();
    };
    let is_leaving = matches!(
        (chord.key, chord.ctrl),
        (Key::Esc, _) | (Key::Char('c'), true)
    );
    if is_leaving && model.kernel.typed.is_empty() {
        return close(model);
    }
    match lookup.stage {
        Stage::Typing => press_typing(model, chord),
        Stage::Asking => Vec::new(),
        Stage::Found { study, .. } => press_found(model, study, chord),
        Stage::Missing | Stage::Failed(_) => press_nothing(model, chord),
    }
}

/// Shows the lookup again once what was opened from it is closed. `is_expected` says that a key closed it:
/// else the keys that follow may have been meant for what has gone.
pub fn uncover(model: &mut Model, is_expected: bool) {
    if model.kernel.layers.overlay.is_some() {
        return;
    }
    let layers = &mut model.kernel.layers;
    if let Some(lookup) = layers.lookup.as_mut().filter(|lookup| lookup.is_covered) {
        lookup.is_covered = false;
        if !is_expected {
            lookup.sight.surprise();
        }
        layers.overlay = layers.beneath.take();
        // What was set aside missed the people that arrived meanwhile.
        model.kernel.follow_ups.push(FollowUp::Refill);
    }
}

fn press_typing(model: &mut Model, chord: Chord) -> Vec<Effect> {
    if chord.key == Key::Enter {
        return seek(model);
    }
    if let Some(lookup) = &mut model.kernel.layers.lookup
        && lookup.line.apply(chord) == Some(true)
    {
        lookup.insisted = false;
    }
    Vec::new()
}

/// Nothing was found, or the question failed.
fn press_nothing(model: &mut Model, chord: Chord) -> Vec<Effect> {
    let Some(lookup) = &mut model.kernel.layers.lookup else {
        return Vec::new();
    };
    match chord.typed() {
        Some('r') => return seek(model),
        Some('c') => return create(model),
        Some(_) => {}
        None => {
            lookup.stage = Stage::Typing;
            lookup.line.apply(chord);
        }
    }
    Vec::new()
}

fn create(model: &mut Model) -> Vec<Effect> {
    let wish = model
        .kernel
        .layers
        .lookup
        .as_ref()
        .and_then(Lookup::wants_create)
        .cloned();
    let Some(uid) = wish else {
        return Vec::new();
    };
    if is_over_something(model) {
        return Vec::new();
    }
    let effects = close(model);
    model.kernel.follow_ups.push(FollowUp::Create(uid));
    effects
}

/// Leaving the look for the list would sweep away what is open underneath.
fn is_over_something(model: &mut Model) -> bool {
    let is_over = model.kernel.layers.overlay.is_some();
    if is_over {
        let text = "Something else is still open underneath; Esc goes back to it first";
        model.inform(Tone::Info, text);
    }
    is_over
}

fn press_found(model: &mut Model, study: StudyId, chord: Chord) -> Vec<Effect> {
    if chord.key == Key::Esc {
        model.kernel.typed.clear();
        return Vec::new();
    }
    model.kernel.typed.push(chord);
    match model.keymap().resolve(&model.kernel.typed) {
        Resolution::Pending => Vec::new(),
        Resolution::Matched(action) => {
            model.kernel.typed.clear();
            act(model, study, action)
        }
        Resolution::Unbound => {
            model.kernel.typed.clear();
            Vec::new()
        }
    }
}

fn act(model: &mut Model, study: StudyId, action: Action) -> Vec<Effect> {
    match action {
        Action::ShowDetail => go_to(model, study),
        Action::MoveDown | Action::ScrollDetailDown => scroll(model, 1),
        Action::MoveUp | Action::ScrollDetailUp => scroll(model, -1),
        Action::PageDown | Action::HalfPageDown => scroll(model, PAGE),
        Action::PageUp | Action::HalfPageUp => scroll(model, -PAGE),
        Action::Refresh => ask(model),
        Action::LookUp => {
            let effects = stop_asking(model);
            open(model);
            effects
        }
        Action::GoBack | Action::Quit => close(model),
        Action::Repaint | Action::Suspend | Action::ToggleReadOnly => {
            model.kernel.follow_ups.push(FollowUp::Perform(action));
            Vec::new()
        }
        action if action.needs_study() && !is_mark(action) => {
            model.kernel.follow_ups.push(FollowUp::Perform(action));
            Vec::new()
        }
        _ => {
            let text = "That is not about this study; Esc goes back to the list first";
            model.inform(Tone::Info, text);
            Vec::new()
        }
    }
}

/// Marks are of the list, which lies behind.
fn is_mark(action: Action) -> bool {
    matches!(
        action,
        Action::ToggleMark | Action::MarkRange | Action::MarkAll
    )
}

/// Lays something over the lookup, and sets aside what is open underneath.
pub fn cover(model: &mut Model, opened: Overlay, beneath: Option<Overlay>) {
    let layers = &mut model.kernel.layers;
    layers.overlay = Some(opened);
    if let Some(lookup) = &mut layers.lookup {
        lookup.is_covered = true;
        layers.beneath = beneath;
    }
}

/// Lays something over what is open, unless that would sweep away what is being typed.
pub fn lay_over(model: &mut Model, overlay: Overlay) -> bool {
    let is_free = match &model.kernel.layers.lookup {
        None => model.kernel.layers.overlay.is_none(),
        Some(lookup) => !lookup.is_covered && matches!(lookup.stage, Stage::Found { .. }),
    };
    if is_free {
        let beneath = model.kernel.layers.overlay.take();
        cover(model, overlay, beneath);
    }
    is_free
}

/// The view stops at the last line; the model only keeps the wish from running away.
pub fn scroll(model: &mut Model, lines: i16) -> Vec<Effect> {
    if let Some(lookup) = &mut model.kernel.layers.lookup {
        lookup.scroll = lookup.scroll.saturating_add_signed(lines).min(500);
    }
    Vec::new()
}

/// Moves the cursor to the study, if the list has it; else says why not and stays.
fn go_to(model: &mut Model, study: StudyId) -> Vec<Effect> {
    if is_over_something(model) {
        return Vec::new();
    }
    if let Some(reason) = why_unlisted(model, study) {
        model.inform(Tone::Info, &reason);
        return Vec::new();
    }
    model.kernel.follow_ups.push(FollowUp::GoTo(study));
    close(model)
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
pub fn paste(model: &mut Model, text: &str) -> Option<Vec<Effect>> {
    let name = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    match model.kernel.screen {
        Screen::Worklist => {}
        // A look is at a study, and what it offers to do is the worklist's.
        Screen::Users | Screen::Invitations
            if model.kernel.layers.overlay.is_none() && is_name(name) =>
        {
            model.kernel.screen = Screen::Worklist;
            model.follow_cursor();
        }
        Screen::FirstRun | Screen::Users | Screen::Invitations => return None,
    }
    match &mut model.kernel.layers.lookup {
        Some(lookup) if lookup.is_covered => None,
        Some(lookup) if lookup.stage == Stage::Typing && !lookup.line.text().is_empty() => {
            lookup.line.paste(text);
            lookup.insisted = false;
            Some(Vec::new())
        }
        Some(_) if is_name(name) => Some(open_with(model, name)),
        Some(lookup) => {
            if lookup.stage == Stage::Typing {
                lookup.line.paste(text);
            }
            Some(Vec::new())
        }
        None if is_name(name) && !model.kernel.layers.overlay.as_ref().is_some_and(is_input) => {
            Some(open_with(model, name))
        }
        None => None,
    }
}
