use crate::app::action::screen::Screen;
use crate::app::kernel::Kernel;
use crate::app::kernel::layers::Overlay;
use crate::app::lists::{Lists, complete, rosters};
use crate::app::message::effect::Effect;
use crate::app::reading::fetch;
use crate::app::widget::filter_box::FilterBox;
use crate::app::widget::filter_box::Typed;
use crate::app::widget::notice::Tone;
use crate::app::widget::record_list::RecordList;
use crate::app::widget::study_list::Cause;
use crate::input::Chord;
use crate::worklist::{Facets, Filter, Scope};

/// Opens the line for the filter of the list on screen.
pub(in crate::app) fn edit(lists: &Lists, kernel: &mut Kernel) {
    let overlay = match kernel.people() {
        Some(people) => Overlay::RosterFilter(FilterBox::new(people.filter())),
        None => {
            kernel.data.studies.begin_typing();
            Overlay::Filter(complete::open(lists, kernel))
        }
    };
    kernel.layers.overlay = Some(overlay);
}

/// Takes the filter of the list on screen away.
pub(in crate::app) fn clear(lists: &mut Lists, kernel: &mut Kernel) {
    if kernel.shows_studies() {
        change_filter(lists, kernel, Filter::default());
    } else {
        rosters::change_filter(kernel, "");
    }
}

/// Puts the previous filter of the list on screen in force again. Returns whether there was one.
pub(in crate::app) fn restore_previous(lists: &mut Lists, kernel: &mut Kernel) -> bool {
    let now = kernel.server_now();
    if let Some(people) = kernel.people_mut() {
        let Some(filter) = people.earlier_filter() else {
            return false;
        };
        people.set_filter(filter, now);
        return true;
    }
    let Some(filter) = kernel.data.studies.step_back() else {
        return false;
    };
    switch_filter(lists, kernel, filter);
    true
}

/// Reads the list on screen again.
pub(in crate::app) fn refresh(lists: &mut Lists, kernel: &mut Kernel) -> Vec<Effect> {
    let effects = match kernel.screen {
        Screen::Worklist => {
            kernel.data.sync.refresh(kernel.scope(), kernel.now);
            lists.rebuild(kernel, Cause::Refresh);
            Vec::new()
        }
        Screen::Users => fetch::walk_people(kernel),
        Screen::Invitations => fetch::read_invitations(kernel),
    };
    rosters::rebuild(kernel);
    kernel.inform_refreshing();
    effects
}

pub(in crate::app) fn toggle_cancelled(lists: &mut Lists, kernel: &mut Kernel) {
    let value = match kernel.scope() {
        Scope::Cancelled => None,
        Scope::Open | Scope::Complete | Scope::Any => Some("cancelled"),
    };
    let filter = kernel.data.studies.filter.with_term("is", value);
    change_filter(lists, kernel, filter);
}

pub(in crate::app) fn press_filter(
    lists: &mut Lists,
    kernel: &mut Kernel,
    mut filter_box: FilterBox,
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
            tell_if_nobody_is_me(kernel);
        }
        Typed::Left => type_filter(lists, kernel, filter_box.original),
    }
    Vec::new()
}

pub(in crate::app) fn type_filter(lists: &mut Lists, kernel: &mut Kernel, filter: Filter) {
    apply_filter(lists, kernel, filter);
    kernel.data.studies.return_from_typing();
    kernel.follow_cursor();
}

pub(in crate::app) fn press_roster_filter(
    kernel: &mut Kernel,
    mut filter_box: FilterBox<Facets>,
    chord: Chord,
) -> Vec<Effect> {
    match filter_box.press(chord) {
        Typed::Text => {
            let filter = filter_box.in_force();
            kernel.layers.overlay = Some(Overlay::RosterFilter(filter_box));
            rosters::apply_filter(kernel, filter);
        }
        Typed::Nothing => kernel.layers.overlay = Some(Overlay::RosterFilter(filter_box)),
        Typed::Kept if filter_box.error().is_some() => {
            kernel.layers.overlay = Some(Overlay::RosterFilter(filter_box));
        }
        Typed::Kept => return rosters::keep_filter(kernel, filter_box.original),
        Typed::Left => rosters::apply_filter(kernel, filter_box.original),
    }
    Vec::new()
}

pub(in crate::app) fn apply_filter(lists: &mut Lists, kernel: &mut Kernel, filter: Filter) {
    kernel.data.studies.filter = filter;
    lists.rebuild(kernel, Cause::Filter);
}

/// Says why a filter for the user's own studies finds none.
pub(in crate::app) fn tell_if_nobody_is_me(kernel: &mut Kernel) {
    if kernel.data.studies.filter.needs_me() && kernel.session.me.is_none() {
        let text = "You are not identified, so nothing matches: start with --me EMAIL";
        kernel.inform(Tone::Info, text);
    }
}

/// Puts a filter in force in one step. A cursor on the first row stays on the first row, so that what comes
/// first now is on screen; a cursor further down keeps its study.
fn switch_filter(lists: &mut Lists, kernel: &mut Kernel, filter: Filter) {
    let is_at_top = kernel.data.studies.cursor() == 0;
    apply_filter(lists, kernel, filter);
    if is_at_top {
        kernel.data.studies.select(0);
        kernel.follow_cursor();
    }
}

/// Puts a filter in force and keeps the one before for Esc.
pub(in crate::app) fn change_filter(lists: &mut Lists, kernel: &mut Kernel, filter: Filter) {
    let earlier = kernel.data.studies.filter.clone();
    lists.views.keep(filter.text());
    switch_filter(lists, kernel, filter);
    kernel.data.studies.remember(earlier);
}
