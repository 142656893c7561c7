//! Keys, pastes and the mouse: who gets them, and what they ask for.

use crate::app::{Kernel, Lists};
use crate::input::{Chord, Key, Resolution};
use crate::wire::StudyId;
use crate::worklist::{Facets, Filter};

use super::act::perform;
use super::attention::{Defect, planted};
use super::changes::Kind;
use super::confirm::{Answer, Confirm, Deed};
use super::filter_box::Typed;
use super::geometry;
use super::list::Cause;
use super::picker::{Choice, Picked, Purpose};
use super::unresolved::{Decision, Unresolved};
use super::{
    Action, Effect, Exit, Model, Overlay, Room, Screen, Tone, access, act, attention, bulk,
    columns, complete, copy, first_run, form, lookup, screens, undo, unresolved, view_line, views,
};

pub(super) fn press(model: &mut Model, chord: Chord) -> Vec<Effect> {
    model.kernel.needs_draw = true;
    if model.kernel.screen == Screen::FirstRun && model.kernel.room() == Room::Enough {
        return first_run::press(&mut model.shell, &mut model.kernel, chord);
    }
    if model.kernel.room() != Room::Enough && !planted(Defect::TooSmallStillActs) {
        return attention::press_while_short(model, chord);
    }
    // From anywhere, whatever is half typed: who leaves the desk does not close dialogs first.
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
        Some(lookup) if !lookup.is_covered() => lookup::press(&mut model.kernel, chord),
        // One lookup at a time.
        Some(_) if is_look => Vec::new(),
        Some(_) => {
            let effects = press_overlay(model, chord);
            lookup::uncover(&mut model.kernel, true);
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
pub(super) fn press_overlay(model: &mut Model, chord: Chord) -> Vec<Effect> {
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
        Some(Overlay::Form(form)) => form::press(&mut model.kernel, form, chord),
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
                    "Studies are not deleted; {} marks one complete",
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

fn press_filter(
    lists: &mut Lists,
    kernel: &mut Kernel,
    mut filter_box: super::FilterBox,
    chord: Chord,
) -> Vec<Effect> {
    if complete::press(kernel, &mut filter_box, chord) {
        let filter = filter_box.in_force();
        kernel.layers.overlay = Some(Overlay::Filter(filter_box));
        type_filter(lists, kernel, filter);
        return Vec::new();
    }
    match filter_box.press(chord) {
        Typed::Text => {
            let filter = filter_box.in_force();
            kernel.layers.overlay = Some(Overlay::Filter(filter_box));
            type_filter(lists, kernel, filter);
        }
        Typed::Nothing => kernel.layers.overlay = Some(Overlay::Filter(filter_box)),
        Typed::Kept if filter_box.error().is_some() => {
            kernel.layers.overlay = Some(Overlay::Filter(filter_box));
        }
        Typed::Kept => {
            lists.views.keep(filter_box.line.text());
            kernel.data.studies.remember(filter_box.original);
        }
        Typed::Left => type_filter(lists, kernel, filter_box.original),
    }
    Vec::new()
}

fn type_filter(lists: &mut Lists, kernel: &mut Kernel, filter: Filter) {
    apply_filter(lists, kernel, filter);
    kernel.data.studies.return_from_typing();
    kernel.follow_cursor();
}

fn press_roster_filter(
    kernel: &mut Kernel,
    mut filter_box: super::FilterBox<Facets>,
    chord: Chord,
) -> Vec<Effect> {
    match filter_box.press(chord) {
        Typed::Text => {
            let filter = filter_box.in_force();
            kernel.layers.overlay = Some(Overlay::RosterFilter(filter_box));
            screens::apply_filter(kernel, filter);
        }
        Typed::Nothing => kernel.layers.overlay = Some(Overlay::RosterFilter(filter_box)),
        Typed::Kept if filter_box.error().is_some() => {
            kernel.layers.overlay = Some(Overlay::RosterFilter(filter_box));
        }
        Typed::Kept => return screens::keep_filter(kernel, filter_box.original),
        Typed::Left => screens::apply_filter(kernel, filter_box.original),
    }
    Vec::new()
}

pub(super) fn apply_filter(lists: &mut Lists, kernel: &mut Kernel, filter: Filter) {
    kernel.data.studies.filter = filter;
    lists.settle(kernel, Cause::Filter);
}

/// Puts a filter in force and keeps the one before for Esc.
pub(super) fn change_filter(lists: &mut Lists, kernel: &mut Kernel, filter: Filter) {
    let earlier = kernel.data.studies.filter.clone();
    lists.views.keep(filter.text());
    apply_filter(lists, kernel, filter);
    kernel.data.studies.remember(earlier);
}

fn take_choice(model: &mut Model, purpose: Purpose, choice: Choice) -> Vec<Effect> {
    match (purpose, choice) {
        (Purpose::Assign { targets }, Choice::Person(id)) => {
            act::assign(&mut model.writes, &mut model.kernel, targets, id)
        }
        (Purpose::Filter { key }, Choice::Term(value)) => {
            let filter = model
                .kernel
                .data
                .studies
                .filter
                .with_term(key, value.as_deref());
            change_filter(&mut model.lists, &mut model.kernel, filter);
            Vec::new()
        }
        (Purpose::Help, Choice::Action(action)) => perform(model, action),
        (Purpose::Activity, Choice::Study(id)) => {
            let effects = screens::go(&mut model.lists, &mut model.kernel, Screen::Worklist);
            go_to(&mut model.kernel, id);
            effects
        }
        (Purpose::Activity, Choice::User(id)) => {
            let effects = screens::go(&mut model.lists, &mut model.kernel, Screen::Users);
            let found = model.kernel.data.users.select_id(id);
            arrive(&mut model.kernel, found);
            effects
        }
        (Purpose::Activity, Choice::Invitation(id)) => {
            let effects = screens::go(&mut model.lists, &mut model.kernel, Screen::Invitations);
            let found = model.kernel.data.invitations.select_id(id);
            arrive(&mut model.kernel, found);
            effects
        }
        (Purpose::Leaver(from), Choice::Rehome(rehome)) => {
            access::take_rehome(&mut model.writes, &mut model.kernel, from, rehome)
        }
        (Purpose::Rehome { from, studies }, Choice::Person(to)) => {
            access::take_successor(&mut model.writes, &mut model.kernel, from, &studies, to)
        }
        (Purpose::Sort, Choice::Sort(sort)) => {
            columns::sort_by(&mut model.lists, &mut model.kernel, sort);
            Vec::new()
        }
        (Purpose::Clinic, Choice::Clinic(name)) => go_to_clinic(model, name),
        (Purpose::Unresolved, Choice::Unresolved(what)) => unresolved::choose(
            &mut model.access,
            &mut model.writes,
            &mut model.kernel,
            what,
        ),
        (
            Purpose::Resolve(Unresolved::Conflict(id, _) | Unresolved::Failed(id, _)),
            Choice::Decision(Decision::GoThere),
        ) => {
            let effects = screens::go(&mut model.lists, &mut model.kernel, Screen::Worklist);
            go_to(&mut model.kernel, id);
            effects
        }
        (Purpose::Resolve(what), Choice::Decision(how)) => unresolved::resolve(
            &mut model.access,
            &mut model.writes,
            &mut model.kernel,
            what,
            how,
        ),
        // A picker only ever holds choices of its own purpose.
        (
            Purpose::Assign { .. }
            | Purpose::Filter { .. }
            | Purpose::Help
            | Purpose::Activity
            | Purpose::Sort
            | Purpose::Columns
            | Purpose::Clinic
            | Purpose::Unresolved
            | Purpose::Resolve(_)
            | Purpose::Field
            | Purpose::Leaver(_)
            | Purpose::Rehome { .. },
            _,
        ) => Vec::new(),
    }
}

/// Leaves for another clinic, unless that would cut off what was sent.
fn go_to_clinic(model: &Model, name: String) -> Vec<Effect> {
    if model.under_way() > 0 {
        Vec::new()
    } else {
        vec![Effect::Leave(Exit::Clinic(name))]
    }
}

fn press_confirm(model: &mut Model, mut confirm: Box<Confirm>, chord: Chord) -> Vec<Effect> {
    match confirm.press(chord, model.kernel.now) {
        Answer::None => {
            model.kernel.layers.overlay = Some(Overlay::Confirm(confirm));
            Vec::new()
        }
        Answer::Safe => {
            let text = match confirm.deed {
                Deed::Access(_) => "Access stays as it was",
                Deed::Change { .. } | Deed::Rehome { .. } | Deed::Open(_) => "Nothing was changed",
            };
            model.kernel.inform(Tone::Info, text);
            Vec::new()
        }
        Answer::IncludeHidden => {
            bulk::include_hidden(&mut model.writes, &mut model.kernel, confirm.deed);
            Vec::new()
        }
        Answer::Act => confirmed(model, confirm.deed),
    }
}

/// Carries out what was confirmed.
fn confirmed(model: &mut Model, deed: Deed) -> Vec<Effect> {
    match deed {
        Deed::Change {
            label, kind, jobs, ..
        } => {
            undo::take_step(&mut model.kernel, kind, &jobs);
            bulk::begin_confirmed(&mut model.writes, &mut model.kernel, label, kind, jobs)
        }
        Deed::Rehome { from, label, jobs } => {
            let batch = bulk::add(&mut model.writes, label, Kind::Do, jobs);
            access::expect_move(&mut model.access, batch, from);
            bulk::pump(&mut model.writes, &mut model.kernel, batch)
        }
        Deed::Access(change) => access::carry_out(&mut model.access, &mut model.kernel, change),
        Deed::Open(ids) => {
            model.kernel.requests.to_open = ids.into();
            bulk::open_next(&mut model.kernel)
        }
    }
}

fn go_to(kernel: &mut Kernel, id: StudyId) {
    if kernel.data.studies.select_id(id) {
        kernel.follow_cursor();
    } else {
        kernel.inform(
            Tone::Info,
            "That study is not on the list as it is filtered now",
        );
    }
}

/// Says so if the record gone to is not on the list.
fn arrive(kernel: &mut Kernel, found: bool) {
    kernel.follow_cursor();
    if !found {
        kernel.inform(Tone::Info, "Not on the list as it is filtered now");
    }
}

/// A paste is text for an input, never keys.
pub(super) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    model.kernel.needs_draw = true;
    if model.kernel.room() != Room::Enough {
        return Vec::new();
    }
    if model.kernel.screen == Screen::FirstRun {
        first_run::paste(&mut model.shell, text);
        return Vec::new();
    }
    if let Some(effects) = lookup::paste(&mut model.kernel, text) {
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
            screens::apply_filter(&mut model.kernel, filter);
        }
        Some(Overlay::Picker(picker)) => picker.paste(text),
        Some(Overlay::Link(_) | Overlay::Confirm(_)) => {}
        Some(Overlay::Refused(refusal)) => refusal.has_swallowed = true,
        Some(Overlay::SaveView(save)) => save.line.paste(text),
        Some(Overlay::Form(form)) => form.paste(text),
        None => {
            let text = format!(
                "Pasted text does nothing here, unless it is a UID or id; {} filters by it",
                model.kernel.key(Action::EditFilter)
            );
            model.kernel.inform(Tone::Info, &text);
        }
    }
    Vec::new()
}

pub(super) fn click(model: &mut Model, column: u16, row: u16) -> Vec<Effect> {
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

/// The wheel turns what is under it, and never moves the cursor.
pub(super) fn scroll(kernel: &mut Kernel, (column, row): (u16, u16), rows: i32) -> Vec<Effect> {
    if kernel.screen == Screen::FirstRun || kernel.room() != Room::Enough {
        return Vec::new();
    }
    let Some(geometry) = kernel.geometry() else {
        return Vec::new();
    };
    kernel.needs_draw = true;
    let rows = rows.clamp(-10, 10) as i16;
    if kernel.is_looking() {
        return lookup::scroll(kernel, rows);
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
            None => act::scroll_detail(kernel, rows),
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
