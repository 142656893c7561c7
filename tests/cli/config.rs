//! The configuration file, from the command line.

use std::fs;
use std::path::Path;

use avara_tui::config::EXAMPLE;
use tempfile::TempDir;

use super::{Ran, clinic, finish, program, run};

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
        format!("avara-tui: {path}, line 2: “targts” is not a setting; did you mean “targets”?\n");
    for line in ["config validate", "config show", "studies list"] {
        let ran = at(folder.path(), &line.split(' ').collect::<Vec<_>>());
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{line}");
        assert_eq!(ran.stderr, expected, "{line}");
    }
    let ran = at(folder.path(), &["keys"]);
    assert_eq!((ran.code, &ran.stderr), (2, &expected));
    assert!(
        ran.stdout.contains("assign_study"),
        "the usual keys at least"
    );
}

/// The value and the origin that `config show` gives for a setting.
fn shown(ran: &Ran, setting: &str) -> String {
    let line = ran.stdout.lines().find_map(|line| {
        let rest = line.strip_prefix(setting)?;
        rest.starts_with("  ").then(|| rest.trim().to_owned())
    });
    line.unwrap_or_else(|| panic!("{setting}\n{}", ran.stdout))
}

#[test]
fn what_is_in_force_is_shown_with_its_origin() {
    let (folder, path) = with_file("[targets]\nstat = \"45m\"\n\n[keys]\nquit = \"Q\"\n");
    let mut command = program(NOWHERE, &["config", "show", "--me", "kim@example.org"]);
    let ran = finish(command.env("XDG_CONFIG_HOME", folder.path()));
    for (setting, expected) in [
        ("file", &*path),
        ("profile", "none  (default)"),
        ("base_url", "http://127.0.0.1:9/  (AVARA_BASE_URL)"),
        ("key", "given  (AVARA_API_KEY)"),
        ("me", "kim@example.org  (--me)"),
        ("read-only", "false  (default)"),
        ("targets.stat", "45m  (file:2)"),
        ("targets.high", "4h  (default)"),
        ("refresh.open", "1m  (default)"),
        ("lock.after", "10m  (default)"),
        ("alerts.bell", "true  (default)"),
        ("keys.quit", "Q, Ctrl-c  (file:5)"),
        (
            "view 2",
            "Unassigned: to:none  sort late,severity,age  columns \
             severity,age,description,assignee,status,customer,updated  (default)",
        ),
    ] {
        assert_eq!(shown(&ran, setting), expected, "{setting}");
    }
}

#[test]
fn the_table_of_keys_is_the_one_in_force() {
    let (folder, _) =
        with_file("[keys]\nassign_study = [\"Z\", \"g a\"]\nquit = []\nsuspend = []\n");
    let ran = at(folder.path(), &["keys"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let keys_of = |name: &str| {
        let line = ran
            .stdout
            .lines()
            .find(|line| line.contains(&format!(" {name} ")));
        line.unwrap().split(name).next().unwrap().trim().to_owned()
    };
    assert_eq!(keys_of("assign_study"), "Z, g a");
    assert_eq!(keys_of("quit"), "Ctrl-c");
    assert_eq!(keys_of("suspend"), "(none)");
    assert_eq!(keys_of("assign_to_me"), "A m");
}

#[test]
fn wrong_keys_are_reported_with_their_line() {
    let (folder, path) = with_file("[keys]\nundo = \"z u\"\nset_stat = \"s\"\n");
    let ran = at(folder.path(), &["config", "validate"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert_eq!(
        ran.stderr,
        format!(
            "avara-tui: {path}, line 3: set_stat: “s” is a single key, and this changes data at \
             once; use a sequence such as \"s s\"\n"
        )
    );
}

const TWO_CLINICS: &str = "default_profile = \"main\"\n\
    [profiles.main]\nbase_url = \"https://main.example.org\"\napi_key_file = \"main.key\"\n\
    [profiles.local]\nbase_url = \"http://127.0.0.1:9\"\napi_key_command = [\"false\"]\n\
    me = \"night@example.org\"\nviewer_hosts = [\"viewer.example.org\"]\n";

#[test]
fn a_profile_is_shown_line_by_line_and_its_key_is_not_fetched() {
    let (folder, path) = with_file(TWO_CLINICS);
    let show = |arguments: &[&str]| {
        let mut command = program(NOWHERE, arguments);
        command
            .env_remove("AVARA_BASE_URL")
            .env_remove("AVARA_API_KEY");
        finish(command.env("XDG_CONFIG_HOME", folder.path()))
    };
    let main = show(&["config", "show"]);
    let key = path.replace("config.toml", "main.key");
    assert_eq!(shown(&main, "profile"), "main  (file:1)");
    assert_eq!(
        shown(&main, "base_url"),
        "https://main.example.org/  (file:3)"
    );
    assert_eq!(shown(&main, "key"), format!("the file {key}  (file:4)"));
    let local = show(&["--profile", "local", "config", "show"]);
    assert_eq!(shown(&local, "profile"), "local  (--profile)");
    assert_eq!(shown(&local, "key"), "the program false  (file:7)");
    assert_eq!(shown(&local, "me"), "night@example.org  (file:8)");
    assert_eq!(
        shown(&local, "viewer_hosts"),
        "viewer.example.org  (file:9)"
    );
    let wrong = show(&["--profile", "lokal", "config", "show"]);
    assert_eq!((wrong.code, wrong.stdout.as_str()), (2, ""));
    assert_eq!(
        wrong.stderr,
        "avara-tui: --profile: no profile is called “lokal”; did you mean “local”?\n"
    );
    let valid = show(&["config", "validate"]);
    assert_eq!(
        valid.stdout,
        format!("{path}: in order, 2 profiles, the built-in views\n")
    );
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
