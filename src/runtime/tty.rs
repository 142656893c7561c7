//! The terminal's input on Unix: a thread that waits for bytes, and a stream that makes events of them.
//!
//! It is a thread, because a terminal shares its blocking mode with the shell and with its own output and so
//! cannot be made non-blocking here, and because `poll` reports at once when the terminal hangs up, even if
//! no signal comes.

use std::collections::VecDeque;
use std::future::Future;
use std::io::{self, PipeReader, PipeWriter};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::thread;
use std::time::Duration;

use futures::Stream;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use tokio::time::{Instant, Sleep, sleep_until};

use super::events::TerminalEvent;
use crate::input::Decoder;

/// The most bytes taken in by one read.
const READ: usize = 4096;
/// How long to wait for the thread when it is late.
const LATE: Duration = Duration::from_millis(2);
/// This many reads may wait for the loop. After that the terminal has to wait.
const QUEUE: usize = 16;

/// Everything that comes from the terminal, until it hangs up.
#[derive(Debug)]
pub struct TtyEvents {
    reads: mpsc::Receiver<Vec<u8>>,
    resizes: Signal,
    decoder: Decoder,
    ready: VecDeque<TerminalEvent>,
    /// When the decoder's patience ends, if it has one.
    timer: Pin<Box<Sleep>>,
    is_waiting: bool,
    /// Closing it ends the thread.
    _stop: PipeWriter,
}

impl TtyEvents {
    /// Starts to listen.
    pub fn new() -> io::Result<Self> {
        let (stopped, stop) = io::pipe()?;
        let (sender, reads) = mpsc::channel(QUEUE);
        thread::Builder::new()
            .name("terminal input".into())
            .spawn(move || read(&stopped, &sender))?;
        Ok(Self {
            reads,
            resizes: signal(SignalKind::window_change())?,
            decoder: Decoder::default(),
            ready: VecDeque::new(),
            timer: Box::pin(sleep_until(Instant::now())),
            is_waiting: false,
            _stop: stop,
        })
    }

    fn wait_on(&mut self) {
        let patience = self.decoder.patience();
        self.is_waiting = patience.is_some();
        if let Some(patience) = patience {
            self.timer.as_mut().reset(Instant::now() + patience);
        }
    }
}

impl Stream for TtyEvents {
    type Item = io::Result<TerminalEvent>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if let Some(event) = this.ready.pop_front() {
                return Poll::Ready(Some(Ok(event)));
            }
            if let Poll::Ready(Some(())) = this.resizes.poll_recv(context) {
                return Poll::Ready(Some(Ok(TerminalEvent::Resized)));
            }
            // Bytes that are already here come before the end of any patience.
            let inputs = match this.reads.poll_recv(context) {
                Poll::Ready(Some(bytes)) => this.decoder.feed(&bytes),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending if !this.is_waiting => return Poll::Pending,
                Poll::Pending => {
                    ready!(this.timer.as_mut().poll(context));
                    if has_more() {
                        // The thread is late, not the terminal.
                        this.timer.as_mut().reset(Instant::now() + LATE);
                        continue;
                    }
                    this.decoder.expire()
                }
            };
            this.ready
                .extend(inputs.into_iter().map(TerminalEvent::Input));
            this.wait_on();
        }
    }
}

/// Whether the terminal has sent bytes that are not read yet.
fn has_more() -> bool {
    let terminal = io::stdin();
    let mut waits = [PollFd::new(&terminal, PollFlags::IN)];
    let now = Timespec::default();
    poll(&mut waits, Some(&now)).is_ok() && waits[0].revents() == PollFlags::IN
}

/// Reads until the terminal hangs up or nobody wants the bytes any more.
fn read(stopped: &PipeReader, reads: &mpsc::Sender<Vec<u8>>) {
    let terminal = io::stdin();
    let mut buffer = [0; READ];
    loop {
        let mut waits = [
            PollFd::new(&terminal, PollFlags::IN),
            PollFd::new(stopped, PollFlags::IN),
        ];
        match poll(&mut waits, None) {
            Ok(_) => {}
            Err(Errno::INTR) => continue,
            Err(_) => return,
        }
        let [told, stop] = [waits[0].revents(), waits[1].revents()];
        if !stop.is_empty() {
            return;
        }
        if told.contains(PollFlags::IN) {
            match rustix::io::read(&terminal, &mut buffer) {
                Ok(0) => return,
                Ok(count) if reads.blocking_send(buffer[..count].to_vec()).is_err() => return,
                Ok(_) | Err(Errno::INTR | Errno::AGAIN) => {}
                Err(_) => return,
            }
        } else if !told.is_empty() {
            return;
        }
    }
}
