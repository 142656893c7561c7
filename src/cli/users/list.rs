//! `users list`.

use chrono::{DateTime, Utc};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::cli::columns::Step;
use crate::cli::people::{
    self, COLUMNS, ListedPerson, PeopleQuery, day, profile_cells, write_list, yes_or_no,
};
use crate::cli::render::{FormatArgs, cell, csv_time};
use crate::cli::session::Session;
use crate::cli::{Exit, Out, Problem};
use crate::text::clean;
use crate::wire::rules::is_same_address;
use crate::wire::{ClinicRole, InvitedSource, ListUsers, MAX_PAGE, User, UserId, UserLevel};
use crate::worklist::{folded, profile_name};

pub const EXAMPLES: &str = "\
Examples:
  avara-tui users list
  avara-tui users list --role radiologist --csv > radiologists.csv
  avara-tui users list --level admin --jsonl | jq -r .email

Order: last name, first name; --jsonl keeps the server's order. The API does not show whose
access is revoked.";

#[derive(Debug, Clone, Args)]
pub struct ListUsersArgs {
    /// Only this level
    #[arg(long, value_parser = level_parser())]
    pub level: Option<UserLevel>,
    /// Only the user with exactly this address
    #[arg(long, value_name = "ADDRESS", value_parser = people::email)]
    pub email: Option<String>,
    /// Only users whose first name contains this text
    #[arg(long, value_name = "PART", value_parser = people::words)]
    pub first_name: Option<String>,
    /// Only users whose last name contains this text
    #[arg(long, value_name = "PART", value_parser = people::words)]
    pub last_name: Option<String>,
    /// Only users who were invited this way
    #[arg(long, value_parser = source_parser())]
    pub source: Option<InvitedSource>,
    /// Only users with this role; part of its name is enough
    #[arg(long, value_parser = people::words)]
    pub role: Option<String>,
    /// At most this many users
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: Option<u32>,
    #[command(flatten)]
    pub format: FormatArgs,
}

fn level_parser() -> impl TypedValueParser<Value = UserLevel> {
    PossibleValuesParser::new(["owner", "admin", "member"])
        .map(|text| UserLevel::from(text.as_str()))
}

fn source_parser() -> impl TypedValueParser<Value = InvitedSource> {
    PossibleValuesParser::new(["dashboard", "api"]).map(|text| InvitedSource::from(text.as_str()))
}

pub async fn run(
    arguments: &ListUsersArgs,
    session: &Session,
    out: &mut Out,
) -> Result<Exit, Problem> {
    let wanted = PeopleQuery {
        request: ListUsers {
            email: arguments.email.clone(),
            // Names are compared here: a server that minds accents would leave out matches.
            first_name: None,
            last_name: None,
            invited_source: arguments.source.clone(),
            level: arguments.level.clone(),
            cursor: None,
            limit: Some(MAX_PAGE),
        },
        limit: arguments.limit,
        format: &arguments.format,
    };
    write_list(wanted, |user, _| arguments.keeps(user), session, out).await
}

impl ListUsersArgs {
    /// Whether a user matches the filters, whatever the server made of them, and the role.
    fn keeps(&self, user: &User) -> bool {
        let email = self.email.as_ref();
        self.level
            .as_ref()
            .is_none_or(|it| *it == user.profile.level)
            && self
                .source
                .as_ref()
                .is_none_or(|it| *it == user.invited_source)
            && email.is_none_or(|it| is_same_address(it, &user.email))
            && holds(&user.profile.first_name, self.first_name.as_deref())
            && holds(&user.profile.last_name, self.last_name.as_deref())
            && self
                .role
                .as_ref()
                .is_none_or(|it| is_role(&user.profile.clinic_role, it))
    }
}

fn holds(text: &str, part: Option<&str>) -> bool {
    part.is_none_or(|part| folded(text).contains(&folded(part)))
}

/// Whether a role matches. A role of the reference is meant as a whole: "Physician" is not "Physician
/// Assistant".
fn is_role(role: &ClinicRole, wanted: &str) -> bool {
    let (role, wanted) = (folded(role.as_str()), folded(wanted));
    let mut known = ClinicRole::KNOWN.iter();
    if known.any(|known| folded(known.as_str()) == wanted) {
        role == wanted
    } else {
        role.contains(&wanted)
    }
}

impl ListedPerson for User {
    type Id = UserId;
    const NOUNS: [&'static str; 2] = ["user", "users"];
    const TITLES: [&'static str; COLUMNS] = [
        "NAME",
        "EMAIL",
        "ROLE",
        "LEVEL",
        "STUDIES",
        "DASHBOARD",
        "LAST LOGIN",
        "ID",
    ];
    const STEPS: &'static [Step] = &[
        (0, 14),
        (2, 12),
        (6, 0),
        (4, 0),
        (5, 0),
        // The address names a user as well.
        (7, 0),
        (1, 16),
        (3, 0),
        (2, 0),
        (0, 8),
        (1, 8),
    ];
    const CSV_HEADER: &'static str = "userId,email,firstName,middleName,lastName,suffix1,suffix2,\
                                      phoneNumber,clinicRole,level,canManageStudies,\
                                      hasDashboardAccess,invitedSource,createdAt,lastLoginAt\n";

    fn id(&self) -> UserId {
        self.user_id
    }

    fn sort_key(&self) -> [String; 3] {
        [
            &self.profile.last_name,
            &self.profile.first_name,
            &self.email,
        ]
        .map(|text| folded(text.trim()))
    }

    fn cells(&self, _now: DateTime<Utc>) -> [String; COLUMNS] {
        [
            profile_name(&self.profile, &self.email).to_string(),
            clean(&self.email).into_owned(),
            clean(self.profile.clinic_role.as_str()).into_owned(),
            clean(self.profile.level.as_str()).into_owned(),
            yes_or_no(self.profile.can_manage_studies),
            yes_or_no(self.profile.has_dashboard_access),
            match self.last_login_at {
                None => "never".into(),
                time => day(time),
            },
            self.user_id.to_string(),
        ]
    }

    fn csv_cells(&self) -> Vec<String> {
        let mut cells = vec![self.user_id.to_string(), cell(&self.email)];
        cells.extend(profile_cells(&self.profile));
        cells.extend([
            cell(self.invited_source.as_str()),
            csv_time(self.created_at),
            csv_time(self.last_login_at),
        ]);
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_of_the_reference_is_meant_as_a_whole() {
        for (role, wanted, fits) in [
            ("Physician", "physician", true),
            ("Physician Assistant", "physician", false),
            ("Physician Assistant", "assistant", true),
            ("Registered Nurse", "nurse", true),
            ("Teleradiologist", "radiologist", false),
            ("Teleradiologist", "teleradio", true),
        ] {
            assert_eq!(
                is_role(&ClinicRole::from(role), wanted),
                fits,
                "{role} {wanted}"
            );
        }
    }
}
