//! `users revoke` and `users reactivate`.

use std::time::Duration;

use clap::Args;

use super::ReactivateArgs;
use super::open_work::{OpenWork, open_work, rehome, tell};
use crate::cli::exit::told;
use crate::cli::people::PersonName;
use crate::cli::render::person_of;
use crate::cli::resolving::{self, Resolved};
use crate::cli::session::Session;
use crate::cli::studies::{StudyChange, assignment};
use crate::cli::writing::{Ended, check_allowed, not_changed, preview};
use crate::cli::{Exit, Out, Problem};
use crate::resolve::Seen;
use crate::wire::{Ack, Endpoint, ReactivateUser, RevokeAccess, User, UserId};

pub const EXAMPLES: &str = "\
Examples:
  avara-tui users revoke dana.kim@example.org --reassign-to samuel.osei@example.org --yes
  avara-tui users revoke usr_1234567890abcdef1234567890abcdef --unassign --dry-run

While the user has open studies, one of --unassign, --reassign-to and --leave-studies must say what
happens to them. Nothing is done without --yes. The API does not show whose access is revoked.";

#[derive(Debug, Clone, Args)]
pub struct RevokeUserArgs {
    /// A user id (usr_…) or an e-mail address
    #[arg(value_name = "ID|EMAIL")]
    pub user: PersonName,
    #[command(flatten)]
    pub studies: Rehoming,
    /// Confirm the change
    #[arg(long)]
    pub yes: bool,
    /// Show what would be sent, and change nothing; users and studies are still read
    #[arg(long)]
    pub dry_run: bool,
}

/// What happens to the user's open studies.
#[derive(Debug, Clone, Args)]
#[group(multiple = false)]
pub struct Rehoming {
    /// Unassign their open studies first
    #[arg(long)]
    pub unassign: bool,
    /// Reassign their open studies first, to: a name or part of one, a whole e-mail address, an id or
    /// "me"
    #[arg(long, value_name = "WHO")]
    pub reassign_to: Option<String>,
    /// Leave their open studies assigned to them, although they can no longer read them
    #[arg(long)]
    pub leave_studies: bool,
}

impl Rehoming {
    fn is_said(&self) -> bool {
        self.unassign || self.leave_studies || self.reassign_to.is_some()
    }

    async fn change(
        &self,
        from: UserId,
        session: &Session,
    ) -> Result<Option<StudyChange>, Problem> {
        let Some(who) = &self.reassign_to else {
            return Ok(self.unassign.then(|| assignment(None)));
        };
        let person = session.person(who).await?;
        if person == from {
            return Err(Problem::Usage(
                "nothing was changed: --reassign-to names the user whose access is to be revoked"
                    .into(),
            ));
        }
        Ok(Some(assignment(Some(person))))
    }
}

pub async fn run(
    arguments: &RevokeUserArgs,
    session: &Session,
    out: &mut Out,
) -> Result<Exit, Problem> {
    check_allowed(session, arguments.dry_run)?;
    let user = arguments.user.read(session).await?;
    let departing = DepartingUser {
        id: user.user_id,
        who: shown(&user),
        work: open_work(user.user_id, session).await?,
    };
    let change = arguments.studies.change(departing.id, session).await?;
    departing.check(arguments, out)?;
    let moved = match &change {
        Some(change) => match departing
            .rehome(change, arguments.dry_run, session, out)
            .await?
        {
            Ok(moved) => moved,
            Err(exit) => return Ok(exit),
        },
        None => 0,
    };
    let request = RevokeAccess {
        user_id: departing.id,
    };
    if arguments.dry_run {
        out.data(&preview(&request))?;
        return Ok(Exit::Done);
    }
    if change.is_none() && !departing.work.studies.is_empty() {
        out.note(&format!(
            "{} stay with {}",
            departing.count(),
            departing.who
        ));
    }
    let ended = ask(
        &request,
        departing.id,
        "access revoked",
        &departing.who,
        session,
        out,
    )
    .await;
    Ok(partly(moved, ended))
}

/// A user whose access is to be revoked.
struct DepartingUser {
    id: UserId,
    who: String,
    work: OpenWork,
}

impl DepartingUser {
    /// Checks that it may be done: no studies may be left behind by accident.
    fn check(&self, arguments: &RevokeUserArgs, out: &mut Out) -> Result<(), Problem> {
        let (who, count) = (&self.who, self.count());
        if self.work.is_unsure && !arguments.studies.leave_studies {
            return Err(Problem::Other(
                "nothing was changed: some studies could not be read, and one of them may be theirs; \
                 --leave-studies goes on all the same"
                    .into(),
            ));
        }
        if !self.work.studies.is_empty() && !arguments.studies.is_said() {
            out.note(&format!("{who} has {count}:"));
            tell(&self.work.studies, out);
            return Err(Problem::Other(
                "nothing was changed: --unassign, --reassign-to or --leave-studies must say what \
                 happens to them"
                    .into(),
            ));
        }
        if !arguments.yes && !arguments.dry_run {
            tell(&self.work.studies, out);
            return Err(Problem::Usage(format!(
                "the access of {who}, who has {count}, would be revoked; nothing was changed, \
                 --yes does it"
            )));
        }
        Ok(())
    }

    /// Moves the user's studies. Returns how many, or the outcome if the command must end here.
    async fn rehome(
        &self,
        change: &StudyChange,
        dry_run: bool,
        session: &Session,
        out: &mut Out,
    ) -> Result<Result<usize, Exit>, Problem> {
        let (moved, ended) = rehome(&self.work.studies, change, dry_run, session, out).await?;
        if ended != Ended::Done {
            let count = self.count();
            out.note(&format!(
                "{}: access not revoked; {moved} of {count} were moved",
                self.id
            ));
            return Ok(Err(partly(moved, ended)));
        }
        // Somebody may have given them more meanwhile.
        if !self.work.studies.is_empty() && !dry_run {
            let left = open_work(self.id, session).await?;
            let (id, who) = (self.id, &self.who);
            if !left.studies.is_empty() {
                out.note(&format!(
                    "{id}: access not revoked; {who} has open studies again:"
                ));
                tell(&left.studies, out);
                return Ok(Err(Exit::Partly));
            }
            if left.is_unsure {
                out.note(&format!(
                    "{id}: access not revoked; some studies could not be read, and {who} may have one \
                     of them"
                ));
                return Ok(Err(Exit::Partly));
            }
        }
        Ok(Ok(moved))
    }

    fn count(&self) -> String {
        match self.work.studies.len() {
            0 => "no open study".into(),
            1 => "1 open study".into(),
            several => format!("{several} open studies"),
        }
    }
}

pub async fn reactivate(
    arguments: &ReactivateArgs,
    session: &Session,
    out: &mut Out,
) -> Result<Exit, Problem> {
    check_allowed(session, arguments.dry_run)?;
    let user = arguments.user.read(session).await?;
    let id = user.user_id;
    let request = ReactivateUser { user_id: id };
    if arguments.dry_run {
        out.data(&preview(&request))?;
        return Ok(Exit::Done);
    }
    let ended = ask(&request, id, "access restored", &shown(&user), session, out).await;
    Ok(ended.exit())
}

/// Asks for a state that the API does not show.
async fn ask<E: Endpoint<Response = Ack> + Sync>(
    request: &E,
    id: UserId,
    done: &str,
    who: &str,
    session: &Session,
    out: &mut Out,
) -> Ended {
    let resolved: Resolved<Ack, ()> = resolving::send(
        request,
        &id.to_string(),
        Duration::ZERO,
        session,
        async || {
            // The API does not show it.
            (None, Seen::Unread)
        },
    )
    .await;
    match resolved {
        Resolved::Answered(_) | Resolved::Found(..) => {
            out.note(&format!(
                "{id}: {done}, the server says ({who}). The state cannot be read back"
            ));
            Ended::Done
        }
        Resolved::Refused(failure) => not_changed(&id, &failure, out),
        Resolved::Conflict(_, failure) | Resolved::Unconfirmed(failure) => {
            out.note(&format!(
                "{id}: unconfirmed. {}. It may have been made anyway ({who}). The state cannot \
                 be read back; it does no harm to ask for it again",
                told(&failure)
            ));
            Ended::of(&failure)
        }
    }
}

/// Returns how it ended, given that this many studies were moved before.
fn partly(moved: usize, ended: Ended) -> Exit {
    match ended {
        Ended::Failed | Ended::Overtaken | Ended::Refused if moved > 0 => Exit::Partly,
        ended => ended.exit(),
    }
}

fn shown(user: &User) -> String {
    person_of(&user.profile, &user.email)
}
