//! The book in `docs` and the readme: what is written from the code is fresh (`UPDATE_DOCS=1 cargo test
//! --test book` writes it anew), every link leads somewhere, every command and filter is understood, and
//! every message that troubleshooting explains is one that the program says.

#![cfg(feature = "sandbox")]
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "book/foreign.rs"]
mod foreign;
#[path = "support/tasks.rs"]
mod support;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use avara_tui::app::{ACTIONS, ListedInvitation, ListedUser, RosterRecord};
use avara_tui::cli::{Cli, definition};
use avara_tui::config::EXAMPLE;
use avara_tui::wire::ENDPOINTS;
use avara_tui::worklist::{Facet, Filter, KEYS};
use clap::{Arg, Command};
use support::TASKS;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Compares what stands between the marks of a section with what the code says, or writes it anew.
fn check(name: &str, section: &str, content: &str) {
    let text = read(name);
    let begin = format!("<!-- begin: {section} -->\n");
    let end = format!("<!-- end: {section} -->");
    let (before, rest) = text.split_once(&begin).unwrap();
    let (_, after) = rest.split_once(&end).unwrap();
    let fresh = format!("{before}{begin}{content}{end}{after}");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(root().join(name), fresh).unwrap();
        return;
    }
    assert!(
        text == fresh,
        "{name} is stale: UPDATE_DOCS=1 cargo test --test book"
    );
}

/// A text as a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn is_global(argument: &Arg) -> bool {
    argument.get_help_heading() == Some("Global options") || argument.get_id() == "help"
}

/// A flag or a word with its value, as it is typed.
fn typed(argument: &Arg) -> String {
    let text = argument.to_string();
    match (argument.get_short(), argument.is_positional()) {
        (Some(short), false) => format!("-{short}, {text}"),
        _ => text,
    }
}

/// What an argument is for, its values and its default.
fn meaning(argument: &Arg) -> String {
    let mut text = argument
        .get_help()
        .map(ToString::to_string)
        .unwrap_or_default();
    let values: Vec<String> = argument
        .get_possible_values()
        .iter()
        .map(|value| value.get_name().to_owned())
        .collect();
    if !values.is_empty() && argument.get_action().takes_values() {
        text.push_str(&format!(" ({})", values.join(", ")));
    }
    let default: Vec<String> = argument
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy().into_owned())
        .collect();
    if argument.get_action().takes_values()
        && !default.is_empty()
        && !argument.is_hide_default_value_set()
    {
        text.push_str(&format!("; {} unless said", default.join(" ")));
    }
    text
}

fn table<'a>(arguments: impl Iterator<Item = &'a Arg>) -> String {
    let rows: Vec<String> = arguments
        .filter(|argument| !argument.is_hide_set())
        .map(|argument| {
            format!(
                "| `{}` | {} |\n",
                cell(&typed(argument)),
                cell(&meaning(argument))
            )
        })
        .collect();
    if rows.is_empty() {
        String::new()
    } else {
        format!("| | |\n|---|---|\n{}\n", rows.concat())
    }
}

fn chapter(path: &str, command: &mut Command) -> String {
    let level = match path.split(' ').count() {
        ..=2 => "##",
        _ => "###",
    };
    let about = command
        .get_about()
        .map(ToString::to_string)
        .unwrap_or_default();
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim();
    let mut text = format!("{level} {path}\n\n{about}.\n\n```\n{usage}\n```\n\n");
    text.push_str(&table(
        command
            .get_arguments()
            .filter(|argument| !is_global(argument)),
    ));
    if let Some(after) = command.get_after_help() {
        text.push_str(&format!("```\n{after}\n```\n\n"));
    }
    text
}

fn commands() -> Vec<(String, Command)> {
    fn walk(command: &Command, path: &str, found: &mut Vec<(String, Command)>) {
        found.push((path.to_owned(), command.clone()));
        for below in command.get_subcommands() {
            walk(below, &format!("{path} {}", below.get_name()), found);
        }
    }
    let mut program = definition().disable_help_subcommand(true);
    program.build();
    let mut found = Vec::new();
    walk(&program, "avara-tui", &mut found);
    found
}

#[test]
fn the_command_line_is_the_one_of_the_program() {
    let mut commands = commands();
    let global = table(commands[0].1.get_arguments().filter(|one| is_global(one)));
    let mut text = format!("## Flags of every command\n\n{global}");
    for (path, command) in &mut commands {
        text.push_str(&chapter(path, command));
    }
    check("docs/command-line.md", "commands", &text);
}

#[test]
fn the_filter_keys_are_those_of_the_program() {
    let mut studies =
        String::from("| key | asks for | may be | for example |\n|---|---|---|---|\n");
    for key in KEYS {
        let name = match key.name {
            "meta." => "meta.KEY",
            name => name,
        };
        studies.push_str(&format!(
            "| `{name}:` | {} | {} | `{}` |\n",
            key.help, key.values, key.example
        ));
    }
    check("docs/filters.md", "studies", &studies);
    check("docs/filters.md", "users", &facets(ListedUser::FACETS));
    check(
        "docs/filters.md",
        "invitations",
        &facets(ListedInvitation::FACETS),
    );
}

fn facets(facets: &[Facet]) -> String {
    let rows = facets
        .iter()
        .map(|facet| format!("| `{}:` | {} |\n", facet.name, facet.values));
    format!("| key | may be |\n|---|---|\n{}", rows.collect::<String>())
}

#[test]
fn the_settings_are_those_of_the_file_that_the_program_holds() {
    check(
        "docs/configuration.md",
        "file",
        &format!("```toml\n{EXAMPLE}```\n"),
    );
    // What has no default and stands there as an example has a row in the text.
    let text = read("docs/configuration.md");
    let (profiles, _) = EXAMPLE.split_once("[refresh]").unwrap();
    let examples = profiles.lines().filter_map(|line| {
        let name = line.strip_prefix('#')?.split(" = ").next()?;
        let is_setting =
            !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        (is_setting && line.contains(" = ")).then_some(name)
    });
    for name in examples {
        assert!(text.contains(&format!("| `{name}` |")), "{name} has no row");
    }
}

#[test]
fn every_endpoint_is_a_task_with_its_keys_and_its_command() {
    let mut text = String::from("| endpoint | on screen | from a shell |\n|---|---|---|\n");
    for endpoint in ENDPOINTS {
        let (_, action, command) = TASKS
            .iter()
            .find(|(name, _, _)| *name == endpoint.name)
            .unwrap();
        let spec = ACTIONS.iter().find(|spec| spec.name == *action).unwrap();
        text.push_str(&format!(
            "| `{} {}` | `{}`: {} | `avara-tui {command}` |\n",
            endpoint.method, endpoint.path, spec.keys[0], spec.doc
        ));
    }
    check("docs/tasks.md", "endpoints", &text);
}

/// The readme, its neighbours, and the book.
fn pages() -> Vec<PathBuf> {
    let folder = fs::read_dir(root().join("docs")).unwrap();
    let mut pages: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    for name in ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"] {
        pages.push(root().join(name));
    }
    pages.retain(|path| path.extension().is_some_and(|end| end == "md"));
    pages.sort();
    pages
}

/// What is behind each `](…)` of a text, code left out.
fn links(text: &str) -> Vec<String> {
    let text: String = text.split("```").step_by(2).collect();
    let after = text.split("](").skip(1);
    after
        .filter_map(|rest| rest.split_once(')'))
        .map(|(link, _)| link.to_owned())
        .collect()
}

/// A heading as a link names it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    let kept = kept
        .chars()
        .filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn has_heading(text: &str, wanted: &str) -> bool {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| anchor(line.trim_start_matches('#')))
        .any(|found| found == wanted)
}

/// Why a link of this page leads nowhere.
fn broken(page: &Path, link: &str) -> Option<String> {
    if link.starts_with("https://") {
        return None;
    }
    let (file, heading) = link.split_once('#').unwrap_or((link, ""));
    let target = match file {
        "" => page.to_owned(),
        file => page.parent().unwrap().join(file),
    };
    if !target.exists() {
        return Some(format!("{}: {link} does not exist", page.display()));
    }
    let is_there =
        heading.is_empty() || has_heading(&fs::read_to_string(&target).unwrap(), heading);
    (!is_there).then(|| format!("{}: {link} names no heading", page.display()))
}

#[test]
fn every_link_leads_somewhere() {
    let mut count = 0;
    let mut wrong = Vec::new();
    for page in pages() {
        for link in links(&fs::read_to_string(&page).unwrap()) {
            count += 1;
            wrong.extend(broken(&page, &link));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(count >= 60, "{count} links");
    let page = root().join("README.md");
    assert!(broken(&page, "docs/nothing.md").is_some());
    assert!(broken(&page, "docs/tasks.md#nothing").is_some());
}

#[test]
fn the_table_of_contents_names_every_page_and_the_readme_stays_short() {
    let contents = links(&read("docs/README.md"));
    for page in pages() {
        let name = page.file_name().unwrap().to_string_lossy().into_owned();
        let is_of_book = page.parent().unwrap().ends_with("docs") && name != "README.md";
        assert!(
            !is_of_book || contents.contains(&name),
            "docs/README.md leaves out {name}"
        );
    }
    let lines = read("README.md").lines().count();
    assert!(
        lines <= 70,
        "the readme has {lines} lines; the book has room"
    );
    let pictures = fs::read_dir(root().join("assets")).unwrap();
    for entry in pictures {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        let is_shown = pages()
            .iter()
            .any(|page| fs::read_to_string(page).unwrap().contains(&name));
        assert!(
            !name.ends_with(".svg") || is_shown,
            "no page shows assets/{name}"
        );
    }
}

/// A line of a shell in words, quotes honoured.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, ' ') => words.push(String::new()),
            (_, c) => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The commands of this program in the code of a page that a person is to type.
fn typed_commands(text: &str) -> Vec<Vec<String>> {
    let code: String = text.split("```").skip(1).step_by(2).collect();
    let code = code.replace("\\\n", " ").replace("|\n", "| ");
    let parts = code.lines().flat_map(|line| line.split(" | "));
    parts
        .filter_map(|part| {
            let part = part.split(" >").next().unwrap_or_default();
            let part = part.split(" && ").last().unwrap_or_default();
            let mut words = words(part.trim());
            let is_setting = |word: &String| word.starts_with("AVARA_") && word.contains('=');
            words.drain(..words.iter().take_while(|word| is_setting(word)).count());
            words
                .first()
                .is_some_and(|word| word == "avara-tui")
                .then_some(words)
        })
        .collect()
}

#[test]
fn every_command_of_the_book_is_understood() {
    let mut count = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        // Their usage lines are no examples; tests/shell.rs looks at those.
        if page.ends_with("docs/command-line.md") {
            continue;
        }
        for words in typed_commands(&text) {
            let line = words.join(" ");
            if let Err(error) = Cli::read(words.iter().map(OsString::from)) {
                let is_help = !error.use_stderr();
                assert!(is_help, "{}: {line}\n{error}", page.display());
            }
            count += 1;
        }
    }
    assert!(count >= 25, "{count} commands");
    let planted = typed_commands("```\nAVARA_ME=x avara-tui studys | avara-tui keys\n```");
    assert_eq!(
        planted,
        [vec!["avara-tui", "studys"], vec!["avara-tui", "keys"]]
    );
}

#[test]
fn every_filter_of_the_book_is_understood() {
    let text = read("docs/filters.md");
    let (studies, _) = text.split_once("## Users and invitations").unwrap();
    let mut count = 0;
    for block in studies.split("```").skip(1).step_by(2) {
        for line in block.trim().lines() {
            let parsed = Filter::parse(line);
            assert!(parsed.is_ok(), "{line}: {:?}", parsed.err());
            count += 1;
        }
    }
    assert!(count >= 8, "{count} filters");
}

/// All texts of the code, broken lines joined.
fn said() -> String {
    fn collect(folder: &Path, text: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap_or_default();
            if name == "tests" || name == "snapshots" {
                continue;
            }
            if path.is_dir() {
                collect(&path, text);
            } else {
                text.push_str(&fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut text = String::new();
    collect(&root().join("src"), &mut text);
    let mut joined = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        match line.trim_end().strip_suffix('\\') {
            Some(start) => joined.push_str(start.trim_start()),
            None => joined.push_str(line.trim_start()),
        }
    }
    joined
}

#[test]
fn every_message_that_is_explained_is_one_that_the_program_says() {
    let text = read("docs/troubleshooting.md");
    let said = said();
    let mut count = 0;
    let mut never = Vec::new();
    for row in text.lines().filter(|line| line.starts_with("| `")) {
        let (message, advice) = row[3..].split_once("` | ").unwrap();
        assert!(advice.len() > 10, "{message}: no advice");
        for part in message
            .split('…')
            .map(str::trim)
            .filter(|part| part.len() > 3)
        {
            if !said.contains(part) {
                never.push(part.to_owned());
            }
        }
        count += 1;
    }
    assert!(count >= 40, "{count} messages");
    assert!(!said.contains("there is no network; plug it in"));
    assert_eq!(never, Vec::<String>::new(), "the program never says these");
}
