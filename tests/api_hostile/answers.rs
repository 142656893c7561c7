//! Answers that are too large, cut off, or none at all.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use avara_tui::api::BODY_LIMIT;
use avara_tui::wire::*;

use super::common::{Server, json, response};
use super::{STUDY, failure, read, study_id, write};

#[tokio::test]
async fn a_login_page_is_no_answer() {
    let html = [("content-type", "text/html; charset=utf-8")];
    let server = Server::saying(response(
        200,
        &html,
        "<!doctype html><h1>Welcome to our Wi-Fi</h1>",
    ));
    let reason = "the answer is text/html, not JSON".to_owned();
    assert_eq!(
        failure(&server.client(), &read()).await,
        Failure::Unreadable { reason }
    );
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn an_empty_answer_is_no_answer() {
    let server = Server::saying("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
    let reason = "the answer is empty".to_owned();
    assert_eq!(
        failure(&server.client(), &write()).await,
        Failure::Unreadable { reason }
    );
}

#[tokio::test]
async fn an_endless_body_is_cut_off() {
    let sent = Arc::new(AtomicU64::new(0));
    let counter = sent.clone();
    let server = Server::start(move |_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        let chunk = [b"10000\r\n".as_slice(), &[b' '; 0x10000], b"\r\n"].concat();
        while counter.load(Ordering::Relaxed) < 5 << 30 && stream.write_all(&chunk).is_ok() {
            counter.fetch_add(0x10000, Ordering::Relaxed);
        }
    });
    let failure = failure(&server.client(), &read()).await;
    assert_eq!(failure, Failure::TooLarge { limit: BODY_LIMIT });
    assert_eq!(server.count(), 1);
    // What the sockets buffer comes on top.
    assert!(sent.load(Ordering::Relaxed) < BODY_LIMIT + (16 << 20));
}

#[tokio::test]
async fn an_announced_giant_is_refused_unread() {
    let server = Server::start(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5368709120\r\n\r\n");
        std::thread::sleep(Duration::from_secs(2));
    });
    let client = server.client().with_timeout(Duration::from_secs(1));
    assert_eq!(
        failure(&client, &read()).await,
        Failure::TooLarge { limit: BODY_LIMIT }
    );
}

#[tokio::test]
async fn half_an_answer_is_told_from_a_wrong_one() {
    let cut = format!("HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{STUDY}");
    let server = Server::saying(cut);
    let broken = failure(&server.client(), &read()).await;
    assert!(matches!(broken, Failure::Interrupted { .. }), "{broken:?}");
    assert_eq!(server.count(), 3);

    let server = Server::saying(json(200, &STUDY[..40]));
    let wrong = failure(&server.client(), &read()).await;
    assert!(matches!(wrong, Failure::Unreadable { .. }), "{wrong:?}");
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn garbage_instead_of_http_is_an_error_and_no_crash() {
    for garbage in [
        "SSH-2.0-OpenSSH_9.6\r\n",
        "\0\0\0\0",
        "HTTP/9.9 200 OK\r\n\r\n",
        "HTTP/1.1 999999 x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nbroken header\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}",
    ] {
        let server = Server::saying(garbage);
        let failure = failure(&server.client(), &write()).await;
        assert!(
            matches!(failure, Failure::Interrupted { .. }),
            "{garbage:?}: {failure:?}"
        );
        assert!(!failure.sentence().contains("127.0.0.1"), "{failure:?}");
        // The chunks come after a head that is HTTP.
        let is_known = failure.sentence().ends_with("the answer is not HTTP");
        assert_eq!(is_known, !garbage.contains("chunked"), "{failure:?}");
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn deep_nesting_neither_crashes_nor_hides_the_record_around_it() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let page = format!(
        r#"{{"studies":[{},{deep}],"hasMore":false}}"#,
        with_field(&deep)
    );
    for (status, body) in [
        (200, deep.as_str()),
        (400, deep.as_str()),
        (200, &deep[..100_000]),
    ] {
        let server = Server::saying(json(status, body));
        failure(&server.client(), &read()).await;
    }
    let server = Server::saying(json(200, &page));
    let answer = server.client().call(&ListStudies::default()).await.unwrap();
    assert_eq!(
        (answer.value.items.len(), answer.value.unreadable.len()),
        (1, 1)
    );
}

/// The study with an unknown field of this value.
fn with_field(value: &str) -> String {
    STUDY.replacen('{', &format!("{{\"new\":{value},"), 1)
}

#[tokio::test]
async fn success_false_is_a_failure() {
    let server = Server::saying(json(
        200,
        r#"{"success":false,"message":"Already cancelled"}"#,
    ));
    let cancel = CancelStudy(study_id().into());
    let message = Some("Already cancelled".to_owned());
    assert_eq!(
        failure(&server.client(), &cancel).await,
        Failure::Unsuccessful { message }
    );
    let server = Server::saying(json(200, r#"{"success":true}"#));
    assert!(server.client().call(&cancel).await.is_ok());
}
