//! The alert about a new STAT study, until it has been seen.

use ratatui::buffer::Buffer;

use crate::app::widget::geometry::Geometry;
use crate::app::{Action, Model, Overlay};

use super::paint;
use super::theme::Theme;

/// Draws the banner over the line of views, or over the filter line where there is none and nothing is
/// typed there: no row of the table moves for it. Returns whether there is one.
pub fn draw(model: &Model, theme: Theme, geometry: &Geometry, buffer: &mut Buffer) -> bool {
    let Some((description, more)) = model.lists.banner(&model.kernel) else {
        return false;
    };
    let is_typed = matches!(
        model.kernel.layers.overlay,
        Some(Overlay::Filter(_) | Overlay::RosterFilter(_))
    );
    let area = if !geometry.views.is_empty() {
        geometry.views
    } else if is_typed {
        return false;
    } else {
        geometry.filter
    };
    let style = theme.alarm();
    buffer.set_style(area, style);
    let keys = offers(model)
        .map(|offer| format!("  {offer}"))
        .collect::<String>();
    let end = paint::right(buffer, area, &format!("{keys} "), style);
    let text = format!(" !! {}", sentence(&description, more));
    paint::text(
        buffer,
        (area.x, area.y),
        end.saturating_sub(area.x),
        &text,
        style,
    );
    true
}

/// Returns the sentence about the new study, and how many more there are.
pub fn sentence(description: &str, more: usize) -> String {
    let sentence = format!("New STAT, unassigned: {}", description.trim());
    match more {
        0 => sentence,
        more => format!("{sentence}, and {more} more"),
    }
}

/// Returns what can be done about it, each with its key; without those that have no key.
pub fn offers(model: &Model) -> impl Iterator<Item = String> + '_ {
    [
        (Action::ShowAlarm, "show"),
        (Action::AcknowledgeAlarms, "dismiss"),
    ]
    .into_iter()
    .filter_map(|(action, label)| {
        model.kernel.keymap().keys_of(action).next()?;
        Some(format!("{} {label}", model.kernel.key(action)))
    })
}
