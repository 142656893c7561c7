//! `users invite`: an invitation, and with it a real e-mail, sent at most once.

use std::time::Duration;

use clap::Args;

use crate::cli::exit::told;
use crate::cli::people::{self, ADMIN_RULE, AddressHolder, Looked, PersonName, look_up, role};
use crate::cli::render::{json, person_of};
use crate::cli::resolving::{self, Resolved};
use crate::cli::session::Session;
use crate::cli::writing::{check_allowed, not_changed, preview};
use crate::cli::{Exit, Out, Problem};
use crate::resolve::{Seen, Shows};
use crate::text::clean;
use crate::wire::{InviteUser, Profile, User, UserId, UserLevel};

pub const EXAMPLES: &str = "\
Examples:
  avara-tui users invite --email lee@example.org --first-name Ann --last-name Lee \\
    --role Radiologist --level member --can-manage-studies
  avara-tui users invite --email lee@example.org --first-name Ann --last-name Lee \\
    --like dana.kim@example.org --yes

A real e-mail is sent, so nothing goes out without --yes. The new user's id goes to stdout.";

#[derive(Debug, Clone, Args)]
pub struct InviteArgs {
    /// Where the invitation goes
    #[arg(long, value_name = "ADDRESS", value_parser = people::email)]
    pub email: String,
    /// The first name
    #[arg(long, value_name = "NAME", value_parser = people::words)]
    pub first_name: String,
    /// The last name
    #[arg(long, value_name = "NAME", value_parser = people::words)]
    pub last_name: String,
    /// One of the API's roles, or a role that a user already has
    #[arg(long, required_unless_present = "like")]
    pub role: Option<String>,
    /// admin or member
    #[arg(long, value_parser = people::level, required_unless_present = "like")]
    pub level: Option<UserLevel>,
    /// The middle name
    #[arg(long, value_name = "NAME", value_parser = people::words)]
    pub middle_name: Option<String>,
    /// A suffix of the name, such as Jr or III
    #[arg(long, value_name = "TEXT", value_parser = people::words)]
    pub suffix1: Option<String>,
    /// A second suffix, such as MD
    #[arg(long, value_name = "TEXT", value_parser = people::words)]
    pub suffix2: Option<String>,
    /// 10 to 15 digits
    #[arg(long, value_name = "DIGITS", value_parser = people::phone)]
    pub phone: Option<String>,
    /// May create and change studies
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub can_manage_studies: Option<bool>,
    /// May use the dashboard; an admin must
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub dashboard: Option<bool>,
    /// Copy role, level and permissions from this user, unless given
    #[arg(long, value_name = "ID|EMAIL")]
    pub like: Option<PersonName>,
    /// Send the e-mail
    #[arg(long)]
    pub yes: bool,
    /// Show what would be sent, and send nothing; the address is still looked up
    #[arg(long)]
    pub dry_run: bool,
    /// If the answer is lost, look for the address this many seconds before giving up
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(..=60))]
    pub wait: u64,
    /// The answer as JSON, in the API's own format
    #[arg(long)]
    pub json: bool,
}

pub async fn run(
    arguments: &InviteArgs,
    session: &Session,
    out: &mut Out,
) -> Result<Exit, Problem> {
    check_allowed(session, arguments.dry_run)?;
    let request = arguments.request(session).await?;
    let looked = look_up(&request.email, session).await?;
    if let Some(found) = looked.found {
        return Err(Problem::Other(taken(&found)));
    }
    if looked.is_unsure {
        out.note(&format!(
            "avara-tui: some users or invitations could not be read; whether one of them has {} is not known",
            clean(&request.email)
        ));
    }
    if arguments.dry_run {
        out.data(&preview(&request))?;
        return Ok(Exit::Done);
    }
    if !arguments.yes {
        return Err(Problem::Usage(format!(
            "an invitation e-mail would go to {} ({}, {}); nothing was sent, --yes sends it",
            shown(&request),
            clean(request.profile.clinic_role.as_str()),
            request.profile.level
        )));
    }
    let wait = Duration::from_secs(arguments.wait);
    let resolved = resolving::send(&request, &request.email, wait, session, async || {
        look(&request, session).await
    })
    .await;
    let email = clean(&request.email);
    match resolved {
        Resolved::Answered(user) => answered(&request, &user, arguments.json, out),
        Resolved::Refused(failure) => Ok(not_changed(&email, &failure, out).exit()),
        Resolved::Found(found, failure) => {
            let id = match &found {
                AddressHolder::User(user) => user.user_id,
                AddressHolder::Invitation(one) => one.user_id,
            };
            out.data(&format!("{id}\n"))?;
            out.note(&format!(
                "{id}: invited {}. {}, but the invitation was found",
                shown(&request),
                told(&failure)
            ));
            Ok(Exit::Done)
        }
        Resolved::Conflict(_, failure) => {
            let look =
                "The address was found with other values: somebody else may have invited them";
            Ok(unconfirmed(&email, &told(&failure), look, out))
        }
        Resolved::Unconfirmed(failure) => {
            let look = "The address was not found among users and pending invitations";
            Ok(unconfirmed(&email, &told(&failure), look, out))
        }
    }
}

/// Looks for the address, because nobody knows whether the e-mail went out.
async fn look(request: &InviteUser, session: &Session) -> (Option<AddressHolder>, Seen) {
    match look_up(&request.email, session).await {
        Ok(Looked {
            found: Some(found), ..
        }) => {
            let seen = match &found {
                AddressHolder::User(user) => Seen::of_new(request, &**user),
                AddressHolder::Invitation(one) => Seen::of_new(request, &**one),
            };
            (Some(found), seen)
        }
        // A record that cannot be read may be the invitation.
        Ok(Looked {
            is_unsure: true, ..
        })
        | Err(_) => (None, Seen::Unread),
        Ok(Looked { .. }) => (None, Seen::Missing),
    }
}

impl InviteArgs {
    async fn request(&self, session: &Session) -> Result<InviteUser, Problem> {
        // What is certainly wrong is reported before anything is asked.
        if self.like.is_none() {
            self.check_admin(self.level.as_ref(), self.dashboard.unwrap_or(false))?;
        }
        let like = match &self.like {
            Some(name) => Some(name.read(session).await?),
            None => None,
        };
        let like = like.as_ref();
        let level = self.level_or(like)?;
        let or_like = |said: Option<bool>, has: fn(&User) -> bool| {
            said.or_else(|| like.map(has)).unwrap_or(false)
        };
        let has_dashboard_access =
            or_like(self.dashboard, |user| user.profile.has_dashboard_access);
        self.check_admin(Some(&level), has_dashboard_access)?;
        let clinic_role = match (&self.role, like) {
            (Some(text), _) => role(text, session).await?,
            (None, Some(user)) => user.profile.clinic_role.clone(),
            (None, None) => return Err(missing("--role")),
        };
        Ok(InviteUser {
            email: self.email.clone(),
            profile: Profile {
                first_name: self.first_name.clone(),
                last_name: self.last_name.clone(),
                middle_name: self.middle_name.clone(),
                suffix1: self.suffix1.clone(),
                suffix2: self.suffix2.clone(),
                phone_number: self.phone.clone(),
                clinic_role,
                level,
                can_manage_studies: or_like(self.can_manage_studies, |user| {
                    user.profile.can_manage_studies
                }),
                has_dashboard_access,
            },
        })
    }

    fn level_or(&self, like: Option<&User>) -> Result<UserLevel, Problem> {
        match (&self.level, like) {
            (Some(level), _) => Ok(level.clone()),
            (None, Some(user)) => people::level(user.profile.level.as_str()).map_err(|reason| {
                let (whom, level) = (clean(&user.email), clean(user.profile.level.as_str()));
                Problem::Usage(format!(
                    "{whom} has the level {level}, which cannot be copied: {reason}, with --level"
                ))
            }),
            (None, None) => Err(missing("--level")),
        }
    }

    fn check_admin(&self, level: Option<&UserLevel>, dashboard: bool) -> Result<(), Problem> {
        match level {
            Some(UserLevel::Admin) if !dashboard => Err(Problem::Usage(format!(
                "--level admin needs --dashboard: {ADMIN_RULE}"
            ))),
            _ => Ok(()),
        }
    }
}

fn missing(flag: &str) -> Problem {
    Problem::Usage(format!("{flag} or --like is needed"))
}

fn shown(request: &InviteUser) -> String {
    person_of(&request.profile, &request.email)
}

/// Returns a message about who already has the address.
fn taken(found: &AddressHolder) -> String {
    match found {
        AddressHolder::User(user) => format!(
            "nothing was sent: {} is a user already ({})",
            person_of(&user.profile, &user.email),
            user.user_id
        ),
        AddressHolder::Invitation(one) => format!(
            "nothing was sent: {} has a pending invitation already ({})",
            person_of(&one.profile, &one.email),
            one.invitation_id
        ),
    }
}

fn answered(
    request: &InviteUser,
    user: &User,
    as_json: bool,
    out: &mut Out,
) -> Result<Exit, Problem> {
    let id = user.user_id;
    // Whatever the answer shows, somebody was invited.
    if as_json {
        out.data(&format!("{}\n", json(user)?))?
    } else {
        out.data(&format!("{id}\n"))?
    }
    if !user.shows(request) {
        out.note(&format!(
            "{id}: unconfirmed. The invitation was sent, but the answer shows other values. {}",
            how_to_check(id)
        ));
        return Ok(Exit::Error);
    }
    out.note(&format!("{id}: invited {}", shown(request)));
    Ok(Exit::Done)
}

fn unconfirmed(email: &str, why: &str, look: &str, out: &mut Out) -> Exit {
    out.note(&format!(
        "{email}: unconfirmed. {why}. {look}. It was not sent again; before you try again, look with: \
         avara-tui invitations list --status sent"
    ));
    Exit::Error
}

fn how_to_check(id: UserId) -> String {
    format!("Check it with: avara-tui invitations list --user {id}")
}
