//! What can be edited of a study, as values: differences, conflicts, merging, and the PATCH.

use crate::text::SafeText;
use crate::wire::{
    Metadata, Patch, Severity, Study, StudyId, StudyViewerStatus, UpdateStudy, UserId,
};
use crate::worklist::person_name;

#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub description: String,
    pub severity: Severity,
    pub status: StudyViewerStatus,
    pub assignee: Option<(UserId, SafeText)>,
    pub metadata: Metadata,
}

/// The smallest part that is compared: two people may edit different ones of the same study. Each key
/// of the metadata is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unit {
    Description,
    Severity,
    Status,
    Assignee,
    Meta(String),
}

/// A part before and after, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub label: String,
    pub before: String,
    pub after: String,
}

impl Unit {
    pub fn label(&self) -> String {
        match self {
            Self::Description => "description".into(),
            Self::Severity => "severity".into(),
            Self::Status => "status".into(),
            Self::Assignee => "assignee".into(),
            Self::Meta(key) => format!("metadata {key}"),
        }
    }

    /// The name of the field on the wire.
    pub fn field(&self) -> &'static str {
        match self {
            Self::Description => "studyDescription",
            Self::Severity => "severity",
            Self::Status => "studyViewerStatus",
            Self::Assignee => "assignedTo",
            Self::Meta(_) => "metadata",
        }
    }
}

impl Draft {
    pub fn of(study: &Study) -> Self {
        Self {
            description: study.study_description.clone(),
            severity: study.severity.clone(),
            status: study.study_viewer_status.clone(),
            assignee: study.assigned_to.as_ref().map(|user| {
                let (first, last) = (user.first_name.as_deref(), user.last_name.as_deref());
                (user.user_id, person_name(first, last, &user.email))
            }),
            metadata: study.metadata.clone(),
        }
    }

    pub fn same(&self, other: &Self, unit: &Unit) -> bool {
        match unit {
            Unit::Description => self.description == other.description,
            Unit::Severity => self.severity == other.severity,
            Unit::Status => self.status == other.status,
            Unit::Assignee => self.assignee_id() == other.assignee_id(),
            Unit::Meta(key) => self.metadata.get(key) == other.metadata.get(key),
        }
    }

    fn assignee_id(&self) -> Option<UserId> {
        self.assignee.as_ref().map(|(id, _)| *id)
    }

    /// Takes one part over.
    pub fn take(&mut self, from: &Self, unit: &Unit) {
        match unit {
            Unit::Description => self.description.clone_from(&from.description),
            Unit::Severity => self.severity = from.severity.clone(),
            Unit::Status => self.status = from.status.clone(),
            Unit::Assignee => self.assignee.clone_from(&from.assignee),
            Unit::Meta(key) => match from.metadata.get(key) {
                Some(value) => {
                    self.metadata.insert(key.clone(), value.clone());
                }
                None => {
                    self.metadata.remove(key);
                }
            },
        }
    }

    /// A part in words.
    pub fn show(&self, unit: &Unit) -> String {
        let shown = match unit {
            Unit::Description => self.description.clone(),
            Unit::Severity => self.severity.to_string(),
            Unit::Status => self.status.to_string(),
            Unit::Assignee => match &self.assignee {
                Some((_, name)) => name.to_string(),
                None => "unassigned".into(),
            },
            Unit::Meta(key) => match self.metadata.get(key) {
                Some(value) => value.clone(),
                None => "(not there)".into(),
            },
        };
        if shown.is_empty() {
            "(empty)".into()
        } else {
            shown
        }
    }
}

/// The parts in which two drafts differ, in the order of the form.
pub fn changed(from: &Draft, to: &Draft) -> Vec<Unit> {
    let mut keys: Vec<&String> = from.metadata.keys().chain(to.metadata.keys()).collect();
    keys.sort();
    keys.dedup();
    [
        Unit::Description,
        Unit::Severity,
        Unit::Assignee,
        Unit::Status,
    ]
    .into_iter()
    .chain(keys.into_iter().cloned().map(Unit::Meta))
    .filter(|unit| !from.same(to, unit))
    .collect()
}

pub fn differences(from: &Draft, to: &Draft) -> Vec<Difference> {
    changed(from, to)
        .into_iter()
        .map(|unit| Difference {
            label: unit.label(),
            before: from.show(&unit),
            after: to.show(&unit),
        })
        .collect()
}

/// The parts that both sides changed since `base`, to different values.
pub fn conflicts(base: &Draft, theirs: &Draft, mine: &Draft) -> Vec<Unit> {
    changed(base, mine)
        .into_iter()
        .filter(|unit| !base.same(theirs, unit) && !theirs.same(mine, unit))
        .collect()
}

/// Theirs, with what I changed since `base` on top, but for the parts in `dropped`.
pub fn merge(base: &Draft, theirs: &Draft, mine: &Draft, dropped: &[Unit]) -> Draft {
    let mut merged = theirs.clone();
    for unit in changed(base, mine) {
        if !dropped.contains(&unit) {
            merged.take(mine, &unit);
        }
    }
    merged
}

/// The PATCH that makes `from` into `to`: the fields that differ, and no other. Metadata goes whole,
/// because nobody says whether the server replaces or merges it.
pub fn patch(id: StudyId, from: &Draft, to: &Draft) -> UpdateStudy {
    let mut patch = UpdateStudy::of(id);
    for unit in changed(from, to) {
        match unit {
            Unit::Description => patch.study_description = Some(to.description.clone()),
            Unit::Severity => patch.severity = Some(to.severity.clone()),
            Unit::Status => patch.study_viewer_status = Some(to.status.clone()),
            Unit::Assignee => {
                patch.assigned_to = match to.assignee_id() {
                    Some(id) => Patch::Set(id),
                    None => Patch::Clear,
                }
            }
            Unit::Meta(_) => {
                patch.metadata = match to.metadata.is_empty() {
                    true => Patch::Clear,
                    false => Patch::Set(to.metadata.clone()),
                }
            }
        }
    }
    patch
}

/// Long values from a little before the place where they begin to differ, so that a difference at the
/// end of a thousand characters is in sight.
pub fn told_apart(values: &[&str], lead: usize) -> Vec<String> {
    let first: Vec<char> = values
        .first()
        .map_or_else(Vec::new, |v| v.chars().collect());
    let common = values
        .iter()
        .map(|value| {
            let pairs = value.chars().zip(&first);
            pairs.take_while(|(a, b)| a == *b).count()
        })
        .min()
        .unwrap_or_default();
    let skip = common.saturating_sub(lead);
    let cut = |value: &&str| match skip {
        0 => (*value).to_owned(),
        _ => format!("…{}", value.chars().skip(skip).collect::<String>()),
    };
    values.iter().map(cut).collect()
}

/// Labels in a row: "severity, description".
pub fn labels(units: &[Unit]) -> String {
    let labels: Vec<String> = units.iter().map(Unit::label).collect();
    labels.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Endpoint;
    use crate::worklist::testing::{study, study_id};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn draft() -> impl Strategy<Value = Draft> {
        let severity = prop::sample::select(vec!["stat", "high", "normal", "critical"]);
        let metadata = prop::collection::btree_map("[a-c]", "[xy]?", 0..4);
        ("[a-b]", severity, any::<bool>(), 0u8..3, metadata).prop_map(
            |(description, severity, complete, to, metadata)| Draft {
                description,
                severity: severity.into(),
                status: match complete {
                    true => StudyViewerStatus::Complete,
                    false => StudyViewerStatus::Incomplete,
                },
                assignee: (to > 0)
                    .then(|| (UserId::from_bytes([to; 16]), SafeText::clean("someone"))),
                metadata,
            },
        )
    }

    fn fields(patch: &UpdateStudy) -> BTreeSet<String> {
        let body = patch.body().unwrap().unwrap();
        let map: serde_json::Map<String, serde_json::Value> =
            serde_json::from_slice(&body).unwrap();
        map.keys().cloned().collect()
    }

    proptest! {
        #[test]
        fn a_patch_has_exactly_the_fields_that_changed(from in draft(), to in draft()) {
            let wanted: BTreeSet<String> = changed(&from, &to)
                .iter()
                .map(|unit| unit.field().to_owned())
                .collect();
            prop_assert_eq!(fields(&patch(study_id(1), &from, &to)), wanted);
        }

        #[test]
        fn what_nobody_else_touched_becomes_mine_and_the_rest_stays_theirs(
            base in draft(), theirs in draft(), mine in draft(),
        ) {
            let merged = merge(&base, &theirs, &mine, &[]);
            let edited = changed(&base, &mine);
            for unit in changed(&merged, &theirs) {
                prop_assert!(edited.contains(&unit), "{unit:?} was not mine to change");
            }
            for unit in &edited {
                prop_assert!(merged.same(&mine, unit), "{unit:?} got lost");
            }
            prop_assert!(conflicts(&theirs, &theirs, &merged).is_empty());
        }

        #[test]
        fn a_part_that_is_kept_as_theirs_is_not_sent(
            base in draft(), theirs in draft(), mine in draft(),
        ) {
            let asked = conflicts(&base, &theirs, &mine);
            let merged = merge(&base, &theirs, &mine, &asked);
            prop_assert!(asked.iter().all(|unit| merged.same(&theirs, unit)));
        }
    }

    #[test]
    fn long_values_are_shown_from_where_they_differ() {
        let long = "x".repeat(100);
        let (a, b) = (format!("{long}a"), format!("{long}b"));
        assert_eq!(told_apart(&[&a, &b], 3), ["…xxxa", "…xxxb"]);
        assert_eq!(told_apart(&["a", "b"], 3), ["a", "b"]);
        assert_eq!(
            told_apart(&["same", "same", "some"], 0),
            ["…ame", "…ame", "…ome"]
        );
    }

    #[test]
    fn the_last_pair_taken_away_empties_the_field() {
        let from = Draft::of(&study(1).meta("a", "1").build());
        let to = Draft::of(&study(1).build());
        assert_eq!(patch(study_id(1), &from, &to).metadata, Patch::Clear);
    }

    #[test]
    fn the_same_value_from_both_sides_is_no_conflict() {
        let of = |severity: &str| Draft::of(&study(1).severity(severity).build());
        assert!(conflicts(&of("normal"), &of("stat"), &of("stat")).is_empty());
        assert_eq!(
            conflicts(&of("normal"), &of("high"), &of("stat")),
            [Unit::Severity]
        );
    }
}
