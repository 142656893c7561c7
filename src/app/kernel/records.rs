use crate::app::action::Action;
use crate::app::edit::record::{Record, Subject};
use crate::app::kernel::invitation::ListedInvitation;
use crate::app::kernel::person::ListedUser;
use crate::app::kernel::{Data, Kernel};
use crate::wire::InvitationStatus;

/// Why a record can no longer be changed, if it cannot.
pub(in crate::app) fn why_record_over(kernel: &Kernel, record: &Record) -> Option<String> {
    match record {
        Record::Study(_) | Record::User(_) => None,
        Record::Invitation(invitation) => {
            why_over(kernel, &ListedInvitation::from((**invitation).clone()))
        }
    }
}

impl Data {
    /// Shows the server's record wherever it is listed.
    pub fn show(&mut self, record: &Record) {
        match record {
            Record::Study(study) => {
                self.studies.upsert(study, false);
            }
            Record::User(user) => self.users.insert(ListedUser::from((**user).clone())),
            Record::Invitation(invitation) => {
                self.invitations
                    .insert(ListedInvitation::from((**invitation).clone()));
            }
        }
    }
}

impl Kernel {
    /// Whether another change of this record has not been answered yet.
    pub fn is_pending(&self, subject: Subject) -> bool {
        match subject {
            Subject::Study(id) => self.requests.is_changing(id),
            Subject::User(id) => self.requests.is_changing_access(id),
            Subject::Invitation(id) => self.requests.is_revoking(id),
        }
    }
}

/// Why an invitation can no longer be changed, if it cannot.
pub(in crate::app) fn why_over(kernel: &Kernel, invite: &ListedInvitation) -> Option<String> {
    let again = || format!("{} invites again", kernel.key(Action::InviteAgain));
    let what = match &invite.invitation.status {
        InvitationStatus::Sent if invite.is_expired(kernel.server_now()) => {
            format!("has expired; {}", again())
        }
        InvitationStatus::Sent => return None,
        InvitationStatus::Accepted => format!(
            "was accepted; {}, {} edits the user",
            kernel.key(Action::GoUsers),
            kernel.key(Action::EditUser)
        ),
        InvitationStatus::Rejected => format!("was rejected; {}", again()),
        InvitationStatus::Revoked => format!("is revoked; {}", again()),
        InvitationStatus::Other(status) => {
            return Some(format!("The invitation is \"{status}\", not pending"));
        }
    };
    Some(format!("The invitation {what}"))
}
