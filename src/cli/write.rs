//! The change of one record, from its first attempt to the message about its end.

use std::fmt::Display;
use std::time::Duration;

use super::Out;
use super::exit::told;
use super::resolving::{self, Resolved, not_done};
use super::session::Session;
use super::writing::Ended;
use crate::resolve::{Seen, Shows, Touches};
use crate::wire::{
    Ack, Endpoint, Failure, Identifier, Invitation, Named, Study, User, check_names,
};

/// The answer to a change.
pub trait Answer<R> {
    /// Returns the record as it is now, if the answer has it.
    fn record(self) -> Option<R>;
}

impl<R> Answer<R> for Ack {
    fn record(self) -> Option<R> {
        None
    }
}

impl Answer<Self> for Study {
    fn record(self) -> Option<Self> {
        Some(self)
    }
}

impl Answer<Self> for User {
    fn record(self) -> Option<Self> {
        Some(self)
    }
}

impl Answer<Self> for Invitation {
    fn record(self) -> Option<Self> {
        Some(self)
    }
}

/// A change that its record shows.
pub struct Write<'a, E, G: Endpoint> {
    pub id: &'a dyn Display,
    pub request: &'a E,
    /// Reads the record.
    pub get: &'a G,
    pub before: &'a G::Response,
    /// A field that no change touches. A record with another value is another record.
    pub mark: Identifier,
    /// Whether something else has changed that may be a reason not to send it once more.
    pub is_overtaken: fn(&G::Response, &G::Response) -> bool,
    /// What the user can do if nobody knows how it ended.
    pub check: String,
}

impl<E, G> Write<'_, E, G>
where
    E: Endpoint<Response: Answer<G::Response>> + Touches<G::Response>,
    G: Endpoint<Response: Shows<E>>,
{
    /// Sends it and says how it ended. `news` is what to say about the record if it was done.
    pub async fn run(
        &self,
        news: impl FnOnce(&G::Response) -> String,
        session: &Session,
        out: &mut Out,
    ) -> Ended {
        let id = self.id;
        let resolved = resolving::send(
            self.request,
            &id.to_string(),
            Duration::ZERO,
            session,
            async || resolving::read(self.get, session, |now| self.seen(now)).await,
        )
        .await;
        match resolved {
            Resolved::Answered(answer) => self.answered(answer, news, session, out).await,
            Resolved::Found(record, failure) => {
                let (news, why) = (news(&record), told(&failure));
                out.note(&format!("{id}: {news}. {why}, but it was found so"));
                Ended::Done
            }
            unclear => not_done(&id, &self.check, &unclear, out),
        }
    }

    /// Checks that the record shows what the server has confirmed.
    async fn answered(
        &self,
        answer: E::Response,
        news: impl FnOnce(&G::Response) -> String,
        session: &Session,
        out: &mut Out,
    ) -> Ended {
        let (record, what) = match answer.record() {
            Some(record) => (record, "its answer"),
            None => match self.read_again(session).await {
                Ok(record) => (record, "the record"),
                Err(failure) => {
                    let why = told(&failure);
                    self.unconfirmed(&format!("it could not be read again: {why}"), out);
                    return Ended::of(&failure);
                }
            },
        };
        if let Err(failure) = self.check_mark(&record) {
            let unclear: Resolved<(), ()> = Resolved::Unconfirmed(failure);
            return not_done(&self.id, &self.check, &unclear, out);
        }
        if record.shows(self.request) {
            out.note(&format!("{}: {}", self.id, news(&record)));
            Ended::Done
        } else {
            self.unconfirmed(&format!("{what} does not show it"), out);
            Ended::Failed
        }
    }

    async fn read_again(&self, session: &Session) -> Result<G::Response, Failure> {
        let answer = session.client.call(self.get).await?;
        self.check_mark(&answer.value)?;
        Ok(answer.value)
    }

    fn unconfirmed(&self, but: &str, out: &mut Out) {
        let (id, check) = (self.id, &self.check);
        out.note(&format!(
            "{id}: unconfirmed. The server accepted it, but {but}. {check}"
        ));
    }

    fn seen(&self, now: &G::Response) -> Seen {
        if self.check_mark(now).is_err() {
            return Seen::Unread;
        }
        match Seen::of(self.request, self.before, now) {
            Seen::Unchanged if (self.is_overtaken)(self.before, now) => Seen::Otherwise,
            seen => seen,
        }
    }

    fn check_mark(&self, now: &G::Response) -> Result<(), Failure> {
        match self.before.name(self.mark) {
            Some(value) => check_names(&[(self.mark, value.into_owned())], now),
            None => Ok(()),
        }
    }
}
