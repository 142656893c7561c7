//! The two lines above the table: where we are and how fresh it is, and what is filtered.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::{
    Action, Doubt, Environment, FilterBox, Lane, LaneKind, Language, Model, Overlay, ReadOnly,
    Tone, Trouble,
};
use crate::text;
use crate::worklist::{Age, Scope};

use super::theme::Theme;
use super::{paint, pane, time};

pub fn draw(model: &Model, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let (freshness, is_stale) = match model.kernel.people() {
        Some(pane) => (
            pane::freshness(model, pane),
            pane.reading().trouble.is_some(),
        ),
        None => (freshness(model), model.kernel.is_stale()),
    };
    let style = if is_stale {
        theme.tone(Tone::Bad)
    } else {
        theme.dim()
    };
    let start = paint::right(buffer, area, &format!("{freshness} "), style);
    let area = Rect {
        width: start.saturating_sub(area.x + 1),
        ..area
    };
    let place = match model.kernel.session.place {
        Environment::Demo => " DEMO ",
        Environment::Local => " LOCAL ",
        Environment::Production => " PRODUCTION ",
    };
    let wide = area.width > 75;
    let where_from = if !wide {
        String::new()
    } else if model.kernel.session.place == Environment::Demo {
        "  fictional data".into()
    } else {
        format!("  {}", model.kernel.session.host)
    };
    let me = model
        .kernel
        .session
        .me
        .and_then(|id| model.kernel.data.users.get(id))
        .filter(|_| wide)
        .map(|person| format!("  me {}", person.name))
        .unwrap_or_default();
    let read_only = match model.kernel.session.read_only {
        ReadOnly::Off => "",
        ReadOnly::On | ReadOnly::Forced => " READ-ONLY ",
    };
    let counts = counts(model);
    paint::pieces(
        buffer,
        area,
        &[
            (place, theme.place(model.kernel.session.place)),
            (read_only, theme.read_only()),
            (pane::title(model.kernel.screen), theme.strong()),
            (&where_from, theme.dim()),
            (&me, theme.base()),
            ("  ", theme.base()),
            (&counts, theme.strong()),
        ],
    );
}

/// Counts over all open studies, or nothing: a count from an unfinished load would lie.
fn counts(model: &Model) -> String {
    let Some(counts) = model.lists.counts(&model.kernel) else {
        return String::new();
    };
    let mut parts = vec![match counts.oldest_stat_ms {
        Some(age) => format!("{} STAT, oldest {}", counts.stat_open, Age(age)),
        None => format!("{} STAT", counts.stat_open),
    }];
    parts.push(format!("{} unassigned", counts.unassigned));
    parts.push(format!("{} late", counts.late));
    parts.join("  ")
}

fn freshness(model: &Model) -> String {
    let scope = model.kernel.scope();
    if let Some(lane) = model.kernel.data.sync.trouble(scope) {
        if let Some(Trouble::Paging(Doubt::TooMany(most))) = lane.trouble {
            return format!("more than {} studies, not all loaded", time::count(most));
        }
        let retry = match lane.retry_at() {
            Some(at) => format!(
                "retrying in {} s",
                ((at - model.kernel.now).max(0) + 999) / 1000
            ),
            None if lane.is_walking() => "retrying".into(),
            None => format!("{} retries", model.kernel.key(Action::Refresh)),
        };
        return match model.kernel.data.sync.fresh_at(Scope::Open) {
            Some(at) => format!("last update {}, {retry}", time::ago(model.kernel.now - at)),
            None => format!("not loaded, {retry}"),
        };
    }
    match model.kernel.data.sync.fresh_at(scope) {
        Some(at) if model.kernel.data.sync.is_slowed() => format!(
            "updated {}, slowed to every {} m",
            time::ago(model.kernel.now - at),
            model.kernel.data.sync.interval(LaneKind::Open) / 60_000
        ),
        Some(at) => format!("updated {}", time::ago(model.kernel.now - at)),
        None => format!(
            "loading, {} so far",
            time::count(model.kernel.data.studies.store.len())
        ),
    }
}

/// Draws the filter line. Returns where the text cursor is while the filter is typed.
pub fn draw_filter(
    model: &Model,
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    if let Some(pane) = model.kernel.people() {
        return pane::draw_filter(model, pane, theme, area, buffer);
    }
    let scope = model.kernel.scope();
    let is_reading = model.kernel.data.sync.in_scope(scope).any(Lane::is_walking);
    let how_much = match (model.kernel.data.sync.is_loaded(scope), is_reading) {
        (true, _) => "",
        (false, true) => ", loading",
        (false, false) => ", not all loaded",
    };
    let shown = format!(
        "{} shown{how_much} ",
        time::count(model.kernel.data.studies.rows().len())
    );
    let end = paint::right(buffer, area, &shown, theme.dim());
    let area = Rect {
        width: end.saturating_sub(area.x + 1),
        ..area
    };
    let x = paint::text(buffer, (area.x, area.y), area.width, " / ", theme.key());
    let left = area.right().saturating_sub(x);
    if let Some(Overlay::Filter(filter_box)) = &model.kernel.layers.overlay {
        return draw_input(filter_box, theme, (x, area.y), left, buffer);
    }
    match model.kernel.data.studies.filter.text() {
        "" => {
            let key = model.kernel.key(Action::EditFilter);
            let text = format!("is:open  (all open studies; {key} types a filter)");
            paint::text(buffer, (x, area.y), left, &text, theme.dim());
        }
        text => {
            paint::text(buffer, (x, area.y), left, text, theme.strong());
        }
    }
    None
}

/// Draws the text being typed, the part that cannot be read underlined, scrolled to keep the cursor in.
pub(super) fn draw_input<F: Language>(
    filter_box: &FilterBox<F>,
    theme: Theme,
    (x, y): (u16, u16),
    columns: u16,
    buffer: &mut Buffer,
) -> Option<Position> {
    let content = filter_box.line.text();
    let before: String = content.chars().take(filter_box.line.cursor()).collect();
    let cursor = text::width(&text::clean(&before)) as u16;
    let skip = cursor.saturating_sub(columns.saturating_sub(1));
    let visible = skip_columns(content, usize::from(skip));
    paint::text(buffer, (x, y), columns, &visible, theme.strong());
    if let Some(error) = filter_box.error() {
        let start = text::width(&text::clean(content.get(..error.at).unwrap_or(content))) as u16;
        let start = start.saturating_sub(skip).min(columns);
        let width = (error.len.max(1) as u16).min(columns - start);
        let bad = Rect::new(x + start, y, width, 1);
        paint::fill(buffer, bad, theme.tone(Tone::Bad).underlined());
    }
    Some(Position::new(x + cursor - skip, y))
}

fn skip_columns(content: &str, columns: usize) -> String {
    let clean = text::clean(content);
    let mut skipped = 0;
    clean
        .chars()
        .skip_while(|c| {
            let skip = skipped < columns;
            skipped += text::width(c.encode_utf8(&mut [0; 4]));
            skip
        })
        .collect()
}
