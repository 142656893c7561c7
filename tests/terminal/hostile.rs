//! Text from the network never gives the terminal an order, and never hides.

use serde_json::json;

use crate::allowed::improper;
use crate::clinic::{Clinic, study};
use crate::common::Server;
use crate::terminal::worklist;

#[test]
fn the_scanner_sees_what_it_is_for() {
    let proper = "\x1b[?1049h\x1b[2J\x1b[1;1H\x1b[38;5;1mCT Head ␛‹U+202E›\x1b[m\x1b[?25l";
    assert_eq!(improper(proper.as_bytes(), None), [""; 0]);
    for written in [
        "\x1b]0;title\x07",
        "\x1bPq\x1b\\",
        "\x1b_x\x1b\\",
        "\x1b[6n",
        "\x1b[?6n",
        "\x1b[5i",
        "\x1b[?1337h",
        "\x1b[4h",
        "\x1bc",
        "\u{9b}2J",
        "\u{202e}",
        "\u{200b}",
        "\x1b",
    ] {
        assert_ne!(improper(written.as_bytes(), None), [""; 0], "{written:?}");
    }
    assert_ne!(improper(b"\x9b2J", None), [""; 0]);
}

#[test]
fn a_hostile_study_is_shown_and_obeyed_in_nothing() {
    let clinic = Clinic::empty();
    let attacks = [
        "CT \x1b]0;owned\x07 title",
        "CT \x1b[2J\x1b[1;1H erase",
        "CT \u{9b}31m and \u{90}q\u{9c} C1",
        "CT \u{202e}daeH TC",
        "CT he\u{200b}ad",
        "CT bell \x07 tab \t line \r\n end",
    ];
    for (number, attack) in (1..).zip(attacks) {
        let mut hostile = study(number, "high", attack);
        hostile["metadata"] = json!({ "key\x1b[5i": "value\x1b]52;c;AAAA\x07\u{202e}" });
        clinic.create(hostile);
    }
    clinic.create(study(99, "normal", &"long\x1b[31m ".repeat(1_000)));

    let mut program = clinic.worklist().start();
    program.wait_for_text("7 shown");
    for shown in [
        "CT ␛]0;owned␇ title",
        "CT ␛[2J␛[1;1H erase",
        "CT ‹U+202E›daeH TC",
        "CT he‹U+200B›ad",
        "long␛[31m long␛[31m",
    ] {
        program.wait_for_text(shown);
    }
    // Every study's detail, its metadata too, and the pickers that name it.
    for _ in 0..7 {
        program.keys("\r");
        program.wait_without_text("DESCRIPTION");
        program.keys("JJJJJJJJ\r");
        program.wait_for_text("DESCRIPTION");
        program.keys("a");
        program.wait_for_text("Assign ");
        program.keys("\x1b");
        program.wait_without_text("Assign ");
        program.keys("j");
    }
    // Drawn anew from an empty screen, so that every row is written in one piece.
    program.resize(80, 30);
    program.wait_for("the hints in the last row", |screen| {
        screen
            .rows(0, 80)
            .nth(29)
            .is_some_and(|row| row.starts_with(" a assign"))
    });
    program.keys("q");
    assert_eq!(program.wait_exit(), 0);
    program.assert_restored();
    let written = program.transcript();
    assert_eq!(improper(&written, None), [""; 0]);
    // The screen that follows leaves this character out; a real one shows it.
    let written = String::from_utf8(written).unwrap();
    assert!(written.contains("\u{fffd}31m") && written.contains("\u{fffd}q\u{fffd}"));
}

#[test]
fn hostile_words_around_an_answer_are_only_shown() {
    let word = "e\u{202e}x\u{9b}31m\x1b]0;owned\x07";
    let body = format!(r#"{{"message":{}}}"#, serde_json::Value::from(word));
    let length = body.len();
    for head in [
        format!("HTTP/1.1 418 {word}\r\nx-name: {word}\r\nretry-after: {word}"),
        format!("HTTP/1.1 503 {word}\r\ncontent-type: {word}"),
        format!("HTTP/1.1 302 Found\r\nlocation: https://{word}/"),
        format!("HTTP/1.1 200 OK\r\ndate: {word}"),
    ] {
        let answer =
            format!("{head}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}");
        let server = Server::saying(answer);
        let mut program = worklist()
            .env("AVARA_BASE_URL", format!("http://{}", server.address))
            .env("AVARA_API_KEY", "some-key")
            .start();
        program.wait_for_text("r tries");
        program.keys("q");
        // The end looks at every byte that was written.
        assert_eq!(program.wait_exit(), 0);
    }
}
