//! Refusals, redirects, storms and broken connections: what is sent again, and what never is.

use std::io::Write;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use avara_tui::wire::*;

use super::common::{Server, client_of, json, read_request, response};
use super::{STUDY, all_failures, failure, read, study_id, write};

#[tokio::test]
async fn a_request_carries_the_key_and_says_who_asks() {
    let server = Server::saying(json(200, STUDY));
    server.client().call(&write()).await.unwrap();
    let request = server.requests().remove(0);
    let path = format!("PATCH /v1/viewer/studies/{} HTTP/1.1\r\n", study_id());
    assert!(request.starts_with(&path), "{request}");
    for line in [
        "authorization: Bearer test-key",
        "accept: application/json",
        "content-type: application/json",
        concat!("user-agent: avara-tui/", env!("CARGO_PKG_VERSION")),
    ] {
        assert!(
            request.lines().any(|found| found == line),
            "{line} in {request}"
        );
    }
    assert!(
        request.ends_with("\r\n\r\n{\"severity\":\"high\"}"),
        "{request}"
    );
}

#[tokio::test]
async fn the_servers_clock_comes_with_the_answer() {
    let date = [("date", "Sun, 06 Nov 1994 08:49:37 GMT")];
    let server = Server::saying(response(200, &date, STUDY));
    let answer = server.client().call(&read()).await.unwrap();
    assert_eq!(
        answer.server_time.unwrap().to_rfc3339(),
        "1994-11-06T08:49:37+00:00"
    );
}

#[tokio::test]
async fn localhost_by_name_is_this_computer() {
    let server = Server::saying(json(200, STUDY));
    let client = client_of(&format!("http://localhost:{}", server.address.port()));
    assert!(client.call(&read()).await.is_ok());
}

#[tokio::test]
async fn a_wrong_key_is_told_once_with_the_servers_words() {
    let server = Server::saying(json(401, r#"{"error":{"message":"Invalid API key"}}"#));
    let failure = failure(&server.client(), &read()).await;
    assert!(failure.is_auth());
    assert!(
        failure.sentence().contains("Invalid API key"),
        "{failure:?}"
    );
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn no_endpoint_follows_a_redirect() {
    let trap = TcpListener::bind("127.0.0.1:0").unwrap();
    trap.set_nonblocking(true).unwrap();
    let target = format!("http://{}/", trap.local_addr().unwrap());
    for status in [301, 302, 303, 307, 308] {
        let server = Server::saying(response(status, &[("location", &target)], ""));
        let client = || server.client().with_timeout(Duration::from_millis(500));
        for (info, failure) in all_failures(client).await {
            assert_eq!(failure, Failure::Redirected { status }, "{}", info.name);
        }
        assert_eq!(server.count(), ENDPOINTS.len());
    }
    assert_eq!(
        trap.accept().unwrap_err().kind(),
        std::io::ErrorKind::WouldBlock
    );
}

#[tokio::test]
async fn a_server_in_trouble_gets_each_read_thrice_and_each_write_once() {
    for answer in [
        json(503, "{}"),
        json(500, ""),
        json(429, "{}"),
        json(408, "{}"),
        String::new(),
    ] {
        let server = Server::saying(answer);
        all_failures(|| server.client()).await;
        let requests = server.requests();
        let mut rest = requests.iter();
        for info in ENDPOINTS {
            let times = if info.class == CallClass::Read { 3 } else { 1 };
            let sent: Vec<&String> = rest.by_ref().take(times).collect();
            let first_line = sent[0].lines().next();
            assert!(
                sent.iter()
                    .all(|request| request.lines().next() == first_line),
                "{sent:?}"
            );
        }
        assert_eq!(rest.next(), None);
    }
}

#[tokio::test]
async fn a_refusal_is_final() {
    for status in [400, 401, 403, 404, 409, 422] {
        let server = Server::saying(json(status, "{}"));
        all_failures(|| server.client()).await;
        assert_eq!(server.count(), ENDPOINTS.len(), "{status}");
    }
}

#[tokio::test]
async fn a_read_survives_a_short_trouble() {
    let server = Server::saying_in_turn(vec![json(503, "{}"), String::new(), json(200, STUDY)]);
    assert!(server.client().call(&read()).await.is_ok());
    assert_eq!(server.count(), 3);
}

#[tokio::test]
async fn a_dropped_write_may_have_happened_and_is_sent_once() {
    let server = Server::saying("");
    let failure = failure(&server.client(), &write()).await;
    let reason = "the server closed the connection without an answer".to_owned();
    assert_eq!(failure, Failure::Interrupted { reason });
    assert_eq!(failure.outcome(), Outcome::Unknown);
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn where_nobody_listens_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = client_of(&format!("http://{}", listener.local_addr().unwrap()));
    drop(listener);
    let failure = failure(&client, &write()).await;
    let reason = "connection refused".to_owned();
    assert_eq!(failure, Failure::Unreachable { reason });
    assert_eq!(failure.outcome(), Outcome::NotApplied);
}

#[tokio::test]
async fn a_silent_or_dripping_server_runs_into_the_timeout() {
    let silent = Server::start(|_, _| std::thread::sleep(Duration::from_secs(2)));
    let dripping = Server::start(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n");
        while stream.write_all(b" ").is_ok() {
            std::thread::sleep(Duration::from_millis(10));
        }
    });
    for server in [silent, dripping] {
        let client = server.client().with_timeout(Duration::from_millis(150));
        assert_eq!(failure(&client, &write()).await, Failure::TimedOut);
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn an_asked_wait_is_kept_if_short_and_handed_on_if_long() {
    let wait = [("retry-after-ms", "30")];
    let server = Server::saying_in_turn(vec![response(429, &wait, "{}"), json(200, STUDY)]);
    let start = std::time::Instant::now();
    assert!(server.client().call(&read()).await.is_ok());
    assert!(start.elapsed() >= Duration::from_millis(30));

    let server = Server::saying(response(429, &[("retry-after", "120")], "{}"));
    let Failure::Rejected { retry_after, .. } = failure(&server.client(), &read()).await else {
        panic!("not a rejection");
    };
    assert_eq!(retry_after, Some(Duration::from_secs(120)));
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn the_servers_no_is_obeyed_and_its_yes_moves_no_write() {
    let server = Server::saying(response(503, &[("x-should-retry", "false")], "{}"));
    all_failures(|| server.client()).await;
    assert_eq!(server.count(), ENDPOINTS.len());

    let server = Server::saying(response(503, &[("x-should-retry", "true")], "{}"));
    failure(&server.client(), &write()).await;
    assert_eq!(server.count(), 1);
}

/// A server that keeps connections open, but closes one that is used a second time, without an answer: as
/// one does that has just given it up for being idle.
fn one_answer_a_connection() -> (Server, Arc<AtomicU64>) {
    let dropped = Arc::new(AtomicU64::new(0));
    let counter = dropped.clone();
    let server = Server::start(move |_, stream| {
        let length = STUDY.len();
        let kept = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{STUDY}");
        let _ = stream.write_all(kept.as_bytes());
        let mut stream = stream.try_clone().unwrap();
        let counter = counter.clone();
        std::thread::spawn(move || {
            if !read_request(&mut stream).is_empty() {
                counter.fetch_add(1, Ordering::Relaxed);
            }
            let _ = stream.shutdown(std::net::Shutdown::Both);
        });
    });
    (server, dropped)
}

#[tokio::test]
async fn no_write_is_lost_on_a_connection_that_the_server_gives_up() {
    const WRITES: usize = 200;
    let (server, dropped) = one_answer_a_connection();
    let client = server.client();
    // A read leaves a connection open that a write could be tempted by.
    client.call(&read()).await.unwrap();
    let mut failed = 0;
    for _ in 0..WRITES {
        failed += usize::from(client.call(&write()).await.is_err());
    }
    println!(
        "{WRITES} writes, {failed} failed (bound {:.3})",
        3.0 / WRITES as f64
    );
    assert_eq!((failed, dropped.load(Ordering::Relaxed)), (0, 0));
    // The planted defect: reads do use connections again, meet it, and are repeated.
    client.call(&read()).await.unwrap();
    client.call(&read()).await.unwrap();
    assert!(dropped.load(Ordering::Relaxed) > 0);
}
