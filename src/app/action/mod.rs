//! Everything a person can do, in one table that feeds keys, hints, help and the documentation.

pub mod keys;
pub mod screen;

use crate::app::action::screen::Places;

/// Something a person can ask for by a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    MoveDown,
    MoveUp,
    MoveTop,
    MoveBottom,
    HalfPageDown,
    HalfPageUp,
    PageDown,
    PageUp,
    ShowDetail,
    ToggleDetail,
    ScrollDetailDown,
    ScrollDetailUp,
    EditFilter,
    FilterSeverity,
    FilterStatus,
    FilterAssignee,
    FilterCancelled,
    FilterCustomer,
    FilterExpiring,
    ClearFilter,
    Refresh,
    NextChange,
    PreviousChange,
    ShowAlarm,
    AcknowledgeAlarms,
    LookUp,
    /// A view by its number; 0 stands for all open studies.
    View(u8),
    PreviousView,
    NextView,
    SaveView,
    SortBy,
    ChooseColumns,
    AssignStudy,
    AssignToMe,
    UnassignStudy,
    SetStat,
    SetHigh,
    SetNormal,
    MarkComplete,
    MarkIncomplete,
    CancelStudy,
    UncancelStudy,
    CreateStudy,
    EditStudy,
    OpenViewer,
    ToggleMark,
    MarkRange,
    MarkAll,
    Repeat,
    Undo,
    Redo,
    RetryFailed,
    ShowActivity,
    ShowUnresolved,
    CopyUid,
    CopyId,
    CopyRow,
    CopyLink,
    CopyCommand,
    GoWorklist,
    GoUsers,
    GoInvitations,
    GoClinic,
    InviteUser,
    EditUser,
    RevokeAccess,
    Reactivate,
    InviteAgain,
    EditInvitation,
    RevokeInvitation,
    ToggleReadOnly,
    ShowHelp,
    ShowPalette,
    Lock,
    ToggleOutage,
    Repaint,
    Suspend,
    GoBack,
    Quit,
}

/// A heading of the help and of the key table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Move,
    Filter,
    View,
    Study,
    Marks,
    Go,
    People,
    Program,
}

impl Group {
    pub const ALL: [Self; 8] = [
        Self::Move,
        Self::Filter,
        Self::View,
        Self::Study,
        Self::Marks,
        Self::Go,
        Self::People,
        Self::Program,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Self::Move => "Moving",
            Self::Filter => "Filtering",
            Self::View => "Views, sort order and columns",
            Self::Study => "The study under the cursor",
            Self::Marks => "Several studies, and undo",
            Self::Go => "Other screens",
            Self::People => "Users and invitations",
            Self::Program => "The program",
        }
    }

    /// Where the actions of this group apply, unless one says otherwise.
    const fn places(self) -> Places {
        match self {
            Self::View | Self::Study | Self::Marks => Places::WORKLIST,
            Self::Move | Self::Filter | Self::Go | Self::People | Self::Program => {
                Places::EVERYWHERE
            }
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub struct ActionSpec {
    pub action: Action,
    /// The name in configuration and documentation.
    pub name: &'static str,
    /// What it does, as a person would say it.
    pub doc: &'static str,
    /// A word or two for the hint line and the prefix popup.
    pub short: &'static str,
    pub group: Group,
    /// The screens on which it applies.
    pub on: Places,
    /// Default key sequences.
    pub keys: &'static [&'static str],
    /// It opens something that takes text or a choice: what is typed next is meant for that.
    pub opens: bool,
    /// For several studies it asks first, which opens a question.
    pub asks_for_many: bool,
    /// It is for one study at a time, whatever is marked.
    pub for_one: bool,
    /// What it is for.
    pub needs: Needs,
    /// It changes something on the server.
    pub writes: bool,
    /// It asks before it writes.
    pub asks: bool,
    /// It does again what a person has just asked for and seen.
    pub repeats: bool,
}

/// What an action is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    Nothing,
    /// The study under the cursor, the marked studies, or the one that is looked up.
    Study,
    /// The user under the cursor.
    User,
    /// The invitation under the cursor.
    Invitation,
    /// Whatever is under the cursor of the list on screen.
    Record,
}

const fn spec(
    action: Action,
    group: Group,
    name: &'static str,
    keys: &'static [&'static str],
    short: &'static str,
    doc: &'static str,
) -> ActionSpec {
    ActionSpec {
        action,
        name,
        doc,
        short,
        group,
        on: group.places(),
        keys,
        opens: false,
        asks_for_many: false,
        for_one: false,
        needs: Needs::Nothing,
        writes: false,
        asks: false,
        repeats: false,
    }
}

impl ActionSpec {
    /// What it does, without the additions behind the semicolon.
    pub fn brief(&self) -> &'static str {
        self.doc.split(';').next().unwrap_or(self.doc)
    }

    const fn on(self, on: Places) -> Self {
        Self { on, ..self }
    }

    const fn opens(self) -> Self {
        Self {
            opens: true,
            ..self
        }
    }

    const fn asks_for_many(self) -> Self {
        Self {
            asks_for_many: true,
            ..self
        }
    }

    const fn for_one(self) -> Self {
        Self {
            for_one: true,
            ..self
        }
    }

    const fn needs(self, needs: Needs) -> Self {
        Self { needs, ..self }
    }

    const fn writes(self) -> Self {
        Self {
            writes: true,
            ..self
        }
    }

    const fn asks(self) -> Self {
        Self { asks: true, ..self }
    }

    const fn repeats(self) -> Self {
        Self {
            repeats: true,
            ..self
        }
    }
}

/// Every action, in the order of the help.
#[rustfmt::skip]
pub const ACTIONS: &[ActionSpec] = &{
    use Action as A;
    use Group as G;
    use Places as P;
    [
        spec(A::MoveDown, G::Move, "move_down", &["j", "Down"], "down", "Next row"),
        spec(A::MoveUp, G::Move, "move_up", &["k", "Up"], "up", "Previous row"),
        spec(A::MoveTop, G::Move, "move_top", &["g g", "Home"], "top", "First row"),
        spec(A::MoveBottom, G::Move, "move_bottom", &["G", "End"], "bottom", "Last row"),
        spec(A::HalfPageDown, G::Move, "half_page_down", &["Ctrl-d"], "half page down", "Half a page down"),
        spec(A::HalfPageUp, G::Move, "half_page_up", &["Ctrl-u"], "half page up", "Half a page up"),
        spec(A::PageDown, G::Move, "page_down", &["PgDn"], "page down", "One page down"),
        spec(A::PageUp, G::Move, "page_up", &["PgUp"], "page up", "One page up"),
        spec(A::ShowDetail, G::Move, "show_detail", &["Enter"], "detail", "Show the details full screen, or go back").needs(Needs::Record),
        spec(A::ToggleDetail, G::Move, "toggle_detail", &["p"], "pane", "Show or hide the detail pane"),
        spec(A::ScrollDetailDown, G::Move, "scroll_detail_down", &["J"], "scroll", "Scroll the detail pane down"),
        spec(A::ScrollDetailUp, G::Move, "scroll_detail_up", &["K"], "scroll up", "Scroll the detail pane up"),
        spec(A::EditFilter, G::Filter, "edit_filter", &["/"], "filter", "Type a filter").opens(),
        spec(A::FilterSeverity, G::Filter, "filter_severity", &["f s"], "severity", "Filter by severity").on(P::WORKLIST).opens(),
        spec(A::FilterStatus, G::Filter, "filter_status", &["f t"], "status", "Filter by status").on(P::WORKLIST).opens(),
        spec(A::FilterAssignee, G::Filter, "filter_assignee", &["f a"], "assignee", "Filter by assignee").on(P::WORKLIST).opens(),
        spec(A::FilterCancelled, G::Filter, "filter_cancelled", &["f c"], "cancelled", "Show cancelled studies, or go back to open ones").on(P::WORKLIST),
        spec(A::FilterCustomer, G::Filter, "filter_customer", &["f u"], "customer", "Filter by customer").on(P::WORKLIST).opens(),
        spec(A::FilterExpiring, G::Filter, "filter_expiring", &["f e"], "expiring", "Pending invitations that expire within 48 hours").on(P::INVITATIONS),
        spec(A::ClearFilter, G::Filter, "clear_filter", &["f x"], "clear", "Clear the filter"),
        spec(A::Refresh, G::Filter, "refresh", &["r", "F5"], "refresh", "Refresh from the server"),
        spec(A::NextChange, G::Filter, "next_change", &["}"], "next change", "Next study changed by someone else").on(P::WORKLIST),
        spec(A::PreviousChange, G::Filter, "previous_change", &["{"], "previous change", "Previous study changed by someone else").on(P::WORKLIST),
        spec(A::ShowAlarm, G::Filter, "show_alarm", &["b"], "new STAT", "Go to the new STAT study in the alert"),
        spec(A::AcknowledgeAlarms, G::Filter, "acknowledge_alarms", &["B"], "dismiss", "Dismiss the alert about new STAT studies"),
        spec(A::LookUp, G::Filter, "look_up", &["g u", "Ctrl-g"], "look up", "Find a study by UID or id, from any screen; pasting one also works").opens(),
        spec(A::View(0), G::View, "view_all", &["0"], "all", "All open studies"),
        spec(A::View(1), G::View, "view_1", &["1"], "view 1", "View 1"),
        spec(A::View(2), G::View, "view_2", &["2"], "view 2", "View 2"),
        spec(A::View(3), G::View, "view_3", &["3"], "view 3", "View 3"),
        spec(A::View(4), G::View, "view_4", &["4"], "view 4", "View 4"),
        spec(A::View(5), G::View, "view_5", &["5"], "view 5", "View 5"),
        spec(A::View(6), G::View, "view_6", &["6"], "view 6", "View 6"),
        spec(A::View(7), G::View, "view_7", &["7"], "view 7", "View 7"),
        spec(A::View(8), G::View, "view_8", &["8"], "view 8", "View 8"),
        spec(A::View(9), G::View, "view_9", &["9"], "view 9", "View 9"),
        spec(A::PreviousView, G::View, "previous_view", &["[", "H"], "previous", "Previous view"),
        spec(A::NextView, G::View, "next_view", &["]", "L"], "next", "Next view"),
        spec(A::SaveView, G::View, "save_view", &["V"], "save view", "Save filter, sort order and columns as a view").opens(),
        spec(A::SortBy, G::View, "sort_by", &["S"], "sort", "Choose the sort order; select again to reverse").opens(),
        spec(A::ChooseColumns, G::View, "choose_columns", &["C"], "columns", "Choose the columns").opens(),
        spec(A::AssignStudy, G::Study, "assign_study", &["a"], "assign", "Assign the study to someone").opens().needs(Needs::Study).writes().asks(),
        spec(A::AssignToMe, G::Study, "assign_to_me", &["A m"], "to me", "Assign the study to me").asks_for_many().needs(Needs::Study).writes(),
        spec(A::UnassignStudy, G::Study, "unassign_study", &["A u"], "unassign", "Unassign the study").asks_for_many().needs(Needs::Study).writes(),
        spec(A::SetStat, G::Study, "set_stat", &["s s"], "STAT", "Set the severity to stat").asks_for_many().needs(Needs::Study).writes(),
        spec(A::SetHigh, G::Study, "set_high", &["s h"], "HIGH", "Set the severity to high").asks_for_many().needs(Needs::Study).writes(),
        spec(A::SetNormal, G::Study, "set_normal", &["s n"], "normal", "Set the severity to normal").asks_for_many().needs(Needs::Study).writes(),
        spec(A::MarkComplete, G::Study, "mark_complete", &["m c"], "complete", "Mark the study complete").asks_for_many().needs(Needs::Study).writes(),
        spec(A::MarkIncomplete, G::Study, "mark_incomplete", &["m i"], "incomplete", "Mark the study incomplete").asks_for_many().needs(Needs::Study).writes(),
        spec(A::CancelStudy, G::Study, "cancel_study", &["x"], "cancel", "Cancel the study; asks first").opens().needs(Needs::Study).writes().asks(),
        spec(A::UncancelStudy, G::Study, "uncancel_study", &["X"], "restore", "Restore a cancelled study; asks first").opens().needs(Needs::Study).writes().asks(),
        spec(A::CreateStudy, G::Study, "create_study", &["c"], "create", "Create a study").opens().writes().asks(),
        spec(A::EditStudy, G::Study, "edit_study", &["e"], "edit", "Edit the study and its metadata").opens().for_one().needs(Needs::Study).writes().asks(),
        spec(A::OpenViewer, G::Study, "open_viewer", &["o"], "open", "Open the study in the viewer").asks_for_many().needs(Needs::Study),
        spec(A::ToggleMark, G::Marks, "toggle_mark", &["Space"], "mark", "Mark the study and move down; the next action is for all marked").needs(Needs::Study),
        spec(A::MarkRange, G::Marks, "mark_range", &["v"], "range", "Start a range here, or end it").needs(Needs::Study),
        spec(A::MarkAll, G::Marks, "mark_all", &["*"], "all", "Mark all studies shown, or none"),
        spec(A::Repeat, G::Marks, "repeat", &["."], "repeat", "Repeat your last change here").asks_for_many().needs(Needs::Study).writes().repeats(),
        spec(A::Undo, G::Marks, "undo", &["u"], "undo", "Undo your last change; asks first").on(P::EVERYWHERE).opens().writes().asks(),
        spec(A::Redo, G::Marks, "redo", &["U"], "redo", "Redo what you last undid; asks first").on(P::EVERYWHERE).opens().writes().asks(),
        spec(A::RetryFailed, G::Marks, "retry_failed", &["R"], "retry", "Retry all failed changes").on(P::EVERYWHERE).writes().repeats(),
        spec(A::ShowActivity, G::Marks, "show_activity", &["@"], "activity", "Show what you have changed since the start").on(P::EVERYWHERE).opens(),
        spec(A::ShowUnresolved, G::Marks, "show_unresolved", &["E"], "decide", "Decide on changes that failed or conflict with someone else's").on(P::EVERYWHERE).opens(),
        spec(A::CopyUid, G::Study, "copy_uid", &["y u"], "UID", "Copy the UID").needs(Needs::Study),
        spec(A::CopyId, G::Study, "copy_id", &["y i"], "id", "Copy the study's id").needs(Needs::Study),
        spec(A::CopyRow, G::Study, "copy_row", &["y r"], "row", "Copy the row for a spreadsheet").needs(Needs::Study),
        spec(A::CopyLink, G::Study, "copy_link", &["y l"], "link", "Copy a viewer link; anyone with it can open the study").for_one().needs(Needs::Study),
        spec(A::CopyCommand, G::Study, "copy_command", &["y c"], "command", "Copy the command that shows the study").for_one().needs(Needs::Study),
        spec(A::GoWorklist, G::Go, "go_worklist", &["g w"], "worklist", "The worklist"),
        spec(A::GoUsers, G::Go, "go_users", &["g p"], "users", "The users of the clinic"),
        spec(A::GoInvitations, G::Go, "go_invitations", &["g i"], "invitations", "The invitations that were sent"),
        spec(A::GoClinic, G::Go, "go_clinic", &["g c"], "clinic", "Another clinic in the configuration file").opens(),
        spec(A::InviteUser, G::People, "invite_user", &["i"], "invite", "Invite a user by e-mail").on(P::USERS).opens().writes().asks(),
        spec(A::EditUser, G::People, "edit_user", &["e"], "edit", "Edit the user").on(P::USERS).opens().needs(Needs::User).writes().asks(),
        spec(A::RevokeAccess, G::People, "revoke_access", &["x"], "revoke", "Revoke the user's access; shows their open studies and asks first").on(P::USERS).opens().needs(Needs::User).writes().asks(),
        spec(A::Reactivate, G::People, "reactivate", &["X"], "reactivate", "Restore the user's access; asks first").on(P::USERS).opens().needs(Needs::User).writes().asks(),
        spec(A::InviteAgain, G::People, "invite_again", &["i"], "invite again", "Invite the same person again").on(P::INVITATIONS).opens().needs(Needs::Invitation).writes().asks(),
        spec(A::EditInvitation, G::People, "edit_invitation", &["e"], "edit", "Edit the invitation while it is pending").on(P::INVITATIONS).opens().needs(Needs::Invitation).writes().asks(),
        spec(A::RevokeInvitation, G::People, "revoke_invitation", &["x"], "revoke", "Revoke the invitation; asks first").on(P::INVITATIONS).opens().needs(Needs::Invitation).writes().asks(),
        spec(A::ToggleReadOnly, G::Program, "toggle_read_only", &["!"], "read-only", "Switch read-only on or off"),
        spec(A::ShowHelp, G::Program, "show_help", &["?", "F1"], "help", "Search the actions on this screen and run one").opens(),
        spec(A::ShowPalette, G::Program, "show_palette", &[":", "Ctrl-p"], "palette", "Search all actions by name, with their commands").opens(),
        spec(A::Lock, G::Program, "lock", &["Ctrl-l"], "lock", "Lock now: hide the screen and clear the data; Enter unlocks"),
        spec(A::ToggleOutage, G::Program, "toggle_outage", &["F8"], "outage", "Demo only: make the server fail, or work again"),
        spec(A::Repaint, G::Program, "repaint", &["Ctrl-r"], "redraw", "Redraw the screen"),
        spec(A::Suspend, G::Program, "suspend", &["Ctrl-z"], "suspend", "Return to the shell; fg resumes"),
        spec(A::GoBack, G::Program, "go_back", &["Esc"], "back", "Close, dismiss, or return to the previous filter; never quits"),
        spec(A::Quit, G::Program, "quit", &["q", "Ctrl-c"], "quit", "Quit"),
    ]
};

/// What the first chord of a sequence stands for, as the title of the prefix popup.
pub fn prefix_title(first: &str) -> &'static str {
    match first {
        "f" => "Filter by",
        "A" => "Assign",
        "s" => "Severity",
        "m" => "Mark",
        "g" => "Go to",
        "y" => "Copy",
        _ => "After",
    }
}

impl Action {
    /// Its place in [`ACTIONS`].
    pub fn index(self) -> usize {
        // The table holds every action: `every_action_is_in_the_table` proves it.
        let mut specs = ACTIONS.iter();
        specs.position(|spec| spec.action == self).unwrap_or(0)
    }

    pub fn spec(self) -> &'static ActionSpec {
        &ACTIONS[self.index()]
    }

    /// Whether it changes something on the server.
    pub fn is_write(self) -> bool {
        self.spec().writes
    }

    /// Whether it is for a study: under the cursor, marked or looked up.
    pub fn needs_study(self) -> bool {
        matches!(self.spec().needs, Needs::Study | Needs::Record)
    }
}

impl ActionSpec {
    /// Whether it may have a single key although it changes data.
    pub fn may_have_one_key(&self) -> bool {
        self.asks || self.repeats
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_in_the_table_once_with_its_own_name_and_a_key() {
        for (i, spec) in ACTIONS.iter().enumerate() {
            assert_eq!(spec.action.index(), i, "{} stands twice", spec.name);
            assert!(!spec.keys.is_empty() && !spec.doc.is_empty());
            assert!(ACTIONS[i + 1..].iter().all(|other| other.name != spec.name));
        }
    }

    #[test]
    fn no_single_plain_key_changes_data() {
        for spec in ACTIONS.iter().filter(|spec| spec.writes) {
            for keys in spec.keys {
                let is_sequence = keys.contains(' ');
                assert!(is_sequence || spec.may_have_one_key(), "{}", spec.name);
            }
        }
    }
}
