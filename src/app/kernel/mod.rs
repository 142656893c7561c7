//! What every part shares: the records as read, requests, what lies over the list, the notice.

pub mod attention;
pub mod follow_up;
pub mod invitation;
pub mod layers;
pub mod person;
pub mod records;
pub mod requests;
pub mod session;

use crate::app::action::Action;
use crate::app::action::keys::KeyTable;
use crate::app::action::screen::{Places, Screen};
use crate::app::edit::history::History;
use crate::app::edit::history::{self, About, Activity};
use crate::app::kernel::follow_up::FollowUp;
use crate::app::kernel::invitation::InvitationList;
use crate::app::kernel::layers::{Layers, Overlay};
use crate::app::kernel::person::UserList;
use crate::app::kernel::requests::Requests;
use crate::app::kernel::session::Session;
use crate::app::message::Size;
use crate::app::widget::geometry::{Detail, Geometry};
use crate::app::widget::lookup_box::Stage as LookupStage;
use crate::app::widget::notice::{Notice, Tone};
use crate::app::widget::record_list::RecordList;
use crate::app::widget::roster::PeopleList;
use crate::app::widget::study_list::StudyList;
use crate::input::{Chord, Keymap};
use crate::sync::Sync;
use crate::text::SafeText;
use crate::wire::StudyId;
use crate::worklist::{FilterContext, Scope};
use std::sync::Arc;

pub(in crate::app) const MINUTE: i64 = 60_000;

/// What every part shares.
#[derive(Debug, Clone)]
pub struct Kernel {
    /// Unix milliseconds by this machine's clock, as of the last message.
    pub now: i64,
    /// What to add to `now` to get the server's time: a wrong workstation clock must not lie about ages.
    pub clock_skew: i64,
    pub size: Size,
    pub session: Session,
    pub screen: Screen,
    /// The records as they were read.
    pub data: Data,
    pub requests: Requests,
    pub layers: Layers,
    /// Chords of an unfinished sequence.
    pub typed: Vec<Chord>,
    pub notice: Option<Notice>,
    /// What was done here, for undo and for the activity list.
    pub history: History,
    /// What must follow in other parts; `update` carries it out.
    pub follow_ups: Vec<FollowUp>,
    /// The keys as configured.
    pub keys: Arc<KeyTable>,
    /// For screen readers: lines instead of panes, and nothing moves by itself.
    pub is_plain: bool,
    /// Something that shows has changed since the last frame.
    pub needs_draw: bool,
}

/// The records that were read, and how far reading is.
#[derive(Debug, Clone)]
pub struct Data {
    pub studies: StudyList,
    pub users: UserList,
    pub invitations: InvitationList,
    pub sync: Sync,
}

impl Kernel {
    /// The time by the server's clock, Unix milliseconds.
    pub fn server_now(&self) -> i64 {
        self.now + self.clock_skew
    }

    pub fn filter_context(&self) -> FilterContext<'_> {
        FilterContext {
            now: self.server_now(),
            me: self.session.me,
            targets: &self.data.studies.targets,
        }
    }

    pub fn scope(&self) -> Scope {
        self.data.studies.filter.scope()
    }

    pub fn geometry(&self) -> Option<Geometry> {
        self.geometry_at(self.size)
    }

    /// What is on screen is older than it should be, or a read fails.
    pub fn is_stale(&self) -> bool {
        let scope = self.scope();
        self.data.sync.trouble(scope).is_some()
            || self.data.sync.is_stat_late(self.now)
            || self
                .data
                .sync
                .fresh_at(Scope::Open)
                .is_some_and(|at| self.now - at > 2 * self.session.refresh.open + MINUTE)
    }

    /// Reports something that went wrong outside of the model.
    pub fn warn(&mut self, text: &str) {
        self.inform(Tone::Bad, text);
    }

    /// Reports something that happened outside of the model.
    pub fn tell(&mut self, text: &str) {
        self.inform(Tone::Info, text);
    }

    pub fn inform(&mut self, tone: Tone, text: &str) {
        self.notice = Some(Notice {
            tone,
            text: SafeText::clean(text),
            is_refreshing: false,
        });
    }

    /// Says that everything is being read again, until it is.
    pub fn inform_refreshing(&mut self) {
        self.inform(Tone::Info, "Refreshing");
        if let Some(notice) = &mut self.notice {
            notice.is_refreshing = true;
        }
    }

    /// While a retry is waited for, the header counts the seconds.
    pub fn next_second_of_waiting(&self) -> Option<i64> {
        let at = self.data.sync.trouble(self.scope())?.retry_at()?;
        let left = at - self.now;
        (left > 0).then(|| at - (left - 1) / 1_000 * 1_000)
    }

    /// A look at a study lies over everything else and takes the keys.
    pub fn is_looking(&self) -> bool {
        self.layers
            .lookup
            .as_ref()
            .is_some_and(|look| !look.is_covered())
    }

    /// The study that the look shows.
    pub fn looked_up(&self) -> Option<StudyId> {
        match self.layers.lookup.as_ref()?.stage {
            LookupStage::Found { study, .. } if self.is_looking() => Some(study),
            _ => None,
        }
    }

    /// The study that an action is for: the one looked up, or the one under the cursor.
    pub fn study_in_focus(&self) -> Option<StudyId> {
        self.looked_up().or_else(|| self.data.studies.selected())
    }

    /// When the question on screen begins to listen.
    pub fn ignores_keys_until(&self) -> Option<i64> {
        match &self.layers.overlay {
            Some(Overlay::Confirm(confirm)) => confirm.gate.opens_at(),
            Some(Overlay::Form(form)) => form.asking()?.gate.opens_at(),
            _ => None,
        }
    }

    /// While something is being chosen, the list behind it stands still.
    pub fn is_frozen(&self) -> bool {
        self.layers.lookup.is_some()
            || matches!(
                self.layers.overlay,
                Some(
                    Overlay::Picker(_)
                        | Overlay::Confirm(_)
                        | Overlay::SaveView(_)
                        | Overlay::Form(_)
                        | Overlay::Refused(_)
                        | Overlay::Link(_)
                )
            )
    }

    pub fn follow_cursor(&mut self) {
        let page = self.geometry().map_or(1, |geometry| geometry.page());
        self.list_mut().keep_cursor_visible(page);
    }
}

impl Kernel {
    /// What the keys mean on this screen.
    pub fn keymap(&self) -> &Keymap<Action> {
        self.keys.keymap(self.screen)
    }

    /// What to type for an action.
    pub fn key(&self, action: Action) -> &str {
        self.keys.name(self.screen, action)
    }
}

impl Kernel {
    /// Where to go for an action that does not apply here.
    pub fn elsewhere(&self, on: Places) -> String {
        let (place, way) = if on.has(Screen::Worklist) {
            ("worklist", Action::GoWorklist)
        } else if on.has(Screen::Users) {
            ("users", Action::GoUsers)
        } else {
            ("invitations", Action::GoInvitations)
        };
        format!("on the {place} screen; {} goes there", self.key(way))
    }
}

impl Kernel {
    /// The list on screen.
    pub fn list(&self) -> &dyn RecordList {
        match self.screen {
            Screen::Worklist => &self.data.studies,
            Screen::Users => &self.data.users,
            Screen::Invitations => &self.data.invitations,
        }
    }

    pub fn list_mut(&mut self) -> &mut dyn RecordList {
        match self.screen {
            Screen::Worklist => &mut self.data.studies,
            Screen::Users => &mut self.data.users,
            Screen::Invitations => &mut self.data.invitations,
        }
    }

    /// The list of people on screen, if that is what shows.
    pub fn people(&self) -> Option<&dyn PeopleList> {
        match self.screen {
            Screen::Worklist => None,
            Screen::Users => Some(&self.data.users),
            Screen::Invitations => Some(&self.data.invitations),
        }
    }

    pub fn people_mut(&mut self) -> Option<&mut dyn PeopleList> {
        match self.screen {
            Screen::Worklist => None,
            Screen::Users => Some(&mut self.data.users),
            Screen::Invitations => Some(&mut self.data.invitations),
        }
    }

    /// Whether the worklist is on screen, and no list of people.
    pub fn shows_studies(&self) -> bool {
        self.people().is_none()
    }

    /// How much of the detail the screen shows.
    pub fn detail(&self) -> Detail {
        self.list().detail()
    }
}

impl Kernel {
    /// Notes something that cannot be undone: in the activity list, and as what undo names first.
    pub fn remember_lasting(&mut self, about: About, what: &str, instead: &str) {
        self.history.note(Activity {
            at: self.now,
            about,
            text: SafeText::clean(what),
            failed: false,
        });
        self.history
            .push(history::HistoryStep::lasting(what, self.now, instead));
    }

    /// The key that chooses a view, if it has one.
    pub fn view_key(&self, number: usize) -> Option<&str> {
        let action = Action::View(number.try_into().ok()?);
        self.keymap().keys_of(action).next()?;
        Some(self.key(action))
    }
}
