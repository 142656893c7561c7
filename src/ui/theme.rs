//! Styles by meaning. Every meaning also has a word, a mark or a modifier.

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

use crate::app::{Environment, Tone};
use crate::theme::{BuiltIn, Ink, Look, Meaning, Palette};
use crate::wire::Severity;
use crate::worklist::Urgency;

type Styles = [Style; Meaning::ALL.len()];

/// The looks of a palette as the screen takes them. Small to hand on: all panes share one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    styles: &'static Styles,
    /// Without boxes and columns, for people who do not see the screen.
    pub(super) is_plain: bool,
}

static TERMINAL: Styles = styles(BuiltIn::Terminal.palette());

impl Default for Theme {
    /// The terminal's own colours.
    fn default() -> Self {
        Self {
            styles: &TERMINAL,
            is_plain: false,
        }
    }
}

impl Theme {
    /// The table lives as long as the program, which makes one at its start.
    pub fn of(palette: &Palette) -> Self {
        Self {
            styles: Box::leak(Box::new(styles(palette))),
            is_plain: false,
        }
    }

    pub(super) fn with_plain(self, is_plain: bool) -> Self {
        Self { is_plain, ..self }
    }

    fn style(self, meaning: Meaning) -> Style {
        self.styles[meaning as usize]
    }

    /// Lays the theme's colours under everything that has none of its own.
    pub(super) fn lay_ground(self, buffer: &mut Buffer) {
        let Style { fg, bg, .. } = self.style(Meaning::Text);
        if fg.is_none() && bg.is_none() {
            return;
        }
        let (fg, bg) = (fg.unwrap_or(Color::Reset), bg.unwrap_or(Color::Reset));
        for cell in &mut buffer.content {
            if cell.fg == Color::Reset {
                cell.fg = fg;
            }
            if cell.bg == Color::Reset {
                cell.bg = bg;
            }
        }
    }

    /// Takes nothing away from what it is drawn over.
    pub fn base(self) -> Style {
        Style::new()
    }

    pub fn strong(self) -> Style {
        self.style(Meaning::Strong)
    }

    pub fn dim(self) -> Style {
        self.style(Meaning::Dim)
    }

    /// As dim as it gets without a colour of its own, for what has one already.
    pub fn faint(self) -> Style {
        Style::new().add_modifier(self.dim().add_modifier)
    }

    /// Out of the work: struck through where the terminal can, faint everywhere.
    pub fn cancelled(self) -> Style {
        self.style(Meaning::Cancelled)
    }

    pub fn key(self) -> Style {
        self.style(Meaning::Key)
    }

    pub fn selected(self) -> Style {
        self.style(Meaning::Selected)
    }

    pub fn severity(self, severity: &Severity) -> Style {
        match severity {
            // A severity that this program does not know is treated as the gravest.
            Severity::Stat | Severity::Other(_) => self.style(Meaning::Stat),
            Severity::High => self.style(Meaning::High),
            Severity::Normal => self.base(),
        }
    }

    pub fn urgency(self, urgency: Urgency) -> Style {
        match urgency {
            Urgency::Late => self.style(Meaning::Late),
            Urgency::Warning => self.style(Meaning::Soon),
            Urgency::Fine => self.base(),
        }
    }

    /// Something that must not be overlooked.
    pub fn alarm(self) -> Style {
        self.style(Meaning::Alarm)
    }

    pub fn tone(self, tone: Tone) -> Style {
        match tone {
            Tone::Info => self.base(),
            Tone::Good => self.style(Meaning::Good),
            Tone::Bad => self.style(Meaning::Bad),
        }
    }

    /// The tag that tells demo from production at a glance.
    pub fn place(self, place: Environment) -> Style {
        self.style(match place {
            Environment::Demo => Meaning::Demo,
            Environment::Local => Meaning::Local,
            Environment::Production => Meaning::Production,
        })
    }

    pub fn read_only(self) -> Style {
        self.style(Meaning::ReadOnly)
    }
}

const fn styles(palette: &Palette) -> Styles {
    let mut styles = [Style::new(); Meaning::ALL.len()];
    let mut set = 0;
    while set < styles.len() {
        styles[set] = style(palette.look(Meaning::ALL[set]));
        set += 1;
    }
    styles
}

const fn style(look: Look) -> Style {
    let mut modifier = Modifier::empty();
    if look.bold {
        modifier = modifier.union(Modifier::BOLD);
    }
    if look.underline {
        modifier = modifier.union(Modifier::UNDERLINED);
    }
    if look.reverse {
        modifier = modifier.union(Modifier::REVERSED);
    }
    if look.faint {
        modifier = modifier.union(Modifier::DIM);
    }
    if look.struck {
        modifier = modifier.union(Modifier::CROSSED_OUT);
    }
    let mut style = Style::new().add_modifier(modifier);
    if let Some(ink) = look.fg {
        style = style.fg(color(ink));
    }
    if let Some(ink) = look.bg {
        style = style.bg(color(ink));
    }
    style
}

const fn color(ink: Ink) -> Color {
    match ink {
        Ink::Default => Color::Reset,
        Ink::Indexed(0) => Color::Black,
        Ink::Indexed(1) => Color::Red,
        Ink::Indexed(2) => Color::Green,
        Ink::Indexed(3) => Color::Yellow,
        Ink::Indexed(4) => Color::Blue,
        Ink::Indexed(5) => Color::Magenta,
        Ink::Indexed(6) => Color::Cyan,
        Ink::Indexed(7) => Color::Gray,
        Ink::Indexed(15) => Color::White,
        Ink::Indexed(number) => Color::Indexed(number),
        Ink::Rgb(red, green, blue) => Color::Rgb(red, green, blue),
    }
}
