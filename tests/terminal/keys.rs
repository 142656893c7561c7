//! Keys of a file's own: the program follows them, in what it does and in what it says.

use std::fs;

use tempfile::TempDir;

use crate::clinic::Clinic;
use crate::terminal::{Terminal, worklist};

const OWN: &str = "[keys]\n\
    assign_study = \"Z\"\n\
    undo = \"z u\"\n\
    cancel_study = []\n\
    quit = \"Q\"\n";

fn with_own_keys(clinic: &Clinic) -> (Terminal, TempDir) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("config.toml");
    fs::write(&path, OWN).unwrap();
    let config = path.display().to_string();
    let launch = clinic.worklist().arg("--config").arg(&config);
    (launch.size(120, 30).start(), folder)
}

fn last_line(terminal: &Terminal) -> String {
    let text = terminal.text();
    text.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn the_program_follows_the_keys_of_the_file() {
    let clinic = Clinic::open();
    let (mut terminal, _folder) = with_own_keys(&clinic);
    terminal.wait_for_text("updated <1 m ago");
    let hints = last_line(&terminal);
    assert!(hints.contains("Z assign"), "{hints}");
    assert!(hints.contains("Q quit"), "{hints}");

    terminal.keys("a");
    terminal.wait_for_text("a does nothing here; ? lists the keys");
    terminal.keys("Z");
    terminal.wait_for_text("type to narrow");
    terminal.keys("\x1b");
    terminal.wait_without_text("type to narrow");

    terminal.keys("mc");
    terminal.wait_for_text("(z u undoes)");
    terminal.keys("zu");
    terminal.wait_for_text("[ Undo ]");
    terminal.keys("\x1b");
    terminal.wait_without_text("[ Undo ]");

    terminal.keys("q");
    terminal.wait_for_text("q does nothing here");
    terminal.keys("Q");
    assert_eq!(terminal.wait_exit(), 0);
    terminal.assert_restored();
}

#[test]
fn what_has_no_key_is_done_from_the_palette() {
    let clinic = Clinic::open();
    let (mut terminal, _folder) = with_own_keys(&clinic);
    terminal.wait_for_text("updated <1 m ago");
    terminal.keys("x");
    terminal.wait_for_text("on the users screen; g p goes there");
    // It opens a question there, so that what is typed next does nothing here until Esc.
    terminal.keys("\x1b");
    terminal.wait_without_text("on the users screen; g p goes there");
    terminal.keys(":cancel_study");
    terminal.wait_for_text("> cancel_study");
    terminal.wait_for("the choice", |screen| {
        let text = screen.contents();
        text.contains("> Cancel the study; asks first")
    });
    terminal.keys("\r");
    terminal.wait_for_text("Cancel this study?");
    terminal.keys("\x1b");
    terminal.wait_without_text("Cancel this study?");
    // Ctrl-c leaves whatever the file says.
    terminal.keys("\x03");
    assert_eq!(terminal.wait_exit(), 0);
    terminal.assert_restored();
}

#[test]
fn wrong_keys_end_the_start_with_their_line() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("config.toml");
    fs::write(&path, "[keys]\nundo = \"Ctrl-i\"\n").unwrap();
    let config = path.display().to_string();
    let mut start = worklist().arg("--config").arg(&config).start();
    assert_eq!(start.wait_exit(), 2);
    let text = start.text().replace('\n', "");
    assert!(
        text.contains("line 2: undo: “Ctrl-i” cannot be typed"),
        "{text}"
    );
    start.assert_restored();
}
