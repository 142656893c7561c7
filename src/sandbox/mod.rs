//! The sandbox: a real server that stands in for the Avara Viewer API, only on this machine.
//!
//! It serves the 18 endpoints over HTTP by the rules of the reference and keeps its data in SQLite. Nothing
//! leaves it: no mail is sent, no study is opened.

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

pub use faults::{Fault, FaultScope, FaultSpecError, Faults, RetryAfter, ScheduledFault};
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
use store::{OpenError, SandboxStore, StoreError, is_pending};

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
    /// The seed of what is generated. An existing database is used as it is.
    pub seed: u64,
    /// How many studies to generate, a fifth of them open; at most [`MAX_STUDIES`].
    pub studies: u32,
    /// Whether to generate no studies and no invitations. Users and customers stay.
    pub empty: bool,
    /// New studies per hour; 0 for none.
    pub arrivals_per_hour: f64,
    /// Whether imaginary people complete and reassign studies and accept invitations.
    pub lively: bool,
    /// The moment up to which the clinic's day is generated; now if absent. With a fixed moment the clinic
    /// looks the same every day.
    pub as_of: Option<DateTime<Utc>>,
    /// What the generated studies as a whole are like.
    pub mix: Mix,
    /// The wait before every answer, as on a slow network; at most [`MAX_LATENCY`].
    pub latency: Duration,
    /// The faults from the start on.
    pub faults: Faults,
}

/// The most studies that a sandbox generates, because they are all in memory.
pub const MAX_STUDIES: u32 = 1_000_000;

/// The longest wait before every answer.
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
    /// Starts a sandbox. It serves requests when this returns.
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

    /// Returns the user for the operator of a demo: the clinic's first coordinator.
    pub fn me(&self) -> Option<UserId> {
        self.me
    }

    /// Returns how many requests to the API came with the key so far, by the endpoint's name.
    pub fn requests(&self) -> BTreeMap<&'static str, u64> {
        self.app.requests()
    }

    /// Replaces the faults. Plans and seeds start over, and [`Faults::default`] has none. If this begins or
    /// ends an outage, it returns when that has happened.
    pub fn set_faults(&self, faults: Faults) {
        self.app.set_faults(faults);
        self.app.door().wait();
    }

    /// Returns every effect that calls of the API had, oldest first.
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

    /// Stops the sandbox and waits for its end.
    pub fn stop(self) {}
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was reported when it happened.
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

fn open_store(options: &Options, catalogue: &Arc<Catalogue>) -> Result<SandboxStore, OpenError> {
    let count = if options.empty { 0 } else { options.studies };
    let now = options.as_of.unwrap_or_else(clock::now);
    SandboxStore::open(options.db.as_deref(), || {
        (
            generator::clinic(catalogue, options.seed, now, options.empty),
            Studies::before(Arc::clone(catalogue), options.seed, now, count, options.mix),
        )
    })
}

/// Returns a random key that cannot be mistaken for one of the real API.
fn random_key(bytes: [u8; 16]) -> String {
    format!("sandbox_{:032x}", u128::from_be_bytes(bytes))
}

fn coordinator(store: &SandboxStore) -> Option<UserId> {
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
            // A connection that never ends must not delay the stop.
            let _ = timeout(GRACE, server).await;
        }
    }
}
