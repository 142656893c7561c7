//! What the commands for users and for invitations share.

mod address;
mod edit;
mod fields;
mod list;
mod name;
mod profile;
mod role;
mod who;

pub use address::{AddressHolder, Looked, is_expired, is_pending, look_up, state};
pub use edit::ProfileEdit;
pub use fields::{EditFields, email, level, phone, words};
pub use list::{COLUMNS, ListedPerson, PeopleQuery, day, profile_cells, write_list, yes_or_no};
pub use name::{PersonName, confirmed};
pub use profile::{ADMIN_RULE, fields};
pub use role::role;
pub use who::{named, read_users};
