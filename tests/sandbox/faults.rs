//! Each fault does what its name says, down to the bytes, and the ledger tells what was applied.

use std::io::ErrorKind;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use avara_tui::sandbox::{Fault, Faults, Options, RetryAfter, Sandbox};
use reqwest::Client;
use serde_json::{Value, json};

use crate::ledger::{USERS, effects, invitation, sandbox};
use crate::raw::{End, Raw, starts, whole};
use crate::support::{Bench, STUDY, USER};

/// Sends one invitation, and returns what came back.
fn invite(sandbox: &Sandbox, operation: &str) -> (Vec<u8>, End) {
    let body = invitation(&format!("{operation}@example.org")).to_string();
    let mut raw = Raw::connect(sandbox);
    raw.send("POST", USERS, operation, &body);
    raw.read()
}

fn wait_for(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !condition() {
        assert!(Instant::now() < deadline, "{what} did not happen");
        std::thread::yield_now();
    }
}

/// What an invitation that suffers a fault must look like from the socket.
fn is_as_named(fault: Fault, data: &[u8], end: End) -> bool {
    let text = String::from_utf8_lossy(data);
    match fault {
        Fault::Refuse
        | Fault::ResetMidRequest
        | Fault::ResetBeforeApply
        | Fault::ResetAfterApply => data.is_empty() && end == End::Reset,
        Fault::TlsAbort => data == [21, 3, 3, 0, 2, 2, 40],
        Fault::CutStatusLine => text == "HTTP/1.1 2" && end == End::Closed,
        Fault::CutHeaders => {
            text.starts_with("HTTP/1.1 200 OK\r\n")
                && text.len() == "HTTP/1.1 200 OK\r\n".len() + 5
                && end == End::Closed
        }
        Fault::CutBody => {
            let (head, body) = text.split_once("\r\n\r\n").unwrap();
            let head = head.to_lowercase();
            let length = head.split("content-length: ").nth(1).unwrap();
            let length: usize = length.lines().next().unwrap().parse().unwrap();
            body.len() == length / 2
                && body.starts_with('{')
                && serde_json::from_str::<Value>(body).is_err()
                && end == End::Closed
        }
        Fault::DelayAfterApply | Fault::LateApply => whole(data).1["userId"].is_string(),
        Fault::ErrorBeforeApply => starts(data, "503"),
        Fault::ErrorAfterApply => starts(data, "502"),
        Fault::TooMany(_) => starts(data, "429") && whole(data).0.contains("retry-after: "),
        Fault::ConflictAfterApply => starts(data, "409"),
        Fault::Unsuccessful => starts(data, "200") && whole(data).1["success"] == false,
        Fault::Html => {
            starts(data, "200") && text.contains("text/html") && text.contains("<!doctype html>")
        }
        Fault::Unauthorized => starts(data, "401"),
        Fault::Forbidden => starts(data, "403"),
    }
}

#[test]
fn every_fault_is_what_its_name_says() {
    let sandbox = sandbox("");
    for (number, fault) in Fault::ALL.into_iter().enumerate() {
        let name = format!("{fault}-{number}");
        // A share, and not a plan: a refusal that is planned is never a request.
        let spec = format!("{fault}:0.999999999;delay=20;down=1");
        sandbox.set_faults(spec.parse().unwrap());
        let (data, end) = invite(&sandbox, &name);
        let text = String::from_utf8_lossy(&data).into_owned();
        assert!(is_as_named(fault, &data, end), "{fault}: {end:?} {text:?}");
        sandbox.set_faults(Faults::default());
        let applied = effects(&sandbox, &name).len();
        assert_eq!(applied, usize::from(fault.applies()), "{fault}");
        // What comes next is well again.
        let (data, _) = invite(&sandbox, &format!("after-{name}"));
        assert!(starts(&data, "200"), "{fault}: {data:?}");
    }
}

#[test]
fn a_plan_picks_the_requests_that_it_names() {
    let plan =
        "PATCH /v1/viewer/studies/ attempt=2 -> 5xx-after-apply; POST /v1/viewer/users -> html";
    let sandbox = sandbox(plan);
    let patch = |operation: &str, severity: &str| {
        let mut raw = Raw::connect(&sandbox);
        let body = json!({ "severity": severity }).to_string();
        let path = format!("/v1/viewer/studies/{STUDY}");
        raw.send("PATCH", &path, operation, &body);
        raw.read().0
    };
    assert!(starts(&patch("one", "high"), "200"));
    assert!(starts(&patch("two", "stat"), "502"));
    assert!(starts(&patch("three", "normal"), "200"));
    let [first] = &effects(&sandbox, "two")[..] else {
        panic!("one effect");
    };
    assert_eq!(
        (first.method.as_str(), first.target.as_str()),
        ("PATCH", STUDY)
    );
    assert_eq!(first.path, format!("/v1/viewer/studies/{STUDY}"));
    let severity = |record: &Option<Value>| record.as_ref().unwrap()["severity"].clone();
    assert_eq!(severity(&first.before), "high");
    assert_eq!(severity(&first.after), "stat");
    for operation in ["four", "five"] {
        assert!(starts(&invite(&sandbox, operation).0, "200"));
        assert_eq!(effects(&sandbox, operation), []);
    }
}

#[test]
fn a_reset_in_the_middle_does_not_wait_for_the_rest() {
    let sandbox = sandbox("rst-mid-request");
    let mut raw = Raw::connect(&sandbox);
    raw.send_part("POST", USERS, "half", "{\"email\":", 5000);
    assert_eq!(raw.read(), (vec![], End::Reset));
    assert_eq!(sandbox.ledger().unwrap(), []);
}

#[test]
fn what_is_delayed_is_applied_before_anybody_hears_of_it() {
    let sandbox = sandbox("delay-after-apply;delay=600000");
    let mut raw = Raw::connect(&sandbox);
    raw.send(
        "POST",
        USERS,
        "early",
        &invitation("early@example.org").to_string(),
    );
    wait_for("the effect", || effects(&sandbox, "early").len() == 1);
    assert!(raw.is_silent());
}

#[test]
fn what_is_late_is_applied_though_nobody_waits() {
    let sandbox = sandbox("");
    // So late that nothing can have happened yet, then so late that the caller is gone.
    for (operation, delay, count) in [("never", 600_000, 0), ("late", 150, 1)] {
        let faults = format!("late-apply;delay={delay}");
        sandbox.set_faults(faults.parse().unwrap());
        let asked = || sandbox.requests().get("users.invite").copied();
        let before = asked();
        let mut raw = Raw::connect(&sandbox);
        let body = invitation(&format!("{operation}@example.org"));
        raw.send("POST", USERS, operation, &body.to_string());
        wait_for("the request", || asked() > before);
        assert!(raw.is_silent() || count == 1);
        drop(raw);
        wait_for("the effect", || effects(&sandbox, operation).len() == count);
    }
    assert_eq!(effects(&sandbox, "never"), []);
}

fn is_refused(sandbox: &Sandbox) -> bool {
    match TcpStream::connect(sandbox.addr()) {
        Ok(_) => false,
        Err(error) => error.kind() == ErrorKind::ConnectionRefused,
    }
}

#[tokio::test]
async fn an_outage_is_switched_on_and_off() {
    let sandbox = sandbox("");
    let ask = async || {
        let client = Client::builder().no_proxy().build().unwrap();
        let url = format!("{}{USERS}?limit=1", sandbox.base_url());
        let request = client.get(url).bearer_auth(sandbox.api_key());
        request.send().await.map(|answer| answer.status().as_u16())
    };
    assert_eq!(ask().await.unwrap(), 200);
    let mut idle = Raw::connect(&sandbox);
    for _ in 0..3 {
        sandbox.set_faults("refuse".parse().unwrap());
        assert!(is_refused(&sandbox));
        assert!(ask().await.unwrap_err().is_connect());
        sandbox.set_faults(Faults::default());
        assert_eq!(ask().await.unwrap(), 200);
    }
    let (data, _) = idle.read();
    assert_eq!(
        data, b"",
        "a connection that was open before is open no more"
    );
}

#[test]
fn a_refusal_can_be_planned() {
    let sandbox = sandbox("POST /v1/viewer/users attempt=2 -> refuse; down=600000");
    let (data, _) = invite(&sandbox, "one");
    assert!(starts(&data, "200") && whole(&data).0.contains("connection: close"));
    assert!(is_refused(&sandbox));
    sandbox.set_faults("POST / attempt=1 -> refuse;down=1".parse().unwrap());
    wait_for("the port", || !is_refused(&sandbox));
    assert!(starts(&invite(&sandbox, "two").0, "200"));
}

#[test]
fn retry_after_comes_in_every_form() {
    let sandbox = sandbox("");
    let mut seen = Vec::new();
    for retry_after in RetryAfter::ALL {
        let fault = Fault::TooMany(Some(retry_after));
        sandbox.set_faults(fault.to_string().parse().unwrap());
        let (data, _) = invite(&sandbox, "many");
        let (head, _) = whole(&data);
        let value = head.split("retry-after: ").nth(1).unwrap();
        seen.push(value.lines().next().unwrap().to_owned());
    }
    assert_eq!(seen[..3], ["0", "1", "120"]);
    assert!(seen[3].ends_with(" gmt") && seen[4].ends_with(" gmt"));
    let [past, future] = [&seen[3], &seen[4]].map(|text| {
        let time = chrono::NaiveDateTime::parse_from_str(text, "%a, %d %b %Y %H:%M:%S gmt");
        time.unwrap().and_utc()
    });
    let now = chrono::Utc::now();
    assert!(past < now && now < future);
    assert_eq!(seen[5], "soon");
}

#[tokio::test]
async fn a_seed_repeats_its_faults_exactly() {
    let faults = "5xx-before-apply:0.2,429:0.2,html:0.1,409-after-apply:0.1;only=reads;seed=11";
    let mut runs = Vec::new();
    for _ in 0..2 {
        let bench = Bench::with(Options {
            studies: 10,
            faults: faults.parse().unwrap(),
            ..Options::default()
        });
        let mut run = Vec::new();
        for _ in 0..200 {
            let answer = bench.get(&format!("{USERS}/{USER}")).await;
            let retry_after = answer.headers.get("retry-after").is_some();
            run.push((answer.status, retry_after, answer.text.len()));
        }
        runs.push(run);
    }
    // A date of a 429 is the clock's, but its length is not.
    assert_eq!(runs[0], runs[1]);
    let well = runs[0].iter().filter(|(status, ..)| *status == 200).count();
    assert!((90..150).contains(&well), "{well} of 200, seed 11");
}
