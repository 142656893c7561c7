//! The command line as users see it: commands in groups, each with examples.

use clap::{Command, CommandFactory};

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
    grouped(program, PROGRAM)
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
