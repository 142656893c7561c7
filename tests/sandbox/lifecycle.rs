//! Starting, stopping, coming back, and the clinic that lives meanwhile.

use std::time::{Duration, Instant};

use avara_tui::sandbox::{Options, Sandbox};
use serde_json::json;

use crate::support::{Bench, CUSTOMER, INVITATION, STUDY, USER};

const STUDIES: &str = "/v1/viewer/studies";

fn refusal(options: Options) -> String {
    Sandbox::start(options).unwrap_err().to_string()
}

#[test]
fn what_cannot_start_says_why() {
    let running = Sandbox::start(Options::default()).unwrap();
    let message = refusal(Options {
        listen: running.addr(),
        ..Options::default()
    });
    let port = running.addr().port();
    assert!(
        message.contains(&format!("Port {port} is in use")),
        "{message}"
    );
    let message = refusal(Options {
        listen: "0.0.0.0:0".parse().unwrap(),
        ..Options::default()
    });
    assert!(message.contains("this machine only"), "{message}");
    for key in ["", " ", "two words", "schlüssel", "line\nbreak"] {
        let message = refusal(Options {
            api_key: Some(key.into()),
            ..Options::default()
        });
        assert!(message.contains("API key"), "{message}");
    }
    for arrivals_per_hour in [-1.0, f64::NAN, f64::INFINITY] {
        let message = refusal(Options {
            arrivals_per_hour,
            ..Options::default()
        });
        assert!(message.contains("Arrivals"), "{message}");
    }
}

#[test]
fn it_stops_soon_even_while_somebody_is_connected() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let silent = std::net::TcpStream::connect(sandbox.addr()).unwrap();
    let started = Instant::now();
    let addr = sandbox.addr();
    sandbox.stop();
    assert!(started.elapsed() < Duration::from_secs(2));
    assert!(std::net::TcpStream::connect(addr).is_err());
    drop(silent);
}

#[test]
fn keys_are_random_and_the_debug_form_hides_them() {
    let (a, b) = (
        Sandbox::start(Options::default()).unwrap(),
        Sandbox::start(Options::default()).unwrap(),
    );
    assert_ne!(a.api_key(), b.api_key());
    assert!(!format!("{a:?}").contains(a.api_key()));
}

#[tokio::test]
async fn the_operator_is_a_coordinator() {
    let bench = Bench::start();
    let me = bench.sandbox.me().unwrap();
    let user = bench.get(&format!("/v1/viewer/users/{me}")).await.ok();
    assert_eq!(user["clinicRole"], "Patient Care Coordinator");
}

#[tokio::test]
async fn an_empty_sandbox_has_people_but_no_work() {
    let bench = Bench::with(Options {
        empty: true,
        ..Options::default()
    });
    assert_eq!(bench.get(STUDIES).await.ok()["studies"], json!([]));
    let invitations = bench.get("/v1/viewer/users/invitations").await.ok();
    assert_eq!(invitations["invitations"], json!([]));
    bench.get(&format!("/v1/viewer/users/{USER}")).await.ok();
    let body = json!({
        "severity": "stat", "studyDescription": "CT Head", "studyInstanceUid": "1.2",
        "expressCustomerId": CUSTOMER
    });
    bench.post(STUDIES, body).await.ok();
}

#[tokio::test]
async fn a_database_comes_back_as_it_was_left() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options {
        db: Some(dir.path().join("sandbox.db")),
        api_key: Some("the-same-key".into()),
        studies: 60,
        ..Options::default()
    };
    let bench = Bench::with(options.clone());
    let study = format!("{STUDIES}/{STUDY}");
    let user = format!("/v1/viewer/users/{USER}");
    let invitation = format!("/v1/viewer/users/invitations/{INVITATION}");
    bench
        .patch(&study, json!({ "severity": "stat", "assignedTo": USER }))
        .await
        .ok();
    bench.patch(&user, json!({ "suffix2": "FACR" })).await.ok();
    bench
        .post("/v1/viewer/users/revoke-access", json!({ "userId": USER }))
        .await
        .ok();
    bench
        .post(
            "/v1/viewer/users/invitations/revoke",
            json!({ "invitationId": INVITATION }),
        )
        .await
        .ok();
    let paths = [
        &study,
        &user,
        &invitation,
        "/v1/viewer/studies?limit=100",
        "/v1/viewer/studies?severity=stat",
        "/v1/viewer/users?limit=100",
        "/v1/viewer/users/invitations?limit=100",
    ];
    let mut before = Vec::new();
    for path in paths {
        before.push(bench.get(path).await.ok());
    }
    let in_use = refusal(options.clone());
    assert!(in_use.contains("is in use by another program"), "{in_use}");
    bench.sandbox.stop();

    let bench = Bench::with(Options {
        seed: 99,
        studies: 5,
        ..options
    });
    for (path, before) in paths.iter().zip(before) {
        assert_eq!(bench.get(path).await.ok(), before, "{path}");
    }
    // The revocation, which no answer shows, is there too.
    let other = json!({ "severity": "stat", "studyDescription": "CT", "studyInstanceUid": "1.2",
        "assignedTo": USER });
    bench
        .post(STUDIES, other)
        .await
        .refused(400, Some("assignedTo"));
}

#[tokio::test]
async fn patients_arrive_while_it_runs() {
    let bench = Bench::with(Options {
        studies: 10,
        arrivals_per_hour: 360_000.0,
        ..Options::default()
    });
    let deadline = Instant::now() + Duration::from_secs(20);
    let mut studies = Vec::new();
    while studies.len() < 30 && Instant::now() < deadline {
        studies = bench.walk(&format!("{STUDIES}?limit=100"), "studies").await;
    }
    assert!(studies.len() >= 30, "{}", studies.len());
    for study in &studies[10..] {
        assert_eq!(study["studyViewerStatus"], "incomplete");
        let uid = study["studyInstanceUid"].as_str().unwrap();
        assert!(uid.starts_with("2.25."), "{uid}");
    }
}
