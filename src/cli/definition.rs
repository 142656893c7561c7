//! The command line as users see it: commands in groups, each with examples.

use std::ffi::OsString;

use clap::{Arg, Command, CommandFactory};

use super::Cli;

type Group = (&'static str, &'static [&'static str]);

/// Each command is in one group, which a test checks.
const PROGRAM: &[Group] = &[
    ("Work", &["studies", "users", "invitations", "journal"]),
    ("Setup", &["config", "doctor", "keys"]),
    ("Try out", &["sandbox"]),
    ("Shell", &["completions", "man"]),
];
const STUDIES: &[Group] = &[
    ("Look", &["list", "get", "open"]),
    (
        "Change",
        &[
            "create", "edit", "assign", "unassign", "severity", "complete", "reopen", "cancel",
            "uncancel",
        ],
    ),
];
const USERS: &[Group] = &[
    ("Look", &["list", "get"]),
    ("Change", &["invite", "edit", "revoke", "reactivate"]),
];
const INVITATIONS: &[Group] = &[("Look", &["list", "get"]), ("Change", &["edit", "revoke"])];

/// Returns the command line, with its help in groups.
pub fn definition() -> Command {
    let program = Cli::command().mut_subcommands(|command| match command.get_name() {
        "studies" => grouped(command, STUDIES),
        "users" => grouped(command, USERS),
        "invitations" => grouped(command, INVITATIONS),
        _ => command,
    });
    texts_may_begin_with_a_hyphen(grouped(program, PROGRAM))
}

/// What the values of flags that take any text are called in the help.
const TEXTS: [&str; 7] = ["TEXT", "WHO", "NAME", "PART", "KEY=VALUE", "KEY", "EXPR"];

fn takes_text(argument: &Arg) -> bool {
    let names = argument.get_value_names().unwrap_or_default();
    argument.get_long().is_some() && names.iter().any(|name| TEXTS.contains(&name.as_str()))
}

/// A description such as "-CT" is a value, and not flags.
fn texts_may_begin_with_a_hyphen(command: Command) -> Command {
    command
        .mut_args(|argument| {
            let is_text = takes_text(&argument);
            argument.allow_hyphen_values(is_text)
        })
        .mut_subcommands(texts_may_begin_with_a_hyphen)
}

/// Returns a flag that lacks its text, and the flag that stands in its place: nobody means `--dry-run` as a
/// description.
pub fn swallowed(program: &Command, arguments: &[OsString]) -> Option<(String, String)> {
    fn flags(command: &Command, texts: &mut Vec<String>, all: &mut Vec<String>) {
        for argument in command.get_arguments() {
            let long = argument.get_long().map(|long| format!("--{long}"));
            texts.extend(long.clone().filter(|_| takes_text(argument)));
            all.extend(long);
        }
        for below in command.get_subcommands() {
            flags(below, texts, all);
        }
    }
    let (mut texts, mut all) = (Vec::new(), Vec::new());
    flags(program, &mut texts, &mut all);
    let words: Vec<&str> = arguments.iter().filter_map(|word| word.to_str()).collect();
    let pair = words.windows(2).find(|pair| {
        let flag = pair[1].split('=').next().unwrap_or_default();
        texts.iter().any(|text| text == pair[0]) && all.iter().any(|one| one == flag)
    })?;
    Some((pair[0].to_owned(), pair[1].to_owned()))
}

fn grouped(command: Command, groups: &[Group]) -> Command {
    let mut template = "{before-help}{about-with-newline}\n{usage-heading} {usage}\n".to_owned();
    for (title, names) in groups {
        template.push_str(&format!("\n{title}:\n"));
        let found = names
            .iter()
            .filter_map(|name| command.find_subcommand(name));
        for entry in found {
            let about = entry.get_about().map(ToString::to_string);
            template.push_str(&format!(
                "  {:<11}  {}\n",
                entry.get_name(),
                about.unwrap_or_default()
            ));
        }
    }
    template.push_str("\nOptions:\n{options}{after-help}");
    command.help_template(template)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_stands_in_one_group() {
        let program = Cli::command();
        for (path, groups) in [
            (None, PROGRAM),
            (Some("studies"), STUDIES),
            (Some("users"), USERS),
            (Some("invitations"), INVITATIONS),
        ] {
            let command = match path {
                Some(name) => program.find_subcommand(name).unwrap(),
                None => &program,
            };
            for entry in command.get_subcommands() {
                let name = entry.get_name();
                let found = groups.iter().filter(|(_, names)| names.contains(&name));
                assert_eq!(found.count(), 1, "{name}");
            }
        }
    }
}
