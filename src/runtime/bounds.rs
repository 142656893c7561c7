//! The size of the terminal, as far as it can be believed.

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

/// Larger than any real terminal. One that claims more would take gigabytes for its cells.
const LARGEST: Size = Size {
    width: 1_000,
    height: 500,
};
/// The size of a terminal that does not know its own, as of `expect` or `cron`.
const USUAL: Size = Size {
    width: 80,
    height: 24,
};

/// Returns the size to draw for.
fn bounded(claimed: Size) -> Size {
    if claimed.width == 0 || claimed.height == 0 {
        return USUAL;
    }
    Size {
        width: claimed.width.min(LARGEST.width),
        height: claimed.height.min(LARGEST.height),
    }
}

/// A terminal of a size that can be drawn.
#[derive(Debug)]
pub struct Bounded<B>(pub B);

impl<B: Backend> Backend for Bounded<B> {
    type Error = B::Error;

    fn draw<'a, I>(&mut self, content: I) -> Result<(), Self::Error>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        self.0.draw(content)
    }

    fn append_lines(&mut self, count: u16) -> Result<(), Self::Error> {
        self.0.append_lines(count)
    }

    fn hide_cursor(&mut self) -> Result<(), Self::Error> {
        self.0.hide_cursor()
    }

    fn show_cursor(&mut self) -> Result<(), Self::Error> {
        self.0.show_cursor()
    }

    fn get_cursor_position(&mut self) -> Result<Position, Self::Error> {
        self.0.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), Self::Error> {
        self.0.set_cursor_position(position)
    }

    fn clear(&mut self) -> Result<(), Self::Error> {
        self.0.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> Result<(), Self::Error> {
        self.0.clear_region(region)
    }

    fn size(&self) -> Result<Size, Self::Error> {
        Ok(bounded(self.0.size()?))
    }

    fn window_size(&mut self) -> Result<WindowSize, Self::Error> {
        let claimed = self.0.window_size()?;
        Ok(WindowSize {
            columns_rows: bounded(claimed.columns_rows),
            ..claimed
        })
    }

    fn flush(&mut self) -> Result<(), Self::Error> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_that_cannot_be_is_replaced_by_one_that_can() {
        for (claimed, drawn) in [
            ((65_535, 65_535), (1_000, 500)),
            ((65_535, 24), (1_000, 24)),
            ((80, 65_535), (80, 500)),
            ((0, 0), (80, 24)),
            ((0, 50), (80, 24)),
            ((1, 1), (1, 1)),
            ((182, 62), (182, 62)),
        ] {
            assert_eq!(bounded(claimed.into()), Size::from(drawn), "{claimed:?}");
        }
    }
}
