//! A line of standard input: an id, a UID, or a study as `studies list --jsonl` writes it.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::cli::render::person;
use crate::text::clean;
use crate::wire::{Metadata, ReceivedUid, Severity, StudyId, StudyViewerStatus, UserId};

use super::StudyName;
use super::base::{Assignee, Base};

/// A study to change, and what is known about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aim {
    pub name: StudyName,
    /// What it was like when it was chosen.
    pub base: Base,
    /// Its metadata at that time, if known.
    pub metadata: Option<Metadata>,
}

impl From<StudyName> for Aim {
    fn from(name: StudyName) -> Self {
        Self {
            name,
            base: Base::default(),
            metadata: None,
        }
    }
}

/// Parses one line, or says what is wrong with it.
pub fn aim(line: &str) -> Result<Aim, String> {
    match line.chars().next() {
        Some('{') => object(line),
        Some('[') => {
            Err("this is a JSON array; give one object a line, as --jsonl writes them".into())
        }
        _ => Ok(line.parse::<StudyName>()?.into()),
    }
}

/// The fields that name a study or that a verb can change. All others are ignored.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    study_id: Option<StudyId>,
    study_instance_uid: Option<ReceivedUid>,
    /// Absent and null differ here: unknown, and unassigned.
    #[serde(default, deserialize_with = "assignee")]
    assigned_to: Option<Option<Assignee>>,
    severity: Option<Severity>,
    study_viewer_status: Option<StudyViewerStatus>,
    is_cancelled: Option<bool>,
    study_description: Option<String>,
    metadata: Option<Metadata>,
}

fn object(line: &str) -> Result<Aim, String> {
    let listed: Listed = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let name = match (listed.study_id, listed.study_instance_uid) {
        (Some(id), Some(uid)) => StudyName::Both(id, uid),
        (Some(id), None) => StudyName::Id(id),
        (None, Some(ReceivedUid::Valid(uid))) => StudyName::Uid(uid),
        (None, Some(ReceivedUid::Malformed(_))) => {
            return Err("its UID is not valid, and it has no studyId".into());
        }
        (None, None) => return Err("it has neither studyId nor studyInstanceUid".into()),
    };
    Ok(Aim {
        name,
        base: Base {
            assignee: listed.assigned_to,
            severity: listed.severity,
            status: listed.study_viewer_status,
            is_cancelled: listed.is_cancelled,
            description: listed.study_description,
            metadata: Vec::new(),
        },
        metadata: listed.metadata,
    })
}

/// A user as the API shows one, or only their id, as a request has it.
fn assignee<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<Assignee>>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let id = match &value {
        Value::Null => return Ok(Some(None)),
        Value::String(id) => Some(id.as_str()),
        other => other["userId"].as_str(),
    };
    let id: Option<UserId> = id.and_then(|id| id.parse().ok());
    let id = id.ok_or_else(|| {
        serde::de::Error::custom("assignedTo is neither null nor a user with a userId")
    })?;
    let text = |field: &str| value[field].as_str();
    let words = match text("email") {
        Some(email) => person(text("firstName"), text("lastName"), email),
        None => clean(&id.to_string()).into_owned(),
    };
    Ok(Some(Some(Assignee { id, words })))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "stu_1234567890abcdef1234567890abcdef";
    const USER: &str = "usr_1234567890abcdef1234567890abcdef";

    fn base(fields: &str) -> Base {
        aim(&format!(r#"{{"studyId":"{ID}"{fields}}}"#))
            .unwrap()
            .base
    }

    #[test]
    fn an_object_names_its_study_and_says_what_it_was_like() {
        let line = format!(
            r#"{{"studyId":"{ID}","studyInstanceUid":"1.02","studyDescription":"CT","severity":"stat",
            "studyViewerStatus":"incomplete","isCancelled":false,"assignedTo":null,"new":[1],
            "metadata":{{"a":"b"}}}}"#
        );
        let aim = aim(&line).unwrap();
        assert_eq!(
            aim.name,
            StudyName::Both(ID.parse().unwrap(), "1.02".into())
        );
        assert_eq!(aim.base.assignee, Some(None));
        assert_eq!(aim.base.severity, Some(Severity::Stat));
        assert_eq!(aim.base.is_cancelled, Some(false));
    }

    #[test]
    fn nobody_is_not_the_same_as_not_known() {
        assert_eq!(base(""), Base::default());
        assert_eq!(base(r#","assignedTo":null"#).assignee, Some(None));
        for user in [
            format!("\"{USER}\""),
            format!(r#"{{"userId":"{USER}","email":"a@b.c","lastName":"Kim"}}"#),
        ] {
            let held = base(&format!(r#","assignedTo":{user}"#)).assignee;
            assert_eq!(held.flatten().map(|it| it.id), USER.parse().ok(), "{user}");
        }
    }

    #[test]
    fn what_cannot_be_understood_is_not_a_base() {
        for line in [
            "{",
            "{}",
            "[",
            r#"{"studyId":"stu_1"}"#,
            r#"{"studyInstanceUid":"1.02"}"#,
            &format!(r#"{{"studyId":"{ID}","assignedTo":"kim"}}"#),
            &format!(r#"{{"studyId":"{ID}","assignedTo":{{"email":"a@b.c"}}}}"#),
            &format!(r#"{{"studyId":"{ID}","assignedTo":[]}}"#),
            &format!(r#"{{"studyId":"{ID}","severity":1}}"#),
            &format!(r#"{{"studyId":"{ID}","isCancelled":"no"}}"#),
            &format!(r#"{{"studyId":"{ID}","metadata":{{"a":1}}}}"#),
            &format!(r#"{{"studyId":"{ID}","severity":"stat","severity":"high"}}"#),
            &format!(r#"{{"studyId":"{ID}"}} {{}}"#),
        ] {
            assert!(aim(line).is_err(), "{line}");
        }
    }
}
