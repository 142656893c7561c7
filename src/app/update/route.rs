//! Keys, pastes and the mouse: who gets them, and what they ask for.

use crate::app::action::Action;
use crate::app::action::screen::Screen;
use crate::app::forms::flow;
use crate::app::kernel::attention::Room;
use crate::app::kernel::layers::Overlay;
use crate::app::kernel::{Kernel, attention};
use crate::app::lists::filter::{press_filter, press_roster_filter, type_filter};
use crate::app::lists::{columns, copy, cursor, rosters, view_line, views};
use crate::app::lookup;
use crate::app::lookup::keys as lookup_keys;
use crate::app::message::effect::{Effect, Exit};
use crate::app::shell::first_run;
use crate::app::update::Model;
use crate::app::update::act::perform;
use crate::app::update::choice::{press_confirm, take_choice};
use crate::app::widget::defect::{Defect, planted};
use crate::app::widget::geometry;
use crate::app::widget::notice::Tone;
use crate::app::widget::picker::{Choice, Picked};
use crate::input::{Chord, Key, Resolution};

pub(in crate::app) fn press(model: &mut Model, chord: Chord) -> Vec<Effect> {
    model.kernel.needs_draw = true;
    if model.kernel.screen == Screen::FirstRun && model.kernel.room() == Room::Enough {
        return first_run::press(&mut model.shell, &mut model.kernel, chord);
    }
    if model.kernel.room() != Room::Enough && !planted(Defect::TooSmallStillActs) {
        return press_while_short(model, chord);
    }
    // From anywhere, whatever is half typed: a person who leaves the desk does not close dialogs first.
    let is_lock = matches!(
        model.kernel.keymap().resolve(&[chord]),
        Resolution::Matched(Action::Lock)
    );
    if is_lock && chord.typed().is_none() {
        return perform(model, Action::Lock);
    }
    let is_look = chord.typed().is_none()
        && matches!(
            model.kernel.keymap().resolve(&[chord]),
            Resolution::Matched(Action::LookUp)
        );
    match &model.kernel.layers.lookup {
        Some(lookup) if !lookup.is_covered() => lookup_keys::press(&mut model.kernel, chord),
        // One lookup at a time.
        Some(_) if is_look => Vec::new(),
        Some(_) => {
            let effects = press_overlay(model, chord);
            lookup_keys::uncover(&mut model.kernel, true);
            effects
        }
        // From the list the key goes the way of every key; here it works inside inputs too.
        None if is_look
            && model.kernel.layers.overlay.is_some()
            && model.kernel.pane().is_none() =>
        {
            lookup::open(&mut model.kernel);
            Vec::new()
        }
        None => press_overlay(model, chord),
    }
}

/// A key for what lies over the list, or else for the list.
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
            Picked::Taken(choice) => take_choice(model, picker.purpose, choice),
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
            if !matches!(chord.key, Key::Esc | Key::Enter | Key::Char('q')) {
                model.kernel.layers.overlay = Some(Overlay::Link(link));
            }
            Vec::new()
        }
        None => press_list(model, chord),
    }
}

fn press_list(model: &mut Model, chord: Chord) -> Vec<Effect> {
    if chord.key == Key::Esc && !model.kernel.typed.is_empty() {
        model.kernel.typed.clear();
        return Vec::new();
    }
    // Even half a sequence means the study on screen now.
    match model.kernel.pane_mut() {
        Some(pane) => pane.take_cursor(),
        None => model.kernel.data.studies.take_cursor(),
    }
    model.kernel.typed.push(chord);
    match model.kernel.keymap().resolve(&model.kernel.typed) {
        Resolution::Pending => Vec::new(),
        Resolution::Matched(action) => {
            model.kernel.typed.clear();
            perform(model, action)
        }
        Resolution::Unbound => {
            let chords = std::mem::take(&mut model.kernel.typed);
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
                "d" if model.kernel.pane().is_none() => format!(
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
    if model.kernel.room() != Room::Enough {
        return Vec::new();
    }
    if model.kernel.screen == Screen::FirstRun {
        first_run::paste(&mut model.shell, text);
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
    if model.kernel.room() != Room::Enough {
        return Vec::new();
    }
    let Some(geometry) = model.kernel.geometry() else {
        return Vec::new();
    };
    let on_table = geometry.table.contains((column, row).into());
    let is_free = model.kernel.layers.overlay.is_none() && model.kernel.layers.lookup.is_none();
    if let Some(pane) = model.kernel.pane_mut() {
        let clicked = pane.top() + usize::from(row.saturating_sub(geometry.table.y));
        if is_free && on_table && clicked < pane.len() {
            pane.take_cursor();
            pane.click(clicked);
            model.kernel.needs_draw = true;
        }
        return Vec::new();
    }
    if is_free
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
    if is_free && geometry.titles.contains((column, row).into()) {
        let x = column - geometry.titles.x;
        return columns::click_title(
            &mut model.lists,
            &mut model.kernel,
            x,
            geometry.titles.width,
        );
    }
    if is_free && on_table {
        let clicked = model.kernel.data.studies.top() + usize::from(row - geometry.table.y);
        if clicked < model.kernel.data.studies.rows().len() {
            model.kernel.data.studies.take_cursor();
            model.kernel.data.studies.click(clicked);
            model.kernel.needs_draw = true;
        }
    }
    Vec::new()
}

/// The wheel scrolls what is under it, and never moves the cursor.
pub(in crate::app) fn scroll(
    kernel: &mut Kernel,
    (column, row): (u16, u16),
    rows: i32,
) -> Vec<Effect> {
    if kernel.screen == Screen::FirstRun || kernel.room() != Room::Enough {
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
        None if geometry.detail.contains((column, row).into()) => match kernel.pane_mut() {
            Some(pane) => pane.scroll_detail(rows),
            None => cursor::scroll_detail(kernel, rows),
        },
        None if geometry.table.contains((column, row).into()) => {
            let page = geometry.page();
            match kernel.pane_mut() {
                Some(pane) => pane.scroll(isize::from(rows), page),
                None => kernel.data.studies.scroll(isize::from(rows), page),
            }
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
    if model.kernel.screen == Screen::FirstRun {
        let leaves = chord == Chord::ctrl('c') || model.kernel.keys.quits(chord);
        return Vec::from_iter(leaves.then_some(Effect::Leave(Exit::Quit)));
    }
    match model.kernel.keymap().resolve(&[chord]) {
        Resolution::Matched(action @ (Action::Quit | Action::Lock | Action::Suspend)) => {
            perform(model, action)
        }
        _ => Vec::new(),
    }
}
