//! The manual: a page for each command, in the format of man(7).

use std::io;

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, roman};

#[derive(Debug)]
pub struct Page {
    /// The file's name, with its section.
    pub file: String,
    pub text: String,
}

const SECTION: &str = "1";
const MANUAL: &str = "avara-tui";
const VERSION: &str = concat!("avara-tui ", env!("CARGO_PKG_VERSION"));

const FILES: &[(&str, &str)] = &[
    (
        "~/.config/avara-tui/config.toml",
        "The settings, on Linux. `avara-tui config path` says where they are elsewhere.",
    ),
    (
        "~/.local/state/avara-tui/journal.jsonl",
        "The record of what was changed from this computer, ids only.",
    ),
];

/// Returns the pages of a command and of all its subcommands.
pub fn pages(command: Command) -> Vec<Page> {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    collect(&command, None, &mut pages);
    pages
}

fn collect(command: &Command, above: Option<&str>, pages: &mut Vec<Page>) {
    let name = command.get_display_name().unwrap_or(command.get_name());
    // Writing into memory cannot fail.
    let text = page(command, name, above).unwrap_or_default();
    pages.push(Page {
        file: format!("{name}.{SECTION}"),
        text: ascii(&String::from_utf8_lossy(&text)),
    });
    for below in command.get_subcommands().filter(|one| !one.is_hide_set()) {
        collect(below, Some(name), pages);
    }
}

fn page(command: &Command, name: &str, above: Option<&str>) -> io::Result<Vec<u8>> {
    let man = Man::new(command.clone())
        .title(name)
        .section(SECTION)
        .source(VERSION)
        .manual(MANUAL);
    let mut text = Vec::new();
    man.render_title(&mut text)?;
    // Long flags and ids cannot be justified or hyphenated well.
    text.extend(b".ad l\n.nh\n");
    man.render_name_section(&mut text)?;
    text.extend(synopsis(command));
    man.render_description_section(&mut text)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut text)?;
    }
    man.render_options_section(&mut text)?;
    let mut rest = Roff::default();
    if let Some(after) = command.get_after_help() {
        sections(&after.to_string(), &mut rest);
    }
    match above {
        Some(above) => {
            rest.control("SH", ["SEE ALSO"]);
            rest.text([roman(format!("{above}({SECTION})"))]);
        }
        None => files(&mut rest),
    }
    rest.to_writer(&mut text)?;
    Ok(text)
}

/// Returns how to call the command, in short: optional flags are not listed.
fn synopsis(command: &Command) -> Vec<u8> {
    let usage = command.clone().render_usage().to_string();
    let mut roff = Roff::default();
    roff.control("SH", ["SYNOPSIS"]);
    roff.text([roman(usage.trim_start_matches("Usage:").trim())]);
    roff.to_roff().into_bytes()
}

/// Writes every character outside of ASCII as its number, which any formatter understands in any locale.
fn ascii(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            plain.push(c)
        } else {
            plain.push_str(&format!("\\[u{:04X}]", u32::from(c)))
        }
    }
    plain
}

fn files(roff: &mut Roff) {
    roff.control("SH", ["FILES"]);
    for (path, words) in FILES {
        roff.control("TP", []);
        roff.text([roman(*path)]);
        roff.text([roman(*words)]);
    }
}

/// Writes the text below a command's help: a paragraph that begins with a title and a colon becomes a section
/// of its own, line by line; the others are notes.
fn sections(text: &str, roff: &mut Roff) {
    let mut in_notes = false;
    for paragraph in text.split("\n\n") {
        let lines: Vec<&str> = paragraph.trim_end().lines().collect();
        let Some((title, lines)) = lines.split_first() else {
            continue;
        };
        match title.strip_suffix(':') {
            Some(title) => {
                in_notes = false;
                let title = title.split(',').next().unwrap_or(title);
                roff.control("SH", [title.to_uppercase().as_str()]);
                verbatim(lines, roff);
            }
            None => {
                if in_notes {
                    roff.control("PP", [])
                } else {
                    roff.control("SH", ["NOTES"])
                };
                in_notes = true;
                let lines = std::iter::once(title).chain(lines);
                roff.text(
                    lines
                        .map(|line| roman(format!("{line}\n")))
                        .collect::<Vec<Inline>>(),
                );
            }
        }
    }
}

/// Writes lines as they are.
fn verbatim(lines: &[&str], roff: &mut Roff) {
    roff.control("nf", []);
    for line in lines {
        if line.trim().is_empty() {
            roff.control("PP", [])
        } else {
            roff.text([roman(line.strip_prefix("  ").unwrap_or(line))])
        };
    }
    roff.control("fi", []);
}
