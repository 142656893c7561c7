//! The HTTP client: the one place that sends a request, reads its answer and decides whether to send it
//! again.
//!
//! A write is sent once, whatever happens. A read is repeated as [`retry`] says. An answer about another
//! record than the requested one is a failure. Nothing here logs or prints, and neither keys nor the server's
//! address get into a [`Failure`].
//!
//! One file, because what is sent, repeated and believed is one decision after the other.

mod body;
pub mod headers;
mod recorder;
mod refusal;
pub mod retry;
pub mod viewer_url;
pub mod walk;

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Certificate, Response, redirect};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use url::Url;

pub use crate::wire::{BaseUrlError, check_base_url};
pub use recorder::WriteRecorder;

use crate::wire::{CallClass, Endpoint, Failure, Method, check_answer, is_loopback};
use retry::{Backoff, FailedAttempt, Patience, Policy};
use viewer_url::{UnsafeUrl, check_viewer_url};

/// The largest answer that is read, in bytes. A page of 100 studies with full metadata is about 6 MB.
pub const BODY_LIMIT: u64 = 32 << 20;

/// A body of this many bytes takes half a millisecond to decode, which is longer than it takes to hand it to
/// another thread.
const LONG_BODY: usize = 64 << 10;
/// This many such bodies are decoded at a time. With one, the next would begin only when the loop hears of
/// its end; more than two need more memory and gain nothing.
const DECODING: usize = 2;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const TIMEOUT: Duration = Duration::from_secs(60);
/// Requests in flight at a time.
const IN_FLIGHT: usize = 6;
/// Shorter than any server's keep-alive, so that a read does not use a connection that is being closed.
const POOL_IDLE: Duration = Duration::from_secs(4);
const USER_AGENT: &str = concat!("avara-tui/", env!("CARGO_PKG_VERSION"));

/// The address of the server, and the key that requests carry.
#[derive(Clone)]
pub struct Connection {
    /// As [`check_base_url`] returns it.
    pub base_url: Url,
    pub key: SecretString,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("base_url", &self.base_url.as_str())
            .finish_non_exhaustive()
    }
}

/// What else a site sets up: which certificates to trust, and where its viewer is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Site {
    /// Certificates in PEM to trust in addition to the system's.
    pub ca_bundle: Option<Vec<u8>>,
    /// The hosts that viewer links may lead to, instead of the default ones.
    pub viewer_hosts: Option<Vec<String>>,
}

/// Why a client could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    #[error("the base URL cannot be used: {0}")]
    BaseUrl(#[from] BaseUrlError),
    #[error("the API key holds a character that cannot be sent")]
    Key,
    #[error("ca_bundle holds no certificate in PEM that could be used")]
    CaBundle,
    #[error("the HTTP client cannot start: {0}")]
    Setup(String),
}

/// What the server answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<T> {
    pub value: T,
    /// The server's clock, from the `Date` header; whole seconds.
    pub server_time: Option<DateTime<Utc>>,
}

/// A connection to the API. Cloning shares it.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    /// Made when the first write is sent.
    writes: Arc<OnceLock<reqwest::Client>>,
    /// The certificates of the site's own bundle, for that client too.
    roots: Arc<[Certificate]>,
    base_url: Arc<Url>,
    viewer_hosts: Option<Arc<[String]>>,
    bearer: HeaderValue,
    policy: Arc<Policy>,
    recorder: Option<Arc<dyn WriteRecorder>>,
    timeout: Duration,
    /// One permit for each request in flight, so that a clinic's server never sees more of them.
    permits: Arc<Semaphore>,
    /// Permits for answers that are being decoded on other threads.
    decoding: Arc<Semaphore>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.base_url.as_str())
            .finish_non_exhaustive()
    }
}

impl Client {
    pub fn new(connection: Connection) -> Result<Self, ClientError> {
        Self::for_site(connection, Site::default())
    }

    pub fn for_site(connection: Connection, site: Site) -> Result<Self, ClientError> {
        let base_url = check_base_url(connection.base_url.as_str())?;
        let bearer = bearer(&connection.key).ok_or(ClientError::Key)?;
        let roots = roots(site.ca_bundle.as_deref())?;
        let http = http_client(&base_url, &roots, Pool::Kept)
            .map_err(|error| ClientError::Setup(refusal::reason(&error.without_url())))?;
        Ok(Self {
            http,
            writes: Arc::default(),
            roots: roots.into(),
            base_url: Arc::new(base_url),
            viewer_hosts: site.viewer_hosts.map(Into::into),
            bearer,
            policy: Arc::default(),
            recorder: None,
            timeout: TIMEOUT,
            permits: Arc::new(Semaphore::new(IN_FLIGHT)),
            decoding: Arc::new(Semaphore::new(DECODING)),
        })
    }

    /// Reports each write to this recorder.
    pub fn with_recorder(mut self, recorder: Arc<dyn WriteRecorder>) -> Self {
        self.recorder = Some(recorder);
        self
    }

    /// Waits at most this long before the first repetition of a read, and twice as long before the next.
    pub fn with_backoff(mut self, base: Duration) -> Self {
        self.policy = Arc::new(Policy {
            backoff: Backoff::new(base),
            patience: self.policy.patience.clone(),
            ..Policy::default()
        });
        self
    }

    /// Gives each attempt this much time, including its body.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Limits how long a call may take, all its attempts together.
    pub fn with_patience(mut self, patience: Patience) -> Self {
        self.policy = Arc::new(Policy {
            patience: Some(patience),
            ..Policy::default()
        });
        self
    }

    pub fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// Checks a link into the viewer. Returns the link that may be opened, or why it may not.
    pub fn check_viewer_url(&self, text: &str) -> Result<Url, UnsafeUrl> {
        check_viewer_url(text, &self.base_url, self.viewer_hosts.as_deref())
    }

    /// Sends a request and reads its answer. Only a [`CallClass::Read`] is ever sent more than once.
    ///
    /// Dropping the future gives up the request at whatever point it has reached. A write may still take
    /// effect.
    pub async fn call<E: Endpoint>(&self, request: &E) -> Result<Answer<E::Response>, Failure> {
        match &self.recorder {
            Some(recorder) if E::INFO.class.is_write() => self.recorded(recorder, request).await,
            _ => self.unrecorded(request).await,
        }
    }

    async fn unrecorded<E: Endpoint>(&self, request: &E) -> Result<Answer<E::Response>, Failure> {
        self.policy
            .run(E::INFO.class, || self.attempt(request))
            .await
    }

    /// Sends a write. It does not go out if the recorder cannot be told of it.
    async fn recorded<E: Endpoint>(
        &self,
        recorder: &Arc<dyn WriteRecorder>,
        request: &E,
    ) -> Result<Answer<E::Response>, Failure> {
        let body = request.body().and_then(Result::ok).unwrap_or_default();
        let (teller, values, sent) = (recorder.clone(), request.path_values(), body.clone());
        let before = move || teller.before(&E::INFO, values, &sent);
        let told = tokio::task::spawn_blocking(before).await;
        let reason = match told {
            Ok(Ok(operation)) => Ok(operation),
            Ok(Err(reason)) => Err(reason),
            Err(error) => Err(error.to_string()),
        };
        let operation = reason.map_err(|reason| Failure::Unjournaled { reason })?;
        let outcome = self.unrecorded(request).await;
        let (teller, values) = (recorder.clone(), request.path_values());
        let failure = outcome.as_ref().err().cloned();
        let after = move || teller.after(&operation, &E::INFO, values, &body, failure.as_ref());
        // If this fails, the attempt stays open in the journal and is looked into later.
        let _ = tokio::task::spawn_blocking(after).await;
        outcome
    }

    async fn attempt<E: Endpoint>(&self, call: &E) -> Result<Answer<E::Response>, FailedAttempt> {
        // The semaphore is never closed, so this is never an error; and without a permit only the order is
        // lost.
        let permit = self.permits.acquire().await.ok();
        let response = self
            .request(call)?
            .send()
            .await
            .map_err(|error| refusal::failure(error, &self.base_url))?;
        let status = response.status();
        if status.is_redirection() {
            let status = status.as_u16();
            return Err(Failure::Redirected { status }.into());
        }
        if !status.is_success() {
            return Err(rejection(response).await);
        }
        let server_time = headers::date(response.headers());
        let media_type = headers::media_type(response.headers());
        let body = body::read(response, BODY_LIMIT, &self.base_url).await?;
        drop(permit);
        let value = self.decode::<E>(body, media_type).await?;
        if let Some(failure) = E::refusal(&value) {
            return Err(failure.into());
        }
        // The one place that compares answers with questions, for the program and the command line.
        check_answer(call, &value)?;
        Ok(Answer { value, server_time })
    }

    /// Decodes a body, a long one on another thread, so that neither a key nor the next request has to wait.
    async fn decode<E: Endpoint>(
        &self,
        body: Vec<u8>,
        media_type: Option<String>,
    ) -> Result<E::Response, Failure> {
        if body.len() < LONG_BODY {
            return decode::<E>(&body, media_type.as_deref());
        }
        let _turn = self.decoding.acquire().await.ok();
        tokio::task::spawn_blocking(move || decode::<E>(&body, media_type.as_deref()))
            .await
            .unwrap_or_else(|error| Err(unreadable(error.to_string())))
    }

    fn request<E: Endpoint>(&self, call: &E) -> Result<reqwest::RequestBuilder, Failure> {
        let method = match E::INFO.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Patch => reqwest::Method::PATCH,
        };
        let request = self
            .http(E::INFO.class)?
            .request(method, self.url_of(call))
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, self.bearer.clone())
            .timeout(self.timeout);
        match call.body() {
            None => Ok(request),
            Some(Ok(body)) => Ok(request.header(CONTENT_TYPE, "application/json").body(body)),
            Some(Err(error)) => Err(Failure::Unsendable {
                reason: error.to_string(),
            }),
        }
    }

    /// A write opens a connection of its own. If it used an idle one that the server is about to close, it
    /// would be unknown whether the write was carried out.
    fn http(&self, class: CallClass) -> Result<&reqwest::Client, Failure> {
        if class == CallClass::Read {
            return Ok(&self.http);
        }
        if let Some(writes) = self.writes.get() {
            return Ok(writes);
        }
        let made = http_client(&self.base_url, &self.roots, Pool::None).map_err(|error| {
            Failure::Unsendable {
                reason: refusal::reason(&error.without_url()),
            }
        })?;
        Ok(self.writes.get_or_init(|| made))
    }

    fn url_of<E: Endpoint>(&self, call: &E) -> Url {
        let mut url = (*self.base_url).clone();
        let prefix = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{prefix}{}", call.path()));
        let query = call.query();
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }
}

fn bearer(key: &SecretString) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose_secret())).ok()?;
    // Keeps the key out of Debug output and of HPACK's shared table.
    value.set_sensitive(true);
    Some(value)
}

/// Whether connections are reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pool {
    Kept,
    None,
}

/// Reads the certificates of a site's own bundle.
fn roots(pem: Option<&[u8]>) -> Result<Vec<Certificate>, ClientError> {
    let Some(pem) = pem else {
        return Ok(Vec::new());
    };
    match Certificate::from_pem_bundle(pem) {
        Ok(roots) if !roots.is_empty() => Ok(roots),
        Ok(_) | Err(_) => Err(ClientError::CaBundle),
    }
}

/// Returns a configuration in which the system's verifier judges certificates, with `roots` in addition to
/// its own.
fn http_client(
    base_url: &Url,
    roots: &[Certificate],
    pool: Pool,
) -> reqwest::Result<reqwest::Client> {
    let mut builder = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(POOL_IDLE)
        .pool_max_idle_per_host(match pool {
            Pool::Kept => usize::MAX,
            Pool::None => 0,
        })
        // The key must not follow a redirect, and reqwest must not resend what `retry` would not.
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false);
    if base_url.scheme() == "http" {
        // TLS is not used then, and a computer without any certificates can still run the demo.
        builder = builder.tls_certs_only([]);
    } else if !roots.is_empty() {
        builder = builder.tls_certs_merge(roots.iter().cloned());
    }
    if is_loopback(base_url) {
        // The proxy settings may have no exemption for this computer, and then the key would leave it. Nor
        // may a hosts file decide where `localhost` is.
        let here = [
            SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
        ];
        builder = builder.no_proxy().resolve_to_addrs("localhost", &here);
    }
    builder.build()
}

async fn rejection(response: Response) -> FailedAttempt {
    let status = response.status().as_u16();
    let retry_after = headers::retry_after(response.headers());
    let should_retry = headers::should_retry(response.headers());
    let body = body::read_start(response).await;
    FailedAttempt {
        failure: Failure::rejected(status, &body, retry_after),
        should_retry,
    }
}

fn decode<E: Endpoint>(body: &[u8], media_type: Option<&str>) -> Result<E::Response, Failure> {
    if body.is_empty() {
        return Err(unreadable("the answer is empty".into()));
    }
    E::decode(body).map_err(|error| match media_type {
        Some(other) if !is_json(other) => unreadable(format!("the answer is {other}, not JSON")),
        _ => unreadable(refusal::shortened(&error.to_string())),
    })
}

fn unreadable(reason: String) -> Failure {
    Failure::Unreadable { reason }
}

fn is_json(media_type: &str) -> bool {
    media_type.ends_with("/json") || media_type.ends_with("+json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{GetStudy, ListStudies, Match, StudyId};

    fn client(base_url: &str) -> Client {
        Client::new(Connection {
            base_url: base_url.parse().unwrap(),
            key: "canary-key".into(),
        })
        .unwrap()
    }

    #[test]
    fn the_path_follows_the_prefix_of_the_base_url() {
        let get = GetStudy {
            study_id: StudyId::from_bytes([0xab; 16]),
        };
        let path = format!("v1/viewer/studies/stu_{}", "ab".repeat(16));
        for (base, expected) in [
            ("https://example.org", format!("https://example.org/{path}")),
            (
                "https://example.org/",
                format!("https://example.org/{path}"),
            ),
            (
                "https://example.org/a/b/",
                format!("https://example.org/a/b/{path}"),
            ),
        ] {
            assert_eq!(client(base).url_of(&get).as_str(), expected);
        }
    }

    #[test]
    fn a_query_value_cannot_break_out_of_its_parameter() {
        let list = ListStudies {
            assigned_to: Match::Empty,
            study_description: Some("a&limit=1 #é".into()),
            ..Default::default()
        };
        assert_eq!(
            client("https://example.org").url_of(&list).query(),
            Some("assignedTo=null&studyDescription=a%26limit%3D1+%23%C3%A9")
        );
        assert_eq!(
            client("https://example.org")
                .url_of(&ListStudies::default())
                .query(),
            None
        );
    }

    #[test]
    fn the_key_shows_in_no_debug_output() {
        let client = client("https://example.org");
        let connection = Connection {
            base_url: client.base_url().clone(),
            key: "canary-key".into(),
        };
        let request = client
            .request(&ListStudies::default())
            .unwrap()
            .build()
            .unwrap();
        for text in [
            format!("{client:?}"),
            format!("{connection:?}"),
            format!("{request:?}"),
        ] {
            assert!(!text.contains("canary"), "{text}");
        }
    }

    #[test]
    fn a_key_that_would_split_the_header_makes_no_client() {
        let connection = Connection {
            base_url: "https://example.org".parse().unwrap(),
            key: "a\r\nX: y".into(),
        };
        assert_eq!(Client::new(connection).unwrap_err(), ClientError::Key);
    }

    #[test]
    fn a_client_never_accepts_an_insecure_address() {
        let connection = Connection {
            base_url: "http://example.org".parse().unwrap(),
            key: "k".into(),
        };
        assert_eq!(
            Client::new(connection).unwrap_err(),
            ClientError::BaseUrl(BaseUrlError::InsecureHost)
        );
    }
}
