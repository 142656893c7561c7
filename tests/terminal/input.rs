//! What was not typed changes nothing: pastes, and answers of the terminal that nobody asked for.

use std::collections::BTreeMap;
use std::time::Duration;

use rustix::process::Signal;
use vt100::Screen;

use crate::answers::ANSWERS;
use crate::clinic::{Clinic, text};
use crate::terminal::Terminal;
use crate::witness::Witness;

/// When each study last changed, and how.
fn state(clinic: &Clinic) -> BTreeMap<String, String> {
    let studies = clinic.all_studies();
    let of = |field| move |study| text(study, field).to_owned();
    let ids = studies.iter().map(of("studyId"));
    ids.zip(studies.iter().map(ToString::to_string)).collect()
}

fn loaded(clinic: &Clinic) -> Terminal {
    let program = clinic.worklist().start();
    program.wait_for_text("updated <1 m ago");
    program
}

/// Leaves whatever is open and then the program, which waits for every change that is under way.
#[track_caller]
fn leave(mut program: Terminal) {
    program.keys("\x03\x03\x03");
    assert_eq!(program.wait_exit(), 0);
    program.assert_restored();
}

#[test]
fn a_paste_outside_an_input_presses_no_keys() {
    let clinic = Clinic::open();
    let before = state(&clinic);
    let mut program = loaded(&clinic);
    program.keys("\x1b[200~ssmcAusha\rq\x03\x1b[201~");
    program.wait_for_text("Only a UID or an id can be pasted here");
    leave(program);
    assert_eq!(state(&clinic), before);
}

#[test]
fn a_paste_into_the_filter_is_its_text() {
    let clinic = Clinic::open();
    let mut program = loaded(&clinic);
    program.keys("/");
    program.wait_for_text("Enter keep");
    program.keys("\x1b[200~sev:stat\nto:none\x1b[201~");
    program.wait_for_text("sev:stat to:none");
    program.keys("\r");
    program.wait_without_text("Enter keep");
    leave(program);
}

/// Every place that takes keys: what to type to get there, and what shows when it is there.
const PLACES: [(&str, &str); 11] = [
    ("", "updated <1 m ago"),
    ("gp", "USERS"),
    ("gi", "INVITATIONS"),
    ("/", "Enter keep"),
    ("a", "Assign "),
    ("c", "Create a study"),
    ("e", "Edit "),
    ("x", "Cancel "),
    ("?", "Actions on this screen"),
    ("gu", "Look up"),
    ("\r", "DESCRIPTION"),
];

/// The screen but for its first row, which tells the time, its last, whose hints appear once a question
/// listens, and for digits, which may count.
fn outline(screen: &Screen) -> String {
    let (height, width) = screen.size();
    let between = usize::from(height.get()) - 2;
    let rows = screen.rows(0, width.get()).skip(1).take(between);
    let below: Vec<String> = rows.map(|row| row.trim_end().to_owned()).collect();
    below.join("\n").replace(|c: char| c.is_ascii_digit(), "#")
}

/// Drawn anew, and standing still.
fn settled(program: &Terminal) -> String {
    program.resize(90, 24);
    program.resize(80, 24);
    let mut before = String::new();
    for _ in 0..100 {
        let now = program.look(outline);
        let has_last_row = program.look(|screen| {
            let last = screen.rows(0, 80).last();
            last.is_some_and(|row| !row.trim().is_empty())
        });
        if now == before && has_last_row {
            return now;
        }
        before = now;
        std::thread::sleep(Duration::from_millis(60));
    }
    panic!("the screen never stands still\n{before}");
}

/// Goes to a place of a program that a witness watches.
fn at(clinic: &Clinic, witness: &Witness, (keys, shown): (&str, &str)) -> Terminal {
    let mut program = clinic
        .worklist()
        .env("AVARA_BASE_URL", witness.base_url())
        .start();
    program.wait_for_text("updated <1 m ago");
    program.keys(keys);
    program.wait_for_text(shown);
    program
}

/// Ends it from wherever it is, whatever was half typed.
#[track_caller]
fn end(mut program: Terminal) {
    program.signal(Signal::TERM);
    assert_eq!(program.wait_exit(), 143);
    program.assert_restored();
}

#[test]
fn no_answer_of_the_terminal_changes_anything_anywhere() {
    let clinic = Clinic::open();
    let before = state(&clinic);
    let witness = Witness::of(clinic.sandbox.addr());
    let mut sent = 0;
    for place in PLACES {
        let mut program = at(&clinic, &witness, place);
        let shown = settled(&program);
        for answer in ANSWERS {
            // Whole, and torn in the middle.
            program.send(answer);
            program.wait_until_read();
            // Not behind the first byte: alone for long enough it is the Escape key.
            let (head, tail) = answer.split_at((answer.len() / 2).max(2));
            program.send(head);
            program.wait_until_read();
            program.send(tail);
            program.wait_until_read();
            sent += 2;
        }
        assert_eq!(settled(&program), shown, "{place:?}");
        end(program);
    }
    let places = PLACES.len();
    println!(
        "0 writes after {sent} answers in {places} places (no seed); bound {:.1e}",
        3.0 / f64::from(sent)
    );
    assert!(witness.count() > 0, "the witness saw nothing");
    assert_eq!(witness.writes(), Vec::<String>::new());
    assert_eq!(state(&clinic), before);
}

/// Text of the characters that keys are made of, the same in every run.
fn random_text(length: usize) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(7);
    (0..length)
        .map(|_| match random.u8(..12) {
            0 => b'\r',
            1 => b' ',
            _ => random.u8(b'!'..=b'~'),
        })
        .collect()
}

#[test]
fn a_paste_that_the_terminal_does_not_mark_changes_nothing_anywhere() {
    let clinic = Clinic::open();
    let before = state(&clinic);
    let witness = Witness::of(clinic.sandbox.addr());
    let text = random_text(10 * 1024);
    for place in PLACES {
        let mut program = at(&clinic, &witness, place);
        program.send(&text);
        program.wait_until_read();
        end(program);
    }
    println!(
        "0 writes after {} pastes of {} bytes (seed 7)",
        PLACES.len(),
        text.len()
    );
    assert_eq!(witness.writes(), Vec::<String>::new());
    assert_eq!(state(&clinic), before);
}

#[test]
fn a_witness_sees_what_is_typed() {
    let clinic = Clinic::open();
    let witness = Witness::of(clinic.sandbox.addr());
    let mut program = at(&clinic, &witness, PLACES[0]);
    // Every open study can be completed; which severity the first has depends on the hour.
    program.keys("mc");
    program.wait_for_text("Marked complete");
    leave(program);
    assert_eq!(witness.writes().len(), 1, "{:?}", witness.writes());
}
