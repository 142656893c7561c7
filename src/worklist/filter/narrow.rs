//! What a filter needs from the server: which studies must be loaded, and which can be left out.

use crate::wire::{CustomerId, ListStudies, Match, StudyViewerStatus, UserId};

use super::Filter;
use super::terms::{Owner, State, Term, Test, Who};

/// Which studies must be loaded for a filter to show all its matches.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Incomplete and not cancelled.
    #[default]
    Open,
    /// Complete, cancelled or not.
    Complete,
    /// Cancelled, complete or not.
    Cancelled,
    Any,
}

impl Scope {
    /// Returns the list request for exactly this scope.
    pub fn request(self) -> ListStudies {
        let (status, is_cancelled) = match self {
            Self::Open => (Some(StudyViewerStatus::Incomplete), Some(false)),
            Self::Complete => (Some(StudyViewerStatus::Complete), None),
            Self::Cancelled => (None, Some(true)),
            Self::Any => (None, None),
        };
        ListStudies {
            study_viewer_status: status,
            is_cancelled,
            ..ListStudies::default()
        }
    }
}

impl Filter {
    /// Returns the smallest scope with every study that the filter can match.
    pub fn scope(&self) -> Scope {
        if !self.names_state() {
            return Scope::Open;
        }
        self.terms
            .iter()
            .filter(|term| !term.is_negated)
            .filter_map(|term| match &term.test {
                Test::Is(states) => Some(scope_of(states)),
                _ => None,
            })
            .find(|scope| *scope != Scope::Any)
            .unwrap_or(Scope::Any)
    }

    /// Adds to a list request what the server can filter exactly: status and cancellation of the
    /// [`scope`](Self::scope), one severity, one assignee by id, `none` or `me`, one customer by id
    /// or `none`, one description.
    ///
    /// Nothing that `base` already asks for is changed, so the answer has every study that both ask for, and
    /// maybe others: filter it again.
    pub fn narrow(&self, base: ListStudies, me: Option<UserId>) -> ListStudies {
        let scope = self.scope().request();
        let mut request = base;
        request.study_viewer_status = request.study_viewer_status.or(scope.study_viewer_status);
        request.is_cancelled = request.is_cancelled.or(scope.is_cancelled);
        for term in self.terms.iter().filter(|term| !term.is_negated) {
            term.narrow(&mut request, me);
        }
        request
    }
}

impl Term {
    fn narrow(&self, request: &mut ListStudies, me: Option<UserId>) {
        match &self.test {
            Test::Severity(list) if request.severity.is_none() => {
                request.severity = single(list).cloned();
            }
            Test::Assignee(list) if request.assigned_to == Match::Any => {
                request.assigned_to = single(list).map_or(Match::Any, |who| assignee(who, me));
            }
            Test::Customer(list) if request.express_customer_id == Match::Any => {
                request.express_customer_id = single(list).map_or(Match::Any, customer);
            }
            // A part of a description is not sent: a server that minds accents would leave out matches.
            _ => {}
        }
    }
}

fn single<T>(list: &[T]) -> Option<&T> {
    match list {
        [only] => Some(only),
        _ => None,
    }
}

fn scope_of(states: &[State]) -> Scope {
    match states {
        [first, rest @ ..] if rest.iter().all(|state| state == first) => match first {
            State::Open => Scope::Open,
            State::Complete => Scope::Complete,
            State::Cancelled => Scope::Cancelled,
            State::Any => Scope::Any,
        },
        _ => Scope::Any,
    }
}

fn assignee(who: &Who, me: Option<UserId>) -> Match<UserId> {
    match who {
        Who::Nobody => Match::Empty,
        Who::Id(id) => Match::Is(*id),
        Who::Me => me.map_or(Match::Any, Match::Is),
        Who::Address(_) | Who::Named(_) => Match::Any,
    }
}

fn customer(owner: &Owner) -> Match<CustomerId> {
    match owner {
        Owner::Nobody => Match::Empty,
        Owner::Id(id) => Match::Is(*id),
        Owner::Named(_) => Match::Any,
    }
}
