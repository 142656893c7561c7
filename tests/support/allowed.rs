//! What may reach a terminal, checked on the bytes by a parser that is not ours.

use vte::{Params, Parser, Perform};

/// Moving, erasing, styling: what the drawing library sends.
const ORDERS: &str = "HJKmABCDGd";
/// Cursor, alternate screen, bracketed paste, mouse, focus, synchronized frames.
const MODES: [u16; 10] = [25, 1049, 2004, 1000, 1002, 1003, 1004, 1006, 1015, 2026];

/// Characters that draw nothing or change how their neighbours are drawn.
pub const FORMAT: [char; 33] = [
    '\u{ad}',
    '\u{61c}',
    '\u{115f}',
    '\u{1160}',
    '\u{17b4}',
    '\u{180e}',
    '\u{200b}',
    '\u{200c}',
    '\u{200d}',
    '\u{200e}',
    '\u{200f}',
    '\u{2028}',
    '\u{2029}',
    '\u{202a}',
    '\u{202b}',
    '\u{202c}',
    '\u{202d}',
    '\u{202e}',
    '\u{2060}',
    '\u{2066}',
    '\u{2067}',
    '\u{2068}',
    '\u{2069}',
    '\u{2800}',
    '\u{3164}',
    '\u{feff}',
    '\u{ffa0}',
    '\u{13430}',
    '\u{1345f}',
    '\u{1d159}',
    '\u{e0020}',
    '\u{e0001}',
    '\u{e0041}',
];

/// Every C0 and C1 control, and DEL.
pub fn controls() -> impl Iterator<Item = char> {
    ('\0'..='\x1f').chain('\x7f'..='\u{9f}')
}

#[derive(Default)]
struct Watch {
    improper: Vec<String>,
    /// What was printed, without the orders in between.
    printed: String,
    /// Lines end and bells ring outside of frames only.
    lines: bool,
    asked: Option<&'static str>,
}

impl Watch {
    fn note(&mut self, what: String) {
        if self.improper.len() < 20 {
            self.improper.push(what);
        }
    }
}

impl Perform for Watch {
    fn print(&mut self, c: char) {
        if c.is_control() || FORMAT.contains(&c) {
            self.note(format!("{c:?}"));
        }
        self.printed.push(c);
    }

    fn execute(&mut self, byte: u8) {
        if !(self.lines && matches!(byte, b'\r' | b'\n' | b'\x07')) {
            self.note(format!("control {byte:#x}"));
        }
    }

    fn csi_dispatch(&mut self, params: &Params, between: &[u8], ignored: bool, last: char) {
        let mut numbers = params.iter().map(|param| param[0]);
        let is_proper = match (between, last) {
            (b"?", 'h' | 'l') => numbers.all(|mode| MODES.contains(&mode)),
            (b"", last) => ORDERS.contains(last),
            _ => false,
        };
        if ignored || !is_proper {
            let between = String::from_utf8_lossy(between);
            self.note(format!("CSI {between}{params:?}{last}"));
        }
    }

    fn osc_dispatch(&mut self, params: &[&[u8]], _: bool) {
        let kind = self.asked.map(str::as_bytes);
        if kind.is_none() || params.first().copied() != kind {
            self.note(format!("OSC {params:?}"));
        }
    }

    fn hook(&mut self, _: &Params, _: &[u8], _: bool, last: char) {
        self.note(format!("DCS {last}"));
    }

    fn esc_dispatch(&mut self, between: &[u8], _: bool, last: u8) {
        // The end of a string is no order of its own.
        if !(self.asked.is_some() && last == b'\\') {
            self.note(format!("ESC {between:?} {last:#x}"));
        }
    }
}

/// Everything in a frame that is neither plain text nor allowed, and the text.
pub fn frame(written: &[u8]) -> (Vec<String>, String) {
    let watch = watched(written, Watch::default());
    (watch.improper, watch.printed)
}

/// Everything in what a program wrote from its start to its end that may not be there. One kind of OSC
/// may, where somebody `asked` for it: 52 fills the clipboard, 9 and 777 notify.
pub fn improper(written: &[u8], asked: Option<&'static str>) -> Vec<String> {
    let watch = Watch {
        lines: true,
        asked,
        ..Watch::default()
    };
    watched(written, watch).improper
}

fn watched(written: &[u8], mut watch: Watch) -> Watch {
    // Strings without an end, and kinds that the parser takes without a word.
    if let Err(error) = std::str::from_utf8(written) {
        watch.note(format!("not UTF-8 at {}", error.valid_up_to()));
    }
    let introducers: &[&[u8]] = &[b"\x1b_", b"\x1b^", b"\x1bX"];
    for introducer in introducers {
        if memchr::memmem::find(written, introducer).is_some() {
            watch.note(format!("{introducer:?}"));
        }
    }
    if written.ends_with(b"\x1b") {
        watch.note("an escape at the end".into());
    }
    Parser::new().advance(&mut watch, written);
    watch
}
