//! What a journal keeps, who finds what was changed in it, and what happens where it cannot be written.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use super::entry::{Entry, Event, LoggedFinding};
use super::verify::{Chain, verify_as};
use super::*;
use crate::api::WriteRecorder;
use crate::resolve::{self, Intent};
use crate::wire::*;

const HOST: &str = "api.example.org";

fn study_id() -> StudyId {
    StudyId::from_bytes([7; 16])
}

struct Desk {
    journal: Journal,
    path: PathBuf,
    _directory: TempDir,
}

fn desk() -> Desk {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("state/avara-tui/journal.jsonl");
    Desk {
        journal: Journal::new(Some(path.clone()), HOST),
        path,
        _directory: directory,
    }
}

impl Desk {
    fn begin<E: Endpoint>(&self, request: &E) -> String {
        let body = request.body().unwrap().unwrap();
        self.journal
            .before(&E::INFO, request.path_values(), &body)
            .unwrap()
    }

    fn end<E: Endpoint>(&self, operation: &str, request: &E, failure: Option<&Failure>) {
        let body = request.body().unwrap().unwrap();
        let values = request.path_values();
        self.journal
            .after(operation, &E::INFO, values, &body, failure);
    }

    fn write<E: Endpoint>(&self, request: &E, failure: Option<&Failure>) -> String {
        let operation = self.begin(request);
        self.end(&operation, request, failure);
        operation
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(&self.path).unwrap()
    }

    fn open(&self) -> Vec<Intent> {
        let open = unresolved(&self.bytes());
        open.into_iter().map(|it| it.intent).collect()
    }
}

fn update() -> UpdateStudy {
    UpdateStudy {
        severity: Some(Severity::Stat),
        assigned_to: Patch::Clear,
        study_description: Some("CANARY^DESCRIPTION".into()),
        metadata: Patch::Set([("canary_key".into(), "CANARY-VALUE".into())].into()),
        ..UpdateStudy::of(study_id())
    }
}

fn invite() -> InviteUser {
    InviteUser {
        email: "Canary@Example.org".into(),
        profile: Profile {
            first_name: "CANARY-FIRST".into(),
            last_name: "CANARY-LAST".into(),
            middle_name: None,
            suffix1: None,
            suffix2: None,
            phone_number: Some("12345678901".into()),
            clinic_role: ClinicRole::Other("CANARY-ROLE".into()),
            level: UserLevel::Member,
            can_manage_studies: true,
            has_dashboard_access: false,
        },
    }
}

#[test]
fn ids_and_names_of_fields_are_kept_and_nothing_else() {
    let desk = desk();
    desk.write(&update(), None);
    desk.write(&invite(), Some(&Failure::TimedOut));
    let text = String::from_utf8(desk.bytes()).unwrap();
    for canary in [
        "canary-",
        "canary^",
        "canary_",
        "example.org\"",
        "canary@",
        "12345678901",
    ] {
        let found = text
            .to_lowercase()
            .replace("api.example.org", "")
            .contains(canary);
        assert!(!found, "{canary} in {text}");
    }
    let first: Entry = entries(&desk.bytes()).next().unwrap();
    assert_eq!(first.host, HOST);
    let Event::Intent {
        action,
        targets,
        fields,
    } = first.event
    else {
        panic!("no intent first");
    };
    assert_eq!(action, "studies.update");
    assert_eq!(targets, [study_id().to_string()]);
    assert_eq!(
        fields,
        [
            "assignedTo=null",
            "metadata",
            "severity=stat",
            "studyDescription"
        ]
    );
}

#[test]
fn an_attempt_is_open_until_its_end_is_known() {
    let desk = desk();
    let operation = desk.begin(&update());
    assert_eq!(desk.open()[0].operation, operation);
    desk.end(&operation, &update(), None);
    assert!(desk.open().is_empty());
    desk.write(&update(), Some(&Failure::rejected(422, b"", None)));
    assert!(desk.open().is_empty());
    desk.write(&update(), Some(&Failure::TimedOut));
    let invited = desk.write(&invite(), Some(&Failure::rejected(502, b"", None)));
    assert_eq!(desk.open().len(), 2);
    desk.journal
        .resolve("nobody@example.org", resolve::Found::Done);
    assert_eq!(desk.open().len(), 2);
    desk.journal
        .resolve("canary@example.ORG", resolve::Found::Done);
    assert!(desk.open().iter().all(|it| it.operation != invited));
    desk.journal
        .resolve(&study_id().to_string(), resolve::Found::NotDone);
    assert!(desk.open().is_empty());
    assert!(is_good(&verify(&desk.bytes(), None)));
}

#[test]
fn what_another_process_has_left_is_taken_over_and_what_it_is_busy_with_is_not() {
    let desk = desk();
    desk.begin(&update());
    // This process lives: it is under way.
    assert_eq!(desk.journal.inherit().unwrap(), []);
    // The same of one that is gone. No process has this number: it is beyond the largest.
    let text = String::from_utf8(desk.bytes()).unwrap();
    let gone = text.replace(
        &format!("\"pid\":{}", std::process::id()),
        "\"pid\":2147483000",
    );
    fs::write(&desk.path, gone).unwrap();
    let open = desk.journal.inherit().unwrap();
    assert_eq!(open.len(), 1);
    let other = Journal::new(Some(desk.path.clone()), "elsewhere.example.org");
    assert_eq!(other.inherit().unwrap(), []);
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let desk = desk();
    desk.begin(&update());
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let directory = desk.path.parent().unwrap();
    assert_eq!((mode(&desk.path), mode(directory)), (0o600, 0o700));
    fs::set_permissions(&desk.path, fs::Permissions::from_mode(0o644)).unwrap();
    fs::set_permissions(directory, fs::Permissions::from_mode(0o755)).unwrap();
    desk.begin(&update());
    assert_eq!((mode(&desk.path), mode(directory)), (0o600, 0o700));
}

#[test]
fn where_it_cannot_be_written_no_write_may_go_out() {
    let refused = |path: Option<PathBuf>| {
        let journal = Journal::new(path, HOST);
        let body = update().body().unwrap().unwrap();
        let told = journal.before(&UpdateStudy::INFO, update().path_values(), &body);
        told.unwrap_err()
    };
    let directory = TempDir::new().unwrap();
    // A file where its directory should be.
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(refused(Some(file.join("journal.jsonl"))).contains("file"));
    assert!(refused(None).contains("XDG_STATE_HOME"));
}

/// A disk that is full for every writer.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named() {
    let path = std::path::Path::new("/dev/full");
    let full = fs::OpenOptions::new().read(true).append(true).open(path);
    let reason = file::append_to(path, full.unwrap(), || false, entry).unwrap_err();
    assert_eq!(reason.to_string(), "/dev/full: the disk is full");
}

fn entry(seq: u64) -> Entry {
    Entry {
        seq,
        time: String::new(),
        torn: None,
        user: String::new(),
        pid: 0,
        host: HOST.into(),
        operation: "00".into(),
        event: Event::Resolved {
            found: LoggedFinding::Done,
        },
    }
}

#[test]
fn a_journal_that_another_program_holds_is_waited_for_and_then_given_up() {
    let desk = desk();
    desk.begin(&update());
    let before = desk.bytes();
    let open = || {
        let mut options = fs::OpenOptions::new();
        options.read(true).append(true).open(&desk.path).unwrap()
    };
    let held = open();
    held.lock().unwrap();
    let mut tries = 0;
    let wait = || {
        tries += 1;
        tries < 3
    };
    let reason = file::append_to(&desk.path, open(), wait, entry).unwrap_err();
    let reason = reason.to_string();
    assert!(reason.contains("another program has held it for 5 s"));
    assert_eq!((tries, desk.bytes()), (3, before));

    // Given back in time, it is written.
    let mut held = Some(held);
    let mut tries = 0;
    let wait = || {
        tries += 1;
        held = held.take().filter(|_| tries < 3);
        true
    };
    file::append_to(&desk.path, open(), wait, entry).unwrap();
    assert_eq!((tries, verify(&desk.bytes(), None).entries), (3, 2));

    // Who only reads it holds nobody up, and is not held up.
    let held = open();
    held.lock().unwrap();
    assert_eq!(desk.journal.read().unwrap(), desk.bytes());
}

/// A folder for state, and what a careless program would change in it.
#[cfg(unix)]
mod places {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::Path;

    use super::*;

    fn refused(path: &Path) -> String {
        let journal = Journal::new(Some(path.to_owned()), HOST);
        let body = update().body().unwrap().unwrap();
        let told = journal.before(&UpdateStudy::INFO, update().path_values(), &body);
        let unread = journal.read().unwrap_err().to_string();
        let inherited = journal.inherit().unwrap_err().to_string();
        assert_eq!(unread, inherited);
        let reason = told.unwrap_err();
        assert_eq!(reason, unread);
        reason
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_link_in_place_of_the_file_is_not_followed_and_nothing_is_changed() {
        let folder = TempDir::new().unwrap();
        let (target, path) = (folder.path().join("target"), folder.path().join("j.jsonl"));
        fs::write(&target, "theirs").unwrap();
        set_mode(&target, 0o644);
        set_mode(folder.path(), 0o755);
        symlink(&target, &path).unwrap();
        let reason = refused(&path);
        assert!(reason.contains("it is a link, which is not followed"));
        assert_eq!((mode(&target), mode(folder.path())), (0o644, 0o755));
        assert_eq!(fs::read_to_string(&target).unwrap(), "theirs");
        // Nothing is made where it leads either.
        fs::remove_file(&target).unwrap();
        assert_eq!(refused(&path), reason);
        assert!(!target.exists());
    }

    #[test]
    fn a_link_in_place_of_the_folder_is_not_followed_and_nothing_is_changed() {
        let folder = TempDir::new().unwrap();
        let (target, link) = (
            folder.path().join("target"),
            folder.path().join("avara-tui"),
        );
        fs::create_dir(&target).unwrap();
        set_mode(&target, 0o755);
        symlink(&target, &link).unwrap();
        let reason = refused(&link.join("journal.jsonl"));
        assert!(reason.contains("its folder is a link"), "{reason}");
        assert_eq!(mode(&target), 0o755);
        assert_eq!(fs::read_dir(&target).unwrap().count(), 0);
        fs::remove_dir(&target).unwrap();
        assert_eq!(refused(&link.join("journal.jsonl")), reason);
        assert!(!target.exists());
    }

    #[test]
    fn what_is_not_an_ordinary_file_is_refused_and_holds_nothing_up() {
        let folder = TempDir::new().unwrap();
        let pipe = folder.path().join("pipe");
        let made = rustix::fs::Mode::from_raw_mode(0o644);
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, made).unwrap();
        set_mode(&pipe, 0o644);
        let nested = folder.path().join("nested");
        fs::create_dir(&nested).unwrap();
        set_mode(folder.path(), 0o755);
        for path in [&pipe, &nested] {
            assert!(refused(path).contains("it is not an ordinary file"));
        }
        assert_eq!((mode(&pipe), mode(folder.path())), (0o644, 0o755));
    }

    #[test]
    fn what_belongs_to_another_user_is_left_as_it_is() {
        let desk = desk();
        desk.begin(&update());
        set_mode(&desk.path, 0o644);
        // Only root can give a file away; elsewhere the case cannot be made.
        if std::os::unix::fs::chown(&desk.path, Some(12_345), None).is_ok() {
            let body = update().body().unwrap().unwrap();
            let values = update().path_values();
            let told = desk.journal.before(&UpdateStudy::INFO, values, &body);
            assert!(told.unwrap_err().contains("belongs to another user"));
            assert_eq!(mode(&desk.path), 0o644);
        }
    }

    #[test]
    fn a_journal_without_end_is_not_read_whole() {
        let desk = desk();
        desk.begin(&update());
        let file = fs::OpenOptions::new().write(true).open(&desk.path).unwrap();
        // A hole, which takes no room on the disk.
        file.set_len((256 << 20) + 1).unwrap();
        let reason = desk.journal.read().unwrap_err().to_string();
        assert!(reason.contains("it is larger than 256 MiB"), "{reason}");
    }
}

#[test]
fn a_path_is_cleaned_where_a_message_quotes_it() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("\u{202e}\u{1b}[31mx");
    fs::create_dir(&path).unwrap();
    let journal = Journal::new(Some(path), HOST);
    let told = journal.read().unwrap_err().to_string();
    assert!(told.contains("/‹U+202E›␛[31mx: it is not"), "{told}");
}

#[test]
fn a_torn_last_line_is_not_tampering_and_the_next_line_says_so() {
    let desk = desk();
    for _ in 0..3 {
        desk.write(&update(), None);
    }
    let whole = desk.bytes();
    let last = whole[..whole.len() - 1]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .unwrap()
        + 1;
    for cut in last..whole.len() {
        fs::write(&desk.path, &whole[..cut]).unwrap();
        let report = verify(&desk.bytes(), None);
        // Without its line end alone the line is there.
        let is_whole = cut == whole.len() - 1;
        let (kept, torn) = (if is_whole { 6 } else { 5 }, !is_whole && cut > last);
        assert_eq!(
            (report.entries, report.torn, report.bad),
            (kept, torn, None),
            "{cut}"
        );
        desk.begin(&update());
        let report = verify(&desk.bytes(), None);
        assert_eq!(
            (report.entries, report.torn, report.bad),
            (kept + 1, false, None),
            "{cut}"
        );
        let said = entries(&desk.bytes()).last().unwrap().torn;
        assert_eq!(said, torn.then_some((cut - last) as u64));
    }
    // A line that is damaged and not torn stops everything.
    let mut damaged = whole.clone();
    damaged[last + 10] ^= 1;
    fs::write(&desk.path, &damaged[..]).unwrap();
    let body = update().body().unwrap().unwrap();
    let refused = desk
        .journal
        .before(&UpdateStudy::INFO, update().path_values(), &body);
    // The number alone may have changed; then the chain tells, not the next writer.
    assert!(refused.is_err() || verify(&desk.bytes(), None).bad.is_some());
}

#[test]
fn a_cut_at_a_line_end_is_found_by_the_noted_head() {
    let desk = desk();
    for _ in 0..5 {
        desk.write(&update(), None);
    }
    let whole = desk.bytes();
    let head = verify(&whole, None).head;
    assert!(is_good(&verify(&whole, Some(&head))));
    let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
    for kept in 0..lines.len() {
        let cut = lines[..kept].concat();
        assert!(is_good(&verify(&cut, None)), "the chain alone cannot tell");
        assert!(!is_good(&verify(&cut, Some(&head))), "{kept}");
    }
    // It goes on being found in what is added later.
    desk.write(&update(), None);
    assert!(is_good(&verify(&desk.bytes(), Some(&head))));
}

/// Nothing in it was changed, and the digest that was asked about is in it.
fn is_good(report: &Report) -> bool {
    report.bad.is_none() && report.has_head != Some(false)
}

/// The number of the line that holds a byte.
fn line_of(bytes: &[u8], at: usize) -> u64 {
    1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count() as u64
}

/// Changes one thing; gives the number of the first line that is no longer as it was.
fn tamper(bytes: &mut Vec<u8>, random: &mut fastrand::Rng) -> Option<u64> {
    let at = random.usize(..bytes.len());
    let line = line_of(bytes, at);
    match random.u8(..5) {
        0 => bytes[at] ^= 1 << random.u8(..8),
        1 => {
            bytes.remove(at);
        }
        2 => bytes.insert(at, random.u8(..)),
        3 => {
            // Two bytes that stand side by side.
            let next = (at + 1).min(bytes.len() - 1);
            if bytes[at] == bytes[next] {
                return None;
            }
            bytes.swap(at, next);
        }
        _ => {
            let lines: Vec<Vec<u8>> = bytes
                .split_inclusive(|b| *b == b'\n')
                .map(<[u8]>::to_vec)
                .collect();
            let (one, other) = (random.usize(..lines.len()), random.usize(..lines.len()));
            if one == other {
                return None;
            }
            let mut swapped = lines;
            swapped.swap(one, other);
            *bytes = swapped.concat();
            return Some(one.min(other) as u64 + 1);
        }
    }
    Some(line)
}

#[test]
fn ten_thousand_changes_are_each_found_where_they_were_made() {
    const CHANGES: usize = 10_000;
    const SEED: u64 = 20_261_125;
    let desk = desk();
    for _ in 0..6 {
        desk.write(&update(), None);
        desk.write(&invite(), Some(&Failure::TimedOut));
    }
    let whole = desk.bytes();
    let intact = verify(&whole, None).entries;
    let mut random = fastrand::Rng::with_seed(SEED);
    let (mut made, mut missed, mut missed_without_chain) = (0, 0, 0);
    while made < CHANGES {
        let mut bytes = whole.clone();
        let Some(line) = tamper(&mut bytes, &mut random) else {
            continue;
        };
        if bytes == whole {
            continue;
        }
        made += 1;
        let report = verify(&bytes, None);
        // The last line's end may be lost: all lines are there, and are said to be.
        let is_harmless = report.entries == intact && report.bad.is_none();
        let is_found = report.bad.is_some_and(|bad| bad.seq == line);
        let is_whole = is_harmless && bytes.starts_with(&whole[..whole.len() - 1]);
        missed += usize::from(!(is_found || is_whole));
        let careless = verify_as(&bytes, None, Chain::Skipped);
        missed_without_chain += usize::from(careless.bad.is_none());
    }
    let bound = 3.0 / CHANGES as f64;
    println!(
        "{CHANGES} changes, seed {SEED}: {missed} missed (bound {bound:.0e}); without the chain {missed_without_chain}"
    );
    assert_eq!(missed, 0);
    assert!(
        missed_without_chain > 0,
        "the planted defect was not caught"
    );
}
