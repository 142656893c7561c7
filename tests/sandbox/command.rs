//! `avara-tui sandbox` as a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use reqwest::Client;
use serde_json::Value;

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The process and its address.
fn start(arguments: &[&str]) -> (Process, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_avara-tui"))
        .args(["sandbox", "--listen", "127.0.0.1:0", "--api-key", "test"])
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut line).unwrap();
    let address = line.trim().rsplit(' ').next().unwrap().to_owned();
    (Process(child), address)
}

#[tokio::test]
async fn its_options_reach_the_server() {
    let faults = "GET /v1/viewer/users attempt=1 -> 5xx-before-apply";
    let (_process, address) = start(&[
        "--studies",
        "300",
        "--history",
        "--latency",
        "1",
        "--faults",
        faults,
    ]);
    let client = Client::builder().no_proxy().build().unwrap();
    let get = async |path: &str| {
        let request = client.get(format!("{address}{path}")).bearer_auth("test");
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        (status, body)
    };
    assert_eq!(get("/v1/viewer/users").await.0, 503);
    assert_eq!(get("/v1/viewer/users").await.0, 200);
    // {"offset":100}: of 300 studies of a history, more than 100 are routine and complete.
    let routine = "/v1/viewer/studies?severity=normal&studyViewerStatus=complete&isCancelled=false";
    let page = get(&format!("{routine}&limit=1&cursor=eyJvZmZzZXQiOjEwMH0=")).await;
    assert_eq!(page.1["studies"].as_array().unwrap().len(), 1);
    assert_eq!(get("/sandbox/requests").await.1["users.list"], 2);
}

#[test]
fn what_it_cannot_do_is_said_before_it_starts() {
    for (option, value, said) in [
        ("--faults", "rst", "no fault is called \"rst\""),
        ("--latency", "60001", "60001 is not in 0..=60000"),
        ("--listen", "0.0.0.0:0", "this computer only"),
    ] {
        let program = env!("CARGO_BIN_EXE_avara-tui");
        let done = Command::new(program)
            .args(["sandbox", option, value])
            .output()
            .unwrap();
        let text = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(2), "{text}");
        assert!(text.contains(said), "{text}");
    }
}
