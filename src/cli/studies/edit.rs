//! `studies edit`: several fields at once, and the metadata.

use std::collections::BTreeSet;

use clap::{ArgGroup, Args};

use crate::cli::session::Session;
use crate::cli::{Exit, Out, Problem};
use crate::text::clean;
use crate::wire::rules::check_metadata;
use crate::wire::{Metadata, Patch, Severity, StudyViewerStatus, UserId};

use super::change::{self, StudyChange};
use super::{TargetArgs, severity_parser, status_parser};

pub const USAGE: &str = "avara-tui studies edit [OPTIONS] <ID|UID>...";

pub const EXAMPLES: &str = "\
Examples:
  avara-tui studies edit stu_1234567890abcdef1234567890abcdef --severity high --to 'Dana Kim'
  avara-tui studies edit 1.2.840.10008.5.1.4.1.1.2 --meta ordering_department=ED --unset-meta room

Metadata is read, merged and sent as a whole. Of the other fields, only changed ones are sent.";

#[derive(Debug, Clone, Args)]
#[command(group = ArgGroup::new("fields").required(true).multiple(true))]
pub struct EditStudyArgs {
    #[command(flatten)]
    pub targets: TargetArgs,
    /// The description, for example “CT Head”
    #[arg(long, value_name = "TEXT", group = "fields", value_parser = description)]
    pub description: Option<String>,
    /// How urgent it is
    #[arg(long, value_name = "LEVEL", group = "fields", value_parser = severity_parser())]
    pub severity: Option<Severity>,
    /// Assign to: a name or part of one, a whole e-mail address, a user id (usr_…) or "me"
    #[arg(
        long,
        value_name = "WHO",
        group = "fields",
        conflicts_with = "unassign"
    )]
    pub to: Option<String>,
    /// Unassign the study
    #[arg(long, group = "fields")]
    pub unassign: bool,
    /// Whether it is read
    #[arg(long, value_name = "STATUS", group = "fields", value_parser = status_parser())]
    pub status: Option<StudyViewerStatus>,
    /// Set a metadata value; may be given several times
    #[arg(long, value_name = "KEY=VALUE", group = "fields", value_parser = pair)]
    pub meta: Vec<(String, String)>,
    /// Remove a metadata value; may be given several times
    #[arg(long, value_name = "KEY", group = "fields")]
    pub unset_meta: Vec<String>,
}

/// A change of metadata, which is merged into what a study has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MetadataEdit {
    set: Metadata,
    unset: BTreeSet<String>,
}

impl MetadataEdit {
    fn new(pairs: &[(String, String)], unset: &[String]) -> Result<Self, Problem> {
        let set = metadata(pairs)?;
        let unset: BTreeSet<String> = unset.iter().cloned().collect();
        if let Some(key) = set.keys().find(|key| unset.contains(*key)) {
            let key = clean(key);
            return Err(Problem::Usage(format!(
                "the metadata key “{key}” cannot be set and removed at once"
            )));
        }
        Ok(Self { set, unset })
    }

    pub fn is_empty(&self) -> bool {
        self.set.is_empty() && self.unset.is_empty()
    }

    /// Returns the keys whose values it changes from those that a study has now.
    pub fn changed_keys(&self, now: &Metadata) -> Vec<String> {
        let set = self.set.iter();
        let set = set.filter(|(key, value)| now.get(*key) != Some(*value));
        let unset = self.unset.iter().filter(|key| now.contains_key(*key));
        set.map(|(key, _)| key).chain(unset).cloned().collect()
    }

    /// Returns the whole merged map, or the rule that it would break.
    pub fn merged(&self, old: &Metadata) -> Result<Metadata, String> {
        let mut merged = old.clone();
        merged.retain(|key, _| !self.unset.contains(key));
        merged.extend(self.set.clone());
        check_metadata(&merged)
            .map_err(|rule| format!("Its metadata would break a rule: {rule}"))?;
        Ok(merged)
    }
}

pub async fn run(
    arguments: &EditStudyArgs,
    session: &Session,
    out: &mut Out,
) -> Result<Exit, Problem> {
    let metadata = MetadataEdit::new(&arguments.meta, &arguments.unset_meta)?;
    let chosen = arguments.targets.admitted(session).await?;
    let person = match &arguments.to {
        Some(who) => Some(session.person(who).await?),
        None => None,
    };
    let change = arguments.change(person).with_metadata(metadata);
    change::run(&change, &chosen, session, out).await
}

impl EditStudyArgs {
    fn change(&self, person: Option<UserId>) -> StudyChange {
        StudyChange::new(|patch| {
            patch.study_description.clone_from(&self.description);
            patch.severity.clone_from(&self.severity);
            patch.study_viewer_status.clone_from(&self.status);
            patch.assigned_to = match person {
                Some(person) => Patch::Set(person),
                None if self.unassign => Patch::Clear,
                None => Patch::Keep,
            };
        })
    }
}

/// Checks that a description is not empty.
pub fn description(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("it must not be empty".into()),
        _ if text.chars().any(char::is_control) => {
            Err("it must be one line without control characters".into())
        }
        _ => Ok(text.to_owned()),
    }
}

/// Reads `KEY=VALUE`. The value may contain more equals signs.
pub fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}

/// Returns the map of some pairs, if it follows the rules and has each key once.
pub fn metadata(pairs: &[(String, String)]) -> Result<Metadata, Problem> {
    let mut metadata = Metadata::new();
    for (key, value) in pairs {
        if metadata.insert(key.clone(), value.clone()).is_some() {
            let key = clean(key);
            return Err(Problem::Usage(format!(
                "the metadata key “{key}” is given twice"
            )));
        }
    }
    check_metadata(&metadata)
        .map_err(|rule| Problem::Usage(format!("metadata: {}", clean(&rule))))?;
    Ok(metadata)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> Metadata {
        pairs
            .iter()
            .map(|(k, v)| ((*k).into(), (*v).into()))
            .collect()
    }

    #[test]
    fn metadata_is_merged_into_what_is_there() {
        let edit = MetadataEdit {
            set: map(&[("a", "new"), ("c", "3")]),
            unset: ["b".to_owned()].into(),
        };
        let merged = edit.merged(&map(&[("a", "1"), ("b", "2"), ("d", "4")]));
        assert_eq!(merged, Ok(map(&[("a", "new"), ("c", "3"), ("d", "4")])));
        let full = (0..50).map(|n| (n.to_string(), String::new())).collect();
        assert!(edit.merged(&full).is_err());
    }

    #[test]
    fn a_pair_is_split_at_its_first_equals_sign() {
        assert_eq!(pair("a=b=c"), Ok(("a".into(), "b=c".into())));
        assert_eq!(pair("a="), Ok(("a".into(), String::new())));
        assert!(pair("a").is_err());
    }
}
