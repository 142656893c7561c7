//! The invitations: their table and the detail of one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::widget::geometry::Geometry;
use crate::app::{AccessChange, ListedInvitation, Model, RecordList, Tone};
use crate::wire::InvitationStatus;
use crate::worklist::{Age, Urgency};

use super::detail::Sheet;
use super::grid::{self, Column, Gutter, column};
use super::theme::Theme;
use super::{paint, pane, time};

/// Pending ones that expire sooner are set off, in milliseconds.
const SOON: i64 = 48 * 3_600_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Name,
    Email,
    Role,
    Level,
    Status,
    Expires,
    SentBy,
    Created,
}

const NARROW: &[Column<Key>] = &[
    column(Key::Name, "NAME", 0),
    column(Key::Status, "STATUS", 8),
    column(Key::Expires, "EXPIRES", 9),
];
const USUAL: &[Column<Key>] = &[
    column(Key::Name, "NAME", 0),
    column(Key::Role, "ROLE", 14),
    column(Key::Level, "LEVEL", 6),
    column(Key::Status, "STATUS", 8),
    column(Key::Expires, "EXPIRES", 9),
    column(Key::SentBy, "SENT BY", 11),
    column(Key::Created, "AGE", 6),
];
const WIDE: &[Column<Key>] = &[
    column(Key::Name, "NAME", 0),
    column(Key::Email, "E-MAIL", 27),
    column(Key::Role, "ROLE", 24),
    column(Key::Level, "LEVEL", 6),
    column(Key::Status, "STATUS", 8),
    column(Key::Expires, "EXPIRES", 9),
    column(Key::SentBy, "SENT BY", 18),
    column(Key::Created, "AGE", 6),
];

fn columns(width: u16) -> Vec<Column<Key>> {
    let set = match width {
        130.. => WIDE,
        76.. => USUAL,
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
    let list = &model.kernel.data.invitations;
    if list.is_empty() {
        let lines = pane::why_empty(model, list, theme);
        grid::draw_empty(lines, geometry.table, buffer);
        return 0;
    }
    let mut drawn = 0;
    for (i, invite) in list.window(geometry.page()).enumerate() {
        let area = Rect {
            y: geometry.table.y + i as u16,
            height: 1,
            ..geometry.table
        };
        let gutter = Gutter {
            selected: list.has_cursor() && list.top() + i == list.cursor(),
            news: news(model, theme, invite),
        };
        grid::draw_row(&columns, gutter, theme, area, buffer, |key| {
            cell(model, theme, invite, key)
        });
        drawn += 1;
    }
    drawn
}

fn news(model: &Model, theme: Theme, invite: &ListedInvitation) -> (&'static str, Style) {
    let change = AccessChange::RevokeInvitation(invite.id);
    if model.access.is_pending(change) {
        ("?", theme.strong())
    } else if model.access.has_failed(change) {
        ("X", theme.tone(Tone::Bad))
    } else if model.kernel.data.invitations.lingers(invite.id) {
        ("-", theme.dim())
    } else {
        (" ", theme.base())
    }
}

fn cell(model: &Model, theme: Theme, invite: &ListedInvitation, key: Key) -> (String, Style) {
    let record = &invite.invitation;
    // What waits for no answer any more steps back.
    let plain = if invite.is_pending(model.kernel.server_now()) {
        theme.base()
    } else {
        theme.dim()
    };
    match key {
        Key::Name => (invite.name.to_string(), plain),
        Key::Email => (invite.email.to_string(), plain),
        Key::Role => (invite.role.to_string(), plain),
        Key::Level => (record.profile.level.to_string(), plain),
        Key::Status => (record.status.to_string(), plain),
        Key::Expires => expires(model, theme, invite),
        Key::SentBy => (sent_by(model, invite), plain),
        Key::Created => {
            let age = invite
                .created_at()
                .map(|at| Age(model.kernel.server_now() - at));
            (age.map(|age| age.to_string()).unwrap_or_default(), plain)
        }
    }
}

/// The time left, while an answer is still possible.
fn expires(model: &Model, theme: Theme, invite: &ListedInvitation) -> (String, Style) {
    let now = model.kernel.server_now();
    if invite.invitation.status != InvitationStatus::Sent {
        return (String::new(), theme.dim());
    }
    match invite.expiry() {
        None => ("?".into(), theme.base()),
        Some(at) if at <= now => ("expired".into(), theme.dim()),
        Some(at) if at - now < SOON => (
            format!("in {}!", Age(at - now)),
            theme.urgency(Urgency::Warning),
        ),
        Some(at) => (format!("in {}", Age(at - now)), theme.base()),
    }
}

fn sent_by(model: &Model, invite: &ListedInvitation) -> String {
    match invite.invitation.inviter_id {
        Some(id) => match model.kernel.data.users.get(id) {
            Some(person) => person.name.to_string(),
            None => id.to_string(),
        },
        None => "an API key".into(),
    }
}

/// Draws the invitation under the cursor in full.
pub fn draw_detail(model: &Model, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let Some(invite) = model.kernel.data.invitations.selected() else {
        paint::text(
            buffer,
            (area.x, area.y),
            area.width,
            " No invitation",
            theme.dim(),
        );
        return;
    };
    let mut sheet = Sheet::new(area.width);
    let plain = theme.base();
    let record = &invite.invitation;
    let profile = &record.profile;
    sheet.push("invited", &invite.name, theme.strong());
    sheet.push("e-mail", &invite.email, plain);
    sheet.push("status", record.status.as_str(), theme.strong());
    let (left, style) = expires(model, theme, invite);
    let now = model.kernel.server_now();
    let moment = |at: i64| time::moment(at, now, model.kernel.session.utc_offset);
    if let Some(at) = invite.expiry() {
        sheet.push("expires", format!("{} {left}", moment(at)).trim(), style);
    }
    sheet.push("role", &invite.role, plain);
    sheet.push("level", profile.level.as_str(), plain);
    let permissions = match (profile.can_manage_studies, profile.has_dashboard_access) {
        (true, true) => "studies, dashboard",
        (true, false) => "studies",
        (false, true) => "dashboard",
        (false, false) => "none",
    };
    sheet.push("permissions", permissions, plain);
    sheet.push("sent by", &sent_by(model, invite), plain);
    for (name, value) in [
        ("API key", record.invited_by_api_key_id.as_ref()),
        ("first", Some(&profile.first_name)),
        ("middle", profile.middle_name.as_ref()),
        ("last", Some(&profile.last_name)),
        ("suffix", profile.suffix1.as_ref()),
        ("", profile.suffix2.as_ref()),
        ("phone", profile.phone_number.as_ref()),
        ("clinic", Some(&record.clinic_id)),
    ] {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            sheet.push(name, &crate::text::clean(value), plain);
        }
    }
    sheet.push("source", record.invited_source.as_str(), plain);
    for (name, at) in [
        ("created", record.created_at),
        ("updated", record.updated_at),
    ] {
        if let Some(at) = at {
            sheet.push(name, &moment(at.timestamp_millis()), plain);
        }
    }
    sheet.push("user id", &record.user_id.to_string(), plain);
    sheet.push("id", &invite.id.to_string(), plain);
    sheet.draw(
        model.kernel.data.invitations.detail_scroll(),
        theme,
        area,
        buffer,
    );
}
