//! Every endpoint of the API is a task that people can do: on screen and from the command line.

#[path = "support/tasks.rs"]
mod support;

use avara_tui::app::ACTIONS;
use avara_tui::cli::Cli;
use avara_tui::wire::ENDPOINTS;
use clap::CommandFactory;
use support::TASKS;

#[test]
fn no_endpoint_is_without_an_action_and_a_command() {
    let program = Cli::command();
    for endpoint in ENDPOINTS {
        let task = TASKS.iter().find(|(name, _, _)| *name == endpoint.name);
        let Some((_, action, command)) = task else {
            panic!("{} is not a task that people can do", endpoint.name);
        };
        assert!(
            ACTIONS.iter().any(|spec| spec.name == *action),
            "{}: there is no action {action}",
            endpoint.name
        );
        let found = command
            .split(' ')
            .try_fold(&program, |at, word| at.find_subcommand(word));
        assert!(found.is_some(), "{}: no command {command}", endpoint.name);
    }
    assert_eq!(TASKS.len(), ENDPOINTS.len());
}
