//! What a user, an invitation and the request for one have in common: who the person is and what they may
//! do.

use serde::{Deserialize, Serialize, Serializer};

use super::{ClinicRole, Patch, UserLevel};

/// The ten fields that users and invitations share. On the wire they stand among the record's own fields.
///
/// The middle name, the suffixes and the phone number can be missing. A record then has `null` there or no
/// field at all, and a PATCH clears one with `null`. A request to invite leaves the field out, because the
/// reference documents it there as optional, not as nullable. So this type writes `null`, and
/// [`InviteUser`](super::InviteUser) writes it through `without_null`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    pub first_name: String,
    pub last_name: String,
    #[serde(default)]
    pub middle_name: Option<String>,
    #[serde(default)]
    pub suffix1: Option<String>,
    #[serde(default)]
    pub suffix2: Option<String>,
    #[serde(default)]
    pub phone_number: Option<String>,
    pub clinic_role: ClinicRole,
    pub level: UserLevel,
    pub can_manage_studies: bool,
    pub has_dashboard_access: bool,
}

impl Profile {
    /// Takes over what a change sets.
    pub fn apply(&mut self, change: &ProfilePatch) {
        set(&mut self.first_name, &change.first_name);
        set(&mut self.last_name, &change.last_name);
        set_or_clear(&mut self.middle_name, &change.middle_name);
        set_or_clear(&mut self.suffix1, &change.suffix1);
        set_or_clear(&mut self.suffix2, &change.suffix2);
        set_or_clear(&mut self.phone_number, &change.phone_number);
        set(&mut self.clinic_role, &change.clinic_role);
        set(&mut self.level, &change.level);
        set(&mut self.can_manage_studies, &change.can_manage_studies);
        set(&mut self.has_dashboard_access, &change.has_dashboard_access);
    }

    /// Returns the profile without empty texts: the server may write either, and to a person both mean
    /// that nothing is there.
    pub fn without_empty(mut self) -> Self {
        for text in [
            &mut self.middle_name,
            &mut self.suffix1,
            &mut self.suffix2,
            &mut self.phone_number,
        ] {
            text.take_if(|text| text.is_empty());
        }
        self
    }

    /// Whether this is an admin without dashboard access, which the reference forbids.
    pub fn breaks_admin_rule(&self) -> bool {
        self.level == UserLevel::Admin && !self.has_dashboard_access
    }
}

fn set<T: Clone>(field: &mut T, change: &Option<T>) {
    if let Some(value) = change {
        field.clone_from(value);
    }
}

fn set_or_clear<T: Clone>(field: &mut Option<T>, change: &Patch<T>) {
    match change {
        Patch::Keep => {}
        Patch::Clear => *field = None,
        Patch::Set(value) => *field = Some(value.clone()),
    }
}

/// What a PATCH does to a [`Profile`]: nothing, as long as no field is set. The e-mail cannot change.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProfilePatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub middle_name: Patch<String>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub suffix1: Patch<String>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub suffix2: Patch<String>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub phone_number: Patch<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clinic_role: Option<ClinicRole>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<UserLevel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub can_manage_studies: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_dashboard_access: Option<bool>,
}

impl ProfilePatch {
    /// Returns the change that makes one profile into another: the fields that differ, and no other.
    pub fn between(from: &Profile, to: &Profile) -> Self {
        Self {
            first_name: changed(&from.first_name, &to.first_name),
            last_name: changed(&from.last_name, &to.last_name),
            middle_name: changed_or_cleared(&from.middle_name, &to.middle_name),
            suffix1: changed_or_cleared(&from.suffix1, &to.suffix1),
            suffix2: changed_or_cleared(&from.suffix2, &to.suffix2),
            phone_number: changed_or_cleared(&from.phone_number, &to.phone_number),
            clinic_role: changed(&from.clinic_role, &to.clinic_role),
            level: changed(&from.level, &to.level),
            can_manage_studies: changed(&from.can_manage_studies, &to.can_manage_studies),
            has_dashboard_access: changed(&from.has_dashboard_access, &to.has_dashboard_access),
        }
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn changed<T: Clone + PartialEq>(from: &T, to: &T) -> Option<T> {
    (from != to).then(|| to.clone())
}

fn changed_or_cleared<T: Clone + PartialEq>(from: &Option<T>, to: &Option<T>) -> Patch<T> {
    match to {
        _ if from == to => Patch::Keep,
        Some(value) => Patch::Set(value.clone()),
        None => Patch::Clear,
    }
}

/// Sets what is there and keeps the rest.
impl From<&Profile> for ProfilePatch {
    fn from(profile: &Profile) -> Self {
        fn given<T: Clone>(value: &Option<T>) -> Patch<T> {
            value.clone().map_or(Patch::Keep, Patch::Set)
        }
        Self {
            first_name: Some(profile.first_name.clone()),
            last_name: Some(profile.last_name.clone()),
            middle_name: given(&profile.middle_name),
            suffix1: given(&profile.suffix1),
            suffix2: given(&profile.suffix2),
            phone_number: given(&profile.phone_number),
            clinic_role: Some(profile.clinic_role.clone()),
            level: Some(profile.level.clone()),
            can_manage_studies: Some(profile.can_manage_studies),
            has_dashboard_access: Some(profile.has_dashboard_access),
        }
    }
}

/// Writes a profile without the fields that are missing from it.
pub(super) fn without_null<S: Serializer>(
    profile: &Profile,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    ProfilePatch::from(profile).serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Endpoint, InviteUser, UpdateInvitation, UpdateUser, User};

    const RECORD: &str = concat!(
        r#"{"userId":"usr_07070707070707070707070707070707","email":"kim@example.org","#,
        r#""firstName":"Ana","lastName":"Kim","middleName":null,"suffix1":"MD","suffix2":null,"#,
        r#""phoneNumber":null,"clinicRole":"Radiologist","level":"member","canManageStudies":true,"#,
        r#""hasDashboardAccess":false,"invitedSource":"api","createdAt":null,"lastLoginAt":null}"#,
    );

    fn user() -> User {
        serde_json::from_str(RECORD).unwrap()
    }

    fn sent<E: Endpoint>(request: &E) -> String {
        String::from_utf8(request.body().unwrap().unwrap()).unwrap()
    }

    #[test]
    fn a_record_is_written_as_one_object_with_null_for_what_is_missing() {
        assert_eq!(serde_json::to_string(&user()).unwrap(), RECORD);
    }

    #[test]
    fn a_record_is_read_whether_the_server_writes_null_or_leaves_a_field_out() {
        let short = RECORD
            .replace(r#""middleName":null,"#, "")
            .replace(r#""phoneNumber":null,"#, "");
        assert_ne!(short, RECORD);
        assert_eq!(serde_json::from_str::<User>(&short).unwrap(), user());
    }

    #[test]
    fn an_unknown_field_passes_and_a_missing_one_is_named() {
        let more = RECORD.replacen('{', r#"{"newField":{"a":[1,null,"x"]},"#, 1);
        assert_eq!(serde_json::from_str::<User>(&more).unwrap(), user());
        for (field, broken) in [
            ("clinicRole", RECORD.replace("clinicRole", "role")),
            ("invitedSource", RECORD.replace("invitedSource", "source")),
            (
                "duplicate field `level`",
                RECORD.replacen('{', r#"{"level":"owner","#, 1),
            ),
        ] {
            let error = serde_json::from_str::<User>(&broken).unwrap_err();
            assert!(error.to_string().contains(field), "{error}");
        }
    }

    /// The fields around a profile are held until its own are found, so each must be valid JSON.
    #[test]
    fn a_record_with_half_a_character_anywhere_is_not_read() {
        let broken = RECORD.replacen('{', r#"{"newField":"\ud800","#, 1);
        assert!(serde_json::from_str::<User>(&broken).is_err());
    }

    #[test]
    fn an_invitation_leaves_out_what_is_not_given() {
        let request = InviteUser {
            email: "kim@example.org".into(),
            profile: user().profile,
        };
        assert_eq!(
            sent(&request),
            concat!(
                r#"{"email":"kim@example.org","firstName":"Ana","lastName":"Kim","suffix1":"MD","#,
                r#""clinicRole":"Radiologist","level":"member","canManageStudies":true,"#,
                r#""hasDashboardAccess":false}"#
            )
        );
    }

    #[test]
    fn a_patch_holds_what_differs_and_brings_one_profile_to_the_other() {
        let from = user().profile;
        let to = Profile {
            last_name: "Lee".into(),
            middle_name: Some("B".into()),
            suffix1: None,
            has_dashboard_access: true,
            ..from.clone()
        };
        let profile = ProfilePatch::between(&from, &to);
        let mut reached = from.clone();
        reached.apply(&profile);
        assert_eq!(reached, to);
        let update = UpdateUser {
            profile,
            ..UpdateUser::of(user().user_id)
        };
        assert_eq!(
            sent(&update),
            r#"{"lastName":"Lee","middleName":"B","suffix1":null,"hasDashboardAccess":true}"#
        );
        assert!(ProfilePatch::between(&from, &from).is_empty());
        let nothing = UpdateInvitation::of(crate::wire::InvitationId::from_bytes([1; 16]));
        assert_eq!(sent(&nothing), "{}");
    }

    #[test]
    fn an_empty_text_is_as_good_as_none() {
        let mut odd = user().profile;
        odd.middle_name = Some(String::new());
        odd.suffix1 = Some(" ".into());
        let clean = odd.clone().without_empty();
        assert_eq!((clean.middle_name, clean.suffix1), (None, odd.suffix1));
    }
}
