//! Themes as data: what each meaning looks like, how well it can be read, and what remains of it on a
//! terminal with fewer colours. Knows no screen and no file.

mod built_in;
mod contrast;
mod depth;

pub use built_in::BuiltIn;
pub use contrast::{READABLE, ratio};
pub use depth::Depth;

/// A colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ink {
    /// The terminal's own foreground or background.
    Default,
    /// By its number. The terminal decides what the first sixteen are; xterm has fixed all others.
    Indexed(u8),
    Rgb(u8, u8, u8),
}

/// The names of the first sixteen, in their order.
pub const NAMES: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];

impl Ink {
    /// Red, green and blue in one number, as in `#rrggbb`.
    pub const fn of(rgb: u32) -> Self {
        let [_, red, green, blue] = rgb.to_be_bytes();
        Self::Rgb(red, green, blue)
    }

    /// Reads a name, or `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "default" {
            return Some(Self::Default);
        }
        if let Some(digits) = text.strip_prefix('#') {
            let is_plain = digits.len() == 6 && digits.bytes().all(|it| it.is_ascii_hexdigit());
            let rgb = u32::from_str_radix(digits, 16).ok();
            return rgb.filter(|_| is_plain).map(Self::of);
        }
        let number = NAMES.iter().position(|name| *name == text)?;
        Some(Self::Indexed(number as u8))
    }
}

impl std::fmt::Display for Ink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Indexed(number) => match NAMES.get(usize::from(*number)) {
                Some(name) => f.write_str(name),
                None => write!(f, "{number}"),
            },
            Self::Rgb(red, green, blue) => write!(f, "#{red:02x}{green:02x}{blue:02x}"),
        }
    }
}

/// What something means, and so how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Meaning {
    /// Whatever means nothing else. Its colours are those of the whole screen.
    Text,
    Strong,
    Dim,
    Cancelled,
    /// A key that can be pressed, or a place to type.
    Key,
    Selected,
    Stat,
    High,
    /// Older than its target.
    Late,
    /// Soon older than its target.
    Soon,
    /// Something that must not be overlooked.
    Alarm,
    Good,
    Bad,
    Demo,
    Local,
    Production,
    ReadOnly,
}

impl Meaning {
    pub const ALL: [Self; 17] = [
        Self::Text,
        Self::Strong,
        Self::Dim,
        Self::Cancelled,
        Self::Key,
        Self::Selected,
        Self::Stat,
        Self::High,
        Self::Late,
        Self::Soon,
        Self::Alarm,
        Self::Good,
        Self::Bad,
        Self::Demo,
        Self::Local,
        Self::Production,
        Self::ReadOnly,
    ];

    /// As it stands in the file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Strong => "strong",
            Self::Dim => "dim",
            Self::Cancelled => "cancelled",
            Self::Key => "key",
            Self::Selected => "selected",
            Self::Stat => "stat",
            Self::High => "high",
            Self::Late => "late",
            Self::Soon => "soon",
            Self::Alarm => "alarm",
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Demo => "demo",
            Self::Local => "local",
            Self::Production => "production",
            Self::ReadOnly => "read_only",
        }
    }
}

/// How one meaning looks. A colour that is missing is the one of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    pub fg: Option<Ink>,
    pub bg: Option<Ink>,
    pub bold: bool,
    pub underline: bool,
    pub reverse: bool,
    pub faint: bool,
    pub struck: bool,
}

impl Look {
    pub const PLAIN: Self = Self {
        fg: None,
        bg: None,
        bold: false,
        underline: false,
        reverse: false,
        faint: false,
        struck: false,
    };

    const fn fg(self, ink: Ink) -> Self {
        let fg = Some(ink);
        Self { fg, ..self }
    }

    const fn on(self, ink: Ink) -> Self {
        let bg = Some(ink);
        Self { bg, ..self }
    }

    const fn bold(self) -> Self {
        let bold = true;
        Self { bold, ..self }
    }

    const fn underlined(self) -> Self {
        let underline = true;
        Self { underline, ..self }
    }

    const fn reversed(self) -> Self {
        let reverse = true;
        Self { reverse, ..self }
    }

    const fn faint(self) -> Self {
        let faint = true;
        Self { faint, ..self }
    }

    const fn struck(self) -> Self {
        let struck = true;
        Self { struck, ..self }
    }
}

/// A look for each meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    looks: [Look; Meaning::ALL.len()],
}

impl Palette {
    pub const fn look(&self, meaning: Meaning) -> Look {
        self.looks[meaning as usize]
    }

    pub fn look_mut(&mut self, meaning: Meaning) -> &mut Look {
        &mut self.looks[meaning as usize]
    }

    /// The foreground and the background that something of this meaning is drawn with.
    pub fn pair(&self, meaning: Meaning) -> (Ink, Ink) {
        let (look, text) = (self.look(meaning), self.look(Meaning::Text));
        let fg = look.fg.or(text.fg).unwrap_or(Ink::Default);
        let bg = look.bg.or(text.bg).unwrap_or(Ink::Default);
        if look.reverse { (bg, fg) } else { (fg, bg) }
    }

    /// The contrast of this meaning, where no terminal has a say in it.
    pub fn contrast(&self, meaning: Meaning) -> Option<f64> {
        let (fg, bg) = self.pair(meaning);
        Some(ratio(fg.rgb()?, bg.rgb()?))
    }

    /// The same without colours: what had a ground of its own is reversed, what was faint is faint.
    pub fn without_colors(&self) -> Self {
        let looks = Meaning::ALL.map(|meaning| {
            let (own, usual) = (
                self.look(meaning),
                BuiltIn::Terminal.palette().look(meaning),
            );
            let is_ground = meaning == Meaning::Text;
            Look {
                fg: None,
                bg: None,
                bold: own.bold,
                underline: own.underline,
                reverse: own.reverse || own.bg.is_some() && !is_ground,
                faint: usual.faint,
                struck: usual.struck,
            }
        });
        Self { looks }
    }
}

#[cfg(test)]
mod tests;
