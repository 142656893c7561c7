//! Where keys come from, and where they do not go.

use std::fs::{self, Permissions};
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use super::common::{Server, json};
use super::{KEY, Ran, clinic, finish, program};

const EMPTY_PAGE: &str = r#"{"studies":[],"hasMore":false,"nextCursor":null}"#;

/// A folder with a configuration file of one profile and a key file that only its owner can read.
fn home(profile: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    let config = format!("[profiles.main]\n{profile}\n");
    fs::write(folder.path().join("config.toml"), config).unwrap();
    put_key(folder.path(), 0o600);
    folder
}

fn put_key(folder: &Path, mode: u32) {
    let path = folder.join("main.key");
    fs::write(&path, format!("{KEY}\n")).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
}

/// The list of studies by this profile, with no key in the environment.
fn list(folder: &Path) -> Command {
    let mut command = program("", &["studies", "list", "--jsonl"]);
    command
        .env_remove("AVARA_BASE_URL")
        .env_remove("AVARA_API_KEY")
        .args(["--config", folder.join("config.toml").to_str().unwrap()]);
    command
}

#[test]
fn a_key_comes_from_a_file_or_a_program_of_the_profile() {
    let sandbox = clinic();
    let base_url = sandbox.base_url();
    for source in [
        "api_key_file = \"main.key\"",
        "api_key_command = [\"printf\", \"canary-key-5f2c\\n\"]",
    ] {
        let folder = home(&format!("base_url = \"{base_url}\"\n{source}"));
        let ran = finish(&mut list(folder.path()));
        assert_eq!(ran.code, 0, "{source}: {ran:?}");
        assert!(!ran.lines().is_empty(), "{source}");
    }
}

#[test]
fn a_key_that_cannot_be_had_is_a_usage_error_and_nothing_is_sent() {
    let server = Server::saying(json(200, EMPTY_PAGE));
    let base_url = format!("http://{}", server.address);
    let with = |source: &str| home(&format!("base_url = \"{base_url}\"\n{source}"));
    let refused = |folder: &TempDir, words: &str| {
        let ran = finish(&mut list(folder.path()));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
        assert!(ran.stderr.contains(words), "{words}: {ran:?}");
    };
    let file = with("api_key_file = \"main.key\"");
    put_key(file.path(), 0o640);
    refused(
        &file,
        "its mode is 0640, but only you may read it; set it with chmod 600",
    );
    fs::remove_file(file.path().join("main.key")).unwrap();
    refused(&file, "there is no such file; put the key into it");
    std::os::unix::fs::symlink("/etc/hostname", file.path().join("main.key")).unwrap();
    refused(&file, "it is a link; give the path of the file itself");
    refused(
        &with("api_key_command = [\"/nonexistent/pass\"]"),
        "the program /nonexistent/pass, which provides the key, was not found",
    );
    refused(
        &with(
            "api_key_command = [\"sh\", \"-c\", \"echo locked >&2; echo canary-key-5f2c; exit 4\"]",
        ),
        "failed (exit status: 4) and said: locked",
    );
    refused(
        &with("api_key_command = [\"echo\", \"two words\"]"),
        "the program echo cannot be used",
    );
    if !cfg!(feature = "keyring") {
        let words = "this build has no keyring; use api_key_command";
        refused(&with("api_key_keyring = \"main\""), words);
    }
    refused(&with(""), "there is no API key; set AVARA_API_KEY");
    assert_eq!(server.count(), 0);
    // The same profile with a good key does send: the server would have seen the others.
    fs::remove_file(file.path().join("main.key")).unwrap();
    put_key(file.path(), 0o600);
    assert_eq!(finish(&mut list(file.path())).code, 0);
    assert!(server.count() > 0);
}

#[test]
fn a_key_of_a_profile_is_not_sent_where_the_environment_points() {
    let elsewhere = Server::saying(json(200, EMPTY_PAGE));
    let folder = home("base_url = \"https://clinic.example.org\"\napi_key_file = \"main.key\"");
    let base_url = format!("http://{}", elsewhere.address);
    let ran = finish(list(folder.path()).env("AVARA_BASE_URL", &base_url));
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
    assert_eq!(
        ran.stderr,
        "avara-tui: the key of the profile “main” is for https://clinic.example.org and is not sent \
         to another server, which AVARA_BASE_URL names; unset AVARA_BASE_URL, or set AVARA_API_KEY \
         to the key of that server\n"
    );
    assert_eq!(elsewhere.count(), 0);
    // A key given with the address goes there.
    let mut command = list(folder.path());
    let ran = finish(
        command
            .env("AVARA_BASE_URL", &base_url)
            .env("AVARA_API_KEY", "other"),
    );
    assert!(ran.code == 0 && elsewhere.count() > 0, "{ran:?}");
}

/// Counts connections and closes them: a client that comes here was sent the wrong way.
fn fake_proxy() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let visits = Arc::new(AtomicUsize::new(0));
    let seen = visits.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            seen.fetch_add(1, Ordering::SeqCst);
            let answer = json(502, "{}");
            let _ = stream.and_then(|mut stream| stream.write_all(answer.as_bytes()));
        }
    });
    (address, visits)
}

fn with_proxy(command: &mut Command, proxy: &str) -> Ran {
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env(name, proxy).env(name.to_lowercase(), proxy);
    }
    finish(command)
}

#[test]
fn no_proxy_sees_what_stays_on_this_computer() {
    let server = Server::saying(json(200, EMPTY_PAGE));
    let port = server.address.port();
    let (proxy, visits) = fake_proxy();
    let hosts = ["127.0.0.1", "localhost", "127.1", "0x7f000001"];
    for host in hosts {
        let base_url = format!("http://{host}:{port}");
        let ran = with_proxy(&mut program(&base_url, &["studies", "list"]), &proxy);
        assert_eq!(ran.code, 0, "{host}: {ran:?}");
    }
    assert!(server.count() >= hosts.len());
    assert_eq!(visits.load(Ordering::SeqCst), 0);
    // The proxy would have been met: another address goes through it, to be refused there.
    let mut command = program("https://clinic.invalid", &["studies", "get", super::STUDY]);
    assert_eq!(with_proxy(&mut command, &proxy).code, 1);
    assert!(visits.load(Ordering::SeqCst) > 0);
}

#[cfg(target_os = "linux")]
#[test]
fn there_are_no_core_dumps_before_the_key_is_read() {
    let source = "api_key_command = [\"sh\", \"-c\", \
                  \"grep core /proc/$PPID/limits | tr -s ' ' >&2; env | grep -c AVARA >&2; exit 1\"]";
    let folder = home(source);
    let ran = finish(list(folder.path()).env("AVARA_ME", "kim@example.org"));
    let words = "and said: Max core file size 0 ";
    assert!(ran.stderr.contains(words), "{ran:?}");
    // Nor does the program that gives the key learn of our variables.
    assert!(ran.stderr.contains(" 0; run it in a terminal"), "{ran:?}");
}
