//! What may be kept of a request: a list of what is allowed, not of what is not.

use serde_json::Value;

use super::entry::Event;
use crate::resolve::address_digest;
use crate::wire::EndpointInfo;

/// Fields that name a record.
const IDS: [&str; 4] = ["studyId", "studyInstanceUid", "userId", "invitationId"];
/// Fields whose value is one of few, or an id.
const TELLING: [&str; 6] = [
    "severity",
    "studyViewerStatus",
    "assignedTo",
    "level",
    "canManageStudies",
    "hasDashboardAccess",
];
/// No value of theirs is longer.
const LONGEST: usize = 64;

pub(super) fn intent(
    operation: &str,
    info: &EndpointInfo,
    path_values: Vec<String>,
    body: &[u8],
) -> Event {
    let mut targets = path_values;
    let mut fields = Vec::new();
    if let Ok(Value::Object(body)) = serde_json::from_slice(body) {
        for (name, value) in &body {
            if IDS.contains(&name.as_str()) {
                targets.extend(value.as_str().map(str::to_owned));
            } else if name == "email" {
                let email = value.as_str().unwrap_or_default();
                targets.push(address_digest(operation, email));
            } else {
                fields.push(kept(name, value));
            }
        }
    }
    Event::Intent {
        action: info.name.to_owned(),
        targets,
        fields,
    }
}

fn kept(name: &str, value: &Value) -> String {
    let word = match value {
        Value::Null => Some("null".to_owned()),
        Value::Bool(is_on) => Some(is_on.to_string()),
        Value::String(text) if TELLING.contains(&name) => Some(text.clone()),
        Value::String(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    };
    match word.filter(|word| word.len() <= LONGEST && word.bytes().all(is_plain)) {
        Some(word) => format!("{name}={word}"),
        None => name.to_owned(),
    }
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-.".contains(&byte)
}
