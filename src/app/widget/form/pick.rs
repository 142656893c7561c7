//! A field whose value is one of many: a person, a customer, a role.

use crate::app::widget::form::field::Reaction;
use crate::app::widget::picker::{Choice, Item, Picked, Picker, PickerPurpose};
use crate::input::{Chord, Key};
use crate::text::SafeText;

/// One of many: typing opens a list and narrows it.
#[derive(Debug, Clone)]
pub struct Pick {
    pub source: Source,
    pub chosen: Option<PickedValue>,
    /// What to call it when nothing is chosen.
    pub nothing: &'static str,
    pub list: Picker,
    pub is_open: bool,
}

/// What a [`Pick`] offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    People,
    Customers,
    Roles,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PickedValue {
    pub choice: Choice,
    pub label: SafeText,
}

impl Pick {
    pub fn new(source: Source, nothing: &'static str, chosen: Option<PickedValue>) -> Self {
        Self {
            source,
            chosen,
            nothing,
            list: Picker::new("", PickerPurpose::Field, Vec::new()),
            is_open: false,
        }
    }

    pub fn label(&self) -> &str {
        self.chosen
            .as_ref()
            .map_or(self.nothing, |chosen| &chosen.label)
    }

    pub fn set_items(&mut self, items: Vec<Item>) {
        let nothing = match self.source {
            Source::People | Source::Customers => {
                Some(Item::new(self.nothing, "", "", Choice::Nothing))
            }
            // Everybody has a role.
            Source::Roles => None,
        };
        self.list
            .set_items(nothing.into_iter().chain(items).collect());
    }

    pub(in crate::app) fn value(&self) -> String {
        let typed = self.list.line.text();
        match &self.chosen {
            Some(chosen) => format!("{:?} {typed}", chosen.choice),
            None => typed.to_owned(),
        }
    }

    pub(in crate::app) fn press(&mut self, chord: Chord) -> Reaction {
        if !self.is_open {
            let Some(c) = chord.typed() else {
                return Reaction::Unused;
            };
            self.is_open = true;
            if c != ' ' {
                self.list.press(chord);
            }
            return Reaction::Used;
        }
        match self.list.press(chord) {
            Picked::Closed => {
                self.close();
                Reaction::Used
            }
            Picked::Taken(_) => self.take(),
            Picked::Refused(reason) => Reaction::Refused(reason),
            Picked::Nothing if chord.key == Key::Enter => self.take(),
            // Only actions have commands.
            Picked::Nothing | Picked::Copied(_) => Reaction::Used,
        }
    }

    /// Takes what is under the list's cursor, or the id that was typed.
    pub fn take(&mut self) -> Reaction {
        let chosen = match self.list.current() {
            Some(item) if !self.list.is_meant() => {
                let label = item.label.trim();
                return Reaction::Refused(format!(
                    "{label} moved under the cursor as you typed. Check, then press the key again"
                ));
            }
            Some(item) => PickedValue {
                choice: item.choice.clone(),
                label: item.label.clone(),
            },
            None => match self.typed_id() {
                Some(chosen) => chosen,
                None => return Reaction::Refused(self.expected().into()),
            },
        };
        self.chosen = (chosen.choice != Choice::Nothing).then_some(chosen);
        self.close();
        Reaction::Finished
    }

    pub fn close(&mut self) {
        self.is_open = false;
        self.list.clear();
    }

    fn typed_id(&self) -> Option<PickedValue> {
        let typed = self.list.line.text().trim();
        let choice = match self.source {
            Source::People => Choice::Person(typed.parse().ok()?),
            Source::Customers => Choice::Customer(typed.parse().ok()?),
            Source::Roles => return None,
        };
        Some(PickedValue {
            choice,
            label: SafeText::clean(typed),
        })
    }

    /// Says what may be typed, for when nothing matches.
    pub fn expected(&self) -> &'static str {
        match self.source {
            Source::People => "No user matches; type part of a name or e-mail, or a full usr_ id",
            Source::Customers => {
                "No known customer matches; type part of a name, or a full cus_ id"
            }
            Source::Roles => "No role matches; type part of one",
        }
    }
}
