//! The stream below HTTP: where an answer can end in the middle of a byte sequence.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use axum::extract::connect_info::Connected;
use axum::serve::IncomingStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::door::FaultListener;

/// A fatal TLS alert: handshake failure.
pub const TLS_ALERT: &[u8] = &[21, 3, 3, 0, 2, 2, 40];

/// What becomes of the next answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Nothing of it, and the connection is reset.
    Reset,
    /// [`TLS_ALERT`] in its place.
    Alert,
    /// It ends within its first line.
    StatusLine,
    /// It ends within its headers.
    Headers,
    /// It ends after half of a body of this many bytes.
    Body(usize),
}

#[derive(Debug, Default)]
struct Orders {
    cut: Option<Cut>,
    /// The connection outlives an outage, for its answer is still to be sent.
    spared: bool,
}

/// The connection of a request, as the request's handler reaches it.
#[derive(Debug, Clone, Default)]
pub struct Line(Arc<Mutex<Orders>>);

impl Line {
    /// Cuts the answer that comes next.
    pub fn cut(&self, cut: Cut) {
        self.orders().cut = Some(cut);
    }

    pub fn spare(&self) {
        self.orders().spared = true;
    }

    fn orders(&self) -> MutexGuard<'_, Orders> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connected<IncomingStream<'_, FaultListener>> for Line {
    fn connect_info(stream: IncomingStream<'_, FaultListener>) -> Self {
        stream.io().line.clone()
    }
}

/// Ends when there is an outage.
pub type Outage = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A connection that can be cut.
pub struct FaultStream {
    stream: TcpStream,
    line: Line,
    outage: Option<Outage>,
    /// What may still be sent of an answer that is being cut.
    left: Option<usize>,
}

impl FaultStream {
    pub fn new(stream: TcpStream, outage: Outage) -> Self {
        Self {
            stream,
            line: Line::default(),
            outage: Some(outage),
            left: None,
        }
    }

    /// Dropping the stream sends a RST from now on.
    fn reset(&self) -> io::Error {
        // If it fails, the connection is gone already.
        let _ = self.stream.set_zero_linger();
        io::ErrorKind::ConnectionReset.into()
    }

    /// Fails when there is an outage that this connection is not spared.
    fn check_outage(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        let Some(outage) = &mut self.outage else {
            return Ok(());
        };
        if outage.as_mut().poll(cx).is_pending() {
            return Ok(());
        }
        self.outage = None;
        if self.line.orders().spared {
            Ok(())
        } else {
            Err(self.reset())
        }
    }

    /// Writes what a cut leaves of an answer whose beginning is `data`.
    fn write_cut(
        &mut self,
        cx: &mut Context<'_>,
        cut: Cut,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        let data = match cut {
            Cut::Reset => return Poll::Ready(Err(self.reset())),
            Cut::Alert => TLS_ALERT,
            _ => data,
        };
        let left = self.left.unwrap_or_else(|| kept(cut, data));
        self.left = Some(left);
        if left == 0 {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        // Of an alert what was sent is at its beginning: it is the same slice again.
        let data = match cut {
            Cut::Alert => &data[data.len() - left..],
            _ => &data[..left.min(data.len())],
        };
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, data))?;
        self.left = Some(left - written);
        if cut == Cut::Alert {
            // Not a byte of the answer has been sent, so the caller must come back with all of it.
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Ok(written))
    }
}

/// How much of an answer is sent. `data` begins with its whole head.
fn kept(cut: Cut, data: &[u8]) -> usize {
    let end = |mark: &[u8]| {
        let found = data.windows(mark.len()).position(|window| window == mark);
        found.map_or(data.len(), |at| at + mark.len())
    };
    match cut {
        Cut::Reset => 0,
        Cut::Alert => TLS_ALERT.len(),
        Cut::StatusLine => "HTTP/1.1 2".len().min(data.len()),
        // Within the name of the first header.
        Cut::Headers => (end(b"\r\n") + 5).min(data.len()),
        Cut::Body(length) => end(b"\r\n\r\n") + length / 2,
    }
}

impl AsyncRead for FaultStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check_outage(cx)?;
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for FaultStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let cut = self.line.orders().cut;
        match cut {
            Some(cut) => self.write_cut(cx, cut, buf),
            None => Pin::new(&mut self.stream).poll_write(cx, buf),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let cut = self.line.orders().cut;
        match cut {
            Some(cut) => {
                let whole: Vec<u8> = bufs.iter().flat_map(|buf| buf.iter().copied()).collect();
                self.write_cut(cx, cut, &whole)
            }
            None => Pin::new(&mut self.stream).poll_write_vectored(cx, bufs),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
