//! What a person asked for in one go.

use std::collections::VecDeque;

use super::{Entry, Job, STREAK};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BatchId(pub(super) u64);

/// What a batch is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Do,
    Undo,
    Redo,
}

#[derive(Debug, Clone)]
pub struct Batch {
    pub label: String,
    pub kind: Kind,
    pub total: usize,
    pub(super) queue: VecDeque<Job>,
    pub(super) running: usize,
    pub done: Vec<Entry>,
    /// Studies that had the wanted value already, by somebody else.
    pub found_done: usize,
    /// Studies left alone, because somebody else had changed them.
    pub left_alone: usize,
    pub failed: usize,
    streak: u32,
    /// The study that ended last, for the line of a batch of one.
    pub last: Option<Job>,
}

impl Kind {
    /// What a batch of this kind does, while it does it.
    pub fn words(self, label: &str) -> String {
        match self {
            Self::Do => label.to_owned(),
            Self::Undo => format!("undo {label}"),
            Self::Redo => format!("redo {label}"),
        }
    }
}

impl Batch {
    pub(super) fn new(label: String, kind: Kind, jobs: Vec<Job>) -> Self {
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

    pub(super) fn is_over(&self) -> bool {
        self.running == 0 && self.queue.is_empty()
    }

    fn end(&mut self, job: &Job) {
        self.running -= 1;
        self.streak = 0;
        self.last = Some(job.clone());
    }

    pub(super) fn succeed(&mut self, job: &Job) {
        self.end(job);
        self.done.push(Entry {
            study: job.study,
            uid: job.uid.clone(),
            description: job.description.clone(),
            done: job.change.clone(),
            inverse: job.inverse.clone(),
        });
    }

    pub(super) fn find_done(&mut self, job: &Job) {
        self.end(job);
        self.found_done += 1;
    }

    pub(super) fn leave_alone(&mut self, job: &Job) {
        self.end(job);
        self.left_alone += 1;
    }

    /// Counts a failure. Returns the jobs that are not sent because of it.
    pub(super) fn fail(&mut self, job: &Job) -> Vec<Job> {
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
