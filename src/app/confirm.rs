//! A question before something grave, or before something to many studies.
//!
//! It opens on the safe button and takes no key for a moment, so that what was typed before it showed
//! cannot answer it. Where much is at stake a word has to be typed.

use crate::input::{Chord, Key};
use crate::text::SafeText;

use super::access::AccessChange;
use super::changes::{Job, Kind};
use super::line::LineEdit;

/// Keys are ignored for so long after it opened, in milliseconds.
pub const DEAF: i64 = 300;

/// What happens when it is confirmed.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    Change {
        label: String,
        kind: Kind,
        jobs: Vec<Job>,
        /// Marked studies that the filter hides: left out unless asked for.
        hidden: Vec<Job>,
    },
    /// Move the studies of somebody who is about to lose access.
    Rehome {
        from: crate::wire::UserId,
        label: String,
        jobs: Vec<Job>,
    },
    Access(AccessChange),
    /// Open the viewer for each.
    Open(Vec<crate::wire::StudyId>),
}

#[derive(Debug, Clone)]
pub struct Confirm {
    pub title: SafeText,
    pub lines: Vec<SafeText>,
    /// The button that changes nothing, and the one that acts; both say what they do.
    pub safe: &'static str,
    pub act: &'static str,
    pub on_act: bool,
    /// What must be typed, and what was.
    pub word: Option<(String, LineEdit)>,
    pub opened_at: i64,
    pub deed: Deed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    None,
    Safe,
    Act,
    /// The hidden studies were asked for.
    IncludeHidden,
}

impl Confirm {
    /// Until then it hears no key.
    pub fn deaf_until(&self) -> i64 {
        self.opened_at + DEAF
    }

    pub fn is_deaf(&self, now: i64) -> bool {
        now < self.deaf_until()
    }

    /// The word, if one is asked for, has been typed.
    pub fn is_ready(&self) -> bool {
        self.word
            .as_ref()
            .is_none_or(|(word, line)| line.text().trim() == word)
    }

    pub fn press(&mut self, chord: Chord, now: i64) -> Answer {
        // Leaving is safe at any moment; everything else waits until the question was there to see.
        if chord.key == Key::Esc || chord == Chord::ctrl('c') {
            return Answer::Safe;
        }
        if self.is_deaf(now) {
            return Answer::None;
        }
        match chord.key {
            Key::Enter if self.on_act && self.is_ready() => return Answer::Act,
            Key::Enter if self.on_act => return Answer::None,
            Key::Enter => return Answer::Safe,
            Key::Tab | Key::BackTab | Key::Up | Key::Down => self.on_act = !self.on_act,
            Key::Left | Key::Right if self.word.is_none() => self.on_act = !self.on_act,
            _ => return self.type_or_answer(chord),
        }
        Answer::None
    }

    fn type_or_answer(&mut self, chord: Chord) -> Answer {
        if let Some((_, line)) = &mut self.word {
            line.apply(chord);
            self.on_act = self.is_ready();
            return Answer::None;
        }
        match chord.typed() {
            Some('y') => Answer::Act,
            Some('n' | 'q') => Answer::Safe,
            Some('h') if self.has_hidden() => Answer::IncludeHidden,
            _ => Answer::None,
        }
    }

    fn has_hidden(&self) -> bool {
        matches!(&self.deed, Deed::Change { hidden, .. } if !hidden.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::parse_sequence;

    fn confirm(word: Option<&str>) -> Confirm {
        Confirm {
            title: SafeText::clean("Cancel this study?"),
            lines: Vec::new(),
            safe: "Keep study",
            act: "Cancel study",
            on_act: false,
            word: word.map(|word| (word.to_owned(), LineEdit::default())),
            opened_at: 0,
            deed: Deed::Open(Vec::new()),
        }
    }

    fn press(confirm: &mut Confirm, keys: &str, now: i64) -> Answer {
        parse_sequence(keys)
            .unwrap()
            .into_iter()
            .map(|chord| confirm.press(chord, now))
            .find(|answer| *answer != Answer::None)
            .unwrap_or(Answer::None)
    }

    #[test]
    fn it_opens_on_the_safe_button_and_is_deaf_at_first() {
        assert_eq!(press(&mut confirm(None), "y Enter", DEAF - 1), Answer::None);
        assert_eq!(press(&mut confirm(None), "Enter", DEAF), Answer::Safe);
        assert_eq!(press(&mut confirm(None), "Tab Enter", DEAF), Answer::Act);
        assert_eq!(press(&mut confirm(None), "y", DEAF), Answer::Act);
        assert_eq!(press(&mut confirm(None), "n", DEAF), Answer::Safe);
        assert_eq!(press(&mut confirm(None), "Esc", 0), Answer::Safe);
        assert_eq!(press(&mut confirm(None), "Ctrl-c", 0), Answer::Safe);
    }

    #[test]
    fn a_word_that_is_asked_for_must_be_typed() {
        let mut asked = confirm(Some("cancel"));
        assert_eq!(press(&mut asked, "y Enter", DEAF), Answer::Safe);
        let mut asked = confirm(Some("cancel"));
        assert_eq!(press(&mut asked, "c a n c e Tab Enter", DEAF), Answer::None);
        let mut asked = confirm(Some("cancel"));
        assert_eq!(press(&mut asked, "c a n c e l Enter", DEAF), Answer::Act);
    }
}
