//! The worklist as a coordinator thinks of it: studies, their age against the targets, their urgency, the
//! filter language and each person's load.
//!
//! Pure data and arithmetic. Times are Unix milliseconds; "now" is always passed in, never read from a clock.

mod address;
mod ageing;
mod arena;
mod bits;
mod column;
mod counts;
mod filter;
mod fold;
mod needle;
mod order;
mod people;
mod saved;
mod sorting;
mod store;
#[cfg(test)]
pub mod testing;
mod texts;
mod view;
mod workload;

pub use address::{bare_address, has_address, is_address, is_domain};
use ageing::late_after;
pub use ageing::{Age, Targets, Urgency, severity_rank};
pub use column::Column;
pub use counts::{Counts, counts};
pub use filter::{
    Asked, Elsewhere, Facet, FacetKind, Faceted, Facets, Filter, FilterContext, FilterError,
    FilterKey, FilteredStudies, KEYS, Scope, nearest, quoted, span_ms,
};
pub use fold::{NameQuery, fold, folded};
pub use order::{Sort, SortKey};
pub use people::{Customer, Person, person_name, profile_name};
pub use saved::View;
pub use sorting::{Order, sort, sort_by};
pub use store::{Changes, Full, Room, Slot, SlotSet, Store, Upsert};
pub use view::StudyView;
pub use workload::{Load, workload};

#[cfg(test)]
mod tests;
