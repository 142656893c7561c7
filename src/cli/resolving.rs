//! A write from its first attempt to its end, by the rules of [`crate::resolve`].

use std::time::Duration;

use tokio::time::Instant;

use super::Out;
use super::exit::told;
use super::session::Session;
use super::writing::{Ended, not_changed};
use crate::api::Client;
use crate::resolve::{Found, Seen, Step, WriteDriver};
use crate::wire::{Endpoint, Failure};

/// How a write ended. `R` is the record that a look has shown.
#[derive(Debug)]
pub enum Resolved<A, R> {
    Answered(A),
    /// The answer was lost, but a look has shown that it was done.
    Found(R, Failure),
    /// It was not done.
    Refused(Failure),
    /// A look has shown neither what was wanted nor what was there before.
    Conflict(Option<R>, Failure),
    /// Nobody knows.
    Unconfirmed(Failure),
}

/// Sends a write and, if its effect is unknown, looks for it for at most `wait`. The journal knows the write
/// by the target: an id, or the UID or the address of what is to be made.
pub async fn send<E: Endpoint, R>(
    request: &E,
    target: &str,
    wait: Duration,
    session: &Session,
    look: impl AsyncFnMut() -> (Option<R>, Seen),
) -> Resolved<E::Response, R> {
    let keep = |found| session.journal.resolve(target, found);
    resolve(request, wait, &session.client, keep, look).await
}

/// The same without a session. What is finally known of an unknown effect is passed to `keep`.
pub async fn resolve<E: Endpoint, R>(
    request: &E,
    wait: Duration,
    client: &Client,
    keep: impl Fn(Found),
    mut look: impl AsyncFnMut() -> (Option<R>, Seen),
) -> Resolved<E::Response, R> {
    let mut driver = WriteDriver::of(E::INFO.class);
    loop {
        let failure = match client.call(request).await {
            Ok(answer) => {
                if driver.doubt().is_some() {
                    keep(Found::Done);
                }
                return Resolved::Answered(answer.value);
            }
            Err(failure) => failure,
        };
        let since = Instant::now();
        let mut step = driver.failed(&failure);
        let mut record = None;
        loop {
            match step {
                Step::SendOnceMore => break,
                Step::NotDone => return Resolved::Refused(failure),
                Step::Conflict => return Resolved::Conflict(record, failure),
                Step::Look { after } if after <= wait => {
                    tokio::time::sleep_until(since + after).await;
                    let (found, seen);
                    (record, seen) = look().await;
                    (found, step) = driver.looked(seen);
                    found.into_iter().for_each(&keep);
                }
                Step::Done => match record {
                    Some(record) => return Resolved::Found(record, failure),
                    None => return Resolved::Unconfirmed(failure),
                },
                Step::Look { .. } | Step::Unconfirmed => return Resolved::Unconfirmed(failure),
            }
        }
    }
}

/// Looks at one record.
pub async fn read<E: Endpoint>(
    request: &E,
    session: &Session,
    seen: impl FnOnce(&E::Response) -> Seen,
) -> (Option<E::Response>, Seen) {
    match session.client.call(request).await {
        Ok(answer) => {
            let seen = seen(&answer.value);
            (Some(answer.value), seen)
        }
        Err(failure) => (None, Seen::unread(&failure)),
    }
}

/// Says how a change ended that is not known to be done, and returns it.
pub fn not_done<A, R>(
    name: &dyn std::fmt::Display,
    check: &str,
    resolved: &Resolved<A, R>,
    out: &mut Out,
) -> Ended {
    match resolved {
        Resolved::Answered(_) | Resolved::Found(..) => Ended::Done,
        Resolved::Refused(failure) => not_changed(&name, failure, out),
        Resolved::Conflict(_, failure) => {
            out.note(&format!(
                "{name}: unconfirmed. {}. It shows another state now: someone else may have changed it \
                 meanwhile, and nothing was sent again. {check}",
                told(failure)
            ));
            Ended::Failed
        }
        Resolved::Unconfirmed(failure) => {
            let what = if failure.is_astray() {
                "It may have been done to either of them, and nothing was sent again."
            } else {
                "It may have been made anyway."
            };
            out.note(&format!(
                "{name}: unconfirmed. {}. {what} {check}",
                told(failure)
            ));
            Ended::of(failure)
        }
    }
}
