//! The terminal's input on systems without terminal devices: Windows reports keys itself.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use crossterm::event::{
    EventStream, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind,
    TerminalEvent as Told,
};
use futures::{Stream, StreamExt};

use super::events::TerminalEvent;
use crate::input::{Chord, Input, Key, Turn};

/// Everything that comes from the console.
#[derive(Debug)]
pub struct ConsoleEvents(EventStream);

impl ConsoleEvents {
    /// Starts to listen.
    pub fn new() -> io::Result<Self> {
        Ok(Self(EventStream::new()))
    }
}

impl Stream for ConsoleEvents {
    type Item = io::Result<TerminalEvent>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match std::task::ready!(self.0.poll_next_unpin(context)) {
                Some(Ok(told)) => {
                    if let Some(event) = event_of(told) {
                        return Poll::Ready(Some(Ok(event)));
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

fn event_of(told: Told) -> Option<TerminalEvent> {
    let input = match told {
        Told::Key(key) => Input::Key(chord_of(key)?),
        Told::Paste(text) => Input::Paste(text),
        Told::Resize(..) => return Some(TerminalEvent::Resized),
        Told::Mouse(mouse) => match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => Input::Click {
                column: mouse.column,
                row: mouse.row,
            },
            MouseEventKind::ScrollDown => Input::Wheel(Turn::Down),
            MouseEventKind::ScrollUp => Input::Wheel(Turn::Up),
            _ => return None,
        },
        Told::FocusGained => Input::Focus(true),
        Told::FocusLost => Input::Focus(false),
    };
    Some(TerminalEvent::Input(input))
}

fn chord_of(event: KeyEvent) -> Option<Chord> {
    // Windows also reports the release. Acting on it would do everything twice.
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
        chord_of(KeyEvent::new_with_kind(code, modifiers, kind)).map(|chord| chord.to_string())
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
