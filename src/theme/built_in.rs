//! The themes that come with the program.

use super::{Ink, Look, Meaning, Palette};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BuiltIn {
    /// The terminal's own sixteen colours on its own background.
    #[default]
    Terminal,
    Light,
    Dark,
    HighContrast,
    /// Orange, yellow and blue: told apart with any kind of colour vision.
    Cvd,
}

impl BuiltIn {
    pub const ALL: [Self; 5] = [
        Self::Terminal,
        Self::Light,
        Self::Dark,
        Self::HighContrast,
        Self::Cvd,
    ];

    /// As it stands in the file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::HighContrast => "high-contrast",
            Self::Cvd => "cvd",
        }
    }

    pub const fn palette(self) -> &'static Palette {
        match self {
            Self::Terminal => &TERMINAL,
            Self::Light => &LIGHT,
            Self::Dark => &DARK,
            Self::HighContrast => &HIGH_CONTRAST,
            Self::Cvd => &CVD,
        }
    }
}

/// The colours of a theme that paints its own background.
struct Inks {
    text: u32,
    ground: u32,
    dim: u32,
    key: u32,
    stat: u32,
    high: u32,
    good: u32,
    selected: (u32, u32),
    alarm: (u32, u32),
    demo: (u32, u32),
    local: (u32, u32),
    production: (u32, u32),
    read_only: (u32, u32),
}

const fn ink(rgb: u32) -> Look {
    Look::PLAIN.fg(Ink::of(rgb))
}

const fn tag((fg, bg): (u32, u32)) -> Look {
    ink(fg).on(Ink::of(bg)).bold()
}

const fn painted(inks: &Inks) -> Palette {
    let mut looks = [Look::PLAIN; Meaning::ALL.len()];
    let mut set = 0;
    while set < looks.len() {
        looks[set] = match Meaning::ALL[set] {
            Meaning::Text => ink(inks.text).on(Ink::of(inks.ground)),
            Meaning::Strong => Look::PLAIN.bold(),
            Meaning::Dim => ink(inks.dim),
            Meaning::Cancelled => ink(inks.dim).struck(),
            Meaning::Key => ink(inks.key).bold(),
            Meaning::Selected => ink(inks.selected.0).on(Ink::of(inks.selected.1)),
            Meaning::Stat | Meaning::Late | Meaning::Bad => ink(inks.stat).bold(),
            Meaning::High => ink(inks.high),
            Meaning::Soon => ink(inks.high).underlined(),
            Meaning::Alarm => tag(inks.alarm),
            Meaning::Good => ink(inks.good),
            Meaning::Demo => tag(inks.demo),
            Meaning::Local => tag(inks.local),
            Meaning::Production => tag(inks.production),
            Meaning::ReadOnly => tag(inks.read_only),
        };
        set += 1;
    }
    Palette { looks }
}

const BLACK: Ink = Ink::Indexed(0);
const RED: Ink = Ink::Indexed(1);
const GREEN: Ink = Ink::Indexed(2);
const YELLOW: Ink = Ink::Indexed(3);
const BLUE: Ink = Ink::Indexed(4);
const MAGENTA: Ink = Ink::Indexed(5);
const CYAN: Ink = Ink::Indexed(6);
const BRIGHT_WHITE: Ink = Ink::Indexed(15);

/// Tags name both colours of their pair: the background of the terminal, whatever it is, would be hard
/// to read on blue or red where it is dark, and on cyan or yellow where it is light.
static TERMINAL: Palette = {
    let mut looks = [Look::PLAIN; Meaning::ALL.len()];
    let mut set = 0;
    while set < looks.len() {
        looks[set] = match Meaning::ALL[set] {
            Meaning::Text => Look::PLAIN,
            Meaning::Strong => Look::PLAIN.bold(),
            Meaning::Dim => Look::PLAIN.faint(),
            Meaning::Cancelled => Look::PLAIN.faint().struck(),
            Meaning::Key => Look::PLAIN.fg(CYAN).bold(),
            Meaning::Selected => Look::PLAIN.reversed(),
            Meaning::Stat | Meaning::Late | Meaning::Bad => Look::PLAIN.fg(RED).bold(),
            Meaning::High => Look::PLAIN.fg(YELLOW),
            Meaning::Soon => Look::PLAIN.fg(YELLOW).underlined(),
            Meaning::Alarm => Look::PLAIN.fg(BRIGHT_WHITE).on(RED).bold(),
            Meaning::Good => Look::PLAIN.fg(GREEN),
            Meaning::Demo => Look::PLAIN.fg(BRIGHT_WHITE).on(MAGENTA).bold(),
            // Not bold: many terminals would make black a grey of it.
            Meaning::Local => Look::PLAIN.fg(BLACK).on(CYAN),
            Meaning::Production => Look::PLAIN.fg(BRIGHT_WHITE).on(BLUE).bold(),
            Meaning::ReadOnly => Look::PLAIN.fg(BLACK).on(YELLOW),
        };
        set += 1;
    }
    Palette { looks }
};

static LIGHT: Palette = painted(&Inks {
    text: 0x1b1f24,
    ground: 0xffffff,
    dim: 0x57606a,
    key: 0x0550ae,
    stat: 0xb3001b,
    high: 0x7a4a00,
    good: 0x116329,
    selected: (0xffffff, 0x0550ae),
    alarm: (0xffffff, 0xb3001b),
    demo: (0xffffff, 0x6639ba),
    local: (0xffffff, 0x0b5d66),
    production: (0xffffff, 0x0a3069),
    read_only: (0xffffff, 0x7a4a00),
});

static DARK: Palette = painted(&Inks {
    text: 0xd4d7dd,
    ground: 0x16181d,
    dim: 0x9aa1ad,
    key: 0x5fd0d6,
    stat: 0xff7b72,
    high: 0xe6c35c,
    good: 0x7bd88f,
    selected: (0xffffff, 0x2f4f7f),
    alarm: (0xffffff, 0xb3001b),
    demo: (0x16181d, 0xd48cf0),
    local: (0x16181d, 0x5fd0d6),
    production: (0x16181d, 0x6ea8fe),
    read_only: (0x16181d, 0xe6c35c),
});

static HIGH_CONTRAST: Palette = painted(&Inks {
    text: 0xffffff,
    ground: 0x000000,
    dim: 0xd0d0d0,
    key: 0x00ffff,
    stat: 0xff8080,
    high: 0xffff00,
    good: 0x66ff66,
    selected: (0x000000, 0xffff00),
    alarm: (0x000000, 0xff8080),
    demo: (0x000000, 0xff99ff),
    local: (0x000000, 0x00ffff),
    production: (0x000000, 0x99ccff),
    read_only: (0x000000, 0xffff00),
});

/// After the palette of Okabe and Ito: orange against blue, never red against green.
static CVD: Palette = painted(&Inks {
    text: 0xe8e8e8,
    ground: 0x10141a,
    dim: 0xa8b0ba,
    key: 0x7cc4f0,
    stat: 0xff8f3a,
    high: 0xf5e76b,
    good: 0x7cc4f0,
    selected: (0xffffff, 0x005a96),
    alarm: (0x10141a, 0xff8f3a),
    demo: (0x10141a, 0xe0a3c8),
    local: (0x10141a, 0x6fd0b0),
    production: (0x10141a, 0x7cc4f0),
    read_only: (0x10141a, 0xf5e76b),
});
