//! Answers about another record than the one that was asked for.

use avara_tui::wire::*;
use serde_json::{Value, json};

use super::common::{Server, json as answer};
use super::questions::{self, Question, other, questions};

fn carries(question: &Question) -> Vec<Identifier> {
    let names = question.names.iter();
    names.map(|(identifier, _)| *identifier).collect()
}

/// What each answer must carry, written down once more: an endpoint that forgets one is found.
fn expected(name: &str) -> &'static [Identifier] {
    match name {
        "studies.create" | "studies.retrieve_by_uid" => &[Identifier::StudyUid],
        "studies.retrieve" | "studies.update" => &[Identifier::StudyId],
        "users.invite" => &[Identifier::Email],
        "users.retrieve" | "users.update" => &[Identifier::UserId],
        "invitations.retrieve" | "invitations.update" => &[Identifier::InvitationId],
        _ => &[],
    }
}

#[tokio::test]
async fn no_endpoint_takes_an_answer_about_another_record() {
    let all = questions();
    let infos: Vec<EndpointInfo> = all.iter().map(|question| question.info).collect();
    assert_eq!(infos, ENDPOINTS);
    let mut refused = 0;
    for question in &all {
        let name = question.info.name;
        assert_eq!(carries(question), expected(name), "{name}");
        let right = Server::saying(answer(200, &question.answer.to_string()));
        let taken = (question.call)(right.client()).await;
        assert!(taken.is_ok(), "{name}: {taken:?}");
        for (identifier, wrong) in question.wrong_answers() {
            let is_missing = wrong[identifier.field()].is_null();
            let server = Server::saying(answer(200, &wrong.to_string()));
            let failure = (question.call)(server.client()).await.unwrap_err();
            let case = format!("{name}, {identifier}: {failure:?}");
            assert_eq!(failure.is_astray(), !is_missing, "{case}");
            assert_eq!(failure.outcome(), Outcome::Unknown, "{case}");
            // No read is repeated for it, and no write is.
            assert_eq!(server.count(), 1, "{case}");
            if is_missing {
                continue;
            }
            let sentence = failure.sentence();
            for (asked, value) in &question.names {
                assert!(*asked != identifier || sentence.contains(value), "{case}");
            }
            assert!(sentence.contains(&other(identifier)), "{case}");
            refused += 1;
        }
    }
    assert_eq!(refused, 9);
}

#[tokio::test]
async fn the_case_of_an_address_makes_no_other_record() {
    let all = questions();
    let invite = all.iter().find(|it| it.info.name == "users.invite");
    let mut user = questions::user();
    user["email"] = json!("A@Example.ORG");
    let server = Server::saying(answer(200, &user.to_string()));
    assert!((invite.unwrap().call)(server.client()).await.is_ok());
}

/// A server that ignores a list's filter sends records that nobody asked for. They are what they say they
/// are, and are taken for nothing else.
#[tokio::test]
async fn what_a_list_gives_besides_is_not_taken_for_what_was_asked() {
    let stranger = |mut record: Value, identifier: Identifier| {
        record[identifier.field()] = json!(other(identifier));
        record
    };
    let assigned = |id: UserId| {
        let mut study = questions::study();
        study["assignedTo"] = json!({"userId": id, "email": "x@example.org"});
        study
    };
    let of = |kind: &str, records: Vec<Value>| {
        let page = json!({ kind: records, "hasMore": false });
        Server::saying(answer(200, &page.to_string()))
    };

    let users = ListUsers {
        email: Some(questions::EMAIL.to_uppercase()),
        ..Default::default()
    };
    let both = vec![
        stranger(questions::user(), Identifier::Email),
        questions::user(),
    ];
    let page = of("users", both).client().call(&users).await.unwrap().value;
    let admitted: Vec<bool> = page.items.iter().map(|it| users.admits(it)).collect();
    assert_eq!(admitted, [false, true]);

    let invitations = ListInvitations {
        user_id: Some(questions::user_id()),
        ..Default::default()
    };
    let both = vec![
        stranger(questions::invitation(), Identifier::UserId),
        questions::invitation(),
    ];
    let server = of("invitations", both);
    let page = server.client().call(&invitations).await.unwrap().value;
    let admitted: Vec<bool> = page.items.iter().map(|it| invitations.admits(it)).collect();
    assert_eq!(admitted, [false, true]);

    let studies = ListStudies {
        assigned_to: Match::Is(questions::user_id()),
        ..Default::default()
    };
    let three = vec![
        questions::study(),
        assigned(UserId::from_bytes([0xee; 16])),
        assigned(questions::user_id()),
    ];
    let server = of("studies", three);
    let page = server.client().call(&studies).await.unwrap().value;
    let admitted: Vec<bool> = page.items.iter().map(|it| studies.admits(it)).collect();
    assert_eq!(admitted, [false, false, true]);
    let nobodys = ListStudies {
        assigned_to: Match::Empty,
        ..Default::default()
    };
    assert!(nobodys.admits(&page.items[0]) && !nobodys.admits(&page.items[2]));
}
