//! What can be edited of a record, as named values: differences, conflicts and merging, whatever it is.

use crate::text::SafeText;
use crate::wire::{Metadata, UserId};
use std::collections::BTreeMap;

/// The smallest part that is compared: two people may edit different ones of the same record. Each key
/// of the metadata is one. In the order of the forms.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    Description,
    Severity,
    Assignee,
    Status,
    Meta(String),
    FirstName,
    LastName,
    MiddleName,
    Suffix1,
    Suffix2,
    Phone,
    Role,
    Level,
    ManageStudies,
    Dashboard,
}

/// A value, compared by its text.
#[derive(Debug, Clone)]
struct Value {
    text: String,
    /// What to call it, where the text is an id.
    shown: Option<SafeText>,
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Draft(BTreeMap<Unit, Value>);

/// A part before and after, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub label: String,
    pub before: String,
    pub after: String,
    /// What else the new value brings, if anything.
    pub brings: &'static str,
}

impl Unit {
    /// The units that are a field each.
    const FIELDS: [Self; 14] = [
        Self::Description,
        Self::Severity,
        Self::Assignee,
        Self::Status,
        Self::FirstName,
        Self::LastName,
        Self::MiddleName,
        Self::Suffix1,
        Self::Suffix2,
        Self::Phone,
        Self::Role,
        Self::Level,
        Self::ManageStudies,
        Self::Dashboard,
    ];

    pub fn label(&self) -> String {
        match self {
            Self::Description => "description".into(),
            Self::Severity => "severity".into(),
            Self::Status => "status".into(),
            Self::Assignee => "assignee".into(),
            Self::Meta(key) => format!("metadata {key}"),
            Self::FirstName => "first name".into(),
            Self::LastName => "last name".into(),
            Self::MiddleName => "middle name".into(),
            Self::Suffix1 => "suffix 1".into(),
            Self::Suffix2 => "suffix 2".into(),
            Self::Phone => "phone".into(),
            Self::Role => "role".into(),
            Self::Level => "level".into(),
            Self::ManageStudies => "can manage studies".into(),
            Self::Dashboard => "dashboard access".into(),
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
            Self::FirstName => "firstName",
            Self::LastName => "lastName",
            Self::MiddleName => "middleName",
            Self::Suffix1 => "suffix1",
            Self::Suffix2 => "suffix2",
            Self::Phone => "phoneNumber",
            Self::Role => "clinicRole",
            Self::Level => "level",
            Self::ManageStudies => "canManageStudies",
            Self::Dashboard => "hasDashboardAccess",
        }
    }

    /// The part that a field of this wire name holds, unless it is the metadata or none.
    pub fn of_field(name: &str) -> Option<Self> {
        Self::FIELDS.into_iter().find(|unit| unit.field() == name)
    }

    /// What else this value brings, where it is more than it says.
    pub(in crate::app) fn brings(&self, value: &str) -> &'static str {
        match (self, value) {
            (Self::Level, "admin") => {
                "An admin can manage users and settings, and always has dashboard access."
            }
            _ => "",
        }
    }
}

/// How a choice of yes or no is written in a draft.
pub fn yes_or_no(on: bool) -> &'static str {
    if on { "yes" } else { "no" }
}

impl Draft {
    pub fn of(record: impl Into<Self>) -> Self {
        record.into()
    }

    pub fn set(&mut self, unit: Unit, text: &str) {
        let text = text.to_owned();
        self.0.insert(unit, Value { text, shown: None });
    }

    pub fn set_assignee(&mut self, assignee: Option<(UserId, SafeText)>) {
        let (text, shown) = match assignee {
            Some((id, name)) => (id.to_string(), name),
            None => (String::new(), SafeText::clean("unassigned")),
        };
        let shown = Some(shown);
        self.0.insert(Unit::Assignee, Value { text, shown });
    }

    pub fn set_metadata(&mut self, metadata: &Metadata) {
        for (key, value) in metadata {
            self.set(Unit::Meta(key.clone()), value);
        }
    }

    /// The text of a part; empty if it is not there.
    pub fn text(&self, unit: &Unit) -> &str {
        self.0.get(unit).map_or("", |value| &value.text)
    }

    pub fn is_on(&self, unit: &Unit) -> bool {
        self.text(unit) == yes_or_no(true)
    }

    pub fn assignee(&self) -> Option<(UserId, SafeText)> {
        let value = self.0.get(&Unit::Assignee)?;
        let id = value.text.parse().ok()?;
        let shown = value.shown.clone();
        Some((id, shown.unwrap_or_else(|| SafeText::clean(&value.text))))
    }

    pub fn metadata(&self) -> Metadata {
        self.0
            .iter()
            .filter_map(|(unit, value)| match unit {
                Unit::Meta(key) => Some((key.clone(), value.text.clone())),
                _ => None,
            })
            .collect()
    }

    pub fn same(&self, other: &Self, unit: &Unit) -> bool {
        self.0.get(unit) == other.0.get(unit)
    }

    /// Copies one part from another draft.
    pub fn take(&mut self, from: &Self, unit: &Unit) {
        match from.0.get(unit) {
            Some(value) => {
                self.0.insert(unit.clone(), value.clone());
            }
            None => {
                self.0.remove(unit);
            }
        }
    }

    /// A part in words.
    pub fn show(&self, unit: &Unit) -> String {
        let Some(value) = self.0.get(unit) else {
            return "(none)".into();
        };
        match &value.shown {
            Some(shown) => shown.to_string(),
            None if value.text.is_empty() => "(empty)".into(),
            None => value.text.clone(),
        }
    }
}

/// The parts in which two drafts differ, in the order of the form.
pub fn changed(from: &Draft, to: &Draft) -> Vec<Unit> {
    let mut units: Vec<&Unit> = from.0.keys().chain(to.0.keys()).collect();
    units.sort();
    units.dedup();
    units
        .into_iter()
        .filter(|unit| !from.same(to, unit))
        .cloned()
        .collect()
}

pub fn differences(from: &Draft, to: &Draft) -> Vec<Difference> {
    changed(from, to)
        .into_iter()
        .map(|unit| Difference {
            label: unit.label(),
            before: from.show(&unit),
            after: to.show(&unit),
            brings: unit.brings(to.text(&unit)),
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

/// Theirs, with what I changed since `base` on top, except for the parts in `dropped`.
pub fn merge(base: &Draft, theirs: &Draft, mine: &Draft, dropped: &[Unit]) -> Draft {
    let mut merged = theirs.clone();
    for unit in changed(base, mine) {
        if !dropped.contains(&unit) {
            merged.take(mine, &unit);
        }
    }
    merged
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
    use crate::app::edit::patch::patch;
    use crate::wire::{Endpoint, Patch, UpdateStudy};
    use crate::worklist::testing::{study, study_id};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn draft() -> impl Strategy<Value = Draft> {
        let severity = prop::sample::select(vec!["stat", "high", "normal", "critical"]);
        let metadata = prop::collection::btree_map("[a-c]", "[xy]?", 0..4);
        ("[a-b]", severity, any::<bool>(), 0u8..3, metadata).prop_map(
            |(description, severity, complete, to, metadata)| {
                let mut draft = Draft::default();
                draft.set(Unit::Description, &description);
                draft.set(Unit::Severity, severity);
                let status = if complete { "complete" } else { "incomplete" };
                draft.set(Unit::Status, status);
                let someone = || (UserId::from_bytes([to; 16]), SafeText::clean("someone"));
                draft.set_assignee((to > 0).then(someone));
                draft.set_metadata(&metadata);
                draft
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
    fn the_same_value_from_both_sides_is_not_a_conflict() {
        let of = |severity: &str| Draft::of(&study(1).severity(severity).build());
        assert!(conflicts(&of("normal"), &of("stat"), &of("stat")).is_empty());
        assert_eq!(
            conflicts(&of("normal"), &of("high"), &of("stat")),
            [Unit::Severity]
        );
    }
}
