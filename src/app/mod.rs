//! The program as a pure function: a model, messages that change it, and the effects that it asks for.
//!
//! Nothing here reads a clock, a terminal or a network. The runtime passes the time with every message
//! and carries out the effects; the view draws the model.

pub mod access;
pub mod action;
pub mod decisions;
pub mod edit;
pub mod forms;
pub mod kernel;
pub mod lists;
pub mod lookup;
pub mod message;
pub mod pickers;
pub mod reading;
pub mod shell;
pub mod update;
pub mod widget;
pub mod writes;

pub use crate::sync::Doubt;
pub use crate::sync::Lane;
pub use crate::sync::LaneKind;
pub use crate::sync::Pace;
pub use crate::sync::Sync;
pub use crate::sync::Trouble;
pub use access::{Access, AccessFailed, KnownAccess};
pub use action::keys::KeyTable;
pub use action::keys::custom::{Rebinding, Refused, action_named};
pub use action::keys::hints::Hint;
pub use action::keys::print::{FIXED, FixedKeys};
pub use action::screen::{Places, Screen};
pub use action::{ACTIONS, Action, ActionSpec, Group, prefix_title};
pub use decisions::verdict;
pub use edit::change::Change;
pub use edit::decision::{Decision, Rehome, Unresolved};
pub use edit::job::Got;
pub use edit::targets::SelectedStudies;
pub use kernel::attention::ScreenRoom;
pub use kernel::follow_up::{FollowUp, Saved};
pub use kernel::invitation::{InvitationList, ListedInvitation};
pub use kernel::layers::{Layers, Overlay};
pub use kernel::person::{ListedUser, UserList};
pub use kernel::requests::Requests;
pub use kernel::session::Watch;
pub use kernel::session::{Environment, ReadOnly, Session};
pub use kernel::{Data, Kernel};
pub use lists::Lists;
pub use lists::news::News;
pub use lists::views::Views;
pub use lookup::why_unlisted;
pub use message::access_change::AccessChange;
pub use message::clip::{Clip, Copied, Copying};
pub use message::effect::{Call, Effect, ExitReason, SavedView};
pub use message::{Msg, Opening, Reply, Size, Ticket};
pub use shell::ShellState;
pub use shell::clinics::{Clinic, Clinics};
pub use shell::first_run::FirstRun;
pub use shell::lock::{Lock, WatchedCounts};
pub use update::app::App;
pub use update::refusals::disabled_reason;
pub use update::{Model, start, update};
pub use widget::completion::Completion;
pub use widget::confirm::{Confirm, ConfirmedAction, KeyGate};
#[cfg(test)]
pub use widget::defect::{Defect, plant};
pub use widget::filter_box::{FilterBox, Language};
pub use widget::form::Form;
pub use widget::line::LineEdit;
pub use widget::lookup_box::{Lookup, Stage as LookupStage};
pub use widget::notice::{Notice, Tone};
pub use widget::picker::{Choice, Item, Picker, PickerPurpose};
pub use widget::record_list::RecordList;
pub use widget::refusal::Refusal;
pub use widget::roster::{PeopleList, Roster, RosterRecord};
pub use widget::save_box::SaveBox;
pub use widget::study_list::{Mark, StudyList};
pub use widget::walk::ListReading;
pub use writes::Writes;
pub use writes::changes::{Conflict, Failed, PendingChanges};
pub use writes::earlier::EarlierChanges;

#[cfg(test)]
pub(crate) mod tests;
