//! The screens of users and invitations.

use super::*;
use crate::app::tests::desk::{invitation, user};
use crate::wire::{ClinicRole, InvitationStatus, InvitedSource, Profile, User, UserLevel};
use crate::worklist::testing::NOW;

/// Users of every level, one with an evil name, one revoked a while ago, and invitations in every state.
pub(super) fn clinic(width: u16, height: u16) -> Desk {
    let mut desk = desk(width, height);
    let time = chrono::DateTime::from_timestamp_millis;
    let ana = user(1, "Ana", "Kim", ClinicRole::Radiologist);
    let admin = User {
        profile: Profile {
            level: UserLevel::Admin,
            has_dashboard_access: true,
            phone_number: Some("15555550123".into()),
            middle_name: Some("Maria".into()),
            ..ana.profile
        },
        created_at: time(NOW - 400 * DAY),
        last_login_at: time(NOW - 26 * HOUR),
        ..ana
    };
    let evil = User {
        invited_source: InvitedSource::Api,
        ..user(7, "evil \u{1b}[31m", "\u{202e}Zorn", ClinicRole::Surgeon)
    };
    let long = user(
        8,
        &"Very long first name ".repeat(4),
        "Wide",
        ClinicRole::AdministrativeAssistant,
    );
    desk.users[0] = admin;
    desk.users.extend([evil, long]);
    desk.invitations = vec![
        invitation(4, "Eva", "Lind", 30),
        invitation(5, "Finn", "Moss", 90),
        invitation(6, "Gil", "North", -48),
        invitation(9, "Hana", "Otte", 50),
        invitation(10, "Ina", "Park", 50),
    ];
    desk.invitations[3].status = InvitationStatus::Accepted;
    desk.invitations[4].status = InvitationStatus::Revoked;
    desk.invitations[1].inviter_id = None;
    desk.invitations[1].invited_by_api_key_id = Some("7c1d0c2e-0000-4000-8000-00000000000a".into());
    desk.press("g p r");
    desk.serve();
    desk
}

pub(super) fn listen(desk: &mut Desk) {
    desk.now += 300;
    desk.send(Msg::Ticked);
}

fn snap(name: &str, desk: &Desk) {
    let Size { width, height } = desk.model.kernel.size;
    insta::assert_snapshot!(
        format!("{name}_{width}x{height}"),
        shot(&desk.model, width, height)
    );
}

#[test]
fn the_users_and_the_invitations() {
    for (width, height) in [(80, 24), (120, 40), (40, 10), (200, 50)] {
        let mut desk = clinic(width, height);
        snap("users", &desk);
        desk.press("g i");
        desk.serve();
        snap("invitations", &desk);
    }
}

#[test]
fn a_person_in_full() {
    let mut desk = clinic(80, 24);
    desk.press("Enter");
    desk.serve();
    snap("user_detail", &desk);
    desk.press("g i");
    desk.serve();
    desk.press("j Enter");
    desk.serve();
    snap("invitation_detail", &desk);
}

#[test]
fn revoking_shows_the_studies_then_asks() {
    let mut desk = clinic(80, 24);
    desk.press("x");
    snap("leaver", &desk);
    desk.press("Down Down Enter");
    listen(&mut desk);
    desk.type_text("revo");
    snap("revoke_access", &desk);
    desk.type_text("ke");
    desk.press("Enter");
    snap("revoking", &desk);
    desk.accept_next(Some(Failure::TimedOut));
    desk.accept_next(Some(Failure::TimedOut));
    snap("revoke_unconfirmed", &desk);
    desk.press("R");
    desk.accept_next(None);
    desk.serve();
    snap("revoked", &desk);
    desk.press("g w a");
    snap("assign_after_revoke", &desk);
}

#[test]
fn an_invitation_is_revoked_with_the_word() {
    let mut desk = clinic(80, 24);
    desk.press("g i");
    desk.serve();
    desk.press("x");
    listen(&mut desk);
    snap("revoke_invitation", &desk);
}

#[test]
fn a_wrong_filter_and_one_without_matches() {
    let mut desk = clinic(80, 24);
    desk.press("/");
    desk.type_text("levl:admin");
    snap("users_filter_error", &desk);
    desk.press("Esc /");
    desk.type_text("level:owner");
    desk.press("Enter");
    snap("users_no_match", &desk);
}

#[test]
fn a_refused_key_does_not_look_like_nobody() {
    let mut desk = Desk::closed([]);
    desk.press("g i");
    while let Some((ticket, _)) = desk.calls.pop() {
        desk.reply(ticket, Err(Failure::rejected(403, b"", None)));
    }
    snap("invitations_refused", &desk);
}

#[test]
fn no_size_breaks_these_screens() {
    for keys in ["", "x", "Enter", "/ l e v l : x", "g", "?"] {
        for screen in ["g p", "g i"] {
            let mut desk = clinic(80, 24);
            desk.press(screen);
            desk.serve();
            if !keys.is_empty() {
                desk.press(keys);
            }
            for width in 0..61 {
                for height in 0..21 {
                    desk.model.kernel.size = Size { width, height };
                    text_of(&desk.model, width, height);
                }
            }
            text_of(&desk.model, 500, 200);
        }
    }
}

#[test]
fn a_frame_builds_only_the_users_on_screen() {
    let mut desk = clinic(80, 24);
    for n in 20..=250 {
        let record = user(n, "N", &format!("U{n}"), ClinicRole::Doctor);
        desk.users.push(record);
    }
    desk.press("r");
    desk.serve();
    let drawn = shot::draw(&desk.model, 80, 24).1;
    assert_eq!(drawn.rows, desk.model.kernel.geometry().unwrap().page());
}
