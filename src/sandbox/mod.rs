//! The sandbox: a real server that stands in for the Avara Viewer API, on this machine only.
//!
//! It answers the 18 endpoints over HTTP with the rules of the reference and holds its data in SQLite.
//! Whatever it is asked to do stays here: no mail is sent, no study is opened.

mod arrivals;
mod body;
mod clock;
pub mod cursor;
mod faults;
mod generator;
mod links;
mod query;
pub mod random;
mod reject;
mod routes;
mod server;
mod store;

pub use faults::{Fault, FaultSpecError, Faults, RetryAfter, Scope, Step};
pub use generator::Mix;
pub use store::LedgerEntry;

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::runtime;
use tokio::sync::oneshot;
use tokio::time::timeout;

use chrono::{DateTime, Utc};

use crate::wire::{ClinicRole, InvitationId, UserId};
use faults::{FaultListener, Line};
use generator::{Catalogue, CatalogueError, Studies};
use server::App;
use store::{OpenError, Store, StoreError, is_pending};

/// How long open connections may take to finish when the sandbox stops.
const GRACE: Duration = Duration::from_millis(300);

#[derive(Debug, Clone)]
pub struct Options {
    /// A loopback address; port 0 picks a free one.
    pub listen: SocketAddr,
    /// The database file; in memory if absent.
    pub db: Option<PathBuf>,
    /// The key that callers present; a random one if absent.
    pub api_key: Option<String>,
    /// What is generated follows from it. A database that exists is used as it is.
    pub seed: u64,
    /// How many studies to generate, a fifth of them open; at most [`MAX_STUDIES`].
    pub studies: u32,
    /// No studies and no invitations; users and customers stay.
    pub empty: bool,
    /// New studies per hour; 0 for none.
    pub arrivals_per_hour: f64,
    /// Imaginary people complete and reassign studies and accept invitations.
    pub lively: bool,
    /// The moment up to which the clinic's day is generated; now if absent. What is drawn from a fixed
    /// moment looks the same every day.
    pub as_of: Option<DateTime<Utc>>,
    /// What the generated studies are like as a whole.
    pub mix: Mix,
    /// Waited before every answer, as a slow network would; at most [`MAX_LATENCY`].
    pub latency: Duration,
    /// What requests suffer from the start.
    pub faults: Faults,
}

/// The most studies that a sandbox generates: they are all in memory.
pub const MAX_STUDIES: u32 = 1_000_000;

/// The most that an answer can be held back by default.
pub const MAX_LATENCY: Duration = Duration::from_secs(60);

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            db: None,
            api_key: None,
            seed: 1,
            studies: 1500,
            empty: false,
            arrivals_per_hour: 0.0,
            lively: false,
            as_of: None,
            mix: Mix::Days,
            latency: Duration::ZERO,
            faults: Faults::default(),
        }
    }
}

/// Why a sandbox cannot start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    #[error(
        "The sandbox listens on this machine only: use 127.0.0.1 or [::1] instead of {}.",
        .0.ip()
    )]
    NotLoopback(SocketAddr),
    #[error("Port {} is in use by another program. Choose another one, or 0 for any.", .0.port())]
    PortInUse(SocketAddr),
    #[error("The sandbox cannot listen on {addr}: {source}.")]
    Listen {
        addr: SocketAddr,
        source: std::io::Error,
    },
    #[error("The sandbox's API key must be printable ASCII without spaces.")]
    ApiKey,
    #[error("A sandbox can hold at most {MAX_STUDIES} studies.")]
    Studies,
    #[error("Arrivals per hour must be a number from 0 to 1000000.")]
    Arrivals,
    #[error("The latency can be at most {} milliseconds.", MAX_LATENCY.as_millis())]
    Latency,
    #[error(transparent)]
    Database(#[from] OpenError),
    #[error(transparent)]
    Data(#[from] CatalogueError),
    #[error("The sandbox cannot start: {0}.")]
    Start(#[from] std::io::Error),
}

impl From<StoreError> for SandboxError {
    fn from(error: StoreError) -> Self {
        Self::Database(error.into())
    }
}

/// A running sandbox, on a thread of its own. It stops when dropped.
pub struct Sandbox {
    addr: SocketAddr,
    api_key: String,
    me: Option<UserId>,
    app: App,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox")
            .field("addr", &self.addr)
            .finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Returns when the sandbox answers requests.
    pub fn start(options: Options) -> Result<Self, SandboxError> {
        check(&options)?;
        let listener = bind(options.listen)?;
        let addr = listener.local_addr()?;
        let catalogue = Arc::new(Catalogue::load()?);
        let store = open_store(&options, &catalogue)?;
        let api_key = match &options.api_key {
            Some(key) => key.clone(),
            None => random_key(store.random_bytes()?),
        };
        let me = coordinator(&store);
        let app = App::new(store, addr, api_key.clone(), options.latency);
        app.set_faults(options.faults.clone());
        let served = app.clone();
        let runtime = runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new()
            .name("sandbox".into())
            .spawn(move || {
                runtime.block_on(serve(listener, served, catalogue, options, stopped));
                runtime.shutdown_background();
            })?;
        Ok(Self {
            addr,
            api_key,
            me,
            app,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub fn base_url(&self) -> String {
        format!("http://{}", self.addr)
    }

    pub fn api_key(&self) -> &str {
        &self.api_key
    }

    /// The user that a demo's operator is: the clinic's first coordinator.
    pub fn me(&self) -> Option<UserId> {
        self.me
    }

    /// The requests to the API so far that came with the key, by the endpoint's name.
    pub fn requests(&self) -> BTreeMap<&'static str, u64> {
        self.app.requests()
    }

    /// From now on requests suffer these faults, and none of those before; plans and seeds begin anew.
    /// Returns when an outage that this begins or ends has done so. [`Faults::default`] is none.
    pub fn set_faults(&self, faults: Faults) {
        self.app.set_faults(faults);
        self.app.door().wait();
    }

    /// Every effect that calls of the API had, oldest first.
    pub fn ledger(&self) -> Result<Vec<LedgerEntry>, SandboxError> {
        Ok(self.app.lock().store.ledger()?)
    }

    /// Lets the invited person accept, as they do from their e-mail: the API has no call for it. Returns
    /// whether the invitation was pending.
    pub fn accept_invitation(&self, id: InvitationId) -> Result<bool, SandboxError> {
        let now = clock::now();
        let mut shared = self.app.lock();
        let pending = shared
            .store
            .invitation(&id)
            .filter(|(_, invitation)| is_pending(invitation, now))
            .map(|(position, _)| position);
        let Some(position) = pending else {
            return Ok(false);
        };
        shared.store.accept(position, now)?;
        Ok(true)
    }

    /// Stops and waits for it.
    pub fn stop(self) {}
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // Its panic, if any, was reported when it happened.
            let _ = thread.join();
        }
    }
}

fn check(options: &Options) -> Result<(), SandboxError> {
    if !options.listen.ip().is_loopback() {
        return Err(SandboxError::NotLoopback(options.listen));
    }
    let is_key = |key: &String| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic());
    if !options.api_key.as_ref().is_none_or(is_key) {
        return Err(SandboxError::ApiKey);
    }
    if options.studies > MAX_STUDIES {
        return Err(SandboxError::Studies);
    }
    if !(0.0..=1e6).contains(&options.arrivals_per_hour) {
        return Err(SandboxError::Arrivals);
    }
    if options.latency > MAX_LATENCY {
        return Err(SandboxError::Latency);
    }
    Ok(())
}

fn bind(addr: SocketAddr) -> Result<TcpListener, SandboxError> {
    let listener = TcpListener::bind(addr).map_err(|source| match source.kind() {
        ErrorKind::AddrInUse => SandboxError::PortInUse(addr),
        _ => SandboxError::Listen { addr, source },
    })?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn open_store(options: &Options, catalogue: &Arc<Catalogue>) -> Result<Store, OpenError> {
    let count = if options.empty { 0 } else { options.studies };
    let now = options.as_of.unwrap_or_else(clock::now);
    Store::open(options.db.as_deref(), || {
        (
            generator::clinic(catalogue, options.seed, now, options.empty),
            Studies::before(Arc::clone(catalogue), options.seed, now, count, options.mix),
        )
    })
}

/// Cannot be taken for a key of the real API.
fn random_key(bytes: [u8; 16]) -> String {
    format!("sandbox_{:032x}", u128::from_be_bytes(bytes))
}

fn coordinator(store: &Store) -> Option<UserId> {
    store
        .users()
        .iter()
        .find(|member| {
            !member.revoked && member.user.profile.clinic_role == ClinicRole::PatientCareCoordinator
        })
        .map(|member| member.user.user_id)
}

async fn serve(
    listener: TcpListener,
    app: App,
    catalogue: Arc<Catalogue>,
    options: Options,
    stopped: oneshot::Receiver<()>,
) {
    let Ok(addr) = listener.local_addr() else {
        return;
    };
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    if options.arrivals_per_hour > 0.0 {
        let arrive = arrivals::arrive(
            app.clone(),
            catalogue,
            options.seed,
            options.arrivals_per_hour,
        );
        tokio::spawn(arrive);
    }
    if options.lively {
        tokio::spawn(arrivals::work(app.clone(), options.seed));
    }
    let (drain, drained) = oneshot::channel::<()>();
    let listener = FaultListener::new(listener, addr, app.door().clone());
    let service = server::router(app).into_make_service_with_connect_info::<Line>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async {
        let _ = drained.await;
    });
    let mut server = std::pin::pin!(server.into_future());
    tokio::select! {
        _ = &mut server => {}
        _ = stopped => {
            drop(drain);
            // A connection that never ends must not hold up whoever stops us.
            let _ = timeout(GRACE, server).await;
        }
    }
}
