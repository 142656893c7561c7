//! Being asked to end by the operating system.

/// Waits for the signals that end a program.
#[derive(Debug)]
pub struct Signals {
    #[cfg(unix)]
    streams: [(i32, tokio::signal::unix::Signal); 4],
}

#[cfg(unix)]
impl Signals {
    pub fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [
            SignalKind::terminate(),
            SignalKind::hangup(),
            SignalKind::interrupt(),
            SignalKind::quit(),
        ];
        let mut streams = Vec::with_capacity(kinds.len());
        for kind in kinds {
            streams.push((kind.as_raw_value(), signal(kind)?));
        }
        let streams = streams
            .try_into()
            .map_err(|_| std::io::Error::other("not four signals"))?;
        Ok(Self { streams })
    }

    /// The number of the signal that came.
    pub async fn next(&mut self) -> i32 {
        let [a, b, c, d] = &mut self.streams;
        tokio::select! {
            _ = a.1.recv() => a.0,
            _ = b.1.recv() => b.0,
            _ = c.1.recv() => c.0,
            _ = d.1.recv() => d.0,
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    pub fn new() -> std::io::Result<Self> {
        Ok(Self {})
    }

    /// The number that stands for an interruption.
    pub async fn next(&mut self) -> i32 {
        const INTERRUPT: i32 = 2;
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        INTERRUPT
    }
}
