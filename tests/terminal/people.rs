//! A user leaves: their studies are reassigned, their access is revoked, and so is a pending invitation.

use crate::clinic::{Clinic, study, text};

const SARAH: &str = "usr_1234567890abcdef1234567890abcdef";

#[test]
fn a_user_who_leaves_keeps_no_study() {
    let clinic = Clinic::open();
    let mut record = study(1, "stat", "CT Head trauma");
    record["assignedTo"] = SARAH.into();
    clinic.create(record);
    let mut program = clinic.worklist().size(100, 30).start();
    program.wait_for_text("updated <1 m ago");
    program.keys("gp");
    program.wait_for_text("USERS");
    program.keys("/email:sarah.johnson@example.org\r");
    program.wait_for_text("1 shown");
    program.keys("x");
    program.wait_for_text("Johnson, Sarah has ");
    // Unassign them all.
    program.keys("\x1b[B\r");
    program.wait_for_text("+- unassign: ");
    let shown = program.text();
    let (_, rest) = shown.split_once("+- unassign: ").unwrap();
    let count: usize = rest.split(' ').next().unwrap().parse().unwrap();
    if count > 10 {
        program.wait_for_text("the word, then Enter");
        program.keys(&format!("{count}\r"));
    } else {
        program.wait_for_text("y yes");
        program.keys("y");
    }
    program.wait_for_text("Revoke this user's access?");
    let hers = |study: &&serde_json::Value| study["assignedTo"]["userId"] == SARAH;
    assert_eq!(clinic.open_studies().iter().filter(hers).count(), 0);
    program.wait_for_text("the word, then Enter");
    program.keys("revoke\r");
    program.wait_for_text("Access revoked: Johnson, Sarah");
    program.wait_for_text("revoked here at ");

    program.keys("gi");
    program.wait_for_text("INVITATIONS");
    program.keys("/carla\r");
    program.wait_for_text("1 shown");
    program.keys("x");
    program.wait_for_text("the word, then Enter");
    program.keys("revoke\r");
    program.wait_for_text("Invitation revoked: ");
    let invitation = clinic.invitation("inv_1234567890abcdef1234567890abcdef");
    assert_eq!(text(&invitation, "status"), "revoked");
    program.keys("x");
    program.wait_for_text("already revoked");
    program.keys("\x1b");
    program.wait_without_text("Not now: Revoke the invitation");
    program.keys("gwq");
    assert_eq!(program.wait_exit(), 0);
    program.assert_restored();
}
