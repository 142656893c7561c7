//! The program as a pure function: a model, messages that change it, and the effects that it asks for.
//!
//! Nothing here reads a clock, a terminal or a network. The runtime passes the time with every message
//! and carries out the effects; the view draws the model.

pub mod act;
pub mod app;
pub mod choice;
pub mod follow_ups;
pub mod look;
pub mod refusals;
pub mod reply;
pub mod route;

use crate::app::access::Access;
use crate::app::action::keys::KeyTable;
use crate::app::action::screen::Screen;
use crate::app::decisions;
use crate::app::edit::history::History;
use crate::app::forms::flow;
use crate::app::kernel::invitation::InvitationList;
use crate::app::kernel::layers::Layers;
use crate::app::kernel::person::UserList;
use crate::app::kernel::requests::Requests;
use crate::app::kernel::session::Session;
use crate::app::kernel::{Data, Kernel, MINUTE, layers};
use crate::app::lists::news::News;
use crate::app::lists::views::Views;
use crate::app::lists::{Lists, copy, links, news, rosters, views};
use crate::app::lookup::keys as lookup_keys;
use crate::app::message::effect::{Effect, ExitReason};
use crate::app::message::{Msg, Size};
use crate::app::reading::{fetch, poll};
use crate::app::shell::ShellState;
use crate::app::shell::clinics::Clinics;
use crate::app::shell::lock;
use crate::app::shell::lock::Lock;
use crate::app::update::follow_ups::carry_out_follow_ups;
use crate::app::widget::study_list::{Cause, StudyList};
use crate::app::writes::{Writes, earlier, run};
use crate::sync::Sync;
use crate::worklist::Counts;
use std::collections::HashMap;

/// Rows are rebuilt at most this often while a large list loads, in milliseconds.
const REBUILD_EVERY: i64 = 250;

/// The rows of lists shorter than this are rebuilt with every answer.
const REBUILD_AT_ONCE: usize = 5_000;

/// Everything the program knows.
#[derive(Debug, Clone)]
pub struct Model {
    pub kernel: Kernel,
    pub lists: Lists,
    pub writes: Writes,
    pub access: Access,
    pub shell: ShellState,
    minute: i64,
    /// The minute for which the order was computed.
    expired: i64,
    /// The age of the data as it was drawn last, in minutes.
    minutes_old: Option<i64>,
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
                    studies: StudyList::default(),
                    users: UserList::default(),
                    invitations: InvitationList::default(),
                    sync,
                },
                requests: Requests::default(),
                layers: Layers::default(),
                typed: Vec::new(),
                notice: None,
                history: History::default(),
                follow_ups: Vec::new(),
                keys: KeyTable::standard().clone(),
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
            shell: ShellState {
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
        if self.shell.lock.is_locked() {
            let looks = [
                flow::next_look(&self.kernel),
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
        let rebuild = (self.kernel.data.studies.is_stale() && !self.kernel.is_frozen())
            .then_some(self.lists.rebuilt_at.saturating_add(REBUILD_EVERY));
        [
            Some(minute),
            lock::due(&self.shell, &self.kernel),
            self.kernel
                .ignores_keys_until()
                .filter(|until| *until > self.kernel.now),
            freshness,
            rebuild,
            self.kernel
                .data
                .sync
                .next_due(self.kernel.scope(), self.kernel.now),
            fetch::next_page_at(&self.kernel),
            flow::next_look(&self.kernel),
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
        decisions::count(&self.writes, &self.access)
    }

    fn under_way(&self) -> usize {
        self.pending_count() + layers::sending_count(&self.kernel) + self.lists.views.saving
    }
}

/// Returns the effects that start the program.
pub fn start(model: &mut Model) -> Vec<Effect> {
    let mut effects = poll::plan(&mut model.kernel);
    effects.extend(fetch::read_people(&mut model.kernel));
    effects.extend(earlier::look(&mut model.writes, &mut model.kernel));
    effects
}

/// Applies one message at time `now` (Unix milliseconds) and returns the effects to run.
pub fn update(model: &mut Model, msg: Msg, now: i64) -> Vec<Effect> {
    model.kernel.now = now;
    // First of all: the key that ends a long absence must not reach what it finds.
    let mut effects = lock_if_idle(model);
    // A screen reader must not speak because a minute is over.
    let may_move = !model.kernel.is_plain || matches!(msg, Msg::Key(_) | Msg::Pasted(_));
    if model.shell.lock.is_locked() {
        effects.extend(handle_while_locked(model, msg));
    } else {
        effects.extend(handle(model, msg));
    }
    effects.extend(carry_out_follow_ups(model));
    lookup_keys::uncover(&mut model.kernel, false);
    if !model.shell.lock.is_locked() {
        flow::return_left(&mut model.kernel);
    }
    effects.extend(flow::look_when_due(&mut model.kernel));
    effects.extend(run::pump_all(&mut model.writes, &mut model.kernel));
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
    } else {
        news::drop_handled(&mut model.lists, &mut model.kernel);
        pass_time(model, may_move);
        effects.extend(poll::plan(&mut model.kernel));
    }
    if model.shell.leaving && model.under_way() == 0 {
        effects.push(Effect::Leave(ExitReason::Quit));
    }
    effects
}

fn lock_if_idle(model: &mut Model) -> Vec<Effect> {
    match lock::due(&model.shell, &model.kernel) {
        Some(due) if due <= model.kernel.now => lock_screen(model),
        _ => Vec::new(),
    }
}

/// Hides the screen.
pub(in crate::app) fn lock_screen(model: &mut Model) -> Vec<Effect> {
    let under_way = model.under_way();
    lock::lock(
        &mut model.shell,
        &mut model.lists,
        &mut model.kernel,
        under_way,
    )
}

/// Messages from outside are applied as usual; what a person does can only unlock or quit.
fn handle_while_locked(model: &mut Model, msg: Msg) -> Vec<Effect> {
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
        | Msg::Terminated => handle(model, msg),
    }
}

fn handle(model: &mut Model, msg: Msg) -> Vec<Effect> {
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
            let effects = route::press(model, chord);
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
        Msg::Pasted(text) => route::paste(model, &text),
        Msg::Clicked { column, row } => route::click(model, column, row),
        Msg::Scrolled { column, row, rows } => {
            route::scroll(&mut model.kernel, (column, row), rows)
        }
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
            reply::handle(model, ticket, outcome)
        }
        Msg::Opened(opening) => {
            links::opened(&mut model.kernel, opening);
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
        // They are for the first run, which is over.
        Msg::TriedOut(..) | Msg::Kept(_) => Vec::new(),
        Msg::Terminated => vec![Effect::Leave(ExitReason::Quit)],
    }
}

/// Follows the server's clock where it differs by more than a `Date` header's own coarseness.
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
    if model.kernel.ignores_keys_until().is_some() {
        // Its buttons light up once it listens.
        model.kernel.needs_draw = true;
    }
    if model.kernel.data.studies.is_stale() && !model.kernel.is_frozen() {
        let due = model.kernel.now >= model.lists.rebuilt_at.saturating_add(REBUILD_EVERY);
        if due || model.kernel.data.studies.store.len() < REBUILD_AT_ONCE {
            model.lists.rebuild(&mut model.kernel, Cause::Data);
        }
    }
    if rosters::is_stale(&model.kernel) && !model.kernel.is_frozen() {
        rosters::rebuild(&mut model.kernel);
    }
}
