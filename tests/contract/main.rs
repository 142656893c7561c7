//! The client and the sandbox have to agree, and both have to agree with the vendor: types that both
//! share could be wrong on both sides, so the vendor's shapes stand here as literal JSON too.

#![cfg(feature = "sandbox")]
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod people;
mod shapes;
mod studies;

use avara_tui::api::{Client, Connection};
use avara_tui::sandbox::{Options, Sandbox};
use avara_tui::wire::*;

/// A sandbox, and a client of it.
pub fn clinic(studies: u32) -> (Sandbox, Client) {
    let options = Options {
        studies,
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).unwrap();
    let client = Client::new(Connection {
        base_url: sandbox.base_url().parse().unwrap(),
        key: sandbox.api_key().into(),
    });
    (sandbox, client.unwrap())
}

// What the API reference uses in its examples, and every sandbox holds.
pub fn study_id() -> StudyId {
    "stu_1234567890abcdef1234567890abcdef".parse().unwrap()
}

pub fn uid() -> DicomUid {
    "1.2.840.10008.5.1.4.1.1.2".parse().unwrap()
}

pub fn user_id() -> UserId {
    "usr_1234567890abcdef1234567890abcdef".parse().unwrap()
}

pub fn invitation_id() -> InvitationId {
    "inv_1234567890abcdef1234567890abcdef".parse().unwrap()
}

pub async fn ok<E: Endpoint + Sync>(client: &Client, call: E) -> E::Response {
    match client.call(&call).await {
        Ok(answer) => {
            assert!(answer.server_time.is_some(), "{}", E::INFO.name);
            answer.value
        }
        Err(failure) => panic!("{}: {failure:?}", E::INFO.name),
    }
}

pub async fn status<E: Endpoint + Sync>(client: &Client, call: E) -> u16 {
    match client.call(&call).await {
        Ok(_) => panic!("{} succeeded", E::INFO.name),
        Err(failure) => {
            assert!(
                matches!(
                    &failure,
                    Failure::Rejected {
                        message: Some(_),
                        ..
                    }
                ),
                "{}: {failure:?}",
                E::INFO.name
            );
            failure.status().unwrap()
        }
    }
}

pub fn new_user(email: &str) -> InviteUser {
    InviteUser {
        email: email.into(),
        profile: Profile {
            first_name: "Ada".into(),
            last_name: "Example".into(),
            middle_name: Some("B".into()),
            suffix1: Some("MD".into()),
            suffix2: None,
            phone_number: Some("15555550123".into()),
            clinic_role: ClinicRole::PatientCareCoordinator,
            level: UserLevel::Member,
            can_manage_studies: true,
            has_dashboard_access: false,
        },
    }
}

#[tokio::test]
async fn without_the_right_key_nothing_is_reported() {
    let (sandbox, _client) = clinic(20);
    let client = Client::new(Connection {
        base_url: sandbox.base_url().parse().unwrap(),
        key: "wrong".into(),
    });
    let client = client.unwrap();
    assert_eq!(status(&client, ListStudies::default()).await, 401);
    assert_eq!(status(&client, new_user("b@example.org")).await, 401);
    assert_eq!(status(&client, RerouteUrl(study_id().into())).await, 401);
}
