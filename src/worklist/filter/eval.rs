//! Asks a study what a filter's terms ask.

use crate::wire::{StudyId, StudyViewerStatus};
use crate::worklist::{Slot, Store, StudyView, Urgency};

use super::needle::{Memo, Needle};
use super::terms::{Bound, Owner, State, Term, Test, Value, Who};
use super::{Filter, FilterContext};

impl Filter {
    /// Whether a study is one that the filter asks for.
    pub fn matches(&self, study: StudyView<'_>, context: &FilterContext<'_>) -> bool {
        self.matches_with(study, context, &Memo::new())
    }

    /// The listed studies that match, in the order of [`Store::slots`].
    ///
    /// Much faster than [`matches`](Self::matches) on each: a text that many studies share is looked
    /// through once.
    pub fn select(&self, store: &Store, context: &FilterContext<'_>) -> Vec<Slot> {
        let memo = self.memo(store);
        store
            .slots()
            .filter(|slot| self.matches_with(store.get(*slot), context, &memo))
            .collect()
    }

    fn matches_with(&self, study: StudyView<'_>, context: &FilterContext<'_>, memo: &Memo) -> bool {
        let scene = Scene {
            study,
            context,
            memo,
        };
        (self.names_state() || study.is_open())
            && self
                .terms
                .iter()
                .all(|term| scene.holds(&term.test) != term.is_negated)
    }

    fn memo(&self, store: &Store) -> Memo {
        let mut memo = Memo::new();
        for needle in self.terms.iter().flat_map(Term::shared_needles) {
            if memo.len() <= needle.place() {
                memo.resize(needle.place() + 1, Vec::new());
            }
            memo[needle.place()] = store
                .texts()
                .all_folded()
                .map(|text| needle.is_in_folded(text.as_bytes()))
                .collect();
        }
        memo
    }
}

impl Term {
    /// The needles that are looked for in text that studies share.
    fn shared_needles(&self) -> Vec<&Needle> {
        match &self.test {
            Test::Description(needles) | Test::By(needles) | Test::Word(needles) => {
                needles.iter().collect()
            }
            Test::Assignee(list) => list
                .iter()
                .filter_map(|who| match who {
                    Who::Named(needle) => Some(needle),
                    Who::Nobody | Who::Me | Who::Id(_) => None,
                })
                .collect(),
            Test::Customer(list) => list
                .iter()
                .filter_map(|owner| match owner {
                    Owner::Named(needle) => Some(needle),
                    Owner::Nobody | Owner::Id(_) => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// A study as one evaluation sees it.
struct Scene<'a> {
    study: StudyView<'a>,
    context: &'a FilterContext<'a>,
    memo: &'a Memo,
}

impl Scene<'_> {
    fn holds(&self, test: &Test) -> bool {
        let study = self.study;
        match test {
            Test::Is(states) => states.iter().any(|state| self.is(*state)),
            Test::Severity(list) => list.contains(study.severity()),
            Test::Assignee(list) => list.iter().any(|who| self.is_assigned(who)),
            Test::Customer(list) => list.iter().any(|owner| self.belongs(owner)),
            Test::Description(list) => list.iter().any(|it| self.is_described(it)),
            Test::Age(bounds) => self.is_within(bounds, study.created_at()),
            Test::Updated(bounds) => self.is_within(bounds, study.updated_at()),
            Test::Late(answers) => answers.contains(&self.is_late()),
            Test::Meta(key, values) => study
                .meta_folded(key)
                .any(|value| values.iter().any(|asked| self.holds_value(asked, value))),
            Test::Uid(list) => list
                .iter()
                .any(|it| it.is_in(study.uid(), study.facts().is_ascii)),
            Test::Id(list) => list.iter().any(|it| id_holds(study.id(), it)),
            Test::By(list) => list.iter().any(|it| self.is_by(it)),
            Test::Word(list) => list.iter().any(|it| self.is_anywhere(it)),
        }
    }

    fn is(&self, state: State) -> bool {
        match state {
            State::Open => self.study.is_open(),
            State::Complete => *self.study.status() == StudyViewerStatus::Complete,
            State::Cancelled => self.study.is_cancelled(),
            State::Any => true,
        }
    }

    fn is_late(&self) -> bool {
        self.context.targets.urgency(self.study, self.context.now) == Urgency::Late
    }

    /// An unknown time lies infinitely far back: a study must not slip out of "older than".
    fn is_within(&self, bounds: &[Bound], since: Option<i64>) -> bool {
        let span = since.map_or(i64::MAX, |since| self.context.now.saturating_sub(since));
        bounds.iter().any(|bound| match *bound {
            Bound::MoreThan(limit) => span > limit,
            Bound::AtLeast(limit) => span >= limit,
            Bound::LessThan(limit) => span < limit,
            Bound::AtMost(limit) => span <= limit,
        })
    }

    fn is_assigned(&self, who: &Who) -> bool {
        let id = || self.study.assignee().map(|person| person.id);
        match who {
            Who::Nobody => self.study.assignee().is_none(),
            Who::Me => self.context.me.is_some() && id() == self.context.me,
            Who::Id(asked) => id() == Some(*asked),
            Who::Named(needle) => self.assignee_holds(needle),
        }
    }

    fn belongs(&self, owner: &Owner) -> bool {
        match owner {
            Owner::Nobody => self.study.customer().is_none(),
            Owner::Id(asked) => self.study.customer().map(|it| it.id) == Some(*asked),
            Owner::Named(needle) => self.customer_holds(needle),
        }
    }

    fn text_holds(&self, id: super::TextId, needle: &Needle) -> bool {
        needle.is_in_text(id, self.study.store.texts(), self.memo)
    }

    fn is_described(&self, needle: &Needle) -> bool {
        self.text_holds(self.study.facts().description, needle)
    }

    fn assignee_holds(&self, needle: &Needle) -> bool {
        self.study
            .known_assignee()
            .is_some_and(|known| self.text_holds(known.search, needle))
    }

    fn customer_holds(&self, needle: &Needle) -> bool {
        self.study
            .known_customer()
            .is_some_and(|known| self.text_holds(known.search, needle))
    }

    fn is_by(&self, needle: &Needle) -> bool {
        self.study
            .known_creator()
            .is_some_and(|creator| self.text_holds(creator.search, needle))
    }

    fn holds_value(&self, asked: &Value, value: &str) -> bool {
        match asked {
            Value::Present => true,
            Value::Holds(needle) => needle.is_in(value, self.study.facts().is_ascii),
        }
    }

    fn is_anywhere(&self, needle: &Needle) -> bool {
        let study = self.study;
        self.is_described(needle)
            || self.assignee_holds(needle)
            || self.customer_holds(needle)
            || self.is_by(needle)
            || self.is_called(needle.folded())
            || needle.is_in(study.own_text(), study.facts().is_ascii)
            || id_holds(study.id(), needle)
    }

    /// Whole words only: "complete" is in "incomplete", but does not mean it.
    fn is_called(&self, word: &str) -> bool {
        self.study.severity().as_str().eq_ignore_ascii_case(word)
            || self.study.status().as_str().eq_ignore_ascii_case(word)
            || (self.study.is_cancelled() && word == "cancelled")
    }
}

fn id_holds(id: StudyId, needle: &Needle) -> bool {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let could_be = |byte: u8| DIGITS.contains(&byte) || b"stu_".contains(&byte);
    if !needle.folded().bytes().all(could_be) {
        return false;
    }
    let mut text = *b"stu_00000000000000000000000000000000";
    for (pair, byte) in text[StudyId::PREFIX.len()..]
        .chunks_exact_mut(2)
        .zip(id.as_bytes())
    {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    needle.is_in_folded(&text)
}
