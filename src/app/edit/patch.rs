use crate::app::edit::draft::{Draft, Unit, changed, yes_or_no};
use crate::wire::{
    Invitation, InvitationId, Patch, Study, StudyId, UpdateInvitation, UpdateStudy, UpdateUser,
    User, UserId,
};
use crate::worklist::person_name;

macro_rules! draft_of {
    ($record:ty) => {
        impl From<&$record> for Draft {
            fn from(record: &$record) -> Self {
                let mut draft = Self::default();
                let words = |text: &Option<String>| text.clone().unwrap_or_default();
                draft.set(Unit::FirstName, &record.first_name);
                draft.set(Unit::LastName, &record.last_name);
                // The server may write an empty text for what is not there: here both are the same.
                draft.set(Unit::MiddleName, &words(&record.middle_name));
                draft.set(Unit::Suffix1, &words(&record.suffix1));
                draft.set(Unit::Suffix2, &words(&record.suffix2));
                draft.set(Unit::Phone, &words(&record.phone_number));
                draft.set(Unit::Role, record.clinic_role.as_str());
                draft.set(Unit::Level, record.level.as_str());
                draft.set(Unit::ManageStudies, yes_or_no(record.can_manage_studies));
                draft.set(Unit::Dashboard, yes_or_no(record.has_dashboard_access));
                draft
            }
        }
    };
}

draft_of!(User);

draft_of!(Invitation);

macro_rules! patch_of {
    ($(#[$doc:meta])* $name:ident, $id:ty, $patch:ident) => {
        $(#[$doc])*
        pub fn $name(id: $id, from: &Draft, to: &Draft) -> $patch {
            let mut patch = $patch::of(id);
            for unit in changed(from, to) {
                let text = to.text(&unit);
                match unit {
                    Unit::FirstName => patch.first_name = Some(text.to_owned()),
                    Unit::LastName => patch.last_name = Some(text.to_owned()),
                    Unit::MiddleName => patch.middle_name = set_or_clear(text),
                    Unit::Suffix1 => patch.suffix1 = set_or_clear(text),
                    Unit::Suffix2 => patch.suffix2 = set_or_clear(text),
                    Unit::Phone => patch.phone_number = set_or_clear(text),
                    Unit::Role => patch.clinic_role = Some(text.into()),
                    Unit::Level => patch.level = Some(text.into()),
                    Unit::ManageStudies => patch.can_manage_studies = Some(to.is_on(&unit)),
                    Unit::Dashboard => patch.has_dashboard_access = Some(to.is_on(&unit)),
                    // A person has none of these.
                    Unit::Description
                    | Unit::Severity
                    | Unit::Assignee
                    | Unit::Status
                    | Unit::Meta(_) => {}
                }
            }
            patch
        }
    };
}

patch_of!(
    /// The PATCH that makes `from` into `to`: the fields that differ, and no other.
    patch_user, UserId, UpdateUser
);
patch_of!(
    /// The same for an invitation.
    patch_invitation, InvitationId, UpdateInvitation
);

fn set_or_clear(text: &str) -> Patch<String> {
    if text.is_empty() {
        Patch::Clear
    } else {
        Patch::Set(text.to_owned())
    }
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
