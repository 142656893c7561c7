//! What a form edits: a study, a user or an invitation, with what differs between them.

use crate::app::edit::draft::{Draft, changed};
use crate::app::edit::patch;
use crate::app::message::Reply;
use crate::app::message::effect::Call;
use crate::wire::{
    GetInvitation, GetStudy, GetUser, Invitation, InvitationId, Study, StudyId, UpdateInvitation,
    UpdateUser, User, UserId,
};
use crate::worklist::profile_name;

/// Which record a form edits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Study(StudyId),
    User(UserId),
    Invitation(InvitationId),
}

/// A record as the server showed it.
#[derive(Debug, Clone)]
pub enum Record {
    Study(Box<Study>),
    User(Box<User>),
    Invitation(Box<Invitation>),
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Study(id) => id.fmt(f),
            Self::User(id) => id.fmt(f),
            Self::Invitation(id) => id.fmt(f),
        }
    }
}

impl Subject {
    pub fn noun(self) -> &'static str {
        match self {
            Self::Study(_) => "study",
            Self::User(_) => "user",
            Self::Invitation(_) => "invitation",
        }
    }

    pub(in crate::app) fn read(self) -> Call {
        match self {
            Self::Study(study_id) => Call::GetStudy(GetStudy { study_id }),
            Self::User(user_id) => Call::GetUser(GetUser { user_id }),
            Self::Invitation(invitation_id) => Call::GetInvitation(GetInvitation { invitation_id }),
        }
    }
}

impl Record {
    /// The record that an answer brings, if it brings one.
    pub(in crate::app) fn of(reply: Reply) -> Option<Self> {
        match reply {
            Reply::Study(study) => Some(Self::Study(study)),
            Reply::User(user) => Some(Self::User(user)),
            Reply::Invitation(invitation) => Some(Self::Invitation(invitation)),
            Reply::Studies(_)
            | Reply::Link(_)
            | Reply::Users(_)
            | Reply::Invitations(_)
            | Reply::Done => None,
        }
    }

    pub fn subject(&self) -> Subject {
        match self {
            Self::Study(study) => Subject::Study(study.study_id),
            Self::User(user) => Subject::User(user.user_id),
            Self::Invitation(invitation) => Subject::Invitation(invitation.invitation_id),
        }
    }

    /// What a person calls it.
    pub fn name(&self) -> String {
        match self {
            Self::Study(study) => study.study_description.clone(),
            Self::User(user) => profile_name(&user.profile, &user.email).to_string(),
            Self::Invitation(it) => profile_name(&it.profile, &it.email).to_string(),
        }
    }

    /// The title of the form that edits it.
    pub(in crate::app) fn title(&self) -> String {
        match self {
            Self::Study(study) if study.is_cancelled => format!("Edit {} (cancelled)", self.name()),
            Self::Study(_) | Self::User(_) => format!("Edit {}", self.name()),
            Self::Invitation(_) => format!("Edit the invitation of {}", self.name()),
        }
    }

    pub fn draft(&self) -> Draft {
        match self {
            Self::Study(study) => Draft::of(&**study),
            Self::User(user) => Draft::of(&user.profile),
            Self::Invitation(invitation) => Draft::of(&invitation.profile),
        }
    }

    /// The PATCH that turns this record into `to`; `None` if nothing differs.
    pub(in crate::app) fn update(&self, to: &Draft) -> Option<Call> {
        let from = self.draft();
        if changed(&from, to).is_empty() {
            return None;
        }
        Some(match self {
            Self::Study(study) => Call::UpdateStudy(patch::patch(study.study_id, &from, to)),
            Self::User(user) => Call::UpdateUser(UpdateUser {
                user_id: user.user_id,
                profile: patch::patch_profile(&from, to),
            }),
            Self::Invitation(it) => Call::UpdateInvitation(UpdateInvitation {
                invitation_id: it.invitation_id,
                profile: patch::patch_profile(&from, to),
            }),
        })
    }
}
