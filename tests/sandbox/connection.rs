//! Who may ask, and what answers when no endpoint does.

use std::time::{Duration, Instant};

use avara_tui::sandbox::{MAX_LATENCY, Options, Sandbox};
use avara_tui::wire::{ENDPOINTS, Method as WireMethod};
use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, Bench, STUDY, send};

#[tokio::test]
async fn only_the_key_opens() {
    let bench = Bench::start();
    let without = send(bench.bare(Method::GET, "/v1/viewer/studies")).await;
    let wrong = bench
        .bare(Method::GET, "/v1/viewer/studies")
        .header("authorization", "Bearer sandbox_wrong");
    let wrong = send(wrong).await;
    let elsewhere = send(bench.bare(Method::GET, "/nothing/here")).await;
    for answer in [&without, &wrong, &elsewhere] {
        let message = answer.refused(401, None);
        assert_eq!(message, "The API key is missing or not the sandbox's own.");
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
        assert_eq!(answer.headers["content-type"], "application/json");
    }
}

#[tokio::test]
async fn only_our_own_name_answers() {
    let bench = Bench::start();
    let port = bench.sandbox.addr().port();
    let ask = async |host: String| -> Answer {
        send(
            bench
                .request(Method::GET, "/v1/viewer/users")
                .header("host", host),
        )
        .await
    };
    for name in ["127.0.0.1", "localhost", "[::1]"] {
        ask(format!("{name}:{port}")).await.ok();
    }
    for host in ["127.0.0.1".into(), format!("attacker.example:{port}")] {
        ask(host).await.refused(421, None);
    }
}

#[tokio::test]
async fn a_web_page_gets_no_answer() {
    let bench = Bench::start();
    for origin in ["http://attacker.example", "null", &bench.sandbox.base_url()] {
        let request = bench
            .request(Method::GET, "/v1/viewer/users")
            .header("origin", origin);
        send(request).await.refused(403, None);
    }
}

#[tokio::test]
async fn an_unknown_path_and_a_wrong_method_are_told_apart() {
    let bench = Bench::start();
    bench.get("/v1/viewer/patients").await.refused(404, None);
    bench.get("/").await.refused(404, None);
    bench.get("/v1/viewer/users/%FF").await.refused(400, None);
    let delete = bench.request(Method::DELETE, &format!("/v1/viewer/studies/{STUDY}"));
    send(delete).await.refused(405, None);
    bench
        .get("/v1/viewer/studies/reroute-url")
        .await
        .refused(405, None);
}

#[tokio::test]
async fn every_endpoint_of_the_reference_is_there() {
    let bench = Bench::start();
    for endpoint in ENDPOINTS {
        let path = endpoint
            .path
            .replace("{studyId}", "nothing")
            .replace("{studyInstanceUid}", "nothing")
            .replace("{userId}", "nothing")
            .replace("{invitationId}", "nothing");
        let method = match endpoint.method {
            WireMethod::Get => Method::GET,
            WireMethod::Post => Method::POST,
            WireMethod::Patch => Method::PATCH,
        };
        let answer = send(bench.request(method, &path).body("{}")).await;
        assert!(
            matches!(answer.status, 200 | 400),
            "{}: {} {}",
            endpoint.name,
            answer.status,
            answer.text
        );
    }
}

#[tokio::test]
async fn answers_are_dated_json_that_nobody_stores() {
    let bench = Bench::start();
    let answer = bench.get("/v1/viewer/users").await;
    assert_eq!(answer.headers["content-type"], "application/json");
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert!(answer.headers["date"].to_str().unwrap().ends_with(" GMT"));
}

#[tokio::test]
async fn requests_are_counted_by_endpoint() {
    let bench = Bench::start();
    for _ in 0..3 {
        bench.get("/v1/viewer/studies?limit=1").await.ok();
    }
    bench.get(&format!("/v1/viewer/studies/{STUDY}")).await.ok();
    bench.get("/v1/viewer/users?limit=0").await;
    send(bench.bare(Method::GET, "/v1/viewer/users")).await;
    bench.get("/v1/viewer/patients").await;
    let counts = bench.get("/sandbox/requests").await.ok();
    let expected = json!({ "studies.list": 3, "studies.retrieve": 1, "users.list": 1 });
    assert_eq!(counts, expected);
    assert_eq!(bench.sandbox.requests()["studies.list"], 3);
    let without_key = send(bench.bare(Method::GET, "/sandbox/requests")).await;
    without_key.refused(401, None);
}

#[tokio::test]
async fn an_answer_waits_for_the_latency() {
    let latency = Duration::from_millis(40);
    let bench = Bench::with(Options {
        studies: 10,
        latency,
        ..Options::default()
    });
    let start = Instant::now();
    bench.get("/v1/viewer/studies").await.ok();
    // A lower bound only: a machine may be slow, the answer may not be early.
    assert!(start.elapsed() >= latency);
    let too_much = Sandbox::start(Options {
        latency: MAX_LATENCY + latency,
        ..Options::default()
    });
    let said = too_much.unwrap_err().to_string();
    assert_eq!(said, "The latency can be at most 60000 milliseconds.");
}

#[tokio::test]
async fn a_body_must_be_a_json_object_of_sane_size() {
    let bench = Bench::start();
    for body in ["", "studyId", "[]", "null", "{\"studyId\":"] {
        let request = bench.request(Method::POST, "/v1/viewer/studies/cancel");
        send(request.body(body)).await.refused(400, None);
    }
    let huge = json!({ "studyId": "x".repeat(3_000_000) });
    let answer = bench.post("/v1/viewer/studies/cancel", huge).await;
    answer.refused(413, None);
}
