//! Carrying out actions.

use crate::app::access::{asking, offboard};
use crate::app::action::screen::Screen;
use crate::app::action::{ACTIONS, Action, ActionSpec};
use crate::app::edit::change::Change;
use crate::app::forms::{flow, invite};
use crate::app::kernel::invitation::EXPIRING;
use crate::app::kernel::layers::Overlay;
use crate::app::kernel::{Kernel, attention};
use crate::app::lists::{Lists, cursor, filter};
use crate::app::lists::{columns, copy, links, news, rosters, views};
use crate::app::lookup::keys as lookup_keys;
use crate::app::message::effect::{Effect, ExitReason};
use crate::app::pickers::palette;
use crate::app::shell::clinics;
use crate::app::update::Model;
use crate::app::update::refusals::disabled_reason;
use crate::app::widget::geometry::Detail;
use crate::app::widget::notice::Tone;
use crate::app::widget::study_list::Cause;
use crate::app::writes::{earlier, run, undo};
use crate::app::{access, decisions, lookup, pickers, update};
use crate::app::{shell, writes};
use crate::wire::{DicomUid, Severity, StudyViewerStatus};
use std::collections::HashMap;

/// Why actions cannot be done now, for those that cannot.
fn reasons(model: &Model) -> HashMap<Action, String> {
    let reason = |spec: &ActionSpec| Some((spec.action, disabled_reason(model, spec.action)?));
    ACTIONS.iter().filter_map(reason).collect()
}

pub(in crate::app) fn perform(model: &mut Model, action: Action) -> Vec<Effect> {
    model.kernel.needs_draw = true;
    model.kernel.list_mut().claim_cursor();
    let reason = disabled_reason(model, action)
        .or_else(|| attention::marks_refused(&model.kernel, action))
        .or_else(|| attention::unseen(&mut model.kernel, action));
    if let Some(reason) = reason {
        attention::refuse(&mut model.kernel, action, &reason);
        return Vec::new();
    }
    if !attention::opens(&model.kernel, action) {
        return carry_out(model, action);
    }
    let notice = model.kernel.notice.take();
    let was_looking = model.kernel.layers.lookup.is_some();
    let effects = carry_out(model, action);
    let has_opened = model.kernel.layers.overlay.is_some()
        || model.kernel.layers.lookup.is_some() != was_looking;
    match (has_opened, model.kernel.notice.take()) {
        (true, said) => model.kernel.notice = said.or(notice),
        // Nothing opened, and the keys that follow were meant for it.
        (false, Some(said)) => attention::refuse(&mut model.kernel, action, &said.text),
        (false, None) => {
            attention::refuse(&mut model.kernel, action, "Nothing is selected for this")
        }
    }
    effects
}

/// Does an action for the study of the lookup. What it opens lies over the lookup, and what is open
/// underneath is set aside.
pub(in crate::app) fn perform_in_lookup(model: &mut Model, action: Action) -> Vec<Effect> {
    if !action.needs_study() {
        return perform(model, action);
    }
    if matches!(&model.kernel.layers.overlay, Some(Overlay::Form(form)) if form.is_sending()) {
        let text = "The form behind this is still being saved; Esc returns to it";
        attention::refuse(&mut model.kernel, action, text);
        return Vec::new();
    }
    let beneath = model.kernel.layers.overlay.take();
    let effects = perform(model, action);
    match model.kernel.layers.overlay.take() {
        None => model.kernel.layers.overlay = beneath,
        Some(opened) => lookup_keys::cover(&mut model.kernel, opened, beneath),
    }
    effects
}

/// The one place that knows what each action does.
fn carry_out(model: &mut Model, action: Action) -> Vec<Effect> {
    let Model {
        kernel,
        lists,
        writes,
        access,
        shell,
        ..
    } = model;
    match action {
        Action::MoveDown
        | Action::MoveUp
        | Action::MoveTop
        | Action::MoveBottom
        | Action::HalfPageDown
        | Action::HalfPageUp
        | Action::PageDown
        | Action::PageUp => cursor::move_cursor(kernel, action),
        Action::ShowDetail => return cursor::show_detail(kernel),
        Action::ToggleDetail => cursor::toggle_detail(kernel),
        Action::ScrollDetailDown => kernel.list_mut().scroll_detail(1),
        Action::ScrollDetailUp => kernel.list_mut().scroll_detail(-1),
        Action::EditFilter => filter::edit(lists, kernel),
        Action::FilterSeverity => pickers::severity(kernel),
        Action::FilterStatus => pickers::status(kernel),
        Action::FilterAssignee => return pickers::filter_assignee(access, kernel),
        Action::FilterCustomer => pickers::customer(kernel),
        Action::FilterCancelled => filter::toggle_cancelled(lists, kernel),
        Action::FilterExpiring => rosters::change_filter(kernel, EXPIRING),
        Action::ClearFilter => filter::clear(lists, kernel),
        Action::Refresh => return filter::refresh(lists, kernel),
        Action::View(number) => views::choose(lists, kernel, number.into()),
        Action::PreviousView => views::step(lists, kernel, -1),
        Action::NextView => views::step(lists, kernel, 1),
        Action::SaveView => views::ask_name(lists, kernel),
        Action::SortBy => columns::choose_sort(kernel),
        Action::ChooseColumns => columns::choose_columns(kernel),
        Action::AssignStudy => return pickers::assignee(access, writes, kernel),
        Action::AssignToMe => return writes::assign_to_me(writes, kernel),
        Action::UnassignStudy => return writes::change(writes, kernel, Change::Unassign),
        Action::SetStat => return set_severity(model, Severity::Stat),
        Action::SetHigh => return set_severity(model, Severity::High),
        Action::SetNormal => return set_severity(model, Severity::Normal),
        Action::MarkComplete => return set_status(model, StudyViewerStatus::Complete),
        Action::MarkIncomplete => return set_status(model, StudyViewerStatus::Incomplete),
        Action::CreateStudy => return flow::open_create(kernel),
        Action::EditStudy => return flow::open_edit(kernel),
        Action::CancelStudy => return writes::change(writes, kernel, Change::Cancel),
        Action::UncancelStudy => return writes::change(writes, kernel, Change::Uncancel),
        Action::OpenViewer => return links::open_targets(writes, kernel),
        Action::ToggleMark => {
            kernel.data.studies.toggle_mark();
            kernel.follow_cursor();
        }
        Action::MarkRange => kernel.data.studies.toggle_range(),
        Action::MarkAll => kernel.data.studies.toggle_all(),
        Action::GoWorklist => return rosters::go(lists, kernel, Screen::Worklist),
        Action::GoUsers => return rosters::go(lists, kernel, Screen::Users),
        Action::GoInvitations => return rosters::go(lists, kernel, Screen::Invitations),
        Action::GoClinic => clinics::choose(shell, kernel),
        Action::InviteUser => return invite::open(kernel),
        Action::InviteAgain => return invite::open_again(kernel),
        Action::EditUser | Action::EditInvitation => return flow::open_edit_of(kernel),
        Action::RevokeAccess => return offboard::ask_revoke(kernel),
        Action::Reactivate => return asking::ask_reactivate(access, kernel),
        Action::RevokeInvitation => return asking::ask_revoke_invitation(kernel),
        Action::Repeat => return undo::repeat(writes, kernel),
        Action::Undo => undo::ask_undo(writes, kernel),
        Action::Redo => undo::ask_redo(writes, kernel),
        Action::RetryFailed => return retry_failed(model),
        Action::NextChange => news::step(kernel, true),
        Action::PreviousChange => news::step(kernel, false),
        Action::ShowAlarm => return news::show_alarm(lists, kernel),
        Action::AcknowledgeAlarms => news::acknowledge_all(lists),
        Action::ShowActivity => {
            undo::show_activity(kernel);
            return earlier::mark_seen(writes);
        }
        Action::ShowUnresolved => decisions::show(access, writes, kernel),
        Action::LookUp => {
            // A look is at a study, and what it offers to do is the worklist's.
            rosters::go(lists, kernel, Screen::Worklist);
            lookup::open(kernel);
        }
        Action::CopyUid
        | Action::CopyId
        | Action::CopyRow
        | Action::CopyLink
        | Action::CopyCommand => return copy::copy(writes, kernel, action),
        Action::ToggleReadOnly => shell::toggle_read_only(kernel),
        Action::ShowHelp => show_actions(model, pickers::help),
        Action::ShowPalette => show_actions(model, palette::open),
        Action::Lock => return update::lock_screen(model),
        Action::ToggleOutage => return shell::toggle_outage(kernel),
        Action::Repaint => return vec![Effect::Repaint],
        Action::Suspend => return vec![Effect::Suspend],
        Action::GoBack => go_back(model),
        Action::Quit => return quit(model),
    }
    Vec::new()
}

fn set_severity(model: &mut Model, severity: Severity) -> Vec<Effect> {
    let change = Change::Severity(severity);
    writes::change(&mut model.writes, &mut model.kernel, change)
}

fn set_status(model: &mut Model, status: StudyViewerStatus) -> Vec<Effect> {
    let change = Change::Status(status);
    writes::change(&mut model.writes, &mut model.kernel, change)
}

/// Opens a picker of actions, which says why some cannot be done now.
fn show_actions(model: &mut Model, open: fn(&Lists, &mut Kernel, palette::ReasonOf)) {
    let reasons = reasons(model);
    let reason_of = |action| reasons.get(&action).cloned();
    open(&model.lists, &mut model.kernel, &reason_of);
}

/// A looked-up UID that no study has: begins a new study with it.
pub(in crate::app) fn create_with_uid(model: &mut Model, uid: &DicomUid) -> Vec<Effect> {
    let effects = perform(model, Action::CreateStudy);
    if let Some(Overlay::Form(form)) = &mut model.kernel.layers.overlay {
        form.paste(uid.as_str());
    }
    effects
}

/// Tries every failed change again, of studies and of access.
fn retry_failed(model: &mut Model) -> Vec<Effect> {
    let mut effects = access::retry_failed(&mut model.access, &mut model.kernel);
    let text = if effects.is_empty() {
        "No change has failed"
    } else {
        "Retrying"
    };
    model.kernel.inform(Tone::Info, text);
    effects.extend(run::retry_failed(&mut model.writes, &mut model.kernel));
    effects
}

/// One step back: the nearest thing that Esc can undo on screen.
fn go_back(model: &mut Model) {
    if model.shell.leaving {
        model.shell.leaving = false;
        model.kernel.inform(Tone::Info, "Quit cancelled");
    } else if model.kernel.detail() == Detail::Full {
        model.kernel.list_mut().set_detail(Detail::Pane);
    } else if put_message_away(model) | clear_marks(&mut model.kernel) {
    } else if model.kernel.shows_studies() && model.kernel.data.studies.has_lingering() {
        model.lists.rebuild(&mut model.kernel, Cause::Refresh);
    } else if filter::restore_previous(&mut model.lists, &mut model.kernel) {
        model.kernel.inform(Tone::Info, "Previous filter restored");
    } else if model.kernel.shows_studies() {
        let text = nothing_to_go_back_from(&model.kernel);
        model.kernel.inform(Tone::Info, &text);
    }
    model.kernel.follow_cursor();
}

/// Takes the marks away where they can be seen. Returns whether there were any.
fn clear_marks(kernel: &mut Kernel) -> bool {
    kernel.shows_studies() && kernel.data.studies.clear_marks()
}

/// Esc stops at the view's own filter.
fn nothing_to_go_back_from(kernel: &Kernel) -> String {
    format!(
        "Nothing to close; {} goes to the previous view, {} quits",
        kernel.key(Action::PreviousView),
        kernel.key(Action::Quit)
    )
}

/// Dismisses what the status line says. Failures and conflicts keep waiting. Returns whether there was
/// anything.
pub(in crate::app) fn put_message_away(model: &mut Model) -> bool {
    model.access.put_away() | model.writes.changes.put_away() | model.kernel.notice.take().is_some()
}

/// Quits at once, or after the pending changes; at once when asked twice.
fn quit(model: &mut Model) -> Vec<Effect> {
    let pending = model.under_way();
    if pending == 0 || model.shell.leaving {
        return vec![Effect::Leave(ExitReason::Quit)];
    }
    model.shell.leaving = true;
    let what = match pending {
        1 => "1 change is".to_owned(),
        many => format!("{many} changes are"),
    };
    let text = format!(
        "{what} in progress; quitting when done. {} again quits now, {} stays",
        model.kernel.key(Action::Quit),
        model.kernel.key(Action::GoBack)
    );
    model.kernel.inform(Tone::Bad, &text);
    Vec::new()
}
