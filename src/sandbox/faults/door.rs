//! The port: open, or closed so that connections are refused.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::serve::Listener;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::time::{sleep, sleep_until, timeout};

use super::line::FaultStream;

/// As many as the standard library's listener has.
const BACKLOG: u32 = 1024;
/// The longest wait for the port to close.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between two tries to open a port that is not free yet.
const RETRY: Duration = Duration::from_millis(5);

/// The wanted state of the port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Open,
    /// Closed, until a given moment or for good.
    Shut(Option<Instant>),
}

/// Opens and closes the port.
#[derive(Debug, Clone)]
pub struct Door {
    wanted: Arc<watch::Sender<Wanted>>,
    is_open: Arc<watch::Sender<bool>>,
    /// How often the door was shut. A connection from before the last time must end, however short that was.
    outages: Arc<watch::Sender<u64>>,
}

impl Door {
    pub fn new() -> Self {
        Self {
            wanted: Arc::new(watch::Sender::new(Wanted::Open)),
            is_open: Arc::new(watch::Sender::new(true)),
            outages: Arc::default(),
        }
    }

    pub fn open(&self) {
        self.wanted.send_replace(Wanted::Open);
    }

    /// Closes the port and every idle connection, for a time or for good.
    pub fn shut(&self, time: Option<Duration>) {
        let until = time.map(|time| Instant::now() + time);
        self.wanted.send_replace(Wanted::Shut(until));
    }

    fn is_settled(&self, is_open: bool) -> bool {
        is_open == (*self.wanted.borrow() == Wanted::Open)
    }

    /// Waits until connections are refused or accepted again, as was asked for last.
    pub async fn settled(&self) {
        let mut is_open = self.is_open.subscribe();
        let settled = is_open.wait_for(|is_open| self.is_settled(*is_open));
        let _ = timeout(PATIENCE, settled).await;
    }

    /// The same, for a thread that may block.
    pub fn wait(&self) {
        let deadline = Instant::now() + PATIENCE;
        while !self.is_settled(*self.is_open.borrow()) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

/// Accepts connections while the door is open.
pub struct FaultListener {
    listener: Option<TcpListener>,
    addr: SocketAddr,
    door: Door,
    wanted: watch::Receiver<Wanted>,
}

impl FaultListener {
    pub fn new(listener: TcpListener, addr: SocketAddr, door: Door) -> Self {
        Self {
            listener: Some(listener),
            addr,
            wanted: door.wanted.subscribe(),
            door,
        }
    }

    /// A connection that fails when the door is shut.
    fn stream(&self, stream: TcpStream) -> FaultStream {
        // The end of a page must not wait for the acknowledgement of its beginning. If this fails, answers
        // are late, not wrong.
        let _ = stream.set_nodelay(true);
        let mut outages = self.door.outages.subscribe();
        let outage = async move {
            if outages.changed().await.is_err() {
                // Nobody is left to shut the door.
                std::future::pending::<()>().await;
            }
        };
        FaultStream::new(stream, Box::pin(outage))
    }

    /// Refuses connections until the door opens.
    async fn stay_shut(&mut self) {
        self.listener = None;
        // A socket that is bound but does not listen refuses connections and keeps the port ours.
        let held = hold(self.addr).ok();
        self.door.outages.send_modify(|outages| *outages += 1);
        self.door.is_open.send_replace(false);
        loop {
            let wanted = *self.wanted.borrow_and_update();
            let over = async {
                match wanted {
                    Wanted::Open => {}
                    Wanted::Shut(Some(until)) => sleep_until(until.into()).await,
                    Wanted::Shut(None) => std::future::pending().await,
                }
            };
            tokio::select! {
                () = over => break,
                changed = self.wanted.changed() => if changed.is_err() { break },
            }
        }
        self.listener = Some(reopen(self.addr, held).await);
        // The time has passed and opened it. What is asked for from now on must count as a change.
        self.door.wanted.send_if_modified(|wanted| match wanted {
            Wanted::Shut(Some(until)) if *until <= Instant::now() => {
                *wanted = Wanted::Open;
                true
            }
            _ => false,
        });
        self.door.is_open.send_replace(true);
    }
}

fn hold(addr: SocketAddr) -> io::Result<TcpSocket> {
    let socket = match addr {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    Ok(socket)
}

/// Listens again. Another program may have the port for a moment, so this tries until it is free.
async fn reopen(addr: SocketAddr, held: Option<TcpSocket>) -> TcpListener {
    if let Some(Ok(listener)) = held.map(|socket| socket.listen(BACKLOG)) {
        return listener;
    }
    loop {
        if let Ok(listener) = hold(addr).and_then(|socket| socket.listen(BACKLOG)) {
            return listener;
        }
        sleep(RETRY).await;
    }
}

impl Listener for FaultListener {
    type Io = FaultStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (FaultStream, SocketAddr) {
        loop {
            let shut = *self.wanted.borrow_and_update() != Wanted::Open;
            match &mut self.listener {
                Some(listener) if !shut => tokio::select! {
                    (stream, addr) = Listener::accept(listener) => {
                        return (self.stream(stream), addr);
                    }
                    _ = self.wanted.changed() => {}
                },
                _ => self.stay_shut().await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.addr)
    }
}
