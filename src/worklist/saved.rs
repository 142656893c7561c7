//! Views: a filter, an order and columns under a name.

use crate::text::SafeText;

use super::{Column, Filter, Sort};

/// A way to look at the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    pub name: SafeText,
    pub filter: Filter,
    pub sort: Sort,
    pub columns: Vec<Column>,
}

impl View {
    /// Views have the keys 1 to 9.
    pub const MOST: usize = 9;
    /// The longest name, in characters. Nine must fit into one line.
    pub const LONGEST_NAME: usize = 24;

    /// Returns the view with this filter in the default order and columns. The filter must be valid.
    pub fn plain(name: &str, filter: &str) -> Self {
        Self {
            name: SafeText::clean(name),
            filter: Filter::parse(filter).unwrap_or_default(),
            sort: Sort::default(),
            columns: Column::DEFAULT.to_vec(),
        }
    }

    /// Returns the built-in views, for those who have made none.
    pub fn defaults() -> Vec<Self> {
        [
            ("Mine", "to:me"),
            ("Unassigned", "to:none"),
            ("STAT", "sev:stat"),
            ("Late", "late:yes"),
            ("Complete", "is:complete"),
            ("Cancelled", "is:cancelled"),
        ]
        .map(|(name, filter)| Self::plain(name, filter))
        .into()
    }

    /// Whether this is the view's name, in any case.
    pub fn is_called(&self, name: &str) -> bool {
        self.name.trim().to_lowercase() == name.trim().to_lowercase()
    }

    /// A filter with a number this long may name a patient, and that does not belong into a file.
    pub fn may_name_a_patient(filter: &str) -> bool {
        let digits = filter.as_bytes().windows(6);
        digits
            .into_iter()
            .any(|run| run.iter().all(u8::is_ascii_digit))
    }
}
