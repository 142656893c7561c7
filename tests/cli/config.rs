//! The configuration file, from the command line.

use std::fs;
use std::path::Path;

use avara_tui::config::EXAMPLE;
use tempfile::TempDir;

use super::{KEY, Ran, clinic, finish, program, run};

const NOWHERE: &str = "http://127.0.0.1:9";

/// Runs the program with this folder as the home of its settings.
fn at(folder: &Path, arguments: &[&str]) -> Ran {
    finish(program(NOWHERE, arguments).env("XDG_CONFIG_HOME", folder))
}

fn with_file(text: &str) -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("avara-tui");
    fs::create_dir(&path).unwrap();
    fs::write(path.join("config.toml"), text).unwrap();
    let path = path.join("config.toml").display().to_string();
    (folder, path)
}

#[test]
fn the_path_is_the_platforms_or_the_given_one() {
    let (folder, path) = with_file("");
    assert_eq!(
        at(folder.path(), &["config", "path"]).stdout,
        format!("{path}\n")
    );
    let ran = at(folder.path(), &["config", "path", "--config", "other.toml"]);
    assert_eq!(ran.stdout, "other.toml\n");
    let mut command = program(NOWHERE, &["config", "path"]);
    let ran = finish(command.env("HOME", "/home/kim"));
    assert_eq!(ran.stdout, "/home/kim/.config/avara-tui/config.toml\n");
}

#[test]
fn a_file_that_is_in_order_or_missing_is_valid() {
    let (folder, path) = with_file(EXAMPLE);
    let ran = at(folder.path(), &["config", "validate"]);
    assert_eq!(
        (ran.code, ran.stdout),
        (0, format!("{path}: in order, 6 views\n"))
    );
    let nowhere = folder.path().join("none");
    let ran = at(&nowhere, &["config", "validate"]);
    assert_eq!(ran.code, 0);
    assert!(ran.stdout.contains("there is no such file"), "{ran:?}");
}

#[test]
fn a_wrong_file_ends_every_command_that_reads_it() {
    let (folder, path) = with_file("# words\n[targts]\n");
    let expected =
        format!("avara-tui: {path}, line 2: “targts” is no setting; did you mean “targets”?\n");
    for line in ["config validate", "config show", "studies list"] {
        let ran = at(folder.path(), &line.split(' ').collect::<Vec<_>>());
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{line}");
        assert_eq!(ran.stderr, expected, "{line}");
    }
    assert_eq!(
        at(folder.path(), &["keys"]).code,
        0,
        "the keys need no settings"
    );
}

#[test]
fn what_is_in_force_is_shown_with_its_origin() {
    let (folder, path) = with_file("[targets]\nstat = \"45m\"\n");
    let mut command = program(NOWHERE, &["config", "show", "--me", "kim@example.org"]);
    let ran = finish(command.env("XDG_CONFIG_HOME", folder.path()));
    for line in [
        &*format!("file       {path}"),
        "server     http://127.0.0.1:9/  (AVARA_BASE_URL)",
        "key        given  (AVARA_API_KEY)",
        "me         kim@example.org  (--me)",
        "targets    stat 45m, high 4h00, normal 1d00h  (file, or default where it says nothing)",
        "view 2     Unassigned: to:none  sort late,severity,age  columns \
         severity,age,description,assignee,status,customer,updated  (default)",
    ] {
        assert!(
            ran.stdout.lines().any(|shown| shown == line),
            "{line}\n{}",
            ran.stdout
        );
    }
    assert!(!ran.stdout.contains(KEY));
}

#[test]
fn the_example_is_printed_as_it_is() {
    let ran = at(Path::new("/nonexistent"), &["config", "show", "--defaults"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, EXAMPLE));
}

#[test]
fn the_targets_of_the_file_decide_what_is_late() {
    let sandbox = clinic();
    let (_folder, path) =
        with_file("[targets]\nstat = \"300d\"\nhigh = \"300d\"\nnormal = \"300d\"\n");
    let list = "studies list --filter late:yes --jsonl";
    assert!(!run(&sandbox, list).lines().is_empty());
    let ran = run(&sandbox, &format!("{list} --config {path}"));
    assert_eq!((ran.code, ran.lines().len()), (0, 0), "{ran:?}");
}
