//! The study under the cursor, in full.

use crate::app::widget::record_list::RecordList;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::widget::geometry::Geometry;
use crate::app::{Model, Screen};
use crate::text;
use crate::worklist::{Age, StudyView, Urgency};

use super::table::{severity_word, status_word};
use super::theme::Theme;
use super::{paint, plain, time};

/// Width of the names in front of the values.
const NAME: u16 = 12;

pub fn draw(model: &Model, theme: Theme, geometry: &Geometry, buffer: &mut Buffer) {
    let area = geometry.detail;
    draw_rule(geometry.rule, theme, buffer);
    if area.is_empty() {
        return;
    }
    match model.kernel.screen {
        Screen::Worklist => draw_study(model, theme, area, buffer),
        Screen::Users => super::users::draw_detail(model, theme, area, buffer),
        Screen::Invitations => super::invitations::draw_detail(model, theme, area, buffer),
    }
}

fn draw_study(model: &Model, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let Some(study) = model.kernel.data.studies.selected_study() else {
        paint::text(
            buffer,
            (area.x, area.y),
            area.width,
            " No study",
            theme.dim(),
        );
        return;
    };
    let lines = lines(model, theme, study, area.width);
    draw_lines(
        &lines,
        model.kernel.data.studies.detail_scroll(),
        theme,
        area,
        buffer,
    );
}

/// Draws as many of the lines as fit, and says how many follow.
pub fn draw_lines(lines: &[Line], scroll: u16, theme: Theme, area: Rect, buffer: &mut Buffer) {
    // Where lines are read, the last one is for what does not fit.
    let is_long = theme.is_plain && lines.len() > usize::from(area.height);
    let height = usize::from(area.height) - usize::from(is_long);
    let last = lines.len().saturating_sub(height);
    let skip = usize::from(scroll).min(last);
    for (i, line) in lines.iter().skip(skip).take(height).enumerate() {
        let row = Rect {
            y: area.y + i as u16,
            height: 1,
            ..area
        };
        let name = match (theme.is_plain, line.name.is_empty()) {
            (true, true) => String::new(),
            (true, false) => format!("{}: ", line.name),
            (false, _) => format!(" {:<width$} ", line.name, width = usize::from(NAME) - 1),
        };
        paint::pieces(
            buffer,
            row,
            &[(&name, theme.dim()), (&line.value, line.style)],
        );
    }
    let hidden = lines.len().saturating_sub(skip + height);
    if hidden > 0 && height > 0 {
        let corner = Rect {
            y: area.bottom() - 1,
            height: 1,
            ..area
        };
        let words = format!(" J: {hidden} more ");
        if theme.is_plain {
            paint::pieces(buffer, corner, &[(words.trim(), theme.key())])
        } else {
            paint::right(buffer, corner, &words, theme.key())
        };
    }
}

fn draw_rule(rule: Rect, theme: Theme, buffer: &mut Buffer) {
    if rule.width == 1 {
        for y in rule.top()..rule.bottom() {
            paint::text(buffer, (rule.x, y), 1, "|", theme.dim());
        }
    } else if rule.height == 1 {
        let line = "-".repeat(usize::from(rule.width));
        paint::text(buffer, (rule.x, rule.y), rule.width, &line, theme.dim());
    }
}

/// A fact of a record, or the continuation of one.
#[derive(Debug)]
pub struct Line {
    name: String,
    value: String,
    style: Style,
}

/// The facts of a record, in lines of one width.
#[derive(Debug)]
pub struct Sheet {
    width: u16,
    lines: Vec<Line>,
}

impl Sheet {
    pub fn new(width: u16) -> Self {
        Self {
            width,
            lines: Vec::new(),
        }
    }

    pub fn draw(&self, scroll: u16, theme: Theme, area: Rect, buffer: &mut Buffer) {
        draw_lines(&self.lines, scroll, theme, area, buffer);
    }

    pub fn push(&mut self, name: &str, value: &str, style: Style) {
        let columns = usize::from(self.width.saturating_sub(NAME + 2)).max(8);
        // A long name pushes its value to the right, or onto the next line where there is no room.
        let overhang = text::width(name).saturating_sub(usize::from(NAME) - 1);
        let fits = overhang + text::width(value) <= columns;
        let mut name = text::clip(name, usize::from(self.width).saturating_sub(2)).into_owned();
        let mut line = |value: String| {
            let name = std::mem::take(&mut name);
            self.lines.push(Line { name, value, style });
        };
        if overhang > 0 && fits {
            return line(value.to_owned());
        }
        if overhang > 0 {
            line(String::new());
        }
        text::wrap(value, columns).into_iter().for_each(line);
    }
}

/// Everything that is known of a study, in lines of `width` columns.
pub fn lines(model: &Model, theme: Theme, study: StudyView<'_>, width: u16) -> Vec<Line> {
    let now = model.kernel.server_now();
    let mut sheet = Sheet::new(width);
    let mut push = |name: &str, value: &str, style: Style| sheet.push(name, value, style);
    push("study", study.description().trim(), theme.strong());
    let severity = if theme.is_plain {
        plain::severity(study.severity())
    } else {
        severity_word(study.severity())
    };
    let state = format!("{}, {}", severity.trim(), status_word(study));
    push("state", &state, theme.severity(study.severity()));
    let (age, style) = age(model, theme, study);
    push("age", &age, style);
    match study.assignee() {
        Some(person) => {
            push("assignee", &person.name, theme.base());
            push("", &person.email, theme.dim());
        }
        None if theme.is_plain => push("assignee", "unassigned", theme.strong()),
        None => push("assignee", "unassigned", theme.strong()),
    }
    if let Some(customer) = study.customer() {
        push("customer", &customer.name, theme.base());
    }
    push("UID", study.uid(), theme.base());
    push("id", &study.id().to_string(), theme.base());
    let offset = model.kernel.session.utc_offset;
    for (name, at) in [
        ("created", study.created_at()),
        ("updated", study.updated_at()),
        ("cancelled", study.cancelled_at()),
    ] {
        if let Some(at) = at {
            push(name, &time::moment(at, now, offset), theme.base());
        }
    }
    if let Some(by) = study.created_by() {
        push("by", by, theme.base());
    }
    for (key, value) in study.metadata() {
        push(key, value, theme.base());
    }
    sheet.lines
}

/// The age and what it means against the target: "41m, late by 11m".
fn age(model: &Model, theme: Theme, study: StudyView<'_>) -> (String, Style) {
    let now = model.kernel.server_now();
    let Some(age) = study.age_ms(now) else {
        return ("unknown".into(), theme.base());
    };
    let targets = &model.kernel.data.studies.targets;
    let urgency = targets.urgency(study, now);
    let left = targets.target_ms(study.severity()) - age;
    let text = match urgency {
        Urgency::Late => format!("{}, late by {}", Age(age), Age(-left)),
        _ if study.is_open() => format!("{}, {} left", Age(age), Age(left)),
        _ => Age(age).to_string(),
    };
    (text, theme.urgency(urgency))
}
