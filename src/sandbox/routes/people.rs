//! The profile that a user and an invitation share, as a request body gives it.

use crate::sandbox::body::{self, Fields};
use crate::sandbox::reject::Reject;
use crate::wire::{Profile, ProfilePatch};

/// Reads the profile of somebody to be invited, each field well-formed by itself.
pub fn read_profile(fields: &Fields) -> Result<Profile, Reject> {
    Ok(Profile {
        first_name: fields.required("firstName", body::words)?,
        last_name: fields.required("lastName", body::words)?,
        middle_name: fields.optional("middleName", body::text)?,
        suffix1: fields.optional("suffix1", body::text)?,
        suffix2: fields.optional("suffix2", body::text)?,
        phone_number: fields.optional("phoneNumber", body::phone)?,
        clinic_role: fields.required("clinicRole", body::choice)?,
        level: fields.required("level", body::settable_level)?,
        can_manage_studies: fields.required("canManageStudies", body::boolean)?,
        has_dashboard_access: fields.required("hasDashboardAccess", body::boolean)?,
    })
}

/// Applies the PATCH of a body. The resulting profile must follow the rules, whichever field was changed.
pub fn apply_change(profile: &mut Profile, fields: &Fields) -> Result<(), Reject> {
    profile.apply(&read_change(fields)?);
    check_dashboard(profile)
}

fn read_change(fields: &Fields) -> Result<ProfilePatch, Reject> {
    if fields.has("email") {
        return Err(Reject::invalid("email", "it cannot be changed"));
    }
    Ok(ProfilePatch {
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

pub fn check_dashboard(profile: &Profile) -> Result<(), Reject> {
    if profile.breaks_admin_rule() {
        return Err(Reject::invalid(
            "hasDashboardAccess",
            "an admin must have dashboard access",
        ));
    }
    Ok(())
}
