//! Text from the network never gives the terminal an order, and never hides.

use serde_json::json;

use crate::clinic::{Clinic, study};

/// What a terminal may be told: moving, erasing, styling, scrolling and the modes of this program.
const ORDERS: &str = "HJKmABCDGdXP@LMSTr";
const MODES: [&str; 11] = [
    "7", "25", "1049", "2004", "1000", "1002", "1003", "1004", "1006", "1015", "2026", "1",
];

/// Everything in what was written that is neither plain text nor one of the orders above.
fn improper(written: &[u8]) -> Vec<String> {
    let text = match std::str::from_utf8(written) {
        Ok(text) => text,
        Err(error) => return vec![format!("not UTF-8 at {}", error.valid_up_to())],
    };
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(order) = rest.strip_prefix("\x1b[") {
            let end = order.find(|c: char| !matches!(c, '0'..='9' | ';' | ':' | '?'));
            let end = end.map_or(order.len(), |end| end + 1);
            let (order, after) = order.split_at_checked(end).unwrap_or((order, ""));
            if !is_proper(order) {
                found.push(format!("CSI {order:?}"));
            }
            rest = after;
            continue;
        }
        let hides = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}');
        if c.is_control() || hides {
            found.push(format!("{c:?}"));
        }
        rest = &rest[c.len_utf8()..];
    }
    found
}

fn is_proper(order: &str) -> bool {
    let mode = order.strip_prefix('?');
    match (mode, order.chars().last()) {
        (Some(mode), Some('h' | 'l')) => mode[..mode.len() - 1]
            .split(';')
            .all(|mode| MODES.contains(&mode)),
        (None, Some(last)) => ORDERS.contains(last),
        _ => false,
    }
}

#[test]
fn the_scanner_sees_what_it_is_for() {
    let proper = "\x1b[?1049h\x1b[2J\x1b[1;1H\x1b[38;5;1mCT Head ␛‹U+202E›\x1b[m\x1b[?25l";
    assert_eq!(improper(proper.as_bytes()), [""; 0]);
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
        "\r",
        "\x07",
        "\x1b[12",
        "\x1b",
    ] {
        assert_ne!(improper(written.as_bytes()), [""; 0], "{written:?}");
    }
    assert_ne!(improper(b"\x9b2J"), [""; 0]);
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
    assert_eq!(improper(&written), [""; 0]);
    // The screen that follows leaves this character out; a real one shows it.
    let written = String::from_utf8(written).unwrap();
    assert!(written.contains("\u{fffd}31m") && written.contains("\u{fffd}q\u{fffd}"));
}
