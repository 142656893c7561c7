//! What may be asked for next, and what it is paid from.

use std::collections::BTreeSet;

use crate::wire::UserId;
use crate::worklist::Scope;

use super::{AT_ONCE, Ask, ChainRef, Lane, LaneKind, Pass, Sync, VERIFY_AT_ONCE};

/// What a page is paid from.
enum Purse {
    /// What keeping up may make, and in debt for as much: later pages of other lanes wait the longer.
    Urgent,
    /// Somebody waits.
    Loading,
    KeepingUp,
}

impl Sync {
    pub(super) fn next_ask(
        &mut self,
        scope: Scope,
        now: i64,
        free: usize,
        people: &dyn Fn() -> BTreeSet<UserId>,
    ) -> Option<Ask> {
        self.ask_urgent(now)
            .or_else(|| self.ask_suspect(now))
            .or_else(|| self.ask_first_readings(scope, now))
            .or_else(|| self.ask_others(scope, now))
            .or_else(|| self.split_the_straggler(scope, free, people, now))
    }

    fn ask_urgent(&mut self, now: i64) -> Option<Ask> {
        if self.lane(LaneKind::OpenStat).is_urgent() {
            self.ask_lane(LaneKind::OpenStat, now)
        } else {
            None
        }
    }

    /// What a person waits to see comes before a second look at what they see already.
    fn ask_first_readings(&mut self, scope: Scope, now: i64) -> Option<Ask> {
        [LaneKind::Open, LaneKind::Complete, LaneKind::Cancelled]
            .into_iter()
            .filter(|kind| kind.serves(scope))
            .find_map(|kind| {
                if self.lane(kind).is_first_reading() {
                    self.ask_lane(kind, now)
                } else {
                    None
                }
            })
    }

    /// A long reading of the STAT lane and the other lanes take turns.
    fn ask_others(&mut self, scope: Scope, now: i64) -> Option<Ask> {
        let mut order = LaneKind::ALL;
        if !self.is_turn_of_stat {
            order.rotate_left(1);
        }
        order
            .into_iter()
            .filter(|kind| kind.serves(scope))
            .find_map(|kind| {
                let ask = self.ask_lane(kind, now);
                if ask.is_some() {
                    self.is_turn_of_stat = kind != LaneKind::OpenStat;
                }
                ask
            })
    }

    fn ask_lane(&mut self, kind: LaneKind, now: i64) -> Option<Ask> {
        if !self.lane(kind).is_ready() || now < self.lane(kind).paused_until() {
            return None;
        }
        let may = match self.purse(kind) {
            Purse::Urgent => self.budget.borrow(now),
            Purse::Loading => self.loading.take(now),
            Purse::KeepingUp => self.budget.take(now),
        };
        if !may {
            return None;
        }
        let lane = &mut self.lanes[kind as usize];
        let pass = lane.pass_number();
        let (chain, request) = lane.next_page(now)?;
        let lane = kind;
        Some(Ask::Page(ChainRef { lane, pass, chain }, request))
    }

    /// What the next page of a lane is paid from.
    fn purse(&self, kind: LaneKind) -> Purse {
        let lane = self.lane(kind);
        if lane.is_urgent() {
            Purse::Urgent
        } else if lane.is_wanted() && kind != LaneKind::OpenStat {
            Purse::Loading
        } else {
            Purse::KeepingUp
        }
    }

    /// When something that waits for a request's worth may be asked for.
    pub(super) fn next_ask_at(&self, scope: Scope, now: i64) -> Option<i64> {
        if self.in_flight() + self.busy >= AT_ONCE {
            return None;
        }
        let suspects = !self.verify.is_empty() && self.verifying.len() < VERIFY_AT_ONCE;
        let suspect = suspects.then(|| self.budget.next_at(now).max(self.suspects_paused_until()));
        LaneKind::ALL
            .into_iter()
            .filter(|kind| kind.serves(scope) && self.lane(*kind).is_ready())
            .map(|kind| {
                let paid_at = match self.purse(kind) {
                    Purse::Urgent => self.budget.next_loan_at(now),
                    Purse::Loading => self.loading.next_at(now),
                    Purse::KeepingUp => self.budget.next_at(now),
                };
                paid_at.max(self.lane(kind).paused_until())
            })
            .chain(suspect)
            .min()
    }

    fn ask_suspect(&mut self, now: i64) -> Option<Ask> {
        if self.verifying.len() >= VERIFY_AT_ONCE || self.verify.is_empty() {
            return None;
        }
        if now < self.suspects_paused_until() {
            return None;
        }
        if !self.budget.take(now) {
            return None;
        }
        let id = self.verify.pop_front()?;
        self.queued.remove(&id);
        self.verifying.insert(id);
        Some(Ask::Study(id))
    }

    /// Cuts the part that everything else waits for, where cursors are idle.
    fn split_the_straggler(
        &mut self,
        scope: Scope,
        free: usize,
        people: &dyn Fn() -> BTreeSet<UserId>,
        now: i64,
    ) -> Option<Ask> {
        let passes = || self.in_scope(scope).filter_map(Lane::pass);
        if passes().any(Pass::may_yet_be_long) {
            return None;
        }
        for kind in LaneKind::ALL.into_iter().filter(|kind| kind.serves(scope)) {
            if now < self.lane(kind).paused_until() {
                continue;
            }
            let cursors = self.lane(kind).pass().map_or(0, Pass::in_flight) + free;
            if self.split(kind, cursors, people) {
                return self.ask_lane(kind, now);
            }
        }
        None
    }

    /// Cuts a part of a lane that is long, if that pays with so many cursors.
    pub(super) fn split(
        &mut self,
        kind: LaneKind,
        cursors: usize,
        people: &dyn Fn() -> BTreeSet<UserId>,
    ) -> bool {
        let Some(pass) = self.lane_mut(kind).pass_mut() else {
            return false;
        };
        let Some(straggler) = pass.straggler(cursors) else {
            return false;
        };
        let people = people();
        let may = Pass::can_split(&people);
        if may {
            pass.split(straggler, &people);
        }
        may
    }
}
