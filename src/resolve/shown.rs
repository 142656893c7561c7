//! Whether a record shows what a write was meant to do. The command line, the worklist and the changes that
//! an earlier run left open all ask here.

use super::Seen;
use crate::wire::rules::is_same_address;
use crate::wire::{
    CancelStudy, CreateStudy, Invitation, InvitationStatus, InviteUser, Patch, Profile,
    ProfilePatch, RevokeInvitation, Study, UncancelStudy, UpdateInvitation, UpdateStudy,
    UpdateUser, User, UserId,
};

/// A record that shows whether a write was done.
pub trait Shows<W> {
    /// Whether it has everything that the write sets. A server may answer 200 and do nothing, or half of it.
    fn shows(&self, write: &W) -> bool;
}

/// A write that changes a record which was there before.
pub trait Touches<R> {
    /// Whether a record has, in every field that this sets, what it had before.
    fn is_untouched(&self, before: &R, now: &R) -> bool;
}

impl Seen {
    /// Returns what a record shows of a change, given the record before it.
    pub fn of<W: Touches<R>, R: Shows<W>>(write: &W, before: &R, now: &R) -> Self {
        if now.shows(write) {
            Self::Wanted
        } else if write.is_untouched(before, now) {
            Self::Unchanged
        } else {
            Self::Otherwise
        }
    }

    /// Returns what a record shows of a change, given the change that sets what was there before.
    pub fn of_replacement<W, R: Shows<W>>(change: &W, before: &W, now: &R) -> Self {
        if now.shows(change) {
            Self::Wanted
        } else if now.shows(before) {
            Self::Unchanged
        } else {
            Self::Otherwise
        }
    }

    /// Returns what a record shows of a write, if there was no record before it or nobody knows what it was
    /// like.
    pub fn of_new<W, R: Shows<W>>(write: &W, now: &R) -> Self {
        if now.shows(write) {
            Self::Wanted
        } else {
            Self::Otherwise
        }
    }
}

impl Shows<UpdateStudy> for Study {
    fn shows(&self, write: &UpdateStudy) -> bool {
        let has_metadata = match &write.metadata {
            Patch::Keep => true,
            Patch::Clear => self.metadata.is_empty(),
            Patch::Set(metadata) => *metadata == self.metadata,
        };
        has_metadata
            && is_or_kept(&write.study_description, &self.study_description)
            && is_or_kept(&write.severity, &self.severity)
            && is_or_kept(&write.study_viewer_status, &self.study_viewer_status)
            && write.assigned_to.is_in(assignee(self).as_ref())
    }
}

impl Touches<Study> for UpdateStudy {
    fn is_untouched(&self, before: &Study, now: &Study) -> bool {
        // Metadata is sent whole, so that of all keys counts.
        (self.metadata.is_keep() || before.metadata == now.metadata)
            && (self.study_description.is_none()
                || before.study_description == now.study_description)
            && (self.severity.is_none() || before.severity == now.severity)
            && (self.study_viewer_status.is_none()
                || before.study_viewer_status == now.study_viewer_status)
            && (self.assigned_to.is_keep() || assignee(before) == assignee(now))
    }
}

fn is_or_kept<T: PartialEq>(wanted: &Option<T>, found: &T) -> bool {
    wanted.as_ref().is_none_or(|wanted| wanted == found)
}

fn assignee(study: &Study) -> Option<UserId> {
    study.assigned_to.as_ref().map(|user| user.user_id)
}

impl Shows<CancelStudy> for Study {
    fn shows(&self, _: &CancelStudy) -> bool {
        self.is_cancelled
    }
}

impl Touches<Study> for CancelStudy {
    fn is_untouched(&self, before: &Study, now: &Study) -> bool {
        before.is_cancelled == now.is_cancelled
    }
}

impl Shows<UncancelStudy> for Study {
    fn shows(&self, _: &UncancelStudy) -> bool {
        !self.is_cancelled
    }
}

impl Touches<Study> for UncancelStudy {
    fn is_untouched(&self, before: &Study, now: &Study) -> bool {
        before.is_cancelled == now.is_cancelled
    }
}

impl Shows<CreateStudy> for Study {
    fn shows(&self, write: &CreateStudy) -> bool {
        let customer = self.customer.as_ref().map(|one| one.express_customer_id);
        // A server may add to the metadata of a new study.
        let mut metadata = write.metadata.iter();
        let has_metadata = metadata.all(|(key, value)| self.metadata.get(key) == Some(value));
        self.study_instance_uid.as_str() == write.study_instance_uid.as_str()
            && self.study_description.trim() == write.study_description.trim()
            && self.severity == write.severity
            && has_metadata
            && (write.assigned_to.is_none() || write.assigned_to == assignee(self))
            && (write.express_customer_id.is_none() || write.express_customer_id == customer)
    }
}

impl Shows<ProfilePatch> for Profile {
    fn shows(&self, write: &ProfilePatch) -> bool {
        let shown = self.clone().without_empty();
        let mut changed = shown.clone();
        changed.apply(write);
        changed == shown
    }
}

impl Touches<Profile> for ProfilePatch {
    fn is_untouched(&self, before: &Profile, now: &Profile) -> bool {
        let (before, now) = (before.clone().without_empty(), now.clone().without_empty());
        let (mut before_set, mut now_set) = (before.clone(), now.clone());
        before_set.apply(self);
        now_set.apply(self);
        // Applying this to both makes the fields that it sets the same. If that removes no difference, they
        // were the same before.
        Self::between(&before, &now) == Self::between(&before_set, &now_set)
    }
}

impl Shows<UpdateUser> for User {
    fn shows(&self, write: &UpdateUser) -> bool {
        self.profile.shows(&write.profile)
    }
}

impl Touches<User> for UpdateUser {
    fn is_untouched(&self, before: &User, now: &User) -> bool {
        self.profile.is_untouched(&before.profile, &now.profile)
    }
}

impl Shows<UpdateInvitation> for Invitation {
    fn shows(&self, write: &UpdateInvitation) -> bool {
        self.profile.shows(&write.profile)
    }
}

impl Touches<Invitation> for UpdateInvitation {
    fn is_untouched(&self, before: &Invitation, now: &Invitation) -> bool {
        self.profile.is_untouched(&before.profile, &now.profile)
    }
}

impl Shows<InviteUser> for User {
    fn shows(&self, write: &InviteUser) -> bool {
        is_invited(write, &self.email, &self.profile)
    }
}

impl Shows<InviteUser> for Invitation {
    fn shows(&self, write: &InviteUser) -> bool {
        is_invited(write, &self.email, &self.profile)
    }
}

fn is_invited(write: &InviteUser, email: &str, profile: &Profile) -> bool {
    is_same_address(&write.email, email)
        && write.profile.clone().without_empty() == profile.clone().without_empty()
}

impl Shows<RevokeInvitation> for Invitation {
    fn shows(&self, _: &RevokeInvitation) -> bool {
        self.status == InvitationStatus::Revoked
    }
}

impl Touches<Invitation> for RevokeInvitation {
    fn is_untouched(&self, before: &Invitation, now: &Invitation) -> bool {
        before.status == now.status
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::{Intent, SentField};
    use crate::wire::{ClinicRole, Metadata, Severity, StudyViewerStatus, UserLevel};

    fn study() -> Study {
        serde_json::from_str(
            r#"{"studyId":"stu_01010101010101010101010101010101","studyInstanceUid":"1.2",
                "studyDescription":"CT","severity":"normal","studyViewerStatus":"incomplete",
                "isCancelled":false,"metadata":{"room":"3"},
                "assignedTo":{"userId":"usr_07070707070707070707070707070707","email":"a@b.c"}}"#,
        )
        .unwrap()
    }

    fn unassigned() -> Study {
        Study {
            assigned_to: None,
            ..study()
        }
    }

    fn patch() -> UpdateStudy {
        UpdateStudy::of(study().study_id)
    }

    #[test]
    fn a_study_is_compared_in_the_fields_that_were_sent() {
        let free = UpdateStudy {
            assigned_to: Patch::Clear,
            severity: Some(Severity::Stat),
            ..patch()
        };
        let is = |severity, assigned_to| Study {
            severity,
            assigned_to,
            ..study()
        };
        let kim = study().assigned_to;
        for (now, seen) in [
            (is(Severity::Stat, None), Seen::Wanted),
            (is(Severity::Normal, kim.clone()), Seen::Unchanged),
            // Half of it, and something else.
            (is(Severity::Stat, kim.clone()), Seen::Otherwise),
            (is(Severity::High, kim), Seen::Otherwise),
        ] {
            assert_eq!(Seen::of(&free, &study(), &now), seen, "{now:?}");
        }
        let other = Study {
            study_description: "MR".into(),
            study_viewer_status: StudyViewerStatus::Complete,
            ..study()
        };
        assert_eq!(Seen::of(&free, &study(), &other), Seen::Unchanged);
        assert_eq!(Seen::of(&patch(), &study(), &other), Seen::Wanted);
    }

    #[test]
    fn metadata_counts_as_a_whole() {
        let with = |pairs: &[(&str, &str)]| -> Metadata {
            let pairs = pairs.iter().map(|(k, v)| ((*k).into(), (*v).into()));
            pairs.collect()
        };
        let write = UpdateStudy {
            metadata: Patch::Set(with(&[("room", "4")])),
            ..patch()
        };
        for (metadata, seen) in [
            (with(&[("room", "4")]), Seen::Wanted),
            (with(&[("room", "3")]), Seen::Unchanged),
            // Sent once more, this would lose the key that somebody has added.
            (with(&[("bay", "1"), ("room", "3")]), Seen::Otherwise),
        ] {
            let now = Study {
                metadata,
                ..study()
            };
            assert_eq!(Seen::of(&write, &study(), &now), seen, "{now:?}");
        }
    }

    #[test]
    fn a_cancelled_study_shows_one_of_two_states() {
        let (open, cancelled) = (
            study(),
            Study {
                is_cancelled: true,
                ..study()
            },
        );
        let id = open.study_id;
        let (cancel, uncancel) = (CancelStudy(id.into()), UncancelStudy(id.into()));
        assert_eq!(Seen::of(&cancel, &open, &cancelled), Seen::Wanted);
        assert_eq!(Seen::of(&cancel, &open, &open), Seen::Unchanged);
        assert_eq!(Seen::of(&uncancel, &cancelled, &open), Seen::Wanted);
        assert_eq!(Seen::of(&uncancel, &cancelled, &cancelled), Seen::Unchanged);
    }

    #[test]
    fn a_new_study_may_have_more_than_was_asked_for_and_not_less() {
        let asked = CreateStudy {
            study_instance_uid: "1.2".parse().unwrap(),
            study_description: "CT ".into(),
            severity: Severity::Normal,
            assigned_to: None,
            express_customer_id: None,
            metadata: Metadata::new(),
        };
        assert_eq!(Seen::of_new(&asked, &study()), Seen::Wanted);
        let assigned = CreateStudy {
            assigned_to: study().assigned_to.map(|user| user.user_id),
            ..asked
        };
        assert_eq!(Seen::of_new(&assigned, &study()), Seen::Wanted);
        assert_eq!(Seen::of_new(&assigned, &unassigned()), Seen::Otherwise);
    }

    fn profile(last_name: &str, level: UserLevel, suffix1: Option<&str>) -> Profile {
        Profile {
            first_name: "Ana".into(),
            last_name: last_name.into(),
            middle_name: None,
            suffix1: suffix1.map(str::to_owned),
            suffix2: None,
            phone_number: None,
            clinic_role: ClinicRole::Radiologist,
            level,
            can_manage_studies: true,
            has_dashboard_access: false,
        }
    }

    #[test]
    fn a_profile_is_compared_in_the_fields_that_were_sent() {
        use UserLevel::{Admin, Member};
        let write = ProfilePatch {
            last_name: Some("Lee".into()),
            suffix1: Patch::Clear,
            ..ProfilePatch::default()
        };
        let before = profile("Kim", Member, Some("MD"));
        for (now, seen) in [
            (profile("Lee", Member, None), Seen::Wanted),
            // An empty text is as good as none.
            (profile("Lee", Admin, Some("")), Seen::Wanted),
            (profile("Kim", Admin, Some("MD")), Seen::Unchanged),
            (profile("Lee", Member, Some("MD")), Seen::Otherwise),
            (profile("Bell", Member, Some("MD")), Seen::Otherwise),
        ] {
            assert_eq!(Seen::of(&write, &before, &now), seen, "{now:?}");
        }
        // A field that is sent as it was still counts.
        let same = ProfilePatch {
            last_name: Some("Lee".into()),
            level: Some(Member),
            ..ProfilePatch::default()
        };
        let now = profile("Kim", Admin, Some("MD"));
        assert_eq!(Seen::of(&same, &before, &now), Seen::Otherwise);
    }

    #[test]
    fn what_an_earlier_run_sent_is_reported_as_far_as_the_journal_kept_it() {
        let intent = |action: &str, fields: &[(&str, Option<&str>)]| Intent {
            operation: "0".repeat(16),
            action: action.into(),
            at: 0,
            targets: Vec::new(),
            fields: fields
                .iter()
                .map(|(name, value)| SentField {
                    name: (*name).into(),
                    value: value.map(str::to_owned),
                })
                .collect(),
        };
        let study_update = |fields: &[_]| intent("studies.update", fields);
        let kim = "usr_07070707070707070707070707070707";
        for (intent, seen) in [
            (intent("studies.cancel", &[]), Some(Seen::Otherwise)),
            (intent("studies.uncancel", &[]), Some(Seen::Wanted)),
            (
                study_update(&[("severity", Some("normal")), ("assignedTo", Some(kim))]),
                Some(Seen::Wanted),
            ),
            (
                study_update(&[("assignedTo", Some("null"))]),
                Some(Seen::Otherwise),
            ),
            // The journal keeps no texts.
            (
                study_update(&[("severity", Some("normal")), ("studyDescription", None)]),
                None,
            ),
        ] {
            assert_eq!(intent.seen_in(&study()), seen, "{intent:?}");
        }
        let update = |fields: &[_]| intent("users.update", fields);
        let profile = profile("Kim", UserLevel::Member, None);
        for (intent, seen) in [
            (update(&[("level", Some("member"))]), Some(Seen::Wanted)),
            (
                update(&[("canManageStudies", Some("false"))]),
                Some(Seen::Otherwise),
            ),
            (update(&[("lastName", None)]), None),
        ] {
            assert_eq!(intent.seen_in_profile(&profile), seen, "{intent:?}");
        }
    }
}
