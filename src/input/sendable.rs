//! Which key presses terminals send in a way that tells them apart.

use super::{Chord, Key};

/// Returns why a terminal cannot send this press, or not so that it can be told from another; `None` if it
/// can.
///
/// A terminal sends bytes: the control characters of ASCII, an escape before a key for Alt, and xterm's
/// sequences for the keys that have a name. Anything else needs a protocol that few terminals have.
pub fn unsendable(chord: Chord) -> Option<String> {
    let comes_as = |other: &str| Some(format!("terminals send {other} for {chord}"));
    match chord {
        Chord {
            key: Key::Char(c),
            ctrl: true,
            ..
        } => control(c, chord),
        Chord {
            key: Key::Char('[' | ']' | '\\' | '^' | '_' | 'O' | 'P' | 'X'),
            alt: true,
            ..
        } => Some(format!(
            "terminals begin what they say of themselves with {chord}"
        )),
        Chord {
            key: Key::Tab | Key::BackTab,
            alt: true,
            ..
        } => Some(format!("desktops keep {chord} to themselves")),
        Chord {
            key: Key::Esc,
            alt: true,
            ..
        } => comes_as("Esc twice"),
        Chord {
            key: key @ (Key::Enter | Key::Esc | Key::Tab | Key::BackTab | Key::Backspace),
            ctrl: true,
            ..
        } => comes_as(&Chord::plain(key).to_string()),
        Chord {
            key: Key::F(21..), ..
        } => Some(format!("terminals have no {chord}")),
        // xterm's sequence for it is also the answer to where the cursor is.
        Chord {
            key: Key::F(3),
            ctrl,
            alt,
        } if ctrl || alt => Some(format!(
            "{chord} cannot be told from an answer of the terminal's"
        )),
        _ => None,
    }
}

/// Control and a character: the terminal sends one of the 32 control characters.
fn control(c: char, chord: Chord) -> Option<String> {
    let with_alt = if chord.alt { "Alt-" } else { "" };
    let comes_as = |other: &str| Some(format!("terminals send {with_alt}{other} for {chord}"));
    match c {
        'i' | 'I' => comes_as("Tab"),
        'm' | 'M' => comes_as("Enter"),
        '[' => comes_as("Esc"),
        // The other terminals send DEL.
        'h' | 'H' => Some(format!(
            "many terminals send {with_alt}Ctrl-h for {with_alt}Backspace"
        )),
        ' ' | 'a'..='z' => None,
        'A'..='Z' => comes_as(&format!("Ctrl-{}", c.to_ascii_lowercase())),
        '@' => comes_as("Ctrl-Space"),
        '?' => comes_as("Backspace"),
        _ => Some(format!(
            "terminals have Ctrl with letters and Space only, and no {chord}"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{Decoder, Input};

    /// Returns what xterm sends for a press, in the mode that every terminal knows.
    fn bytes(chord: Chord) -> Vec<u8> {
        let modifiers = 1 + 2 * u8::from(chord.alt) + 4 * u8::from(chord.ctrl);
        let lettered = |last: char| match modifiers {
            1 => format!("\x1b[{last}").into_bytes(),
            _ => format!("\x1b[1;{modifiers}{last}").into_bytes(),
        };
        let numbered = |number: u8| match modifiers {
            1 => format!("\x1b[{number}~").into_bytes(),
            _ => format!("\x1b[{number};{modifiers}~").into_bytes(),
        };
        let typed = |text: &[u8]| {
            if chord.alt {
                [b"\x1b", text].concat()
            } else {
                text.to_vec()
            }
        };
        match chord.key {
            Key::Char(' ' | '@' | '2') if chord.ctrl => typed(&[0]),
            Key::Char(c) if chord.ctrl && (c.is_ascii_alphabetic() || "[\\]^_".contains(c)) => {
                typed(&[c as u8 & 0x1f])
            }
            Key::Char('?') if chord.ctrl => typed(&[0x7f]),
            Key::Char(c) => typed(c.to_string().as_bytes()),
            Key::Enter => typed(b"\r"),
            Key::Esc => typed(b"\x1b"),
            Key::Tab => typed(b"\t"),
            Key::Backspace => typed(&[0x7f]),
            Key::BackTab => b"\x1b[Z".to_vec(),
            Key::Up => lettered('A'),
            Key::Down => lettered('B'),
            Key::Right => lettered('C'),
            Key::Left => lettered('D'),
            Key::End => lettered('F'),
            Key::Home => lettered('H'),
            Key::Insert => numbered(2),
            Key::Delete => numbered(3),
            Key::PageUp => numbered(5),
            Key::PageDown => numbered(6),
            Key::F(number @ 1..=4) => match modifiers {
                1 => format!("\x1bO{}", char::from(b'O' + number)).into_bytes(),
                _ => lettered(char::from(b'O' + number)),
            },
            Key::F(number @ 5..=20) => numbered(
                [
                    15, 17, 18, 19, 20, 21, 23, 24, 25, 26, 28, 29, 31, 32, 33, 34,
                ][usize::from(number) - 5],
            ),
            Key::F(_) => Vec::new(),
        }
    }

    fn every_chord() -> Vec<Chord> {
        let named = [
            Key::Enter,
            Key::Esc,
            Key::Tab,
            Key::BackTab,
            Key::Backspace,
            Key::Delete,
            Key::Insert,
            Key::Up,
            Key::Down,
            Key::Left,
            Key::Right,
            Key::Home,
            Key::End,
            Key::PageUp,
            Key::PageDown,
        ];
        let characters = (' '..='~').chain(['é', 'ß', '€']).map(Key::Char);
        let keys = characters.chain(named).chain((1..=24).map(Key::F));
        let with_modifiers =
            |key| {
                [(false, false), (true, false), (false, true), (true, true)]
                    .map(|(ctrl, alt)| Chord { key, ctrl, alt })
            };
        keys.flat_map(with_modifiers).collect()
    }

    fn received(bytes: &[u8]) -> Vec<Chord> {
        let mut decoder = Decoder::default();
        let mut inputs = decoder.feed(bytes);
        while decoder.patience().is_some() {
            inputs.extend(decoder.expire());
        }
        let chords = inputs.into_iter().filter_map(|input| match input {
            Input::Key(chord) => Some(chord),
            _ => None,
        });
        chords.collect()
    }

    #[test]
    fn what_can_be_sent_arrives_as_itself() {
        let mut checked = 0;
        for chord in every_chord() {
            if unsendable(chord).is_none() {
                assert_eq!(received(&bytes(chord)), [chord], "{chord}");
                checked += 1;
            }
        }
        assert!(checked > 250, "{checked}");
    }

    #[test]
    fn what_arrives_as_something_else_is_refused() {
        // These are refused although they arrive: many terminals send Ctrl-h for Backspace, desktops take
        // Alt-Tab, and Alt-O is known only when nothing has followed for half a second.
        let known = ["Ctrl-h", "Ctrl-Alt-h", "Alt-Tab", "Alt-O"];
        for chord in every_chord() {
            let arrives = received(&bytes(chord)) == [chord];
            let is_known = known.contains(&chord.to_string().as_str());
            assert_eq!(
                unsendable(chord).is_none(),
                arrives && !is_known,
                "{chord}: {:?}",
                unsendable(chord)
            );
        }
    }
}
