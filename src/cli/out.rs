//! The one place that writes to the standard streams: data to stdout, words to stderr.

use std::fmt;
use std::io::{self, BufWriter, IsTerminal, Write};

use super::Problem;

pub struct Out {
    stdout: Box<dyn Write + Send>,
    stderr: Box<dyn Write + Send>,
    /// The columns of the terminal, if stdout is one.
    pub width: Option<usize>,
}

impl fmt::Debug for Out {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Out")
            .field("width", &self.width)
            .finish_non_exhaustive()
    }
}

/// Writes a line for the user while a command waits for the server.
pub fn note_while_waiting(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

impl Out {
    /// Returns the streams of the process.
    pub fn standard() -> Self {
        let width = io::stdout()
            .is_terminal()
            .then(|| crossterm::terminal::size().map_or(80, |(columns, _)| columns.into()));
        Self {
            // The buffer has room for a page of studies.
            stdout: Box::new(BufWriter::with_capacity(128 << 10, io::stdout())),
            stderr: Box::new(io::stderr()),
            width,
        }
    }

    /// Writes data as it is, including line ends.
    pub fn data(&mut self, text: &str) -> Result<(), Problem> {
        Ok(self.stdout.write_all(text.as_bytes())?)
    }

    pub fn flush(&mut self) -> Result<(), Problem> {
        Ok(self.stdout.flush()?)
    }

    /// Writes a line for the user at the terminal. If nobody reads it, nothing is lost.
    pub fn note(&mut self, line: &str) {
        let _ = writeln!(self.stderr, "{line}");
    }
}
