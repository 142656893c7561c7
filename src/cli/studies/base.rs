//! What a study was like when the user decided about it, compared with what it is like now.

use crate::text::clean;
use crate::wire::{Metadata, Severity, Study, StudyViewerStatus, UserId};

use super::render::named;

/// A field that the verbs change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Description,
    Severity,
    Status,
    Cancelled,
    Assignee,
}

/// Somebody a study was assigned to, as far as is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignee {
    pub id: UserId,
    /// What messages call them, cleaned.
    pub words: String,
}

/// The state that a change is based on. Unknown fields are not compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Base {
    /// Unassigned is `Some(None)`.
    pub assignee: Option<Option<Assignee>>,
    pub severity: Option<Severity>,
    pub status: Option<StudyViewerStatus>,
    pub is_cancelled: Option<bool>,
    pub description: Option<String>,
    /// Some values of the metadata by their keys; `None` if there is no value.
    pub metadata: Vec<(String, Option<String>)>,
}

impl From<&Study> for Base {
    fn from(study: &Study) -> Self {
        let assignee = study.assigned_to.as_ref().map(|user| Assignee {
            id: user.user_id,
            words: named(user),
        });
        Self {
            assignee: Some(assignee),
            severity: Some(study.severity.clone()),
            status: Some(study.study_viewer_status.clone()),
            is_cancelled: Some(study.is_cancelled),
            description: Some(study.study_description.clone()),
            metadata: Vec::new(),
        }
    }
}

impl Base {
    /// Returns only these fields.
    pub fn only(&self, fields: &[Field]) -> Self {
        fn of<T: Clone>(is_wanted: bool, value: &Option<T>) -> Option<T> {
            value.clone().filter(|_| is_wanted)
        }
        let has = |field| fields.contains(&field);
        Self {
            assignee: of(has(Field::Assignee), &self.assignee),
            severity: of(has(Field::Severity), &self.severity),
            status: of(has(Field::Status), &self.status),
            is_cancelled: of(has(Field::Cancelled), &self.is_cancelled),
            description: of(has(Field::Description), &self.description),
            metadata: Vec::new(),
        }
    }

    /// Adds what a study had under these keys of its metadata, if that is known.
    pub fn with_metadata(self, keys: Vec<String>, known: Option<&Metadata>) -> Self {
        let keys = known.map(|known| {
            let values = keys.into_iter();
            values.map(|key| {
                let value = known.get(&key).cloned();
                (key, value)
            })
        });
        Self {
            metadata: keys.into_iter().flatten().collect(),
            ..self
        }
    }

    /// Replaces fields by those of another base, if that has them.
    pub fn overridden_by(self, other: &Self) -> Self {
        Self {
            assignee: other.assignee.clone().or(self.assignee),
            severity: other.severity.clone().or(self.severity),
            status: other.status.clone().or(self.status),
            is_cancelled: other.is_cancelled.or(self.is_cancelled),
            description: other.description.clone().or(self.description),
            metadata: self.metadata,
        }
    }

    /// Returns what has changed since, in words: "it is assigned to X now, not Y".
    pub fn overtaken(&self, now: &Study) -> Option<String> {
        let all = [
            self.assignee
                .as_ref()
                .and_then(|base| other_assignee(base.as_ref(), now)),
            self.severity
                .as_ref()
                .and_then(|base| other("its severity is", base.as_str(), now.severity.as_str())),
            self.status
                .as_ref()
                .and_then(|base| other("it is", base.as_str(), now.study_viewer_status.as_str())),
            self.is_cancelled
                .filter(|base| *base != now.is_cancelled)
                .map(|_| format!("it is {} now", cancelled(now.is_cancelled))),
            self.description
                .as_ref()
                .and_then(|base| other("its description is", base, &now.study_description)),
        ];
        let metadata = self
            .metadata
            .iter()
            .filter_map(|(key, base)| other_value(key, base.as_ref(), now.metadata.get(key)));
        let words: Vec<String> = all.into_iter().flatten().chain(metadata).collect();
        (!words.is_empty()).then(|| words.join("; "))
    }
}

fn other_assignee(base: Option<&Assignee>, now: &Study) -> Option<String> {
    let id = now.assigned_to.as_ref().map(|user| user.user_id);
    match (base, &now.assigned_to) {
        (base, _) if base.map(|it| it.id) == id => None,
        (Some(base), Some(user)) => Some(format!(
            "it is assigned to {} now, not {}",
            named(user),
            base.words
        )),
        (None, Some(user)) => Some(format!(
            "it is assigned to {} now, not unassigned",
            named(user)
        )),
        (base, None) => Some(format!(
            "it is unassigned now, not assigned to {}",
            base.map_or("", |it| &it.words)
        )),
    }
}

fn other(what: &str, base: &str, now: &str) -> Option<String> {
    let is_same = base == now;
    (!is_same).then(|| format!("{what} {} now, not {}", clean(now), clean(base)))
}

fn other_value(key: &str, base: Option<&String>, now: Option<&String>) -> Option<String> {
    let key = clean(key);
    match (base, now) {
        (base, now) if base == now => None,
        (Some(base), Some(now)) => other(&format!("its {key} is"), base, now),
        (_, Some(now)) => Some(format!("its {key} is {} now, and was not set", clean(now))),
        (base, None) => Some(format!(
            "its {key} is not set now, and was {}",
            clean(base.map_or("", String::as_str))
        )),
    }
}

fn cancelled(is_cancelled: bool) -> &'static str {
    if is_cancelled {
        "cancelled"
    } else {
        "not cancelled"
    }
}

/// Returns what a study has in a field, for its line, cleaned: "assigned to X", "severity high".
pub fn state(field: Field, study: &Study) -> String {
    match (field, &study.assigned_to) {
        (Field::Description, _) => clean(&study.study_description).into_owned(),
        (Field::Severity, _) => format!("severity {}", clean(study.severity.as_str())),
        (Field::Status, _) => clean(study.study_viewer_status.as_str()).into_owned(),
        (Field::Cancelled, _) => cancelled(study.is_cancelled).into(),
        (Field::Assignee, Some(user)) => format!("assigned to {}", named(user)),
        (Field::Assignee, None) => "unassigned".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{StudyId, UserReference};

    fn user(number: u8, name: &str) -> UserReference {
        UserReference {
            user_id: UserId::from_bytes([number; 16]),
            email: format!("{name}@example.org"),
            first_name: None,
            last_name: Some(name.to_owned()),
            middle_name: None,
            suffix1: None,
            suffix2: None,
        }
    }

    fn study(assigned_to: Option<UserReference>) -> Study {
        Study {
            study_id: StudyId::from_bytes([1; 16]),
            study_instance_uid: "1.2".into(),
            study_description: "CT".into(),
            severity: Severity::Normal,
            study_viewer_status: StudyViewerStatus::Incomplete,
            is_cancelled: false,
            assigned_to,
            customer: None,
            created_by_user: None,
            created_by_api_key: None,
            created_at: None,
            updated_at: None,
            cancelled_at: None,
            metadata: Default::default(),
        }
    }

    #[test]
    fn what_is_no_longer_so_is_said_as_it_is_now_and_was() {
        let (lee, kim) = (study(Some(user(1, "Lee"))), study(Some(user(2, "Kim"))));
        let free = study(None);
        let words = |base: &Study, now: &Study| Base::from(base).overtaken(now);
        assert_eq!(words(&lee, &lee), None);
        for (base, now, expected) in [
            (
                &kim,
                &lee,
                "it is assigned to Lee <Lee@example.org> now, not Kim <Kim@example.org>",
            ),
            (
                &free,
                &lee,
                "it is assigned to Lee <Lee@example.org> now, not unassigned",
            ),
            (
                &lee,
                &free,
                "it is unassigned now, not assigned to Lee <Lee@example.org>",
            ),
        ] {
            assert_eq!(words(base, now).as_deref(), Some(expected));
        }
        let now = Study {
            severity: Severity::Other("odd\u{202e}".into()),
            study_viewer_status: StudyViewerStatus::Complete,
            is_cancelled: true,
            study_description: "MR".into(),
            ..free.clone()
        };
        assert_eq!(
            words(&free, &now).as_deref(),
            Some(
                "its severity is odd‹U+202E› now, not normal; it is complete now, not incomplete; \
                 it is cancelled now; its description is MR now, not CT"
            )
        );
    }

    #[test]
    fn what_is_not_known_or_not_changed_is_not_compared() {
        let (free, lee) = (study(None), study(Some(user(1, "Lee"))));
        assert_eq!(Base::default().overtaken(&lee), None);
        let severity = Base::from(&free).only(&[Field::Severity]);
        assert_eq!(severity.overtaken(&lee), None);
        let flag = Base {
            assignee: Some(None),
            ..Base::default()
        };
        assert!(severity.overridden_by(&flag).overtaken(&lee).is_some());
        let theirs = Base::from(&free).overridden_by(&Base::from(&lee));
        assert_eq!(theirs.overtaken(&lee), None);
    }
}
