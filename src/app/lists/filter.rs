use crate::app::kernel::Kernel;
use crate::app::kernel::layers::Overlay;
use crate::app::lists::{Lists, complete, rosters};
use crate::app::message::effect::Effect;
use crate::app::widget::filter_box;
use crate::app::widget::filter_box::Typed;
use crate::app::widget::study_list::Cause;
use crate::input::Chord;
use crate::worklist::{Facets, Filter, Scope};

pub(in crate::app) fn toggle_cancelled(lists: &mut Lists, kernel: &mut Kernel) {
    let value = match kernel.scope() {
        Scope::Cancelled => None,
        Scope::Open | Scope::Complete | Scope::Any => Some("cancelled"),
    };
    let filter = kernel.data.studies.filter.with_term("is", value);
    change_filter(lists, kernel, filter);
}

pub(in crate::app) fn refresh(lists: &mut Lists, kernel: &mut Kernel) {
    kernel.data.sync.refresh(kernel.scope(), kernel.now);
    lists.settle(kernel, Cause::Refresh);
    kernel.inform_refreshing();
}

pub(in crate::app) fn press_filter(
    lists: &mut Lists,
    kernel: &mut Kernel,
    mut filter_box: filter_box::FilterBox,
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

pub(in crate::app) fn type_filter(lists: &mut Lists, kernel: &mut Kernel, filter: Filter) {
    apply_filter(lists, kernel, filter);
    kernel.data.studies.return_from_typing();
    kernel.follow_cursor();
}

pub(in crate::app) fn press_roster_filter(
    kernel: &mut Kernel,
    mut filter_box: filter_box::FilterBox<Facets>,
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
    lists.settle(kernel, Cause::Filter);
}

/// Puts a filter in force and keeps the one before for Esc.
pub(in crate::app) fn change_filter(lists: &mut Lists, kernel: &mut Kernel, filter: Filter) {
    let earlier = kernel.data.studies.filter.clone();
    lists.views.keep(filter.text());
    apply_filter(lists, kernel, filter);
    kernel.data.studies.remember(earlier);
}
