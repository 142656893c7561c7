//! `avara-tui sandbox`: the stand-in server until it is told to stop.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{Exit, Out, Problem};
use crate::config::{BASE_URL_VARIABLE, KEY_VARIABLE};
use crate::sandbox::{Faults, MAX_STUDIES, Mix, Options, Sandbox};

#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct SandboxArgs {
    /// Where to listen; this computer only, port 0 picks a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4010", value_parser = loopback)]
    pub listen: SocketAddr,
    /// Keep the data in this file [default: in memory]
    #[arg(long, value_name = "FILE")]
    pub db: Option<PathBuf>,
    /// The key to accept [default: a random one, which is printed]
    #[arg(long, value_name = "KEY")]
    pub api_key: Option<String>,
    /// The same seed gives the same clinic
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// The number of studies, at most 1000000; about a fifth are open
    #[arg(long, value_name = "N", default_value_t = 1500, value_parser = clap::value_parser!(u32).range(..=i64::from(MAX_STUDIES)))]
    pub studies: u32,
    /// Start without studies and invitations
    #[arg(long, conflicts_with = "studies")]
    pub empty: bool,
    /// New studies per hour, with simulated users who work on them [default: no activity]
    #[arg(long, value_name = "PER_HOUR")]
    pub arrivals: Option<f64>,
    /// Delay every answer, to simulate a slow network; at most 60000
    #[arg(long, value_name = "MS", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=60_000))]
    pub latency: u64,
    /// Make more than half of the studies normal and complete, like a long history
    #[arg(long, conflicts_with = "empty")]
    pub history: bool,
    /// Simulate network and server faults; see below
    #[arg(
        long,
        value_name = "SPEC",
        default_value = "",
        hide_default_value = true
    )]
    pub faults: Faults,
}

const EXAMPLES: &str = "\
Examples:
  avara-tui sandbox
  avara-tui sandbox --listen 127.0.0.1:0 --api-key test --seed 7 --studies 100000
  avara-tui sandbox --db clinic.db --arrivals 40
  avara-tui sandbox --studies 100000 --history --latency 80

Faults, joined by `;`:
  rst-after-apply:0.2,429:0.1   the share of requests for each; without a number, all
  POST /v1/viewer/users attempt=1 -> cut-json
                                the first POST to a path that begins so; * is any method
  only=reads|writes             whether reads or writes are affected
  seed=7                        the same seed and requests make the same faults
  delay=MS down=MS              how late an answer is, how long the port is closed
  invite-twice                  allow a second invitation of the same address
The faults:
  refuse                        the port is closed
  tls-abort                     a TLS alert instead of HTTP, then the connection ends
  rst-mid-request rst-before-apply rst-after-apply
                                the connection is reset: before the body is read, before or
                                after the change is made
  cut-status-line cut-headers cut-json
                                the change is made, the answer ends early
  delay-after-apply late-apply  the change is made at once, or late; the answer is late
  5xx-before-apply 5xx-after-apply 409-after-apply
  429 429-0 429-1 429-120 429-past 429-future 429-garbage
                                too many requests, and what Retry-After says
  success-false html 401 403    answers without a change
See docs/faults.md for details.

GET /sandbox/requests, with the key, says how many requests each endpoint had.

All data is fictional. Nothing leaves this computer.";

fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr = text
        .parse()
        .map_err(|_| "an address and a port, like 127.0.0.1:4010".to_owned())?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("the sandbox listens on this computer only (127.0.0.1 or [::1])".into())
    }
}

pub(super) async fn run(arguments: &SandboxArgs, out: &mut Out) -> Result<Exit, Problem> {
    let stop = StopSignals::listen()
        .map_err(|error| Problem::Other(format!("signals cannot be received: {error}")))?;
    let sandbox = Sandbox::start(Options {
        listen: arguments.listen,
        db: arguments.db.clone(),
        api_key: arguments.api_key.clone(),
        seed: arguments.seed,
        studies: arguments.studies,
        empty: arguments.empty,
        arrivals_per_hour: arguments.arrivals.unwrap_or_default(),
        lively: arguments.arrivals.is_some(),
        as_of: None,
        mix: if arguments.history {
            Mix::History
        } else {
            Mix::Days
        },
        latency: Duration::from_millis(arguments.latency),
        faults: arguments.faults.clone(),
    })
    .map_err(|error| Problem::Other(error.to_string()))?;
    let base_url = sandbox.base_url();
    out.data(&format!("Sandbox listening on {base_url}\n"))?;
    if arguments.api_key.is_none() {
        let key = sandbox.api_key();
        out.data(&format!(
            "Its key is {key}, so use it like this:\n  \
             {BASE_URL_VARIABLE}={base_url} {KEY_VARIABLE}={key} avara-tui\n"
        ))?;
    }
    out.flush()?;
    stop.first().await;
    sandbox.stop();
    Ok(Exit::Done)
}

/// The signals that end the sandbox. They are caught before the first line is printed, so that a program that
/// reads this line may stop the sandbox at once.
#[cfg(unix)]
struct StopSignals(tokio::signal::unix::Signal, tokio::signal::unix::Signal);

#[cfg(unix)]
impl StopSignals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self(
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
        ))
    }

    async fn first(mut self) {
        tokio::select! {
            _ = self.0.recv() => {}
            _ = self.1.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct StopSignals;

#[cfg(not(unix))]
impl StopSignals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn first(self) {
        // If Ctrl-C cannot be caught, the process is ended from outside.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}
