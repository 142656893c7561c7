//! The fields of a form, a line after the other, scrolled to the one with the focus.
//!
//! One file: each kind of line is laid out, scrolled to and drawn, and all of them share one width.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::app::Form;
use crate::app::widget::form::field::{FieldKind, FormField, Select};
use crate::app::widget::form::grid::{Grid, GridColumn};
use crate::app::widget::form::pick::Pick;
use crate::app::widget::form::{FormStage, Task};
use crate::app::{LineEdit, Tone};
use crate::text;
use crate::ui::form::plain;
use crate::ui::paint;
use crate::ui::theme::Theme;

/// Columns for the marker and the labels.
const LABELS: u16 = 16;
/// At most this many of a list's items show at once.
const ITEMS: usize = 6;

/// The lines of the fields, before it is known which of them fit.
pub(super) struct Sheet<'a> {
    theme: Theme,
    pub(super) lines: Vec<Line<'a>>,
    /// The line with the focus, and the last one that belongs to it.
    focus: (usize, usize),
}

pub(super) enum Line<'a> {
    /// A marker, a label and a value.
    Value {
        focused: bool,
        label: &'a str,
        value: Value<'a>,
        counter: String,
    },
    Pair {
        focused: Option<GridColumn>,
        key: &'a LineEdit,
        value: &'a LineEdit,
        counter: String,
    },
    Item {
        chosen: bool,
        label: &'a str,
        note: &'a str,
    },
    Note(String, Style),
    /// What is wrong with the value above.
    Wrong(String),
}

pub(super) enum Value<'a> {
    Edit(&'a LineEdit),
    Options(&'a Select),
    Plain(String),
    Fixed(String),
}

impl<'a> Sheet<'a> {
    pub(super) fn new(theme: Theme) -> Self {
        Self {
            theme,
            lines: Vec::new(),
            focus: (0, 0),
        }
    }

    pub(super) fn lay_out(&mut self, form: &'a Form, width: u16) {
        if form.fields.is_empty() {
            let text = match form.stage {
                FormStage::Unread => "Enter tries again; Esc leaves",
                _ => match form.task {
                    Task::Edit { subject, .. } => &format!("Loading the {}", subject.noun()),
                    Task::CreateStudy | Task::Invite(_) => "",
                },
            };
            self.lines.push(Line::Note(text.into(), self.theme.dim()));
        }
        for (at, field) in form.fields.iter().enumerate() {
            let focused = at == form.focus();
            let marked = focused && form.asking().is_none();
            let first = self.lines.len();
            let middle = self.field(field, marked);
            let middle = middle.filter(|_| focused);
            self.problem(field, width);
            if focused {
                self.focus = (middle.unwrap_or(first), self.lines.len() - 1);
                if let Some(line) = middle {
                    self.focus = (line, line + 1);
                }
            }
        }
        if form.focus() == form.fields.len() {
            let last = self.lines.len().saturating_sub(1);
            self.focus = (last, last);
        }
    }

    /// Lays a field out. Returns the line with the focus if it is not the first.
    fn field(&mut self, field: &'a FormField, focused: bool) -> Option<usize> {
        let mut counter = String::new();
        let value = match &field.kind {
            FieldKind::Text(text) => {
                if let Some(limit) = text.limit.filter(|_| focused) {
                    counter = format!("{}/{limit}", text.line.text().chars().count());
                }
                Value::Edit(&text.line)
            }
            FieldKind::Select(select) => Value::Options(select),
            FieldKind::Pick(pick) if focused && pick.is_open => Value::Edit(&pick.list.line),
            FieldKind::Pick(pick) => Value::Plain(pick.label().to_owned()),
            FieldKind::Toggle(_) => Value::Plain(match (field.held, field.is_on()) {
                (Some(reason), _) if self.theme.is_plain => format!("yes ({reason})"),
                (None, is_on) if self.theme.is_plain => (if is_on { "yes" } else { "no" }).into(),
                (Some(reason), _) => format!("[x] yes  ({reason})"),
                (None, true) => "[x] yes".into(),
                (None, false) => "[ ] no".into(),
            }),
            FieldKind::ReadOnly { text, reason } => Value::Fixed(format!("{text}  ({reason})")),
            FieldKind::Grid(grid) => Value::Plain(format!("{} of 50 fields", grid.pairs())),
        };
        let is_grid = matches!(field.kind, FieldKind::Grid(_));
        self.lines.push(Line::Value {
            focused: focused && !is_grid,
            label: field.label,
            value,
            counter,
        });
        match &field.kind {
            FieldKind::Pick(pick) if focused && pick.is_open => self.items(pick),
            FieldKind::Grid(grid) => return self.grid(grid, focused),
            _ => {}
        }
        None
    }

    fn items(&mut self, pick: &'a Pick) {
        let list = &pick.list;
        if list.shown().len() == 0 {
            let style = self.theme.dim();
            self.lines.push(Line::Note(list.empty.clone(), style));
        }
        let top = list.top(ITEMS);
        for (i, item) in list.shown().skip(top).take(ITEMS).enumerate() {
            self.lines.push(Line::Item {
                chosen: top + i == list.cursor(),
                label: &item.label,
                note: &item.note,
            });
        }
    }

    fn grid(&mut self, grid: &'a Grid, focused: bool) -> Option<usize> {
        let (row, column) = grid.place();
        let mut at = None;
        for (i, pair) in grid.rows().iter().enumerate() {
            let here = (focused && i == row).then_some(column);
            let mut counter = String::new();
            if i == row {
                at = Some(self.lines.len());
            }
            if here.is_some() {
                let (line, limit) = grid.cell();
                counter = format!("{}/{limit}", line.text().chars().count());
            }
            self.lines.push(Line::Pair {
                focused: here,
                key: &pair.key,
                value: &pair.value,
                counter,
            });
            if let Some(problem) = grid.row_problem(i) {
                self.wrong(&problem);
            }
        }
        at
    }

    fn problem(&mut self, field: &FormField, width: u16) {
        let Some(problem) = field.problem() else {
            return;
        };
        // A pair's fault is already shown below the pair.
        if let FieldKind::Grid(grid) = &field.kind
            && (0..grid.rows().len()).any(|row| grid.row_problem(row).as_ref() == Some(&problem))
        {
            return;
        }
        let room = usize::from(width.saturating_sub(LABELS + 3)).max(1);
        for line in text::wrap(&text::clean(&problem), room).iter().take(3) {
            self.wrong(line);
        }
    }

    fn wrong(&mut self, problem: &str) {
        self.lines.push(Line::Wrong(problem.to_owned()));
    }

    pub(super) fn draw(&self, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let height = usize::from(area.height);
        // The focus, with what belongs to it, is always on screen.
        let top = (self.focus.1 + 2)
            .min(self.lines.len())
            .saturating_sub(height)
            .min(self.focus.0);
        let mut cursor = None;
        for (y, line) in (area.top()..area.bottom()).zip(self.lines.iter().skip(top)) {
            let row = Rect {
                y,
                height: 1,
                ..area
            };
            cursor = cursor.or(self.draw_line(line, row, buffer));
        }
        cursor
    }

    fn draw_line(&self, line: &Line<'_>, row: Rect, buffer: &mut Buffer) -> Option<Position> {
        let theme = self.theme;
        if theme.is_plain {
            return plain::draw_line(line, theme, row, buffer);
        }
        let value_at = Rect {
            x: row.x + LABELS.min(row.width),
            width: row.width.saturating_sub(LABELS + 1),
            ..row
        };
        match line {
            Line::Value {
                focused,
                label,
                value,
                counter,
            } => {
                self.draw_label(*focused, label, row, buffer);
                let room = self.draw_counter(counter, value_at, buffer);
                return self.draw_value(value, *focused, room, buffer);
            }
            Line::Pair {
                focused,
                key,
                value,
                counter,
            } => return self.draw_pair(*focused, (key, value), counter, row, buffer),
            Line::Item {
                chosen,
                label,
                note,
            } => {
                let marker = if *chosen { "> " } else { "  " };
                let pieces = [
                    (marker, theme.base()),
                    (label, theme.base()),
                    ("  ", theme.base()),
                    (note, theme.dim()),
                ];
                paint::pieces(buffer, value_at, &pieces);
                if *chosen {
                    paint::fill(buffer, value_at, theme.selected());
                }
            }
            Line::Note(text, style) => {
                paint::pieces(buffer, value_at, &[(text, *style)]);
            }
            Line::Wrong(problem) => {
                let style = theme.tone(Tone::Bad);
                paint::pieces(buffer, value_at, &[("! ", style), (problem, style)]);
            }
        }
        None
    }

    fn draw_label(&self, focused: bool, label: &str, row: Rect, buffer: &mut Buffer) {
        let theme = self.theme;
        let (marker, style) = if focused {
            (" > ", theme.strong())
        } else {
            ("   ", theme.dim())
        };
        let room = Rect {
            width: row.width.min(LABELS - 1),
            ..row
        };
        paint::pieces(buffer, room, &[(marker, theme.key()), (label, style)]);
    }

    /// Draws a counter at the right. Returns what is left of the row.
    fn draw_counter(&self, counter: &str, row: Rect, buffer: &mut Buffer) -> Rect {
        if counter.is_empty() {
            return row;
        }
        let x = paint::right(buffer, row, counter, self.theme.dim());
        Rect {
            width: x.saturating_sub(row.x + 1),
            ..row
        }
    }

    fn draw_value(
        &self,
        value: &Value<'_>,
        focused: bool,
        row: Rect,
        buffer: &mut Buffer,
    ) -> Option<Position> {
        let theme = self.theme;
        let style = if focused {
            theme.strong()
        } else {
            theme.base()
        };
        match value {
            Value::Edit(line) => {
                let cursor = draw_line_edit(line, focused, style, row, buffer);
                return cursor.filter(|_| focused);
            }
            Value::Options(select) => draw_options(select, theme, focused, row, buffer),
            Value::Plain(text) => {
                paint::pieces(buffer, row, &[(text, style)]);
            }
            Value::Fixed(text) => {
                paint::pieces(buffer, row, &[(text, theme.dim())]);
            }
        }
        focused.then_some(Position::new(row.x, row.y))
    }

    fn draw_pair(
        &self,
        focused: Option<GridColumn>,
        (key, value): (&LineEdit, &LineEdit),
        counter: &str,
        row: Rect,
        buffer: &mut Buffer,
    ) -> Option<Position> {
        let theme = self.theme;
        let marker = if focused.is_some() { "   > " } else { "     " };
        let key_width = (row.width / 3).clamp(8, 30);
        let x = paint::pieces(buffer, row, &[(marker, theme.key())]);
        let left = row.right().saturating_sub(x);
        let keys = Rect {
            x,
            width: key_width.min(left),
            ..row
        };
        let rest = Rect {
            x: keys.right(),
            width: left.saturating_sub(key_width),
            ..row
        };
        let rest = self.draw_counter(counter, rest, buffer);
        let equals = paint::pieces(buffer, rest, &[(" = ", theme.dim())]);
        let values = Rect {
            x: equals,
            width: rest.right().saturating_sub(equals),
            ..row
        };
        let style = |column| {
            if focused == Some(column) {
                theme.strong()
            } else {
                theme.base()
            }
        };
        if focused.is_none() && key.text().is_empty() && value.text().is_empty() {
            paint::pieces(buffer, keys, &[("(add field)", theme.dim())]);
        }
        let in_key = focused == Some(GridColumn::Key);
        let in_value = focused == Some(GridColumn::Value);
        let at_key = draw_line_edit(key, in_key, style(GridColumn::Key), keys, buffer);
        let at_value = draw_line_edit(value, in_value, style(GridColumn::Value), values, buffer);
        match focused? {
            GridColumn::Key => at_key,
            GridColumn::Value => at_value,
        }
    }
}

/// Draws text, scrolled so that the cursor is in sight. Returns the cursor's place.
pub(super) fn draw_line_edit(
    line: &LineEdit,
    focused: bool,
    style: Style,
    row: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    if row.width == 0 {
        return None;
    }
    if !focused {
        paint::pieces(buffer, row, &[(line.text(), style)]);
        return None;
    }
    let before: String = line.text().chars().take(line.cursor()).collect();
    let after: String = line.text().chars().skip(line.cursor()).collect();
    let before = text::clean(&before).into_owned();
    let column = text::width(&before);
    let room = usize::from(row.width) - 1;
    let visible = skip_columns(&before, column.saturating_sub(room));
    let x = paint::text(buffer, (row.x, row.y), row.width, &visible, style);
    let left = row.right().saturating_sub(x);
    paint::text(buffer, (x, row.y), left, &after, style);
    Some(Position::new(x.min(row.right() - 1), row.y))
}

/// A text without its first columns, at least.
fn skip_columns(text: &str, columns: usize) -> String {
    let mut skipped = 0;
    text.chars()
        .skip_while(|c| {
            let skip = skipped < columns;
            skipped += text::width(c.encode_utf8(&mut [0; 4]));
            skip
        })
        .collect()
}

/// All options, the one in force in brackets: it shows without colour.
fn draw_options(select: &Select, theme: Theme, focused: bool, row: Rect, buffer: &mut Buffer) {
    let mut x = row.x;
    for (i, option) in select.options.iter().enumerate() {
        let left = Rect {
            x,
            width: row.right().saturating_sub(x),
            ..row
        };
        let shown = if i == select.at {
            format!("[{option}]")
        } else {
            format!(" {option} ")
        };
        let style = match (i == select.at, focused) {
            (true, true) => theme.selected(),
            (true, false) => theme.strong(),
            (false, _) => theme.dim(),
        };
        x = paint::pieces(buffer, left, &[(&shown, style)]) + 1;
    }
    if let Some((value, why)) = select.barred {
        let left = Rect {
            x,
            width: row.right().saturating_sub(x),
            ..row
        };
        let text = format!(" {value} {why}");
        paint::pieces(buffer, left, &[(&text, theme.dim())]);
    }
}
