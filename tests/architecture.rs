//! The house's walls: which layer may reach into which, and what the pure ones may not touch.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Each place in `src`, and the places it may name. Whatever is not listed is forbidden.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("theme", &[]),
    ("wire", &[]),
    ("input", &[]),
    ("settle", &["wire"]),
    ("worklist", &["wire", "text"]),
    ("sync", &["worklist", "wire"]),
    (
        "config",
        &["app", "sync", "worklist", "wire", "text", "theme"],
    ),
    ("api", &["wire"]),
    ("sandbox", &["wire", "text"]),
    ("journal", &["api", "settle", "wire"]),
    (
        "app",
        &["sync", "settle", "worklist", "wire", "input", "text"],
    ),
    ("ui", &["app", "worklist", "wire", "input", "text", "theme"]),
    (
        "runtime",
        &[
            "ui", "app", "input", "api", "sandbox", "config", "wire", "text", "settle", "journal",
            "theme",
        ],
    ),
    (
        "cli",
        &[
            "runtime", "app", "api", "sandbox", "config", "sync", "settle", "worklist", "wire",
            "text", "journal", "theme",
        ],
    ),
];

/// What a place must not touch outside the crate, and why.
const MAY_NOT_TOUCH: &[(&[&str], &[&str], &str)] = &[
    (
        &[
            "wire", "worklist", "sync", "settle", "input", "app", "theme",
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
            "wire", "worklist", "sync", "settle", "input", "api", "sandbox", "config", "journal",
            "theme",
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
        &["api", "sandbox", "config", "journal"],
        &["crossterm::"],
        "knows no terminal",
    ),
];

/// The floors inside `app`, from the ground up. A floor names itself and those before it.
const FLOORS: &[&str] = &[
    "action",
    "message",
    "edit",
    "widget",
    "kernel",
    "reading",
    "writes",
    "access",
    "decisions",
    "forms",
    "lookup",
    "lists",
    "pickers",
    "shell",
    "update",
];

/// Who may name the whole `Model`. Benches and tests may, too.
const KNOWS_THE_MODEL: &[&str] = &["app/update", "ui", "runtime"];

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

/// The floor of `app` that a file lies on; none for a file elsewhere, and for the root of `app`, which only
/// hands names on.
fn floor_of(source: &Source) -> Option<String> {
    let name = inside(source);
    let below = name.strip_prefix("app/")?;
    let first = below.split('/').next()?.trim_end_matches(".rs");
    (first != "mod").then(|| first.to_owned())
}

/// The folder that a path with `super` at its head leads out of, from a module this many levels deep inside
/// its floor.
fn climbs(code: &str) -> usize {
    let mut most = 0;
    for (at, _) in code.match_indices("super::") {
        let before = &code[..at];
        if before.ends_with("super::") {
            continue;
        }
        let rest = &code[at..];
        let climb = rest
            .split("super::")
            .take_while(|part| part.is_empty())
            .count();
        most = most.max(climb);
    }
    most
}

fn wrong_floors(sources: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for source in sources {
        let Some(floor) = floor_of(source) else {
            continue;
        };
        let path = source.path.display();
        let Some(height) = FLOORS.iter().position(|it| *it == floor) else {
            wrong.push(format!(
                "{path} is on no floor: say in FLOORS where it stands"
            ));
            continue;
        };
        for named in inner_names(&source.code) {
            match FLOORS.iter().position(|it| *it == named) {
                Some(other) if other > height => {
                    wrong.push(format!("{path} names {named}, above it"))
                }
                Some(_) => {}
                None => wrong.push(format!("{path} names {named} by the root of app")),
            }
        }
        // A file of the floor's own lies one level deep, and may climb to it; each folder adds a level.
        let name = inside(source);
        let parts = name.split('/').count() - 2;
        let depth = if name.ends_with("/mod.rs") {
            parts - 1
        } else {
            parts
        };
        if climbs(&source.code) > depth {
            wrong.push(format!("{path} reaches out of its floor with super"));
        }
    }
    wrong
}

/// The first names after `crate::app::`, also those in a group.
fn inner_names(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices("crate::app::") {
        let rest = &code[at + "crate::app::".len()..];
        let paths = match rest.strip_prefix('{') {
            Some(group) => top_level(group),
            None => vec![rest.to_owned()],
        };
        let first = |path: &String| -> String {
            let path = path.trim();
            path.chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect()
        };
        names.extend(paths.iter().map(first).filter(|name| !name.is_empty()));
    }
    names
}

/// The folder of a file inside `app`: "widget/form".
fn folder_of(source: &Source) -> Option<String> {
    floor_of(source)?;
    let name = inside(source);
    let (folder, _) = name.strip_prefix("app/")?.rsplit_once('/')?;
    Some(folder.to_owned())
}

/// The whole paths after `crate::app::`, also those in a group: "widget/form/field/Kind".
fn inner_paths(code: &str) -> Vec<String> {
    let path_of = |text: &str| -> String {
        let is_path = |c: &char| c.is_alphanumeric() || ['_', ':'].contains(c);
        let path: String = text.trim().chars().take_while(is_path).collect();
        path.replace("::", "/")
    };
    let mut paths = Vec::new();
    for (at, _) in code.match_indices("crate::app::") {
        let rest = &code[at + "crate::app::".len()..];
        let head = path_of(rest);
        match rest[head.len() + head.matches('/').count()..].strip_prefix('{') {
            Some(group) => {
                let names = top_level(group);
                paths.extend(names.iter().map(|name| format!("{head}{}", path_of(name))));
            }
            None => paths.push(head),
        }
    }
    paths
}

/// Circles between folders.
fn circles(sources: &[Source]) -> Vec<String> {
    type Folders = std::collections::BTreeSet<String>;
    let folders: Folders = sources.iter().filter_map(folder_of).collect();
    let home_of = |path: String| {
        let mut home = path.as_str();
        while !folders.contains(home) {
            home = home.rsplit_once('/')?.0;
        }
        Some(home.to_owned())
    };
    let mut arrows: BTreeMap<String, Folders> = BTreeMap::new();
    for source in sources {
        let Some(folder) = folder_of(source) else {
            continue;
        };
        let homes = inner_paths(&source.code).into_iter().filter_map(home_of);
        let others = homes.filter(|home| *home != folder);
        arrows.entry(folder.clone()).or_default().extend(others);
    }
    let mut wrong = Vec::new();
    for start in arrows.keys() {
        let mut seen = Folders::new();
        let mut open: Vec<String> = arrows[start].iter().cloned().collect();
        while let Some(next) = open.pop() {
            if next == *start {
                wrong.push(format!("{start} comes back to itself"));
                break;
            }
            if seen.insert(next.clone()) {
                open.extend(arrows.get(&next).into_iter().flatten().cloned());
            }
        }
    }
    wrong
}

fn strangers_to_the_model(sources: &[Source]) -> Vec<String> {
    let is_name = |code: &str| {
        let mut words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.any(|word| word == "Model")
    };
    let may = |source: &Source| {
        let name = inside(source);
        name == "app/mod.rs"
            || KNOWS_THE_MODEL
                .iter()
                .any(|place| name.starts_with(&format!("{place}/")))
    };
    let wrong = sources
        .iter()
        .filter(|source| !may(source) && is_name(&source.code));
    wrong
        .map(|source| format!("{} names Model", source.path.display()))
        .collect()
}

#[test]
fn inside_app_a_floor_names_only_what_is_below_it() {
    let sources = sources();
    assert_eq!(wrong_floors(&sources), Vec::<String>::new());
    assert_eq!(circles(&sources), Vec::<String>::new());
    assert_eq!(strangers_to_the_model(&sources), Vec::<String>::new());
}

#[test]
fn a_wrong_floor_is_found() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let planted = |file: &str, code: &str| Source {
        place: "app".into(),
        path: root.join(file),
        code: code_of(code),
    };
    let floors = [
        planted("app/kernel/data.rs", "use crate::app::forms::flow;"),
        planted("app/writes/run.rs", "use crate::app::{edit, update};"),
        planted("app/lists/views.rs", "use crate::app::Kernel;"),
        planted("app/attic/box.rs", "use crate::app::edit::Change;"),
        planted("app/access/mod.rs", "use super::writes::begin;"),
        planted(
            "app/widget/form/pick.rs",
            "use super::super::super::kernel::Kernel;",
        ),
    ];
    for source in &floors {
        let wrong = wrong_floors(std::slice::from_ref(source));
        assert_eq!(wrong.len(), 1, "{}: {wrong:?}", source.path.display());
    }
    let circle = [
        planted("app/reading/poll.rs", "use crate::app::writes::run;"),
        planted("app/writes/run.rs", "use crate::app::reading::poll;"),
    ];
    assert_eq!(circles(&circle).len(), 2);
    let inner_circle = [
        planted(
            "app/widget/form/pick.rs",
            "use crate::app::widget::picker::Picker;",
        ),
        planted(
            "app/widget/picker.rs",
            "use crate::app::widget::{form::pick::Pick, line};",
        ),
    ];
    assert_eq!(circles(&inner_circle).len(), 2);
    let stranger = planted("app/forms/flow.rs", "fn f(model: &mut Model) {}");
    assert_eq!(strangers_to_the_model(&[stranger]).len(), 1);
    let right = [
        planted(
            "app/update/route.rs",
            "use super::act::perform;\nfn f(model: &mut Model) {}",
        ),
        planted(
            "app/widget/form/pick.rs",
            "use super::super::picker::Picker;",
        ),
        planted(
            "app/lists/mod.rs",
            "mod views;\nuse crate::app::kernel::Kernel;",
        ),
    ];
    assert_eq!(wrong_floors(&right), Vec::<String>::new());
    assert_eq!(strangers_to_the_model(&right), Vec::<String>::new());
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
        "a key file is opened without following links, and its owner and mode are checked",
    ),
    (
        "config/key/keyring.rs",
        "each system has its own store of keys",
    ),
    ("config/save.rs", "settings are made for their owner alone"),
    (
        "journal/file.rs",
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
        "runtime/launch.rs",
        "events come from the terminal's bytes, or from the console",
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

fn inside(source: &Source) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let inside = source.path.strip_prefix(root).unwrap_or(&source.path);
    inside.to_string_lossy().replace('\\', "/")
}

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
