//! Changes that are under way to the server, and those that wait for a decision.
//!
//! A row changes only from the server's answer. Until then the change is pending. Before anything is
//! sent the study is read: where the server has something else than the screen showed, nothing is sent
//! and the conflict waits for a decision. A failure leaves the row as it was and stays until it is
//! retried or dismissed. Every change belongs to a batch, most often of one: what a person asked for in
//! one go is carried out, counted and undone as one.

use crate::app::edit::change::{Change, Field};
use crate::app::edit::job::{BatchId, BatchKind, Got, Job};
use crate::app::edit::shown::Shown;
use crate::app::writes::batch::Batch;
use crate::resolve::WriteDriver;
use crate::wire::{CallClass, Failure, StudyId};
use crate::worklist::Store;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Requests of one batch that are under way at a time.
pub const AT_ONCE: usize = 4;

/// Failures in a row after which a batch stops: the server, not the study, is the trouble.
pub const STREAK: u32 = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeStage {
    /// The study is read to see whether the job may be sent.
    Checking,
    Sent,
    /// The study is read to see whether the change was applied.
    Rechecking,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    pub job: Job,
    pub stage: ChangeStage,
    pub batch: BatchId,
    pub driver: WriteDriver,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Failed {
    pub job: Job,
    pub failure: Failure,
    pub got: Got,
    /// A frame has shown it: only then can a key be meant for it.
    is_seen: bool,
    /// It is in the list of what waits: only then does "all of them" mean it.
    is_listed: bool,
}

/// A change that was not sent, because the server had something else than the screen had shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    pub job: Job,
    /// What the server has, as the change that would set it.
    pub theirs: Change,
    /// It is in the list of what waits: only then can it be decided.
    is_listed: bool,
}

#[derive(Debug, Clone, Default)]
pub struct PendingChanges {
    last_batch: u64,
    batches: BTreeMap<BatchId, Batch>,
    pending: BTreeMap<StudyId, Pending>,
    /// The batches in which a study waits for its turn.
    queued: HashMap<StudyId, Vec<BatchId>>,
    /// The newest failure of each study and field, in the order they happened.
    failed: Vec<Failed>,
    /// The newest conflict of each study and field, in the order they came up.
    conflicts: Vec<Conflict>,
    /// The last thing that went wrong is a failure, and no conflict.
    is_failure_last: bool,
    /// The line about failures and conflicts was dismissed. They still wait.
    is_put_away: bool,
    /// What `.` does again.
    pub last: Option<Change>,
}

impl PendingChanges {
    pub fn begin(&mut self, label: String, kind: BatchKind, jobs: Vec<Job>) -> BatchId {
        self.last_batch += 1;
        let id = BatchId(self.last_batch);
        for job in &jobs {
            self.queued.entry(job.study).or_default().push(id);
        }
        self.batches.insert(id, Batch::new(label, kind, jobs));
        id
    }

    /// The batches under way, oldest first.
    pub fn batch_ids(&self) -> Vec<BatchId> {
        self.batches.keys().copied().collect()
    }

    /// How many studies a batch is about, while one of its jobs could start now.
    pub fn ready(&self, id: BatchId) -> Option<usize> {
        let batch = self.batches.get(&id)?;
        let is_free = |job: &Job| !self.is_taken(job.study, id);
        let may_start = batch.running < AT_ONCE && batch.queue.iter().any(is_free);
        may_start.then_some(batch.total)
    }

    /// Whether an earlier change of this study has not ended: changes of a study are sent in their order.
    fn is_taken(&self, study: StudyId, by: BatchId) -> bool {
        let waits_before = |batches: &Vec<BatchId>| batches.iter().any(|batch| *batch < by);
        self.pending.contains_key(&study) || self.queued.get(&study).is_some_and(waits_before)
    }

    /// A job is no longer in the queue of its batch.
    fn leave_queue(&mut self, study: StudyId, id: BatchId) {
        if let Some(batches) = self.queued.get_mut(&study) {
            if let Some(at) = batches.iter().position(|batch| *batch == id) {
                batches.remove(at);
            }
            if batches.is_empty() {
                self.queued.remove(&study);
            }
        }
    }

    /// The next job of a batch that may start now; it is pending from here on, its study to be read.
    pub fn next_job(&mut self, id: BatchId) -> Option<Pending> {
        let at = {
            let batch = self.batches.get(&id)?;
            let is_free = |job: &Job| !self.is_taken(job.study, id);
            batch.queue.iter().position(is_free)?
        };
        let batch = self.batches.get_mut(&id)?;
        let job = batch.queue.remove(at)?;
        batch.running += 1;
        self.leave_queue(job.study, id);
        self.forget(job.study, job.change.field());
        let pending = Pending {
            job,
            stage: ChangeStage::Checking,
            batch: id,
            driver: WriteDriver::of(CallClass::SetState),
        };
        self.pending.insert(pending.job.study, pending.clone());
        Some(pending)
    }

    pub fn pending(&self, id: StudyId) -> Option<&Pending> {
        self.pending.get(&id)
    }

    pub fn pending_mut(&mut self, id: StudyId) -> Option<&mut Pending> {
        self.pending.get_mut(&id)
    }

    pub fn set_stage(&mut self, id: StudyId, stage: ChangeStage) {
        if let Some(pending) = self.pending.get_mut(&id) {
            pending.stage = stage;
        }
    }

    /// Sets what undoes a pending change, by the record that was just read.
    pub fn set_inverse(&mut self, id: StudyId, inverse: Option<Change>) {
        if let Some(pending) = self.pending.get_mut(&id) {
            pending.job.inverse = inverse;
        }
    }

    /// The changes of a study that have not ended, in the order in which they are sent.
    pub fn asked_of(&self, id: StudyId) -> impl Iterator<Item = &Change> {
        let batches = self.queued.get(&id).into_iter().flatten();
        let waiting = batches
            .filter_map(|batch| self.batches.get(batch))
            .flat_map(|batch| &batch.queue);
        self.pending
            .get(&id)
            .map(|pending| &pending.job.change)
            .into_iter()
            .chain(
                waiting
                    .filter(move |job| job.study == id)
                    .map(|job| &job.change),
            )
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
            batch.succeed(&pending.job);
        }
        Some(pending)
    }

    /// The server already has the wanted value, and not from here: nothing is sent, nothing to undo.
    pub fn find_done(&mut self, id: StudyId) -> Option<Pending> {
        let pending = self.pending.remove(&id)?;
        if let Some(batch) = self.batches.get_mut(&pending.batch) {
            batch.find_done(&pending.job);
        }
        Some(pending)
    }

    /// The server has something else than the screen showed: the change waits for a decision.
    pub fn conflict(&mut self, id: StudyId, theirs: Change) -> Option<Pending> {
        let pending = self.pending.remove(&id)?;
        self.forget(id, pending.job.change.field());
        self.is_put_away = false;
        self.is_failure_last = false;
        self.conflicts.push(Conflict {
            job: pending.job.clone(),
            theirs,
            is_listed: false,
        });
        if let Some(batch) = self.batches.get_mut(&pending.batch) {
            batch.leave_alone(&pending.job);
        }
        Some(pending)
    }

    /// Records a failure. After several in a row the rest of the batch is not sent.
    pub fn fail(&mut self, id: StudyId, failure: Failure, got: Got) -> Option<Pending> {
        let pending = self.pending.remove(&id)?;
        self.record(vec![pending.job.clone()], &failure, got);
        let unsent = match self.batches.get_mut(&pending.batch) {
            Some(batch) => batch.fail(&pending.job),
            None => Vec::new(),
        };
        for job in &unsent {
            self.leave_queue(job.study, pending.batch);
        }
        let reason = format!("it came after {STREAK} failures in a row");
        self.record(unsent, &Failure::Unsendable { reason }, Got::NotSent);
        Some(pending)
    }

    fn record(&mut self, jobs: Vec<Job>, failure: &Failure, got: Got) {
        if jobs.is_empty() {
            return;
        }
        let these: HashSet<_> = jobs.iter().map(Job::place).collect();
        self.failed.retain(|it| !these.contains(&it.job.place()));
        self.conflicts.retain(|it| !these.contains(&it.job.place()));
        self.is_put_away = false;
        self.is_failure_last = true;
        self.failed.extend(jobs.into_iter().map(|job| Failed {
            job,
            failure: failure.clone(),
            got,
            is_seen: false,
            is_listed: false,
        }));
    }

    /// Removes a batch once nothing of it is under way or waiting, and returns it.
    pub fn take_over(&mut self, id: BatchId) -> Option<Batch> {
        if self.batches.get(&id)?.is_over() {
            self.batches.remove(&id)
        } else {
            None
        }
    }

    pub fn has_failed(&self, id: StudyId) -> bool {
        self.failed.iter().any(|failed| failed.job.study == id)
    }

    pub fn has_conflict(&self, id: StudyId) -> bool {
        self.conflicts.iter().any(|it| it.job.study == id)
    }

    pub fn failed(&self) -> &[Failed] {
        &self.failed
    }

    /// What went wrong last, if it still waits: a failure before a conflict, or the other way round.
    pub fn is_failure_last(&self) -> bool {
        self.is_failure_last || self.conflicts.is_empty()
    }

    pub fn conflicts(&self) -> &[Conflict] {
        &self.conflicts
    }

    /// Takes all failures that have been shown, to try them again.
    pub fn take_failed(&mut self) -> Vec<Failed> {
        self.failed
            .extract_if(.., |failed| failed.is_seen)
            .collect()
    }

    /// A frame has shown how many have failed.
    pub fn drawn(&mut self) {
        for failed in &mut self.failed {
            failed.is_seen = true;
        }
    }

    /// Drops what waits for a decision about one field of a study.
    pub fn forget(&mut self, id: StudyId, field: Field) {
        let place = (id, field);
        self.failed.retain(|it| it.job.place() != place);
        self.conflicts.retain(|it| it.job.place() != place);
    }

    /// All that waits is listed from here on, with what is known of the server's values now.
    pub fn list(&mut self, store: &Store) {
        for failed in &mut self.failed {
            failed.is_listed = true;
        }
        for conflict in &mut self.conflicts {
            conflict.is_listed = true;
            let now = store.find(conflict.job.study).map(Shown::of);
            if let Some(theirs) = now.and_then(|now| conflict.theirs.current(&now)) {
                conflict.theirs = theirs;
            }
        }
    }

    /// The failure of one field of a study that is listed.
    pub fn listed_failure(&self, id: StudyId, field: Field) -> Option<&Failed> {
        let mut failed = self.failed.iter();
        failed.find(|it| it.is_listed && it.job.place() == (id, field))
    }

    /// The conflict about one field of a study that is listed.
    pub fn listed_conflict(&self, id: StudyId, field: Field) -> Option<&Conflict> {
        let mut conflicts = self.conflicts.iter();
        conflicts.find(|it| it.is_listed && it.job.place() == (id, field))
    }

    /// Drops the failures that are listed.
    pub fn forget_failed(&mut self) {
        self.failed.retain(|it| !it.is_listed);
    }

    /// Drops the conflicts that are listed.
    pub fn forget_conflicts(&mut self) {
        self.conflicts.retain(|it| !it.is_listed);
    }

    /// Dismisses the line about failures and conflicts; they keep waiting. Returns whether it showed.
    pub fn put_away(&mut self) -> bool {
        let showed = self.is_shown();
        self.is_put_away = true;
        showed
    }

    /// Whether the line about failures and conflicts is to show.
    pub fn is_shown(&self) -> bool {
        let waits = !self.failed.is_empty() || !self.conflicts.is_empty();
        waits && !self.is_put_away
    }
}
