//! Matches one study against a filter.

use crate::wire::StudyViewerStatus;
use crate::worklist::needle::Needle;
use crate::worklist::texts::TextId;
use crate::worklist::{StudyView, Urgency, has_address};

use super::hex::HexNeedle;
use super::terms::{Bound, Owner, State, Term, Test, Value, Who};
use super::{Filter, FilterContext};

impl Filter {
    /// Whether it matches every study, so that none needs to be looked at.
    pub fn is_everything(&self) -> bool {
        let is_any = |term: &Term| match &term.test {
            Test::Is(states) => !term.is_negated && states.contains(&State::Any),
            _ => false,
        };
        self.names_state() && self.terms.iter().all(is_any)
    }

    /// Whether a study matches.
    pub fn matches(&self, study: StudyView<'_>, context: &FilterContext<'_>) -> bool {
        let scene = Scene { study, context };
        (self.names_state() || study.is_open())
            && self
                .terms
                .iter()
                .all(|term| scene.holds(&term.test) != term.is_negated)
    }
}

/// A study during one evaluation.
pub(super) struct Scene<'a> {
    pub(super) study: StudyView<'a>,
    pub(super) context: &'a FilterContext<'a>,
}

impl Scene<'_> {
    pub(super) fn holds(&self, test: &Test) -> bool {
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
            Test::Uid(list) => list.iter().any(|it| study.uid_holds(it)),
            Test::Id(list) => list.iter().any(|it| HexNeedle::new(it).is_in(study.id())),
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

    /// An unknown time counts as infinitely long ago, so that "older than" never misses a study.
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
            Who::Address(asked) => {
                let person = self.study.assignee();
                person.is_some_and(|person| has_address(&person.email, asked))
            }
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

    fn text_holds(&self, id: TextId, needle: &Needle) -> bool {
        self.study.store.texts().holds(id, needle)
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
            Value::Holds(needle) => needle.is_in(value, self.study.has_wide_values()),
        }
    }

    fn is_anywhere(&self, needle: &Needle) -> bool {
        let study = self.study;
        self.is_described(needle)
            || self.assignee_holds(needle)
            || self.customer_holds(needle)
            || self.is_by(needle)
            || self.is_called(needle.folded())
            || study.uid_holds(needle)
            || study.values_hold(needle)
            || HexNeedle::new(needle).is_in(study.id())
    }

    /// Whole words only: "complete" is a part of "incomplete", but means something else.
    fn is_called(&self, word: &str) -> bool {
        self.study.severity().as_str().eq_ignore_ascii_case(word)
            || self.study.status().as_str().eq_ignore_ascii_case(word)
            || (self.study.is_cancelled() && word == "cancelled")
    }
}
