//! What only Unix has, and where it may be asked for.

use std::path::{Path, PathBuf};

use crate::{Source, code_of, inside, sources};

/// What only Unix has.
const UNIX_ONLY: &[&str] = &["std::os::unix", "rustix::", "signal::unix", "libc::"];

/// Where Unix has its own way beside another one for other systems, behind a `cfg`, and why it is there.
const UNIX_WAYS: &[(&str, &str)] = &[
    (
        "config/key/command.rs",
        "ends the whole group of a program that gives no key in time",
    ),
    (
        "config/key/file.rs",
        "a key file's owner and mode are checked",
    ),
    (
        "config/key/keyring.rs",
        "each system has its own store of keys",
    ),
    ("config/save.rs", "settings are made for their owner alone"),
    (
        "files.rs",
        "a file is opened so that no pipe holds the program up, and no link is followed",
    ),
    (
        "journal/place.rs",
        "the journal is made for its owner alone, and its folder is brought to the disk",
    ),
    (
        "journal/keep.rs",
        "who writes, and whether the process of an open entry still runs",
    ),
    (
        "sandbox/store/database.rs",
        "a database is made for its owner alone",
    ),
    (
        "cli/sandbox.rs",
        "the sandbox ends by the signals of a terminal",
    ),
    (
        "runtime/mod.rs",
        "says which files are for Unix, and which for others",
    ),
    (
        "runtime/signals.rs",
        "the program ends and stops by signals",
    ),
    (
        "runtime/terminal.rs",
        "what the terminal was set to is kept and given back",
    ),
    (
        "runtime/opener.rs",
        "a browser is no part of the terminal's job",
    ),
    ("runtime/dumps.rs", "no core dump may hold the key"),
];

/// Files that are compiled on Unix alone, as their declaration says.
fn unix_files(sources: &[Source]) -> Vec<PathBuf> {
    let declared = |source: &Source| -> Vec<PathBuf> {
        let folder = source.path.parent().unwrap().to_owned();
        let lines: Vec<&str> = source.code.lines().collect();
        let pairs = lines
            .windows(2)
            .filter(|pair| pair[0].trim() == "#[cfg(unix)]");
        let names = pairs.filter_map(|pair| {
            let name = pair[1].trim().trim_start_matches("pub ");
            name.strip_prefix("mod ")?.strip_suffix(';')
        });
        names
            .map(|name| folder.join(format!("{name}.rs")))
            .collect()
    };
    sources.iter().flat_map(declared).collect()
}

/// Files that name what only Unix has, or say that something is for Unix, and are for all systems.
fn shared_with_unix(sources: &[Source]) -> Vec<&Source> {
    let whole = unix_files(sources);
    let asks = |source: &&Source| {
        let gates = ["cfg(unix)", "cfg(all(unix"];
        let words = gates.iter().chain(UNIX_ONLY);
        words.into_iter().any(|word| source.code.contains(word))
    };
    let shared = sources.iter().filter(asks);
    shared.filter(|it| !whole.contains(&it.path)).collect()
}

#[test]
fn what_only_unix_has_stands_in_few_places_and_behind_a_gate() {
    let sources = sources();
    let shared = shared_with_unix(&sources);
    for source in &shared {
        let name = inside(source);
        assert!(
            UNIX_WAYS.iter().any(|(file, _)| *file == name),
            "{name} asks for Unix: declare it behind #[cfg(unix)], or say why in UNIX_WAYS"
        );
        assert!(
            source.code.contains("#[cfg(unix)]") || source.code.contains("#[cfg(all(unix"),
            "{name} names what only Unix has, and no cfg"
        );
    }
    for (file, _) in UNIX_WAYS {
        assert!(
            shared.iter().any(|source| inside(source) == *file),
            "{file} has no way of its own any more"
        );
    }
    let planted = |name: &str, code: &str| Source {
        place: "runtime".into(),
        path: Path::new("runtime").join(name),
        code: code_of(code),
    };
    let planted = [
        planted("mod.rs", "#[cfg(unix)]\nmod own;\nmod other;"),
        planted("own.rs", "fn f() { rustix::a() }"),
        planted("other.rs", "fn f() { rustix::a() }"),
    ];
    let found: Vec<PathBuf> = shared_with_unix(&planted)
        .iter()
        .map(|source| source.path.clone())
        .collect();
    assert_eq!(
        found,
        ["runtime/mod.rs", "runtime/other.rs"].map(PathBuf::from)
    );
}
