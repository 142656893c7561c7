//! Invitations and their four endpoints.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::endpoint::{ack_response, json_body, json_response};
use super::study::push;
use super::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    pub invitation_id: InvitationId,
    /// Given at invitation; becomes the user's own id on acceptance.
    pub user_id: UserId,
    pub email: String,
    #[serde(flatten)]
    pub profile: Profile,
    pub status: InvitationStatus,
    pub invited_source: InvitedSource,
    #[serde(default)]
    pub clinic_id: String,
    /// Who sent it; `None` when it was sent through the API.
    #[serde(default, deserialize_with = "lenient::reference")]
    pub inviter_id: Option<UserId>,
    #[serde(default)]
    pub invited_by_api_key_id: Option<String>,
    #[serde(
        default,
        deserialize_with = "lenient::time",
        serialize_with = "lenient::write_time"
    )]
    pub created_at: Option<DateTime<Utc>>,
    #[serde(
        default,
        deserialize_with = "lenient::time",
        serialize_with = "lenient::write_time"
    )]
    pub updated_at: Option<DateTime<Utc>>,
    #[serde(
        default,
        deserialize_with = "lenient::time",
        serialize_with = "lenient::write_time"
    )]
    pub expiry: Option<DateTime<Utc>>,
}

impl AsRef<Profile> for Invitation {
    fn as_ref(&self) -> &Profile {
        &self.profile
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListInvitations {
    pub expired: Option<ExpiredFilter>,
    /// Empty: every status.
    pub status: Vec<InvitationStatus>,
    /// Created on this day or later.
    pub start_date: Option<NaiveDate>,
    /// Created on this day or earlier.
    pub end_date: Option<NaiveDate>,
    pub user_id: Option<UserId>,
    pub cursor: Option<String>,
    /// 1 to 100.
    pub limit: Option<u32>,
}

impl Endpoint for ListInvitations {
    const INFO: EndpointInfo = EndpointInfo::new(
        "invitations.list",
        Method::Get,
        "/v1/viewer/users/invitations",
        CallClass::Read,
    );
    type Response = Page<Invitation>;

    /// None. A server that ignores the filter sends invitations that nobody asked for. They are read, and
    /// callers check with [`ListInvitations::admits`] before they take one for a user's.
    fn names(&self) -> Names {
        Names::new()
    }

    fn query(&self) -> Query {
        let mut query = Query::new();
        push(&mut query, "expired", &self.expired);
        if !self.status.is_empty() {
            let joined: Vec<&str> = self.status.iter().map(InvitationStatus::as_str).collect();
            query.push(("status", joined.join(",")));
        }
        push(&mut query, "startDate", &self.start_date);
        push(&mut query, "endDate", &self.end_date);
        push(&mut query, "userId", &self.user_id);
        push(&mut query, "cursor", &self.cursor);
        push(&mut query, "limit", &self.limit);
        query
    }

    fn decode(body: &[u8]) -> Result<Self::Response, DecodeError> {
        Page::decode(body, "invitationId")
    }
}

impl ListInvitations {
    /// Whether an invitation is for the user who was asked for.
    pub fn admits(&self, invitation: &Invitation) -> bool {
        self.user_id.is_none_or(|user| user == invitation.user_id)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetInvitation {
    pub invitation_id: InvitationId,
}

impl Endpoint for GetInvitation {
    const INFO: EndpointInfo = EndpointInfo::new(
        "invitations.retrieve",
        Method::Get,
        "/v1/viewer/users/invitations/{invitationId}",
        CallClass::Read,
    );
    type Response = Invitation;

    fn names(&self) -> Names {
        vec![(Identifier::InvitationId, self.invitation_id.to_string())]
    }

    fn path_values(&self) -> Vec<String> {
        vec![self.invitation_id.to_string()]
    }

    json_response!();
}

/// Valid only while the invitation is pending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UpdateInvitation {
    #[serde(skip)]
    pub invitation_id: InvitationId,
    #[serde(flatten)]
    pub profile: ProfilePatch,
}

impl UpdateInvitation {
    /// A PATCH that changes nothing yet.
    pub fn of(invitation_id: InvitationId) -> Self {
        Self {
            invitation_id,
            profile: ProfilePatch::default(),
        }
    }
}

impl Endpoint for UpdateInvitation {
    const INFO: EndpointInfo = EndpointInfo::new(
        "invitations.update",
        Method::Patch,
        "/v1/viewer/users/invitations/{invitationId}",
        CallClass::SetState,
    );
    type Response = Invitation;

    fn names(&self) -> Names {
        vec![(Identifier::InvitationId, self.invitation_id.to_string())]
    }

    fn path_values(&self) -> Vec<String> {
        vec![self.invitation_id.to_string()]
    }

    json_body!();
    json_response!();
}

/// Names the invitation by its id, by its user, or by both. If both are given they must name the same one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RevokeInvitation {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invitation_id: Option<InvitationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
}

impl Endpoint for RevokeInvitation {
    const INFO: EndpointInfo = EndpointInfo::new(
        "invitations.revoke",
        Method::Post,
        "/v1/viewer/users/invitations/revoke",
        CallClass::SetState,
    );
    type Response = Ack;

    /// None, because the answer names no invitation. After a change the invitation is read again.
    fn names(&self) -> Names {
        Names::new()
    }

    json_body!();
    ack_response!();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_statuses_are_joined_by_commas() {
        let list = ListInvitations {
            status: vec![InvitationStatus::Sent, InvitationStatus::Accepted],
            ..Default::default()
        };
        assert_eq!(list.query(), [("status", "sent,accepted".to_owned())]);
    }
}
