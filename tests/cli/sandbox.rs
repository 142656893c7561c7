//! `avara-tui sandbox` as a process of its own.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use avara_tui::api::Client;
use avara_tui::sandbox::{Options, Sandbox, SandboxError};
use avara_tui::wire::{GetStudy, ListStudies, Severity, StudyId, UpdateStudy};

use super::common::client_of_key;
use super::{KEY, finish, program};

/// How long anything here may take.
const DEADLINE: Duration = Duration::from_secs(20);

/// A sandbox process, killed when dropped.
struct Process {
    child: Child,
    lines: BufReader<ChildStdout>,
    base_url: String,
}

impl Process {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_avara-tui"))
            .args(["sandbox", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .env_clear()
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        lines.read_line(&mut first).unwrap();
        let base_url = first
            .strip_prefix("Sandbox listening on ")
            .unwrap()
            .trim_end()
            .to_owned();
        assert!(base_url.starts_with("http://127.0.0.1:"), "{first}");
        Self {
            child,
            lines,
            base_url,
        }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line
    }

    fn client(&self) -> Client {
        client_of_key(&self.base_url, KEY)
    }

    #[cfg(unix)]
    fn stop(mut self, signal: &str) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &id])
                .status()
                .unwrap()
                .success()
        );
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(start.elapsed() < DEADLINE, "the sandbox does not stop");
            std::thread::yield_now();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_random_key_is_printed_ready_for_use() {
    let mut process = Process::start(&["--studies", "50"]);
    let text = [process.line(), process.line()].concat();
    let key = text
        .split("AVARA_API_KEY=")
        .nth(1)
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .to_owned();
    assert!(
        text.contains(&format!("AVARA_BASE_URL={} ", process.base_url)),
        "{text}"
    );
    let mut command = program(&process.base_url, &["studies", "list", "--csv"]);
    let ran = finish(command.env("AVARA_API_KEY", key));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.lines().count() > 1);
}

#[cfg(unix)]
#[test]
fn both_signals_stop_it_well_at_any_moment() {
    for signal in ["-TERM", "-INT"] {
        let process = Process::start(&["--empty", "--api-key", KEY]);
        assert_eq!(process.stop(signal), Some(0), "{signal}");
    }
}

#[test]
fn a_key_that_was_given_is_not_printed() {
    let mut process = Process::start(&["--empty", "--api-key", KEY]);
    process.child.kill().unwrap();
    assert_eq!(process.line(), "");
}

#[test]
fn what_cannot_work_is_said() {
    let process = Process::start(&["--empty", "--api-key", KEY]);
    let taken = process.base_url.trim_start_matches("http://");
    let ran = finish(&mut program("", &["sandbox", "--listen", taken]));
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(ran.stderr.contains("in use"), "{ran:?}");
    let ran = finish(&mut program("", &["sandbox", "--listen", "0.0.0.0:0"]));
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("this computer only"), "{ran:?}");
}

#[test]
fn a_number_that_no_computer_could_hold_is_refused() {
    for (flag, value, code) in [
        ("--studies", "4294967295", 2),
        ("--studies", "1000001", 2),
        ("--studies", "99999999999999999999", 2),
        ("--arrivals", "inf", 1),
        ("--arrivals", "NaN", 1),
        ("--arrivals", "1e300", 1),
        ("--latency", "18446744073709551615", 2),
        ("--seed", "18446744073709551616", 2),
        ("--faults", "delay=18446744073709551615", 2),
    ] {
        let ran = finish(&mut program(
            "",
            &["sandbox", "--listen", "127.0.0.1:0", flag, value],
        ));
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (code, ""),
            "{flag} {value}"
        );
        let is_told = if code == 2 {
            ran.stderr.starts_with("error: invalid value") && ran.stderr.contains(flag)
        } else {
            ran.stderr.lines().count() == 1
        };
        assert!(is_told, "{flag} {value}: {ran:?}");
    }
    let options = Options {
        studies: u32::MAX,
        ..Options::default()
    };
    let refused = Sandbox::start(options);
    assert!(matches!(refused, Err(SandboxError::Studies)), "{refused:?}");
}

/// Changes severities one after the other until the server is gone. Gives, for each study, the last
/// value that was acknowledged and the one that was on its way, and says each acknowledgement.
async fn write_until_gone(
    client: Client,
    studies: Vec<StudyId>,
    acknowledged: mpsc::Sender<()>,
) -> (HashMap<StudyId, Severity>, Option<(StudyId, Severity)>) {
    let mut last = HashMap::new();
    for round in 0.. {
        let severity = Severity::KNOWN[round % Severity::KNOWN.len()].clone();
        for study_id in &studies {
            let change = UpdateStudy {
                severity: Some(severity.clone()),
                ..UpdateStudy::of(*study_id)
            };
            if client.call(&change).await.is_err() {
                return (last, Some((*study_id, severity)));
            }
            last.insert(*study_id, severity.clone());
            let _ = acknowledged.send(());
        }
    }
    (last, None)
}

fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(future)
}

async fn some_studies(client: &Client) -> Vec<StudyId> {
    let list = ListStudies {
        limit: Some(10),
        ..ListStudies::default()
    };
    let page = client.call(&list).await.unwrap().value;
    page.items.iter().map(|study| study.study_id).collect()
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("clinic.db");
    for round in 1..=3u32 {
        killed_in_the_middle(&db, round * 13);
    }
}

fn killed_in_the_middle(db: &Path, acknowledgements: u32) {
    let arguments = [
        "--db",
        db.to_str().unwrap(),
        "--api-key",
        KEY,
        "--studies",
        "30",
    ];
    let mut process = Process::start(&arguments);
    let client = process.client();
    let (sender, receiver) = mpsc::channel();
    let writer = std::thread::spawn(move || {
        run(async {
            let studies = some_studies(&client).await;
            write_until_gone(client, studies, sender).await
        })
    });
    for _ in 0..acknowledgements {
        receiver.recv_timeout(DEADLINE).unwrap();
    }
    process.child.kill().unwrap();
    let (acknowledged, on_its_way) = writer.join().unwrap();
    assert!(!acknowledged.is_empty());

    let again = Process::start(&arguments);
    run(async {
        for (study_id, severity) in acknowledged {
            let study = again
                .client()
                .call(&GetStudy { study_id })
                .await
                .unwrap()
                .value;
            let unknown = on_its_way.as_ref().filter(|(id, _)| *id == study_id);
            let is_kept = study.severity == severity
                || unknown.is_some_and(|(_, severity)| study.severity == *severity);
            assert!(
                is_kept,
                "{study_id}: {} instead of {severity}",
                study.severity
            );
        }
    });
}
