//! The filter language: `sev:stat,high ct age:>1h meta.ordering_department:ed to:none`.
//!
//! Words are combined with "and", commas with "or", `-` negates, quotes keep spaces; case and accents do not
//! matter. Operators of other languages are understood or refused, never searched as text. [`KEYS`] lists the keys. [`Filter::parse`] parses a text, [`Filter::select`] applies it,
//! [`Filter::narrow`] tells the server what it can leave out, [`Filter::with_term`] edits it.

mod edit;
mod elsewhere;
mod engine;
mod error;
mod eval;
mod facets;
mod found;
mod hex;
mod keys;
mod lexer;
mod narrow;
mod operators;
mod parser;
mod terms;
mod values;

use crate::wire::UserId;

use super::Targets;
use terms::{Term, Test, Who};

pub use edit::quoted;
pub use elsewhere::Elsewhere;
pub use error::{FilterError, nearest};
pub use facets::{Asked, Facet, FacetKind, Faceted, Facets};
pub use found::FilteredStudies;
pub use keys::{FilterKey, KEYS};
pub use narrow::Scope;
pub use values::span_ms;

/// A parsed filter. The default is the empty text: every open study.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    text: String,
    terms: Vec<Term>,
}

/// What the meaning of a filter depends on besides the study.
#[derive(Copy, Clone, Debug)]
pub struct FilterContext<'a> {
    /// Unix milliseconds.
    pub now: i64,
    /// The operator, if known: whom `to:me` means.
    pub me: Option<UserId>,
    pub targets: &'a Targets,
}

impl Filter {
    /// Parses a filter, or says where it is wrong and what was expected there.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        Ok(Self {
            terms: parser::parse(text)?,
            text: text.to_owned(),
        })
    }

    /// Returns the text as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it asks for "me", who must then be known.
    pub fn needs_me(&self) -> bool {
        self.terms.iter().any(|term| match &term.test {
            Test::Assignee(list) => list.iter().any(|who| matches!(who, Who::Me)),
            _ => false,
        })
    }

    /// Whether its matches can change just with time.
    pub fn needs_now(&self) -> bool {
        self.terms
            .iter()
            .any(|term| matches!(term.test, Test::Age(_) | Test::Updated(_) | Test::Late(_)))
    }

    /// Whether it says which states it wants. One that does not say wants open studies.
    pub fn names_state(&self) -> bool {
        self.terms
            .iter()
            .any(|term| matches!(term.test, Test::Is(_)))
    }
}

/// Two filters with the same text are the same.
impl PartialEq for Filter {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Filter {}

#[cfg(test)]
mod tests;
