//! Draws frames into a sink that counts, and says how many bytes each kind of frame took:
//! `cargo bench --bench frame -- STUDIES WIDTH HEIGHT FRAMES`.
//!
//! `.ci/instructions` runs it under callgrind, which counts what happens within `draw_one_frame`.

mod common;

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use avara_tui::app::{self, Model, Msg};
use avara_tui::input::parse_sequence;
use avara_tui::ui::{Theme, view};
use common::{NOW, model};
use ratatui::backend::CrosstermBackend;
use ratatui::{Terminal, TerminalOptions, Viewport};

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
    let theme = Theme { color: true };
    terminal.draw(|frame| {
        view(model, theme, frame);
    })?;
    Ok(())
}

struct Stage {
    model: Model,
    terminal: Screen,
    sink: Sink,
}

impl Stage {
    /// Presses a key and draws if that changed something. Answers the bytes written.
    fn press(&mut self, key: &str) -> io::Result<usize> {
        let before = self.sink.0.load(Ordering::Relaxed);
        for chord in parse_sequence(key).unwrap_or_default() {
            app::update(&mut self.model, Msg::Key(chord), NOW);
        }
        self.draw()?;
        Ok(self.sink.0.load(Ordering::Relaxed) - before)
    }

    fn draw(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.model.needs_draw) {
            draw_one_frame(&mut self.terminal, &self.model)?;
        }
        Ok(())
    }
}

#[expect(clippy::print_stdout, reason = "its answer")]
fn main() -> io::Result<()> {
    let numbers: Vec<u32> = std::env::args()
        .filter_map(|arg| arg.parse().ok())
        .collect();
    let [studies, width, height, frames] = numbers.as_slice() else {
        // `cargo test` and a plain `cargo bench` start it without numbers.
        return Ok(());
    };
    let (width, height) = (*width as u16, *height as u16);
    let sink = Sink::default();
    let fixed = Viewport::Fixed(ratatui::layout::Rect::new(0, 0, width, height));
    let options = TerminalOptions { viewport: fixed };
    let terminal = Terminal::with_options(CrosstermBackend::new(sink.clone()), options)?;
    let model = model(*studies, Vec::new(), (width, height));
    let mut stage = Stage {
        model,
        terminal,
        sink: sink.clone(),
    };
    stage.draw()?;
    println!("full paint {}", sink.0.load(Ordering::Relaxed));
    stage.press("j")?;
    println!("unchanged {}", stage.press("")?);
    let mut most = 0;
    for _ in 0..*frames / 2 {
        most = most.max(stage.press("j")?).max(stage.press("k")?);
    }
    println!("cursor move {most}");
    println!("page {}", stage.press("PageDown")?);
    for _ in 0..height {
        stage.press("j")?;
    }
    println!("scroll {}", stage.press("j")?);
    Ok(())
}
