//! Revoking and restoring access: of users, and of people who are only invited.
//!
//! The API does not say who is revoked. Only what was done here, and how it ended, is known; no more than
//! that is ever shown.

pub mod answers;
pub mod asking;
pub mod offboard;

use crate::app::action::screen::Screen;
use crate::app::edit::job::BatchId;
use crate::app::kernel::{Kernel, session};
use crate::app::message::access_change::AccessChange;
use crate::app::message::effect::Effect;
use crate::app::message::purpose::CallPurpose;
use crate::app::widget::notice::Tone;
use crate::resolve::WriteDriver;
use crate::text::SafeText;
use crate::wire::{Failure, UserId};
use std::collections::BTreeMap;

/// What this session did to a user's access, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownAccess {
    pub is_revoked: bool,
    /// It is unknown whether it took effect.
    pub unconfirmed: bool,
    /// Unix milliseconds by this machine's clock.
    pub at: i64,
}

impl KnownAccess {
    /// "revoked here at 14:02", never more than what was done; a doubt comes first, where no column cuts it.
    pub fn words(self, utc_offset: i32) -> String {
        let clock = session::clock(self.at, utc_offset);
        match (self.is_revoked, self.unconfirmed) {
            (true, false) => format!("revoked here at {clock}"),
            (false, false) => format!("reactivated here at {clock}"),
            (true, true) => format!("unconfirmed revoke {clock}"),
            (false, true) => format!("unconfirmed reactivate {clock}"),
        }
    }
}

/// A change under way.
#[derive(Debug, Clone)]
pub(in crate::app) struct Waiting {
    /// The person it is about.
    who: SafeText,
    driver: WriteDriver,
}

#[derive(Debug, Clone, PartialEq)]
pub struct AccessFailed {
    pub change: AccessChange,
    pub who: SafeText,
    pub failure: Failure,
    /// It is unknown whether it took effect.
    pub unconfirmed: bool,
    /// A frame has shown it: only then can a key be meant for it.
    is_seen: bool,
    /// It is in the list of what waits: only then does "all of them" mean it.
    is_listed: bool,
}

#[derive(Debug, Clone, Default)]
pub struct Access {
    standing: BTreeMap<UserId, KnownAccess>,
    /// Changes under way.
    pending: BTreeMap<AccessChange, Waiting>,
    failed: Vec<AccessFailed>,
    /// The line about failures was dismissed. They still wait.
    is_put_away: bool,
    /// Batches that move a user's studies before their access is revoked.
    moving: BTreeMap<BatchId, UserId>,
}

impl Access {
    pub fn standing(&self, id: UserId) -> Option<KnownAccess> {
        self.standing.get(&id).copied()
    }

    /// Revoked here, as far as is known.
    pub fn is_revoked(&self, id: UserId) -> bool {
        self.standing(id)
            .is_some_and(|standing| standing.is_revoked)
    }

    pub fn pending_count(&self) -> usize {
        self.pending.len()
    }

    pub fn is_pending(&self, change: AccessChange) -> bool {
        self.pending.keys().any(|other| other.is_about(change))
    }

    pub fn has_failed(&self, change: AccessChange) -> bool {
        self.failed
            .iter()
            .any(|failed| failed.change.is_about(change))
    }

    pub fn failed(&self) -> &[AccessFailed] {
        &self.failed
    }

    /// A frame has shown how many have failed.
    pub(in crate::app) fn drawn(&mut self) {
        for failed in &mut self.failed {
            failed.is_seen = true;
        }
    }

    /// Drops the failure of a change.
    pub(in crate::app) fn forget(&mut self, change: AccessChange) {
        self.failed.retain(|failed| failed.change != change);
    }

    /// All that waits is listed from here on.
    pub(in crate::app) fn list(&mut self) {
        for failed in &mut self.failed {
            failed.is_listed = true;
        }
    }

    /// Drops the failures that are listed.
    pub(in crate::app) fn forget_failed(&mut self) {
        self.failed.retain(|failed| !failed.is_listed);
    }

    /// Dismisses the line about failures; they keep waiting. Returns whether it showed.
    pub(in crate::app) fn put_away(&mut self) -> bool {
        let showed = self.is_shown();
        self.is_put_away = true;
        showed
    }

    /// Whether the line about failures is to show.
    pub fn is_shown(&self) -> bool {
        !self.is_put_away && !self.failed.is_empty()
    }
}

/// The name of the person a change is about.
pub(in crate::app) fn name_of(kernel: &Kernel, change: AccessChange) -> SafeText {
    let (name, id) = match change {
        AccessChange::Revoke(id) | AccessChange::Reactivate(id) => (
            kernel.data.users.get(id).map(|person| person.name.clone()),
            id.to_string(),
        ),
        AccessChange::RevokeInvitation(id) => (
            kernel
                .data
                .invitations
                .get(id)
                .map(|invite| invite.name.clone()),
            id.to_string(),
        ),
    };
    name.unwrap_or_else(|| SafeText::clean(&id))
}

/// Whether a question may open by itself: only while nothing else is open.
pub(in crate::app) fn may_ask(kernel: &Kernel) -> bool {
    kernel.screen == Screen::Users
        && kernel.layers.overlay.is_none()
        && kernel.layers.lookup.is_none()
        && kernel.typed.is_empty()
}

/// Sends a change that was confirmed.
pub(in crate::app) fn carry_out(
    access: &mut Access,
    kernel: &mut Kernel,
    change: AccessChange,
) -> Vec<Effect> {
    let who = name_of(kernel, change);
    if access.is_pending(change) {
        kernel.inform(Tone::Bad, &format!("Still waiting for the server: {who}"));
        return Vec::new();
    }
    let text = format!("Waiting for the server: {}: {who}", change.label());
    kernel.inform(Tone::Info, &text);
    vec![send(access, kernel, change, who)]
}

fn send(access: &mut Access, kernel: &mut Kernel, change: AccessChange, who: SafeText) -> Effect {
    access
        .failed
        .retain(|failed| !failed.change.is_about(change));
    let driver = WriteDriver::of(change.class());
    access.pending.insert(change, Waiting { who, driver });
    call(kernel, change)
}

pub(in crate::app) fn call(kernel: &mut Kernel, change: AccessChange) -> Effect {
    kernel
        .requests
        .start(CallPurpose::Access(change), change.call())
}

/// Tries every failed change again. An invitation that may be revoked already is read first; a user's
/// access cannot be read, and revoking it twice does no harm.
pub(in crate::app) fn retry_failed(access: &mut Access, kernel: &mut Kernel) -> Vec<Effect> {
    let failed = &mut access.failed;
    let failed = failed.extract_if(.., |failed| failed.is_seen).collect();
    retry(access, kernel, failed)
}

/// Tries one failed change again.
pub(in crate::app) fn retry_one(
    access: &mut Access,
    kernel: &mut Kernel,
    change: AccessChange,
) -> Vec<Effect> {
    let failed = &mut access.failed;
    let again = failed.extract_if(.., |failed| failed.change == change);
    let again = again.collect();
    retry(access, kernel, again)
}

fn retry(access: &mut Access, kernel: &mut Kernel, failed: Vec<AccessFailed>) -> Vec<Effect> {
    failed
        .into_iter()
        .map(|failed| match (failed.change, failed.unconfirmed) {
            (AccessChange::RevokeInvitation(id), true) => {
                let (who, driver) = (failed.who, WriteDriver::of(failed.change.class()));
                let waiting = Waiting { who, driver };
                access.pending.insert(failed.change, waiting);
                answers::read(kernel, id, CallPurpose::CheckInvitation(id))
            }
            (change, _) => send(access, kernel, change, failed.who),
        })
        .collect()
}
