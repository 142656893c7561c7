//! What a form edits: a study, a user or an invitation, with what differs between them.

use crate::app::access::AccessChange;
use crate::app::form::draft::{Draft, changed};
use crate::app::invitations::Invite;
use crate::app::people::Person;
use crate::app::{Action, Call, Model, Reply};
use crate::wire::{
    GetInvitation, GetStudy, GetUser, Invitation, InvitationId, InvitationStatus, Study, StudyId,
    UpdateInvitation, UpdateUser, User, UserId,
};
use crate::worklist::profile_name;

use super::field::Field;
use super::{person, study};

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

    pub(super) fn read(self) -> Call {
        match self {
            Self::Study(study_id) => Call::GetStudy(GetStudy { study_id }),
            Self::User(user_id) => Call::GetUser(GetUser { user_id }),
            Self::Invitation(invitation_id) => Call::GetInvitation(GetInvitation { invitation_id }),
        }
    }

    /// Something else that was asked of this record has not been answered.
    pub(super) fn is_pending(self, model: &Model) -> bool {
        match self {
            Self::Study(id) => model.changes.pending(id).is_some(),
            Self::User(id) => model.access.is_pending(AccessChange::Revoke(id)),
            Self::Invitation(id) => model.access.is_pending(AccessChange::RevokeInvitation(id)),
        }
    }
}

impl Record {
    /// The record that an answer brings, if it brings one.
    pub(super) fn of(reply: Reply) -> Option<Self> {
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
    pub(super) fn title(&self) -> String {
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

    pub(super) fn fields(&self) -> Vec<Field> {
        match self {
            Self::Study(study) => study::edit_fields(study),
            Self::User(user) => person::edit_fields(&user.email, &self.draft()),
            Self::Invitation(invitation) => person::edit_fields(&invitation.email, &self.draft()),
        }
    }

    /// The PATCH that makes this record into `to`; `None` if it is so already.
    pub(super) fn update(&self, to: &Draft) -> Option<Call> {
        let from = self.draft();
        if changed(&from, to).is_empty() {
            return None;
        }
        Some(match self {
            Self::Study(study) => Call::UpdateStudy(study::patch(study.study_id, &from, to)),
            Self::User(user) => Call::UpdateUser(UpdateUser {
                user_id: user.user_id,
                profile: person::patch(&from, to),
            }),
            Self::Invitation(it) => Call::UpdateInvitation(UpdateInvitation {
                invitation_id: it.invitation_id,
                profile: person::patch(&from, to),
            }),
        })
    }

    /// Why it can no longer be changed, if it cannot.
    pub(super) fn over(&self, model: &Model) -> Option<String> {
        match self {
            Self::Study(_) | Self::User(_) => None,
            Self::Invitation(invitation) => why_over(model, &Invite::from((**invitation).clone())),
        }
    }

    /// Shows the server's record wherever it is listed.
    pub(super) fn show(&self, model: &mut Model) {
        match self {
            Self::Study(study) => {
                model.list.upsert(study, false);
            }
            Self::User(user) => model.people.insert(Person::from((**user).clone())),
            Self::Invitation(invitation) => {
                model
                    .invitations
                    .insert(Invite::from((**invitation).clone()));
            }
        }
    }
}

/// Why an invitation can no longer be changed, if it cannot.
pub(in crate::app) fn why_over(model: &Model, invite: &Invite) -> Option<String> {
    let again = || format!("{} invites again", model.key(Action::InviteAgain));
    let what = match &invite.invitation.status {
        InvitationStatus::Sent if invite.is_expired(model.server_now()) => {
            format!("has expired; {}", again())
        }
        InvitationStatus::Sent => return None,
        InvitationStatus::Accepted => format!(
            "was accepted; {}, {} edits the user",
            model.key(Action::GoUsers),
            model.key(Action::EditUser)
        ),
        InvitationStatus::Rejected => format!("was rejected; {}", again()),
        InvitationStatus::Revoked => format!("is revoked; {}", again()),
        InvitationStatus::Other(status) => {
            return Some(format!("The invitation is \"{status}\", not pending"));
        }
    };
    Some(format!("The invitation {what}"))
}
