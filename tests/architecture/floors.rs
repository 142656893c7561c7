//! The floors inside `app`: which folder may name which, and who may name the whole `Model`.

use std::collections::BTreeMap;
use std::path::Path;

use crate::{Source, code_of, inside, sources, top_level};

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
