//! What a person sees who started the program without a key.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::Model;

use super::paint;
use super::theme::Theme;

pub fn draw(model: &Model, theme: Theme, buffer: &mut Buffer) {
    let area = buffer.area;
    let lines: &[(&str, bool)] = &[
        ("avara-tui: the radiology worklist", true),
        ("", false),
        ("There is no API key yet.", true),
        ("", false),
        (
            "To look around: press d for the demo. It needs no key",
            false,
        ),
        ("and no network, and all its data is fictional.", false),
        ("", false),
        (
            "To work: leave with q, set your clinic's key, start again:",
            false,
        ),
        ("", false),
        ("  export AVARA_API_KEY=<the key>", true),
        ("  avara-tui", true),
        ("", false),
        (
            "Another server: set AVARA_BASE_URL. Details: avara-tui --help",
            false,
        ),
        ("", false),
        ("[d] Try the demo    [q] Quit", true),
        ("", false),
        ("A coordination tool, not a diagnostic device.", false),
    ];
    let width = lines.iter().map(|(line, _)| line.len()).max().unwrap_or(0) as u16;
    let height = lines.len() as u16;
    let place = paint::centered(area, width, height);
    let skip = lines.len().saturating_sub(usize::from(place.height));
    // Where it does not fit, the end matters most: it has the keys.
    let shown = if model.size.height < height {
        &lines[skip..]
    } else {
        lines
    };
    for (i, (content, strong)) in shown.iter().enumerate() {
        let row = Rect::new(place.x, place.y + i as u16, place.width, 1);
        if row.y < area.bottom() {
            let style = if *strong {
                theme.strong()
            } else {
                theme.plain()
            };
            paint::pieces(buffer, row, &[(content, style)]);
        }
    }
}
