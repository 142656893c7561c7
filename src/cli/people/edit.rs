//! The change of a user or of an invitation, from its present profile to the wanted one.

use super::profile::{ADMIN_RULE, news};
use crate::cli::session::Session;
use crate::cli::write::{Answer, Write};
use crate::cli::writing::{Ended, preview};
use crate::cli::{Out, Problem};
use crate::resolve::{Shows, Touches};
use crate::text::clean;
use crate::wire::{Endpoint, Identifier, Profile, ProfilePatch};

/// An edit of a record `R`, which is a user or an invitation.
#[derive(Debug)]
pub struct ProfileEdit<'a, R> {
    /// What messages call the record.
    pub id: String,
    /// Who they are, cleaned.
    pub who: String,
    pub before: &'a R,
    pub wanted: Profile,
    /// The command that shows the result.
    pub check: String,
}

impl<R: AsRef<Profile>> ProfileEdit<'_, R> {
    /// Sends what differs, and checks that the answer shows it, or the record if there is no answer.
    pub async fn send<E, G>(
        self,
        request: impl FnOnce(ProfilePatch) -> E,
        get: &G,
        dry_run: bool,
        session: &Session,
        out: &mut Out,
    ) -> Result<Ended, Problem>
    where
        R: Shows<E>,
        E: Endpoint<Response: Answer<R>> + Touches<R>,
        G: Endpoint<Response = R>,
    {
        let (id, who) = (&self.id, &self.who);
        let old = self.before.as_ref().clone().without_empty();
        let change = ProfilePatch::between(&old, &self.wanted);
        if change.is_empty() {
            out.note(&format!("{id}: no change needed ({who})"));
            return Ok(Ended::Done);
        }
        if self.breaks_admin_rule(&old) {
            out.note(&format!(
                "{id}: not changed, nothing was sent. {}",
                self.admin_words(&old)
            ));
            return Ok(Ended::Failed);
        }
        let request = request(change);
        if dry_run {
            out.data(&preview(&request))?;
            return Ok(Ended::Done);
        }
        let write = Write {
            id,
            request: &request,
            get,
            before: self.before,
            // No change touches an address.
            mark: Identifier::Email,
            is_overtaken: |_, _| false,
            check: format!("Check it with: {}", self.check),
        };
        let news = |_: &R| format!("{} ({who})", clean(&news(&old, &self.wanted)));
        Ok(write.run(news, session, out).await)
    }

    /// Whether the edit makes an admin without dashboard access. If the record was like that before, the edit
    /// is not to blame.
    fn breaks_admin_rule(&self, old: &Profile) -> bool {
        let new = &self.wanted;
        let concerns =
            old.level != new.level || old.has_dashboard_access != new.has_dashboard_access;
        concerns && new.breaks_admin_rule()
    }

    fn admin_words(&self, old: &Profile) -> String {
        let way = if old.has_dashboard_access {
            "give --level member too"
        } else {
            "give --dashboard true too"
        };
        format!("{} would break a rule: {ADMIN_RULE}; {way}", self.who)
    }
}
