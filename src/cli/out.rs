//! The one place that writes to the standard streams: data to stdout, words to stderr.

use std::fmt;
use std::io::{self, BufWriter, IsTerminal, Write};

use super::Problem;
use crate::text::clean;

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

/// Returns the columns of a terminal. One that does not know its size, as of `expect` or `cron`, has 80.
fn columns(size: Option<(u16, u16)>) -> usize {
    match size {
        None | Some((0, _)) => 80,
        Some((columns, _)) => columns.into(),
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
            .then(|| columns(crossterm::terminal::size().ok()));
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

    /// Writes words for the user at the terminal, cleaned, as they may quote what came from outside. If nobody
    /// reads them, nothing is lost.
    pub fn note(&mut self, words: &str) {
        for line in words.lines() {
            let _ = writeln!(self.stderr, "{}", clean(line));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_that_does_not_know_its_size_has_80_columns() {
        for (size, wide) in [
            (None, 80),
            (Some((0, 0)), 80),
            (Some((0, 24)), 80),
            (Some((1, 0)), 1),
            (Some((132, 43)), 132),
        ] {
            assert_eq!(columns(size), wide, "{size:?}");
        }
    }
}
