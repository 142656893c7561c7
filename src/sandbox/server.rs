//! The HTTP side: who may ask, and the answer when there is no endpoint.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::time::sleep;

use super::faults::{Door, Faults, Outage, Schedule, inject};
use super::links::Links;
use super::reject::Reject;
use super::routes;
use super::store::SandboxStore;

/// What requests and the living clinic share.
#[derive(Debug)]
pub struct Shared {
    pub store: SandboxStore,
    pub links: Links,
    /// Whether an address may be invited while an invitation to it is pending.
    pub invite_twice: bool,
}

#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    shared: Mutex<Shared>,
    api_key: String,
    addr: SocketAddr,
    latency: Duration,
    door: Door,
    schedule: Mutex<Schedule>,
    requests: Mutex<BTreeMap<&'static str, u64>>,
}

/// The path of the counts of requests. It is not under `/v1`, because the API has no such thing.
pub const REQUESTS: &str = "/sandbox/requests";

impl App {
    pub fn new(store: SandboxStore, addr: SocketAddr, api_key: String, latency: Duration) -> Self {
        let links = Links::new(format!("http://{addr}"));
        Self(Arc::new(Inner {
            shared: Mutex::new(Shared {
                store,
                links,
                invite_twice: false,
            }),
            api_key,
            addr,
            latency,
            door: Door::new(),
            schedule: Mutex::new(Schedule::new(Faults::default())),
            requests: Mutex::default(),
        }))
    }

    /// A handler that panicked left its change either committed or not made, so the rest can go on.
    pub fn lock(&self) -> MutexGuard<'_, Shared> {
        self.0.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn door(&self) -> &Door {
        &self.0.door
    }

    pub fn schedule(&self) -> MutexGuard<'_, Schedule> {
        let schedule = self.0.schedule.lock();
        schedule.unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces the faults. Counting starts over.
    pub fn set_faults(&self, faults: Faults) {
        self.lock().invite_twice = faults.invite_twice;
        let mut schedule = self.schedule();
        *schedule = Schedule::new(faults);
        match schedule.outage() {
            None => self.0.door.open(),
            Some(outage) => self.shut(outage, schedule.faults()),
        }
    }

    /// Closes the port. Returns when it refuses connections.
    pub async fn close(&self, outage: Outage) {
        self.shut(outage, self.schedule().faults());
        self.0.door.settled().await;
    }

    fn shut(&self, outage: Outage, faults: &Faults) {
        self.0.door.shut(match outage {
            Outage::Lasting => None,
            Outage::Brief => Some(faults.down),
        });
    }

    /// Returns the requests of each endpoint so far.
    pub fn requests(&self) -> BTreeMap<&'static str, u64> {
        self.counts().clone()
    }

    fn counts(&self) -> MutexGuard<'_, BTreeMap<&'static str, u64>> {
        let counts = self.0.requests.lock();
        counts.unwrap_or_else(PoisonError::into_inner)
    }
}

pub fn router(app: App) -> Router {
    routes::routes()
        .layer(middleware::from_fn_with_state(app.clone(), inject))
        .layer(middleware::from_fn_with_state(app.clone(), count))
        .route(routes::viewer::PATH, get(routes::viewer::open))
        .route(REQUESTS, get(requests))
        .fallback(|| async { Reject::new(StatusCode::NOT_FOUND, "No such path.") })
        .method_not_allowed_fallback(|| async {
            Reject::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "This path does not take this method.",
            )
        })
        .layer(middleware::from_fn_with_state(app.clone(), guard))
        .with_state(app)
}

/// Lets through only requests of a program on this machine that knows the key.
async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    // A web page can make a browser send requests here, under a name that it resolves to 127.0.0.1. Then the
    // Host is not ours, or there is an Origin.
    if !is_our_host(headers, app.0.addr) {
        return Reject::new(
            StatusCode::MISDIRECTED_REQUEST,
            format!("The sandbox answers to the host {} only.", app.0.addr),
        )
        .into_response();
    }
    if headers.contains_key(header::ORIGIN) {
        return Reject::new(
            StatusCode::FORBIDDEN,
            "The sandbox does not answer web pages.",
        )
        .into_response();
    }
    let is_page = request.uri().path().starts_with("/viewer/");
    if !is_page && !is_authorized(headers, &app.0.api_key) {
        return Reject::new(
            StatusCode::UNAUTHORIZED,
            "The API key is missing or not the sandbox's own.",
        )
        .into_response();
    }
    let answer = next.run(request).await;
    if !app.0.latency.is_zero() {
        sleep(app.0.latency).await;
    }
    answer
}

/// Counts a request that reached an endpoint.
async fn count(State(app): State<App>, request: Request, next: Next) -> Response {
    if let Some(endpoint) = routes::endpoint(&request) {
        *app.counts().entry(endpoint.name).or_default() += 1;
    }
    next.run(request).await
}

async fn requests(State(app): State<App>) -> Response {
    routes::written(&app.requests())
}

fn is_our_host(headers: &HeaderMap, addr: SocketAddr) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|it| it.to_str().ok()) else {
        return false;
    };
    let port = format!(":{}", addr.port());
    // Clients leave out the port if it is HTTP's default.
    let name = match host.strip_suffix(&port) {
        Some(name) => name,
        None if addr.port() == 80 => host,
        None => return false,
    };
    name.eq_ignore_ascii_case("localhost")
        || name == "127.0.0.1"
        || name == "[::1]"
        || host == addr.to_string()
}

fn is_authorized(headers: &HeaderMap, api_key: &str) -> bool {
    headers
        .get(header::AUTHORIZATION)
        .map(|value| value.as_bytes())
        .and_then(|value| value.split_at_checked(7))
        .is_some_and(|(scheme, key)| {
            scheme.eq_ignore_ascii_case(b"Bearer ") && is_same(key, api_key.as_bytes())
        })
}

/// Compares in constant time, so that the time does not tell how much was right.
fn is_same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |diff, (a, b)| diff | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &str) -> HeaderMap {
        [(name, value.parse().unwrap())].into_iter().collect()
    }

    #[test]
    fn only_loopback_names_with_the_port_are_ours() {
        let addr = "127.0.0.1:4010".parse().unwrap();
        for (host, ours) in [
            ("127.0.0.1:4010", true),
            ("localhost:4010", true),
            ("LOCALHOST:4010", true),
            ("[::1]:4010", true),
            ("127.0.0.1", false),
            ("localhost", false),
            ("127.0.0.1:4011", false),
            ("example.org:4010", false),
            ("localhost.example.org:4010", false),
            ("", false),
        ] {
            assert_eq!(
                is_our_host(&headers(header::HOST, host), addr),
                ours,
                "{host}"
            );
        }
        assert!(!is_our_host(&HeaderMap::new(), addr));
        let http = "127.0.0.1:80".parse().unwrap();
        assert!(is_our_host(&headers(header::HOST, "localhost"), http));
    }

    #[test]
    fn only_the_key_itself_is_the_key() {
        for (value, ok) in [
            ("Bearer secret", true),
            ("bearer secret", true),
            ("Bearer secre", false),
            ("Bearer secret2", false),
            ("Bearer ", false),
            ("Basic secret", false),
            ("secret", false),
            ("", false),
        ] {
            let headers = headers(header::AUTHORIZATION, value);
            assert_eq!(is_authorized(&headers, "secret"), ok, "{value}");
        }
    }
}
