//! A newcomer in a clean home: from the first start to an assignment, by what the screen says.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::clinic::{Clinic, study, text};
use crate::common::{Server, json};
use crate::terminal::{Launch, Terminal, says, worklist};

/// Starts without a key; the settings lie below `home`.
fn first_start(home: &Path, base_url: &str) -> Launch {
    worklist()
        .env("XDG_CONFIG_HOME", home.display().to_string())
        .env("AVARA_BASE_URL", base_url)
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path))
        } else {
            found.push(path)
        }
    }
    found.sort();
    found
}

fn type_key(first: &mut Terminal, key: &str) {
    first.wait_for_text("[s] Set up");
    first.keys("s");
    first.wait_for_text("Set up 1/3");
    first.keys("\t");
    first.wait_for_text("> API key");
    first.keys(key);
    let typed = "*".repeat(key.len());
    first.wait_for_text(&typed);
}

#[test]
fn a_newcomer_sets_up_and_assigns_a_study() {
    let clinic = Clinic::open();
    clinic.create(study(1, "stat", "CT Head trauma"));
    let key = clinic.sandbox.api_key().to_owned();
    let home = TempDir::new().unwrap();
    let mut first = first_start(home.path(), &clinic.sandbox.base_url()).start();
    type_key(&mut first, &key);
    assert_eq!(files(home.path()), Vec::<PathBuf>::new());
    first.keys("\r");
    first.wait_for_text("Set up 2/3");
    first.keys("dana ki");
    first.wait_for("only her", |screen| {
        let text = screen.contents();
        text.contains("> Search    dana ki") && text.contains("> Kim, Dana")
    });
    assert_eq!(
        files(home.path()),
        Vec::<PathBuf>::new(),
        "nothing is kept yet"
    );
    first.keys("\r");
    first.wait_for_text("Set up 3/3");
    first.wait_for_text("Kim, Dana");
    first.keys("\t\t\r");
    first.wait_for_text("updated <1 m ago");

    let folder = home.path().join("avara-tui");
    let (config, key_file) = (folder.join("config.toml"), folder.join("main.key"));
    assert_eq!(files(home.path()), [config.clone(), key_file.clone()]);
    assert_eq!(fs::read_to_string(&key_file).unwrap().trim(), key);
    let mode = fs::metadata(&key_file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(!fs::read_to_string(&config).unwrap().contains(&key));

    first.keys("/sev:stat to:none trauma\r");
    first.wait_for("the one study", |screen| {
        says(screen, "1 shown") && says(screen, "CT Head trauma")
    });
    first.keys("Am");
    first.wait_for_text("Assigned to ");
    let assigned = clinic.open_studies();
    let mine = assigned
        .iter()
        .find(|study| text(study, "studyDescription") == "CT Head trauma");
    assert_eq!(
        text(&mine.unwrap()["assignedTo"], "email"),
        "dana.kim@example.org"
    );
    first.keys("q");
    assert_eq!(first.wait_exit(), 0);
    first.assert_restored();
    let transcript = String::from_utf8_lossy(&first.transcript()).into_owned();
    assert!(!transcript.contains(&key));
    // What was changed is in the journal, the key only where it was said to be.
    for path in files(first.home()) {
        let kept = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        assert!(!kept.contains(&key), "{}", path.display());
    }

    // The next start needs nothing but what is kept.
    let mut second = worklist()
        .size(160, 40)
        .env("XDG_CONFIG_HOME", home.path().display().to_string())
        .start();
    second.wait_for_text("updated <1 m ago");
    second.wait_for_text("main (127.0.0.1");
    second.keys("q");
    assert_eq!(second.wait_exit(), 0);
}

/// The key that the screen names before these words.
fn key_for(terminal: &Terminal, words: &str) -> String {
    let words = format!(" {words} ");
    terminal.wait_for_text(&words);
    let text = terminal.text();
    let before = text.split(&words).next().unwrap();
    let key = before.split_whitespace().next_back().unwrap();
    match key.trim_matches(['[', ']']) {
        "Enter" => "\r".into(),
        key => key.into(),
    }
}

/// Nothing is pressed here but what the screen names.
#[test]
fn a_newcomer_assigns_a_study_in_the_demo_by_what_the_screen_says() {
    let home = TempDir::new().unwrap();
    let mut first = worklist()
        .size(100, 30)
        .env("HOME", home.path().display().to_string())
        .env("XDG_CONFIG_HOME", home.path().display().to_string())
        .env("XDG_STATE_HOME", home.path().display().to_string())
        .start();
    let key = key_for(&first, "Try the demo");
    first.keys(&key);
    first.wait_for_text("!!STAT");
    let key = key_for(&first, "assign");
    first.keys(&key);
    first.wait_for_text("type to narrow");
    first.keys("dana ki");
    first.wait_for("only her", |screen| {
        let text = screen.contents();
        text.contains("dana ki") && text.contains("> Kim, Dana")
    });
    let key = key_for(&first, "select");
    first.keys(&key);
    first.wait_for_text("Assigned to Kim, Dana: ");
    let key = key_for(&first, "quit");
    first.keys(&key);
    assert_eq!(first.wait_exit(), 0);
    first.assert_restored();
    assert_eq!(files(home.path()), Vec::<PathBuf>::new());
}

#[test]
fn a_wrong_key_is_reported_and_nothing_is_written() {
    let clinic = Clinic::empty();
    let home = TempDir::new().unwrap();
    let mut first = first_start(home.path(), &clinic.sandbox.base_url()).start();
    type_key(&mut first, "wrong-key");
    first.keys("\r");
    first.wait_for_text("The key: The API key was not accepted (401)");
    first.keys("\x1b");
    first.wait_for_text("[s] Set up");
    first.keys("q");
    assert_eq!(first.wait_exit(), 0);
    assert_eq!(files(home.path()), Vec::<PathBuf>::new());
}

#[test]
fn a_key_that_may_not_list_studies_is_told_apart_from_a_wrong_one() {
    let server = Server::start(|_, stream| {
        use std::io::Write;
        let _ = stream.write_all(json(403, "{}").as_bytes());
    });
    let home = TempDir::new().unwrap();
    let base_url = format!("http://{}", server.address);
    let mut first = first_start(home.path(), &base_url).start();
    type_key(&mut first, "member-key");
    first.keys("\r");
    first.wait_for_text("The permission: ");
    first.keys("\x03");
    assert_eq!(first.wait_exit(), 0);
    let reads = server.requests();
    assert!(
        reads.iter().all(|request| request.starts_with("GET ")),
        "{reads:?}"
    );
    assert_eq!(files(home.path()), Vec::<PathBuf>::new());
}

#[test]
fn a_key_that_is_kept_nowhere_serves_this_session_only() {
    let clinic = Clinic::open();
    let key = clinic.sandbox.api_key().to_owned();
    let home = TempDir::new().unwrap();
    let mut first = first_start(home.path(), &clinic.sandbox.base_url()).start();
    type_key(&mut first, &key);
    first.keys("\r");
    first.wait_for_text("Set up 2/3");
    first.keys("\r");
    first.wait_for_text("Set up 3/3");
    first.keys("\t ");
    first.wait_for_text("(*) a program prints it");
    first.keys(" ");
    first.wait_for_text("(*) not saved");
    first.keys("\x13");
    first.wait_for_text("updated <1 m ago");
    first.keys("q");
    assert_eq!(first.wait_exit(), 0);
    let config = home.path().join("avara-tui/config.toml");
    assert_eq!(files(home.path()), std::slice::from_ref(&config));
    assert!(!fs::read_to_string(&config).unwrap().contains(&key));
}

#[test]
fn doctor_looks_at_the_terminal_that_it_runs_in() {
    let clinic = Clinic::empty();
    let doctor = |columns, rows| {
        let mut doctor = clinic.worklist().arg("doctor").size(columns, rows).start();
        let exit = doctor.wait_exit();
        let transcript = String::from_utf8_lossy(&doctor.transcript()).into_owned();
        (exit, transcript)
    };
    let (exit, words) = doctor(120, 40);
    assert_eq!(exit, 0, "{words}");
    assert!(
        words.contains("120 columns, 40 rows: nothing to do"),
        "{words}"
    );
    let (exit, words) = doctor(60, 20);
    assert_eq!(exit, 0, "{words}");
    assert!(
        words.contains("60 columns, 20 rows: make it at least 80 by 24"),
        "{words}"
    );
    let (exit, words) = doctor(30, 8);
    assert_eq!(exit, 1, "{words}");
    assert!(
        words.contains("30 columns, 8 rows: make it at least 40 by 10"),
        "{words}"
    );
}
