//! The 18 endpoints. Verb and path come from [`Endpoint::INFO`], the answer's type from the endpoint.

mod invitations;
mod people;
mod studies;
mod users;
pub mod viewer;

use std::str::FromStr;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, RawPathParamsRejection};
use axum::extract::{MatchedPath, RawPathParams, RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use chrono::{DateTime, Utc};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::body::Fields;
use super::query::{QueryString, Window};
use super::reject::Reject;
use super::server::{App, Shared};
use super::store::WritingCall;
use super::{clock, cursor};
use crate::wire::{
    Ack, CancelStudy, CreateStudy, ENDPOINTS, Endpoint, EndpointInfo, GetInvitation, GetStudy,
    GetStudyByUid, GetUser, Invitation, InviteUser, ListInvitations, ListStudies, ListUsers,
    Method, Page, ReactivateUser, RerouteUrl, RerouteUrlResponse, RevokeAccess, RevokeInvitation,
    Study, UncancelStudy, UpdateInvitation, UpdateStudy, UpdateUser, User,
};

/// The header in which a test names an operation, to find it in the ledger.
const OPERATION: &str = "x-avara-operation";

/// A request, as far as every endpoint needs it.
pub struct ApiRequest<'a> {
    pub state: &'a mut Shared,
    pub now: DateTime<Utc>,
    pub query: QueryString,
    path_value: Option<String>,
    body: Bytes,
}

impl ApiRequest<'_> {
    pub fn fields(&self) -> Result<Fields, Reject> {
        Fields::parse(&self.body)
    }

    /// The id in the path.
    pub fn path_id<T: FromStr<Err: std::fmt::Display>>(
        &self,
        field: &'static str,
    ) -> Result<T, Reject> {
        self.path_value
            .as_deref()
            .unwrap_or_default()
            .parse()
            .map_err(|error: T::Err| Reject::invalid(field, error))
    }
}

pub fn routes() -> Router<App> {
    let router = Router::new();
    let router = route::<CreateStudy>(router, studies::create);
    let router = route_as::<ListStudies, _>(router, studies::list);
    let router = route::<GetStudy>(router, studies::get);
    let router = route::<UpdateStudy>(router, studies::update);
    let router = route::<CancelStudy>(router, studies::cancel);
    let router = route::<UncancelStudy>(router, studies::uncancel);
    let router = route::<RerouteUrl>(router, studies::reroute_url);
    let router = route::<GetStudyByUid>(router, studies::get_by_uid);
    let router = route::<InviteUser>(router, users::invite);
    let router = route::<ListUsers>(router, users::list);
    let router = route::<GetUser>(router, users::get);
    let router = route::<UpdateUser>(router, users::update);
    let router = route::<RevokeAccess>(router, users::revoke_access);
    let router = route::<ReactivateUser>(router, users::reactivate);
    let router = route::<ListInvitations>(router, invitations::list);
    let router = route::<GetInvitation>(router, invitations::get);
    let router = route::<UpdateInvitation>(router, invitations::update);
    route::<RevokeInvitation>(router, invitations::revoke)
}

fn route<E>(
    router: Router<App>,
    answer: fn(ApiRequest) -> Result<E::Response, Reject>,
) -> Router<App>
where
    E: Endpoint<Response: JsonReply> + 'static,
{
    route_as::<E, _>(router, answer)
}

/// A route whose answer is the endpoint's response in another form.
fn route_as<E, A>(router: Router<App>, answer: fn(ApiRequest) -> Result<A, Reject>) -> Router<App>
where
    E: Endpoint + 'static,
    A: JsonReply + 'static,
{
    let method = match E::INFO.method {
        Method::Get => MethodFilter::GET,
        Method::Post => MethodFilter::POST,
        Method::Patch => MethodFilter::PATCH,
    };
    let handler = move |State(app): State<App>,
                        params: Result<RawPathParams, RawPathParamsRejection>,
                        RawQuery(query): RawQuery,
                        uri: Uri,
                        headers: HeaderMap,
                        body: Result<Bytes, BytesRejection>| async move {
        let body = match body {
            Ok(body) => body,
            Err(error) => {
                return Reject::new(error.status(), "The body could not be read.").into_response();
            }
        };
        let Ok(params) = params else {
            return Reject::bad_request("The path is not UTF-8.").into_response();
        };
        let now = clock::now();
        let mut state = app.lock();
        state.store.attribute(origin(E::INFO, &uri, &headers, now));
        let call = ApiRequest {
            state: &mut state,
            now,
            query: QueryString::parse(query.as_deref().unwrap_or_default()),
            path_value: params.iter().next().map(|(_, value)| value.to_owned()),
            body,
        };
        let answer = answer(call);
        state.store.attribute(None);
        drop(state);
        match answer.and_then(|answer| Ok(answer.into_json()?)) {
            Ok(json) => json_response(json),
            Err(reject) => reject.into_response(),
        }
    };
    router.route(E::INFO.path, on(method, handler))
}

/// Returns whom the ledger names for what a call does. A read does nothing.
fn origin(
    endpoint: EndpointInfo,
    uri: &Uri,
    headers: &HeaderMap,
    at: DateTime<Utc>,
) -> Option<WritingCall> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    (endpoint.method != Method::Get).then(|| WritingCall {
        operation: headers.get(OPERATION).map(text),
        method: endpoint.method.to_string(),
        path: uri.path().to_owned(),
        at,
    })
}

/// Returns the endpoint of a routed request.
pub fn endpoint(request: &Request) -> Option<EndpointInfo> {
    let path = request.extensions().get::<MatchedPath>()?.as_str();
    let method = request.method().as_str();
    let is_it = |it: &EndpointInfo| it.path == path && it.method.to_string() == method;
    ENDPOINTS.into_iter().find(is_it)
}

/// An answer outside the API.
pub fn written(value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(json) => json_response(json),
        Err(error) => Reject::from(error).into_response(),
    }
}

fn json_response(json: Vec<u8>) -> Response {
    let mut response = json.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A response as the API writes it.
pub trait JsonReply {
    fn into_json(self) -> serde_json::Result<Vec<u8>>;
}

macro_rules! answers {
    ($($name:ty),+) => {$(
        impl JsonReply for $name {
            fn into_json(self) -> serde_json::Result<Vec<u8>> {
                serde_json::to_vec(&self)
            }
        }
    )+};
}
answers!(Ack, Invitation, RerouteUrlResponse, Study, User);

/// A record that comes in pages.
pub trait PagedRecord: Serialize {
    /// The member of the page with the records.
    const PLURAL: &'static str;
}

impl PagedRecord for User {
    const PLURAL: &'static str = "users";
}
impl PagedRecord for Invitation {
    const PLURAL: &'static str = "invitations";
}

struct PageBody<'a, T>(&'a Page<T>);

impl<T: PagedRecord> Serialize for PageBody<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry(T::PLURAL, &self.0.items)?;
        map.serialize_entry("cursor", &self.0.cursor)?;
        map.serialize_entry("hasMore", &self.0.has_more)?;
        map.end()
    }
}

impl<T: PagedRecord> JsonReply for Page<T> {
    fn into_json(self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(&PageBody(&self))
    }
}

/// JSON that is already written.
pub struct Written(Vec<u8>);

impl JsonReply for Written {
    fn into_json(self) -> serde_json::Result<Vec<u8>> {
        Ok(self.0)
    }
}

/// Returns a page whose cursor is the offset after its last record.
fn page<T>(items: Vec<T>, window: Window, has_more: bool) -> Page<T> {
    let next = window.offset + items.len() as u64;
    Page {
        items,
        unreadable: Vec::new(),
        cursor: has_more.then(|| cursor::encode(next)),
        has_more,
    }
}

/// Returns a page of studies whose JSON is already written.
fn page_of_studies(studies: &[u8], count: usize, window: Window, has_more: bool) -> Written {
    let next = window.offset + count as u64;
    let cursor = if has_more {
        format!("\"{}\"", cursor::encode(next))
    } else {
        "null".into()
    };
    let tail = format!("],\"cursor\":{cursor},\"hasMore\":{has_more}}}");
    let parts = [b"{\"studies\":[".as_slice(), studies, tail.as_bytes()];
    Written(parts.concat())
}

/// Returns the part of a list that was asked for, filtered record by record.
fn page_of<'a, T: Clone + 'a>(matches: impl Iterator<Item = &'a T>, window: Window) -> Page<T> {
    let offset = usize::try_from(window.offset).unwrap_or(usize::MAX);
    let mut rest = matches.skip(offset);
    let items = rest.by_ref().take(window.limit).cloned().collect();
    page(items, window, rest.next().is_some())
}

fn done(message: &str) -> Ack {
    Ack {
        success: true,
        message: Some(message.into()),
    }
}
