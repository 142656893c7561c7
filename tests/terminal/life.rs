//! The whole life of a person in a clinic, by keys alone, each step read back over HTTP.

use crate::clinic::{Clinic, study, text};
use crate::terminal::Terminal;

const EMAIL: &str = "noa.bell@example.org";
const SAVE: &str = "\x13";

/// Waits until a question listens, and says yes.
fn yes(program: &mut Terminal) {
    program.wait_for_text("Enter press");
    program.keys("y");
}

/// Types the word that a grave question asks for.
fn word(program: &mut Terminal, word: &str) {
    program.wait_for_text("the word, then Enter");
    program.keys(&format!("{word}\r"));
}

fn newest(clinic: &Clinic) -> serde_json::Value {
    clinic.invitations_of(EMAIL).pop().unwrap()
}

fn hers(clinic: &Clinic) -> usize {
    let open = clinic.open_studies();
    open.iter()
        .filter(|study| study["assignedTo"]["email"] == EMAIL)
        .count()
}

#[test]
fn somebody_comes_works_and_leaves() {
    let clinic = Clinic::empty();
    for n in 1..=3 {
        clinic.create(study(n, "normal", &format!("CT number {n}")));
    }
    let mut program = clinic.worklist().size(110, 34).start();
    program.wait_for_text("3 shown");

    // Invited.
    program.keys("gp");
    program.wait_for_text("USERS");
    program.keys("i");
    program.wait_for_text("Invite a user");
    program.keys(&format!("{EMAIL}\tNoa\tBell\t\t\t\t\t\tradiol\r"));
    program.keys(SAVE);
    program.wait_for_text("Send a real e-mail?");
    yes(&mut program);
    program.wait_for_text("Invited Bell, Noa");
    assert_eq!(text(&newest(&clinic), "status"), "sent");

    // The invitation is set right, revoked, and sent again.
    program.keys("gi");
    program.wait_for_text("INVITATIONS");
    // Not the name alone, because the last message has it before the list is read.
    program.wait_for_text("1 shown");
    program.keys("e");
    program.wait_for_text("First name");
    program.keys("mi");
    program.keys(SAVE);
    program.wait_for_text("Save these changes?");
    yes(&mut program);
    program.wait_for_text("Saved Bell, Noami");
    assert_eq!(text(&newest(&clinic), "firstName"), "Noami");
    program.keys("x");
    word(&mut program, "revoke");
    program.wait_for_text("Invitation revoked: ");
    assert_eq!(text(&newest(&clinic), "status"), "revoked");
    program.keys("i");
    program.wait_for_text("Invite Bell, Noami again");
    program.keys(SAVE);
    program.wait_for_text("Send a real e-mail?");
    yes(&mut program);
    program.wait_for_text("Invited Bell, Noami");
    let invitation = newest(&clinic);
    assert_eq!(clinic.invitations_of(EMAIL).len(), 2);
    assert_eq!(text(&invitation, "status"), "sent");

    // The new user accepts, from the e-mail, and keeps the id of the invitation.
    let id = text(&invitation, "invitationId").parse().unwrap();
    assert!(clinic.sandbox.accept_invitation(id).unwrap());
    let user = text(&invitation, "userId").to_owned();
    program.keys("gpr");
    program.keys(&format!("/email:{EMAIL}\r"));
    program.wait_for_text("1 shown");
    program.keys("e");
    program.wait_for_text("First name");
    program.keys("\x15Naomi");
    program.keys(SAVE);
    program.wait_for_text("Save these changes?");
    yes(&mut program);
    program.wait_for_text("Saved Bell, Naomi");
    assert_eq!(text(&clinic.user(&user), "firstName"), "Naomi");

    // The user is assigned three studies and leaves. The studies are reassigned before the access is revoked.
    program.keys("gw");
    program.wait_for_text("3 shown");
    program.keys("*a");
    program.wait_for_text("Assign 3 marked");
    program.keys("naomi");
    program.wait_for_text("> Bell, Naomi");
    program.keys("\r");
    program.wait_for_text("y yes");
    program.keys("y");
    program.wait_for_text("Assigned 3 to Bell, Naomi");
    assert_eq!(hers(&clinic), 3);
    program.keys("gp");
    program.wait_for_text("USERS");
    program.keys("x");
    program.wait_for_text("Bell, Naomi has 3 open studies");
    program.keys("\r");
    program.wait_for_text("Reassign 3");
    program.keys("dana ki");
    program.wait_for_text("> Kim, Dana");
    program.keys("\r");
    program.wait_for_text("y yes");
    program.keys("y");
    program.wait_for_text("Revoke this user's access?");
    assert_eq!(hers(&clinic), 0);
    let open = clinic.open_studies();
    assert!(
        open.iter()
            .all(|study| study["assignedTo"]["email"] == "dana.kim@example.org")
    );
    word(&mut program, "revoke");
    program.wait_for_text("Access revoked: Bell, Naomi");
    program.wait_for_text("revoked here at ");

    // The user comes back.
    program.keys("X");
    program.wait_for_text("y yes");
    program.keys("y");
    program.wait_for_text("reactivated");
    program.keys("q");
    assert_eq!(program.wait_exit(), 0);
    program.assert_restored();
}
