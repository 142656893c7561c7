//! One change of one person, from what is there to what shall be there.

use super::profile::{ADMIN_RULE, PersonPatch, Profile};
use crate::cli::exit::told;
use crate::cli::session::Session;
use crate::cli::writing::{Ended, not_changed, preview};
use crate::cli::{Out, Problem};
use crate::text::clean;
use crate::wire::{Endpoint, Outcome};

#[derive(Debug)]
pub struct Edit {
    /// What names the record in words about it.
    pub id: String,
    /// Who she is, cleaned.
    pub who: String,
    pub old: Profile,
    pub wanted: Profile,
    /// The command that shows what has become of it.
    pub check: String,
}

impl Edit {
    /// Sends what differs, once, and looks whether the answer shows it.
    pub async fn send<E>(
        self,
        mut request: E,
        dry_run: bool,
        session: &Session,
        out: &mut Out,
    ) -> Result<Ended, Problem>
    where
        E: Endpoint + PersonPatch + Sync,
        for<'a> Profile: From<&'a E::Response>,
    {
        let id = &self.id;
        if self.wanted == self.old {
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
        request.write(&self.old, &self.wanted);
        if dry_run {
            out.data(&preview(&request))?;
            return Ok(Ended::Done);
        }
        let why = match session.client.call(&request).await {
            Ok(answer) => {
                let now = Profile::from(&answer.value);
                if self.old.is_reached(&self.wanted, &now) {
                    let news = self.old.news(&self.wanted);
                    out.note(&format!("{id}: {} ({})", clean(&news), self.who));
                    return Ok(Ended::Done);
                }
                "The server accepted it, but its answer shows another state".into()
            }
            Err(failure) if failure.outcome() == Outcome::NotApplied => {
                return Ok(not_changed(&id, &failure, out));
            }
            Err(failure) => format!("{}. It may have been done all the same", told(&failure)),
        };
        out.note(&format!(
            "{id}: unconfirmed. {why}. Check it with: {}",
            self.check
        ));
        Ok(Ended::Failed)
    }

    /// Only a change of one of the two is to blame; a record that is odd already is the server's.
    fn breaks_admin_rule(&self) -> bool {
        let (old, new) = (&self.old, &self.wanted);
        let concerns =
            old.level != new.level || old.has_dashboard_access != new.has_dashboard_access;
        concerns && new.breaks_admin_rule()
    }

    fn admin_words(&self) -> String {
        let way = match self.old.has_dashboard_access {
            true => "give --level member too",
            false => "give --dashboard true too",
        };
        format!("{} would break a rule: {ADMIN_RULE}; {way}", self.who)
    }
}
