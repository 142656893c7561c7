//! What the operating system asks of the program.

#[cfg(unix)]
use std::task::Poll;

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// To end, because of the signal with this number.
    End(i32),
    /// To give back the terminal and stop until continued.
    Stop,
    /// To go on. Another program may have used the terminal meanwhile.
    GoOn,
}

/// The number of the signal for the end of a terminal.
pub const HANGUP: i32 = 1;

/// Waits for the signals that end, stop or continue a program.
#[derive(Debug)]
pub struct Signals {
    #[cfg(unix)]
    streams: Vec<(Asked, tokio::signal::unix::Signal)>,
}

/// The signals besides those of a terminal that would end the program. Those for errors of the program
/// itself are not among them: after them it cannot go on.
#[cfg(unix)]
fn fatal() -> Vec<rustix::process::Signal> {
    use rustix::process::Signal;
    let everywhere = [
        Signal::USR1,
        Signal::USR2,
        Signal::ALARM,
        Signal::VTALARM,
        Signal::PROF,
        Signal::XCPU,
        Signal::XFSZ,
        Signal::SYS,
        Signal::TRAP,
        Signal::ABORT,
    ];
    #[cfg(target_os = "linux")]
    let own = [Signal::POWER, Signal::STKFLT, Signal::IO];
    #[cfg(not(target_os = "linux"))]
    let own = [];
    everywhere.into_iter().chain(own).collect()
}

#[cfg(unix)]
impl Signals {
    pub fn new() -> std::io::Result<Self> {
        use rustix::process::Signal;
        use tokio::signal::unix::{SignalKind, signal};
        let end = |kind: Signal| (Asked::End(kind.as_raw()), kind);
        let of_terminal = [Signal::TERM, Signal::HUP, Signal::INT, Signal::QUIT].map(end);
        let stops = [(Asked::Stop, Signal::TSTP), (Asked::GoOn, Signal::CONT)];
        let kinds = of_terminal.into_iter().chain(stops);
        let kinds = kinds.chain(fatal().into_iter().map(end));
        let streams = kinds.map(|(asked, kind)| {
            let stream = signal(SignalKind::from_raw(kind.as_raw()))?;
            Ok((asked, stream))
        });
        Ok(Self {
            streams: streams.collect::<std::io::Result<_>>()?,
        })
    }

    /// Returns what the next signal asks for. Of several, the first in the order of [`Signals::new`] comes
    /// first.
    pub async fn next(&mut self) -> Asked {
        std::future::poll_fn(|context| {
            let came = self
                .streams
                .iter_mut()
                .find_map(|(asked, stream)| stream.poll_recv(context).is_ready().then_some(*asked));
            came.map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }
}

#[cfg(not(unix))]
impl Signals {
    pub fn new() -> std::io::Result<Self> {
        Ok(Self {})
    }

    /// Here interruption is the only signal.
    pub async fn next(&mut self) -> Asked {
        const INTERRUPT: i32 = 2;
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Asked::End(INTERRUPT)
    }
}
