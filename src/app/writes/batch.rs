//! What a person asked for in one go.

use crate::app::edit::history::StepEntry;
use crate::app::edit::job::{BatchKind, Job};
use crate::app::writes::changes::STREAK;
use std::collections::VecDeque;

#[derive(Debug, Clone)]
pub struct Batch {
    pub label: String,
    pub kind: BatchKind,
    pub total: usize,
    pub(in crate::app) queue: VecDeque<Job>,
    pub(in crate::app) running: usize,
    pub done: Vec<StepEntry>,
    /// Studies that already had the wanted value, set by someone else.
    pub found_done: usize,
    /// Studies that were not changed, because someone else had changed them.
    pub left_alone: usize,
    pub failed: usize,
    streak: u32,
    /// The study that ended last, for the line of a batch of one.
    pub last: Option<Job>,
}

impl Batch {
    pub(in crate::app) fn new(label: String, kind: BatchKind, jobs: Vec<Job>) -> Self {
        Self {
            label,
            kind,
            total: jobs.len(),
            queue: jobs.into(),
            running: 0,
            done: Vec::new(),
            found_done: 0,
            left_alone: 0,
            failed: 0,
            streak: 0,
            last: None,
        }
    }

    /// Jobs that ended, well or not.
    pub fn ended(&self) -> usize {
        self.done.len() + self.found_done + self.left_alone + self.failed
    }

    pub(in crate::app) fn is_over(&self) -> bool {
        self.running == 0 && self.queue.is_empty()
    }

    fn end(&mut self, job: &Job) {
        self.running -= 1;
        self.streak = 0;
        self.last = Some(job.clone());
    }

    pub(in crate::app) fn succeed(&mut self, job: &Job) {
        self.end(job);
        self.done.push(StepEntry {
            study: job.study,
            uid: job.uid.clone(),
            description: job.description.clone(),
            done: job.change.clone(),
            inverse: job.inverse.clone(),
        });
    }

    pub(in crate::app) fn find_done(&mut self, job: &Job) {
        self.end(job);
        self.found_done += 1;
    }

    pub(in crate::app) fn leave_alone(&mut self, job: &Job) {
        self.end(job);
        self.left_alone += 1;
    }

    /// Counts a failure. Returns the jobs that are not sent because of it.
    pub(in crate::app) fn fail(&mut self, job: &Job) -> Vec<Job> {
        self.running -= 1;
        self.last = Some(job.clone());
        self.failed += 1;
        self.streak += 1;
        if self.streak < STREAK {
            return Vec::new();
        }
        self.failed += self.queue.len();
        std::mem::take(&mut self.queue).into()
    }
}
