//! Settings, and where each comes from: a flag, the environment, the file or the default, in this order.

mod add;
mod file;
mod key;
mod save;
mod settings;

use crate::wire::{UserId, rules};

pub use add::{NewKey, NewProfile, add_profile};
pub use file::{
    Alerts, ClinicProfile, ConfigFile, ConfiguredTheme, EXAMPLE, FileError, LOCK_AFTER, Notify,
    ProfileKey, Quiet, check_profile_name, show_span, usual_path,
};
#[cfg(feature = "keyring")]
pub use key::KeyringFault;
pub use key::{CommandFault, FileFault, KeyError, KeySource, Missing, check_key, hide_variables};
pub use save::save_view;
pub use settings::{Flags, Origin, Origins, Settings, SettingsError};

/// The environment variables, named as in the vendor's clients.
pub const KEY_VARIABLE: &str = "AVARA_API_KEY";
pub const BASE_URL_VARIABLE: &str = "AVARA_BASE_URL";
pub const ME_VARIABLE: &str = "AVARA_ME";

/// Checks the value of `me`. An error says what it must be.
pub fn check_who(who: &str) -> Result<(), &'static str> {
    if who.parse::<UserId>().is_ok() || rules::check_email(who).is_ok() {
        Ok(())
    } else {
        Err("an e-mail address or a user id (usr_ and 32 hex digits)")
    }
}
