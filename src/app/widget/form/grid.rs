//! Keys and values to edit: a row a pair, and always one empty row to add another.

use crate::app::widget::line::LineEdit;
use crate::input::{Chord, Key};
use crate::wire::Metadata;
use crate::wire::rules::{METADATA_KEY_CHARS, METADATA_PAIRS, METADATA_VALUE_CHARS};

#[derive(Debug, Clone, Default)]
pub struct GridRow {
    pub key: LineEdit,
    pub value: LineEdit,
}

impl GridRow {
    fn is_blank(&self) -> bool {
        self.key.text().is_empty() && self.value.text().is_empty()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GridColumn {
    #[default]
    Key,
    Value,
}

#[derive(Debug, Clone)]
pub struct Grid {
    rows: Vec<GridRow>,
    row: usize,
    column: GridColumn,
}

impl Grid {
    pub fn new(metadata: &Metadata) -> Self {
        let mut grid = Self {
            rows: metadata
                .iter()
                .map(|(key, value)| GridRow {
                    key: LineEdit::new(key),
                    value: LineEdit::new(value),
                })
                .collect(),
            row: 0,
            column: GridColumn::Key,
        };
        grid.end_blank();
        grid
    }

    pub fn rows(&self) -> &[GridRow] {
        &self.rows
    }

    /// The cell with the cursor.
    pub fn place(&self) -> (usize, GridColumn) {
        (self.row, self.column)
    }

    pub fn pairs(&self) -> usize {
        self.rows.iter().filter(|row| !row.is_blank()).count()
    }

    /// The pairs as they would be sent. Of equal keys the last one counts; [`Grid::problem`] refuses them.
    pub fn metadata(&self) -> Metadata {
        self.rows
            .iter()
            .filter(|row| !row.is_blank())
            .map(|row| (row.key.text().to_owned(), row.value.text().to_owned()))
            .collect()
    }

    /// Shows other pairs, the cursor as near as can be to where it was.
    pub fn set(&mut self, metadata: &Metadata) {
        if self.metadata() != *metadata || self.problem().is_some() {
            let (row, column) = self.place();
            *self = Self::new(metadata);
            self.row = row.min(self.rows.len() - 1);
            self.column = column;
        }
    }

    /// What is wrong with the pairs as a whole.
    pub fn problem(&self) -> Option<String> {
        let pairs = self.pairs();
        if pairs > METADATA_PAIRS {
            return Some(format!("{pairs} fields; at most {METADATA_PAIRS}"));
        }
        (0..self.rows.len()).find_map(|row| self.row_problem(row))
    }

    /// What is wrong with one pair.
    pub fn row_problem(&self, index: usize) -> Option<String> {
        let row = self.rows.get(index).filter(|row| !row.is_blank())?;
        let (key, value) = (row.key.text(), row.value.text());
        if key.is_empty() {
            return Some("a value without a key".into());
        }
        let same = |other: &&GridRow| other.key.text() == key;
        if self.rows[..index].iter().any(|other| same(&other)) {
            return Some(format!("the key {key} is used twice"));
        }
        let over = |what: &str, text: &str, limit: usize| {
            let chars = text.chars().count();
            (chars > limit).then(|| format!("the {what} has {chars} characters; at most {limit}"))
        };
        over("key", key, METADATA_KEY_CHARS).or_else(|| over("value", value, METADATA_VALUE_CHARS))
    }

    /// The first row that something is wrong with.
    pub fn go_to_problem(&mut self) {
        if let Some(row) = (0..self.rows.len()).find(|row| self.row_problem(*row).is_some()) {
            self.row = row;
        }
    }

    /// Puts the cursor into the first cell, or the last.
    pub fn enter(&mut self, forward: bool) {
        (self.row, self.column) = if forward {
            (0, GridColumn::Key)
        } else {
            (self.rows.len() - 1, GridColumn::Value)
        };
    }

    /// Goes to the next cell, or the one before. Returns whether there was one.
    pub fn step(&mut self, forward: bool) -> bool {
        let last = self.rows.len() - 1;
        match (self.column, forward) {
            (GridColumn::Key, true) => self.column = GridColumn::Value,
            (GridColumn::Value, false) => self.column = GridColumn::Key,
            (GridColumn::Value, true) if self.row < last => {
                self.row += 1;
                self.column = GridColumn::Key;
            }
            (GridColumn::Key, false) if self.row > 0 => {
                self.row -= 1;
                self.column = GridColumn::Value;
            }
            _ => return false,
        }
        true
    }

    /// Goes a row down or up. Returns whether there was one.
    pub fn step_row(&mut self, down: bool) -> bool {
        let to = if down {
            self.row + 1
        } else {
            self.row.wrapping_sub(1)
        };
        let there = to < self.rows.len();
        if there {
            self.row = to;
        }
        there
    }

    /// Edits the cell with the cursor; `None` for a key that edits nothing.
    pub fn apply(&mut self, chord: Chord) -> Option<bool> {
        if (chord.key, chord.ctrl) == (Key::Char('x'), true) {
            self.remove_row();
            return Some(true);
        }
        let changed = self.cell_mut().apply(chord);
        self.end_blank();
        changed
    }

    pub fn paste(&mut self, text: &str) {
        self.cell_mut().paste(text);
        self.end_blank();
    }

    pub fn cell(&self) -> (&LineEdit, usize) {
        let row = &self.rows[self.row];
        match self.column {
            GridColumn::Key => (&row.key, METADATA_KEY_CHARS),
            GridColumn::Value => (&row.value, METADATA_VALUE_CHARS),
        }
    }

    fn cell_mut(&mut self) -> &mut LineEdit {
        let row = &mut self.rows[self.row];
        match self.column {
            GridColumn::Key => &mut row.key,
            GridColumn::Value => &mut row.value,
        }
    }

    fn remove_row(&mut self) {
        self.rows.remove(self.row);
        self.end_blank();
        self.row = self.row.min(self.rows.len() - 1);
        self.column = GridColumn::Key;
    }

    fn end_blank(&mut self) {
        if self.rows.last().is_none_or(|row| !row.is_blank()) {
            self.rows.push(GridRow::default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::parse_sequence;

    fn grid(pairs: &[(&str, &str)]) -> Grid {
        let pairs = pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        Grid::new(&pairs.collect())
    }

    fn press(grid: &mut Grid, keys: &str) {
        for chord in parse_sequence(keys).unwrap() {
            if chord.key == Key::Tab {
                grid.step(true);
            } else {
                grid.apply(chord);
            }
        }
    }

    #[test]
    fn an_empty_row_waits_at_the_end_and_is_not_a_pair() {
        let mut grid = grid(&[("a", "1")]);
        assert_eq!((grid.rows().len(), grid.pairs()), (2, 1));
        grid.enter(false);
        grid.step(false);
        press(&mut grid, "b Tab 2");
        assert_eq!((grid.rows().len(), grid.pairs()), (3, 2));
        assert_eq!(
            grid.metadata(),
            [("a".into(), "1".into()), ("b".into(), "2".into())].into()
        );
    }

    #[test]
    fn a_pair_goes_with_its_key_or_with_its_text() {
        let mut grid = grid(&[("a", "1"), ("b", "2")]);
        press(&mut grid, "Ctrl-x");
        assert_eq!(grid.metadata(), [("b".into(), "2".into())].into());
        press(&mut grid, "Ctrl-u Tab Ctrl-u End Backspace");
        assert_eq!(grid.metadata(), Metadata::new());
    }

    #[test]
    fn each_limit_is_reported_beside_its_row() {
        for (key, value, said) in [
            ("", "x", "a value without a key"),
            ("a", "x", "twice"),
            (&*"k".repeat(101), "x", "101 characters; at most 100"),
            ("v", &*"v".repeat(1001), "1001 characters; at most 1000"),
        ] {
            let mut grid = grid(&[("a", "1")]);
            grid.rows[1].key = LineEdit::new(key);
            grid.rows[1].value = LineEdit::new(value);
            let problem = grid.row_problem(1).unwrap();
            assert!(problem.contains(said), "{problem}");
            assert_eq!(grid.row_problem(0), None);
        }
    }

    #[test]
    fn the_51st_pair_is_one_too_many() {
        let pairs = |n: usize| (0..n).map(|i| (format!("k{i}"), String::new())).collect();
        assert_eq!(Grid::new(&pairs(50)).problem(), None);
        let problem = Grid::new(&pairs(51)).problem().unwrap();
        assert_eq!(problem, "51 fields; at most 50");
    }
}
