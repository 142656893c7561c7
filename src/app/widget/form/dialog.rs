//! Questions that a form asks. Each opens on its safe button, which is the first.

use crate::app::edit::draft::{Difference, Draft, Unit};
use crate::app::edit::record::Record;
use crate::app::widget::confirm::Hearing;
use crate::input::{Chord, Key};
use crate::wire::Study;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Back,
    Discard,
    Send,
    OpenExisting,
    KeepTheirs,
    ApplyMine,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Button {
    pub label: &'static str,
    pub key: char,
    pub answer: Answer,
}

const fn button(label: &'static str, key: char, answer: Answer) -> Button {
    Button { label, key, answer }
}

const LEAVE: &[Button] = &[
    button("Keep editing", 'n', Answer::Back),
    button("Discard", 'y', Answer::Discard),
];

const LEAVE_UNANSWERED: &[Button] = &[
    button("Keep waiting", 'n', Answer::Back),
    button("Leave", 'y', Answer::Discard),
];

const REVIEW: &[Button] = &[
    button("Keep editing", 'n', Answer::Back),
    button("Save changes", 'y', Answer::Send),
];

const EXISTS: &[Button] = &[
    button("Back to the form", 'n', Answer::Back),
    button("Open that study", 'y', Answer::OpenExisting),
];

const INVITE: &[Button] = &[
    button("Back", 'n', Answer::Back),
    button("Send the e-mail", 'y', Answer::Send),
];

const CONFLICT: &[Button] = &[
    button("Back to the form", 'n', Answer::Back),
    button("Keep theirs", 't', Answer::KeepTheirs),
    button("Apply mine", 'm', Answer::ApplyMine),
];

#[derive(Debug, Clone)]
pub enum Question {
    /// Leave although something was typed.
    Leave,
    /// Leave although the server has not answered.
    LeaveUnanswered,
    Review(Vec<Difference>),
    /// A study with this UID is there already.
    Exists(Box<Study>),
    Conflict(Box<Conflict>),
    /// A real e-mail would be sent: to whom, and with which permissions, a line each.
    Invite(Vec<String>),
}

/// Parts that someone else changed as well since the form opened; the first of `open` is asked about.
#[derive(Debug, Clone)]
pub struct Conflict {
    pub base: Draft,
    pub mine: Draft,
    pub theirs: Record,
    pub open: Vec<Unit>,
    pub dropped: Vec<Unit>,
    pub total: usize,
}

#[derive(Debug, Clone)]
pub struct Dialog {
    pub question: Question,
    pub focus: usize,
    pub hearing: Hearing,
}

impl Dialog {
    pub fn new(question: Question) -> Self {
        Self {
            question,
            focus: 0,
            hearing: Hearing::default(),
        }
    }

    pub fn buttons(&self) -> &'static [Button] {
        match self.question {
            Question::Leave => LEAVE,
            Question::LeaveUnanswered => LEAVE_UNANSWERED,
            Question::Review(_) => REVIEW,
            Question::Exists(_) => EXISTS,
            Question::Conflict(_) => CONFLICT,
            Question::Invite(_) => INVITE,
        }
    }

    pub fn press(&mut self, chord: Chord, now: i64) -> Option<Answer> {
        // Going back is safe at any moment.
        if chord.key == Key::Esc || chord == Chord::ctrl('c') {
            return Some(Answer::Back);
        }
        if self.hearing.is_deaf(now) {
            self.hearing.miss();
            return None;
        }
        self.hearing.hear();
        let buttons = self.buttons();
        match (chord.key, chord.ctrl) {
            (Key::Enter, _) => return buttons.get(self.focus).map(|button| button.answer),
            (Key::Right | Key::Down | Key::Tab, _) => self.focus = (self.focus + 1) % buttons.len(),
            (Key::Left | Key::Up | Key::BackTab, _) => {
                self.focus = (self.focus + buttons.len() - 1) % buttons.len();
            }
            _ => {
                let typed = chord.typed()?.to_ascii_lowercase();
                let pressed = buttons.iter().find(|button| button.key == typed)?;
                return Some(pressed.answer);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(dialog: &mut Dialog, key: Key) -> Option<Answer> {
        dialog.press(Chord::plain(key), 1000)
    }

    #[test]
    fn enter_presses_the_safe_button_until_the_focus_moves() {
        let mut dialog = Dialog::new(Question::Leave);
        dialog.hearing.drawn(0);
        assert_eq!(press(&mut dialog, Key::Enter), Some(Answer::Back));
        assert_eq!(press(&mut dialog, Key::Right), None);
        assert_eq!(press(&mut dialog, Key::Enter), Some(Answer::Discard));
        assert_eq!(press(&mut dialog, Key::Char('y')), Some(Answer::Discard));
        assert_eq!(press(&mut dialog, Key::Char('n')), Some(Answer::Back));
        assert_eq!(press(&mut dialog, Key::Esc), Some(Answer::Back));
        assert_eq!(press(&mut dialog, Key::Char('z')), None);
    }

    #[test]
    fn keys_in_flight_answer_nothing() {
        let mut dialog = Dialog::new(Question::Leave);
        dialog.hearing.drawn(0);
        assert_eq!(dialog.press(Chord::plain(Key::Char('y')), 299), None);
    }
}
