//! What is in flight, and what each reply is for.

use crate::app::message::Ticket;
use crate::app::message::access_change::AccessChange;
use crate::app::message::effect::{Call, Effect};
use crate::app::message::purpose::CallPurpose;
use crate::wire::{InvitationId, StudyId, UserId};
use std::collections::{BTreeMap, VecDeque};

#[derive(Debug, Clone, Default)]
pub struct Requests {
    last: u64,
    open: BTreeMap<Ticket, CallPurpose>,
    /// Studies whose viewer links are still to be asked for.
    pub to_open: VecDeque<StudyId>,
}

impl Requests {
    pub fn start(&mut self, purpose: CallPurpose, call: Call) -> Effect {
        self.last += 1;
        let ticket = Ticket(self.last);
        self.open.insert(ticket, purpose);
        Effect::Call { ticket, call }
    }

    /// Returns what a reply is for; `None` for a stale one.
    pub fn finish(&mut self, ticket: Ticket) -> Option<CallPurpose> {
        self.open.remove(&ticket)
    }

    /// What a call in flight is for.
    #[cfg(test)]
    pub fn purpose(&self, ticket: Ticket) -> Option<CallPurpose> {
        self.open.get(&ticket).copied()
    }

    /// Forgets the calls that `is_over` names; their replies will change nothing.
    pub fn abort(&mut self, is_over: impl Fn(CallPurpose) -> bool) -> Vec<Effect> {
        let stale: Vec<Ticket> = self
            .open
            .iter()
            .filter(|(_, purpose)| is_over(**purpose))
            .map(|(ticket, _)| *ticket)
            .collect();
        stale
            .into_iter()
            .map(|ticket| {
                self.open.remove(&ticket);
                Effect::Abort(ticket)
            })
            .collect()
    }

    pub fn count(&self, is_meant: impl Fn(CallPurpose) -> bool) -> usize {
        self.open
            .values()
            .filter(|purpose| is_meant(**purpose))
            .count()
    }

    /// Whether a change of this study is under way: read before it, sent, or checked after it.
    pub fn is_changing(&self, id: StudyId) -> bool {
        self.any(|purpose| {
            matches!(purpose, CallPurpose::Check(it) | CallPurpose::Change(it) | CallPurpose::Recheck(it) if it == id)
        })
    }

    /// Whether a change of this user's access is under way.
    pub fn is_changing_access(&self, id: UserId) -> bool {
        let change = AccessChange::Revoke(id);
        self.any(|purpose| matches!(purpose, CallPurpose::Access(it) if it.is_about(change)))
    }

    /// Whether the revocation of this invitation is under way.
    pub fn is_revoking(&self, id: InvitationId) -> bool {
        self.any(|purpose| match purpose {
            CallPurpose::Access(it) => it.is_about(AccessChange::RevokeInvitation(id)),
            CallPurpose::RecheckInvitation(it) | CallPurpose::CheckInvitation(it) => it == id,
            _ => false,
        })
    }

    pub fn any(&self, is_meant: impl Fn(CallPurpose) -> bool) -> bool {
        self.open.values().any(|purpose| is_meant(*purpose))
    }
}
