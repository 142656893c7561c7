//! The house's walls: which layer may reach into which, and what the pure ones may not touch.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "architecture/floors.rs"]
mod floors;
#[path = "architecture/type_names.rs"]
mod type_names;
#[path = "architecture/unix.rs"]
mod unix;

/// Each place in `src`, and the places it may name. Whatever is not listed is forbidden.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("theme", &[]),
    ("files", &[]),
    ("wire", &[]),
    ("input", &[]),
    ("resolve", &["wire"]),
    ("worklist", &["wire", "text"]),
    ("sync", &["worklist", "wire"]),
    (
        "config",
        &["app", "sync", "worklist", "wire", "text", "theme", "files"],
    ),
    ("api", &["wire"]),
    ("sandbox", &["wire", "text"]),
    ("journal", &["api", "resolve", "wire", "text", "files"]),
    (
        "app",
        &["sync", "resolve", "worklist", "wire", "input", "text"],
    ),
    ("ui", &["app", "worklist", "wire", "input", "text", "theme"]),
    (
        "runtime",
        &[
            "ui", "app", "input", "api", "sandbox", "config", "wire", "text", "resolve", "journal",
            "theme",
        ],
    ),
    (
        "cli",
        &[
            "runtime", "app", "api", "sandbox", "config", "sync", "resolve", "worklist", "wire",
            "text", "journal", "theme", "files",
        ],
    ),
];

/// What a place must not touch outside the crate, and why.
const MAY_NOT_TOUCH: &[(&[&str], &[&str], &str)] = &[
    (
        &[
            "wire", "worklist", "sync", "resolve", "input", "app", "theme",
        ],
        &[
            "tokio::",
            "reqwest::",
            "crossterm::",
            "axum::",
            "rusqlite::",
            "std::env",
            "std::fs",
            "std::net",
            "std::process",
            "std::thread",
            "SystemTime",
            "Instant::now",
            "Utc::now",
            "Local::now",
            "fastrand::",
            "println!",
            "eprintln!",
        ],
        "pure: no input, output, clock, chance or environment",
    ),
    (
        &[
            "wire", "worklist", "sync", "resolve", "input", "api", "sandbox", "config", "journal",
            "theme", "files",
        ],
        &["ratatui::"],
        "knows no screen",
    ),
    (
        &["ui"],
        &[
            "tokio::",
            "reqwest::",
            "crossterm::",
            "std::env",
            "std::fs",
            "Utc::now",
            "&mut Model",
        ],
        "only draws",
    ),
    (
        &["api", "sandbox", "config", "journal", "files"],
        &["crossterm::"],
        "knows no terminal",
    ),
];

struct Source {
    place: String,
    path: PathBuf,
    /// The code without comments and without its tests.
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files
        .into_iter()
        .filter(|path| !is_test(path))
        .filter_map(|path| {
            let inside = path.strip_prefix(&root).ok()?;
            let first = inside.components().next()?.as_os_str().to_str()?;
            let place = first.trim_end_matches(".rs").to_owned();
            let code = code_of(&fs::read_to_string(&path).ok()?);
            Some(Source { place, path, code })
        })
        .collect()
}

fn inside(source: &Source) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let inside = source.path.strip_prefix(root).unwrap_or(&source.path);
    inside.to_string_lossy().replace('\\', "/")
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
}

fn is_test(path: &Path) -> bool {
    path.components().any(|part| {
        let name = part.as_os_str().to_string_lossy();
        let name = name.trim_end_matches(".rs");
        name == "tests" || name == "testing" || name.ends_with("_tests")
    })
}

fn code_of(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text[..end]
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The places that code names: `crate::app::…` and each of `crate::{app, ui}`.
fn named(code: &str) -> Vec<String> {
    let mut places = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let names = match rest.strip_prefix('{') {
            Some(group) => top_level(group),
            None => vec![rest.to_owned()],
        };
        places.extend(names.iter().map(|name| {
            name.trim()
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect()
        }));
    }
    places
}

fn top_level(group: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut depth = 0;
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(String::new()),
            c if depth == 0 => names.last_mut().unwrap().push(c),
            _ => {}
        }
    }
    names
}

fn forbidden_arrows(sources: &[Source]) -> Vec<String> {
    let allowed: BTreeMap<&str, &[&str]> = MAY_NAME.iter().copied().collect();
    let mut wrong = Vec::new();
    for source in sources {
        let Some(may_name) = allowed.get(source.place.as_str()) else {
            continue;
        };
        for place in named(&source.code) {
            let is_place = allowed.contains_key(place.as_str());
            if is_place && place != source.place && !may_name.contains(&place.as_str()) {
                wrong.push(format!("{} names {place}", source.path.display()));
            }
        }
    }
    wrong
}

fn forbidden_touches(sources: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for source in sources {
        for (places, words, why) in MAY_NOT_TOUCH {
            if !places.contains(&source.place.as_str()) {
                continue;
            }
            for word in words.iter().filter(|word| source.code.contains(**word)) {
                wrong.push(format!("{}: {word} ({why})", source.path.display()));
            }
        }
    }
    wrong
}

#[test]
fn no_layer_reaches_where_it_must_not() {
    assert_eq!(forbidden_arrows(&sources()), Vec::<String>::new());
}

#[test]
fn the_pure_layers_touch_nothing_outside() {
    let mut sources = sources();
    // The pure layout arithmetic of `ratatui` is shared by update and view; nothing else of it is.
    for source in sources.iter_mut().filter(|source| source.place == "app") {
        let code = source.code.replace("ratatui::layout::", "");
        assert!(
            !code.contains("ratatui::"),
            "{} uses more of ratatui than its layout",
            source.path.display()
        );
    }
    assert_eq!(forbidden_touches(&sources), Vec::<String>::new());
}

#[test]
fn every_place_has_its_rule() {
    for source in sources() {
        let known = MAY_NAME.iter().any(|(place, _)| *place == source.place);
        assert!(
            known || ["lib", "main"].contains(&source.place.as_str()),
            "{} is in no layer: say in MAY_NAME what it may name",
            source.place
        );
    }
}

#[test]
fn a_wrong_arrow_is_found() {
    let planted = |place: &str, code: &str| Source {
        place: place.into(),
        path: "planted.rs".into(),
        code: code_of(code),
    };
    let wrong = [
        planted("wire", "use crate::app::Model;"),
        planted(
            "app",
            "use crate::{\n    wire::{Study, User},\n    runtime::run,\n};",
        ),
        planted("api", "fn f() { crate::sandbox::start() }"),
    ];
    assert_eq!(forbidden_arrows(&wrong).len(), 3);
    let right = [
        planted(
            "app",
            "use crate::wire::Study;\n// crate::runtime is elsewhere",
        ),
        planted(
            "ui",
            "#[cfg(test)]\nmod tests {\n    use crate::runtime::run;\n}",
        ),
    ];
    assert_eq!(forbidden_arrows(&right), Vec::<String>::new());
    assert_eq!(
        forbidden_touches(&[planted("app", "let now = Utc::now();")]).len(),
        1
    );
}

#[test]
fn there_is_no_unsafe_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    assert!(manifest.contains("unsafe_code = \"forbid\""));
    let library = fs::read_to_string(root.join("src/lib.rs")).unwrap();
    assert!(library.contains("#![forbid(unsafe_code)]"));
    let keyword = ["un", "safe "].concat();
    for source in sources() {
        let found = source.code.contains(&keyword);
        assert!(!found, "{} has {keyword}", source.path.display());
    }
}

/// Steps of the checks that could take other versions than the locked ones.
fn unlocked(script: &str) -> Vec<&str> {
    let steps = ["clippy", "test ", "test\n", "doc ", "build", "run ", "tree"];
    let takes_versions = |line: &&str| {
        steps
            .iter()
            .any(|step| format!("{line}\n").contains(&format!("cargo {step}")))
    };
    let lines = script.lines().filter(takes_versions);
    lines.filter(|line| !line.contains("--locked")).collect()
}

#[test]
fn every_step_of_the_checks_builds_what_is_locked() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci");
    for script in fs::read_dir(root).unwrap() {
        let text = fs::read_to_string(script.unwrap().path()).unwrap();
        assert_eq!(unlocked(&text), Vec::<&str>::new());
    }
    let planted = "cargo test --locked\ncargo test\ncargo clippy --all-targets";
    assert_eq!(unlocked(planted).len(), 2);
}
