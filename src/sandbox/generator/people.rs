//! The clinic's users and the invitations that its owner has sent.

use chrono::{DateTime, TimeDelta, Utc};

use super::catalogue::{InvitationData, People, PersonData};
use crate::sandbox::random::Random;
use crate::sandbox::store::Member;
use crate::wire::{
    Invitation, InvitationId, InvitationStatus, InvitedSource, Profile, User, UserId, UserLevel,
};

const VALID_DAYS: i64 = 7;

pub fn users(people: &People, random: &mut Random, now: DateTime<Utc>) -> Vec<Member> {
    people
        .users
        .iter()
        .zip(0..)
        .map(|(person, number)| Member {
            user: user(person, number, random, now),
            revoked: false,
        })
        .collect()
}

fn user(person: &PersonData, number: u32, random: &mut Random, now: DateTime<Utc>) -> User {
    let made = UserId::from_bytes(random.bytes());
    let joined = now - TimeDelta::minutes(random.between(60 * 1440, 900 * 1440));
    let login = now - TimeDelta::minutes(random.between(5, 5 * 1440));
    User {
        user_id: person.id.unwrap_or(made),
        email: email(&person.name.mail),
        profile: Profile {
            first_name: person.name.first.clone(),
            last_name: person.name.last.clone(),
            middle_name: person.name.middle.clone(),
            suffix1: person.name.suffix1.clone(),
            suffix2: person.name.suffix2.clone(),
            phone_number: Some(phone(number)),
            clinic_role: person.role.clone(),
            level: person.level.clone(),
            can_manage_studies: person.manage,
            has_dashboard_access: person.dashboard,
        },
        invited_source: person.source.clone().unwrap_or(InvitedSource::Dashboard),
        created_at: Some(joined),
        last_login_at: (!person.never_logged_in).then_some(login),
    }
}

fn email(name: &str) -> String {
    format!("{name}@example.org")
}

/// Returns a phone number. 555-0100 to 555-0199 are reserved for fiction.
fn phone(number: u32) -> String {
    format!("155555501{:02}", number % 100)
}

pub fn invitations(
    people: &People,
    users: &[Member],
    clinic_id: &str,
    random: &mut Random,
    now: DateTime<Utc>,
) -> Vec<Invitation> {
    let owner = users
        .iter()
        .find(|member| member.user.profile.level == UserLevel::Owner)
        .map(|member| member.user.user_id);
    let accepted = users
        .iter()
        .map(|member| &member.user)
        .filter(|user| {
            Some(user.user_id) != owner && user.invited_source == InvitedSource::Dashboard
        })
        .take(people.accepted_invitations);
    let mut invitations: Vec<Invitation> = accepted
        .map(|user| accepted_invitation(user, random))
        .collect();
    for (data, number) in people.invitations.iter().zip(users.len() as u32..) {
        invitations.push(other_invitation(data, number, random, now));
    }
    for invitation in &mut invitations {
        invitation.inviter_id = owner;
        invitation.clinic_id = clinic_id.to_owned();
    }
    invitations.sort_by_key(|invitation| invitation.created_at);
    invitations
}

fn accepted_invitation(user: &User, random: &mut Random) -> Invitation {
    let answered = TimeDelta::minutes(random.between(10, 2 * 1440));
    Invitation {
        invitation_id: InvitationId::from_bytes(random.bytes()),
        user_id: user.user_id,
        email: user.email.clone(),
        profile: user.profile.clone(),
        status: InvitationStatus::Accepted,
        invited_source: InvitedSource::Dashboard,
        clinic_id: String::new(),
        inviter_id: None,
        invited_by_api_key_id: None,
        created_at: user.created_at,
        updated_at: user.created_at.map(|sent| sent + answered),
        expiry: user
            .created_at
            .map(|sent| sent + TimeDelta::days(VALID_DAYS)),
    }
}

fn other_invitation(
    data: &InvitationData,
    number: u32,
    random: &mut Random,
    now: DateTime<Utc>,
) -> Invitation {
    let made = InvitationId::from_bytes(random.bytes());
    let sent = now - TimeDelta::hours(data.sent_hours_ago);
    let answered = match data.status {
        InvitationStatus::Sent => sent,
        _ => sent + TimeDelta::minutes(random.between(10, 1440)),
    };
    Invitation {
        invitation_id: data.id.unwrap_or(made),
        user_id: UserId::from_bytes(random.bytes()),
        email: email(&data.name.mail),
        profile: Profile {
            first_name: data.name.first.clone(),
            last_name: data.name.last.clone(),
            middle_name: data.name.middle.clone(),
            suffix1: data.name.suffix1.clone(),
            suffix2: data.name.suffix2.clone(),
            phone_number: Some(phone(number)),
            clinic_role: data.role.clone(),
            level: data.level.clone(),
            can_manage_studies: data.manage,
            has_dashboard_access: data.dashboard,
        },
        status: data.status.clone(),
        invited_source: InvitedSource::Dashboard,
        clinic_id: String::new(),
        inviter_id: None,
        invited_by_api_key_id: None,
        created_at: Some(sent),
        updated_at: Some(answered),
        expiry: Some(sent + TimeDelta::days(VALID_DAYS)),
    }
}
