//! The windowed table: only the rows on screen are built, however many there are.

use crate::app::widget::record_list::RecordList;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::widget::column_layout::{GUTTER, layout, sort_mark};
use crate::app::widget::geometry::Geometry;
use crate::app::{Action, Mark, Model, Tone, Trouble};
use crate::wire::{Severity, StudyViewerStatus};
use crate::worklist::{Age, Column, FilterContext, Scope, Sort, StudyView, Urgency};

use super::theme::Theme;
use super::{paint, plain, time};

/// The title of a column.
fn title(column: &Column) -> String {
    match column {
        Column::Severity => "SEV".into(),
        Column::Meta(key) => key.to_uppercase(),
        other => other.to_string().to_uppercase(),
    }
}

/// Draws titles and rows. Returns how many rows were built.
pub fn draw(model: &Model, theme: Theme, geometry: &Geometry, buffer: &mut Buffer) -> usize {
    if geometry.table.is_empty() {
        return 0;
    }
    let columns = layout(&model.kernel.data.studies.columns, geometry.table.width);
    if !geometry.titles.is_empty() {
        draw_titles(
            &columns,
            model.kernel.data.studies.sort,
            theme,
            geometry.titles,
            buffer,
        );
    }
    if model.kernel.data.studies.rows().is_empty() {
        draw_empty(model, theme, geometry.table, buffer);
        return 0;
    }
    let context = model.kernel.filter_context();
    let stale = model.kernel.is_stale();
    let mut drawn = 0;
    for (i, study) in model
        .kernel
        .data
        .studies
        .window(geometry.page())
        .enumerate()
    {
        let area = Rect {
            y: geometry.table.y + i as u16,
            height: 1,
            ..geometry.table
        };
        let row = model.kernel.data.studies.top() + i;
        let selected = row == model.kernel.data.studies.cursor()
            && model.kernel.data.studies.selected().is_some();
        let drawing = Row {
            model,
            theme,
            study,
            context: &context,
            selected,
            marked: model.kernel.data.studies.is_marked(study.id(), row),
            stale,
        };
        drawing.draw(&columns, area, buffer);
        drawn += 1;
    }
    drawn
}

fn draw_titles(
    columns: &[(&Column, u16)],
    sort: Sort,
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) {
    paint::fill(buffer, area, theme.dim());
    let mut x = area.x + GUTTER;
    for (column, width) in columns {
        let mark = sort_mark(column, sort);
        // A mark that does not fit beside the title stands right after it, in the gap.
        let gap = if mark.is_empty() { "" } else { " " };
        let content = match format!("{}{gap}{mark}", title(column)) {
            long if long.len() > usize::from(*width) => format!("{}{mark}", title(column)),
            fits => fits,
        };
        paint::text(buffer, (x, area.y), *width, &content, theme.dim());
        x += width + 1;
    }
}

struct Row<'a> {
    model: &'a Model,
    theme: Theme,
    study: StudyView<'a>,
    context: &'a FilterContext<'a>,
    selected: bool,
    marked: bool,
    stale: bool,
}

impl Row<'_> {
    fn draw(&self, columns: &[(&Column, u16)], area: Rect, buffer: &mut Buffer) {
        if self.theme.is_plain {
            self.draw_words(area, buffer)
        } else {
            self.draw_cells(columns, area, buffer)
        }
        if self.study.is_cancelled() {
            paint::fill(buffer, area, self.theme.cancelled());
        }
        if self.stale {
            paint::fill(buffer, area, self.theme.dim());
        }
        if self.selected {
            paint::cover(buffer, area, self.theme.selected());
            if self.stale {
                paint::fill(buffer, area, self.theme.faint());
            }
        }
    }

    fn draw_words(&self, area: Rect, buffer: &mut Buffer) {
        let words = plain::study(self.model, self.study, self.context, self.marked);
        let style = self.theme.severity(self.study.severity());
        paint::text(buffer, (area.x, area.y), area.width, &words, style);
    }

    fn draw_cells(&self, columns: &[(&Column, u16)], area: Rect, buffer: &mut Buffer) {
        self.draw_gutter(area, buffer);
        let mut x = area.x + GUTTER;
        for (column, width) in columns {
            let (content, style) = self.cell(column);
            let left = (*width).min(area.right().saturating_sub(x));
            paint::text(buffer, (x, area.y), left, &content, style);
            x += width + 1;
        }
    }

    fn draw_gutter(&self, area: Rect, buffer: &mut Buffer) {
        let id = self.study.id();
        let cursor = if self.selected { ">" } else { " " };
        let marked = if self.marked {
            ("*", self.theme.strong())
        } else {
            (" ", self.theme.base())
        };
        let (mark, style) = match self
            .model
            .kernel
            .data
            .studies
            .mark(self.study, self.context)
        {
            Mark::None => (" ", self.theme.base()),
            Mark::New => ("+", self.theme.tone(Tone::Good)),
            Mark::Changed => ("~", self.theme.strong()),
            Mark::Leaving => ("-", self.theme.dim()),
        };
        let (change, change_style) = if self.model.writes.changes.pending(id).is_some() {
            ("?", self.theme.strong())
        } else if self.model.writes.changes.has_conflict(id) {
            ("!", self.theme.tone(Tone::Bad))
        } else if self.model.writes.changes.has_failed(id) {
            ("X", self.theme.tone(Tone::Bad))
        } else {
            (" ", self.theme.base())
        };
        // What is under way says more than what is new.
        let news = if change == " " {
            (mark, style)
        } else {
            (change, change_style)
        };
        let pieces = [(cursor, self.theme.base()), marked, news];
        paint::pieces(buffer, area, &pieces);
    }

    fn cell(&self, column: &Column) -> (String, Style) {
        let study = self.study;
        let plain = self.theme.base();
        match column {
            Column::Severity => (
                severity_word(study.severity()),
                self.theme.severity(study.severity()),
            ),
            Column::Age => self.age(),
            Column::Description => (study.description().trim().to_owned(), plain),
            Column::Assignee => match study.assignee() {
                Some(person) => (person.name.to_string(), plain),
                None => ("unassigned".into(), self.theme.strong()),
            },
            Column::Status => (status_word(study).into(), self.theme.dim()),
            Column::Customer => (
                study
                    .customer()
                    .map(|customer| customer.name.to_string())
                    .unwrap_or_default(),
                plain,
            ),
            Column::Updated => {
                let ago = study.updated_at().map(|at| self.context.now - at);
                (ago.map(|ms| Age(ms).to_string()).unwrap_or_default(), plain)
            }
            Column::Due => self.due(),
            Column::Created => {
                let offset = self.model.kernel.session.utc_offset;
                let at = study.created_at();
                let shown = at.map(|at| time::moment(at, self.context.now, offset));
                (shown.unwrap_or_default(), plain)
            }
            Column::Id => (study.id().to_string(), plain),
            Column::Uid => (study.uid().to_owned(), plain),
            Column::Meta(key) => {
                let value = study.meta(key).unwrap_or_default();
                (value.trim().to_owned(), plain)
            }
        }
    }

    /// The age, with a word-free mark for what is late, since meaning is never colour alone.
    fn age(&self) -> (String, Style) {
        let urgency = self.context.targets.urgency(self.study, self.context.now);
        let Some(age) = self.study.age_ms(self.context.now) else {
            return ("?".into(), self.theme.base());
        };
        let mark = if urgency == Urgency::Late { "!" } else { "" };
        (format!("{}{mark}", Age(age)), self.theme.urgency(urgency))
    }

    /// The time left to the target, with a minus where it has passed; nothing for work that is done.
    fn due(&self) -> (String, Style) {
        let (study, targets) = (self.study, self.context.targets);
        let urgency = targets.urgency(study, self.context.now);
        let Some(age) = study.age_ms(self.context.now).filter(|_| study.is_open()) else {
            return (String::new(), self.theme.base());
        };
        let left = targets.target_ms(study.severity()) - age;
        let sign = if left < 0 { "-" } else { "" };
        let text = format!("{sign}{}", Age(left.abs()));
        (text, self.theme.urgency(urgency))
    }
}

pub fn severity_word(severity: &Severity) -> String {
    match severity {
        Severity::Stat => "!!STAT".into(),
        Severity::High => "! HIGH".into(),
        Severity::Normal => "normal".into(),
        Severity::Other(other) => format!("??{other}"),
    }
}

pub fn status_word<'a>(study: StudyView<'a>) -> &'a str {
    if study.is_cancelled() {
        return "cancelled";
    }
    match study.status() {
        StudyViewerStatus::Incomplete => "incomplete",
        StudyViewerStatus::Complete => "complete",
        StudyViewerStatus::Other(other) => other,
    }
}

/// An empty table says why it is empty and how to go on.
fn draw_empty(model: &Model, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let (first, second, style) = why_empty(model);
    let mut y = area.y + 1;
    for (content, style) in [(first, style(theme)), (second, theme.dim())] {
        for line in crate::text::wrap(&content, usize::from(area.width.saturating_sub(4)).max(10)) {
            if y < area.bottom() {
                paint::text(buffer, (area.x + 2, y), area.width - 2, &line, style);
                y += 1;
            }
        }
    }
}

fn why_empty(model: &Model) -> (String, String, fn(Theme) -> Style) {
    if let Some(Trouble::Failed(failure)) = model
        .kernel
        .data
        .sync
        .trouble(model.kernel.scope())
        .and_then(|lane| lane.trouble.as_ref())
        && !model.kernel.data.sync.is_loaded(model.kernel.scope())
    {
        let key = if failure.is_auth() {
            format!(" (the key from {})", model.kernel.session.key_source)
        } else {
            String::new()
        };
        return (
            format!("{}{key}.", failure.sentence()),
            format!(
                "What to do: {}. {} tries again.",
                failure.advice(),
                model.kernel.key(Action::Refresh)
            ),
            |theme| theme.tone(Tone::Bad),
        );
    }
    if !model.kernel.data.sync.is_loaded(model.kernel.scope()) {
        let text = format!("Loading studies from {}", model.kernel.session.host);
        return (text, String::new(), |theme| theme.base());
    }
    let loaded = time::count(model.kernel.data.studies.store.len());
    match (
        model.kernel.data.studies.filter.text(),
        model.kernel.scope(),
    ) {
        ("", Scope::Open) => (
            "No open studies: nothing is waiting for a radiologist.".into(),
            format!(
                "{} shows complete or cancelled ones.",
                model.kernel.key(Action::FilterStatus)
            ),
            |theme| theme.base(),
        ),
        (text, _) => {
            let (first, second) = why_no_match(model, text);
            let back = format!(
                "{loaded} are loaded. {} restores the previous filter, {} clears it.",
                model.kernel.key(Action::GoBack),
                model.kernel.key(Action::ClearFilter)
            );
            let second = match second {
                Some(second) => format!("{second} {back}"),
                None => back,
            };
            (first, second, |theme| theme.base())
        }
    }
}

/// Says of which studies none matches, and what would match or could not.
fn why_no_match(model: &Model, text: &str) -> (String, Option<String>) {
    let (studies, data) = (&model.kernel.data.studies, &model.kernel.data);
    let filter = &studies.filter;
    if filter.needs_me() && model.kernel.session.me.is_none() {
        let first = "You are not identified: start with --me EMAIL".to_owned();
        return (first, Some(format!("{text} finds nothing until then.")));
    }
    if let Some((key, near)) = filter.unknown_metadata(&studies.store) {
        let second = near.map(|near| format!("Did you mean meta.{near}?"));
        return (
            format!("No loaded study has the metadata key {key}"),
            second,
        );
    }
    let which = match model.kernel.scope() {
        Scope::Open => "open ",
        Scope::Complete => "complete ",
        Scope::Cancelled => "cancelled ",
        Scope::Any => "",
    };
    let second = filter
        .elsewhere(&studies.store, &model.kernel.filter_context())
        .map(|found| {
            let is_all = data.sync.is_loaded(Scope::Any);
            match (found.is_empty(), is_all) {
                (false, _) => format!("Others match: {found}. Add is:any to see them."),
                (true, true) => "No complete or cancelled one does either.".into(),
                (true, false) => "Complete and cancelled ones are searched with is:any.".into(),
            }
        });
    (format!("No {which}study matches {text}"), second)
}
