//! The real program, run as people and scripts run it, against a sandbox in this process or against
//! a server that misbehaves.

#![cfg(feature = "sandbox")]
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../support/questions.rs"]
mod questions;

mod base;
mod changes;
mod config;
mod doctor;
#[cfg(unix)]
mod documented;
mod edits;
mod endless;
mod hostile;
mod journal;
#[cfg(unix)]
mod keys;
mod limits;
mod lists;
mod names;
mod other_record;
mod people;
mod sandbox;
mod settings;
mod tls;

use std::process::{Command, Stdio};
use std::sync::OnceLock;

use avara_tui::sandbox::{Options, Sandbox};
use avara_tui::wire::Study;

pub const KEY: &str = "canary-key-5f2c";
/// In every sandbox, from the API reference.
pub const STUDY: &str = "stu_1234567890abcdef1234567890abcdef";
pub const STUDY_UID: &str = "1.2.840.10008.5.1.4.1.1.2";
pub const USER: &str = "usr_1234567890abcdef1234567890abcdef";
/// That study as a server of a test may show it.
pub const PLAIN: &str = r#"{"studyId":"stu_1234567890abcdef1234567890abcdef","studyInstanceUid":"1.2",
    "studyDescription":"CT","severity":"normal","studyViewerStatus":"incomplete",
    "isCancelled":false}"#;
pub const NO_STUDY: &str = "stu_00000000000000000000000000000000";

#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// The studies of a `--jsonl` output.
    pub fn lines(&self) -> Vec<Study> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

/// A sandbox in which nothing happens by itself.
pub fn clinic() -> Sandbox {
    Sandbox::start(Options {
        api_key: Some(KEY.into()),
        studies: 240,
        ..Options::default()
    })
    .unwrap()
}

/// Where all programs of these tests keep their one journal.
pub fn state() -> &'static std::path::Path {
    static STATE: OnceLock<tempfile::TempDir> = OnceLock::new();
    STATE.get_or_init(|| tempfile::tempdir().unwrap()).path()
}

/// The program, with nothing of this process' environment.
pub fn program(base_url: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_avara-tui"));
    prepare(command.args(arguments), base_url);
    command
}

/// Gives a command the settings of a test, and nothing of this process' environment.
pub fn prepare(command: &mut Command, base_url: &str) {
    command
        .env_clear()
        .env("AVARA_BASE_URL", base_url)
        .env("AVARA_API_KEY", KEY)
        // The tester's own settings stay out of it.
        .env("HOME", "/nonexistent")
        .env("XDG_STATE_HOME", state())
        .stdin(Stdio::null());
}

/// Runs a command to its end. Its words never hold the key.
pub fn finish(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    let ran = Ran {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    };
    assert!(
        !ran.stdout.contains(KEY) && !ran.stderr.contains(KEY),
        "{ran:?}"
    );
    ran
}

pub fn run(sandbox: &Sandbox, line: &str) -> Ran {
    let arguments: Vec<&str> = line.split(' ').collect();
    finish(&mut program(&sandbox.base_url(), &arguments))
}

/// Runs a command that must succeed.
pub fn run_well(sandbox: &Sandbox, line: &str) -> Ran {
    let ran = run(sandbox, line);
    assert_eq!(ran.code, 0, "{line}: {ran:?}");
    ran
}

pub fn study(sandbox: &Sandbox, name: &str) -> Study {
    let ran = run_well(sandbox, &format!("studies get {name} --json"));
    serde_json::from_str(&ran.stdout).unwrap()
}
