//! Text from outside, hostile in every field, seen as the bytes that reach the terminal.

use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use serde_json::{Value, json};

use super::*;
use crate::app::tests::desk::{invitation, user};
use crate::text::clean;
use crate::wire::{ClinicRole, Failure, Invitation, Study, User};
use allowed::{FORMAT, controls, frame};

#[path = "../../../tests/support/allowed.rs"]
#[expect(dead_code, reason = "shared with the tests of the whole program")]
mod allowed;

/// Room for every field of a record.
const LARGE: Size = Size {
    width: 110,
    height: 44,
};
/// Room for a box, or for a message below a few rows.
const SMALL: Size = Size {
    width: 100,
    height: 29,
};

/// Every string of a study that the server can fill.
const STUDY: [&str; 20] = [
    "/studyInstanceUid",
    "/studyDescription",
    "/severity",
    "/studyViewerStatus",
    "/assignedTo/email",
    "/assignedTo/firstName",
    "/assignedTo/lastName",
    "/assignedTo/middleName",
    "/assignedTo/suffix1",
    "/assignedTo/suffix2",
    "/customer/expressCustomerName",
    "/createdByUser/email",
    "/createdByUser/firstName",
    "/createdByUser/lastName",
    "/createdByUser/middleName",
    "/createdByUser/suffix1",
    "/createdByApiKey/apiKeyId",
    "/createdByApiKey/description",
    "/metadata/name",
    "/metadata/*",
];

const PERSON: [&str; 10] = [
    "/email",
    "/firstName",
    "/lastName",
    "/middleName",
    "/suffix1",
    "/suffix2",
    "/phoneNumber",
    "/clinicRole",
    "/level",
    "/invitedSource",
];

const INVITATION: [&str; 3] = ["/status", "/clinicId", "/invitedByApiKeyId"];

/// Where errors carry words of the server or of the connection.
const ERRORS: usize = 9;

/// Hostile strings, one for each field, told apart by their number.
struct Hostile<F>(F);

impl<F: FnMut(usize) -> String> Hostile<F> {
    fn fill(&mut self, record: &mut Value, paths: &[&str], first: usize) {
        for (number, path) in paths.iter().enumerate() {
            let text = (self.0)(first + number);
            if *path == "/metadata/*" {
                record["metadata"][text] = "a value".into();
                continue;
            }
            let (parent, name) = path.rsplit_once('/').unwrap();
            let parent = record.pointer_mut(parent).unwrap();
            if parent.is_null() {
                *parent = json!({});
            }
            parent[name] = text.into();
        }
    }

    fn study(&mut self) -> Study {
        let mut record = serde_json::to_value(study(1).build()).unwrap();
        record["assignedTo"] =
            json!({ "userId": user(9, "A", "B", ClinicRole::Radiologist).user_id });
        record["createdByUser"] = record["assignedTo"].clone();
        record["createdByApiKey"] = json!({});
        record["customer"] = json!({ "expressCustomerId": "cus_1234567890abcdef1234567890abcdef" });
        self.fill(&mut record, &STUDY, 0);
        // One that is open in any case, or the table would not list it.
        record["studyViewerStatus"] = "incomplete".into();
        serde_json::from_str(&record.to_string()).unwrap()
    }

    fn user(&mut self) -> User {
        let known = user(9, "A", "B", ClinicRole::Radiologist);
        let mut record = serde_json::to_value(known).unwrap();
        self.fill(&mut record, &PERSON, STUDY.len());
        serde_json::from_str(&record.to_string()).unwrap()
    }

    fn invitation(&mut self) -> Invitation {
        let known = invitation(9, "A", "B", 40);
        let mut record = serde_json::to_value(known).unwrap();
        let first = STUDY.len() + PERSON.len();
        self.fill(&mut record, &PERSON, first);
        self.fill(&mut record, &INVITATION, first + PERSON.len());
        serde_json::from_str(&record.to_string()).unwrap()
    }

    fn failures(&mut self) -> Vec<Failure> {
        let first = STUDY.len() + 2 * PERSON.len() + INVITATION.len();
        let mut number = first..first + ERRORS;
        let mut text = || (self.0)(number.next().unwrap());
        let body = json!({ "message": text() }).to_string();
        vec![
            Failure::rejected(400, body.as_bytes(), None),
            Failure::rejected(502, text().as_bytes(), None),
            Failure::Unsuccessful {
                message: Some(text()),
            },
            Failure::Unreachable { reason: text() },
            Failure::Interrupted { reason: text() },
            Failure::Unreadable { reason: text() },
            Failure::OtherRecord {
                asked: text(),
                answered: text(),
            },
            Failure::Unsendable { reason: text() },
        ]
    }
}

const FIELDS: usize = STUDY.len() + 2 * PERSON.len() + INVITATION.len() + ERRORS;

/// The bytes that draw on an empty screen.
fn written(size: Size, draw: impl FnOnce(&mut Frame<'_>)) -> Vec<u8> {
    let mut written = Vec::new();
    let viewport =
        ratatui::Viewport::Fixed(ratatui::layout::Rect::new(0, 0, size.width, size.height));
    let options = ratatui::TerminalOptions { viewport };
    let backend = CrosstermBackend::new(&mut written);
    let mut terminal = Terminal::with_options(backend, options).unwrap();
    terminal.draw(draw).unwrap();
    drop(terminal);
    written
}

fn bytes(desk: &mut Desk, size: Size) -> Vec<u8> {
    desk.send(Msg::Resized(size));
    written(size, |frame| {
        view(&desk.model, Theme::default(), frame);
    })
}

/// Every screen that these records, each with its hostile strings, can be seen on.
fn screens(hostile: &mut Hostile<impl FnMut(usize) -> String>) -> Vec<Vec<u8>> {
    let mut desk = Desk::of(vec![hostile.study()]);
    desk.users.push(hostile.user());
    desk.invitations.push(hostile.invitation());
    desk.serve();
    let mut frames = vec![bytes(&mut desk, SMALL)];
    for (open, close, size) in [
        ("Enter", "Enter", LARGE),
        ("a", "Esc", SMALL),
        ("x", "Esc", SMALL),
        ("e", "Esc", SMALL),
        ("f a", "Esc", SMALL),
        ("f u", "Esc", SMALL),
    ] {
        desk.press(open);
        desk.serve();
        frames.push(bytes(&mut desk, size));
        desk.press(close);
    }
    for failure in hostile.failures() {
        if !desk.has_write() {
            desk.press("s s");
        }
        if !desk.has_write() {
            desk.press("s h");
        }
        desk.accept_next(Some(failure));
        desk.serve();
        frames.push(bytes(&mut desk, SMALL));
    }
    for screen in ["g p", "g i"] {
        desk.press(screen);
        desk.serve();
        frames.push(bytes(&mut desk, SMALL));
        for (open, close, size) in [
            ("Enter", "Enter", LARGE),
            ("e", "Esc", SMALL),
            ("x", "Esc", SMALL),
        ] {
            desk.press(open);
            desk.serve();
            frames.push(bytes(&mut desk, size));
            desk.press(close);
        }
    }
    frames
}

/// A word with a character in it at one of five places; the number tells the fields apart.
fn word(number: usize, c: char, position: usize) -> String {
    let mut letters: Vec<char> = format!("q{number:02}z").chars().collect();
    letters.insert(position, c);
    letters.into_iter().collect()
}

#[test]
fn no_character_in_no_field_reaches_the_terminal_as_it_is() {
    let (mut cases, mut shown, mut frames) = (0, 0, 0);
    let mut seen = vec![false; FIELDS];
    for c in controls().chain(FORMAT) {
        for position in 0..5 {
            let mut hostile = Hostile(|number| word(number, c, position));
            for written in screens(&mut hostile) {
                frames += 1;
                cases += FIELDS;
                let (improper, text) = frame(&written);
                assert_eq!(improper, [""; 0], "{c:?} at {position}");
                for (number, seen) in seen.iter_mut().enumerate() {
                    let is_shown = text.contains(&*clean(&word(number, c, position)));
                    shown += usize::from(is_shown);
                    *seen |= is_shown;
                }
            }
        }
    }
    let fields = seen.iter().filter(|seen| **seen).count();
    println!(
        "0 of {shown} strings on {frames} frames let one of 91 characters through ({fields} of \
         {FIELDS} fields seen at 5 places, {cases} cases drawn; exhaustive, no seed); bound {:.1e}",
        3.0 / shown as f64
    );
    assert!(shown >= 50_000, "{shown}");
    // The others, such as second names, are nowhere shown.
    assert!(fields >= 30, "{seen:?}");
}

#[test]
fn one_character_let_through_would_be_found() {
    for c in controls().chain(FORMAT) {
        let good = written(SMALL, |frame| {
            let style = Theme::default().base();
            paint::text(frame.buffer_mut(), (0, 0), 20, "CT Head", style);
        });
        assert_eq!(frame(&good).0, [""; 0]);
        let good = String::from_utf8(good).unwrap();
        let (improper, _) = frame(good.replace("Head", &format!("He{c}ad")).as_bytes());
        assert_ne!(improper, [""; 0], "{c:?}");
    }
}

/// Strings made of what is hostile, what is foreign and what is plain, the same for the same seed.
struct Strings(fastrand::Rng);

impl Strings {
    fn next(&mut self) -> usize {
        self.0.usize(..)
    }

    fn string(&mut self) -> String {
        const PIECES: [&str; 16] = [
            "\x1b[2J",
            "\x1b]0;x\x07",
            "\x1b]52;c;eA==\x1b\\",
            "\x1bP1$r0m\x1b\\",
            "\u{9b}6n",
            "\u{9d}0;x\u{9c}",
            "\x1b_x\x1b\\",
            "胸部",
            "e\u{301}",
            "🩻",
            "👩\u{200d}⚕\u{fe0f}",
            "\r\n",
            "\u{202e}cod",
            "شعاع",
            "\t",
            "CT Head",
        ];
        let length = 1 + self.next() % 6;
        let mut text = String::new();
        for _ in 0..length {
            match self.next() % 4 {
                0 => text.push_str(PIECES[self.next() % PIECES.len()]),
                1 => text.extend(char::from_u32((self.next() % 0x11_0000) as u32)),
                2 => text.extend(char::from_u32((self.next() % 0x3000) as u32)),
                _ => text.extend(char::from_u32((self.next() % 0xa0) as u32)),
            }
        }
        text
    }
}

#[test]
fn random_strings_reach_the_terminal_as_plain_text() {
    const SEED: u64 = 0x5eed_0007;
    let wanted = std::env::var("AVARA_TEST_STRINGS").ok();
    let wanted = wanted.map_or(100_000, |count| count.parse().unwrap());
    let mut strings = Strings(fastrand::Rng::with_seed(SEED));
    let mut count = 0;
    while count < wanted {
        let mut hostile = Hostile(|_| {
            count += 1;
            strings.string()
        });
        let mut study = hostile.study();
        for _ in 0..24 {
            study.metadata.insert((hostile.0)(0), (hostile.0)(0));
        }
        let mut desk = Desk::of(vec![study]);
        desk.users.push(hostile.user());
        desk.serve();
        desk.press("Enter");
        let frames = [bytes(&mut desk, LARGE), {
            desk.press("Enter a");
            bytes(&mut desk, SMALL)
        }];
        for written in frames {
            let (improper, _) = frame(&written);
            assert_eq!(improper, [""; 0], "after {count} strings");
        }
    }
    println!(
        "0 of {count} random strings reached the terminal as an order (seed {SEED:#x}); bound {:.1e}",
        3.0 / f64::from(count)
    );
}
