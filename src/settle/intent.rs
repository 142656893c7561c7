//! What a write was to do, as far as the journal keeps it: ids and the names of fields, never a person's
//! name, a text or an address.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::Seen;
use crate::wire::{DicomUid, InvitationId, InvitationStatus, Study, StudyId, UserId};

/// A write that was begun and of which nobody knows how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// Sixteen hex digits, chosen at random for each attempt.
    pub operation: String,
    /// The endpoint, as the vendor's clients name it: `studies.update`.
    pub action: String,
    /// Unix milliseconds.
    pub at: i64,
    /// Ids of the records, the UID of a study to be made, or a digest of the address of an invitation.
    pub targets: Vec<String>,
    /// The fields that were sent.
    pub fields: Vec<Field>,
}

/// A field of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name on the wire.
    pub name: String,
    /// Its value, where that is one of few or an id. `null` is the word.
    pub value: Option<String>,
}

/// Where an intent's effect would show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Study(StudyId),
    /// A study to be made.
    Uid(DicomUid),
    User(UserId),
    Invitation(InvitationId),
    /// Someone to be invited, known by a digest alone.
    Address,
    /// The API does not show it.
    Nowhere,
}

/// A digest of an e-mail address that only tells whether an address at hand is the same. Each attempt has
/// its own, for the operation is part of it: no list of digests tells who was invited, but whoever has the
/// journal can try out addresses.
pub fn address_digest(operation: &str, email: &str) -> String {
    let text = format!("{operation} {}", email.trim().to_lowercase());
    let digest = Sha256::digest(text.as_bytes());
    let mut hex = String::from("email:");
    for byte in &digest[..8] {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

impl Intent {
    pub fn place(&self) -> Place {
        let first = self.targets.first().map_or("", String::as_str);
        match self.action.as_str() {
            "users.revoke_access" | "users.reactivate" => return Place::Nowhere,
            "users.invite" => return Place::Address,
            _ => {}
        }
        if let Ok(id) = first.parse() {
            Place::Study(id)
        } else if let Ok(id) = first.parse() {
            Place::User(id)
        } else if let Ok(id) = first.parse() {
            Place::Invitation(id)
        } else if let Ok(uid) = first.parse() {
            Place::Uid(uid)
        } else {
            Place::Nowhere
        }
    }

    /// Whether it is about this: an id, a UID, or an address.
    pub fn is_about(&self, target: &str) -> bool {
        let digest = || address_digest(&self.operation, target);
        self.targets
            .iter()
            .any(|own| own == target || own.starts_with("email:") && *own == digest())
    }

    /// What a study shows of it; `None` where that cannot be told, for the journal keeps no texts.
    pub fn seen_in(&self, study: &Study) -> Option<Seen> {
        let is_so = |wanted: bool| {
            if wanted {
                Seen::Wanted
            } else {
                Seen::Otherwise
            }
        };
        match self.action.as_str() {
            "studies.cancel" => return Some(is_so(study.is_cancelled)),
            "studies.uncancel" => return Some(is_so(!study.is_cancelled)),
            "studies.create" => return Some(Seen::Wanted),
            _ => {}
        }
        self.compare(|name| match name {
            "severity" => Some(study.severity.to_string()),
            "studyViewerStatus" => Some(study.study_viewer_status.to_string()),
            "assignedTo" => Some(match &study.assigned_to {
                Some(user) => user.user_id.to_string(),
                None => "null".into(),
            }),
            _ => None,
        })
    }

    /// What a record shows of the fields, given what it has in each; `None` unless all can be told.
    pub fn compare(&self, now: impl Fn(&str) -> Option<String>) -> Option<Seen> {
        let mut is_so = true;
        for field in &self.fields {
            is_so &= *field.value.as_ref()? == now(&field.name)?;
        }
        Some(if is_so { Seen::Wanted } else { Seen::Otherwise })
    }

    /// What the status of an invitation shows of it; `None` where that cannot be told.
    pub fn seen_in_status(&self, status: &InvitationStatus) -> Option<Seen> {
        let seen = match status {
            InvitationStatus::Revoked => Seen::Wanted,
            _ => Seen::Otherwise,
        };
        (self.action == "invitations.revoke").then_some(seen)
    }

    /// What was to be done, in words: "severity stat", "cancel", "studyDescription".
    pub fn words(&self) -> String {
        let verb = self.action.rsplit('.').next().unwrap_or_default();
        if verb != "update" {
            return verb.replace('_', " ");
        }
        let fields: Vec<String> = self
            .fields
            .iter()
            .map(|field| match &field.value {
                Some(value) => format!("{} {value}", field.name),
                None => field.name.clone(),
            })
            .collect();
        fields.join(", ")
    }
}
