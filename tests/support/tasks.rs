//! The endpoints as tasks that people do.

/// Each endpoint with the action that calls it and the command that does.
pub const TASKS: [(&str, &str, &str); 18] = [
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
