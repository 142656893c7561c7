//! Settings that cannot be used, and help.

use super::{STUDY, finish, program};

const NOWHERE: &str = "http://127.0.0.1:9";

#[test]
fn a_setting_that_cannot_be_used_is_a_usage_error() {
    for (name, value, words) in [
        (
            "AVARA_API_KEY",
            "",
            "there is no API key; set AVARA_API_KEY",
        ),
        (
            "AVARA_API_KEY",
            "hunter2 words",
            "AVARA_API_KEY cannot be used",
        ),
        (
            "AVARA_API_KEY",
            "hunter2\nbreak",
            "AVARA_API_KEY cannot be used",
        ),
        (
            "AVARA_BASE_URL",
            "http://api.example.org",
            "http:// would send the key in the clear",
        ),
        (
            "AVARA_BASE_URL",
            "https://user:hunter2@example.org",
            "a user name or a password",
        ),
        ("AVARA_ME", "kim", "AVARA_ME must be an e-mail address"),
    ] {
        let mut command = program(NOWHERE, &["studies", "get", STUDY]);
        let ran = finish(command.env(name, value));
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (2, ""),
            "{name}={value}: {ran:?}"
        );
        assert!(
            ran.stderr.starts_with("avara-tui: ") && ran.stderr.contains(words),
            "{ran:?}"
        );
        assert!(!ran.stderr.contains("hunter2"), "{ran:?}");
    }
}

/// Tried with a command that calls no server: the vendor's must not be met even where this fails.
#[test]
fn an_address_that_is_set_but_empty_does_not_mean_the_vendors() {
    for blank in ["", " "] {
        let ran = finish(program(NOWHERE, &["config", "show"]).env("AVARA_BASE_URL", blank));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
        assert_eq!(
            ran.stderr,
            "avara-tui: AVARA_BASE_URL is set but empty; unset it or give an address\n"
        );
    }
}

#[test]
fn help_goes_to_stdout_and_wrong_usage_to_stderr() {
    for line in [
        "--help",
        "studies --help",
        "studies list --help",
        "sandbox --help",
        "--version",
    ] {
        let ran = finish(&mut program(NOWHERE, &line.split(' ').collect::<Vec<_>>()));
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{line}");
        assert!(ran.stdout.contains("avara-tui"), "{line}: {ran:?}");
    }
    for line in [
        "--nonsense",
        "studies get stu_1",
        "studies severity urgent 1.2",
        "--demo keys",
    ] {
        let ran = finish(&mut program(NOWHERE, &line.split(' ').collect::<Vec<_>>()));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{line}");
        assert!(!ran.stderr.is_empty(), "{line}");
    }
}

/// Each of these would hold a program up that opens it and reads on.
#[cfg(unix)]
#[test]
fn pipes_and_devices_in_place_of_files_are_refused_with_one_sentence() {
    let folder = tempfile::TempDir::new().unwrap();
    let pipe = folder.path().join("pipe");
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, mode).unwrap();
    let config = folder.path().join("config.toml");
    let list = ["studies", "list", "--config"];
    let with = |path: &std::path::Path| {
        let mut arguments = list.to_vec();
        arguments.push(path.to_str().unwrap());
        super::finish(&mut super::program("http://127.0.0.1:9", &arguments))
    };
    let mut told = vec![with(&pipe)];
    for bundle in [pipe.as_path(), std::path::Path::new("/dev/zero")] {
        let profile = format!("[profiles.main]\nca_bundle = \"{}\"\n", bundle.display());
        std::fs::write(&config, profile).unwrap();
        told.push(with(&config));
    }
    let state = folder.path().join("avara-tui");
    std::fs::create_dir(&state).unwrap();
    std::fs::rename(&pipe, state.join("journal.jsonl")).unwrap();
    let mut show = super::program("http://127.0.0.1:9", &["journal", "show"]);
    told.push(super::finish(show.env("XDG_STATE_HOME", folder.path())));
    for ran in told {
        assert!(ran.code != 0 && ran.stdout.is_empty(), "{ran:?}");
        let lines: Vec<&str> = ran.stderr.lines().collect();
        assert!(lines[0].contains("it is not an ordinary file"), "{ran:?}");
        assert_eq!(lines.len(), 1, "{ran:?}");
    }
}
