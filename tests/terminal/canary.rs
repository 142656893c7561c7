//! A key and twenty patients, each told from everything else in the world: after a day's work none of them
//! is anywhere but on the screen and on the server.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use avara_tui::sandbox::Options;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::clinic::{Clinic, text};

const KEY: &str = "Zq7canarykey-Vx3mR8tWp2LdK9sB";
/// Shorter pieces of the key than this may occur by chance.
const WINDOW: usize = 8;

fn patients() -> Vec<String> {
    (0..20)
        .map(|n| format!("Xylanthe{n:02} Quorwick"))
        .collect()
}

/// The ways in which a text may lie in a file: as it is, in base64 at any offset, in a URL, in JSON.
fn forms(text: &str) -> Vec<String> {
    let mut forms = vec![
        text.to_owned(),
        text.replace(' ', "%20"),
        text.replace(' ', "+"),
    ];
    for offset in 0..3 {
        let padded = [vec![0; offset], text.as_bytes().to_vec()].concat();
        let encoded = BASE64_STANDARD.encode(&padded);
        // The characters at both ends depend on what stands beside.
        let inside = &encoded[4..encoded.len() - 4];
        forms.push(inside.to_owned());
    }
    forms
}

struct Secrets(Vec<String>);

impl Secrets {
    fn all() -> Self {
        let mut all = Self::key_only();
        all.0.extend(patients().iter().flat_map(|name| forms(name)));
        all
    }

    fn key_only() -> Self {
        let windows = KEY.as_bytes().windows(WINDOW);
        let mut all: Vec<String> = windows
            .map(|part| String::from_utf8(part.to_vec()).unwrap())
            .collect();
        all.extend(forms(KEY));
        Self(all)
    }

    fn found_in(&self, bytes: &[u8]) -> Vec<&str> {
        let holds = |part: &str| bytes.windows(part.len()).any(|it| it == part.as_bytes());
        let found = self.0.iter().filter(|secret| holds(secret));
        found.map(String::as_str).collect()
    }
}

/// Every file below a directory.
fn files(directory: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let Ok(entries) = fs::read_dir(directory) else {
        return all;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            all.extend(files(&path))
        } else {
            all.push(path)
        }
    }
    all
}

/// What of the secrets lies in the files below a directory.
fn sweep(directory: &Path) -> Vec<String> {
    let secrets = Secrets::all();
    let mut hits = Vec::new();
    for path in files(directory) {
        let content = fs::read(&path).unwrap_or_default();
        let named = path.to_string_lossy().into_owned();
        for hit in secrets.found_in(&content) {
            hits.push(format!("{named}: {hit}"));
        }
        for hit in secrets.found_in(named.as_bytes()) {
            hits.push(format!("{named} by its name: {hit}"));
        }
    }
    hits
}

/// A browser that notes down all it is told, environment included.
fn stand_in_browser(directory: &Path) {
    let script = directory.join("xdg-open");
    let note = directory.join("told");
    let body = format!(
        "#!/bin/sh\n{{ echo \"$@\"; export -p; }} >'{}'\n",
        note.display()
    );
    fs::write(&script, body).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
}

fn clinic() -> Clinic {
    let clinic = Clinic::with(Options {
        empty: true,
        api_key: Some(KEY.into()),
        ..Options::default()
    });
    for (n, name) in patients().iter().enumerate() {
        clinic.create(json!({
            "studyInstanceUid": format!("2.25.88{n}"),
            "severity": "normal",
            "studyDescription": format!("CT of {name}"),
            "metadata": { "patient": name },
        }));
    }
    clinic
}

/// A command in a home of its own; what it says on stderr.
fn command(clinic: &Clinic, home: &Path, key: &str, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_avara-tui"))
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .env("XDG_STATE_HOME", home)
        .env("XDG_CONFIG_HOME", home)
        .env("RUST_LOG", "trace")
        .env("RUST_BACKTRACE", "full")
        .env("AVARA_API_KEY", key)
        .env("AVARA_BASE_URL", clinic.sandbox.base_url())
        .current_dir(home)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    output.stderr
}

#[test]
fn neither_the_key_nor_a_patient_is_left_anywhere() {
    let clinic = clinic();
    let desk = TempDir::new().unwrap();
    stand_in_browser(desk.path());
    let mut program = clinic
        .worklist()
        .env("PATH", format!("{}:/usr/bin:/bin", desk.path().display()))
        .env("DISPLAY", ":0")
        .env("RUST_LOG", "trace")
        .env("RUST_BACKTRACE", "full")
        .env("XDG_STATE_HOME", desk.path().to_string_lossy())
        .env("XDG_CONFIG_HOME", desk.path().to_string_lossy())
        .size(120, 40)
        .may_copy()
        .start();
    program.wait_for_text("20 shown");
    program.wait_for_text("updated <1 m ago");
    // A day: filter, change, edit, copy, open, look up, other screens, lock.
    program.keys("/Xylanthe07\r");
    program.wait_for_text("1 shown");
    program.keys("sh");
    program.wait_for_text("Severity is now high");
    program.keys("mc");
    program.wait_for_text("Marked complete");
    program.keys("yr");
    program.wait_for_text("opied");
    program.keys("o");
    program.wait_for_text("Sent to the browser");
    program.keys("/\x15\r");
    program.wait_for_text("shown");
    program.keys("gp");
    program.wait_for_text("USERS");
    program.keys("gw\x0c");
    program.wait_for_text("Screen hidden");
    program.keys("\r");
    program.wait_for_text("updated <1 m ago");
    let transcript = program.transcript();
    program.signal(Signal::ABORT);
    program.wait_status();

    let studies = clinic.all_studies();
    let id = text(&studies[0], "studyId");
    let mut said = Vec::new();
    for (key, arguments) in [
        (KEY, vec!["studies", "list"]),
        (KEY, vec!["studies", "list", "--filter", "is:any", "--csv"]),
        (KEY, vec!["studies", "get", id]),
        (
            KEY,
            vec!["studies", "get", "stu_00000000000000000000000000000000"],
        ),
        (
            KEY,
            vec!["studies", "edit", id, "--description", "no \u{1b}[2J"],
        ),
        (KEY, vec!["users", "list"]),
        (KEY, vec!["journal", "show"]),
        (
            "Zq7canarykey-Vx3mR8tWp2LdK9sB-wrong",
            vec!["studies", "list"],
        ),
    ] {
        said.extend(command(&clinic, desk.path(), key, &arguments));
    }

    assert!(
        fs::read(desk.path().join("told")).is_ok(),
        "a browser was told"
    );
    let written: Vec<String> = files(desk.path())
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    assert!(
        written.iter().any(|path| path.contains("journal")),
        "{written:?}"
    );
    assert_eq!(sweep(desk.path()), Vec::<String>::new());
    assert_eq!(Secrets::all().found_in(&said), Vec::<&str>::new());
    let on_screen = Secrets::key_only();
    assert_eq!(on_screen.found_in(&transcript), Vec::<&str>::new());
    let looked_for = Secrets::all().0.len();
    println!(
        "0 of {looked_for} forms of a key and 20 patients in {} files, on stderr, or (the key) on screen",
        written.len()
    );
}

#[test]
fn a_leak_would_be_caught() {
    let key = KEY.as_bytes();
    let encoded = BASE64_STANDARD.encode([b"x", key].concat());
    let leaks: [(&str, Vec<u8>); 5] = [
        ("log", [b"key=", key].concat()),
        ("part", KEY[5..20].into()),
        ("encoded", encoded.into_bytes()),
        ("patient", b"CT of Xylanthe19 Quorwick".to_vec()),
        ("url", b"q=Xylanthe03%20Quorwick".to_vec()),
    ];
    for (name, content) in leaks {
        let directory = TempDir::new().unwrap();
        fs::write(directory.path().join(name), content).unwrap();
        assert_ne!(sweep(directory.path()), Vec::<String>::new(), "{name}");
    }
    let named = TempDir::new().unwrap();
    fs::write(named.path().join("Xylanthe11 Quorwick"), "").unwrap();
    assert_ne!(sweep(named.path()), Vec::<String>::new());
    let clean: Value = json!({ "id": "stu_1" });
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join("clean"), clean.to_string()).unwrap();
    assert_eq!(sweep(directory.path()), Vec::<String>::new());
}
