//! Views, saved in a file and there again after the next start.

use std::fs;

use tempfile::TempDir;

use crate::clinic::Clinic;
use crate::terminal::worklist;

#[test]
fn a_saved_view_is_there_again_after_the_next_start() {
    let clinic = Clinic::open();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("own/config.toml");
    let config = path.display().to_string();
    let mut first = clinic
        .worklist()
        .arg("--config")
        .arg(&config)
        .size(120, 30)
        .start();
    first.wait_for_text("updated <1 m ago");
    first.keys("/sev:stat,high\r");
    first.keys("VNight\r");
    first.wait_for_text("Saved view 7 Night");
    first.keys("q");
    assert_eq!(first.wait_exit(), 0);
    let text = fs::read_to_string(&path).unwrap();
    assert!(
        text.contains("name = \"Night\"\nfilter = \"sev:stat,high\"\n"),
        "{text}"
    );

    let mut second = clinic
        .worklist()
        .arg("--config")
        .arg(&config)
        .size(120, 30)
        .start();
    second.wait_for_text("updated <1 m ago");
    second.keys("7");
    second.wait_for_text("[7 Night");
    second.wait_for_text("/ sev:stat,high");
    second.keys("q");
    assert_eq!(second.wait_exit(), 0);
    second.assert_restored();
}

#[test]
fn the_demo_keeps_views_to_itself() {
    let mut demo = worklist().arg("--demo").size(120, 30).start();
    demo.wait_for_text("updated <1 m ago");
    demo.keys("VNight\r");
    demo.wait_for_text("the demo writes no file");
    demo.keys("q");
    assert_eq!(demo.wait_exit(), 0);
    demo.assert_restored();
}

#[test]
fn a_wrong_file_ends_the_start_with_its_line() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("config.toml");
    fs::write(&path, "[[views]]\nnam = \"x\"\n").unwrap();
    let config = path.display().to_string();
    let mut start = worklist().arg("--config").arg(&config).start();
    assert_eq!(start.wait_exit(), 2);
    let text = start.text().replace('\n', "");
    assert!(
        text.contains("line 2: “nam” is not a setting of a view"),
        "{text}"
    );
    start.assert_restored();
}
