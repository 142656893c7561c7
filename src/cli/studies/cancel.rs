//! `studies cancel` and `uncancel`.

use crate::api::Client;
use crate::cli::Out;
use crate::cli::writing::{Ended, preview};
use crate::text::clean;
use crate::wire::{CancelStudy, GetStudy, StudyId, UncancelStudy};

use super::change::{failed, how_to_check, unconfirmed};

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
    pub async fn take(self, id: StudyId, client: &Client, out: &mut Out) -> Ended {
        let outcome = match self {
            Self::Cancel => client.call(&CancelStudy(id.into())).await,
            Self::Uncancel => client.call(&UncancelStudy(id.into())).await,
        };
        if let Err(failure) = outcome {
            return failed(id, &failure, out);
        }
        let done = self.done();
        match client.call(&GetStudy { study_id: id }).await {
            Ok(answer) if answer.value.is_cancelled == (self == Self::Cancel) => {
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
