//! What was acknowledged survives a kill in the middle of writing.

use std::path::Path;
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use avara_tui::sandbox::{Options, Sandbox};
use reqwest::Client;
use serde_json::{Value, json};

use crate::support::Bench;

const STUDIES: &str = "/v1/viewer/studies";
const KEY: &str = "durability";
/// Names the directory in which [`a_process_to_kill`] serves.
const DIRECTORY: &str = "SANDBOX_TEST_DIRECTORY";
const ENOUGH: usize = 60;

fn options(directory: &Path) -> Options {
    Options {
        db: Some(directory.join("sandbox.db")),
        api_key: Some(KEY.into()),
        studies: 20,
        ..Options::default()
    }
}

/// Not a test by itself: the next one runs it in a process of its own.
#[test]
fn a_process_to_kill() {
    let Ok(directory) = std::env::var(DIRECTORY) else {
        return;
    };
    let directory = Path::new(&directory);
    let sandbox = Sandbox::start(options(directory)).unwrap();
    // Renamed into place, so that nobody reads half an address.
    std::fs::write(directory.join("address.new"), sandbox.base_url()).unwrap();
    std::fs::rename(directory.join("address.new"), directory.join("address")).unwrap();
    loop {
        std::thread::park();
    }
}

fn serve(directory: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "durability::a_process_to_kill"])
        .env(DIRECTORY, directory)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap()
}

/// Where the child serves, once it does.
fn address(directory: &Path) -> Option<String> {
    let deadline = Instant::now() + Duration::from_secs(30);
    while Instant::now() < deadline {
        if let Ok(address) = std::fs::read_to_string(directory.join("address")) {
            return Some(address);
        }
        std::thread::yield_now();
    }
    None
}

/// Creates and completes studies until the server is gone. Returns what was acknowledged.
async fn write(client: Client, base: String, worker: usize, total: Arc<AtomicUsize>) -> Vec<Value> {
    let mut acknowledged = Vec::new();
    for number in 1.. {
        let body = json!({ "severity": "stat", "studyDescription": "CT Head",
            "studyInstanceUid": format!("1.2.{worker}.{number}") });
        let made = client.post(format!("{base}{STUDIES}")).bearer_auth(KEY);
        let Ok(made) = made.body(body.to_string()).send().await else {
            break;
        };
        let Ok(text) = made.text().await else { break };
        let study: Value = serde_json::from_str(&text).unwrap();
        let path = format!("{base}{STUDIES}/{}", study["studyId"].as_str().unwrap());
        acknowledged.push(study);
        let patch = client.patch(path).bearer_auth(KEY);
        let patch = patch.body(r#"{"studyViewerStatus":"complete"}"#);
        let Ok(patched) = patch.send().await else {
            break;
        };
        let Ok(text) = patched.text().await else {
            break;
        };
        acknowledged.pop();
        acknowledged.push(serde_json::from_str(&text).unwrap());
        total.fetch_add(1, Ordering::Relaxed);
    }
    acknowledged
}

#[tokio::test]
async fn a_kill_loses_nothing_that_was_acknowledged() {
    let directory = tempfile::tempdir().unwrap();
    let mut child = serve(directory.path());
    let base = address(directory.path());
    if base.is_none() {
        child.kill().unwrap();
    }
    let base = base.unwrap_or_else(|| panic!("the child does not serve: {:?}", child.wait()));
    let client = Client::builder().no_proxy().build().unwrap();
    let total = Arc::new(AtomicUsize::new(0));
    let writers: Vec<_> = (1..=4)
        .map(|worker| {
            let writer = write(client.clone(), base.clone(), worker, Arc::clone(&total));
            tokio::spawn(writer)
        })
        .collect();
    while total.load(Ordering::Relaxed) < ENOUGH && writers.iter().any(|it| !it.is_finished()) {
        tokio::task::yield_now().await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let bench = Bench::with(options(directory.path()));
    let mut count = 0;
    for writer in writers {
        for study in writer.await.unwrap() {
            count += 1;
            let path = format!("{STUDIES}/{}", study["studyId"].as_str().unwrap());
            let found = bench.get(&path).await.ok();
            assert_eq!(found["studyInstanceUid"], study["studyInstanceUid"]);
            // A completion that was written but not acknowledged may show; the reverse may not.
            if study["studyViewerStatus"] == "complete" {
                assert_eq!(found, study);
            }
        }
    }
    assert!(count >= ENOUGH, "{count}");
}
