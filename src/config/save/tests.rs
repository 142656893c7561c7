use super::*;
use crate::config::ConfigFile;

fn view(name: &str, filter: &str) -> View {
    View::plain(name, filter)
}

const MINE: &str = "\
# My settings, with care.

[targets]
stat = \"45m\" # agreed in March

# The ones of the night shift.
[[views]]
# nobody's
name = \"Night\"   # mine
filter = 'sev:stat,high'  # two of them
sort = [ \"oldest\" ]

[[views]]
name = \"Late\"
filter = \"late:yes\"
# the end
";

#[test]
fn a_new_view_comes_last_and_the_rest_stays_as_it_is() {
    let mut new = view("CT", "ct desc:\"head\"");
    new.sort = Sort::NEWEST;
    new.columns.truncate(3);
    let edited = with_view(MINE, &new, None, &[]).unwrap();
    let added = "\n[[views]]\nname = \"CT\"\nfilter = 'ct desc:\"head\"'\nsort = [\"newest\"]\n\
                 columns = [\"severity\", \"age\", \"description\"]\n";
    let before = MINE.strip_suffix("# the end\n").unwrap();
    assert_eq!(edited, format!("{before}{added}# the end\n"));
}

#[test]
fn a_view_that_is_replaced_keeps_its_comments_and_its_place() {
    let edited = with_view(MINE, &view("Night 2", "sev:stat"), Some("night"), &[]).unwrap();
    let expected = MINE
        .replace("name = \"Night\" ", "name = \"Night 2\" ")
        .replace("'sev:stat,high'", "\"sev:stat\"")
        .replace("[ \"oldest\" ]", "[\"late\", \"severity\", \"age\"]");
    assert_eq!(edited, expected);
}

#[test]
fn a_view_saved_as_it_was_changes_not_a_byte() {
    let mut night = view("Night", "sev:stat,high");
    night.sort = Sort::of_words(["oldest"]).unwrap();
    assert_eq!(with_view(MINE, &night, Some("Night"), &[]).unwrap(), MINE);
}

#[test]
fn a_file_with_the_line_ends_of_windows_stays_readable() {
    let text = MINE.replace('\n', "\r\n");
    let edited = with_view(&text, &view("New", "ct"), None, &[]).unwrap();
    assert_eq!(parse(&edited).unwrap().views.unwrap().len(), 3);
    assert!(edited.contains("# agreed in March"));
}

#[test]
fn the_first_view_of_a_file_brings_the_built_in_ones_along() {
    let mut all = View::defaults();
    all.push(view("Night", "sev:stat"));
    let text = "# words\n[targets]\nhigh = \"2h\"\n";
    let edited = with_view(text, &all[6], None, &all).unwrap();
    assert!(edited.starts_with(text), "{edited}");
    assert_eq!(parse(&edited).unwrap().views.unwrap(), all);
    assert_eq!(parse(&edited).unwrap().targets.high, 2 * 3_600_000);
}

#[test]
fn a_full_or_broken_file_is_left_alone() {
    let nine: String = (0..9)
        .map(|n| format!("[[views]]\nname = \"{n}\"\n"))
        .collect();
    let refused = |text: &str| with_view(text, &view("New", ""), None, &[]).unwrap_err();
    assert_eq!(refused(&nine), "it holds 9 views already");
    assert_eq!(
        refused("\nvews = 1"),
        "line 2: “vews” is not a setting; did you mean “views”?"
    );
}

#[test]
fn a_file_is_made_with_its_folders_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b/config.toml");
    let all = [view("Night", "sev:stat")];
    assert_eq!(save_view(Some(&path), &all[0], None, &all).unwrap(), path);
    let file = ConfigFile::read(Some(path.clone())).unwrap();
    assert_eq!(file.views.unwrap(), all);
    assert!(fs::read_to_string(&path).unwrap().starts_with(HEAD));
    let inside: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().collect();
    assert_eq!(inside.len(), 1, "no draft is left behind");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_the_file_stays_a_link() {
    let folder = tempfile::tempdir().unwrap();
    let (real, link) = (
        folder.path().join("real.toml"),
        folder.path().join("config.toml"),
    );
    fs::write(&real, MINE).unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    save_view(Some(&link), &view("New", ""), None, &[]).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::read_to_string(&real).unwrap().contains("\"New\""));
}

#[test]
fn what_cannot_be_written_is_said_plainly_and_leaves_the_file_alone() {
    assert!(
        save_view(None, &view("A", ""), None, &[])
            .unwrap_err()
            .contains("home directory")
    );
    let folder = tempfile::tempdir().unwrap();
    let blocked = folder.path().join("file");
    fs::write(&blocked, "x").unwrap();
    let reason = save_view(
        Some(&blocked.join("config.toml")),
        &view("A", ""),
        None,
        &[],
    );
    assert!(reason.unwrap_err().contains("config.toml"));
    let broken = folder.path().join("config.toml");
    fs::write(&broken, "views = 1").unwrap();
    let reason = save_view(Some(&broken), &view("A", ""), None, &[]).unwrap_err();
    assert!(reason.contains("line 1"), "{reason}");
    assert_eq!(fs::read_to_string(&broken).unwrap(), "views = 1");
}
