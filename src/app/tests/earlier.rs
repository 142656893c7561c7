//! What an earlier run has left open: listed, read once, never sent again.

use super::desk::{Desk, invitation, page, user};
use crate::app::*;
use crate::resolve::{Found, Intent, SentField, address_digest};
use crate::wire::*;
use crate::worklist::testing::{NOW, study, study_id};

fn intent(number: u8, action: &str, target: impl ToString, fields: &[(&str, &str)]) -> Intent {
    Intent {
        operation: format!("{number:016x}"),
        action: action.into(),
        at: NOW - 600_000,
        targets: vec![target.to_string()],
        fields: fields
            .iter()
            .map(|(name, value)| SentField {
                name: (*name).into(),
                value: (!value.is_empty()).then(|| (*value).into()),
            })
            .collect(),
    }
}

/// A desk that begins with these, and has read what there is to read.
fn started(intents: Vec<Intent>) -> Desk {
    let mut desk = Desk::closed([study(1).stat(), study(2)]);
    desk.users
        .push(user(9, "Ada", "Lovelace", ClinicRole::Radiologist));
    desk.invitations.push(invitation(8, "Noa", "Bell", 24));
    desk.model.inherit(Ok(intents));
    let effects = start(&mut desk.model);
    desk.note(effects);
    let writes = desk
        .calls
        .iter()
        .filter(|(_, call)| call.is_write())
        .count();
    assert_eq!(writes, 0, "nothing is sent again");
    desk.serve();
    assert!(!desk.has_write(), "nothing is sent again");
    desk
}

fn recorded(desk: &Desk) -> Vec<(String, Found)> {
    let told = |effect: &Effect| match effect {
        Effect::RecordOutcome { target, found } => Some((target.clone(), *found)),
        _ => None,
    };
    desk.effects.iter().filter_map(told).collect()
}

fn told(desk: &Desk) -> Vec<String> {
    let events = desk.model.kernel.history.events();
    events.map(|event| event.text.to_string()).collect()
}

#[test]
fn each_is_listed_and_judged_by_what_its_record_shows() {
    let noa = address_digest(&format!("{:016x}", 6), "bell@example.org");
    for (open, words, found) in [
        (
            intent(1, "studies.update", study_id(1), &[("severity", "stat")]),
            "it was done",
            Some(Found::Done),
        ),
        (
            intent(2, "studies.update", study_id(1), &[("severity", "high")]),
            "something else",
            Some(Found::Otherwise),
        ),
        (
            intent(3, "studies.cancel", study_id(2), &[]),
            "something else",
            Some(Found::Otherwise),
        ),
        (
            intent(4, "studies.create", "2.25.77", &[]),
            "it was not done",
            Some(Found::NotDone),
        ),
        (
            intent(
                5,
                "studies.update",
                study_id(2),
                &[("studyDescription", "")],
            ),
            "outcome unknown",
            None,
        ),
        (
            intent(6, "users.invite", noa, &[]),
            "it was done",
            Some(Found::Done),
        ),
        (
            intent(7, "users.invite", "email:0000000000000000", &[]),
            "it was not done",
            Some(Found::NotDone),
        ),
        (
            intent(8, "users.revoke_access", UserId::from_bytes([9; 16]), &[]),
            "does not show",
            None,
        ),
        (
            intent(
                9,
                "invitations.revoke",
                InvitationId::from_bytes([8; 16]),
                &[],
            ),
            "something else",
            Some(Found::Otherwise),
        ),
        (
            intent(
                10,
                "users.update",
                UserId::from_bytes([9; 16]),
                &[("level", "member")],
            ),
            "it was done",
            Some(Found::Done),
        ),
    ] {
        let operation = open.operation.clone();
        let mut desk = started(vec![open]);
        let lines = told(&desk);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains(words), "{words}: {lines:?}");
        assert!(
            desk.notice().starts_with("1 change from an earlier run"),
            "{}",
            desk.notice()
        );
        let known: Vec<_> = found
            .map(|found| (operation.clone(), found))
            .into_iter()
            .collect();
        assert_eq!(recorded(&desk), known, "{words}");
        // What no read can judge is over once a person has seen it.
        desk.press("@");
        let last = (operation, found.unwrap_or(Found::Told));
        assert_eq!(recorded(&desk), [last], "{words}");
    }
}

#[test]
fn each_record_is_read_once_and_offline_everything_stays_open() {
    let open: Vec<Intent> = (1..=5)
        .map(|n| intent(n, "studies.update", study_id(1), &[("severity", "stat")]))
        .collect();
    let desk = started(open.clone());
    assert_eq!(told(&desk).len(), 5);
    assert_eq!(recorded(&desk).len(), 5);

    let mut desk = Desk::closed([study(1)]);
    desk.model.inherit(Ok(open));
    let effects = start(&mut desk.model);
    desk.note(effects);
    let reads: Vec<Ticket> = (desk.calls.iter())
        .filter(|(_, call)| matches!(call, Call::GetStudy(_)))
        .map(|(ticket, _)| *ticket)
        .collect();
    assert_eq!(reads.len(), 1);
    desk.reply(reads[0], Err(Failure::TimedOut));
    assert_eq!(told(&desk).len(), 5);
    assert_eq!(recorded(&desk), []);
}

#[test]
fn what_may_still_come_is_left_open() {
    let mut late = intent(1, "studies.create", "2.25.77", &[]);
    late.at = NOW - 5_000;
    let desk = started(vec![late]);
    assert!(told(&desk)[0].contains("not there yet"));
    assert_eq!(recorded(&desk), []);
    let _ = page::<Study>(Vec::new());
}
