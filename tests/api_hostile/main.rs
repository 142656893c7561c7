//! The client against servers that do everything wrong. The counts are of requests that arrived.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../support/questions.rs"]
mod questions;

mod answers;
mod other_record;
mod trouble;
mod walks;

use avara_tui::api::Client;
use avara_tui::wire::*;

pub const STUDY: &str = r#"{"studyId":"stu_1234567890abcdef1234567890abcdef","studyInstanceUid":"1.2",
    "studyDescription":"CT","severity":"stat","studyViewerStatus":"incomplete","isCancelled":false}"#;

pub fn study_id() -> StudyId {
    "stu_1234567890abcdef1234567890abcdef".parse().unwrap()
}

pub fn read() -> GetStudy {
    GetStudy {
        study_id: study_id(),
    }
}

pub fn write() -> UpdateStudy {
    UpdateStudy {
        severity: Some(Severity::High),
        ..UpdateStudy::of(study_id())
    }
}

pub async fn failure<E: Endpoint + Sync>(client: &Client, call: &E) -> Failure {
    match client.call(call).await {
        Ok(_) => panic!("{} succeeded", E::INFO.name),
        Err(failure) => failure,
    }
}

/// What every endpoint comes back with, in the order of the reference; each by a client of its own, for
/// the reads of one client share what they may repeat.
pub async fn all_failures(client: impl Fn() -> Client) -> Vec<(EndpointInfo, Failure)> {
    let mut failures = Vec::new();
    for question in questions::questions() {
        let failure = (question.call)(client()).await;
        let Err(failure) = failure else {
            panic!("{} succeeded", question.info.name);
        };
        failures.push((question.info, failure));
    }
    assert_eq!(
        failures.iter().map(|(info, _)| *info).collect::<Vec<_>>(),
        ENDPOINTS
    );
    failures
}
