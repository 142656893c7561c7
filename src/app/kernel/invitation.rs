//! The invitations that the clinic has sent.

use crate::app::action::Action;
use crate::app::kernel::Kernel;
use crate::app::kernel::person::searched;
use crate::app::widget::roster::{Roster, RosterRecord};
use crate::text::SafeText;
use crate::wire::{Invitation, InvitationId, InvitationStatus, ListInvitations, MAX_PAGE};
use crate::worklist::{Asked, Facet, FacetKind, Faceted, folded, profile_name};
use std::cmp::Ordering;

/// The filter of those that are about to expire.
pub(in crate::app) const EXPIRING: &str = "status:sent expired:no expires:<48h";

pub type InvitationList = Roster<ListedInvitation>;

#[derive(Debug, Clone, PartialEq)]
pub struct ListedInvitation {
    pub id: InvitationId,
    pub name: SafeText,
    pub email: SafeText,
    pub role: SafeText,
    /// The server's record.
    pub invitation: Invitation,
    searched: String,
}

impl ListedInvitation {
    /// Unix milliseconds, if known.
    pub fn expiry(&self) -> Option<i64> {
        self.invitation.expiry.map(|time| time.timestamp_millis())
    }

    pub fn created_at(&self) -> Option<i64> {
        self.invitation
            .created_at
            .map(|time| time.timestamp_millis())
    }

    pub fn is_expired(&self, now: i64) -> bool {
        self.expiry().is_some_and(|expiry| expiry <= now)
    }

    /// Sent and neither answered, revoked nor expired.
    pub fn is_pending(&self, now: i64) -> bool {
        self.invitation.status == InvitationStatus::Sent && !self.is_expired(now)
    }

    /// Why it can no longer be taken back or changed, if it cannot.
    pub(in crate::app) fn over(&self, kernel: &Kernel) -> Option<String> {
        match &self.invitation.status {
            InvitationStatus::Sent if self.is_expired(kernel.server_now()) => {
                Some("The invitation has expired; there is nothing to revoke".into())
            }
            InvitationStatus::Sent => None,
            InvitationStatus::Accepted => Some(format!(
                "The invitation was accepted; {}, {} revokes the user's access",
                kernel.key(Action::GoUsers),
                kernel.key(Action::RevokeAccess)
            )),
            InvitationStatus::Rejected => Some("The invitation was rejected".into()),
            InvitationStatus::Revoked => Some("The invitation is already revoked".into()),
            InvitationStatus::Other(status) => {
                Some(format!("The invitation is \"{status}\", not pending"))
            }
        }
    }
}

const FACETS: &[Facet] = &[
    Facet {
        name: "status",
        values: "sent, accepted, rejected or revoked",
        also: &["is", "state"],
        kind: FacetKind::Word(&["sent", "accepted", "rejected", "revoked"]),
    },
    Facet {
        name: "expired",
        values: "yes or no",
        also: &["late"],
        kind: FacetKind::Word(&["yes", "no"]),
    },
    Facet {
        name: "expires",
        values: "> or < and a time from now such as 48h or 2d",
        also: &["expiry", "age"],
        kind: FacetKind::Span,
    },
    Facet {
        name: "from",
        values: "the first day of sending (UTC), such as 2026-03-01",
        also: &["since", "start", "startdate"],
        kind: FacetKind::Day,
    },
    Facet {
        name: "until",
        values: "the last day of sending (UTC), such as 2026-03-01",
        also: &["to", "end", "enddate"],
        kind: FacetKind::Day,
    },
    Facet {
        name: "user",
        values: "a part of the invited person's name, e-mail or user id",
        also: &["email", "name", "userid"],
        kind: FacetKind::Part,
    },
    Facet {
        name: "level",
        values: "owner, admin or member",
        also: &["rights", "access"],
        kind: FacetKind::Word(&["owner", "admin", "member"]),
    },
    Facet {
        name: "role",
        values: "a part of the role",
        also: &["clinicrole", "job"],
        kind: FacetKind::Part,
    },
];

impl Faceted for ListedInvitation {
    fn holds(&self, facet: &Facet, asked: &Asked, now: i64) -> bool {
        let record = &self.invitation;
        let holds = |text: &str| asked.is_in(&folded(text));
        // The server counts a day in UTC, and both ends of a range in.
        let day = record.created_at.map(|time| time.date_naive());
        match facet.name {
            "status" => asked.is_word(record.status.as_str()),
            "expired" => asked.is_yes() == self.is_expired(now),
            "expires" => self.expiry().is_some_and(|at| asked.admits(at - now)),
            "from" => day.is_some() && day >= asked.day(),
            "until" => day.is_some() && day <= asked.day(),
            "user" => holds(&self.name) || holds(&self.email) || holds(&record.user_id.to_string()),
            "level" => asked.is_word(record.profile.level.as_str()),
            "role" => holds(&self.role),
            _ => false,
        }
    }

    fn searched(&self) -> &str {
        &self.searched
    }
}

impl RosterRecord for ListedInvitation {
    type Id = InvitationId;
    const FACETS: &'static [Facet] = FACETS;

    fn id(&self) -> InvitationId {
        self.id
    }

    /// What still waits for an answer first, the soonest to expire on top; then the newest.
    fn order(&self, other: &Self, now: i64) -> Ordering {
        let pending = self.is_pending(now);
        other.is_pending(now).cmp(&pending).then_with(|| {
            if pending {
                let last = |invite: &Self| invite.expiry().unwrap_or(i64::MAX);
                last(self).cmp(&last(other))
            } else {
                other.created_at().cmp(&self.created_at())
            }
        })
    }
}

impl Roster<ListedInvitation> {
    /// The request for a page.
    pub fn page(cursor: Option<String>) -> ListInvitations {
        ListInvitations {
            limit: Some(MAX_PAGE),
            cursor,
            ..ListInvitations::default()
        }
    }
}

impl From<Invitation> for ListedInvitation {
    fn from(invitation: Invitation) -> Self {
        let profile = &invitation.profile;
        let name = profile_name(profile, &invitation.email);
        Self {
            id: invitation.invitation_id,
            email: SafeText::clean(&invitation.email),
            role: SafeText::clean(profile.clinic_role.as_str()),
            searched: searched(&[
                &name,
                &format!("{} {}", profile.first_name, profile.last_name),
                profile.middle_name.as_deref().unwrap_or_default(),
                &invitation.email,
                profile.clinic_role.as_str(),
                profile.level.as_str(),
                invitation.status.as_str(),
                profile.phone_number.as_deref().unwrap_or_default(),
                &invitation.user_id.to_string(),
                &invitation.invitation_id.to_string(),
            ]),
            name,
            invitation,
        }
    }
}
