//! A person's profile in words.

use crate::wire::Profile;

/// The rule of the reference about admins, and its reason.
pub const ADMIN_RULE: &str = "an admin must have dashboard access, because an admin manages users \
                              and settings there";

/// Returns each field by its name for people, with its value if it has one.
pub fn fields(profile: &Profile) -> [(&'static str, Option<String>); 10] {
    let some = |text: &dyn ToString| Some(text.to_string());
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    [
        ("first name", some(&profile.first_name)),
        ("middle name", given(&profile.middle_name)),
        ("last name", some(&profile.last_name)),
        ("suffix1", given(&profile.suffix1)),
        ("suffix2", given(&profile.suffix2)),
        ("phone", given(&profile.phone_number)),
        ("role", some(&profile.clinic_role)),
        ("level", some(&profile.level)),
        ("can manage studies", some(&profile.can_manage_studies)),
        ("dashboard access", some(&profile.has_dashboard_access)),
    ]
}

/// Returns what changes, in words.
pub fn news(old: &Profile, wanted: &Profile) -> String {
    let pairs = fields(old).into_iter().zip(fields(wanted));
    let news: Vec<String> = pairs
        .filter(|(old, new)| old != new)
        .map(|(_, (name, value))| match value {
            Some(value) => format!("{name} {value}"),
            None => format!("no {name}"),
        })
        .collect();
    news.join(", ")
}
