//! The lookup: a name to type, and the study it means, in full.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::app::{Action, Hint, Lookup, LookupStage, Model, Tone, why_unlisted};
use crate::text;
use crate::wire::StudyId;

use super::theme::Theme;
use super::{detail, overlay, paint};

const WIDTH: u16 = 80;
/// Rows of the box while nothing is found: a border, the input, an empty row and two lines of words.
const SMALL: u16 = 6;

pub fn is_on_top(model: &Model) -> bool {
    model
        .kernel
        .layers
        .lookup
        .as_ref()
        .is_some_and(|look| !look.is_covered())
}

/// Draws the overlay and the lookup, with the one that has the keys on top. Returns the text cursor of each.
pub fn draw_over(
    model: &Model,
    theme: Theme,
    body: Rect,
    buffer: &mut Buffer,
) -> (Option<Position>, Option<Position>) {
    let Some(lookup) = &model.kernel.layers.lookup else {
        return (overlay::draw(model, theme, body, buffer), None);
    };
    if lookup.is_covered() {
        let look = draw(model, lookup, theme, body, buffer);
        return (overlay::draw(model, theme, body, buffer), look);
    }
    let over = match model.kernel.layers.overlay {
        Some(_) => overlay::draw(model, theme, body, buffer),
        // Half a sequence is about the look, and its keys are drawn over that.
        None => None,
    };
    let look = draw(model, lookup, theme, body, buffer);
    overlay::draw_prefix(model, theme, body, buffer);
    (over, look)
}

fn draw(
    model: &Model,
    lookup: &Lookup,
    theme: Theme,
    body: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    if let LookupStage::Found { study, doubt } = &lookup.stage {
        draw_study(model, lookup, *study, doubt.as_deref(), theme, body, buffer);
        return None;
    }
    let area = paint::centered(body, WIDTH, SMALL, theme);
    let inside = paint::frame(buffer, area, "Look up a study", theme);
    let cursor = draw_input(lookup, theme, inside, buffer);
    let (words, style) = words(lookup, theme);
    let room = Rect {
        x: inside.x + 1,
        width: inside.width.saturating_sub(2),
        ..inside
    };
    let lines = text::wrap(&text::clean(&words), usize::from(room.width).max(1));
    for (y, line) in (inside.y + 2..inside.bottom()).zip(&lines) {
        paint::text(buffer, (room.x, y), room.width, line, style);
    }
    cursor.filter(|_| lookup.stage == LookupStage::Typing)
}

/// The input; of a name that is too long, the end with the cursor.
fn draw_input(lookup: &Lookup, theme: Theme, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    if area.height == 0 {
        return None;
    }
    let row = Rect { height: 1, ..area };
    let x = paint::pieces(buffer, row, &[(" > ", theme.key())]);
    let room = row.right().saturating_sub(x + 1);
    let before: String = lookup
        .line
        .text()
        .chars()
        .take(lookup.line.cursor())
        .collect();
    let before = text::width(&text::clean(&before));
    let hidden = before.saturating_sub(usize::from(room));
    let shown: String = lookup.line.text().chars().skip(hidden).collect();
    paint::text(buffer, (x, row.y), room, &shown, theme.strong());
    Some(Position::new(x + (before - hidden) as u16, row.y))
}

/// What is going on, in a sentence.
fn words(lookup: &Lookup, theme: Theme) -> (String, Style) {
    let bad = theme.tone(Tone::Bad);
    match &lookup.stage {
        LookupStage::Typing => match lookup.complaint() {
            Some(rule) if !lookup.line.text().is_empty() => (rule, bad),
            _ => (
                "A DICOM Study Instance UID, or a study id (stu_ and 32 hex digits)".into(),
                theme.dim(),
            ),
        },
        LookupStage::Asking => ("Searching on the server".into(), theme.base()),
        LookupStage::Missing => {
            let offer = match lookup.wants_create() {
                Some(_) => ". c creates a study with this UID",
                None => "",
            };
            (format!("The server has no such study{offer}"), bad)
        }
        LookupStage::Failed(failure) => {
            let text = format!(
                "{}; {}. r tries again",
                failure.sentence(),
                failure.advice()
            );
            (text, bad)
        }
        LookupStage::Found { .. } => (String::new(), theme.base()),
    }
}

fn draw_study(
    model: &Model,
    lookup: &Lookup,
    id: StudyId,
    doubt: Option<&str>,
    theme: Theme,
    body: Rect,
    buffer: &mut Buffer,
) {
    let Some(study) = model.kernel.data.studies.store.find(id) else {
        return;
    };
    let width = WIDTH.min(body.width);
    let lines = detail::lines(model, theme, study, width.saturating_sub(2));
    let notes = notes(model, id, doubt, theme);
    let height = (lines.len() + notes.len()) as u16 + 3;
    let area = paint::centered(body, WIDTH, height, theme);
    let inside = paint::frame(buffer, area, "Study found", theme);
    let mut y = inside.y;
    for (words, style) in notes {
        if y < inside.bottom() {
            let room = inside.width.saturating_sub(1);
            paint::text(buffer, (inside.x + 1, y), room, &words, style);
        }
        y += 1;
    }
    // A row of air sets the notes off, where there is one to spare.
    let gap = u16::from(inside.height >= height - 2);
    let top = (y + gap).min(inside.bottom());
    let sheet = Rect {
        y: top,
        height: inside.bottom() - top,
        ..inside
    };
    detail::draw_lines(&lines, lookup.scroll, theme, sheet, buffer);
}

/// Where the study stands, and what is in doubt about it.
fn notes(model: &Model, id: StudyId, doubt: Option<&str>, theme: Theme) -> Vec<(String, Style)> {
    let place = match why_unlisted(&model.kernel, id) {
        Some(reason) => (reason, theme.strong()),
        None if model.kernel.layers.overlay.is_some() => {
            ("In the list. Esc closes this".into(), theme.dim())
        }
        None => {
            let key = model.kernel.key(Action::ShowDetail);
            (format!("In the list; {key} goes to it"), theme.dim())
        }
    };
    let mut notes = vec![place];
    if let Some(change) = model.writes.changes.pending(id) {
        let text = format!("Waiting for the server: {}", change.job.change.label());
        notes.push((text, theme.strong()));
    }
    if let Some(doubt) = doubt {
        let key = model.kernel.key(Action::Refresh);
        let text = format!("May be out of date; {key} refreshes it. {doubt}");
        notes.push((text, theme.tone(Tone::Bad)));
    }
    notes
}

/// What the hint line offers while the lookup shows a study.
pub fn hints_of_study(model: &Model) -> Option<impl Iterator<Item = &Hint>> {
    let lookup = model
        .kernel
        .layers
        .lookup
        .as_ref()
        .filter(|look| !look.is_covered())?;
    let LookupStage::Found { study, .. } = lookup.stage else {
        return None;
    };
    let is_reachable =
        model.kernel.layers.overlay.is_none() && why_unlisted(&model.kernel, study).is_none();
    let hints = model.kernel.keys.look_hints().iter();
    Some(hints.filter(move |hint| is_reachable || hint.action != Action::ShowDetail))
}

/// What else the hint line offers while the lookup has the keys.
pub fn hints(model: &Model) -> Option<&'static [(&'static str, &'static str)]> {
    let lookup = model
        .kernel
        .layers
        .lookup
        .as_ref()
        .filter(|look| !look.is_covered())?;
    Some(match &lookup.stage {
        LookupStage::Typing => &[("Enter", "find"), ("Esc", "back")],
        LookupStage::Asking => &[("Esc", "stop searching")],
        LookupStage::Found { .. } => &[("Esc", "back")],
        LookupStage::Missing if lookup.wants_create().is_some() => {
            &[("c", "create"), ("r", "try again"), ("Esc", "back")]
        }
        LookupStage::Missing | LookupStage::Failed(_) => &[("r", "try again"), ("Esc", "back")],
    })
}
