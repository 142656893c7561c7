//! Carrying out actions.

use crate::text::SafeText;
use crate::wire::{DicomUid, Severity, StudyViewerStatus, UserId};
use crate::worklist::{Filter, Scope};

use super::bulk::{self, Targets};
use super::geometry::Detail;
use super::keys::{apply_filter, change_filter};
use super::list::Cause;
use super::{
    Action, Change, Effect, Exit, Model, Overlay, Place, ReadOnly, Screen, Tone, access, attention,
    choose, clinics, columns, complete, copy, form, lock, lookup, news, palette, screens, undo,
    unresolved, unsettled, views,
};

/// Why an action cannot be done now, if it cannot.
pub fn disabled_reason(model: &Model, action: Action) -> Option<String> {
    let spec = action.spec();
    if !spec.on.has(model.kernel.screen) {
        return Some(format!("{} is {}", spec.brief(), model.elsewhere(spec.on)));
    }
    if let Some(reason) = screens::disabled_reason(model, action) {
        return Some(reason);
    }
    if model.pane().is_none() && action.needs_study() && model.study_in_focus().is_none() {
        return Some("There is no study under the cursor".into());
    }
    if action.is_write() {
        if let Some(reason) = model.read_only_reason() {
            return Some(reason);
        }
        if let Some(id) = model.study_in_focus()
            && action.needs_study()
            && form::is_sending(model, form::Subject::Study(id))
        {
            return Some("Still waiting for the server: the edited study".into());
        }
    }
    if action == Action::AssignToMe && model.kernel.session.me.is_none() {
        return Some(match &model.kernel.session.me_wanted {
            None => "Nobody is \"me\" yet: start with --me and your e-mail".into(),
            Some(wanted) => format!("{wanted} is not among the users"),
        });
    }
    let is_about_alarms = matches!(action, Action::ShowAlarm | Action::AcknowledgeAlarms);
    if is_about_alarms && model.lists.news.alarms().is_empty() {
        return Some("No new STAT study waits to be seen".into());
    }
    if action == Action::ToggleOutage && model.kernel.session.place != Place::Demo {
        return Some("Only the demo's server can be made to fail".into());
    }
    if action == Action::GoClinic {
        return clinics::disabled_reason(model);
    }
    if action == Action::ToggleReadOnly && model.kernel.session.read_only == ReadOnly::Forced {
        return model.read_only_reason();
    }
    views::disabled_reason(model, action)
}

pub(super) fn perform(model: &mut Model, action: Action) -> Vec<Effect> {
    model.kernel.needs_draw = true;
    if model.pane().is_none() {
        model.kernel.data.studies.take_cursor();
    }
    let reason = disabled_reason(model, action)
        .or_else(|| attention::marks_refused(model, action))
        .or_else(|| attention::unseen(model, action));
    if let Some(reason) = reason {
        attention::refuse(model, action, &reason);
        return Vec::new();
    }
    if !attention::opens(model, action) {
        return carry_out(model, action);
    }
    let notice = model.kernel.notice.take();
    let was_looking = model.kernel.layers.lookup.is_some();
    let effects = carry_out(model, action);
    let has_opened = model.kernel.layers.overlay.is_some()
        || model.kernel.layers.lookup.is_some() != was_looking;
    match (has_opened, model.kernel.notice.take()) {
        (true, said) => model.kernel.notice = said.or(notice),
        // Nothing opened, and the keys that follow are meant for it.
        (false, Some(said)) => attention::refuse(model, action, &said.text),
        (false, None) => attention::refuse(model, action, "There is nothing to do this with"),
    }
    effects
}

/// Does an action for the study of the lookup. What it opens lies over the lookup, and what is open
/// underneath is set aside.
pub(super) fn perform_in_lookup(model: &mut Model, action: Action) -> Vec<Effect> {
    if !action.needs_study() {
        return perform(model, action);
    }
    if matches!(&model.kernel.layers.overlay, Some(Overlay::Form(form)) if form.is_sending()) {
        let text = "The form underneath still waits for the server; Esc goes back to it";
        attention::refuse(model, action, text);
        return Vec::new();
    }
    let beneath = model.kernel.layers.overlay.take();
    let effects = perform(model, action);
    match model.kernel.layers.overlay.take() {
        None => model.kernel.layers.overlay = beneath,
        Some(opened) => lookup::cover(model, opened, beneath),
    }
    effects
}

fn carry_out(model: &mut Model, action: Action) -> Vec<Effect> {
    if let Some(effects) = screens::perform(model, action) {
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
        | Action::PageUp => move_cursor(model, action),
        Action::ShowDetail => show_detail(model),
        Action::ToggleDetail => toggle_detail(model),
        Action::ScrollDetailDown => scroll_detail(model, 1),
        Action::ScrollDetailUp => scroll_detail(model, -1),
        Action::EditFilter => {
            model.kernel.data.studies.begin_typing();
            model.kernel.layers.overlay = Some(Overlay::Filter(complete::open(model)));
        }
        Action::FilterSeverity => choose::severity(model),
        Action::FilterStatus => choose::status(model),
        Action::FilterAssignee => return choose::filter_assignee(model),
        Action::FilterCustomer => choose::customer(model),
        Action::FilterCancelled => toggle_cancelled(model),
        Action::ClearFilter => change_filter(model, Filter::default()),
        Action::Refresh => refresh(model),
        Action::ViewAll
        | Action::View1
        | Action::View2
        | Action::View3
        | Action::View4
        | Action::View5
        | Action::View6
        | Action::View7
        | Action::View8
        | Action::View9 => views::choose(model, views::number(action)),
        Action::PreviousView => views::step(model, -1),
        Action::NextView => views::step(model, 1),
        Action::SaveView => views::ask_name(model),
        Action::SortBy => columns::choose_sort(model),
        Action::ChooseColumns => columns::choose_columns(model),
        Action::AssignStudy => return choose::assignee(model),
        Action::AssignToMe => return assign_to_me(model),
        Action::UnassignStudy => return change(model, Change::Unassign),
        Action::SetStat => return change(model, Change::Severity(Severity::Stat)),
        Action::SetHigh => return change(model, Change::Severity(Severity::High)),
        Action::SetNormal => return change(model, Change::Severity(Severity::Normal)),
        Action::MarkComplete => {
            return change(model, Change::Status(StudyViewerStatus::Complete));
        }
        Action::MarkIncomplete => {
            return change(model, Change::Status(StudyViewerStatus::Incomplete));
        }
        Action::CreateStudy => return form::open_create(model),
        Action::EditStudy => return form::open_edit(model),
        Action::CancelStudy => return change(model, Change::Cancel),
        Action::UncancelStudy => return change(model, Change::Uncancel),
        Action::OpenViewer => return bulk::open_targets(model),
        Action::ToggleMark => {
            model.kernel.data.studies.toggle_mark();
            model.follow_cursor();
        }
        Action::MarkRange => model.kernel.data.studies.toggle_range(),
        Action::MarkAll => model.kernel.data.studies.toggle_all(),
        Action::GoWorklist => return screens::go(model, Screen::Worklist),
        Action::GoUsers => return screens::go(model, Screen::Users),
        Action::GoInvitations => return screens::go(model, Screen::Invitations),
        Action::GoClinic => clinics::choose(model),
        Action::InviteUser => return form::open_invite(model),
        Action::InviteAgain => return form::open_invite_again(model),
        Action::EditUser | Action::EditInvitation => return form::open_edit_of(model),
        Action::RevokeAccess => return access::ask_revoke(model),
        Action::Reactivate => return access::ask_reactivate(model),
        Action::RevokeInvitation => return access::ask_revoke_invitation(model),
        // Only the list of invitations has it, and it was done there.
        Action::FilterExpiring => {}
        Action::Repeat => return undo::repeat(model),
        Action::Undo => undo::ask_undo(model),
        Action::Redo => undo::ask_redo(model),
        Action::RetryFailed => return retry_failed(model),
        Action::NextChange => news::step(model, true),
        Action::PreviousChange => news::step(model, false),
        Action::ShowAlarm => return news::show_alarm(model),
        Action::AcknowledgeAlarms => news::acknowledge_all(model),
        Action::ShowActivity => {
            undo::show_activity(model);
            return unsettled::seen(model);
        }
        Action::ShowUnresolved => unresolved::show(model),
        Action::LookUp => {
            // A look is at a study, and what it offers to do is the worklist's.
            screens::go(model, Screen::Worklist);
            lookup::open(model);
        }
        Action::CopyUid
        | Action::CopyId
        | Action::CopyRow
        | Action::CopyLink
        | Action::CopyCommand => return copy::copy(model, action),
        Action::ToggleReadOnly => toggle_read_only(model),
        Action::ShowHelp => choose::help(model),
        Action::ShowPalette => palette::open(model),
        Action::Lock => return lock::lock(model),
        Action::ToggleOutage => return toggle_outage(model),
        Action::Repaint => return vec![Effect::Repaint],
        Action::Suspend => return vec![Effect::Suspend],
        Action::GoBack => go_back(model),
        Action::Quit => return quit(model),
    }
    Vec::new()
}

fn move_cursor(model: &mut Model, action: Action) {
    let page = model.geometry().map_or(1, |geometry| geometry.page()) as isize;
    match action {
        Action::MoveDown => model.kernel.data.studies.move_by(1),
        Action::MoveUp => model.kernel.data.studies.move_by(-1),
        Action::MoveTop => model.kernel.data.studies.point_at(0),
        Action::MoveBottom => model.kernel.data.studies.point_at(usize::MAX),
        Action::HalfPageDown => model.kernel.data.studies.move_by((page / 2).max(1)),
        Action::HalfPageUp => model.kernel.data.studies.move_by(-(page / 2).max(1)),
        Action::PageDown => model.kernel.data.studies.move_by(page.max(1)),
        Action::PageUp => model.kernel.data.studies.move_by(-page.max(1)),
        _ => {}
    }
    model.follow_cursor();
}

fn show_detail(model: &mut Model) {
    model.kernel.data.studies.detail = match model.kernel.data.studies.detail {
        Detail::Full => Detail::Pane,
        Detail::Hidden | Detail::Pane => Detail::Full,
    };
    model.follow_cursor();
}

fn toggle_detail(model: &mut Model) {
    model.kernel.data.studies.detail = match model.kernel.data.studies.detail {
        Detail::Hidden => Detail::Pane,
        Detail::Pane | Detail::Full => Detail::Hidden,
    };
    model.follow_cursor();
}

pub(super) fn scroll_detail(model: &mut Model, lines: i16) {
    // The view stops at the last line; the model only keeps the wish from running away.
    model.kernel.data.studies.detail_scroll = model
        .kernel
        .data
        .studies
        .detail_scroll
        .saturating_add_signed(lines)
        .min(500);
}

fn toggle_cancelled(model: &mut Model) {
    let value = match model.scope() {
        Scope::Cancelled => None,
        Scope::Open | Scope::Complete | Scope::Any => Some("cancelled"),
    };
    let filter = model.kernel.data.studies.filter.with_term("is", value);
    change_filter(model, filter);
}

fn refresh(model: &mut Model) {
    model
        .kernel
        .data
        .sync
        .refresh(model.scope(), model.kernel.now);
    model.settle(Cause::Refresh);
    model.inform_refreshing();
}

fn assign_to_me(model: &mut Model) -> Vec<Effect> {
    match (bulk::targets(model), model.kernel.session.me) {
        (Some(targets), Some(me)) => assign(model, targets, me),
        _ => Vec::new(),
    }
}

/// Assigns studies that were chosen earlier, which need not be under the cursor any more.
pub(super) fn assign(model: &mut Model, targets: Targets, to: UserId) -> Vec<Effect> {
    let name = match model.kernel.data.users.get(to) {
        Some(person) => person.name.clone(),
        None => model
            .kernel
            .data
            .studies
            .store
            .people()
            .find(|person| person.id == to)
            .map(|person| person.name.clone())
            .unwrap_or_else(|| SafeText::clean(&to.to_string())),
    };
    bulk::change_targets(model, Some(targets), Change::Assign { to, name })
}

fn change(model: &mut Model, wanted: Change) -> Vec<Effect> {
    let targets = bulk::targets(model);
    bulk::change_targets(model, targets, wanted)
}

/// A looked-up UID that no study has: begins a new study with it.
pub(super) fn create_with_uid(model: &mut Model, uid: &DicomUid) -> Vec<Effect> {
    let effects = perform(model, Action::CreateStudy);
    if let Some(Overlay::Form(form)) = &mut model.kernel.layers.overlay {
        form.paste(uid.as_str());
    }
    effects
}

/// Tries every failed change again, of studies and of access.
fn retry_failed(model: &mut Model) -> Vec<Effect> {
    let mut effects = access::retry_failed(model);
    let text = if effects.is_empty() {
        "Nothing has failed"
    } else {
        "Trying again"
    };
    model.inform(Tone::Info, text);
    effects.extend(bulk::retry_failed(model));
    effects
}

fn toggle_read_only(model: &mut Model) {
    model.kernel.session.read_only = match model.kernel.session.read_only {
        ReadOnly::Off => ReadOnly::On,
        ReadOnly::On => ReadOnly::Off,
        ReadOnly::Forced => ReadOnly::Forced,
    };
    let text = match model.kernel.session.read_only {
        ReadOnly::Off => "Changes are possible again".to_owned(),
        ReadOnly::On | ReadOnly::Forced => format!(
            "Read-only: nothing can be changed; {} switches it off",
            model.key(Action::ToggleReadOnly)
        ),
    };
    model.inform(Tone::Info, &text);
}

/// So that people can see what an outage looks like before they meet one.
fn toggle_outage(model: &mut Model) -> Vec<Effect> {
    model.kernel.session.has_outage = !model.kernel.session.has_outage;
    let text = if model.kernel.session.has_outage {
        "The demo's server fails from now on; the same again ends it".to_owned()
    } else {
        format!(
            "The demo's server works again; {} reads everything anew",
            model.key(Action::Refresh)
        )
    };
    model.inform(Tone::Info, &text);
    vec![Effect::Outage(model.kernel.session.has_outage)]
}

/// One step back: the nearest thing that Esc can undo on screen.
fn go_back(model: &mut Model) {
    if model.shell.leaving {
        model.shell.leaving = false;
        model.inform(Tone::Info, "Staying");
    } else if model.kernel.data.studies.detail == Detail::Full {
        model.kernel.data.studies.detail = Detail::Pane;
        model.follow_cursor();
    } else if put_message_away(model) | model.kernel.data.studies.take_marks() {
    } else if model.kernel.data.studies.has_lingering() {
        model.settle(Cause::Refresh);
    } else if let Some(filter) = model.kernel.data.studies.step_back() {
        apply_filter(model, filter);
        model.inform(Tone::Info, "The filter before");
    } else {
        model.inform(Tone::Info, &nothing_to_go_back_from(model));
    }
}

/// Esc stops at the view's own filter.
fn nothing_to_go_back_from(model: &Model) -> String {
    format!(
        "Nothing to go back from; {} is the view before, {} quits",
        model.key(Action::PreviousView),
        model.key(Action::Quit)
    )
}

/// Puts away what the status line says. Failures and conflicts keep waiting. Returns whether there was
/// anything.
pub(super) fn put_message_away(model: &mut Model) -> bool {
    model.access.put_away() | model.writes.changes.put_away() | model.kernel.notice.take().is_some()
}

/// Quits at once, or after the pending changes; asked twice, at once.
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
        "{what} on the way; leaving when done. {} again leaves now, {} stays",
        model.key(Action::Quit),
        model.key(Action::GoBack)
    );
    model.inform(Tone::Bad, &text);
    Vec::new()
}
