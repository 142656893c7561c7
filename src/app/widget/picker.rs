//! A list to choose one thing from: type to narrow, Enter takes.
//!
//! One file: what is offered, how it is narrowed, and what a key takes.

use crate::app::action::Action;
use crate::app::edit::decision::{Decision, Rehome, Unresolved};
use crate::app::edit::targets::SelectedStudies;
use crate::app::widget::defect::{Defect, planted};
use crate::app::widget::line::LineEdit;
use crate::app::widget::sight::Sight;
use crate::input::{Chord, Key};
use crate::text::SafeText;
use crate::wire::{ClinicRole, CustomerId, InvitationId, StudyId, UserId};
use crate::worklist::{Column, NameQuery, Sort, fold, folded};

/// What is being chosen, and for which study.
#[derive(Debug, Clone, PartialEq)]
pub enum PickerPurpose {
    /// The targets are those of the moment when the picker opened.
    Assign {
        targets: SelectedStudies,
    },
    /// A value for this key of the filter.
    Filter {
        key: &'static str,
    },
    Help,
    Activity,
    Sort,
    Columns,
    /// Which of the changes that wait for a decision.
    Unresolved,
    /// What to do about one of them.
    Resolve(Unresolved),
    /// Where to go: a profile.
    Clinic,
    /// The value of a form's field, which holds the picker itself.
    Field,
    /// What happens to the open studies of this user, who is about to lose access.
    Offboard(UserId),
    /// The new assignee of these studies.
    Rehome {
        from: UserId,
        studies: Vec<StudyId>,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub enum Choice {
    Person(UserId),
    /// A filter term's value; `None` takes the term away.
    Term(Option<String>),
    Action(Action),
    Study(StudyId),
    Sort(Sort),
    Column(Column),
    Customer(CustomerId),
    Role(ClinicRole),
    /// To choose nothing.
    Nothing,
    User(UserId),
    Invitation(InvitationId),
    Rehome(Rehome),
    Unresolved(Unresolved),
    Decision(Decision),
    /// The name of a profile.
    Clinic(String),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub label: SafeText,
    pub note: SafeText,
    pub choice: Choice,
    /// More about it, a line each, said while it is under the cursor.
    pub more: Vec<SafeText>,
    /// The command that does the same from a shell.
    pub command: Option<String>,
    /// Why it cannot be taken now.
    pub disabled: Option<String>,
    needle: String,
}

impl Item {
    pub fn new(label: &str, note: &str, also: &str, choice: Choice) -> Self {
        Self {
            label: SafeText::clean(label),
            note: SafeText::clean(note),
            needle: folded(&format!("{label} {note} {also}")),
            choice,
            more: Vec::new(),
            command: None,
            disabled: None,
        }
    }

    /// Whether a typed word fits. An address is typed from its beginning, and a domain to its end: a part of
    /// another person's address is not meant.
    fn has(&self, word: &str) -> bool {
        let mut parts = self.needle.split_whitespace();
        match word.find('@') {
            None => self.needle.contains(word),
            Some(0) => parts.any(|part| part.ends_with(word)),
            Some(_) => parts.any(|part| part.starts_with(word)),
        }
    }

    /// Whether a typed word names it: an address only as a whole.
    fn is_named_by(&self, word: &str) -> bool {
        let mut parts = self.needle.split_whitespace();
        !word.contains('@') || parts.any(|part| part == word)
    }

    /// How near the label is to a typed word: it begins with it, one of its words does, or neither.
    fn rank(&self, word: &str) -> u8 {
        let label = fold(&self.label);
        if label.starts_with(word) {
            0
        } else if label.split(' ').any(|part| part.starts_with(word)) {
            1
        } else {
            2
        }
    }
}

#[derive(Debug, Clone)]
pub struct Picker {
    pub title: SafeText,
    pub purpose: PickerPurpose,
    pub line: LineEdit,
    items: Vec<Item>,
    shown: Vec<usize>,
    cursor: usize,
    /// First item on screen, where the wheel turned the list away from the cursor.
    scrolled_to: Option<usize>,
    /// The wheel has turned the item under the cursor off the screen.
    is_off_screen: bool,
    /// Whether the item under the cursor has been drawn as such.
    pub(in crate::app) sight: Sight,
    /// Not everything to choose from is read yet: what fits one item now may fit two.
    pub(in crate::app) may_grow: bool,
    /// What to say while there is nothing to choose from.
    pub empty: String,
}

/// What a key did to a picker.
#[derive(Debug, Clone, PartialEq)]
pub enum Picked {
    Nothing,
    Closed,
    Taken(Choice),
    /// The item cannot be taken, for this reason.
    Refused(String),
    /// Copy the item's command.
    Copied(String),
}

impl Picker {
    pub fn new(title: &str, purpose: PickerPurpose, items: Vec<Item>) -> Self {
        let mut picker = Self {
            title: SafeText::clean(title),
            purpose,
            line: LineEdit::default(),
            items: Vec::new(),
            shown: Vec::new(),
            cursor: 0,
            scrolled_to: None,
            is_off_screen: false,
            sight: Sight::default(),
            may_grow: false,
            empty: "No matches".into(),
        };
        picker.set_items(items);
        picker.sight.surprise();
        picker
    }

    /// Replaces the items, keeping what was typed and the item under the cursor.
    pub fn set_items(&mut self, items: Vec<Item>) {
        let current = self.current().map(|item| item.choice.clone());
        let was_clear = self.sight.is_clear();
        self.items = items;
        self.narrow();
        let place = self
            .shown()
            .position(|item| Some(&item.choice) == current.as_ref());
        self.cursor = place.unwrap_or(0);
        if place.is_some() && was_clear {
            // The same item is under the cursor; its neighbours may be others.
            self.sight.calm();
        }
        self.sight.rearrange();
    }

    /// The items that match what was typed, each word somewhere; the nearest first.
    pub fn shown(&self) -> impl ExactSizeIterator<Item = &Item> {
        self.shown.iter().map(|index| &self.items[*index])
    }

    /// How many items there are before narrowing.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// The first item on a screen of `height` items.
    pub fn top(&self, height: usize) -> usize {
        let near = (self.cursor + 1).saturating_sub(height.max(1));
        self.scrolled_to.unwrap_or(near)
    }

    /// Scrolls the list on a screen of `height` items, and leaves the cursor where it is.
    pub fn scroll(&mut self, by: isize, height: usize) {
        let height = height.max(1);
        let last = self.shown.len().saturating_sub(height);
        let top = self.top(height).saturating_add_signed(by).min(last);
        self.scrolled_to = Some(top);
        self.is_off_screen = !(top..top + height).contains(&self.cursor);
    }

    /// Whether Enter means the item under the cursor: it was drawn there, or what is typed fits no other.
    pub(in crate::app) fn is_meant(&self) -> bool {
        let typed = NameQuery::of(self.line.text());
        let names_it = |item: &Item| typed.words().iter().all(|word| item.is_named_by(word));
        let is_named = !typed.is_empty()
            && self.shown.len() == 1
            && !self.may_grow
            && self.current().is_some_and(names_it);
        !self.is_off_screen && (self.sight.is_clear() || is_named)
    }

    pub fn current(&self) -> Option<&Item> {
        self.shown.get(self.cursor).map(|index| &self.items[*index])
    }

    /// The most lines that an item says beside its own.
    pub fn more_lines(&self) -> usize {
        let lines = self.items.iter().map(|item| item.more.len());
        lines.max().unwrap_or(0)
    }

    /// Puts the cursor on the item with this choice, if it shows.
    pub fn point_at(&mut self, choice: &Choice) {
        let place = self.shown().position(|item| item.choice == *choice);
        self.cursor = place.unwrap_or(self.cursor);
    }

    /// Forgets what was typed.
    pub(in crate::app) fn clear(&mut self) {
        self.line = LineEdit::default();
        self.narrow();
    }

    fn narrow(&mut self) {
        let typed = NameQuery::of(self.line.text());
        let words = typed.words();
        self.shown = (0..self.items.len())
            .filter(|index| {
                let item = &self.items[*index];
                words.iter().all(|word| item.has(word))
            })
            .collect();
        let first = words.first().map_or("", String::as_str);
        let items = &self.items;
        self.shown.sort_by_key(|index| items[*index].rank(first));
        self.cursor = 0;
        self.show_cursor();
        self.sight.surprise();
    }

    /// Shows the cursor again where the wheel had turned the list away from it.
    fn show_cursor(&mut self) {
        self.scrolled_to = None;
        self.is_off_screen = false;
    }

    pub fn paste(&mut self, text: &str) {
        self.line.paste(text);
        self.narrow();
    }

    pub fn press(&mut self, chord: Chord) -> Picked {
        match (chord.key, chord.ctrl) {
            (Key::Esc, _) | (Key::Char('c'), true) => return Picked::Closed,
            (Key::Enter, _) => {
                return match self.current() {
                    None => Picked::Nothing,
                    Some(item) if !self.is_meant() && !planted(Defect::UnseenIsTaken) => {
                        let label = item.label.trim();
                        let reason = if self.is_off_screen {
                            format!(
                                "{label} was scrolled off the screen. It is shown again: check, then press Enter again"
                            )
                        } else {
                            format!(
                                "{label} moved under the cursor as you typed. Check, then press Enter again"
                            )
                        };
                        self.show_cursor();
                        self.sight.surprise();
                        Picked::Refused(reason)
                    }
                    Some(item) => match &item.disabled {
                        Some(reason) => Picked::Refused(reason.clone()),
                        None => Picked::Taken(item.choice.clone()),
                    },
                };
            }
            (Key::Char('y'), true) if self.has_commands() => {
                let command = self.current().and_then(|item| item.command.clone());
                return command.map_or(Picked::Nothing, Picked::Copied);
            }
            (Key::Down, _) | (Key::Char('n'), true) => self.step(1),
            (Key::Up, _) | (Key::Char('p'), true) => self.step(-1),
            (Key::PageDown, _) => self.step(10),
            (Key::PageUp, _) => self.step(-10),
            _ => {
                if self.line.apply(chord) == Some(true) {
                    self.narrow();
                }
            }
        }
        Picked::Nothing
    }

    /// The items are names of people, customers and the like, and no sentences.
    pub fn lists_names(&self) -> bool {
        matches!(
            self.purpose,
            PickerPurpose::Assign { .. }
                | PickerPurpose::Rehome { .. }
                | PickerPurpose::Filter { .. }
                | PickerPurpose::Field
                | PickerPurpose::Clinic
        )
    }

    /// Some items can be done from a shell as well.
    pub fn has_commands(&self) -> bool {
        self.purpose == PickerPurpose::Help
    }

    pub fn step(&mut self, by: isize) {
        let last = self.shown.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
        self.show_cursor();
        self.sight.step();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::parse_sequence;

    fn picker() -> Picker {
        let items = ["Kim, Ana", "Osei, Ben", "Diaz, Kim"]
            .iter()
            .map(|name| Item::new(name, "", "", Choice::Term(Some((*name).into()))))
            .collect();
        let mut picker = Picker::new("Assign", PickerPurpose::Filter { key: "to" }, items);
        picker.sight.drawn();
        picker
    }

    fn press(picker: &mut Picker, keys: &str) -> Picked {
        parse_sequence(keys)
            .unwrap()
            .into_iter()
            .map(|chord| picker.press(chord))
            .last()
            .unwrap()
    }

    fn taken(name: &str) -> Picked {
        Picked::Taken(Choice::Term(Some(name.into())))
    }

    #[test]
    fn typing_narrows_and_enter_takes_the_first() {
        let mut picker = picker();
        assert_eq!(
            press(&mut picker, "k i m Space d Enter"),
            taken("Diaz, Kim")
        );
    }

    #[test]
    fn arrows_move_within_what_is_shown() {
        let mut picker = picker();
        assert_eq!(
            press(&mut picker, "Down Down Down Enter"),
            taken("Diaz, Kim")
        );
        assert_eq!(press(&mut picker, "Up Enter"), taken("Osei, Ben"));
    }

    #[test]
    fn enter_takes_nothing_that_came_under_the_cursor_unseen() {
        let refused = |picked: Picked| matches!(picked, Picked::Refused(_));
        // Two of three match what is typed, and it has not been shown which is first.
        let mut picker = picker();
        assert!(refused(press(&mut picker, "k i m Enter")));
        picker.sight.drawn();
        assert_eq!(press(&mut picker, "Enter"), taken("Kim, Ana"));
        // What is typed fits one alone: then it was named.
        assert_eq!(
            press(&mut self::picker(), "o s e i Enter"),
            taken("Osei, Ben")
        );
        // A list that arrives late moves the neighbours, not what one was on.
        let mut picker = self::picker();
        let late = |names: &[&str]| -> Vec<Item> {
            let item = |name: &&str| Item::new(name, "", "", Choice::Term(Some((*name).into())));
            names.iter().map(item).collect()
        };
        picker.set_items(late(&["Abe, Tom", "Kim, Ana", "Osei, Ben"]));
        assert_eq!(press(&mut picker, "Enter"), taken("Kim, Ana"));
        assert!(refused(press(&mut picker, "Down Enter")));
        // The wheel turns the list, and Enter means nothing that is off the screen.
        let mut picker = self::picker();
        picker.scroll(2, 1);
        assert_eq!((picker.cursor(), picker.top(1)), (0, 2));
        assert!(refused(press(&mut picker, "Enter")));
    }

    #[test]
    fn an_address_is_whole_or_typed_from_its_beginning() {
        let people = [
            ("Osei, Samuel", "samuel.osei@example.org"),
            ("Kim, Ana", "kim@example.org"),
        ];
        let items = || {
            let item = |(name, email): &(&str, &str)| {
                Item::new(name, "", email, Choice::Term(Some((*name).into())))
            };
            people.iter().map(item).collect()
        };
        let typed = |text: &str| {
            let mut picker = Picker::new("Assign", PickerPurpose::Filter { key: "to" }, items());
            picker.paste(text);
            let shown = picker.shown().count();
            (shown, picker.press(Chord::plain(Key::Enter)))
        };
        assert_eq!(typed("osei@example.org").0, 0, "nobody has it");
        assert_eq!(typed("kim@example.org"), (1, taken("Kim, Ana")));
        assert_eq!(typed("@example.org").0, 2);
        // One letter short is shown, and not taken before it is seen.
        let (shown, picked) = typed("kim@example.or");
        assert_eq!(shown, 1);
        assert!(matches!(picked, Picked::Refused(_)));
        assert_eq!(typed("samuel.osei@").0, 1);
    }

    #[test]
    fn enter_on_an_empty_list_chooses_nothing() {
        assert_eq!(press(&mut picker(), "z z Enter"), Picked::Nothing);
    }
}
