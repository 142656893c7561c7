//! How many colours a terminal has, and the nearest theme for it.

use super::contrast::{READABLE, indexed, ratio};
use super::{Ink, Look, Meaning, Palette};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    None,
    Sixteen,
    Indexed,
    True,
}

/// Terminals that show every colour without saying so in COLORTERM, by the beginning of TERM.
const TRUE: [&str; 7] = [
    "xterm-kitty",
    "xterm-ghostty",
    "alacritty",
    "wezterm",
    "foot",
    "contour",
    "iterm",
];

/// Terminals without colours.
const MONOCHROME: [&str; 6] = ["vt52", "vt100", "vt102", "vt220", "vt320", "xterm-mono"];

impl Depth {
    /// By what the environment says of the terminal: `COLORTERM`, then the name in `TERM`. No terminal
    /// is asked, for the answer might never come.
    pub fn told_by(variable: impl Fn(&str) -> Option<String>) -> Self {
        let color_term = variable("COLORTERM").unwrap_or_default().to_lowercase();
        if matches!(color_term.as_str(), "truecolor" | "24bit") {
            return Self::True;
        }
        let Some(term) = variable("TERM").filter(|term| !term.is_empty()) else {
            // Only Windows' own console has no name; it shows every colour since 2017.
            return Self::True;
        };
        match term.as_str() {
            "dumb" | "unknown" => Self::None,
            term if MONOCHROME.contains(&term) || term.ends_with("-m") => Self::None,
            term if TRUE.iter().any(|name| term.starts_with(name)) => Self::True,
            term if term.contains("direct") || term.contains("truecolor") => Self::True,
            term if term.contains("256") => Self::Indexed,
            _ => Self::Sixteen,
        }
    }
}

/// xterm's own first sixteen. What another terminal makes of them nobody can know here.
const XTERM: [u32; 16] = [
    0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f,
    0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
];

type Rgb = [u8; 3];

/// What a terminal can show, with its red, green and blue.
fn shown(depth: Depth) -> Vec<(Ink, Rgb)> {
    match depth {
        Depth::Sixteen => (0..16)
            .zip(XTERM)
            .map(|(number, rgb)| {
                let [_, red, green, blue] = rgb.to_be_bytes();
                (Ink::Indexed(number), [red, green, blue])
            })
            .collect(),
        Depth::Indexed => (16..=255)
            .map(|number| (Ink::Indexed(number), indexed(number)))
            .collect(),
        Depth::None | Depth::True => Vec::new(),
    }
}

impl Palette {
    /// The nearest palette that a terminal of this depth can show. What could be read can be read after
    /// it: among the colours it has, the nearest that stands out enough is taken.
    pub fn at(&self, depth: Depth) -> Self {
        match depth {
            Depth::True => *self,
            Depth::None => self.without_colors(),
            Depth::Sixteen | Depth::Indexed => self.reduced(&shown(depth)),
        }
    }

    fn reduced(&self, shown: &[(Ink, Rgb)]) -> Self {
        let text = self.look(Meaning::Text);
        let ground = text.bg.map(|ink| nearest(ink, None, shown));
        let looks = Meaning::ALL.map(|meaning| {
            let look = self.look(meaning);
            let bg = look.bg.map(|ink| nearest(ink, None, shown));
            if meaning != Meaning::Text && look.bg.is_some() && bg == ground && look.bg != text.bg {
                // It would no longer be told from the ground.
                return Look {
                    fg: None,
                    bg: None,
                    reverse: true,
                    ..look
                };
            }
            let on = bg.or(ground).and_then(|ink| rgb_in(ink, shown));
            let fg = look.fg.map(|ink| nearest(ink, on, shown));
            Look { fg, bg, ..look }
        });
        Self { looks }
    }
}

fn rgb_in(ink: Ink, shown: &[(Ink, Rgb)]) -> Option<Rgb> {
    let found = shown.iter().find(|(it, _)| *it == ink);
    found.map(|(_, rgb)| *rgb).or_else(|| ink.rgb())
}

/// The nearest colour that can be shown; on a known background the nearest that can be read on it, or
/// else the one that stands out most.
fn nearest(ink: Ink, on: Option<Rgb>, shown: &[(Ink, Rgb)]) -> Ink {
    let is_shown = shown.iter().any(|(it, _)| *it == ink);
    let Some(rgb) = ink.rgb().filter(|_| !is_shown) else {
        return ink;
    };
    let contrast = |candidate: Rgb| on.map_or(READABLE, |on| ratio(candidate, on));
    let readable = shown.iter().filter(|(_, it)| contrast(*it) >= READABLE);
    let found = readable.min_by_key(|(_, it)| distance(rgb, *it));
    let most = || {
        let by_contrast =
            |a: &&(Ink, Rgb), b: &&(Ink, Rgb)| contrast(a.1).total_cmp(&contrast(b.1));
        shown.iter().max_by(by_contrast)
    };
    found.or_else(most).map_or(ink, |(ink, _)| *ink)
}

/// How far apart two colours look: the "redmean" approximation (T. Riemersma, compuphase.com).
fn distance(one: Rgb, other: Rgb) -> i64 {
    let [red, green, blue] = [0, 1, 2].map(|at| i64::from(one[at]) - i64::from(other[at]));
    let mean = (i64::from(one[0]) + i64::from(other[0])) / 2;
    (((512 + mean) * red * red) >> 8) + 4 * green * green + (((767 - mean) * blue * blue) >> 8)
}
