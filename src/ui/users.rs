//! The users: their table and the detail of one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::widget::geometry::Geometry;
use crate::app::{AccessChange, ListedUser, Model, RecordList, Tone};
use crate::worklist::{Age, Scope};

use super::detail::Sheet;
use super::grid::{self, Column, Gutter, column};
use super::theme::Theme;
use super::{paint, pane, time};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Name,
    Email,
    Role,
    Level,
    Permissions,
    Source,
    Login,
    Open,
}

const NARROW: &[Column<Key>] = &[
    column(Key::Name, "NAME", 0),
    column(Key::Level, "LEVEL", 6),
    column(Key::Open, "OPEN", 4),
];
const USUAL: &[Column<Key>] = &[
    column(Key::Name, "NAME", 0),
    column(Key::Email, "E-MAIL", 24),
    column(Key::Role, "ROLE", 14),
    column(Key::Level, "LEVEL", 6),
    column(Key::Login, "LOGIN", 6),
    column(Key::Open, "OPEN", 4),
];
const WIDE: &[Column<Key>] = &[
    column(Key::Name, "NAME", 0),
    column(Key::Email, "E-MAIL", 27),
    column(Key::Role, "ROLE", 24),
    column(Key::Level, "LEVEL", 6),
    column(Key::Permissions, "PERMISSIONS", 18),
    column(Key::Source, "SOURCE", 9),
    column(Key::Login, "LAST LOGIN", 10),
    column(Key::Open, "OPEN", 4),
];

fn columns(width: u16) -> Vec<Column<Key>> {
    let set = match width {
        130.. => WIDE,
        66.. => USUAL,
        _ => NARROW,
    };
    grid::fitted(set, width)
}

/// Draws titles and rows. Returns how many rows were built.
pub fn draw(model: &Model, theme: Theme, geometry: &Geometry, buffer: &mut Buffer) -> usize {
    if geometry.table.is_empty() {
        return 0;
    }
    let columns = columns(geometry.table.width);
    grid::draw_titles(&columns, theme, geometry.titles, buffer);
    if model.kernel.data.users.is_empty() {
        let lines = pane::why_empty(model, &model.kernel.data.users, theme);
        grid::draw_empty(lines, geometry.table, buffer);
        return 0;
    }
    let mut drawn = 0;
    for (i, person) in model.kernel.data.users.window(geometry.page()).enumerate() {
        let area = Rect {
            y: geometry.table.y + i as u16,
            height: 1,
            ..geometry.table
        };
        let gutter = Gutter {
            selected: model.kernel.data.users.has_cursor()
                && model.kernel.data.users.top() + i == model.kernel.data.users.cursor(),
            news: news(model, theme, person),
        };
        let row = Row {
            model,
            theme,
            person,
            has_email: columns.iter().any(|column| column.key == Key::Email),
        };
        grid::draw_row(&columns, gutter, theme, area, buffer, |key| row.cell(key));
        drawn += 1;
    }
    drawn
}

fn news(model: &Model, theme: Theme, person: &ListedUser) -> (&'static str, Style) {
    let change = AccessChange::Revoke(person.id);
    if model.access.is_pending(change) {
        ("?", theme.strong())
    } else if model.access.has_failed(change) {
        ("X", theme.tone(Tone::Bad))
    } else if model.kernel.data.users.lingers(person.id) {
        ("-", theme.dim())
    } else {
        (" ", theme.base())
    }
}

struct Row<'a> {
    model: &'a Model,
    theme: Theme,
    person: &'a ListedUser,
    has_email: bool,
}

impl Row<'_> {
    fn cell(&self, key: Key) -> (String, Style) {
        let (model, person, plain) = (self.model, self.person, self.theme.base());
        let user = &person.user;
        // What was done here matters more than the address.
        let standing = model
            .access
            .standing(person.id)
            .map(|it| it.words(model.kernel.session.utc_offset));
        match (key, standing) {
            (Key::Name, Some(words)) if !self.has_email => {
                (format!("{}, {words}", person.name), self.theme.strong())
            }
            (Key::Name, _) => (person.name.to_string(), plain),
            (Key::Email, Some(words)) => (words, self.theme.strong()),
            (Key::Email, None) => (person.email.to_string(), plain),
            (Key::Role, _) => (person.role.to_string(), plain),
            (Key::Level, _) => (user.profile.level.to_string(), plain),
            (Key::Permissions, _) => (permissions(person).into(), plain),
            (Key::Source, _) => (user.invited_source.to_string(), self.theme.dim()),
            (Key::Login, _) => (login(model, person), self.theme.dim()),
            (Key::Open, _) => match model.lists.load(&model.kernel, person.id) {
                None => ("?".into(), self.theme.dim()),
                Some(load) if load.stat > 0 => (format!("{:>4}", load.open), self.theme.strong()),
                Some(load) => (format!("{:>4}", load.open), plain),
            },
        }
    }
}

fn permissions(person: &ListedUser) -> &'static str {
    let profile = &person.user.profile;
    match (profile.can_manage_studies, profile.has_dashboard_access) {
        (true, true) => "studies, dashboard",
        (true, false) => "studies",
        (false, true) => "dashboard",
        (false, false) => "none",
    }
}

/// How long ago the last login was.
fn login(model: &Model, person: &ListedUser) -> String {
    match person.user.last_login_at {
        Some(at) => Age(model.kernel.server_now() - at.timestamp_millis()).to_string(),
        None => "never".into(),
    }
}

/// Draws the user under the cursor in full.
pub fn draw_detail(model: &Model, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let Some(person) = model.kernel.data.users.selected() else {
        paint::text(
            buffer,
            (area.x, area.y),
            area.width,
            " No user",
            theme.dim(),
        );
        return;
    };
    let mut sheet = Sheet::new(area.width);
    let plain = theme.base();
    let user = &person.user;
    let profile = &user.profile;
    sheet.push("user", &person.name, theme.strong());
    if let Some(standing) = model.access.standing(person.id) {
        let words = standing.words(model.kernel.session.utc_offset);
        sheet.push("access", &words, theme.strong());
    }
    sheet.push("e-mail", &person.email, plain);
    sheet.push("role", &person.role, plain);
    sheet.push("level", profile.level.as_str(), plain);
    sheet.push("permissions", permissions(person), plain);
    sheet.push("studies", &studies(model, person), plain);
    for (name, value) in [
        ("first", Some(&profile.first_name)),
        ("middle", profile.middle_name.as_ref()),
        ("last", Some(&profile.last_name)),
        ("suffix", profile.suffix1.as_ref()),
        ("", profile.suffix2.as_ref()),
        ("phone", profile.phone_number.as_ref()),
    ] {
        if let Some(value) = value {
            sheet.push(name, &crate::text::clean(value), plain);
        }
    }
    sheet.push("source", user.invited_source.as_str(), plain);
    let now = model.kernel.server_now();
    let moment = |at: i64| time::moment(at, now, model.kernel.session.utc_offset);
    let login = match user.last_login_at {
        Some(at) => moment(at.timestamp_millis()),
        None => "never".into(),
    };
    sheet.push("last login", &login, plain);
    if let Some(at) = user.created_at {
        sheet.push("created", &moment(at.timestamp_millis()), plain);
    }
    sheet.push("id", &person.id.to_string(), plain);
    sheet.draw(model.kernel.data.users.detail_scroll(), theme, area, buffer);
}

fn studies(model: &Model, person: &ListedUser) -> String {
    if !model.kernel.data.sync.is_loaded(Scope::Open) {
        return "not all loaded yet".into();
    }
    match model.lists.load(&model.kernel, person.id) {
        Some(load) if load.open > 0 => {
            let oldest = load
                .oldest_ms
                .map_or(String::new(), |ms| format!(", oldest {}", Age(ms)));
            format!("{} open, {} STAT{oldest}", load.open, load.stat)
        }
        Some(_) | None => "none open".into(),
    }
}
