//! Questions that a form asks. Each opens on its safe button, which is the first.

use crate::app::edit::draft::{Difference, Draft, Unit};
use crate::app::edit::record::Record;
use crate::app::widget::confirm::KeyGate;
use crate::input::{Chord, Key};
use crate::wire::Study;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DialogAnswer {
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
    pub answer: DialogAnswer,
}

const fn button(label: &'static str, key: char, answer: DialogAnswer) -> Button {
    Button { label, key, answer }
}

const LEAVE: &[Button] = &[
    button("Keep editing", 'n', DialogAnswer::Back),
    button("Discard", 'y', DialogAnswer::Discard),
];

const LEAVE_UNANSWERED: &[Button] = &[
    button("Keep waiting", 'n', DialogAnswer::Back),
    button("Leave", 'y', DialogAnswer::Discard),
];

const REVIEW: &[Button] = &[
    button("Keep editing", 'n', DialogAnswer::Back),
    button("Save changes", 'y', DialogAnswer::Send),
];

const EXISTS: &[Button] = &[
    button("Back to the form", 'n', DialogAnswer::Back),
    button("Open that study", 'y', DialogAnswer::OpenExisting),
];

const INVITE: &[Button] = &[
    button("Back", 'n', DialogAnswer::Back),
    button("Send the e-mail", 'y', DialogAnswer::Send),
];

const CONFLICT: &[Button] = &[
    button("Back to the form", 'n', DialogAnswer::Back),
    button("Keep theirs", 't', DialogAnswer::KeepTheirs),
    button("Apply mine", 'm', DialogAnswer::ApplyMine),
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
    Conflict(Box<EditConflict>),
    /// A real e-mail would be sent: to whom, and with which permissions, a line each.
    Invite(Vec<String>),
}

/// Parts that someone else changed as well since the form opened; the first of `open` is asked about.
#[derive(Debug, Clone)]
pub struct EditConflict {
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
    pub gate: KeyGate,
}

impl Dialog {
    pub fn new(question: Question) -> Self {
        Self {
            question,
            focus: 0,
            gate: KeyGate::default(),
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

    /// Whether it asks to leave the form.
    pub fn asks_to_leave(&self) -> bool {
        matches!(self.question, Question::Leave | Question::LeaveUnanswered)
    }

    pub fn press(&mut self, chord: Chord, now: i64) -> Option<DialogAnswer> {
        // Going back is safe at any moment.
        let is_ctrl_c = chord == Chord::ctrl('c');
        if chord.key == Key::Esc || is_ctrl_c && !self.asks_to_leave() {
            return Some(DialogAnswer::Back);
        }
        if self.gate.ignores_keys(now) {
            self.gate.reject();
            return None;
        }
        self.gate.accept();
        // The first one asked to leave, so the second one leaves.
        if is_ctrl_c {
            return Some(DialogAnswer::Discard);
        }
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

    fn press(dialog: &mut Dialog, key: Key) -> Option<DialogAnswer> {
        dialog.press(Chord::plain(key), 1000)
    }

    #[test]
    fn enter_presses_the_safe_button_until_the_focus_moves() {
        let mut dialog = Dialog::new(Question::Leave);
        dialog.gate.drawn(0);
        assert_eq!(press(&mut dialog, Key::Enter), Some(DialogAnswer::Back));
        assert_eq!(press(&mut dialog, Key::Right), None);
        assert_eq!(press(&mut dialog, Key::Enter), Some(DialogAnswer::Discard));
        assert_eq!(
            press(&mut dialog, Key::Char('y')),
            Some(DialogAnswer::Discard)
        );
        assert_eq!(press(&mut dialog, Key::Char('n')), Some(DialogAnswer::Back));
        assert_eq!(press(&mut dialog, Key::Esc), Some(DialogAnswer::Back));
        assert_eq!(press(&mut dialog, Key::Char('z')), None);
    }

    #[test]
    fn keys_in_flight_answer_nothing() {
        for chord in [Chord::plain(Key::Char('y')), Chord::ctrl('c')] {
            let mut dialog = Dialog::new(Question::Leave);
            assert_eq!(dialog.press(chord, 299), None, "before it was drawn");
            dialog.gate.drawn(0);
            assert_eq!(dialog.press(chord, 299), None);
        }
    }

    #[test]
    fn ctrl_c_leaves_where_leaving_is_asked_about_and_goes_back_elsewhere() {
        for (question, expected) in [
            (Question::Leave, DialogAnswer::Discard),
            (Question::LeaveUnanswered, DialogAnswer::Discard),
            (Question::Review(Vec::new()), DialogAnswer::Back),
            (Question::Invite(Vec::new()), DialogAnswer::Back),
        ] {
            let mut dialog = Dialog::new(question);
            dialog.gate.drawn(0);
            assert_eq!(dialog.press(Chord::ctrl('c'), 1000), Some(expected));
        }
    }
}
