//! Why a filter finds nothing: what it would find in other states, and what it asks for that no study has.

use std::fmt;

use crate::worklist::Store;
use crate::worklist::fold::fold;

use super::error::nearest;
use super::terms::Test;
use super::{Filter, FilterContext};

/// Studies that match apart from their state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Elsewhere {
    pub complete: usize,
    /// Cancelled ones, complete or not.
    pub cancelled: usize,
}

impl Elsewhere {
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

impl fmt::Display for Elsewhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.complete, self.cancelled) {
            (complete, 0) => write!(f, "{complete} complete"),
            (0, cancelled) => write!(f, "{cancelled} cancelled"),
            (complete, cancelled) => write!(f, "{complete} complete and {cancelled} cancelled"),
        }
    }
}

impl Filter {
    /// Returns the filter for every state, or for one, in place of open studies.
    pub fn in_state(&self, state: &str) -> Self {
        self.with_term("is", Some(state))
    }

    /// Returns how many complete and cancelled studies of a store match; `None` if the filter itself says
    /// which states it wants.
    pub fn elsewhere(&self, store: &Store, context: &FilterContext<'_>) -> Option<Elsewhere> {
        if self.names_state() {
            return None;
        }
        let count = |state| self.in_state(state).select(store, context).len();
        let cancelled = count("cancelled");
        Some(Elsewhere {
            complete: count("complete,cancelled") - cancelled,
            cancelled,
        })
    }

    /// Returns the first metadata key that is asked for and that no study of a store has, with the key that
    /// was probably meant.
    pub fn unknown_metadata(&self, store: &Store) -> Option<(String, Option<String>)> {
        let asked = self.terms.iter().find_map(|term| match &term.test {
            Test::Meta(key, _) if !store.meta_keys().any(|known| *fold(known) == **key) => {
                Some(key)
            }
            _ => None,
        })?;
        let keys: Vec<String> = store.meta_keys().map(str::to_owned).collect();
        let holds = |key: &&String| fold(key).contains(asked.as_str());
        let near = keys.iter().find(holds).map(String::as_str);
        let near = near.or_else(|| nearest(asked, keys.iter().map(String::as_str)));
        Some((asked.clone(), near.map(Into::into)))
    }
}
