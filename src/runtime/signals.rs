//! What the operating system asks of the program.

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
    streams: [(Asked, tokio::signal::unix::Signal); 6],
}

#[cfg(unix)]
impl Signals {
    pub fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let end = |kind: SignalKind| (Asked::End(kind.as_raw_value()), kind);
        let number = |signal: rustix::process::Signal| SignalKind::from_raw(signal.as_raw());
        let kinds = [
            end(SignalKind::terminate()),
            end(SignalKind::hangup()),
            end(SignalKind::interrupt()),
            end(SignalKind::quit()),
            (Asked::Stop, number(rustix::process::Signal::TSTP)),
            (Asked::GoOn, number(rustix::process::Signal::CONT)),
        ];
        let mut streams = Vec::with_capacity(kinds.len());
        for (asked, kind) in kinds {
            streams.push((asked, signal(kind)?));
        }
        let streams = streams
            .try_into()
            .map_err(|_| std::io::Error::other("not six signals"))?;
        Ok(Self { streams })
    }

    /// Returns what the next signal asks for.
    pub async fn next(&mut self) -> Asked {
        let [a, b, c, d, e, f] = &mut self.streams;
        tokio::select! {
            biased;
            _ = a.1.recv() => a.0,
            _ = b.1.recv() => b.0,
            _ = c.1.recv() => c.0,
            _ = d.1.recv() => d.0,
            _ = e.1.recv() => e.0,
            _ = f.1.recv() => f.0,
        }
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
