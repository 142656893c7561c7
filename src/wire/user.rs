//! Users and their six endpoints.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::endpoint::{ack_response, json_body, json_response};
use super::study::push;
use super::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    pub user_id: UserId,
    pub email: String,
    #[serde(flatten)]
    pub profile: Profile,
    pub invited_source: InvitedSource,
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
    pub last_login_at: Option<DateTime<Utc>>,
}

impl AsRef<Profile> for User {
    fn as_ref(&self) -> &Profile {
        &self.profile
    }
}

/// The answer of a call that only acknowledges. `success: false` is a failure although the status is 200.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    pub success: bool,
    #[serde(default)]
    pub message: Option<String>,
}

/// Creates a user and sends a real invitation e-mail.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InviteUser {
    pub email: String,
    #[serde(flatten, serialize_with = "profile::without_null")]
    pub profile: Profile,
}

impl Endpoint for InviteUser {
    const INFO: EndpointInfo = EndpointInfo::new(
        "users.invite",
        Method::Post,
        "/v1/viewer/users",
        CallClass::Invite,
    );
    type Response = User;

    /// The address, because the server chooses the id.
    fn names(&self) -> Names {
        vec![(Identifier::Email, self.email.clone())]
    }

    json_body!();
    json_response!();
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListUsers {
    /// The whole address.
    pub email: Option<String>,
    /// Contained in the first name.
    pub first_name: Option<String>,
    /// Contained in the last name.
    pub last_name: Option<String>,
    pub invited_source: Option<InvitedSource>,
    pub level: Option<UserLevel>,
    pub cursor: Option<String>,
    /// 1 to 100.
    pub limit: Option<u32>,
}

impl Endpoint for ListUsers {
    const INFO: EndpointInfo = EndpointInfo::new(
        "users.list",
        Method::Get,
        "/v1/viewer/users",
        CallClass::Read,
    );
    type Response = Page<User>;

    /// None. A server that ignores the filter sends users that nobody asked for, each of them still correct
    /// in itself. They are read, and callers check with [`ListUsers::admits`] before they take one for the
    /// owner of an address.
    fn names(&self) -> Names {
        Names::new()
    }

    fn query(&self) -> Query {
        let mut query = Query::new();
        push(&mut query, "email", &self.email);
        push(&mut query, "firstName", &self.first_name);
        push(&mut query, "lastName", &self.last_name);
        push(&mut query, "invitedSource", &self.invited_source);
        push(&mut query, "level", &self.level);
        push(&mut query, "cursor", &self.cursor);
        push(&mut query, "limit", &self.limit);
        query
    }

    fn decode(body: &[u8]) -> Result<Self::Response, DecodeError> {
        Page::decode(body, "userId")
    }
}

impl ListUsers {
    /// Whether a user has the address that was asked for, in whatever case.
    pub fn admits(&self, user: &User) -> bool {
        self.email
            .as_ref()
            .is_none_or(|email| rules::is_same_address(email, &user.email))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetUser {
    pub user_id: UserId,
}

impl Endpoint for GetUser {
    const INFO: EndpointInfo = EndpointInfo::new(
        "users.retrieve",
        Method::Get,
        "/v1/viewer/users/{userId}",
        CallClass::Read,
    );
    type Response = User;

    fn names(&self) -> Names {
        vec![(Identifier::UserId, self.user_id.to_string())]
    }

    fn path_values(&self) -> Vec<String> {
        vec![self.user_id.to_string()]
    }

    json_response!();
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UpdateUser {
    #[serde(skip)]
    pub user_id: UserId,
    #[serde(flatten)]
    pub profile: ProfilePatch,
}

impl UpdateUser {
    /// A PATCH that changes nothing yet.
    pub fn of(user_id: UserId) -> Self {
        Self {
            user_id,
            profile: ProfilePatch::default(),
        }
    }
}

impl Endpoint for UpdateUser {
    const INFO: EndpointInfo = EndpointInfo::new(
        "users.update",
        Method::Patch,
        "/v1/viewer/users/{userId}",
        CallClass::SetState,
    );
    type Response = User;

    fn names(&self) -> Names {
        vec![(Identifier::UserId, self.user_id.to_string())]
    }

    fn path_values(&self) -> Vec<String> {
        vec![self.user_id.to_string()]
    }

    json_body!();
    json_response!();
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RevokeAccess {
    pub user_id: UserId,
}

impl Endpoint for RevokeAccess {
    const INFO: EndpointInfo = EndpointInfo::new(
        "users.revoke_access",
        Method::Post,
        "/v1/viewer/users/revoke-access",
        CallClass::SetStateUnverifiable,
    );
    type Response = Ack;

    /// None, because the answer names no user and the API does not show the state.
    fn names(&self) -> Names {
        Names::new()
    }

    json_body!();
    ack_response!();
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReactivateUser {
    pub user_id: UserId,
}

impl Endpoint for ReactivateUser {
    const INFO: EndpointInfo = EndpointInfo::new(
        "users.reactivate",
        Method::Post,
        "/v1/viewer/users/reactivate",
        CallClass::SetStateUnverifiable,
    );
    type Response = Ack;

    /// None, because the answer names no user and the API does not show the state.
    fn names(&self) -> Names {
        Names::new()
    }

    json_body!();
    ack_response!();
}
