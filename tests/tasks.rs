//! Every endpoint of the API is a task that people can do: on screen and from the command line.

use avara_tui::app::ACTIONS;
use avara_tui::cli::Cli;
use avara_tui::wire::ENDPOINTS;
use clap::CommandFactory;

/// Each endpoint with the action that calls it and the command that does.
const TASKS: [(&str, &str, &str); 18] = [
    ("studies.create", "create_study", "studies create"),
    ("studies.list", "refresh", "studies list"),
    ("studies.retrieve", "look_up", "studies get"),
    ("studies.update", "assign_study", "studies assign"),
    ("studies.cancel", "cancel_study", "studies cancel"),
    ("studies.uncancel", "uncancel_study", "studies uncancel"),
    ("studies.reroute_url", "open_viewer", "studies open"),
    ("studies.retrieve_by_uid", "look_up", "studies get"),
    ("users.invite", "invite_user", "users invite"),
    ("users.list", "go_users", "users list"),
    ("users.retrieve", "show_detail", "users get"),
    ("users.update", "edit_user", "users edit"),
    ("users.revoke_access", "revoke_access", "users revoke"),
    ("users.reactivate", "reactivate", "users reactivate"),
    ("invitations.list", "go_invitations", "invitations list"),
    ("invitations.retrieve", "show_detail", "invitations get"),
    ("invitations.update", "edit_invitation", "invitations edit"),
    (
        "invitations.revoke",
        "revoke_invitation",
        "invitations revoke",
    ),
];

#[test]
fn no_endpoint_is_without_an_action_and_a_command() {
    let program = Cli::command();
    for endpoint in ENDPOINTS {
        let task = TASKS.iter().find(|(name, _, _)| *name == endpoint.name);
        let Some((_, action, command)) = task else {
            panic!("{} is no task that people can do", endpoint.name);
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
