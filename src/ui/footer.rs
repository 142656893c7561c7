//! The two lines below the table: what just happened, and what can be done.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Clear, Widget};

use crate::app::widget::geometry::Geometry;
use crate::app::{
    AccessFailed, Action, Confirm, Conflict, Doubt, Failed, Hint, Lane, Model, Overlay, Tone,
    Trouble, verdict,
};
use crate::text;

use super::theme::Theme;
use super::{paint, pane, plain, time};

/// Draws both lines. What went wrong is said in full: it takes the hints' line where one is too short.
pub fn draw(model: &Model, theme: Theme, geometry: &Geometry, buffer: &mut Buffer) {
    if theme.is_plain {
        let (said, style) = status(model, theme);
        let words = plain::prefix_hints(model, geometry.hints.width);
        let is_full = plain::draw_status((&said, &pending(model)), style, geometry, buffer);
        if let Some(words) = words {
            Clear.render(geometry.hints, buffer);
            paint::pieces(buffer, geometry.hints, &[(&words, theme.base())]);
        } else if !is_full {
            draw_hints(model, theme, geometry.hints, buffer);
        }
        return;
    }
    let area = geometry.status;
    let position = position(model);
    let end = paint::right(buffer, area, &position, theme.dim());
    let room = Rect {
        x: area.x + 1,
        width: end.saturating_sub(area.x + 2),
        ..area
    };
    let (content, style) = status(model, theme);
    let lines = text::wrap(&text::clean(&content), usize::from(room.width).max(1));
    let is_asked = matches!(&model.kernel.layers.overlay, Some(Overlay::Confirm(_)));
    if style != theme.tone(Tone::Bad) || lines.len() < 2 || is_asked {
        paint::pieces(buffer, room, &[(&content, style)]);
        draw_hints(model, theme, geometry.hints, buffer);
        return;
    }
    let rest = lines[1..].join(" ");
    paint::pieces(buffer, room, &[(&lines[0], style)]);
    let below = Rect {
        x: room.x,
        width: geometry.hints.width.saturating_sub(1),
        ..geometry.hints
    };
    paint::pieces(buffer, below, &[(&rest, style)]);
}

/// Marks, and how far the changes under way are.
fn pending(model: &Model) -> String {
    let (shown, hidden) = model.kernel.data.studies.marked();
    let mut out = match (shown.len(), hidden.len()) {
        (0, 0) => String::new(),
        (shown, 0) => format!("{} marked  ", time::count(shown)),
        (shown, hidden) => format!("{} marked, {hidden} hidden  ", time::count(shown + hidden)),
    };
    for batch in model.writes.changes.bulk() {
        out.push_str(&format!(
            "{} {}/{}",
            batch.kind.words(&batch.label),
            batch.ended(),
            batch.total
        ));
        out.push_str(&match batch.failed {
            0 => "  ".to_owned(),
            failed => format!(", {failed} failed  "),
        });
    }
    if model.writes.changes.bulk().next().is_none() && model.pending_count() > 0 {
        out.push_str(&format!("{} pending  ", model.pending_count()));
    }
    let (conflicts, failed) = model.unresolved();
    for (count, word) in [(conflicts, "to decide"), (failed, "failed")] {
        if count > 0 {
            out.push_str(&format!("{} {word}  ", time::count(count)));
        }
    }
    out
}

fn position(model: &Model) -> String {
    let pending = pending(model);
    let list = model.kernel.list();
    let (row, rows) = (list.cursor(), list.len());
    if rows == 0 || !list.has_cursor() {
        return pending;
    }
    format!("{pending}{}/{} ", time::count(row + 1), time::count(rows))
}

/// The most important thing to say: what is wrong with the input, a failure, the last event, a doubt.
fn status(model: &Model, theme: Theme) -> (String, Style) {
    let bad = theme.tone(Tone::Bad);
    if let Some(Overlay::Filter(filter_box)) = &model.kernel.layers.overlay
        && let Some(error) = filter_box.error()
    {
        return (error.to_string(), bad);
    }
    if let Some(Overlay::RosterFilter(filter_box)) = &model.kernel.layers.overlay
        && let Some(error) = filter_box.error()
    {
        return (error.to_string(), bad);
    }
    // A failure and a conflict take the line when they come. What was done since is said before them: they
    // are still counted beside it.
    if let Some(notice) = &model.kernel.notice {
        return (notice.text.to_string(), theme.tone(notice.tone));
    }
    if let Some(failed) = model.access.failed().last()
        && model.access.is_shown()
    {
        return (
            access_failure(model, failed, model.access.failed().len()),
            bad,
        );
    }
    if model.writes.changes.is_shown() {
        let (conflict, failed) = (
            model.writes.changes.conflicts().last(),
            model.writes.changes.failed().last(),
        );
        match (conflict, failed) {
            (conflict, Some(failed))
                if model.writes.changes.is_failure_last() || conflict.is_none() =>
            {
                return (
                    failure(model, failed, model.writes.changes.failed().len()),
                    bad,
                );
            }
            (Some(conflict), _) => return (conflict_words(model, conflict), bad),
            (None, _) => {}
        }
    }
    if let Some(pane) = model.kernel.people()
        && let Some(text) = pane::trouble(model, pane)
    {
        return (text, bad);
    }
    let scope = model.kernel.scope();
    if let Some(text) = model.kernel.data.sync.trouble(scope).and_then(trouble) {
        return (text, bad);
    }
    match model.kernel.data.sync.unreadable(scope) {
        0 => (String::new(), theme.base()),
        1 => ("1 record could not be read and is not shown".into(), bad),
        many => (
            format!("{many} records could not be read and are not shown"),
            bad,
        ),
    }
}

/// What went wrong the last time a list was read.
fn trouble(lane: &Lane) -> Option<String> {
    Some(match lane.trouble.as_ref()? {
        Trouble::Failed(failure) => {
            let advice = match lane.tries_sooner() {
                Some(ms) => {
                    let sooner = crate::wire::span(Duration::from_millis(ms.unsigned_abs()));
                    format!("the program tries again sooner, after {sooner}")
                }
                None => failure.advice().into(),
            };
            format!("{}; {advice}", failure.sentence())
        }
        Trouble::Paging(Doubt::TooMany(most)) => {
            let (kind, advice) = if lane.kind.is_open() {
                ("open", "Use a narrower filter")
            } else {
                (
                    "complete or cancelled",
                    "Filter for open ones, or use a narrower filter",
                )
            };
            format!(
                "More than {} {kind} studies: not all are loaded, some are missing here. {advice}: \
                 avara-tui studies list --filter",
                time::count(*most)
            )
        }
        Trouble::Paging(why) => {
            format!("The list may be incomplete: the server's paging failed, {why}")
        }
    })
}

fn access_failure(model: &Model, failed: &AccessFailed, count: usize) -> String {
    let more = match count {
        1 => String::new(),
        many => format!(" [{many} failed]"),
    };
    let lists = model.kernel.key(Action::ShowUnresolved);
    let (verdict, again) = if failed.unconfirmed {
        (
            "Unconfirmed",
            format!("{} retries, ", model.kernel.key(Action::RetryFailed)),
        )
    } else {
        ("Not done", String::new())
    };
    format!(
        "{verdict}: {}: {}. {} ({again}{lists} lists){more}",
        failed.change.label(),
        failed.who,
        failed.failure.sentence(),
    )
}

fn failure(model: &Model, failed: &Failed, count: usize) -> String {
    let more = match count {
        1 => String::new(),
        many => format!(" [{many} failed]"),
    };
    format!(
        "{}: {}: {}. {} ({} retries, {} lists){more}",
        verdict(failed.got),
        failed.job.change.label(),
        failed.job.description.trim(),
        failed.failure.sentence(),
        model.kernel.key(Action::RetryFailed),
        model.kernel.key(Action::ShowUnresolved),
    )
}

fn conflict_words(model: &Model, conflict: &Conflict) -> String {
    let more = match model.writes.changes.conflicts().len() {
        1 => String::new(),
        many => format!(" [{many} to decide]"),
    };
    format!(
        "Not sent, someone else changed it: {}: {} now, you wanted {} ({} decides){more}",
        conflict.job.description.trim(),
        conflict.theirs.value(),
        conflict.job.change.value(),
        model.kernel.key(Action::ShowUnresolved),
    )
}

/// Shown when the last key came before anyone could have read the question.
pub(super) const PRESS_AGAIN: &[(&str, &str)] = &[
    ("That key came too early:", "press it again"),
    ("Esc", "back"),
];

fn confirm_hints(confirm: &Confirm, now: i64) -> &'static [(&'static str, &'static str)] {
    if confirm.ignores_keys(now) {
        return &[("...", "")];
    }
    if confirm.gate.has_rejected() {
        return PRESS_AGAIN;
    }
    match &confirm.word {
        Some((word, _)) if word.starts_with(|first: char| first.is_ascii_digit()) => &[
            ("type", "the number, then Enter"),
            ("Esc", "change nothing"),
        ],
        Some(_) => &[("type", "the word, then Enter"), ("Esc", "change nothing")],
        None => &[
            ("y", "yes"),
            ("n", "no"),
            ("Tab", "other button"),
            ("Enter", "press it"),
        ],
    }
}

fn draw_hints(model: &Model, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let fixed: &[(&str, &str)] = match &model.kernel.layers.overlay {
        Some(Overlay::Filter(_)) => &[
            ("Enter", "keep"),
            ("Esc", "back"),
            ("Tab", "complete"),
            ("Up", "earlier"),
            ("sev:stat,high", ""),
            ("to:none", ""),
            ("age:>1h", ""),
            ("desc:\"ct head\"", ""),
        ],
        Some(Overlay::SaveView(_)) => &[("Enter", "save"), ("Esc", "close")],
        Some(Overlay::RosterFilter(_)) => pane::filter_hints(model.kernel.screen),
        Some(Overlay::Picker(picker)) if picker.has_commands() => &[
            ("type", "to search"),
            ("Up Down", "move"),
            ("Enter", "run"),
            ("Ctrl-y", "copy the command"),
            ("Esc", "close"),
        ],
        Some(Overlay::Picker(_)) => &[
            ("type", "to narrow"),
            ("Up Down", "move"),
            ("Enter", "select"),
            ("Esc", "close"),
        ],
        Some(Overlay::Confirm(confirm)) => confirm_hints(confirm, model.kernel.now),
        Some(Overlay::Form(form)) => super::form::hints(form, model.kernel.now),
        Some(Overlay::Refused(_)) => &[("Esc", "back"), ("", "other keys do nothing here")],
        Some(Overlay::Link(_)) => &[("Esc", "close and forget the link")],
        None => &[],
    };
    let fixed = super::lookup::hints(model).unwrap_or(fixed);
    if theme.is_plain {
        let words = match fixed {
            [] => plain::hints(model, area.width),
            fixed => plain::fixed_hints(fixed, area.width),
        };
        paint::pieces(buffer, area, &[(&words, theme.base())]);
        return;
    }
    let mut x = area.x + 1;
    let mut hint = |key: &str, label: &str| {
        let width = (key.len() + label.len() + 3) as u16;
        if x + width > area.right() {
            return;
        }
        let row = Rect {
            x,
            width: area.right() - x,
            ..area
        };
        x = paint::pieces(
            buffer,
            row,
            &[
                (key, theme.key()),
                (" ", theme.base()),
                (label, theme.dim()),
            ],
        ) + 2;
    };
    if let Some(hints) = super::lookup::hints_of_study(model) {
        hints.for_each(|it| hint(&it.keys, it.label));
    }
    if !fixed.is_empty() {
        fixed.iter().for_each(|(key, label)| hint(key, label));
        return;
    }
    for Hint { keys, label, .. } in model.kernel.keys.hints(model.kernel.screen) {
        hint(keys, label);
    }
}
