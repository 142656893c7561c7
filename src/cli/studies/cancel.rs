//! `studies cancel` and `uncancel`.

use std::time::Duration;

use crate::cli::Out;
use crate::cli::exit::told;
use crate::cli::session::Session;
use crate::cli::settling::{self, Settled, not_done};
use crate::cli::writing::{Ended, preview};
use crate::settle::Seen;
use crate::text::clean;
use crate::wire::{Ack, CancelStudy, Endpoint, GetStudy, Study, StudyId, UncancelStudy};

use super::change::{how_to_check, unconfirmed};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    Cancel,
    Uncancel,
}

impl Turn {
    /// What the study is then.
    pub fn done(self) -> &'static str {
        match self {
            Self::Cancel => "cancelled",
            Self::Uncancel => "no longer cancelled",
        }
    }

    pub fn preview(self, id: StudyId) -> String {
        match self {
            Self::Cancel => preview(&CancelStudy(id.into())),
            Self::Uncancel => preview(&UncancelStudy(id.into())),
        }
    }

    /// Asks for it, and looks whether it is so: the answer itself names no study.
    pub async fn take(self, id: StudyId, session: &Session, out: &mut Out) -> Ended {
        let settled = match self {
            Self::Cancel => self.send(id, &CancelStudy(id.into()), session).await,
            Self::Uncancel => self.send(id, &UncancelStudy(id.into()), session).await,
        };
        match &settled {
            Settled::Answered(_) => self.look(id, session, out).await,
            Settled::Found(study, failure) => {
                let (done, description) = (self.done(), clean(&study.study_description));
                let why = told(failure);
                out.note(&format!(
                    "{id}: {done} ({description}). {why}, but it was found so"
                ));
                Ended::Done
            }
            unclear => not_done(&id, &how_to_check(&id), unclear, out),
        }
    }

    async fn send<E: Endpoint<Response = Ack> + Sync>(
        self,
        id: StudyId,
        request: &E,
        session: &Session,
    ) -> Settled<Ack, Study> {
        let get = GetStudy { study_id: id };
        settling::send(
            request,
            &id.to_string(),
            Duration::ZERO,
            session,
            async || {
                // Of two states the other one is the one before.
                settling::read(&get, session, |study| match self.is_in(study) {
                    true => Seen::Wanted,
                    false => Seen::Unchanged,
                })
                .await
            },
        )
        .await
    }

    fn is_in(self, study: &Study) -> bool {
        study.is_cancelled == (self == Self::Cancel)
    }

    async fn look(self, id: StudyId, session: &Session, out: &mut Out) -> Ended {
        let done = self.done();
        match session.client.call(&GetStudy { study_id: id }).await {
            Ok(answer) if self.is_in(&answer.value) => {
                let description = clean(&answer.value.study_description);
                out.note(&format!("{id}: {done} ({description})"));
                Ended::Done
            }
            Ok(_) => unconfirmed(id, out),
            Err(_) => {
                out.note(&format!(
                    "{id}: {done}, the server says; it could not be read again. {}",
                    how_to_check(&id)
                ));
                Ended::Done
            }
        }
    }
}
