//! The studies of the last days, and the ones that arrive while the sandbox runs.

use std::sync::Arc;

use chrono::{DateTime, Datelike, FixedOffset, SubsecRound, TimeDelta, Timelike, Utc, Weekday};

use super::catalogue::{Catalogue, Exam, Modality, PatientClass, SeverityData};
use crate::sandbox::random::{Random, uuid_uid};
use crate::sandbox::store::{Creator, NewStudy};
use crate::wire::{Severity, StudyId};

/// The study of the reference's examples.
const KNOWN_ID: &str = "stu_1234567890abcdef1234567890abcdef";
const KNOWN_UID: &str = "1.2.840.10008.5.1.4.1.1.2";
const KNOWN_AGE: f64 = 9.0;

/// What the studies as a whole are like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mix {
    /// The shares of a clinic's last days.
    #[default]
    Days,
    /// As in a long history, where more than half of all studies are routine and complete.
    History,
}

impl Mix {
    /// The share of studies that are made routine and complete, whatever they were drawn as.
    fn settled(self) -> Option<f64> {
        match self {
            Self::Days => None,
            Self::History => Some(0.2),
        }
    }
}

/// The state of a study when the sandbox starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Open,
    Complete,
    Cancelled,
}

/// The two random sequences of a study.
#[derive(Debug, Clone, Copy)]
enum Draw {
    Plan,
    Record,
}

/// What is drawn first for every study, so that all can be sorted by arrival.
#[derive(Debug, Clone, Copy)]
struct Plan {
    number: u32,
    minutes_ago: f64,
    class: u8,
    severity: u8,
    stage: Stage,
    known: bool,
}

/// Draws studies one by one.
#[derive(Debug)]
pub struct Studies {
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) random: Random,
    seed: u64,
    now: DateTime<Utc>,
    plans: std::vec::IntoIter<Plan>,
    /// The number of the next arrival.
    next: u32,
    mix: Mix,
}

impl Studies {
    /// Returns `count` studies that arrived before `now`, oldest first.
    pub fn before(
        catalogue: Arc<Catalogue>,
        seed: u64,
        now: DateTime<Utc>,
        count: u32,
        mix: Mix,
    ) -> Self {
        let mut studies = Self::arriving(catalogue, seed, count);
        studies.mix = mix;
        let mut plans: Vec<Plan> = (0..count).map(|number| studies.plan(now, number)).collect();
        plans.sort_by(|a, b| b.minutes_ago.total_cmp(&a.minutes_ago));
        studies.now = now;
        studies.plans = plans.into_iter();
        studies
    }

    /// Returns a generator without a past: studies come from [`Self::arrival`], numbered from `first` on.
    pub fn arriving(catalogue: Arc<Catalogue>, seed: u64, first: u32) -> Self {
        Self {
            catalogue,
            random: Random::new(seed),
            seed,
            now: DateTime::UNIX_EPOCH,
            plans: Vec::new().into_iter(),
            next: first,
            mix: Mix::Days,
        }
    }

    /// Returns a study that arrives now, of a kind that arrives at this hour.
    pub fn arrival(&mut self, now: DateTime<Utc>) -> NewStudy {
        self.now = now;
        let number = self.next;
        self.next += 1;
        self.restart(number, Draw::Plan);
        let catalogue = Arc::clone(&self.catalogue);
        let classes = &catalogue.clinic.classes;
        let weight = |class: &(u8, &PatientClass)| {
            let flow = hourly_flow(&catalogue, class.1, now);
            class.1.weight * flow / class.1.hours.iter().sum::<f64>()
        };
        let numbered: Vec<_> = (0..).zip(classes).collect();
        let class = self
            .random
            .weighted(&numbered, weight)
            .map_or(0, |class| class.0);
        let severity = self.severity(class);
        self.make(Plan {
            number,
            minutes_ago: 0.0,
            class,
            severity,
            stage: Stage::Open,
            known: false,
        })
    }

    /// Gives each study a random sequence of its own. Neither the clock nor the number of studies then
    /// changes the ids and descriptions of the others.
    fn restart(&mut self, number: u32, draw: Draw) {
        let place = u64::from(number) * 2 + draw as u64;
        let start = Random::new(self.seed).word().wrapping_add(place);
        self.random = Random::new(Random::new(start).word());
    }

    fn plan(&mut self, now: DateTime<Utc>, number: u32) -> Plan {
        self.restart(number, Draw::Plan);
        let catalogue = Arc::clone(&self.catalogue);
        let clinic = &catalogue.clinic;
        let numbered: Vec<_> = (0..).zip(&clinic.classes).collect();
        let class = self
            .random
            .weighted(&numbered, |class| class.1.weight)
            .map_or(0, |class| class.0);
        let settled = self
            .mix
            .settled()
            .is_some_and(|share| self.random.chance(share));
        let severity = if settled {
            self.severity_number(&Severity::Normal)
        } else {
            self.severity(class)
        };
        let data = &clinic.severities[usize::from(severity)];
        let stage = if settled {
            Stage::Complete
        } else if self.random.chance(clinic.cancelled_share) {
            Stage::Cancelled
        } else if self.random.chance(data.open_share) {
            Stage::Open
        } else {
            Stage::Complete
        };
        let minutes_ago = match stage {
            Stage::Open => data.open_minutes.draw(&mut self.random),
            _ => self.arrival_minutes(&clinic.classes[usize::from(class)], now),
        };
        let plan = Plan {
            number,
            minutes_ago,
            class,
            severity,
            stage,
            known: false,
        };
        if number == 0 { known(plan) } else { plan }
    }

    fn severity(&mut self, class: u8) -> u8 {
        let class = &self.catalogue.clinic.classes[usize::from(class)];
        let draw = self.random.unit();
        let severity = if draw < class.stat {
            Severity::Stat
        } else if draw < class.stat + class.high {
            Severity::High
        } else {
            Severity::Normal
        };
        self.severity_number(&severity)
    }

    fn severity_number(&self, severity: &Severity) -> u8 {
        (0..)
            .zip(&self.catalogue.clinic.severities)
            .find_map(|(number, data)| (data.severity == *severity).then_some(number))
            .unwrap_or(0)
    }

    /// Returns a moment of the past days, more likely in the hours when patients of the class come.
    fn arrival_minutes(&mut self, class: &PatientClass, now: DateTime<Utc>) -> f64 {
        let most = class.hours.iter().copied().fold(0.0, f64::max);
        let span = self.catalogue.clinic.span_hours as f64 * 60.0;
        loop {
            let minutes = 30.0 + self.random.unit() * (span - 30.0);
            let flow = hourly_flow(&self.catalogue, class, minutes_before(now, minutes));
            if self.random.unit() * most < flow {
                return minutes;
            }
        }
    }

    fn make(&mut self, plan: Plan) -> NewStudy {
        self.restart(plan.number, Draw::Record);
        let catalogue = Arc::clone(&self.catalogue);
        let clinic = &catalogue.clinic;
        let class = &clinic.classes[usize::from(plan.class)];
        let data = &clinic.severities[usize::from(plan.severity)];
        let (modality, exam) = self.exam(&catalogue.imaging, class, &data.severity);
        let sites: Vec<_> = (0..).zip(&clinic.customers).collect();
        let site = self.random.weighted(&sites, |site| {
            if site.1.does(class, exam) {
                site.1.weight
            } else {
                0.0
            }
        });
        let nobody = self.random.chance(clinic.without_customer_share) && !plan.known;
        let created_at = minutes_before(self.now, plan.minutes_ago);
        let (updated_at, cancelled_at) = self.history(plan, data);
        let assignee = match plan.stage {
            _ if plan.known => None,
            Stage::Open if plan.minutes_ago < 2.0 && self.random.chance(0.6) => None,
            Stage::Open if self.random.chance(data.unassigned) => None,
            Stage::Cancelled if self.random.chance(0.6) => None,
            _ => self.reader(&exam.field),
        };
        let description = self.description(modality, exam, plan.known);
        let accession = self.accession(plan.number);
        let metadata = self.metadata(
            accession,
            class,
            modality,
            exam,
            site.map(|site| site.1),
            created_at,
        );
        let study = NewStudy {
            study_id: StudyId::from_bytes(self.random.bytes()),
            uid: uuid_uid(self.random.bytes()),
            description,
            severity: data.severity.clone(),
            complete: plan.stage == Stage::Complete,
            cancelled_at,
            assignee,
            customer: site.filter(|_| !nobody).map(|site| site.0),
            creator: self.creator(),
            created_at,
            updated_at,
            metadata,
        };
        if plan.known {
            with_known_ids(study)
        } else {
            study
        }
    }

    fn exam<'a>(
        &mut self,
        imaging: &'a [Modality],
        class: &PatientClass,
        severity: &Severity,
    ) -> (&'a Modality, &'a Exam) {
        let modality = self
            .random
            .weighted(imaging, |modality| modality.weight.of(&class.code))
            .unwrap_or(&imaging[0]);
        // A stroke protocol is never routine.
        let is_done = |exam: &Exam| {
            (exam.protocol.is_none() || *severity == Severity::Stat)
                && exam
                    .classes
                    .as_ref()
                    .is_none_or(|classes| classes.contains(&class.code))
        };
        let weight = |exam: &Exam| if is_done(exam) { exam.weight } else { 0.0 };
        let exam = self.random.weighted(&modality.exams, weight);
        (modality, exam.unwrap_or(&modality.exams[0]))
    }

    /// Returns when the study last changed, and when it was cancelled.
    fn history(
        &mut self,
        plan: Plan,
        data: &SeverityData,
    ) -> (DateTime<Utc>, Option<DateTime<Utc>>) {
        let after = match plan.stage {
            Stage::Open => self.random.exponential() * 6.0,
            Stage::Complete => data.read_minutes.draw(&mut self.random),
            // Half of the cancellations are immediate corrections.
            Stage::Cancelled if self.random.chance(0.5) => 10.0 * self.random.unit(),
            Stage::Cancelled => 10.0 + self.random.exponential() * 180.0,
        };
        let after = after.min(plan.minutes_ago * 0.9);
        let changed = minutes_before(self.now, plan.minutes_ago - after);
        let cancelled = (plan.stage == Stage::Cancelled).then_some(changed);
        (changed, cancelled)
    }

    /// Returns a reader of the right subspecialty, sometimes another one.
    fn reader(&mut self, field: &str) -> Option<u32> {
        let catalogue = Arc::clone(&self.catalogue);
        let field = if self.random.chance(0.04) {
            "peds"
        } else {
            field
        };
        let numbered: Vec<_> = (0..).zip(&catalogue.people.users).collect();
        self.random
            .weighted(&numbered, |(_, person)| match &person.reads {
                Some(reads) if reads == field => person.weight,
                Some(_) => person.weight * 0.03,
                None => 0.0,
            })
            .map(|(position, _)| *position)
    }

    /// Returns the creator: nearly always the gateway, sometimes a technologist.
    fn creator(&mut self) -> Creator {
        if !self.random.chance(0.08) {
            return Creator::ApiKey(0);
        }
        let catalogue = Arc::clone(&self.catalogue);
        let numbered: Vec<_> = (0..).zip(&catalogue.people.users).collect();
        let makes = |(_, person): &(u32, &super::catalogue::PersonData)| {
            f64::from(u8::from(person.manage && person.reads.is_none()))
        };
        self.random
            .weighted(&numbered, makes)
            .map_or(Creator::ApiKey(0), |(position, _)| Creator::User(*position))
    }
}

impl Iterator for Studies {
    type Item = NewStudy;

    fn next(&mut self) -> Option<NewStudy> {
        let plan = self.plans.next()?;
        Some(self.make(plan))
    }
}

fn known(plan: Plan) -> Plan {
    Plan {
        minutes_ago: KNOWN_AGE,
        stage: Stage::Open,
        known: true,
        ..plan
    }
}

fn with_known_ids(study: NewStudy) -> NewStudy {
    NewStudy {
        study_id: KNOWN_ID.parse().unwrap_or(study.study_id),
        uid: KNOWN_UID.into(),
        ..study
    }
}

/// Returns the relative arrivals of a class at a moment, on the clinic's own clock.
fn hourly_flow(catalogue: &Catalogue, class: &PatientClass, at: DateTime<Utc>) -> f64 {
    let zone = FixedOffset::east_opt(catalogue.clinic.zone_hours * 3600);
    let local = zone.map_or_else(|| at.fixed_offset(), |zone| at.with_timezone(&zone));
    let day = match local.weekday() {
        Weekday::Sat | Weekday::Sun => class.weekend,
        _ => 1.0,
    };
    class.hours[local.hour() as usize] * day
}

pub(super) fn minutes_before(now: DateTime<Utc>, minutes: f64) -> DateTime<Utc> {
    (now - TimeDelta::milliseconds((minutes * 60_000.0) as i64)).trunc_subsecs(3)
}
