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

use std::collections::HashMap;
use std::sync::Arc;

use crate::input::Chord;
use crate::text::SafeText;
use crate::wire::{DicomUid, RerouteUrlResponse, StudyId, UserId};
use crate::worklist::{Counts, Facets, FilterContext, Load, Scope, workload};

use changes::{BatchId, History};
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

/// A record that a form has saved.
#[derive(Debug, Clone)]
pub struct Saved {
    pub subject: form::Subject,
    /// The form had the keys when it closed.
    pub is_open: bool,
    pub tone: Tone,
    pub text: String,
}

/// What must follow in another part.
#[derive(Debug, Clone)]
pub enum FollowUp {
    /// Somebody else changed a study: count it, and ring if it is a new STAT.
    Heard(StudyId, news::Before),
    /// Work the rows of the worklist out again; not while something is being chosen over them.
    Rebuild(Cause),
    /// Offer whoever is known by now in what is open.
    Refill,
    /// Do this for the study that is looked up.
    Perform(Action),
    /// Begin a new study with this UID.
    Create(DicomUid),
    /// Put the cursor on this study.
    GoTo(StudyId),
    /// Show the record that a form has saved.
    ShowSaved(Saved),
    /// A batch of changes has ended, with so many studies unchanged.
    BatchEnded(BatchId, usize),
}

/// One line about what just happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub tone: Tone,
    pub text: SafeText,
    /// It is about a refresh that is under way, and goes when that ends.
    pub is_refreshing: bool,
}

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
    pub requests: Calls,
    pub layers: Layers,
    /// Chords of an unfinished sequence.
    pub typed: Vec<Chord>,
    pub notice: Option<Notice>,
    /// What was done here, to take it back and to look it up.
    pub history: History,
    /// What must follow in other parts; `update` carries it out.
    pub follow_ups: Vec<FollowUp>,
    /// The keys as the configuration wants them.
    pub keys: Arc<KeyTable>,
    /// For screen readers: lines instead of panes, and nothing moves by itself.
    pub is_plain: bool,
    /// Something that shows has changed since the last frame.
    pub needs_draw: bool,
}

/// The records that were read, and how far reading is.
#[derive(Debug, Clone)]
pub struct Data {
    pub studies: List,
    pub users: People,
    pub invitations: Invitations,
    pub sync: Sync,
}

/// What lies over the list.
#[derive(Debug, Clone, Default)]
pub struct Layers {
    pub overlay: Option<Overlay>,
    /// Lies over the overlay too, so that a call in between costs nothing that is half typed.
    pub lookup: Option<Lookup>,
    /// What was open underneath, set aside while something opened from the lookup lies over it.
    pub beneath: Option<Overlay>,
    /// Forms that were left while the server had not answered.
    pub left_forms: Vec<Form>,
}

/// What the lists show beside their records.
#[derive(Debug, Clone)]
pub struct Lists {
    pub views: Views,
    pub news: News,
    pub(in crate::app) counts: Counts,
    /// Who has how many open studies, while the users show.
    pub(in crate::app) loads: HashMap<UserId, Load>,
    pub(in crate::app) rebuilt_at: i64,
}

/// Changes of studies on their way, and what became of earlier ones.
#[derive(Debug, Clone, Default)]
pub struct Writes {
    pub changes: Changes,
    pub unsettled: Unsettled,
}

/// The frame around the lists: the first run, the lock, leaving.
#[derive(Debug, Clone)]
pub struct Shell {
    pub first_run: FirstRun,
    pub clinics: Clinics,
    pub lock: Lock,
    /// Waits for pending changes before it leaves.
    pub leaving: bool,
}

/// Everything the program knows.
#[derive(Debug, Clone)]
pub struct Model {
    pub kernel: Kernel,
    pub lists: Lists,
    pub writes: Writes,
    pub access: Access,
    pub shell: Shell,
    minute: i64,
    /// The minute for which the order was worked out.
    expired: i64,
    /// The age of the data as it was drawn last, in minutes.
    minutes_old: Option<i64>,
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

    /// Says something that went wrong outside of the model.
    pub fn warn(&mut self, text: &str) {
        self.inform(Tone::Bad, text);
    }

    /// Says something that happened outside of the model.
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
        self.inform(Tone::Info, "Reading everything again");
        if let Some(notice) = &mut self.notice {
            notice.is_refreshing = true;
        }
    }

    /// While a trouble is waited out, the header counts the seconds.
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
    pub fn deaf_until(&self) -> Option<i64> {
        match &self.layers.overlay {
            Some(Overlay::Confirm(confirm)) => confirm.hearing.from(),
            Some(Overlay::Form(form)) => form.asking()?.hearing.from(),
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
        match self.pane_mut() {
            Some(pane) => pane.keep_cursor_visible(page),
            None => self.data.studies.keep_cursor_visible(page),
        }
    }
}

impl Lists {
    /// Counts over all open studies; only meaningful once those are loaded.
    pub fn counts(&self, kernel: &Kernel) -> Option<&Counts> {
        kernel
            .data
            .sync
            .is_loaded(Scope::Open)
            .then_some(&self.counts)
    }

    /// The open studies of a user; only meaningful once all open studies are loaded.
    pub fn load(&self, kernel: &Kernel, id: UserId) -> Option<Load> {
        let is_loaded = kernel.data.sync.is_loaded(Scope::Open);
        is_loaded.then(|| self.loads.get(&id).copied().unwrap_or_default())
    }

    /// After the order changed: the rows anew, with the cursor on its study.
    pub fn settle_again(&mut self, kernel: &mut Kernel) {
        self.settle(kernel, Cause::Filter);
    }

    pub fn settle(&mut self, kernel: &mut Kernel, cause: Cause) {
        let context = FilterContext {
            now: kernel.now + kernel.clock_skew,
            me: kernel.session.me,
            targets: &kernel.data.studies.targets.clone(),
        };
        let changes = kernel.data.studies.settle(cause, &context);
        let is_news = !changes.is_empty()
            || cause != Cause::Filter
            || self.views.counted_for != kernel.scope();
        if is_news {
            self.counts =
                crate::worklist::counts(&kernel.data.studies.store, context.targets, context.now);
            self.count_views(kernel, &changes);
        }
        if kernel.data.studies.is_returning() && kernel.data.sync.is_loaded(kernel.scope()) {
            kernel.data.studies.stop_returning();
            if kernel.data.studies.detail == geometry::Detail::Full {
                kernel.data.studies.detail = geometry::Detail::Pane;
            }
            let text = "The study that you were on is no longer on this list";
            kernel.inform(Tone::Bad, text);
        }
        if kernel.screen == Screen::Users {
            self.loads = workload(&kernel.data.studies.store, kernel.server_now());
        }
        self.rebuilt_at = kernel.now;
        kernel.needs_draw = true;
        kernel.follow_cursor();
    }
}

impl Model {
    pub fn new(session: Session, screen: Screen, size: Size, now: i64) -> Self {
        let sync = Sync::new(session.refresh);
        Self {
            kernel: Kernel {
                now,
                clock_skew: 0,
                size,
                session,
                screen,
                data: Data {
                    studies: List::default(),
                    users: People::default(),
                    invitations: Invitations::default(),
                    sync,
                },
                requests: Calls::default(),
                layers: Layers::default(),
                typed: Vec::new(),
                notice: None,
                history: History::default(),
                follow_ups: Vec::new(),
                keys: KeyTable::usual().clone(),
                is_plain: false,
                needs_draw: true,
            },
            lists: Lists {
                views: Views::default(),
                news: News::new(now),
                counts: Counts::default(),
                loads: HashMap::new(),
                rebuilt_at: i64::MIN,
            },
            writes: Writes::default(),
            access: Access::default(),
            shell: Shell {
                first_run: FirstRun::default(),
                clinics: Clinics::default(),
                lock: Lock::new(now),
                leaving: false,
            },
            minute: now / MINUTE,
            expired: now / MINUTE,
            minutes_old: None,
        }
    }

    /// When the model wants to be woken although nothing happens, Unix milliseconds.
    pub fn next_wake(&self) -> Option<i64> {
        if self.kernel.screen == Screen::FirstRun {
            return None;
        }
        if self.shell.lock.is_locked() {
            let looks = [
                form::next_look(&self.kernel),
                self.next_start(),
                lock::next_look(&self.shell, &self.kernel),
            ];
            return looks.into_iter().flatten().min();
        }
        let minute = (self.minute + 1) * MINUTE;
        let freshness = self
            .kernel
            .data
            .sync
            .fresh_at(self.kernel.scope())
            .map(|at| at + ((self.kernel.now - at) / MINUTE + 1) * MINUTE);
        let settle = (self.kernel.data.studies.is_stale() && !self.kernel.is_frozen())
            .then_some(self.lists.rebuilt_at.saturating_add(SETTLE_EVERY));
        [
            Some(minute),
            lock::due(&self.shell, &self.kernel),
            self.kernel
                .deaf_until()
                .filter(|until| *until > self.kernel.now),
            freshness,
            settle,
            self.kernel
                .data
                .sync
                .next_due(self.kernel.scope(), self.kernel.now),
            fetch::next_page_at(&self.kernel),
            form::next_look(&self.kernel),
            self.next_start(),
            self.kernel.next_second_of_waiting(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// When a change that waits for the request budget may start.
    fn next_start(&self) -> Option<i64> {
        let mut batches = self.writes.changes.batch_ids().into_iter();
        let is_waiting = batches.any(|batch| self.writes.changes.ready(batch).is_some());
        is_waiting.then(|| {
            self.kernel
                .data
                .sync
                .next_request_at(self.kernel.now)
                .max(self.kernel.now + 1)
        })
    }

    /// What must not be cut off by leaving: changes sent, views being written.
    /// How many changes conflict with what someone else did, and how many failed.
    pub fn unresolved(&self) -> (usize, usize) {
        unresolved::count(&self.writes, &self.access)
    }

    fn under_way(&self) -> usize {
        self.pending_count() + form::sending_count(&self.kernel) + self.lists.views.saving
    }
}

/// The effects that start the program off.
pub fn start(model: &mut Model) -> Vec<Effect> {
    match model.kernel.screen {
        Screen::FirstRun => Vec::new(),
        Screen::Worklist | Screen::Users | Screen::Invitations => {
            let mut effects = keep_up::plan(&mut model.kernel);
            effects.extend(reply::read_people(&mut model.kernel));
            effects.extend(unsettled::look(&mut model.writes, &mut model.kernel));
            effects
        }
    }
}

/// Takes one message in at a time `now` (Unix milliseconds) and answers what is to be done.
pub fn update(model: &mut Model, msg: Msg, now: i64) -> Vec<Effect> {
    model.kernel.now = now;
    // First of all: the key that ends a long absence must not reach what it finds.
    let mut effects = lock_if_idle(model);
    // Somebody who hears the screen is not talked to because a minute is over.
    let may_move = !model.kernel.is_plain || matches!(msg, Msg::Key(_) | Msg::Pasted(_));
    if model.shell.lock.is_locked() {
        effects.extend(take_while_locked(model, msg));
    } else {
        effects.extend(take(model, msg));
    }
    effects.extend(carry_out_follow_ups(model));
    lookup::uncover(&mut model.kernel, false);
    if !model.shell.lock.is_locked() {
        form::return_left(&mut model.kernel);
    }
    effects.extend(form::look_when_due(&mut model.kernel));
    effects.extend(bulk::pump_all(&mut model.writes, &mut model.kernel));
    effects.extend(carry_out_follow_ups(model));
    if model.shell.lock.is_locked() {
        let under_way = model.under_way();
        effects.extend(lock::wipe_when_idle(
            &mut model.shell,
            &mut model.lists,
            &mut model.kernel,
            under_way,
        ));
        effects.extend(lock::watch(&mut model.shell, &mut model.kernel));
    } else if model.kernel.screen != Screen::FirstRun {
        news::settle(&mut model.lists, &mut model.kernel);
        pass_time(model, may_move);
        effects.extend(keep_up::plan(&mut model.kernel));
    }
    if model.shell.leaving && model.under_way() == 0 {
        effects.push(Effect::Leave(Exit::Quit));
    }
    effects
}

/// Carries out what must follow in other parts.
fn carry_out_follow_ups(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    let mut rings = false;
    while !model.kernel.follow_ups.is_empty() {
        for follow_up in std::mem::take(&mut model.kernel.follow_ups) {
            match follow_up {
                FollowUp::Heard(study, before) => {
                    rings |= news::take(&mut model.lists, &mut model.kernel, study, before)
                }
                FollowUp::Perform(action) => effects.extend(act::perform_in_lookup(model, action)),
                FollowUp::Create(uid) => effects.extend(act::create_with_uid(model, &uid)),
                FollowUp::ShowSaved(saved) => {
                    screens::show_saved(&mut model.lists, &mut model.kernel, &saved)
                }
                FollowUp::GoTo(study) => go_to(model, study),
                FollowUp::Rebuild(cause) => {
                    reply::settle_unless_frozen(&mut model.lists, &mut model.kernel, cause)
                }
                FollowUp::Refill => choose::refill_people(&mut model.access, &mut model.kernel),
                FollowUp::BatchEnded(batch, left) => {
                    access::moved(&mut model.access, &mut model.kernel, batch, left)
                }
            }
        }
    }
    effects.extend(rings.then_some(Effect::Ring));
    effects
}

/// Puts the cursor on a study that the list shows.
fn go_to(model: &mut Model, study: StudyId) {
    if model.kernel.data.studies.is_stale() {
        model.lists.settle(&mut model.kernel, Cause::Data);
    }
    model.kernel.data.studies.take_cursor();
    model.kernel.data.studies.select_id(study);
    model.kernel.follow_cursor();
}

fn lock_if_idle(model: &mut Model) -> Vec<Effect> {
    match lock::due(&model.shell, &model.kernel) {
        Some(due) if due <= model.kernel.now => lock(model),
        _ => Vec::new(),
    }
}

/// Hides the screen.
fn lock(model: &mut Model) -> Vec<Effect> {
    let under_way = model.under_way();
    lock::lock(
        &mut model.shell,
        &mut model.lists,
        &mut model.kernel,
        under_way,
    )
}

/// What the world says is taken in all the same; what a person does only leads back or out.
fn take_while_locked(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key(chord) => {
            let under_way = model.under_way();
            lock::press(&mut model.shell, &mut model.kernel, chord, under_way)
        }
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
        lock::touch(&mut model.shell, &mut model.kernel);
    }
    match msg {
        Msg::Key(chord) => {
            news::touched(&mut model.lists, &mut model.kernel);
            let effects = keys::press(model, chord);
            news::acknowledge_selected(&mut model.lists, &mut model.kernel);
            effects
        }
        Msg::KeyRead(outcome) => {
            if lock::unlocked(&mut model.shell, &mut model.kernel, outcome) {
                start(model)
            } else {
                Vec::new()
            }
        }
        Msg::Focused(is_focused) => {
            news::focus(&mut model.lists, &mut model.kernel, is_focused);
            Vec::new()
        }
        Msg::Pasted(text) => keys::paste(model, &text),
        Msg::Clicked { column, row } => keys::click(model, column, row),
        Msg::Scrolled { column, row, rows } => keys::scroll(&mut model.kernel, (column, row), rows),
        Msg::Resized(size) => {
            model.kernel.size = size;
            model.kernel.needs_draw = true;
            model.kernel.follow_cursor();
            Vec::new()
        }
        Msg::Ticked => Vec::new(),
        Msg::Replied {
            ticket,
            outcome,
            server_time,
        } => {
            learn_clock(&mut model.kernel, server_time);
            reply::take(model, ticket, outcome)
        }
        Msg::Opened(opening) => {
            reply::opened(&mut model.kernel, opening);
            Vec::new()
        }
        Msg::Copied(copying) => {
            copy::told(&mut model.kernel, &copying);
            Vec::new()
        }
        Msg::ViewSaved(saved, outcome) => {
            views::saved(&mut model.lists, &mut model.kernel, &saved, outcome);
            Vec::new()
        }
        Msg::TriedOut(number, outcome) => {
            first_run::tried_out(&mut model.shell, &mut model.kernel, number, outcome);
            Vec::new()
        }
        Msg::Kept(outcome) => first_run::kept(&mut model.shell, &mut model.kernel, outcome),
        Msg::Terminated => vec![Effect::Leave(Exit::Quit)],
    }
}

/// Adopts the server's clock where it differs by more than a `Date` header's own coarseness.
fn learn_clock(kernel: &mut Kernel, server_time: Option<i64>) {
    if let Some(time) = server_time {
        let skew = time - kernel.now;
        kernel.clock_skew = if skew.abs() > 2_000 { skew } else { 0 };
    }
}

/// Time that passes changes ages, and so orders and filters. `may_move` says whether that may show now.
fn pass_time(model: &mut Model, may_move: bool) {
    let minute = model.kernel.now / MINUTE;
    model.kernel.needs_draw |= may_move && minute != model.minute;
    model.minute = minute;
    if may_move && minute != model.expired {
        model.expired = minute;
        model.kernel.data.studies.expire();
        model.kernel.data.users.expire();
        model.kernel.data.invitations.expire();
    }
    let minutes_old = model
        .kernel
        .data
        .sync
        .fresh_at(model.kernel.scope())
        .map(|at| (model.kernel.now - at) / MINUTE);
    if minutes_old != model.minutes_old {
        model.minutes_old = minutes_old;
        model.kernel.needs_draw |= may_move;
    }
    if model.kernel.next_second_of_waiting().is_some() {
        model.kernel.needs_draw |= may_move;
    }
    if model.kernel.deaf_until().is_some() {
        // Its buttons light up once it listens.
        model.kernel.needs_draw = true;
    }
    if model.kernel.data.studies.is_stale() && !model.kernel.is_frozen() {
        let due = model.kernel.now >= model.lists.rebuilt_at.saturating_add(SETTLE_EVERY);
        if due || model.kernel.data.studies.store.len() < SETTLE_AT_ONCE {
            model.lists.settle(&mut model.kernel, Cause::Data);
        }
    }
    if screens::is_stale(&model.kernel) && !model.kernel.is_frozen() {
        screens::settle(&mut model.kernel);
    }
}

#[cfg(test)]
pub(crate) mod tests;
