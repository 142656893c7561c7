//! Keys, pastes and the mouse: who gets them, and what they ask for.

use crate::app::action::Action;
use crate::app::forms::flow;
use crate::app::kernel::attention::{Focus, ScreenRoom};
use crate::app::kernel::layers::Overlay;
use crate::app::kernel::{Kernel, attention};
use crate::app::lists::filter::{press_filter, press_roster_filter, type_filter};
use crate::app::lists::{columns, copy, rosters, view_line, views};
use crate::app::lookup;
use crate::app::lookup::keys as lookup_keys;
use crate::app::message::effect::Effect;
use crate::app::update::Model;
use crate::app::update::act::perform;
use crate::app::update::choice::{handle_choice, press_confirm};
use crate::app::widget::geometry;
use crate::app::widget::notice::Tone;
use crate::app::widget::picker::{Choice, Picked};
use crate::input::{Chord, Key, Resolution};

/// A key goes to what has the focus.
pub(in crate::app) fn press(model: &mut Model, chord: Chord) -> Vec<Effect> {
    model.kernel.needs_draw = true;
    match model.kernel.focus() {
        Focus::Short => press_while_short(model, chord),
        Focus::List => press_list(model, chord),
        Focus::Lookup | Focus::Overlay => match through_dialogs(&model.kernel, chord) {
            Some(Action::Lock) => perform(model, Action::Lock),
            Some(_) => look_up_from_input(&mut model.kernel),
            None if model.kernel.focus() == Focus::Lookup => {
                lookup_keys::press(&mut model.kernel, chord)
            }
            None => {
                let effects = press_overlay(model, chord);
                lookup_keys::uncover(&mut model.kernel, true);
                effects
            }
        },
    }
}

/// The action of a key that works whatever is half typed: to hide the screen, for who leaves the desk does
/// not close dialogs first; and to look a study up, while somebody calls.
fn through_dialogs(kernel: &Kernel, chord: Chord) -> Option<Action> {
    if chord.typed().is_some() {
        return None;
    }
    let is_looking = kernel.focus() == Focus::Lookup;
    match kernel.keymap().resolve(&[chord]) {
        Resolution::Matched(Action::Lock) => Some(Action::Lock),
        Resolution::Matched(Action::LookUp) if !is_looking && kernel.shows_studies() => {
            Some(Action::LookUp)
        }
        _ => None,
    }
}

/// Opens the lookup over what is being typed. One lookup at a time.
fn look_up_from_input(kernel: &mut Kernel) -> Vec<Effect> {
    if kernel.layers.lookup.is_none() {
        lookup::open(kernel);
    }
    Vec::new()
}

/// A key for what lies over the list.
pub(in crate::app) fn press_overlay(model: &mut Model, chord: Chord) -> Vec<Effect> {
    match model.kernel.layers.overlay.take() {
        Some(Overlay::Filter(filter_box)) => {
            press_filter(&mut model.lists, &mut model.kernel, filter_box, chord)
        }
        Some(Overlay::RosterFilter(filter_box)) => {
            press_roster_filter(&mut model.kernel, filter_box, chord)
        }
        Some(Overlay::Picker(mut picker)) => match picker.press(chord) {
            Picked::Nothing => {
                model.kernel.layers.overlay = Some(Overlay::Picker(picker));
                Vec::new()
            }
            Picked::Closed => Vec::new(),
            Picked::Refused(reason) => {
                model.kernel.inform(Tone::Bad, &reason);
                model.kernel.layers.overlay = Some(Overlay::Picker(picker));
                Vec::new()
            }
            Picked::Copied(command) => {
                model.kernel.layers.overlay = Some(Overlay::Picker(picker));
                copy::command(command)
            }
            Picked::Taken(Choice::Column(column)) => {
                columns::toggle(&mut model.kernel, picker, column);
                Vec::new()
            }
            Picked::Taken(choice) => handle_choice(model, picker.purpose, choice),
        },
        Some(Overlay::Confirm(confirm)) => press_confirm(model, confirm, chord),
        Some(Overlay::SaveView(save)) => {
            views::press(&mut model.lists, &mut model.kernel, save, chord)
        }
        Some(Overlay::Form(form)) => flow::press(&mut model.kernel, form, chord),
        Some(Overlay::Refused(mut refusal)) => {
            if attention::press_refusal(&mut refusal, chord) {
                model.kernel.layers.overlay = Some(Overlay::Refused(refusal));
            }
            Vec::new()
        }
        Some(Overlay::Link(link)) => {
            let closes = matches!(chord.key, Key::Esc | Key::Enter | Key::Char('q'));
            if !closes && chord != Chord::ctrl('c') {
                model.kernel.layers.overlay = Some(Overlay::Link(link));
            }
            Vec::new()
        }
        None => Vec::new(),
    }
}

fn press_list(model: &mut Model, chord: Chord) -> Vec<Effect> {
    if chord.key == Key::Esc && !model.kernel.typed.is_empty() {
        model.kernel.typed.clear();
        return Vec::new();
    }
    // Even half a sequence means the study on screen now.
    model.kernel.list_mut().claim_cursor();
    model.kernel.typed.push(chord);
    match model.kernel.keymap().resolve(&model.kernel.typed) {
        Resolution::Pending => Vec::new(),
        Resolution::Matched(action) => {
            model.kernel.typed.clear();
            perform(model, action)
        }
        Resolution::Unbound => {
            let chords = std::mem::take(&mut model.kernel.typed);
            // It hides the screen also where a sequence is half typed.
            if through_dialogs(&model.kernel, chord) == Some(Action::Lock) {
                return perform(model, Action::Lock);
            }
            let typed = crate::input::show_sequence(&chords);
            if let Some((words, on, action)) = model.kernel.keys.elsewhere(&chords) {
                let text = format!("{words} is {}", model.kernel.elsewhere(on));
                match action {
                    Some(action) => attention::refuse(&mut model.kernel, action, &text),
                    None => model.kernel.inform(Tone::Info, &text),
                }
                return Vec::new();
            }
            let text = match typed.as_str() {
                "d" if model.kernel.shows_studies() => format!(
                    "Studies cannot be deleted; {} marks one complete",
                    model.kernel.key(Action::MarkComplete)
                ),
                _ => format!(
                    "{typed} does nothing here; {} lists the keys",
                    model.kernel.key(Action::ShowHelp)
                ),
            };
            model.kernel.inform(Tone::Info, &text);
            Vec::new()
        }
    }
}

/// A paste is text for an input, never keys.
pub(in crate::app) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    model.kernel.needs_draw = true;
    if model.kernel.room() != ScreenRoom::Enough {
        return Vec::new();
    }
    if let Some(effects) = lookup_keys::paste(&mut model.kernel, text) {
        return effects;
    }
    match &mut model.kernel.layers.overlay {
        Some(Overlay::Filter(filter_box)) => {
            filter_box.paste(text);
            let filter = filter_box.in_force();
            type_filter(&mut model.lists, &mut model.kernel, filter);
        }
        Some(Overlay::RosterFilter(filter_box)) => {
            filter_box.paste(text);
            let filter = filter_box.in_force();
            rosters::apply_filter(&mut model.kernel, filter);
        }
        Some(Overlay::Picker(picker)) => picker.paste(text),
        Some(Overlay::Link(_) | Overlay::Confirm(_)) => {}
        Some(Overlay::Refused(refusal)) => refusal.has_swallowed = true,
        Some(Overlay::SaveView(save)) => save.line.paste(text),
        Some(Overlay::Form(form)) => form.paste(text),
        None => {
            let text = format!(
                "Only a UID or an id can be pasted here; {} filters by other text",
                model.kernel.key(Action::EditFilter)
            );
            model.kernel.inform(Tone::Info, &text);
        }
    }
    Vec::new()
}

pub(in crate::app) fn click(model: &mut Model, column: u16, row: u16) -> Vec<Effect> {
    if model.kernel.is_plain {
        // Lines have no places that mean something.
        return Vec::new();
    }
    if model.kernel.room() != ScreenRoom::Enough {
        return Vec::new();
    }
    let Some(geometry) = model.kernel.geometry() else {
        return Vec::new();
    };
    let on_table = geometry.table.contains((column, row).into());
    let is_free = model.kernel.layers.overlay.is_none() && model.kernel.layers.lookup.is_none();
    let has_titles = model.kernel.shows_studies();
    if is_free
        && has_titles
        && model.lists.banner(&model.kernel).is_none()
        && geometry.views.contains((column, row).into())
    {
        return view_line::click(
            &mut model.lists,
            &mut model.kernel,
            column,
            geometry.views.width,
        );
    }
    if is_free && has_titles && geometry.titles.contains((column, row).into()) {
        let x = column - geometry.titles.x;
        return columns::click_title(
            &mut model.lists,
            &mut model.kernel,
            x,
            geometry.titles.width,
        );
    }
    let list = model.kernel.list_mut();
    let clicked = list.top() + usize::from(row.saturating_sub(geometry.table.y));
    if is_free && on_table && clicked < list.len() {
        list.claim_cursor();
        list.click(clicked);
        model.kernel.needs_draw = true;
    }
    Vec::new()
}

/// The wheel scrolls what is under it, and never moves the cursor.
pub(in crate::app) fn scroll(
    kernel: &mut Kernel,
    (column, row): (u16, u16),
    rows: i32,
) -> Vec<Effect> {
    if kernel.room() != ScreenRoom::Enough {
        return Vec::new();
    }
    let Some(geometry) = kernel.geometry() else {
        return Vec::new();
    };
    kernel.needs_draw = true;
    let rows = rows.clamp(-10, 10) as i16;
    if kernel.is_looking() {
        return lookup_keys::scroll(kernel, rows);
    }
    let is_plain = kernel.is_plain;
    match &mut kernel.layers.overlay {
        Some(Overlay::Picker(picker)) => {
            let height = geometry::picker_rows(geometry.body, picker, is_plain);
            picker.scroll(isize::from(rows), height);
        }
        Some(
            Overlay::Filter(_)
            | Overlay::RosterFilter(_)
            | Overlay::SaveView(_)
            | Overlay::Form(_)
            | Overlay::Refused(_)
            | Overlay::Link(_)
            | Overlay::Confirm(_),
        ) => {}
        None if geometry.detail.contains((column, row).into()) => {
            kernel.list_mut().scroll_detail(rows);
        }
        None if geometry.table.contains((column, row).into()) => {
            let page = geometry.page();
            kernel.list_mut().scroll(isize::from(rows), page);
        }
        None => {}
    }
    Vec::new()
}

/// A key while what has the focus does not fit: it leads out, hides the screen, or does nothing.
pub(in crate::app) fn press_while_short(model: &mut Model, chord: Chord) -> Vec<Effect> {
    model.kernel.typed.clear();
    if chord.key == Key::Esc && model.kernel.geometry().is_some() {
        // What does not fit is named, and leaving it changes nothing.
        return press_overlay(model, chord);
    }
    // A letter may have been meant for what cannot be seen.
    if model.kernel.takes_text() && chord.typed().is_some() {
        return Vec::new();
    }
    match model.kernel.keymap().resolve(&[chord]) {
        Resolution::Matched(action @ (Action::Quit | Action::Lock | Action::Suspend)) => {
            perform(model, action)
        }
        _ => Vec::new(),
    }
}
