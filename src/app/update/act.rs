//! Carrying out actions.

use crate::app::access::{asking, offboard};
use crate::app::action::screen::Screen;
use crate::app::action::{ACTIONS, Action, ActionSpec};
use crate::app::edit::change::Change;
use crate::app::edit::record;
use crate::app::forms::{flow, invite};
use crate::app::kernel::layers::Overlay;
use crate::app::kernel::session::{Place, ReadOnly};
use crate::app::kernel::{Kernel, attention, layers};
use crate::app::lists::cursor::{move_cursor, scroll_detail, show_detail, toggle_detail};
use crate::app::lists::filter::{apply_filter, change_filter, refresh, toggle_cancelled};
use crate::app::lists::{columns, complete, copy, links, news, rosters, views};
use crate::app::lookup::keys as lookup_keys;
use crate::app::message::effect::{Effect, Exit};
use crate::app::pickers::palette;
use crate::app::shell::{clinics, toggle_outage, toggle_read_only};
use crate::app::update::{Model, roster_actions};
use crate::app::widget::geometry::Detail;
use crate::app::widget::notice::Tone;
use crate::app::widget::study_list::Cause;
use crate::app::writes::{assign_to_me, change, earlier, run, undo};
use crate::app::{access, decisions, lookup, pickers, update};
use crate::wire::{DicomUid, Severity, StudyViewerStatus};
use crate::worklist::Filter;
use std::collections::HashMap;

/// Why an action cannot be done now, if it cannot.
pub fn disabled_reason(model: &Model, action: Action) -> Option<String> {
    let spec = action.spec();
    if !spec.on.has(model.kernel.screen) {
        return Some(format!(
            "{} is {}",
            spec.brief(),
            model.kernel.elsewhere(spec.on)
        ));
    }
    if let Some(reason) = roster_actions::disabled_reason(model, action) {
        return Some(reason);
    }
    if model.kernel.pane().is_none()
        && action.needs_study()
        && model.kernel.study_in_focus().is_none()
    {
        return Some("There is no study under the cursor".into());
    }
    if action.is_write() {
        if let Some(reason) = model.kernel.read_only_reason() {
            return Some(reason);
        }
        if let Some(id) = model.kernel.study_in_focus()
            && action.needs_study()
            && layers::is_sending(&model.kernel, record::Subject::Study(id))
        {
            return Some("Still waiting for the server: the edited study".into());
        }
    }
    if action == Action::AssignToMe && model.kernel.session.me.is_none() {
        return Some(match &model.kernel.session.me_wanted {
            None => "You are not identified: start with --me EMAIL".into(),
            Some(wanted) => format!("{wanted} is not one of the users"),
        });
    }
    let is_about_alarms = matches!(action, Action::ShowAlarm | Action::AcknowledgeAlarms);
    if is_about_alarms && model.lists.news.alarms().is_empty() {
        return Some("There is no alert about a new STAT study".into());
    }
    if action == Action::ToggleOutage && model.kernel.session.place != Place::Demo {
        return Some("Only the demo's server can be made to fail".into());
    }
    if action == Action::GoClinic {
        let is_busy = model.under_way() > 0;
        return clinics::disabled_reason(&model.shell, &model.kernel, is_busy);
    }
    if action == Action::ToggleReadOnly && model.kernel.session.read_only == ReadOnly::Forced {
        return model.kernel.read_only_reason();
    }
    views::disabled_reason(&model.lists, &model.kernel, action)
}

/// Why actions cannot be done now, for those that cannot.
fn reasons(model: &Model) -> HashMap<Action, String> {
    let reason = |spec: &ActionSpec| Some((spec.action, disabled_reason(model, spec.action)?));
    ACTIONS.iter().filter_map(reason).collect()
}

pub(in crate::app) fn perform(model: &mut Model, action: Action) -> Vec<Effect> {
    model.kernel.needs_draw = true;
    if model.kernel.pane().is_none() {
        model.kernel.data.studies.take_cursor();
    }
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

fn carry_out(model: &mut Model, action: Action) -> Vec<Effect> {
    if let Some(effects) = roster_actions::perform(model, action) {
        return effects;
    }
    match action {
        Action::MoveDown
        | Action::MoveUp
        | Action::MoveTop
        | Action::MoveBottom
        | Action::HalfPageDown
        | Action::HalfPageUp
        | Action::PageDown
        | Action::PageUp => move_cursor(&mut model.kernel, action),
        Action::ShowDetail => show_detail(&mut model.kernel),
        Action::ToggleDetail => toggle_detail(&mut model.kernel),
        Action::ScrollDetailDown => scroll_detail(&mut model.kernel, 1),
        Action::ScrollDetailUp => scroll_detail(&mut model.kernel, -1),
        Action::EditFilter => {
            model.kernel.data.studies.begin_typing();
            model.kernel.layers.overlay =
                Some(Overlay::Filter(complete::open(&model.lists, &model.kernel)));
        }
        Action::FilterSeverity => pickers::severity(&mut model.kernel),
        Action::FilterStatus => pickers::status(&mut model.kernel),
        Action::FilterAssignee => {
            return pickers::filter_assignee(&mut model.access, &mut model.kernel);
        }
        Action::FilterCustomer => pickers::customer(&mut model.kernel),
        Action::FilterCancelled => toggle_cancelled(&mut model.lists, &mut model.kernel),
        Action::ClearFilter => {
            change_filter(&mut model.lists, &mut model.kernel, Filter::default())
        }
        Action::Refresh => refresh(&mut model.lists, &mut model.kernel),
        Action::ViewAll
        | Action::View1
        | Action::View2
        | Action::View3
        | Action::View4
        | Action::View5
        | Action::View6
        | Action::View7
        | Action::View8
        | Action::View9 => {
            views::choose(&mut model.lists, &mut model.kernel, views::number(action))
        }
        Action::PreviousView => views::step(&mut model.lists, &mut model.kernel, -1),
        Action::NextView => views::step(&mut model.lists, &mut model.kernel, 1),
        Action::SaveView => views::ask_name(&mut model.lists, &mut model.kernel),
        Action::SortBy => columns::choose_sort(&mut model.kernel),
        Action::ChooseColumns => columns::choose_columns(&mut model.kernel),
        Action::AssignStudy => {
            return pickers::assignee(&mut model.access, &mut model.writes, &mut model.kernel);
        }
        Action::AssignToMe => return assign_to_me(&mut model.writes, &mut model.kernel),
        Action::UnassignStudy => {
            return change(&mut model.writes, &mut model.kernel, Change::Unassign);
        }
        Action::SetStat => {
            return change(
                &mut model.writes,
                &mut model.kernel,
                Change::Severity(Severity::Stat),
            );
        }
        Action::SetHigh => {
            return change(
                &mut model.writes,
                &mut model.kernel,
                Change::Severity(Severity::High),
            );
        }
        Action::SetNormal => {
            return change(
                &mut model.writes,
                &mut model.kernel,
                Change::Severity(Severity::Normal),
            );
        }
        Action::MarkComplete => {
            return change(
                &mut model.writes,
                &mut model.kernel,
                Change::Status(StudyViewerStatus::Complete),
            );
        }
        Action::MarkIncomplete => {
            return change(
                &mut model.writes,
                &mut model.kernel,
                Change::Status(StudyViewerStatus::Incomplete),
            );
        }
        Action::CreateStudy => return flow::open_create(&mut model.kernel),
        Action::EditStudy => return flow::open_edit(&mut model.kernel),
        Action::CancelStudy => return change(&mut model.writes, &mut model.kernel, Change::Cancel),
        Action::UncancelStudy => {
            return change(&mut model.writes, &mut model.kernel, Change::Uncancel);
        }
        Action::OpenViewer => return links::open_targets(&mut model.writes, &mut model.kernel),
        Action::ToggleMark => {
            model.kernel.data.studies.toggle_mark();
            model.kernel.follow_cursor();
        }
        Action::MarkRange => model.kernel.data.studies.toggle_range(),
        Action::MarkAll => model.kernel.data.studies.toggle_all(),
        Action::GoWorklist => {
            return rosters::go(&mut model.lists, &mut model.kernel, Screen::Worklist);
        }
        Action::GoUsers => return rosters::go(&mut model.lists, &mut model.kernel, Screen::Users),
        Action::GoInvitations => {
            return rosters::go(&mut model.lists, &mut model.kernel, Screen::Invitations);
        }
        Action::GoClinic => clinics::choose(&mut model.shell, &mut model.kernel),
        Action::InviteUser => return invite::open(&mut model.kernel),
        Action::InviteAgain => return invite::open_again(&mut model.kernel),
        Action::EditUser | Action::EditInvitation => return flow::open_edit_of(&mut model.kernel),
        Action::RevokeAccess => return offboard::ask_revoke(&mut model.kernel),
        Action::Reactivate => return asking::ask_reactivate(&mut model.access, &mut model.kernel),
        Action::RevokeInvitation => return asking::ask_revoke_invitation(&mut model.kernel),
        // Only the list of invitations has it, and handles it there.
        Action::FilterExpiring => {}
        Action::Repeat => return undo::repeat(&mut model.writes, &mut model.kernel),
        Action::Undo => undo::ask_undo(&mut model.writes, &mut model.kernel),
        Action::Redo => undo::ask_redo(&mut model.writes, &mut model.kernel),
        Action::RetryFailed => return retry_failed(model),
        Action::NextChange => news::step(&mut model.kernel, true),
        Action::PreviousChange => news::step(&mut model.kernel, false),
        Action::ShowAlarm => return news::show_alarm(&mut model.lists, &mut model.kernel),
        Action::AcknowledgeAlarms => news::acknowledge_all(&mut model.lists),
        Action::ShowActivity => {
            undo::show_activity(&mut model.kernel);
            return earlier::seen(&mut model.writes);
        }
        Action::ShowUnresolved => {
            decisions::show(&mut model.access, &mut model.writes, &mut model.kernel)
        }
        Action::LookUp => {
            // A look is at a study, and what it offers to do is the worklist's.
            rosters::go(&mut model.lists, &mut model.kernel, Screen::Worklist);
            lookup::open(&mut model.kernel);
        }
        Action::CopyUid
        | Action::CopyId
        | Action::CopyRow
        | Action::CopyLink
        | Action::CopyCommand => return copy::copy(&mut model.writes, &mut model.kernel, action),
        Action::ToggleReadOnly => toggle_read_only(&mut model.kernel),
        Action::ShowHelp => {
            let reasons = reasons(model);
            pickers::help(&model.lists, &mut model.kernel, &|action| {
                reasons.get(&action).cloned()
            });
        }
        Action::ShowPalette => {
            let reasons = reasons(model);
            palette::open(&model.lists, &mut model.kernel, &|action| {
                reasons.get(&action).cloned()
            });
        }
        Action::Lock => return update::lock_screen(model),
        Action::ToggleOutage => return toggle_outage(&mut model.kernel),
        Action::Repaint => return vec![Effect::Repaint],
        Action::Suspend => return vec![Effect::Suspend],
        Action::GoBack => go_back(model),
        Action::Quit => return quit(model),
    }
    Vec::new()
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
    } else if model.kernel.data.studies.detail == Detail::Full {
        model.kernel.data.studies.detail = Detail::Pane;
        model.kernel.follow_cursor();
    } else if put_message_away(model) | model.kernel.data.studies.take_marks() {
    } else if model.kernel.data.studies.has_lingering() {
        model.lists.settle(&mut model.kernel, Cause::Refresh);
    } else if let Some(filter) = model.kernel.data.studies.step_back() {
        apply_filter(&mut model.lists, &mut model.kernel, filter);
        model.kernel.inform(Tone::Info, "Previous filter restored");
    } else {
        model
            .kernel
            .inform(Tone::Info, &nothing_to_go_back_from(&model.kernel));
    }
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
        return vec![Effect::Leave(Exit::Quit)];
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
