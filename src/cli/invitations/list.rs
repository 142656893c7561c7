//! `invitations list`.

use chrono::{DateTime, Days, NaiveDate, Utc};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::cli::columns::Step;
use crate::cli::people::{
    COLUMNS, ListedPerson, PeopleQuery, day, is_expired, profile_cells, state, write_list,
};
use crate::cli::render::{FormatArgs, cell, csv_time};
use crate::cli::session::Session;
use crate::cli::{Exit, Out, Problem};
use crate::text::clean;
use crate::wire::{
    ExpiredFilter, Invitation, InvitationId, InvitationStatus, ListInvitations, MAX_PAGE, UserId,
};
use crate::worklist::{folded, profile_name};

pub const EXAMPLES: &str = "\
Examples:
  avara-tui invitations list --status sent --expired not-expired
  avara-tui invitations list --status rejected,revoked --from 2026-01-01 --csv

Order: last name, first name; --jsonl keeps the server's order.";

#[derive(Debug, Clone, Args)]
pub struct ListInvitationsArgs {
    /// Only these, separated by commas: sent, accepted, rejected, revoked
    #[arg(long, value_delimiter = ',', value_parser = status_parser())]
    pub status: Vec<InvitationStatus>,
    /// Whether they have expired [default: all]
    #[arg(long, value_name = "WHICH", value_parser = expired_parser())]
    pub expired: Option<ExpiredFilter>,
    /// Only invitations sent on this day (YYYY-MM-DD) or later
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub from: Option<NaiveDate>,
    /// Only invitations sent on this day (YYYY-MM-DD) or earlier
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub to: Option<NaiveDate>,
    /// Only those for this user id (usr_…)
    #[arg(long, value_name = "ID")]
    pub user: Option<UserId>,
    /// At most this many invitations
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: Option<u32>,
    #[command(flatten)]
    pub format: FormatArgs,
}

fn status_parser() -> impl TypedValueParser<Value = InvitationStatus> {
    PossibleValuesParser::new(["sent", "accepted", "rejected", "revoked"])
        .map(|text| InvitationStatus::from(text.as_str()))
}

fn expired_parser() -> impl TypedValueParser<Value = ExpiredFilter> {
    PossibleValuesParser::new(["all", "expired", "not-expired"])
        .map(|text| ExpiredFilter::from(text.as_str()))
}

/// Reads a day that is written in full.
fn date(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .filter(|date| date.to_string() == text)
        .ok_or_else(|| "a day that exists, as YYYY-MM-DD".into())
}

pub async fn run(
    arguments: &ListInvitationsArgs,
    session: &Session,
    out: &mut Out,
) -> Result<Exit, Problem> {
    let wanted = PeopleQuery {
        request: ListInvitations {
            expired: arguments.expired.clone(),
            status: arguments.status.clone(),
            start_date: arguments.from,
            end_date: arguments.to,
            user_id: arguments.user,
            cursor: None,
            limit: Some(MAX_PAGE),
        },
        limit: arguments.limit,
        format: &arguments.format,
    };
    write_list(wanted, |one, now| arguments.keeps(one, now), session, out).await
}

impl ListInvitationsArgs {
    pub fn check_span(&self) -> Result<(), Problem> {
        match (self.from, self.to) {
            (Some(from), Some(to)) if from > to => Err(Problem::Usage(format!(
                "no day is on {from} or later and on {to} or earlier"
            ))),
            _ => Ok(()),
        }
    }

    /// Whether an invitation matches the filters, whatever the server made of them.
    fn keeps(&self, one: &Invitation, now: DateTime<Utc>) -> bool {
        let is_expired = is_expired(one, now);
        (self.status.is_empty() || self.status.contains(&one.status))
            && self.user.is_none_or(|user| user == one.user_id)
            && match self.expired {
                Some(ExpiredFilter::Expired) => is_expired,
                Some(ExpiredFilter::NotExpired) => !is_expired,
                _ => true,
            }
            && self.is_in_span(one.created_at.map(|time| time.date_naive()))
    }

    /// The time zone in which the server counts days is not documented, so one more day on each side is
    /// accepted.
    fn is_in_span(&self, made: Option<NaiveDate>) -> bool {
        let Some(made) = made else { return true };
        let day = Days::new(1);
        let from = self.from.and_then(|from| from.checked_sub_days(day));
        let to = self.to.and_then(|to| to.checked_add_days(day));
        from.is_none_or(|from| made >= from) && to.is_none_or(|to| made <= to)
    }
}

impl ListedPerson for Invitation {
    type Id = InvitationId;
    const NOUNS: [&'static str; 2] = ["invitation", "invitations"];
    const TITLES: [&'static str; COLUMNS] = [
        "NAME", "EMAIL", "ROLE", "LEVEL", "STATUS", "SENT", "EXPIRES", "ID",
    ];
    const STEPS: &'static [Step] = &[
        (0, 14),
        (2, 12),
        (5, 0),
        (3, 0),
        (1, 16),
        (6, 0),
        (2, 0),
        (7, 0),
        (0, 8),
        (1, 8),
    ];
    const CSV_HEADER: &'static str = "invitationId,userId,email,firstName,middleName,lastName,\
                                      suffix1,suffix2,phoneNumber,clinicRole,level,\
                                      canManageStudies,hasDashboardAccess,status,invitedSource,\
                                      createdAt,updatedAt,expiry\n";

    fn id(&self) -> InvitationId {
        self.invitation_id
    }

    fn sort_key(&self) -> [String; 3] {
        [
            &self.profile.last_name,
            &self.profile.first_name,
            &self.email,
        ]
        .map(|text| folded(text.trim()))
    }

    fn cells(&self, now: DateTime<Utc>) -> [String; COLUMNS] {
        [
            profile_name(&self.profile, &self.email).to_string(),
            clean(&self.email).into_owned(),
            clean(self.profile.clinic_role.as_str()).into_owned(),
            clean(self.profile.level.as_str()).into_owned(),
            clean(state(self, now)).into_owned(),
            day(self.created_at),
            day(self.expiry),
            self.invitation_id.to_string(),
        ]
    }

    fn csv_cells(&self) -> Vec<String> {
        let mut cells = vec![
            self.invitation_id.to_string(),
            self.user_id.to_string(),
            cell(&self.email),
        ];
        cells.extend(profile_cells(&self.profile));
        cells.extend([
            cell(self.status.as_str()),
            cell(self.invited_source.as_str()),
            csv_time(self.created_at),
            csv_time(self.updated_at),
            csv_time(self.expiry),
        ]);
        cells
    }
}
