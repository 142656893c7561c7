//! One field of a form: what it holds, which keys change it, what is wrong with it.

use crate::app::widget::form::grid::Grid;
use crate::app::widget::form::pick::{Pick, Source};
use crate::app::widget::line;
use crate::app::widget::line::LineEdit;
use crate::input::{Chord, Key};
use crate::text::SafeText;

/// Says what is wrong with a text.
pub type Check = fn(&str) -> Result<(), String>;

#[derive(Debug, Clone)]
pub struct FormField {
    /// The wire name: a server that refuses the value names it so.
    pub name: &'static str,
    pub label: &'static str,
    pub kind: FieldKind,
    /// What the server said against the value. It goes when the value is edited.
    pub refusal: Option<String>,
    /// The text that the server holds. It is not sent again, so no rule of this program is against it.
    pub given: Option<String>,
    /// Why a toggle is on whatever was chosen, if it is.
    pub held: Option<&'static str>,
    /// The focus was here and left, or saving was tried: from then on an unfinished value is an error.
    pub visited: bool,
}

#[derive(Debug, Clone)]
pub enum FieldKind {
    Text(TextField),
    Select(Select),
    Pick(Box<Pick>),
    Toggle(bool),
    /// Shown, never edited, for a reason.
    ReadOnly {
        text: SafeText,
        reason: &'static str,
    },
    Grid(Grid),
}

#[derive(Debug, Clone)]
pub struct TextField {
    pub line: LineEdit,
    pub check: Check,
    /// What is wrong however the text may go on, said while it is typed.
    pub while_typing: Option<Check>,
    /// The most characters, shown as a counter.
    pub limit: Option<usize>,
}

/// One of a few values, all of them in sight.
#[derive(Debug, Clone)]
pub struct Select {
    pub options: Vec<String>,
    pub at: usize,
    /// A value that exists and cannot be chosen, and why.
    pub barred: Option<(&'static str, &'static str)>,
}

/// What a key did to a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reaction {
    /// It is not a key of this field.
    Unused,
    Used,
    Changed,
    /// A value was taken, and the next field is meant.
    Finished,
    Refused(String),
}

impl FormField {
    pub fn new(name: &'static str, label: &'static str, kind: FieldKind) -> Self {
        Self {
            name,
            label,
            kind,
            refusal: None,
            given: None,
            held: None,
            visited: false,
        }
    }

    pub fn takes_focus(&self) -> bool {
        !matches!(self.kind, FieldKind::ReadOnly { .. })
    }

    /// A toggle that is on, or held on.
    pub fn is_on(&self) -> bool {
        self.held.is_some() || matches!(self.kind, FieldKind::Toggle(true))
    }

    /// The value as text, to tell whether it changed.
    pub fn value(&self) -> String {
        match &self.kind {
            FieldKind::Text(text) => text.line.text().to_owned(),
            FieldKind::Select(select) => select.value().to_owned(),
            FieldKind::Pick(pick) => pick.value(),
            FieldKind::Toggle(_) => self.is_on().to_string(),
            FieldKind::ReadOnly { text, .. } => text.to_string(),
            FieldKind::Grid(grid) => format!("{:?}", grid.metadata()),
        }
    }

    /// What keeps the value from being sent.
    pub fn fault(&self) -> Option<String> {
        match &self.kind {
            FieldKind::Text(text) if self.given.as_deref() == Some(text.line.text()) => None,
            FieldKind::Text(text) => (text.check)(text.line.text()).err(),
            FieldKind::Grid(grid) => grid.problem(),
            FieldKind::Pick(pick) if pick.source == Source::Roles && pick.chosen.is_none() => {
                Some("choose one: type part of its name".into())
            }
            FieldKind::Select(_)
            | FieldKind::Pick(_)
            | FieldKind::Toggle(_)
            | FieldKind::ReadOnly { .. } => None,
        }
    }

    /// What to say beside the field now.
    pub fn problem(&self) -> Option<String> {
        if self.refusal.is_some() {
            return self.refusal.clone();
        }
        match &self.kind {
            _ if self.visited || self.fault().is_none() => self.fault(),
            FieldKind::Text(text) if !text.line.text().is_empty() => text
                .while_typing
                .and_then(|check| check(text.line.text()).err()),
            FieldKind::Grid(grid) => grid.problem(),
            _ => None,
        }
    }

    pub fn press(&mut self, chord: Chord) -> Reaction {
        let reaction = match &mut self.kind {
            FieldKind::Text(text) => edited(text.line.apply(chord), chord),
            FieldKind::Select(select) => select.press(chord),
            FieldKind::Pick(pick) => pick.press(chord),
            FieldKind::Toggle(on) => match self.held {
                Some(reason) => held(reason, chord),
                None => toggle(on, chord),
            },
            FieldKind::ReadOnly { .. } => Reaction::Unused,
            FieldKind::Grid(grid) => edited(grid.apply(chord), chord),
        };
        if matches!(reaction, Reaction::Changed | Reaction::Finished) {
            self.refusal = None;
        }
        reaction
    }

    /// Takes a paste, or refuses it whole: half of one would be worse than none.
    pub fn paste(&mut self, pasted: &str) -> Reaction {
        let (held, limit) = match &self.kind {
            FieldKind::Text(text) => (text.line.text(), text.limit),
            FieldKind::Grid(grid) => {
                let (line, limit) = grid.cell();
                (line.text(), Some(limit))
            }
            FieldKind::Pick(pick) => (pick.list.line.text(), None),
            FieldKind::Select(_) | FieldKind::Toggle(_) | FieldKind::ReadOnly { .. } => {
                return Reaction::Refused(
                    "Nothing was pasted: choose a value for this field".into(),
                );
            }
        };
        let chars = pasted.trim().chars().count();
        if held.chars().count() + chars > line::MAX_CHARS {
            return Reaction::Refused(format!(
                "Nothing was pasted: the text has {chars} characters, and at most {} fit here",
                limit.unwrap_or(line::MAX_CHARS)
            ));
        }
        match &mut self.kind {
            FieldKind::Text(text) => text.line.paste(pasted),
            FieldKind::Grid(grid) => grid.paste(pasted),
            FieldKind::Pick(pick) => {
                pick.is_open = true;
                pick.list.paste(pasted);
            }
            FieldKind::Select(_) | FieldKind::Toggle(_) | FieldKind::ReadOnly { .. } => {}
        }
        self.refusal = None;
        Reaction::Changed
    }
}

fn edited(changed: Option<bool>, chord: Chord) -> Reaction {
    match changed {
        None => Reaction::Unused,
        Some(false) if chord.typed().is_some() => {
            Reaction::Refused(format!("At most {} characters fit here", line::MAX_CHARS))
        }
        Some(false) => Reaction::Used,
        Some(true) => Reaction::Changed,
    }
}

fn held(reason: &str, chord: Chord) -> Reaction {
    match toggle(&mut true, chord) {
        Reaction::Changed => Reaction::Refused(format!("It stays on: {reason}")),
        other => other,
    }
}

fn toggle(on: &mut bool, chord: Chord) -> Reaction {
    let wanted = match chord.key {
        Key::Char(' ') | Key::Left | Key::Right => !*on,
        Key::Char('y') => true,
        Key::Char('n') => false,
        _ => return Reaction::Unused,
    };
    if chord.ctrl || chord.alt {
        return Reaction::Unused;
    }
    *on = wanted;
    Reaction::Changed
}

impl Select {
    /// Offers `options`, and `value` as well if it is none of them.
    pub fn new<'a>(options: impl IntoIterator<Item = &'a str>, value: &str) -> Self {
        let mut options: Vec<String> = options.into_iter().map(str::to_owned).collect();
        if !options.iter().any(|option| option == value) {
            options.push(value.to_owned());
        }
        let mut select = Self {
            options,
            at: 0,
            barred: None,
        };
        select.set(value);
        select
    }

    pub fn value(&self) -> &str {
        self.options.get(self.at).map_or("", String::as_str)
    }

    pub fn set(&mut self, value: &str) {
        match self.options.iter().position(|option| option == value) {
            Some(at) => self.at = at,
            None => {
                self.options.push(value.to_owned());
                self.at = self.options.len() - 1;
            }
        }
    }

    fn press(&mut self, chord: Chord) -> Reaction {
        let many = self.options.len();
        match (chord.key, chord.ctrl || chord.alt) {
            (Key::Right | Key::Char(' '), false) => self.at = (self.at + 1) % many,
            (Key::Left, false) => self.at = (self.at + many - 1) % many,
            (Key::Char(c), false) => {
                let c = c.to_ascii_lowercase();
                let Some(at) = self.options.iter().position(|o| o.starts_with(c)) else {
                    return match self.barred {
                        Some((value, why)) if value.starts_with(c) => {
                            Reaction::Refused(format!("{value} {why}"))
                        }
                        Some(_) | None => Reaction::Unused,
                    };
                };
                self.at = at;
            }
            _ => return Reaction::Unused,
        }
        Reaction::Changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Choice, Item};
    use crate::input::parse_sequence;

    fn press(field: &mut FormField, keys: &str) -> Reaction {
        parse_sequence(keys)
            .unwrap()
            .into_iter()
            .map(|chord| field.press(chord))
            .last()
            .unwrap()
    }

    fn people() -> FormField {
        let mut pick = Pick::new(Source::People, "unassigned", None);
        let item = |n: u8, name: &str| {
            let id = crate::wire::UserId::from_bytes([n; 16]);
            Item::new(name, "", "", Choice::Person(id))
        };
        pick.set_items(vec![item(1, "Kim, Ana"), item(2, "Osei, Ben")]);
        FormField::new("assignedTo", "Assignee", FieldKind::Pick(Box::new(pick)))
    }

    fn label(field: &FormField) -> String {
        match &field.kind {
            FieldKind::Pick(pick) => pick.label().to_owned(),
            FieldKind::Select(select) => select.value().to_owned(),
            _ => String::new(),
        }
    }

    #[test]
    fn a_choice_goes_around_and_by_its_first_letter() {
        let select = Select::new(["stat", "high", "normal"], "normal");
        let mut field = FormField::new("severity", "Severity", FieldKind::Select(select));
        for (keys, value) in [
            ("Right", "stat"),
            ("Left", "normal"),
            ("h", "high"),
            ("S", "stat"),
        ] {
            assert_eq!(press(&mut field, keys), Reaction::Changed);
            assert_eq!(label(&field), value);
        }
        assert_eq!(press(&mut field, "z"), Reaction::Unused);
    }

    #[test]
    fn a_toggle_turns_with_space_and_says_yes_or_no_by_letter() {
        let mut field = FormField::new("hasDashboardAccess", "Dashboard", FieldKind::Toggle(false));
        for (keys, value) in [
            ("Space", "true"),
            ("n", "false"),
            ("y", "true"),
            ("Left", "false"),
        ] {
            assert_eq!(press(&mut field, keys), Reaction::Changed);
            assert_eq!(field.value(), value);
        }
        assert_eq!(press(&mut field, "x"), Reaction::Unused);
    }

    #[test]
    fn a_value_that_is_not_known_is_kept_among_the_options() {
        let select = Select::new(["stat", "high", "normal"], "critical");
        assert_eq!((select.value(), select.options.len()), ("critical", 4));
    }

    #[test]
    fn typing_a_name_opens_the_list_and_enter_takes_from_it() {
        let mut field = people();
        assert_eq!(press(&mut field, "o s Enter"), Reaction::Finished);
        assert_eq!(label(&field), "Osei, Ben");
        assert_eq!(press(&mut field, "k i m Esc"), Reaction::Used);
        assert_eq!(label(&field), "Osei, Ben");
        press(&mut field, "Space");
        let FieldKind::Pick(pick) = &mut field.kind else {
            panic!("a list")
        };
        pick.list.sight.drawn();
        assert_eq!(press(&mut field, "Enter"), Reaction::Finished);
        assert_eq!(label(&field), "unassigned");
    }

    #[test]
    fn a_whole_id_is_accepted_although_no_known_user_has_it() {
        let mut field = people();
        assert!(matches!(
            press(&mut field, "z z Enter"),
            Reaction::Refused(_)
        ));
        press(&mut field, "Ctrl-u");
        field.paste("usr_09090909090909090909090909090909");
        assert_eq!(press(&mut field, "Enter"), Reaction::Finished);
        assert_eq!(label(&field), "usr_09090909090909090909090909090909");
    }

    #[test]
    fn a_paste_that_is_far_too_long_is_left_out_whole() {
        let text = TextField {
            line: LineEdit::new("typed"),
            check: |_| Ok(()),
            while_typing: None,
            limit: Some(1000),
        };
        let mut field = FormField::new("x", "X", FieldKind::Text(text));
        assert!(matches!(
            field.paste(&"x".repeat(1 << 20)),
            Reaction::Refused(said) if said.contains("1048576") && said.contains("1000")
        ));
        assert_eq!(field.value(), "typed");
        assert_eq!(field.paste(" more\n"), Reaction::Changed);
        assert_eq!(field.value(), "typedmore");
        field.paste(&"x".repeat(line::MAX_CHARS - 9));
        assert!(matches!(press(&mut field, "y"), Reaction::Refused(_)));
    }
}
