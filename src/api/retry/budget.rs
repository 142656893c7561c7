//! A limit on how much repetitions may add to the load of a server that is in trouble.
//!
//! Each read earns a fifth of a repetition, each repetition costs one, and at most [`RESERVE`] are saved up.
//! So in any span of time the client sends at most 1.2 times as many requests as were asked for, plus the
//! reserve. The idea is Finagle's `RetryBudget`.

use std::sync::{Mutex, PoisonError};

/// The most repetitions that are saved up: enough for a short trouble of a client that reads little.
pub const RESERVE: u32 = 10;
/// Reads that pay for one repetition.
const PRICE: u32 = 5;

#[derive(Debug)]
pub struct RetryBudget {
    /// In fifths of a repetition.
    balance: Mutex<u32>,
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self {
            balance: Mutex::new(RESERVE * PRICE),
        }
    }
}

impl RetryBudget {
    /// Counts a read that begins.
    pub fn earn(&self) {
        let mut balance = self.lock();
        *balance = (*balance + 1).min(RESERVE * PRICE);
    }

    /// Pays for the repetition of a read. Returns whether it may be repeated.
    pub fn spend(&self) -> bool {
        let mut balance = self.lock();
        let left = balance.checked_sub(PRICE);
        *balance = left.unwrap_or(*balance);
        left.is_some()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, u32> {
        self.balance.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
