//! No two types have the same name if both are visible outside the folders that define them. A name then
//! means one thing wherever it is read.

use std::collections::BTreeMap;
use std::path::Path;

use crate::{Source, code_of, inside, sources};

/// The names of a module, from the crate's root.
type ModulePath = Vec<String>;

struct TypeDefinition {
    name: String,
    file: String,
    module: ModulePath,
    /// Every module at or below this one can name it.
    scope: ModulePath,
}

/// The module that a file holds: `src/app/edit/mod.rs` holds `app::edit`.
fn module_of(source: &Source) -> ModulePath {
    let name = inside(source);
    let mut parts: ModulePath = name
        .trim_end_matches(".rs")
        .split('/')
        .map(Into::into)
        .collect();
    if matches!(
        parts.last().map(String::as_str),
        Some("mod" | "lib" | "main")
    ) {
        parts.pop();
    }
    parts
}

/// The module whose folder holds a file.
fn folder_of(source: &Source) -> ModulePath {
    let name = inside(source);
    let (folder, _) = name.rsplit_once('/').unwrap_or_default();
    folder
        .split('/')
        .filter(|part| !part.is_empty())
        .map(Into::into)
        .collect()
}

/// The visibility at the head of a line, and what follows it.
fn visibility(line: &str) -> (&str, &str) {
    let Some(rest) = line.strip_prefix("pub") else {
        return ("", line);
    };
    match rest
        .strip_prefix('(')
        .and_then(|inner| inner.split_once(") "))
    {
        Some((place, rest)) => (place, rest),
        None => ("crate", rest.trim_start()),
    }
}

/// The module at or below which a visibility written in `module` lets a name be used. The crate has no
/// other crate that matters here, so `pub` is `pub(crate)`.
fn scope_of(visibility: &str, module: &[String]) -> ModulePath {
    match visibility {
        "" | "self" => module.to_vec(),
        "crate" => Vec::new(),
        "super" => module[..module.len().saturating_sub(1)].to_vec(),
        place => {
            let place = place.trim_start_matches("in crate::");
            place.split("::").map(Into::into).collect()
        }
    }
}

/// Where each module can be named from.
fn module_scopes(sources: &[Source]) -> BTreeMap<ModulePath, ModulePath> {
    let mut scopes = BTreeMap::new();
    for source in sources {
        let module = module_of(source);
        for line in source.code.lines() {
            let (visibility, rest) = visibility(line);
            let name = rest
                .strip_prefix("mod ")
                .and_then(|name| name.strip_suffix(';'));
            if let Some(name) = name {
                let inner = [module.as_slice(), &[name.to_owned()]].concat();
                scopes.insert(inner, scope_of(visibility, &module));
            }
        }
    }
    scopes
}

/// Narrows a scope to where the modules around a name can themselves be named from.
fn reach(
    mut scope: ModulePath,
    module: &[String],
    scopes: &BTreeMap<ModulePath, ModulePath>,
) -> ModulePath {
    for depth in (1..=module.len()).rev() {
        if scope.len() >= depth {
            break;
        }
        let around = scopes.get(&module[..depth]);
        if let Some(around) = around.filter(|around| around.len() > scope.len()) {
            scope = around.clone();
        }
    }
    scope
}

/// The whole paths of a `use`, without its groups: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn paths_of(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((head, group)) = tree.split_once('{') else {
        let (path, _) = tree.split_once(" as ").unwrap_or((tree, ""));
        return vec![path.to_owned()];
    };
    let (group, _) = group.rsplit_once('}').unwrap_or((group, ""));
    let mut depth = 0;
    let parts = group.split(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    let paths = parts
        .filter(|part| !part.trim().is_empty())
        .flat_map(paths_of);
    paths.map(|path| format!("{head}{path}")).collect()
}

/// The module and the name that a path in a `use` leads to.
fn target_of(path: &str, module: &[String]) -> (ModulePath, String) {
    let mut parts: Vec<&str> = path.split("::").collect();
    let name = parts.pop().unwrap_or_default().to_owned();
    let mut at = module.to_vec();
    for part in parts {
        match part {
            "crate" => at.clear(),
            "self" => {}
            "super" => {
                at.pop();
            }
            part => at.push(part.to_owned()),
        }
    }
    (at, name)
}

fn definitions(sources: &[Source]) -> Vec<TypeDefinition> {
    let scopes = module_scopes(sources);
    let mut found = Vec::new();
    for source in sources {
        let module = module_of(source);
        for line in source.code.lines() {
            let (visibility, rest) = visibility(line);
            let words = ["struct ", "enum ", "trait ", "type "];
            let Some(rest) = words.iter().find_map(|word| rest.strip_prefix(word)) else {
                continue;
            };
            let name = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
            let scope = reach(scope_of(visibility, &module), &module, &scopes);
            let (file, module) = (inside(source), module.clone());
            found.push(TypeDefinition {
                name,
                file,
                module,
                scope,
            });
        }
    }
    for source in sources {
        let module = module_of(source);
        for statement in source.code.split(';') {
            let statement = format!("\n{statement}");
            let Some((_, statement)) = statement.rsplit_once("\npub") else {
                continue;
            };
            let statement = format!("pub{statement}");
            let (visibility, rest) = visibility(&statement);
            let Some(tree) = rest.strip_prefix("use ") else {
                continue;
            };
            let scope = reach(scope_of(visibility, &module), &module, &scopes);
            for path in paths_of(tree) {
                let (from, name) = target_of(&path, &module);
                let exported = found
                    .iter_mut()
                    .filter(|it| it.module == from && it.name == name);
                for definition in exported.filter(|it| it.scope.len() > scope.len()) {
                    definition.scope.clone_from(&scope);
                }
            }
        }
    }
    found
}

/// Names that more than one type has outside the folder that defines it.
fn shared_names(sources: &[Source]) -> Vec<String> {
    let folders: BTreeMap<String, ModulePath> = sources
        .iter()
        .map(|source| (inside(source), folder_of(source)))
        .collect();
    let mut named: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for definition in definitions(sources) {
        if definition.scope.len() < folders[&definition.file].len() {
            named
                .entry(definition.name)
                .or_default()
                .push(definition.file);
        }
    }
    named.retain(|_, files| files.len() > 1);
    named
        .iter()
        .map(|(name, files)| format!("{name}: {}", files.join(", ")))
        .collect()
}

#[test]
fn a_type_name_that_is_visible_outside_its_folder_is_there_once() {
    assert_eq!(shared_names(&sources()), Vec::<String>::new());
}

#[test]
fn a_name_that_is_there_twice_is_found() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let planted = |file: &str, code: &str| Source {
        place: "planted".into(),
        path: root.join(file),
        code: code_of(code),
    };
    let pair = |other: &str, code: &str| {
        let sources = [
            planted("lib.rs", "mod one;\nmod two;"),
            planted("one/mod.rs", "mod inner;\npub use inner::{Other, Step};"),
            planted("one/inner.rs", "pub struct Step;\npub struct Other;"),
            planted(
                "two/mod.rs",
                "pub mod seen;\nmod hidden;\npub use self::hidden::Told;",
            ),
            planted(other, code),
        ];
        shared_names(&sources)
    };
    let twice = |files: &str| vec![format!("Step: {files}")];
    // Both by a public module, by a re-export, and from the head of a folder.
    assert_eq!(
        pair("two/seen.rs", "pub enum Step {}"),
        twice("one/inner.rs, two/seen.rs")
    );
    assert_eq!(
        pair("two/deep/mod.rs", "pub(crate) type Step = u8;"),
        twice("one/inner.rs, two/deep/mod.rs")
    );
    // Private, for its folder alone, or behind a private module.
    assert!(pair("two/seen.rs", "struct Step;").is_empty());
    assert!(pair("two/seen.rs", "pub(super) struct Step;").is_empty());
    assert!(pair("two/seen.rs", "pub(in crate::two) struct Step;").is_empty());
    assert!(pair("two/hidden.rs", "pub struct Step;").is_empty());
    assert!(pair("two/hidden.rs", "pub struct Told;").is_empty());
}
