//! One change of one person, from what is there to what shall be there.

use std::time::Duration;

use super::profile::{ADMIN_RULE, news};
use crate::cli::exit::told;
use crate::cli::session::Session;
use crate::cli::settling::{self, Settled, not_done};
use crate::cli::writing::{Ended, preview};
use crate::cli::{Out, Problem};
use crate::settle::{Seen, Shows};
use crate::text::clean;
use crate::wire::{Endpoint, Failure, Identifier, Named, Profile, ProfilePatch, check_names};

#[derive(Debug)]
pub struct Edit {
    /// What names the record in words about it.
    pub id: String,
    /// Who they are, cleaned.
    pub who: String,
    /// Their address, which no change touches: an answer with another one is about somebody else.
    pub email: String,
    /// What they have, without empty texts.
    pub old: Profile,
    pub wanted: Profile,
    /// The command that shows what has become of it.
    pub check: String,
}

impl Edit {
    /// Sends what differs, and looks whether the answer shows it, or the record where there is none.
    pub async fn send<E, G>(
        self,
        request: impl FnOnce(ProfilePatch) -> E,
        get: &G,
        dry_run: bool,
        session: &Session,
        out: &mut Out,
    ) -> Result<Ended, Problem>
    where
        E: Endpoint<Response: AsRef<Profile>>,
        G: Endpoint<Response = E::Response>,
    {
        let id = &self.id;
        let change = ProfilePatch::between(&self.old, &self.wanted);
        if change.is_empty() {
            out.note(&format!(
                "{id}: is so already, nothing was sent ({})",
                self.who
            ));
            return Ok(Ended::Done);
        }
        if self.breaks_admin_rule() {
            out.note(&format!(
                "{id}: not changed, nothing was sent. {}",
                self.admin_words()
            ));
            return Ok(Ended::Failed);
        }
        let request = request(change.clone());
        if dry_run {
            out.data(&preview(&request))?;
            return Ok(Ended::Done);
        }
        let settled = settling::send(&request, id, Duration::ZERO, session, async || {
            settling::read(get, session, |now| match self.check_address(now) {
                Ok(()) => Seen::of(&change, &self.old, now.as_ref()),
                Err(_) => Seen::Unread,
            })
            .await
        })
        .await;
        let news = format!(
            "{id}: {} ({})",
            clean(&news(&self.old, &self.wanted)),
            self.who
        );
        let check = format!("Check it with: {}", self.check);
        if let Settled::Answered(answer) = &settled
            && let Err(failure) = self.check_address(answer)
        {
            let unclear = Settled::Unconfirmed(failure);
            return Ok(not_done::<(), ()>(&id, &check, &unclear, out));
        }
        Ok(match &settled {
            Settled::Answered(answer) if answer.as_ref().shows(&change) => {
                out.note(&news);
                Ended::Done
            }
            Settled::Answered(_) => {
                let why = "The server accepted it, but its answer shows another state";
                out.note(&format!("{id}: unconfirmed. {why}. {check}"));
                Ended::Failed
            }
            Settled::Found(_, failure) => {
                out.note(&format!("{news}. {}, but it was found so", told(failure)));
                Ended::Done
            }
            unclear => not_done(&id, &check, unclear, out),
        })
    }

    fn check_address(&self, answer: &impl Named) -> Result<(), Failure> {
        check_names(&[(Identifier::Email, self.email.clone())], answer)
    }

    /// Only a change of one of the two is to blame; a record that is odd already is the server's.
    fn breaks_admin_rule(&self) -> bool {
        let (old, new) = (&self.old, &self.wanted);
        let concerns =
            old.level != new.level || old.has_dashboard_access != new.has_dashboard_access;
        concerns && new.breaks_admin_rule()
    }

    fn admin_words(&self) -> String {
        let way = if self.old.has_dashboard_access {
            "give --level member too"
        } else {
            "give --dashboard true too"
        };
        format!("{} would break a rule: {ADMIN_RULE}; {way}", self.who)
    }
}
