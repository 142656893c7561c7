//! The fields that a user and an invitation share, and the PATCH of them.

use crate::sandbox::body::{self, Fields};
use crate::sandbox::reject::Reject;
use crate::wire::{ClinicRole, Invitation, Patch, User, UserLevel};

/// A PATCH of a person, each field well-formed by itself.
pub struct PersonChange {
    first_name: Option<String>,
    last_name: Option<String>,
    middle_name: Patch<String>,
    suffix1: Patch<String>,
    suffix2: Patch<String>,
    phone_number: Patch<String>,
    clinic_role: Option<ClinicRole>,
    level: Option<UserLevel>,
    can_manage_studies: Option<bool>,
    has_dashboard_access: Option<bool>,
}

impl PersonChange {
    pub fn read(fields: &Fields) -> Result<Self, Reject> {
        if fields.has("email") {
            return Err(Reject::invalid("email", "it cannot be changed"));
        }
        Ok(Self {
            first_name: fields.change("firstName", body::words)?,
            last_name: fields.change("lastName", body::words)?,
            middle_name: fields.patch("middleName", body::text)?,
            suffix1: fields.patch("suffix1", body::text)?,
            suffix2: fields.patch("suffix2", body::text)?,
            phone_number: fields.patch("phoneNumber", body::phone)?,
            clinic_role: fields.change("clinicRole", body::choice)?,
            level: fields.change("level", body::settable_level)?,
            can_manage_studies: fields.change("canManageStudies", body::boolean)?,
            has_dashboard_access: fields.change("hasDashboardAccess", body::boolean)?,
        })
    }
}

/// A record that [`PersonChange`] applies to.
pub trait Person {
    /// Applies a change. The record that results must hold together, whichever field was changed.
    fn apply(&mut self, change: PersonChange) -> Result<(), Reject>;
}

macro_rules! person {
    ($name:ty) => {
        impl Person for $name {
            fn apply(&mut self, change: PersonChange) -> Result<(), Reject> {
                set(&mut self.first_name, change.first_name);
                set(&mut self.last_name, change.last_name);
                set(&mut self.clinic_role, change.clinic_role);
                set(&mut self.level, change.level);
                set(&mut self.can_manage_studies, change.can_manage_studies);
                set(&mut self.has_dashboard_access, change.has_dashboard_access);
                patch(&mut self.middle_name, change.middle_name);
                patch(&mut self.suffix1, change.suffix1);
                patch(&mut self.suffix2, change.suffix2);
                patch(&mut self.phone_number, change.phone_number);
                check_dashboard(&self.level, self.has_dashboard_access)
            }
        }
    };
}
person!(User);
person!(Invitation);

fn set<T>(field: &mut T, change: Option<T>) {
    if let Some(value) = change {
        *field = value;
    }
}

fn patch<T>(field: &mut Option<T>, change: Patch<T>) {
    match change {
        Patch::Keep => {}
        Patch::Clear => *field = None,
        Patch::Set(value) => *field = Some(value),
    }
}

pub fn check_dashboard(level: &UserLevel, has_dashboard_access: bool) -> Result<(), Reject> {
    if *level == UserLevel::Admin && !has_dashboard_access {
        return Err(Reject::invalid(
            "hasDashboardAccess",
            "an admin must have dashboard access",
        ));
    }
    Ok(())
}
