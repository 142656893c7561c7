//! A user joins: they are invited by keys, and typing mistakes are corrected.

use crate::clinic::{Clinic, text};

const SARAH: &str = "usr_1234567890abcdef1234567890abcdef";
const SAVE: &str = "\x13";

#[test]
fn somebody_is_invited_and_edited() {
    let clinic = Clinic::open();
    let mut program = clinic.worklist().size(100, 30).start();
    program.wait_for_text("updated <1 m ago");
    program.keys("gp");
    program.wait_for_text("USERS");
    program.keys("i");
    program.wait_for_text("Invite a user");
    program.keys("noa@example.org\tNoa\tBell\t\t\t\t15555550199\t\tneuro\r");
    program.wait_for_text("Neurologist");
    program.keys(SAVE);
    program.wait_for_text("Send a real e-mail?");
    program.wait_for_text("Enter press");
    program.keys("y");
    program.wait_for_text("Invited Bell, Noa (an e-mail is sent to noa@example.org)");

    // The same address again is told before anything is sent.
    program.keys("i");
    program.wait_for_text("Invite a user");
    program.keys("noa@example.org\tNoa\tBell\t\t\t\t\t\tneuro\r");
    program.keys(SAVE);
    program.wait_for_text("Nothing was sent: Bell, Noa already has a pending invitation");
    program.keys("\x1b");
    program.wait_for_text("Leave the form?");
    program.wait_for_text("Enter press");
    program.keys("y");
    program.wait_without_text("Invite a user");

    program.keys("gi");
    program.wait_for_text("INVITATIONS");
    program.keys("/user:noa\r");
    program.wait_for_text("1 shown");
    program.keys("e");
    program.wait_for_text("First name");
    program.keys("h\t\t\tMD");
    program.keys(SAVE);
    program.wait_for_text("Save these changes?");
    program.wait_for_text("Enter press");
    program.keys("y");
    program.wait_for_text("Saved Bell, Noah: first name, suffix 1");

    program.keys("gp");
    program.wait_for_text("USERS");
    program.keys("/email:sarah.johnson@example.org\r");
    program.wait_for_text("1 shown");
    program.keys("e");
    program.wait_for_text("First name");
    program.keys("\t\t\t\t\t\x151234567890");
    program.keys(SAVE);
    program.wait_for_text("Save these changes?");
    program.wait_for_text("Enter press");
    program.keys("y");
    program.wait_for_text("Saved Johnson, Sarah: phone");
    assert_eq!(text(&clinic.user(SARAH), "phoneNumber"), "1234567890");
    program.keys("e");
    program.wait_for_text("First name");
    // The phone number goes: null, not an empty text.
    program.keys("\t\t\t\t\t\x15");
    program.keys(SAVE);
    program.wait_for_text("(empty)");
    program.wait_for_text("Enter press");
    program.keys("y");
    program.wait_for_text("Saved Johnson, Sarah: phone");
    // What the line says may still be of the change before.
    program.wait_for("no phone number", |_| {
        clinic.user(SARAH)["phoneNumber"].is_null()
    });
    program.keys("q");
    assert_eq!(program.wait_exit(), 0);
    program.assert_restored();
}
