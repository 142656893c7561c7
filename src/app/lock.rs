//! The idle lock: nothing is shown, nothing is read, and only Enter leads back.

use crate::input::{Chord, Key};
use crate::sync::Sync;
use crate::text::SafeText;

use super::calls::Purpose;
use super::{Effect, Exit, Invitations, Model, News, Overlay, People, Screen};

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
}

impl Lock {
    pub(super) fn new(now: i64) -> Self {
        Self {
            stage: Stage::Open,
            touched_at: now,
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
}

/// When the screen locks itself if nobody touches it.
pub(super) fn due(model: &Model) -> Option<i64> {
    let after = model.session.lock_after?;
    (!model.lock.is_locked() && model.screen != Screen::FirstRun)
        .then_some(model.lock.touched_at + after)
}

/// Somebody is there.
pub(super) fn touch(model: &mut Model) {
    model.lock.touched_at = model.now;
}

pub(super) fn lock_if_idle(model: &mut Model) -> Vec<Effect> {
    match due(model) {
        Some(due) if due <= model.now => lock(model),
        _ => Vec::new(),
    }
}

/// Hides everything at once, and forgets it as soon as no change is under way any more.
pub(super) fn lock(model: &mut Model) -> Vec<Effect> {
    model.lock.stage = Stage::Hidden;
    model.needs_draw = true;
    let mut effects = model.calls.abort(|purpose| match purpose {
        Purpose::Walk(_)
        | Purpose::Verify(_)
        | Purpose::People
        | Purpose::PersonByEmail
        | Purpose::User(_)
        | Purpose::Invitations
        | Purpose::Invitation(_)
        | Purpose::InvitationsOf(_)
        | Purpose::Link(_)
        | Purpose::CopyLink(_)
        | Purpose::LookUp
        | Purpose::Unsettled(_) => true,
        Purpose::Access(_)
        | Purpose::RecheckInvitation(_)
        | Purpose::CheckInvitation(_)
        | Purpose::Check(_)
        | Purpose::Change(_)
        | Purpose::Recheck(_)
        | Purpose::Form(_) => false,
    });
    effects.push(Effect::Repaint);
    effects.extend(wipe_when_idle(model));
    effects
}

/// Forgets every study and person. What she changed herself stays, so that it can be undone and a
/// failure is not lost; so does a form that she was filling in.
pub(super) fn wipe_when_idle(model: &mut Model) -> Vec<Effect> {
    if model.lock.stage != Stage::Hidden || model.under_way() > 0 {
        return Vec::new();
    }
    model.list.forget();
    model.people = People::default();
    model.invitations = Invitations::default();
    model.news = News::new(model.now);
    model.sync = Sync::new(model.session.refresh);
    model.overlay = model
        .overlay
        .take()
        .filter(|overlay| matches!(overlay, Overlay::Form(_)));
    model.lookup = None;
    model.notice = None;
    model.typed.clear();
    model.to_open.clear();
    model.lock.stage = Stage::Wiped { complaint: None };
    vec![Effect::ForgetKey]
}

/// Keys while it is locked: one that leads back, two that lead out.
pub(super) fn press(model: &mut Model, chord: Chord) -> Vec<Effect> {
    match (chord.key, chord.ctrl, &model.lock.stage) {
        (Key::Enter, false, Stage::Wiped { .. }) => {
            model.lock.stage = Stage::Unlocking;
            model.needs_draw = true;
            vec![Effect::ReadKey]
        }
        _ if model.keys.quits(chord) && model.under_way() == 0 => {
            vec![Effect::Leave(Exit::Quit)]
        }
        _ => Vec::new(),
    }
}

/// The key was read again, or could not be.
pub(super) fn unlocked(model: &mut Model, outcome: Result<(), String>) -> Vec<Effect> {
    model.needs_draw = true;
    match outcome {
        Ok(()) => {
            model.lock = Lock::new(model.now);
            super::start(model)
        }
        Err(why) => {
            let complaint = Some(SafeText::clean(&why));
            model.lock.stage = Stage::Wiped { complaint };
            Vec::new()
        }
    }
}
