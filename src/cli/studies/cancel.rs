//! `studies cancel` and `uncancel`.

use std::time::Duration;

use crate::cli::Out;
use crate::cli::exit::told;
use crate::cli::session::Session;
use crate::cli::settling::{self, Settled, not_done};
use crate::cli::writing::{Ended, preview};
use crate::settle::{Seen, Shows, Touches};
use crate::text::clean;
use crate::wire::{Ack, CancelStudy, Endpoint, GetStudy, Study, StudyId, UncancelStudy};

use super::change::{check_uid, how_to_check, unconfirmed};

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
    pub async fn take(self, before: &Study, session: &Session, out: &mut Out) -> Ended {
        let id = before.study_id;
        let settled = match self {
            Self::Cancel => self.send(before, &CancelStudy(id.into()), session).await,
            Self::Uncancel => self.send(before, &UncancelStudy(id.into()), session).await,
        };
        match &settled {
            Settled::Answered(_) => self.look(before, session, out).await,
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

    async fn send<E>(self, before: &Study, request: &E, session: &Session) -> Settled<Ack, Study>
    where
        E: Endpoint<Response = Ack> + Touches<Study>,
        Study: Shows<E>,
    {
        let id = before.study_id;
        let get = GetStudy { study_id: id };
        settling::send(
            request,
            &id.to_string(),
            Duration::ZERO,
            session,
            async || {
                settling::read(&get, session, |study| match check_uid(before, study) {
                    Ok(()) => Seen::of(request, before, study),
                    Err(_) => Seen::Unread,
                })
                .await
            },
        )
        .await
    }

    /// Whether the study is as it shall be.
    pub fn is_in(self, study: &Study) -> bool {
        match self {
            Self::Cancel => study.shows(&CancelStudy(study.study_id.into())),
            Self::Uncancel => study.shows(&UncancelStudy(study.study_id.into())),
        }
    }

    /// Reads the study again: a yes that names no study proves nothing of this one.
    async fn look(self, before: &Study, session: &Session, out: &mut Out) -> Ended {
        let (id, done) = (before.study_id, self.done());
        let read = session.client.call(&GetStudy { study_id: id }).await;
        let held = read.and_then(|answer| check_uid(before, &answer.value).map(|()| answer));
        match held {
            Ok(answer) if self.is_in(&answer.value) => {
                let description = clean(&answer.value.study_description);
                out.note(&format!("{id}: {done} ({description})"));
                Ended::Done
            }
            Ok(_) => unconfirmed(id, out),
            Err(failure) => {
                out.note(&format!(
                    "{id}: unconfirmed. The server says it is {done}, but it could not be read again: {}. {}",
                    told(&failure),
                    how_to_check(&id)
                ));
                Ended::of(&failure)
            }
        }
    }
}
