//! Decides which request gets which fault.

use super::{Fault, FaultScope, Faults, RetryAfter};
use crate::sandbox::random::Random;
use crate::wire::Method;

/// Faults, and how far their plan has got.
#[derive(Debug)]
pub struct Schedule {
    faults: Faults,
    random: Random,
    /// For each step of the plan, how many requests matched it so far.
    seen: Vec<u32>,
}

/// How long the port stays closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    /// Until other faults are set.
    Lasting,
    /// As long as the faults say.
    Brief,
}

impl Schedule {
    pub fn new(faults: Faults) -> Self {
        Self {
            random: Random::new(faults.seed),
            seen: vec![0; faults.plan.len()],
            faults,
        }
    }

    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Returns the fault of the next request. A step of the plan goes before a share.
    pub fn next(&mut self, method: Method, path: &str) -> Option<Fault> {
        let mut planned = None;
        for (step, seen) in self.faults.plan.iter().zip(&mut self.seen) {
            let is_named = step.method.is_none_or(|it| it == method);
            if is_named && path.starts_with(&step.prefix) {
                *seen += 1;
                // A refusal was due before this request and is over.
                let is_due = step.attempt.is_none_or(|it| it == *seen);
                if planned.is_none() && is_due && step.fault != Fault::Refuse {
                    planned = Some(step.fault);
                }
            }
        }
        let fault = planned.or_else(|| self.drawn(method));
        fault.map(|fault| self.settled(fault))
    }

    /// Draws once for each request in scope, so that a sequence of requests can be repeated exactly.
    fn drawn(&mut self, method: Method) -> Option<Fault> {
        let in_scope = match self.faults.scope {
            FaultScope::All => true,
            FaultScope::Reads => method == Method::Get,
            FaultScope::Writes => method != Method::Get,
        };
        if !in_scope || self.faults.shares.is_empty() {
            return None;
        }
        let mut rest = self.random.unit();
        for (fault, share) in &self.faults.shares {
            if rest < *share {
                return Some(*fault);
            }
            rest -= share;
        }
        None
    }

    fn settled(&mut self, fault: Fault) -> Fault {
        match fault {
            Fault::TooMany(None) => {
                let which = self.random.between(0, RetryAfter::ALL.len() as i64) as usize;
                Fault::TooMany(RetryAfter::ALL.get(which).copied())
            }
            fault => fault,
        }
    }

    /// Whether the port must be closed before the next request comes. A refused request is never seen, so its
    /// turn begins when the one before it is over.
    pub fn outage(&mut self) -> Option<Outage> {
        let always = |(fault, share): &(Fault, f64)| *fault == Fault::Refuse && *share >= 1.0;
        if self.faults.shares.iter().any(always) {
            return Some(Outage::Lasting);
        }
        let steps = self.faults.plan.iter().zip(&mut self.seen);
        for (step, seen) in steps.filter(|(step, _)| step.fault == Fault::Refuse) {
            match step.attempt {
                None => return Some(Outage::Lasting),
                Some(attempt) if attempt == *seen + 1 => {
                    // It counts as a request.
                    *seen += 1;
                    return Some(Outage::Brief);
                }
                Some(_) => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(text: &str) -> Schedule {
        Schedule::new(text.parse().unwrap())
    }

    fn drawn(schedule: &mut Schedule, count: usize) -> Vec<Option<Fault>> {
        let path = "/v1/viewer/studies";
        (0..count)
            .map(|_| schedule.next(Method::Post, path))
            .collect()
    }

    #[test]
    fn a_seed_makes_the_same_sequence() {
        let text = "rst-after-apply:0.2,429:0.3,html:0.1;seed=7";
        let first = drawn(&mut schedule(text), 2000);
        assert_eq!(first, drawn(&mut schedule(text), 2000));
        assert_ne!(first, drawn(&mut schedule(&text.replace('7', "8")), 2000));
        let count =
            |wanted: fn(&Fault) -> bool| first.iter().flatten().filter(|it| wanted(it)).count();
        assert!((350..450).contains(&count(|it| *it == Fault::ResetAfterApply)));
        assert!((530..670).contains(&count(|it| matches!(it, Fault::TooMany(Some(_))))));
        assert!((150..250).contains(&count(|it| *it == Fault::Html)));
    }

    #[test]
    fn a_plan_counts_the_requests_it_names() {
        let mut schedule = schedule("POST /a attempt=2 -> html; GET /a -> 401");
        let html = Some(Fault::Html);
        for (method, path, fault) in [
            (Method::Post, "/a/1", None),
            (Method::Patch, "/a/1", None),
            (Method::Post, "/b", None),
            (Method::Post, "/a/2", html),
            (Method::Post, "/a/2", None),
            (Method::Get, "/a", Some(Fault::Unauthorized)),
            (Method::Get, "/a", Some(Fault::Unauthorized)),
        ] {
            assert_eq!(schedule.next(method, path), fault, "{method} {path}");
        }
    }

    #[test]
    fn scopes_hold() {
        let mut writes = schedule("html;only=writes");
        assert_eq!(writes.next(Method::Get, "/"), None);
        assert_eq!(writes.next(Method::Patch, "/"), Some(Fault::Html));
        let mut reads = schedule("html;only=reads");
        assert_eq!(reads.next(Method::Get, "/"), Some(Fault::Html));
        assert_eq!(reads.next(Method::Post, "/"), None);
    }

    #[test]
    fn a_refusal_is_due_before_its_request() {
        let mut first = schedule("POST / attempt=1 -> refuse");
        assert_eq!(first.outage(), Some(Outage::Brief));
        assert_eq!(first.outage(), None);
        assert_eq!(first.next(Method::Post, "/"), None);
        assert_eq!(first.outage(), None);
        let mut second = schedule("POST / attempt=2 -> refuse");
        assert_eq!(second.outage(), None);
        assert_eq!(second.next(Method::Post, "/"), None);
        assert_eq!(second.outage(), Some(Outage::Brief));
        assert_eq!(schedule("refuse").outage(), Some(Outage::Lasting));
        assert_eq!(schedule("refuse:0.5").outage(), None);
    }
}
