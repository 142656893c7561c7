//! The role that a text means.

use std::collections::BTreeSet;

use crate::cli::Problem;
use crate::cli::session::Session;
use crate::text::clean;
use crate::wire::ClinicRole;
use crate::worklist::{folded, nearest};

/// Returns a role of the reference, or another one that some user has. Case does not matter.
pub async fn role(text: &str, session: &Session) -> Result<ClinicRole, Problem> {
    let wanted = folded(text.trim());
    let means = |role: &&ClinicRole| folded(role.as_str()) == wanted;
    if let Some(role) = ClinicRole::KNOWN.iter().find(means) {
        return Ok(role.clone());
    }
    let users = session.users().await?;
    let seen: BTreeSet<ClinicRole> = users
        .into_values()
        .map(|user| user.profile.clinic_role)
        .collect();
    match seen.iter().find(means) {
        Some(role) => Ok(role.clone()),
        None => Err(Problem::Usage(unknown(text, &wanted, &seen))),
    }
}

fn unknown(text: &str, wanted: &str, seen: &BTreeSet<ClinicRole>) -> String {
    let others = seen.iter().filter(|role| !role.is_known());
    let all: Vec<&str> = ClinicRole::KNOWN
        .iter()
        .chain(others)
        .map(ClinicRole::as_str)
        .collect();
    let lower: Vec<String> = all.iter().map(|role| folded(role)).collect();
    let near = nearest(wanted, lower.iter().map(String::as_str))
        .and_then(|near| lower.iter().position(|role| role == near));
    let advice = match near {
        Some(near) => format!("did you mean “{}”?", clean(all[near])),
        None => format!("there are {}", clean(&all.join(", "))),
    };
    format!("no role is called “{}”; {advice}", clean(text))
}
