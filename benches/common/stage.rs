//! A screen that nobody sees: the program drawing into a sink that counts.

use avara_tui::app::update;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use avara_tui::app::{Model, Msg};
use avara_tui::input::parse_sequence;
use avara_tui::ui::{Theme, view};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::common::{NOW, model};

/// Takes everything and keeps only the count.
#[derive(Clone, Default)]
struct Sink(Arc<AtomicUsize>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.fetch_add(bytes.len(), Ordering::Relaxed);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

type Screen = Terminal<CrosstermBackend<Sink>>;

/// What the instructions are counted within. Not inlined, so that it has a name to be found by.
#[inline(never)]
fn draw_one_frame(terminal: &mut Screen, model: &Model) -> io::Result<()> {
    let theme = Theme::default();
    terminal.draw(|frame| {
        view(model, theme, frame);
    })?;
    Ok(())
}

pub struct Stage {
    pub model: Model,
    /// Frames so far.
    pub drawn: usize,
    terminal: Screen,
    sink: Sink,
}

impl Stage {
    pub fn new(studies: u32, (width, height): (u16, u16)) -> io::Result<Self> {
        let sink = Sink::default();
        let options = TerminalOptions {
            viewport: Viewport::Fixed(Rect::new(0, 0, width, height)),
        };
        Ok(Self {
            model: model(studies, Vec::new(), (width, height)),
            drawn: 0,
            terminal: Terminal::with_options(CrosstermBackend::new(sink.clone()), options)?,
            sink,
        })
    }

    /// Presses keys and draws if that changed something. Returns the bytes written.
    pub fn press(&mut self, keys: &str) -> io::Result<usize> {
        for chord in parse_sequence(keys).unwrap_or_default() {
            update::update(&mut self.model, Msg::Key(chord), NOW);
        }
        self.draw()
    }

    /// Draws if something has changed. Returns the bytes written.
    pub fn draw(&mut self) -> io::Result<usize> {
        let before = self.sink.0.load(Ordering::Relaxed);
        if std::mem::take(&mut self.model.kernel.needs_draw) {
            self.drawn += 1;
            draw_one_frame(&mut self.terminal, &self.model)?;
        }
        Ok(self.sink.0.load(Ordering::Relaxed) - before)
    }
}
