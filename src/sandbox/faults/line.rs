//! The stream below HTTP, where an answer can end in the middle.

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

/// What happens to the next answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Nothing of it is sent, and the connection is reset.
    Reset,
    /// [`TLS_ALERT`] is sent instead.
    Alert,
    /// It ends within its first line.
    StatusLine,
    /// It ends within its headers.
    Headers,
    /// It ends after half of its body, which has this many bytes.
    Body(usize),
}

#[derive(Debug, Default)]
struct Orders {
    cut: Option<Cut>,
    /// The connection survives an outage, because its answer is still to be sent.
    spared: bool,
}

/// The connection of a request, for the request's handler.
#[derive(Debug, Clone, Default)]
pub struct Line(Arc<Mutex<Orders>>);

impl Line {
    /// Cuts the next answer.
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

    /// Fails during an outage, unless this connection survives it.
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

    /// Writes what a cut leaves of an answer that begins with `data`.
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
        // The sent part of an alert is at its beginning, because it is the same slice again.
        let data = match cut {
            Cut::Alert => &data[data.len() - left..],
            _ => &data[..left.min(data.len())],
        };
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, data))?;
        self.left = Some(left - written);
        if cut == Cut::Alert {
            // No byte of the answer has been sent, so the caller must come back with all of it.
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Ok(written))
    }
}

/// Returns how much of an answer is sent. `data` begins with its whole head.
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
