//! Two clinics in one configuration file, and going from one to the other.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::TempDir;

use crate::clinic::{Clinic, study};
use crate::terminal::worklist;

/// A profile whose key is in a file of its own.
fn profile(folder: &Path, name: &str, clinic: &Clinic) -> String {
    let key = folder.join(format!("{name}.key"));
    fs::write(&key, clinic.sandbox.api_key()).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    format!(
        "[profiles.{name}]\nbase_url = \"{}\"\napi_key_file = \"{}\"\n",
        clinic.sandbox.base_url(),
        key.display()
    )
}

#[test]
fn another_clinic_is_two_keys_away_and_a_wrong_one_does_no_harm() {
    let (lakeside, harbour) = (Clinic::empty(), Clinic::empty());
    lakeside.create(study(1, "stat", "CT by the lake"));
    harbour.create(study(2, "stat", "MR at the harbour"));
    let folder = TempDir::new().unwrap();
    let config = folder.path().join("config.toml");
    let mut text = String::from("default_profile = \"lakeside\"\n");
    text.push_str(&profile(folder.path(), "lakeside", &lakeside));
    text.push_str(&profile(folder.path(), "harbour", &harbour));
    text.push_str(
        "[profiles.closed]\nbase_url = \"http://127.0.0.1:9\"\napi_key_file = \"none.key\"\n",
    );
    fs::write(&config, text).unwrap();
    let mut program = worklist()
        .arg("--config")
        .arg(&config.display().to_string())
        .size(120, 30)
        .start();
    program.wait_for_text("CT by the lake");
    program.wait_for_text("lakeside (127.0.0.1");

    program.keys(" ");
    program.wait_for_text("1 marked");
    program.keys("gc");
    program.wait_for_text("Switch to another clinic");
    program.keys("harb");
    program.wait_for_text("> harbour");
    program.keys("\r");
    program.wait_for_text("MR at the harbour");
    program.wait_for_text("Now at harbour. The cursor and the marks were reset.");
    program.look(|screen| {
        let text = screen.contents();
        assert!(!text.contains("1 marked"), "{text}");
        assert!(text.contains("harbour (127.0.0.1"), "{text}");
        assert!(!text.contains("CT by the lake"), "{text}");
    });

    program.keys("gc");
    program.wait_for_text("Switch to another clinic");
    program.keys("closed");
    program.wait_for_text("> closed");
    program.keys("\r");
    program.wait_for_text("closed cannot be opened: ");
    program.wait_for_text("MR at the harbour");
    program.keys("q");
    assert_eq!(program.wait_exit(), 0);
    program.assert_restored();
    assert_eq!(harbour.open_studies().len(), 1);
}
