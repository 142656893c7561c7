use crate::app::action::Action;
use crate::app::kernel::Kernel;
use crate::app::widget::geometry::Detail;
use crate::app::widget::notice::Tone;
use crate::wire::StudyId;

pub(in crate::app) fn move_cursor(kernel: &mut Kernel, action: Action) {
    let page = kernel.geometry().map_or(1, |geometry| geometry.page()) as isize;
    match action {
        Action::MoveDown => kernel.data.studies.move_by(1),
        Action::MoveUp => kernel.data.studies.move_by(-1),
        Action::MoveTop => kernel.data.studies.point_at(0),
        Action::MoveBottom => kernel.data.studies.point_at(usize::MAX),
        Action::HalfPageDown => kernel.data.studies.move_by((page / 2).max(1)),
        Action::HalfPageUp => kernel.data.studies.move_by(-(page / 2).max(1)),
        Action::PageDown => kernel.data.studies.move_by(page.max(1)),
        Action::PageUp => kernel.data.studies.move_by(-page.max(1)),
        _ => {}
    }
    kernel.follow_cursor();
}

pub(in crate::app) fn show_detail(kernel: &mut Kernel) {
    kernel.data.studies.detail = match kernel.data.studies.detail {
        Detail::Full => Detail::Pane,
        Detail::Hidden | Detail::Pane => Detail::Full,
    };
    kernel.follow_cursor();
}

pub(in crate::app) fn toggle_detail(kernel: &mut Kernel) {
    kernel.data.studies.detail = match kernel.data.studies.detail {
        Detail::Hidden => Detail::Pane,
        Detail::Pane | Detail::Full => Detail::Hidden,
    };
    kernel.follow_cursor();
}

pub(in crate::app) fn scroll_detail(kernel: &mut Kernel, lines: i16) {
    // The view stops at the last line; the model only keeps the wish from running away.
    kernel.data.studies.detail_scroll = kernel
        .data
        .studies
        .detail_scroll
        .saturating_add_signed(lines)
        .min(500);
}

pub(in crate::app) fn go_to(kernel: &mut Kernel, id: StudyId) {
    if kernel.data.studies.select_id(id) {
        kernel.follow_cursor();
    } else {
        kernel.inform(Tone::Info, "That study is not in the list with this filter");
    }
}

/// Says so if the record gone to is not on the list.
pub(in crate::app) fn arrive(kernel: &mut Kernel, found: bool) {
    kernel.follow_cursor();
    if !found {
        kernel.inform(Tone::Info, "Not in the list with this filter");
    }
}
