//! Records of a list that could not be read: how many, and which.

use std::collections::BTreeSet;

use super::{Exit, Out};
use crate::text::{clean, clip};
use crate::wire::Unreadable;

/// A note names at most this many records.
const NAMED: usize = 3;
/// The most columns of an id in a note: it comes from a record that could not be read.
const ID_WIDTH: usize = 60;

/// Records that could not be read. A list is read several times, and each time they come again.
#[derive(Debug, Default)]
pub struct SetAside {
    ids: BTreeSet<String>,
    /// The most records without an id that one pass met.
    nameless: usize,
    /// Those of the present pass.
    nameless_now: usize,
    pass: u32,
}

impl SetAside {
    /// Takes in what a page of this pass sets aside.
    pub fn take(&mut self, pass: u32, records: Vec<Unreadable>) {
        if pass != self.pass {
            self.pass = pass;
            self.nameless_now = 0;
        }
        for record in records {
            match record.id {
                Some(id) => {
                    self.ids.insert(id);
                }
                None => self.nameless_now += 1,
            }
        }
        self.nameless = self.nameless.max(self.nameless_now);
    }

    pub fn add(&mut self, other: Self) {
        self.ids.extend(other.ids);
        self.nameless = self.nameless.max(other.nameless);
    }

    pub fn count(&self) -> usize {
        self.ids.len() + self.nameless
    }

    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// Says which records are missing. Returns the exit code of a command that wrote all others.
    pub fn tell(&self, out: &mut Out) -> Exit {
        let count = self.count();
        if count == 0 {
            return Exit::Done;
        }
        let (records, are) = if count == 1 {
            ("record", "is")
        } else {
            ("records", "are")
        };
        out.note(&format!(
            "avara-tui: {count} {records} could not be read and {are} missing here: {}",
            self.names()
        ));
        Exit::Partly
    }

    fn names(&self) -> String {
        let ids = self.ids.iter().take(NAMED);
        let mut names: Vec<String> = ids
            .map(|id| clip(&clean(id), ID_WIDTH).into_owned())
            .collect();
        match self.ids.len().saturating_sub(NAMED) {
            0 => {}
            more => names.push(format!("{more} more")),
        }
        match self.nameless {
            0 => {}
            nameless => names.push(format!("{nameless} without a readable id")),
        }
        names.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(ids: &[Option<&str>]) -> Vec<Unreadable> {
        let record = |id: &Option<&str>| Unreadable {
            id: id.map(str::to_owned),
            reason: "invalid type".into(),
        };
        ids.iter().map(record).collect()
    }

    #[test]
    fn records_without_an_id_are_counted_one_by_one() {
        let mut aside = SetAside::default();
        aside.take(0, records(&[None; 60]));
        aside.take(0, records(&[None; 39]));
        assert_eq!(aside.count(), 99);
        assert_eq!(aside.names(), "99 without a readable id");
    }

    #[test]
    fn another_pass_counts_nothing_twice() {
        let mut aside = SetAside::default();
        aside.take(0, records(&[None, None, Some("a")]));
        aside.take(1, records(&[None, Some("a")]));
        aside.take(1, records(&[None, None, Some("b")]));
        aside.take(2, records(&[None]));
        assert_eq!(aside.count(), 5);
        let mut other = SetAside::default();
        other.take(0, records(&[None, Some("b"), Some("c")]));
        aside.add(other);
        assert_eq!(aside.names(), "a, b, c, 3 without a readable id");
    }

    #[test]
    fn only_the_first_ids_are_named_and_they_are_harmless() {
        let mut aside = SetAside::default();
        let long = format!("d{}", "x".repeat(200));
        aside.take(
            0,
            records(&[Some("b\u{1b}[2J"), Some("a"), Some("c"), Some(&long)]),
        );
        assert_eq!(aside.names(), "a, b␛[2J, c, 1 more");
        assert!(!aside.is_empty() && SetAside::default().is_empty());
    }
}
