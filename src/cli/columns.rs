//! Rows in aligned columns that fit the terminal.

use crate::text::{clip, width};

/// The space between two columns.
const GAP: usize = 2;
/// The widest cell, however much room there is.
const MAX_CELL: usize = 60;

/// How a table that is too wide shrinks, step by step: a column, and how narrow it may become. At 0 the
/// column is left out.
pub type Step = (usize, usize);

/// Returns the lines of a table whose first row is its titles. Without a width only the longest cells are
/// cut. Cells must be cleaned.
pub fn lines<const N: usize>(
    rows: &[[String; N]],
    steps: &[Step],
    columns: Option<usize>,
) -> Vec<String> {
    let widths = widths(rows, steps, columns);
    let line = |row: &[String; N]| {
        let mut line = String::new();
        for (cell, cell_width) in row.iter().zip(widths).filter(|(_, width)| *width > 0) {
            let cell = clip(cell, cell_width);
            line.push_str(&cell);
            line.push_str(&" ".repeat(cell_width - width(&cell) + GAP));
        }
        clip(line.trim_end(), columns.unwrap_or(usize::MAX)).into_owned()
    };
    rows.iter().map(line).collect()
}

fn widths<const N: usize>(
    rows: &[[String; N]],
    steps: &[Step],
    columns: Option<usize>,
) -> [usize; N] {
    let mut widths: [usize; N] = std::array::from_fn(|column| {
        let cells = rows.iter().map(|row| width(&row[column]));
        cells.max().unwrap_or(0).min(MAX_CELL)
    });
    let Some(columns) = columns else {
        return widths;
    };
    for (column, least) in steps {
        let shown = widths.iter().filter(|width| **width > 0);
        let taken: usize = shown.map(|width| width + GAP).sum();
        let missing = taken.saturating_sub(columns + GAP);
        let narrowed = match least {
            0 if missing > 0 => 0,
            _ => widths[*column].saturating_sub(missing).max(*least),
        };
        widths[*column] = widths[*column].min(narrowed);
    }
    widths
}
