//! Starting: the first rows, the first run, and the places where the program refuses to.

use std::process::{Command, Output, Stdio};

use vt100::Screen;

use crate::clinic::Clinic;
use crate::terminal::worklist;

/// Rows that show a study: each has a status.
fn studies_on(screen: &Screen) -> usize {
    screen.contents().matches(" incomplete").count()
}

#[test]
fn the_demo_shows_ten_studies_on_a_small_and_on_a_large_screen() {
    for (columns, rows) in [(80, 24), (120, 40)] {
        let mut demo = worklist().arg("--demo").size(columns, rows).start();
        demo.wait_for("ten studies", |screen| studies_on(screen) >= 10);
        let took = demo.started.elapsed().as_millis();
        println!("ten studies at {columns}x{rows} after {took} ms");
        demo.wait_for_text(" DEMO ");
        demo.keys("q");
        assert_eq!(demo.wait_exit(), 0);
        demo.assert_restored();
    }
}

#[test]
fn without_a_key_the_first_run_screen_leads_to_the_demo() {
    let mut first = worklist().start();
    first.wait_for_text("There is no API key yet.");
    first.wait_for_text("AVARA_API_KEY");
    assert!(!first.text().contains("STAT"), "{}", first.text());
    first.keys("d");
    first.wait_for("ten studies", |screen| studies_on(screen) >= 10);
    first.wait_for_text(" DEMO ");
    first.keys("q");
    assert_eq!(first.wait_exit(), 0);
    first.assert_restored();
}

#[test]
fn the_first_run_screen_is_left_by_q() {
    let mut first = worklist().start();
    first.wait_for_text("There is no API key yet.");
    first.keys("q");
    assert_eq!(first.wait_exit(), 0);
    first.assert_restored();
}

#[test]
fn a_terminal_that_can_show_no_screen_gets_one_line() {
    for term in ["dumb", "unknown", ""] {
        let mut dumb = worklist().arg("--demo").env("TERM", term).start();
        assert_eq!(dumb.wait_exit(), 2, "{term:?}");
        let text = dumb.text();
        assert_eq!(text.trim().split("avara-tui:").count(), 2, "{text}");
        assert!(text.contains("TERM"), "{text}");
        assert!(!dumb.transcript().contains(&0x1b));
        dumb.assert_restored();
    }
}

/// The program without any terminal.
fn piped(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_avara-tui"))
        .args(arguments)
        .env_clear()
        .env("TERM", "xterm-256color")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn without_a_terminal_there_is_one_line_on_the_error_output() {
    for arguments in [&["--demo"][..], &[]] {
        let output = piped(arguments);
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(output.stdout, b"");
        let words = String::from_utf8(output.stderr).unwrap();
        assert_eq!(words.lines().count(), 1, "{words}");
        assert!(words.contains("needs a terminal"), "{words}");
    }
}

#[test]
fn the_demo_does_not_mind_a_wrong_address_in_the_environment() {
    let output = Command::new(env!("CARGO_BIN_EXE_avara-tui"))
        .arg("--demo")
        .env("AVARA_BASE_URL", "nowhere")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("needs a terminal"), "{words}");
}

#[test]
fn one_end_that_is_not_a_terminal_is_enough_to_refuse() {
    let clinic = Clinic::empty();
    for script in [
        r#""$@" </dev/null; echo "left $?""#,
        r#""$@" >out; echo "left $?, $(wc -c <out) bytes""#,
    ] {
        let mut shell = clinic
            .worklist()
            .env("PATH", "/usr/bin:/bin")
            .under_shell(script)
            .start();
        assert_eq!(shell.wait_exit(), 0);
        let text = shell.text();
        assert!(text.contains("needs a terminal"), "{text}");
        assert!(text.contains("left 2"), "{text}");
        assert!(!text.contains(" bytes") || text.contains(", 0 bytes"));
        shell.assert_restored();
    }
}

#[test]
fn a_key_on_the_command_line_is_refused() {
    for arguments in [&["--api-key", "sandbox_x"][..], &["--api-key=sandbox_x"]] {
        let output = piped(arguments);
        assert_eq!(output.status.code(), Some(2));
        let words = String::from_utf8(output.stderr).unwrap();
        assert!(
            words.contains("unexpected argument '--api-key' found"),
            "{words}"
        );
        assert!(!words.contains("sandbox_x"), "{words}");
    }
}
