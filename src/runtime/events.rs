//! From terminal events to messages: the one place that knows what a terminal sends.

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind,
};

use crate::app::{Msg, Size};
use crate::input::{Chord, Key};

/// Lines that one notch of the wheel moves.
const NOTCH: i32 = 3;

/// The message of a terminal event; `None` for events that mean nothing here.
pub fn message_of(event: Event) -> Option<Msg> {
    match event {
        Event::Key(key) => chord_of(key).map(Msg::Key),
        Event::Paste(text) => Some(Msg::Pasted(text)),
        Event::Resize(width, height) => Some(Msg::Resized(Size { width, height })),
        Event::Mouse(mouse) => match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => Some(Msg::Clicked {
                column: mouse.column,
                row: mouse.row,
            }),
            MouseEventKind::ScrollDown => Some(Msg::Scrolled(NOTCH)),
            MouseEventKind::ScrollUp => Some(Msg::Scrolled(-NOTCH)),
            // Moves come by the hundred and must not cause redraws.
            _ => None,
        },
        Event::FocusGained => Some(Msg::Focused(true)),
        Event::FocusLost => Some(Msg::Focused(false)),
    }
}

fn chord_of(event: KeyEvent) -> Option<Chord> {
    // Windows reports the release too; acting on it would do everything twice.
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
    let alt = event.modifiers.contains(KeyModifiers::ALT);
    let key = match event.code {
        KeyCode::Char(c) if ctrl => Key::Char(c.to_ascii_lowercase()),
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Insert => Key::Insert,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::F(number) => Key::F(number),
        _ => return None,
    };
    Some(Chord { key, ctrl, alt })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: KeyCode, modifiers: KeyModifiers, kind: KeyEventKind) -> Option<String> {
        let event = Event::Key(KeyEvent::new_with_kind(code, modifiers, kind));
        match message_of(event)? {
            Msg::Key(chord) => Some(chord.to_string()),
            _ => None,
        }
    }

    #[test]
    fn presses_and_repeats_are_keys_and_releases_are_not() {
        use KeyEventKind::*;
        let none = KeyModifiers::NONE;
        assert_eq!(key(KeyCode::Char('j'), none, Press).as_deref(), Some("j"));
        assert_eq!(key(KeyCode::Char('j'), none, Repeat).as_deref(), Some("j"));
        assert_eq!(key(KeyCode::Char('j'), none, Release), None);
    }

    #[test]
    fn shift_is_in_the_character_and_control_is_not() {
        use KeyEventKind::Press;
        let shift = KeyModifiers::SHIFT;
        let ctrl = KeyModifiers::CONTROL;
        assert_eq!(key(KeyCode::Char('G'), shift, Press).as_deref(), Some("G"));
        assert_eq!(
            key(KeyCode::Char('D'), ctrl, Press).as_deref(),
            Some("Ctrl-d")
        );
        assert_eq!(
            key(KeyCode::BackTab, shift, Press).as_deref(),
            Some("Shift-Tab")
        );
    }
}
