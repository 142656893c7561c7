//! Inviting people and editing them in forms.

use super::desk::{Desk, invitation, page};
use crate::app::edit::draft;
use crate::app::widget::form::FormStage;
use crate::app::widget::form::dialog::Question;
use crate::app::*;
use crate::wire::*;
use crate::worklist::testing::study;

/// Ana Kim, Ben Osei and Dana Ruiz; Eva Lind is invited, Gil North's invitation has expired.
fn desk() -> Desk {
    let mut desk = Desk::open([study(1)]);
    desk.users[0].profile.middle_name = Some("Maria".into());
    desk.users[0].profile.phone_number = Some("15555550123".into());
    desk.invitations = vec![
        invitation(4, "Eva", "Lind", 30),
        invitation(6, "Gil", "North", -48),
    ];
    desk.press("g p r");
    desk.serve();
    desk
}

fn form(desk: &Desk) -> &Form {
    match &desk.model.kernel.layers.overlay {
        Some(Overlay::Form(form)) => form,
        other => panic!("no form but {other:?}; {}", desk.notice()),
    }
}

fn message(desk: &Desk) -> &str {
    form(desk).message.as_ref().map_or("", |m| m.text.as_str())
}

fn problem(desk: &Desk, name: &str) -> String {
    let field = form(desk).field(name).unwrap();
    field.problem().unwrap_or_default()
}

fn value(desk: &Desk, name: &str) -> String {
    form(desk).field(name).unwrap().value()
}

fn question(desk: &Desk) -> Option<&Question> {
    form(desk).asking().map(|dialog| &dialog.question)
}

fn answer(desk: &mut Desk, keys: &str) {
    desk.now += 300;
    desk.press(keys);
}

/// Goes to a field and types into it, in place of what is there.
fn fill(desk: &mut Desk, name: &str, text: &str) {
    go_to(desk, name);
    desk.press("End Ctrl-u");
    desk.type_text(text);
}

fn go_to(desk: &mut Desk, name: &str) {
    for _ in 0..20 {
        if form(desk).focused().is_some_and(|field| field.name == name) {
            return;
        }
        desk.press("Tab");
    }
    panic!("{name} takes no focus");
}

/// An invitation that is filled in, up to the last key.
fn inviting() -> Desk {
    let mut desk = desk();
    desk.press("i");
    desk.type_text("noa@example.org");
    fill(&mut desk, "firstName", "Noa");
    fill(&mut desk, "lastName", "Bell");
    go_to(&mut desk, "clinicRole");
    desk.type_text("neuro");
    desk.press("Enter");
    desk
}

/// Saves up to the POST.
fn send_invitation(desk: &mut Desk) -> (Ticket, InviteUser) {
    desk.press("Ctrl-s");
    desk.serve();
    assert!(matches!(question(desk), Some(Question::Invite(_))));
    assert!(!desk.has_write(), "the e-mail is asked about first");
    answer(desk, "y");
    match desk.take_write() {
        (ticket, Call::InviteUser(invite)) => (ticket, invite),
        other => panic!("{other:?}"),
    }
}

fn editing(keys: &str) -> Desk {
    let mut desk = desk();
    if !keys.is_empty() {
        desk.press(keys);
        desk.serve();
    }
    desk.press("e");
    assert_eq!(form(&desk).stage, FormStage::Reading);
    desk.serve();
    desk
}

/// Saves an edit. Returns the PATCH that is sent.
fn save(desk: &mut Desk) -> (Ticket, Call) {
    desk.press("Ctrl-s");
    assert!(
        matches!(question(desk), Some(Question::Review(_))),
        "{}",
        message(desk)
    );
    answer(desk, "y");
    desk.serve();
    desk.take_write()
}

fn body(call: &Call) -> String {
    let body = match call {
        Call::UpdateUser(update) => update.body(),
        Call::UpdateInvitation(update) => update.body(),
        other => panic!("{other:?}"),
    };
    String::from_utf8(body.unwrap().unwrap()).unwrap()
}

#[test]
fn somebody_is_invited_with_everything_that_was_typed() {
    let mut desk = inviting();
    fill(&mut desk, "middleName", "Q");
    fill(&mut desk, "suffix1", "MD");
    fill(&mut desk, "suffix2", "PhD");
    fill(&mut desk, "phoneNumber", "15555550199");
    go_to(&mut desk, "level");
    desk.press("a Tab y");
    let (ticket, invite) = send_invitation(&mut desk);
    let sent = InviteUser {
        email: "noa@example.org".into(),
        profile: Profile {
            first_name: "Noa".into(),
            last_name: "Bell".into(),
            middle_name: Some("Q".into()),
            suffix1: Some("MD".into()),
            suffix2: Some("PhD".into()),
            phone_number: Some("15555550199".into()),
            clinic_role: ClinicRole::Neurologist,
            level: UserLevel::Admin,
            can_manage_studies: true,
            has_dashboard_access: true,
        },
    };
    assert_eq!(invite, sent);
    let user = desk.invite(&invite);
    desk.reply(ticket, Ok(Reply::User(Box::new(user))));
    assert!(desk.model.kernel.layers.overlay.is_none());
    assert_eq!(
        desk.notice(),
        "Invited Bell, Noa (an e-mail is sent to noa@example.org)"
    );
    desk.serve();
    let mut listed = desk.model.kernel.data.invitations.iter();
    assert!(listed.any(|it| it.email.as_str() == "noa@example.org"));
}

#[test]
fn what_is_left_empty_is_not_sent() {
    let mut desk = inviting();
    let (_, invite) = send_invitation(&mut desk);
    let body = String::from_utf8(invite.body().unwrap().unwrap()).unwrap();
    for name in ["middleName", "suffix1", "suffix2", "phoneNumber"] {
        assert!(!body.contains(name), "{body}");
    }
}

#[test]
fn the_question_says_to_whom_the_email_goes_and_begins_on_the_safe_button() {
    let mut desk = inviting();
    desk.press("Ctrl-s");
    desk.serve();
    let Some(Question::Invite(lines)) = question(&desk) else {
        panic!("nothing asked")
    };
    assert_eq!(lines[0], "To noa@example.org");
    answer(&mut desk, "Enter");
    assert!(question(&desk).is_none() && desk.calls.is_empty());
    assert_eq!(value(&desk, "firstName"), "Noa");
}

#[test]
fn each_rule_is_said_beside_its_field_and_nothing_is_sent() {
    for (name, good, bad, said) in [
        ("email", "a@b.c", "a@b", "an e-mail address like"),
        ("email", "a@b.c", "", "an e-mail address like"),
        ("email", "a@b.c", "a b@b.c", "an e-mail address like"),
        ("firstName", "N", "", "required"),
        ("lastName", "B", " ", "required"),
        ("middleName", "", " ", "only spaces"),
        ("suffix1", "", "  ", "only spaces"),
        ("suffix2", "", "  ", "only spaces"),
        ("phoneNumber", "", "1", "10 to 15 digits, not 1"),
        (
            "phoneNumber",
            "1234567890",
            "123456789",
            "10 to 15 digits, not 9",
        ),
        (
            "phoneNumber",
            "123456789012345",
            "1234567890123456",
            "10 to 15 digits, not 16",
        ),
        ("phoneNumber", "1234567890", "+1234567890", "only digits"),
    ] {
        let mut desk = inviting();
        fill(&mut desk, name, bad);
        desk.press("Ctrl-s");
        assert!(problem(&desk, name).contains(said), "{name} {bad}");
        assert!(message(&desk).starts_with("Nothing was sent: correct"));
        assert_eq!(form(&desk).focused().unwrap().name, name);
        assert!(desk.calls.is_empty(), "{name} {bad}");
        fill(&mut desk, name, good);
        desk.press("Ctrl-s");
        assert_eq!(form(&desk).stage, FormStage::Checking, "{name} {good}");
    }
}

#[test]
fn a_phone_number_is_checked_as_it_is_typed() {
    let mut desk = desk();
    desk.press("i");
    fill(&mut desk, "phoneNumber", "123456789");
    assert_eq!(problem(&desk, "phoneNumber"), "");
    desk.type_text("-");
    assert_eq!(problem(&desk, "phoneNumber"), "only digits");
}

#[test]
fn a_role_has_to_be_chosen_and_is_one_of_the_reference_or_one_that_somebody_has() {
    let mut desk = desk();
    desk.users[1].profile.clinic_role = "Dosimetrist".into();
    desk.press("r");
    desk.serve();
    desk.press("i");
    desk.type_text("noa@example.org");
    fill(&mut desk, "firstName", "Noa");
    fill(&mut desk, "lastName", "Bell");
    desk.press("Ctrl-s");
    assert!(problem(&desk, "clinicRole").contains("choose one"));
    assert!(desk.calls.is_empty());
    go_to(&mut desk, "clinicRole");
    let crate::app::widget::form::field::FieldKind::Pick(pick) =
        &form(&desk).focused().unwrap().kind
    else {
        panic!("no pick")
    };
    assert_eq!(pick.list.shown().len(), 22);
    desk.type_text("dosi");
    desk.press("Enter");
    let (_, invite) = send_invitation(&mut desk);
    assert_eq!(
        invite.profile.clinic_role,
        ClinicRole::Other("Dosimetrist".into())
    );
}

#[test]
fn an_owner_cannot_be_made_and_an_admin_keeps_the_dashboard() {
    let mut desk = inviting();
    go_to(&mut desk, "level");
    desk.press("o");
    assert!(
        message(&desk).contains("owner cannot be set"),
        "{}",
        message(&desk)
    );
    assert_eq!(value(&desk, "level"), "member");
    desk.press("a");
    assert_eq!(value(&desk, "hasDashboardAccess"), "true");
    go_to(&mut desk, "hasDashboardAccess");
    desk.press("n");
    assert!(message(&desk).contains("an admin always has it"));
    assert_eq!(value(&desk, "hasDashboardAccess"), "true");
    go_to(&mut desk, "level");
    desk.press("m");
    assert_eq!(value(&desk, "hasDashboardAccess"), "false");
}

#[test]
fn role_and_permissions_are_copied_from_the_chosen_user() {
    let mut desk = desk();
    desk.users[1].profile.level = UserLevel::Admin;
    desk.users[1].profile.has_dashboard_access = true;
    desk.users[2].profile.level = UserLevel::Owner;
    desk.press("r");
    desk.serve();
    desk.press("i");
    go_to(&mut desk, "like");
    desk.type_text("osei");
    desk.press("Enter");
    assert!(message(&desk).contains("from Osei, Ben"));
    let draft = form(&desk).draft();
    let of = |unit| draft.text(&unit).to_owned();
    assert_eq!(of(draft::Unit::Role), "Radiologist");
    assert_eq!(of(draft::Unit::Level), "admin");
    assert_eq!(of(draft::Unit::ManageStudies), "yes");
    assert_eq!(of(draft::Unit::Dashboard), "yes");
    assert_eq!(of(draft::Unit::FirstName), "");
    go_to(&mut desk, "like");
    desk.type_text("ruiz");
    desk.press("Enter");
    assert!(message(&desk).contains("owner cannot be set"));
    assert_eq!(value(&desk, "level"), "admin");
}

#[test]
fn a_known_address_is_said_at_once_and_one_that_the_server_knows_before_sending() {
    let mut desk = inviting();
    fill(&mut desk, "email", "KIM@example.org");
    assert_eq!(problem(&desk, "email"), "");
    desk.press("Tab");
    assert_eq!(problem(&desk, "email"), "Kim, Ana is already a user");

    let newcomer = super::desk::user(9, "Una", "New", ClinicRole::Doctor);
    for (email, said) in [
        ("new@example.org", "New, Una is already a user"),
        (
            "lind@example.org",
            "Lind, Eva already has a pending invitation",
        ),
    ] {
        desk.users.push(newcomer.clone());
        fill(&mut desk, "email", email);
        desk.press("Tab Ctrl-s");
        desk.serve();
        assert_eq!(problem(&desk, "email"), said);
        assert_eq!(message(&desk), format!("Nothing was sent: {said}"));
        assert!(question(&desk).is_none() && desk.calls.is_empty());
    }
}

#[test]
fn the_address_is_looked_for_on_every_page() {
    let mut desk = inviting();
    desk.press("Ctrl-s");
    let mut first = page(Vec::<User>::new());
    first.cursor = Some("more".into());
    first.has_more = true;
    let (ticket, call) = desk.calls.remove(0);
    assert!(
        matches!(call, Call::ListUsers(list) if list.email.as_deref() == Some("noa@example.org"))
    );
    desk.reply(ticket, Ok(Reply::Users(first)));
    let (ticket, call) = desk.calls.remove(0);
    assert!(matches!(call, Call::ListUsers(list) if list.cursor.as_deref() == Some("more")));
    desk.reply(ticket, Ok(Reply::Users(page(Vec::new()))));
    for _ in 0..60 {
        let Some((ticket, call)) = desk.calls.pop() else {
            break;
        };
        assert!(matches!(call, Call::ListInvitations(_)));
        let mut endless = page(Vec::<Invitation>::new());
        endless.cursor = Some("again".into());
        endless.has_more = true;
        desk.reply(ticket, Ok(Reply::Invitations(endless)));
    }
    assert!(desk.calls.is_empty() && question(&desk).is_none());
    assert!(
        message(&desk).starts_with("Nothing was sent"),
        "{}",
        message(&desk)
    );
}

/// Replies to both lists of the search for an address; those named hold a record that cannot be read.
fn search(desk: &mut Desk, in_users: bool, in_invitations: bool) {
    let unreadable = |is_odd: bool| {
        let odd = Unreadable {
            id: None,
            reason: "odd".into(),
        };
        Vec::from_iter(is_odd.then_some(odd))
    };
    let (ticket, call) = desk.calls.remove(0);
    assert!(matches!(call, Call::ListUsers(_)), "{call:?}");
    let mut users = page(Vec::<User>::new());
    users.unreadable = unreadable(in_users);
    desk.reply(ticket, Ok(Reply::Users(users)));
    let (ticket, call) = desk.calls.remove(0);
    assert!(matches!(call, Call::ListInvitations(_)), "{call:?}");
    let mut invitations = page(Vec::<Invitation>::new());
    invitations.unreadable = unreadable(in_invitations);
    desk.reply(ticket, Ok(Reply::Invitations(invitations)));
}

#[test]
fn what_cannot_be_read_may_have_the_address() {
    const SAID: &str = "one of them may have this address";
    for (in_users, in_invitations) in [(true, false), (false, true), (false, false)] {
        let is_unsure = in_users || in_invitations;
        let mut desk = inviting();
        desk.press("Ctrl-s");
        search(&mut desk, in_users, in_invitations);
        let Some(Question::Invite(words)) = question(&desk) else {
            panic!("{}", message(&desk));
        };
        assert_eq!(words.iter().any(|line| line.contains(SAID)), is_unsure);
        answer(&mut desk, "y");
        let (ticket, _) = desk.take_write();
        desk.reply(ticket, Err(Failure::TimedOut));
        search(&mut desk, in_users, in_invitations);
        assert_eq!(message(&desk).contains("that can be read"), is_unsure);
        assert!(!desk.has_write());

        // The next search, which reads everything, says nothing of it.
        desk.pass(2);
        assert!(message(&desk).starts_with("No user"), "{}", message(&desk));
        assert!(!message(&desk).contains("that can be read"));
    }
}

#[test]
fn an_unclear_end_is_looked_into_and_never_sent_again() {
    for failure in [
        Failure::TimedOut,
        Failure::rejected(503, b"", None),
        Failure::Interrupted { reason: "x".into() },
    ] {
        // It was done: the invitation is there.
        let mut desk = inviting();
        let (ticket, invite) = send_invitation(&mut desk);
        desk.invite(&invite);
        desk.reply(ticket, Err(failure.clone()));
        assert_eq!(form(&desk).stage, FormStage::Rechecking);
        desk.serve();
        assert!(desk.model.kernel.layers.overlay.is_none() && !desk.has_write());
        assert!(desk.notice().starts_with("Invited after all: Bell, Noa"));

        // It was not, as far as one can see.
        let mut desk = inviting();
        let (ticket, _) = send_invitation(&mut desk);
        desk.reply(ticket, Err(failure.clone()));
        desk.serve();
        assert!(!desk.has_write());
        assert_eq!(form(&desk).stage, FormStage::Rechecking);
        desk.pass(61);
        assert!(!desk.has_write());
        assert!(
            message(&desk).starts_with("Unconfirmed"),
            "{}",
            message(&desk)
        );

        // Nobody can say.
        let mut desk = inviting();
        let (ticket, _) = send_invitation(&mut desk);
        desk.reply(ticket, Err(failure.clone()));
        let (ticket, _) = desk.calls.pop().unwrap();
        desk.reply(ticket, Err(failure));
        assert!(!desk.has_write());
        assert_eq!(form(&desk).stage, FormStage::Rechecking);
    }
}

#[test]
fn an_unclear_invitation_found_with_other_values_is_somebody_elses() {
    let mut desk = inviting();
    let (ticket, invite) = send_invitation(&mut desk);
    desk.invite(&invite);
    let last = desk.invitations.len() - 1;
    desk.invitations[last].profile.level = UserLevel::Admin;
    desk.reply(ticket, Err(Failure::TimedOut));
    desk.serve();
    assert!(!desk.has_write());
    assert!(
        message(&desk).contains("a different level"),
        "{}",
        message(&desk)
    );
}

#[test]
fn an_unclear_end_is_looked_into_although_the_form_was_left() {
    let mut desk = inviting();
    let (ticket, invite) = send_invitation(&mut desk);
    desk.press("Esc");
    answer(&mut desk, "y");
    assert!(desk.model.kernel.layers.overlay.is_none());
    desk.invite(&invite);
    desk.reply(ticket, Err(Failure::TimedOut));
    desk.serve();
    assert!(!desk.has_write());
    assert!(
        desk.notice().starts_with("Invited after all"),
        "{}",
        desk.notice()
    );
}

#[test]
fn nobody_is_invited_while_an_invitation_is_under_way() {
    let mut desk = inviting();
    let (ticket, invite) = send_invitation(&mut desk);
    desk.press("Esc");
    answer(&mut desk, "y i");
    assert!(desk.is_refused());
    assert_eq!(desk.notice(), "Still waiting for the server: an invitation");
    desk.press("Esc");
    let user = desk.invite(&invite);
    desk.reply(ticket, Ok(Reply::User(Box::new(user))));
    desk.press("i");
    assert_eq!(form(&desk).stage, FormStage::Editing);
}

#[test]
fn an_invitation_that_others_changed_shows_what_the_server_holds() {
    let mut desk = inviting();
    let (ticket, invite) = send_invitation(&mut desk);
    let mut user = desk.invite(&invite);
    user.profile.level = UserLevel::Admin;
    desk.reply(ticket, Ok(Reply::User(Box::new(user))));
    assert_eq!(
        desk.notice(),
        "Invited Bell, Noa, but the server shows other values in: level"
    );
}

#[test]
fn what_the_server_refuses_stands_beside_its_field() {
    for (status, response, name) in [
        (
            422,
            r#"{"message":"no","field":"phoneNumber"}"#,
            "phoneNumber",
        ),
        (400, r#"{"message":"clinicRole is odd"}"#, "clinicRole"),
        (
            422,
            r#"{"message":"no","field":"hasDashboardAccess"}"#,
            "hasDashboardAccess",
        ),
        (409, r#"{"message":"taken"}"#, "email"),
    ] {
        let mut desk = inviting();
        let (ticket, _) = send_invitation(&mut desk);
        let failure = Failure::rejected(status, response.as_bytes(), None);
        desk.reply(ticket, Err(failure));
        desk.serve();
        assert_ne!(problem(&desk, name), "", "{name}");
        assert_eq!(form(&desk).focused().unwrap().name, name);
        assert!(message(&desk).starts_with("Nobody was invited"));
        assert!(desk.calls.is_empty());
    }
}

#[test]
fn only_what_was_changed_is_patched() {
    let edits: [(&str, &str); 9] = [
        ("firstName", r#""firstName":"new""#),
        ("lastName", r#""lastName":"new""#),
        ("middleName", r#""middleName":"new""#),
        ("suffix1", r#""suffix1":"new""#),
        ("suffix2", r#""suffix2":"new""#),
        ("phoneNumber", r#""phoneNumber":"1234567890""#),
        ("level", r#""level":"admin""#),
        ("canManageStudies", r#""canManageStudies":false"#),
        ("hasDashboardAccess", r#""hasDashboardAccess":true"#),
    ];
    for screen in ["", "g i"] {
        for subset in 1u32..1 << edits.len() {
            // Every pair and every single one, and some of more.
            if subset.count_ones() > 2 && subset % 29 != 0 {
                continue;
            }
            let mut desk = editing(screen);
            let mut wanted = Vec::new();
            for (i, (name, part)) in edits.iter().enumerate() {
                if subset & 1 << i == 0 {
                    continue;
                }
                wanted.push(*part);
                match *name {
                    "phoneNumber" => fill(&mut desk, name, "1234567890"),
                    "level" => {
                        go_to(&mut desk, name);
                        desk.press("a");
                    }
                    "canManageStudies" => {
                        go_to(&mut desk, name);
                        desk.press("n");
                    }
                    "hasDashboardAccess" => {
                        go_to(&mut desk, name);
                        desk.press("y");
                    }
                    _ => fill(&mut desk, name, "new"),
                }
            }
            // An admin's dashboard access comes with the level.
            if wanted.contains(&edits[6].1) && !wanted.contains(&edits[8].1) {
                wanted.push(edits[8].1);
            }
            let (_, call) = save(&mut desk);
            assert_eq!(body(&call), format!("{{{}}}", wanted.join(",")));
        }
    }
}

#[test]
fn an_emptied_field_is_cleared_with_null() {
    let mut desk = editing("");
    fill(&mut desk, "middleName", "");
    fill(&mut desk, "phoneNumber", "");
    let (ticket, call) = save(&mut desk);
    assert_eq!(body(&call), r#"{"middleName":null,"phoneNumber":null}"#);
    desk.calls.push((ticket, call));
    desk.accept_next(None);
    assert!(desk.model.kernel.layers.overlay.is_none());
    assert_eq!(desk.notice(), "Saved Kim, Ana: middle name, phone");
    let ana = desk
        .model
        .kernel
        .data
        .users
        .get(UserId::from_bytes([1; 16]))
        .unwrap();
    assert_eq!(ana.user.profile.phone_number, None);
}

#[test]
fn the_review_says_what_admin_grants_and_the_email_cannot_change() {
    let mut desk = editing("");
    let email = form(&desk).field("email").unwrap();
    assert!(!email.takes_focus());
    go_to(&mut desk, "level");
    desk.press("a Ctrl-s");
    let Some(Question::Review(differences)) = question(&desk) else {
        panic!("no review")
    };
    assert!(differences[0].brings.contains("manage users"));
    assert_eq!(differences[1].label, "dashboard access");
    desk.press("Esc");
    answer(&mut desk, "Esc");
    assert!(!desk.has_write());
}

#[test]
fn an_owner_stays_one_and_an_unknown_level_is_kept() {
    for level in [UserLevel::Owner, UserLevel::Other("guest".into())] {
        let mut desk = desk();
        desk.users[0].profile.level = level.clone();
        desk.press("e");
        desk.serve();
        fill(&mut desk, "lastName", "Kimm");
        assert_eq!(value(&desk, "level"), level.as_str());
        let (_, call) = save(&mut desk);
        assert_eq!(body(&call), r#"{"lastName":"Kimm"}"#);
    }
}

#[test]
fn a_rule_that_the_server_breaks_itself_keeps_nobody_from_editing() {
    let mut desk = desk();
    desk.users[0].profile.phone_number = Some("+1 555 0123".into());
    desk.press("e");
    desk.serve();
    assert_eq!(problem(&desk, "phoneNumber"), "");
    fill(&mut desk, "lastName", "Kimm");
    go_to(&mut desk, "phoneNumber");
    desk.press("End 4 Tab");
    assert_eq!(problem(&desk, "phoneNumber"), "only digits");
    go_to(&mut desk, "phoneNumber");
    desk.press("End Backspace");
    let (_, call) = save(&mut desk);
    assert_eq!(body(&call), r#"{"lastName":"Kimm"}"#);
}

#[test]
fn what_someone_else_changed_meanwhile_is_asked_about() {
    for (screen, key, sent) in [
        ("", "m", true),
        ("", "t", false),
        ("g i", "m", true),
        ("g i", "t", false),
    ] {
        let mut desk = editing(screen);
        fill(&mut desk, "lastName", "Mine");
        desk.press("Ctrl-s");
        desk.users[0].profile.last_name = "Theirs".into();
        desk.invitations[0].profile.last_name = "Theirs".into();
        answer(&mut desk, "y");
        desk.serve();
        assert!(matches!(question(&desk), Some(Question::Conflict(_))));
        assert!(!desk.has_write());
        answer(&mut desk, key);
        desk.serve();
        assert_eq!(desk.has_write(), sent, "{screen} {key}");
        if sent {
            let (_, call) = desk.take_write();
            assert_eq!(body(&call), r#"{"lastName":"Mine"}"#);
        }
    }
}

#[test]
fn an_unclear_edit_is_read_again_and_sent_once_more() {
    for done in [true, false] {
        let mut desk = editing("");
        fill(&mut desk, "lastName", "Mine");
        let (ticket, _) = save(&mut desk);
        if done {
            desk.users[0].profile.last_name = "Mine".into();
        }
        desk.reply(ticket, Err(Failure::TimedOut));
        desk.serve();
        assert_eq!(desk.has_write(), !done);
        if !done {
            let (ticket, _) = desk.take_write();
            desk.reply(ticket, Err(Failure::TimedOut));
            desk.serve();
            assert!(!desk.has_write());
        }
        if done {
            assert_eq!(desk.notice(), "Saved after all Mine, Ana: last name")
        } else {
            assert!(
                message(&desk).starts_with("Unconfirmed: not done so far"),
                "{}",
                message(&desk)
            )
        }
    }
}

#[test]
fn a_refused_edit_stands_beside_its_field() {
    let mut desk = editing("g i");
    fill(&mut desk, "suffix1", "MD");
    let (ticket, _) = save(&mut desk);
    let response = br#"{"error":{"message":"no","field":"suffix1"}}"#;
    desk.reply(ticket, Err(Failure::rejected(422, response, None)));
    assert_eq!(problem(&desk, "suffix1"), "no");
    assert!(message(&desk).starts_with("Nothing was saved"));
}

#[test]
fn only_a_pending_invitation_can_be_edited() {
    let mut desk = desk();
    desk.press("g i");
    desk.serve();
    desk.press("j e");
    assert!(desk.is_refused());
    assert_eq!(desk.notice(), "The invitation has expired; i invites again");

    // One that ends while it is edited is not written to either.
    let mut desk = editing("g i");
    fill(&mut desk, "lastName", "Mine");
    desk.press("Ctrl-s");
    desk.invitations[0].status = InvitationStatus::Accepted;
    answer(&mut desk, "y");
    desk.serve();
    assert!(!desk.has_write());
    assert!(
        message(&desk).contains("was accepted"),
        "{}",
        message(&desk)
    );
}

#[test]
fn an_invitation_is_sent_again_from_what_it_was() {
    let mut desk = desk();
    desk.invitations[1].profile.suffix1 = Some("MD".into());
    desk.press("g i");
    desk.serve();
    desk.press("j i");
    assert_eq!(value(&desk, "email"), "north@example.org");
    assert_eq!(problem(&desk, "email"), "");
    let (_, invite) = send_invitation(&mut desk);
    assert_eq!(invite.profile.first_name, "Gil");
    assert_eq!(invite.profile.suffix1.as_deref(), Some("MD"));
    assert_eq!(invite.profile.clinic_role, ClinicRole::Radiologist);

    // One that is pending still is said to be.
    let mut desk = desk_on_invitations();
    desk.press("i");
    assert_eq!(
        problem(&desk, "email"),
        "Lind, Eva already has a pending invitation"
    );
}

fn desk_on_invitations() -> Desk {
    let mut desk = desk();
    desk.press("g i");
    desk.serve();
    desk
}

#[test]
fn read_only_opens_none_of_these_forms() {
    for (screen, key) in [("g p", "i"), ("g p", "e"), ("g i", "i"), ("g i", "e")] {
        let mut desk = desk();
        desk.press(screen);
        desk.serve();
        desk.press("!");
        desk.press(key);
        assert!(desk.is_refused());
        assert!(desk.notice().contains("Read-only"), "{}", desk.notice());
    }
}
