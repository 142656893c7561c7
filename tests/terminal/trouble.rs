//! Servers that refuse, lie or are not there: a plain sentence, never an empty list, and the way out.

use std::io::Write;
use std::net::TcpListener;

use crate::clinic::{Clinic, study};
use crate::common::Server;
use crate::terminal::{Terminal, worklist};

fn on_server(base_url: &str) -> Terminal {
    worklist()
        .env("AVARA_BASE_URL", base_url)
        .env("AVARA_API_KEY", "some-key")
        .start()
}

/// Waits for the sentence, and sees that nothing claims an empty list and that `q` still works.
#[track_caller]
fn assert_says(mut program: Terminal, words: &[&str]) {
    for word in words {
        program.wait_for_text(word);
    }
    let text = program.text();
    assert!(!text.contains("No open studies"), "{text}");
    assert!(!text.contains(" ago"), "{text}");
    assert!(!text.contains("0 STAT"), "{text}");
    program.keys("q");
    assert_eq!(program.wait_exit(), 0);
    program.assert_restored();
}

#[test]
fn a_wrong_key_is_named_with_its_source() {
    let clinic = Clinic::open();
    let program = on_server(&clinic.sandbox.base_url());
    assert_says(
        program,
        &["The API key was not accepted (401)", "AVARA_API_KEY"],
    );
}

#[test]
fn a_server_that_is_not_there_is_said_to_be_unreachable() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let program = on_server(&base_url);
    let words = [
        "The server cannot be reached",
        "check the network",
        "r tries",
    ];
    assert_says(program, &words);
}

#[test]
fn a_web_page_is_no_worklist() {
    let page = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\
                content-length: 27\r\n\r\n<html><h1>Sign in</h1>\x1b[2J</html>";
    let server = Server::saying(page);
    let program = on_server(&format!("http://{}", server.address));
    assert_says(program, &["could not be read", "check the base URL"]);
}

#[test]
fn an_answer_without_end_is_cut_off() {
    let server = Server::start(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        let chunk = [b"10000\r\n".as_slice(), &[b' '; 0x10000], b"\r\n"].concat();
        for _ in 0..1024 {
            if stream.write_all(&chunk).is_err() {
                return;
            }
        }
    });
    let program = on_server(&format!("http://{}", server.address));
    assert_says(program, &["was cut off at 32 MiB", "check the base URL"]);
}

#[test]
fn a_server_that_goes_away_leaves_its_last_list_and_a_warning() {
    let clinic = Clinic::empty();
    clinic.create(study(1, "high", "CT Left behind"));
    let mut program = clinic.worklist().start();
    program.wait_for_text("CT Left behind");
    program.wait_for_text("updated <1 m ago");
    drop(clinic);
    program.keys("r");
    program.wait_for_text("last update");
    program.wait_for_text("The server cannot be reached");
    assert!(program.text().contains("CT Left behind"));
    program.keys("q");
    assert_eq!(program.wait_exit(), 0);
    program.assert_restored();
}

#[test]
fn a_wrong_setting_is_one_line_before_the_terminal_is_touched() {
    let mut program = on_server("ftp://example.org");
    assert_eq!(program.wait_exit(), 2);
    let text = program.text();
    assert!(text.contains("AVARA_BASE_URL cannot be used"), "{text}");
    assert!(!program.transcript().contains(&0x1b));
    program.assert_restored();
}
