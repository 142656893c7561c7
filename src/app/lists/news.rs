//! What others did: new STAT studies that have not been seen yet, and what happened while nobody was there.

use crate::app::action::screen::Screen;
use crate::app::kernel::Kernel;
use crate::app::kernel::follow_up::{Before, is_alarming};
use crate::app::lists::{Lists, rosters};
use crate::app::lookup;
use crate::app::message::effect::Effect;
use crate::app::widget::notice::Tone;
use crate::app::widget::record_list::RecordList;
use crate::app::widget::study_list::Mark;
use crate::sync::LaneKind;
use crate::text::SafeText;
use crate::wire::{Severity, StudyId};
use crate::worklist::Store;
use std::collections::HashSet;

/// After this long without a key, the next key shows what happened in the meantime, in milliseconds.
const AWAY: i64 = 5 * 60_000;

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
    /// A person is there now: nothing has happened in their absence yet.
    pub(in crate::app) fn new(now: i64) -> Self {
        Self {
            touched_at: now,
            ..Self::default()
        }
    }

    /// The screen is hidden: what waits to be seen goes on waiting, by ids alone. The STAT studies that are
    /// there already do not ring.
    pub(in crate::app) fn hide(&mut self, store: &Store) {
        let known = store.slots().map(|slot| store.get(slot));
        let free = known.filter(|study| is_alarming(*study));
        self.rung.extend(free.map(|study| study.id()));
        self.digest = Digest::default();
    }

    /// Registers an open, unassigned STAT study while the screen is hidden. Returns whether to ring.
    pub(in crate::app) fn hear(&mut self, id: StudyId, may_be_new: bool) -> bool {
        let rings = self.rung.insert(id) && may_be_new;
        if rings {
            self.alarms.push(id);
        }
        rings
    }

    /// New unassigned STAT studies, until they are acknowledged.
    pub fn alarms(&self) -> &[StudyId] {
        &self.alarms
    }
}

/// Counts what others did to a study. Returns whether the bell should ring.
pub(in crate::app) fn count_change(
    lists: &mut Lists,
    kernel: &mut Kernel,
    id: StudyId,
    before: Before,
) -> bool {
    let Some(study) = kernel.data.studies.store.find(id) else {
        return false;
    };
    let digest = &mut lists.news.digest;
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
        kernel.inform(Tone::Info, &text);
    }
    let rings = alarms && lists.news.rung.insert(id);
    if rings {
        lists.news.alarms.push(id);
    }
    rings
}

/// Drops alarms that have been dealt with.
pub(in crate::app) fn drop_handled(lists: &mut Lists, kernel: &mut Kernel) {
    if lists.news.alarms.is_empty() {
        return;
    }
    let store = &kernel.data.studies.store;
    let before = lists.news.alarms.len();
    // After the screen was hidden the studies are still to be read.
    let is_read = kernel.data.sync.lane(LaneKind::OpenStat).fresh_at.is_some();
    lists
        .news
        .alarms
        .retain(|id| store.find(*id).map_or(!is_read, is_alarming));
    kernel.needs_draw |= before != lists.news.alarms.len();
}

/// A person is at the keys. Says what happened in the meantime, if they were away.
pub(in crate::app) fn touched(lists: &mut Lists, kernel: &mut Kernel) {
    let was_away = lists.news.is_away || kernel.now - lists.news.touched_at > AWAY;
    let digest = std::mem::take(&mut lists.news.digest);
    lists.news.is_away = false;
    lists.news.touched_at = kernel.now;
    if let Some(text) = digest.sentence().filter(|_| was_away) {
        kernel.inform(Tone::Info, &text);
        kernel.needs_draw = true;
    }
}

/// The terminal gained or lost the focus.
pub(in crate::app) fn focus(lists: &mut Lists, kernel: &mut Kernel, is_focused: bool) {
    let scope = kernel.scope();
    kernel.data.sync.focus(is_focused, scope, kernel.now);
    if is_focused {
        touched(lists, kernel)
    } else {
        lists.news.digest = Digest::default();
        lists.news.is_away = true;
    }
}

/// What was done to the alarm under the cursor, if it is one: seeing it is enough.
pub(in crate::app) fn acknowledge_selected(lists: &mut Lists, kernel: &mut Kernel) {
    if kernel.screen == Screen::Worklist
        && let Some(id) = kernel.data.studies.selected()
    {
        lists.news.alarms.retain(|alarm| *alarm != id);
    }
}

pub(in crate::app) fn acknowledge_all(lists: &mut Lists) {
    lists.news.alarms.clear();
}

/// Goes to the new STAT study that has waited longest.
pub(in crate::app) fn show_alarm(lists: &mut Lists, kernel: &mut Kernel) -> Vec<Effect> {
    let Some(id) = lists.news.alarms.first().copied() else {
        return Vec::new();
    };
    lists.news.alarms.remove(0);
    let mut effects = rosters::go(lists, kernel, Screen::Worklist);
    if kernel.data.studies.select_id(id) {
        kernel.follow_cursor()
    } else {
        effects.extend(lookup::open_with(kernel, &id.to_string()))
    }
    effects
}

/// Moves the cursor to the next row that others changed, down or up.
pub(in crate::app) fn step(kernel: &mut Kernel, down: bool) {
    let context = kernel.filter_context();
    let list = &kernel.data.studies;
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
            kernel.data.studies.select(row);
            kernel.follow_cursor();
        }
        None => {
            let way = if down { "below" } else { "above" };
            kernel.inform(Tone::Info, &format!("No changes {way}"));
        }
    }
}

impl Lists {
    /// The alert, which stays until every new STAT study has been seen.
    pub fn banner(&self, kernel: &Kernel) -> Option<(SafeText, usize)> {
        let first = self.news.alarms.first()?;
        let study = kernel.data.studies.store.find(*first)?;
        let text = SafeText::clean(study.description());
        Some((text, self.news.alarms.len() - 1))
    }
}
