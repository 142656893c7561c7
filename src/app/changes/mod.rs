//! Changes on their way to the server, and those that failed.
//!
//! A row changes only from the server's answer. Until then it is pending; a failure leaves it as it
//! was and stays on record until a person dismisses it. Every change belongs to a batch, most often
//! of one: what a person asked for in one go is carried out, counted and undone as one.

mod change;
mod history;

use std::collections::{BTreeMap, VecDeque};

pub use change::{Change, Edit};
pub use history::{About, Entry, Event, History, Step};

use crate::settle::Trial;
use crate::text::SafeText;
use crate::wire::{CallClass, Failure, StudyId};

/// Requests of one batch that are under way at a time.
pub const AT_ONCE: usize = 4;
/// Failures in a row after which a batch stops: the server, not the study, is the trouble.
pub const STREAK: u32 = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BatchId(u64);

/// What must be seen on the server before a job is sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Before {
    Nothing,
    /// This must still be so: someone else's later change is not overwritten.
    Holds(Change),
    /// It may have been done already by an attempt whose outcome is unknown; then nothing is sent.
    UnlessDone,
}

/// One study's part of a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    pub study: StudyId,
    pub description: SafeText,
    pub change: Change,
    pub inverse: Option<Change>,
    pub before: Before,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The study is read to see whether the job may go out.
    Checking,
    Sent,
    /// The study is read to see what became of it.
    Rechecking,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    pub job: Job,
    pub stage: Stage,
    pub batch: BatchId,
    pub trial: Trial,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Failed {
    pub job: Job,
    pub failure: Failure,
    /// Nobody knows whether it took effect.
    pub unconfirmed: bool,
}

/// What a batch is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Do,
    Undo,
    Redo,
}

/// What a person asked for in one go.
#[derive(Debug, Clone)]
pub struct Batch {
    pub label: String,
    pub kind: Kind,
    pub total: usize,
    queue: VecDeque<Job>,
    running: usize,
    pub done: Vec<Entry>,
    pub failed: usize,
    streak: u32,
}

impl Batch {
    /// Jobs that ended, well or not.
    pub fn ended(&self) -> usize {
        self.done.len() + self.failed
    }

    fn is_over(&self) -> bool {
        self.running == 0 && self.queue.is_empty()
    }
}

#[derive(Debug, Clone, Default)]
pub struct Changes {
    last_batch: u64,
    batches: BTreeMap<BatchId, Batch>,
    pending: BTreeMap<StudyId, Pending>,
    /// The newest failure of each study, in the order they happened.
    failed: Vec<(StudyId, Failed)>,
    pub history: History,
    /// What `.` does again.
    pub last: Option<Change>,
}

impl Changes {
    pub fn begin(&mut self, label: String, kind: Kind, jobs: Vec<Job>) -> BatchId {
        self.last_batch += 1;
        let id = BatchId(self.last_batch);
        let batch = Batch {
            label,
            kind,
            total: jobs.len(),
            queue: jobs.into(),
            running: 0,
            done: Vec::new(),
            failed: 0,
            streak: 0,
        };
        self.batches.insert(id, batch);
        id
    }

    /// The next job of a batch that may start now; it is pending from here on.
    pub fn next_job(&mut self, id: BatchId) -> Option<Pending> {
        let batch = self.batches.get_mut(&id)?;
        if batch.running >= AT_ONCE {
            return None;
        }
        let job = batch.queue.pop_front()?;
        batch.running += 1;
        let stage = match job.before {
            Before::Nothing => Stage::Sent,
            Before::Holds(_) | Before::UnlessDone => Stage::Checking,
        };
        let study = job.study;
        self.failed.retain(|(other, _)| *other != study);
        let pending = Pending {
            job,
            stage,
            batch: id,
            trial: Trial::of(CallClass::SetState),
        };
        self.pending.insert(study, pending.clone());
        Some(pending)
    }

    pub fn pending(&self, id: StudyId) -> Option<&Pending> {
        self.pending.get(&id)
    }

    pub fn trial(&mut self, id: StudyId) -> Option<&mut Trial> {
        self.pending.get_mut(&id).map(|pending| &mut pending.trial)
    }

    pub fn set_stage(&mut self, id: StudyId, stage: Stage) {
        if let Some(pending) = self.pending.get_mut(&id) {
            pending.stage = stage;
        }
    }

    /// Changes that have not ended, those still waiting for their turn included.
    pub fn pending_count(&self) -> usize {
        let waiting: usize = self.batches.values().map(|batch| batch.queue.len()).sum();
        self.pending.len() + waiting
    }

    /// Batches of more than one study that are under way.
    pub fn bulk(&self) -> impl Iterator<Item = &Batch> {
        self.batches.values().filter(|batch| batch.total > 1)
    }

    pub fn succeed(&mut self, id: StudyId) -> Option<Pending> {
        let pending = self.pending.remove(&id)?;
        if let Some(batch) = self.batches.get_mut(&pending.batch) {
            batch.running -= 1;
            batch.streak = 0;
            batch.done.push(Entry {
                study: id,
                description: pending.job.description.clone(),
                done: pending.job.change.clone(),
                inverse: pending.job.inverse.clone(),
            });
        }
        Some(pending)
    }

    /// Records a failure. After several in a row the rest of the batch is not sent.
    pub fn fail(&mut self, id: StudyId, failure: Failure, unconfirmed: bool) -> Option<Pending> {
        let pending = self.pending.remove(&id)?;
        self.record(pending.job.clone(), failure, unconfirmed);
        let mut unsent = VecDeque::new();
        if let Some(batch) = self.batches.get_mut(&pending.batch) {
            batch.running -= 1;
            batch.failed += 1;
            batch.streak += 1;
            if batch.streak >= STREAK {
                unsent = std::mem::take(&mut batch.queue);
                batch.failed += unsent.len();
            }
        }
        for job in unsent {
            let reason = format!("not sent: {STREAK} failures in a row came before it");
            self.record(job, Failure::Unsendable { reason }, false);
        }
        Some(pending)
    }

    fn record(&mut self, job: Job, failure: Failure, unconfirmed: bool) {
        self.failed.retain(|(other, _)| *other != job.study);
        let failed = Failed {
            job,
            failure,
            unconfirmed,
        };
        self.failed.push((failed.job.study, failed));
    }

    /// Takes a batch out once nothing of it is under way or waiting.
    pub fn take_over(&mut self, id: BatchId) -> Option<Batch> {
        if self.batches.get(&id)?.is_over() {
            self.batches.remove(&id)
        } else {
            None
        }
    }

    pub fn has_failed(&self, id: StudyId) -> bool {
        self.failed.iter().any(|(other, _)| *other == id)
    }

    pub fn failed(&self) -> &[(StudyId, Failed)] {
        &self.failed
    }

    /// Takes all failures, to try them again.
    pub fn take_failed(&mut self) -> Vec<Failed> {
        std::mem::take(&mut self.failed)
            .into_iter()
            .map(|(_, failed)| failed)
            .collect()
    }

    /// Dismisses the failures.
    pub fn dismiss(&mut self) -> bool {
        let any = !self.failed.is_empty();
        self.failed.clear();
        any
    }
}
