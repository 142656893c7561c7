//! What can be edited of a person. Each value is checked before anything is sent.

use clap::{ArgAction, Args};

use crate::wire::{ClinicRole, Profile, UserLevel, rules};

#[derive(Debug, Clone, Args)]
#[group(id = "fields", required = true, multiple = true)]
pub struct EditFields {
    /// One of the API's roles, or a role that a user already has
    #[arg(long)]
    pub role: Option<String>,
    /// admin or member
    #[arg(long, value_parser = level)]
    pub level: Option<UserLevel>,
    /// The first name
    #[arg(long, value_name = "NAME", value_parser = words)]
    pub first_name: Option<String>,
    /// The last name
    #[arg(long, value_name = "NAME", value_parser = words)]
    pub last_name: Option<String>,
    /// The middle name
    #[arg(long, value_name = "NAME", value_parser = words, conflicts_with = "clear_middle_name")]
    pub middle_name: Option<String>,
    /// Remove the middle name
    #[arg(long)]
    pub clear_middle_name: bool,
    /// A suffix of the name, such as Jr or III
    #[arg(long, value_name = "TEXT", value_parser = words, conflicts_with = "clear_suffix1")]
    pub suffix1: Option<String>,
    /// Remove the suffix
    #[arg(long)]
    pub clear_suffix1: bool,
    /// A second suffix, such as MD
    #[arg(long, value_name = "TEXT", value_parser = words, conflicts_with = "clear_suffix2")]
    pub suffix2: Option<String>,
    /// Remove the second suffix
    #[arg(long)]
    pub clear_suffix2: bool,
    /// 10 to 15 digits
    #[arg(long, value_name = "DIGITS", value_parser = phone, conflicts_with = "clear_phone")]
    pub phone: Option<String>,
    /// Remove the phone number
    #[arg(long)]
    pub clear_phone: bool,
    /// May create and change studies
    #[arg(long, value_name = "BOOL", action = ArgAction::Set)]
    pub can_manage_studies: Option<bool>,
    /// May use the dashboard; an admin must
    #[arg(long, value_name = "BOOL", action = ArgAction::Set)]
    pub dashboard: Option<bool>,
}

impl EditFields {
    /// The person as they should become. The role is separate, because it may have to be looked up.
    pub fn applied_to(&self, old: &Profile, role: Option<&ClinicRole>) -> Profile {
        fn set<T: Clone>(new: Option<&T>, old: &T) -> T {
            new.unwrap_or(old).clone()
        }
        let patch = |new: &Option<String>, clear: bool, old: &Option<String>| {
            if clear {
                None
            } else {
                new.clone().or_else(|| old.clone())
            }
        };
        Profile {
            first_name: set(self.first_name.as_ref(), &old.first_name),
            last_name: set(self.last_name.as_ref(), &old.last_name),
            middle_name: patch(&self.middle_name, self.clear_middle_name, &old.middle_name),
            suffix1: patch(&self.suffix1, self.clear_suffix1, &old.suffix1),
            suffix2: patch(&self.suffix2, self.clear_suffix2, &old.suffix2),
            phone_number: patch(&self.phone, self.clear_phone, &old.phone_number),
            clinic_role: set(role, &old.clinic_role),
            level: set(self.level.as_ref(), &old.level),
            can_manage_studies: self.can_manage_studies.unwrap_or(old.can_manage_studies),
            has_dashboard_access: self.dashboard.unwrap_or(old.has_dashboard_access),
        }
    }
}

/// Reads a level that a request may set.
pub fn level(text: &str) -> Result<UserLevel, String> {
    match UserLevel::known(text) {
        Some(level @ (UserLevel::Admin | UserLevel::Member)) => Ok(level),
        Some(_) => Err("the API cannot make an owner; use admin or member".into()),
        None => Err("admin or member".into()),
    }
}

/// Reads one line of text that is not empty.
pub fn words(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("it must not be empty".into()),
        text if text.chars().any(char::is_control) => {
            Err("it must be one line without control characters".into())
        }
        text => Ok(text.to_owned()),
    }
}

pub fn phone(text: &str) -> Result<String, String> {
    rules::check_phone(text).map(|()| text.to_owned())
}

pub fn email(text: &str) -> Result<String, String> {
    let text = text.trim();
    rules::check_email(text).map(|()| text.to_owned())
}
