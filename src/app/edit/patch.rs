use crate::app::edit::draft::{Draft, Unit, changed, yes_or_no};
use crate::wire::{Patch, Profile, ProfilePatch, Study, StudyId, UpdateStudy};
use crate::worklist::person_name;

impl From<&Profile> for Draft {
    fn from(profile: &Profile) -> Self {
        let mut draft = Self::default();
        let words = |text: &Option<String>| text.clone().unwrap_or_default();
        draft.set(Unit::FirstName, &profile.first_name);
        draft.set(Unit::LastName, &profile.last_name);
        // The server may write an empty text for what is not there: here both are the same.
        draft.set(Unit::MiddleName, &words(&profile.middle_name));
        draft.set(Unit::Suffix1, &words(&profile.suffix1));
        draft.set(Unit::Suffix2, &words(&profile.suffix2));
        draft.set(Unit::Phone, &words(&profile.phone_number));
        draft.set(Unit::Role, profile.clinic_role.as_str());
        draft.set(Unit::Level, profile.level.as_str());
        draft.set(Unit::ManageStudies, yes_or_no(profile.can_manage_studies));
        draft.set(Unit::Dashboard, yes_or_no(profile.has_dashboard_access));
        draft
    }
}

impl Draft {
    /// The profile in a form about a person; a text that is empty is missing.
    pub fn profile(&self) -> Profile {
        let text = |unit: Unit| self.text(&unit).to_owned();
        let optional = |unit: Unit| Some(text(unit)).filter(|text| !text.is_empty());
        Profile {
            first_name: text(Unit::FirstName),
            last_name: text(Unit::LastName),
            middle_name: optional(Unit::MiddleName),
            suffix1: optional(Unit::Suffix1),
            suffix2: optional(Unit::Suffix2),
            phone_number: optional(Unit::Phone),
            clinic_role: self.text(&Unit::Role).into(),
            level: self.text(&Unit::Level).into(),
            can_manage_studies: self.is_on(&Unit::ManageStudies),
            has_dashboard_access: self.is_on(&Unit::Dashboard),
        }
    }
}

/// The PATCH that makes `from` into `to`: the fields that differ, and no other.
pub fn patch_profile(from: &Draft, to: &Draft) -> ProfilePatch {
    ProfilePatch::between(&from.profile(), &to.profile())
}

impl From<&Study> for Draft {
    fn from(study: &Study) -> Self {
        let mut draft = Self::default();
        draft.set(Unit::Description, &study.study_description);
        draft.set(Unit::Severity, study.severity.as_str());
        draft.set(Unit::Status, study.study_viewer_status.as_str());
        draft.set_assignee(study.assigned_to.as_ref().map(|user| {
            let (first, last) = (user.first_name.as_deref(), user.last_name.as_deref());
            (user.user_id, person_name(first, last, &user.email))
        }));
        draft.set_metadata(&study.metadata);
        draft
    }
}

/// The PATCH that makes `from` into `to`: the fields that differ, and no other. Metadata goes whole,
/// because it is unknown whether the server replaces or merges it.
pub fn patch(id: StudyId, from: &Draft, to: &Draft) -> UpdateStudy {
    let mut patch = UpdateStudy::of(id);
    for unit in changed(from, to) {
        let text = to.text(&unit);
        match unit {
            Unit::Description => patch.study_description = Some(text.to_owned()),
            Unit::Severity => patch.severity = Some(text.into()),
            Unit::Status => patch.study_viewer_status = Some(text.into()),
            Unit::Assignee => {
                patch.assigned_to = match to.assignee() {
                    Some((id, _)) => Patch::Set(id),
                    None => Patch::Clear,
                }
            }
            Unit::Meta(_) => {
                let metadata = to.metadata();
                patch.metadata = if metadata.is_empty() {
                    Patch::Clear
                } else {
                    Patch::Set(metadata)
                }
            }
            // A study has none of these.
            Unit::FirstName
            | Unit::LastName
            | Unit::MiddleName
            | Unit::Suffix1
            | Unit::Suffix2
            | Unit::Phone
            | Unit::Role
            | Unit::Level
            | Unit::ManageStudies
            | Unit::Dashboard => {}
        }
    }
    patch
}
