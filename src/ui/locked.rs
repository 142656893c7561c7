//! The hidden screen: nothing of the clinic's work but counts.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::{LaneKind, Model, Tone, Trouble};
use crate::app::{Watch, WatchedCounts};

use super::paint;
use super::theme::Theme;

pub fn draw(model: &Model, theme: Theme, buffer: &mut Buffer) {
    let area = buffer.area;
    if area.is_empty() {
        return;
    }
    let source = if model.shell.lock.is_unlocking() {
        "Reading the key ...".to_owned()
    } else {
        format!(
            "Enter unlocks (key from {})",
            model.kernel.session.key_source
        )
    };
    let quit = format!("{} quits", model.kernel.keys.quit_name());
    let (counts, tone) = counts(model);
    let lines = [
        ("Screen hidden", theme.strong()),
        (
            counts.as_str(),
            tone.map_or(theme.base(), |tone| theme.tone(tone)),
        ),
        (source.as_str(), theme.base()),
        (quit.as_str(), theme.base()),
        (
            model.shell.lock.complaint().unwrap_or_default(),
            theme.tone(Tone::Bad),
        ),
    ];
    let height = (lines.len() as u16).min(area.height);
    let middle = |room: u16, taken: u16| {
        if theme.is_plain {
            0
        } else {
            (room - taken) / 2
        }
    };
    let top = area.y + middle(area.height, height);
    for (number, (line, style)) in lines.iter().take(usize::from(height)).enumerate() {
        let width = (crate::text::width(line) as u16).min(area.width);
        let row = Rect {
            x: area.x + middle(area.width, width),
            y: top + number as u16,
            width: area.width,
            height: 1,
        };
        paint::pieces(buffer, row.intersection(area), &[(line, *style)]);
    }
}

/// What goes on unseen: how many STAT studies there are, and whether they can be read.
fn counts(model: &Model) -> (String, Option<Tone>) {
    if model.kernel.session.watch == Watch::Off {
        return ("Refresh is paused.".into(), None);
    }
    if let Some(Trouble::Failed(failure)) = &model.kernel.data.sync.lane(LaneKind::OpenStat).trouble
    {
        let text = format!("Could not load the STAT studies. {}", failure.sentence());
        return (text, Some(Tone::Bad));
    }
    let Some(WatchedCounts {
        stat,
        unassigned,
        new,
    }) = model.shell.lock.counts()
    else {
        return ("Loading the number of STAT studies".into(), None);
    };
    let text = format!("{stat} STAT open, {unassigned} unassigned");
    match new {
        0 => (text, None),
        new => (format!("{text}, {new} of them new"), Some(Tone::Bad)),
    }
}
