//! Styles by meaning. The terminal's own 16 colours on its own background; every meaning also has a word.

use ratatui::style::{Color, Modifier, Style};

use crate::app::{Place, Tone};
use crate::wire::Severity;
use crate::worklist::Urgency;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Colours may be used. Without them bold, dim and reverse remain.
    pub color: bool,
}

impl Theme {
    fn paint(self, color: Color) -> Style {
        if self.color {
            Style::new().fg(color)
        } else {
            Style::new()
        }
    }

    pub fn plain(self) -> Style {
        Style::new()
    }

    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    pub fn dim(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// Out of the work: struck through where the terminal can, faint everywhere.
    pub fn cancelled(self) -> Style {
        Style::new().add_modifier(Modifier::DIM | Modifier::CROSSED_OUT)
    }

    pub fn title(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
    }

    pub fn key(self) -> Style {
        self.paint(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    pub fn selected(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    pub fn severity(self, severity: &Severity) -> Style {
        match severity {
            // A severity that this program does not know is treated as the gravest.
            Severity::Stat | Severity::Other(_) => {
                self.paint(Color::Red).add_modifier(Modifier::BOLD)
            }
            Severity::High => self.paint(Color::Yellow),
            Severity::Normal => Style::new(),
        }
    }

    pub fn urgency(self, urgency: Urgency) -> Style {
        match urgency {
            Urgency::Late => self.paint(Color::Red).add_modifier(Modifier::BOLD),
            Urgency::Warning => self.paint(Color::Yellow),
            Urgency::Fine => Style::new(),
        }
    }

    /// Something that must not be overlooked.
    pub fn alarm(self) -> Style {
        self.paint(Color::Red)
            .add_modifier(Modifier::BOLD | Modifier::REVERSED)
    }

    pub fn tone(self, tone: Tone) -> Style {
        match tone {
            Tone::Info => Style::new(),
            Tone::Good => self.paint(Color::Green),
            Tone::Bad => self.paint(Color::Red).add_modifier(Modifier::BOLD),
        }
    }

    /// The tag that tells demo from production at a glance.
    pub fn place(self, place: Place) -> Style {
        let style = Style::new().add_modifier(Modifier::BOLD | Modifier::REVERSED);
        if !self.color {
            return style;
        }
        match place {
            Place::Demo => style.fg(Color::Magenta),
            Place::Local => style.fg(Color::Cyan),
            Place::Production => style.fg(Color::Blue),
        }
    }

    pub fn read_only(self) -> Style {
        self.paint(Color::Yellow)
            .add_modifier(Modifier::BOLD | Modifier::REVERSED)
    }
}
