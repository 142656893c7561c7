//! A screen as an SVG picture: one text element for each run of cells of one style.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

const CELL_WIDTH: f32 = 8.4;
const CELL_HEIGHT: u16 = 18;
const MARGIN: u16 = 12;
const BACKGROUND: &str = "#16181d";
const FOREGROUND: &str = "#d4d7dd";

pub fn render(buffer: &Buffer) -> String {
    let width = f32::from(buffer.area.width) * CELL_WIDTH + f32::from(2 * MARGIN);
    let height = buffer.area.height * CELL_HEIGHT + 2 * MARGIN;
    // The last cell is never written on: its background is the theme's.
    let corner = (buffer.area.width - 1, buffer.area.height - 1);
    let ground = color(buffer[corner].bg, BACKGROUND);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height}\" \
         font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" \
         font-size=\"14\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{ground}\"/>\n"
    );
    for y in 0..buffer.area.height {
        row(buffer, y, &ground, &mut out);
    }
    out.push_str("</svg>\n");
    out
}

fn row(buffer: &Buffer, y: u16, ground: &str, out: &mut String) {
    let mut x = 0;
    while x < buffer.area.width {
        let look = Look::of(&buffer[(x, y)]);
        let start = x;
        let mut text = String::new();
        while x < buffer.area.width && Look::of(&buffer[(x, y)]) == look {
            let symbol = buffer[(x, y)].symbol();
            text.push_str(symbol);
            x += (symbol.width() as u16).max(1);
        }
        run(&look, &text, ground, (start, x, y), out);
    }
}

fn run(look: &Look, text: &str, ground: &str, (start, end, y): (u16, u16, u16), out: &mut String) {
    let left = f32::from(start) * CELL_WIDTH + f32::from(MARGIN);
    let top = y * CELL_HEIGHT + MARGIN;
    let width = f32::from(end - start) * CELL_WIDTH;
    if look.background != ground {
        let _ = writeln!(
            out,
            "<rect x=\"{left:.1}\" y=\"{top}\" width=\"{width:.1}\" height=\"{CELL_HEIGHT}\" fill=\"{}\"/>",
            look.background
        );
    }
    let shown = text.trim_end();
    if shown.is_empty() {
        return;
    }
    let weight = if look.bold {
        " font-weight=\"bold\""
    } else {
        ""
    };
    let line = if look.underlined {
        " text-decoration=\"underline\""
    } else {
        ""
    };
    let opacity = if look.dim { " opacity=\"0.6\"" } else { "" };
    let columns = shown.width() as f32 * CELL_WIDTH;
    let _ = writeln!(
        out,
        "<text x=\"{left:.1}\" y=\"{}\" textLength=\"{columns:.1}\" fill=\"{}\"{weight}{line}{opacity} xml:space=\"preserve\">{}</text>",
        top + 14,
        look.foreground,
        escape(shown)
    );
}

#[derive(PartialEq)]
struct Look {
    foreground: String,
    background: String,
    bold: bool,
    dim: bool,
    underlined: bool,
}

impl Look {
    fn of(cell: &Cell) -> Self {
        let (mut foreground, mut background) =
            (color(cell.fg, FOREGROUND), color(cell.bg, BACKGROUND));
        if cell.modifier.contains(Modifier::REVERSED) {
            (foreground, background) = (background, foreground);
        }
        Self {
            foreground,
            background,
            bold: cell.modifier.contains(Modifier::BOLD),
            dim: cell.modifier.contains(Modifier::DIM),
            underlined: cell.modifier.contains(Modifier::UNDERLINED),
        }
    }
}

fn color(color: Color, reset: &str) -> String {
    match color {
        Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
        Color::Black => "#16181d".into(),
        Color::Red => "#ff6b68".into(),
        Color::Green => "#7bd88f".into(),
        Color::Yellow => "#e6c35c".into(),
        Color::Blue => "#2f6fd0".into(),
        Color::Magenta => "#a146c8".into(),
        Color::Cyan => "#5fd0d6".into(),
        Color::White => "#ffffff".into(),
        _ => reset.into(),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
