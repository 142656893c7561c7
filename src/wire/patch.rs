//! Absent, null and value: three different things in a request.

use serde::{Serialize, Serializer};

/// What a PATCH does to one field.
///
/// Fields of this type carry `skip_serializing_if = "Patch::is_keep"`, so that a kept field is absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// Absent: the field stays as it is.
    #[default]
    Keep,
    /// `null`: the field is cleared.
    Clear,
    Set(T),
}

impl<T> Patch<T> {
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }
}

impl<T: PartialEq> Patch<T> {
    /// Whether a field has what this sets. [`Patch::Keep`] sets nothing, so every field has that.
    pub fn is_in(&self, field: Option<&T>) -> bool {
        match self {
            Self::Keep => true,
            Self::Clear => field.is_none(),
            Self::Set(value) => field == Some(value),
        }
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep | Self::Clear => serializer.serialize_none(),
            Self::Set(value) => value.serialize(serializer),
        }
    }
}

/// What a list filter asks of a field that may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Match<T> {
    /// No filter.
    #[default]
    Any,
    /// The field is empty: written `null` in the query.
    Empty,
    Is(T),
}

impl<T: PartialEq> Match<T> {
    /// Whether a field with this value, or without one, is what the filter asks for.
    pub fn admits(&self, value: Option<&T>) -> bool {
        match self {
            Self::Any => true,
            Self::Empty => value.is_none(),
            Self::Is(asked) => value == Some(asked),
        }
    }
}
