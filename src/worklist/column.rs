//! What a list can show of a study, by name.

use std::fmt;

use crate::text::SafeText;

/// A column of the list. [`Column::NAMED`] has them in their default order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    Severity,
    Age,
    /// The time left to the target.
    Due,
    Description,
    Assignee,
    Status,
    Customer,
    Updated,
    Created,
    Id,
    Uid,
    /// The value of this metadata key.
    Meta(SafeText),
}

impl Column {
    pub const NAMED: [Self; 11] = [
        Self::Severity,
        Self::Age,
        Self::Due,
        Self::Description,
        Self::Assignee,
        Self::Status,
        Self::Customer,
        Self::Updated,
        Self::Created,
        Self::Id,
        Self::Uid,
    ];

    /// The default columns, as far as there is room.
    pub const DEFAULT: [Self; 7] = [
        Self::Severity,
        Self::Age,
        Self::Description,
        Self::Assignee,
        Self::Status,
        Self::Customer,
        Self::Updated,
    ];

    /// Returns the column of this name; a metadata key has `meta.` before it.
    pub fn named(name: &str) -> Option<Self> {
        match name.strip_prefix("meta.") {
            Some("") => None,
            Some(key) => Some(Self::Meta(SafeText::clean(key))),
            None => Self::NAMED
                .into_iter()
                .find(|column| column.to_string() == name),
        }
    }

    /// Returns its priority: the smaller it is, the longer the column stays when room runs out.
    pub fn rank(&self) -> usize {
        let place = Self::NAMED.iter().position(|named| named == self);
        place.unwrap_or(Self::NAMED.len())
    }

    /// Adds the column at its default place, or removes it. The description always stays.
    pub fn toggle(self, columns: &mut Vec<Self>) {
        match columns.iter().position(|column| *column == self) {
            Some(_) if self == Self::Description => {}
            Some(place) => {
                columns.remove(place);
            }
            None => {
                let after = |other: &Self| other.rank() > self.rank();
                let place = columns.iter().position(after);
                columns.insert(place.unwrap_or(columns.len()), self);
            }
        }
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Severity => "severity",
            Self::Age => "age",
            Self::Due => "due",
            Self::Description => "description",
            Self::Assignee => "assignee",
            Self::Status => "status",
            Self::Customer => "customer",
            Self::Updated => "updated",
            Self::Created => "created",
            Self::Id => "id",
            Self::Uid => "uid",
            Self::Meta(key) => return write!(f, "meta.{key}"),
        };
        f.write_str(name)
    }
}
