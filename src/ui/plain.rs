//! The screen for screen readers and braille displays: lines that are read from their beginning, in words,
//! without boxes, columns or marks. The cursor of the terminal stands on what is selected.
//!
//! One file: the whole of this way of drawing, so that no pane needs to know of it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::widget::geometry::{Geometry, picker_rows, question_room};
use crate::app::{Confirm, Environment, Mark, Model, Overlay, Picker, ReadOnly, Screen};
use crate::input::show_sequence;
use crate::text;
use crate::wire::{Severity, StudyViewerStatus};
use crate::worklist::{Age, Column, FilterContext, Scope, StudyView, Urgency};

use super::banner;
use super::table::status_word;
use super::theme::Theme;
use super::{paint, time};

/// Where the cursor stands when nothing is typed: on the selected row, or where the text begins.
pub fn resting_place(model: &Model, geometry: &Geometry) -> Position {
    let is_covered = model.kernel.layers.overlay.is_some() || model.kernel.layers.lookup.is_some();
    let list = model.kernel.list();
    let (row, rows, top) = (list.cursor(), list.len(), list.top());
    let has_rows = !is_covered && rows > 0 && !geometry.table.is_empty();
    let below = if has_rows {
        row.saturating_sub(top) as u16
    } else {
        0
    };
    Position::new(geometry.body.x, geometry.body.y + below)
}

/// The place and the amount of work. The age of the list is left out while it is up to date:
/// a line that changes by itself is read aloud again and again.
pub fn draw_header(model: &Model, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let place = match model.kernel.session.place {
        Environment::Demo => "Demo, fictional data".to_owned(),
        Environment::Local => "Local server".to_owned(),
        Environment::Production => format!("Production, {}", model.kernel.session.host),
    };
    let mut parts = vec![place];
    if model.kernel.session.read_only != ReadOnly::Off {
        parts.push("read-only".into());
    }
    parts.push(
        match model.kernel.screen {
            Screen::Worklist => "worklist",
            Screen::Users => "users",
            Screen::Invitations => "invitations",
        }
        .into(),
    );
    let (rows, state) = state(model);
    parts.push(format!("{} shown{state}", time::count(rows)));
    if let (Some(counts), Screen::Worklist) =
        (model.lists.counts(&model.kernel), model.kernel.screen)
    {
        parts.push(match counts.oldest_stat_ms {
            Some(age) => format!("{} STAT, oldest {}", counts.stat_open, Age(age)),
            None => "no STAT".into(),
        });
        parts.push(format!("{} unassigned", counts.unassigned));
        parts.push(format!("{} late", counts.late));
    }
    paint::pieces(buffer, area, &[(&parts.join(", "), theme.strong())]);
}

/// How many rows there are, and what is the matter with them.
fn state(model: &Model) -> (usize, &'static str) {
    if let Some(pane) = model.kernel.people() {
        let reading = pane.reading();
        let state = match (reading.is_loaded(), reading.trouble.is_some()) {
            (_, true) => ", out of date",
            (true, false) => "",
            (false, false) => ", loading",
        };
        return (pane.len(), state);
    }
    let scope = model.kernel.scope();
    let state = match (
        model.kernel.is_stale(),
        model.kernel.data.sync.is_loaded(scope),
    ) {
        (true, _) => ", out of date",
        (false, true) => "",
        (false, false) => ", loading",
    };
    (model.kernel.data.studies.rows().len(), state)
}

/// The view on screen and the others; a new STAT study in their place until it has been seen.
pub fn draw_views(model: &Model, theme: Theme, geometry: &Geometry, buffer: &mut Buffer) {
    let area = geometry.views;
    if area.is_empty() {
        return;
    }
    if let Some((description, more)) = model.lists.banner(&model.kernel) {
        let mut words = banner::sentence(&description, more);
        for offer in banner::offers(model) {
            words.push_str(&format!(", {offer}"));
        }
        paint::pieces(buffer, area, &[(&words, theme.alarm())]);
        return;
    }
    if model.kernel.people().is_some() {
        return;
    }
    let current = model.lists.current_view(&model.kernel).0;
    let labels = model.lists.view_labels(&model.kernel, u16::MAX);
    let named = labels.iter().filter(|(number, _)| number.is_some());
    let (here, others): (Vec<_>, Vec<_>) = named.partition(|(number, _)| *number == Some(current));
    let words = |labels: &[&(Option<usize>, String)]| {
        let names = labels
            .iter()
            .map(|(_, label)| label.trim_matches(['[', ']', ' ']));
        names.collect::<Vec<_>>().join(", ")
    };
    let line = format!("View {}; others: {}", words(&here), words(&others));
    paint::pieces(buffer, area, &[(&line, theme.base())]);
}

/// A study in one line, the most important first; only what is known, and the status only if the study
/// is not open.
pub fn study(
    model: &Model,
    study: StudyView<'_>,
    context: &FilterContext<'_>,
    is_marked: bool,
) -> String {
    let mut words = Vec::new();
    if is_marked {
        words.push("marked".to_owned());
    }
    let id = study.id();
    if model.writes.changes.pending(id).is_some() {
        words.push("waiting for the server".into());
    } else if model.writes.changes.has_conflict(id) {
        words.push("someone else changed it".into());
    } else if model.writes.changes.has_failed(id) {
        words.push("change failed".into());
    } else {
        let news = match model.kernel.data.studies.mark(study, context) {
            Mark::None => None,
            Mark::New => Some("new"),
            Mark::Changed => Some("changed"),
            Mark::Leaving => Some("leaving this list"),
        };
        words.extend(news.map(str::to_owned));
    }
    let columns = model.kernel.data.studies.columns.iter();
    words.extend(columns.filter_map(|column| cell(model, study, context, column)));
    single_spaced(&words.join(", "))
}

fn cell(
    model: &Model,
    study: StudyView<'_>,
    context: &FilterContext<'_>,
    column: &Column,
) -> Option<String> {
    let now = context.now;
    let urgency = context.targets.urgency(study, now);
    let said = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    match column {
        Column::Severity => Some(severity(study.severity())),
        Column::Age => Some(match (study.age_ms(now), urgency) {
            (None, _) => "age unknown".into(),
            (Some(age), Urgency::Late) => format!("{} late", Age(age)),
            (Some(age), Urgency::Warning) => format!("{} almost late", Age(age)),
            (Some(age), Urgency::Fine) => Age(age).to_string(),
        }),
        Column::Due => {
            let age = study.age_ms(now).filter(|_| study.is_open())?;
            let left = context.targets.target_ms(study.severity()) - age;
            Some(if left < 0 {
                format!("late by {}", Age(-left))
            } else {
                format!("due in {}", Age(left))
            })
        }
        Column::Description => said(study.description()),
        Column::Assignee => Some(match study.assignee() {
            Some(person) => format!("for {}", person.name),
            None => "unassigned".into(),
        }),
        Column::Status => match (study.is_cancelled(), study.status()) {
            (false, StudyViewerStatus::Incomplete) => None,
            _ => said(status_word(study)),
        },
        Column::Customer => study.customer().and_then(|customer| said(&customer.name)),
        // It would be on every row and change with every frame; the detail has it.
        Column::Updated => None,
        Column::Created => {
            let offset = model.kernel.session.utc_offset;
            let at = study.created_at()?;
            Some(format!("created {}", time::moment(at, now, offset)))
        }
        Column::Id => Some(study.id().to_string()),
        Column::Uid => said(study.uid()).map(|uid| format!("UID {uid}")),
        Column::Meta(key) => {
            let value = study.meta(key).and_then(said)?;
            Some(format!("{key} {value}"))
        }
    }
}

pub fn severity(severity: &Severity) -> String {
    match severity {
        Severity::Stat => "STAT".into(),
        Severity::High => "high".into(),
        Severity::Normal => "normal".into(),
        Severity::Other(other) => format!("unknown severity {other}"),
    }
}

/// What the letter in front of a row of people means.
pub fn news_word(mark: &str) -> Option<&'static str> {
    match mark {
        "?" => Some("waiting for the server"),
        "X" => Some("change failed"),
        "-" => Some("leaving this list"),
        _ => None,
    }
}

/// Draws lines from the top of an area, as many as fit.
fn draw_lines(lines: &[String], theme: Theme, area: Rect, buffer: &mut Buffer) {
    for (y, line) in (area.top()..area.bottom()).zip(lines) {
        let line = single_spaced(line);
        paint::text(buffer, (area.x, y), area.width, &line, theme.base());
    }
}

/// Without the runs of spaces that make columns.
fn single_spaced(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A row of an area, or nothing where the area has no such row.
fn row(area: Rect, number: u16) -> Option<Rect> {
    let y = area.y + number;
    (y < area.bottom()).then_some(Rect {
        y,
        height: 1,
        ..area
    })
}

/// What is typed, what Enter would take, and the list. The cursor stays where one types.
pub fn draw_picker(
    picker: &Picker,
    theme: Theme,
    body: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let inside = paint::frame(buffer, body, &picker.title, theme);
    let line = row(inside, 0)?;
    let x = paint::pieces(buffer, line, &[("Search: ", theme.key())]);
    let room = line.right().saturating_sub(x);
    paint::text(
        buffer,
        (x, line.y),
        room,
        picker.line.text(),
        theme.strong(),
    );
    let before: String = picker
        .line
        .text()
        .chars()
        .take(picker.line.cursor())
        .collect();
    let at = text::width(&text::clean(&before)) as u16;
    let words = |item: &crate::app::Item| {
        let reason = item
            .disabled
            .as_ref()
            .map(|reason| format!("not now: {reason}"));
        let reason = reason.unwrap_or_default();
        let parts = [&*item.label, &*item.note, reason.as_str()];
        let parts = parts
            .map(str::trim)
            .into_iter()
            .filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(", ")
    };
    let mut lines = Vec::new();
    match picker.current() {
        Some(item) => {
            let place = format!("{} of {}", picker.cursor() + 1, picker.shown().len());
            lines.push(format!("Selected: {}, {place}", words(item)));
            lines.extend(item.more.iter().map(ToString::to_string));
        }
        None => lines.push(picker.empty.clone()),
    }
    let left = picker_rows(body, picker, true);
    let top = picker.top(left);
    lines.extend(picker.shown().skip(top).take(left).map(words));
    let below = Rect {
        y: inside.y + 1,
        height: inside.height - 1,
        ..inside
    };
    draw_lines(&lines, theme, below, buffer);
    Some(Position::new(x + at.min(room.saturating_sub(1)), line.y))
}

/// A question and its answers, each on a line of its own; the cursor on the one that Enter presses.
pub fn draw_confirm(
    confirm: &Confirm,
    theme: Theme,
    body: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let inside = paint::frame(buffer, body, &confirm.title, theme);
    let mut cursor = None;
    let (columns, rows) = question_room(body, true);
    // Here each button has a line of its own.
    let lines = confirm.layout(columns, rows.saturating_sub(1))?.lines;
    draw_lines(&lines, theme, inside, buffer);
    let mut next = lines.len() as u16;
    if let Some((word, line)) = &confirm.word
        && let Some(row) = row(inside, next)
    {
        let ask = format!("Type {word} to confirm: ");
        let pieces = [(ask.as_str(), theme.base()), (line.text(), theme.strong())];
        paint::pieces(buffer, row, &pieces);
        let before: String = line.text().chars().take(line.cursor()).collect();
        let at = text::width(&ask) + text::width(&text::clean(&before));
        cursor = Some(Position::new(row.x + at as u16, row.y));
        next += 1;
    }
    for (label, is_focused) in [
        (&confirm.safe, !confirm.on_act),
        (&confirm.act, confirm.on_act),
    ] {
        if let Some(row) = row(inside, next) {
            let style = if is_focused {
                theme.selected()
            } else {
                theme.base()
            };
            let words = format!("{label}, button");
            paint::pieces(buffer, row, &[(&words, style)]);
            if is_focused && cursor.is_none() {
                cursor = Some(row.as_position());
            }
        }
        next += 1;
    }
    cursor
}

/// What just happened, in full, and what else matters; the keys where there is room.
pub fn draw_status(
    (said, pending): (&str, &str),
    style: ratatui::style::Style,
    geometry: &Geometry,
    buffer: &mut Buffer,
) -> bool {
    let parts = [said.trim(), pending.trim()]
        .into_iter()
        .filter(|part| !part.is_empty());
    let line = parts.collect::<Vec<_>>().join("; ");
    let width = usize::from(geometry.status.width).max(1);
    let lines = text::wrap(&text::clean(&line), width);
    paint::pieces(
        buffer,
        geometry.status,
        &[(lines.first().map_or("", |it| it), style)],
    );
    if lines.len() < 2 {
        return false;
    }
    paint::pieces(buffer, geometry.hints, &[(&lines[1..].join(" "), style)]);
    true
}

/// The filter, and where its cursor is while it is typed.
pub fn draw_filter(
    model: &Model,
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let x = paint::text(
        buffer,
        (area.x, area.y),
        area.width,
        "Filter: ",
        theme.key(),
    );
    let left = area.right().saturating_sub(x);
    match (&model.kernel.layers.overlay, model.kernel.people()) {
        (Some(Overlay::Filter(filter_box)), _) => {
            return super::header::draw_input(filter_box, theme, (x, area.y), left, buffer);
        }
        (Some(Overlay::RosterFilter(filter_box)), _) => {
            return super::header::draw_input(filter_box, theme, (x, area.y), left, buffer);
        }
        _ => {}
    }
    let text = match model.kernel.people() {
        Some(pane) => pane.filter().text(),
        None => model.kernel.data.studies.filter.text(),
    };
    let text = match (text, model.kernel.scope()) {
        ("", Scope::Open) if model.kernel.people().is_none() => "all open studies",
        ("", _) => "none",
        (text, _) => text,
    };
    paint::text(buffer, (x, area.y), left, text, theme.base());
    None
}

/// What can be done, in one line of whole words.
pub fn hints(model: &Model, width: u16) -> String {
    let hints = model.kernel.keys.hints(model.kernel.screen).iter();
    let hints = hints.map(|hint| format!("{} {}", hint.keys, hint.label));
    joined("Keys:", hints, width)
}

/// The keys that can follow the ones typed.
pub fn prefix_hints(model: &Model, width: u16) -> Option<String> {
    if model.kernel.typed.is_empty() {
        return None;
    }
    let next = model.kernel.keymap().following(&model.kernel.typed);
    let next = next.map(|(rest, action)| format!("{} {}", show_sequence(rest), action.spec().doc));
    let start = format!("Keys after {}:", show_sequence(&model.kernel.typed));
    Some(joined(&start, next, width))
}

pub fn fixed_hints(hints: &[(&str, &str)], width: u16) -> String {
    let hints = hints
        .iter()
        .map(|(key, label)| format!("{key} {label}").trim().to_owned());
    joined("Keys:", hints, width)
}

fn joined(start: &str, hints: impl Iterator<Item = String>, width: u16) -> String {
    let mut line = start.to_owned();
    for (number, hint) in hints.enumerate() {
        let comma = if number == 0 { " " } else { ", " };
        if text::width(&line) + comma.len() + text::width(&hint) > usize::from(width) {
            break;
        }
        line.push_str(comma);
        line.push_str(&hint);
    }
    line
}
