//! What the screens of users and invitations have in common around their tables.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::app::{Action, Model, Overlay, PeopleList, Screen, Tone, Trouble};

use super::theme::Theme;
use super::{header, paint, time};

/// What a list of this screen's kind is called.
fn noun(model: &Model) -> &'static str {
    match model.kernel.screen {
        Screen::Invitations => "invitations",
        Screen::Worklist | Screen::Users => "users",
    }
}

/// The screen's name, for the header; the worklist needs none.
pub fn title(screen: Screen) -> &'static str {
    match screen {
        Screen::Worklist => "",
        Screen::Users => "  USERS",
        Screen::Invitations => "  INVITATIONS",
    }
}

/// The screens there are and how to get to them, where the worklist has its views.
pub fn draw_screens(model: &Model, theme: Theme, area: Rect, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let screens = [
        (Action::GoWorklist, Screen::Worklist),
        (Action::GoUsers, Screen::Users),
        (Action::GoInvitations, Screen::Invitations),
    ];
    let mut x = area.x + 1;
    for (action, screen) in screens {
        let text = format!("{} {}", model.kernel.key(action), action.spec().short);
        let style = if screen == model.kernel.screen {
            theme.strong()
        } else {
            theme.dim()
        };
        let left = area.right().saturating_sub(x);
        x = paint::text(buffer, (x, area.y), left, &text, style) + 3;
    }
}

pub fn freshness(model: &Model, pane: &dyn PeopleList) -> String {
    let reading = pane.reading();
    match (reading.fresh_at, &reading.trouble) {
        _ if reading.is_under_way() => format!("loading, {} so far", time::count(pane.held())),
        (Some(at), None) => format!("read {}", time::ago(model.kernel.now - at)),
        (Some(at), Some(_)) => {
            let (read, key) = (
                time::ago(model.kernel.now - at),
                model.kernel.key(Action::Refresh),
            );
            format!("last read {read}, {key} retries")
        }
        (None, _) => format!("not loaded, {} retries", model.kernel.key(Action::Refresh)),
    }
}

/// Draws the filter line. Returns where the text cursor is while the filter is typed.
pub fn draw_filter(
    model: &Model,
    pane: &dyn PeopleList,
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let reading = pane.reading();
    let more = match (reading.is_loaded(), reading.is_under_way()) {
        (true, _) => "",
        (false, true) => ", loading",
        (false, false) => ", not all loaded",
    };
    let shown = format!("{} shown{more} ", time::count(pane.len()));
    let end = paint::right(buffer, area, &shown, theme.dim());
    let area = Rect {
        width: end.saturating_sub(area.x + 1),
        ..area
    };
    let x = paint::text(buffer, (area.x, area.y), area.width, " / ", theme.key());
    let left = area.right().saturating_sub(x);
    if let Some(Overlay::RosterFilter(filter_box)) = &model.kernel.layers.overlay {
        return header::draw_input(filter_box, theme, (x, area.y), left, buffer);
    }
    let (text, style) = match pane.filter().text() {
        "" => (
            format!(
                "all {}; {} types a filter",
                noun(model),
                model.kernel.key(Action::EditFilter)
            ),
            theme.dim(),
        ),
        text => (text.to_owned(), theme.strong()),
    };
    paint::text(buffer, (x, area.y), left, &text, style);
    None
}

/// Why there is nothing to see, and what can be done about it.
pub fn why_empty(model: &Model, pane: &dyn PeopleList, theme: Theme) -> [(String, Style); 2] {
    let reading = pane.reading();
    if let (Some(Trouble::Failed(failure)), false) = (&reading.trouble, reading.is_loaded()) {
        let source = if failure.is_auth() {
            format!(" (the key from {})", model.kernel.session.key_source)
        } else {
            String::new()
        };
        let key = model.kernel.key(Action::Refresh);
        let advice = format!("What to do: {}. {key} tries again.", failure.advice());
        return [
            (
                format!("{}{source}.", failure.sentence()),
                theme.tone(Tone::Bad),
            ),
            (advice, theme.dim()),
        ];
    }
    let noun = noun(model);
    let (first, second) = match pane.filter().text() {
        _ if pane.held() == 0 && !reading.is_loaded() => (
            format!("Loading {noun} from {}", model.kernel.session.host),
            String::new(),
        ),
        "" => (format!("There are no {noun}"), String::new()),
        text => (
            format!("Nothing matches {text}"),
            format!(
                "{} {noun} are loaded. {} restores the previous filter, {} clears it.",
                time::count(pane.held()),
                model.kernel.key(Action::GoBack),
                model.kernel.key(Action::ClearFilter)
            ),
        ),
    };
    [(first, theme.base()), (second, theme.dim())]
}

/// What is wrong with the list, if anything is.
pub fn trouble(model: &Model, pane: &dyn PeopleList) -> Option<String> {
    let noun = noun(model);
    match &pane.reading().trouble {
        Some(Trouble::Failed(failure)) => {
            return Some(format!("{}; {}", failure.sentence(), failure.advice()));
        }
        Some(Trouble::Paging(why)) => {
            return Some(format!(
                "The list of {noun} may be incomplete: the server's paging failed, {why}"
            ));
        }
        None => {}
    }
    match pane.reading().unreadable {
        0 => None,
        1 => Some("1 record could not be read and is not shown".into()),
        many => Some(format!(
            "{many} records could not be read and are not shown"
        )),
    }
}

/// What the filter of this screen can ask.
pub fn filter_hints(screen: Screen) -> &'static [(&'static str, &'static str)] {
    match screen {
        Screen::Worklist => &[],
        Screen::Users => &[
            ("Enter", "keep"),
            ("Esc", "back"),
            ("level:admin", ""),
            ("role:radiologist", ""),
            ("source:api", ""),
            ("email:", ""),
            ("first:", ""),
            ("last:", ""),
        ],
        Screen::Invitations => &[
            ("Enter", "keep"),
            ("Esc", "back"),
            ("status:sent,accepted", ""),
            ("expired:no", ""),
            ("expires:<48h", ""),
            ("from:2026-03-01", ""),
            ("user:", ""),
            ("role:", ""),
        ],
    }
}
