//! The screens of users and invitations, and what happens to somebody's access.

use super::desk::{Desk, invitation, page, user};
use crate::app::widget::confirm::KEYS_IGNORED_FOR;
use crate::app::*;
use crate::wire::*;
use crate::worklist::testing::{HOUR, MINUTE, study, study_id};

/// Ana Kim (1) has a STAT and a normal study, Ben Osei (2) one; Eva Lind (4) is invited.
fn desk() -> Desk {
    let mut desk = Desk::open([
        study(1).description("CT HEAD").stat().to(1, "Kim, Ana"),
        study(2).description("MR KNEE").to(1, "Kim, Ana"),
        study(3).description("XR HAND").to(2, "Osei, Ben"),
    ]);
    desk.invitations = vec![
        invitation(4, "Eva", "Lind", 30),
        invitation(5, "Finn", "Moss", 90),
    ];
    desk
}

fn listen(desk: &mut Desk) {
    desk.now += KEYS_IGNORED_FOR;
    desk.send(Msg::Ticked);
}

/// Answers the question that is open with its word.
fn type_revoke(desk: &mut Desk) {
    listen(desk);
    desk.type_text("revoke");
    desk.press("Enter");
}

fn question(desk: &Desk) -> &str {
    match &desk.model.kernel.layers.overlay {
        Some(Overlay::Confirm(confirm)) => &confirm.title,
        Some(Overlay::Picker(picker)) => &picker.title,
        _ => "",
    }
}

fn shown(desk: &Desk) -> Vec<String> {
    match desk.model.kernel.screen {
        Screen::Users => desk
            .model
            .kernel
            .data
            .users
            .window(99)
            .map(|it| it.name.to_string())
            .collect(),
        Screen::Invitations => {
            let list = &desk.model.kernel.data.invitations;
            list.window(99).map(|it| it.name.to_string()).collect()
        }
        Screen::Worklist => Vec::new(),
    }
}

fn ana() -> UserId {
    UserId::from_bytes([1; 16])
}

/// The write that waits, if one does.
fn waiting(desk: &Desk) -> Option<&Call> {
    desk.calls
        .iter()
        .map(|(_, call)| call)
        .find(|call| call.is_write())
}

#[test]
fn each_screen_keeps_its_own_cursor_and_filter() {
    let mut desk = desk();
    desk.press("j g p");
    assert_eq!(shown(&desk), ["Kim, Ana", "Osei, Ben", "Ruiz, Dana"]);
    desk.press("/");
    desk.type_text("role:radiologist");
    desk.press("Enter j g i");
    desk.serve();
    assert_eq!(shown(&desk), ["Lind, Eva", "Moss, Finn"]);
    desk.press("G g p");
    assert_eq!(shown(&desk), ["Kim, Ana", "Osei, Ben"]);
    assert_eq!(desk.user().name.as_str(), "Osei, Ben");
    desk.press("g w");
    assert_eq!(desk.selected(), Some(2));
    assert_eq!(desk.model.kernel.data.studies.filter.text(), "");
    desk.press("g i");
    assert_eq!(desk.model.kernel.data.invitations.cursor(), 1);
    desk.press("g g");
    assert_eq!(desk.model.kernel.data.invitations.cursor(), 0);
}

#[test]
fn what_does_not_apply_says_where_it_does() {
    let mut desk = desk();
    desk.press("g p s");
    assert!(
        desk.notice().contains("on the worklist screen; g w"),
        "{}",
        desk.notice()
    );
    desk.press("a");
    assert_eq!(
        desk.notice(),
        "Assign the study to someone is on the worklist screen; g w goes there"
    );
    assert!(desk.is_refused() && !desk.has_write());
    desk.press("Esc ?");
    let Some(Overlay::Picker(help)) = &desk.model.kernel.layers.overlay else {
        panic!("no help")
    };
    let offers = |action| help.shown().any(|it| it.choice == Choice::Action(action));
    assert!(offers(Action::RevokeAccess) && offers(Action::GoWorklist));
    assert!(!offers(Action::AssignStudy) && !offers(Action::RevokeInvitation));
}

#[test]
fn a_look_at_a_study_leads_to_the_worklist() {
    let mut desk = desk();
    desk.press("g p");
    desk.send(Msg::Pasted("s s m c".into()));
    assert_eq!(desk.model.kernel.screen, Screen::Users);
    let id = study_id(3).to_string();
    desk.send(Msg::Pasted(id));
    assert_eq!(desk.model.kernel.screen, Screen::Worklist);
    assert!(desk.model.kernel.layers.lookup.is_some());
    desk.press("Esc g i g u");
    assert_eq!(desk.model.kernel.screen, Screen::Worklist);
    assert!(desk.model.kernel.layers.lookup.is_some());
}

#[test]
fn no_question_opens_over_something_begun() {
    let mut desk = desk();
    desk.press("g p x Down Enter");
    listen(&mut desk);
    desk.press("y");
    desk.accept_next(None);
    desk.press("g");
    desk.accept_next(None);
    assert!(desk.model.kernel.layers.overlay.is_none());
    assert_eq!(
        desk.notice(),
        "The studies of Kim, Ana were moved; g p, x revokes access"
    );
}

#[test]
fn the_palette_names_the_command_for_the_person() {
    let mut desk = desk();
    desk.press("g p :");
    let Some(Overlay::Picker(palette)) = &desk.model.kernel.layers.overlay else {
        panic!("no palette")
    };
    let more = |action| {
        let item = palette
            .shown()
            .find(|it| it.choice == Choice::Action(action));
        let lines = item.unwrap().more.iter().map(|line| line.to_string());
        lines.collect::<Vec<_>>().join(" ")
    };
    let revoke = format!("avara-tui users revoke {}", ana());
    let revoking = more(Action::RevokeAccess);
    assert!(revoking.contains(&revoke), "{revoking}");
    assert!(more(Action::AssignStudy).contains("g w goes there"));
}

#[test]
fn the_worklist_lives_on_behind_another_screen() {
    let mut desk = desk();
    desk.press("g p");
    desk.clinic
        .push(study(9).description("CT NEW").stat().build());
    desk.refresh();
    assert!(desk.effects.contains(&Effect::Ring));
    assert!(
        desk.model
            .kernel
            .data
            .studies
            .store
            .find(study_id(9))
            .is_some()
    );
    assert_eq!(
        &*desk.model.lists.banner(&desk.model.kernel).unwrap().0,
        "CT NEW"
    );
}

#[test]
fn many_users_come_in_pages_and_a_second_reading_reads_them_all() {
    let mut desk = Desk::open([]);
    desk.press("g p");
    for round in 0..2 {
        desk.press("r");
        for n in 0..3u8 {
            let (ticket, call) = desk.calls.pop().unwrap();
            let Call::ListUsers(list) = call else {
                panic!("{call:?}")
            };
            assert_eq!(list.cursor.is_some(), n > 0);
            let role = ClinicRole::Radiologist;
            let mut answer = page(vec![user(10 + n, "N", &format!("U{n}{round}"), role)]);
            answer.has_more = n < 2;
            answer.cursor = answer.has_more.then(|| format!("{n}"));
            desk.reply(ticket, Ok(Reply::Users(answer)));
        }
        assert!(desk.calls.is_empty());
        assert!(desk.model.kernel.data.users.reading.is_loaded());
        assert_eq!(desk.notice(), "");
    }
    assert!(shown(&desk).contains(&"U21, N".to_owned()));
}

#[test]
fn ten_thousand_users_filter_and_scroll() {
    let mut desk = Desk::open([]);
    for n in 0..10_000u32 {
        let mut record = user(0, "N", &format!("U{n:05}"), ClinicRole::Doctor);
        let mut bytes = [0; 16];
        bytes[..4].copy_from_slice(&n.to_be_bytes());
        record.user_id = UserId::from_bytes(bytes);
        desk.model
            .kernel
            .data
            .users
            .insert(crate::app::ListedUser::from(record));
    }
    desk.press("g p G");
    assert_eq!(desk.user().name.as_str(), "U09999, N");
    assert_eq!(desk.model.kernel.data.users.window(8).count(), 8);
    desk.press("/");
    desk.type_text("u0777");
    assert_eq!(desk.model.kernel.data.users.len(), 10);
}

#[test]
fn a_whole_address_that_nobody_known_has_is_asked_of_the_server() {
    let mut desk = desk();
    desk.press("g p");
    let late = user(8, "Zoe", "Zorn", ClinicRole::Surgeon);
    desk.users.push(late);
    for (typed, asked) in [
        ("email:kim@example.org", None),
        ("email:zorn", None),
        ("email:zorn@example.org", Some("zorn@example.org")),
    ] {
        desk.press("f x /");
        desk.type_text(typed);
        assert!(desk.calls.is_empty(), "nothing is asked while typing");
        desk.press("Enter");
        let email = desk.calls.last().map(|(_, call)| match call {
            Call::ListUsers(list) => list.email.clone().unwrap(),
            other => panic!("{other:?}"),
        });
        assert_eq!(email.as_deref(), asked);
    }
    desk.serve();
    assert_eq!(shown(&desk), ["Zorn, Zoe"]);
}

#[test]
fn a_wrong_filter_leaves_the_old_one_in_force() {
    let mut desk = desk();
    desk.press("g p /");
    desk.type_text("levl:admin");
    let Some(Overlay::RosterFilter(typed)) = &desk.model.kernel.layers.overlay else {
        panic!("no filter")
    };
    assert_eq!(typed.error().unwrap().suggestion.as_deref(), Some("level"));
    assert_eq!(shown(&desk).len(), 3);
    desk.press("Esc");
    assert!(desk.model.kernel.layers.overlay.is_none());
}

#[test]
fn a_user_without_studies_is_revoked_after_the_word() {
    let mut desk = desk();
    desk.press("g p G x");
    assert_eq!(question(&desk), "Revoke this user's access?");
    listen(&mut desk);
    desk.press("y e s Enter");
    assert!(!desk.has_write());
    desk.press("x");
    type_revoke(&mut desk);
    let dana = UserId::from_bytes([3; 16]);
    assert_eq!(
        waiting(&desk),
        Some(&Call::RevokeAccess(RevokeAccess { user_id: dana }))
    );
    assert!(
        desk.model.access.standing(dana).is_none(),
        "nothing shows before the answer"
    );
    desk.accept_next(None);
    desk.serve();
    let standing = desk.model.access.standing(dana).unwrap();
    assert_eq!(standing.words(0), "revoked here at 12:00");
    assert_eq!(desk.notice(), "Access revoked: Ruiz, Dana  (X reactivates)");
    desk.press("X");
    listen(&mut desk);
    desk.press("y");
    desk.accept_next(None);
    assert!(desk.revoked.is_empty());
    assert_eq!(
        desk.model.access.standing(dana).unwrap().words(0),
        "reactivated here at 12:00"
    );
}

#[test]
fn open_studies_are_shown_and_reassigned_before_access_is_revoked() {
    let mut desk = desk();
    desk.press("g p x");
    assert_eq!(question(&desk), "Kim, Ana has 2 open studies");
    desk.press("Enter");
    assert_eq!(question(&desk), "Reassign 2 open studies");
    let Some(Overlay::Picker(picker)) = &desk.model.kernel.layers.overlay else {
        panic!("no picker")
    };
    assert!(picker.shown().all(|it| it.choice != Choice::Person(ana())));
    desk.press("o s e i Enter");
    assert_eq!(question(&desk), "assign to Osei, Ben: 2 open studies");
    assert!(!desk.has_write());
    listen(&mut desk);
    desk.press("y");
    assert_eq!(desk.writes(), 2);
    desk.accept_next(None);
    assert!(
        desk.model.kernel.layers.overlay.is_none(),
        "not before both are moved"
    );
    desk.accept_next(None);
    assert_eq!(question(&desk), "Revoke this user's access?");
    type_revoke(&mut desk);
    assert!(matches!(waiting(&desk), Some(Call::RevokeAccess(_))));
    let ben = Some(UserId::from_bytes([2; 16]));
    assert!(
        desk.clinic
            .iter()
            .all(|study| study.assigned_to.as_ref().map(|to| to.user_id) == ben)
    );
}

#[test]
fn they_can_be_unassigned_or_left() {
    let mut desk = desk();
    desk.press("g p x Down Enter");
    assert_eq!(question(&desk), "unassign: 2 open studies");
    listen(&mut desk);
    desk.press("n");
    assert!(!desk.has_write());
    desk.press("x Down Down Enter");
    let Some(Overlay::Confirm(confirm)) = &desk.model.kernel.layers.overlay else {
        panic!("no question")
    };
    let lines: Vec<&str> = confirm.lines.all().map(|line| line.as_str()).collect();
    assert_eq!(lines[1], "kim@example.org");
    assert_eq!(lines[2], "2 open studies stay assigned to this person.");
}

#[test]
fn a_study_that_cannot_be_moved_keeps_the_access() {
    let mut desk = desk();
    desk.press("g p x Down Enter");
    listen(&mut desk);
    desk.press("y");
    desk.accept_next(None);
    desk.accept_next(Some(Failure::rejected(422, b"", None)));
    assert!(desk.model.kernel.layers.overlay.is_none() && !desk.has_write());
    assert!(
        desk.notice().contains("Kim, Ana keeps access"),
        "{}",
        desk.notice()
    );
}

#[test]
fn studies_not_all_read_are_said_to_be_so() {
    let mut desk = Desk::closed([]);
    let at = desk
        .calls
        .iter()
        .position(|(_, call)| matches!(call, Call::ListUsers(_)));
    let (ticket, _) = desk.calls.remove(at.unwrap());
    let users = desk.users.clone();
    desk.reply(ticket, Ok(Reply::Users(page(users))));
    desk.press("g p x");
    let Some(Overlay::Confirm(confirm)) = &desk.model.kernel.layers.overlay else {
        panic!("no question")
    };
    assert!(
        confirm
            .lines
            .all()
            .any(|line| line.contains("Not all studies are loaded"))
    );
}

#[test]
fn a_timeout_is_asked_once_more_and_then_unconfirmed() {
    let mut desk = desk();
    desk.press("g p G x");
    type_revoke(&mut desk);
    desk.accept_next(Some(Failure::TimedOut));
    assert!(desk.has_write(), "asked once more: the end is the same");
    desk.accept_next(Some(Failure::rejected(404, b"", None)));
    let dana = UserId::from_bytes([3; 16]);
    assert_eq!(
        desk.model.access.standing(dana).unwrap().words(0),
        "unconfirmed revoke 12:00"
    );
    assert!(desk.model.access.failed()[0].unconfirmed);
    assert!(!desk.has_write(), "no third time");
    desk.press("R");
    desk.accept_next(None);
    assert!(desk.model.access.failed().is_empty());
    assert!(!desk.model.access.standing(dana).unwrap().unconfirmed);
}

#[test]
fn a_refusal_changes_nothing() {
    let mut desk = desk();
    desk.press("g p G x");
    type_revoke(&mut desk);
    desk.accept_next(Some(Failure::Unsuccessful {
        message: Some("the owner cannot be revoked".into()),
    }));
    assert!(
        desk.model
            .access
            .standing(UserId::from_bytes([3; 16]))
            .is_none()
    );
    let failed = &desk.model.access.failed()[0];
    assert!(!failed.unconfirmed);
    desk.press("Esc");
    assert!(!desk.model.access.is_shown(), "Esc puts the line away");
    desk.press("E Enter");
    desk.type_text("dismiss");
    desk.press("Enter");
    assert!(desk.model.access.failed().is_empty());
}

#[test]
fn a_pending_invitation_of_the_revoked_is_offered_to_be_revoked_too() {
    let mut desk = desk();
    desk.users
        .push(user(4, "Eva", "Lind", ClinicRole::Radiologist));
    desk.press("g p r");
    desk.serve();
    desk.press("/");
    desk.type_text("lind");
    desk.press("Enter x");
    type_revoke(&mut desk);
    desk.accept_next(None);
    let asked = desk.calls.last().map(|(_, call)| call.clone());
    assert!(matches!(
        asked,
        Some(Call::ListInvitations(ListInvitations {
            user_id: Some(_),
            ..
        }))
    ));
    desk.serve();
    assert_eq!(question(&desk), "Revoke this invitation?");
    type_revoke(&mut desk);
    assert!(matches!(waiting(&desk), Some(Call::RevokeInvitation(_))));
    desk.accept_next(None);
    desk.serve();
    assert_eq!(desk.invitations[0].status, InvitationStatus::Revoked);
    assert_eq!(
        desk.notice(),
        "Invitation revoked: Lind, Eva  (cannot be undone)"
    );
}

#[test]
fn an_invitation_that_was_accepted_since_it_was_read_is_not_offered() {
    let mut desk = desk();
    desk.users
        .push(user(4, "Eva", "Lind", ClinicRole::Radiologist));
    desk.press("g i");
    desk.serve();
    desk.press("g p r");
    desk.serve();
    desk.invitations[0].status = InvitationStatus::Accepted;
    desk.press("/");
    desk.type_text("lind");
    desk.press("Enter x");
    type_revoke(&mut desk);
    desk.accept_next(None);
    desk.serve();
    assert!(desk.model.kernel.layers.overlay.is_none());
    assert!(desk.notice().starts_with("Access revoked: Lind, Eva"));
}

#[test]
fn an_invitation_counts_as_revoked_only_when_its_record_says_so() {
    let mut desk = desk();
    desk.press("g i");
    desk.serve();
    desk.press("x");
    type_revoke(&mut desk);
    let at = desk
        .calls
        .iter()
        .position(|(_, call)| call.is_write())
        .unwrap();
    let (ticket, _) = desk.calls.remove(at);
    desk.reply(ticket, Ok(Reply::Done));
    desk.serve();
    assert!(!desk.model.access.failed()[0].unconfirmed);
    // An attempt that timed out but was carried out is not sent again.
    desk.press("R");
    desk.accept_next(None);
    desk.serve();
    assert!(desk.model.access.failed().is_empty());
    let first = desk.model.kernel.data.invitations.selected().unwrap();
    assert_eq!(first.invitation.status, InvitationStatus::Revoked);
}

#[test]
fn an_invitation_whose_revocation_is_unknown_is_read_before_it_is_sent_again() {
    let mut desk = desk();
    desk.press("g i");
    desk.serve();
    desk.press("x");
    type_revoke(&mut desk);
    desk.invitations[0].status = InvitationStatus::Revoked;
    desk.accept_next(Some(Failure::TimedOut));
    let (ticket, _) = desk.calls.pop().unwrap();
    desk.reply(ticket, Err(Failure::TimedOut));
    assert!(desk.model.access.failed()[0].unconfirmed);
    desk.press("R");
    desk.serve();
    assert!(!desk.has_write());
    assert!(
        desk.notice().starts_with("Invitation revoked"),
        "{}",
        desk.notice()
    );
}

#[test]
fn only_a_pending_invitation_can_be_revoked() {
    let mut desk = desk();
    desk.invitations[0].status = InvitationStatus::Accepted;
    desk.invitations[1].expiry = chrono::DateTime::from_timestamp_millis(desk.now - 1);
    desk.press("g i");
    desk.serve();
    for (row, reason) in [("g g", "accepted"), ("G", "expired")] {
        desk.press("f x");
        desk.press(row);
        desk.press("x");
        let reasons = ["accepted", "expired"];
        assert!(
            reasons.iter().any(|it| desk.notice().contains(it)),
            "{reason}"
        );
        assert!(desk.is_refused());
        desk.press("Esc");
    }
}

#[test]
fn invitations_are_filtered_by_state_time_and_person() {
    let mut desk = desk();
    let mut old = invitation(6, "Gil", "North", -48);
    old.created_at = chrono::DateTime::from_timestamp_millis(desk.now - 240 * HOUR);
    let mut done = invitation(7, "Hana", "Otte", 40);
    done.status = InvitationStatus::Accepted;
    desk.invitations.extend([old, done]);
    desk.press("g i");
    desk.serve();
    assert_eq!(shown(&desk)[..2], ["Lind, Eva", "Moss, Finn"]);
    desk.press("f e");
    assert_eq!(shown(&desk), ["Lind, Eva"]);
    for (filter, expected) in [
        ("status:accepted", vec!["Otte, Hana"]),
        ("status:sent expired:yes", vec!["North, Gil"]),
        (
            "expired:no -status:accepted",
            vec!["Lind, Eva", "Moss, Finn"],
        ),
        ("until:2026-02-28", vec!["North, Gil"]),
        ("from:2026-03-01 user:moss", vec!["Moss, Finn"]),
        ("level:admin", vec![]),
    ] {
        desk.press("f x /");
        desk.type_text(filter);
        desk.press("Enter");
        assert_eq!(shown(&desk), expected, "{filter}");
    }
    desk.press("Esc");
    assert_eq!(desk.model.kernel.data.invitations.filter().text(), "");
}

#[test]
fn the_record_under_the_cursor_keeps_its_row_while_it_no_longer_matches() {
    let mut desk = desk();
    desk.press("g i");
    desk.serve();
    desk.press("f e");
    desk.invitations[0].status = InvitationStatus::Accepted;
    desk.press("r");
    desk.serve();
    assert_eq!(shown(&desk), ["Lind, Eva"]);
    let id = desk.invitations[0].invitation_id;
    assert!(desk.model.kernel.data.invitations.lingers(id));
    desk.press("f x");
    assert!(!desk.model.kernel.data.invitations.lingers(id));
}

#[test]
fn a_user_revoked_here_is_last_among_the_assignees() {
    let mut desk = desk();
    desk.press("g p x Down Down Enter");
    type_revoke(&mut desk);
    desk.accept_next(None);
    desk.serve();
    desk.press("g w a");
    let Some(Overlay::Picker(picker)) = &desk.model.kernel.layers.overlay else {
        panic!("no picker")
    };
    let last = picker.shown().last().unwrap();
    assert_eq!(last.label.as_str(), "Kim, Ana");
    assert!(last.note.contains("revoked here at 12:00"), "{}", last.note);
}

#[test]
fn read_only_refuses() {
    let mut desk = desk();
    desk.press("! g p x");
    assert!(desk.notice().starts_with("Read-only"), "{}", desk.notice());
    desk.press("X");
    assert!(desk.is_refused());
}

#[test]
fn leaving_waits_for_a_revocation_under_way() {
    let mut desk = desk();
    desk.press("g p G x");
    type_revoke(&mut desk);
    desk.press("q");
    assert!(!desk.effects.contains(&Effect::Leave(ExitReason::Quit)));
    desk.accept_next(None);
    assert!(desk.effects.contains(&Effect::Leave(ExitReason::Quit)));
}

#[test]
fn the_activity_names_it_and_leads_there() {
    let mut desk = desk();
    desk.press("g p G x");
    type_revoke(&mut desk);
    desk.accept_next(None);
    desk.serve();
    desk.press("g g g w @ Enter");
    assert_eq!(desk.model.kernel.screen, Screen::Users);
    assert_eq!(desk.user().name.as_str(), "Ruiz, Dana");
}

#[test]
fn a_full_screen_detail_is_read_again() {
    let mut desk = desk();
    desk.users[0].profile.clinic_role = ClinicRole::Surgeon;
    desk.press("g p Enter");
    desk.serve();
    assert_eq!(
        desk.model
            .kernel
            .data
            .users
            .get(ana())
            .unwrap()
            .role
            .as_str(),
        "Surgeon"
    );
    desk.now += MINUTE;
    desk.press("Esc");
    assert!(desk.model.kernel.geometry().unwrap().page() > 0);
}
