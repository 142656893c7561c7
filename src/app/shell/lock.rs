//! The hidden screen: nothing of the clinic's work shows, and only Enter leads back.
//!
//! The list of open STAT studies may still be read, for its counts and for the bell: a new STAT study must
//! ring although the screen is hidden. Nothing else is read, and nothing is kept but ids.

use crate::app::kernel::Kernel;
use crate::app::kernel::layers::Overlay;
use crate::app::kernel::session::Watch;
use crate::app::lists::Lists;
use crate::app::message::effect::{Effect, ExitReason};
use crate::app::message::purpose::CallPurpose;
use crate::app::reading::poll;
use crate::app::shell::ShellState;
use crate::app::widget::defect::{Defect, planted};
use crate::app::widget::notice::Tone;
use crate::input::{Chord, Key};
use crate::sync::{ChainRef, LaneKind, LaneStep};
use crate::text::SafeText;
use crate::wire::{Page, Severity, Study, StudyId};
use crate::worklist::Scope;
use std::collections::BTreeMap;

/// The open STAT studies that a hidden screen knows of: only ids, and whether they are assigned.
#[derive(Debug, Clone, Default)]
struct Watched {
    /// Whether it is unassigned, by study.
    open: BTreeMap<StudyId, bool>,
    /// A reading has come to its end.
    is_read: bool,
    /// What was there before the screen was hidden is known, so that anything else is new.
    has_before: bool,
    new: usize,
}

/// Counts for the hidden screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WatchedCounts {
    pub stat: usize,
    pub unassigned: usize,
    /// Unassigned ones that came since the screen was hidden.
    pub new: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Stage {
    #[default]
    Open,
    /// Hidden; changes under way are waited for before the data goes.
    Hidden,
    Wiped {
        complaint: Option<SafeText>,
    },
    /// The key is being read again.
    Unlocking,
}

/// Whether the screen is locked, and when it locks itself.
#[derive(Debug, Clone, Default)]
pub struct Lock {
    stage: Stage,
    touched_at: i64,
    watched: Watched,
    /// A picker, a question or a lookup was open and is gone.
    has_closed: bool,
}

impl Lock {
    pub(in crate::app) fn new(now: i64) -> Self {
        Self {
            touched_at: now,
            ..Self::default()
        }
    }

    pub fn is_locked(&self) -> bool {
        self.stage != Stage::Open
    }

    /// Why the last attempt to unlock failed.
    pub fn complaint(&self) -> Option<&str> {
        match &self.stage {
            Stage::Wiped {
                complaint: Some(text),
            } => Some(text),
            _ => None,
        }
    }

    pub fn is_unlocking(&self) -> bool {
        self.stage == Stage::Unlocking
    }

    /// How many open STAT studies there are, once they have been read.
    pub fn counts(&self) -> Option<WatchedCounts> {
        let watched = &self.watched;
        watched.is_read.then(|| WatchedCounts {
            stat: watched.open.len(),
            unassigned: watched.open.values().filter(|is_free| **is_free).count(),
            new: watched.new,
        })
    }
}

/// When the screen locks itself if no key is pressed.
pub(in crate::app) fn due(shell: &ShellState, kernel: &Kernel) -> Option<i64> {
    let after = kernel.session.lock_after?;
    (!shell.lock.is_locked()).then_some(shell.lock.touched_at + after)
}

/// A person is at the keys.
pub(in crate::app) fn touch(shell: &mut ShellState, kernel: &mut Kernel) {
    shell.lock.touched_at = kernel.now;
}

/// Hides everything at once, and forgets it as soon as no change is under way any more: `under_way` counts
/// those that are.
pub(in crate::app) fn lock(
    shell: &mut ShellState,
    lists: &mut Lists,
    kernel: &mut Kernel,
    under_way: usize,
) -> Vec<Effect> {
    shell.lock.has_closed = false;
    shell.lock.stage = Stage::Hidden;
    kernel.needs_draw = true;
    let mut effects = kernel.requests.abort(|purpose| match purpose {
        CallPurpose::Walk(_)
        | CallPurpose::Verify(_)
        | CallPurpose::People
        | CallPurpose::PersonByEmail
        | CallPurpose::User(_)
        | CallPurpose::Invitations
        | CallPurpose::Invitation(_)
        | CallPurpose::InvitationsOf(_)
        | CallPurpose::Link(_)
        | CallPurpose::CopyLink(_)
        | CallPurpose::LookUp
        | CallPurpose::EarlierChange(_) => true,
        CallPurpose::Access(_)
        | CallPurpose::RecheckInvitation(_)
        | CallPurpose::CheckInvitation(_)
        | CallPurpose::Check(_)
        | CallPurpose::Change(_)
        | CallPurpose::Recheck(_)
        | CallPurpose::Form(_) => false,
    });
    effects.push(Effect::Repaint);
    effects.extend(wipe_when_idle(shell, lists, kernel, under_way));
    effects
}

/// Forgets every study and person. What the person changed here stays, so that it can be undone and
/// a failure is not lost; so does a form that they were filling in. Where the cursors were and what was
/// marked is kept by ids.
pub(in crate::app) fn wipe_when_idle(
    shell: &mut ShellState,
    lists: &mut Lists,
    kernel: &mut Kernel,
    under_way: usize,
) -> Vec<Effect> {
    if shell.lock.stage != Stage::Hidden || under_way > 0 {
        return Vec::new();
    }
    shell.lock.watched = Watched {
        has_before: kernel.data.sync.is_loaded(Scope::Open),
        ..Watched::default()
    };
    lists.news.hide(&kernel.data.studies.store);
    kernel.data.studies.forget();
    kernel.data.users.forget();
    kernel.data.invitations.forget();
    kernel.data.sync.start_over();
    shell.lock.has_closed |= kernel.layers.lookup.is_some()
        || matches!(&kernel.layers.overlay, Some(overlay) if !matches!(overlay, Overlay::Form(_)));
    let set_aside = kernel.layers.beneath.take();
    kernel.layers.overlay = set_aside
        .or_else(|| kernel.layers.overlay.take())
        .filter(|overlay| matches!(overlay, Overlay::Form(_)));
    kernel.layers.lookup = None;
    kernel.notice = None;
    kernel.typed.clear();
    kernel.requests.to_open.clear();
    shell.lock.stage = Stage::Wiped { complaint: None };
    if watches(kernel) {
        kernel.data.sync.watch_stat_only();
        return Vec::new();
    }
    vec![Effect::ForgetKey]
}

fn watches(kernel: &Kernel) -> bool {
    kernel.session.watch == Watch::Counts
}

/// Reads the open STAT studies while the screen is hidden.
pub(in crate::app) fn watch(shell: &mut ShellState, kernel: &mut Kernel) -> Vec<Effect> {
    let is_wiped = matches!(shell.lock.stage, Stage::Wiped { .. });
    if is_wiped && watches(kernel) {
        poll::plan(kernel)
    } else {
        Vec::new()
    }
}

/// When the open STAT studies are read again while the screen is hidden, Unix milliseconds.
pub(in crate::app) fn next_look(shell: &ShellState, kernel: &Kernel) -> Option<i64> {
    let is_wiped = matches!(shell.lock.stage, Stage::Wiped { .. });
    (is_wiped && watches(kernel))
        .then(|| kernel.data.sync.next_due(Scope::Open, kernel.now))
        .flatten()
}

/// Handles a page of the open STAT studies: ids and counts, and the bell for a new one.
pub(in crate::app) fn apply_page(
    lists: &mut Lists,
    shell: &mut ShellState,
    kernel: &mut Kernel,
    at: ChainRef,
    page: &Page<Study>,
) -> Vec<Effect> {
    if at.lane != LaneKind::OpenStat || !kernel.data.sync.expects(at) {
        return Vec::new();
    }
    let mut rings = false;
    for study in page.items.iter().filter(|study| study.is_open()) {
        if study.severity != Severity::Stat {
            continue;
        }
        let is_free = study.assigned_to.is_none();
        shell.lock.watched.open.insert(study.study_id, is_free);
        let may_be_new = shell.lock.watched.has_before || shell.lock.watched.is_read;
        if is_free && lists.news.hear(study.study_id, may_be_new) {
            shell.lock.watched.new += 1;
            rings = true;
        }
    }
    let before = shell.lock.counts();
    let taken = kernel.data.sync.apply_page(at, page, kernel.now);
    if matches!(taken.step, LaneStep::Compared | LaneStep::UpToDate) {
        let watched = &mut shell.lock.watched;
        watched.open.retain(|id, _| taken.met.contains(id));
        watched.is_read = true;
    }
    kernel.needs_draw |= rings || before != shell.lock.counts();
    if rings {
        vec![Effect::Ring]
    } else {
        Vec::new()
    }
}

/// Keys while it is locked: one that unlocks, two that quit.
pub(in crate::app) fn press(
    shell: &mut ShellState,
    kernel: &mut Kernel,
    chord: Chord,
    under_way: usize,
) -> Vec<Effect> {
    match (chord.key, chord.ctrl, &shell.lock.stage) {
        (Key::Enter, false, Stage::Wiped { .. }) => {
            shell.lock.stage = Stage::Unlocking;
            kernel.needs_draw = true;
            vec![Effect::ReadKey]
        }
        _ if kernel.keys.quits(chord) && under_way == 0 => {
            vec![Effect::Leave(ExitReason::Quit)]
        }
        _ => Vec::new(),
    }
}

/// The key was read again, or could not be. Returns whether the screen shows again, so that reading starts.
pub(in crate::app) fn unlocked(
    shell: &mut ShellState,
    kernel: &mut Kernel,
    outcome: Result<(), String>,
) -> bool {
    kernel.needs_draw = true;
    match outcome {
        Ok(()) => {
            let has_closed = shell.lock.has_closed;
            shell.lock = Lock::new(kernel.now);
            kernel.data.sync.start_over();
            if planted(Defect::UnlockSelectsTheFirstRow) {
                kernel.data.studies.stop_returning();
            }
            if has_closed {
                let text = "What was open was closed when the screen was hidden; nothing was sent";
                kernel.inform(Tone::Bad, text);
            }
            true
        }
        Err(why) => {
            let complaint = Some(SafeText::clean(&why));
            shell.lock.stage = Stage::Wiped { complaint };
            false
        }
    }
}
