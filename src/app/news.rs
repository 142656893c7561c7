//! What others did: STAT studies that nobody has taken in yet, and what happened while nobody looked.

use std::collections::HashSet;

use crate::sync::LaneKind;
use crate::text::SafeText;
use crate::wire::{Severity, StudyId};
use crate::worklist::{Store, StudyView};

use super::lookup;
use super::screens;
use super::{Effect, Mark, Model, Screen, Tone};

/// Nobody touched a key for so long: whoever comes back is told what happened, in milliseconds.
const AWAY: i64 = 5 * 60_000;

/// How a study stood before the server spoke of it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Before {
    is_open: bool,
    is_alarming: bool,
}

impl Before {
    pub(super) fn of(study: Option<StudyView<'_>>) -> Self {
        Self {
            is_open: study.is_some_and(|study| study.is_open()),
            is_alarming: study.is_some_and(is_alarming),
        }
    }
}

/// Somebody has to read it at once, and nobody has it.
fn is_alarming(study: StudyView<'_>) -> bool {
    study.is_open() && *study.severity() == Severity::Stat && study.assignee().is_none()
}

/// Counts of what happened, for one line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Digest {
    new: usize,
    stat: usize,
    changed: usize,
    completed: usize,
    cancelled: usize,
}

impl Digest {
    fn sentence(self) -> Option<String> {
        let parts: Vec<String> = [
            (self.new, "new"),
            (self.stat, "STAT"),
            (self.changed, "changed"),
            (self.completed, "completed"),
            (self.cancelled, "cancelled"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
        (!parts.is_empty()).then(|| format!("While you were away: {}", parts.join(", ")))
    }
}

#[derive(Debug, Clone, Default)]
pub struct News {
    /// The longest unacknowledged first.
    alarms: Vec<StudyId>,
    /// Rung once, never again.
    rung: HashSet<StudyId>,
    digest: Digest,
    is_away: bool,
    touched_at: i64,
}

impl News {
    /// Somebody is there now: nothing happened in her absence yet.
    pub(super) fn new(now: i64) -> Self {
        Self {
            touched_at: now,
            ..Self::default()
        }
    }

    /// The screen is hidden: what waits to be seen goes on waiting, by ids alone. The STAT studies that are
    /// there already are not rung for.
    pub(super) fn hide(&mut self, store: &Store) {
        let known = store.slots().map(|slot| store.get(slot));
        let free = known.filter(|study| is_alarming(*study));
        self.rung.extend(free.map(|study| study.id()));
        self.digest = Digest::default();
    }

    /// Hears of an open STAT study that nobody has, while the screen is hidden. Returns whether to ring.
    pub(super) fn hear(&mut self, id: StudyId, may_be_new: bool) -> bool {
        let rings = self.rung.insert(id) && may_be_new;
        if rings {
            self.alarms.push(id);
        }
        rings
    }

    /// New STAT studies that nobody has, until somebody acknowledges them.
    pub fn alarms(&self) -> &[StudyId] {
        &self.alarms
    }
}

/// Takes in what others made of a study; answers whether the bell is to ring.
pub(super) fn take(model: &mut Model, id: StudyId, before: Before) -> bool {
    let Some(study) = model.kernel.data.studies.store.find(id) else {
        return false;
    };
    let digest = &mut model.lists.news.digest;
    let description = study.description().trim();
    let mut gone = None;
    match (before.is_open, study.is_open()) {
        (false, true) => {
            digest.new += 1;
            digest.stat += usize::from(*study.severity() == Severity::Stat);
        }
        (true, true) => digest.changed += 1,
        (true, false) if study.is_cancelled() => {
            digest.cancelled += 1;
            gone = Some(format!("Cancelled by someone else: {description}"));
        }
        (true, false) => {
            digest.completed += 1;
            gone = Some(format!("Completed by someone else: {description}"));
        }
        (false, false) => {}
    }
    let alarms = is_alarming(study) && !before.is_alarming;
    if let Some(text) = gone {
        model.inform(Tone::Info, &text);
    }
    let rings = alarms && model.lists.news.rung.insert(id);
    if rings {
        model.lists.news.alarms.push(id);
    }
    rings
}

/// Drops alarms that somebody has dealt with.
pub(super) fn settle(model: &mut Model) {
    if model.lists.news.alarms.is_empty() {
        return;
    }
    let store = &model.kernel.data.studies.store;
    let before = model.lists.news.alarms.len();
    // After the screen was hidden the studies are still to be read.
    let is_read = model
        .kernel
        .data
        .sync
        .lane(LaneKind::OpenStat)
        .fresh_at
        .is_some();
    model
        .lists
        .news
        .alarms
        .retain(|id| store.find(*id).map_or(!is_read, is_alarming));
    model.kernel.needs_draw |= before != model.lists.news.alarms.len();
}

/// A person is at the keys. Says what happened meanwhile, if she was away.
pub(super) fn touched(model: &mut Model) {
    let was_away =
        model.lists.news.is_away || model.kernel.now - model.lists.news.touched_at > AWAY;
    let digest = std::mem::take(&mut model.lists.news.digest);
    model.lists.news.is_away = false;
    model.lists.news.touched_at = model.kernel.now;
    if let Some(text) = digest.sentence().filter(|_| was_away) {
        model.inform(Tone::Info, &text);
        model.kernel.needs_draw = true;
    }
}

/// The terminal gained or lost the focus.
pub(super) fn focus(model: &mut Model, is_focused: bool) {
    let scope = model.scope();
    model
        .kernel
        .data
        .sync
        .focus(is_focused, scope, model.kernel.now);
    if is_focused {
        touched(model)
    } else {
        model.lists.news.digest = Digest::default();
        model.lists.news.is_away = true;
    }
}

/// What was done to the alarm under the cursor, if it is one: seeing it is enough.
pub(super) fn acknowledge_selected(model: &mut Model) {
    if model.kernel.screen == Screen::Worklist
        && let Some(id) = model.kernel.data.studies.selected()
    {
        model.lists.news.alarms.retain(|alarm| *alarm != id);
    }
}

pub(super) fn acknowledge_all(model: &mut Model) {
    model.lists.news.alarms.clear();
}

/// Goes to the study that has waited longest for somebody to take it in.
pub(super) fn show_alarm(model: &mut Model) -> Vec<Effect> {
    let Some(id) = model.lists.news.alarms.first().copied() else {
        return Vec::new();
    };
    model.lists.news.alarms.remove(0);
    let mut effects = screens::go(model, Screen::Worklist);
    if model.kernel.data.studies.select_id(id) {
        model.follow_cursor()
    } else {
        effects.extend(lookup::open_with(model, &id.to_string()))
    }
    effects
}

/// Moves the cursor to the next row that others changed, down or up.
pub(super) fn step(model: &mut Model, down: bool) {
    let context = model.filter_context();
    let list = &model.kernel.data.studies;
    let is_news = |row: &usize| {
        let study = list.rows().get(*row).map(|slot| list.store.get(*slot));
        study.is_some_and(|study| list.mark(study, &context) != Mark::None)
    };
    let (cursor, rows) = (list.cursor(), list.rows().len());
    let found = if down {
        (cursor + 1..rows).find(is_news)
    } else {
        (0..cursor).rev().find(is_news)
    };
    match found {
        Some(row) => {
            model.kernel.data.studies.select(row);
            model.follow_cursor();
        }
        None => {
            let way = if down { "below" } else { "above" };
            model.inform(Tone::Info, &format!("Nothing changed {way}"));
        }
    }
}

impl Model {
    /// The line that stands until every new STAT study was taken in.
    pub fn banner(&self) -> Option<(SafeText, usize)> {
        let first = self.lists.news.alarms.first()?;
        let study = self.kernel.data.studies.store.find(*first)?;
        let text = SafeText::clean(study.description());
        Some((text, self.lists.news.alarms.len() - 1))
    }
}
