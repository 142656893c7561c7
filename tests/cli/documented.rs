//! Every command that the readme and the book print runs as it is printed, on a sandbox as it starts.

use std::path::Path;
use std::process::Command;

use super::{clinic, finish};

/// Commands that run until they are ended, or that set up this computer.
const NOT_RUN: [&str; 8] = [
    "avara-tui --",
    "avara-tui sandbox",
    "avara-tui completions",
    "avara-tui man",
    "avara-tui config",
    "avara-tui doctor",
    "avara-tui keys",
    "avara-tui studies open",
];

/// Commands that are printed to show a refusal, and what it says.
const REFUSED: [(&str, &str); 4] = [
    ("--if-assignee me", "it is unassigned now"),
    (
        "--role Radiologist --level member --can-manage-studies",
        "--yes sends it",
    ),
    (
        "invitations revoke --user usr_1234567890abcdef1234567890abcdef",
        "can no longer be revoked",
    ),
    ("journal verify --head 5f0c", "the digest is not among them"),
];

/// The commands in the fenced blocks of a page, each with its continued lines.
fn commands(page: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let (mut is_fenced, mut goes_on) = (false, false);
    for line in page.lines() {
        if line.starts_with("```") {
            (is_fenced, goes_on) = (!is_fenced, false);
            continue;
        }
        let line = line.trim();
        if !is_fenced || line.is_empty() || line.starts_with('#') {
            continue;
        }
        match found.last_mut().filter(|_| goes_on) {
            Some(last) => *last = format!("{} {line}", last.trim_end_matches('\\')),
            None if line.starts_with("avara-tui ") => found.push(line.to_owned()),
            None => continue,
        }
        goes_on = line.ends_with(['|', '\\']);
    }
    found
}

#[test]
fn every_command_of_the_readme_and_the_book_runs_as_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = vec![root.join("README.md")];
    let book = std::fs::read_dir(root.join("docs")).unwrap();
    pages.extend(
        book.map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|it| it == "md")),
    );
    let folder = Path::new(env!("CARGO_BIN_EXE_avara-tui")).parent().unwrap();
    // Some commands read what an earlier one of their page has written.
    let desk = tempfile::tempdir().unwrap();
    let (mut count, mut wrong) = (0, Vec::new());
    for page in pages {
        for command in commands(&std::fs::read_to_string(&page).unwrap()) {
            let is_usage = command.contains("[OPTIONS]") || command.contains("[COMMAND]");
            if is_usage || NOT_RUN.iter().any(|start| command.starts_with(start)) {
                continue;
            }
            let clinic = clinic();
            let mut shell = Command::new("sh");
            shell.arg("-c").arg(&command).current_dir(desk.path());
            super::prepare(&mut shell, &clinic.base_url());
            let path = std::env::var("PATH").unwrap_or_default();
            shell.env("AVARA_ME", "dana.kim@example.org");
            shell.env("PATH", format!("{}:{path}", folder.display()));
            let ran = finish(&mut shell);
            count += 1;
            let refusal = REFUSED.iter().find(|(part, _)| command.contains(part));
            let is_right = match refusal {
                Some((_, words)) if ran.code != 0 => ran.stderr.contains(words),
                _ => ran.code == 0,
            };
            if !is_right {
                wrong.push(format!("{}: {command}\n  {}", page.display(), ran.stderr));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {count}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(count > 20, "{count}");
}
