//! Disjoint parts of a list, so that several cursors can read it at the same time.

use std::collections::BTreeSet;

use crate::wire::{ListStudies, Match, Severity, Study, StudyViewerStatus, UserId};

const SEVERITIES: [Severity; 3] = [Severity::Stat, Severity::High, Severity::Normal];
const STATUSES: [StudyViewerStatus; 2] =
    [StudyViewerStatus::Incomplete, StudyViewerStatus::Complete];

/// Returns the parts of a list by cancellation, status and severity, the most urgent first and the history,
/// which is likely the longest, last.
///
/// A study with a severity or a status that this version does not know is in none of them, only in the whole
/// list.
pub fn parts(whole: &ListStudies) -> Vec<ListStudies> {
    let mut parts = Vec::new();
    for is_cancelled in known(whole.is_cancelled.as_ref(), &[false, true]) {
        for status in known(whole.study_viewer_status.as_ref(), &STATUSES) {
            for severity in known(whole.severity.as_ref(), &SEVERITIES) {
                parts.push(ListStudies {
                    is_cancelled: Some(is_cancelled),
                    study_viewer_status: Some(status.clone()),
                    severity: Some(severity),
                    ..whole.clone()
                });
            }
        }
    }
    parts.sort_by_key(is_history);
    parts
}

/// Reported routine work, which grows every day and never shrinks.
fn is_history(part: &ListStudies) -> bool {
    part.is_cancelled == Some(false)
        && part.study_viewer_status == Some(StudyViewerStatus::Complete)
        && part.severity == Some(Severity::Normal)
}

fn known<T: Clone>(asked: Option<&T>, all: &[T]) -> Vec<T> {
    asked.map_or_else(|| all.to_vec(), |only| vec![only.clone()])
}

/// Returns the parts of a list by assignee: nobody, and each of these people.
pub fn by_assignee(whole: &ListStudies, people: &BTreeSet<UserId>) -> Vec<ListStudies> {
    std::iter::once(Match::Empty)
        .chain(people.iter().copied().map(Match::Is))
        .map(|assigned_to| ListStudies {
            assigned_to,
            cursor: None,
            ..whole.clone()
        })
        .collect()
}

/// Whether a server that understands the request may send this study. The description is left out, because
/// only the server compares it.
pub fn admits(request: &ListStudies, study: &Study) -> bool {
    let assignee = study.assigned_to.as_ref().map(|user| user.user_id);
    let customer = study
        .customer
        .as_ref()
        .map(|customer| customer.express_customer_id);
    is_met(request.severity.as_ref(), &study.severity)
        && is_met(
            request.study_viewer_status.as_ref(),
            &study.study_viewer_status,
        )
        && is_met(request.is_cancelled.as_ref(), &study.is_cancelled)
        && matches(&request.assigned_to, assignee)
        && matches(&request.express_customer_id, customer)
}

fn is_met<T: PartialEq>(wanted: Option<&T>, actual: &T) -> bool {
    wanted.is_none_or(|wanted| wanted == actual)
}

fn matches<T: PartialEq>(wanted: &Match<T>, actual: Option<T>) -> bool {
    match wanted {
        Match::Any => true,
        Match::Empty => actual.is_none(),
        Match::Is(id) => actual.as_ref() == Some(id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worklist::testing::{study, user_id};

    #[test]
    fn the_parts_of_everything_are_twelve_and_disjoint() {
        let parts = parts(&ListStudies::default());
        assert_eq!(parts.len(), 12);
        let stat = &parts[0];
        assert_eq!(
            (&stat.severity, stat.is_cancelled),
            (&Some(Severity::Stat), Some(false))
        );
        for severity in SEVERITIES {
            for is_cancelled in [false, true] {
                let mut builder = study(1).severity(severity.as_str());
                if is_cancelled {
                    builder = builder.cancelled();
                }
                let study = builder.build();
                let holders = parts.iter().filter(|part| admits(part, &study)).count();
                assert_eq!(holders, 1);
            }
        }
    }

    #[test]
    fn what_the_list_fixes_already_is_not_cut_again() {
        let open = ListStudies {
            is_cancelled: Some(false),
            study_viewer_status: Some(StudyViewerStatus::Incomplete),
            ..ListStudies::default()
        };
        assert_eq!(parts(&open).len(), 3);
        let stat = ListStudies {
            severity: Some(Severity::Stat),
            ..open
        };
        assert_eq!(parts(&stat), [stat]);
    }

    #[test]
    fn the_parts_by_assignee_hold_each_study_once() {
        let people = BTreeSet::from([1, 2].map(user_id));
        let parts = by_assignee(&ListStudies::default(), &people);
        assert_eq!(parts.len(), 3);
        for study in [
            study(1).build(),
            study(2).to(1, "Kim, Ana").build(),
            study(3).to(2, "Osei, Ben").build(),
        ] {
            let holders = parts.iter().filter(|part| admits(part, &study)).count();
            assert_eq!(holders, 1);
        }
    }
}
