//! What a write was meant to do, as far as the journal keeps it: ids and names of fields, never a person's
//! name, a text or an address.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::Seen;
use crate::wire::{
    CancelStudy, DicomUid, InvitationId, InvitationStatus, Patch, Profile, ProfilePatch, Study,
    StudyId, UncancelStudy, UpdateStudy, UserId,
};

/// A write that was begun and whose end is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// Sixteen hex digits, chosen at random for each attempt.
    pub operation: String,
    /// The endpoint, as the vendor's clients name it: `studies.update`.
    pub action: String,
    /// Unix milliseconds.
    pub at: i64,
    /// Ids of the records, the UID of a new study, or a digest of the address of an invitation.
    pub targets: Vec<String>,
    /// The fields that were sent.
    pub fields: Vec<SentField>,
}

/// A field of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentField {
    /// Its name on the wire.
    pub name: String,
    /// Its value, if that is one of few or an id. `null` is kept as that word.
    pub value: Option<String>,
}

/// Where an intent's effect would show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Study(StudyId),
    /// A new study.
    Uid(DicomUid),
    User(UserId),
    Invitation(InvitationId),
    /// A new invitation, of which only a digest of the address is known.
    Address,
    /// The API does not show it.
    Nowhere,
}

/// Returns a digest of an e-mail address, which only tells whether a given address is the same. The operation
/// is part of it, so each attempt has another digest and a list of digests does not tell who was invited.
/// Somebody who has the journal can still try out addresses.
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

    /// Whether it is about this id, UID or address.
    pub fn is_about(&self, target: &str) -> bool {
        let digest = || address_digest(&self.operation, target);
        self.targets
            .iter()
            .any(|own| own == target || own.starts_with("email:") && *own == digest())
    }

    /// Returns what a study shows of it; `None` if that cannot be told, because the journal keeps no texts.
    pub fn seen_in(&self, study: &Study) -> Option<Seen> {
        let id = study.study_id;
        Some(match self.action.as_str() {
            "studies.cancel" => Seen::of_new(&CancelStudy(id.into()), study),
            "studies.uncancel" => Seen::of_new(&UncancelStudy(id.into()), study),
            "studies.create" => Seen::Wanted,
            _ => Seen::of_new(&self.study_patch(id)?, study),
        })
    }

    /// Returns what a profile shows of it; `None` if that cannot be told.
    pub fn seen_in_profile(&self, profile: &Profile) -> Option<Seen> {
        Some(Seen::of_new(&self.profile_patch()?, profile))
    }

    /// Returns the PATCH of a study that the fields make up; `None` unless all of their values are known.
    fn study_patch(&self, id: StudyId) -> Option<UpdateStudy> {
        let mut patch = UpdateStudy::of(id);
        for field in &self.fields {
            let value = field.value.as_deref()?;
            match (field.name.as_str(), value) {
                ("severity", _) => patch.severity = Some(value.into()),
                ("studyViewerStatus", _) => patch.study_viewer_status = Some(value.into()),
                ("assignedTo", "null") => patch.assigned_to = Patch::Clear,
                ("assignedTo", _) => patch.assigned_to = Patch::Set(value.parse().ok()?),
                _ => return None,
            }
        }
        Some(patch)
    }

    /// Returns the same for a user or an invitation.
    fn profile_patch(&self) -> Option<ProfilePatch> {
        let mut patch = ProfilePatch::default();
        for field in &self.fields {
            let value = field.value.as_deref()?;
            match field.name.as_str() {
                "level" => patch.level = Some(value.into()),
                "canManageStudies" => patch.can_manage_studies = Some(value.parse().ok()?),
                "hasDashboardAccess" => patch.has_dashboard_access = Some(value.parse().ok()?),
                _ => return None,
            }
        }
        Some(patch)
    }

    /// Returns what the status of an invitation shows of it; `None` if that cannot be told.
    pub fn seen_in_status(&self, status: &InvitationStatus) -> Option<Seen> {
        let seen = match status {
            InvitationStatus::Revoked => Seen::Wanted,
            _ => Seen::Otherwise,
        };
        (self.action == "invitations.revoke").then_some(seen)
    }

    /// Returns what was to be done, in words: "severity stat", "cancel", "studyDescription".
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
