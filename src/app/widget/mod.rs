//! What takes keys and shows things, and knows nothing of the program around it.

pub mod column_layout;
pub mod completion;
pub mod confirm;
pub mod defect;
pub mod filter_box;
pub mod form;
pub mod geometry;
pub mod line;
pub mod lookup_box;
pub mod marks;
pub mod notice;
pub mod picker;
pub mod record_list;
pub mod refusal;
pub mod roster;
pub mod save_box;
pub mod sight;
pub mod study_list;
pub mod study_name;
pub mod walk;
