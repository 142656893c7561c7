//! A question before something serious, or before a change of many studies.
//!
//! It opens on the safe button and takes no key for a moment, so that what was typed before it showed
//! cannot answer it. Where much is at stake a word has to be typed.

use crate::app::edit::job::{BatchKind, Job};
use crate::app::message::access_change::AccessChange;
use crate::app::widget::line::LineEdit;
use crate::input::{Chord, Key};
use crate::text;
use crate::text::SafeText;

/// Keys are ignored for this long after a question was first drawn, in milliseconds.
pub const KEYS_IGNORED_FOR: i64 = 300;

/// When a question begins to listen: a moment after it was first drawn, so that what was typed before
/// anybody could read it answers nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeyGate {
    drawn_at: Option<i64>,
    is_rejected: bool,
}

impl KeyGate {
    /// The question has been drawn.
    pub fn drawn(&mut self, now: i64) {
        self.drawn_at.get_or_insert(now);
    }

    pub fn ignores_keys(&self, now: i64) -> bool {
        self.drawn_at.is_none_or(|at| now < at + KEYS_IGNORED_FOR)
    }

    /// When it begins to listen, Unix milliseconds; `None` before it was drawn.
    pub fn opens_at(&self) -> Option<i64> {
        self.drawn_at.map(|at| at + KEYS_IGNORED_FOR)
    }

    /// A key came too early.
    pub fn reject(&mut self) {
        self.is_rejected = true;
    }

    /// A key was taken.
    pub fn accept(&mut self) {
        self.is_rejected = false;
    }

    /// Whether the last key came too early and must be pressed again.
    pub fn has_rejected(&self) -> bool {
        self.is_rejected
    }
}

/// What a question says: some of the records by name, as many as there is room for, and the lines that
/// must be read before an answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lines {
    /// A record each, in one or more lines.
    named: Vec<Vec<SafeText>>,
    /// How many records there are, those without a name included.
    total: usize,
    decisive: Vec<SafeText>,
}

impl Lines {
    /// Lines that must all be read.
    pub fn decisive(lines: impl IntoIterator<Item = SafeText>) -> Self {
        Self {
            decisive: lines.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Names some of `total` records.
    pub fn naming(named: impl IntoIterator<Item = Vec<SafeText>>, total: usize) -> Self {
        Self {
            named: named.into_iter().collect(),
            total,
            decisive: Vec::new(),
        }
    }

    /// Adds a line that must be read.
    pub fn add(&mut self, line: &str) {
        self.decisive.push(SafeText::clean(line));
    }

    /// Everything there is to read, with as much room as it takes.
    pub fn all(&self) -> impl Iterator<Item = &SafeText> {
        self.named.iter().flatten().chain(&self.decisive)
    }
}

/// What happens when it is confirmed.
#[derive(Debug, Clone, PartialEq)]
pub enum ConfirmedAction {
    Change {
        label: String,
        kind: BatchKind,
        jobs: Vec<Job>,
        /// Marked studies that the filter hides: left out unless asked for.
        hidden: Vec<Job>,
    },
    /// Move the studies of a user who is about to lose access.
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
    pub lines: Lines,
    /// The button that changes nothing, and the one that acts; both say what they do.
    pub safe: &'static str,
    pub act: &'static str,
    pub on_act: bool,
    /// What must be typed, and what was.
    pub word: Option<(String, LineEdit)>,
    pub gate: KeyGate,
    pub action: ConfirmedAction,
}

/// What of a question fits into a box: its lines, and whether its buttons stand side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    pub lines: Vec<String>,
    pub is_one_row: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfirmAnswer {
    None,
    Safe,
    Act,
    /// The hidden studies were asked for.
    IncludeHidden,
}

impl Confirm {
    pub fn new(
        title: &str,
        lines: Lines,
        (safe, act): (&'static str, &'static str),
        word: Option<(String, LineEdit)>,
        action: ConfirmedAction,
    ) -> Self {
        Self {
            title: SafeText::clean(title),
            lines,
            safe,
            act,
            on_act: false,
            word,
            gate: KeyGate::default(),
            action,
        }
    }

    /// Lays the question out in so many columns and rows. Names of records go first where there is little
    /// room. Returns `None` where even what decides does not fit: then it must not be answered.
    pub fn layout(&self, columns: usize, rows: usize) -> Option<Layout> {
        let buttons = text::width(self.safe) + text::width(self.act) + 11;
        let is_one_row = buttons <= columns;
        if !is_one_row && text::width(self.safe).max(text::width(self.act)) + 4 > columns {
            return None;
        }
        let wrapped = |line: &str| text::wrap(&text::clean(line), columns.max(1));
        let mut decisive: Vec<String> = Vec::new();
        decisive.extend(self.lines.decisive.iter().flat_map(|line| wrapped(line)));
        // A title that the border would cut says how many studies are meant.
        let title = if text::width(&self.title) + 2 > columns {
            wrapped(&self.title)
        } else {
            Vec::new()
        };
        let asked = usize::from(self.word.is_some());
        let fixed = title.len() + decisive.len() + asked + if is_one_row { 1 } else { 2 };
        let left = rows.checked_sub(fixed)?;
        let named = &self.lines.named;
        let taken = |many: usize| {
            let rows: usize = named[..many].iter().map(Vec::len).sum();
            rows + usize::from(many > 0 && many < self.lines.total)
        };
        let many = (0..=named.len())
            .rev()
            .find(|many| taken(*many) <= left)
            .unwrap_or(0);
        let mut lines = title;
        lines.extend(named[..many].iter().flatten().map(|line| line.to_string()));
        if many > 0 && many < self.lines.total {
            lines.push(format!("+{} more", self.lines.total - many));
        }
        lines.append(&mut decisive);
        Some(Layout { lines, is_one_row })
    }

    pub fn ignores_keys(&self, now: i64) -> bool {
        self.gate.ignores_keys(now)
    }

    /// The word, if one is asked for, has been typed.
    pub fn is_ready(&self) -> bool {
        self.word
            .as_ref()
            .is_none_or(|(word, line)| line.text().trim() == word)
    }

    pub fn press(&mut self, chord: Chord, now: i64) -> ConfirmAnswer {
        // Leaving is safe at any moment; everything else waits until the question was there to see.
        if chord.key == Key::Esc || chord == Chord::ctrl('c') {
            return ConfirmAnswer::Safe;
        }
        if self.ignores_keys(now) {
            self.gate.reject();
            return ConfirmAnswer::None;
        }
        self.gate.accept();
        match chord.key {
            Key::Enter if self.on_act && self.is_ready() => return ConfirmAnswer::Act,
            Key::Enter if self.on_act => return ConfirmAnswer::None,
            Key::Enter => return ConfirmAnswer::Safe,
            Key::Tab | Key::BackTab | Key::Up | Key::Down => self.on_act = !self.on_act,
            Key::Left | Key::Right if self.word.is_none() => self.on_act = !self.on_act,
            _ => return self.type_or_answer(chord),
        }
        ConfirmAnswer::None
    }

    fn type_or_answer(&mut self, chord: Chord) -> ConfirmAnswer {
        if let Some((_, line)) = &mut self.word {
            line.apply(chord);
            self.on_act = self.is_ready();
            return ConfirmAnswer::None;
        }
        match chord.typed() {
            Some('y') => ConfirmAnswer::Act,
            Some('n' | 'q') => ConfirmAnswer::Safe,
            Some('h') if self.has_hidden() => ConfirmAnswer::IncludeHidden,
            _ => ConfirmAnswer::None,
        }
    }

    fn has_hidden(&self) -> bool {
        matches!(&self.action, ConfirmedAction::Change { hidden, .. } if !hidden.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::parse_sequence;

    fn confirm(word: Option<&str>) -> Confirm {
        let word = word.map(|word| (word.to_owned(), LineEdit::default()));
        let buttons = ("Keep study", "Cancel study");
        let action = ConfirmedAction::Open(Vec::new());
        let mut confirm = Confirm::new(
            "Cancel this study?",
            Lines::default(),
            buttons,
            word,
            action,
        );
        confirm.gate.drawn(0);
        confirm
    }

    fn press(confirm: &mut Confirm, keys: &str, now: i64) -> ConfirmAnswer {
        parse_sequence(keys)
            .unwrap()
            .into_iter()
            .map(|chord| confirm.press(chord, now))
            .find(|answer| *answer != ConfirmAnswer::None)
            .unwrap_or(ConfirmAnswer::None)
    }

    #[test]
    fn it_opens_on_the_safe_button_and_ignores_keys_at_first() {
        assert_eq!(
            press(&mut confirm(None), "y Enter", KEYS_IGNORED_FOR - 1),
            ConfirmAnswer::None
        );
        assert_eq!(
            press(&mut confirm(None), "Enter", KEYS_IGNORED_FOR),
            ConfirmAnswer::Safe
        );
        assert_eq!(
            press(&mut confirm(None), "Tab Enter", KEYS_IGNORED_FOR),
            ConfirmAnswer::Act
        );
        assert_eq!(
            press(&mut confirm(None), "y", KEYS_IGNORED_FOR),
            ConfirmAnswer::Act
        );
        assert_eq!(
            press(&mut confirm(None), "n", KEYS_IGNORED_FOR),
            ConfirmAnswer::Safe
        );
        assert_eq!(press(&mut confirm(None), "Esc", 0), ConfirmAnswer::Safe);
        assert_eq!(press(&mut confirm(None), "Ctrl-c", 0), ConfirmAnswer::Safe);
    }

    #[test]
    fn a_word_that_is_asked_for_must_be_typed() {
        let mut asked = confirm(Some("cancel"));
        assert_eq!(
            press(&mut asked, "y Enter", KEYS_IGNORED_FOR),
            ConfirmAnswer::Safe
        );
        let mut asked = confirm(Some("cancel"));
        assert_eq!(
            press(&mut asked, "c a n c e Tab Enter", KEYS_IGNORED_FOR),
            ConfirmAnswer::None
        );
        let mut asked = confirm(Some("cancel"));
        assert_eq!(
            press(&mut asked, "c a n c e l Enter", KEYS_IGNORED_FOR),
            ConfirmAnswer::Act
        );
    }

    #[test]
    fn a_question_that_nobody_has_seen_hears_nothing_and_says_so_afterwards() {
        let mut unseen = confirm(None);
        unseen.gate = KeyGate::default();
        assert_eq!(press(&mut unseen, "y", 1_000_000), ConfirmAnswer::None);
        assert!(unseen.gate.has_rejected());
        unseen.gate.drawn(1_000_000);
        assert_eq!(
            press(&mut unseen, "y", 1_000_000 + KEYS_IGNORED_FOR),
            ConfirmAnswer::Act
        );
    }

    fn previewing(named: usize, total: usize) -> Confirm {
        let name = |n: usize| vec![SafeText::clean(&format!("STAT   CT {n}"))];
        let mut lines = Lines::naming((0..named).map(name), total);
        lines.add("9 of them STAT");
        let mut confirm = confirm(Some("67"));
        confirm.title = SafeText::clean("cancel: 67 studies");
        confirm.lines = lines;
        confirm
    }

    #[test]
    fn names_go_before_numbers_and_what_decides_never_goes() {
        let confirm = previewing(5, 67);
        let lines = |rows| confirm.layout(60, rows).map(|layout| layout.lines);
        let all = lines(9).unwrap();
        assert_eq!(all.len(), 7);
        assert_eq!(all[5..], ["+62 more", "9 of them STAT"]);
        let few = lines(5).unwrap();
        assert_eq!(few, ["STAT   CT 0", "+66 more", "9 of them STAT"]);
        assert_eq!(lines(4).unwrap(), ["9 of them STAT"]);
        assert_eq!(lines(3).unwrap(), ["9 of them STAT"]);
        assert_eq!(
            lines(2),
            None,
            "no room for the line, the word and the buttons"
        );
    }

    #[test]
    fn a_title_that_would_be_cut_becomes_lines() {
        let layout = previewing(0, 67).layout(16, 8).unwrap();
        assert_eq!(layout.lines[..2], ["cancel: 67", "studies"]);
        assert!(!layout.is_one_row);
        assert_eq!(
            previewing(0, 67).layout(12, 30),
            None,
            "the buttons are cut"
        );
    }
}
