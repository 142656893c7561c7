//! What travels over HTTP: ids, records, requests and failures, as plain data.
//!
//! Field names, types and rules follow the Avara Viewer API. A response is read liberally (new fields
//! and new enum values pass through), a request is written strictly. The client calls through
//! [`Endpoint`] and the sandbox routes by it, so verb, path and shape cannot drift apart.

mod base_url;
mod class;
mod endpoint;
mod enums;
mod failure;
mod identity;
mod ids;
mod invitation;
mod lenient;
mod page;
mod patch;
mod profile;
pub mod rules;
mod study;
mod trail;
mod uid;
mod user;

pub use base_url::{BaseUrlError, DEFAULT_BASE_URL, check_base_url, is_loopback};
pub use class::{CallClass, OnUnknown};
pub use endpoint::{DecodeError, ENDPOINTS, Endpoint, EndpointInfo, Method, Query};
pub use enums::{
    ClinicRole, ExpiredFilter, InvitationStatus, InvitedSource, Severity, StudyViewerStatus,
    UserLevel,
};
pub use failure::{Failure, Outcome, span};
pub use identity::{Identifier, Named, Names, check_answer, check_names};
pub use ids::{CustomerId, InvalidId, InvitationId, StudyId, UserId};
pub use invitation::{
    GetInvitation, Invitation, ListInvitations, RevokeInvitation, UpdateInvitation,
};
pub use page::{MAX_PAGE, Page, Unreadable};
pub use patch::{Match, Patch};
pub use profile::{Profile, ProfilePatch};
pub use study::{
    ApiKeyReference, CancelStudy, CreateStudy, CustomerReference, GetStudy, GetStudyByUid,
    ListStudies, Metadata, RerouteUrl, RerouteUrlResponse, Study, StudySelector, UncancelStudy,
    UpdateStudy, UserReference,
};
pub use trail::{Doubt, Follower, MAX_PAGES, Met, PageNews, Trail};
pub use uid::{DicomUid, InvalidUid, ReceivedUid};
pub use user::{
    Ack, GetUser, InviteUser, ListUsers, ReactivateUser, RevokeAccess, UpdateUser, User,
};
