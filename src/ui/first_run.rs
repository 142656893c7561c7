//! The screen of a start without a key, and the setup that leads to one.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::app::shell::first_run::{KeyPlace, SetupStage, Spot};
use crate::app::{Action, FirstRun, LineEdit, Screen};
use crate::text;

use super::paint;
use super::theme::Theme;

/// Columns of the whole, where there is room for them.
const WIDTH: u16 = 76;
/// Columns of the names of fields.
const LABELS: u16 = 12;

/// Draws the screen. Returns where the cursor is.
pub fn draw(run: &FirstRun, theme: Theme, buffer: &mut Buffer) -> Option<Position> {
    if run.stage == SetupStage::Welcome {
        draw_welcome(run, theme, buffer);
        return None;
    }
    let mut sheet = Sheet::new(buffer, theme);
    match run.stage {
        SetupStage::Welcome => {}
        SetupStage::Server | SetupStage::Trying => draw_server(run, &mut sheet),
        SetupStage::Me => draw_me(run, &mut sheet),
        SetupStage::Keep | SetupStage::Keeping => draw_keep(run, &mut sheet),
    }
    if let Some(notice) = &run.notice {
        sheet.skip();
        sheet.wrapped(&notice.text, theme.tone(notice.tone));
    }
    sheet.skip();
    sheet.line(hints(run), theme.dim());
    sheet.cursor
}

fn hints(run: &FirstRun) -> &'static str {
    match (run.stage, run.spot) {
        (SetupStage::Welcome, _) => "",
        (SetupStage::Server, Spot::Key) => "Enter test it  Tab next  Ctrl-u clear  Esc back",
        (SetupStage::Server, Spot::Try) => "Enter test it  Tab next  Esc back",
        (SetupStage::Server, _) => "Enter or Tab next  Esc back",
        (SetupStage::Trying, _) => "Esc stop waiting",
        (SetupStage::Me, _) => "type to narrow  Up Down move  Enter select  Esc back",
        (SetupStage::Keep, Spot::Place) => {
            "Left Right choose  Enter or Tab next  Ctrl-s save  Esc back"
        }
        (SetupStage::Keep, Spot::Save) => "Enter save  Tab next  Esc back",
        (SetupStage::Keep, _) => "Enter or Tab next  Ctrl-s save  Esc back",
        (SetupStage::Keeping, _) => "Ctrl-c quit",
    }
}

fn draw_server(run: &FirstRun, sheet: &mut Sheet<'_>) {
    let theme = sheet.theme;
    let is_free = run.stage == SetupStage::Server;
    sheet.line("Set up 1/3: where is your clinic's server?", theme.strong());
    sheet.skip();
    sheet.field(
        "Address",
        &run.address,
        is_free && run.spot == Spot::Address,
    );
    sheet.hidden("API key", run.key.len(), is_free && run.spot == Spot::Key);
    sheet.skip();
    match run.stage {
        SetupStage::Trying => sheet.line("  Testing the key …", theme.base()),
        _ => sheet.button("Test the key", run.spot == Spot::Try),
    }
    sheet.skip();
    sheet.wrapped(
        "The test reads users and one study and changes nothing. Nothing is saved until it \
         succeeds.",
        theme.dim(),
    );
}

fn draw_me(run: &FirstRun, sheet: &mut Sheet<'_>) {
    let theme = sheet.theme;
    sheet.line("Set up 2/3: who are you?", theme.strong());
    let takes = run.keys.name(Screen::Worklist, Action::AssignToMe);
    let words = format!("Used for “me” in filters, and to assign a study to you with {takes}.");
    sheet.line(&words, theme.dim());
    sheet.skip();
    sheet.field("Search", &run.search, true);
    let candidates = run.candidates();
    // Below: a message, the hints and space around them.
    let room = usize::from(sheet.left()).saturating_sub(6).clamp(1, 12);
    let top = (run.at + 1).saturating_sub(room);
    for at in top..(top + room).min(candidates.len() + 1) {
        let text = match candidates.get(at) {
            Some(person) => format!("{}  {}", person.name, person.email),
            None => "None of these".into(),
        };
        sheet.choice(&text, at == run.at);
    }
}

fn draw_keep(run: &FirstRun, sheet: &mut Sheet<'_>) {
    let theme = sheet.theme;
    let is_free = run.stage == SetupStage::Keep;
    let is_at = |spot| is_free && run.spot == spot;
    sheet.line(
        "Set up 3/3: what should be saved, and where?",
        theme.strong(),
    );
    sheet.skip();
    let me = run.chosen().map_or("not set", |person| &person.name);
    sheet.pair("You", me);
    sheet.field("Profile", &run.profile, is_at(Spot::Profile));
    sheet.label("Key", is_at(Spot::Place));
    for place in KeyPlace::ALL {
        let text = match (theme.is_plain, place == run.place) {
            (true, true) => format!("{}, selected", place_text(place)),
            (true, false) => place_text(place).to_owned(),
            (false, true) => format!("(*) {}", place_text(place)),
            (false, false) => format!("( ) {}", place_text(place)),
        };
        let style = if place == run.place && is_at(Spot::Place) {
            theme.selected()
        } else {
            theme.base()
        };
        sheet.beside(&text, style);
    }
    if run.place == KeyPlace::Command {
        sheet.field("Program", &run.command, is_at(Spot::Command));
    }
    sheet.skip();
    match run.stage {
        SetupStage::Keeping => sheet.line("  Saving …", theme.base()),
        _ => sheet.button("Save and open the worklist", run.spot == Spot::Save),
    }
}

fn place_text(place: KeyPlace) -> &'static str {
    match place {
        KeyPlace::File => "in a file next to the settings that only you can read",
        KeyPlace::Command => "a program prints it, such as: pass show avara",
        KeyPlace::Environment => "not saved: I set AVARA_API_KEY before each start",
    }
}

/// A column of lines in the middle of the screen.
struct Sheet<'a> {
    buffer: &'a mut Buffer,
    theme: Theme,
    area: Rect,
    y: u16,
    cursor: Option<Position>,
}

impl<'a> Sheet<'a> {
    fn new(buffer: &'a mut Buffer, theme: Theme) -> Self {
        let area = paint::centered(buffer.area, WIDTH, 20, theme);
        Self {
            buffer,
            theme,
            area,
            y: area.y,
            cursor: None,
        }
    }

    fn left(&self) -> u16 {
        self.area.bottom().saturating_sub(self.y)
    }

    fn skip(&mut self) {
        self.y += 1;
    }

    /// The next line, as far as there is one.
    fn row(&mut self) -> Rect {
        let row = Rect {
            y: self.y,
            height: u16::from(self.left() > 0),
            ..self.area
        };
        self.y += 1;
        row
    }

    fn pieces(&mut self, pieces: &[(&str, Style)]) -> Option<Rect> {
        let row = self.row();
        if row.height == 0 {
            return None;
        }
        paint::pieces(self.buffer, row, pieces);
        Some(row)
    }

    fn line(&mut self, content: &str, style: Style) {
        self.pieces(&[(content, style)]);
    }

    fn wrapped(&mut self, content: &str, style: Style) {
        for line in text::wrap(&text::clean(content), usize::from(self.area.width.max(1))) {
            self.line(&line, style);
        }
    }

    fn labelled(&mut self, label: &str, value: &str, is_focused: bool) -> Option<Rect> {
        let (mark, style) = if self.theme.is_plain {
            ("", self.theme.base())
        } else if is_focused {
            ("> ", self.theme.strong())
        } else {
            ("  ", self.theme.base())
        };
        let width = usize::from(LABELS) - 2;
        let label = if self.theme.is_plain {
            // As wide as ever, so that the cursor is where the text ends.
            format!(
                "{:<width$}",
                format!("{label}:"),
                width = usize::from(LABELS)
            )
        } else {
            format!("{label:<width$}")
        };
        self.pieces(&[(mark, style), (&label, self.theme.key()), (value, style)])
    }

    fn label(&mut self, label: &str, is_focused: bool) {
        if self.labelled(label, "", is_focused).is_some() {
            // The choices begin beside it.
            self.y -= 1;
        }
    }

    fn pair(&mut self, label: &str, value: &str) {
        self.labelled(label, value, false);
    }

    fn beside(&mut self, content: &str, style: Style) {
        let row = self.row();
        if self.theme.is_plain && style == self.theme.selected() && row.height > 0 {
            self.cursor = Some(row.as_position());
        }
        if row.height > 0 && row.width > LABELS {
            let area = Rect {
                x: row.x + LABELS,
                width: row.width - LABELS,
                ..row
            };
            paint::pieces(self.buffer, area, &[(content, style)]);
        }
    }

    /// A long text shows its end, where one types.
    fn field(&mut self, label: &str, line: &LineEdit, is_focused: bool) {
        let before: String = line.text().chars().take(line.cursor()).collect();
        let room = usize::from(self.area.width.saturating_sub(LABELS + 1)).max(1);
        let mut skipped = 0;
        let width = |skip: usize| {
            let rest: String = before.chars().skip(skip).collect();
            text::width(&text::clean(&rest))
        };
        while width(skipped) > room {
            skipped += 1;
        }
        let shown: String = line.text().chars().skip(skipped).collect();
        let at = width(skipped) as u16;
        if let Some(row) = self.labelled(label, &shown, is_focused)
            && is_focused
        {
            self.put_cursor(row, at);
        }
    }

    /// How much was typed shows, and nothing of what.
    fn hidden(&mut self, label: &str, length: usize, is_focused: bool) {
        let shown = length.min(usize::from(self.area.width.saturating_sub(LABELS + 1)));
        let value = match (length, is_focused) {
            (0, false) => "(none yet)".to_owned(),
            _ => "*".repeat(shown),
        };
        if let Some(row) = self.labelled(label, &value, is_focused)
            && is_focused
        {
            self.put_cursor(row, shown as u16);
        }
    }

    fn put_cursor(&mut self, row: Rect, at: u16) {
        let x = row.x + LABELS + at;
        self.cursor = (x < row.right()).then_some(Position::new(x, row.y));
    }

    fn choice(&mut self, content: &str, is_selected: bool) {
        let mark = if is_selected { "> " } else { "  " };
        let plain = self.theme.base();
        let mark = if self.theme.is_plain { "" } else { mark };
        if let Some(row) = self.pieces(&[(mark, plain), (content, plain)])
            && is_selected
        {
            paint::fill(self.buffer, row, self.theme.selected());
        }
    }

    fn button(&mut self, label: &str, is_focused: bool) {
        let style = if is_focused {
            self.theme.selected()
        } else {
            self.theme.base()
        };
        if self.theme.is_plain {
            let row = self.pieces(&[(label, style), (", button", style)]);
            let at = row.filter(|_| is_focused).map(|row| row.as_position());
            self.cursor = at.or(self.cursor);
            return;
        }
        let label = format!("[{label}]");
        let mark = if is_focused { "> " } else { "  " };
        self.pieces(&[(mark, style), (&label, style)]);
    }
}

fn draw_welcome(run: &FirstRun, theme: Theme, buffer: &mut Buffer) {
    let area = buffer.area;
    let quit = run.keys.quit_name();
    let buttons = format!("[s] Set up    [d] Try the demo    [{quit}] Quit");
    let lines: &[(&str, bool)] = &[
        ("avara-tui: the radiology worklist", true),
        ("", false),
        ("There is no API key yet.", true),
        ("", false),
        (
            "To work: press s to set up your clinic. You need its key.",
            false,
        ),
        ("", false),
        (
            "To try it out: press d for the demo. It needs no key",
            false,
        ),
        ("and no network, and all its data is fictional.", false),
        ("", false),
        ("Or set AVARA_API_KEY to the key and start again.", false),
        ("To check your setup: avara-tui doctor", false),
        ("", false),
        (&buttons, true),
        ("", false),
        ("A coordination tool, not a diagnostic device.", false),
    ];
    let width = lines.iter().map(|(line, _)| line.len()).max().unwrap_or(0) as u16;
    let height = lines.len() as u16;
    let place = paint::centered(area, width, height, theme);
    let skip = lines.len().saturating_sub(usize::from(place.height));
    // Where it does not fit, the end matters most: it has the keys.
    let shown = if run.size.height < height {
        &lines[skip..]
    } else {
        lines
    };
    for (i, (content, strong)) in shown.iter().enumerate() {
        let row = Rect::new(place.x, place.y + i as u16, place.width, 1);
        if row.y < area.bottom() {
            let style = if *strong {
                theme.strong()
            } else {
                theme.base()
            };
            paint::pieces(buffer, row, &[(content, style)]);
        }
    }
}
