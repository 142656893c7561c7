//! Every key is found, and nothing else is: whatever a terminal answers, however it is torn.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::input::{Key, parse_sequence, show_sequence};
use answers::ANSWERS;

#[path = "../../../tests/support/answers.rs"]
mod answers;

/// Gaps that a connection makes, in milliseconds.
const GAPS: [u64; 5] = [0, 1, 4, 20, 45];
/// A gap so long that a lone escape has been told as a key.
const LONG_GAPS: [u64; 3] = [60, 200, 440];

/// Feeds the pieces with a gap after each, and lets all patience run out.
fn read(pieces: &[&[u8]], gap: u64) -> Vec<Input> {
    let mut decoder = Decoder::default();
    let mut inputs = Vec::new();
    for piece in pieces {
        inputs.extend(decoder.feed(piece));
        let mut left = Duration::from_millis(gap);
        while let Some(patience) = decoder.patience().filter(|patience| *patience <= left) {
            left -= patience;
            inputs.extend(decoder.expire());
        }
    }
    inputs.extend(rest(&mut decoder));
    inputs
}

fn rest(decoder: &mut Decoder) -> Vec<Input> {
    let mut inputs = Vec::new();
    for _ in 0..8 {
        if decoder.patience().is_none() {
            return inputs;
        }
        inputs.extend(decoder.expire());
    }
    panic!("the decoder never comes to rest");
}

fn keys(bytes: &[u8]) -> String {
    let chords: Vec<Chord> = read(&[bytes], 0)
        .into_iter()
        .map(|input| match input {
            Input::Key(chord) => chord,
            other => panic!("{other:?} out of {bytes:?}"),
        })
        .collect();
    show_sequence(&chords)
}

#[test]
fn every_form_of_a_key_is_found() {
    for (bytes, key) in [
        ("j", "j"),
        ("G", "G"),
        (" ", "Space"),
        ("é", "é"),
        ("胸", "胸"),
        ("🩻", "🩻"),
        ("\r", "Enter"),
        ("\n", "Ctrl-j"),
        ("\t", "Tab"),
        ("\x7f", "Backspace"),
        ("\x08", "Ctrl-h"),
        ("\x1b", "Esc"),
        ("\0", "Ctrl-Space"),
        ("\x01", "Ctrl-a"),
        ("\x1a", "Ctrl-z"),
        ("\x1f", "Ctrl-7"),
        ("\x1bb", "Alt-b"),
        ("\x1bB", "Alt-B"),
        ("\x1bé", "Alt-é"),
        ("\x1b\x7f", "Alt-Backspace"),
        ("\x1b\r", "Alt-Enter"),
        ("\x1b\x01", "Ctrl-Alt-a"),
        ("\x1bO", "Alt-O"),
        // xterm, in the usual and in the application mode.
        ("\x1b[A", "Up"),
        ("\x1bOB", "Down"),
        ("\x1b[1;5C", "Ctrl-Right"),
        ("\x1b[1;3D", "Alt-Left"),
        ("\x1b[1;2A", "Up"),
        ("\x1b[H", "Home"),
        ("\x1bOF", "End"),
        ("\x1b[2~", "Ins"),
        ("\x1b[3;5~", "Ctrl-Del"),
        ("\x1b[5~", "PgUp"),
        ("\x1b[6;3~", "Alt-PgDn"),
        ("\x1b[Z", "Shift-Tab"),
        ("\x1bOP", "F1"),
        ("\x1b[1;5S", "Ctrl-F4"),
        ("\x1bO5P", "Ctrl-F1"),
        ("\x1b[15~", "F5"),
        ("\x1b[17~", "F6"),
        ("\x1b[21~", "F10"),
        ("\x1b[24;5~", "Ctrl-F12"),
        ("\x1b[R", "F3"),
        // vt220, Linux console, rxvt.
        ("\x1b[1~", "Home"),
        ("\x1b[4~", "End"),
        ("\x1b[[A", "F1"),
        ("\x1b[[E", "F5"),
        ("\x1b[7~", "Home"),
        ("\x1b[8^", "Ctrl-End"),
        ("\x1b[3$", "Del"),
        ("\x1b[5@", "Ctrl-PgUp"),
        ("\x1b[a", "Up"),
        ("\x1bOd", "Ctrl-Left"),
        ("\x1b\x1b[A", "Alt-Up"),
        ("\x1b[11~", "F1"),
        ("\x1b[34~", "F20"),
        // The number pad in its application mode.
        ("\x1bOM", "Enter"),
        ("\x1bOp", "0"),
        ("\x1bOk", "+"),
        // modifyOtherKeys and kitty.
        ("\x1b[27;5;9~", "Ctrl-Tab"),
        ("\x1b[27;6;80~", "Ctrl-p"),
        ("\x1b[97u", "a"),
        ("\x1b[97;2u", "A"),
        ("\x1b[49:33;2u", "!"),
        ("\x1b[112;5u", "Ctrl-p"),
        ("\x1b[98;3:2u", "Alt-b"),
        ("\x1b[97;69u", "Ctrl-a"),
        ("\x1b[27u", "Esc"),
        ("\x1b[13;5u", "Ctrl-Enter"),
        ("\x1b[9;2u", "Shift-Tab"),
        ("\x1b[127;3u", "Alt-Backspace"),
        ("\x1b[57414u", "Enter"),
        ("\x1b[57420;5u", "Ctrl-Down"),
        ("\x1b[57400u", "1"),
    ] {
        assert_eq!(keys(bytes.as_bytes()), key, "{bytes:?}");
    }
}

#[test]
fn what_is_not_a_press_of_a_known_key_is_nothing() {
    for bytes in [
        "\x1b[97;1:3u",
        "\x1b[113;9u",
        "\x1b[57358u",
        "\x1b[E",
        "\x1b[99~",
        "\x1b[201~",
        "\x1b]",
        "\x1b[",
        "\x1b[12",
        "\x1b\\",
        "\u{9b}2",
    ] {
        assert_eq!(keys(bytes.as_bytes()), "", "{bytes:?}");
    }
    for bytes in [&b"\xff"[..], b"\xc3", b"\xe8\x83", b"\x80", b"\xc0\xaf"] {
        assert_eq!(keys(bytes), "", "{bytes:?}");
    }
}

#[test]
fn clicks_and_the_wheel_are_found_in_every_form() {
    let click = |column, row| Input::Click { column, row };
    let (column, row) = (9, 4);
    let wheel = |turn| Input::Wheel { turn, column, row };
    for (bytes, input) in [
        (&b"\x1b[<0;10;5M"[..], Some(click(9, 4))),
        (b"\x1b[<16;300;5M", Some(click(299, 4))),
        (b"\x1b[<0;10;5m", None),
        (b"\x1b[<35;10;5M", None),
        (b"\x1b[<2;10;5M", None),
        (b"\x1b[<0;0;5M", None),
        (b"\x1b[<64;10;5M", Some(wheel(Turn::Up))),
        (b"\x1b[<65;10;5M", Some(wheel(Turn::Down))),
        (b"\x1b[32;10;5M", Some(click(9, 4))),
        (b"\x1b[97;10;5M", Some(wheel(Turn::Down))),
        (b"\x1b[M *%", Some(click(9, 4))),
        (b"\x1b[M \xff\xfe", Some(click(222, 221))),
        (b"\x1b[Ma*%", Some(wheel(Turn::Down))),
        (b"\x1b[M#qq", None),
        (b"\x1b[M \x1b[", None),
    ] {
        assert_eq!(read(&[bytes], 0), Vec::from_iter(input), "{bytes:?}");
    }
}

#[test]
fn a_bracketed_paste_is_text_whatever_it_holds() {
    for (bytes, text) in [
        ("\x1b[200~ssmc\rq\x03\x1b[201~", "ssmc\rq\x03"),
        (
            "\x1b[200~\x1b[20\x1b[2\x1b]x\x1b[201~",
            "\x1b[20\x1b[2\x1b]x",
        ),
        ("\x1b[200~\u{202e}胸\x1b[201~", "\u{202e}胸"),
        ("\x1b[200~\x1b[201~", ""),
    ] {
        for at in 0..bytes.len() {
            let (head, tail) = bytes.as_bytes().split_at(at);
            let inputs = read(&[head, tail], 20);
            assert_eq!(inputs, [Input::Paste(text.into())], "torn at {at}");
        }
    }
    let long = format!("\x1b[200~{}\x1b[201~j", "x".repeat(MAX_PASTE + 100));
    let [Input::Paste(text), Input::Key(_)] = &read(&[long.as_bytes()], 0)[..] else {
        panic!("not one paste and one key");
    };
    assert_eq!(text.len(), MAX_PASTE);
    // One whose end never comes is given up.
    assert_eq!(read(&[b"\x1b[200~abc"], 0), [Input::Paste("abc".into())]);
}

#[test]
fn what_nobody_can_type_so_fast_is_a_paste() {
    let paste = |text: &str| vec![Input::Paste(text.into())];
    assert_eq!(keys(b"ssmc\rjjj"), "s s m c Enter j j j");
    assert_eq!(read(&[b"ssmc\rq x y zx"], 0), paste("ssmc\nq x y zx"));
    // In pieces, with keys in it that are no text, and with a remainder that comes late.
    let pieces: &[&[u8]] = &[b"ssmc", b"x\x1b[A\x01ssmc", b"x"];
    assert_eq!(read(pieces, 1), paste("ssmcxssmcx"));
    let pieces: &[&[u8]] = &[b"ssmcxssmcx", b"sm"];
    let late = [paste("ssmcxssmcx"), paste("sm")].concat();
    assert_eq!(read(pieces, 100), late);
    // Afterwards keys are keys again.
    let mut decoder = Decoder::default();
    decoder.feed(b"0123456789");
    rest(&mut decoder);
    assert_eq!(decoder.feed(b"j").len(), 1);
    // A key that is held while it happens is heard after it.
    let mut decoder = Decoder::default();
    decoder.feed(b"jjjjjjjjjj");
    assert_eq!(decoder.expire(), paste("jjjjjjjjjj"));
    assert_eq!(decoder.feed(b"j").len(), 1);
}

#[test]
fn sequences_that_repeat_are_keys_however_many_come_at_once() {
    let inputs = read(&["\x1b[B".repeat(1000).as_bytes()], 0);
    assert_eq!(inputs.len(), 1000);
    assert!(
        inputs
            .iter()
            .all(|input| *input == Input::Key(Chord::plain(Key::Down)))
    );
}

/// Every answer torn in two at every byte, with every gap: cases, and those that acted as keys.
/// What of it a person would have done: that the focus comes or goes is told by the terminal.
fn acts(mut inputs: Vec<Input>) -> Vec<Input> {
    inputs.retain(|input| !matches!(input, Input::Focus(_)));
    inputs
}

#[test]
fn the_focus_is_told() {
    assert_eq!(read(&[b"\x1b[I"], 0), [Input::Focus(true)]);
    assert_eq!(read(&[b"\x1b[", b"O"], 5), [Input::Focus(false)]);
}

fn torn(read: impl Fn(&[&[u8]], u64) -> Vec<Input>) -> (usize, Vec<String>) {
    let mut cases = 0;
    let mut wrong = Vec::new();
    for answer in ANSWERS {
        for gap in GAPS {
            for at in 0..answer.len() {
                let (head, tail) = answer.split_at(at);
                cases += 1;
                let inputs = acts(read(&[head, tail], gap));
                if !inputs.is_empty() {
                    let answer = answer.escape_ascii();
                    wrong.push(format!("{answer} torn at {at}, {gap} ms: {inputs:?}"));
                }
            }
            let each: Vec<&[u8]> = answer.chunks(1).collect();
            cases += 1;
            let inputs = acts(read(&each, gap));
            if !inputs.is_empty() {
                wrong.push(format!("{} byte by byte, {gap} ms", answer.escape_ascii()));
            }
        }
    }
    (cases, wrong)
}

#[test]
fn no_answer_of_a_terminal_acts_as_a_key_however_it_is_torn() {
    let (cases, wrong) = torn(read);
    println!(
        "0 of {cases} torn answers acted as keys (exhaustive, no seed); bound {:.1e}",
        3.0 / cases as f64
    );
    assert!(cases >= 2_000, "{cases}");
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_reader_that_takes_letters_out_of_answers_would_be_found() {
    // As a reader does that gives a sequence up at the first tear.
    let forgetful = |pieces: &[&[u8]], gap| {
        pieces
            .iter()
            .flat_map(|piece| read(&[piece], gap))
            .collect()
    };
    let (cases, wrong) = torn(forgetful);
    assert!(wrong.len() > cases / 4, "{} of {cases}", wrong.len());
}

#[test]
fn behind_a_long_gap_an_answer_is_at_most_the_escape_key() {
    for answer in ANSWERS {
        for gap in LONG_GAPS {
            for at in 0..answer.len() {
                let (head, tail) = answer.split_at(at);
                let inputs = acts(read(&[head, tail], gap));
                let escape = Input::Key(Chord::plain(Key::Esc));
                let is_harmless =
                    inputs.is_empty() || (head.ends_with(b"\x1b") && inputs == [escape]);
                assert!(is_harmless, "{} at {at}: {inputs:?}", answer.escape_ascii());
            }
        }
    }
}

/// The bytes of a key as xterm sends them.
fn xterm(chord: Chord) -> Vec<u8> {
    let modifiers = 1 + 2 * u8::from(chord.alt) + 4 * u8::from(chord.ctrl);
    let lettered = |letter: char| format!("\x1b[1;{modifiers}{letter}").into_bytes();
    let numbered = |number: u32| format!("\x1b[{number};{modifiers}~").into_bytes();
    let coded = |code: u32| format!("\x1b[{code};{modifiers}u").into_bytes();
    match chord.key {
        Key::Char(c) if chord.ctrl => coded(c.into()),
        Key::Char(c) if chord.alt => format!("\x1b{c}").into_bytes(),
        Key::Char(c) => c.to_string().into_bytes(),
        Key::Enter => coded(13),
        Key::Esc => coded(27),
        Key::Tab => coded(9),
        Key::BackTab => b"\x1b[Z".to_vec(),
        Key::Backspace => coded(127),
        Key::Delete => numbered(3),
        Key::Insert => numbered(2),
        Key::Up => lettered('A'),
        Key::Down => lettered('B'),
        Key::Right => lettered('C'),
        Key::Left => lettered('D'),
        Key::Home => lettered('H'),
        Key::End => lettered('F'),
        Key::PageUp => numbered(5),
        Key::PageDown => numbered(6),
        Key::F(number) => numbered(match number {
            1..=5 => 10 + u32::from(number),
            6..=10 => 11 + u32::from(number),
            11..=14 => 12 + u32::from(number),
            _ => 13 + u32::from(number),
        }),
    }
}

#[test]
fn every_key_comes_back_as_it_was_pressed() {
    let mut count = 0;
    let names = "Enter Esc Tab Backspace Del Ins Up Down Left Right Home End PgUp PgDn F1 F2 F3 F4 \
                 F5 F6 F7 F8 F9 F10 F11 F12";
    let named = parse_sequence(names).unwrap();
    let chars = (' '..='~')
        .chain("éßñø胸部".chars())
        .map(|c| Chord::plain(Key::Char(c)));
    for chord in named.into_iter().chain(chars) {
        for (ctrl, alt) in [(false, false), (true, false), (false, true), (true, true)] {
            let chord = Chord { ctrl, alt, ..chord };
            let is_capital = matches!(chord.key, Key::Char(c) if c.is_ascii_uppercase());
            let is_introducer = alt
                && !ctrl
                && matches!(
                    chord.key,
                    Key::Char('[' | ']' | 'P' | 'X' | '^' | '_' | '\\' | 'O')
                );
            if (ctrl && is_capital) || is_introducer {
                continue;
            }
            let inputs = read(&[&xterm(chord)], 0);
            assert_eq!(inputs, [Input::Key(chord)], "{chord}");
            count += 1;
        }
    }
    assert!(count > 400, "{count}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_bytes_end_in_rest_and_are_bounded(
        pieces in prop::collection::vec(
            (prop::collection::vec(prop_oneof![
                any::<u8>(),
                prop::sample::select(&b"\x1b[]O~;?<M0129$c\x07\\"[..]),
            ], 0..40), 0_u64..600),
            0..12,
        ),
    ) {
        let mut decoder = Decoder::default();
        let mut count = 0;
        for (piece, _) in &pieces {
            count += decoder.feed(piece).len();
        }
        count += rest(&mut decoder).len();
        let total: usize = pieces.iter().map(|(piece, _)| piece.len()).sum();
        prop_assert!(count <= total + 1);
    }

    #[test]
    fn a_paste_without_marks_is_never_keys(
        text in "[ -~]{9,200}",
        cut in 9_usize..200,
    ) {
        let bytes = text.as_bytes();
        let (head, tail) = bytes.split_at(cut.min(bytes.len()));
        let inputs = read(&[head, tail], 1);
        prop_assert_eq!(inputs, [Input::Paste(text)]);
    }
}
