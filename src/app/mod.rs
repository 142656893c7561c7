//! The program as a pure function: a model, messages that change it, and the effects that it asks for.
//!
//! Nothing here reads a clock, a terminal or a network. The runtime passes the time with every message
//! and carries out the effects; the view draws the model.

mod access;
mod act;
mod action;
mod attention;
mod bulk;
mod calls;
mod changes;
mod choose;
mod clinics;
pub mod columns;
mod complete;
mod confirm;
mod copy;
mod effect;
mod fetch;
mod filter_box;
mod finish;
pub mod first_run;
pub mod form;
pub mod geometry;
mod invitations;
mod keep_up;
mod key_table;
mod keys;
mod known;
mod line;
mod list;
mod lock;
mod lookup;
mod marks;
mod msg;
mod news;
mod palette;
mod people;
mod picker;
mod places;
mod reading;
mod reply;
mod roster;
mod screens;
mod session;
mod sight;
mod undo;
mod unresolved;
mod unsettled;
mod view_line;
pub mod views;

pub use crate::sync::{Doubt, Lane, LaneKind, Pace, Sync, Trouble};
pub use access::{Access, AccessChange, AccessFailed, Rehome, Standing};
pub use act::disabled_reason;
pub use action::{ACTIONS, Action, ActionSpec, Group, prefix_title};
#[cfg(test)]
pub use attention::{Defect, plant};
pub use attention::{Refusal, Room};
pub use bulk::Targets;
pub use calls::Calls;
pub use changes::{Change, Changes, Conflict, Failed, Got};
pub use clinics::{Clinic, Clinics};
pub use complete::Completion;
pub use confirm::{Confirm, Deed, Hearing};
pub use copy::{Clip, Copied, Copying};
pub use effect::{Call, Effect, Exit, SavedView};
pub use filter_box::{FilterBox, Language};
pub use first_run::FirstRun;
pub use form::Form;
pub use invitations::{Invitations, Invite};
pub use key_table::{FIXED, FixedKeys, Hint, KeyTable, Rebinding, Refused, action_named};
pub use line::LineEdit;
pub use list::{List, Mark};
pub use lock::{Lock, Watch, WatchedCounts};
pub use lookup::{Lookup, Stage as LookupStage, why_unlisted};
pub use msg::{Msg, Opening, Reply, Size, Ticket};
pub use news::News;
pub use people::{People, Person};
pub use picker::{Choice, Item, Picker, Purpose};
pub use places::Places;
pub use reading::Reading;
pub use roster::{Pane, Record, Roster};
pub use session::{Place, ReadOnly, Session};
pub use unresolved::{Decision, Unresolved, verdict};
pub use unsettled::Unsettled;
pub use views::{SaveBox, Views};

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use crate::input::Chord;
use crate::text::SafeText;
use crate::wire::{RerouteUrlResponse, StudyId, UserId};
use crate::worklist::{Counts, Facets, FilterContext, Load, Scope, workload};

use geometry::Geometry;
use list::Cause;

/// Rows are worked out anew at most this often while a large list loads, in milliseconds.
const SETTLE_EVERY: i64 = 250;
/// Lists shorter than this are worked out anew with every answer.
const SETTLE_AT_ONCE: usize = 5_000;
const MINUTE: i64 = 60_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// No key was given: what the program is, and how to go on.
    FirstRun,
    Worklist,
    Users,
    Invitations,
}

/// What lies over the screen and takes the keys. At most one at a time.
#[derive(Debug, Clone)]
pub enum Overlay {
    Filter(FilterBox),
    /// A filter over users or invitations.
    RosterFilter(FilterBox<Facets>),
    Picker(Picker),
    Confirm(Box<Confirm>),
    /// A name for what is on screen.
    SaveView(SaveBox),
    Form(Box<Form>),
    /// What was asked for and cannot be done now.
    Refused(Refusal),
    /// A viewer link to copy by hand, where no browser can be reached.
    Link(RerouteUrlResponse),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Info,
    Good,
    Bad,
}

/// One line about what just happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub tone: Tone,
    pub text: SafeText,
}

/// Everything the program knows.
#[derive(Debug, Clone)]
pub struct Model {
    /// Unix milliseconds by this machine's clock, as of the last message.
    pub now: i64,
    /// What to add to `now` to get the server's time: a wrong workstation clock must not lie about ages.
    pub clock_skew: i64,
    pub size: Size,
    pub session: Session,
    pub screen: Screen,
    pub first_run: FirstRun,
    pub list: List,
    pub views: Views,
    pub people: People,
    pub invitations: Invitations,
    pub access: Access,
    pub clinics: Clinics,
    pub unsettled: Unsettled,
    pub sync: Sync,
    pub changes: Changes,
    pub calls: Calls,
    pub overlay: Option<Overlay>,
    /// Lies over the overlay too, so that a call in between costs nothing that is half typed.
    pub lookup: Option<Lookup>,
    /// Forms that were left while the server had not answered.
    left_forms: Vec<Form>,
    /// Chords of an unfinished sequence.
    pub typed: Vec<Chord>,
    pub notice: Option<Notice>,
    pub news: News,
    pub lock: Lock,
    /// Studies whose viewer links are still to be asked for.
    to_open: VecDeque<StudyId>,
    /// Waits for pending changes before it leaves.
    pub leaving: bool,
    /// The keys as the configuration wants them.
    pub keys: Arc<KeyTable>,
    counts: Counts,
    /// Who has how many open studies, while the users show.
    loads: HashMap<UserId, Load>,
    settled_at: i64,
    minute: i64,
    /// The minute for which the order was worked out.
    expired: i64,
    /// The age of the data as it was drawn last, in minutes.
    minutes_old: Option<i64>,
    /// For screen readers: lines instead of panes, and nothing moves by itself.
    pub is_plain: bool,
    /// Something that shows has changed since the last frame.
    pub needs_draw: bool,
}

impl Model {
    pub fn new(session: Session, screen: Screen, size: Size, now: i64) -> Self {
        let sync = Sync::new(session.refresh);
        Self {
            now,
            clock_skew: 0,
            size,
            session,
            screen,
            first_run: FirstRun::default(),
            list: List::default(),
            views: Views::default(),
            people: People::default(),
            invitations: Invitations::default(),
            access: Access::default(),
            clinics: Clinics::default(),
            unsettled: Unsettled::default(),
            sync,
            changes: Changes::default(),
            calls: Calls::default(),
            overlay: None,
            lookup: None,
            left_forms: Vec::new(),
            typed: Vec::new(),
            notice: None,
            news: News::new(now),
            lock: Lock::new(now),
            to_open: VecDeque::new(),
            leaving: false,
            keys: KeyTable::usual().clone(),
            counts: Counts::default(),
            loads: HashMap::new(),
            settled_at: i64::MIN,
            minute: now / MINUTE,
            expired: now / MINUTE,
            minutes_old: None,
            is_plain: false,
            needs_draw: true,
        }
    }

    /// The time by the server's clock, Unix milliseconds.
    pub fn server_now(&self) -> i64 {
        self.now + self.clock_skew
    }

    pub fn filter_context(&self) -> FilterContext<'_> {
        FilterContext {
            now: self.server_now(),
            me: self.session.me,
            targets: &self.list.targets,
        }
    }

    pub fn scope(&self) -> Scope {
        self.list.filter.scope()
    }

    pub fn geometry(&self) -> Option<Geometry> {
        self.geometry_at(self.size)
    }

    /// Counts over all open studies; only meaningful once those are loaded.
    pub fn counts(&self) -> Option<&Counts> {
        self.sync.is_loaded(Scope::Open).then_some(&self.counts)
    }

    /// The open studies of a user; only meaningful once all open studies are loaded.
    pub fn load(&self, id: UserId) -> Option<Load> {
        let is_loaded = self.sync.is_loaded(Scope::Open);
        is_loaded.then(|| self.loads.get(&id).copied().unwrap_or_default())
    }

    /// What is on screen is older than it should be, or a read fails.
    pub fn is_stale(&self) -> bool {
        let scope = self.scope();
        self.sync.trouble(scope).is_some()
            || self.sync.is_stat_late(self.now)
            || self
                .sync
                .fresh_at(Scope::Open)
                .is_some_and(|at| self.now - at > 2 * self.session.refresh.open + MINUTE)
    }

    /// Says something that went wrong outside of the model.
    pub fn warn(&mut self, text: &str) {
        self.inform(Tone::Bad, text);
    }

    /// Says something that happened outside of the model.
    pub fn tell(&mut self, text: &str) {
        self.inform(Tone::Info, text);
    }

    fn inform(&mut self, tone: Tone, text: &str) {
        self.notice = Some(Notice {
            tone,
            text: SafeText::clean(text),
        });
    }

    /// When the model wants to be woken although nothing happens, Unix milliseconds.
    pub fn next_wake(&self) -> Option<i64> {
        if self.screen == Screen::FirstRun {
            return None;
        }
        if self.lock.is_locked() {
            let looks = [
                form::next_look(self),
                self.next_start(),
                lock::next_look(self),
            ];
            return looks.into_iter().flatten().min();
        }
        let minute = (self.minute + 1) * MINUTE;
        let freshness = self
            .sync
            .fresh_at(self.scope())
            .map(|at| at + ((self.now - at) / MINUTE + 1) * MINUTE);
        let settle = (self.list.is_stale() && !self.is_frozen())
            .then_some(self.settled_at.saturating_add(SETTLE_EVERY));
        [
            Some(minute),
            lock::due(self),
            self.deaf_until().filter(|until| *until > self.now),
            freshness,
            settle,
            self.sync.next_due(self.scope(), self.now),
            fetch::next_page_at(self),
            form::next_look(self),
            self.next_start(),
            self.next_second_of_waiting(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// When a change that waits for the request budget may start.
    fn next_start(&self) -> Option<i64> {
        let mut batches = self.changes.batch_ids().into_iter();
        let is_waiting = batches.any(|batch| self.changes.ready(batch).is_some());
        is_waiting.then(|| self.sync.next_request_at(self.now).max(self.now + 1))
    }

    /// While a trouble is waited out, the header counts the seconds.
    fn next_second_of_waiting(&self) -> Option<i64> {
        let at = self.sync.trouble(self.scope())?.retry_at()?;
        let left = at - self.now;
        (left > 0).then(|| at - (left - 1) / 1_000 * 1_000)
    }

    /// A look at a study lies over everything else and takes the keys.
    fn is_looking(&self) -> bool {
        self.lookup.as_ref().is_some_and(|look| !look.is_covered())
    }

    /// The study that the look shows.
    fn looked_up(&self) -> Option<StudyId> {
        match self.lookup.as_ref()?.stage {
            LookupStage::Found { study, .. } if self.is_looking() => Some(study),
            _ => None,
        }
    }

    /// When the question on screen begins to listen.
    fn deaf_until(&self) -> Option<i64> {
        match &self.overlay {
            Some(Overlay::Confirm(confirm)) => confirm.hearing.from(),
            Some(Overlay::Form(form)) => form.asking()?.hearing.from(),
            _ => None,
        }
    }

    /// While something is being chosen, the list behind it stands still.
    fn is_frozen(&self) -> bool {
        self.lookup.is_some()
            || matches!(
                self.overlay,
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

    /// What must not be cut off by leaving: changes sent, views being written.
    fn under_way(&self) -> usize {
        self.pending_count() + form::sending_count(self) + self.views.saving
    }

    /// After the order changed: the rows anew, with the cursor on its study.
    fn settle_again(&mut self) {
        self.settle(Cause::Filter);
    }

    fn settle(&mut self, cause: Cause) {
        let context = FilterContext {
            now: self.now + self.clock_skew,
            me: self.session.me,
            targets: &self.list.targets.clone(),
        };
        let changes = self.list.settle(cause, &context);
        let is_news =
            !changes.is_empty() || cause != Cause::Filter || self.views.counted_for != self.scope();
        if is_news {
            self.counts = crate::worklist::counts(&self.list.store, context.targets, context.now);
            self.count_views(&changes);
        }
        if self.list.is_returning() && self.sync.is_loaded(self.scope()) {
            self.list.stop_returning();
            if self.list.detail == geometry::Detail::Full {
                self.list.detail = geometry::Detail::Pane;
            }
            let text = "The study that you were on is no longer on this list";
            self.inform(Tone::Bad, text);
        }
        if self.screen == Screen::Users {
            self.loads = workload(&self.list.store, self.server_now());
        }
        self.settled_at = self.now;
        self.needs_draw = true;
        self.follow_cursor();
    }

    fn follow_cursor(&mut self) {
        let page = self.geometry().map_or(1, |geometry| geometry.page());
        match self.pane_mut() {
            Some(pane) => pane.keep_cursor_visible(page),
            None => self.list.keep_cursor_visible(page),
        }
    }
}

/// The effects that start the program off.
pub fn start(model: &mut Model) -> Vec<Effect> {
    match model.screen {
        Screen::FirstRun => Vec::new(),
        Screen::Worklist | Screen::Users | Screen::Invitations => {
            let mut effects = keep_up::plan(model);
            effects.extend(reply::read_people(model));
            effects.extend(unsettled::look(model));
            effects
        }
    }
}

/// Takes one message in at a time `now` (Unix milliseconds) and answers what is to be done.
pub fn update(model: &mut Model, msg: Msg, now: i64) -> Vec<Effect> {
    model.now = now;
    // First of all: the key that ends a long absence must not reach what it finds.
    let mut effects = lock::lock_if_idle(model);
    // Somebody who hears the screen is not talked to because a minute is over.
    let may_move = !model.is_plain || matches!(msg, Msg::Key(_) | Msg::Pasted(_));
    if model.lock.is_locked() {
        effects.extend(take_while_locked(model, msg));
    } else {
        effects.extend(take(model, msg));
    }
    lookup::uncover(model);
    if !model.lock.is_locked() {
        form::return_left(model);
    }
    effects.extend(form::look_when_due(model));
    effects.extend(bulk::pump_all(model));
    if model.lock.is_locked() {
        effects.extend(lock::wipe_when_idle(model));
        effects.extend(lock::watch(model));
    } else if model.screen != Screen::FirstRun {
        news::settle(model);
        pass_time(model, may_move);
        effects.extend(keep_up::plan(model));
    }
    if model.leaving && model.under_way() == 0 {
        effects.push(Effect::Leave(Exit::Quit));
    }
    effects
}

/// What the world says is taken in all the same; what a person does only leads back or out.
fn take_while_locked(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key(chord) => lock::press(model, chord),
        Msg::Pasted(_) | Msg::Clicked { .. } | Msg::Scrolled { .. } | Msg::Focused(_) => Vec::new(),
        Msg::Resized(_)
        | Msg::Ticked
        | Msg::Replied { .. }
        | Msg::Opened(_)
        | Msg::Copied(_)
        | Msg::ViewSaved(..)
        | Msg::KeyRead(_)
        | Msg::TriedOut(..)
        | Msg::Kept(_)
        | Msg::Terminated => take(model, msg),
    }
}

fn take(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let is_touched = matches!(
        msg,
        Msg::Key(_) | Msg::Pasted(_) | Msg::Clicked { .. } | Msg::Scrolled { .. }
    );
    if is_touched {
        lock::touch(model);
    }
    match msg {
        Msg::Key(chord) => {
            news::touched(model);
            let effects = keys::press(model, chord);
            news::acknowledge_selected(model);
            effects
        }
        Msg::KeyRead(outcome) => lock::unlocked(model, outcome),
        Msg::Focused(is_focused) => {
            news::focus(model, is_focused);
            Vec::new()
        }
        Msg::Pasted(text) => keys::paste(model, &text),
        Msg::Clicked { column, row } => keys::click(model, column, row),
        Msg::Scrolled { column, row, rows } => keys::scroll(model, (column, row), rows),
        Msg::Resized(size) => {
            model.size = size;
            model.needs_draw = true;
            model.follow_cursor();
            Vec::new()
        }
        Msg::Ticked => Vec::new(),
        Msg::Replied {
            ticket,
            outcome,
            server_time,
        } => {
            learn_clock(model, server_time);
            reply::take(model, ticket, outcome)
        }
        Msg::Opened(opening) => {
            reply::opened(model, opening);
            Vec::new()
        }
        Msg::Copied(copying) => {
            copy::told(model, &copying);
            Vec::new()
        }
        Msg::ViewSaved(saved, outcome) => {
            views::saved(model, &saved, outcome);
            Vec::new()
        }
        Msg::TriedOut(number, outcome) => {
            first_run::tried_out(model, number, outcome);
            Vec::new()
        }
        Msg::Kept(outcome) => first_run::kept(model, outcome),
        Msg::Terminated => vec![Effect::Leave(Exit::Quit)],
    }
}

/// Adopts the server's clock where it differs by more than a `Date` header's own coarseness.
fn learn_clock(model: &mut Model, server_time: Option<i64>) {
    if let Some(time) = server_time {
        let skew = time - model.now;
        model.clock_skew = if skew.abs() > 2_000 { skew } else { 0 };
    }
}

/// Time that passes changes ages, and so orders and filters. `may_move` says whether that may show now.
fn pass_time(model: &mut Model, may_move: bool) {
    let minute = model.now / MINUTE;
    model.needs_draw |= may_move && minute != model.minute;
    model.minute = minute;
    if may_move && minute != model.expired {
        model.expired = minute;
        model.list.expire();
        model.people.expire();
        model.invitations.expire();
    }
    let minutes_old = model
        .sync
        .fresh_at(model.scope())
        .map(|at| (model.now - at) / MINUTE);
    if minutes_old != model.minutes_old {
        model.minutes_old = minutes_old;
        model.needs_draw |= may_move;
    }
    if model.next_second_of_waiting().is_some() {
        model.needs_draw |= may_move;
    }
    if model.deaf_until().is_some() {
        // Its buttons light up once it listens.
        model.needs_draw = true;
    }
    if model.list.is_stale() && !model.is_frozen() {
        let due = model.now >= model.settled_at.saturating_add(SETTLE_EVERY);
        if due || model.list.store.len() < SETTLE_AT_ONCE {
            model.settle(Cause::Data);
        }
    }
    if screens::is_stale(model) && !model.is_frozen() {
        screens::settle(model);
    }
}

#[cfg(test)]
pub(crate) mod tests;
