//! A screen as text, with the styles of its cells written out below.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use crate::app::FirstRun;
use crate::app::Model;
use crate::ui::{Drawn, Theme, view, view_first_run};

/// What can be drawn: the program as it runs, or the first run.
pub trait Scene {
    fn show(&self, theme: Theme, frame: &mut ratatui::Frame<'_>) -> Drawn;
}

impl Scene for Model {
    fn show(&self, theme: Theme, frame: &mut ratatui::Frame<'_>) -> Drawn {
        view(self, theme, frame)
    }
}

impl Scene for FirstRun {
    fn show(&self, theme: Theme, frame: &mut ratatui::Frame<'_>) -> Drawn {
        view_first_run(self, theme, frame)
    }
}

pub fn draw(model: &(impl Scene + ?Sized), width: u16, height: u16) -> (Buffer, Drawn) {
    draw_in(model, Theme::default(), width, height)
}

pub fn draw_in(
    model: &(impl Scene + ?Sized),
    theme: Theme,
    width: u16,
    height: u16,
) -> (Buffer, Drawn) {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    let mut drawn = Drawn::default();
    terminal
        .draw(|frame| drawn = model.show(theme, frame))
        .unwrap();
    (terminal.backend().buffer().clone(), drawn)
}

pub fn text_of(model: &(impl Scene + ?Sized), width: u16, height: u16) -> String {
    lines(&draw(model, width, height).0).join("\n")
}

/// The text of the screen, and for each row the runs of cells that are not plain.
pub fn shot(model: &(impl Scene + ?Sized), width: u16, height: u16) -> String {
    shot_in(model, Theme::default(), width, height)
}

pub fn shot_in(model: &(impl Scene + ?Sized), theme: Theme, width: u16, height: u16) -> String {
    let buffer = draw_in(model, theme, width, height).0;
    let mut out = lines(&buffer);
    out.push("styles:".into());
    for y in 0..height {
        let runs = runs(&buffer, y);
        if !runs.is_empty() {
            out.push(format!("{y:>3}: {runs}"));
        }
    }
    out.join("\n")
}

pub fn lines(buffer: &Buffer) -> Vec<String> {
    (0..buffer.area.height)
        .map(|y| {
            let mut line = String::new();
            let mut x = 0;
            while x < buffer.area.width {
                let symbol = buffer[(x, y)].symbol();
                line.push_str(symbol);
                x += (crate::text::width(symbol) as u16).max(1);
            }
            line.trim_end().to_owned()
        })
        .collect()
}

fn runs(buffer: &Buffer, y: u16) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut start = 0;
    for x in 1..=buffer.area.width {
        let style = style_of(&buffer[(start, y)]);
        if x == buffer.area.width || style_of(&buffer[(x, y)]) != style {
            if !style.is_empty() {
                out.push(format!("{start}-{} {style}", x - 1));
            }
            start = x;
        }
    }
    out.join(", ")
}

fn style_of(cell: &Cell) -> String {
    let mut words = Vec::new();
    if cell.fg != Color::Reset {
        words.push(cell.fg.to_string().to_lowercase());
    }
    if cell.bg != Color::Reset {
        words.push(format!("on {}", cell.bg.to_string().to_lowercase()));
    }
    for (modifier, word) in [
        (Modifier::BOLD, "bold"),
        (Modifier::DIM, "dim"),
        (Modifier::REVERSED, "reversed"),
        (Modifier::UNDERLINED, "underlined"),
        (Modifier::CROSSED_OUT, "crossed out"),
    ] {
        if cell.modifier.contains(modifier) {
            words.push(word.into());
        }
    }
    words.join(" ")
}
