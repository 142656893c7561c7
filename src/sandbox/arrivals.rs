//! The living clinic: patients arrive, imaginary radiologists read, invited people accept.
//!
//! What happens, and in which order, depends on the seed. When it happens depends on the clock.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::sleep;

use super::clock;
use super::generator::{Catalogue, Studies};
use super::random::Random;
use super::server::App;
use super::store::{SandboxStore, StoreError, StudyFilter, StudyRecord, is_pending};
use crate::wire::ClinicRole;

/// The time between two things that the imaginary people do, in seconds.
const STEP: (i64, i64) = (20, 40);
/// The shortest time that reading a study takes.
const READING: TimeDelta = TimeDelta::minutes(3);
/// How far imaginary people look into the open work, oldest first.
const REACH: usize = 400;

/// Adds studies, `per_hour` on average, as a Poisson process. Never returns.
pub async fn arrive(app: App, catalogue: Arc<Catalogue>, seed: u64, per_hour: f64) {
    // A reopened database continues where it stopped.
    let held = app.lock().store.study_count();
    let mut gaps = Random::new(!seed ^ u64::from(held));
    let mut studies = Studies::arriving(catalogue, seed, held);
    loop {
        let seconds = gaps.exponential() * 3600.0 / per_hour;
        sleep(Duration::from_secs_f64(seconds.clamp(0.001, 1e6))).await;
        let study = studies.arrival(clock::now());
        // A database that fails now also fails the next request, which can report it.
        let _ = app.lock().store.add_study(study);
    }
}

/// Lets the imaginary people work. Never returns.
pub async fn work(app: App, seed: u64) {
    let mut people = People(Random::new(seed ^ 0x4c49_5645));
    loop {
        let seconds = people.0.between(STEP.0, STEP.1) as u64;
        sleep(Duration::from_secs(seconds)).await;
        let _ = people.step(&mut app.lock().store, clock::now());
    }
}

/// The order in which severities are looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    UrgentFirst,
    RoutineFirst,
}

struct People(Random);

impl People {
    fn step(&mut self, store: &mut SandboxStore, now: DateTime<Utc>) -> Result<(), StoreError> {
        match self.0.between(0, 20) {
            0 => self.accept_invitation(store, now),
            1..=4 => self.reassign(store, now),
            5..=10 => self.take_unassigned(store, now),
            _ => self.complete(store, now),
        }
    }

    /// A radiologist finishes a study that was assigned to them for a while.
    fn complete(&mut self, store: &mut SandboxStore, now: DateTime<Utc>) -> Result<(), StoreError> {
        let latest = (now - READING).timestamp_millis();
        let is_read = |store: &SandboxStore, study: &StudyRecord| {
            study.updated_at <= latest && study.assignee.is_some_and(|at| is_reader(store, at))
        };
        let Some(old) = self.open(store, Order::UrgentFirst, is_read)? else {
            return Ok(());
        };
        let mut new = old.clone();
        new.complete = true;
        store.save_study(&old, new, now).map(drop)
    }

    /// Routine work goes first, because an unassigned STAT study is left to the operator.
    fn take_unassigned(
        &mut self,
        store: &mut SandboxStore,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let is_free = |_: &SandboxStore, study: &StudyRecord| study.assignee.is_none();
        let old = self.open(store, Order::RoutineFirst, is_free)?;
        self.give(store, old, now)
    }

    fn reassign(&mut self, store: &mut SandboxStore, now: DateTime<Utc>) -> Result<(), StoreError> {
        let is_read = |store: &SandboxStore, study: &StudyRecord| {
            study.assignee.is_some_and(|at| is_reader(store, at))
        };
        let old = self.open(store, Order::UrgentFirst, is_read)?;
        self.give(store, old, now)
    }

    fn give(
        &mut self,
        store: &mut SandboxStore,
        old: Option<StudyRecord>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let Some(old) = old else { return Ok(()) };
        let mut new = old.clone();
        new.assignee = self.reader(store, old.assignee);
        if new.assignee.is_none() {
            return Ok(());
        }
        store.save_study(&old, new, now).map(drop)
    }

    fn accept_invitation(
        &mut self,
        store: &mut SandboxStore,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let pending: Vec<u32> = (0..)
            .zip(store.invitations())
            .filter(|(_, invitation)| is_pending(invitation, now))
            .map(|(position, _)| position)
            .collect();
        match self.0.weighted(&pending, |_| 1.0) {
            Some(position) => store.accept(*position, now),
            None => Ok(()),
        }
    }

    /// Returns an open study of the first severity that has one.
    fn open(
        &mut self,
        store: &mut SandboxStore,
        order: Order,
        is_wanted: impl Fn(&SandboxStore, &StudyRecord) -> bool,
    ) -> Result<Option<StudyRecord>, StoreError> {
        let mut severities = [2, 1, 0];
        if order == Order::RoutineFirst || self.0.chance(0.5) {
            severities.reverse();
        }
        for severity in severities {
            let filter = StudyFilter {
                severity: Some(severity),
                complete: Some(false),
                cancelled: Some(false),
                ..StudyFilter::default()
            };
            let (positions, _) = store.find_studies(&filter, 0, REACH);
            let mut wanted = Vec::new();
            for position in positions {
                let study = store.study(position)?;
                if is_wanted(store, &study) {
                    wanted.push(study);
                }
            }
            if let Some(study) = self.0.weighted(&wanted, |_| 1.0) {
                return Ok(Some(study.clone()));
            }
        }
        Ok(None)
    }

    /// Returns a reader other than the one who has the study.
    fn reader(&mut self, store: &SandboxStore, but: Option<u32>) -> Option<u32> {
        let readers: Vec<u32> = (0..)
            .zip(store.users())
            .map(|(position, _)| position)
            .filter(|position| Some(*position) != but && is_reader(store, *position))
            .collect();
        self.0.weighted(&readers, |_| 1.0).copied()
    }
}

/// Whether this is a radiologist with access.
fn is_reader(store: &SandboxStore, position: u32) -> bool {
    store.member(position).is_some_and(|member| {
        !member.revoked && member.user.profile.clinic_role == ClinicRole::Radiologist
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::generator::{self, Mix};
    use crate::wire::Match;

    fn now() -> DateTime<Utc> {
        "2026-03-04T17:00:00Z".parse().unwrap()
    }

    fn store(studies: u32) -> SandboxStore {
        let catalogue = Arc::new(Catalogue::load().unwrap());
        SandboxStore::open(None, || {
            (
                generator::clinic(&catalogue, 1, now(), false),
                Studies::before(catalogue, 1, now(), studies, Mix::Days),
            )
        })
        .unwrap()
    }

    fn count(store: &mut SandboxStore, filter: &StudyFilter) -> usize {
        store.find_studies(filter, 0, 10_000).0.len()
    }

    #[test]
    fn an_hour_of_work_shows_everywhere() {
        let mut store = store(300);
        let complete = StudyFilter {
            complete: Some(true),
            ..StudyFilter::default()
        };
        let unassigned = StudyFilter {
            assignee: Match::Empty,
            complete: Some(false),
            ..StudyFilter::default()
        };
        let users = store.users().len();
        let before = (count(&mut store, &complete), count(&mut store, &unassigned));
        let mut people = People(Random::new(1));
        for _ in 0..120 {
            people.step(&mut store, now()).unwrap();
        }
        assert!(count(&mut store, &complete) > before.0);
        assert!(count(&mut store, &unassigned) < before.1);
        assert!(store.users().len() > users);
        // An accepted person keeps the id of the invitation.
        let member = &store.users()[users].user;
        let (_, invitation) = store.invitation_of(&member.user_id).unwrap();
        assert_eq!(invitation.status.as_str(), "accepted");
        assert_eq!(invitation.email, member.email);
    }

    #[test]
    fn an_empty_clinic_has_nothing_to_do() {
        let mut store = store(0);
        let mut people = People(Random::new(1));
        for _ in 0..200 {
            people.step(&mut store, now()).unwrap();
        }
        assert_eq!(store.study_count(), 0);
    }

    #[test]
    fn arrivals_are_new_open_studies() {
        let mut store = store(10);
        let mut studies = Studies::arriving(Catalogue::load().unwrap().into(), 1, 10);
        for _ in 0..200 {
            store.add_study(studies.arrival(now())).unwrap();
        }
        let stat_to_nobody = StudyFilter {
            severity: Some(2),
            complete: Some(false),
            assignee: Match::Empty,
            ..StudyFilter::default()
        };
        assert_eq!(store.study_count(), 210);
        assert!(count(&mut store, &stat_to_nobody) > 10);
    }
}
